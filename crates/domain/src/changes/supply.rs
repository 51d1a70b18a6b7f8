//! Having a supplier send what a buyer bought, and telling the shop what it sent.
//!
//! Both are looked at before anything is done: whether the order is there at the supplier under our reference, and whether its lines are
//! still to be sent. What is paid is taken back by nobody; what nobody approved was never sent.

use super::action::{Seen, Verdict};
use crate::ids::{LineId, OrderId, SupplierAccountId, SupplierOrderId};
use crate::money::Money;
use crate::supplier::{OurRef, Parcel, PlacedState, SupplyPlan};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Lines of a buyer's order, with the units that are wanted of each.
pub type Units = Vec<(LineId, i64)>;

/// What is looked at before a supplier is asked to send something.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct SupplyTarget {
    pub id: SupplierOrderId,
    pub account: SupplierAccountId,
    pub our_ref: OurRef,
    pub order: OrderId,
    pub units: Units,
}

/// Why an order is not placed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "why", rename_all = "snake_case")]
pub enum SupplyAgainst {
    /// The shop does not know the order any more.
    Gone,
    Cancelled,
    NotPaid,
    Held,
    /// It was sent, refunded or taken off.
    Line {
        line: LineId,
    },
    /// Another order at a supplier has the line.
    Taken {
        line: LineId,
    },
    /// The supplier is not connected any more.
    NotConnected,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeenSupply {
    /// As the supplier shows it; `None`: it knows no such order.
    pub placed: Option<PlacedState>,
    pub total: Option<Money>,
    pub against: Option<SupplyAgainst>,
}

/// What can be sent of an order, as the shop shows it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeenShipping {
    pub is_cancelled: bool,
    /// Nothing of it waits for money.
    pub is_paid: bool,
    /// Whether somebody holds a part of it back.
    pub is_held: bool,
    /// Units that are neither sent nor refunded, by line.
    pub open: Units,
    /// Numbers of the parcels that the shop was told of.
    pub numbers: BTreeSet<String>,
}

impl SeenShipping {
    /// The first line of which fewer are open.
    #[must_use]
    pub fn lacking(&self, units: &Units) -> Option<LineId> {
        let open = |line: LineId| {
            let lines = self.open.iter().filter(|(l, _)| *l == line);
            lines.map(|(_, units)| *units).sum::<i64>()
        };
        let lacks = |(line, units): &&(LineId, i64)| open(*line) < *units;
        units.iter().find(lacks).map(|(line, _)| *line)
    }

    /// What stands against having these lines sent by a supplier.
    #[must_use]
    pub fn against(&self, units: &Units) -> Option<SupplyAgainst> {
        if self.is_cancelled {
            return Some(SupplyAgainst::Cancelled);
        }
        if !self.is_paid {
            return Some(SupplyAgainst::NotPaid);
        }
        if self.is_held {
            return Some(SupplyAgainst::Held);
        }
        self.lacking(units).map(|line| SupplyAgainst::Line { line })
    }
}

impl SupplyAgainst {
    /// As a sentence, with the titles of the plan's lines.
    #[must_use]
    pub fn told(&self, plan: &SupplyPlan) -> String {
        let title = |line: &LineId| {
            let found = plan.lines.iter().find(|l| l.line == *line);
            found.map_or_else(|| line.to_string(), |l| l.title.clone())
        };
        match self {
            Self::Gone => "the shop does not know the order any more".to_owned(),
            Self::Cancelled => "the order was cancelled".to_owned(),
            Self::NotPaid => "the order is not paid".to_owned(),
            Self::Held => "the order is held back".to_owned(),
            Self::Line { line } => {
                format!("{} was sent, refunded or taken off meanwhile", title(line))
            }
            Self::Taken { line } => {
                format!("{} is in another order to a supplier already", title(line))
            }
            Self::NotConnected => "the supplier is not connected any more".to_owned(),
        }
    }
}

impl SupplyPlan {
    #[must_use]
    pub fn units(&self) -> Units {
        self.lines.iter().map(|l| (l.line, l.units)).collect()
    }

    #[must_use]
    pub fn target(&self) -> SupplyTarget {
        SupplyTarget {
            id: self.id,
            account: self.account,
            our_ref: self.our_ref.clone(),
            order: self.order,
            units: self.units(),
        }
    }

    /// It is done once it is paid, and may go on from wherever it stands before that.
    pub(super) const fn verdict(&self, seen: &Seen) -> Verdict {
        let Seen::Supply(seen) = seen else {
            return Verdict::Drifted;
        };
        match (seen.placed, &seen.against) {
            (Some(PlacedState::Paid | PlacedState::Shipped), _) => Verdict::Done,
            (None | Some(PlacedState::Unpaid), None) => Verdict::Ready,
            _ => Verdict::Drifted,
        }
    }
}

impl SupplyPlan {
    /// It is done once it is not there; what is paid by now stays.
    pub(super) const fn verdict_of_call_off(&self, seen: &Seen) -> Verdict {
        let Seen::Supply(seen) = seen else {
            return Verdict::Drifted;
        };
        match (seen.placed, &seen.against) {
            // Nobody could be asked.
            (_, Some(SupplyAgainst::NotConnected)) => Verdict::Drifted,
            (None | Some(PlacedState::Cancelled), _) => Verdict::Done,
            (Some(PlacedState::Unpaid), _) => Verdict::Ready,
            _ => Verdict::Drifted,
        }
    }
}

/// What a supplier sent, as the shop tells the buyer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shipment {
    pub supplier_order: SupplierOrderId,
    pub order: OrderId,
    pub units: Units,
    /// All in which these units are.
    pub parcels: Vec<Parcel>,
    /// Numbers among them that the shop was told of before: then the units are sent already, and only numbers are added.
    pub known: BTreeSet<String>,
    pub notify_customer: bool,
}

impl Shipment {
    fn numbers(&self) -> BTreeSet<&String> {
        self.parcels.iter().map(|p| &p.number).collect()
    }

    pub(super) fn verdict(&self, seen: &Seen) -> Verdict {
        let Seen::Shipping(seen) = seen else {
            return Verdict::Drifted;
        };
        if self.numbers().into_iter().all(|n| seen.numbers.contains(n)) {
            return Verdict::Done;
        }
        let is_ready = if self.known.is_empty() {
            !seen.is_cancelled && !seen.is_held && seen.lacking(&self.units).is_none()
        } else {
            self.known.iter().any(|n| seen.numbers.contains(n))
        };
        match is_ready {
            true => Verdict::Ready,
            false => Verdict::Drifted,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen() -> SeenShipping {
        SeenShipping {
            is_cancelled: false,
            is_paid: true,
            is_held: false,
            open: vec![(LineId(1), 2), (LineId(2), 1)],
            numbers: BTreeSet::new(),
        }
    }

    fn parcel(number: &str) -> Parcel {
        Parcel {
            number: number.to_owned(),
            carrier: None,
            url: None,
            items: None,
        }
    }

    fn shipment(numbers: &[&str], known: &[&str]) -> Shipment {
        Shipment {
            supplier_order: SupplierOrderId(uuid::Uuid::nil()),
            order: OrderId(7),
            units: vec![(LineId(1), 2)],
            parcels: numbers.iter().map(|n| parcel(n)).collect(),
            known: known.iter().map(|n| (*n).to_owned()).collect(),
            notify_customer: false,
        }
    }

    #[test]
    fn nothing_is_ordered_of_what_is_held_refunded_unpaid_or_gone() {
        let against = |change: fn(&mut SeenShipping)| {
            let mut seen = seen();
            change(&mut seen);
            seen.against(&vec![(LineId(1), 2)])
        };
        assert_eq!(against(|_| {}), None);
        assert_eq!(
            against(|s| s.is_cancelled = true),
            Some(SupplyAgainst::Cancelled)
        );
        assert_eq!(against(|s| s.is_paid = false), Some(SupplyAgainst::NotPaid));
        assert_eq!(against(|s| s.is_held = true), Some(SupplyAgainst::Held));
        let line = Some(SupplyAgainst::Line { line: LineId(1) });
        assert_eq!(against(|s| s.open[0].1 = 1), line);
        assert_eq!(against(|s| s.open.clear()), line);
    }

    #[test]
    fn a_shipment_is_told_once_and_more_parcels_are_added_to_it() {
        let verdict =
            |shipment: &Shipment, seen: SeenShipping| shipment.verdict(&Seen::Shipping(seen));
        let first = shipment(&["A"], &[]);
        assert_eq!(verdict(&first, seen()), Verdict::Ready);
        let mut told = seen();
        told.open.remove(0);
        assert_eq!(
            verdict(&first, told.clone()),
            Verdict::Drifted,
            "sent by others"
        );
        told.numbers.insert("A".into());
        assert_eq!(verdict(&first, told.clone()), Verdict::Done);
        let second = shipment(&["A", "B"], &["A"]);
        assert_eq!(verdict(&second, told.clone()), Verdict::Ready);
        assert_eq!(
            verdict(&second, seen()),
            Verdict::Drifted,
            "nothing to add to"
        );
        told.numbers.insert("B".into());
        assert_eq!(verdict(&second, told), Verdict::Done);
        let mut held = seen();
        held.is_held = true;
        assert_eq!(verdict(&first, held), Verdict::Drifted);
    }
}
