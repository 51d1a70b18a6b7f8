//! All laws over the in-memory database.

async fn make() -> testkit::Stores {
    testkit::Stores::fake()
}

testkit::all_laws!(make);
