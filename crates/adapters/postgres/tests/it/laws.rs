use crate::schema::Schema;
use std::sync::Arc;
use testkit::Stores;

async fn make() -> Stores {
    let schema = Schema::create().await;
    let database = schema.migrated().await;
    Stores::of(Arc::new(database), schema)
}

testkit::all_laws!(make);
