//! What less advertising would mean, by the model by which the policy itself decides: a campaign's margin on final days, less its spend, carried
//! on, of which a share falls away with a share of the budget. What more money brings is not known, and not told.

use super::decide::Policy;
use super::facts::Facts;
use super::judge::{Judged, Silent};
use super::steps::{moved, purses};
use crate::ads::AdLevel;
use crate::agents::settings::Values;
use crate::changes::Effect;
use crate::ids::AdAccountId;
use crate::money::Currency;
use chrono::{DateTime, NaiveDate};

/// All of it, in ten-thousandths.
const WHOLE: i64 = 10_000;

/// A campaign that runs, as it stands. Money is minor units of the store's currency.
#[derive(Debug, Clone, PartialEq)]
pub struct AdStanding {
    pub account: AdAccountId,
    pub id: String,
    pub name: String,
    /// Over its final days `from ..= to`.
    pub spend: i64,
    pub from: Option<NaiveDate>,
    pub to: Option<NaiveDate>,
    /// Margin of what it claims over its spend, ten-thousandths.
    pub poas: Option<i64>,
    /// What it leaves over the next days if nothing changes; `None`: see `why`.
    pub ahead: Option<Effect>,
    /// Claimed revenue that further spend has to bring for each of itself, so that nothing is lost, ten-thousandths.
    pub break_even: Option<i64>,
    /// Why nothing can be told.
    pub why: Option<String>,
}

/// A budget as it would be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BudgetAfter {
    pub level: AdLevel,
    pub id: String,
    pub name: String,
    /// Of the account; both in its minor units.
    pub currency: Currency,
    pub before: i64,
    pub after: i64,
}

#[derive(Debug, Clone, PartialEq)]
pub struct LessSpend {
    pub standing: AdStanding,
    /// Against going on as it is.
    pub change: Effect,
    /// What would be set; none when all of it falls away: then it is paused.
    pub budgets: Vec<BudgetAfter>,
    /// Why no budget can be set.
    pub budgets_why: Option<String>,
}

/// Each campaign that runs, the largest spend first.
#[must_use]
pub fn standings(facts: &Facts, values: &Values) -> Vec<AdStanding> {
    let policy = policy(facts, values);
    let all = facts.campaigns.iter();
    let mut found: Vec<AdStanding> = all
        .filter_map(|campaign| match policy.judge(campaign) {
            Ok(one) => Some(standing(&one)),
            Err(Silent::NotRunning) => None,
            Err(Silent::Because(why)) => Some(AdStanding {
                account: campaign.account,
                id: campaign.id.clone(),
                name: campaign.name.clone(),
                spend: 0,
                from: None,
                to: None,
                poas: None,
                ahead: None,
                break_even: None,
                why: Some(why),
            }),
        })
        .collect();
    found.sort_by(|a, b| (-a.spend, a.account, &a.id).cmp(&(-b.spend, b.account, &b.id)));
    found
}

/// What a share less of its spend means; `share` in ten-thousandths, from 1 to 10 000.
///
/// # Errors
/// Why it cannot be told.
pub fn less_spend(
    facts: &Facts,
    values: &Values,
    account: AdAccountId,
    campaign: &str,
    share: i64,
) -> Result<LessSpend, String> {
    let policy = policy(facts, values);
    let mut all = facts.campaigns.iter();
    let found = all.find(|c| c.account == account && c.id == campaign);
    let found = found.ok_or("there is no such campaign")?;
    let one = match policy.judge(found) {
        Ok(one) => one,
        Err(Silent::NotRunning) => return Err("it does not run".to_owned()),
        Err(Silent::Because(why)) => return Err(why),
    };
    if !(1..=WHOLE).contains(&share) {
        return Err("what more money brings is not known: each further sum usually brings less than the one before".to_owned());
    }
    let change = one.less(share).ok_or("it ran on too few final days")?;
    let (budgets, budgets_why) = match share {
        WHOLE => (Vec::new(), None),
        _ => match purses(&one) {
            Ok(purses) => {
                let after = purses.iter().map(|p| BudgetAfter {
                    level: p.level,
                    id: p.id.to_owned(),
                    name: p.name.to_owned(),
                    currency: one.account.currency,
                    before: p.budget.minor,
                    after: moved(p.budget.minor, -share),
                });
                (after.collect(), None)
            }
            Err(why) => (Vec::new(), Some(why)),
        },
    };
    Ok(LessSpend {
        standing: standing(&one),
        change,
        budgets,
        budgets_why,
    })
}

fn standing(one: &Judged<'_>) -> AdStanding {
    let margin = one.account.margin.filter(|m| *m > 0);
    AdStanding {
        account: one.account.id,
        id: one.campaign.id.clone(),
        name: one.campaign.name.clone(),
        spend: one.spend,
        from: Some(one.from),
        to: Some(one.to),
        poas: one.poas,
        ahead: one.ahead,
        break_even: margin.map(|m| WHOLE * 1_000_000 / m),
        why: one
            .ahead
            .is_none()
            .then(|| "it ran on too few final days".to_owned()),
    }
}

fn policy<'a>(facts: &'a Facts, values: &'a Values) -> Policy<'a> {
    Policy {
        facts,
        values,
        // Nothing that is asked of it here depends on the time.
        now: facts.as_of.unwrap_or(DateTime::UNIX_EPOCH),
    }
}
