//! What the forecasts are worth on days that they have not seen.

use crate::shop::units;
use crate::{forecast, plan, series};
use domain::forecast::{Forecast, Series};

const AHEAD: usize = 28;

/// Forecasts of the past of each, with the days that followed.
fn held_out(all: &[Vec<f64>]) -> Vec<(Forecast, Series, Vec<f64>)> {
    let past: Vec<_> = all
        .iter()
        .enumerate()
        .map(|(at, values)| series(&at.to_string(), values[..values.len() - AHEAD].to_vec()))
        .collect();
    let told = forecast(&plan(AHEAD), &past, 2);
    let followed = all
        .iter()
        .map(|values| values[values.len() - AHEAD..].to_vec());
    told.into_iter()
        .zip(past)
        .zip(followed)
        .map(|((t, p), f)| (t, p, f))
        .collect()
}

fn shop() -> Vec<Vec<f64>> {
    let levels = [0.2, 0.8, 3.0, 12.0, 40.0];
    (0..60)
        .map(|seed| units(seed, 600, levels[usize::try_from(seed).unwrap() % 5]))
        .collect()
}

#[test]
fn four_fifths_of_the_days_fall_into_the_interval() {
    let (mut within, mut days) = (0.0, 0.0);
    for (told, _, followed) in held_out(&shop()) {
        for (step, value) in told.steps.iter().zip(followed) {
            let (lower, upper) = step.bounds[0];
            days += 1.0;
            within += if (lower..=upper).contains(&value) {
                1.0
            } else {
                0.0
            };
        }
    }
    let share = within / days;
    assert!((0.76..=0.86).contains(&share), "{share}");
}

#[test]
fn it_misses_by_less_than_the_week_before_and_the_mean_of_eight() {
    let (mut own, mut naive, mut eight) = (0.0, 0.0, 0.0);
    for (told, past, followed) in held_out(&shop()) {
        let y = &past.values;
        let scale: f64 = y.iter().skip(7).zip(y).map(|(a, b)| (a - b).abs()).sum();
        for (h, (step, value)) in told.steps.iter().zip(followed).enumerate() {
            let same = |weeks: usize| y[y.len() - 7 * weeks + h % 7];
            own += (step.point - value).abs() / scale;
            naive += (same(1) - value).abs() / scale;
            eight += ((1..=8).map(same).sum::<f64>() / 8.0 - value).abs() / scale;
        }
    }
    assert!(own < 0.8 * naive, "{own} {naive}");
    assert!(own < 0.97 * eight, "{own} {eight}");
}

#[test]
fn the_mean_is_a_mean_where_the_middle_is_zero() {
    let rare: Vec<_> = (100..160).map(|seed| units(seed, 400, 0.3)).collect();
    let (mut told_sum, mut sum) = (0.0, 0.0);
    for (told, _, followed) in held_out(&rare) {
        told_sum += told.steps.iter().map(|s| s.mean).sum::<f64>();
        sum += followed.iter().sum::<f64>();
    }
    assert!((0.8..1.25).contains(&(told_sum / sum)), "{told_sum} {sum}");
}

#[test]
fn its_own_past_says_what_it_is_worth() {
    for (told, _, _) in held_out(&shop()) {
        let past = told.own_past.unwrap();
        assert_eq!(past.origins, 6);
        assert!((0.5..=1.0).contains(&past.coverage));
        assert!(past.mase.unwrap() < 1.2);
    }
}
