//! What the policy is told.

use crate::ads::{AdLevel, AdPlatform, AdStatus, Budget, Micros};
use crate::changes::{AdThing, Limits};
use crate::ids::AdAccountId;
use crate::money::Currency;
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    /// Of the store.
    pub currency: Currency,
    pub today: NaiveDate,
    pub as_of: Option<DateTime<Utc>>,
    pub limits: Limits,
    pub accounts: Vec<AccountFacts>,
    /// In any order.
    pub campaigns: Vec<CampaignFacts>,
    /// What all accounts spent in the month so far, in minor units of the store; `None`: not all of it is told in its currency.
    pub month_spent: Option<i64>,
    /// The contribution margin before ads of a usual order of the last 90 days, in minor units.
    pub order_margin: Option<i64>,
    /// Subjects that are not brought up again.
    pub told: BTreeSet<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountFacts {
    pub id: AdAccountId,
    pub name: String,
    pub platform: AdPlatform,
    pub currency: Currency,
    /// One minor unit of the account in millionths of one of the store, today; `None`: there is no rate.
    pub rate: Option<i64>,
    /// Days up to this one are final.
    pub final_through: Option<NaiveDate>,
    /// The newest day that was read, which may be half a day.
    pub read_through: Option<NaiveDate>,
    /// The store's share of margin in net revenue over the days that are judged, in millionths; `None` while it is not known.
    pub margin: Option<i64>,
    /// Why it is not known.
    pub margin_unknown: Option<String>,
    /// Why nothing can be changed in it.
    pub closed: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CampaignFacts {
    pub account: AdAccountId,
    pub id: String,
    pub name: String,
    pub status: AdStatus,
    /// `None`: its ad sets have their own.
    pub budget: Option<Budget>,
    pub sets: Vec<SetFacts>,
    /// The first day that is known of it.
    pub first_day: Option<NaiveDate>,
    /// With a row, in ascending order; the newest may still move.
    pub days: Vec<AdDayFacts>,
    /// What our own orders say that it sold; `None`: no order names it.
    pub goods: Option<GoodsFacts>,
}

/// An ad set (Google: ad group) of a campaign.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetFacts {
    pub id: String,
    pub name: String,
    pub status: AdStatus,
    pub budget: Option<Budget>,
}

/// As the platform claims it, in the account's currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct AdDayFacts {
    pub day: NaiveDate,
    pub spend: Micros,
    pub revenue: Micros,
    pub purchases: Micros,
    pub impressions: i64,
    pub clicks: i64,
}

/// Of the units that orders of the campaign's own name bought within 60 days.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GoodsFacts {
    pub units: i64,
    /// Of variants of which nothing can be sold now.
    pub gone: i64,
    /// Of these, as people know them, the most sold first.
    pub titles: Vec<String>,
}

impl AccountFacts {
    #[must_use]
    pub(super) fn thing(&self, level: AdLevel, id: &str) -> AdThing {
        AdThing {
            account: self.id,
            account_name: self.name.clone(),
            platform: self.platform,
            level,
            id: id.to_owned(),
            currency: self.currency,
        }
    }

    /// Millionths of the account's main unit, in minor units of the store's currency, half away from zero.
    #[must_use]
    pub(super) fn in_store(&self, micros: i128) -> Option<i64> {
        let rate = i128::from(self.rate?);
        let scale = 1_000_000_i128.checked_mul(1_000_000)?;
        let minor_per_main = 10_i128.checked_pow(self.currency.exponent())?;
        let told = micros.checked_mul(minor_per_main)?.checked_mul(rate)?;
        let half = if told < 0 { -scale / 2 } else { scale / 2 };
        i64::try_from((told + half) / scale).ok()
    }
}

impl AdDayFacts {
    /// Claimed margin less spend, in millionths of the account's main unit.
    #[must_use]
    pub(super) fn left(&self, margin: i64) -> i128 {
        i128::from(self.revenue) * i128::from(margin) / 1_000_000 - i128::from(self.spend)
    }
}
