//! Exponential smoothing and Theta over a series without its season.
//!
//! Hyndman, Koehler, Ord, Snyder: *Forecasting with Exponential Smoothing* (2008), chapters 2 and 5; Hyndman, Billah: *Unmasking the Theta
//! method* (2003), equation 4.

use crate::num::{mean, of, tail};

/// Older days have no say in the parameters any more.
const LOOK_BACK: usize = 730;

/// Simple exponential smoothing.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Simple {
    pub(crate) level: f64,
    alpha: f64,
}

impl Simple {
    const SHARES: usize = 8;
    const ALPHAS: [f64; Self::SHARES] = [0.01, 0.03, 0.06, 0.1, 0.15, 0.25, 0.4, 0.6];

    /// The share of each new day with the smallest squared error one day ahead.
    pub(crate) fn fit(x: &[f64]) -> Self {
        let x = tail(x, LOOK_BACK);
        let start = mean(&x[..x.len().min(14)]);
        // All side by side: a day's level waits for the day before, but not for the other shares.
        let (mut levels, mut errors) = ([start; Self::SHARES], [0.0; Self::SHARES]);
        for value in x {
            for at in 0..Self::SHARES {
                let miss = value - levels[at];
                errors[at] += miss * miss;
                levels[at] += Self::ALPHAS[at] * miss;
            }
        }
        let best = least(&errors);
        Self {
            level: levels[best],
            alpha: Self::ALPHAS[best],
        }
    }
}

/// The place of the first of the smallest.
fn least(errors: &[f64]) -> usize {
    (1..errors.len()).fold(
        0,
        |best, at| {
            if errors[at] < errors[best] { at } else { best }
        },
    )
}

/// Simple smoothing that drifts by half the slope of the whole.
pub(crate) fn theta(x: &[f64], smooth: Simple, horizon: usize) -> Vec<f64> {
    let x = tail(x, LOOK_BACK);
    let drift = slope(x) / 2.0;
    let lag = (1.0 - (1.0 - smooth.alpha).powf(of(x.len()))) / smooth.alpha;
    let step = |h: usize| smooth.level + drift * (of(h) + lag);
    (0..horizon).map(step).collect()
}

fn slope(x: &[f64]) -> f64 {
    let middle = of(x.len().saturating_sub(1)) / 2.0;
    let (mut up, mut over) = (0.0, 0.0);
    for (at, value) in x.iter().enumerate() {
        let t = of(at) - middle;
        up += t * value;
        over += t * t;
    }
    if over > 0.0 { up / over } else { 0.0 }
}

/// Holt's trend, damped.
pub(crate) fn damped(x: &[f64], horizon: usize) -> Vec<f64> {
    let x = tail(x, LOOK_BACK);
    let start = mean(&x[..x.len().min(14)]);
    const WAYS: usize = 16;
    let way = |at: usize| {
        let alpha = [0.05, 0.1, 0.2, 0.4][at / 4];
        (alpha, alpha * [0.05, 0.2][at / 2 % 2], [0.9, 0.98][at % 2])
    };
    let alphas: [f64; WAYS] = std::array::from_fn(|at| way(at).0);
    let shares: [f64; WAYS] = std::array::from_fn(|at| way(at).1);
    let phis: [f64; WAYS] = std::array::from_fn(|at| way(at).2);
    let (mut levels, mut trends, mut errors) = ([start; WAYS], [0.0; WAYS], [0.0; WAYS]);
    for value in x {
        for at in 0..WAYS {
            let told = phis[at] * trends[at];
            let miss = value - (levels[at] + told);
            errors[at] += miss * miss;
            levels[at] += told + alphas[at] * miss;
            trends[at] = told + shares[at] * miss;
        }
    }
    let best = least(&errors);
    let (mut level, mut trend, phi) = (levels[best], trends[best], phis[best]);
    let step = |_| {
        trend *= phi;
        level += trend;
        level
    };
    (0..horizon).map(step).collect()
}

/// A first-order autoregression of the logarithm around its own level: what was driven off it comes back, as fast as it did before.
/// For series that are never negative.
pub(crate) fn reverting(x: &[f64], horizon: usize) -> Vec<f64> {
    const LEVEL: usize = 182;
    let x = tail(x, LEVEL);
    let unit = mean(x);
    if unit <= 0.0 {
        return vec![0.0; horizon];
    }
    let logs: Vec<f64> = x.iter().map(|v| (v.max(0.0) / unit + SMALL).ln()).collect();
    let level = mean(&logs);
    let around = |lag: usize| -> f64 {
        let pairs = logs.iter().zip(logs.iter().skip(lag));
        pairs.map(|(a, b)| (a - level) * (b - level)).sum()
    };
    // What is left after two days against one, so that noise of single days does not count.
    let (one, two) = (around(1), around(2));
    let keep = if one > 0.0 {
        (two / one).clamp(0.0, 0.98)
    } else {
        0.0
    };
    let fast = logs.iter().fold(level, |fast, l| fast + FAST * (l - fast));
    let mut away = fast - level;
    let step = |_| {
        away *= keep;
        ((level + away).exp() - SMALL).max(0.0) * unit
    };
    (0..horizon).map(step).collect()
}

/// A day of zero has a logarithm too.
const SMALL: f64 = 0.05;
const FAST: f64 = 0.4;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_level_is_kept_and_a_line_goes_on() {
        let flat = [4.0; 60];
        let smooth = Simple::fit(&flat);
        assert!((smooth.level - 4.0).abs() < 1e-9);
        assert!((theta(&flat, smooth, 3)[2] - 4.0).abs() < 1e-9);
        let line: Vec<_> = (0..200).map(of).collect();
        let next = damped(&line, 1)[0];
        assert!((next - 200.0).abs() < 2.0, "{next}");
        assert!((slope(&line) - 1.0).abs() < 1e-9);
    }

    #[test]
    fn a_peak_fades_as_earlier_ones_did() {
        let fading = |day: usize| 10.0 + 90.0 * 0.7_f64.powf(of(day % 45));
        let x: Vec<f64> = (0..182).map(fading).collect();
        let told = reverting(&x, 28);
        assert!(told[0] > told[5] && told[5] > told[27], "{told:?}");
        assert!((10.0..40.0).contains(&told[27]), "{told:?}");
        assert_eq!(reverting(&[0.0; 40], 2), [0.0, 0.0]);
    }

    #[test]
    fn a_changed_level_is_followed() {
        let mut x = vec![1.0; 200];
        x.extend(vec![9.0; 60]);
        assert!((Simple::fit(&x).level - 9.0).abs() < 0.5);
    }
}
