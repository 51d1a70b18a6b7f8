use std::sync::Arc;
use testkit::Stores;

async fn make() -> Stores {
    let folder = tempfile::tempdir().unwrap();
    let database = super::open(&folder.path().join("royal.db")).await;
    Stores::of(Arc::new(database), folder)
}

testkit::all_laws!(make);
