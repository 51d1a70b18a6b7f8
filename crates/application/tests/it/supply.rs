//! Buyers' lines sent by a supplier: from the mapping to the parcel, once, and never of what is held, refunded or in another order.

mod call_off;
mod holds;
mod parcels;

use crate::world::World;
use application::changes::{Approver, ChangeError};
use application::suppliers::NewSupplierAccount;
use application::supply::{MappingChange, NewMapping, Supply, SupplyError, SupplyWish};
use chrono::Duration;
use domain::audit::{Actor, ActorKind};
use domain::changes::{
    Action, ChangeSet, ChangeSetStatus as Status, OperationState as State, Seen, SeenShipping,
    Target,
};
use domain::ids::{LineId, OrderId, SupplierProductId, VariantId};
use domain::inputs::{Input, Teller};
use domain::money::{Currency, Money};
use domain::people::Role;
use domain::store::Store;
use domain::supplier::{
    MappingOrigin, Offered, OfferedVariant, OurRef, Parcel, ParcelState, Platform, Price,
    PriceRange, Recipient, Shelf, ShipQuote, ShipTime, Stock, SupplierOrder, SupplierOrderState,
    Tracked, VariantShelves, Watchlist,
};
use ports::PageRequest;
use ports::supplier_book::SupplierOrderFilter;
use rust_decimal::Decimal;
use std::collections::{BTreeMap, BTreeSet};
use testkit::fakes::Cut;
use tokio_util::sync::CancellationToken;

fn usd() -> Currency {
    Currency::parse("USD").unwrap()
}

fn person(name: &str) -> Actor {
    Actor::new(ActorKind::Person, Some(name.to_owned()), name, None)
}

struct Shop {
    world: World,
    supply: Supply,
    store: Store,
    lamp: SupplierProductId,
}

/// One variant at 3.815 dollars, shipping for 4.71: two of it are 12.34, which is what the supplier asks.
fn lamp() -> (Offered, Vec<VariantShelves>) {
    let variant = OfferedVariant {
        external_id: "V1".to_owned(),
        sku: Some("CJ-LAMP-1".to_owned()),
        price: Some(Price {
            range: PriceRange::of(Decimal::new(3_815, 3)),
            currency: usd(),
        }),
        ..OfferedVariant::default()
    };
    let product = Offered {
        external_id: "P1".to_owned(),
        title: Some("Camping lamp".to_owned()),
        on_sale: Some(true),
        variants: vec![variant],
        ..Offered::default()
    };
    let shelves = VariantShelves {
        variant: "V1".to_owned(),
        shelves: vec![Shelf {
            country: "US".to_owned(),
            stock: Stock::counted(900),
            verified: true,
        }],
    };
    (product, vec![shelves])
}

impl Shop {
    /// Orders 1 to `orders` of two units of variant `id % 3 + 1` at 10.00, and a supplier that has it.
    async fn new(orders: i64) -> Self {
        let world = World::new().await;
        world.shop.put(crate::world::product("4.00"));
        for id in 1..=orders {
            world.shop.put(crate::world::order(id, 1));
        }
        world.synced().await;
        let (product, shelves) = lamp();
        {
            let mut told = world.suppliers_told.told();
            told.products.insert("P1".to_owned(), product);
            told.stock.insert("P1".to_owned(), shelves);
            let quote = ShipQuote {
                service: "USPS+".to_owned(),
                cost: Money::new(471, usd()),
                days: Some(ShipTime {
                    min_days: 2,
                    max_days: 5,
                }),
            };
            for country in ["US", "DE", "GB"] {
                told.quotes.insert(country.to_owned(), vec![quote.clone()]);
            }
        }
        let account = NewSupplierAccount {
            workspace: world.workspace,
            store: None,
            platform: Platform::Cjdropshipping,
            base_url: None,
            api_key: "secret".into(),
            rest: None,
            watch: Watchlist {
                texts: vec!["lamp".to_owned()],
                most_products: 9,
                ..Watchlist::default()
            },
            actor: Actor::system(),
        };
        let account = world.suppliers.connect(account).await.unwrap();
        let run = world.suppliers.start(world.workspace, account.id).await;
        run.unwrap();
        let stop = CancellationToken::new();
        let worker = tokio::spawn({
            let (suppliers, stop) = (world.suppliers.clone(), stop.clone());
            async move { suppliers.run_worker(stop).await }
        });
        while world
            .suppliers
            .latest(&account)
            .await
            .unwrap()
            .is_none_or(|run| run.status.is_open())
        {
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
        stop.cancel();
        worker.await.unwrap();
        let store = world.changes.store(world.workspace, None).await.unwrap();
        let any = ports::suppliers::OfferFilter::default();
        let page = PageRequest::first(9);
        let offers = world.ports.suppliers.list_offers(store.scope, &any, &page);
        let lamp = offers.await.unwrap().items[0].id;
        let supply = world.supply();
        Self {
            world,
            supply,
            store,
            lamp,
        }
    }

    async fn map(&self, variant: i64) -> domain::supplier::SupplierMapping {
        let new = NewMapping {
            variant: VariantId(variant),
            product: self.lamp,
            supplier_variant: "CJ-LAMP-1".to_owned(),
            pieces: 1,
            origin: MappingOrigin::Person,
        };
        self.supply
            .map(&self.store, new, &person("ada"))
            .await
            .unwrap()
    }

    async fn line(&self, order: i64) -> (LineId, i64, String) {
        let found = self
            .world
            .ports
            .orders
            .find(self.store.scope, OrderId(order));
        let order = found.await.unwrap().unwrap().order;
        let line = &order.lines[0];
        (line.id, line.current_quantity, order.country.unwrap())
    }

    /// The shop shows it so, and names an address.
    async fn shows(&self, order: i64, change: impl FnOnce(&mut SeenShipping)) {
        let (line, units, country) = self.line(order).await;
        let mut seen = SeenShipping {
            is_cancelled: false,
            is_paid: true,
            is_held: false,
            open: vec![(line, units)],
            numbers: BTreeSet::new(),
        };
        change(&mut seen);
        let writer = &self.world.writer;
        writer.put(Target::Shipping(OrderId(order)), Seen::Shipping(seen));
        let recipient = Recipient {
            name: "Ann".to_owned(),
            country,
            province: None,
            province_code: None,
            city: "Austin".to_owned(),
            street: "1 Main".to_owned(),
            postcode: None,
            phone: None,
        };
        writer.send_to(OrderId(order), recipient);
    }

    async fn propose(&self, order: i64) -> Result<ChangeSet, SupplyError> {
        let wish = SupplyWish {
            lines: None,
            by: BTreeMap::new(),
            tolerance: 200,
            accepts_loss: false,
        };
        let ada = person("ada");
        self.supply
            .propose(&self.store, OrderId(order), wish, &ada)
            .await
    }

    async fn approve(&self, set: &ChangeSet) -> Result<ChangeSet, ChangeError> {
        let by = Approver {
            actor: person("bob"),
            role: Role::Operator,
        };
        let (changes, workspace) = (&self.world.changes, self.world.workspace);
        changes
            .approve(workspace, set.id, &by, &set.digest(), &[], None)
            .await
    }

    /// Until it is decided; time goes on meanwhile, as tries wait for it.
    async fn work(&self, set: &ChangeSet) -> ChangeSet {
        let (world, stop) = (&self.world, CancellationToken::new());
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
            world.clock.advance(Duration::seconds(5));
            tokio::time::sleep(std::time::Duration::from_millis(500)).await;
        };
        stop.cancel();
        worker.await.unwrap();
        set
    }

    async fn placed(&self, order: i64) -> ChangeSet {
        let set = self.propose(order).await.unwrap();
        self.approve(&set).await.unwrap();
        self.work(&set).await
    }

    async fn follow(&self) {
        self.world.clock.advance(Duration::hours(13));
        while self.supply.work_once().await.unwrap() {}
    }

    async fn orders(&self) -> Vec<SupplierOrder> {
        let any = SupplierOrderFilter::default();
        let page = PageRequest::first(250);
        let found = self.supply.orders(&self.store, &any, &page).await;
        found.unwrap().items
    }

    async fn costs(&self, order: i64) -> Vec<(Input, Teller)> {
        let inputs = &self.world.ports.inputs;
        let mut told = Vec::new();
        for kind in [
            domain::inputs::InputKind::LineCost,
            domain::inputs::InputKind::OrderShipping,
        ] {
            let all = inputs.all(self.store.scope, kind).await.unwrap();
            let of = all.into_iter().filter(|r| r.input.subject() == Some(order));
            told.extend(of.map(|r| (r.input, r.origin.told_by)));
        }
        told
    }

    fn our_ref(&self, order: i64) -> OurRef {
        OurRef::of(self.store.scope.store, OrderId(order), 0)
    }
}

#[tokio::test(start_paused = true)]
async fn a_sale_is_ordered_paid_booked_sent_and_told_once() {
    let shop = Shop::new(1).await;
    shop.map(2).await;
    shop.shows(1, |_| {}).await;
    let offer = shop.supply.offers(&shop.store, OrderId(1)).await.unwrap();
    let route = &offer.lines[0].routes[0];
    assert_eq!((route.goods.minor, route.shipping.minor), (763, 471));
    assert_eq!(route.landed, Some(1_234));
    assert_eq!(route.kept.share, None, "nothing was ordered yet");

    let set = shop.placed(1).await;
    assert_eq!((set.status, set.error.as_deref()), (Status::Applied, None));
    let supplier = &shop.world.suppliers_told.orders;
    assert_eq!(supplier.orders().len(), 1);
    assert_eq!(
        supplier.payments(),
        [(shop.our_ref(1), Money::new(1_234, usd()))]
    );

    shop.follow().await;
    let order = shop.orders().await.remove(0);
    assert_eq!(
        (order.state, order.booked),
        (SupplierOrderState::Paid, true)
    );
    let told = shop.costs(1).await;
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(told.iter().all(|(_, by)| *by == Teller::Supplier));
    let Input::LineCost(line) = &told[0].0 else {
        panic!("{told:?}")
    };
    assert_eq!(line.cost.amount, Decimal::new(3_815, 3));
    let Input::OrderShipping(sent) = &told[1].0 else {
        panic!("{told:?}")
    };
    assert_eq!(sent.amount, 471);

    supplier.send(&shop.our_ref(1), "A1");
    shop.follow().await;
    let first = shop.orders().await.remove(0).shipments[0];
    let set = shop.world.changes.find(shop.world.workspace, first).await;
    let set = shop.work(&set.unwrap().unwrap()).await;
    assert_eq!(set.status, Status::Applied, "{:?}", set.error);
    // A second parcel is added to what was told.
    supplier.send(&shop.our_ref(1), "B2");
    shop.follow().await;
    shop.follow().await;
    let order = shop.orders().await.remove(0);
    assert_eq!(order.shipments.len(), 2);
    let set = shop
        .world
        .changes
        .find(shop.world.workspace, order.shipments[1]);
    let set = shop.work(&set.await.unwrap().unwrap()).await;
    assert_eq!(set.status, Status::Applied, "{:?}", set.error);
    let effects = shop.world.writer.effects();
    let numbers: Vec<Vec<String>> = effects
        .iter()
        .map(|e| match &e.action {
            Action::Ship(s) => s
                .parcels
                .iter()
                .map(|p: &Parcel| p.number.clone())
                .collect(),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(numbers, [vec!["A1"], vec!["A1", "B2"]]);

    for number in ["A1", "B2"] {
        let tracked = Tracked {
            number: number.to_owned(),
            carrier: None,
            state: ParcelState::Delivered,
            said: None,
            last_number: None,
        };
        let mut told = shop.world.suppliers_told.told();
        told.parcels.insert(number.to_owned(), tracked);
    }
    shop.follow().await;
    let order = shop.orders().await.remove(0);
    assert_eq!(order.state, SupplierOrderState::Delivered);
    shop.follow().await;
    let order = shop.orders().await.remove(0);
    assert_eq!((order.next_look_at, order.in_time()), (None, Some(true)));
    // It is not had a second time.
    let again = shop.propose(1).await;
    assert!(matches!(again, Err(SupplyError::Invalid(f)) if f[0].message.contains("ordered at")));
}

#[tokio::test(start_paused = true)]
async fn nothing_is_ordered_of_what_is_held_refunded_unpaid_or_not_mapped() {
    let shop = Shop::new(1).await;
    let refused = |why: &'static str| {
        let shop = &shop;
        async move {
            match shop.propose(1).await {
                Err(SupplyError::Invalid(faults)) => {
                    assert!(faults[0].message.contains(why), "{faults:?}");
                }
                other => panic!("{why}: {other:?}"),
            }
        }
    };
    shop.shows(1, |_| {}).await;
    refused("mapped").await;
    let mapping = shop.map(2).await;
    shop.shows(1, |s| s.is_held = true).await;
    refused("held").await;
    shop.shows(1, |s| s.is_paid = false).await;
    refused("not paid").await;
    shop.shows(1, |s| s.open.clear()).await;
    refused("refunded").await;
    shop.shows(1, |s| s.is_cancelled = true).await;
    refused("cancelled").await;
    // It costs more than it was sold for.
    shop.shows(1, |_| {}).await;
    let change = MappingChange {
        version: mapping.version,
        supplier_variant: mapping.supplier_variant.clone(),
        pieces: 9,
    };
    let (id, ada) = (mapping.id, person("ada"));
    let changed = shop.supply.change_mapping(&shop.store, id, change, &ada);
    changed.await.unwrap();
    refused("costs more").await;
    shop.supply.unmap(&shop.store, id, &ada).await.unwrap();
    refused("mapped").await;
    assert_eq!(shop.world.suppliers_told.orders.orders(), []);
}

/// What changes between the approval and the order stops it, and nothing is paid.
#[tokio::test(start_paused = true)]
async fn what_was_held_or_refunded_after_the_approval_is_not_ordered() {
    for held in [true, false] {
        let shop = Shop::new(1).await;
        shop.map(2).await;
        shop.shows(1, |_| {}).await;
        let set = shop.propose(1).await.unwrap();
        shop.approve(&set).await.unwrap();
        shop.shows(1, |s| match held {
            true => s.is_held = true,
            false => s.open[0].1 = 1,
        })
        .await;
        let set = shop.work(&set).await;
        assert_eq!(set.operations[0].state, State::Drifted, "{set:?}");
        assert_eq!(shop.world.suppliers_told.orders.orders(), []);
        assert_eq!(shop.orders().await, []);
    }
}

#[tokio::test(start_paused = true)]
async fn two_approved_orders_of_the_same_line_are_one() {
    let shop = Shop::new(1).await;
    shop.map(2).await;
    shop.shows(1, |_| {}).await;
    let (one, two) = (shop.propose(1).await, shop.propose(1).await);
    let (one, two) = (one.unwrap(), two.unwrap());
    shop.approve(&one).await.unwrap();
    shop.approve(&two).await.unwrap();
    shop.work(&one).await;
    shop.work(&two).await;
    let supplier = &shop.world.suppliers_told.orders;
    assert_eq!((supplier.orders().len(), supplier.payments().len()), (1, 1));
}

/// A quarter of all calls that change something is cut, before or after it has its effect.
#[tokio::test(start_paused = true)]
async fn with_a_quarter_of_all_answers_lost_nothing_is_ordered_or_paid_twice() {
    const ORDERS: i64 = 60;
    let shop = Shop::new(ORDERS).await;
    for variant in 1..=3 {
        shop.map(variant).await;
    }
    let supplier = shop.world.suppliers_told.orders.clone();
    let mut seed = 7_u64;
    let cuts = (0..ORDERS * 20).map(|_| {
        seed = seed
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        match (seed >> 33) % 8 {
            0 => Some(Cut::After),
            1 => Some(Cut::Before),
            _ => None,
        }
    });
    supplier.cut(cuts);
    for id in 1..=ORDERS {
        shop.shows(id, |_| {}).await;
        let set = shop.placed(id).await;
        assert_eq!(set.status, Status::Applied, "{id}: {:?}", set.error);
    }
    let refs: BTreeSet<_> = supplier.payments().into_iter().map(|(r, _)| r).collect();
    assert_eq!(supplier.orders().len() as i64, ORDERS);
    assert_eq!(
        supplier.payments().len() as i64,
        ORDERS,
        "none is paid twice"
    );
    assert_eq!(refs.len() as i64, ORDERS);
    shop.follow().await;
    let orders = shop.orders().await;
    assert!(
        orders
            .iter()
            .all(|o| o.state == SupplierOrderState::Paid && o.booked)
    );
}

/// Workers die at any moment of it, before and after a call has its effect, and a quarter of the calls that change something is cut.
#[tokio::test(start_paused = true)]
async fn workers_that_die_at_any_moment_order_and_pay_once() {
    const ORDERS: i64 = 40;
    let shop = Shop::new(ORDERS).await;
    for variant in 1..=3 {
        shop.map(variant).await;
    }
    let supplier = shop.world.suppliers_told.orders.clone();
    let mut seed = 11_u64;
    let mut chance = move |of: u64| {
        seed = seed
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) % of
    };
    let mut kills = 0;
    for id in 1..=ORDERS {
        shop.shows(id, |_| {}).await;
        let set = shop.propose(id).await.unwrap();
        shop.approve(&set).await.unwrap();
        supplier.take(std::time::Duration::from_millis(2));
        let cut = |roll| match roll {
            0 => Some(Cut::After),
            1 => Some(Cut::Before),
            _ => None,
        };
        supplier.cut((0..4).map(|_| cut(chance(8))).collect::<Vec<_>>());
        // Six workers die on each at most; the last one is let.
        for _ in 0..6 {
            let changes = shop.world.changes.clone();
            let worker =
                tokio::spawn(async move { changes.run_worker(CancellationToken::new()).await });
            tokio::time::sleep(std::time::Duration::from_millis(1 + chance(30))).await;
            worker.abort();
            let _ = worker.await;
            kills += 1;
            shop.world.clock.advance(Duration::seconds(120));
            let found = shop.world.changes.find(shop.world.workspace, set.id).await;
            if !found.unwrap().unwrap().status.is_work() {
                break;
            }
        }
        let set = shop.work(&set).await;
        assert_eq!(set.status, Status::Applied, "{id}: {:?}", set.error);
    }
    assert!(kills >= 100, "{kills} died");
    let refs: BTreeSet<_> = supplier.payments().into_iter().map(|(r, _)| r).collect();
    assert_eq!(supplier.orders().len() as i64, ORDERS);
    assert_eq!(
        (supplier.payments().len(), refs.len()),
        (ORDERS as usize, ORDERS as usize)
    );
}

#[tokio::test(start_paused = true)]
async fn an_order_that_got_dearer_is_not_paid_and_one_that_never_came_is_free_again() {
    let shop = Shop::new(1).await;
    shop.map(2).await;
    shop.shows(1, |_| {}).await;
    // It is quoted for less than the supplier asks in the end.
    for quotes in shop.world.suppliers_told.told().quotes.values_mut() {
        quotes[0].cost.minor = 400;
    }
    let supplier = shop.world.suppliers_told.orders.clone();
    let set = shop.placed(1).await;
    assert_ne!(set.status, Status::Applied);
    assert_eq!((supplier.orders().len(), supplier.payments().len()), (1, 0));
    assert!(
        set.operations[0]
            .error
            .as_deref()
            .unwrap()
            .contains("nothing was paid")
    );
    shop.follow().await;
    let order = shop.orders().await.remove(0);
    assert_eq!(order.state, SupplierOrderState::Unpaid);
    assert!(order.why.unwrap().contains("nothing was paid"));

    let shop = Shop::new(1).await;
    shop.map(2).await;
    shop.shows(1, |_| {}).await;
    let set = shop.propose(1).await.unwrap();
    shop.approve(&set).await.unwrap();
    // Every call is lost on its way: nobody knows, until it is looked for.
    let supplier = shop.world.suppliers_told.orders.clone();
    supplier.cut(std::iter::repeat_n(Some(Cut::Before), 50));
    let set = shop.work(&set).await;
    assert_eq!(set.status, Status::Unknown, "{:?}", set.error);
    shop.follow().await;
    assert_eq!(shop.orders().await[0].state, SupplierOrderState::Placing);
}

#[tokio::test]
async fn two_open_proposals_of_one_order_have_numbers_of_their_own() {
    let shop = Shop::new(1).await;
    let variant = {
        let found = shop.world.ports.orders.find(shop.store.scope, OrderId(1));
        found.await.unwrap().unwrap().order.lines[0]
            .variant
            .unwrap()
    };
    shop.map(variant.0).await;
    shop.shows(1, |_| {}).await;
    let (ada, mut refs) = (person("ada"), BTreeSet::new());
    for _ in 0..2 {
        let wish = SupplyWish {
            lines: None,
            by: BTreeMap::new(),
            tolerance: 200,
            accepts_loss: true,
        };
        let set = shop.supply.propose(&shop.store, OrderId(1), wish, &ada);
        let set = set.await.unwrap();
        for operation in &set.operations {
            match &operation.action {
                Action::SupplierOrder(plan) => assert!(refs.insert(plan.our_ref.clone())),
                other => panic!("{other:?}"),
            }
        }
    }
    assert_eq!(refs.len(), 2);
}

#[tokio::test]
async fn mappings_go_out_as_a_table_and_come_back_looked_at_row_by_row() {
    use application::supply::{MAPPING_COLUMNS, RowOutcome};
    let (shop, ada) = (Shop::new(1).await, person("ada"));
    let lamp = shop.lamp.to_string();
    let file = |rows: &[&str]| {
        let head = "variant_id;supplier_product_id;supplier_variant;pieces\n";
        format!("{head}{}\n", rows.join("\n")).into_bytes()
    };
    let bad = [
        format!("2;{lamp};CJ-LAMP-1;2"),
        format!("999;{lamp};CJ-LAMP-1;1"),
        format!("3;{lamp};no such;0"),
        format!("2;{lamp};CJ-LAMP-1;5"),
    ];
    let bad: Vec<&str> = bad.iter().map(String::as_str).collect();
    let look = shop
        .supply
        .mappings_from_file(&shop.store, file(&bad), (false, false), &ada)
        .await
        .unwrap();
    let told: Vec<String> = look
        .rows
        .iter()
        .map(|r| match &r.outcome {
            RowOutcome::Refused(why) => why.clone(),
            other => format!("{other:?}"),
        })
        .collect();
    assert_eq!(
        told,
        [
            "New",
            "variant_id is not known in this store",
            "pieces is a number between 1 and 1000; supplier_variant is no variant of that product",
            "an earlier row maps the same two",
        ]
    );
    assert_eq!(look.rows[1].line, 3);
    let any = ports::supplier_book::MappingFilter::default();
    let page = PageRequest::first(9);
    let stored = || async {
        let found = shop.supply.mappings(&shop.store, &any, &page).await;
        found.unwrap().items
    };
    assert_eq!(stored().await, [], "a look writes nothing");
    let whole = shop
        .supply
        .mappings_from_file(&shop.store, file(&bad), (true, false), &ada)
        .await;
    assert!(matches!(whole, Err(SupplyError::Invalid(f)) if f[0].field == "file"));
    assert_eq!(stored().await, []);
    let good = shop
        .supply
        .mappings_from_file(&shop.store, file(&bad), (true, true), &ada)
        .await
        .unwrap();
    assert!(good.applied);
    assert_eq!(stored().await.len(), 1);
    assert_eq!(stored().await[0].pieces, 2);

    // What is exported is read back, and changes nothing.
    let rows = shop.supply.mappings_as_rows(&shop.store).await.unwrap();
    let lines: Vec<String> = rows.iter().map(|r| r.join(",")).collect();
    let exported = format!("{}\n{}\n", MAPPING_COLUMNS.join(","), lines.join("\n"));
    let again = shop
        .supply
        .mappings_from_file(&shop.store, exported.into_bytes(), (true, false), &ada)
        .await
        .unwrap();
    assert_eq!(again.rows[0].outcome, RowOutcome::Unchanged);
    assert_eq!(stored().await[0].version, 1);
    let nothing = shop
        .supply
        .mappings_from_file(&shop.store, b"a,b\n1,2\n".to_vec(), (false, false), &ada)
        .await;
    assert!(matches!(nothing, Err(SupplyError::Invalid(_))));
}

#[tokio::test]
async fn what_a_dearer_supplier_means_for_a_listing_is_told_with_a_price_and_who_else_has_it() {
    use domain::supplier::Alert;
    let shop = Shop::new(1).await;
    let quiet = shop.supply.touched(&shop.store).await.unwrap();
    assert_eq!((quiet.looked_at, quiet.touched.len()), (0, 0));
    shop.map(1).await;
    let before = shop.supply.touched(&shop.store).await.unwrap();
    assert_eq!(before.looked_at, 1);
    let suppliers = &shop.world.ports.suppliers;
    let mut lamp = suppliers
        .offers(shop.store.scope, &[shop.lamp])
        .await
        .unwrap()[0]
        .clone();
    let variant = &mut lamp.variants[0];
    let cost = variant.cost.as_mut().unwrap();
    cost.value.range = PriceRange::of(Decimal::from(500));
    let stock = variant.stock.as_mut().unwrap();
    stock.value = Stock::counted(0);
    // Somebody else has it, under the same title.
    let mut other = lamp.clone();
    other.id = SupplierProductId(uuid::Uuid::from_u128(7));
    other.supplier = Some("Zeta".to_owned());
    other.variants[0].cost.as_mut().unwrap().value.range = PriceRange::of(Decimal::from(2));
    other.variants[0].stock.as_mut().unwrap().value = Stock::counted(9);
    let both = [lamp, other];
    let saved = suppliers.save_offers(shop.store.scope, &both, &[], &[]);
    saved.await.unwrap();
    let opportunities = application::opportunities::Opportunities::new(
        shop.world.ports.clone(),
        shop.world.hub.clone(),
        shop.world.changes.clone(),
    );
    let settings = opportunities.settings(&shop.store).await.unwrap();
    let change = application::opportunities::SettingsChange {
        version: settings.version,
        settings: settings.settings,
    };
    let ada = person("ada");
    let scored = opportunities.set_settings(&shop.store, change, &ada);
    scored.await.unwrap();
    let told = shop.supply.touched(&shop.store).await.unwrap();
    let one = &told.touched[0];
    assert_eq!(one.variant, VariantId(1));
    assert_eq!(one.alerts[0], Alert::OutOfStock);
    assert!(
        matches!(one.alerts[1], Alert::Loses { left } if left < 0),
        "{one:?}"
    );
    assert!(
        one.price.is_some_and(|p| p > one.sold.cost.unwrap()),
        "{one:?}"
    );
    assert_eq!(one.instead[0].supplier, "Zeta");
    assert!(!one.instead[0].mapped && one.instead[0].variant.is_some());
    assert_eq!(one.instead[0].goods, Some(200));
}

#[tokio::test(start_paused = true)]
async fn an_agent_proposes_what_can_be_had_once_and_a_person_lets_it_out() {
    use application::agents::ConfigChange;
    use domain::agents::{AgentRun, Autonomy, RunStatus};
    const AGENT: &str = "supplier_ordering";
    let (shop, ada) = (Shop::new(2).await, person("ada"));
    shop.map(2).await;
    shop.shows(1, |_| {}).await;
    let agents = &shop.world.agents;
    let before = agents.standing(&shop.store, AGENT).await.unwrap().config;
    let change = ConfigChange {
        version: before.version,
        autonomy: Some(Autonomy::Propose),
        reason: Some("it has shown what it can do".into()),
        ..ConfigChange::default()
    };
    let set = agents.configure(&shop.store, AGENT, change, ada.clone());
    set.await.unwrap();
    let looked = || async {
        let run = agents.start(&shop.store, AGENT, serde_json::json!({}), ada.clone());
        let id = run.await.unwrap().id;
        let stop = CancellationToken::new();
        let worker = tokio::spawn({
            let (agents, stop) = (agents.clone(), stop.clone());
            async move { agents.run_worker(stop).await }
        });
        let run: AgentRun = loop {
            let run = agents
                .find(shop.world.workspace, id)
                .await
                .unwrap()
                .unwrap();
            if run.status == RunStatus::WaitingApproval || !run.status.is_open() {
                break run;
            }
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
            shop.world.clock.advance(Duration::milliseconds(100));
        };
        stop.cancel();
        worker.await.unwrap();
        run
    };
    let run = looked().await;
    assert_eq!(run.status, RunStatus::WaitingApproval, "{:?}", run.error);
    let id = run.change_sets[0];
    let changes = &shop.world.changes;
    let set = changes
        .find(shop.world.workspace, id)
        .await
        .unwrap()
        .unwrap();
    assert!(matches!(&set.operations[0].action, Action::SupplierOrder(p) if p.order == OrderId(1)));
    assert_eq!(
        shop.world.suppliers_told.orders.orders(),
        [],
        "nothing left"
    );
    let again = looked().await;
    assert_eq!(again.status, RunStatus::Succeeded, "{:?}", again.error);
    assert!(again.change_sets.is_empty());
    shop.approve(&set).await.unwrap();
    let set = shop.work(&set).await;
    assert_eq!(set.status, Status::Applied, "{set:?}");
    assert_eq!(shop.world.suppliers_told.orders.payments().len(), 1);
}
