//! What sending an order cost: told for the order, else by the table.

use super::derive::Booking;
use super::{Basis, EntryKind, EntryReason, LedgerEntry};
use crate::inputs::NoShippingCost;

impl Booking<'_> {
    /// Books the cost on the day of the sale; a return does not give it back. Answers how well it is known.
    pub(super) fn book_shipping(&self, entries: &mut Vec<LedgerEntry>) -> Basis {
        if !self.order.lines.iter().any(|l| l.ships()) {
            return Basis::Actual;
        }
        let (basis, amount) = match &self.told.shipping {
            Some(told) if told.currency == self.order.currency => (Basis::Actual, told.amount),
            // In another currency it needs a rate of the day; without one it is unknown.
            Some(_) => return Basis::Missing,
            None => match self.shipping_by_table() {
                Ok(amount) => (Basis::Estimated, amount),
                Err(_) => return Basis::Missing,
            },
        };
        let (at, kind) = (self.order.processed_at, EntryKind::ShippingCost);
        let of = self.entry(at, kind, EntryReason::Order, -amount, None);
        self.spread(&of, |l| l.ships(), entries);
        basis
    }

    fn shipping_by_table(&self) -> Result<i64, NoShippingCost> {
        let day = self.calendar.day_of(self.order.processed_at);
        let (rate, times) = self.costs.shipping.find(self.order, day)?;
        if rate.currency != self.order.currency {
            return Err(NoShippingCost::NoRate);
        }
        Ok(rate.amount * times)
    }
}
