//! The only place that knows adapters: it opens them as the settings say and hands the ports to the use cases.

mod ads;
mod backups;
mod belongings;
mod connected;
mod models;
mod people;
mod replicas;
mod secrets;
mod suppliers;

pub use backups::*;
pub use belongings::*;
pub use replicas::Meeting;

use crate::config::{DatabasePlace, Settings};
use adapter_ecb::EcbFeed;
use adapter_files::ImportFolder;
use adapter_forecast::Portfolio;
use adapter_kit::Registry;
use adapter_kit::settings::Settings as CallSettings;
use adapter_notify::{MessengerSettings, WebMessenger};
use adapter_postgres::PostgresDatabase;
use adapter_secrets::{KeySource, OpenError, Vault};
use adapter_shopify::{Config as ShopifyConfig, ShopifySources};
use adapter_sqlite::SqliteDatabase;
use application::ads::Ads;
use application::agents::Agents;
use application::analysis::Analysis;
use application::assistant::{Assistant, Desk, Models};
use application::audit::Audit;
use application::backups::{Backups, Schedule};
use application::changes::Changes;
use application::circuits::Circuits;
use application::connections::Connections;
use application::costs::Costs;
use application::customers::Customers;
use application::doctor::Doctor;
use application::events::EventHub;
use application::forecasts::Forecasts;
use application::imports::Imports;
use application::inbox::Webhooks;
use application::inventory::Inventory;
use application::jobs::Jobs;
use application::letters::Letters;
use application::mirror::Mirror;
use application::notifications::Notifications;
use application::opportunities::Opportunities;
use application::orders::Orders;
use application::outreach::Outreach;
use application::people::{Elsewhere, Passkeys, People, RoleRules};
use application::pictures::PictureDesk;
use application::privacy::Privacy;
use application::products::Products;
use application::purchases::Purchases;
use application::rates::Rates;
use application::reconciliation::Reconciliations;
use application::reports::Reports;
use application::secrets::Secrets;
use application::stores::Stores;
use application::suppliers::Suppliers;
use application::supply::Supply;
use application::support::Support;
use application::sync::Syncs;
use application::tracking::Tracking;
use application::{PortSet, Ports};
use ports::clock::Clock;
use ports::forecaster::Forecaster;
use ports::identity::IdentityProvider;
use ports::mail::Mail;
use ports::notify::Messenger;
use ports::pictures::Pictures;
use ports::rates::RateFeed;
use ports::secrets::{KeyRecords, SecretBlobs, SecretVault};
use ports::source::StoreSources;
use ports::{Kind, PortError};
use secrecy::ExposeSecret as _;
use std::path::Path;
use std::sync::Arc;

pub use adapter_secrets::vectors::Vectors;
pub use adapter_sqlite::{Maintenance, Migration};

/// Why the program cannot be put together.
#[derive(Debug, thiserror::Error)]
pub enum ComposeError {
    /// A person must change something.
    #[error("{0}")]
    Configuration(String),
    /// The database does not answer.
    #[error("{0}")]
    Unavailable(String),
}

impl From<PortError> for ComposeError {
    fn from(error: PortError) -> Self {
        match error.kind {
            Kind::Unavailable | Kind::CircuitOpen | Kind::Cancelled | Kind::StorageFull => {
                Self::Unavailable(error.detail)
            }
            _ => Self::Configuration(error.detail),
        }
    }
}

impl From<OpenError> for ComposeError {
    fn from(error: OpenError) -> Self {
        match error {
            OpenError::Store(error) => error.into(),
            other => Self::Configuration(other.to_string()),
        }
    }
}

/// The use cases with everything behind them.
#[derive(Clone)]
pub struct Composed {
    pub people: People,
    pub elsewhere: Elsewhere,
    pub passkeys: Passkeys,
    pub letters: Letters,
    pub notifications: Notifications,
    pub tracking: Tracking,
    pub mirror: Mirror,
    pub audit: Audit,
    pub backups: Backups,
    pub connections: Connections,
    pub stores: Stores,
    pub syncs: Syncs,
    pub webhooks: Webhooks,
    pub imports: Imports,
    pub costs: Costs,
    pub changes: Changes,
    pub circuits: Circuits,
    pub agents: Agents,
    pub jobs: Jobs,
    pub reconciliations: Reconciliations,
    pub forecasts: Forecasts,
    pub inventory: Inventory,
    pub purchases: Purchases,
    pub analysis: Analysis,
    pub support: Support,
    pub opportunities: Opportunities,
    pub pictures: PictureDesk,
    pub outreach: Outreach,
    pub assistant: Assistant,
    pub ads: Ads,
    pub suppliers: Suppliers,
    pub supply: Supply,
    pub privacy: Privacy,
    pub customers: Customers,
    pub reports: Reports,
    pub orders: Orders,
    pub products: Products,
    pub rates: Rates,
    pub doctor: Doctor,
    pub secrets: Secrets,
    pub events: EventHub,
    pub ports: Ports,
    /// The way to other processes.
    pub meeting: Meeting,
    pub database: Arc<dyn Maintenance>,
    /// Applied by this very start.
    pub migrations: Vec<Migration>,
}

/// Opens, migrates and proves the keys. `public_url` is where providers reach this server; `None`: they cannot.
pub async fn compose(
    settings: &Settings,
    public_url: Option<String>,
    clock: Arc<dyn Clock>,
) -> Result<Composed, ComposeError> {
    let outside = outside(settings, clock)?;
    match &settings.database {
        DatabasePlace::Sqlite(path) => {
            let database = SqliteDatabase::open(path.as_path()).await?;
            assemble(settings, Arc::new(database), outside, public_url).await
        }
        DatabasePlace::Postgres(url) => {
            let database = PostgresDatabase::open(url.expose_secret()).await?;
            assemble(settings, Arc::new(database), outside, public_url).await
        }
    }
}

/// Whom the product speaks to, over one registry of circuits and limits.
struct Outside {
    sources: Arc<dyn StoreSources>,
    ad_platforms: Arc<dyn ports::ad_platforms::AdPlatforms>,
    rate_feed: Option<Arc<dyn RateFeed>>,
    mail: Option<Arc<dyn Mail>>,
    messenger: Arc<dyn Messenger>,
    pictures: Arc<dyn Pictures>,
    identity: Option<Arc<dyn IdentityProvider>>,
    models: Models,
    connected: connected::Connected,
    registry: Registry,
    meeting: Meeting,
    clock: Arc<dyn Clock>,
}

fn outside(settings: &Settings, clock: Arc<dyn Clock>) -> Result<Outside, ComposeError> {
    let mut calls = CallSettings::default();
    calls.breaker.failure_threshold = settings.breaker_failures;
    calls.breaker.recovery_timeout = settings.breaker_recovery;
    let spool = settings.data_dir.join("spool");
    create_folder(&settings.data_dir)?;
    create_folder(&spool)?;
    let config = ShopifyConfig {
        spool,
        ..ShopifyConfig::default()
    };
    let meeting = replicas::meeting(settings)?;
    let registry = match &meeting.buckets {
        Some(buckets) => Registry::sharing(calls, Arc::clone(buckets)),
        None => Registry::new(calls),
    };
    let rate_feed = match &settings.rates_url {
        Some(url) => Some(Arc::new(EcbFeed::new(url, &registry)?) as Arc<dyn RateFeed>),
        None => None,
    };
    let (mail, identity) = (
        people::mail(settings)?,
        people::identity(settings, &registry)?,
    );
    let messenger = WebMessenger::new(&MessengerSettings {
        allowed_hosts: settings.notify_allowed_hosts.clone(),
        timeout: settings.notify_timeout,
    })?;
    Ok(Outside {
        mail,
        messenger: Arc::new(messenger),
        pictures: suppliers::pictures(settings, Arc::clone(&clock))?,
        identity,
        sources: Arc::new(ShopifySources::new(registry.clone(), config)),
        ad_platforms: Arc::new(ads::Platforms::new(&settings.ads, &registry)),
        rate_feed,
        models: models::models(&settings.models, &registry)?,
        connected: connected::connected(settings, &registry)?,
        registry,
        meeting,
        clock,
    })
}

/// Only this user reads what lies there.
fn create_folder(path: &Path) -> Result<(), ComposeError> {
    use std::os::unix::fs::DirBuilderExt as _;
    let made = std::fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(path);
    made.map_err(|e| {
        let path = path.display();
        ComposeError::Configuration(format!(
            "{path} cannot be created ({e}): check DATA_DIR and that this user may write there"
        ))
    })
}

/// A database implements every port of storage.
trait Database:
    ports::orders::OrderStore
    + ports::catalog::CatalogStore
    + ports::reports::ReportStore
    + ports::store_facts::StoreFacts
    + ports::connections::ConnectionStore
    + ports::conversations::Conversations
    + ports::syncs::SyncStore
    + ports::imports::ImportStore
    + ports::imports::ImportNotes
    + ports::imports::ImportJournal
    + ports::inbox::Inbox
    + ports::events::EventLog
    + ports::marks::ChangeMarks
    + ports::accounts::Accounts
    + ports::accounts::Credentials
    + ports::members::Members
    + ports::members::Links
    + ports::grants::Grants
    + ports::audit::AuditLog
    + ports::idempotency::Idempotency
    + ports::customers::CustomerDayStore
    + ports::customers::CustomerBook
    + ports::privacy::PrivacyStore
    + ports::second_factors::SecondFactors
    + ports::passkeys::Passkeys
    + ports::letters::LetterStore
    + ports::identities::Identities
    + SecretBlobs
    + ports::rates::RateStore
    + KeyRecords
    + ports::inputs::InputStore
    + ports::recosts::RecostStore
    + ports::reconciliations::ReconciliationStore
    + ports::forecasts::ForecastRuns
    + ports::forecasts::ForecastStore
    + ports::stock::StockStore
    + ports::stock::InventorySettingsStore
    + ports::purchases::PurchaseStore
    + ports::suppliers::SupplierCatalog
    + ports::supplier_accounts::SupplierAccounts
    + ports::supplier_book::SupplierMappings
    + ports::supplier_book::SupplierOrderBook
    + ports::supplier_accounts::SupplierSyncs
    + ports::opportunities::OpportunityStore
    + ports::outreach::OutreachStore
    + ports::dockets::Dockets
    + ports::pictures::PictureNotes
    + ports::analysis::AnalysisStore
    + ports::support::SupportStore
    + ports::ads::AdStore
    + ports::ads::AdSyncs
    + ports::jobs::JobList
    + ports::traces::WorkTraces
    + ports::changes::ChangeSetStore
    + ports::changes::Stops
    + ports::runs::RunStore
    + ports::agents::AgentConfigs
    + ports::notices::NoticeStore
    + ports::notices::NoticeSettings
    + ports::notices::DeliveryStore
    + ports::guardrails::GuardrailStore
    + Maintenance
    + 'static
{
}

impl Database for SqliteDatabase {}
impl Database for PostgresDatabase {}

async fn assemble<D: Database>(
    settings: &Settings,
    database: Arc<D>,
    outside: Outside,
    public_url: Option<String>,
) -> Result<Composed, ComposeError> {
    let keys = KeySource {
        file: settings.data_dir.join("keyring"),
        secret_key: settings.secret_key.clone(),
        passphrase: settings.secret_passphrase.clone(),
        previous: settings.secret_key_previous.clone(),
    };
    // A wrong key ends the start before anything is written, migrations included; a new database has no canary to ask.
    let blobs: Arc<dyn SecretBlobs> = Arc::clone(&database) as Arc<dyn SecretBlobs>;
    let records: Arc<dyn KeyRecords> = Arc::clone(&database) as Arc<dyn KeyRecords>;
    if records
        .canaries()
        .await
        .is_ok_and(|known| !known.is_empty())
    {
        Vault::open(Arc::clone(&blobs), Arc::clone(&records), &keys).await?;
    }
    let migrations = database.migrate().await?;
    let vault = Arc::new(Vault::open(blobs, records, &keys).await?);
    let resolver = Arc::new(secrets::chain(
        &settings.secret_places,
        Arc::clone(&vault) as Arc<dyn SecretVault>,
        &outside.registry,
    )?);
    let ports = Ports::from(PortSet {
        backups: backups::place(settings, Arc::clone(&database) as _)?,
        orders: Arc::clone(&database) as _,
        catalog: Arc::clone(&database) as _,
        reports: Arc::clone(&database) as _,
        facts: Arc::clone(&database) as _,
        connections: Arc::clone(&database) as _,
        conversations: Arc::clone(&database) as _,
        syncs: Arc::clone(&database) as _,
        imports: Arc::clone(&database) as _,
        import_notes: Arc::clone(&database) as _,
        import_journal: Arc::clone(&database) as _,
        import_files: Arc::new(ImportFolder::new(settings.data_dir.join("imports"))),
        inbox: Arc::clone(&database) as _,
        events: Arc::clone(&database) as _,
        marks: Arc::clone(&database) as _,
        accounts: Arc::clone(&database) as _,
        credentials: Arc::clone(&database) as _,
        members: Arc::clone(&database) as _,
        links: Arc::clone(&database) as _,
        grants: Arc::clone(&database) as _,
        audit: Arc::clone(&database) as _,
        idempotency: Arc::clone(&database) as _,
        second_factors: Arc::clone(&database) as _,
        passkeys: Arc::clone(&database) as _,
        letters: Arc::clone(&database) as _,
        identities: Arc::clone(&database) as _,
        identity: outside.identity,
        mail: outside.mail,
        messenger: outside.messenger,
        pictures: outside.pictures,
        picture_notes: Arc::clone(&database) as _,
        rates: Arc::clone(&database) as _,
        inputs: Arc::clone(&database) as _,
        recosts: Arc::clone(&database) as _,
        reconciliations: Arc::clone(&database) as _,
        forecast_runs: Arc::clone(&database) as _,
        forecasts: Arc::clone(&database) as _,
        forecaster: Arc::new(forecaster()),
        stock: Arc::clone(&database) as _,
        inventory_settings: Arc::clone(&database) as _,
        purchases: Arc::clone(&database) as _,
        suppliers: Arc::clone(&database) as _,
        supplier_accounts: Arc::clone(&database) as _,
        supplier_mappings: Arc::clone(&database) as _,
        supplier_order_book: Arc::clone(&database) as _,
        supplier_syncs: Arc::clone(&database) as _,
        supplier_platforms: Arc::new(suppliers::Platforms {
            autods_mcp_url: settings.suppliers.autods_mcp_url.clone(),
            cj_base_url: settings.suppliers.cj_base_url.clone(),
            printful_base_url: settings.suppliers.printful_base_url.clone(),
            contracts: suppliers::Contracts::of(settings),
            registry: outside.registry.clone(),
            vault: Arc::clone(&vault) as _,
            clock: Arc::clone(&outside.clock),
        }),
        opportunities: Arc::clone(&database) as _,
        outreach: Arc::clone(&database) as _,
        dockets: Arc::clone(&database) as _,
        analysis: Arc::clone(&database) as _,
        support: Arc::clone(&database) as _,
        ads: Arc::clone(&database) as _,
        ad_syncs: Arc::clone(&database) as _,
        ad_platforms: outside.ad_platforms,
        jobs: Arc::clone(&database) as _,
        tracer: Arc::new(crate::traces::Tracing),
        work_traces: Arc::clone(&database) as _,
        changes: Arc::clone(&database) as _,
        stops: Arc::clone(&database) as _,
        notices: Arc::clone(&database) as _,
        notice_settings: Arc::clone(&database) as _,
        deliveries: Arc::clone(&database) as _,
        runs: Arc::clone(&database) as _,
        agent_configs: Arc::clone(&database) as _,
        guardrails: Arc::clone(&database) as _,
        customer_days: Arc::clone(&database) as _,
        customers: Arc::clone(&database) as _,
        privacy: Arc::clone(&database) as _,
        sources: outside.sources,
        rate_feed: outside.rate_feed,
        vault: Arc::clone(&vault) as _,
        keys: vault,
        resolver,
        clock: outside.clock,
    });
    let composed = use_cases(
        ports,
        database,
        migrations,
        public_url,
        (outside.meeting, Arc::new(outside.registry)),
        (outside.models, outside.connected),
        settings,
    );
    // Orders that an earlier release stored get their customers' days before anybody asks for them.
    composed.customers.fill().await?;
    Ok(composed)
}

/// Forecasts, on all processors.
#[must_use]
pub fn forecaster() -> impl Forecaster {
    Portfolio::of_this_machine()
}

/// What groups of the provider of identities mean here.
fn role_rules(settings: &Settings) -> RoleRules {
    let place = settings.oidc.as_ref();
    place.map_or_else(RoleRules::default, |place| RoleRules {
        by_group: place.roles.clone(),
        default: place.default_role,
    })
}

fn use_cases(
    ports: Ports,
    database: Arc<dyn Maintenance>,
    migrations: Vec<Migration>,
    public_url: Option<String>,
    (meeting, links): (Meeting, Arc<dyn ports::circuits::Circuits>),
    (models, connected): (Models, connected::Connected),
    settings: &Settings,
) -> Composed {
    let span =
        |std, else_s| chrono::Duration::from_std(std).unwrap_or(chrono::Duration::seconds(else_s));
    let lease = span(settings.work_lease, 15);
    let events = EventHub::new(&ports);
    let people = People::new(ports.clone());
    let redirect = public_url
        .as_deref()
        .map(|url| format!("{url}/v1/auth/oidc/callback"));
    let notifications = Notifications::new(
        ports.clone(),
        events.clone(),
        people.clone(),
        public_url.clone(),
    )
    // Longer than the longest time limit of a message.
    .with_lease(lease * 6);
    let connections = Connections::new(ports.clone(), events.clone(), public_url.clone());
    let privacy = Privacy::new(ports.clone(), connections.clone());
    let costs = Costs::new(ports.clone(), events.clone(), &connections).with_lease(lease);
    let tracking = Tracking::new(
        ports.clone(),
        people.clone(),
        connected.tracker,
        public_url.clone(),
    );
    let changes = Changes::new(ports.clone(), events.clone(), connections.clone())
        .with_lease(lease)
        .with_tracking(tracking.clone());
    let forecasts = Forecasts::new(ports.clone(), events.clone()).with_lease(lease);
    let desk = Desk {
        reports: Reports::new(ports.clone()),
        inventory: Inventory::new(ports.clone(), events.clone(), forecasts.clone()),
        agents: Agents::new(ports.clone(), events.clone(), changes.clone()).with_lease(lease),
        orders: Orders::new(ports.clone()),
        opportunities: Opportunities::new(ports.clone(), events.clone(), changes.clone()),
        connections: connections.clone(),
        ads: Ads::new(ports.clone(), events.clone()).with_lease(lease),
        backups: Backups::new(
            ports.clone(),
            Schedule {
                every: span(settings.backups.every, 86_400),
                keep: settings.backups.keep,
            },
        ),
        changes: changes.clone(),
    };
    let suppliers = Suppliers::new(ports.clone(), events.clone())
        .with_lease(lease)
        .reached_at(public_url.clone());
    Composed {
        supply: Supply::new(
            ports.clone(),
            events.clone(),
            changes.clone(),
            costs.clone(),
            suppliers.clone(),
        ),
        assistant: Assistant::new(ports.clone(), events.clone(), desk.clone())
            .with_models(models.clone()),
        inventory: desk.inventory,
        forecasts,
        purchases: Purchases::new(ports.clone(), events.clone()),
        ads: desk.ads,
        suppliers,
        analysis: Analysis::new(ports.clone(), events.clone()),
        support: Support::new(ports.clone(), people.clone(), desk.agents.clone())
            .with_models(models.clone()),
        opportunities: desk.opportunities,
        pictures: PictureDesk::new(ports.clone(), events.clone()),
        outreach: Outreach::new(ports.clone(), connections.clone()),
        elsewhere: Elsewhere::new(people.clone(), role_rules(settings), redirect),
        letters: Letters::new(ports.clone(), people.clone(), public_url.clone()),
        passkeys: Passkeys::new(people.clone(), public_url.as_deref()),
        notifications,
        mirror: Mirror::new(ports.clone(), people.clone(), connected.warehouse),
        tracking,
        people,
        audit: Audit::new(ports.clone()),
        backups: desk.backups,
        stores: Stores::new(ports.clone()),
        syncs: Syncs::new(ports.clone(), events.clone(), connections.clone()).with_lease(lease),
        imports: Imports::new(ports.clone(), events.clone(), &connections)
            .with_lease(lease)
            .with_cap(settings.import_max_bytes),
        reconciliations: Reconciliations::new(ports.clone(), events.clone(), connections.clone())
            .with_lease(lease),
        agents: desk.agents,
        changes,
        circuits: Circuits::new(ports.clone(), links),
        jobs: Jobs::new(ports.clone()),
        // A batch of webhooks is not renewed while it is worked on.
        webhooks: Webhooks::new(ports.clone(), connections.clone(), privacy.clone())
            .with_lease(lease * 4),
        privacy,
        customers: Customers::new(ports.clone()),
        reports: desk.reports,
        orders: desk.orders,
        products: Products::new(ports.clone()),
        doctor: Doctor::new(ports.clone()),
        rates: Rates::new(ports.clone(), events.clone(), costs.clone()),
        costs,
        secrets: Secrets::new(ports.clone()),
        connections,
        events,
        ports,
        meeting,
        database,
        migrations,
    }
}
