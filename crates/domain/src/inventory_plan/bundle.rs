//! Variants that are put together from others when they are sold.
//!
//! A bundle has no stock of its own: as many can be sold as the scarcest component allows. What is sold of it is demand of its components as well, by as many units of
//! each as one bundle takes. Components are plain variants: a bundle of bundles is refused.

use super::Position;
use crate::ids::VariantId;
use std::collections::BTreeMap;

/// Bundle → component → units of it in one bundle.
pub type Bundles = BTreeMap<VariantId, BTreeMap<VariantId, i64>>;

const MOST_BUNDLES: usize = 2_000;
const MOST_COMPONENTS: usize = 50;
const MOST_UNITS: i64 = 10_000;

/// What is wrong, by key.
#[must_use]
pub fn bundle_faults(bundles: &Bundles) -> Vec<(String, &'static str)> {
    let mut faults = Vec::new();
    if bundles.len() > MOST_BUNDLES {
        faults.push(("bundles".to_owned(), "are at most 2 000"));
    }
    for (bundle, parts) in bundles {
        let mut fault = |why| faults.push((format!("bundles.{bundle}"), why));
        if parts.is_empty() || parts.len() > MOST_COMPONENTS {
            fault("has from 1 to 50 components");
        }
        if parts.values().any(|n| !(1..=MOST_UNITS).contains(n)) {
            fault("has from 1 to 10 000 units of each component");
        }
        if parts.keys().any(|part| bundles.contains_key(part)) {
            fault("has no bundle as a component, and not itself");
        }
    }
    faults
}

/// What a shop tells of its bundles, and what of it cannot be used, with the reason. A bundle whose components are not known has none.
#[must_use]
pub fn usable(
    told: impl IntoIterator<Item = (VariantId, Option<BTreeMap<VariantId, i64>>)>,
) -> (Bundles, Vec<(VariantId, &'static str)>) {
    let told: BTreeMap<_, _> = told.into_iter().collect();
    let (mut bundles, mut left_out) = (Bundles::new(), Vec::new());
    for (id, parts) in &told {
        let parts = parts
            .as_ref()
            .filter(|parts| parts.len() <= MOST_COMPONENTS);
        let Some(parts) = parts else {
            left_out.push((*id, "has more than 50 components"));
            continue;
        };
        if parts.keys().any(|part| told.contains_key(part)) {
            left_out.push((*id, "has a bundle as a component"));
        } else if parts.is_empty() {
            left_out.push((*id, "has no components yet"));
        } else if bundles.len() == MOST_BUNDLES {
            left_out.push((*id, "is one of more than 2 000"));
        } else {
            bundles.insert(*id, parts.clone());
        }
    }
    (bundles, left_out)
}

/// How many can be put together from what can be sold of each component; a component that nobody counts limits nothing, and `None` where that holds for all of them.
#[must_use]
pub fn can_be_made(parts: impl IntoIterator<Item = (i64, Option<i64>)>) -> Option<i64> {
    let makes = parts
        .into_iter()
        .filter_map(|(units, there)| Some(there?.max(0) / units.max(1)));
    makes.min()
}

/// The position of a bundle: only what can be put together now.
#[must_use]
pub fn bundle_position(parts: impl IntoIterator<Item = (i64, Option<i64>)>) -> Position {
    Position {
        available: can_be_made(parts),
        ..Position::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bundles(of: &[(i64, &[(i64, i64)])]) -> Bundles {
        let parts = |parts: &[(i64, i64)]| parts.iter().map(|(v, n)| (VariantId(*v), *n)).collect();
        of.iter()
            .map(|(id, p)| (VariantId(*id), parts(p)))
            .collect()
    }

    #[test]
    fn the_scarcest_component_tells_how_many_can_be_made() {
        assert_eq!(can_be_made([(2, Some(9)), (1, Some(5))]), Some(4));
        assert_eq!(
            can_be_made([(2, Some(9)), (1, None)]),
            Some(4),
            "nobody counts it"
        );
        assert_eq!(can_be_made([(2, Some(-3)), (1, Some(5))]), Some(0));
        assert_eq!(can_be_made([(1, None)]), None);
    }

    #[test]
    fn what_cannot_be_used_of_a_shop_s_bundles_is_named() {
        let parts = |of: &[i64]| Some(of.iter().map(|v| (VariantId(*v), 1)).collect());
        let many: Vec<i64> = (100..151).collect();
        let told = [
            (VariantId(1), parts(&[10, 11])),
            (VariantId(2), None),
            (VariantId(3), parts(&[1, 10])),
            (VariantId(4), parts(&[])),
            (VariantId(5), parts(&many)),
        ];
        let (found, left_out) = usable(told);
        assert_eq!(found, bundles(&[(1, &[(10, 1), (11, 1)])]));
        assert!(bundle_faults(&found).is_empty());
        let left_out: Vec<_> = left_out.into_iter().map(|(id, _)| id.0).collect();
        assert_eq!(left_out, [2, 3, 4, 5]);
    }

    #[test]
    fn what_cannot_be_put_together_is_named() {
        assert!(bundle_faults(&bundles(&[(1, &[(2, 1), (3, 4)])])).is_empty());
        let wrong = bundles(&[(1, &[(2, 0)]), (4, &[]), (5, &[(5, 1)]), (6, &[(1, 1)])]);
        let keys: Vec<_> = bundle_faults(&wrong).into_iter().map(|(k, _)| k).collect();
        assert_eq!(keys, ["bundles.1", "bundles.4", "bundles.5", "bundles.6"]);
    }
}
