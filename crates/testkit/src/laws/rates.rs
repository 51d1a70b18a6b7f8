//! Laws of [`ports::rates::RateStore`].

use super::members::actions;
use crate::Stores;
use crate::builders::{at, audit_entry, currency, day, scope};
use domain::calendar::DayRange;
use domain::fx::{Rate, RateSource};
use domain::ids::{ImportId, WorkspaceId};
use ports::PageRequest;
use ports::rates::{FeedState, MoneySettings, RateFilter, RateKey, StoredRate, Undone};
use std::collections::BTreeSet;
use uuid::Uuid;

fn ours() -> WorkspaceId {
    scope(1, 1).workspace
}

fn import(number: u128) -> ImportId {
    ImportId(Uuid::from_u128(number))
}

/// `EUR/USD 1.16 2026-11-20`.
fn rate(text: &str, source: RateSource) -> StoredRate {
    let mut parts = text.split([' ', '/']);
    let mut next = || parts.next().expect("pair, value, day");
    let (base, quote) = (currency(next()), currency(next()));
    let value = next().parse().expect("a number");
    StoredRate {
        rate: Rate::new(day(next()), base, quote, value, source).expect("a rate"),
        origin: source.as_str().to_owned(),
        import: None,
        observed_at: at("2026-11-27T10:00:00Z"),
    }
}

fn of_import(text: &str, number: u128) -> StoredRate {
    StoredRate {
        import: Some(import(number)),
        ..rate(text, RateSource::Imported)
    }
}

async fn save(stores: &Stores, rates: &[StoredRate]) -> Vec<StoredRate> {
    stores.rates.save(ours(), rates, None).await.expect("saved")
}

async fn all(stores: &Stores) -> Vec<StoredRate> {
    let codes = ["EUR", "USD", "GBP", "JPY"].map(currency);
    let days = DayRange {
        from: day("2000-01-01"),
        to: day("2099-12-31"),
    };
    stores
        .rates
        .between(ours(), &codes, days)
        .await
        .expect("read")
}

pub async fn saving_replaces_the_rate_of_the_same_key_and_answers_the_old_one(stores: Stores) {
    let old = rate("EUR/USD 1.16 2026-11-20", RateSource::Entered);
    let mut new = rate("EUR/USD 1.1702 2026-11-20", RateSource::Entered);
    new.origin = "owner@example.com".to_owned();
    new.observed_at = at("2026-11-27T11:00:00Z");
    assert_eq!(save(&stores, std::slice::from_ref(&old)).await, []);
    let told = audit_entry(ours(), "rates.set");
    let same = std::slice::from_ref(&old);
    let again = stores.rates.save(ours(), same, Some(&told)).await;
    assert_eq!(again.expect("saved"), same);
    assert_eq!(actions(&stores, ours()).await, ["rates.set"]);
    assert_eq!(save(&stores, std::slice::from_ref(&new)).await, [old]);
    assert_eq!(all(&stores).await, [new]);
}

pub async fn rates_of_other_sources_stay(stores: Stores) {
    for source in RateSource::ALL {
        assert_eq!(
            save(&stores, &[rate("EUR/USD 1.16 2026-11-20", source)]).await,
            []
        );
    }
    assert_eq!(all(&stores).await.len(), 3);
}

pub async fn of_two_of_one_key_in_a_batch_the_last_one_counts(stores: Stores) {
    let batch = [
        rate("EUR/USD 1.1 2026-11-20", RateSource::Feed),
        rate("EUR/USD 1.2 2026-11-20", RateSource::Feed),
    ];
    assert_eq!(save(&stores, &batch).await, []);
    assert_eq!(all(&stores).await, batch[1..]);
}

pub async fn what_the_same_import_saved_before_is_replaced_silently(stores: Stores) {
    let before = rate("EUR/USD 1.1 2026-11-20", RateSource::Imported);
    save(&stores, std::slice::from_ref(&before)).await;
    let first = of_import("EUR/USD 1.2 2026-11-20", 7);
    assert_eq!(save(&stores, std::slice::from_ref(&first)).await, [before]);
    let again = of_import("EUR/USD 1.3 2026-11-20", 7);
    assert_eq!(save(&stores, std::slice::from_ref(&again)).await, []);
    let other = of_import("EUR/USD 1.4 2026-11-20", 8);
    assert_eq!(save(&stores, &[other]).await, [again]);
}

pub async fn an_import_is_undone(stores: Stores) {
    let before = rate("EUR/USD 1.1 2026-11-20", RateSource::Imported);
    let entered = rate("EUR/USD 1.5 2026-11-20", RateSource::Entered);
    save(&stores, &[before.clone(), entered.clone()]).await;
    let rows = [
        of_import("EUR/USD 1.2 2026-11-20", 7),
        of_import("EUR/GBP 0.87 2026-11-20", 7),
    ];
    let replaced = save(&stores, &rows).await;
    let undone = stores.rates.undo(ours(), import(7), &replaced).await;
    let expected = Undone {
        removed: 2,
        restored: 1,
    };
    assert_eq!(undone.expect("undone"), expected);
    assert_eq!(all(&stores).await, [entered, before]);
}

pub async fn undoing_leaves_what_was_replaced_since(stores: Stores) {
    let before = rate("EUR/USD 1.1 2026-11-20", RateSource::Imported);
    save(&stores, &[before]).await;
    let replaced = save(&stores, &[of_import("EUR/USD 1.2 2026-11-20", 7)]).await;
    let later = of_import("EUR/USD 1.3 2026-11-20", 8);
    save(&stores, std::slice::from_ref(&later)).await;
    let undone = stores.rates.undo(ours(), import(7), &replaced).await;
    assert_eq!(undone.expect("undone"), Undone::default());
    assert_eq!(all(&stores).await, [later]);
}

pub async fn removing_answers_whether_there_was_one(stores: Stores) {
    let kept = rate("EUR/USD 1.1 2026-11-20", RateSource::Feed);
    let gone = rate("EUR/USD 1.1 2026-11-20", RateSource::Entered);
    save(&stores, &[kept.clone(), gone.clone()]).await;
    let key = RateKey::of(&gone.rate);
    let told = audit_entry(ours(), "rates.delete");
    for expected in [true, false] {
        let removed = stores.rates.remove(ours(), key, &told).await;
        assert_eq!(removed.expect("answered"), expected);
    }
    assert_eq!(
        actions(&stores, ours()).await,
        ["rates.delete"],
        "where there was none, nothing was removed"
    );
    assert_eq!(all(&stores).await, [kept]);
}

pub async fn rates_between_days_by_quote_in_ascending_key(stores: Stores) {
    let rates = [
        rate("EUR/USD 1.1 2026-11-18", RateSource::Feed),
        rate("EUR/JPY 170 2026-11-19", RateSource::Feed),
        rate("EUR/USD 1.12345678 2026-11-19", RateSource::Feed),
        rate("USD/EUR 0.9 2026-11-19", RateSource::Entered),
        rate("EUR/USD 1.3 2026-11-20", RateSource::Feed),
        rate("EUR/USD 1.4 2026-11-21", RateSource::Feed),
    ];
    let shuffled = [4, 0, 3, 5, 1, 2].map(|n: usize| rates[n].clone());
    save(&stores, &shuffled).await;
    let days = DayRange {
        from: day("2026-11-19"),
        to: day("2026-11-20"),
    };
    let codes = ["USD", "EUR"].map(currency);
    let found = stores.rates.between(ours(), &codes, days).await;
    assert_eq!(found.expect("read"), rates[2..5]);
    let none = stores.rates.between(ours(), &[], days).await;
    assert_eq!(none.expect("read"), []);
}

pub async fn a_list_goes_newest_day_first_over_its_pages(stores: Stores) {
    let mut rates = Vec::new();
    for number in 1..=9 {
        for pair in ["EUR/USD 1.1", "EUR/GBP 0.9", "USD/GBP 0.8"] {
            rates.push(rate(&format!("{pair} 2026-11-0{number}"), RateSource::Feed));
        }
    }
    rates.push(rate("EUR/USD 1.2 2026-11-05", RateSource::Entered));
    save(&stores, &rates).await;
    let filter = RateFilter {
        base: Some(currency("EUR")),
        ..RateFilter::default()
    };
    let (mut listed, mut request) = (Vec::new(), PageRequest::first(4));
    loop {
        let page = stores.rates.list(ours(), filter, &request).await;
        let page = page.expect("listed");
        assert_eq!(page.total, Some(19));
        listed.extend(page.items);
        let Some(cursor) = page.next_cursor else {
            break;
        };
        request.cursor = Some(cursor);
    }
    let order = |r: &StoredRate| {
        let pair = format!(
            "{}/{}/{}",
            r.rate.base,
            r.rate.quote,
            r.rate.source.as_str()
        );
        (std::cmp::Reverse(r.rate.day), pair)
    };
    assert_eq!(listed.len(), 19);
    assert!(listed.is_sorted_by_key(order));
    let keys: BTreeSet<_> = listed.iter().map(|r| RateKey::of(&r.rate)).collect();
    assert_eq!(keys.len(), 19, "none twice");
    let entered = RateFilter {
        quote: Some(currency("USD")),
        source: Some(RateSource::Entered),
        ..RateFilter::default()
    };
    let page = stores
        .rates
        .list(ours(), entered, &PageRequest::first(4))
        .await;
    assert_eq!(page.expect("listed").items.len(), 1);
}

pub async fn a_series_for_each_pair_and_source(stores: Stores) {
    save(
        &stores,
        &[
            rate("EUR/USD 1.1 2026-11-19", RateSource::Feed),
            rate("EUR/USD 1.2 2026-11-20", RateSource::Feed),
            rate("EUR/USD 1.3 2026-11-18", RateSource::Entered),
            rate("EUR/GBP 0.9 2026-11-18", RateSource::Feed),
        ],
    )
    .await;
    let series = stores.rates.series(ours()).await.expect("read");
    let seen: Vec<_> = series
        .iter()
        .map(|s| {
            let pair = format!("{}/{} {}", s.base, s.quote, s.source.as_str());
            (pair, s.count, s.oldest, s.newest)
        })
        .collect();
    let expected = [
        ("EUR/GBP feed", 1, "2026-11-18", "2026-11-18"),
        ("EUR/USD entered", 1, "2026-11-18", "2026-11-18"),
        ("EUR/USD feed", 2, "2026-11-19", "2026-11-20"),
    ];
    let expected = expected.map(|(s, n, from, to)| (s.to_owned(), n, day(from), day(to)));
    assert_eq!(seen, expected);
    assert_eq!(
        series[2].latest,
        rate("EUR/USD 1.2 2026-11-20", RateSource::Feed)
    );
}

pub async fn settings_are_the_usual_ones_until_others_are_set(stores: Stores) {
    let usual = stores.rates.money_settings(ours()).await.expect("read");
    assert_eq!(usual, MoneySettings::default());
    let told = audit_entry(ours(), "workspace.set");
    for max_age_days in [3, 0] {
        let set = MoneySettings {
            currency: Some(currency("EUR")),
            max_age_days,
        };
        let done = stores.rates.set_money_settings(ours(), &set, &told).await;
        done.expect("set");
        let read = stores.rates.money_settings(ours()).await.expect("read");
        assert_eq!(read, set);
    }
    assert_eq!(actions(&stores, ours()).await.len(), 2);
}

pub async fn the_state_of_the_feed_is_kept(stores: Stores) {
    let before = stores.rates.feed_state(ours()).await.expect("read");
    assert_eq!(before, None);
    let mut state = FeedState {
        url: "http://rates.example".to_owned(),
        last_attempt_at: at("2026-11-27T10:00:00Z"),
        last_success_at: None,
        newest: None,
        error: Some("no answer".to_owned()),
        failures: 1,
    };
    for _ in 0..2 {
        let set = stores.rates.set_feed_state(ours(), &state).await;
        set.expect("set");
        let read = stores.rates.feed_state(ours()).await.expect("read");
        assert_eq!(read.as_ref(), Some(&state));
        state.newest = Some(day("2026-11-27"));
        state.error = None;
    }
}

pub async fn rates_of_another_workspace_are_not_seen_or_changed(stores: Stores) {
    let others = scope(2, 1).workspace;
    let mine = of_import("EUR/USD 1.1 2026-11-20", 7);
    save(&stores, std::slice::from_ref(&mine)).await;
    let settings = MoneySettings {
        currency: Some(currency("GBP")),
        max_age_days: 1,
    };
    let told = audit_entry(ours(), "workspace.set");
    let set = stores
        .rates
        .set_money_settings(ours(), &settings, &told)
        .await;
    set.expect("set");
    let theirs = of_import("EUR/USD 9.9 2026-11-20", 7);
    let rates = &stores.rates;
    assert_eq!(
        rates.save(others, &[theirs], None).await.expect("saved"),
        []
    );
    let read = rates.money_settings(others).await.expect("read");
    assert_eq!(read, MoneySettings::default());
    assert_eq!(rates.feed_state(others).await.expect("read"), None);
    assert_eq!(rates.series(others).await.expect("read").len(), 1);
    let undone = rates.undo(others, import(7), &[]).await.expect("undone");
    assert_eq!(undone.removed, 1);
    let key = RateKey::of(&mine.rate);
    assert!(!rates.remove(others, key, &told).await.expect("answered"));
    let page = PageRequest::first(10);
    let listed = rates.list(others, RateFilter::default(), &page).await;
    assert_eq!(listed.expect("listed").items, []);
    assert_eq!(all(&stores).await, [mine]);
}

#[macro_export]
macro_rules! rate_laws {
    ($make:ident) => {
        $crate::laws!(
            rates,
            $make,
            [
                saving_replaces_the_rate_of_the_same_key_and_answers_the_old_one,
                rates_of_other_sources_stay,
                of_two_of_one_key_in_a_batch_the_last_one_counts,
                what_the_same_import_saved_before_is_replaced_silently,
                an_import_is_undone,
                undoing_leaves_what_was_replaced_since,
                removing_answers_whether_there_was_one,
                rates_between_days_by_quote_in_ascending_key,
                a_list_goes_newest_day_first_over_its_pages,
                a_series_for_each_pair_and_source,
                settings_are_the_usual_ones_until_others_are_set,
                the_state_of_the_feed_is_kept,
                rates_of_another_workspace_are_not_seen_or_changed,
            ]
        );
    };
}
