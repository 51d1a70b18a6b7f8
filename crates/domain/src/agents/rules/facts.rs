//! What a rule looks at.

use crate::agents::orders::OrderFacts;
use crate::ids::{ProductId, VariantId};
use crate::money::Currency;
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Of one store.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    /// The store's; all amounts but those of orders in another one are its minor units.
    pub currency: Currency,
    /// The latest `observed_at` of what was read.
    pub as_of: Option<DateTime<Utc>>,
    pub things: Things,
    /// What the rule itself changed, in any order.
    pub ours: Vec<Touched>,
    /// What people said no to, or did not answer.
    pub declined: Vec<Touched>,
    /// Subjects of proposals that wait: none of them is proposed twice.
    pub told: BTreeSet<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Things {
    Variants {
        /// The first and the last day of which sales are told; whole days of the store.
        from: NaiveDate,
        until: NaiveDate,
        variants: Vec<VariantThing>,
    },
    Orders(Vec<OrderThing>),
}

/// A thing at an instant; the number is the last part of its subject.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Touched {
    pub thing: i64,
    pub at: DateTime<Utc>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VariantThing {
    pub product: ProductId,
    pub variant: VariantId,
    /// As people know it: product and variant.
    pub label: String,
    /// Of the product.
    pub title: String,
    /// `None`: nobody had seen it on that day of the past.
    pub price: Option<i64>,
    /// Of a unit, in minor units of the store's currency; `None`: nobody told it. What is a share of the price is no cost here.
    pub cost: Option<i64>,
    /// `None` where nobody counts it, or nobody knows it for that day.
    pub stock: Option<i64>,
    /// What the product says of itself; `None`: it is not known for that day.
    pub product_facts: Option<ProductFacts>,
    /// The first whole day on which it could be bought.
    pub listed_on: NaiveDate,
    /// Days on which something was sold or came back, oldest first.
    pub days: Vec<DayFigures>,
}

/// What a product says of itself, without the times at which it began to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProductFacts {
    /// The provider's own word in lower case.
    pub status: String,
    pub product_type: String,
    pub vendor: String,
    pub tags: Vec<String>,
}

/// Of a variant on a local day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayFigures {
    pub day: NaiveDate,
    /// Ordered: what came back was ordered on another day.
    pub units: i64,
    pub net: i64,
    /// Net sales less costs of goods, fees and sending, as far as they are known.
    pub contribution: i64,
    /// Net sales whose unit cost is missing.
    pub without_cost: i64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderThing {
    #[serde(flatten)]
    pub order: OrderFacts,
    /// Whether tags and states are those of the instant; of days of the past nobody knows them.
    pub is_present: bool,
}

impl VariantThing {
    /// The sum over the last days up to `until`.
    pub(super) fn over(&self, days: u32, until: NaiveDate) -> DayFigures {
        let from = until - chrono::Days::new(u64::from(days.max(1)) - 1);
        let mut sum = DayFigures {
            day: until,
            units: 0,
            net: 0,
            contribution: 0,
            without_cost: 0,
        };
        for day in self.days.iter().filter(|d| d.day >= from && d.day <= until) {
            sum.units += day.units;
            sum.net += day.net;
            sum.contribution += day.contribution;
            sum.without_cost += day.without_cost;
        }
        sum
    }
}
