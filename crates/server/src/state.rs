//! What handlers share: the use cases and the few settings that answers depend on.

use crate::answers::Answers;
use crate::auth::Network;
use crate::auth::limits::LoginLimits;
use crate::config::Role;
use crate::figures::Figures;
use crate::http::stream::Forms;
use crate::readiness::Readiness;
use crate::streams::Streams;
use crate::throttle::Throttle;
use application::ads::Ads;
use application::agents::Agents;
use application::analysis::Analysis;
use application::assistant::Assistant;
use application::audit::Audit;
use application::backups::Backups;
use application::changes::Changes;
use application::circuits::Circuits;
use application::connections::Connections;
use application::costs::Costs;
use application::customers::Customers;
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
use application::people::{Elsewhere, Passkeys, People};
use application::pictures::PictureDesk;
use application::privacy::Privacy;
use application::products::Products;
use application::purchases::Purchases;
use application::rates::Rates;
use application::reconciliation::Reconciliations;
use application::replicas::Replicas;
use application::reports::Reports;
use application::secrets::Secrets;
use application::stores::Stores;
use application::suppliers::Suppliers;
use application::supply::Supply;
use application::support::Support;
use application::sync::Syncs;
use application::tracking::Tracking;
use chrono::{DateTime, Utc};
use ports::clock::Clock;
use ports::idempotency::Idempotency;
use ports::source::LinkState;
use secrecy::SecretString;
use std::sync::Arc;

/// How browsers reach this server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PublicAddress {
    /// `https://royal.example.com`; `None` when nobody told.
    pub(crate) origin: Option<String>,
    pub(crate) is_tls: bool,
}

/// How shops are spoken to, where that is not the provider's default.
#[derive(Debug, Clone, Default)]
pub(crate) struct ShopifyDefaults {
    pub(crate) base_url: Option<String>,
    pub(crate) api_version: Option<String>,
}

/// What has to happen around the process when something happens in it.
pub(crate) trait Hooks: Send + Sync {
    /// The first owner exists: the set-up code is spent.
    fn owner_created(&self);
}

pub(crate) struct App {
    pub(crate) people: People,
    pub(crate) elsewhere: Elsewhere,
    pub(crate) passkeys: Passkeys,
    pub(crate) letters: Letters,
    pub(crate) notifications: Notifications,
    pub(crate) tracking: Tracking,
    pub(crate) mirror: Mirror,
    pub(crate) assistant: Assistant,
    pub(crate) audit: Audit,
    pub(crate) backups: Backups,
    pub(crate) connections: Connections,
    pub(crate) stores: Stores,
    pub(crate) syncs: Syncs,
    pub(crate) webhooks: Webhooks,
    pub(crate) imports: Imports,
    pub(crate) costs: Costs,
    pub(crate) changes: Changes,
    pub(crate) circuits: Circuits,
    pub(crate) agents: Agents,
    pub(crate) jobs: Jobs,
    pub(crate) reconciliations: Reconciliations,
    pub(crate) forecasts: Forecasts,
    pub(crate) inventory: Inventory,
    pub(crate) purchases: Purchases,
    pub(crate) analysis: Analysis,
    pub(crate) support: Support,
    pub(crate) opportunities: Opportunities,
    pub(crate) pictures: PictureDesk,
    pub(crate) outreach: Outreach,
    pub(crate) ads: Ads,
    pub(crate) suppliers: Suppliers,
    pub(crate) supply: Supply,
    pub(crate) reports: Reports,
    pub(crate) orders: Orders,
    pub(crate) products: Products,
    pub(crate) rates: Rates,
    pub(crate) secrets: Secrets,
    pub(crate) customers: Customers,
    pub(crate) privacy: Privacy,
    pub(crate) events: EventHub,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) hooks: Box<dyn Hooks>,
    pub(crate) readiness: Arc<Readiness>,
    pub(crate) streams: Streams,
    pub(crate) texts: Forms,
    pub(crate) login_limits: LoginLimits,
    pub(crate) throttle: Throttle,
    /// This process among the others.
    pub(crate) replicas: Replicas,
    pub(crate) role: Role,
    pub(crate) idempotency: Arc<dyn Idempotency>,
    pub(crate) figures: Figures,
    pub(crate) answers: Answers,
    pub(crate) started_at: DateTime<Utc>,
    pub(crate) public: PublicAddress,
    /// Where the sandboxes beside this server listen.
    pub(crate) sandboxes: Vec<String>,
    pub(crate) shopify: ShopifyDefaults,
    pub(crate) command_center_url: Option<String>,
    pub(crate) trusted_proxies: Vec<Network>,
    pub(crate) metrics_enabled: bool,
    pub(crate) streaming_enabled: bool,
    pub(crate) metrics_token: Option<SecretString>,
}

impl App {
    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// Every circuit of this process.
    pub(crate) fn links(&self) -> Vec<LinkState> {
        self.circuits.links()
    }
}
