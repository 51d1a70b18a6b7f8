//! Laws of [`ports::stock`].

use super::members::actions;
use super::tools::{connected, one_wins, race, refused};
use crate::Stores;
use crate::builders::{at, audit_entry, connection, day, days, inventory_settings, level, scope};
use domain::ids::{LocationId, StoreScope};
use domain::inventory::{InventoryLevel, Location};
use ports::Kind;
use ports::stock::StockBook;

async fn show(stores: &Stores, scope: StoreScope, levels: &[InventoryLevel]) {
    let saved = stores
        .facts
        .save_levels(scope, levels, at("2026-02-01"))
        .await;
    saved.expect("saved");
}

async fn look(stores: &Stores, scope: StoreScope, on: &str) {
    let kept = stores.stock.keep_stock(scope, day(on), at(on)).await;
    kept.expect("kept");
}

async fn book(stores: &Stores, scope: StoreScope, from: &str, to: &str) -> StockBook {
    let found = stores.stock.stock_book(scope, days(from, to)).await;
    found.expect("answered")
}

/// Item, location, day of the month, what was available.
fn told(book: &StockBook) -> Vec<(i64, i64, String, Option<i64>)> {
    let marks = book.marks.iter();
    marks
        .map(|m| (m.item.0, m.location.0, m.day.to_string(), m.available))
        .collect()
}

fn row(item: i64, location: i64, on: &str, available: i64) -> (i64, i64, String, Option<i64>) {
    (item, location, on.to_owned(), Some(available))
}

pub async fn what_is_shown_is_listed_whole(stores: Stores) {
    let here = connected(&stores, 1, 1).await;
    let levels = [level(2, 1, 5, "2026-01-01"), level(1, 7, 3, "2026-01-01")];
    show(&stores, here, &levels).await;
    let location = Location {
        id: LocationId(7),
        name: "Main".to_owned(),
        country: None,
        active: true,
    };
    let saved = stores
        .facts
        .save_locations(here, std::slice::from_ref(&location), at("2026-02-01"))
        .await;
    saved.expect("saved");
    let found = stores.stock.all_levels(here).await.expect("answered");
    assert_eq!(found, [levels[1].clone(), levels[0].clone()]);
    let found = stores.stock.locations(here).await.expect("answered");
    assert_eq!(found, [location]);
    assert_eq!(
        stores
            .stock
            .all_levels(scope(1, 2))
            .await
            .expect("answered"),
        []
    );
}

pub async fn only_what_is_another_than_before_is_a_mark(stores: Stores) {
    let here = connected(&stores, 1, 1).await;
    show(
        &stores,
        here,
        &[level(1, 1, 5, "2026-01-01"), level(2, 1, 9, "2026-01-01")],
    )
    .await;
    look(&stores, here, "2026-02-01").await;
    look(&stores, here, "2026-02-02").await;
    show(&stores, here, &[level(1, 1, 4, "2026-02-04")]).await;
    look(&stores, here, "2026-02-04").await;
    let all = book(&stores, here, "2026-02-01", "2026-02-28").await;
    let expected = [
        row(1, 1, "2026-02-01", 5),
        row(1, 1, "2026-02-04", 4),
        row(2, 1, "2026-02-01", 9),
    ];
    assert_eq!(told(&all), expected);
    let looks = ["2026-02-01", "2026-02-02", "2026-02-04"].map(day);
    assert_eq!((all.looks, all.since), (looks.into(), Some(looks[0])));
    // What was so before the range is told with its own day.
    let later = book(&stores, here, "2026-02-03", "2026-02-03").await;
    assert_eq!(
        told(&later),
        [row(1, 1, "2026-02-01", 5), row(2, 1, "2026-02-01", 9)]
    );
    assert_eq!((later.looks.len(), later.since), (0, Some(looks[0])));
}

pub async fn a_later_look_on_the_same_day_replaces_the_earlier(stores: Stores) {
    let here = connected(&stores, 1, 1).await;
    show(&stores, here, &[level(1, 1, 5, "2026-01-01")]).await;
    look(&stores, here, "2026-02-01").await;
    show(&stores, here, &[level(1, 1, 3, "2026-02-02T01:00:00Z")]).await;
    look(&stores, here, "2026-02-02").await;
    show(&stores, here, &[level(1, 1, 5, "2026-02-02T02:00:00Z")]).await;
    look(&stores, here, "2026-02-02").await;
    let all = book(&stores, here, "2026-02-01", "2026-02-28").await;
    assert_eq!(
        told(&all),
        [row(1, 1, "2026-02-01", 5)],
        "at the end of the day it was as before"
    );
}

pub async fn a_day_before_the_last_look_is_left_alone(stores: Stores) {
    let here = connected(&stores, 1, 1).await;
    show(&stores, here, &[level(1, 1, 5, "2026-01-01")]).await;
    look(&stores, here, "2026-02-02").await;
    let before = book(&stores, here, "2026-02-01", "2026-02-28").await;
    show(&stores, here, &[level(1, 1, 3, "2026-02-03")]).await;
    look(&stores, here, "2026-02-01").await;
    assert_eq!(
        book(&stores, here, "2026-02-01", "2026-02-28").await,
        before
    );
    let elsewhere = book(&stores, scope(1, 2), "2026-02-01", "2026-02-28").await;
    assert_eq!(elsewhere, StockBook::default());
}

pub async fn settings_follow_one_another_with_their_entries(stores: Stores) {
    let here = connected(&stores, 1, 1).await;
    let port = &stores.inventory_settings;
    let entry = audit_entry(here.workspace, "inventory.set");
    assert_eq!(port.inventory_settings(here).await.expect("answered"), None);
    let early = port
        .set_inventory_settings(&inventory_settings(here, 2), &entry)
        .await;
    refused(early, Kind::Conflict);
    let first = port
        .set_inventory_settings(&inventory_settings(here, 1), &entry)
        .await;
    first.expect("set");
    let results = race(|_| {
        let port = stores.inventory_settings.clone();
        async move {
            let entry = audit_entry(here.workspace, "inventory.set");
            port.set_inventory_settings(&inventory_settings(here, 2), &entry)
                .await
        }
    })
    .await;
    one_wins(&results);
    let found = port.inventory_settings(here).await.expect("answered");
    assert_eq!(found, Some(inventory_settings(here, 2)));
    assert_eq!(
        actions(&stores, here.workspace).await,
        ["inventory.set", "inventory.set"]
    );
    for other in [scope(1, 2), scope(2, 1)] {
        assert_eq!(
            port.inventory_settings(other).await.expect("answered"),
            None
        );
    }
}

pub async fn all_of_it_goes_with_its_store(stores: Stores) {
    let here = connected(&stores, 1, 1).await;
    show(&stores, here, &[level(1, 1, 5, "2026-01-01")]).await;
    look(&stores, here, "2026-02-02").await;
    let entry = audit_entry(here.workspace, "inventory.set");
    let set = stores
        .inventory_settings
        .set_inventory_settings(&inventory_settings(here, 1), &entry)
        .await;
    set.expect("set");
    let connection = connection(1, 1);
    let purge = Some(connection.store);
    let removed = stores
        .connections
        .remove(here.workspace, connection.id, purge)
        .await;
    removed.expect("removed");
    assert_eq!(
        book(&stores, here, "2026-02-01", "2026-02-28").await,
        StockBook::default()
    );
    let found = stores.inventory_settings.inventory_settings(here).await;
    assert_eq!(found.expect("answered"), None);
}

#[macro_export]
macro_rules! stock_laws {
    ($make:ident) => {
        $crate::laws!(
            stock,
            $make,
            [
                what_is_shown_is_listed_whole,
                only_what_is_another_than_before_is_a_mark,
                a_later_look_on_the_same_day_replaces_the_earlier,
                a_day_before_the_last_look_is_left_alone,
                settings_follow_one_another_with_their_entries,
                all_of_it_goes_with_its_store,
            ]
        );
    };
}
