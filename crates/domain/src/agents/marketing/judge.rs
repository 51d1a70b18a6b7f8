//! One campaign on its final days.

use super::facts::{AccountFacts, AdDayFacts, CampaignFacts};
use crate::ads::outcome::expected;
use crate::changes::Effect;
use chrono::{Days, NaiveDate};

/// Over which the effect of a change is told.
pub(super) const AHEAD: u32 = 28;

/// What the final days come to.
#[derive(Debug, Clone)]
pub(super) struct Judged<'a> {
    pub(super) account: &'a AccountFacts,
    pub(super) campaign: &'a CampaignFacts,
    pub(super) from: NaiveDate,
    pub(super) to: NaiveDate,
    /// Minor units of the store's currency.
    pub(super) spend: i64,
    pub(super) revenue: i64,
    pub(super) left: i64,
    pub(super) purchases: i64,
    /// Ten-thousandths; `None` without spend.
    pub(super) poas: Option<i64>,
    pub(super) roas: Option<i64>,
    /// What it would leave over [`AHEAD`] days if nothing changes.
    pub(super) ahead: Option<Effect>,
}

/// Why a campaign is not judged; the sentence begins with what is missing.
pub(super) enum Silent {
    /// Nothing that people have to know: it does not run.
    NotRunning,
    Because(String),
}

impl<'a> Judged<'a> {
    pub(super) fn of(
        account: &'a AccountFacts,
        campaign: &'a CampaignFacts,
        window: u64,
    ) -> Result<Self, Silent> {
        let because = |why: &str| Err(Silent::Because(why.to_owned()));
        let Some(to) = account.final_through else {
            return because("no day of its account is final yet");
        };
        let Some(margin) = account.margin else {
            let why = account.margin_unknown.as_deref();
            let why = why.unwrap_or("the store's margin is not known");
            return because(why);
        };
        if account.rate.is_none() {
            return because("there is no exchange rate of its account's currency");
        }
        let from = to.checked_sub_days(Days::new(window.saturating_sub(1)));
        let from = from.unwrap_or(to);
        let (mut spend, mut revenue, mut purchases) = (0_i128, 0_i128, 0_i128);
        let mut daily = Vec::new();
        for day in from.iter_days().take_while(|day| *day <= to) {
            let told = campaign.days.iter().find(|d| d.day == day);
            let left = told.map_or(0, |d| d.left(margin));
            daily.push(account.in_store(left).unwrap_or_default());
            if let Some(told) = told {
                spend += i128::from(told.spend);
                revenue += i128::from(told.revenue);
                purchases += i128::from(told.purchases);
            }
        }
        let ratio = |a: i128, b: i128| {
            let share = a.checked_mul(10_000)?.checked_div(b)?;
            i64::try_from(share).ok()
        };
        let earned = revenue * i128::from(margin) / 1_000_000;
        Ok(Self {
            account,
            campaign,
            from,
            to,
            spend: account.in_store(spend).unwrap_or(i64::MAX),
            revenue: account.in_store(revenue).unwrap_or(i64::MAX),
            left: account.in_store(earned - spend).unwrap_or_default(),
            purchases: i64::try_from(purchases / 1_000_000).unwrap_or(i64::MAX),
            poas: ratio(earned, spend),
            roas: ratio(revenue, spend),
            ahead: expected(&daily, AHEAD),
        })
    }

    /// Days since it is known, at the last day that is judged.
    pub(super) fn age(&self) -> i64 {
        let first = self.campaign.first_day;
        first.map_or(0, |first| (self.to - first).num_days())
    }

    /// Whether chance alone may well be the cause: the interval of 80 % has nothing in it.
    pub(super) fn is_sure(&self) -> bool {
        self.ahead.is_some_and(|a| a.low > 0 || a.high < 0)
    }

    /// What is left when it does not run any more: the opposite of what it would have left.
    pub(super) fn without(&self) -> Option<Effect> {
        self.ahead.map(|a| Effect {
            days: a.days,
            low: -a.high,
            mean: -a.mean,
            high: -a.low,
        })
    }

    /// As if so large a share of it fell away, ten-thousandths.
    pub(super) fn less(&self, share: i64) -> Option<Effect> {
        let part = |minor: i64| {
            let part = i128::from(minor) * i128::from(share) / 10_000;
            i64::try_from(part).unwrap_or(minor)
        };
        self.without().map(|e| Effect {
            days: e.days,
            low: part(e.low),
            mean: part(e.mean),
            high: part(e.high),
        })
    }
}

/// Days of a span, both ends included.
pub(super) fn within(
    days: &[AdDayFacts],
    from: NaiveDate,
    to: NaiveDate,
) -> impl Iterator<Item = &AdDayFacts> {
    days.iter().filter(move |d| from <= d.day && d.day <= to)
}
