//! The past of the accounts, and what was known of it at the end of a day.
//!
//! A final day is told now as it was told when it became final, so that pauses are rehearsed on exactly what would have been judged. What
//! budgets were, and what a day was claimed to have sold before it was final, nobody recorded: rules that need it are silent.

use super::facts::{AccountFacts, AdDayFacts, CampaignFacts, Facts};
use super::judge::{AHEAD, within};
use crate::ads::{AdPlatform, AdStatus};
use crate::agents::decision::Decision;
use crate::changes::{Action, Evidence, EvidenceRow};
use crate::ids::AdAccountId;
use crate::money::format_minor;
use chrono::{DateTime, Days, NaiveDate, Utc};
use chrono_tz::Tz;
use std::collections::BTreeMap;

/// On so many days before the end of a day a campaign has to have spent something to have run on it.
const RAN_WITHIN: u64 = 3;

#[derive(Debug, Clone)]
pub struct History {
    pub zone: Tz,
    /// As of now; the past is seen through its accounts and limits.
    pub now: Facts,
    pub campaigns: Vec<PastCampaign>,
    pub margins: BTreeMap<(NaiveDate, AdPlatform), PastMargin>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PastCampaign {
    pub account: AdAccountId,
    pub id: String,
    pub name: String,
    /// All that are known, in ascending order.
    pub days: Vec<AdDayFacts>,
}

/// The store's share of margin over the final days that would have been judged on a day, in millionths, or why it was not known.
pub type PastMargin = Result<i64, String>;

/// What a rule would have done, and what followed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Rehearsed {
    pub pauses: u64,
    /// Of pauses whose next four weeks are final: how many would have saved something, and how much.
    pub right: u64,
    pub saved: i64,
    pub wrong: u64,
    pub lost: i64,
    /// Their four weeks are not final, or it spent nothing in them.
    pub untold: u64,
}

impl History {
    /// The newest day that was final at the end of a day.
    #[must_use]
    pub fn final_at(account: &AccountFacts, day: NaiveDate) -> Option<NaiveDate> {
        let window = account.platform.window_days();
        let then = day.checked_sub_days(Days::new(window + 1))?;
        account.final_through.map(|now| now.min(then))
    }

    /// What was known at the end of a day: nothing that was told later has a say.
    #[must_use]
    pub fn known_at(&self, day: NaiveDate, end: DateTime<Utc>) -> Facts {
        let accounts = self.now.accounts.iter().map(|account| {
            let (margin, margin_unknown) = match self.margins.get(&(day, account.platform)) {
                Some(Ok(share)) => (Some(*share), None),
                Some(Err(why)) => (None, Some(why.clone())),
                None => (None, None),
            };
            AccountFacts {
                final_through: Self::final_at(account, day),
                read_through: Some(day),
                margin,
                margin_unknown,
                closed: None,
                ..account.clone()
            }
        });
        let campaigns = self.campaigns.iter().map(|past| {
            let known = past.days.iter().take_while(|d| d.day <= day);
            let known: Vec<AdDayFacts> = known.copied().collect();
            let since = day - Days::new(RAN_WITHIN);
            let ran = within(&known, since, day).any(|d| d.spend > 0);
            CampaignFacts {
                account: past.account,
                id: past.id.clone(),
                name: past.name.clone(),
                status: if ran {
                    AdStatus::Active
                } else {
                    AdStatus::Paused
                },
                budget: None,
                sets: Vec::new(),
                first_day: known.first().map(|d| d.day),
                days: known,
                goods: None,
            }
        });
        Facts {
            today: day,
            as_of: Some(end),
            accounts: accounts.collect(),
            campaigns: campaigns.collect(),
            month_spent: None,
            order_margin: None,
            ..self.now.clone()
        }
    }

    /// Adds to each pause what followed in fact, and counts it.
    pub fn follow(&self, day: NaiveDate, decision: &mut Decision, into: &mut Rehearsed) {
        for proposal in &mut decision.proposals {
            let Some(Action::AdStatus(switch)) = proposal.wanted.first().map(|w| &w.action) else {
                continue;
            };
            into.pauses += 1;
            let followed = self.followed(day, switch.thing.account, &switch.thing.id);
            let value = match followed {
                None => {
                    into.untold += 1;
                    "not final yet, or nothing was spent".to_owned()
                }
                Some(left) => {
                    if left < 0 {
                        into.right += 1;
                        into.saved = into.saved.saturating_sub(left);
                    } else {
                        into.wrong += 1;
                        into.lost = into.lost.saturating_add(left);
                    }
                    self.money(left)
                }
            };
            proposal.evidence.push(Evidence {
                title: format!("What followed in the {AHEAD} days after {day}"),
                observed_at: self.now.as_of.unwrap_or_default(),
                rows: vec![EvidenceRow {
                    label: "Left after spend".to_owned(),
                    value,
                }],
            });
        }
    }

    fn money(&self, minor: i64) -> String {
        let currency = self.now.currency;
        format!("{} {currency}", format_minor(minor, currency))
    }

    /// What the campaign left after spend in the days after; `None` while one of them is not final.
    fn followed(&self, day: NaiveDate, account: AdAccountId, id: &str) -> Option<i64> {
        let account = self.now.accounts.iter().find(|a| a.id == account)?;
        let to = day.checked_add_days(Days::new(u64::from(AHEAD)))?;
        if account.final_through? < to {
            return None;
        }
        let margin = account.margin?;
        let campaigns = self.campaigns.iter();
        let mut own = campaigns.filter(|c| c.account == account.id && c.id == id);
        let days = within(&own.next()?.days, day.succ_opt()?, to);
        let days: Vec<_> = days.filter(|d| d.spend > 0).collect();
        if days.is_empty() {
            return None;
        }
        account.in_store(days.iter().map(|d| d.left(margin)).sum())
    }

    /// What a rehearsal over it rests on, as sentences.
    #[must_use]
    pub fn rests_on(&self, of: &Rehearsed) -> String {
        let plural = |n: u64, word: &str| {
            let s = if n == 1 { "" } else { "s" };
            format!("{n} {word}{s}")
        };
        let pauses = match of.pauses {
            0 => "No campaign would have been paused.".to_owned(),
            n => format!(
                "Pause: {} would have been made. In the four weeks that followed in fact, {} lost {} in all, which would have been saved, and {} \
                 earned {}, which would have been lost; of {} it is not known.",
                plural(n, "pause"),
                plural(of.right, "campaign"),
                self.money(of.saved),
                plural(of.wrong, "campaign"),
                self.money(of.lost),
                of.untold
            ),
        };
        format!(
            "{pauses} What budgets were, which goods were there, and what a day was claimed to have sold before it was final is not recorded: \
             steps of budgets, stop-loss and goods that are gone are not rehearsed. Days are converted by today's rate."
        )
    }
}
