//! From facts to proposals.

use super::facts::{AccountFacts, CampaignFacts, Facts};
use super::judge::{Judged, Silent, within};
use super::spec::SPEC;
use super::steps;
use crate::ads::{AdLevel, AdStatus};
use crate::agents::decision::{Decision, Handling, Note, Proposal};
use crate::agents::settings::Values;
use crate::changes::plan::Wanted;
use crate::changes::{Action, AdKey, AdSwitch, Effect, Evidence, EvidenceRow, Risk};
use crate::money::format_minor;
use chrono::{DateTime, Days, Utc};
use rust_decimal::Decimal;
use std::collections::BTreeMap;

/// What every part of the policy is told.
pub(super) struct Policy<'a> {
    pub(super) facts: &'a Facts,
    pub(super) values: &'a Values,
    pub(super) now: DateTime<Utc>,
}

/// Pure: the same facts, in whatever order, give the same proposals. Nothing of it is left to chance, so that the seed has no part in it.
#[must_use]
pub fn decide(facts: &Facts, values: &Values, now: DateTime<Utc>, _seed: u64) -> Decision {
    let policy = Policy { facts, values, now };
    let mut campaigns: Vec<&CampaignFacts> = facts.campaigns.iter().collect();
    campaigns.sort_by(|a, b| (a.account, &a.id).cmp(&(b.account, &b.id)));
    let mut decision = Decision {
        looked_at: campaigns.len() as u64,
        ..Decision::default()
    };
    let mut silent: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    let mut judged = Vec::new();
    for campaign in campaigns {
        match policy.judge(campaign) {
            Ok(one) => judged.push(one),
            Err(Silent::NotRunning) => {}
            Err(Silent::Because(why)) => silent.entry(why).or_default().push(&campaign.name),
        }
    }
    let mut found: Vec<(i64, Proposal)> = Vec::new();
    let mut paused = Vec::new();
    for one in &judged {
        if let Some(proposal) = policy.pause(one, &mut silent) {
            paused.push(one.key());
            found.push((one.left, proposal));
        }
    }
    let running: Vec<&Judged<'_>> = judged
        .iter()
        .filter(|one| !paused.contains(&one.key()))
        .collect();
    steps::budgets(&policy, &running, &judged, &mut found, &mut decision.notes);
    for one in &running {
        found.extend(policy.tired(one).map(|proposal| (0, proposal)));
    }
    found.sort_by(|(a, one), (b, two)| (a, &one.subject).cmp(&(b, &two.subject)));
    found.retain(|(_, p)| !facts.told.contains(&p.subject));
    let most = usize::try_from(policy.number("most_proposals")).unwrap_or(1);
    if found.len() > most {
        let text = format!("{} more are proposed by the next looks", found.len() - most);
        decision.notes.push(note("Campaigns", text));
    }
    decision.proposals = found.into_iter().take(most).map(|(_, p)| p).collect();
    for (why, names) in silent {
        let about = match names.as_slice() {
            [one] => (*one).to_owned(),
            many => format!("{} campaigns", many.len()),
        };
        decision
            .notes
            .push(note(&about, format!("not judged: {why}")));
    }
    decision
}

pub(super) fn note(about: &str, text: impl Into<String>) -> Note {
    Note {
        about: about.to_owned(),
        text: text.into(),
    }
}

/// `1.25` of ten-thousandths.
pub(super) fn ratio(of: i64) -> String {
    Decimal::new(of, 4).round_dp(2).normalize().to_string()
}

impl Judged<'_> {
    pub(super) fn key(&self) -> AdKey {
        AdKey {
            account: self.account.id,
            level: AdLevel::Campaign,
            id: self.campaign.id.clone(),
        }
    }

    /// The number of a subject: what stands behind the kind in [`AdKey::entity`].
    pub(super) fn number(&self) -> String {
        format!("{}/{}", self.account.id, self.campaign.id)
    }
}

impl<'a> Policy<'a> {
    pub(super) fn number(&self, key: &str) -> i64 {
        SPEC.number(self.values, key)
    }

    pub(super) fn money(&self, minor: i64) -> String {
        let currency = self.facts.currency;
        format!("{} {currency}", format_minor(minor, currency))
    }

    pub(super) fn judge(&self, campaign: &'a CampaignFacts) -> Result<Judged<'a>, Silent> {
        if campaign.status != AdStatus::Active {
            return Err(Silent::NotRunning);
        }
        let mut accounts = self.facts.accounts.iter();
        let account = accounts.find(|a| a.id == campaign.account);
        let account: &AccountFacts = account.ok_or(Silent::NotRunning)?;
        if let Some(why) = &account.closed {
            return Err(Silent::Because(why.clone()));
        }
        let window = u64::try_from(self.number("window")).unwrap_or(28);
        let judged = Judged::of(account, campaign, window)?;
        if judged.age() < self.number("age") {
            let text = format!("it runs for less than {} days", self.number("age"));
            return Err(Silent::Because(text));
        }
        Ok(judged)
    }

    /// Whether enough was spent and sold for a rule by profit to speak.
    pub(super) fn is_enough(&self, one: &Judged<'_>) -> Result<i64, String> {
        let (spend, sold) = (self.number("least_spend"), self.number("least_purchases"));
        if one.spend < spend {
            return Err(format!("less than {} was spent", self.money(spend)));
        }
        if one.purchases < sold {
            return Err(format!("it has fewer than {sold} purchases"));
        }
        one.poas.ok_or_else(|| "nothing was spent".to_owned())
    }

    /// The first rule that holds: goods that are gone, no sale at all, a loss.
    fn pause(
        &self,
        one: &Judged<'a>,
        silent: &mut BTreeMap<String, Vec<&'a str>>,
    ) -> Option<Proposal> {
        if let Some(proposal) = self.goods_gone(one) {
            return Some(proposal);
        }
        if let Some(proposal) = self.stop_loss(one) {
            return Some(proposal);
        }
        let poas = match self.is_enough(one) {
            Ok(poas) => poas,
            Err(why) => {
                silent.entry(why).or_default().push(&one.campaign.name);
                return None;
            }
        };
        let below = self.number("pause_below");
        if poas >= below {
            return None;
        }
        if !one.is_sure() {
            let why = format!(
                "its POAS is below {}, and its days differ so much that chance may be the cause",
                ratio(below)
            );
            silent.entry(why).or_default().push(&one.campaign.name);
            return None;
        }
        let reason = format!(
            "From {} to {} it cost {} and left {} of margin: a POAS of {}, below {}. All of these days are final",
            one.from,
            one.to,
            self.money(one.spend),
            self.money(one.left.saturating_add(one.spend)),
            ratio(poas),
            ratio(below)
        );
        Some(self.pausing(one, "pause", reason, one.without(), 800))
    }

    fn stop_loss(&self, one: &Judged<'_>) -> Option<Proposal> {
        let times = self.number("stop_loss");
        let margin = self.facts.order_margin.filter(|m| *m > 0 && times > 0)?;
        let last = self.facts.today.checked_sub_days(Days::new(3))?;
        let from = one.to.succ_opt()?;
        let days = || within(&one.campaign.days, from, last);
        if days().any(|d| d.purchases > 0) {
            return None;
        }
        let spent: i128 = days().map(|d| i128::from(d.spend)).sum();
        let spent = one.account.in_store(spent)?;
        let most = i128::from(margin) * i128::from(times) / 10_000;
        if i128::from(spent) < most {
            return None;
        }
        let reason = format!(
            "Since {from} it spent {} without one claimed purchase: {} times what a usual order leaves before ads ({}). These days may still \
             move: the platform can claim sales for them later",
            self.money(spent),
            ratio(spent.saturating_mul(10_000) / margin),
            self.money(margin)
        );
        Some(self.pausing(one, "pause", reason, None, 600))
    }

    fn goods_gone(&self, one: &Judged<'_>) -> Option<Proposal> {
        let share = self.number("goods_gone");
        let goods = one.campaign.goods.as_ref().filter(|g| g.units > 0)?;
        let gone = i128::from(goods.gone) * 10_000 / i128::from(goods.units);
        if share == 0 || gone < i128::from(share) {
            return None;
        }
        let names: Vec<&str> = goods.titles.iter().take(3).map(String::as_str).collect();
        let reason = format!(
            "{} of {} units that orders of this campaign bought in 60 days are of goods that cannot be sold now: {}",
            goods.gone,
            goods.units,
            names.join(", ")
        );
        let mut proposal = self.pausing(one, "pause", reason, None, 700);
        proposal.effect_unknown =
            Some("what it would sell of the goods that are left is not known".to_owned());
        Some(proposal)
    }

    fn pausing(
        &self,
        one: &Judged<'_>,
        kind: &str,
        reason: String,
        effect: Option<Effect>,
        confidence: u32,
    ) -> Proposal {
        let campaign = one.campaign;
        let is_final = effect.is_some();
        Proposal {
            subject: format!("{kind}:{}", one.number()),
            title: format!("Pause {} at {}", campaign.name, one.account.platform.name()),
            reason,
            wanted: vec![Wanted {
                action: Action::AdStatus(AdSwitch {
                    thing: one.account.thing(AdLevel::Campaign, &campaign.id),
                    before: AdStatus::Active,
                    after: AdStatus::Paused,
                }),
                label: campaign.name.clone(),
            }],
            evidence: vec![self.evidence(one)],
            effect,
            effect_unknown: (!is_final)
                .then(|| "the days that it rests on are not final".to_owned()),
            risk: Risk {
                score: 200,
                reasons: vec![
                    "one campaign, which is started again exactly as it is".to_owned(),
                    "sales that the platform claims may not come without it".to_owned(),
                ],
            },
            confidence,
            handling: if is_final {
                Handling::Apply
            } else {
                Handling::Ask
            },
            valid_hours: self.valid(),
        }
    }

    pub(super) fn valid(&self) -> u32 {
        u32::try_from(self.number("valid")).unwrap_or(24)
    }

    /// Clicks and views do not move after a day, unlike claims.
    fn tired(&self, one: &Judged<'_>) -> Option<Proposal> {
        const LEAST_VIEWS: i64 = 5_000;
        let fall = self.number("tired");
        let read = one.account.read_through?.pred_opt()?;
        let (late, early) = (
            read.checked_sub_days(Days::new(13))?,
            read.checked_sub_days(Days::new(41))?,
        );
        let sums = |from, to| {
            let days = within(&one.campaign.days, from, to);
            days.fold((0_i64, 0_i64), |(views, clicks), d| {
                (views + d.impressions, clicks + d.clicks)
            })
        };
        let (views, clicks) = sums(late, read);
        let (views_before, clicks_before) = sums(early, late.pred_opt()?);
        if fall == 0 || views < LEAST_VIEWS || views_before < LEAST_VIEWS || clicks_before == 0 {
            return None;
        }
        let before = Decimal::from(clicks_before) / Decimal::from(views_before);
        let now = Decimal::from(clicks) / Decimal::from(views);
        if now > before * (Decimal::ONE - Decimal::new(fall, 4)) {
            return None;
        }
        let percent = |rate: Decimal| format!("{} %", (rate * Decimal::ONE_HUNDRED).round_dp(2));
        Some(Proposal {
            subject: format!("tired:{}", one.number()),
            title: format!("{} needs new advertisements", one.campaign.name),
            reason: format!(
                "Its click rate fell from {} to {} within two weeks: those who see it know it by now. New pictures and texts are made at the \
                 platform",
                percent(before),
                percent(now)
            ),
            wanted: Vec::new(),
            evidence: vec![self.evidence(one)],
            effect: None,
            effect_unknown: Some("it is a finding; nothing is changed".to_owned()),
            risk: Risk {
                score: 0,
                reasons: Vec::new(),
            },
            confidence: 700,
            handling: Handling::Notify,
            valid_hours: self.valid(),
        })
    }

    pub(super) fn evidence(&self, one: &Judged<'_>) -> Evidence {
        let row = |label: &str, value: String| EvidenceRow {
            label: label.to_owned(),
            value,
        };
        let told = |of: Option<i64>| of.map_or_else(|| "not known".to_owned(), ratio);
        let margin = one.account.margin.map_or(0, |m| m / 100);
        let break_even = 100_000_000_i64.checked_div(margin);
        Evidence {
            title: format!(
                "{}, {} to {} (final days)",
                one.campaign.name, one.from, one.to
            ),
            observed_at: self.facts.as_of.unwrap_or(self.now),
            rows: vec![
                row("Spent", self.money(one.spend)),
                row("Claimed revenue", self.money(one.revenue)),
                row("Claimed purchases", one.purchases.to_string()),
                row("ROAS", told(one.roas)),
                row("Break-even ROAS", told(break_even)),
                row("POAS", told(one.poas)),
                row("Left after spend", self.money(one.left)),
                row(
                    "Store's margin",
                    crate::changes::guardrails::percent(margin),
                ),
                row("Account", one.account.name.clone()),
            ],
        }
    }
}
