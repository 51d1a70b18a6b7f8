//! An account at a platform that sells advertisements: its currency, its zone, and how far its days are settled.
//!
//! A platform tells money in the account's currency and days in the account's zone, and can be asked for neither otherwise
//! (Meta Marketing API v26, Google Ads API v26). When either changes, days before and after cannot be compared: a new
//! [`Series`] begins, and what was read before stays as it was told.

use crate::calendar::DayRange;
use crate::ids::{AdAccountId, StoreScope};
use crate::money::Currency;
use crate::sync::SyncFailure;
use chrono::{DateTime, Days, Months, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AdPlatform {
    Meta,
    GoogleAds,
}

impl AdPlatform {
    pub const ALL: [Self; 2] = [Self::Meta, Self::GoogleAds];

    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Meta => "meta",
            Self::GoogleAds => "google_ads",
        }
    }

    /// As people call it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Meta => "Meta",
            Self::GoogleAds => "Google Ads",
        }
    }

    /// The channel of its rows among the store's ad spend; files use the same words.
    #[must_use]
    pub const fn channel(self) -> &'static str {
        match self {
            Self::Meta => "meta",
            Self::GoogleAds => "google",
        }
    }

    /// For so many days after a day its figures still move, and the day is read again: Meta freezes them after 28 days; Google
    /// counts conversions within a window of 30 days by default.
    #[must_use]
    pub const fn window_days(self) -> u64 {
        match self {
            Self::Meta => 28,
            Self::GoogleAds => 30,
        }
    }

    /// How far back days are read at first: as long as Meta tells them. Google would tell 11 years.
    #[must_use]
    pub const fn keeps_months(self) -> u32 {
        37
    }
}

/// Days that were told in one currency and one zone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Series {
    /// `None`: from the account's first day on.
    pub from: Option<NaiveDate>,
    pub currency: Currency,
    /// A name of the IANA database.
    pub zone: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AccountState {
    Ok,
    /// Works in part: something is not granted, or the platform does not let it run.
    Degraded,
    /// The credentials do not work any more: somebody has to grant access again.
    Reauthorize,
    Down,
}

/// What the platform says of an account and of what our credentials may do in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AdIdentity {
    /// As the platform counts: digits, without `act_` or dashes.
    pub external_id: String,
    pub name: String,
    pub currency: Currency,
    pub zone: String,
    /// The platform's own word when the account is not in use, e.g. `DISABLED`.
    pub not_running: Option<String>,
    /// A test account, or a server that says that it is a sandbox.
    pub is_sandbox: bool,
    pub missing: Vec<MissingGrant>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MissingGrant {
    pub scope: String,
    /// What cannot be done without it, as a sentence.
    pub costs: String,
    /// Without it nothing can be read.
    pub required: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AdAccount {
    pub id: AdAccountId,
    pub scope: StoreScope,
    pub platform: AdPlatform,
    pub external_id: String,
    pub name: String,
    pub base_url: String,
    pub api_version: String,
    /// Google: the manager account through which it is reached.
    pub login_account: Option<String>,
    pub is_sandbox: bool,
    pub state: AccountState,
    pub state_reason: Option<String>,
    pub missing: Vec<MissingGrant>,
    /// Oldest first; never empty once it has been read.
    pub series: Vec<Series>,
    /// Days up to this one are final: they were last read when nothing could move in them any more.
    pub final_through: Option<NaiveDate>,
    /// The newest day that was read, in the account's zone.
    pub read_through: Option<NaiveDate>,
    /// Kinds of conversions that any of its days told.
    pub conversion_kinds: BTreeSet<String>,
    pub created_at: DateTime<Utc>,
    pub last_synced_at: Option<DateTime<Utc>>,
    pub last_error: Option<SyncFailure>,
    pub from_environment: bool,
    pub version: i64,
}

impl AdAccount {
    /// In which currency a day was told.
    #[must_use]
    pub fn currency_on(&self, day: NaiveDate) -> Option<Currency> {
        self.series_on(day).map(|s| s.currency)
    }

    #[must_use]
    pub fn series_on(&self, day: NaiveDate) -> Option<&Series> {
        let begun = |s: &&Series| s.from.is_none_or(|from| from <= day);
        self.series.iter().rev().find(begun)
    }

    /// As it is told now.
    #[must_use]
    pub fn current(&self) -> Option<&Series> {
        self.series.last()
    }

    /// Whether the figures of a day may still move.
    #[must_use]
    pub fn is_provisional(&self, day: NaiveDate) -> bool {
        self.final_through.is_none_or(|through| day > through)
    }

    /// Takes what the platform says now. Another currency or zone begins a new series with `today`, a day in the new zone;
    /// all days before are final, because the platform will never tell them in their old terms again. Answers whether one began.
    pub fn recognise(&mut self, told: &AdIdentity, today: NaiveDate) -> bool {
        self.name.clone_from(&told.name);
        self.is_sandbox = told.is_sandbox;
        self.missing.clone_from(&told.missing);
        let same = self
            .current()
            .is_some_and(|s| s.currency == told.currency && s.zone == told.zone);
        if same {
            return false;
        }
        let is_first = self.series.is_empty();
        let series = Series {
            from: (!is_first).then_some(today),
            currency: told.currency,
            zone: told.zone.clone(),
        };
        match self.series.last_mut() {
            // It changed twice on one day: nothing was told in between that is kept.
            Some(last) if last.from == Some(today) => *last = series,
            _ => self.series.push(series),
        }
        if !is_first {
            self.final_through = self.final_through.max(today.pred_opt());
        }
        !is_first
    }

    /// The days to read, given the account's own day now: all that are not final, and no further back than the platform tells.
    #[must_use]
    pub fn to_read(&self, today: NaiveDate) -> Option<DayRange> {
        let oldest = today
            .checked_sub_months(Months::new(self.platform.keeps_months()))
            .map_or(today, |d| d + Days::new(1));
        let from = match self.final_through {
            Some(through) => (through + Days::new(1)).max(oldest),
            None => oldest,
        };
        (from <= today).then_some(DayRange { from, to: today })
    }

    /// All days through `today` have been read: those in which nothing moves any more are final from now on.
    pub fn settled(&mut self, today: NaiveDate, now: DateTime<Utc>) {
        let still = today.checked_sub_days(Days::new(self.platform.window_days() + 1));
        self.final_through = self.final_through.max(still);
        self.read_through = self.read_through.max(Some(today));
        self.last_synced_at = Some(now);
        self.last_error = None;
    }
}
