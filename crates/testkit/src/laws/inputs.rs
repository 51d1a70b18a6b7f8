//! Laws of [`ports::inputs::InputStore`].

use super::members::actions;
use super::tools::{connected, one_wins, race, refused};
use crate::Stores;
use crate::builders::{
    OrderBuilder, ProductBuilder, VariantBuilder, ad_spend, at, audit_entry, currency, day,
    imported, origin, recost_run, scope, variant_cost,
};
use domain::calendar::DayRange;
use domain::catalog::{CostBook, CostSource, UnitCost};
use domain::ids::{LineId, OrderId, StoreScope, VariantId};
use domain::inputs::{
    Band, DefaultCost, Expect, FeeRule, Input, InputChange, InputKind, InputRecord, LineCost,
    OrderShipping, Per, ShippingRate,
};
use ports::inputs::{Applied, InputQuery, OnMismatch, SpendRow};
use ports::{Kind, PageRequest};

fn put(input: Input) -> InputChange {
    InputChange::put(input, origin())
}

async fn apply(stores: &Stores, scope: StoreScope, changes: &[InputChange]) -> Applied {
    let applied = stores
        .inputs
        .apply(scope, changes, OnMismatch::Refuse, None, None);
    applied.await.expect("applied")
}

/// All that is stored, without revisions.
async fn everything(stores: &Stores, scope: StoreScope) -> Vec<InputRecord> {
    let mut all = Vec::new();
    for kind in InputKind::ALL {
        all.extend(stores.inputs.all(scope, kind).await.expect("read"));
    }
    for record in &mut all {
        record.revision = 0;
    }
    all
}

/// One of each kind that speaks of a store as a whole, and of order 1.
fn some() -> Vec<Input> {
    let usd = currency("USD");
    vec![
        variant_cost(10, "4.1250", None),
        variant_cost(10, "5", Some("2026-01-10")),
        Input::DefaultCost(DefaultCost { basis_points: 4000 }),
        Input::ShippingRate(ShippingRate {
            country: Some("DE".to_owned()),
            grams: Band {
                from: 0,
                below: Some(500),
            },
            value: Band::default(),
            per: Per::Item,
            amount: 490,
            currency: usd,
            valid_from: Some(day("2026-01-01")),
        }),
        Input::FeeRule(FeeRule {
            gateway: "paypal".to_owned(),
            basis_points: 349,
            fixed: 49,
            currency: usd,
            valid_from: None,
        }),
        Input::OrderShipping(OrderShipping {
            order: OrderId(1),
            amount: 612,
            currency: usd,
        }),
        Input::LineCost(LineCost {
            order: OrderId(1),
            line: LineId(101),
            cost: UnitCost {
                amount: 3.into(),
                currency: usd,
            },
        }),
        ad_spend("2026-01-02", "meta", 1000),
    ]
}

pub async fn what_is_put_reads_back_whole_and_the_later_replaces_the_earlier(stores: Stores) {
    let scope = connected(&stores, 1, 1).await;
    let inputs = some();
    let changes: Vec<_> = inputs.iter().cloned().map(put).collect();
    apply(&stores, scope, &changes).await;
    for input in &inputs {
        let found = stores.inputs.find(scope, &input.key()).await;
        let found = found.expect("read").expect("there");
        assert_eq!((&found.input, found.origin), (input, origin()));
    }
    let other = variant_cost(10, "6", None);
    let change = InputChange::put(other.clone(), imported(1));
    apply(&stores, scope, &[change]).await;
    let found = stores.inputs.find(scope, &other.key()).await;
    let found = found.expect("read").expect("there");
    assert_eq!((found.input, found.origin), (other, imported(1)));
    assert_eq!(everything(&stores, scope).await.len(), inputs.len());
}

pub async fn the_inverse_restores_exactly_what_stood_there(stores: Stores) {
    let scope = connected(&stores, 1, 1).await;
    let changes: Vec<_> = some().into_iter().map(put).collect();
    apply(&stores, scope, &changes).await;
    let before = everything(&stores, scope).await;
    let import = |input| InputChange::put(input, imported(7));
    // Replaced, new, taken away, and one row changed twice in one list.
    let changes = [
        import(variant_cost(10, "9", None)),
        import(variant_cost(11, "1", None)),
        InputChange::remove(some()[2].key()),
        import(variant_cost(11, "2", None)),
        import(ad_spend("2026-01-02", "meta", 5)),
        InputChange::remove(ad_spend("2026-01-02", "meta", 5).key()),
    ];
    let applied = apply(&stores, scope, &changes).await;
    assert_ne!(everything(&stores, scope).await, before);
    let again = apply(&stores, scope, &applied.inverse).await;
    assert_eq!(everything(&stores, scope).await, before);
    assert!(again.revision > applied.revision, "no revision comes twice");
    let revision = stores.inputs.revision(scope).await.expect("read");
    assert_eq!(revision, again.revision);
}

pub async fn an_inverse_leaves_alone_what_was_changed_since(stores: Stores) {
    let scope = connected(&stores, 1, 1).await;
    let import = |input| InputChange::put(input, imported(7));
    let changes = [
        import(variant_cost(10, "9", None)),
        import(variant_cost(11, "1", None)),
    ];
    let applied = apply(&stores, scope, &changes).await;
    let corrected = variant_cost(10, "8", None);
    apply(&stores, scope, &[put(corrected.clone())]).await;
    let undone = stores
        .inputs
        .apply(scope, &applied.inverse, OnMismatch::Skip, None, None);
    let undone = undone.await.expect("applied");
    assert_eq!(undone.skipped, [corrected.key()]);
    let left = stores.inputs.all(scope, InputKind::VariantCost).await;
    let left: Vec<_> = left.expect("read").into_iter().map(|r| r.input).collect();
    assert_eq!(left, [corrected]);
}

pub async fn a_list_of_changes_is_made_whole_or_not_at_all(stores: Stores) {
    let scope = connected(&stores, 1, 1).await;
    let first = apply(&stores, scope, &[put(variant_cost(10, "1", None))]).await;
    let changes = [
        put(variant_cost(11, "1", None)),
        put(variant_cost(10, "2", None)).expecting(Expect::Nothing),
    ];
    let run = recost_run(1);
    let told = audit_entry(scope.workspace, "costs.change");
    let result = stores
        .inputs
        .apply(scope, &changes, OnMismatch::Refuse, Some(&run), Some(&told));
    refused(result.await, Kind::Conflict);
    let all = stores.inputs.all(scope, InputKind::VariantCost).await;
    assert_eq!(all.expect("read").len(), 1);
    assert_eq!(stores.recosts.open(scope).await.expect("read"), []);
    let right = [put(variant_cost(10, "2", None)).expecting(Expect::Revision(first.revision))];
    let result = stores
        .inputs
        .apply(scope, &right, OnMismatch::Refuse, Some(&run), Some(&told));
    let inverse = result.await.expect("applied").inverse;
    let open = stores.recosts.open(scope).await.expect("read");
    assert_eq!(open, [run.taken_back_by(&inverse)]);
    assert_eq!(open[0].inverse.len(), 1);
    assert_eq!(
        actions(&stores, scope.workspace).await,
        ["costs.change"],
        "what was refused left none"
    );
}

pub async fn of_many_that_edit_the_same_row_one_wins(stores: Stores) {
    let scope = connected(&stores, 1, 1).await;
    let first = apply(&stores, scope, &[put(variant_cost(10, "1", None))]).await;
    let results = race(|n| {
        let inputs = stores.inputs.clone();
        let change = put(variant_cost(10, &n.to_string(), None));
        let change = change.expecting(Expect::Revision(first.revision));
        async move {
            inputs
                .apply(scope, &[change], OnMismatch::Refuse, None, None)
                .await
        }
    })
    .await;
    one_wins(&results);
}

pub async fn the_cost_book_tells_the_changes_at_once(stores: Stores) {
    let scope = connected(&stores, 1, 1).await;
    let variant = VariantBuilder::new(10, 1000).cost("4", "USD");
    let product = ProductBuilder::new(1).variant(variant).build();
    let seen = at("2026-01-05");
    let saved = stores.catalog.save(scope, &[product], seen).await;
    let store_cost = saved.expect("saved").costs;
    let mut expected = CostBook::new(store_cost);
    for input in some() {
        expected.tell(input, origin());
    }
    let changes: Vec<_> = some().into_iter().map(put).collect();
    let applied = apply(&stores, scope, &changes).await;
    let book = stores.catalog.cost_book(scope).await.expect("read");
    assert_eq!(book, expected);
    let source = |book: &CostBook| book.cost_at(VariantId(10), at("2026-01-20")).map(|c| c.1);
    assert_eq!(source(&book), Some(CostSource::Sheet));
    let history = stores.catalog.cost_history(scope, VariantId(10)).await;
    assert_eq!(history.expect("read").len(), 3);
    apply(&stores, scope, &applied.inverse).await;
    let book = stores.catalog.cost_book(scope).await.expect("read");
    assert_eq!(source(&book), Some(CostSource::Store));
    assert!(!book.tells_orders);
}

pub async fn what_is_told_of_orders_is_found_by_order(stores: Stores) {
    let scope = connected(&stores, 1, 1).await;
    let changes: Vec<_> = some().into_iter().map(put).collect();
    apply(&stores, scope, &changes).await;
    let of = stores.inputs.of_orders(scope, &[OrderId(1), OrderId(2)]);
    let of = of.await.expect("read");
    assert_eq!(of.keys().copied().collect::<Vec<_>>(), [OrderId(1)]);
    let told = &of[&OrderId(1)];
    assert_eq!(told.shipping.as_ref().map(|s| s.amount), Some(612));
    assert_eq!(told.lines.len(), 1);
    let order = OrderBuilder::new(2).build();
    let none = stores.inputs.of_orders(scope, &[order.id]).await;
    assert!(none.expect("read").is_empty());
}

pub async fn every_row_is_on_exactly_one_page_both_ways(stores: Stores) {
    let scope = connected(&stores, 1, 1).await;
    let days: Vec<_> = (1..=9).map(|n| format!("2026-01-0{n}")).collect();
    let changes: Vec<_> = days
        .iter()
        .flat_map(|d| ["google", "meta"].map(|channel| put(ad_spend(d, channel, 1))))
        .collect();
    apply(&stores, scope, &changes).await;
    for descending in [false, true] {
        let query = InputQuery {
            days: Some(DayRange::new(day("2026-01-02"), day("2026-01-08")).expect("a range")),
            descending,
            ..InputQuery::of(InputKind::AdSpend)
        };
        let mut page = PageRequest::first(4);
        let mut seen = Vec::new();
        loop {
            let found = stores.inputs.list(scope, &query, &page).await;
            let found = found.expect("a page");
            assert_eq!(found.total, Some(14));
            seen.extend(found.items.iter().map(|r| r.input.key().key));
            page.cursor = found.next_cursor;
            if page.cursor.is_none() {
                break;
            }
        }
        let mut expected = seen.clone();
        expected.sort();
        expected.dedup();
        if descending {
            expected.reverse();
        }
        assert_eq!(seen, expected);
        assert_eq!(seen.len(), 14);
    }
}

pub async fn spend_is_summed_by_day_and_told_zeros_stay(stores: Stores) {
    let scope = connected(&stores, 1, 1).await;
    let changes = [
        put(ad_spend("2026-01-01", "meta", 900)),
        put(ad_spend("2026-01-02", "google", 100)),
        put(ad_spend("2026-01-02", "meta", 200)),
        put(ad_spend("2026-01-04", "meta", 0)),
        put(ad_spend("2026-01-05", "meta", 900)),
    ];
    apply(&stores, scope, &changes).await;
    let range = DayRange::new(day("2026-01-02"), day("2026-01-04")).expect("a range");
    let row = |on: &str, amount| SpendRow {
        day: day(on),
        currency: currency("USD"),
        amount,
    };
    let sums = stores.inputs.spend_by_day(scope, range).await;
    let expected = [row("2026-01-02", 300), row("2026-01-04", 0)];
    assert_eq!(sums.expect("read"), expected);
}

pub async fn what_an_account_tells_stands_for_what_people_told_of_its_channel(stores: Stores) {
    let scope = connected(&stores, 1, 1).await;
    let of_account = |on: &str, amount, number: u128| match ad_spend(on, "meta", amount) {
        Input::AdSpend(spend) => put(Input::AdSpend(domain::inputs::AdSpend {
            account: Some(domain::ids::AdAccountId(uuid::Uuid::from_u128(number))),
            ..spend
        })),
        other => put(other),
    };
    let changes = [
        put(ad_spend("2026-01-02", "meta", 900)),
        put(ad_spend("2026-01-02", "google", 100)),
        of_account("2026-01-02", 300, 1),
        of_account("2026-01-02", 40, 2),
        put(ad_spend("2026-01-03", "meta", 7)),
    ];
    apply(&stores, scope, &changes).await;
    let range = DayRange::new(day("2026-01-01"), day("2026-01-31")).expect("a range");
    let sums = stores.inputs.spend_by_day(scope, range).await;
    let sums: Vec<_> = sums.expect("read").iter().map(|s| s.amount).collect();
    assert_eq!(sums, [440, 7]);
}

pub async fn nothing_of_another_store_shows(stores: Stores) {
    let ours = connected(&stores, 1, 1).await;
    let changes: Vec<_> = some().into_iter().map(put).collect();
    apply(&stores, ours, &changes).await;
    for other in [scope(1, 2), scope(2, 1)] {
        assert_eq!(everything(&stores, other).await, []);
        let told = stores.inputs.of_orders(other, &[OrderId(1)]).await;
        assert!(told.expect("read").is_empty());
        let book = stores.catalog.cost_book(other).await;
        assert_eq!(book.expect("read"), CostBook::default());
        let range = DayRange::new(day("2026-01-01"), day("2026-01-04")).expect("a range");
        let spend = stores.inputs.spend_by_day(other, range).await;
        assert_eq!(spend.expect("read"), []);
    }
}

#[macro_export]
macro_rules! input_laws {
    ($make:ident) => {
        $crate::laws!(
            inputs,
            $make,
            [
                what_is_put_reads_back_whole_and_the_later_replaces_the_earlier,
                the_inverse_restores_exactly_what_stood_there,
                an_inverse_leaves_alone_what_was_changed_since,
                a_list_of_changes_is_made_whole_or_not_at_all,
                of_many_that_edit_the_same_row_one_wins,
                the_cost_book_tells_the_changes_at_once,
                what_is_told_of_orders_is_found_by_order,
                every_row_is_on_exactly_one_page_both_ways,
                spend_is_summed_by_day_and_told_zeros_stay,
                what_an_account_tells_stands_for_what_people_told_of_its_channel,
                nothing_of_another_store_shows,
            ]
        );
    };
}
