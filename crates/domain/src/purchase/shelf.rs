//! Goods that came and that the shop has not counted yet.
//!
//! A receipt takes units off what is on order at once, while the shop's own count grows when somebody there counts them. Between the two they are kept as coming:
//! what came, less what the count has grown by since the first receipt, where sales from its day on are added back (those that had happened when it was written down are
//! remembered with it, and cancel out). After [`KEPT_DAYS`] days they are taken as counted: a count may have been set right by as much meanwhile.

use super::PurchaseOrder;
use crate::ids::VariantId;
use chrono::NaiveDate;
use std::collections::BTreeMap;

/// So many days after a receipt the shop is taken to have counted it.
pub const KEPT_DAYS: i64 = 14;

/// What came of one variant lately.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shelf {
    /// Of the first of these receipts.
    pub since: NaiveDate,
    /// What could be sold when that one was written down, and what had been sold from its day on until then.
    pub before: i64,
    /// Units of all of them that can be sold.
    pub came: i64,
}

impl Shelf {
    /// Units that the shop has not counted yet, with what can be sold now and what was sold from `since` on.
    #[must_use]
    pub fn uncounted(&self, now: i64, sold: i64) -> i64 {
        let grown = now
            .saturating_sub(self.before)
            .saturating_add(sold.max(0))
            .max(0);
        self.came.saturating_sub(grown).max(0)
    }
}

/// By variant, of the receipts that are not older than [`KEPT_DAYS`] and remember what the shop had.
#[must_use]
pub fn shelves<'a>(
    orders: impl IntoIterator<Item = &'a PurchaseOrder>,
    today: NaiveDate,
) -> BTreeMap<VariantId, Shelf> {
    let mut receipts: Vec<_> = orders
        .into_iter()
        .flat_map(|order| order.receipts.iter().map(move |receipt| (receipt, order)))
        .filter(|(receipt, _)| (today - receipt.received_on).num_days() <= KEPT_DAYS)
        .collect();
    receipts.sort_by_key(|(receipt, order)| (receipt.at, order.number));
    let mut shelves: BTreeMap<VariantId, Shelf> = BTreeMap::new();
    for (receipt, order) in receipts {
        for got in &receipt.lines {
            let (Some(before), Some(line)) = (got.shelf, order.lines.get(got.line)) else {
                continue;
            };
            let shelf = shelves.entry(line.variant).or_insert(Shelf {
                since: receipt.received_on,
                before,
                came: 0,
            });
            shelf.came = shelf.came.saturating_add(got.sound());
        }
    }
    shelves
}
