//! What the policy of stock looks at.

use crate::catalog::UnitCost;
use crate::changes::Limits;
use crate::forecast::{History, StoredStep};
use crate::ids::{InventoryItemId, LocationId, ProductId, PurchaseOrderId, SupplierId, VariantId};
use crate::inventory_plan::{Arrival, LeadSource, LeadTime, PlanSettings, Position, units};
use crate::money::Currency;
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Of one store.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Facts {
    /// The store's.
    pub currency: Currency,
    /// The store's day.
    pub today: NaiveDate,
    /// The latest instant at which any of it was seen.
    pub as_of: Option<DateTime<Utc>>,
    /// As people set them; lead times and what is set for single variants stand with the variants.
    pub settings: PlanSettings,
    /// How far changes of prices may go.
    pub limits: Limits,
    pub suppliers: Vec<SupplierFacts>,
    /// Payment fees as a share of net revenue, in ten-thousandths; `None`: unknown, and left out of effects.
    pub fee_share: Option<i64>,
    /// What sending one unit cost on average, in minor units; `None`: unknown, and left out of effects.
    pub shipping_per_unit: Option<i64>,
    /// How the forecasts of single variants fared of late.
    pub record: Record,
    /// All that is offered.
    pub variants: Vec<VariantFacts>,
    /// Subjects that wait, or that people did not want of late.
    pub told: BTreeSet<String>,
}

/// Days of variants that were held against what followed, and how many of them lay in the interval of 80 %.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    pub days: u64,
    pub within: u64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SupplierFacts {
    pub id: SupplierId,
    pub name: String,
    pub currency: Currency,
    pub archived: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VariantFacts {
    pub product: ProductId,
    pub variant: VariantId,
    /// As people know it.
    pub label: String,
    pub sku: Option<String>,
    pub price: i64,
    /// Of the product.
    pub tags: Vec<String>,
    /// Who is set, or who it was ordered from last.
    pub supplier: Option<SupplierId>,
    /// Whether the provider counts it; `None`: it does not say.
    pub tracked: Option<bool>,
    pub position: Position,
    /// Own orders with a day.
    pub arrivals: Vec<Arrival>,
    /// Own orders of it that are under way.
    pub under_way: BTreeSet<PurchaseOrderId>,
    /// Names of drafts of orders with it.
    pub drafts: Vec<String>,
    /// From today on; none: there is no forecast.
    pub steps: Vec<StepFacts>,
    /// As [`crate::forecast::StoredForecast::spread`], in ten-thousandths.
    pub spread: i64,
    pub history: Option<History>,
    pub lead: Option<LeadFacts>,
    /// A cost that somebody told; a share of the price is none that goods can be ordered at.
    pub cost: Option<UnitCost>,
    pub pack: Option<i64>,
    pub minimum: Option<i64>,
    pub sold_28: i64,
    pub last_sold_on: Option<NaiveDate>,
    pub offered_since: NaiveDate,
    /// Over the last 90 days; `None`: nothing was sold.
    pub earned: Option<Earned>,
    /// Places with less than nothing.
    pub below_nothing: Vec<LevelFacts>,
}

/// A day of a forecast, in thousandths of a unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepFacts {
    pub mean: i64,
    pub low: i64,
    pub high: i64,
}

/// In thousandths of a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeadFacts {
    pub mean: i64,
    pub deviation: i64,
    pub source: LeadSource,
    /// From how many own orders it was learned.
    pub orders: u64,
}

/// Of what was sold, after discounts and without tax.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Earned {
    pub units: i64,
    pub net: i64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LevelFacts {
    pub item: InventoryItemId,
    pub location: LocationId,
    /// Its name, where it is known.
    pub place: Option<String>,
    pub on_hand: i64,
    pub available: i64,
    pub committed: Option<i64>,
}

const THOUSAND: f64 = 1_000.0;

/// Rounded to whole thousandths.
fn thousandths(number: f64) -> i64 {
    parts(number, THOUSAND)
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "held between bounds that both types have"
)]
fn parts(number: f64, scale: f64) -> i64 {
    (number * scale).round().clamp(-1e15, 1e15) as i64
}

impl StepFacts {
    #[must_use]
    pub fn of(step: &StoredStep) -> Self {
        Self {
            mean: thousandths(step.mean),
            low: thousandths(step.low),
            high: thousandths(step.high),
        }
    }

    pub(super) fn step(&self) -> StoredStep {
        let number = |thousandths| units(thousandths) / THOUSAND;
        StoredStep {
            mean: number(self.mean),
            point: number(self.mean),
            low: number(self.low),
            high: number(self.high),
        }
    }
}

impl LeadFacts {
    #[must_use]
    pub fn of(time: LeadTime, source: LeadSource, orders: usize) -> Self {
        Self {
            mean: thousandths(time.mean_days),
            deviation: thousandths(time.sd_days),
            source,
            orders: orders as u64,
        }
    }

    pub(super) fn time(&self) -> LeadTime {
        LeadTime {
            mean_days: units(self.mean) / THOUSAND,
            sd_days: units(self.deviation) / THOUSAND,
        }
    }
}

impl VariantFacts {
    /// In ten-thousandths.
    #[must_use]
    pub fn spread_of(spread: f64) -> i64 {
        parts(spread, 10_000.0)
    }

    pub(super) fn spread(&self) -> f64 {
        units(self.spread) / 10_000.0
    }
}

impl Facts {
    pub(super) fn supplier(&self, id: SupplierId) -> Option<&SupplierFacts> {
        self.suppliers.iter().find(|s| s.id == id)
    }
}
