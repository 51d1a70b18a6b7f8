//! One day of one campaign or ad set as the platform tells it, with every conversion that it claims.
//!
//! The same sale stands in several of Meta's lists (`omni_purchase`, `purchase`, `offsite_conversion.fb_pixel_purchase`):
//! they are kept as told and never added up. What counts as a purchase is one kind, the first of an ordered list that the
//! account tells at all, so that all rows of an account mean the same.

use super::{AdLevel, AdPlatform, AdSums, Micros};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RawConversion {
    /// The platform's word: an `action_type`, or the name of a metric.
    pub kind: String,
    /// Millionths of one: platforms tell fractions.
    pub count: Micros,
    /// Claimed revenue, in millionths of the account's main unit; `None`: none is told.
    pub value: Option<Micros>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InsightDay {
    pub level: AdLevel,
    pub id: String,
    /// In the account's zone.
    pub day: NaiveDate,
    /// Millionths of the account's main unit.
    pub spend: Micros,
    pub impressions: i64,
    pub clicks: i64,
    /// People, not impressions; not addable over days. `None`: not told.
    pub reach: Option<i64>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub conversions: Vec<RawConversion>,
    /// Under which windows the platform claims them, e.g. `7d_click_1d_view`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attribution: Option<String>,
}

impl InsightDay {
    /// With the purchases that one kind claims; of other kinds nothing is counted.
    #[must_use]
    pub fn sums(&self, purchase: Option<&str>) -> AdSums {
        let claimed = purchase.and_then(|kind| self.conversions.iter().find(|c| c.kind == kind));
        AdSums {
            spend: self.spend,
            impressions: self.impressions,
            clicks: self.clicks,
            purchases: claimed.map_or(0, |c| c.count),
            revenue: claimed.and_then(|c| c.value).unwrap_or(0),
        }
    }
}

/// Kinds that may stand for a purchase, the best one first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PurchaseDefinition(pub Vec<String>);

impl PurchaseDefinition {
    /// Meta: over all surfaces first, then the website's. Google: what the account itself counts in *Conversions*, by the day of
    /// the click.
    #[must_use]
    pub fn of(platform: AdPlatform) -> Self {
        let kinds: &[&str] = match platform {
            AdPlatform::Meta => &[
                "omni_purchase",
                "purchase",
                "offsite_conversion.fb_pixel_purchase",
                "onsite_web_purchase",
            ],
            AdPlatform::GoogleAds => &["conversions"],
        };
        Self(kinds.iter().map(|k| (*k).to_owned()).collect())
    }
}

/// The kind that stands for a purchase: the first of the list that is told anywhere; `None` where none is.
#[must_use]
pub fn purchases_by<'a>(
    definition: &'a PurchaseDefinition,
    told: &BTreeSet<String>,
) -> Option<&'a str> {
    definition
        .0
        .iter()
        .find(|kind| told.contains(*kind))
        .map(String::as_str)
}
