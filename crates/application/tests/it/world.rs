//! A workspace, one shop at the provider, and all services over one database in memory.

use application::ads::Ads;
use application::agents::Agents;
use application::changes::Changes;
use application::connections::{ConnectionView, Connections, NewConnection};
use application::costs::Costs;
use application::events::EventHub;
use application::inbox::Webhooks;
use application::privacy::Privacy;
use application::suppliers::Suppliers;
use application::supply::Supply;
use application::sync::Syncs;
use application::{PortSet, Ports};
use domain::connection::Provider;
use domain::ids::{StoreScope, WorkspaceId};
use domain::sync::{SyncRun, SyncStatus};
use ports::clock::Clock as _;
use ports::source::{Fact, SourceAuth};
use secrecy::SecretString;
use std::sync::Arc;
use testkit::Stores;
use testkit::builders::{
    LineBuilder, OrderBuilder, ProductBuilder, VariantBuilder, at, user, workspace,
};
use testkit::fakes::{
    FakeAdPlatforms, FakeFiles, FakeForecaster, FakeMessenger, FakePictures, FakeSource,
    FakeSources, FakeSupplierPlatforms, FakeWriter, ManualClock, PlainVault,
};
use tokio_util::sync::CancellationToken;

pub(crate) const SHOP: &str = "acme.example";
pub(crate) const SECRET: &str = "signing secret";

pub(crate) struct World {
    pub(crate) ports: Ports,
    pub(crate) clock: ManualClock,
    pub(crate) shop: Arc<FakeSource>,
    /// What is changed in the shop.
    pub(crate) writer: Arc<FakeWriter>,
    /// What takes messages to channels.
    pub(crate) messenger: Arc<FakeMessenger>,
    pub(crate) ad_platforms: FakeAdPlatforms,
    pub(crate) ads: Ads,
    pub(crate) suppliers: Suppliers,
    pub(crate) suppliers_told: FakeSupplierPlatforms,
    /// What is at suppliers' hosts.
    pub(crate) pictures: FakePictures,
    pub(crate) changes: Changes,
    pub(crate) agents: Agents,
    pub(crate) hub: EventHub,
    pub(crate) connections: Connections,
    pub(crate) syncs: Syncs,
    pub(crate) webhooks: Webhooks,
    pub(crate) privacy: Privacy,
    pub(crate) workspace: WorkspaceId,
}

impl World {
    pub(crate) fn supply(&self) -> Supply {
        let costs = Costs::new(self.ports.clone(), self.hub.clone(), &self.connections);
        Supply::new(
            self.ports.clone(),
            self.hub.clone(),
            self.changes.clone(),
            costs,
            self.suppliers.clone(),
        )
    }

    /// With an owner, without a connection.
    pub(crate) async fn new() -> Self {
        let stores = Stores::fake();
        let clock = ManualClock::at(at("2026-07-01T12:00:00Z"));
        let shop = Arc::new(FakeSource::shop(SHOP));
        let sources = FakeSources::default();
        sources.add(SHOP, Arc::clone(&shop));
        let writer = Arc::new(FakeWriter::default());
        sources.add_writer(SHOP, Arc::clone(&writer));
        let vault = Arc::new(PlainVault::default());
        let messenger = Arc::new(FakeMessenger::default());
        let ad_platforms = FakeAdPlatforms::default();
        let suppliers_told = FakeSupplierPlatforms::default();
        let pictures = FakePictures::default();
        let ports = Ports::from(PortSet {
            backups: None,
            orders: stores.orders,
            catalog: stores.catalog,
            reports: stores.reports,
            facts: stores.facts,
            connections: stores.connections,
            conversations: stores.conversations,
            syncs: stores.syncs,
            imports: stores.imports,
            import_notes: stores.import_notes,
            import_journal: stores.import_journal,
            import_files: Arc::new(FakeFiles::default()),
            inbox: stores.inbox,
            notices: stores.notices,
            notice_settings: stores.notice_settings,
            deliveries: stores.deliveries,
            messenger: Arc::clone(&messenger) as _,
            events: stores.events,
            marks: stores.marks,
            accounts: stores.accounts,
            credentials: stores.credentials,
            members: stores.members,
            links: stores.links,
            grants: stores.grants,
            audit: stores.audit,
            idempotency: stores.idempotency,
            second_factors: stores.second_factors,
            passkeys: stores.passkeys,
            letters: stores.letters,
            identities: stores.identities,
            identity: None,
            mail: None,
            rates: stores.rates,
            rate_feed: None,
            vault: vault.clone(),
            keys: vault.clone(),
            resolver: vault,
            inputs: stores.inputs,
            recosts: stores.recosts,
            reconciliations: stores.reconciliations,
            jobs: stores.jobs,
            tracer: Arc::new(ports::traces::Untold),
            work_traces: stores.work_traces,
            changes: stores.changes,
            stops: stores.stops,
            runs: stores.runs,
            agent_configs: stores.agent_configs,
            guardrails: stores.guardrails,
            forecast_runs: stores.forecast_runs,
            forecasts: stores.forecasts,
            forecaster: Arc::new(FakeForecaster),
            stock: stores.stock,
            inventory_settings: stores.inventory_settings,
            purchases: stores.purchases,
            suppliers: stores.suppliers,
            supplier_accounts: stores.supplier_accounts,
            supplier_mappings: stores.supplier_mappings,
            supplier_order_book: stores.supplier_order_book,
            supplier_syncs: stores.supplier_syncs,
            supplier_platforms: Arc::new(suppliers_told.clone()),
            opportunities: stores.opportunities,
            dockets: stores.dockets.clone(),
            picture_notes: stores.picture_notes,
            pictures: Arc::new(pictures.clone()),
            outreach: stores.outreach,
            analysis: stores.analysis,
            support: stores.support,
            ads: stores.ads,
            ad_syncs: stores.ad_syncs,
            ad_platforms: Arc::new(ad_platforms.clone()),
            customer_days: stores.customer_days,
            customers: stores.customers,
            privacy: stores.privacy,
            sources: Arc::new(sources),
            clock: Arc::new(clock.clone()),
        });
        let owner = user(1, 1);
        ports
            .accounts
            .create_first(&workspace(1), &owner, "no password", &[])
            .await
            .unwrap();
        let hub = EventHub::new(&ports);
        let connections = Connections::new(
            ports.clone(),
            hub.clone(),
            Some("https://royal.example".into()),
        );
        let privacy = Privacy::new(ports.clone(), connections.clone());
        let changes = Changes::new(ports.clone(), hub.clone(), connections.clone());
        Self {
            agents: Agents::new(ports.clone(), hub.clone(), changes.clone()),
            ads: Ads::new(ports.clone(), hub.clone()),
            ad_platforms,
            suppliers: Suppliers::new(ports.clone(), hub.clone()),
            suppliers_told,
            pictures,
            hub: hub.clone(),
            changes,
            writer,
            messenger,
            syncs: Syncs::new(ports.clone(), hub, connections.clone()),
            webhooks: Webhooks::new(ports.clone(), connections.clone(), privacy.clone()),
            privacy,
            workspace: owner.workspace,
            ports,
            clock,
            shop,
            connections,
        }
    }

    pub(crate) fn wanted(&self, shop: &str) -> NewConnection {
        NewConnection {
            workspace: self.workspace,
            provider: Provider::Shopify,
            shop: shop.to_owned(),
            base_url: None,
            api_version: None,
            auth: SourceAuth::AccessToken(SecretString::from("token")),
            webhook_secrets: vec![SecretString::from(SECRET)],
            backfill_from: None,
            from_environment: false,
            actor: domain::audit::Actor::system(),
        }
    }

    pub(crate) async fn connected(&self) -> ConnectionView {
        self.connections.connect(self.wanted("acme")).await.unwrap()
    }

    pub(crate) async fn scope(&self) -> StoreScope {
        self.ports.connections.stores(self.workspace).await.unwrap()[0].scope
    }

    /// Runs a worker until the newest run has ended.
    pub(crate) async fn work(&self) -> SyncRun {
        let stop = CancellationToken::new();
        let worker = tokio::spawn({
            let (syncs, stop) = (self.syncs.clone(), stop.clone());
            async move { syncs.run_worker(stop).await }
        });
        let run = self.ended().await;
        stop.cancel();
        worker.await.unwrap();
        run
    }

    /// Ten virtual minutes are enough for anything here.
    pub(crate) async fn ended(&self) -> SyncRun {
        for _ in 0..6000 {
            let run = self.newest().await;
            if !run.status.is_open() {
                return run;
            }
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        }
        panic!("the run does not end: {:?}", self.newest().await);
    }

    pub(crate) async fn newest(&self) -> SyncRun {
        let page = ports::PageRequest::first(1);
        self.ports
            .syncs
            .list(self.workspace, None, &page)
            .await
            .unwrap()
            .items
            .remove(0)
    }

    /// Connects and reads everything.
    pub(crate) async fn synced(&self) -> SyncRun {
        let connection = self.connected().await.connection.id;
        self.syncs
            .start(self.workspace, connection, None, None)
            .await
            .unwrap();
        let run = self.work().await;
        assert_eq!(run.status, SyncStatus::Succeeded, "{:?}", run.error);
        run
    }

    /// Reads what changed since.
    pub(crate) async fn synced_again(&self) {
        let connection = self.ports.connections.list(None).await.unwrap()[0].id;
        let started = self.syncs.start(self.workspace, connection, None, None);
        started.await.unwrap();
        let run = self.work().await;
        assert_eq!(run.status, SyncStatus::Succeeded, "{:?}", run.error);
    }

    pub(crate) async fn orders(&self) -> u64 {
        self.ports.orders.count(self.scope().await).await.unwrap()
    }

    /// A write arrives at the shop, as from a worker that is gone by now.
    pub(crate) async fn sent(&self, action: &domain::changes::Action, key: uuid::Uuid) {
        use ports::writer::StoreWriter as _;
        self.writer.apply(action, key).await.unwrap();
    }

    pub(crate) fn now(&self) -> chrono::DateTime<chrono::Utc> {
        self.clock.now()
    }
}

/// An order of two units at 10.00 of variant `id % 3 + 1`, sold so many days before the first of July 2026.
pub(crate) fn order(id: i64, days_ago: i64) -> Fact {
    let sold = at("2026-07-01T10:00:00Z") - chrono::Duration::days(days_ago);
    let line = LineBuilder::new(id % 3 + 1, 2, 1000).product(1);
    Fact::Order(Box::new(
        OrderBuilder::new(id)
            .sold_at(sold)
            .updated_at(sold)
            .line(line)
            .paid(Some(50))
            .build(),
    ))
}

/// A product with variants 1 to 3; the third has no cost.
pub(crate) fn product(cost: &str) -> Fact {
    let product = ProductBuilder::new(1)
        .titled("Mug")
        .variant(VariantBuilder::new(1, 1000).cost(cost, "USD"))
        .variant(VariantBuilder::new(2, 1000).cost(cost, "USD"))
        .variant(VariantBuilder::new(3, 1000));
    Fact::Product(Box::new(product.build()))
}
