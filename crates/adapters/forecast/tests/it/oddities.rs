//! Series that break forecasters.

use crate::shop::units;
use crate::{alone, forecast, plan, series};
use domain::forecast::{Forecast, History, Level, Plan};

fn sound(forecast: &Forecast, horizon: usize) {
    assert_eq!(forecast.steps.len(), horizon);
    for step in &forecast.steps {
        assert!(step.point.is_finite() && step.mean.is_finite());
        for (lower, upper) in &step.bounds {
            assert!(lower.is_finite() && upper.is_finite());
            assert!(*lower <= step.point + 1e-9 && step.point <= *upper + 1e-9);
        }
    }
    let weights: f64 = forecast.models.iter().map(|m| m.weight).sum();
    assert!((weights - 1.0).abs() < 1e-9);
}

#[test]
fn ten_years_of_zeros_go_on() {
    let told = alone(vec![0.0; 3652], 28);
    sound(&told, 28);
    assert!(
        told.steps
            .iter()
            .all(|s| s.point == 0.0 && s.bounds[0] == (0.0, 0.0))
    );
    assert_eq!(told.history, History::Enough);
}

#[test]
fn one_single_sale_is_too_little_history() {
    let told = alone(vec![3.0], 28);
    sound(&told, 28);
    assert!((told.steps[0].point - 3.0).abs() < 1e-9);
    assert_eq!(told.own_past, None);
    let needed = 49;
    assert_eq!(told.history, History::TooLittle { days: 1, needed });
}

#[test]
fn one_sale_in_a_year_is_nearly_nothing() {
    let mut values = vec![0.0; 365];
    values[200] = 5.0;
    let told = alone(values, 28);
    sound(&told, 28);
    assert!(told.steps.iter().all(|s| s.point < 0.1));
}

#[test]
fn a_new_level_is_believed() {
    let mut values = units(1, 300, 10.0);
    values.extend(units(1, 120, 40.0));
    let told = alone(values, 28);
    sound(&told, 28);
    let mean = told.steps.iter().map(|s| s.point).sum::<f64>() / 28.0;
    assert!((30.0..55.0).contains(&mean), "{mean}");
}

#[test]
fn what_was_never_negative_is_not_forecast_so() {
    let falling: Vec<_> = (0..200).map(|i| f64::from(200 - i)).collect();
    let told = alone(falling, 90);
    sound(&told, 90);
    assert!(
        told.steps
            .iter()
            .all(|s| s.bounds[0].0 >= 0.0 && s.mean >= 0.0)
    );
}

#[test]
fn what_was_negative_may_be_again() {
    let losses: Vec<_> = units(2, 200, 10.0).iter().map(|v| v - 30.0).collect();
    let told = alone(losses, 28);
    sound(&told, 28);
    assert!(told.steps.iter().all(|s| s.point < -10.0));
}

#[test]
fn every_length_of_past_has_an_answer() {
    for days in (1..70).chain([364, 400, 547, 548, 549, 800]) {
        for horizon in [1, 7, 28] {
            sound(&alone(units(3, days, 4.0), horizon), horizon);
        }
    }
    sound(&alone(units(3, 800, 4.0), 730), 730);
}

#[test]
fn huge_and_tiny_figures_stay_finite() {
    for scale in [1e-9, 1e14] {
        let values = units(4, 200, 5.0).iter().map(|v| v * scale).collect();
        sound(&alone(values, 28), 28);
    }
}

#[test]
fn without_seasons_a_level_is_told() {
    let plan = Plan::new(14, Vec::new(), vec![Level::USUAL], Vec::new()).unwrap();
    let told = forecast(&plan, &[series("a", units(5, 100, 6.0))], 1).remove(0);
    sound(&told, 14);
}

#[test]
fn the_answer_does_not_depend_on_threads() {
    let all: Vec<_> = (0..40)
        .map(|i| series(&i.to_string(), units(i, 200, 3.0)))
        .collect();
    let one = forecast(&plan(28), &all, 1);
    let three = forecast(&plan(28), &all, 3);
    assert_eq!(one, three);
    let indices: Vec<_> = one.iter().map(|f| f.index).collect();
    assert_eq!(indices, (0..40).collect::<Vec<_>>());
}

#[test]
fn wider_levels_have_wider_intervals() {
    let levels = [50.0, 80.0, 95.0].map(|l| Level::new(l).unwrap());
    let plan = Plan::new(28, vec![7], levels.to_vec(), Vec::new()).unwrap();
    let told = forecast(&plan, &[series("a", units(6, 300, 20.0))], 1).remove(0);
    sound(&told, 28);
    let width = |at: usize| {
        told.steps
            .iter()
            .map(|s| s.bounds[at].1 - s.bounds[at].0)
            .sum::<f64>()
    };
    assert!(width(0) < width(1) && width(1) < width(2));
}
