//! Differences between what the shop reports and what it tells of its orders, made on demand so that a reconciliation has
//! something to find. The shop's own records stay right.

use super::Order;

/// The currency of planted foreign orders.
pub(crate) const FOREIGN: &str = "NOK";

/// Orders by their position.
#[derive(Debug, Clone, Default)]
pub struct Plants {
    /// The sales report counts them on the day in UTC.
    pub zone: Vec<u32>,
    /// Test orders that the sales report counts.
    pub tests: Vec<u32>,
    /// Told in another currency than the shop's.
    pub foreign: Vec<u32>,
    /// The sales report books what they gave back a day later.
    pub late: Vec<u32>,
    /// Their agreements lack everything after the sale.
    pub withheld: Vec<u32>,
    /// Not found by looking for changes.
    pub hidden: Vec<u32>,
    /// Deleted, or not to be chosen again.
    pub used: Vec<u32>,
}

impl Plants {
    pub fn hides(&self, order: &Order) -> bool {
        self.hidden.contains(&order.index)
    }
}
