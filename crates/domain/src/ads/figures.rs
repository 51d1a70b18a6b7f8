//! What advertisements are judged by. All ratios are exact decimals; a ratio whose divisor is nothing is `None`, never 0.
//!
//! * ROAS = claimed revenue / spend.
//! * POAS (profit on ad spend) = contribution margin before ads / spend; above 1 an advertisement earns more than it costs.
//!   Here the margin of claimed revenue is claimed revenue × the store's own share of margin in net revenue of the same days.
//! * Break-even ROAS = 1 / share of margin: at it POAS is 1.
//! * MER (marketing efficiency ratio) = the store's whole revenue / whole spend; its inverse, the share of revenue that goes
//!   into advertisements, is told by its own name.
//! * CAC = spend / purchases that the platform claims; new-customer CAC = spend / new customers of the same days.

use super::Micros;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use std::ops::AddAssign;

/// Sums over days, in one currency. Millionths where [`Micros`] stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AdSums {
    pub spend: Micros,
    pub impressions: i64,
    pub clicks: i64,
    pub purchases: Micros,
    pub revenue: Micros,
}

impl AddAssign for AdSums {
    fn add_assign(&mut self, other: Self) {
        self.spend += other.spend;
        self.impressions += other.impressions;
        self.clicks += other.clicks;
        self.purchases += other.purchases;
        self.revenue += other.revenue;
    }
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct AdFigures {
    pub roas: Option<Decimal>,
    pub poas: Option<Decimal>,
    /// Main units of the account's currency.
    pub cost_per_purchase: Option<Decimal>,
    /// Clicks of impressions, 0 to 1.
    pub ctr: Option<Decimal>,
    /// Purchases of clicks.
    pub conversion_rate: Option<Decimal>,
}

fn ratio(a: Micros, b: Micros) -> Option<Decimal> {
    Decimal::from(a).checked_div(Decimal::from(b))
}

impl AdSums {
    /// `margin`: the store's contribution margin before ads as a share of its net revenue; `None` while it is not known.
    #[must_use]
    pub fn figures(&self, margin: Option<Decimal>) -> AdFigures {
        let roas = ratio(self.revenue, self.spend);
        let clicks = self.clicks.checked_mul(1_000_000);
        AdFigures {
            roas,
            poas: roas.zip(margin).and_then(|(r, m)| r.checked_mul(m)),
            cost_per_purchase: ratio(self.spend, self.purchases),
            ctr: ratio(self.clicks, self.impressions),
            conversion_rate: clicks.and_then(|clicks| ratio(self.purchases, clicks)),
        }
    }
}

/// `None` where margin is unknown, or nothing of a sale is left: then no ROAS is enough.
#[must_use]
pub fn break_even_roas(margin: Option<Decimal>) -> Option<Decimal> {
    let margin = margin.filter(|m| *m > Decimal::ZERO)?;
    Decimal::ONE.checked_div(margin)
}

/// The whole revenue for each unit of spend; both in the same minor units.
#[must_use]
pub fn mer(revenue: i64, spend: i64) -> Option<Decimal> {
    ratio(revenue, spend)
}

/// The inverse of [`mer`]: which share of revenue is spent on advertisements.
#[must_use]
pub fn spend_share(revenue: i64, spend: i64) -> Option<Decimal> {
    ratio(spend, revenue)
}
