//! Platforms that sell advertisements: what they tell of an account, and the few things that are changed there.

use crate::PortResult;
use async_trait::async_trait;
use domain::ads::{AdEntity, AdIdentity, AdLevel, AdPlatform, AdStatus, Budget, InsightDay};
use domain::calendar::DayRange;
use domain::money::Currency;
use secrecy::SecretString;
use std::sync::Arc;

/// The way to one account.
#[derive(Debug, Clone)]
pub struct AdSettings {
    pub platform: AdPlatform,
    /// Digits: without `act_` (Meta), without dashes (Google).
    pub external_id: String,
    /// Google: the manager account through which it is reached.
    pub login_account: Option<String>,
    /// `None`: the platform's own host.
    pub base_url: Option<String>,
    /// `None`: the version that this release was made for.
    pub api_version: Option<String>,
    pub auth: AdAuth,
}

#[derive(Debug, Clone)]
pub enum AdAuth {
    /// Meta: the token of a system user, or of a person.
    Token {
        token: SecretString,
        /// With it every call proves that it comes from the app.
        app_secret: Option<SecretString>,
    },
    /// Google: a token is fetched for an hour at a time.
    Refresh {
        client_id: String,
        client_secret: SecretString,
        refresh_token: SecretString,
        /// Sent only where it is there: an empty one is refused.
        developer_token: Option<SecretString>,
    },
}

/// Reads an account. Money is in its currency, days are in its zone.
#[async_trait]
pub trait AdSource: Send + Sync {
    /// Who answers, and what is missing. `Unauthorized`: somebody has to grant access again.
    async fn identify(&self) -> PortResult<AdIdentity>;

    /// All that is listed at a level, whatever its state; the platform may leave out what was deleted.
    async fn structure(&self, level: AdLevel) -> PortResult<Vec<AdEntity>>;

    /// Every row of a day that the platform tells in the range, in any order; what is not there has neither spend nor views.
    /// A report that the platform cannot finish is asked for in smaller parts before this fails.
    async fn insights(&self, level: AdLevel, range: DayRange) -> PortResult<Vec<InsightDay>>;

    /// The first `most` ads of one campaign that the platform lists, with what each was in the range: for a look at one campaign, as
    /// ads are far more than anybody looks at. `NotFound` where the platform knows no such campaign.
    async fn ads_of(&self, campaign: &str, range: DayRange, most: usize) -> PortResult<AdsOf>;
}

/// Ads of one campaign.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AdsOf {
    pub ads: Vec<AdEntity>,
    /// One row for each of them that ran, the whole range in one: its `day` is the first of the range.
    pub totals: Vec<InsightDay>,
    /// The platform lists more of them.
    pub is_cut: bool,
}

/// What is changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AdTarget {
    pub level: AdLevel,
    pub id: String,
}

/// What it is now, as the platform tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AdState {
    pub status: AdStatus,
    pub delivery: Option<String>,
    pub budget: Option<Budget>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AdChange {
    /// Only `Active` and `Paused` can be asked for.
    Status(AdStatus),
    /// The budget as it should be; its resource and span are those that were read.
    Budget(Budget),
}

/// A campaign that is to be made: paused, over one budget a day, with nothing to show yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewCampaign {
    /// At most 128 characters.
    pub name: String,
    /// Minor units.
    pub daily_budget: i64,
    /// The account's.
    pub currency: Currency,
}

/// Whether the platform is to do it, or only to say whether it would.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    DryRun,
    Write,
}

/// Changes an account. An answer that says yes is no proof: whoever writes looks again.
#[async_trait]
pub trait AdWriter: Send + Sync {
    /// `NotFound` when it is not there any more.
    async fn look(&self, target: &AdTarget) -> PortResult<AdState>;

    /// `Rejected` with the platform's own reason; `Retry::Reconcile` when nobody can tell whether it happened.
    async fn change(&self, target: &AdTarget, change: &AdChange, mode: Mode) -> PortResult<()>;

    /// The campaign of exactly this name that is listed now, with its number; of several the first one. `None`: none is, or only
    /// such as were archived or removed.
    async fn named(&self, name: &str) -> PortResult<Option<(String, AdState)>>;

    /// Makes a campaign that does not run; another one of the same name is made where the platform lets it. Errors as of
    /// [`Self::change`].
    async fn create(&self, new: &NewCampaign, mode: Mode) -> PortResult<()>;

    /// Archives a campaign (Meta) or removes it (Google); doing it again changes nothing.
    async fn retire(&self, number: &str) -> PortResult<()>;
}

pub trait AdPlatforms: Send + Sync {
    /// # Errors
    /// `Configuration` when an address, an id or credentials cannot be right.
    fn open(&self, settings: &AdSettings) -> PortResult<Arc<dyn AdSource>>;

    /// # Errors
    /// As [`Self::open`].
    fn writer(&self, settings: &AdSettings) -> PortResult<Arc<dyn AdWriter>>;

    /// The platform's address, from the settings; and the version that this release was made for.
    fn defaults(&self, platform: AdPlatform) -> (String, String);
}
