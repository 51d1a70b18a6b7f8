//! What each model has to say: by its error on the series' own past, mixed with its error on series of the same kind.

use crate::models::{COUNT, Told};

pub(crate) type Weights = [f64; COUNT];

/// Origins that what similar series tell counts as.
const PRIOR: f64 = 3.0;
/// How sharply a model with a larger error loses its say.
const SHARPNESS: f64 = 18.0;
/// What has less of a say than this against the best is left out.
const LEAST: f64 = 0.05;
/// What speaks when nothing is known: plain means of recent weeks, and smoothing.
const PLAIN: [usize; 3] = [1, 3, 6];

/// Errors against their mean over the models, so that series of any size can be compared.
pub(crate) fn relative(errors: &[f64; COUNT]) -> [f64; COUNT] {
    let known = errors.iter().filter(|e| e.is_finite());
    let (sum, count) = known.fold((0.0, 0.0), |(s, c), e| (s + e, c + 1.0));
    let mean: f64 = sum / count;
    if mean > 0.0 {
        errors.map(|e| e / mean)
    } else {
        errors.map(|e| if e.is_finite() { 1.0 } else { f64::NAN })
    }
}

/// The say of each; of `origins` own ones. What could not be held against the past has none.
pub(crate) fn weigh(errors: &[f64; COUNT], origins: f64, prior: &[f64; COUNT]) -> Weights {
    let own = relative(errors);
    let mut scores = [f64::NAN; COUNT];
    for (at, score) in scores.iter_mut().enumerate() {
        let known = prior[at];
        *score = match (own[at].is_finite(), known.is_finite()) {
            (true, true) => (origins * own[at] + PRIOR * known) / (origins + PRIOR),
            (true, false) => own[at],
            (false, true) if origins == 0.0 => known,
            _ => f64::NAN,
        };
    }
    let best = scores.iter().copied().fold(f64::NAN, f64::min);
    let mut weights = [0.0; COUNT];
    if best.is_nan() {
        PLAIN.iter().for_each(|at| weights[*at] = 1.0);
    } else {
        for (weight, score) in weights.iter_mut().zip(&scores) {
            let say = (-SHARPNESS * (score / best.max(1e-9) - 1.0)).exp();
            *weight = if say >= LEAST { say } else { 0.0 };
        }
    }
    normal(weights)
}

fn normal(weights: Weights) -> Weights {
    let sum: f64 = weights.iter().sum();
    weights.map(|w| w / sum)
}

/// The weighted mean of what the models told; weights of those that told nothing go to the others.
pub(crate) fn combine(told: &Told, weights: &Weights, horizon: usize) -> Vec<f64> {
    let mut days = vec![0.0; horizon];
    let mut sum = 0.0;
    for (told, weight) in told.iter().zip(weights) {
        let Some(told) = told else { continue };
        if *weight > 0.0 {
            sum += weight;
            days.iter_mut()
                .zip(told)
                .for_each(|(d, t)| *d += weight * t);
        }
    }
    if sum > 0.0 {
        days.iter_mut().for_each(|d| *d /= sum);
    }
    days
}

#[cfg(test)]
mod tests {
    use super::*;

    const UNKNOWN: [f64; COUNT] = [f64::NAN; COUNT];

    fn errors(known: &[f64]) -> [f64; COUNT] {
        let mut errors = UNKNOWN;
        errors[..known.len()].copy_from_slice(known);
        errors
    }

    #[test]
    fn the_smaller_error_has_the_larger_say_and_a_large_one_none() {
        let weights = weigh(&errors(&[1.0, 1.02, 3.0]), 6.0, &UNKNOWN);
        assert!(weights[0] > weights[1] && weights[1] > 0.3);
        assert_eq!(weights[2], 0.0);
        assert!((weights.iter().sum::<f64>() - 1.0).abs() < 1e-12);
    }

    #[test]
    fn similar_series_outweigh_a_single_origin() {
        let prior = errors(&[0.5, 1.5]);
        let own = errors(&[1.1, 0.9]);
        assert!(weigh(&own, 1.0, &prior)[0] > 0.9);
        assert!(weigh(&own, 60.0, &prior)[1] > 0.5);
    }

    #[test]
    fn nothing_known_leaves_the_plain_means() {
        let weights = weigh(&UNKNOWN, 0.0, &UNKNOWN);
        assert!(PLAIN.iter().all(|at| weights[*at] > 0.3));
    }

    #[test]
    fn who_told_nothing_gives_its_weight_to_the_others() {
        let mut told: Told = std::array::from_fn(|_| None);
        told[1] = Some(vec![4.0, 6.0]);
        let mut weights = [0.0; COUNT];
        (weights[0], weights[1]) = (0.5, 0.5);
        assert_eq!(combine(&told, &weights, 2), [4.0, 6.0]);
    }
}
