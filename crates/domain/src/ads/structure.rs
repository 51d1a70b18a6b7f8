//! Campaigns, ad sets (Google: ad groups) and ads: what they are called, whether they run, what they may spend.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AdLevel {
    Campaign,
    AdSet,
    Ad,
}

impl AdLevel {
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Campaign => "campaign",
            Self::AdSet => "ad_set",
            Self::Ad => "ad",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AdStatus {
    Active,
    Paused,
    Archived,
    /// Taken away at the platform; its days stay.
    Deleted,
    /// A word that this version does not know: the platform's own stands beside it.
    Other,
}

impl AdStatus {
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Paused => "paused",
            Self::Archived => "archived",
            Self::Deleted => "deleted",
            Self::Other => "other",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BudgetSpan {
    Day,
    /// All that it may ever spend.
    Lifetime,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Budget {
    pub span: BudgetSpan,
    /// Minor units of the account's currency.
    pub minor: i64,
    /// Where it is changed when it is a thing of its own (Google: `customers/1/campaignBudgets/2`).
    pub resource: Option<String>,
    /// Other campaigns spend from it too: changing it changes them.
    pub is_shared: bool,
}

/// As the platform tells it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AdEntity {
    pub level: AdLevel,
    /// The platform's id; unique within its level of an account.
    pub id: String,
    /// The campaign of an ad set, the ad set of an ad.
    pub parent: Option<String>,
    pub name: String,
    pub status: AdStatus,
    /// The platform's own word for whether it runs, e.g. `CAMPAIGN_PAUSED`.
    pub delivery: Option<String>,
    /// What it is for: Meta's objective, Google's channel type.
    pub objective: Option<String>,
    /// `None`: the budget is held above or below it.
    pub budget: Option<Budget>,
    pub created_at: Option<DateTime<Utc>>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EarlierName {
    pub name: String,
    /// When it was first seen under another one.
    pub until: DateTime<Utc>,
}

/// With what is remembered of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredEntity {
    #[serde(flatten)]
    pub entity: AdEntity,
    /// Oldest first.
    pub earlier_names: Vec<EarlierName>,
    pub first_seen_at: DateTime<Utc>,
    /// Since when the platform does not list it any more.
    pub vanished_at: Option<DateTime<Utc>>,
}

impl StoredEntity {
    #[must_use]
    pub const fn new(entity: AdEntity, now: DateTime<Utc>) -> Self {
        Self {
            entity,
            earlier_names: Vec::new(),
            first_seen_at: now,
            vanished_at: None,
        }
    }

    /// The same thing told again: an earlier name is remembered, and what came back is there again.
    #[must_use]
    pub fn told_again(mut self, told: AdEntity, now: DateTime<Utc>) -> Self {
        if self.entity.name != told.name {
            let name = std::mem::take(&mut self.entity.name);
            self.earlier_names.push(EarlierName { name, until: now });
        }
        self.entity = told;
        self.vanished_at = None;
        self
    }

    /// It is not listed any more: what it was stays, its days stay.
    #[must_use]
    pub fn gone(mut self, now: DateTime<Utc>) -> Self {
        self.vanished_at.get_or_insert(now);
        self.entity.status = AdStatus::Deleted;
        self
    }
}
