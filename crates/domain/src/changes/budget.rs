//! What an agent may use up within a day. Asked with the guardrails, in the transaction of each of its writes.

use super::action::Action;
use super::guardrails::{Asked, DAY, Earlier};
use crate::ids::ChangeSetId;
use crate::money::{Currency, format_minor};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Every try of a write looks, looks again right before it, writes, and reads back.
const CALLS_OF_A_TRY: u32 = 4;
/// A cancellation is waited for, and looked at once the provider says that it is done.
const CALLS_OF_A_WAIT: u32 = 14;
/// A refund whose answer was lost is looked for.
const CALLS_OF_A_LOOK: u32 = 5;
/// A platform that sells advertisements is asked first whether it would.
const CALLS_OF_A_DRY_RUN: u32 = 1;
/// The buyer's address, and what a supplier is asked between look-up and payment.
const CALLS_OF_AN_ORDER: u32 = 10;
/// It is looked up, called off and looked up again; once more where somebody was at it too.
const CALLS_OF_A_CALL_OFF: u32 = 4;
/// Each look at a draft asks once for so many variants whether they were sold.
const VARIANTS_OF_A_CALL: u32 = 20;

/// Calls of the provider that one try asks for at most.
#[must_use]
pub fn most_calls(action: &Action) -> u32 {
    match action {
        Action::CancelOrder(_) => CALLS_OF_A_TRY + CALLS_OF_A_WAIT,
        Action::RefundOrder(_) => 2 * CALLS_OF_A_TRY + CALLS_OF_A_LOOK,
        Action::ProductDraft(draft) | Action::DeleteDraft(draft) => {
            let variants = u32::try_from(draft.variants.len()).unwrap_or(u32::MAX);
            let looks = CALLS_OF_A_TRY - 1;
            CALLS_OF_A_TRY + looks.saturating_mul(variants.div_ceil(VARIANTS_OF_A_CALL))
        }
        Action::PurchaseOrder(_) | Action::CancelPurchase(_) => 0,
        // What went out is looked up in our own books.
        Action::Signal(_) => 1,
        // Each look asks the shop and the supplier; it is looked up, created, and paid in three steps that are each looked at first.
        Action::SupplierOrder(_) => 2 * CALLS_OF_A_TRY + CALLS_OF_AN_ORDER,
        Action::CallOffSupply(_) => 2 * CALLS_OF_A_TRY + CALLS_OF_A_CALL_OFF,
        Action::AdStatus(_)
        | Action::AdBudget(_)
        | Action::NewCampaign(_)
        | Action::RetireCampaign(_) => CALLS_OF_A_TRY + CALLS_OF_A_DRY_RUN,
        _ => CALLS_OF_A_TRY,
    }
}

/// What becomes of a write that moves money, where a budget of money is set and nobody can tell what it means.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UnknownEffect {
    #[default]
    Refused,
    /// It is made, and counts nothing.
    Free,
}

/// As people set it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Allowance {
    /// What its change-sets of a day may mean in contribution margin, whichever way; `None`: as much as the other limits let.
    pub money: Option<i64>,
    pub unknown: UnknownEffect,
    /// Calls of the provider; `None`: as many as it takes.
    pub calls: Option<u32>,
}

/// What a write of an agent counts.
#[derive(Debug, Clone, Copy)]
pub struct Spend {
    pub allowance: Allowance,
    /// Of the whole change-set, in minor units; `None`: nobody can tell.
    pub stake: Option<i64>,
    /// Calls of all tries of this write.
    pub calls: u32,
    pub currency: Currency,
}

/// Whether the agent may still use so much. `own`: what it was let through before, and within a day.
///
/// # Errors
/// The budget, what is used of it and when it is free again, as a sentence.
pub(super) fn check<'a>(
    asked: &Asked<'_>,
    spend: &Spend,
    own: impl Iterator<Item = &'a Earlier<'a>> + Clone,
) -> Result<(), String> {
    if let Some(most) = spend.allowance.calls {
        let used = own.clone().map(|e| (e.at, i128::from(e.calls)));
        let shown = |calls: i128| format!("{calls} calls");
        fits(i128::from(most), i128::from(spend.calls), used, shown)?;
    }
    let Some(most) = spend.allowance.money else {
        return Ok(());
    };
    let Some(stake) = spend.stake else {
        return match spend.allowance.unknown {
            UnknownEffect::Free => Ok(()),
            UnknownEffect::Refused => {
                let shown = format_minor(most, spend.currency);
                Err(format!(
                    "the agent has a budget of {shown} {} a day, and nobody can tell what this means: its settings refuse that",
                    spend.currency
                ))
            }
        };
    };
    // A set counts once, until the last of its writes is a day old.
    let mut sets: BTreeMap<ChangeSetId, (DateTime<Utc>, i128)> = BTreeMap::new();
    for earlier in own.filter(|e| !e.is_void && e.set != asked.set) {
        let stake = i128::from(earlier.stake.unwrap_or_default());
        let known = sets.entry(earlier.set).or_insert((earlier.at, stake));
        known.0 = known.0.max(earlier.at);
    }
    let shown = |minor: i128| {
        let minor = i64::try_from(minor).unwrap_or(i64::MAX);
        format!("{} {}", format_minor(minor, spend.currency), spend.currency)
    };
    let need = i128::from(stake.unsigned_abs());
    fits(i128::from(most), need, sets.into_values(), shown)
}

fn fits(
    most: i128,
    need: i128,
    used: impl Iterator<Item = (DateTime<Utc>, i128)>,
    shown: impl Fn(i128) -> String,
) -> Result<(), String> {
    let mut used: Vec<_> = used.collect();
    used.sort_unstable();
    let mut left = used.iter().map(|(_, much)| much).sum::<i128>();
    if left + need <= most {
        return Ok(());
    }
    let told = format!(
        "the agent may use {} a day: {} are used, and this needs {}",
        shown(most),
        shown(left),
        shown(need)
    );
    for (at, much) in used {
        left -= much;
        if left + need <= most {
            let free = (at + DAY).format("%Y-%m-%d %H:%M UTC");
            return Err(format!("{told}; so much is free again at {free}"));
        }
    }
    Err(format!("{told}, more than a whole day has"))
}

#[cfg(test)]
mod tests {
    use super::super::action::Action;
    use super::super::set::Origin;
    use super::*;
    use crate::ids::{ConnectionId, ProductId, RunId, VariantId};
    use chrono::Duration;
    use uuid::Uuid;

    fn at(hours: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_780_000_000, 0).unwrap() + Duration::hours(hours)
    }

    /// A set, when it was written, and what it means.
    type Past = (u128, i64, Option<i64>);

    fn ask(allowance: Allowance, stake: Option<i64>, past: &[Past]) -> Result<(), String> {
        let action = Action::Price {
            product: ProductId(1),
            variant: VariantId(1),
            before: 1_000,
            after: 1_010,
        };
        let earlier: Vec<_> = past
            .iter()
            .map(|(set, hours, stake)| Earlier {
                set: ChangeSetId(Uuid::from_u128(*set)),
                no: 1,
                action: &action,
                at: at(*hours),
                agent: Some("pricing"),
                stake: *stake,
                calls: 3,
                is_void: false,
                alone: None,
            })
            .collect();
        let spend = Spend {
            allowance,
            stake,
            calls: 3,
            currency: Currency::parse("USD").unwrap(),
        };
        let origin = Origin::Agent {
            agent: "pricing".into(),
            run: RunId(Uuid::nil()),
        };
        let asked = Asked {
            set: ChangeSetId(Uuid::from_u128(99)),
            no: 1,
            connection: ConnectionId(Uuid::nil()),
            origin: &origin,
            action: &action,
            at: at(20),
            spend: Some(spend),
            alone: None,
        };
        check(&asked, &spend, earlier.iter())
    }

    fn money(most: i64) -> Allowance {
        Allowance {
            money: Some(most),
            ..Allowance::default()
        }
    }

    #[test]
    fn money_adds_up_over_the_day_whichever_way_and_says_when_it_is_free() {
        let past = [(1, 2, Some(4_000)), (2, 5, Some(3_000))];
        assert_eq!(ask(money(10_000), Some(-3_000), &past), Ok(()));
        let said = ask(money(10_000), Some(-3_001), &past).unwrap_err();
        for part in [
            "100.00 USD a day",
            "70.00 USD are used",
            "needs 30.01 USD",
            "free again at 2026-05-29 22:26",
        ] {
            assert!(said.contains(part), "{said}");
        }
        let said = ask(money(10_000), Some(9_000), &past).unwrap_err();
        assert!(said.contains("2026-05-30 01:26"), "the second too: {said}");
        let said = ask(money(10_000), Some(10_001), &past).unwrap_err();
        assert!(said.contains("than a whole day has"), "{said}");
        // Two writes of one set are one stake; its own set counts once as well.
        let twice = [(1, 2, Some(6_000)), (1, 3, Some(6_000))];
        assert_eq!(ask(money(10_000), Some(4_000), &twice), Ok(()));
        assert_eq!(
            ask(money(4_000), Some(4_000), &[(99, 19, Some(4_000))]),
            Ok(())
        );
    }

    #[test]
    fn what_nobody_can_tell_is_refused_unless_it_is_let_through() {
        let said = ask(money(10_000), None, &[]).unwrap_err();
        assert!(said.contains("nobody can tell"), "{said}");
        let free = Allowance {
            unknown: UnknownEffect::Free,
            ..money(10_000)
        };
        assert_eq!(ask(free, None, &[(1, 2, Some(10_000))]), Ok(()));
        assert_eq!(ask(Allowance::default(), None, &[]), Ok(()));
        // What was let through unknown counts nothing.
        assert_eq!(ask(money(10_000), Some(10_000), &[(1, 2, None)]), Ok(()));
    }

    #[test]
    fn calls_are_counted_by_write() {
        let calls = |most| Allowance {
            calls: Some(most),
            ..Allowance::default()
        };
        let past = [(1, 2, None), (2, 5, None)];
        assert_eq!(ask(calls(9), None, &past), Ok(()));
        let said = ask(calls(8), None, &past).unwrap_err();
        assert!(said.contains("8 calls a day: 6 calls are used"), "{said}");
    }
}
