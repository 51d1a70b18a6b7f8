//! What people say of two products of suppliers: that they are the same thing, or that they are not. It stands until somebody says otherwise,
//! whatever the two look like.

use crate::audit::Actor;
use crate::ids::{StoreScope, SupplierProductId};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    Same,
    Different,
    /// Nobody says anything any more: they are what they look like.
    Open,
}

impl Verdict {
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Same => "same",
            Self::Different => "different",
            Self::Open => "open",
        }
    }
}

/// Two products, the smaller number first, so that there is one pair of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct OfferPair {
    pub one: SupplierProductId,
    pub other: SupplierProductId,
}

impl OfferPair {
    /// `None`: a product is itself.
    #[must_use]
    pub fn of(a: SupplierProductId, b: SupplierProductId) -> Option<Self> {
        (a != b).then(|| Self {
            one: a.min(b),
            other: a.max(b),
        })
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfferMatch {
    pub scope: StoreScope,
    pub pair: OfferPair,
    pub verdict: Verdict,
    pub reason: Option<String>,
    pub by: Actor,
    pub at: DateTime<Utc>,
}
