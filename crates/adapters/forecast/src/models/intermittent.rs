//! Demand with many days of zero.
//!
//! Syntetos, Boylan: *The accuracy of intermittent demand estimates* (2005), for Croston's method without its bias; Teunter, Syntetos, Babai:
//! *Intermittent demand: linking forecasting to inventory obsolescence* (2011).

use crate::num::{mean, of};

const ALPHA: f64 = 0.1;

/// Units a day: size of a demand over the days between two, each smoothed, less the bias of the quotient.
pub(super) fn sba(x: &[f64]) -> f64 {
    let Some(first) = x.iter().position(|v| *v > 0.0) else {
        return 0.0;
    };
    let positive: Vec<f64> = x.iter().copied().filter(|v| *v > 0.0).take(3).collect();
    let mut size = mean(&positive);
    let mut gap = of(x.len()) / of(x.iter().filter(|v| **v > 0.0).count());
    let mut since = 1.0;
    for value in &x[first + 1..] {
        if *value > 0.0 {
            size += ALPHA * (value - size);
            gap += ALPHA * (since - gap);
            since = 1.0;
        } else {
            since += 1.0;
        }
    }
    (1.0 - ALPHA / 2.0) * size / gap
}

/// Units a day: size of a demand times the chance of one, which falls on every day without.
pub(super) fn tsb(x: &[f64]) -> f64 {
    let positive: Vec<f64> = x.iter().copied().filter(|v| *v > 0.0).collect();
    let mut size = mean(&positive[..positive.len().min(3)]);
    let mut chance = of(positive.len()) / of(x.len().max(1));
    for value in x {
        if *value > 0.0 {
            size += ALPHA * (value - size);
            chance += CHANCE * (1.0 - chance);
        } else {
            chance -= CHANCE * chance;
        }
    }
    size * chance
}

const CHANCE: f64 = 0.03;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_unit_every_fourth_day_is_a_quarter() {
        let x: Vec<_> = (0..400)
            .map(|i| if i % 4 == 0 { 1.0 } else { 0.0 })
            .collect();
        assert!((sba(&x) - 0.25 * 0.95).abs() < 0.01);
        assert!((tsb(&x) - 0.25).abs() < 0.03);
    }

    #[test]
    fn what_is_not_sold_any_more_fades() {
        let mut x = vec![2.0; 100];
        x.extend(vec![0.0; 200]);
        assert!(tsb(&x) < 0.02);
        assert_eq!(sba(&[0.0; 50]), 0.0);
        assert_eq!(tsb(&[]), 0.0);
    }
}
