//! Figures of a report, computed from summed [`Measures`]. Formulas: contribution margins as in the product's own
//! definitions, sales as in Shopify's analytics (2026).
//!
//! Profit speaks only of what is known: sales whose unit cost is missing, and the payment fees on them, are set apart and
//! named, so that unknown never counts as zero and the rows of a report still add up to its total.

use crate::money::allocate;
use crate::rollup::Measures;
use serde::{Deserialize, Serialize};

/// Figures of one row in minor units; `None` is unknown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Figures {
    pub measures: Measures,
    pub net_sales: i64,
    pub total_sales: i64,
    pub net_revenue: i64,
    /// Net sales whose unit cost is missing: shown, but not part of any profit.
    pub net_revenue_without_cost: i64,
    pub cost_of_goods: Option<i64>,
    /// (net revenue − net revenue without cost) − cost of goods.
    pub cm1: Option<i64>,
    pub shipping_cost: Option<i64>,
    /// CM1 − shipping cost − payment fees, without the fees on sales that are set apart.
    pub cm2: Option<i64>,
    pub ad_spend: Option<i64>,
    pub cm3: Option<i64>,
    pub fixed_costs: Option<i64>,
    pub net_profit: Option<i64>,
}

impl Figures {
    #[must_use]
    pub fn of(m: Measures) -> Self {
        let net_revenue = m.net_revenue();
        let covered = net_revenue - m.cost_missing;
        let cost_unknown = m.cost_missing != 0
            && m.cost_actual == 0
            && m.cost_estimated == 0
            && m.cost_of_goods == 0;
        let profit_unknown = cost_unknown && covered == 0;
        let cm1 = (!profit_unknown).then_some(covered - m.cost_of_goods);
        let cm2 = cm1.map(|cm1| cm1 - (m.payment_fees - m.payment_fees_without_cost));
        Self {
            measures: m,
            net_sales: m.net_sales(),
            total_sales: m.total_sales(),
            net_revenue,
            net_revenue_without_cost: m.cost_missing,
            cost_of_goods: (!cost_unknown).then_some(m.cost_of_goods),
            cm1,
            shipping_cost: None,
            cm2,
            ad_spend: None,
            cm3: cm2,
            fixed_costs: None,
            net_profit: cm2,
        }
    }
}

/// Ten-thousandths of net sales; they add up to 10 000.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shares {
    pub actual: i64,
    pub estimated: i64,
    pub missing: i64,
}

impl Shares {
    /// `None` when there were no net sales to speak of.
    #[must_use]
    pub fn of(actual: i64, estimated: i64, missing: i64) -> Option<Self> {
        let weights = [actual.max(0), estimated.max(0), missing.max(0)];
        if weights == [0, 0, 0] {
            return None;
        }
        match allocate(10_000, &weights)[..] {
            [actual, estimated, missing] => Some(Self {
                actual,
                estimated,
                missing,
            }),
            _ => None,
        }
    }
}

/// The share of net sales whose cost, shipping cost, fees and ad spend are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Coverage {
    pub cost: Option<Shares>,
    pub shipping: Option<Shares>,
    pub fees: Option<Shares>,
    pub ad_spend: Option<Shares>,
}

impl Coverage {
    #[must_use]
    pub fn of(m: &Measures) -> Self {
        let cost = Shares::of(m.cost_actual, m.cost_estimated, m.cost_missing);
        // No source of shipping cost or ad spend can be connected yet, so all of it is missing.
        let nothing = cost.map(|_| Shares {
            actual: 0,
            estimated: 0,
            missing: 10_000,
        });
        Self {
            cost,
            shipping: nothing,
            fees: Shares::of(m.fees_actual, m.fees_estimated, m.fees_missing),
            ad_spend: nothing,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sales_without_cost_are_set_apart_with_their_fees() {
        let known = Measures {
            gross_sales: 1000,
            cost_actual: 1000,
            cost_of_goods: 400,
            payment_fees: 30,
            ..Measures::default()
        };
        let unknown = Measures {
            gross_sales: 500,
            cost_missing: 500,
            payment_fees: 15,
            payment_fees_without_cost: 15,
            ..Measures::default()
        };
        let mut total = known;
        total += unknown;
        let rows = [Figures::of(known), Figures::of(unknown)];
        assert_eq!(
            (rows[1].cost_of_goods, rows[1].cm1, rows[1].net_profit),
            (None, None, None)
        );
        let sum: i64 = rows.iter().filter_map(|r| r.net_profit).sum();
        assert_eq!(Figures::of(total).net_profit, Some(sum));
        assert_eq!(sum, 1000 - 400 - 30);
        let cost = Coverage::of(&total).cost.unwrap();
        assert_eq!((cost.actual, cost.estimated, cost.missing), (6667, 0, 3333));
    }

    #[test]
    fn without_sales_there_is_nothing_to_cover() {
        assert_eq!(Coverage::of(&Measures::default()).cost, None);
        assert_eq!(Figures::of(Measures::default()).net_profit, Some(0));
    }
}
