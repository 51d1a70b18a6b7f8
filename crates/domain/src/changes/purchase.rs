//! An order of goods as a change: written into our own books, approved by whoever approves the change.

use super::action::{Seen, Verdict};
use crate::audit::Actor;
use crate::ids::{PurchaseOrderId, StoreScope, SupplierId, VariantId};
use crate::money::{Currency, round_to_minor};
use crate::people::Email;
use crate::purchase::{LineDraft, PurchaseOrder, PurchaseStatus, Refusal, Signed};
use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Purchase {
    /// Known once it is an operation: its key, so that however often it is written there is one order.
    pub order: Option<PurchaseOrderId>,
    pub supplier: SupplierId,
    pub supplier_name: String,
    /// In which the supplier is paid.
    pub currency: Currency,
    pub lines: Vec<PurchaseWish>,
    /// Orders of these variants that were under way when it was planned.
    pub under_way: BTreeSet<PurchaseOrderId>,
    pub expected_on: Option<NaiveDate>,
    pub note: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PurchaseWish {
    pub variant: VariantId,
    pub title: String,
    pub sku: Option<String>,
    pub quantity: i64,
    /// As it was known when it was planned.
    pub unit_cost: Decimal,
}

/// What our books say of an order, its supplier and its variants.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct PurchaseTarget {
    pub order: Option<PurchaseOrderId>,
    pub supplier: SupplierId,
    pub currency: Currency,
    pub variants: Vec<VariantId>,
}

/// A cost of a unit in the currency of the order; `None`: it is not known in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeenCost {
    pub variant: VariantId,
    pub cost: Option<Decimal>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeenPurchase {
    /// `None`: there is no such order.
    pub status: Option<PurchaseStatus>,
    /// Whether anything may be ordered of the supplier, in this currency.
    pub takes_orders: bool,
    /// Orders of one of the variants that are under way.
    pub under_way: BTreeSet<PurchaseOrderId>,
    pub costs: Vec<SeenCost>,
}

/// What stands against an order that was planned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Against {
    Supplier,
    OtherOrder(PurchaseOrderId),
    Cost(VariantId),
}

impl Purchase {
    #[must_use]
    pub fn target(&self) -> PurchaseTarget {
        PurchaseTarget {
            order: self.order,
            supplier: self.supplier,
            currency: self.currency,
            variants: self.lines.iter().map(|l| l.variant).collect(),
        }
    }

    /// In minor units; `None` where it is more than can be counted.
    #[must_use]
    pub fn total(&self) -> Option<i64> {
        self.lines.iter().try_fold(0_i64, |sum, line| {
            let cost = line.unit_cost.checked_mul(Decimal::from(line.quantity))?;
            sum.checked_add(round_to_minor(cost, self.currency).ok()?)
        })
    }

    #[must_use]
    pub fn units(&self) -> i64 {
        let quantities = self.lines.iter().map(|l| l.quantity);
        quantities.fold(0, i64::saturating_add)
    }

    /// Why it does not fit any more.
    #[must_use]
    pub fn against(&self, seen: &SeenPurchase) -> Option<Against> {
        if !seen.takes_orders {
            return Some(Against::Supplier);
        }
        if let Some(other) = seen.under_way.difference(&self.under_way).next() {
            return Some(Against::OtherOrder(*other));
        }
        let known = |line: &PurchaseWish| {
            let costs = seen.costs.iter();
            costs
                .filter(|c| c.variant == line.variant)
                .any(|c| c.cost == Some(line.unit_cost))
        };
        let other = self.lines.iter().find(|line| !known(line));
        other.map(|line| Against::Cost(line.variant))
    }

    /// An order that is there was made, whatever became of it since.
    pub(super) fn verdict(&self, seen: &Seen) -> Verdict {
        match seen {
            Seen::Purchase(seen) if seen.status.is_some() => Verdict::Done,
            Seen::Purchase(seen) if self.against(seen).is_none() => Verdict::Ready,
            _ => Verdict::Drifted,
        }
    }

    /// Whether it can still be cancelled without the supplier knowing of it.
    pub(super) const fn verdict_of_cancel(&self, seen: &Seen) -> Verdict {
        match seen {
            Seen::Purchase(seen) => match seen.status {
                Some(PurchaseStatus::Cancelled) => Verdict::Done,
                Some(PurchaseStatus::Draft | PurchaseStatus::Approved) => Verdict::Ready,
                _ => Verdict::Drifted,
            },
            _ => Verdict::Drifted,
        }
    }

    /// The draft that it becomes; its number is given when it is stored.
    ///
    /// # Errors
    /// As [`PurchaseOrder::write`].
    pub fn draft(
        &self,
        id: PurchaseOrderId,
        scope: StoreScope,
        email: Option<Email>,
        (author, at): (&Actor, DateTime<Utc>),
    ) -> Result<PurchaseOrder, Refusal> {
        let mut order = PurchaseOrder {
            id,
            scope,
            number: 0,
            version: 1,
            supplier: self.supplier,
            supplier_name: self.supplier_name.clone(),
            supplier_email: email,
            currency: self.currency,
            status: PurchaseStatus::Draft,
            lines: Vec::new(),
            receipts: Vec::new(),
            expected_on: self.expected_on,
            pay_on: None,
            note: self.note.clone(),
            created: Signed {
                at,
                by: author.clone(),
            },
            rewritten: Vec::new(),
            approved: None,
            sent: None,
            closed: None,
            close_reason: None,
        };
        let lines = self.lines.iter().map(|l| LineDraft {
            variant: l.variant,
            title: l.title.clone(),
            sku: l.sku.clone(),
            quantity: l.quantity,
            unit_cost: l.unit_cost,
        });
        order.write(lines.collect(), author)?;
        Ok(order)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::changes::{Action, Reversibility};
    use uuid::Uuid;

    fn order(n: u128) -> PurchaseOrderId {
        PurchaseOrderId(Uuid::from_u128(n))
    }

    fn purchase() -> Purchase {
        Purchase {
            order: Some(order(1)),
            supplier: SupplierId(Uuid::from_u128(4)),
            supplier_name: "Acme".into(),
            currency: Currency::parse("USD").unwrap(),
            lines: vec![PurchaseWish {
                variant: VariantId(7),
                title: "Mug".into(),
                sku: None,
                quantity: 12,
                unit_cost: "3.255".parse().unwrap(),
            }],
            under_way: BTreeSet::from([order(9)]),
            expected_on: None,
            note: None,
        }
    }

    fn seen(status: Option<PurchaseStatus>) -> SeenPurchase {
        SeenPurchase {
            status,
            takes_orders: true,
            under_way: BTreeSet::from([order(9)]),
            costs: vec![SeenCost {
                variant: VariantId(7),
                cost: "3.2550".parse().ok(),
            }],
        }
    }

    #[test]
    fn it_fits_while_nothing_else_is_ordered_and_supplier_and_cost_stand() {
        let purchase = purchase();
        let check = |change: fn(&mut SeenPurchase), expected: Option<Against>| {
            let mut seen = seen(None);
            change(&mut seen);
            assert_eq!(purchase.against(&seen), expected, "{seen:?}");
            let verdict = match expected {
                None => Verdict::Ready,
                Some(_) => Verdict::Drifted,
            };
            assert_eq!(purchase.verdict(&Seen::Purchase(seen)), verdict);
        };
        check(|_| {}, None);
        check(|s| s.under_way.clear(), None);
        check(|s| s.takes_orders = false, Some(Against::Supplier));
        let other = Some(Against::OtherOrder(order(8)));
        check(
            |s| {
                s.under_way.insert(order(8));
            },
            other,
        );
        let cost = Some(Against::Cost(VariantId(7)));
        check(|s| s.costs[0].cost = "3.26".parse().ok(), cost);
        check(|s| s.costs[0].cost = None, cost);
        check(|s| s.costs.clear(), cost);
        assert_eq!(purchase.verdict(&Seen::Gone), Verdict::Drifted);
    }

    #[test]
    fn it_is_taken_back_until_the_supplier_has_it() {
        let action = Action::PurchaseOrder(purchase());
        let back = action.inverse().unwrap();
        assert_eq!(back.reversibility(), Reversibility::Compensating);
        let verdict = |action: &Action, status| action.verdict(&Seen::Purchase(seen(Some(status))));
        use PurchaseStatus as S;
        for status in S::ALL {
            assert_eq!(verdict(&action, status), Verdict::Done, "{status:?}");
            let expected = match status {
                S::Draft | S::Approved => Verdict::Ready,
                S::Cancelled => Verdict::Done,
                _ => Verdict::Drifted,
            };
            assert_eq!(verdict(&back, status), expected, "{status:?}");
        }
        // A cancelled order stays so: what takes the cancellation back is another order.
        assert_eq!(back.inverse().unwrap().purchase().unwrap().order, None);
    }

    #[test]
    fn amounts_are_rounded_line_by_line() {
        assert_eq!(purchase().total(), Some(3906));
        let mut large = purchase();
        large.lines[0].quantity = i64::MAX;
        assert_eq!(large.total(), None);
    }
}
