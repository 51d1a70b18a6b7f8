//! Advertisements that are switched on or off, or may spend another sum.

use super::action::{Action, Seen, Verdict};
use super::guardrails::{Asked, Earlier, is_raised_within, percent};
use super::limits::Limits;
use crate::ads::{AdLevel, AdPlatform, AdStatus, Budget};
use crate::ids::AdAccountId;
use crate::money::Currency;
use serde::{Deserialize, Serialize};

/// A campaign, ad set or ad of an account that is connected here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AdThing {
    pub account: AdAccountId,
    pub account_name: String,
    pub platform: AdPlatform,
    pub level: AdLevel,
    /// The platform's number.
    pub id: String,
    /// Of its budgets.
    pub currency: Currency,
}

/// What has to be looked at.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct AdKey {
    pub account: AdAccountId,
    pub level: AdLevel,
    pub id: String,
}

/// Only between active and paused: what is archived or deleted stays so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AdSwitch {
    pub thing: AdThing,
    pub before: AdStatus,
    pub after: AdStatus,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AdBudget {
    pub thing: AdThing,
    /// As it was read, with the place where it is changed.
    pub before: Budget,
    /// Minor units of the account's currency, over the same span.
    pub after: i64,
}

/// As the platform shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeenAd {
    pub status: AdStatus,
    /// The platform's own word for whether it runs.
    pub delivery: Option<String>,
    pub budget: Option<Budget>,
}

impl AdThing {
    #[must_use]
    pub fn key(&self) -> AdKey {
        AdKey {
            account: self.account,
            level: self.level,
            id: self.id.clone(),
        }
    }
}

impl AdKey {
    /// The thing of limits; the platform's numbers are unique within an account only.
    #[must_use]
    pub fn entity(&self) -> String {
        let Self { account, level, id } = self;
        format!("{}:{account}/{id}", level.as_str())
    }
}

impl AdSwitch {
    #[must_use]
    pub fn inverse(self) -> Self {
        Self {
            thing: self.thing,
            before: self.after,
            after: self.before,
        }
    }

    pub(super) fn verdict(&self, seen: &Seen) -> Verdict {
        match seen {
            Seen::Ad(seen) if seen.status == self.after => Verdict::Done,
            Seen::Ad(seen) if seen.status == self.before => Verdict::Ready,
            _ => Verdict::Drifted,
        }
    }
}

impl AdBudget {
    #[must_use]
    pub fn inverse(self) -> Self {
        Self {
            after: self.before.minor,
            before: Budget {
                minor: self.after,
                ..self.before
            },
            thing: self.thing,
        }
    }

    /// As it should be.
    #[must_use]
    pub fn wanted(&self) -> Budget {
        Budget {
            minor: self.after,
            ..self.before.clone()
        }
    }

    pub(super) fn verdict(&self, seen: &Seen) -> Verdict {
        let Seen::Ad(SeenAd {
            budget: Some(budget),
            ..
        }) = seen
        else {
            return Verdict::Drifted;
        };
        let is_same = budget.span == self.before.span && budget.resource == self.before.resource;
        match budget.minor {
            minor if is_same && minor == self.after => Verdict::Done,
            minor if is_same && minor == self.before.minor => Verdict::Ready,
            _ => Verdict::Drifted,
        }
    }
}

/// Whether one change raises a budget too far; lowering has no limit.
pub(super) fn step(limits: &Limits, budget: &AdBudget) -> Result<(), String> {
    let moved = (budget.before.minor, budget.after);
    if is_raised_within(limits.ad_budget, [moved].into_iter()) {
        return Ok(());
    }
    Err(format!(
        "one change raises a budget by at most {}",
        percent(limits.ad_budget)
    ))
}

/// Whether a budget may be changed, given what was let through within a day. Platforms need days to show what a budget does: an agent changes
/// one once a day, and none that others spend from too.
pub(super) fn check<'a>(
    limits: &Limits,
    asked: &Asked<'_>,
    day: impl Iterator<Item = &'a Earlier<'a>>,
) -> Result<(), String> {
    let Action::AdBudget(budget) = asked.action else {
        return Ok(());
    };
    let entity = asked.action.entity();
    let same = day.filter_map(|e| match e.action {
        Action::AdBudget(earlier) if e.action.entity() == entity => {
            Some((e.set, (earlier.before.minor, earlier.after)))
        }
        _ => None,
    });
    let same: Vec<_> = same.collect();
    let moves = same.iter().map(|(_, moved)| *moved);
    let now = (budget.before.minor, budget.after);
    if !is_raised_within(limits.ad_budget, moves.chain([now])) {
        return Err(format!(
            "all changes of this budget within a day would raise it by more than {}",
            percent(limits.ad_budget)
        ));
    }
    if asked.origin.agent().is_none() {
        return Ok(());
    }
    if budget.before.is_shared {
        return Err("an agent changes no budget that other campaigns spend from too".to_owned());
    }
    match same.iter().any(|(set, _)| *set != asked.set) {
        true => Err("an agent changes a budget once a day at most".to_owned()),
        false => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ads::BudgetSpan;
    use crate::changes::guardrails::{Facts, check};
    use crate::changes::{Origin, Reversibility, Target};
    use crate::ids::{ChangeSetId, ConnectionId, RunId};
    use chrono::{DateTime, Utc};
    use uuid::Uuid;

    fn thing() -> AdThing {
        AdThing {
            account: AdAccountId(Uuid::from_u128(1)),
            account_name: "Shop".into(),
            platform: AdPlatform::Meta,
            level: AdLevel::Campaign,
            id: "120".into(),
            currency: "EUR".parse().unwrap(),
        }
    }

    fn budget(minor: i64) -> Budget {
        Budget {
            span: BudgetSpan::Day,
            minor,
            resource: None,
            is_shared: false,
        }
    }

    fn seen(status: AdStatus, budget: Option<Budget>) -> Seen {
        Seen::Ad(SeenAd {
            status,
            delivery: None,
            budget,
        })
    }

    #[test]
    fn a_switch_fits_what_it_was_planned_on_and_is_taken_back() {
        let pause = Action::AdStatus(AdSwitch {
            thing: thing(),
            before: AdStatus::Active,
            after: AdStatus::Paused,
        });
        let verdict = |action: &Action, status| action.verdict(&seen(status, None));
        assert_eq!(verdict(&pause, AdStatus::Active), Verdict::Ready);
        assert_eq!(verdict(&pause, AdStatus::Paused), Verdict::Done);
        assert_eq!(verdict(&pause, AdStatus::Archived), Verdict::Drifted);
        assert_eq!(pause.verdict(&Seen::Gone), Verdict::Drifted);
        let back = pause.inverse().unwrap();
        assert_eq!(verdict(&back, AdStatus::Paused), Verdict::Ready);
        assert_eq!(back.inverse(), Some(pause.clone()));
        assert_eq!(pause.reversibility(), Reversibility::Exact);
        let account = Uuid::from_u128(1);
        assert_eq!(pause.entity(), format!("campaign:{account}/120"));
        assert!(matches!(pause.target(), Target::Ad(key) if key.id == "120"));
    }

    #[test]
    fn a_budget_is_changed_where_it_was_read() {
        let raise = AdBudget {
            thing: thing(),
            before: budget(1_000),
            after: 1_200,
        };
        let action = Action::AdBudget(raise.clone());
        let verdict = |budget| action.verdict(&seen(AdStatus::Active, Some(budget)));
        assert_eq!(verdict(budget(1_000)), Verdict::Ready);
        assert_eq!(verdict(budget(1_200)), Verdict::Done);
        assert_eq!(verdict(budget(1_100)), Verdict::Drifted);
        let elsewhere = Budget {
            resource: Some("customers/1/campaignBudgets/2".into()),
            ..budget(1_000)
        };
        assert_eq!(verdict(elsewhere), Verdict::Drifted);
        let whole = Budget {
            span: BudgetSpan::Lifetime,
            ..budget(1_000)
        };
        assert_eq!(verdict(whole), Verdict::Drifted);
        assert_eq!(
            action.verdict(&seen(AdStatus::Active, None)),
            Verdict::Drifted
        );
        assert_eq!(raise.wanted(), budget(1_200));
        assert_eq!(action.relative(), Some(2_000));
        assert_eq!(action.inverse().unwrap().inverse(), Some(action));
    }

    fn moved(before: i64, after: i64) -> Action {
        Action::AdBudget(AdBudget {
            thing: thing(),
            before: budget(before),
            after,
        })
    }

    fn at(hours: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_780_000_000 + hours * 3_600, 0).unwrap()
    }

    /// Each earlier change is a set of its own, so many hours before the one that is asked for.
    fn ask(origin: &Origin, past: &[(Action, i64)], action: &Action) -> Result<(), String> {
        let set = |no: usize| ChangeSetId(Uuid::from_u128(no as u128));
        let earlier = past
            .iter()
            .enumerate()
            .map(|(no, (action, hours))| Earlier {
                set: set(no + 1),
                no: 1,
                action,
                at: at(-hours),
                agent: None,
                stake: None,
                calls: 5,
                is_void: false,
                alone: None,
            });
        let asked = Asked {
            set: set(0),
            no: 1,
            connection: ConnectionId(Uuid::nil()),
            origin,
            action,
            at: at(0),
            spend: None,
            alone: None,
        };
        let earlier: Vec<_> = earlier.collect();
        check(&Limits::default(), &asked, &earlier, &[], Facts::default())
    }

    #[test]
    fn a_budget_is_raised_within_the_limit_of_the_day_and_lowered_freely() {
        let person = Origin::Person;
        assert_eq!(ask(&person, &[], &moved(1_000, 1_500)), Ok(()));
        let refused = ask(&person, &[], &moved(1_000, 1_501)).unwrap_err();
        assert!(refused.contains("more than 50 %"), "{refused}");
        assert_eq!(ask(&person, &[], &moved(1_000, 1)), Ok(()));
        let step = (moved(1_000, 1_300), 2);
        assert!(ask(&person, std::slice::from_ref(&step), &moved(1_300, 1_560)).is_err());
        let yesterday = (step.0, 25);
        assert_eq!(ask(&person, &[yesterday], &moved(1_300, 1_560)), Ok(()));
    }

    #[test]
    fn one_step_of_a_budget_is_known_to_be_too_far_before_it_is_asked_for() {
        let step =
            |after| crate::changes::guardrails::step(&Limits::default(), &moved(1_000, after));
        assert_eq!(step(1_500), Ok(()));
        assert_eq!(step(1), Ok(()));
        let refused = step(1_501).unwrap_err();
        assert!(refused.contains("at most 50 %"), "{refused}");
    }

    #[test]
    fn an_agent_changes_a_budget_once_a_day_and_no_shared_one() {
        let agent = Origin::Agent {
            agent: "marketing_automation".into(),
            run: RunId(Uuid::nil()),
        };
        assert_eq!(ask(&agent, &[], &moved(1_000, 750)), Ok(()));
        // Beyond the hours in which it leaves anything alone.
        let earlier = [(moved(1_100, 1_000), 20)];
        let refused = ask(&agent, &earlier, &moved(1_000, 750)).unwrap_err();
        assert!(refused.contains("once a day"), "{refused}");
        assert_eq!(ask(&Origin::Person, &earlier, &moved(1_000, 750)), Ok(()));
        let mut shared = AdBudget {
            thing: thing(),
            before: budget(1_000),
            after: 750,
        };
        shared.before.is_shared = true;
        let shared = Action::AdBudget(shared);
        assert!(
            ask(&agent, &[], &shared)
                .unwrap_err()
                .contains("other campaigns")
        );
        assert_eq!(ask(&Origin::Person, &[], &shared), Ok(()));
    }
}
