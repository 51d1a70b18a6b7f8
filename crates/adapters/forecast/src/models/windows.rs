//! Plain means, medians and repetitions.

use crate::num::{mean, median, tail};

#[derive(Debug, Clone, Copy)]
pub(super) enum Centre {
    Mean,
    Median,
}

/// The same day of the last season.
pub(super) fn seasonal_naive(y: &[f64], season: usize, horizon: usize) -> Vec<f64> {
    let last = tail(y, season);
    (0..horizon).map(|h| last[h % last.len()]).collect()
}

/// Centre of the same day of the season over the last eight.
pub(super) fn by_slot(y: &[f64], season: usize, horizon: usize, centre: Centre) -> Vec<f64> {
    let n = y.len();
    let season = season.min(n);
    let slots: Vec<f64> = (0..season)
        .map(|ahead| {
            let back = (1..=8).map_while(|k| y.get((n + ahead).checked_sub(k * season)?));
            let same: Vec<f64> = back.copied().collect();
            match centre {
                Centre::Mean => mean(&same),
                Centre::Median => median(&same),
            }
        })
        .collect();
    (0..horizon).map(|h| slots[h % season]).collect()
}

pub(super) fn mean_of(x: &[f64], days: usize) -> f64 {
    mean(tail(x, days))
}

pub(super) fn median_of(x: &[f64], days: usize) -> f64 {
    median(tail(x, days))
}

/// The same weekday of the year before, at today's level; smoothed over three weeks, for one year alone is noisy.
pub(super) fn last_year(
    y: &[f64],
    year: usize,
    season: usize,
    horizon: usize,
    factors: bool,
) -> Option<Vec<f64>> {
    const LEVEL: usize = 56;
    let n = y.len();
    let back = year / season * season;
    let from = n.checked_sub(back + LEVEL)?;
    let before = mean(&y[from..from + LEVEL]);
    let now = mean(tail(y, LEVEL));
    let growth = if before > 0.0 {
        (now / before).clamp(0.25, 4.0)
    } else {
        1.0
    };
    let day = |h: usize| {
        let at = n + h - back * (h / back + 1);
        let near = [at.checked_sub(season), Some(at), Some(at + season)];
        let near: Vec<f64> = near
            .into_iter()
            .flatten()
            .filter_map(|i| y.get(i))
            .copied()
            .collect();
        let then = mean(&near);
        if factors {
            then * growth
        } else {
            then + now - before
        }
    };
    Some((0..horizon).map(day).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::num::of;

    #[test]
    fn a_week_is_repeated() {
        let y: Vec<_> = (0..35).map(|i| of(i % 7)).collect();
        let expected: Vec<_> = (0..10).map(|i| of(i % 7)).collect();
        assert_eq!(seasonal_naive(&y, 7, 10), expected);
        assert_eq!(by_slot(&y, 7, 10, Centre::Mean), expected);
        assert_eq!(by_slot(&y, 7, 10, Centre::Median), expected);
    }

    #[test]
    fn a_past_shorter_than_a_week_is_repeated_as_it_is() {
        assert_eq!(seasonal_naive(&[1.0, 2.0], 7, 3), [1.0, 2.0, 1.0]);
        assert_eq!(by_slot(&[1.0, 2.0], 7, 3, Centre::Mean), [1.0, 2.0, 1.0]);
    }

    #[test]
    fn last_year_counts_at_the_level_of_today() {
        let y: Vec<_> = (0..800)
            .map(|i| if i < 600 { 10.0 } else { 20.0 })
            .collect();
        let told = last_year(&y, 365, 7, 28, true).unwrap();
        assert!((told[0] - 20.0).abs() < 1e-9);
        assert!(last_year(&y[..200], 365, 7, 28, true).is_none());
    }
}
