//! Scores of forecasts against days whose figures are worked out by hand.

use super::super::stored::{StoredStep, Target};
use super::super::{History, StoredForecast};
use super::*;
use crate::ids::VariantId;
use chrono::DateTime;

fn day(n: i64) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 1, 1).unwrap() + chrono::Duration::days(n)
}

fn forecast(first: i64) -> StoredForecast {
    let step = StoredStep {
        mean: 3.0,
        point: 2.0,
        low: 1.0,
        high: 4.0,
    };
    StoredForecast {
        target: Target::Variant(VariantId(1)),
        first: day(first),
        made_at: DateTime::UNIX_EPOCH,
        steps: vec![step; 35],
        model: "theta 1.00".to_owned(),
        lead: "theta".to_owned(),
        trained: (day(0), day(first - 1)),
        days: 1,
        censored: 0,
        own_past: None,
        history: History::Enough,
        borrowed_from: None,
        scale: Some(2.0),
        spread: 1.0,
    }
}

#[test]
fn each_day_is_compared_with_every_night_that_told_it() {
    let mut scorer = Scorer::of([day(40), day(41)]);
    for first in [40, 39, 30, 13, 12, 41, 42] {
        scorer.add(&forecast(first), |d| (d == day(40)).then_some(5.0));
    }
    let days = scorer.finish();
    assert_eq!(days.len(), 2);
    assert!(days[1].cells.is_empty(), "nobody knows what was wanted");
    let ahead: Vec<_> = days[0]
        .cells
        .iter()
        .map(|(c, s)| (c.bucket, s.days))
        .collect();
    // The one of day 12 told it 29 days ahead.
    let expected = [
        (Bucket::Tomorrow, 1),
        (Bucket::Week, 1),
        (Bucket::SecondWeek, 1),
        (Bucket::Later, 1),
    ];
    assert_eq!(ahead, expected);
    let total = days[0].total(TargetLevel::Variant);
    assert_eq!((total.mase(), total.wape()), (Some(1.5), Some(0.6)));
    assert_eq!((total.bias(), total.coverage()), (Some(-0.4), Some(0.0)));
    assert_eq!(days[0].total(TargetLevel::Store).coverage(), None);
}

fn weeks(errors: &[f64]) -> Vec<DayScores> {
    let mut days = Vec::new();
    for (week, error) in errors.iter().enumerate() {
        for n in 0..7 {
            let cell = Cell {
                level: TargetLevel::Variant,
                bucket: Bucket::Week,
                model: "theta".to_owned(),
            };
            let sums = Sums {
                days: 10,
                scaled: error * 10.0,
                scaled_days: 10,
                ..Sums::default()
            };
            days.push(DayScores {
                day: day(i64::try_from(week * 7 + n).unwrap()),
                cells: vec![(cell, sums)],
            });
        }
    }
    days
}

#[test]
fn four_bad_weeks_are_a_drift_and_one_is_not() {
    let steady = [0.9, 1.0, 0.95, 1.05, 1.0, 0.9, 1.1, 0.97];
    let with = |last: [f64; 4]| Drift::of(&weeks(&[&steady[..], &last].concat()));
    let worse = with([1.4, 1.3, 1.5, 1.35]);
    assert_eq!(worse.state, DriftState::Drifting);
    assert!(worse.p_value.unwrap() < 0.01 && worse.recent > worse.past);
    assert_eq!(with([1.0, 0.9, 2.0, 0.95]).state, DriftState::None);
    assert_eq!(with([0.5, 0.4, 0.5, 0.6]).state, DriftState::None);
    // Significant, and too small to matter.
    let slight = [1.0, 1.01, 0.99, 1.0, 1.0, 1.01, 1.05, 1.05, 1.05, 1.05];
    let slight = Drift::of(&weeks(&slight));
    assert!(slight.p_value.unwrap() < 0.01);
    assert_eq!(slight.state, DriftState::None);
    assert_eq!(Drift::of(&weeks(&[1.0; 9])).state, DriftState::TooEarly);
    assert_eq!(Drift::of(&weeks(&[1.0; 12])).state, DriftState::None);
    assert_eq!(Drift::of(&[]).state, DriftState::TooEarly);
}
