//! Orders of goods as changes: made once, by whoever may, taken back until they are sent.

use crate::world::World;
use application::changes::{Approver, ChangeError};
use application::inventory::{Inventory, SettingsChange};
use application::purchases::{Closing, LineWanted, OrderDraft, Purchases, SupplierDraft};
use chrono::Duration;
use domain::audit::{Actor, ActorKind};
use domain::changes::{
    Action, ChangeSet, ChangeSetStatus as Status, OperationState as State, Origin, Purchase,
    PurchaseWish, plan,
};
use domain::ids::{ChangeSetId, PurchaseOrderId, RunId, VariantId};
use domain::people::Role;
use domain::purchase::{PurchaseOrder, PurchaseStatus, Refusal, SentHow, Signed, Supplier};
use ports::audit::AuditFilter;
use ports::changes::Intended;
use ports::purchases::PurchaseFilter;
use ports::source::Fact;
use ports::{Kind, PageRequest, Retry};
use std::collections::BTreeSet;
use testkit::builders::{ProductBuilder, VariantBuilder, at, change_set, currency, day};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

const LEASE: Duration = Duration::seconds(15);

fn person(name: &str) -> Actor {
    Actor::new(ActorKind::Person, Some(name.to_owned()), name, None)
}

fn agent() -> Actor {
    let id = "inventory_forecasting".to_owned();
    Actor::new(ActorKind::System, Some(id), "Stock", None)
}

fn mug(cost: &str, updated: &str) -> Fact {
    let variant = |id| VariantBuilder::new(id, 1000).cost(cost, "USD");
    let product = ProductBuilder::new(1).titled("Mug").updated_at(at(updated));
    Fact::Product(Box::new(
        product.variant(variant(1)).variant(variant(2)).build(),
    ))
}

struct Goods {
    world: World,
    purchases: Purchases,
    inventory: Inventory,
    supplier: Supplier,
}

fn acme(archived: bool) -> SupplierDraft {
    SupplierDraft {
        name: "Acme".to_owned(),
        email: None,
        currency: currency("USD"),
        lead_days: None,
        note: None,
        archived,
    }
}

impl Goods {
    /// Two variants at a cost of 4.00, a supplier, and limits of 5 000 and 10 000.
    async fn new() -> Self {
        let world = World::new().await;
        world.shop.put(mug("4.00", "2026-06-30T12:00:00Z"));
        world.synced().await;
        let ports = || world.ports.clone();
        let purchases = Purchases::new(ports(), world.hub.clone());
        let forecasts = application::forecasts::Forecasts::new(ports(), world.hub.clone());
        let inventory = Inventory::new(ports(), world.hub.clone(), forecasts);
        let ada = person("ada");
        let made = purchases.save_supplier(world.workspace, None, acme(false), &ada);
        let supplier = made.await.unwrap();
        Self {
            world,
            purchases,
            inventory,
            supplier,
        }
    }

    fn wish(&self, variant: i64, quantity: i64) -> Purchase {
        Purchase {
            order: None,
            supplier: self.supplier.id,
            supplier_name: "Acme".to_owned(),
            currency: currency("USD"),
            lines: vec![PurchaseWish {
                variant: VariantId(variant),
                title: "Mug".to_owned(),
                sku: None,
                quantity,
                unit_cost: "4".parse().unwrap(),
            }],
            under_way: BTreeSet::new(),
            expected_on: Some(day("2026-07-11")),
            note: None,
        }
    }

    /// As an agent's run puts it before people, or as somebody else does.
    async fn proposed(&self, by: Actor, wishes: Vec<Purchase>) -> ChangeSet {
        let world = &self.world;
        let connection = world.ports.connections.list(None).await.unwrap().remove(0);
        let mut set = change_set(&connection, 1);
        set.id = ChangeSetId(Uuid::now_v7());
        set.scope = world.scope().await;
        set.title = "Order from Acme".to_owned();
        set.created_at = world.now();
        set.expires_at = world.now() + Duration::hours(24);
        set.origin = match by.kind {
            ActorKind::System => Origin::Agent {
                agent: "inventory_forecasting".to_owned(),
                run: RunId(Uuid::now_v7()),
            },
            _ => Origin::Person,
        };
        set.proposed_by = by;
        let wanted = wishes.into_iter().map(|purchase| plan::Wanted {
            label: "Acme".to_owned(),
            action: Action::PurchaseOrder(purchase),
        });
        set.operations = plan::operations(set.id, wanted);
        let entry = domain::audit::NewEntry::done(
            world.workspace,
            world.now(),
            set.proposed_by.clone(),
            "change_set.propose",
            ("change_set", &set.id.to_string(), &set.title),
        );
        world.ports.changes.propose(&set, &entry).await.unwrap();
        set
    }

    async fn approve(
        &self,
        set: &ChangeSet,
        name: &str,
        role: Role,
    ) -> Result<ChangeSet, ChangeError> {
        let by = Approver {
            actor: person(name),
            role,
        };
        let (changes, workspace) = (&self.world.changes, self.world.workspace);
        changes
            .approve(workspace, set.id, &by, &set.digest(), &[], None)
            .await
    }

    /// Some hours later, because an agent leaves a supplier alone for so long.
    async fn work(&self, set: &ChangeSet) -> ChangeSet {
        let (world, stop) = (&self.world, CancellationToken::new());
        world.clock.advance(Duration::hours(5));
        let worker = tokio::spawn({
            let (changes, stop) = (world.changes.clone(), stop.clone());
            async move { changes.run_worker(stop).await }
        });
        let set = loop {
            let found = world.changes.find(world.workspace, set.id).await;
            let set = found.unwrap().unwrap();
            if !set.status.is_work() {
                break set;
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        };
        stop.cancel();
        worker.await.unwrap();
        set
    }

    async fn applied(&self, wish: Purchase) -> ChangeSet {
        let set = self.proposed(agent(), vec![wish]).await;
        let set = self.approve(&set, "bob", Role::Operator).await.unwrap();
        self.work(&set).await
    }

    async fn orders(&self) -> Vec<PurchaseOrder> {
        let (filter, page) = (PurchaseFilter::default(), PageRequest::first(50));
        let orders = self.purchases.list(self.world.workspace, &filter, &page);
        orders.await.unwrap().items
    }

    async fn undone(&self, set: &ChangeSet) -> ChangeSet {
        let (changes, workspace) = (&self.world.changes, self.world.workspace);
        let bob = person("bob");
        let undo = changes.undo(workspace, set.id, &bob, None).await.unwrap();
        let undo = self.approve(&undo, "bob", Role::Operator).await.unwrap();
        self.work(&undo).await
    }

    async fn limits(&self, approval: i64, admin: i64) {
        let store = self.world.changes.store(self.world.workspace, None);
        let store = store.await.unwrap();
        let set = self.inventory.settings(&store).await.unwrap();
        let mut settings = set.settings;
        (settings.approval_limit, settings.admin_limit) = (approval, admin);
        let change = SettingsChange {
            version: set.version,
            settings,
        };
        let ada = person("ada");
        let set = self.inventory.set_settings(&store, change, &ada);
        set.await.unwrap();
    }

    fn said(set: &ChangeSet) -> String {
        set.operations[0].error.clone().unwrap_or_default()
    }
}

#[tokio::test(start_paused = true)]
async fn who_approves_the_change_approves_the_order_and_undo_cancels_it() {
    let goods = Goods::new().await;
    // The shop has no part in it.
    goods
        .world
        .writer
        .fail_look(Kind::Unavailable, Retry::Never);
    let set = goods.applied(goods.wish(1, 50)).await;
    assert_eq!((set.status, set.error.as_deref()), (Status::Applied, None));
    let order = goods.orders().await.remove(0);
    assert_eq!(order.id, PurchaseOrderId(set.operations[0].key));
    assert_eq!(
        (order.number, order.status, order.total()),
        (1, PurchaseStatus::Approved, Some(20_000))
    );
    assert_eq!(order.created.by, agent());
    assert_eq!(order.approved.as_ref().unwrap().by, person("bob"));
    assert_eq!(order.expected_on, Some(day("2026-07-11")));
    assert!(goods.world.writer.looks().is_empty() && goods.world.writer.writes().is_empty());
    let outlook = goods.purchases.outlook(goods.world.workspace, None, 30);
    assert_eq!(outlook.await.unwrap().open_total, 20_000);
    let filter = AuditFilter {
        action: Some("purchase_order.create".to_owned()),
        ..AuditFilter::default()
    };
    let page = PageRequest::first(9);
    let audit = &goods.world.ports.audit;
    let told = audit.entries(goods.world.workspace, &filter, &page);
    let told = told.await.unwrap().items;
    assert_eq!((told.len(), &told[0].entry.actor), (1, &person("bob")));

    let undo = goods.undone(&set).await;
    assert_eq!(
        (undo.status, undo.error.as_deref()),
        (Status::Applied, None)
    );
    let order = goods.orders().await.remove(0);
    assert_eq!(order.status, PurchaseStatus::Cancelled);
    assert_eq!(order.closed.unwrap().by, person("bob"));
    let found = goods
        .world
        .changes
        .find(goods.world.workspace, set.id)
        .await;
    assert_eq!(found.unwrap().unwrap().status, Status::Undone);

    // What takes the cancellation back is an order of its own.
    let again = goods.undone(&undo).await;
    assert_eq!(again.status, Status::Applied, "{:?}", again.error);
    let orders = goods.orders().await;
    assert_eq!((orders.len(), orders[0].number), (2, 2));
    assert_eq!(orders[0].status, PurchaseStatus::Approved);
}

#[tokio::test(start_paused = true)]
async fn what_the_supplier_has_is_not_taken_back() {
    let goods = Goods::new().await;
    let set = goods.applied(goods.wish(1, 50)).await;
    let order = goods.orders().await.remove(0);
    let (workspace, bob) = (goods.world.workspace, person("bob"));
    let sent = goods
        .purchases
        .send(workspace, order.id, order.version, SentHow::File, &bob);
    sent.await.unwrap();
    let undo = goods.undone(&set).await;
    assert_eq!(undo.status, Status::Failed);
    assert_eq!(undo.operations[0].state, State::Drifted);
    assert!(
        Goods::said(&undo).contains("sent to the supplier"),
        "{undo:?}"
    );
    assert_eq!(goods.orders().await[0].status, PurchaseStatus::Sent);
}

/// A worker that dies after the intent, before or after the order was stored.
#[tokio::test(start_paused = true)]
async fn whoever_takes_over_finds_the_order_or_makes_it_and_there_is_one() {
    for made in [true, false] {
        let goods = Goods::new().await;
        let set = goods.proposed(agent(), vec![goods.wish(1, 50)]).await;
        goods.approve(&set, "bob", Role::Operator).await.unwrap();
        let (store, now) = (&goods.world.ports.changes, goods.world.now());
        let claimed = store.claim(now, LEASE).await.unwrap().unwrap();
        let mut intended = claimed.set.clone();
        intended.operations[0].state = State::Intended;
        intended.operations[0].intended_at = Some(now);
        let guard = &|_: &ports::changes::Past| Ok(());
        let stored = store.intend(&claimed, &intended, 1, now, guard, now, LEASE);
        assert!(matches!(stored.await.unwrap(), Intended::Stored(_)));
        if made {
            let purchase = intended.operations[0].action.purchase().unwrap();
            let (id, by) = (purchase.order.unwrap(), agent());
            let mut order = purchase.draft(id, set.scope, None, (&by, now)).unwrap();
            let bob = Signed {
                at: now,
                by: person("bob"),
            };
            let limits = goods
                .purchases
                .limits(goods.world.workspace, set.scope.store);
            order
                .approve(bob, Role::Operator, &limits.await.unwrap())
                .unwrap();
            let entry = domain::audit::NewEntry::done(
                goods.world.workspace,
                now,
                by,
                "purchase_order.create",
                ("purchase_order", "1", "1"),
            );
            let created = goods.world.ports.purchases.create_purchase(&order, &entry);
            created.await.unwrap();
        }
        goods.world.clock.advance(Duration::seconds(16));
        let set = goods.work(&set).await;
        assert_eq!(set.status, Status::Applied, "{made}: {:?}", set.error);
        assert_eq!(set.operations[0].state, State::Applied);
        assert_eq!(goods.orders().await.len(), 1, "{made}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_changed_since_the_proposal_is_not_ordered() {
    // Another order of the same goods.
    let goods = Goods::new().await;
    let set = goods.proposed(agent(), vec![goods.wish(1, 50)]).await;
    let other = goods.applied(goods.wish(1, 5)).await;
    assert_eq!(other.status, Status::Applied, "{:?}", other.error);
    let refused = async |goods: &Goods, set: &ChangeSet, why: &str, orders: usize| {
        let set = goods.approve(set, "bob", Role::Operator).await.unwrap();
        let set = goods.work(&set).await;
        assert_eq!(set.status, Status::Failed, "{why}");
        assert_eq!(set.operations[0].state, State::Drifted, "{why}");
        assert!(
            Goods::said(&set).contains(why),
            "{why}: {}",
            Goods::said(&set)
        );
        assert_eq!(goods.orders().await.len(), orders, "{why}");
    };
    refused(&goods, &set, "another order of these goods", 1).await;
    // One of other goods, or a draft, does not matter.
    let fits = goods.applied(goods.wish(2, 5)).await;
    assert_eq!(fits.status, Status::Applied, "{:?}", fits.error);

    let goods = Goods::new().await;
    let set = goods.proposed(agent(), vec![goods.wish(1, 50)]).await;
    goods.world.clock.advance(Duration::minutes(1));
    goods.world.shop.put(mug("4.50", "2026-07-01T12:00:30Z"));
    goods.world.synced_again().await;
    refused(&goods, &set, "the cost of Mug", 0).await;

    let goods = Goods::new().await;
    let set = goods.proposed(agent(), vec![goods.wish(1, 50)]).await;
    let (workspace, id) = (goods.world.workspace, goods.supplier.id);
    let ada = person("ada");
    let archived = goods
        .purchases
        .save_supplier(workspace, Some(id), acme(true), &ada);
    archived.await.unwrap();
    refused(&goods, &set, "nothing is ordered of Acme", 0).await;
}

#[tokio::test(start_paused = true)]
async fn limits_of_orders_hold_for_whoever_approves_the_change() {
    let goods = Goods::new().await;
    // 8 000: somebody else than the author; 12 000: an admin.
    let large = goods.proposed(agent(), vec![goods.wish(1, 2_000)]).await;
    let largest = goods.proposed(agent(), vec![goods.wish(2, 3_000)]).await;
    let refused = goods.approve(&largest, "bob", Role::Operator).await;
    let Err(ChangeError::Order(refusal)) = refused else {
        panic!("{refused:?}");
    };
    assert_eq!(refusal, Refusal::NeedsAdmin);
    for (set, role) in [(&large, Role::Operator), (&largest, Role::Admin)] {
        let set = goods.approve(set, "bob", role).await.unwrap();
        let set = goods.work(&set).await;
        assert_eq!(set.status, Status::Applied, "{:?}", set.error);
    }

    // Nobody approves a large one of their own; what is left out needs nobody's yes.
    let goods = Goods::new().await;
    let wishes = || vec![goods.wish(1, 2_000), goods.wish(2, 10)];
    let own = goods.proposed(person("bob"), wishes()).await;
    let refused = goods.approve(&own, "bob", Role::Admin).await;
    assert!(
        matches!(refused, Err(ChangeError::Order(Refusal::NeedsSomebodyElse))),
        "{refused:?}"
    );
    let by = Approver {
        actor: person("bob"),
        role: Role::Operator,
    };
    let (changes, workspace) = (&goods.world.changes, goods.world.workspace);
    let digest = own.digest();
    let part = changes.approve(workspace, own.id, &by, &digest, &[1], None);
    let part = goods.work(&part.await.unwrap()).await;
    assert_eq!(
        (part.status, goods.orders().await.len()),
        (Status::Applied, 1)
    );

    // A limit that falls between the yes and the write holds.
    let goods = Goods::new().await;
    let set = goods.proposed(agent(), vec![goods.wish(1, 100)]).await;
    let set = goods.approve(&set, "bob", Role::Operator).await.unwrap();
    goods.limits(10_000, 20_000).await;
    let set = goods.work(&set).await;
    assert_eq!(set.status, Status::Failed);
    assert!(
        Goods::said(&set).contains("an admin"),
        "{}",
        Goods::said(&set)
    );
    assert!(goods.orders().await.is_empty());
}

#[tokio::test(start_paused = true)]
async fn an_order_of_a_set_that_fails_later_is_cancelled_again() {
    let goods = Goods::new().await;
    let set = goods
        .proposed(agent(), vec![goods.wish(1, 10), goods.wish(2, 100)])
        .await;
    let set = goods.approve(&set, "bob", Role::Operator).await.unwrap();
    // The second one is over what is set meanwhile.
    goods.limits(10_000, 20_000).await;
    let set = goods.work(&set).await;
    let states: Vec<_> = set.operations.iter().map(|o| o.state).collect();
    assert_eq!(
        states,
        [State::Compensated, State::Failed],
        "{:?}",
        set.error
    );
    let orders = goods.orders().await;
    assert_eq!(
        (orders.len(), orders[0].status),
        (1, PurchaseStatus::Cancelled)
    );
}

/// A person may cancel what a change ordered; the change is then taken back already.
#[tokio::test(start_paused = true)]
async fn what_somebody_cancelled_by_hand_is_taken_back_already() {
    let goods = Goods::new().await;
    let set = goods.applied(goods.wish(1, 50)).await;
    let order = goods.orders().await.remove(0);
    let (workspace, bob) = (goods.world.workspace, person("bob"));
    let how = (Closing::Cancel, None);
    let ended = goods
        .purchases
        .end(workspace, order.id, order.version, how, &bob);
    ended.await.unwrap();
    let undo = goods.undone(&set).await;
    assert_eq!(undo.operations[0].state, State::Already, "{:?}", undo.error);
    // A draft of somebody's own stays apart from all of this.
    let draft = OrderDraft {
        supplier: goods.supplier.id,
        expected_on: None,
        pay_on: None,
        note: None,
        lines: vec![LineWanted {
            variant: VariantId(1),
            quantity: 1,
            unit_cost: "4".parse().unwrap(),
        }],
    };
    goods
        .purchases
        .create(workspace, None, draft, &bob)
        .await
        .unwrap();
    let again = goods.applied(goods.wish(1, 5)).await;
    assert_eq!(again.status, Status::Applied, "{:?}", again.error);
}
