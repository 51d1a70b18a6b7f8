//! What the sums by day say of sales, fees and the cost of sending.

use chrono::NaiveDate;
use domain::agents::pricing::{DayCosts, DaySales};
use domain::ids::VariantId;
use domain::prices::PaidPrice;
use domain::rollup::Measures;
use ports::reports::DayKeyRow;
use std::collections::BTreeMap;

/// What was ordered: what came back on a day was ordered on another one.
pub(super) fn add_sales(sales: &mut BTreeMap<VariantId, Vec<DaySales>>, rows: Vec<DayKeyRow>) {
    for row in rows {
        let Ok(id) = row.key.parse::<VariantId>() else {
            continue;
        };
        let m = row.measures;
        let units = ordered(&m);
        if units > 0 {
            sales.entry(id).or_default().push(DaySales {
                day: row.day,
                units,
                orders: m.orders_containing,
                net: m.gross_sales - m.discounts,
                price: None,
            });
        }
    }
}

/// What a unit was offered at, for days on which all orders had one price. `sales` are oldest first.
pub(super) fn add_prices(sales: &mut BTreeMap<VariantId, Vec<DaySales>>, paid: &[PaidPrice]) {
    for one in paid {
        let Some(days) = sales.get_mut(&one.variant) else {
            continue;
        };
        if let Ok(at) = days.binary_search_by_key(&one.day, |s| s.day) {
            days[at].price = Some(one.price);
        }
    }
}

/// Units that were ordered on a day: those that came back on it were ordered on another one.
pub(super) const fn ordered(m: &Measures) -> i64 {
    m.units + m.units_returned
}

/// Of the sales whose fees are known.
pub(in crate::agents) fn fee_share(total: &Measures) -> Option<i64> {
    let known = total.fees_actual + total.fees_estimated;
    (known > 0).then(|| total.payment_fees * 10_000 / known)
}

/// Of the sales whose shipping cost is known, as many units as their share of all sales stands for. What came back was sent, too.
pub(in crate::agents) fn shipping_per_unit(total: &Measures) -> Option<i64> {
    let known = i128::from(total.shipping_actual + total.shipping_estimated);
    let (net, units) = (i128::from(total.net_sales()), i128::from(ordered(total)));
    if known <= 0 || net <= 0 || units <= 0 {
        return None;
    }
    let per_unit = i128::from(total.shipping_cost) * net / (known * units);
    i64::try_from(per_unit).ok()
}

/// Known only where all sales of the day tell theirs.
pub(super) fn costs_of(day: NaiveDate, m: &Measures) -> DayCosts {
    let fees = m.fees_missing == 0 && m.fees_actual + m.fees_estimated != 0;
    let shipping = m.shipping_missing == 0 && m.shipping_actual + m.shipping_estimated != 0;
    DayCosts {
        day,
        net: m.net_sales(),
        units: ordered(m),
        fees: fees.then_some(m.payment_fees),
        shipping: shipping.then_some(m.shipping_cost),
    }
}
