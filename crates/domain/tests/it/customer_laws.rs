//! The one pass over days against a naive recomputation of each figure from the whole history.

use chrono::{Datelike as _, Days, Months, NaiveDate};
use domain::customers::{
    Analysis, Analyst, CustomerDay, CustomerDayRow, CustomerSettings, FixedSegment, GUEST,
    HORIZONS, MIN_FOR_INTERVAL, Payback, Segment, Standing, Unknown, payback,
};
use domain::ids::CustomerId;
use domain::money::Currency;
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

type History = BTreeMap<(i64, NaiveDate), CustomerDay>;

const SPAN: u64 = 500;

fn start() -> NaiveDate {
    "2025-01-20".parse().unwrap()
}

fn today() -> NaiveDate {
    start() + Days::new(SPAN)
}

fn usd() -> Currency {
    Currency::parse("USD").unwrap()
}

/// Up to sixty customers and guests, each with some days; some days only give back.
fn histories() -> impl Strategy<Value = History> {
    let day = (0_i64..60, 0..=SPAN, 0_i64..3, -5_000_i64..20_000, 0_i64..3);
    prop::collection::vec(day, 0..220).prop_map(|days| {
        let mut history = History::new();
        for (customer, offset, orders, revenue, costs) in days {
            let place = history
                .entry((customer, start() + Days::new(offset)))
                .or_default();
            let without = if costs == 0 { revenue } else { 0 };
            *place += CustomerDay {
                orders,
                net_revenue: revenue,
                net_revenue_without_cost: without,
                cm2: (revenue - without) / 2,
                entries: 1,
            };
        }
        history
    })
}

fn analysed(history: &History) -> Analysis {
    let mut analyst = Analyst::new(today(), usd(), CustomerSettings::default());
    for ((customer, day), sums) in history {
        analyst.push(CustomerDayRow {
            customer: CustomerId(*customer),
            day: *day,
            sums: *sums,
        });
    }
    analyst.finish()
}

fn firsts(history: &History) -> BTreeMap<i64, NaiveDate> {
    let mut firsts = BTreeMap::new();
    for ((customer, day), sums) in history {
        if *customer != GUEST.0 && sums.orders > 0 {
            firsts.entry(*customer).or_insert(*day);
        }
    }
    firsts
}

fn month(day: NaiveDate) -> NaiveDate {
    day.with_day(1).unwrap()
}

fn of(history: &History, customer: i64) -> impl Iterator<Item = (NaiveDate, &CustomerDay)> {
    history
        .iter()
        .filter(move |((c, _), _)| *c == customer)
        .map(|((_, day), sums)| (*day, sums))
}

/// CM2 up to and with the day `days` after the first order.
fn value(history: &History, customer: i64, first: NaiveDate, days: u32) -> i64 {
    let last = first + Days::new(u64::from(days));
    of(history, customer)
        .filter(|(day, _)| *day <= last)
        .map(|(_, sums)| sums.cm2)
        .sum()
}

fn mean(values: &[i64]) -> i64 {
    let (sum, n) = (
        values.iter().map(|v| i128::from(*v)).sum::<i128>(),
        values.len() as i128,
    );
    i64::try_from((sum.abs() * 2 + n) / (n * 2) * sum.signum()).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn cohorts_are_what_one_counts_by_hand(history in histories()) {
        let (analysis, firsts) = (analysed(&history), firsts(&history));
        let months: BTreeSet<NaiveDate> = firsts.values().map(|d| month(*d)).collect();
        prop_assert_eq!(analysis.cohorts.iter().map(|c| c.month).collect::<BTreeSet<_>>(), months);
        for cohort in &analysis.cohorts {
            let members: Vec<i64> = firsts.iter().filter(|(_, d)| month(**d) == cohort.month).map(|(c, _)| *c).collect();
            prop_assert_eq!(cohort.customers, members.len() as u64);
            for (offset, cell) in cohort.months.iter().enumerate() {
                let from = cohort.month + Months::new(u32::try_from(offset).unwrap());
                let end = from + Months::new(1);
                let inside = |day: NaiveDate| (day >= from || offset == 0) && day < end;
                let active = members.iter().filter(|c| of(&history, **c).any(|(d, s)| inside(d) && s.orders > 0)).count();
                let repeaters = members.iter().filter(|c| {
                    of(&history, **c).filter(|(d, _)| *d < end).map(|(_, s)| s.orders).sum::<i64>() >= 2
                }).count();
                let revenue: i64 = members.iter().flat_map(|c| of(&history, *c)).filter(|(d, _)| inside(*d)).map(|(_, s)| s.net_revenue).sum();
                let cm2: i64 = members.iter().flat_map(|c| of(&history, *c)).filter(|(d, _)| inside(*d)).map(|(_, s)| s.cm2).sum();
                prop_assert_eq!((cell.active, cell.repeaters), (active as u64, repeaters as u64));
                prop_assert_eq!((cell.net_revenue, cell.cm2), (revenue, cm2));
                prop_assert_eq!(cell.complete, end <= month(today()));
            }
        }
    }

    #[test]
    fn lifetime_value_speaks_only_of_who_has_been_there_that_long(history in histories()) {
        let (analysis, firsts) = (analysed(&history), firsts(&history));
        for point in &analysis.ltv.points {
            let old: Vec<i64> = firsts.iter()
                .filter(|(_, first)| (today() - **first).num_days() >= i64::from(point.day))
                .map(|(c, first)| value(&history, *c, *first, point.day))
                .collect();
            prop_assert_eq!((point.value.customers, point.value.mean), (old.len() as u64, mean(&old)));
            prop_assert_eq!(point.value.low.is_some(), old.len() as u64 >= MIN_FOR_INTERVAL);
        }
        for cohort in &analysis.cohorts {
            let observed = (today() - (cohort.month + Months::new(1) - Days::new(1))).num_days().max(0);
            for (value_of, days) in cohort.values.iter().zip(HORIZONS) {
                if observed < i64::from(days) {
                    prop_assert_eq!(value_of.observed, None);
                    prop_assert_eq!(value_of.unknown, Some(Unknown::TooYoung { observed_days: observed }));
                    if let Some(projected) = value_of.projected {
                        prop_assert!(projected.low.is_some() && projected.high.is_some(), "never without its interval");
                    }
                } else if let Some(estimate) = value_of.observed {
                    let all: Vec<i64> = firsts.iter().filter(|(_, d)| month(**d) == cohort.month)
                        .map(|(c, first)| value(&history, *c, *first, days)).collect();
                    prop_assert_eq!((estimate.mean, estimate.customers), (mean(&all), all.len() as u64));
                }
            }
        }
    }

    #[test]
    fn payback_is_the_first_day_that_pays(history in histories(), cost in -100_i64..9_000) {
        let points = analysed(&history).ltv.points;
        let by_hand = points.iter().find(|p| p.value.mean >= cost).map(|p| p.day);
        match payback(&points, cost) {
            Payback::Day(day) => prop_assert_eq!(Some(day), by_hand),
            Payback::NotWithin { days } => prop_assert_eq!((by_hand, days), (None, points.last().unwrap().day)),
            Payback::Unknown => prop_assert!(points.is_empty()),
        }
    }

    #[test]
    fn everybody_is_in_one_scored_segment_and_sums_add_up(history in histories()) {
        let (analysis, firsts) = (analysed(&history), firsts(&history));
        prop_assert_eq!(analysis.all.customers, firsts.len() as u64);
        let guests: i64 = of(&history, GUEST.0).map(|(_, s)| s.net_revenue).sum();
        prop_assert_eq!(analysis.guests.net_revenue, guests);
        let standing = |c: i64, first: NaiveDate| Standing {
            customer: CustomerId(c),
            first_day: first,
            last_day: of(&history, c).filter(|(_, s)| s.orders > 0).map(|(d, _)| d).max().unwrap(),
            orders: of(&history, c).map(|(_, s)| s.orders).sum(),
            net_revenue: of(&history, c).map(|(_, s)| s.net_revenue).sum(),
            net_revenue_without_cost: of(&history, c).map(|(_, s)| s.net_revenue_without_cost).sum(),
            cm2: of(&history, c).map(|(_, s)| s.cm2).sum(),
        };
        let people: Vec<Standing> = firsts.iter().map(|(c, d)| standing(*c, *d)).collect();
        prop_assert_eq!(analysis.repeaters, people.iter().filter(|s| s.orders >= 2).count() as u64);
        if let Some(rfm) = &analysis.rfm {
            let mut counted = 0;
            for segment in Segment::ALL {
                let inside = people.iter().filter(|s| rfm.segment(s) == segment);
                let sums = rfm.sums(segment);
                counted += sums.customers;
                prop_assert_eq!(sums.cm2, inside.clone().map(|s| s.cm2).sum::<i64>());
                prop_assert_eq!(sums.customers, inside.count() as u64);
            }
            prop_assert_eq!(counted, analysis.all.customers);
        }
        let settings = CustomerSettings::default();
        for (segment, sums) in FixedSegment::ALL.into_iter().zip(&analysis.fixed) {
            let inside = people.iter().filter(|s| segment.holds(s, &settings, usd(), today()));
            prop_assert_eq!(sums.customers, inside.count() as u64);
        }
    }
}

#[test]
fn without_any_cost_there_is_no_value_and_it_says_so() {
    let mut history = History::new();
    for customer in 1..=40 {
        let sums = CustomerDay {
            orders: 1,
            net_revenue: 100,
            net_revenue_without_cost: 100,
            cm2: 0,
            entries: 1,
        };
        history.insert((customer, start()), sums);
    }
    let analysis = analysed(&history);
    assert!(analysis.ltv.points.is_empty());
    assert_eq!(analysis.ltv.values[0].unknown, Some(Unknown::NoCosts));
    assert_eq!(analysis.cohorts[0].values[0].observed, None);
}

#[test]
fn a_young_cohort_is_projected_from_older_ones_with_an_interval() {
    let mut history = History::new();
    let mut buy = |customer: i64, day: NaiveDate, cm2: i64| {
        let sums = CustomerDay {
            orders: 1,
            net_revenue: cm2 * 2,
            net_revenue_without_cost: 0,
            cm2,
            entries: 1,
        };
        history.insert((customer, day), sums);
    };
    // Fifty old ones bring 10 on the first day and 4 or 6 on day 40; fifty young ones bring 20.
    for n in 0..50 {
        buy(1 + n, start(), 1_000);
        buy(
            1 + n,
            start() + Days::new(40),
            if n % 2 == 0 { 400 } else { 600 },
        );
        buy(
            101 + n,
            today() - Days::new(5),
            if n % 2 == 0 { 1_900 } else { 2_100 },
        );
    }
    let analysis = analysed(&history);
    let young = analysis.cohorts.last().unwrap();
    let sixty = young.values.iter().find(|v| v.days == 60).unwrap();
    let projected = sixty.projected.unwrap();
    assert_eq!(sixty.observed, None);
    assert_eq!((projected.mean, sixty.projected_from), (2_500, Some(0)));
    let (low, high) = (projected.low.unwrap(), projected.high.unwrap());
    assert!(
        low < 2_500 && high > 2_500 && high - low < 200,
        "{low}–{high}"
    );
}
