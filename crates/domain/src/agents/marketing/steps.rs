//! Budgets: less for what loses, more for what earns and spends what it has, and never more for a month than was set.

use super::decide::{Policy, note, ratio};
use super::judge::Judged;
use crate::ads::{AdLevel, AdStatus, Budget, BudgetSpan};
use crate::agents::decision::{Handling, Note, Proposal};
use crate::changes::guardrails::percent;
use crate::changes::plan::Wanted;
use crate::changes::{Action, AdBudget, Effect, Evidence, EvidenceRow, Risk};
use crate::money::format_minor;
use chrono::{Datelike as _, Days};

/// Where money of a campaign is set: on itself, or on its ad sets that run.
pub(super) struct Purse<'a> {
    pub(super) level: AdLevel,
    pub(super) id: &'a str,
    pub(super) name: &'a str,
    pub(super) budget: &'a Budget,
}

pub(super) fn budgets(
    policy: &Policy<'_>,
    running: &[&Judged<'_>],
    all: &[Judged<'_>],
    found: &mut Vec<(i64, Proposal)>,
    notes: &mut Vec<Note>,
) {
    let most = policy.number("month_budget");
    let over = if most > 0 {
        match month(policy, all) {
            Ok(month) => month.saturating_sub(most),
            Err(why) => {
                notes.push(note("The month's budget", why));
                0
            }
        }
    } else {
        0
    };
    let mut over = over;
    // What earns least gives first.
    let mut by_poas: Vec<&&Judged<'_>> = running.iter().collect();
    by_poas.sort_by_key(|one| (one.poas, one.number()));
    for one in by_poas {
        let enough = policy.is_enough(one);
        let poas = enough.as_ref().ok().copied();
        let is_low = poas.is_some_and(|poas| poas < policy.number("cut_below")) && one.is_sure();
        if is_low || over > 0 {
            let why = if is_low {
                let poas = poas.unwrap_or_default();
                format!(
                    "Its POAS from {} to {} is {}, below {}",
                    one.from,
                    one.to,
                    ratio(poas),
                    ratio(policy.number("cut_below"))
                )
            } else {
                format!(
                    "Together the budgets let {} more be spent until the month ends than the {} that were set, and of those that run it earns \
                     least",
                    policy.money(over),
                    policy.money(most)
                )
            };
            let share = policy.number("cut_step");
            match step(policy, one, -share, why) {
                Ok((proposal, saved)) => {
                    over = over.saturating_sub(saved);
                    found.push((one.left, proposal));
                }
                Err(why) => notes.push(note(&one.campaign.name, why)),
            }
            continue;
        }
        let is_high = poas.is_some_and(|poas| poas > policy.number("raise_above"));
        if is_high && one.is_sure() {
            if most > 0 && over > -more_until_month_ends(policy, one) {
                let text = "is not raised: the month's budget has no room for it";
                notes.push(note(&one.campaign.name, text));
                continue;
            }
            match raise(policy, one, poas.unwrap_or_default()) {
                Ok(proposal) => {
                    if most > 0 {
                        over = over.saturating_add(more_until_month_ends(policy, one));
                    }
                    found.push((i64::MAX, proposal));
                }
                Err(why) => notes.push(note(&one.campaign.name, why)),
            }
        }
    }
}

/// What is spent of the month, with all that budgets let be spent until its end, today included.
fn month(policy: &Policy<'_>, all: &[Judged<'_>]) -> Result<i64, String> {
    let spent = policy.facts.month_spent.ok_or_else(|| {
        "what was spent in the month cannot be told in the store's currency".to_owned()
    })?;
    let left = days_left(policy);
    let mut sum = i128::from(spent);
    for one in all {
        for purse in purses(one).unwrap_or_default() {
            if purse.budget.span == BudgetSpan::Day {
                let micros = micros(purse.budget.minor, one);
                let day = one.account.in_store(micros).unwrap_or_default();
                sum += i128::from(day) * i128::from(left);
            }
        }
    }
    i64::try_from(sum).map_err(|_| "it is more than can be counted".to_owned())
}

/// Of the month, today included.
fn days_left(policy: &Policy<'_>) -> i64 {
    let today = policy.facts.today;
    let days = today.iter_days().take_while(|d| d.month() == today.month());
    i64::try_from(days.count()).unwrap_or(1)
}

fn micros(minor: i64, one: &Judged<'_>) -> i128 {
    let per_minor = 1_000_000 / 10_i128.pow(one.account.currency.exponent()).max(1);
    i128::from(minor) * per_minor
}

/// The money of a step up until the month's end, in the store's currency.
fn more_until_month_ends(policy: &Policy<'_>, one: &Judged<'_>) -> i64 {
    let share = raise_share(policy);
    let purses = purses(one).unwrap_or_default();
    let days = purses.iter().filter(|p| p.budget.span == BudgetSpan::Day);
    let more: i128 = days
        .map(|p| micros(moved(p.budget.minor, share), one) - micros(p.budget.minor, one))
        .sum();
    let day = one.account.in_store(more).unwrap_or(i64::MAX);
    day.saturating_mul(days_left(policy))
}

fn raise_share(policy: &Policy<'_>) -> i64 {
    let share = policy.number("raise_step");
    share.min(policy.facts.limits.ad_budget)
}

pub(super) fn purses<'a>(one: &Judged<'a>) -> Result<Vec<Purse<'a>>, String> {
    let campaign = one.campaign;
    if let Some(budget) = &campaign.budget {
        if budget.is_shared {
            return Err(
                "its budget is shared with other campaigns, so that it is left to people"
                    .to_owned(),
            );
        }
        return Ok(vec![Purse {
            level: AdLevel::Campaign,
            id: &campaign.id,
            name: &campaign.name,
            budget,
        }]);
    }
    let mut sets: Vec<_> = campaign.sets.iter().collect();
    sets.sort_by_key(|set| &set.id);
    let running = sets.into_iter().filter(|s| s.status == AdStatus::Active);
    let purses: Vec<_> = running
        .filter_map(|set| {
            Some(Purse {
                level: AdLevel::AdSet,
                id: &set.id,
                name: &set.name,
                budget: set.budget.as_ref()?,
            })
        })
        .collect();
    match purses.is_empty() {
        true => Err("no budget of it is known".to_owned()),
        false => Ok(purses),
    }
}

/// By a share in ten-thousandths, toward nothing; at least one minor unit stays.
pub(super) fn moved(minor: i64, share: i64) -> i64 {
    let step = i128::from(minor) * i128::from(share) / 10_000;
    let after = i128::from(minor) + step;
    i64::try_from(after).unwrap_or(minor).max(1)
}

/// With what it saves until the month's end.
fn step(
    policy: &Policy<'_>,
    one: &Judged<'_>,
    share: i64,
    why: String,
) -> Result<(Proposal, i64), String> {
    let purses = purses(one)?;
    let (wanted, evidence) = wanted(one, &purses, share)?;
    let saved: i128 = purses
        .iter()
        .filter(|p| p.budget.span == BudgetSpan::Day)
        .map(|p| micros(p.budget.minor, one) - micros(moved(p.budget.minor, share), one))
        .sum();
    let saved = one.account.in_store(saved).unwrap_or_default();
    let saved = saved.saturating_mul(days_left(policy));
    let effect = one.less(share.abs());
    let is_known = effect.is_some();
    let proposal = proposal(policy, one, share, why, wanted, evidence, effect);
    let handling = if is_known {
        Handling::Apply
    } else {
        Handling::Ask
    };
    Ok((
        Proposal {
            effect_unknown: (!is_known).then(|| "it ran on too few final days".to_owned()),
            handling,
            ..proposal
        },
        saved,
    ))
}

fn raise(policy: &Policy<'_>, one: &Judged<'_>, poas: i64) -> Result<Proposal, String> {
    let purses = purses(one)?;
    let used = used(one, &purses).ok_or("how much of its budget it spends is not known")?;
    if used < policy.number("used") {
        return Err(format!(
            "earns well, and spends only {} of its budget: more money would not help",
            percent(used)
        ));
    }
    let share = raise_share(policy);
    let (wanted, evidence) = wanted(one, &purses, share)?;
    let why = format!(
        "Its POAS from {} to {} is {}, above {}, and it spends {} of its budget",
        one.from,
        one.to,
        ratio(poas),
        ratio(policy.number("raise_above")),
        percent(used)
    );
    let proposal = proposal(policy, one, share, why, wanted, evidence, None);
    Ok(Proposal {
        effect_unknown: Some(
            "what more money brings is not known: each further sum usually brings less than the one before"
                .to_owned(),
        ),
        risk: Risk {
            score: 350,
            reasons: vec![
                format!("a step of {}", percent(share)),
                "more is spent, and what it brings is not known".to_owned(),
            ],
        },
        handling: Handling::Ask,
        ..proposal
    })
}

/// The mean of the last whole week that was read, of what budgets let be spent in a day, ten-thousandths.
fn used(one: &Judged<'_>, purses: &[Purse<'_>]) -> Option<i64> {
    const WEEK: u64 = 7;
    let may: i128 = purses
        .iter()
        .map(|p| match p.budget.span {
            BudgetSpan::Day => Some(micros(p.budget.minor, one)),
            BudgetSpan::Lifetime => None,
        })
        .sum::<Option<i128>>()?;
    let to = one.account.read_through?.pred_opt()?;
    let from = to.checked_sub_days(Days::new(WEEK - 1))?;
    let spent = super::judge::within(&one.campaign.days, from, to);
    let spent: i128 = spent.map(|d| i128::from(d.spend)).sum();
    let share = (spent * 10_000).checked_div(may.checked_mul(i128::from(WEEK))?)?;
    i64::try_from(share).ok()
}

type Step = (Vec<Wanted>, Evidence);

fn wanted(one: &Judged<'_>, purses: &[Purse<'_>], share: i64) -> Result<Step, String> {
    let currency = one.account.currency;
    let told = |minor: i64, span| {
        let sum = format_minor(minor, currency);
        match span {
            BudgetSpan::Day => format!("{sum} {currency} a day"),
            BudgetSpan::Lifetime => format!("{sum} {currency} in all"),
        }
    };
    let (mut wanted, mut rows) = (Vec::new(), Vec::new());
    for purse in purses {
        let (before, after) = (purse.budget.minor, moved(purse.budget.minor, share));
        if before == after {
            continue;
        }
        rows.push(EvidenceRow {
            label: purse.name.to_owned(),
            value: format!(
                "{} to {}",
                told(before, purse.budget.span),
                told(after, purse.budget.span)
            ),
        });
        wanted.push(Wanted {
            action: Action::AdBudget(AdBudget {
                thing: one.account.thing(purse.level, purse.id),
                before: purse.budget.clone(),
                after,
            }),
            label: purse.name.to_owned(),
        });
    }
    if wanted.is_empty() {
        return Err("its budget is so small that no step is left".to_owned());
    }
    let evidence = Evidence {
        title: "Budgets".to_owned(),
        observed_at: chrono::DateTime::UNIX_EPOCH,
        rows,
    };
    Ok((wanted, evidence))
}

fn proposal(
    policy: &Policy<'_>,
    one: &Judged<'_>,
    share: i64,
    why: String,
    wanted: Vec<Wanted>,
    budgets: Evidence,
    effect: Option<Effect>,
) -> Proposal {
    let name = &one.campaign.name;
    let by = percent(share.abs());
    // The subject is found again by the first thing that is changed.
    let number = wanted.first().and_then(|w| w.action.ad());
    let number = number.map_or_else(|| one.number(), |t| format!("{}/{}", t.account, t.id));
    let observed_at = policy.facts.as_of.unwrap_or(policy.now);
    Proposal {
        subject: format!("budget:{number}"),
        title: if share < 0 {
            format!("Lower the budget of {name} by {by}")
        } else {
            format!("Raise the budget of {name} by {by}")
        },
        reason: why,
        wanted,
        evidence: vec![
            policy.evidence(one),
            Evidence {
                observed_at,
                ..budgets
            },
        ],
        effect,
        effect_unknown: None,
        risk: Risk {
            score: 150,
            reasons: vec![
                format!("a step of {by}"),
                "sales that the platform claims fall with the spend".to_owned(),
            ],
        },
        confidence: 700,
        handling: Handling::Ask,
        valid_hours: policy.valid(),
    }
}
