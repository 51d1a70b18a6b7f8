//! Files through the whole way: upload, check, import, undo, over the fakes.

use crate::world::World;
use application::events::EventHub;
use application::imports::{ImportError, Imports, NewImport};
use bytes::Bytes;
use domain::ids::{ImportId, StoreScope};
use domain::import::{Import, ImportStatus, RowProblem};
use domain::inputs::{Input, InputKind};
use domain::ledger::EntryKind;
use ports::PageRequest;
use ports::orders::StoredOrder;
use tokio_util::sync::CancellationToken;

const ORDERS: &str = "\
Name,Email,Financial Status,Paid at,Currency,Subtotal,Shipping,Taxes,Total,Discount Amount,Created at,\
Lineitem quantity,Lineitem name,Lineitem price,Lineitem sku,Refunded Amount,Cancelled at,Payment Method,Id,Shipping Country
#1,a@example.com,paid,2026-01-05 10:00:00 -0500,USD,25.00,5.00,3.00,33.00,5.00,2026-01-05 10:00:00 -0500,2,Mug,10.00,MUG,0.00,,shopify_payments,1001,US
#1,,,,,,,,,,2026-01-05 10:00:00 -0500,1,Tea,10.00,TEA,,,,,
#2,b@example.com,refunded,2026-01-06 10:00:00 -0500,USD,10.00,0.00,0.00,10.00,0.00,2026-01-06 10:00:00 -0500,1,Tea,10.00,TEA,10.00,2026-01-07 09:00:00 -0500,paypal,1002,DE
";

fn scope() -> StoreScope {
    testkit::builders::scope(1, 1)
}

/// A store in US dollars and New York's zone, without a connection.
async fn world() -> (World, Imports) {
    let world = World::new().await;
    let mut store = testkit::builders::store(1, 1);
    store.currency = domain::money::Currency::parse("USD").unwrap();
    store.timezone = "America/New_York".to_owned();
    world.ports.connections.save_store(&store).await.unwrap();
    let hub = EventHub::new(&world.ports);
    let imports = Imports::new(world.ports.clone(), hub, &world.connections);
    (world, imports)
}

async fn upload(imports: &Imports, text: &str) -> Result<Import, ImportError> {
    let mut upload = imports.upload().await?;
    for chunk in text.as_bytes().chunks(7) {
        upload.write(Bytes::copy_from_slice(chunk)).await?;
    }
    let new = NewImport {
        scope: scope(),
        file_name: "file.csv".to_owned(),
        kind: None,
        mapping: None,
    };
    upload.finish(new).await
}

/// Works until nothing is left to do.
async fn settle(_world: &World, imports: &Imports, id: ImportId) -> Import {
    let stop = CancellationToken::new();
    let worker = tokio::spawn({
        let (imports, stop) = (imports.clone(), stop.clone());
        async move { imports.run_worker(stop).await }
    });
    let import = loop {
        let import = imports.find(scope().workspace, id).await.unwrap();
        if !import.status.is_work() {
            break import;
        }
        tokio::task::yield_now().await;
    };
    stop.cancel();
    worker.await.unwrap();
    import
}

async fn checked(world: &World, imports: &Imports, text: &str) -> Import {
    let import = upload(imports, text).await.unwrap();
    assert_eq!(import.faults, []);
    let import = imports.check(scope().workspace, import.id).await.unwrap();
    settle(world, imports, import.id).await
}

async fn imported(world: &World, imports: &Imports, text: &str) -> Import {
    let import = checked(world, imports, text).await;
    let problems = problems(imports, import.id).await;
    assert_eq!(
        import.status,
        ImportStatus::Checked,
        "{:?} {problems:?}",
        import.report
    );
    let started = imports
        .start(scope().workspace, import.id, false)
        .await
        .unwrap();
    let done = settle(world, imports, started.id).await;
    assert_eq!(done.status, ImportStatus::Done, "{:?}", done.error);
    done
}

async fn problems(imports: &Imports, id: ImportId) -> Vec<RowProblem> {
    let page = PageRequest::first(250);
    imports
        .problems(scope().workspace, id, &page)
        .await
        .unwrap()
        .items
}

async fn orders(world: &World) -> Vec<StoredOrder> {
    world
        .ports
        .orders
        .walk(scope(), None, None, 250)
        .await
        .unwrap()
}

#[tokio::test]
async fn a_file_of_orders_becomes_orders_whose_ledgers_come_to_its_totals() {
    let (world, imports) = world().await;
    let done = imported(&world, &imports, ORDERS).await;
    assert_eq!(done.place.counts.created, 2);
    let orders = orders(&world).await;
    let sum = |n: usize| orders[n].ledger.sum(EntryKind::is_charged);
    assert_eq!((sum(0), sum(1)), (3300, 0));
    assert_eq!(orders[0].ledger.sum(|k| k == EntryKind::GrossSale), 3000);
    assert_eq!(orders[0].ledger.sum(|k| k == EntryKind::Discount), -500);
    assert_eq!(orders[0].ledger.sum(|k| k == EntryKind::Tax), 300);
    let person = orders[0].order.customer.unwrap();
    assert!(person.0 < 0 && Some(person) != orders[1].order.customer);
    let stored = serde_json::to_string(&orders[0].order).unwrap();
    assert!(!stored.contains("example.com"), "no address is kept");
    assert!(matches!(
        world.ports.import_files.open(done.id),
        Err(e) if e.kind == ports::Kind::NotFound
    ));
}

#[tokio::test]
async fn the_same_file_again_changes_nothing_and_is_recognised() {
    let (world, imports) = world().await;
    let first = imported(&world, &imports, ORDERS).await;
    let before = orders(&world).await;
    let again = upload(&imports, ORDERS).await.unwrap();
    assert_eq!(again.same_as, Some(first.id));
    assert!(again.mapping_reused);
    let again = imported(&world, &imports, ORDERS).await;
    assert_eq!(
        (again.place.counts.unchanged, again.place.counts.written()),
        (2, 0)
    );
    assert_eq!(orders(&world).await, before);
}

#[tokio::test]
async fn an_undo_restores_what_was_there_in_whatever_order_imports_are_undone() {
    let (world, imports) = world().await;
    let first = imported(&world, &imports, ORDERS).await;
    let after_first = orders(&world).await;
    let second_text = ORDERS
        .replace("33.00", "31.00")
        .replace("25.00,5.00", "25.00,3.00");
    let second = imported(&world, &imports, &second_text).await;
    assert_eq!(
        (second.place.counts.changed, second.place.counts.unchanged),
        (1, 1)
    );

    let undone = imports.undo(scope().workspace, second.id).await.unwrap();
    let undone = settle(&world, &imports, undone.id).await;
    assert_eq!(undone.status, ImportStatus::Undone);
    let facts = |all: &[StoredOrder]| {
        all.iter()
            .map(|s| (s.order.clone(), s.ledger.clone()))
            .collect::<Vec<_>>()
    };
    assert_eq!(facts(&orders(&world).await), facts(&after_first));

    // Again, and now the older one first: what it wrote was overwritten, so nothing visible changes until the newer one goes.
    let third = imported(&world, &imports, &second_text).await;
    let seen = facts(&orders(&world).await);
    imports.undo(scope().workspace, first.id).await.unwrap();
    settle(&world, &imports, first.id).await;
    assert_eq!(facts(&orders(&world).await), seen);
    imports.undo(scope().workspace, third.id).await.unwrap();
    settle(&world, &imports, third.id).await;
    assert_eq!(orders(&world).await, []);
    let rollups = world.ports.reports.all(scope()).await.unwrap();
    assert!(rollups.values().all(|m| m.is_zero()), "{rollups:?}");
    // And once more from nothing: no tombstone is in the way.
    let fourth = imported(&world, &imports, ORDERS).await;
    assert_eq!(fourth.place.counts.created, 2);
}

#[tokio::test]
async fn a_file_with_refused_rows_imports_nothing_unless_the_good_ones_are_chosen() {
    let (world, imports) = world().await;
    let text = ORDERS.replace("1,Tea,10.00,TEA,,", "x,Tea,10.00,TEA,,");
    let import = checked(&world, &imports, &text).await;
    let report = import.report.clone().unwrap();
    assert_eq!((report.good, report.refused), (1, 1));
    let problems = problems(&imports, import.id).await;
    let found = problems
        .iter()
        .find(|p| p.column.as_deref() == Some("Lineitem quantity"))
        .unwrap();
    assert_eq!(
        (found.row, found.value.as_deref(), found.reason.as_str()),
        (3, Some("x"), "is not a number")
    );
    let refused = imports.start(scope().workspace, import.id, false).await;
    assert!(matches!(refused, Err(ImportError::NotNow(_))));
    assert_eq!(orders(&world).await, []);
    imports
        .start(scope().workspace, import.id, true)
        .await
        .unwrap();
    let done = settle(&world, &imports, import.id).await;
    assert_eq!(
        (done.place.counts.created, done.place.counts.refused),
        (1, 1)
    );
    assert_eq!(
        orders(&world).await[0].order.name,
        "#2",
        "of orders whole ones only"
    );
}

#[tokio::test]
async fn what_the_connection_told_is_kept() {
    let (world, imports) = world().await;
    imported(&world, &imports, ORDERS).await;
    let mut told = orders(&world).await[0].order.clone();
    told.updated_at = "2026-01-08T00:00:00Z".parse().unwrap();
    told.tags = vec!["from the provider".to_owned()];
    let ledger = orders(&world).await[0].ledger.clone();
    let booked = ports::orders::BookedOrder {
        order: told.clone(),
        ledger,
    };
    let now = world.ports.clock.now();
    world
        .ports
        .orders
        .save(scope(), &[booked], now)
        .await
        .unwrap();
    let again = imported(&world, &imports, ORDERS).await;
    assert_eq!(again.place.counts.kept, 1);
    imports.undo(scope().workspace, again.id).await.unwrap();
    settle(&world, &imports, again.id).await;
    assert_eq!(orders(&world).await[0].order, told);
}

#[tokio::test]
async fn questions_are_asked_and_their_answers_let_the_check_go_on() {
    let (world, imports) = world().await;
    let text = ORDERS
        .replace("2026-01-05 10:00:00 -0500", "1/5/26 10:00")
        .replace("2026-01-06 10:00:00 -0500", "1/6/26 10:00")
        .replace("2026-01-07 09:00:00 -0500", "1/7/26 09:00")
        .replace(",1001,", ",5.27763E+12,")
        .replace(",1002,", ",5.27763E+12,");
    let import = checked(&world, &imports, &text).await;
    let report = import.report.clone().unwrap();
    let keys: Vec<&str> = report.questions.iter().map(|q| q.key.as_str()).collect();
    assert_eq!(keys, ["date_order", "order_ids"]);
    let mut mapping = import.mapping.clone().unwrap();
    mapping
        .answers
        .insert("date_order".to_owned(), "month_first".to_owned());
    mapping
        .answers
        .insert("order_ids".to_owned(), "by_name".to_owned());
    imports
        .set_mapping(scope().workspace, import.id, mapping)
        .await
        .unwrap();
    imports.check(scope().workspace, import.id).await.unwrap();
    settle(&world, &imports, import.id).await;
    imports
        .start(scope().workspace, import.id, false)
        .await
        .unwrap();
    let done = settle(&world, &imports, import.id).await;
    assert_eq!(done.place.counts.created, 2);
    assert!(orders(&world).await.iter().all(|o| o.order.id.0 < 0));
}

#[tokio::test]
async fn a_file_that_is_none_is_refused_by_name_and_not_kept() {
    let (world, imports) = world().await;
    let error = upload(&imports, "PK\u{3}\u{4}xl/workbook.xml")
        .await
        .unwrap_err();
    assert!(error.to_string().contains("Excel workbook"), "{error}");
    assert_eq!(world.ports.import_files.list().await.unwrap(), []);
    let small = imports.clone().with_cap(20);
    let error = upload(&small, ORDERS).await.unwrap_err();
    assert!(matches!(error, ImportError::TooLarge(20)));
    assert_eq!(world.ports.import_files.list().await.unwrap(), []);
}

#[tokio::test]
async fn a_cost_sheet_tells_inputs_and_its_undo_takes_them_back() {
    let (world, imports) = world().await;
    imported(&world, &imports, ORDERS).await;
    let unknown = checked(&world, &imports, "SKU;Cost\nCUP;1,50\n").await;
    assert_eq!(unknown.status, ImportStatus::Refused);
    let problems = problems(&imports, unknown.id).await;
    assert_eq!(
        problems[0].reason,
        "is not in the store's catalogue, nor in any of its orders"
    );
    let first = imported(
        &world,
        &imports,
        "SKU;Cost;Valid from\nMUG;4,50;2026-01-01\nTEA;2,25;2026-01-01\n",
    )
    .await;
    let second = imported(
        &world,
        &imports,
        "SKU;Cost;Valid from\nMUG;4,75;2026-01-01\n",
    )
    .await;
    assert_eq!(
        (first.place.counts.created, second.place.counts.changed),
        (2, 1)
    );
    let costs = || async {
        let all = world
            .ports
            .inputs
            .all(scope(), InputKind::VariantCost)
            .await
            .unwrap();
        let amounts = all.iter().filter_map(|r| match &r.input {
            Input::VariantCost(c) => c.cost.map(|c| c.amount.to_string()),
            _ => None,
        });
        let mut amounts: Vec<_> = amounts.collect();
        amounts.sort();
        amounts
    };
    assert_eq!(costs().await, ["2.25", "4.75"]);
    // The older one first: what it told of the tea goes, the mug is the newer one's.
    for (id, left) in [(first.id, vec!["4.75"]), (second.id, vec![])] {
        imports.undo(scope().workspace, id).await.unwrap();
        settle(&world, &imports, id).await;
        assert_eq!(costs().await, left);
    }
}

#[tokio::test]
async fn a_month_of_ad_spend_is_spread_over_its_days_to_the_cent() {
    let (world, imports) = world().await;
    let done = imported(
        &world,
        &imports,
        "Month,Channel,Spend\n2026-02,Meta,100.00\n",
    )
    .await;
    assert_eq!(done.place.counts.created, 28);
    let all = world
        .ports
        .inputs
        .all(scope(), InputKind::AdSpend)
        .await
        .unwrap();
    let amounts = all.iter().filter_map(|r| match &r.input {
        Input::AdSpend(s) => Some(s.amount),
        _ => None,
    });
    assert_eq!(amounts.sum::<i64>(), 10_000);
}

#[tokio::test]
async fn rates_come_and_go_with_their_import() {
    let (world, imports) = world().await;
    let first = imported(
        &world,
        &imports,
        "Date;Base;Quote;Rate\n2026-01-05;USD;EUR;0,92\n2026-01-06;USD;EUR;0,93\n",
    )
    .await;
    assert_eq!(first.place.counts.created, 2);
    let second = imported(
        &world,
        &imports,
        "Date,Base,Quote,Rate\n2026-01-06,USD,EUR,0.95\n",
    )
    .await;
    assert_eq!(second.place.counts.changed, 1);
    let values = || async {
        let page = PageRequest::first(50);
        let filter = ports::rates::RateFilter::default();
        let all = world
            .ports
            .rates
            .list(scope().workspace, filter, &page)
            .await
            .unwrap();
        all.items
            .iter()
            .map(|r| r.rate.value.to_string())
            .collect::<Vec<_>>()
    };
    assert_eq!(values().await, ["0.95", "0.92"]);
    imports.undo(scope().workspace, second.id).await.unwrap();
    settle(&world, &imports, second.id).await;
    assert_eq!(values().await, ["0.93", "0.92"]);
    imports.undo(scope().workspace, first.id).await.unwrap();
    settle(&world, &imports, first.id).await;
    assert_eq!(values().await, [""; 0]);
}

#[tokio::test]
async fn an_undo_of_costs_leaves_what_a_person_changed_since() {
    let (world, imports) = world().await;
    imported(&world, &imports, ORDERS).await;
    let sheet = "SKU;Cost;Valid from\nMUG;4,50;2026-01-01\nTEA;2,25;2026-01-01\n";
    let first = imported(&world, &imports, sheet).await;
    let all = world.ports.inputs.all(scope(), InputKind::VariantCost);
    let mut mug = all.await.unwrap();
    mug.retain(|r| matches!(&r.input, Input::VariantCost(c) if c.cost.unwrap().amount.to_string() == "4.50"));
    let Input::VariantCost(mut told) = mug[0].input.clone() else {
        unreachable!("a cost");
    };
    told.cost = told.cost.map(|c| domain::catalog::UnitCost {
        amount: "5.00".parse().unwrap(),
        ..c
    });
    let person = domain::inputs::Origin::person(None, world.ports.clock.now());
    let change = domain::inputs::InputChange::put(Input::VariantCost(told), person);
    let hub = EventHub::new(&world.ports);
    let costs = application::costs::Costs::new(world.ports.clone(), hub, &world.connections);
    let store = costs.store(scope().workspace, None).await.unwrap();
    costs
        .apply(&store, &[change], "by hand", None, None)
        .await
        .unwrap();

    imports.undo(scope().workspace, first.id).await.unwrap();
    let undone = settle(&world, &imports, first.id).await;
    assert_eq!(undone.status, ImportStatus::Undone);
    let left = world.ports.inputs.all(scope(), InputKind::VariantCost);
    let left: Vec<_> = left
        .await
        .unwrap()
        .into_iter()
        .filter_map(|r| match r.input {
            Input::VariantCost(c) => c.cost.map(|c| c.amount.to_string()),
            _ => None,
        })
        .collect();
    assert_eq!(
        left,
        ["5.00"],
        "the tea's went, the mug's is a person's now"
    );
}

/// The older export has no column with the order's number.
const WITHOUT_NUMBERS: &str = "\
Name,Email,Financial Status,Paid at,Currency,Subtotal,Shipping,Taxes,Total,Discount Amount,Created at,\
Lineitem quantity,Lineitem name,Lineitem price,Lineitem sku,Payment Method,Shipping Country
#1,a@example.com,paid,2026-06-20 10:00:00 -0400,USD,20.00,0.00,0.00,20.00,0.00,2026-06-20 10:00:00 -0400,2,Mug,10.00,MUG,shopify_payments,US
#2,b@example.com,paid,2024-06-20 10:00:00 -0400,USD,20.00,0.00,0.00,20.00,0.00,2024-06-20 10:00:00 -0400,2,Mug,10.00,MUG,shopify_payments,US
";

#[tokio::test]
async fn an_imported_order_gives_way_to_the_providers_own_of_the_same_name_and_time() {
    use crate::world::{order, product};
    let world = World::new().await;
    world.shop.put(product("4.00"));
    // Sold on 21 and 29 June 2026: the first is the file's #1; the file's #2 is an order of another time with the same name.
    world.shop.put(order(1, 11));
    world.shop.put(order(2, 2));
    let connection = world.connected().await.connection.id;
    let store = world.scope().await;
    let hub = EventHub::new(&world.ports);
    let imports = Imports::new(world.ports.clone(), hub, &world.connections);
    let mut upload = imports.upload().await.unwrap();
    let body = Bytes::from_static(WITHOUT_NUMBERS.as_bytes());
    upload.write(body).await.unwrap();
    let new = NewImport {
        scope: store,
        file_name: "orders.csv".to_owned(),
        kind: None,
        mapping: None,
    };
    let import = upload.finish(new).await.unwrap();
    assert_eq!(import.faults, []);
    imports.check(store.workspace, import.id).await.unwrap();
    let checked = settle(&world, &imports, import.id).await;
    assert_eq!(
        checked.status,
        ImportStatus::Checked,
        "{:?}",
        checked.report
    );
    let started = imports.start(store.workspace, import.id, false).await;
    let done = settle(&world, &imports, started.unwrap().id).await;
    assert_eq!(done.place.counts.created, 2, "{:?}", done.error);

    world
        .syncs
        .start(world.workspace, connection, None, None)
        .await
        .unwrap();
    world.work().await;
    let all = world.ports.orders.walk(store, None, None, 250);
    let mut left: Vec<_> = all
        .await
        .unwrap()
        .into_iter()
        .map(|s| {
            (
                s.order.name.clone(),
                s.order.id.0 > 0 && s.order.id.0 < 1000,
            )
        })
        .collect();
    left.sort();
    assert_eq!(
        left,
        [
            ("#1".to_owned(), true),
            ("#2".to_owned(), false),
            ("#2".to_owned(), true)
        ]
    );
}
