//! What a change of net profit is made of, without a remainder.
//!
//! Gross sales and their cost are taken apart by price, volume and mix over products (the usual price–volume–mix analysis: volume at the margin of
//! the days before, price and cost at the units of the new days, mix is the rest); whatever else stands between gross sales and net profit is the
//! difference of its own sums. Each part is rounded to the minor unit and mix takes what rounding leaves, so that the parts add up exactly.

use crate::report::Figures;
use rust_decimal::prelude::ToPrimitive as _;
use rust_decimal::{Decimal, RoundingStrategy};
use std::collections::BTreeMap;

/// Why profit changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cause {
    /// More or fewer units, at the margin of the days before.
    Volume,
    /// Other products than before.
    Mix,
    /// Another price of the same products.
    Price,
    /// Another cost of the same products.
    UnitCost,
    Discounts,
    Refunds,
    /// What customers paid for shipping, and tips.
    ShippingIncome,
    ShippingCost,
    Fees,
    AdSpend,
    FixedCosts,
    /// Sales whose cost is not known are in no profit; how much that is changed.
    Uncovered,
}

impl Cause {
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Volume => "Volume",
            Self::Mix => "Mix of products",
            Self::Price => "Prices",
            Self::UnitCost => "Unit costs",
            Self::Discounts => "Discounts",
            Self::Refunds => "Refunds",
            Self::ShippingIncome => "Shipping charged and other income",
            Self::ShippingCost => "Shipping cost",
            Self::Fees => "Payment fees",
            Self::AdSpend => "Ad spend",
            Self::FixedCosts => "Fixed costs",
            Self::Uncovered => "Sales without cost",
        }
    }
}

/// One product of one span.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Sold {
    pub units: i64,
    /// Minor units.
    pub gross_sales: i64,
    pub cost: i64,
}

/// One span: its total, and its products by key.
#[derive(Debug, Clone)]
pub struct Side {
    pub total: Figures,
    pub products: BTreeMap<String, Sold>,
}

/// The parts of `after − before`, largest first; those that did not change are left out. `None` where a net profit is not known.
#[must_use]
pub fn bridge(before: &Side, after: &Side) -> Option<Vec<(Cause, i64)>> {
    let change = after.total.net_profit? - before.total.net_profit?;
    let of = |read: fn(&Figures) -> i64| read(&after.total) - read(&before.total);
    let sold = sold(before, after);
    let mut parts = vec![
        (Cause::Volume, sold.volume),
        (Cause::Price, sold.price),
        (Cause::UnitCost, sold.cost),
        (Cause::Discounts, -of(|f| f.measures.discounts)),
        (Cause::Refunds, -of(|f| f.measures.returns)),
        (
            Cause::Uncovered,
            -of(|f| {
                f.net_revenue_without_cost
                    - f.measures.payment_fees_without_cost
                    - f.measures.shipping_cost_without_cost
            }),
        ),
        (Cause::ShippingCost, -of(|f| f.measures.shipping_cost)),
        (Cause::Fees, -of(|f| f.measures.payment_fees)),
        (Cause::AdSpend, -of(|f| f.ad_spend.unwrap_or(0))),
        (Cause::FixedCosts, -of(|f| f.fixed_costs.unwrap_or(0))),
    ];
    // What is between net revenue and gross sales, discounts and returns.
    let income = of(|f| {
        f.net_revenue - (f.measures.gross_sales - f.measures.discounts - f.measures.returns)
    });
    parts.push((Cause::ShippingIncome, income));
    let explained: i64 = parts.iter().map(|(_, part)| part).sum();
    parts.push((Cause::Mix, change - explained));
    parts.retain(|(_, part)| *part != 0);
    parts.sort_by_key(|(cause, part)| (std::cmp::Reverse(part.abs()), *cause));
    Some(parts)
}

struct Effects {
    volume: i64,
    price: i64,
    cost: i64,
}

fn sold(before: &Side, after: &Side) -> Effects {
    let sum = |side: &Side| {
        let all = side.products.values();
        all.fold(Sold::default(), |sum, one| Sold {
            units: sum.units + one.units,
            gross_sales: sum.gross_sales + one.gross_sales,
            cost: sum.cost + one.cost,
        })
    };
    let (was, is) = (sum(before), sum(after));
    let margin = was.gross_sales - was.cost;
    let volume = share(margin, is.units - was.units, was.units);
    let (mut price, mut cost) = (Decimal::ZERO, Decimal::ZERO);
    for (key, now) in &after.products {
        let Some(then) = before.products.get(key) else {
            continue;
        };
        if now.units <= 0 || then.units <= 0 {
            continue;
        }
        price += Decimal::from(now.gross_sales) - scaled(then.gross_sales, now.units, then.units);
        cost += Decimal::from(now.cost) - scaled(then.cost, now.units, then.units);
    }
    Effects {
        volume,
        price: whole(price),
        cost: -whole(cost),
    }
}

/// `amount · part ÷ whole`, 0 where there is nothing to divide by.
fn share(amount: i64, part: i64, of: i64) -> i64 {
    whole(scaled(amount, part, of))
}

fn scaled(amount: i64, part: i64, of: i64) -> Decimal {
    let product = Decimal::from(amount).checked_mul(Decimal::from(part));
    let quotient = product.and_then(|p| p.checked_div(Decimal::from(of)));
    quotient.unwrap_or_default()
}

fn whole(amount: Decimal) -> i64 {
    let rounded = amount.round_dp_with_strategy(0, RoundingStrategy::MidpointAwayFromZero);
    rounded.to_i64().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rollup::Measures;
    use proptest::prelude::*;

    fn side(products: &[(&str, i64, i64, i64)], change: impl FnOnce(&mut Measures)) -> Side {
        let mut m = Measures::default();
        let mut all = BTreeMap::new();
        for (key, units, gross_sales, cost) in products {
            m.units += units;
            m.gross_sales += gross_sales;
            m.cost_actual += gross_sales;
            m.cost_of_goods += cost;
            let sold = Sold {
                units: *units,
                gross_sales: *gross_sales,
                cost: *cost,
            };
            all.insert((*key).to_owned(), sold);
        }
        change(&mut m);
        Side {
            total: Figures::of(m),
            products: all,
        }
    }

    fn parts(before: &Side, after: &Side) -> BTreeMap<Cause, i64> {
        bridge(before, after).unwrap().into_iter().collect()
    }

    #[test]
    fn each_cause_shows_alone() {
        let before = side(&[("mug", 10, 1000, 400)], |_| {});
        let more = side(&[("mug", 15, 1500, 600)], |_| {});
        assert_eq!(parts(&before, &more), [(Cause::Volume, 300)].into());
        let dearer = side(&[("mug", 10, 1200, 400)], |_| {});
        assert_eq!(parts(&before, &dearer), [(Cause::Price, 200)].into());
        let cost = side(&[("mug", 10, 1000, 500)], |_| {});
        assert_eq!(parts(&before, &cost), [(Cause::UnitCost, -100)].into());
        let other = side(&[("cup", 10, 900, 400)], |_| {});
        assert_eq!(parts(&before, &other), [(Cause::Mix, -100)].into());
        let fees = side(&[("mug", 10, 1000, 400)], |m| m.payment_fees = 30);
        assert_eq!(parts(&before, &fees), [(Cause::Fees, -30)].into());
        assert_eq!(parts(&before, &before), BTreeMap::new());
    }

    #[test]
    fn from_nothing_all_is_mix() {
        let nothing = side(&[], |_| {});
        let some = side(&[("mug", 1, 100, 40)], |_| {});
        assert_eq!(parts(&nothing, &some), [(Cause::Mix, 60)].into());
    }

    proptest! {
        /// Whatever was sold, the parts are the whole change.
        #[test]
        fn the_parts_add_up(
            left in prop::collection::vec((0_i64..50, 0_i64..100_000, 0_i64..60_000), 0..6),
            right in prop::collection::vec((0_i64..50, 0_i64..100_000, 0_i64..60_000), 0..6),
            discounts in 0_i64..5000, returns in 0_i64..5000, fees in 0_i64..900, shipping in 0_i64..900,
            missing in 0_i64..3000, ads in prop::option::of(0_i64..5000),
        ) {
            let keys = ["a", "b", "c", "d", "e", "f"];
            let rows = |list: &[(i64, i64, i64)]| -> Vec<(&str, i64, i64, i64)> {
                list.iter().zip(keys).map(|((u, g, c), key)| (key, *u, *g, *c)).collect()
            };
            let before = side(&rows(&left), |m| m.discounts = discounts);
            let after = side(&rows(&right), |m| {
                m.returns = returns;
                m.payment_fees = fees;
                m.shipping_cost = shipping;
                m.cost_missing = missing;
            });
            let after = Side { total: after.total.with_days(ads, None), ..after };
            let known = before.total.net_profit.zip(after.total.net_profit);
            prop_assume!(known.is_some());
            let (was, is) = known.unwrap_or_default();
            let sum: i64 = bridge(&before, &after).unwrap().iter().map(|(_, part)| part).sum();
            prop_assert_eq!(sum, is - was);
        }
    }
}
