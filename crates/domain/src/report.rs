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
    /// `None` when it is known of no sale. What is missing of it is not in any profit; coverage tells how much that is.
    pub shipping_cost: Option<i64>,
    /// CM1 − shipping cost − payment fees, without what of them lies on sales that are set apart.
    pub cm2: Option<i64>,
    /// `None` where it is not told: of days without any, and of rows that it cannot be told apart by.
    pub ad_spend: Option<i64>,
    /// CM2 − ad spend as far as it is told.
    pub cm3: Option<i64>,
    pub fixed_costs: Option<i64>,
    /// CM3 − fixed costs as far as they are told.
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
        let fees = m.payment_fees - m.payment_fees_without_cost;
        let shipping = m.shipping_cost - m.shipping_cost_without_cost;
        // A sale of known cost that was wholly taken back leaves nothing but its fee.
        let profit_unknown = cost_unknown && [covered, fees, shipping] == [0, 0, 0];
        let cm1 = (!profit_unknown).then_some(covered - m.cost_of_goods);
        let cm2 = cm1.map(|cm1| cm1 - fees - shipping);
        let known = [m.shipping_actual, m.shipping_estimated, m.shipping_cost];
        let shipping_unknown = known == [0, 0, 0] && m.net_sales() != 0;
        Self {
            measures: m,
            net_sales: m.net_sales(),
            total_sales: m.total_sales(),
            net_revenue,
            net_revenue_without_cost: m.cost_missing,
            cost_of_goods: (!cost_unknown).then_some(m.cost_of_goods),
            cm1,
            shipping_cost: (!shipping_unknown).then_some(m.shipping_cost),
            cm2,
            ad_spend: None,
            cm3: cm2,
            fixed_costs: None,
            net_profit: cm2,
        }
    }

    /// With the costs of days. Where profit is unknown because all of its sales are set apart, these costs are all that it has.
    #[must_use]
    pub fn with_days(self, ad_spend: Option<i64>, fixed_costs: Option<i64>) -> Self {
        let less = |from: Option<i64>, cost: Option<i64>| match (from, cost.unwrap_or(0)) {
            (None, 0) => None,
            (from, cost) => Some(from.unwrap_or(0) - cost),
        };
        let cm3 = less(self.cm2, ad_spend);
        Self {
            ad_spend,
            cm3,
            fixed_costs,
            net_profit: less(cm3, fixed_costs),
            ..self
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
        let nothing = cost.map(|_| Shares {
            actual: 0,
            estimated: 0,
            missing: 10_000,
        });
        Self {
            cost,
            // Orders that an earlier version booked say nothing of it.
            shipping: Shares::of(m.shipping_actual, m.shipping_estimated, m.shipping_missing)
                .or(nothing),
            fees: Shares::of(m.fees_actual, m.fees_estimated, m.fees_missing),
            ad_spend: nothing,
        }
    }

    /// Of ad spend a day is covered when a spend is told for it, be it zero; it is set against the days with sales.
    #[must_use]
    pub fn with_spend(self, told_days: i64, other_days: i64) -> Self {
        Self {
            ad_spend: Shares::of(told_days, 0, other_days),
            ..self
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
    fn the_fee_of_a_sale_taken_back_counts_beside_sales_without_cost() {
        let m = Measures {
            gross_sales: 1500,
            returns: 1000,
            cost_missing: 500,
            payment_fees: 95,
            payment_fees_without_cost: 15,
            ..Measures::default()
        };
        let figures = Figures::of(m);
        assert_eq!((figures.cm1, figures.cm2), (Some(0), Some(-80)));
    }

    #[test]
    fn costs_of_days_and_of_sending_lead_from_cm1_to_net_profit() {
        let sold = Measures {
            gross_sales: 1000,
            cost_actual: 1000,
            cost_of_goods: 400,
            payment_fees: 30,
            shipping_cost: 120,
            shipping_estimated: 800,
            shipping_missing: 200,
            ..Measures::default()
        };
        let figures = Figures::of(sold).with_days(Some(200), Some(50));
        let chain = [figures.cm1, figures.cm2, figures.cm3, figures.net_profit];
        assert_eq!(chain, [Some(600), Some(450), Some(250), Some(200)]);
        assert_eq!(figures.shipping_cost, Some(120));
        let untold = Figures::of(sold).with_days(None, None);
        assert_eq!((untold.ad_spend, untold.net_profit), (None, Some(450)));
        let shipping = Coverage::of(&sold).shipping.unwrap();
        assert_eq!((shipping.estimated, shipping.missing), (8000, 2000));
        let spend = Coverage::of(&sold).with_spend(3, 1).ad_spend.unwrap();
        assert_eq!((spend.actual, spend.missing), (7500, 2500));
    }

    #[test]
    fn without_sales_there_is_nothing_to_cover() {
        assert_eq!(Coverage::of(&Measures::default()).cost, None);
        assert_eq!(Figures::of(Measures::default()).net_profit, Some(0));
    }
}
