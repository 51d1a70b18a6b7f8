//! A campaign that is made at a platform, always paused, and taken away again.
//!
//! No platform takes a key of ours: a campaign is known by its name, which nothing else in its account has when it is proposed. What is made
//! has a budget and nothing to show yet; people give it its advertisements at the platform and let it run by a change of its own.

use super::action::{Seen, Verdict};
use crate::ads::{AdPlatform, AdStatus, BudgetSpan};
use crate::ids::AdAccountId;
use crate::money::Currency;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AdCampaign {
    pub account: AdAccountId,
    pub account_name: String,
    pub platform: AdPlatform,
    pub name: String,
    /// Of the account.
    pub currency: Currency,
    /// Minor units a day.
    pub daily_budget: i64,
}

/// What has to be looked for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct AdName {
    pub account: AdAccountId,
    pub name: String,
}

impl AdCampaign {
    #[must_use]
    pub fn key(&self) -> AdName {
        AdName {
            account: self.account,
            name: self.name.clone(),
        }
    }

    pub(super) fn verdict(&self, seen: &Seen) -> Verdict {
        match seen {
            Seen::Gone => Verdict::Ready,
            Seen::Ad(seen) => {
                let budget = seen.budget.as_ref();
                let is_it = budget
                    .is_some_and(|b| b.span == BudgetSpan::Day && b.minor == self.daily_budget);
                match seen.status {
                    AdStatus::Paused if is_it => Verdict::Done,
                    _ => Verdict::Drifted,
                }
            }
            _ => Verdict::Drifted,
        }
    }

    /// Only while it is paused: what somebody lets run is somebody's.
    pub(super) fn verdict_of_removal(&self, seen: &Seen) -> Verdict {
        match seen {
            Seen::Gone => Verdict::Done,
            Seen::Ad(seen) => match seen.status {
                AdStatus::Archived | AdStatus::Deleted => Verdict::Done,
                AdStatus::Paused => Verdict::Ready,
                AdStatus::Active | AdStatus::Other => Verdict::Drifted,
            },
            _ => Verdict::Drifted,
        }
    }
}

impl AdName {
    /// The thing of limits.
    #[must_use]
    pub fn entity(&self) -> String {
        format!("new_campaign:{}/{}", self.account, self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ads::Budget;
    use crate::changes::{Action, Reversibility, SeenAd, Target};
    use uuid::Uuid;

    fn campaign() -> AdCampaign {
        AdCampaign {
            account: AdAccountId(Uuid::from_u128(1)),
            account_name: "Shop".into(),
            platform: AdPlatform::Meta,
            name: "Winter tents".into(),
            currency: "EUR".parse().unwrap(),
            daily_budget: 2_000,
        }
    }

    fn seen(status: AdStatus, minor: i64) -> Seen {
        Seen::Ad(SeenAd {
            status,
            delivery: None,
            budget: Some(Budget {
                span: BudgetSpan::Day,
                minor,
                resource: None,
                is_shared: false,
            }),
        })
    }

    #[test]
    fn a_campaign_is_made_once_paused_and_taken_away_only_while_it_is() {
        let made = Action::NewCampaign(campaign());
        assert_eq!(made.verdict(&Seen::Gone), Verdict::Ready);
        assert_eq!(made.verdict(&seen(AdStatus::Paused, 2_000)), Verdict::Done);
        // One that runs, or that may spend another sum, is another one.
        assert_eq!(
            made.verdict(&seen(AdStatus::Active, 2_000)),
            Verdict::Drifted
        );
        assert_eq!(
            made.verdict(&seen(AdStatus::Paused, 2_001)),
            Verdict::Drifted
        );
        let back = made.inverse().unwrap();
        assert_eq!(back.kind(), "retire_campaign");
        assert_eq!(back.verdict(&seen(AdStatus::Paused, 2_500)), Verdict::Ready);
        assert_eq!(
            back.verdict(&seen(AdStatus::Active, 2_000)),
            Verdict::Drifted
        );
        for gone in [seen(AdStatus::Archived, 2_000), Seen::Gone] {
            assert_eq!(back.verdict(&gone), Verdict::Done);
        }
        assert_eq!(back.inverse(), Some(made.clone()));
        assert_eq!(made.reversibility(), Reversibility::Compensating);
        assert!(!made.is_of_the_shop() && !made.moves_money() && !made.is_harmless_again());
        assert!(matches!(made.target(), Target::NewAd(name) if name.name == "Winter tents"));
    }
}
