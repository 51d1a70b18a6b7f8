use super::*;
use crate::forecast::StoredStep;
use crate::ids::VariantId;
use crate::money::Currency;
use chrono::NaiveDate;
use proptest::prelude::*;

fn day(n: i64) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 12, 1).unwrap() + chrono::Duration::days(n)
}

fn steady(mean: f64, deviation: f64) -> Vec<StoredStep> {
    let step = StoredStep {
        mean,
        point: mean,
        low: (mean - 1.2816 * deviation).max(0.0),
        high: mean + 1.2816 * deviation,
    };
    vec![step; 28]
}

fn settings() -> PlanSettings {
    PlanSettings::of(Currency::parse("USD").unwrap())
}

const LEAD: LeadTime = LeadTime {
    mean_days: 14.0,
    sd_days: 3.0,
};

fn facts<'a>(outlook: Option<Outlook<'a>>, available: i64) -> Facts<'a> {
    Facts {
        today: day(0),
        tracked: Some(true),
        is_bundle: false,
        position: Position {
            on_hand: Some(available),
            available: Some(available),
            ..Position::default()
        },
        arrivals: &[],
        outlook,
        lead: Some(LEAD),
        unit_cost: Some(4.0),
        pack: None,
        minimum: None,
        sold_28: 100,
        last_sold_on: Some(day(-1)),
        offered_since: day(-400),
        order_cost: 50.0,
    }
}

/// By hand: d = 10, σ = 4 (16 above the 10 of rare arrivals), L = 14, σ_L = 3, Z = 1.645:
/// 140 + 1.645·√(14·16 + 100·9) = 195.1; √(2·3650·50/1) = 604.2.
#[test]
fn the_formulas_give_what_they_give_by_hand() {
    let steps = steady(10.0, 4.0);
    let outlook = Outlook::new(day(0), &steps, 1.0).unwrap();
    let found = plan(&facts(Some(outlook), 100), &settings());
    let order = found.reorder.unwrap();
    assert!((order.point - 195.14).abs() < 0.1, "{order:?}");
    assert!((order.economic.unwrap() - 604.15).abs() < 0.1, "{order:?}");
    assert_eq!(order.quantity, 605);
    assert!((found.cover.as_ref().unwrap().days.unwrap() - 10.0).abs() < 1e-9);
    assert_eq!(
        (found.urgency, found.states),
        (Urgency::Medium, vec![State::Reorder])
    );
    let cover = found.cover.unwrap();
    assert_eq!(cover.stock_out.expected, Some(day(10)));
    assert!(cover.stock_out.earliest < Some(day(10)) && cover.stock_out.latest > Some(day(10)));
    assert_eq!(found.order_by, Some(day(-4)));
}

#[test]
fn what_nobody_told_is_unknown_by_name() {
    let steps = steady(1.0, 1.0);
    let outlook = Outlook::new(day(0), &steps, 1.0);
    let mut some = facts(outlook, 10);
    some.lead = None;
    some.unit_cost = None;
    let found = plan(&some, &settings());
    assert_eq!((found.reorder, found.order_by), (None, None));
    assert!(found.unknown.contains_key("lead_time"));
    some.lead = Some(LEAD);
    let found = plan(&some, &settings());
    assert_eq!(found.reorder.unwrap().economic, None);
    assert_eq!(
        found.reorder.unwrap().quantity,
        30,
        "for the days that are set"
    );
    some.position = Position::default();
    let found = plan(&some, &settings());
    assert_eq!((found.urgency, found.cover), (Urgency::Unknown, None));
    assert!(found.unknown.contains_key("stock"));
    let none = plan(&facts(None, 10), &settings());
    assert_eq!(none.urgency, Urgency::Unknown);
    assert!(none.unknown.contains_key("demand"));
}

#[test]
fn what_comes_in_time_moves_the_stock_out() {
    let steps = steady(10.0, 3.0);
    let outlook = Outlook::new(day(0), &steps, 1.0).unwrap();
    let alone = outlook.cover(50, &[]);
    let arrival = |n, units| Arrival { day: day(n), units };
    assert_eq!(alone.stock_out.expected, Some(day(5)));
    let helped = outlook.cover(50, &[arrival(3, 100)]);
    assert_eq!(helped.stock_out.expected, Some(day(15)));
    let late = outlook.cover(50, &[arrival(9, 100)]);
    assert_eq!(late.stock_out.expected, Some(day(5)), "it runs out before");
    assert_eq!(outlook.cover(0, &[]).days, Some(0.0));
}

#[test]
fn dead_slow_and_too_much_are_told_apart() {
    let steps = steady(0.1, 0.3);
    let outlook = Outlook::new(day(0), &steps, 1.0);
    let mut some = facts(outlook, 100);
    let found = plan(&some, &settings());
    assert_eq!(found.states, [State::Overstock, State::Slow]);
    assert_eq!(found.overstock.unwrap().units, 82);
    some.last_sold_on = Some(day(-90));
    let found = plan(&some, &settings());
    assert_eq!(found.states, [State::Overstock, State::Dead, State::Slow]);
    assert_eq!(found.overstock.unwrap().units, 100);
    some.last_sold_on = None;
    some.offered_since = day(-3);
    assert!(!plan(&some, &settings()).states.contains(&State::Dead));
}

#[test]
fn the_nearer_setting_is_believed() {
    let mut settings = settings();
    let lead = |mean_days| LeadTime {
        mean_days,
        sd_days: 1.0,
    };
    let of = |s: &PlanSettings, learned| {
        let found = s.lead_time(VariantId(1), "Acme", learned);
        found.map(|(lead, source)| (lead.mean_days, source))
    };
    assert_eq!(of(&settings, None), None);
    settings.lead_time = Some(lead(30.0));
    assert_eq!(of(&settings, None), Some((30.0, LeadSource::Store)));
    settings.vendors.insert("Acme".to_owned(), lead(20.0));
    assert_eq!(of(&settings, None), Some((20.0, LeadSource::Vendor)));
    assert_eq!(
        of(&settings, Some(lead(12.0))),
        Some((12.0, LeadSource::Orders))
    );
    let own = VariantSettings {
        lead_time: Some(lead(5.0)),
        ..VariantSettings::default()
    };
    settings.variants.insert(VariantId(1), own);
    assert_eq!(
        of(&settings, Some(lead(12.0))),
        Some((5.0, LeadSource::Variant))
    );
    assert_eq!(settings.faults(), []);
    let json = serde_json::to_string(&settings).unwrap();
    assert_eq!(
        serde_json::from_str::<PlanSettings>(&json).unwrap(),
        settings
    );
    settings.service_level = 10_000;
    settings.admin_limit = 1;
    settings.vendors.insert(" ".to_owned(), lead(1.0));
    let keys: Vec<_> = settings.faults().into_iter().map(|(key, _)| key).collect();
    assert_eq!(keys, ["service_level", "vendors. ", "admin_limit"]);
}

/// A stream of numbers without chance.
fn noise(seed: u64) -> impl FnMut() -> f64 {
    let mut state = seed;
    move || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        f64::from(u32::try_from(state >> 33).unwrap()) / f64::from(1_u32 << 31)
    }
}

/// How many arrive on a day when `mean` do on average.
fn arrivals(mean: f64, next: &mut impl FnMut() -> f64) -> i64 {
    let (mut product, mut count) = (next(), 0);
    while product > (-mean).exp() {
        product *= next();
        count += 1;
    }
    count
}

/// Whatever the rate: in about eight of ten cases the stock lasts from the earliest to the latest day.
#[test]
fn the_interval_of_the_stock_out_holds_eight_of_ten() {
    for mean in [0.2, 1.0, 6.0] {
        let high = if mean < 0.5 {
            1.0
        } else {
            mean + 1.2816 * f64::sqrt(mean)
        };
        let step = StoredStep {
            mean,
            point: mean,
            low: (mean - 1.2816 * f64::sqrt(mean)).max(0.0),
            high,
        };
        let steps = vec![step; 28];
        let outlook = Outlook::new(day(0), &steps, 1.0).unwrap();
        let stock = quantity(mean * 20.0);
        let out = outlook.cover(stock, &[]).stock_out;
        let (earliest, latest) = (out.earliest.unwrap(), out.latest.unwrap());
        let mut next = noise(7);
        let within = (0..2_000).filter(|_| {
            let (mut left, mut n) = (stock, -1);
            while left >= 0 && n < 365 {
                n += 1;
                left -= arrivals(mean, &mut next);
            }
            // The day on which somebody goes away empty-handed.
            (earliest..=latest).contains(&day(n))
        });
        let share = f64::from(u32::try_from(within.count()).unwrap()) / 2_000.0;
        assert!((0.76..=0.92).contains(&share), "{mean} a day: {share}");
    }
}

proptest! {
    #[test]
    fn bounds_are_in_their_order_and_more_stock_lasts_longer(
        means in prop::collection::vec(0.0_f64..20.0, 1..28),
        deviation in 0.0_f64..10.0,
        spread in 1.0_f64..9.0,
        stock in 0_i64..500,
        more in 0_i64..200,
    ) {
        let steps: Vec<_> = means.iter().map(|mean| steady(*mean, deviation)[0]).collect();
        let outlook = Outlook::new(day(0), &steps, spread).unwrap();
        let far = |d: Option<NaiveDate>| d.unwrap_or(NaiveDate::MAX);
        let cover = outlook.cover(stock, &[]);
        let out = cover.stock_out;
        prop_assert!(far(out.earliest) <= far(out.latest));
        prop_assert!(far(out.expected) <= far(out.latest) || out.expected.is_some());
        let richer = outlook.cover(stock + more, &[]);
        prop_assert!(far(richer.stock_out.earliest) >= far(out.earliest));
        prop_assert!(far(richer.stock_out.expected) >= far(out.expected));
        prop_assert!(richer.days.unwrap_or(f64::MAX) >= cover.days.unwrap_or(f64::MAX));
        for left in outlook.left(stock, &[]) {
            prop_assert!(0.0 <= left.low && left.low <= left.high);
            prop_assert!(left.expected <= units(stock));
        }
    }

    #[test]
    fn an_order_fills_packs_and_brings_the_position_over_its_point(
        mean in 0.01_f64..30.0,
        position in 0_i64..400,
        pack in 1_i64..50,
        minimum in 1_i64..200,
        cost in prop::option::of(0.05_f64..500.0),
    ) {
        let steps = steady(mean, mean);
        let outlook = Outlook::new(day(0), &steps, 1.0).unwrap();
        let terms = Terms { lead: LEAD, unit_cost: cost, pack: Some(pack), minimum: Some(minimum), order_cost: 50.0 };
        let found = reorder(&outlook, position, &terms, &settings());
        prop_assert!(found.point >= found.safety_stock && found.safety_stock > 0.0);
        if units(position) > found.point {
            prop_assert_eq!(found.quantity, 0);
        } else {
            prop_assert_eq!(found.quantity % pack, 0);
            prop_assert!(found.quantity >= minimum);
            prop_assert!(units(position + found.quantity) >= found.point);
        }
        // A surer service has a higher point.
        let surer = PlanSettings { service_level: 9_900, ..settings() };
        prop_assert!(reorder(&outlook, position, &terms, &surer).point > found.point);
    }
}
