use super::*;
use crate::ids::{AdAccountId, StoreId, StoreScope, WorkspaceId};
use crate::money::Currency;
use chrono::{DateTime, Days, NaiveDate, Utc};
use proptest::prelude::*;
use rust_decimal::Decimal;
use std::collections::BTreeSet;
use uuid::Uuid;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn at(second: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(second, 0).unwrap()
}

fn currency(code: &str) -> Currency {
    Currency::parse(code).unwrap()
}

fn account(platform: AdPlatform) -> AdAccount {
    AdAccount {
        id: AdAccountId(Uuid::from_u128(1)),
        scope: StoreScope {
            workspace: WorkspaceId(Uuid::from_u128(2)),
            store: StoreId(Uuid::from_u128(3)),
        },
        platform,
        external_id: "1".to_owned(),
        name: String::new(),
        base_url: String::new(),
        api_version: "v26".to_owned(),
        login_account: None,
        is_sandbox: true,
        state: AccountState::Ok,
        state_reason: None,
        missing: vec![],
        series: vec![],
        final_through: None,
        read_through: None,
        conversion_kinds: BTreeSet::new(),
        created_at: at(0),
        last_synced_at: None,
        last_error: None,
        from_environment: false,
        version: 0,
    }
}

fn told(code: &str, zone: &str) -> AdIdentity {
    AdIdentity {
        external_id: "1".to_owned(),
        name: "Shop".to_owned(),
        currency: currency(code),
        zone: zone.to_owned(),
        not_running: None,
        is_sandbox: true,
        missing: vec![],
    }
}

#[test]
fn days_are_final_once_they_were_read_after_their_window() {
    for (platform, window) in [(AdPlatform::Meta, 28), (AdPlatform::GoogleAds, 30)] {
        let mut account = account(platform);
        let today = day("2026-11-28");
        assert!(account.is_provisional(day("2020-01-01")));
        account.settled(today, at(9));
        assert!(account.is_provisional(today - Days::new(window)));
        assert!(!account.is_provisional(today - Days::new(window + 1)));
        // The next reading begins with the first day that may still move.
        let next = account.to_read(today + Days::new(1)).unwrap();
        assert_eq!(next.from, today - Days::new(window));
        assert_eq!(next.to, today + Days::new(1));
    }
}

#[test]
fn nothing_older_than_the_platform_tells_is_asked_for() {
    let account = account(AdPlatform::Meta);
    let range = account.to_read(day("2026-11-28")).unwrap();
    assert_eq!(range.from, day("2023-10-29"));
}

#[test]
fn days_missed_by_a_long_pause_are_read_before_they_are_final() {
    let mut account = account(AdPlatform::Meta);
    account.settled(day("2026-06-30"), at(1));
    let range = account.to_read(day("2026-11-28")).unwrap();
    assert_eq!(range.from, day("2026-06-02"));
}

#[test]
fn another_currency_or_zone_begins_a_series_and_what_was_told_stays() {
    let mut account = account(AdPlatform::GoogleAds);
    assert!(!account.recognise(&told("EUR", "Europe/Berlin"), day("2026-01-01")));
    account.settled(day("2026-05-01"), at(1));
    assert!(!account.recognise(&told("EUR", "Europe/Berlin"), day("2026-05-02")));
    assert!(account.recognise(&told("USD", "America/New_York"), day("2026-05-10")));
    assert_eq!(
        account.currency_on(day("2026-05-09")),
        Some(currency("EUR"))
    );
    assert_eq!(
        account.currency_on(day("2026-05-10")),
        Some(currency("USD"))
    );
    assert!(!account.is_provisional(day("2026-05-09")));
    assert_eq!(
        account.to_read(day("2026-05-11")).unwrap().from,
        day("2026-05-10")
    );
    // Twice on a day leaves one.
    account.recognise(&told("GBP", "Europe/London"), day("2026-05-10"));
    assert_eq!(account.series.len(), 2);
}

#[test]
fn a_purchase_is_one_kind_and_never_a_sum_of_several() {
    let conversion = |kind: &str, count: i64| RawConversion {
        kind: kind.to_owned(),
        count: count * 1_000_000,
        value: Some(count * 40_000_000),
    };
    let row = InsightDay {
        level: AdLevel::Campaign,
        id: "1".to_owned(),
        day: day("2026-11-01"),
        spend: 123_450_000,
        impressions: 10_000,
        clicks: 300,
        reach: None,
        conversions: vec![
            conversion("link_click", 250),
            conversion("offsite_conversion.fb_pixel_purchase", 11),
            conversion("omni_purchase", 12),
        ],
        attribution: None,
    };
    let definition = PurchaseDefinition::of(AdPlatform::Meta);
    let kinds: BTreeSet<String> = row.conversions.iter().map(|c| c.kind.clone()).collect();
    let kind = purchases_by(&definition, &kinds);
    assert_eq!(kind, Some("omni_purchase"));
    let sums = row.sums(kind);
    assert_eq!((sums.purchases, sums.revenue), (12_000_000, 480_000_000));
    assert_eq!(row.sums(None).purchases, 0);
    assert_eq!(purchases_by(&definition, &BTreeSet::new()), None);
}

#[test]
fn profit_on_spend_is_one_exactly_at_the_break_even_return() {
    let margin = Some(Decimal::new(40, 2));
    assert_eq!(break_even_roas(margin), Some(Decimal::new(25, 1)));
    let sums = AdSums {
        spend: 100_000_000,
        revenue: 250_000_000,
        clicks: 200,
        impressions: 10_000,
        purchases: 5_000_000,
    };
    let figures = sums.figures(margin);
    assert_eq!(figures.poas, Some(Decimal::ONE));
    assert_eq!(figures.cost_per_purchase, Some(Decimal::from(20)));
    assert_eq!(figures.ctr, Some(Decimal::new(2, 2)));
    assert_eq!(figures.conversion_rate, Some(Decimal::new(25, 3)));
    assert_eq!(sums.figures(None).poas, None);
    assert_eq!(break_even_roas(Some(Decimal::ZERO)), None);
    assert_eq!(AdSums::default().figures(margin), AdFigures::default());
    assert_eq!(mer(50_000, 10_000), Some(Decimal::from(5)));
    assert_eq!(spend_share(50_000, 10_000), Some(Decimal::new(2, 1)));
}

#[test]
fn a_renamed_campaign_keeps_its_earlier_name_and_a_deleted_one_what_it_was() {
    let entity = |name: &str| AdEntity {
        level: AdLevel::Campaign,
        id: "7".to_owned(),
        parent: None,
        name: name.to_owned(),
        status: AdStatus::Active,
        delivery: None,
        objective: None,
        budget: None,
        created_at: None,
    };
    let stored = StoredEntity::new(entity("Old"), at(1)).told_again(entity("New"), at(2));
    assert_eq!(
        stored.earlier_names,
        [EarlierName {
            name: "Old".to_owned(),
            until: at(2)
        }]
    );
    let stored = stored.gone(at(3)).gone(at(4));
    assert_eq!(
        (stored.vanished_at, stored.entity.status),
        (Some(at(3)), AdStatus::Deleted)
    );
    let stored = stored.told_again(entity("New"), at(5));
    assert_eq!((stored.vanished_at, stored.earlier_names.len()), (None, 1));
}

proptest! {
    #[test]
    fn amounts_survive_text_and_are_rounded_once(minor in -1_000_000_000_i64..1_000_000_000, code in prop::sample::select(vec!["EUR", "JPY", "KWD"])) {
        let currency = currency(code);
        let micros = parse_micros(&crate::money::format_minor(minor, currency)).unwrap();
        prop_assert_eq!(minor_of_micros(micros, currency).unwrap(), minor);
    }

    #[test]
    fn a_day_is_never_final_before_its_window_is_over(offsets in prop::collection::vec(1_u64..60, 1..20)) {
        let mut account = account(AdPlatform::Meta);
        let (mut today, mut last) = (day("2026-01-01"), None);
        for offset in offsets {
            let range = account.to_read(today).unwrap();
            // Nothing final is read again, and nothing that is not final is left out.
            prop_assert!(range.days().all(|d| account.is_provisional(d)));
            account.settled(today, at(0));
            prop_assert!(account.is_provisional(today - Days::new(28)));
            prop_assert!(account.final_through >= last);
            last = account.final_through;
            today = today + Days::new(offset);
        }
    }

    #[test]
    fn days_add_up_to_the_sum_in_any_order(rows in prop::collection::vec((0_i64..1_000_000_000, 0_i64..10_000, 0_i64..1000), 0..30)) {
        let add = |rows: &[(i64, i64, i64)]| {
            let mut sum = AdSums::default();
            for (spend, impressions, clicks) in rows {
                sum += AdSums { spend: *spend, impressions: *impressions, clicks: *clicks, ..AdSums::default() };
            }
            sum
        };
        let mut turned = rows.clone();
        turned.reverse();
        prop_assert_eq!(add(&rows), add(&turned));
    }
}
