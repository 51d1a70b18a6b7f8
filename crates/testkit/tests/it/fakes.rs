//! All laws over the in-memory database.

async fn make() -> testkit::Stores {
    testkit::Stores::fake()
}

testkit::all_laws!(make);

mod plain_vault {
    use ports::secrets::SecretVault;
    use std::sync::Arc;

    async fn make() -> Arc<dyn SecretVault> {
        Arc::new(testkit::fakes::PlainVault::default())
    }

    testkit::vault_laws!(make);
}
