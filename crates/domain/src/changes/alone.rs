//! Money given back behind which one person stands alone: who proposed the refund, or the cancellation that gives back what was paid, approved it, too. Above what a store's admins set for that, a second person
//! approves. Nothing takes money back that was given back, so four eyes look at what is large.
//!
//! Only two people are two: what a script or the command line proposed has whoever approves it behind it, and nobody else.

use super::action::Action;
use super::guardrails::{Asked, DAY, Earlier};
use super::set::ChangeSet;
use crate::audit::{Actor, ActorKind};
use crate::money::{Currency, format_minor};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// In minor units of the store's currency; `None`: as much as anybody likes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RefundLimits {
    /// What all refunds of one change-set may come to.
    pub alone: Option<i64>,
    /// What all refunds of one person within 24 hours may come to.
    pub day: Option<i64>,
}

/// The largest that can be set, in minor units.
const MOST: i64 = 1_000_000_000_000;

impl RefundLimits {
    #[must_use]
    pub const fn are_off(&self) -> bool {
        self.alone.is_none() && self.day.is_none()
    }

    /// With the key of each field.
    #[must_use]
    pub fn faults(&self) -> Vec<(&'static str, String)> {
        let mut faults = Vec::new();
        for (key, value) in [("refund_alone", self.alone), ("refund_day", self.day)] {
            if value.is_some_and(|value| !(0..=MOST).contains(&value)) {
                let message = "is an amount of at most ten thousand millions, or left out";
                faults.push((key, message.to_owned()));
            }
        }
        if faults.is_empty()
            && let (Some(alone), Some(day)) = (self.alone, self.day)
            && day < alone
        {
            let message = "cannot be less than what one refund may be";
            faults.push(("refund_day", message.to_owned()));
        }
        faults
    }

    #[must_use]
    pub fn are_looser_than(&self, other: &Self) -> bool {
        let is_looser = |one: Option<i64>, other: Option<i64>| match (one, other) {
            (None, other) => other.is_some(),
            (Some(one), Some(other)) => one > other,
            (Some(_), None) => false,
        };
        is_looser(self.alone, other.alone) || is_looser(self.day, other.day)
    }
}

/// Whose refund it is, who stands alone behind it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Alone<'a> {
    pub person: &'a str,
    /// The store's.
    pub currency: Currency,
}

/// By whom one is known who would stand alone behind what `approver` approves; `None`: two people do.
#[must_use]
pub fn alone(proposer: &Actor, approver: &Actor) -> Option<String> {
    let are_people = [proposer, approver]
        .iter()
        .all(|actor| actor.kind == ActorKind::Person && actor.id.is_some());
    match are_people && proposer.id != approver.id {
        true => None,
        false => Some(approver.id.clone().unwrap_or_else(|| approver.name.clone())),
    }
}

impl ChangeSet {
    /// As [`alone`], of a set that was approved.
    #[must_use]
    pub fn alone(&self) -> Option<String> {
        let approval = self.approval.as_ref()?;
        alone(&self.proposed_by, &approval.by)
    }
}

/// What an action gives back, in the store's currency; of a cancellation all that the order comes to, because what was paid of it stands nowhere here.
#[must_use]
pub const fn given(action: &Action) -> Option<i64> {
    match action {
        Action::RefundOrder(refund) => Some(refund.amount),
        Action::CancelOrder(order) if order.refund => Some(order.total),
        _ => None,
    }
}

/// In the transaction of the write; `day`: what was let through within 24 hours.
pub(super) fn check<'a>(
    limits: &RefundLimits,
    asked: &Asked<'_>,
    day: impl Iterator<Item = &'a Earlier<'a>> + Clone,
) -> Result<(), String> {
    let (Some(alone), Some(amount)) = (asked.alone, given(asked.action)) else {
        return Ok(());
    };
    let own = day.filter(|e| e.alone == Some(alone.person));
    let refunds = own.filter_map(|e| Some((e.set, e.at, given(e.action)?)));
    let of_set = refunds.clone().filter(|(set, _, _)| *set == asked.set);
    let of_set = of_set.map(|(_, _, given)| given).sum::<i64>();
    let used = refunds.filter(|(set, _, _)| *set != asked.set);
    let used = used.map(|(_, at, given)| (at, given));
    fits(limits, alone.currency, of_set + amount, used)
}

/// Whether one person may give so much back alone; `used`: what the same one gave back alone within 24 hours by other change-sets, and when.
///
/// # Errors
/// The limit, what is used of it, and what to do, as a sentence.
pub fn fits(
    limits: &RefundLimits,
    currency: Currency,
    need: i64,
    used: impl Iterator<Item = (DateTime<Utc>, i64)>,
) -> Result<(), String> {
    let shown = |minor| format!("{} {currency}", format_minor(minor, currency));
    if let Some(most) = limits.alone
        && need > most
    {
        return Err(format!(
            "one person alone gives back at most {} at once, and this is {}: somebody else than who proposed it has to approve it",
            shown(most),
            shown(need)
        ));
    }
    let Some(most) = limits.day else {
        return Ok(());
    };
    let mut used: Vec<_> = used.collect();
    used.sort_unstable();
    let given = used.iter().map(|(_, given)| given).sum::<i64>();
    let mut left = given;
    if left.saturating_add(need) <= most {
        return Ok(());
    }
    let told = format!(
        "one person alone gives back at most {} within 24 hours: {} are given back, and this is {} more: somebody else than who proposed it has to approve it",
        shown(most),
        shown(given),
        shown(need)
    );
    for (at, given) in used {
        left -= given;
        if left.saturating_add(need) <= most {
            let free = (at + DAY).format("%Y-%m-%d %H:%M UTC");
            return Err(format!("{told}, or it waits until {free}"));
        }
    }
    Err(told)
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::Duration;
    use proptest::prelude::*;

    fn at(hours: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_780_000_000, 0).unwrap() + Duration::hours(hours)
    }

    fn usd() -> Currency {
        Currency::parse("USD").unwrap()
    }

    fn actor(kind: ActorKind, id: Option<&str>) -> Actor {
        Actor::new(kind, id.map(str::to_owned), "name", None)
    }

    const LIMITS: RefundLimits = RefundLimits {
        alone: Some(20_000),
        day: Some(50_000),
    };

    #[test]
    fn two_people_are_two_and_scripts_are_none() {
        use ActorKind::{CommandLine, Person, Token};
        let ann = actor(Person, Some("ann"));
        let bob = actor(Person, Some("bob"));
        assert_eq!(alone(&ann, &bob), None);
        assert_eq!(alone(&ann, &ann).as_deref(), Some("ann"));
        let script = actor(Token, Some("script"));
        assert_eq!(alone(&script, &bob).as_deref(), Some("bob"));
        assert_eq!(alone(&ann, &script).as_deref(), Some("script"));
        let shell = actor(CommandLine, None);
        assert_eq!(alone(&shell, &bob).as_deref(), Some("bob"));
        assert_eq!(alone(&ann, &shell).as_deref(), Some("name"));
    }

    #[test]
    fn what_is_too_much_names_the_limit_what_is_used_and_when_it_is_free() {
        let ask = |need, used: &[(i64, i64)]| {
            let used = used.iter().map(|(hours, given)| (at(*hours), *given));
            fits(&LIMITS, usd(), need, used)
        };
        assert_eq!(ask(20_000, &[]), Ok(()));
        let said = ask(20_001, &[]).unwrap_err();
        assert!(
            said.contains("at most 200.00 USD at once, and this is 200.01 USD"),
            "{said}"
        );
        assert_eq!(ask(20_000, &[(1, 20_000), (2, 10_000)]), Ok(()));
        let said = ask(20_000, &[(2, 10_001), (1, 20_000)]).unwrap_err();
        for part in [
            "500.00 USD within 24 hours",
            "300.01 USD are given",
            "waits until 2026-05-29 21:26",
        ] {
            assert!(said.contains(part), "{said}");
        }
        let off = RefundLimits::default();
        assert!(off.are_off() && fits(&off, usd(), i64::MAX, std::iter::empty()).is_ok());
    }

    #[test]
    fn limits_are_amounts_and_looser_is_what_lets_more_through() {
        assert_eq!(LIMITS.faults(), []);
        let with = |alone, day| RefundLimits { alone, day };
        assert_eq!(with(Some(-1), None).faults()[0].0, "refund_alone");
        assert_eq!(with(Some(10), Some(9)).faults()[0].0, "refund_day");
        assert!(with(None, Some(50_000)).are_looser_than(&LIMITS));
        assert!(with(Some(20_001), Some(50_000)).are_looser_than(&LIMITS));
        assert!(!with(Some(20_000), Some(49_999)).are_looser_than(&LIMITS));
        assert!(!LIMITS.are_looser_than(&RefundLimits::default()));
        let stored: RefundLimits = serde_json::from_str("{}").unwrap();
        assert!(stored.are_off());
    }

    proptest! {
        /// However somebody cuts it up: what is let through within a day never comes to more than the day's limit, nor one to more than its own.
        #[test]
        fn no_way_of_cutting_it_up_gives_more(wanted in prop::collection::vec((0_i64..30, 1_i64..30_000), 1..40)) {
            let mut wanted = wanted;
            wanted.sort_unstable();
            let mut made: Vec<(DateTime<Utc>, i64)> = Vec::new();
            for (hours, need) in wanted {
                let within = |(when, _): &&(DateTime<Utc>, i64)| at(hours) - *when < DAY;
                let used: Vec<_> = made.iter().filter(within).copied().collect();
                if fits(&LIMITS, usd(), need, used.iter().copied()).is_ok() {
                    made.push((at(hours), need));
                    let day = used.iter().map(|(_, given)| given).sum::<i64>() + need;
                    prop_assert!(need <= 20_000 && day <= 50_000);
                }
            }
        }
    }
}
