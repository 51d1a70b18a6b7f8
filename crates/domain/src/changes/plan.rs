//! From what is wanted to operations, from their states to the state of the set, and from a set to what takes it back.

use super::action::Action;
use super::set::{ChangeSet, ChangeSetStatus, Operation, OperationState};
use crate::ids::{ChangeSetId, PurchaseOrderId};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// An action on a thing that people know by a name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wanted {
    pub action: Action,
    pub label: String,
}

/// Numbered from 1, in the order given.
#[must_use]
pub fn operations(set: ChangeSetId, wanted: impl IntoIterator<Item = Wanted>) -> Vec<Operation> {
    let numbered = (1..).zip(wanted);
    numbered
        .map(|(no, Wanted { action, label })| Operation {
            no,
            action: named(action, key(set, no)),
            label,
            state: OperationState::Proposed,
            key: key(set, no),
            intended_at: None,
            ended_at: None,
            seen: None,
            error: None,
            tries: 0,
        })
        .collect()
}

/// What is made under a name of ours has that of its write: made twice, it is the same thing.
#[must_use]
pub fn named(mut action: Action, key: Uuid) -> Action {
    if let Action::PurchaseOrder(purchase) = &mut action {
        purchase.order.get_or_insert(PurchaseOrderId(key));
    }
    if let Action::RefundOrder(refund) = &mut action {
        refund.what.mark.get_or_insert(key);
    }
    if let Action::Signal(signal) = &mut action {
        signal.mark.get_or_insert(key);
    }
    action
}

/// The key of an operation's write: the same whoever computes it, and whenever.
#[must_use]
pub fn key(set: ChangeSetId, no: u32) -> Uuid {
    Uuid::new_v5(&set.0, no.to_string().as_bytes())
}

/// The key of the write that takes an operation back when a later one of its set failed.
#[must_use]
pub fn key_back(set: ChangeSetId, no: u32) -> Uuid {
    Uuid::new_v5(&set.0, format!("{no} back").as_bytes())
}

/// What takes a set back: the operations that are in effect and can be taken back, the last one first.
#[must_use]
pub fn undo(of: &ChangeSet) -> Vec<Wanted> {
    let in_effect = of.operations.iter().rev();
    in_effect
        .filter(|o| o.state == OperationState::Applied)
        .filter_map(|o| {
            Some(Wanted {
                action: o.action.inverse()?,
                label: o.label.clone(),
            })
        })
        .collect()
}

/// Whether something of it can be taken back.
#[must_use]
pub fn may_undo(set: &ChangeSet) -> bool {
    let ended = set.status.is_in_effect() || set.status == ChangeSetStatus::Unknown;
    ended
        && set.undone_by.is_none()
        && set
            .operations
            .iter()
            .any(|o| o.state == OperationState::Applied && o.action.inverse().is_some())
}

/// What a set has come to when all of its operations have ended.
#[must_use]
pub fn status(operations: &[Operation]) -> ChangeSetStatus {
    use OperationState as S;
    let any = |is: fn(S) -> bool| operations.iter().any(|o| is(o.state));
    let is_lacking = |s| {
        matches!(
            s,
            S::Drifted | S::Refused | S::Failed | S::Compensated | S::Skipped
        )
    };
    if any(|s| s == S::Unknown) {
        return ChangeSetStatus::Unknown;
    }
    match (any(is_lacking), any(|s| s == S::Applied)) {
        (false, _) => ChangeSetStatus::Applied,
        (true, true) => ChangeSetStatus::PartlyApplied,
        (true, false) => ChangeSetStatus::Failed,
    }
}

impl Action {
    /// Whether the same write sent again with the same key does no harm, should the first one have arrived unseen: prices are
    /// set to a value, tags and holds are named, stock is known again by its key, and so are orders of goods, discounts by their code and drafts
    /// by their handle, advertisements are set to a state or a sum, and an order at a supplier is looked up by its number and a shipment by its
    /// parcels before it is sent. A kind that adds to what it finds is none of these.
    #[must_use]
    pub const fn is_harmless_again(&self) -> bool {
        match self {
            Self::Price { .. }
            | Self::CompareAtPrice { .. }
            | Self::Inventory { .. }
            | Self::AddTags { .. }
            | Self::RemoveTags { .. }
            | Self::HoldOrder { .. }
            | Self::ReleaseOrder { .. }
            | Self::EndDiscount(_)
            | Self::ProductDraft(_)
            | Self::DeleteDraft(_)
            | Self::PurchaseOrder(_)
            | Self::CancelPurchase(_)
            | Self::AdStatus(_)
            | Self::AdBudget(_)
            | Self::RetireCampaign(_)
            | Self::SupplierOrder(_)
            | Self::CallOffSupply(_)
            | Self::Ship(_) => true,
            // No two have the same code; of those without, nothing keeps a second one away.
            Self::Discount(discount) => discount.key.is_code(),
            // Money is given back; a shop may still be at it. Two campaigns may have one name. A signal starts what it starts.
            Self::CancelOrder(_)
            | Self::RefundOrder(_)
            | Self::NewCampaign(_)
            | Self::Signal(_) => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::{ProductId, VariantId};
    use OperationState as S;

    fn set_of(states: &[OperationState]) -> Vec<Operation> {
        let wanted = (1..=states.len() as i64).map(|n| Wanted {
            action: Action::Price {
                product: ProductId(n),
                variant: VariantId(n),
                before: 100,
                after: 100 + n,
            },
            label: format!("Mug {n}"),
        });
        let mut made = operations(ChangeSetId(Uuid::from_u128(5)), wanted);
        for (operation, state) in made.iter_mut().zip(states) {
            operation.state = *state;
        }
        made
    }

    #[track_caller]
    fn check(states: &[OperationState], expected: ChangeSetStatus) {
        assert_eq!(status(&set_of(states)), expected, "{states:?}");
    }

    #[test]
    fn a_set_is_what_its_operations_came_to() {
        check(&[S::Applied, S::Already], ChangeSetStatus::Applied);
        check(&[S::Applied, S::Rejected], ChangeSetStatus::Applied);
        check(&[S::Already], ChangeSetStatus::Applied);
        check(&[S::Applied, S::Failed], ChangeSetStatus::PartlyApplied);
        check(&[S::Compensated, S::Failed], ChangeSetStatus::Failed);
        check(&[S::Drifted, S::Skipped], ChangeSetStatus::Failed);
        check(&[S::Refused, S::Already], ChangeSetStatus::Failed);
        check(
            &[S::Applied, S::Unknown, S::Skipped],
            ChangeSetStatus::Unknown,
        );
    }

    #[test]
    fn keys_are_the_same_each_time_and_no_two_of_a_set() {
        let (one, two) = (
            ChangeSetId(Uuid::from_u128(1)),
            ChangeSetId(Uuid::from_u128(2)),
        );
        assert_eq!(key(one, 1), key(one, 1));
        let keys = [key(one, 1), key(one, 2), key(two, 1), key_back(one, 1)];
        let once: std::collections::BTreeSet<_> = keys.iter().collect();
        assert_eq!(once.len(), keys.len());
    }
}
