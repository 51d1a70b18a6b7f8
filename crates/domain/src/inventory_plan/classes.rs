//! Which variants matter, and which can be told.

use crate::ids::VariantId;
use serde::{Deserialize, Serialize};
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// By margin: the first 80 % of it, the next 15, the rest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Abc {
    A,
    B,
    C,
}

/// By how much weeks differ: steady, changing, erratic.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Xyz {
    X,
    Y,
    Z,
}

/// What earns nothing is C; whose margin nobody knows has no class, and is not among those given.
#[must_use]
pub fn abc(margins: &BTreeMap<VariantId, i64>) -> BTreeMap<VariantId, Abc> {
    let whole: i128 = margins.values().map(|m| i128::from((*m).max(0))).sum();
    let mut sorted: Vec<_> = margins.iter().collect();
    sorted.sort_by_key(|(id, margin)| (Reverse(**margin), **id));
    let mut before: i128 = 0;
    sorted
        .into_iter()
        .map(|(id, margin)| {
            let class = match before * 100 {
                _ if *margin <= 0 => Abc::C,
                part if part < whole * 80 => Abc::A,
                part if part < whole * 95 => Abc::B,
                _ => Abc::C,
            };
            before += i128::from((*margin).max(0));
            (*id, class)
        })
        .collect()
}

const WEEKS: usize = 13;
const LEAST_WEEKS: usize = 4;

/// Of the sums of the last thirteen weeks; `None` from fewer than four, and where nothing was sold.
#[must_use]
pub fn xyz(days: &[f64]) -> Option<Xyz> {
    let weeks: Vec<f64> = days
        .rchunks_exact(7)
        .take(WEEKS)
        .map(|w| w.iter().sum())
        .collect();
    if weeks.len() < LEAST_WEEKS {
        return None;
    }
    let n = f64::from(u32::try_from(weeks.len()).ok()?);
    let mean = weeks.iter().sum::<f64>() / n;
    if mean <= 0.0 {
        return None;
    }
    let variance = weeks.iter().map(|w| (w - mean).powi(2)).sum::<f64>() / (n - 1.0);
    Some(match variance.sqrt() / mean {
        v if v < 0.5 => Xyz::X,
        v if v < 1.0 => Xyz::Y,
        _ => Xyz::Z,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_eighty_percent_are_a() {
        let margins = [(1, 70), (2, 15), (3, 10), (4, 5), (5, 0), (6, -20)];
        let margins = margins.map(|(id, m)| (VariantId(id), m)).into();
        let classes = abc(&margins);
        let of = |id| classes[&VariantId(id)];
        let found = [1, 2, 3, 4, 5, 6].map(of);
        assert_eq!(found, [Abc::A, Abc::A, Abc::B, Abc::C, Abc::C, Abc::C]);
        assert!(abc(&BTreeMap::new()).is_empty());
    }

    #[test]
    fn steady_weeks_are_x_and_single_sales_z() {
        assert_eq!(xyz(&[1.0; 91]), Some(Xyz::X));
        let mut rare = [0.0; 91];
        rare[40] = 9.0;
        assert_eq!(xyz(&rare), Some(Xyz::Z));
        assert_eq!(xyz(&[0.0; 91]), None);
        assert_eq!(xyz(&[1.0; 20]), None);
    }
}
