//! What each customer brought on each local day, kept up with the rollups and out of the same entries.

use crate::ids::CustomerId;
use crate::money::Currency;
use crate::report::Figures;
use crate::rollup::{Dimension, Rollups};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Orders without a customer are kept under this id, so that they stay visible; no provider gives it to a person.
pub const GUEST: CustomerId = CustomerId(0);

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct CustomerDayKey {
    pub customer: CustomerId,
    pub currency: Currency,
    pub day: NaiveDate,
}

/// Additive; money in minor units.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CustomerDay {
    /// Orders whose sale falls on the day.
    pub orders: i64,
    pub net_revenue: i64,
    /// Part of `net_revenue` that is set apart from margin, because its unit cost is unknown.
    pub net_revenue_without_cost: i64,
    /// CM2 of what is known, as a report of this customer alone would show it.
    pub cm2: i64,
    /// Entries behind these sums; 0 and nothing else means that the row can go.
    pub entries: i64,
}

impl CustomerDay {
    /// Names in the order of [`CustomerDay::values`]; also the column names of both SQL adapters.
    pub const NAMES: [&'static str; 5] = [
        "orders",
        "net_revenue",
        "net_revenue_without_cost",
        "cm2",
        "entries",
    ];

    #[must_use]
    pub const fn values(&self) -> [i64; 5] {
        [
            self.orders,
            self.net_revenue,
            self.net_revenue_without_cost,
            self.cm2,
            self.entries,
        ]
    }

    #[must_use]
    pub const fn from_values(values: [i64; 5]) -> Self {
        let [orders, net_revenue, net_revenue_without_cost, cm2, entries] = values;
        Self {
            orders,
            net_revenue,
            net_revenue_without_cost,
            cm2,
            entries,
        }
    }

    #[must_use]
    pub fn is_zero(&self) -> bool {
        *self == Self::default()
    }
}

impl std::ops::AddAssign for CustomerDay {
    fn add_assign(&mut self, other: Self) {
        self.orders += other.orders;
        self.net_revenue += other.net_revenue;
        self.net_revenue_without_cost += other.net_revenue_without_cost;
        self.cm2 += other.cm2;
        self.entries += other.entries;
    }
}

impl std::ops::SubAssign for CustomerDay {
    fn sub_assign(&mut self, other: Self) {
        self.orders -= other.orders;
        self.net_revenue -= other.net_revenue;
        self.net_revenue_without_cost -= other.net_revenue_without_cost;
        self.cm2 -= other.cm2;
        self.entries -= other.entries;
    }
}

/// Sums by customer × day.
pub type CustomerDays = BTreeMap<CustomerDayKey, CustomerDay>;

/// What one order adds, out of what it adds to the rollups: whatever makes up CM2 there makes it up here.
#[must_use]
pub fn fold(customer: Option<CustomerId>, rollups: &Rollups) -> CustomerDays {
    let customer = customer.unwrap_or(GUEST);
    let mut days = CustomerDays::new();
    for (key, measures) in rollups {
        if key.dimension != Dimension::Total {
            continue;
        }
        let figures = Figures::of(*measures);
        let day = CustomerDay {
            orders: measures.orders,
            net_revenue: figures.net_revenue,
            net_revenue_without_cost: figures.net_revenue_without_cost,
            cm2: figures.cm2.unwrap_or(0),
            entries: measures.entries,
        };
        let key = CustomerDayKey {
            customer,
            currency: key.currency,
            day: key.day,
        };
        *days.entry(key).or_default() += day;
    }
    days
}
