//! False alarms and what is found, over simulated shops: seeded, with weekdays, growth, orders of any size and refunds that come in lumps.

use super::anomaly::Watched;
use super::detect::{LEAST, Looked, look};
use chrono::{Days, NaiveDate};

/// SplitMix64: the same numbers everywhere.
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) >> 11) as f64 / (1u64 << 53) as f64
    }

    fn normal(&mut self) -> f64 {
        let (a, b) = (self.next().max(1e-12), self.next());
        (-2.0 * a.ln()).sqrt() * (std::f64::consts::TAU * b).cos()
    }

    fn poisson(&mut self, mean: f64) -> i64 {
        let (mut left, mut count) = (mean, 0);
        loop {
            left += self.next().max(1e-300).ln();
            if left < 0.0 {
                return count;
            }
            count += 1;
        }
    }
}

#[derive(Clone, Copy, Default)]
struct Plant {
    orders: f64,
    refunds: f64,
    margin: f64,
    spend: f64,
    cost: f64,
}

const WEEK: [f64; 7] = [1.0, 0.95, 0.9, 1.0, 1.15, 1.35, 1.2];
const CALM: Plant = Plant {
    orders: 1.0,
    refunds: 1.0,
    margin: 0.0,
    spend: 1.0,
    cost: 1.0,
};

type Row = [Option<i64>; 7];

fn first() -> NaiveDate {
    "2025-01-06".parse().unwrap()
}

/// A shop of about so many orders a day; from `from` on it is as planted.
fn shop(seed: u64, orders: f64, days: u64, from: u64, plant: Plant) -> Vec<Row> {
    let chance = &mut Chance(seed);
    let mut rows = Vec::new();
    for day in 0..days {
        let plant = if day >= from { plant } else { CALM };
        let season = WEEK[(day % 7) as usize] * (1.0 + 0.002 * day as f64);
        let count = chance.poisson(orders * season * plant.orders);
        let (mut sales, mut refunds) = (0.0, 0.0);
        for _ in 0..count {
            let value = 4_000.0 * (0.5 * chance.normal()).exp();
            sales += value;
            if chance.next() < 0.05 * plant.refunds {
                refunds += value;
            }
        }
        let net = sales - refunds;
        let margin = 0.35 + 0.012 * chance.normal() - plant.margin;
        let spend = orders * season * 500.0 * (1.0 + 0.08 * chance.normal()) * plant.spend;
        let cost = 1_500.0 * plant.cost * (1.0 + 0.03 * chance.normal());
        let share = |part: f64, of: f64| (of > 0.0).then(|| (part / of * 10_000.0).round() as i64);
        rows.push([
            Some(net.round() as i64),
            Some(count),
            share(refunds, sales),
            Some((margin * 10_000.0).round() as i64),
            Some(spend.round() as i64),
            share(net * margin, spend),
            Some(cost.round() as i64),
        ]);
    }
    rows
}

fn finds(rows: &[Row], day: usize, figure: usize) -> bool {
    let oldest = day.saturating_sub(100);
    let series: Vec<_> = (oldest..=day)
        .map(|d| (first() + Days::new(d as u64), rows[d][figure]))
        .collect();
    matches!(look(Watched::ALL[figure], &series), Looked::Unusual(_))
}

#[test]
fn of_calm_shops_less_than_one_day_a_week_is_told_over_all_figures() {
    let (mut alarms, mut weeks) = (0, 0.0);
    for (seed, size) in [(1, 60.0), (2, 15.0), (3, 200.0), (4, 40.0)] {
        let rows = shop(seed, size, 182, 999, CALM);
        for day in 98..182 {
            alarms += (0..7).filter(|f| finds(&rows, day, *f)).count();
        }
        weeks += 12.0;
    }
    let a_week = alarms as f64 / weeks;
    assert!(a_week <= 1.0, "{a_week} false alarms a week");
    println!("{a_week:.3} false alarms a week over all figures");
}

#[test]
fn nine_of_ten_planted_changes_are_found_within_two_days() {
    let plants: [(Plant, usize); 6] = [
        (
            Plant {
                orders: 0.5,
                ..CALM
            },
            1,
        ),
        (
            Plant {
                orders: 1.8,
                ..CALM
            },
            0,
        ),
        (
            Plant {
                refunds: 4.0,
                ..CALM
            },
            2,
        ),
        (
            Plant {
                margin: 0.08,
                ..CALM
            },
            3,
        ),
        (Plant { spend: 1.6, ..CALM }, 4),
        (Plant { cost: 1.25, ..CALM }, 6),
    ];
    let (mut found, mut all) = (0, 0);
    for (index, (plant, figure)) in plants.into_iter().enumerate() {
        for seed in 0..20 {
            let from = 100 + seed as usize;
            let rows = shop(seed * 31 + index as u64, 60.0, 130, from as u64, plant);
            let is_found = (from..from + 2).any(|day| finds(&rows, day, figure));
            all += 1;
            found += i32::from(is_found);
        }
    }
    println!("{found} of {all} planted changes found");
    assert!(found * 10 >= all * 9, "{found} of {all}");
}

#[test]
fn a_figure_that_never_moves_is_no_alarm_when_it_moves_by_a_cent() {
    let series = |last: i64| -> Vec<_> {
        let day = |d: u64| first() + Days::new(d);
        let mut all: Vec<_> = (0..90).map(|d| (day(d), Some(10_000))).collect();
        all.push((day(90), Some(last)));
        all
    };
    assert_eq!(look(Watched::AdSpend, &series(10_001)), Looked::Usual);
    let Looked::Unusual(found) = look(Watched::AdSpend, &series(20_000)) else {
        panic!("twice as much is unusual");
    };
    assert_eq!((found.value, found.expected), (20_000, 10_000));
    assert!(found.low < 10_000 && found.high > 10_000 && found.high < 20_000);
    assert!(matches!(look(Watched::AdSpend, &series(0)), Looked::Unusual(f) if f.score < 0.0));
}

#[test]
fn a_weekend_is_no_alarm_and_a_weekend_on_a_monday_is() {
    let value = |d: u64| if d % 7 >= 5 { 100 } else { 1_000 } + (d * 37 % 23) as i64;
    let upto = |last: u64, told: i64| -> Vec<_> {
        let mut all: Vec<_> = (0..last)
            .map(|d| (first() + Days::new(d), Some(value(d))))
            .collect();
        all.push((first() + Days::new(last), Some(told)));
        all
    };
    assert_eq!(
        look(Watched::Orders, &upto(96, value(96))),
        Looked::Usual,
        "a Saturday"
    );
    assert!(
        matches!(look(Watched::Orders, &upto(98, 100)), Looked::Unusual(_)),
        "a Monday"
    );
}

#[test]
fn too_little_history_and_a_day_that_is_not_known_are_said_so() {
    let series = |days: u64| -> Vec<_> {
        (0..days)
            .map(|d| (first() + Days::new(d), Some(10)))
            .collect()
    };
    assert_eq!(look(Watched::Orders, &series(20)), Looked::TooLittle(18));
    assert_eq!(
        look(Watched::Orders, &series(LEAST as u64 + 2)),
        Looked::Usual
    );
    let mut none = series(60);
    none.push((first() + Days::new(60), None));
    assert_eq!(look(Watched::Orders, &none), Looked::Unknown);
    assert_eq!(look(Watched::Orders, &[]), Looked::Unknown);
}
