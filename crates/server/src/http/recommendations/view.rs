//! What is bought together as the API shows it.

use application::agents::Recommended;
use chrono::{DateTime, NaiveDate, Utc};
use domain::agents::recommendation::{Affinity, Bundle, Facts, Pair, Share, tag};
use domain::ids::ProductId;
use serde::Serialize;
use utoipa::ToSchema;

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = FoundTogether)]
pub(crate) struct FoundBody {
    run_id: String,
    found_at: DateTime<Utc>,
    /// When the newest order behind it was observed.
    as_of: Option<DateTime<Utc>>,
    from: NaiveDate,
    until: NaiveDate,
    /// Orders that were counted.
    orders: u64,
    /// Orders of more than 20 products, which do not count.
    orders_too_large: u64,
    /// Products that stood in enough orders.
    products: u64,
    pairs: u64,
    bundles: u64,
    pair_tests: u64,
    bundle_tests: u64,
    /// Pairs with enough orders together that do not stand.
    pairs_left: u64,
    /// Pairs that are parts of one bundle anyway.
    pairs_bundled: u64,
}

impl FoundBody {
    pub(super) fn of(of: &Recommended) -> Self {
        let (facts, found) = (&of.facts, &of.found);
        Self {
            run_id: of.run.id.to_string(),
            found_at: of.run.finished_at.unwrap_or(of.run.created_at),
            as_of: facts.as_of,
            from: facts.from,
            until: facts.until,
            orders: facts.counted.baskets,
            orders_too_large: facts.counted.too_large,
            products: facts.counted.products.len() as u64,
            pairs: found.pairs.len() as u64,
            bundles: found.bundles.len() as u64,
            pair_tests: found.pair_tests,
            bundle_tests: found.bundle_tests,
            pairs_left: found.pairs_left,
            pairs_bundled: found.pairs_bundled,
        }
    }
}

/// A number with its 95 % interval.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Interval95)]
pub(crate) struct ShareBody {
    low: f64,
    value: f64,
    high: f64,
}

impl From<Share> for ShareBody {
    fn from(of: Share) -> Self {
        Self {
            low: of.low,
            value: of.value,
            high: of.high,
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = BoughtTogether)]
pub(crate) struct ThingBody {
    product_id: String,
    title: String,
    /// Orders with it.
    orders: u64,
    /// Its only variant; null where it has several, or the catalogue does not have it any more.
    variant_id: Option<String>,
    /// Whether buyers can see it.
    offered: bool,
    /// What others are tagged with that it goes with; null: its handle makes no tag.
    tag: Option<String>,
    /// Tags that it has.
    tags: Vec<String>,
}

impl ThingBody {
    fn of(id: ProductId, orders: u64, facts: &Facts) -> Self {
        let known = facts.product(id);
        Self {
            product_id: id.to_string(),
            title: facts.title(id),
            orders,
            variant_id: known.and_then(|p| p.variant).map(|v| v.to_string()),
            offered: known.is_some_and(|p| p.offered),
            tag: known.and_then(tag),
            tags: known.map(|p| p.tags.clone()).unwrap_or_default(),
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PairTogether)]
pub(crate) struct PairBody {
    products: Vec<ThingBody>,
    /// Orders with both.
    together: u64,
    /// Of which chance would have made so many.
    expected: f64,
    support: ShareBody,
    /// Of the orders with the first, those with the second.
    confidence: ShareBody,
    /// Of the orders with the second, those with the first.
    backward: ShareBody,
    lift: ShareBody,
    /// How likely chance alone makes so many.
    p: f64,
}

impl PairBody {
    pub(super) fn of(pair: &Pair, facts: &Facts) -> Self {
        let things = pair.products.iter().zip(pair.counts);
        let of: &Affinity = &pair.affinity;
        Self {
            products: things.map(|(p, n)| ThingBody::of(*p, n, facts)).collect(),
            together: pair.together,
            expected: of.expected,
            support: of.support.into(),
            confidence: of.confidence.into(),
            backward: of.backward.into(),
            lift: of.lift.into(),
            p: of.p,
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = BundleTogether)]
pub(crate) struct BundleBody {
    products: Vec<ThingBody>,
    /// Orders with all three.
    together: u64,
    /// Of which chance would have made so many, as often as the two others are together.
    expected: f64,
    support: ShareBody,
    /// The product of which chance would explain the most; the figures are of it with the two others.
    weakest_product_id: String,
    /// Of the orders with the two others, those with this one.
    confidence: ShareBody,
    lift: ShareBody,
    p: f64,
}

impl BundleBody {
    pub(super) fn of(bundle: &Bundle, facts: &Facts) -> Self {
        let things = bundle.products.iter().zip(bundle.counts);
        let of: &Affinity = &bundle.affinity;
        Self {
            products: things.map(|(p, n)| ThingBody::of(*p, n, facts)).collect(),
            together: bundle.together,
            expected: of.expected,
            support: of.support.into(),
            weakest_product_id: bundle.weakest.to_string(),
            confidence: of.confidence.into(),
            lift: of.lift.into(),
            p: of.p,
        }
    }
}
