//! All that the use cases need from outside, handed over by the one place that composes the program.

use ports::accounts::{Accounts, Credentials};
use ports::ad_platforms::AdPlatforms;
use ports::ads::{AdStore, AdSyncs};
use ports::agents::AgentConfigs;
use ports::analysis::AnalysisStore;
use ports::audit::AuditLog;
use ports::backups::BackupPlace;
use ports::catalog::CatalogStore;
use ports::changes::{ChangeSetStore, Stops};
use ports::clock::Clock;
use ports::connections::ConnectionStore;
use ports::conversations::Conversations;
use ports::customers::{CustomerBook, CustomerDayStore};
use ports::dockets::Dockets;
use ports::events::EventLog;
use ports::forecaster::Forecaster;
use ports::forecasts::{ForecastRuns, ForecastStore};
use ports::grants::Grants;
use ports::guardrails::GuardrailStore;
use ports::idempotency::Idempotency;
use ports::identities::Identities;
use ports::identity::IdentityProvider;
use ports::import_files::ImportFiles;
use ports::imports::{ImportJournal, ImportNotes, ImportStore};
use ports::inbox::Inbox;
use ports::inputs::InputStore;
use ports::jobs::JobList;
use ports::letters::LetterStore;
use ports::mail::Mail;
use ports::marks::ChangeMarks;
use ports::members::{Links, Members};
use ports::notices::{DeliveryStore, NoticeSettings, NoticeStore};
use ports::notify::Messenger;
use ports::opportunities::OpportunityStore;
use ports::orders::OrderStore;
use ports::outreach::OutreachStore;
use ports::passkeys::Passkeys;
use ports::pictures::{PictureNotes, Pictures};
use ports::privacy::PrivacyStore;
use ports::purchases::PurchaseStore;
use ports::rates::{RateFeed, RateStore};
use ports::reconciliations::ReconciliationStore;
use ports::recosts::RecostStore;
use ports::reports::ReportStore;
use ports::runs::RunStore;
use ports::second_factors::SecondFactors;
use ports::secrets::{SecretKeys, SecretResolver, SecretVault};
use ports::source::StoreSources;
use ports::stock::{InventorySettingsStore, StockStore};
use ports::store_facts::StoreFacts;
use ports::supplier_accounts::{SupplierAccounts, SupplierSyncs};
use ports::supplier_book::{SupplierMappings, SupplierOrderBook};
use ports::supplier_platforms::SupplierPlatforms;
use ports::suppliers::SupplierCatalog;
use ports::support::SupportStore;
use ports::syncs::SyncStore;
use ports::traces::{Tracer, WorkTraces};
use std::ops::Deref;
use std::sync::Arc;

/// Shared by all use cases: a clone is one pointer, whatever the number of ports.
#[derive(Clone)]
pub struct Ports(Arc<PortSet>);

impl From<PortSet> for Ports {
    fn from(set: PortSet) -> Self {
        Self(Arc::new(set))
    }
}

impl Deref for Ports {
    type Target = PortSet;

    fn deref(&self) -> &PortSet {
        &self.0
    }
}

#[derive(Clone)]
pub struct PortSet {
    /// Where backups are made by themselves; `None`: they are not.
    pub backups: Option<Arc<dyn BackupPlace>>,
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
    pub import_files: Arc<dyn ImportFiles>,
    pub inbox: Arc<dyn Inbox>,
    pub events: Arc<dyn EventLog>,
    pub marks: Arc<dyn ChangeMarks>,
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
    /// Where people may sign in besides here, when it is set up.
    pub identity: Option<Arc<dyn IdentityProvider>>,
    /// What takes our letters, when it is set up.
    pub mail: Option<Arc<dyn Mail>>,
    pub rates: Arc<dyn RateStore>,
    /// The published series of exchange rates, when one is set up.
    pub rate_feed: Option<Arc<dyn RateFeed>>,
    pub inputs: Arc<dyn InputStore>,
    pub recosts: Arc<dyn RecostStore>,
    pub reconciliations: Arc<dyn ReconciliationStore>,
    pub jobs: Arc<dyn JobList>,
    pub tracer: Arc<dyn Tracer>,
    pub work_traces: Arc<dyn WorkTraces>,
    pub changes: Arc<dyn ChangeSetStore>,
    pub stops: Arc<dyn Stops>,
    pub runs: Arc<dyn RunStore>,
    pub agent_configs: Arc<dyn AgentConfigs>,
    pub guardrails: Arc<dyn GuardrailStore>,
    pub forecast_runs: Arc<dyn ForecastRuns>,
    pub forecasts: Arc<dyn ForecastStore>,
    pub forecaster: Arc<dyn Forecaster>,
    pub stock: Arc<dyn StockStore>,
    pub inventory_settings: Arc<dyn InventorySettingsStore>,
    pub purchases: Arc<dyn PurchaseStore>,
    pub suppliers: Arc<dyn SupplierCatalog>,
    pub supplier_accounts: Arc<dyn SupplierAccounts>,
    pub supplier_mappings: Arc<dyn SupplierMappings>,
    pub supplier_order_book: Arc<dyn SupplierOrderBook>,
    pub supplier_syncs: Arc<dyn SupplierSyncs>,
    pub supplier_platforms: Arc<dyn SupplierPlatforms>,
    pub opportunities: Arc<dyn OpportunityStore>,
    pub outreach: Arc<dyn OutreachStore>,
    pub dockets: Arc<dyn Dockets>,
    pub picture_notes: Arc<dyn PictureNotes>,
    pub pictures: Arc<dyn Pictures>,
    pub analysis: Arc<dyn AnalysisStore>,
    pub support: Arc<dyn SupportStore>,
    pub ads: Arc<dyn AdStore>,
    pub ad_syncs: Arc<dyn AdSyncs>,
    pub ad_platforms: Arc<dyn AdPlatforms>,
    pub customer_days: Arc<dyn CustomerDayStore>,
    pub customers: Arc<dyn CustomerBook>,
    pub privacy: Arc<dyn PrivacyStore>,
    pub notices: Arc<dyn NoticeStore>,
    pub notice_settings: Arc<dyn NoticeSettings>,
    pub deliveries: Arc<dyn DeliveryStore>,
    pub messenger: Arc<dyn Messenger>,
    pub vault: Arc<dyn SecretVault>,
    pub keys: Arc<dyn SecretKeys>,
    pub resolver: Arc<dyn SecretResolver>,
    pub sources: Arc<dyn StoreSources>,
    pub clock: Arc<dyn Clock>,
}
