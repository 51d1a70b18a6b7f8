//! What the policy of prices looks at.

use crate::catalog::{CostSource, UnitCost};
use crate::ids::{ProductId, VariantId};
use crate::money::Currency;
use crate::prices::PriceRecord;
use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Of one store, over the complete local days `from ..= until`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    /// The store's; all amounts are its minor units.
    pub currency: Currency,
    /// Days and active hours are told in it.
    pub zone: Tz,
    /// The latest `observed_at` of what was read.
    pub as_of: Option<DateTime<Utc>>,
    /// The first day of which sales are told.
    pub from: NaiveDate,
    /// The last one: complete, so never the day that is under way.
    pub until: NaiveDate,
    /// Payment fees as a share of net revenue over these days, in ten-thousandths; `None`: unknown, and left out of effects.
    pub fee_share: Option<i64>,
    /// What sending one unit cost on average over these days, in minor units; `None`: unknown, and left out of effects.
    pub shipping_per_unit: Option<i64>,
    /// All that is offered, also what the policy will leave alone: the store's price endings and the season are read from it.
    pub variants: Vec<VariantFacts>,
    /// Price changes that the agent made itself, in any order: those of the last days are enough.
    pub ours: Vec<OurChange>,
    /// What people said no to, in any order.
    pub declined: Vec<Declined>,
    /// Subjects of proposals that wait for a decision, and of findings that were told and are still valid: none of them is proposed twice,
    /// nor takes room from others.
    pub told: BTreeSet<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VariantFacts {
    pub product: ProductId,
    pub variant: VariantId,
    /// As people know it: product and variant.
    pub label: String,
    /// As shown to customers, with or without tax as the store has it.
    pub price: i64,
    pub compare_at_price: Option<i64>,
    /// The cost that counts now; `None`: nobody told it.
    pub cost: Option<CostFact>,
    /// What is available over all locations; `None` where nobody counts it.
    pub stock: Option<i64>,
    /// Of the product.
    pub tags: Vec<String>,
    /// Days before are no days without demand; `None`: it was there on all days.
    pub listed_on: Option<NaiveDate>,
    /// Days on which something was sold, oldest first, each once: every other day from `listed_on` on is a day with demand zero,
    /// unless it is one of `without_stock`.
    pub sales: Vec<DaySales>,
    /// Days of which it is known that there was nothing to sell; they say nothing about demand.
    pub without_stock: Vec<NaiveDate>,
    /// The price as it was seen, oldest first. Of the time before, [`DaySales::price`] tells.
    pub prices: Vec<PriceRecord>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct CostFact {
    pub cost: UnitCost,
    /// A share of the price ([`CostSource::Default`]) is no cost that a price may rest on; it counts as unknown here.
    pub source: CostSource,
}

/// What was ordered of a variant on a local day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct DaySales {
    pub day: NaiveDate,
    pub units: i64,
    pub orders: i64,
    /// After discounts, without tax.
    pub net: i64,
    /// What a unit cost before discounts; `None` where not all units of the day had one price.
    #[serde(default)]
    pub price: Option<i64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct OurChange {
    pub variant: VariantId,
    pub at: DateTime<Utc>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Declined {
    pub variant: VariantId,
    pub at: DateTime<Utc>,
}
