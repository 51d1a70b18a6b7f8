//! What the policy of recommendations looks at.

use crate::ids::{ProductId, VariantId};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// How often products stood in the same baskets.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counted {
    /// Orders that count.
    pub baskets: u64,
    /// Orders of more than [`super::LARGEST`] products, which do not.
    pub too_large: u64,
    /// What stood in fewer baskets is not below.
    pub minimum: u64,
    pub products: Vec<(ProductId, u64)>,
    pub pairs: Vec<([ProductId; 2], u64)>,
    pub threes: Vec<([ProductId; 3], u64)>,
}

/// Of one store.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    /// The latest instant at which any of it was seen.
    pub as_of: Option<DateTime<Utc>>,
    /// Days of the orders that were counted, both included.
    pub from: NaiveDate,
    pub until: NaiveDate,
    pub counted: Counted,
    /// All that the catalogue has of what was counted, by number.
    pub products: Vec<ProductFacts>,
    /// Products that are parts of one bundle anyway, the lower number first: that they are together says nothing.
    pub bundled: BTreeSet<[ProductId; 2]>,
    /// Subjects that wait, or that people did not want of late.
    pub told: BTreeSet<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProductFacts {
    pub id: ProductId,
    pub title: String,
    pub handle: String,
    pub tags: Vec<String>,
    /// Whether buyers can see it.
    pub offered: bool,
    /// Where it has one only.
    pub variant: Option<VariantId>,
}

impl Facts {
    #[must_use]
    pub fn product(&self, id: ProductId) -> Option<&ProductFacts> {
        let at = self.products.binary_search_by_key(&id, |p| p.id).ok()?;
        self.products.get(at)
    }

    /// As people know it; a product that the catalogue does not have any more goes by its number.
    #[must_use]
    pub fn title(&self, id: ProductId) -> String {
        self.product(id)
            .map_or_else(|| format!("product {id}"), |p| p.title.clone())
    }
}
