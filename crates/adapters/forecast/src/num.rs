//! Small statistics over slices.

/// A count as a number; counts here are far below 2³².
pub(crate) fn of(count: usize) -> f64 {
    u32::try_from(count).map_or(f64::from(u32::MAX), f64::from)
}

/// 0 of nothing.
pub(crate) fn mean(values: &[f64]) -> f64 {
    if values.is_empty() {
        0.0
    } else {
        values.iter().sum::<f64>() / of(values.len())
    }
}

/// The last so many, or all there are.
pub(crate) fn tail(values: &[f64], count: usize) -> &[f64] {
    &values[values.len().saturating_sub(count)..]
}

pub(crate) fn median(values: &[f64]) -> f64 {
    quantile(&mut values.to_vec(), 0.5)
}

/// Linear between the two nearest; sorts what it is given. 0 of nothing.
pub(crate) fn quantile(values: &mut [f64], share: f64) -> f64 {
    if values.is_empty() {
        return 0.0;
    }
    values.sort_unstable_by(f64::total_cmp);
    let place = share.clamp(0.0, 1.0) * of(values.len() - 1);
    let below = (0..values.len()).rfind(|i| of(*i) <= place).unwrap_or(0);
    let above = (below + 1).min(values.len() - 1);
    let part = place - of(below);
    values[below] + part * (values[above] - values[below])
}

/// What the same day of the season before misses by, on average; of a step of one day where the series is too short for that.
pub(crate) fn naive_error(y: &[f64], season: usize) -> f64 {
    let lag = if y.len() > season { season } else { 1 };
    let misses: Vec<_> = y
        .iter()
        .skip(lag)
        .zip(y)
        .map(|(a, b)| (a - b).abs())
        .collect();
    mean(&misses)
}

/// Share of days that are 0.
pub(crate) fn zeros(y: &[f64]) -> f64 {
    let zeros = y.iter().filter(|v| **v == 0.0).count();
    of(zeros) / of(y.len().max(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_lie_between_the_nearest() {
        assert_eq!(quantile(&mut [3.0, 1.0, 2.0], 0.5), 2.0);
        assert_eq!(quantile(&mut [0.0, 10.0], 0.9), 9.0);
        assert_eq!(quantile(&mut [], 0.9), 0.0);
        assert_eq!(quantile(&mut [5.0], 0.1), 5.0);
    }

    #[test]
    fn the_naive_error_of_a_season_is_none() {
        let y: Vec<_> = (0..21).map(|i| of(i % 7)).collect();
        assert_eq!(naive_error(&y, 7), 0.0);
        assert!(naive_error(&y, 1) > 0.0);
    }
}
