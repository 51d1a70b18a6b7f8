//! Laws of [`ports::purchases::PurchaseStore`].

use super::members::actions;
use super::tools::{connected, one_wins, race, refused};
use crate::Stores;
use crate::builders::{audit_entry, connection, purchase, scope, supplier};
use domain::ids::{StoreScope, WorkspaceId};
use domain::purchase::{PurchaseOrder, PurchaseStatus};
use ports::events::PURCHASE_ORDER_CHANGED;
use ports::purchases::PurchaseFilter;
use ports::{Kind, PageRequest, PortResult};

async fn create(stores: &Stores, scope: StoreScope, number: u32) -> PurchaseOrder {
    let entry = audit_entry(scope.workspace, "purchase.create");
    let created = stores
        .purchases
        .create_purchase(&purchase(scope, number), &entry)
        .await;
    created.expect("created")
}

async fn save(stores: &Stores, order: &PurchaseOrder) -> PortResult<()> {
    let entry = audit_entry(order.scope.workspace, "purchase.change");
    stores.purchases.save_purchase(order, &entry).await
}

async fn listed(stores: &Stores, of: WorkspaceId, filter: PurchaseFilter) -> Vec<i64> {
    let (mut page, mut seen) = (PageRequest::first(2), Vec::new());
    loop {
        let found = stores.purchases.purchases(of, &filter, &page).await;
        let found = found.expect("a page");
        seen.extend(found.items.iter().map(|o| o.number));
        page.cursor = found.next_cursor;
        if page.cursor.is_none() {
            assert_eq!(found.total, Some(seen.len() as u64));
            return seen;
        }
    }
}

pub async fn suppliers_are_listed_by_name(stores: Stores) {
    let here = connected(&stores, 1, 1).await.workspace;
    let entry = audit_entry(here, "supplier.set");
    for (number, name) in [(1, "beta"), (2, "Alpha"), (3, "Gamma")] {
        let saved = stores
            .purchases
            .save_supplier(&supplier(here, number, name), &entry)
            .await;
        saved.expect("saved");
    }
    let saved = stores
        .purchases
        .save_supplier(&supplier(here, 3, "aaa"), &entry)
        .await;
    saved.expect("saved again");
    let all = stores.purchases.suppliers(here).await.expect("answered");
    let names: Vec<_> = all.iter().map(|s| s.name.as_str()).collect();
    assert_eq!(names, ["aaa", "Alpha", "beta"]);
    let found = stores.purchases.supplier(here, all[2].id).await;
    assert_eq!(found.expect("answered").as_ref(), Some(&all[2]));
    assert_eq!(actions(&stores, here).await.len(), 4);
    let elsewhere = scope(2, 1).workspace;
    assert_eq!(
        stores
            .purchases
            .suppliers(elsewhere)
            .await
            .expect("answered"),
        []
    );
    let found = stores.purchases.supplier(elsewhere, all[0].id).await;
    assert_eq!(found.expect("answered"), None);
    let mut taken = all[0].clone();
    taken.workspace = elsewhere;
    let entry = audit_entry(elsewhere, "supplier.set");
    refused(
        stores.purchases.save_supplier(&taken, &entry).await,
        Kind::Conflict,
    );
}

pub async fn numbers_count_up_in_their_workspace(stores: Stores) {
    let here = connected(&stores, 1, 1).await;
    let beside = connected(&stores, 1, 2).await;
    let elsewhere = connected(&stores, 2, 1).await;
    let numbers = [
        create(&stores, here, 1).await.number,
        create(&stores, beside, 1).await.number,
        create(&stores, elsewhere, 1).await.number,
    ];
    assert_eq!(numbers, [1, 2, 1]);
    let made = race(|n| {
        let port = stores.purchases.clone();
        async move {
            let entry = audit_entry(here.workspace, "purchase.create");
            port.create_purchase(&purchase(here, n + 1), &entry).await
        }
    })
    .await;
    let mut numbers: Vec<_> = made
        .into_iter()
        .map(|o| o.expect("created").number)
        .collect();
    numbers.sort_unstable();
    let expected: Vec<i64> = (3..).take(numbers.len()).collect();
    assert_eq!(numbers, expected);
    let entry = audit_entry(here.workspace, "purchase.create");
    let taken = stores
        .purchases
        .create_purchase(&purchase(here, 1), &entry)
        .await;
    refused(taken, Kind::Conflict);
}

/// Orders of one variant that were approved before they are written, as those of change-sets are.
fn approved(scope: StoreScope, number: u32) -> PurchaseOrder {
    PurchaseOrder {
        status: PurchaseStatus::Approved,
        ..purchase(scope, number)
    }
}

pub async fn of_orders_of_the_same_goods_one_is_written_alone(stores: Stores) {
    let here = connected(&stores, 1, 1).await;
    let beside = connected(&stores, 1, 2).await;
    let entry = audit_entry(here.workspace, "purchase.create");
    // A draft is not under way, another store's order is no rival.
    create(&stores, here, 1).await;
    let elsewhere = approved(beside, 1);
    let elsewhere = stores.purchases.create_purchase(&elsewhere, &entry);
    elsewhere.await.expect("created");
    let written = actions(&stores, here.workspace).await.len();
    let results = race(|n| {
        let port = stores.purchases.clone();
        async move {
            let entry = audit_entry(here.workspace, "purchase.create");
            let order = approved(here, n + 2);
            port.create_purchase_alone(&order, &entry).await
        }
    })
    .await;
    one_wins(&results);
    assert_eq!(actions(&stores, here.workspace).await.len(), written + 1);
    let states = PurchaseStatus::UNDER_WAY;
    let under_way = stores.purchases.purchases_in(here, &states).await;
    let under_way = under_way.expect("answered");
    assert_eq!(under_way.len(), 1);
    // What came is no rival any more.
    let mut came = under_way[0].clone();
    came.version += 1;
    came.status = PurchaseStatus::Received;
    save(&stores, &came).await.expect("saved");
    let next = approved(here, 90);
    let next = stores.purchases.create_purchase_alone(&next, &entry).await;
    assert_eq!(next.expect("created").number, came.number + 1);
    // Other goods are ordered beside it.
    let mut other = approved(here, 91);
    other.lines.iter_mut().for_each(|l| l.variant.0 += 1_000);
    let other = stores.purchases.create_purchase_alone(&other, &entry).await;
    other.expect("created");
}

pub async fn of_many_changes_of_one_version_one_is_stored(stores: Stores) {
    let here = connected(&stores, 1, 1).await;
    let order = create(&stores, here, 1).await;
    let results = race(|n| {
        let (port, mut changed) = (stores.purchases.clone(), order.clone());
        changed.version = 2;
        changed.note = Some(format!("Racer {n}"));
        async move {
            let entry = audit_entry(here.workspace, "purchase.change");
            port.save_purchase(&changed, &entry).await
        }
    })
    .await;
    one_wins(&results);
    let found = stores.purchases.purchase(here.workspace, order.id).await;
    let found = found.expect("answered").expect("it is there");
    assert_eq!(
        (found.version, found.number, found.note.is_some()),
        (2, 1, true)
    );
    for wrong in [2, 4] {
        let mut changed = found.clone();
        changed.version = wrong;
        refused(save(&stores, &changed).await, Kind::Conflict);
    }
    let mut borrowed = found.clone();
    borrowed.version = 3;
    borrowed.scope.workspace = scope(2, 1).workspace;
    refused(save(&stores, &borrowed).await, Kind::Conflict);
    assert_eq!(
        actions(&stores, here.workspace).await,
        ["purchase.create", "purchase.change"]
    );
    let events = stores.events.since(here.workspace, 0, 100).await;
    let events = events.expect("read").into_iter().map(|e| e.event);
    let told = events.filter(|e| e.kind == PURCHASE_ORDER_CHANGED);
    assert_eq!(
        told.map(|e| e.version).collect::<Vec<_>>(),
        [Some(1), Some(2)]
    );
}

pub async fn orders_are_listed_by_what_they_are(stores: Stores) {
    let here = connected(&stores, 1, 1).await;
    let beside = connected(&stores, 1, 2).await;
    for number in 1..=4 {
        create(&stores, here, number).await;
    }
    create(&stores, beside, 9).await;
    let mut sent = create(&stores, here, 5).await;
    sent.version += 1;
    sent.status = PurchaseStatus::Sent;
    sent.supplier = supplier(here.workspace, 2, "Other").id;
    save(&stores, &sent).await.expect("saved");
    let all = PurchaseFilter::default();
    assert_eq!(
        listed(&stores, here.workspace, all).await,
        [5, 6, 4, 3, 2, 1]
    );
    let of_store = PurchaseFilter {
        store: Some(here.store),
        ..all
    };
    assert_eq!(
        listed(&stores, here.workspace, of_store).await,
        [6, 4, 3, 2, 1]
    );
    let of_status = PurchaseFilter {
        status: Some(PurchaseStatus::Sent),
        ..all
    };
    assert_eq!(listed(&stores, here.workspace, of_status).await, [6]);
    let of_supplier = PurchaseFilter {
        supplier: Some(sent.supplier),
        ..all
    };
    assert_eq!(listed(&stores, here.workspace, of_supplier).await, [6]);
    let states = [PurchaseStatus::Draft, PurchaseStatus::Sent];
    let found = stores.purchases.purchases_in(here, &states).await;
    let numbers: Vec<_> = found.expect("answered").iter().map(|o| o.number).collect();
    assert_eq!(numbers, [1, 2, 3, 4, 6]);
    let found = stores.purchases.purchases_in(here, &states[1..]).await;
    assert_eq!(found.expect("answered"), [sent]);
}

pub async fn those_of_another_workspace_are_not_seen_and_all_go_with_their_store(stores: Stores) {
    let here = connected(&stores, 1, 1).await;
    let order = create(&stores, here, 1).await;
    let elsewhere = scope(2, 1).workspace;
    assert_eq!(
        listed(&stores, elsewhere, PurchaseFilter::default()).await,
        Vec::<i64>::new()
    );
    let found = stores.purchases.purchase(elsewhere, order.id).await;
    assert_eq!(found.expect("answered"), None);
    let connection = connection(1, 1);
    let purge = Some(connection.store);
    let removed = stores
        .connections
        .remove(here.workspace, connection.id, purge)
        .await;
    removed.expect("removed");
    assert_eq!(
        listed(&stores, here.workspace, PurchaseFilter::default()).await,
        Vec::<i64>::new()
    );
}

#[macro_export]
macro_rules! purchase_laws {
    ($make:ident) => {
        $crate::laws!(
            purchases,
            $make,
            [
                suppliers_are_listed_by_name,
                numbers_count_up_in_their_workspace,
                of_orders_of_the_same_goods_one_is_written_alone,
                of_many_changes_of_one_version_one_is_stored,
                orders_are_listed_by_what_they_are,
                those_of_another_workspace_are_not_seen_and_all_go_with_their_store,
            ]
        );
    };
}
