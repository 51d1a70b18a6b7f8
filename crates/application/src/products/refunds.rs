//! How much of a product comes back, told both ways: by the day of the refund, as the books have it, and by the day of the
//! order, which says what became of the orders of a period whenever that was.

use crate::Ports;
use domain::calendar::{DayRange, Grain};
use domain::ids::ProductId;
use domain::rollup::{self, Dimension, Measures, Placement};
use domain::store::Store;
use ports::orders::{OrderQuery, OrderSort, StoredOrder};
use ports::page::MAX_LIMIT;
use ports::{PageRequest, PortResult};
use std::collections::BTreeMap;

/// Orders that are read for one answer at most.
pub const ORDERS_AT_MOST: u64 = 5_000;

/// Sold before returns, and what of it was taken back; in minor units.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct SoldAndReturned {
    pub sold: i64,
    pub returned: i64,
}

impl SoldAndReturned {
    fn add(&mut self, measures: &Measures) {
        self.sold += measures.gross_sales - measures.discounts;
        self.returned += measures.returns;
    }

    /// Ten-thousandths of what was sold; `None` when nothing was.
    #[must_use]
    pub fn rate(self) -> Option<i64> {
        (self.sold > 0).then(|| self.returned.saturating_mul(10_000) / self.sold)
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefundPeriod {
    pub key: String,
    pub by_refund_day: SoldAndReturned,
    /// `None` when there are more orders than are read for an answer.
    pub by_order_day: Option<SoldAndReturned>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refunds {
    pub grain: Grain,
    /// Oldest first, quiet ones included.
    pub periods: Vec<RefundPeriod>,
    pub orders: u64,
    pub by_order_day_complete: bool,
}

/// Days, weeks or months, so that there are some thirty of them at most.
fn grain_of(range: DayRange) -> Grain {
    match range.days().count() {
        0..=31 => Grain::Day,
        32..=210 => Grain::Week,
        _ => Grain::Month,
    }
}

pub(super) async fn refunds(
    ports: &Ports,
    store: &Store,
    id: ProductId,
    range: DayRange,
) -> PortResult<Refunds> {
    let grain = grain_of(range);
    let key = id.to_string();
    let mut by_refund_day: BTreeMap<String, SoldAndReturned> = range
        .days()
        .map(|day| (grain.key(day), SoldAndReturned::default()))
        .collect();
    let days = ports
        .reports
        .by_day(store.scope, store.currency, range, Dimension::Product, &key)
        .await?;
    for row in &days {
        let period = by_refund_day.entry(grain.key(row.day)).or_default();
        period.add(&row.measures);
    }
    let mut by_order_day: BTreeMap<String, SoldAndReturned> = BTreeMap::new();
    let query = OrderQuery {
        from: Some(range.from),
        to: Some(range.to),
        product: Some(id),
        sort: OrderSort::OldestFirst,
        ..OrderQuery::default()
    };
    let mut page = PageRequest::first(MAX_LIMIT);
    let mut orders = 0;
    let complete = loop {
        let found = ports.orders.list(store.scope, &query, &page).await?;
        if found.total.is_some_and(|total| total > ORDERS_AT_MOST) {
            orders = found.total.unwrap_or_default();
            break false;
        }
        orders += found.items.len() as u64;
        for order in &found.items {
            let period = by_order_day.entry(grain.key(order.ledger.day)).or_default();
            period.add(&of_product(order, &key));
        }
        match found.next_cursor {
            Some(cursor) => page.cursor = Some(cursor),
            None => break true,
        }
    };
    let periods = by_refund_day
        .into_iter()
        .map(|(key, by_refund_day)| RefundPeriod {
            by_order_day: complete.then(|| by_order_day.get(&key).copied().unwrap_or_default()),
            by_refund_day,
            key,
        })
        .collect();
    Ok(Refunds {
        grain,
        periods,
        orders,
        by_order_day_complete: complete,
    })
}

/// What an order sold and took back of a product, over all its days. Test orders fold to nothing.
fn of_product(stored: &StoredOrder, product: &str) -> Measures {
    let mut sum = Measures::default();
    for (key, measures) in rollup::fold(&Placement::of(&stored.order), &stored.ledger).iter() {
        if key.dimension == Dimension::Product && key.key == product {
            sum += *measures;
        }
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_needs_something_sold() {
        let none = SoldAndReturned {
            sold: 0,
            returned: 500,
        };
        assert_eq!(none.rate(), None);
        let some = SoldAndReturned {
            sold: 3_000,
            returned: 1_000,
        };
        assert_eq!(some.rate(), Some(3_333));
    }

    #[test]
    fn a_long_range_is_told_in_longer_periods() {
        let range =
            |to: &str| DayRange::new("2026-01-01".parse().unwrap(), to.parse().unwrap()).unwrap();
        assert_eq!(grain_of(range("2026-01-31")), Grain::Day);
        assert_eq!(grain_of(range("2026-03-31")), Grain::Week);
        assert_eq!(grain_of(range("2026-12-31")), Grain::Month);
    }
}
