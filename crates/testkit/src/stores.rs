//! All storage ports of one database, as the laws take them.

use crate::fakes::FakeDatabase;
use ports::accounts::{Accounts, Credentials};
use ports::catalog::CatalogStore;
use ports::connections::ConnectionStore;
use ports::customers::{CustomerBook, CustomerDayStore};
use ports::events::EventLog;
use ports::imports::{ImportJournal, ImportNotes, ImportStore};
use ports::inbox::Inbox;
use ports::orders::OrderStore;
use ports::privacy::PrivacyStore;
use ports::rates::RateStore;
use ports::reports::ReportStore;
use ports::secrets::SecretBlobs;
use ports::store_facts::StoreFacts;
use ports::syncs::SyncStore;
use std::any::Any;
use std::sync::Arc;

/// The ports of one fresh, empty database.
pub struct Stores {
    pub orders: Arc<dyn OrderStore>,
    pub catalog: Arc<dyn CatalogStore>,
    pub reports: Arc<dyn ReportStore>,
    pub facts: Arc<dyn StoreFacts>,
    pub connections: Arc<dyn ConnectionStore>,
    pub syncs: Arc<dyn SyncStore>,
    pub imports: Arc<dyn ImportStore>,
    pub import_notes: Arc<dyn ImportNotes>,
    pub import_journal: Arc<dyn ImportJournal>,
    pub inbox: Arc<dyn Inbox>,
    pub events: Arc<dyn EventLog>,
    pub accounts: Arc<dyn Accounts>,
    pub credentials: Arc<dyn Credentials>,
    pub secrets: Arc<dyn SecretBlobs>,
    pub rates: Arc<dyn RateStore>,
    pub customer_days: Arc<dyn CustomerDayStore>,
    pub customers: Arc<dyn CustomerBook>,
    pub privacy: Arc<dyn PrivacyStore>,
    /// Kept as long as the ports are: a temporary folder, a database that is dropped at the end.
    pub guard: Box<dyn Any + Send + Sync>,
}

impl Stores {
    /// One type behind all ports.
    pub fn of<D>(database: Arc<D>, guard: impl Any + Send + Sync) -> Self
    where
        D: OrderStore
            + CatalogStore
            + ReportStore
            + StoreFacts
            + ConnectionStore
            + SyncStore
            + ImportStore
            + ImportNotes
            + ImportJournal
            + Inbox
            + EventLog
            + Accounts
            + Credentials
            + SecretBlobs
            + RateStore
            + CustomerDayStore
            + CustomerBook
            + PrivacyStore
            + 'static,
    {
        Self {
            orders: database.clone(),
            catalog: database.clone(),
            reports: database.clone(),
            facts: database.clone(),
            connections: database.clone(),
            syncs: database.clone(),
            imports: database.clone(),
            import_notes: database.clone(),
            import_journal: database.clone(),
            inbox: database.clone(),
            events: database.clone(),
            accounts: database.clone(),
            credentials: database.clone(),
            secrets: database.clone(),
            rates: database.clone(),
            customer_days: database.clone(),
            customers: database.clone(),
            privacy: database,
            guard: Box::new(guard),
        }
    }

    /// In memory.
    #[must_use]
    pub fn fake() -> Self {
        Self::of(Arc::new(FakeDatabase::new()), ())
    }
}
