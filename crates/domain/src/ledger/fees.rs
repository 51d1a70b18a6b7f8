//! What payment gateways kept of an order: as the provider tells it, else by a rule for the gateway.

use super::derive::Booking;
use super::{Basis, EntryKind, EntryReason, LedgerEntry, Unknown};
use crate::fx::DayRate;
use crate::order::{Transaction, TransactionKind};

/// Gateways behind which nobody keeps a fee.
const FREE_GATEWAYS: &[&str] = &["gift_card", "store_credit", "shop_cash", "cash"];

/// Whether a gateway may have kept something of it without anybody telling.
fn untold(t: &Transaction) -> bool {
    let charges = matches!(t.kind, TransactionKind::Sale | TransactionKind::Capture);
    charges
        && t.moved_money()
        && t.fee.is_none()
        && t.amount != 0
        && !FREE_GATEWAYS.contains(&t.gateway.as_str())
}

impl Booking<'_> {
    /// Each movement of money carries its own fee; a refund gives none back unless the provider says so. Answers how well the
    /// fees of the order are known.
    pub(super) fn book_fees(&self, entries: &mut Vec<LedgerEntry>) -> Basis {
        let mut basis = Basis::Actual;
        for transaction in self.order.transactions.iter().filter(|t| t.moved_money()) {
            let fee = if untold(transaction) {
                let fee = self.fee_by_rule(transaction).ok().map(|(fee, _)| fee);
                basis = basis.max(fee.map_or(Basis::Missing, |_| Basis::Estimated));
                fee
            } else {
                transaction.fee
            };
            let Some(fee) = fee.filter(|f| *f != 0) else {
                continue;
            };
            let (at, kind) = (transaction.processed_at, EntryKind::PaymentFee);
            let of = self.entry(at, kind, EntryReason::Payment, -fee, None);
            self.spread(&of, |l| !l.gift_card, entries);
        }
        basis
    }

    /// Of each payment whose fee nobody told, by its gateway.
    pub(super) fn fees_by_rule(
        &self,
    ) -> impl Iterator<Item = (&str, Result<(i64, Option<DayRate>), Unknown>)> {
        let all = self.order.transactions.iter();
        all.filter(|t| untold(t))
            .map(|t| (t.gateway.as_str(), self.fee_by_rule(t)))
    }

    /// The share is one of the payment; a fixed part in another currency is converted by the rate of the day.
    fn fee_by_rule(&self, transaction: &Transaction) -> Result<(i64, Option<DayRate>), Unknown> {
        let day = self.calendar.day_of(transaction.processed_at);
        let rule = self.costs.fees.on(&transaction.gateway, day);
        let rule = rule.ok_or(Unknown::NoFeeRule)?;
        let share = rule
            .share(transaction.amount, self.order.currency)
            .ok_or(Unknown::TooLarge)?;
        if rule.fixed == 0 {
            return Ok((share, None));
        }
        let (fixed, rate) = self.converted(rule.fixed, rule.currency, day)?;
        let fee = share.checked_add(fixed).ok_or(Unknown::TooLarge)?;
        Ok((fee, Some(rate)))
    }
}
