//! All storage ports of one database, as the laws take them.

use crate::fakes::FakeDatabase;
use ports::accounts::{Accounts, Credentials};
use ports::ads::{AdStore, AdSyncs};
use ports::agents::AgentConfigs;
use ports::analysis::AnalysisStore;
use ports::audit::AuditLog;
use ports::catalog::CatalogStore;
use ports::changes::{ChangeSetStore, Stops};
use ports::connections::ConnectionStore;
use ports::conversations::Conversations;
use ports::customers::{CustomerBook, CustomerDayStore};
use ports::dockets::Dockets;
use ports::events::EventLog;
use ports::forecasts::{ForecastRuns, ForecastStore};
use ports::grants::Grants;
use ports::guardrails::GuardrailStore;
use ports::idempotency::Idempotency;
use ports::identities::Identities;
use ports::imports::{ImportJournal, ImportNotes, ImportStore};
use ports::inbox::Inbox;
use ports::inputs::InputStore;
use ports::jobs::JobList;
use ports::letters::LetterStore;
use ports::marks::ChangeMarks;
use ports::members::{Links, Members};
use ports::notices::{DeliveryStore, NoticeSettings, NoticeStore};
use ports::opportunities::OpportunityStore;
use ports::orders::OrderStore;
use ports::outreach::OutreachStore;
use ports::passkeys::Passkeys;
use ports::pictures::PictureNotes;
use ports::privacy::PrivacyStore;
use ports::purchases::PurchaseStore;
use ports::rates::RateStore;
use ports::reconciliations::ReconciliationStore;
use ports::recosts::RecostStore;
use ports::reports::ReportStore;
use ports::runs::RunStore;
use ports::second_factors::SecondFactors;
use ports::secrets::{KeyRecords, SecretBlobs};
use ports::stock::{InventorySettingsStore, StockStore};
use ports::store_facts::StoreFacts;
use ports::supplier_accounts::{SupplierAccounts, SupplierSyncs};
use ports::supplier_book::{SupplierMappings, SupplierOrderBook};
use ports::suppliers::SupplierCatalog;
use ports::support::SupportStore;
use ports::syncs::SyncStore;
use ports::traces::WorkTraces;
use std::any::Any;
use std::sync::Arc;

/// The ports of one fresh, empty database.
pub struct Stores {
    pub orders: Arc<dyn OrderStore>,
    pub catalog: Arc<dyn CatalogStore>,
    pub reports: Arc<dyn ReportStore>,
    pub facts: Arc<dyn StoreFacts>,
    pub connections: Arc<dyn ConnectionStore>,
    pub conversations: Arc<dyn Conversations>,
    pub syncs: Arc<dyn SyncStore>,
    pub imports: Arc<dyn ImportStore>,
    pub import_notes: Arc<dyn ImportNotes>,
    pub import_journal: Arc<dyn ImportJournal>,
    pub inbox: Arc<dyn Inbox>,
    pub events: Arc<dyn EventLog>,
    pub marks: Arc<dyn ChangeMarks>,
    pub work_traces: Arc<dyn WorkTraces>,
    pub accounts: Arc<dyn Accounts>,
    pub credentials: Arc<dyn Credentials>,
    pub members: Arc<dyn Members>,
    pub links: Arc<dyn Links>,
    pub grants: Arc<dyn Grants>,
    pub audit: Arc<dyn AuditLog>,
    pub idempotency: Arc<dyn Idempotency>,
    pub second_factors: Arc<dyn SecondFactors>,
    pub passkeys: Arc<dyn Passkeys>,
    pub letters: Arc<dyn LetterStore>,
    pub identities: Arc<dyn Identities>,
    pub secrets: Arc<dyn SecretBlobs>,
    pub rates: Arc<dyn RateStore>,
    pub keys: Arc<dyn KeyRecords>,
    pub inputs: Arc<dyn InputStore>,
    pub recosts: Arc<dyn RecostStore>,
    pub reconciliations: Arc<dyn ReconciliationStore>,
    pub jobs: Arc<dyn JobList>,
    pub changes: Arc<dyn ChangeSetStore>,
    pub stops: Arc<dyn Stops>,
    pub runs: Arc<dyn RunStore>,
    pub agent_configs: Arc<dyn AgentConfigs>,
    pub guardrails: Arc<dyn GuardrailStore>,
    pub customer_days: Arc<dyn CustomerDayStore>,
    pub customers: Arc<dyn CustomerBook>,
    pub privacy: Arc<dyn PrivacyStore>,
    pub notices: Arc<dyn NoticeStore>,
    pub notice_settings: Arc<dyn NoticeSettings>,
    pub deliveries: Arc<dyn DeliveryStore>,
    pub forecast_runs: Arc<dyn ForecastRuns>,
    pub forecasts: Arc<dyn ForecastStore>,
    pub stock: Arc<dyn StockStore>,
    pub inventory_settings: Arc<dyn InventorySettingsStore>,
    pub purchases: Arc<dyn PurchaseStore>,
    pub suppliers: Arc<dyn SupplierCatalog>,
    pub opportunities: Arc<dyn OpportunityStore>,
    pub outreach: Arc<dyn OutreachStore>,
    pub dockets: Arc<dyn Dockets>,
    pub picture_notes: Arc<dyn PictureNotes>,
    pub analysis: Arc<dyn AnalysisStore>,
    pub support: Arc<dyn SupportStore>,
    pub ads: Arc<dyn AdStore>,
    pub ad_syncs: Arc<dyn AdSyncs>,
    pub supplier_accounts: Arc<dyn SupplierAccounts>,
    pub supplier_mappings: Arc<dyn SupplierMappings>,
    pub supplier_order_book: Arc<dyn SupplierOrderBook>,
    pub supplier_syncs: Arc<dyn SupplierSyncs>,
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
            + ChangeMarks
            + WorkTraces
            + Accounts
            + Credentials
            + Members
            + Links
            + Grants
            + AuditLog
            + Idempotency
            + SecondFactors
            + Passkeys
            + LetterStore
            + Identities
            + SecretBlobs
            + RateStore
            + KeyRecords
            + InputStore
            + RecostStore
            + ReconciliationStore
            + JobList
            + ChangeSetStore
            + Stops
            + RunStore
            + AgentConfigs
            + GuardrailStore
            + CustomerDayStore
            + CustomerBook
            + PrivacyStore
            + NoticeStore
            + NoticeSettings
            + DeliveryStore
            + ForecastRuns
            + ForecastStore
            + StockStore
            + InventorySettingsStore
            + PurchaseStore
            + SupplierCatalog
            + OpportunityStore
            + OutreachStore
            + Dockets
            + PictureNotes
            + AnalysisStore
            + SupportStore
            + Conversations
            + AdStore
            + AdSyncs
            + SupplierAccounts
            + SupplierSyncs
            + SupplierMappings
            + SupplierOrderBook
            + 'static,
    {
        Self {
            orders: database.clone(),
            catalog: database.clone(),
            reports: database.clone(),
            facts: database.clone(),
            connections: database.clone(),
            conversations: database.clone(),
            syncs: database.clone(),
            imports: database.clone(),
            import_notes: database.clone(),
            import_journal: database.clone(),
            inbox: database.clone(),
            events: database.clone(),
            marks: database.clone(),
            work_traces: database.clone(),
            accounts: database.clone(),
            credentials: database.clone(),
            members: database.clone(),
            links: database.clone(),
            grants: database.clone(),
            audit: database.clone(),
            idempotency: database.clone(),
            second_factors: database.clone(),
            passkeys: database.clone(),
            letters: database.clone(),
            identities: database.clone(),
            secrets: database.clone(),
            rates: database.clone(),
            keys: database.clone(),
            inputs: database.clone(),
            recosts: database.clone(),
            reconciliations: database.clone(),
            jobs: database.clone(),
            changes: database.clone(),
            stops: database.clone(),
            runs: database.clone(),
            agent_configs: database.clone(),
            guardrails: database.clone(),
            customer_days: database.clone(),
            customers: database.clone(),
            privacy: database.clone(),
            notices: database.clone(),
            notice_settings: database.clone(),
            deliveries: database.clone(),
            forecast_runs: database.clone(),
            forecasts: database.clone(),
            stock: database.clone(),
            inventory_settings: database.clone(),
            purchases: database.clone(),
            suppliers: database.clone(),
            ads: database.clone(),
            ad_syncs: database.clone(),
            supplier_accounts: database.clone(),
            supplier_mappings: database.clone(),
            supplier_order_book: database.clone(),
            supplier_syncs: database.clone(),
            analysis: database.clone(),
            outreach: database.clone(),
            dockets: database.clone(),
            picture_notes: database.clone(),
            support: database.clone(),
            opportunities: database,
            guard: Box::new(guard),
        }
    }

    /// In memory.
    #[must_use]
    pub fn fake() -> Self {
        Self::of(Arc::new(FakeDatabase::new()), ())
    }
}
