//! What all replicas share: the database, the shop, the vault. And one way in without gates, for the beginning and the end.

use crate::gate::{Gate, Weather};
use crate::plant::Plant;
use crate::provider::GatedSources;
use crate::storage::{Fences, Gated};
use crate::tally::Tally;
use crate::virtual_clock::VirtualClock;
use application::{PortSet, Ports};
use chrono::Duration;
use domain::audit::Actor;
use domain::ids::{ConnectionId, WorkspaceId};
use std::sync::Arc;
use testkit::Stores;
use testkit::builders::at;
use testkit::fakes::{
    FakeAdPlatforms, FakeDatabase, FakeFiles, FakeForecaster, FakeMessenger, FakePictures,
    FakeSource, FakeSources, FakeSupplierPlatforms, FakeWriter, PlainVault,
};

pub(crate) const SHOP: &str = "acme.example";
pub(crate) const SECRET: &str = "signing secret";
/// When every history begins.
const BEGIN: &str = "2026-07-01T12:00:00Z";

pub(crate) struct World {
    pub(crate) weather: Arc<Weather>,
    pub(crate) tally: Arc<Tally>,
    pub(crate) clock: VirtualClock,
    pub(crate) database: Arc<FakeDatabase>,
    pub(crate) shop: Arc<FakeSource>,
    pub(crate) writer: Arc<FakeWriter>,
    pub(crate) plant: Option<Plant>,
    /// Set once the shop is connected.
    pub(crate) workspace: WorkspaceId,
    pub(crate) connection: Option<ConnectionId>,
    sources: Arc<FakeSources>,
    vault: Arc<PlainVault>,
    fences: Fences,
}

impl World {
    pub(crate) fn new(seed: u64, plant: Option<Plant>, is_told: bool) -> Self {
        let shop = Arc::new(FakeSource::shop(SHOP));
        let writer = Arc::new(FakeWriter::default());
        let sources = FakeSources::default();
        sources.add(SHOP, Arc::clone(&shop));
        sources.add_writer(SHOP, Arc::clone(&writer));
        Self {
            weather: Arc::new(Weather::new(seed)),
            tally: Arc::new(Tally::new(is_told)),
            clock: VirtualClock::new(at(BEGIN)),
            database: Arc::new(FakeDatabase::new()),
            shop,
            writer,
            plant,
            workspace: testkit::builders::user(1, 1).workspace,
            connection: None,
            sources: Arc::new(sources),
            vault: Arc::default(),
            fences: Fences::default(),
        }
    }

    pub(crate) fn gate(&self, who: usize) -> Arc<Gate> {
        let (weather, tally) = (Arc::clone(&self.weather), Arc::clone(&self.tally));
        Arc::new(Gate::new(who, weather, tally))
    }

    /// All ports of one replica, whose clock is so far off.
    pub(crate) fn ports(&self, gate: &Arc<Gate>, off: Duration) -> Ports {
        let stores = Stores::of(Arc::clone(&self.database), ());
        let gated = Arc::new(Gated {
            gate: Arc::clone(gate),
            database: Arc::clone(&self.database),
            plant: self.plant,
            fences: Arc::clone(&self.fences),
        });
        let sources = GatedSources {
            gate: Arc::clone(gate),
            shops: Arc::clone(&self.sources),
            plant: self.plant,
        };
        Ports::from(PortSet {
            orders: gated.clone(),
            syncs: gated.clone(),
            inbox: gated.clone(),
            changes: gated.clone(),
            stops: gated.clone(),
            audit: gated,
            sources: Arc::new(sources),
            clock: Arc::new(self.clock.off_by(off)),
            ..self.plain(stores)
        })
    }

    /// Straight to the database, for checks.
    fn plain(&self, stores: Stores) -> PortSet {
        PortSet {
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
            messenger: Arc::new(FakeMessenger::default()),
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
            vault: self.vault.clone(),
            keys: self.vault.clone(),
            resolver: self.vault.clone(),
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
            picture_notes: stores.picture_notes,
            pictures: Arc::new(FakePictures::default()),
            stock: stores.stock,
            inventory_settings: stores.inventory_settings,
            purchases: stores.purchases,
            suppliers: stores.suppliers,
            supplier_mappings: stores.supplier_mappings,
            supplier_order_book: stores.supplier_order_book,
            supplier_accounts: stores.supplier_accounts,
            supplier_syncs: stores.supplier_syncs,
            supplier_platforms: Arc::new(FakeSupplierPlatforms::default()),
            opportunities: stores.opportunities,
            outreach: stores.outreach,
            dockets: stores.dockets,
            analysis: stores.analysis,
            support: stores.support,
            ads: stores.ads,
            ad_syncs: stores.ad_syncs,
            ad_platforms: Arc::new(FakeAdPlatforms::default()),
            customer_days: stores.customer_days,
            customers: stores.customers,
            privacy: stores.privacy,
            sources: self.sources.clone(),
            clock: Arc::new(self.clock.clone()),
        }
    }
}

pub(crate) fn person(name: &str) -> Actor {
    use domain::audit::ActorKind;
    Actor::new(ActorKind::Person, Some(name.to_owned()), name, None)
}
