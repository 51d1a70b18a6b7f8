//! What sending an order cost: told for the order, else by the table.

use super::derive::Booking;
use super::{Basis, EntryKind, EntryReason, LedgerEntry, Unknown};
use crate::fx::DayRate;
use crate::money::Currency;

impl Booking<'_> {
    /// Books the cost on the day of the sale; a return does not give it back. Answers how well it is known.
    pub(super) fn book_shipping(&self, entries: &mut Vec<LedgerEntry>) -> Basis {
        if !self.order.lines.iter().any(|l| l.ships()) {
            return Basis::Actual;
        }
        let Ok((basis, amount, _)) = self.shipping_cost() else {
            return Basis::Missing;
        };
        let (at, kind) = (self.order.processed_at, EntryKind::ShippingCost);
        let of = self.entry(at, kind, EntryReason::Order, -amount, None);
        self.spread(&of, |l| l.ships(), entries);
        basis
    }

    /// In minor units of the order's currency, by the rate of the day where it is told in another one.
    pub(super) fn shipping_cost(&self) -> Result<(Basis, i64, Option<DayRate>), Unknown> {
        let day = self.calendar.day_of(self.order.processed_at);
        let (basis, amount, currency) = match &self.told.shipping {
            Some(told) => (Basis::Actual, Some(told.amount), told.currency),
            None => {
                let table = &self.costs.shipping;
                let (row, times) = table.find(self.order, day, self.rates)?;
                let amount = row.amount.checked_mul(times);
                (Basis::Estimated, amount, row.currency)
            }
        };
        let amount = amount.ok_or(Unknown::TooLarge)?;
        let (amount, rate) = self.converted(amount, currency, day)?;
        Ok((basis, amount, Some(rate)))
    }

    /// An amount of the day in the order's currency.
    pub(super) fn converted(
        &self,
        amount: i64,
        from: Currency,
        day: chrono::NaiveDate,
    ) -> Result<(i64, DayRate), Unknown> {
        let rate = self.rates.on(day, from, self.order.currency)?;
        let amount = rate.convert(amount).map_err(|_| Unknown::TooLarge)?;
        Ok((amount, rate))
    }
}
