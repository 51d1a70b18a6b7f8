//! The agent over stock: from a night of forecasts to an order of goods that its page knows of.

use super::*;
use application::forecasts::Forecasts;
use application::inventory::{Inventory, SettingsChange};
use application::purchases::{Purchases, SupplierDraft};
use domain::agents::Trigger;
use domain::changes::Action;
use domain::ids::VariantId;
use domain::inventory_plan::{LeadTime, VariantSettings};
use domain::purchase::{PurchaseStatus, Supplier};
use ports::runs::RunFilter;
use ports::source::Fact;
use testkit::builders::{
    LineBuilder, OrderBuilder, ProductBuilder, VariantBuilder, at, currency, level,
};

const STOCK: &str = "inventory_forecasting";
const MUG: VariantId = VariantId(1);

struct Shop {
    world: World,
    forecasts: Forecasts,
    inventory: Inventory,
    purchases: Purchases,
    supplier: Supplier,
}

impl Shop {
    /// Two a day of a mug were sold for 90 days, ten are left, and goods take ten days.
    async fn new() -> Self {
        let world = World::new().await;
        let mug = ProductBuilder::new(1).titled("Mug");
        let mug = mug.variant(VariantBuilder::new(1, 1000).cost("4.00", "USD"));
        world.shop.put(Fact::Product(Box::new(mug.build())));
        for n in 1..=90 {
            let when = at("2026-07-01T10:00:00Z") - Duration::days(n);
            let line = LineBuilder::new(1, 2, 1000).product(1);
            let order = OrderBuilder::new(n).sold_at(when).updated_at(when);
            let order = order.line(line).paid(Some(50));
            world.shop.put(Fact::Order(Box::new(order.build())));
        }
        let ten = level(1, 1, 10, "2026-06-30");
        world.shop.put(Fact::Level(ten));
        world.synced().await;
        let ports = || world.ports.clone();
        let forecasts = Forecasts::new(ports(), world.hub.clone());
        let inventory = Inventory::new(ports(), world.hub.clone(), forecasts.clone());
        let purchases = Purchases::new(ports(), world.hub.clone());
        let acme = SupplierDraft {
            name: "Acme".to_owned(),
            email: None,
            currency: currency("USD"),
            lead_days: None,
            note: None,
            archived: false,
        };
        let ann = person("ann");
        let supplier = purchases.save_supplier(world.workspace, None, acme, &ann);
        let supplier = supplier.await.unwrap();
        let shop = Self {
            forecasts,
            inventory,
            purchases,
            supplier,
            world,
        };
        shop.set().await;
        shop.night().await;
        shop
    }

    async fn set(&self) {
        let store = store(&self.world).await;
        let set = self.inventory.settings(&store).await.unwrap();
        let mut settings = set.settings;
        settings.lead_time = Some(LeadTime {
            mean_days: 10.0,
            sd_days: 2.0,
        });
        let own = VariantSettings {
            supplier: Some(self.supplier.id),
            pack: Some(6),
            ..VariantSettings::default()
        };
        settings.variants.insert(MUG, own);
        let change = SettingsChange {
            version: set.version,
            settings,
        };
        let ann = person("ann");
        self.inventory
            .set_settings(&store, change, &ann)
            .await
            .unwrap();
    }

    async fn night(&self) {
        let run = self
            .forecasts
            .start(self.world.workspace, None)
            .await
            .unwrap();
        let stop = CancellationToken::new();
        let worker = tokio::spawn({
            let (service, stop) = (self.forecasts.clone(), stop.clone());
            async move { service.run_worker(stop).await }
        });
        loop {
            let run = self
                .forecasts
                .find(self.world.workspace, run.id)
                .await
                .unwrap();
            if !run.status.is_open() {
                assert_eq!(run.status.as_str(), "succeeded", "{:?}", run.error);
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
        stop.cancel();
        worker.await.unwrap();
    }

    async fn may_propose(&self) {
        let store = store(&self.world).await;
        let change = ConfigChange {
            autonomy: Some(Autonomy::Propose),
            reason: Some("It has shown what it can do".into()),
            ..ConfigChange::default()
        };
        let agents = &self.world.agents;
        let configured = agents.configure(&store, STOCK, change, person("ann"));
        configured.await.unwrap();
    }

    async fn run(&self, is_wanted: impl Fn(&AgentRun) -> bool) -> AgentRun {
        let store = store(&self.world).await;
        let agents = &self.world.agents;
        let run = agents.start(&store, STOCK, serde_json::json!({}), person("ann"));
        worked(&self.world, run.await.unwrap().id, is_wanted).await
    }

    async fn on_order(&self) -> i64 {
        let found = self.inventory.find(self.world.workspace, None, MUG).await;
        found.unwrap().unwrap().item.position.on_order
    }
}

#[tokio::test]
async fn a_stock_that_ends_is_ordered_by_whoever_approves_and_not_twice() {
    let shop = Shop::new().await;
    let told = shop.run(ended).await;
    assert_eq!((told.proposals, told.change_sets.len()), (1, 0), "{told:?}");
    shop.may_propose().await;
    let run = shop.run(waits).await;
    let set = sets(&shop.world).await.remove(0);
    assert_eq!(run.change_sets, [set.id]);
    let Action::PurchaseOrder(purchase) = &set.operations[0].action else {
        panic!("{set:?}");
    };
    let found = shop.inventory.find(shop.world.workspace, None, MUG).await;
    let item = found.unwrap().unwrap().item;
    // What the inventory's own page would order.
    let planned = item.plan.reorder.unwrap().quantity;
    assert_eq!((purchase.lines[0].quantity, planned % 6), (planned, 0));
    assert_eq!(purchase.supplier, shop.supplier.id);
    assert!(
        set.effect.is_some_and(|e| e.mean > 0),
        "{:?}",
        set.effect_unknown
    );

    // What waits is not proposed again.
    let again = shop.run(ended).await;
    assert_eq!(
        (again.proposals, again.change_sets.len()),
        (0, 0),
        "{again:?}"
    );

    approve(&shop.world, &set).await;
    let run = worked(&shop.world, run.id, ended).await;
    assert_eq!(run.summary.as_deref(), Some("1 proposal: 1 applied"));
    assert_eq!(shop.on_order().await, planned);
    let orders = &shop.world.ports.purchases;
    let orders = orders.purchases_in(set.scope, &PurchaseStatus::ALL);
    let orders = orders.await.unwrap();
    assert_eq!(
        (orders.len(), orders[0].status),
        (1, PurchaseStatus::Approved)
    );
    assert_eq!(orders[0].created.by.id.as_deref(), Some(STOCK));
    let outlook = shop.purchases.outlook(shop.world.workspace, None, 30);
    assert_eq!(Some(outlook.await.unwrap().open_total), purchase.total());
    let replay = shop
        .world
        .agents
        .replay(shop.world.workspace, run.id)
        .await
        .unwrap();
    assert!(replay.same, "{replay:?}");

    // Enough is under way.
    let third = shop.run(ended).await;
    assert_eq!(third.proposals, 0, "{third:?}");
}

#[tokio::test]
async fn what_people_did_not_want_rests_and_comes_up_again() {
    let shop = Shop::new().await;
    shop.may_propose().await;
    let run = shop.run(waits).await;
    let set = sets(&shop.world).await.remove(0);
    let (changes, bob) = (&shop.world.changes, person("bob"));
    let rejected = changes.reject(shop.world.workspace, set.id, &bob, None);
    rejected.await.unwrap();
    worked(&shop.world, run.id, ended).await;
    assert_eq!(shop.run(ended).await.proposals, 0);
    shop.world.clock.advance(Duration::days(4));
    shop.night().await;
    assert_eq!(shop.run(waits).await.proposals, 1);
}

#[tokio::test]
async fn a_rehearsal_says_of_how_many_days_it_knows_enough() {
    let shop = Shop::new().await;
    let store = store(&shop.world).await;
    let (from, to) = ("2026-06-25".parse().unwrap(), "2026-06-30".parse().unwrap());
    let agents = &shop.world.agents;
    let run = agents.rehearse(&store, STOCK, from, to, person("ann"));
    let run = worked(&shop.world, run.await.unwrap().id, ended).await;
    assert_eq!(run.status, RunStatus::Succeeded, "{:?}", run.error);
    let rehearsal = run.rehearsal.unwrap();
    assert_eq!(rehearsal.days.len(), 6);
    let said = &rehearsal.explanation;
    assert!(said.contains("of the 6 days"), "{said}");
}

#[tokio::test(start_paused = true)]
async fn a_night_that_told_something_starts_it_once() {
    let shop = Shop::new().await;
    let stop = CancellationToken::new();
    let worker = {
        let (agents, stop) = (shop.world.agents.clone(), stop.clone());
        tokio::spawn(async move { agents.run_worker(stop).await })
    };
    tokio::time::sleep(TICK).await;
    let scope = shop.world.scope().await;
    for (id, status) in [("1", "failed"), ("2", "succeeded")] {
        let data = serde_json::json!({ "status": status, "store": scope.store });
        let entity = ("forecast_run", id.to_owned());
        let hub = &shop.world.hub;
        let told = hub.publish(scope.workspace, "forecasts.finished", entity, data);
        told.await.unwrap();
    }
    tokio::time::sleep(std::time::Duration::from_secs(200)).await;
    stop.cancel();
    worker.await.unwrap();
    let filter = RunFilter {
        agent: Some(STOCK.to_owned()),
        ..RunFilter::default()
    };
    let (runs, page) = (&shop.world.ports.runs, PageRequest::first(9));
    let runs = runs
        .list(scope.workspace, &filter, &page)
        .await
        .unwrap()
        .items;
    assert_eq!(runs.len(), 1, "{runs:?}");
    let Trigger::Event { event_type, .. } = &runs[0].trigger else {
        panic!("{runs:?}");
    };
    assert_eq!(event_type, "forecasts.finished");
}
