//! Giving money back for lines of an order: what nobody can take back.
//!
//! How much it is the shop computes, for exactly these lines, and says so again right before it is sent: another sum, in the shop's currency or in
//! the buyer's, or an order of which something was given back meanwhile, is not what was approved. Our refund is known again by a mark in its
//! note, so that one whose answer was lost is looked for and never sent twice. Amounts are minor units.

use super::action::{Seen, Verdict};
use crate::ids::{LineId, LocationId, OrderId};
use crate::money::Money;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Of a note with its mark, in characters.
pub const LONGEST_REFUND_NOTE: usize = 200;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refund {
    pub what: RefundTarget,
    pub notify_customer: bool,
    /// Why, as the shop shows it to its staff; without the mark. At most [`LONGEST_REFUND_NOTE`] characters.
    pub note: String,
    /// In the store's currency.
    pub amount: i64,
    /// The same in the currency that the buyer paid in.
    pub paid_in: Money,
    /// What had been given back of the order when this was planned, in the store's currency.
    pub refunded: i64,
    /// Titles of the lines with their units, for people.
    pub titles: Vec<(String, i64)>,
}

/// What the shop is asked to compute, and what is looked for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct RefundTarget {
    pub order: OrderId,
    /// Units of each line, each line once.
    pub lines: Vec<(LineId, i64)>,
    pub restock: RefundRestock,
    /// Whether all that is left of what sending cost is given back, too.
    pub shipping: bool,
    /// Names our refund; `None` before it has a name.
    pub mark: Option<Uuid>,
}

/// What becomes of the goods.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(tag = "how", content = "at", rename_all = "snake_case")]
pub enum RefundRestock {
    /// Nothing is counted again.
    Nothing,
    /// They were never sent, and can be sold again there.
    Unsent(LocationId),
    /// They came back, and can be sold again there.
    Returned(LocationId),
}

/// As the shop computes and shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeenRefund {
    /// What it would give back, in the store's currency; `None`: it gives nothing back for this.
    pub amount: Option<i64>,
    pub paid_in: Option<Money>,
    /// The most that can be given back of the order.
    pub most: i64,
    /// What was given back of the order.
    pub refunded: i64,
    /// What our refund gave back, or is giving back; `None`: there is none of that mark.
    pub made: Option<i64>,
}

impl Refund {
    pub(super) fn verdict(&self, seen: &Seen) -> Verdict {
        let Seen::Refund(seen) = seen else {
            return Verdict::Drifted;
        };
        match seen.made {
            Some(given) if given == self.amount => Verdict::Done,
            // It is there, and its payment failed or is another one.
            Some(_) => Verdict::Drifted,
            None => {
                let is_same =
                    seen.amount == Some(self.amount) && seen.paid_in == Some(self.paid_in);
                let is_next = seen.refunded == self.refunded;
                match is_same && is_next && self.amount > 0 && self.amount <= seen.most {
                    true => Verdict::Ready,
                    false => Verdict::Drifted,
                }
            }
        }
    }

    /// The note as the shop keeps it: with the mark by which it is known again.
    #[must_use]
    pub fn marked_note(&self) -> String {
        match self.what.mark {
            Some(mark) if self.note.is_empty() => marking(mark),
            Some(mark) => format!("{} {}", self.note, marking(mark)),
            None => self.note.clone(),
        }
    }
}

/// The mark in a note.
#[must_use]
pub fn marking(mark: Uuid) -> String {
    format!("[{mark}]")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::changes::{Action, Reversibility};
    use crate::money::Currency;

    fn refund() -> Refund {
        Refund {
            what: RefundTarget {
                order: OrderId(1),
                lines: vec![(LineId(2), 1)],
                restock: RefundRestock::Nothing,
                shipping: false,
                mark: Some(Uuid::from_u128(7)),
            },
            notify_customer: false,
            note: "broken".to_owned(),
            amount: 1_000,
            paid_in: euros(900),
            refunded: 0,
            titles: Vec::new(),
        }
    }

    fn euros(minor: i64) -> Money {
        Money {
            minor,
            currency: Currency::parse("EUR").unwrap(),
        }
    }

    fn seen() -> SeenRefund {
        SeenRefund {
            amount: Some(1_000),
            paid_in: Some(euros(900)),
            most: 5_000,
            refunded: 0,
            made: None,
        }
    }

    #[track_caller]
    fn is(change: impl Fn(&mut SeenRefund), expected: Verdict) {
        let mut seen = seen();
        change(&mut seen);
        assert_eq!(refund().verdict(&Seen::Refund(seen)), expected);
    }

    #[test]
    fn only_what_was_approved_is_given_back() {
        is(|_| {}, Verdict::Ready);
        is(|s| s.amount = Some(1_001), Verdict::Drifted);
        is(|s| s.paid_in = Some(euros(901)), Verdict::Drifted);
        is(|s| s.amount = None, Verdict::Drifted);
        is(|s| s.most = 999, Verdict::Drifted);
        // Somebody gave something back meanwhile, be it for other lines.
        is(|s| s.refunded = 1, Verdict::Drifted);
        assert_eq!(refund().verdict(&Seen::Gone), Verdict::Drifted);
    }

    #[test]
    fn ours_is_known_again_by_its_mark() {
        let made = |given| {
            move |s: &mut SeenRefund| {
                (s.made, s.refunded, s.amount) = (Some(given), given, None);
            }
        };
        is(made(1_000), Verdict::Done);
        is(made(0), Verdict::Drifted);
        let note = refund().marked_note();
        assert_eq!(note, "broken [00000000-0000-0000-0000-000000000007]");
        assert!(note.contains(&marking(Uuid::from_u128(7))));
    }

    #[test]
    fn nothing_takes_it_back_and_nobody_sends_it_twice() {
        let action = Action::RefundOrder(refund());
        assert_eq!(action.reversibility(), Reversibility::Irreversible);
        assert_eq!(action.inverse(), None);
        assert!(!action.is_harmless_again() && action.moves_money());
        assert_eq!(action.entity(), "order:1");
    }
}
