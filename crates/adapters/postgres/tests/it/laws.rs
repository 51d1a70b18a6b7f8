use crate::copies::Copy;
use std::sync::Arc;
use testkit::Stores;

async fn make() -> Stores {
    let copy = Copy::create().await;
    let database = copy.open().await;
    Stores::of(Arc::new(database), copy)
}

testkit::all_laws!(make);
