//! Ad accounts and campaigns as the API writes them. Amounts are decimal strings, ratios are numbers.

use crate::http::amounts::amount;
use application::ads::{AdDayPoint, CampaignRow, Margin, MarginSource};
use chrono::{DateTime, NaiveDate, Utc};
use domain::ads::{
    AccountState, AdAccount, AdFigures, AdPlatform, AdStatus, AdSyncRun, BudgetSpan,
};
use domain::money::{Currency, round_to_minor};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive as _;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = AdPlatform)]
pub(crate) enum PlatformBody {
    Meta,
    GoogleAds,
}

impl From<AdPlatform> for PlatformBody {
    fn from(platform: AdPlatform) -> Self {
        match platform {
            AdPlatform::Meta => Self::Meta,
            AdPlatform::GoogleAds => Self::GoogleAds,
        }
    }
}

impl From<PlatformBody> for AdPlatform {
    fn from(platform: PlatformBody) -> Self {
        match platform {
            PlatformBody::Meta => Self::Meta,
            PlatformBody::GoogleAds => Self::GoogleAds,
        }
    }
}

#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = AdAccountState)]
pub(crate) enum StateBody {
    Ok,
    /// Works in part: `state_reason` says what does not.
    Degraded,
    /// Somebody has to grant access again.
    Reauthorize,
    Down,
}

impl From<AccountState> for StateBody {
    fn from(state: AccountState) -> Self {
        match state {
            AccountState::Ok => Self::Ok,
            AccountState::Degraded => Self::Degraded,
            AccountState::Reauthorize => Self::Reauthorize,
            AccountState::Down => Self::Down,
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AdSeries)]
pub(crate) struct SeriesBody {
    /// Null: from the first day on.
    from: Option<NaiveDate>,
    currency: String,
    time_zone: String,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = MissingAdGrant)]
pub(crate) struct MissingBody {
    scope: String,
    /// What cannot be done without it.
    costs: String,
    required: bool,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AdSync)]
pub(crate) struct RunBody {
    pub(crate) id: String,
    account_id: String,
    /// `queued`, `running`, `cancelling`, `cancelled`, `succeeded` or `failed`.
    status: String,
    created_at: DateTime<Utc>,
    finished_at: Option<DateTime<Utc>>,
    from: Option<NaiveDate>,
    to: Option<NaiveDate>,
    days_done: Option<u64>,
    days_total: Option<u64>,
    campaigns: u64,
    ad_sets: u64,
    rows_written: u64,
    rows_removed: u64,
    warnings: Vec<String>,
    error: Option<String>,
    remedy: Option<String>,
}

impl RunBody {
    pub(crate) fn of(run: &AdSyncRun) -> Self {
        let (days_done, days_total) = run.progress().unzip();
        Self {
            id: run.id.to_string(),
            account_id: run.account.to_string(),
            status: run.status.as_str().to_owned(),
            created_at: run.created_at,
            finished_at: run.finished_at,
            from: run.range.map(|r| r.from),
            to: run.range.map(|r| r.to),
            days_done,
            days_total,
            campaigns: run.campaigns,
            ad_sets: run.ad_sets,
            rows_written: run.rows_written,
            rows_removed: run.rows_removed,
            warnings: run.warnings.iter().map(|w| w.message.clone()).collect(),
            error: run.error.as_ref().map(|e| e.message.clone()),
            remedy: run.error.as_ref().map(|e| e.remedy.clone()),
        }
    }
}

/// Credentials are never told.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AdAccount)]
pub(crate) struct AccountBody {
    pub(crate) id: String,
    store_id: String,
    platform: PlatformBody,
    /// As the platform counts.
    number: String,
    name: String,
    currency: Option<String>,
    time_zone: Option<String>,
    is_sandbox: bool,
    state: StateBody,
    state_reason: Option<String>,
    missing: Vec<MissingBody>,
    /// Another currency or zone begins a new one; days before stay as they were told.
    series: Vec<SeriesBody>,
    /// Days after this one may still move; null: all of them.
    final_through: Option<NaiveDate>,
    /// The newest day that was read, in the account's zone.
    read_through: Option<NaiveDate>,
    /// Kinds that count as a purchase, the best one first; the first that the account tells is taken.
    purchase_definition: Vec<String>,
    last_synced_at: Option<DateTime<Utc>>,
    from_environment: bool,
    last_sync: Option<RunBody>,
}

impl AccountBody {
    pub(crate) fn of(account: &AdAccount, last: Option<&AdSyncRun>) -> Self {
        let current = account.current();
        Self {
            id: account.id.to_string(),
            store_id: account.scope.store.to_string(),
            platform: account.platform.into(),
            number: account.external_id.clone(),
            name: account.name.clone(),
            currency: current.map(|s| s.currency.to_string()),
            time_zone: current.map(|s| s.zone.clone()),
            is_sandbox: account.is_sandbox,
            state: account.state.into(),
            state_reason: account.state_reason.clone(),
            missing: account
                .missing
                .iter()
                .map(|m| MissingBody {
                    scope: m.scope.clone(),
                    costs: m.costs.clone(),
                    required: m.required,
                })
                .collect(),
            series: account
                .series
                .iter()
                .map(|s| SeriesBody {
                    from: s.from,
                    currency: s.currency.to_string(),
                    time_zone: s.zone.clone(),
                })
                .collect(),
            final_through: account.final_through,
            read_through: account.read_through,
            purchase_definition: domain::ads::PurchaseDefinition::of(account.platform).0,
            last_synced_at: account.last_synced_at,
            from_environment: account.from_environment,
            last_sync: last.map(RunBody::of),
        }
    }
}

#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = CampaignStatus)]
pub(crate) enum StatusBody {
    Active,
    Paused,
    Archived,
    Deleted,
    /// A word that this version does not know; `delivery` may tell more.
    Other,
}

impl From<AdStatus> for StatusBody {
    fn from(status: AdStatus) -> Self {
        match status {
            AdStatus::Active => Self::Active,
            AdStatus::Paused => Self::Paused,
            AdStatus::Archived => Self::Archived,
            AdStatus::Deleted => Self::Deleted,
            AdStatus::Other => Self::Other,
        }
    }
}

/// What the campaign shows; the platforms' answers that are read tell none of it, so all of it is null.
#[derive(Debug, Default, Serialize, ToSchema)]
#[schema(as = CampaignContent)]
pub(crate) struct ContentBody {
    headline: Option<String>,
    description: Option<String>,
    call_to_action: Option<String>,
    image_url: Option<String>,
    video_url: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CampaignPerformance)]
pub(crate) struct PerformanceBody {
    /// Clicks of impressions, 0 to 1.
    ctr: Option<f64>,
    /// Purchases of clicks.
    conversion_rate: Option<f64>,
    cost_per_conversion: Option<String>,
    /// Spent of what a day's budget allows over the days of the range; null without a daily budget.
    budget_utilization: Option<f64>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CampaignEarlierName)]
pub(crate) struct NameBody {
    name: String,
    until: DateTime<Utc>,
}

/// Amounts are in `currency`, the account's. Conversions and revenue are the platform's own claims.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Campaign)]
pub(crate) struct CampaignBody {
    /// The account and the platform's number.
    id: String,
    account_id: String,
    number: String,
    name: String,
    earlier_names: Vec<NameBody>,
    /// A campaign speaks of no single product as the platforms tell it: null.
    product_id: Option<String>,
    product_title: Option<String>,
    platform: PlatformBody,
    /// The platform's word for what it is for: its objective, or its channel.
    format: Option<String>,
    status: StatusBody,
    /// The platform's word for whether it runs.
    delivery: Option<String>,
    budget: Option<String>,
    /// `day` or `lifetime`.
    budget_span: Option<String>,
    /// Others spend from the same budget.
    budget_is_shared: bool,
    spent: String,
    impressions: i64,
    /// People cannot be added up over days: null, with the reason in `unavailable`.
    reach: Option<i64>,
    clicks: i64,
    conversions: f64,
    claimed_revenue: String,
    roas: Option<f64>,
    /// Estimated contribution margin of claimed revenue for each unit of spend.
    poas: Option<f64>,
    /// Estimated margin of claimed revenue less spend.
    profit: Option<String>,
    created_at: Option<DateTime<Utc>>,
    currency: String,
    content: ContentBody,
    performance: PerformanceBody,
    /// Its newest days may still move.
    provisional: bool,
    last_day: Option<NaiveDate>,
    /// Which kind of conversion counts as a purchase.
    purchases_by: Option<String>,
    unavailable: BTreeMap<String, String>,
}

pub(crate) fn number(value: Option<Decimal>) -> Option<f64> {
    value.and_then(|v| v.round_dp(6).to_f64())
}

fn money(value: Option<Decimal>, currency: Currency) -> Option<String> {
    let minor = round_to_minor(value?, currency).ok()?;
    Some(amount(minor, currency))
}

/// Margin of claimed revenue less spend.
fn profit(sums: &domain::ads::AdSums, figures: &AdFigures, currency: Currency) -> Option<String> {
    let spend = Decimal::new(sums.spend, 6);
    let earned = figures.poas?.checked_mul(spend)?;
    money(earned.checked_sub(spend), currency)
}

impl CampaignBody {
    pub(crate) fn of(row: &CampaignRow, margin: &Margin, days: u64) -> Self {
        let entity = &row.stored.entity;
        let daily = entity.budget.as_ref().filter(|b| b.span == BudgetSpan::Day);
        let allowed = daily.and_then(|b| {
            let days = i64::try_from(days).ok()?;
            b.minor.checked_mul(days).map(Decimal::from)
        });
        let mut unavailable = BTreeMap::new();
        let mut none = |field: &str, why: &str| {
            unavailable.insert(field.to_owned(), why.to_owned());
        };
        none("reach", "people cannot be added up over days");
        none("product_id", "the platforms name no product of a campaign");
        if let MarginSource::Unknown(why) = &margin.source {
            none("poas", why);
        }
        if row.sums.spend == 0 {
            none("roas", "nothing was spent in these days");
        }
        if row.purchases_by.is_none() {
            none("conversions", "the account tells no purchases");
        }
        if entity.budget.is_none() {
            none("budget", "the budget is held by the ad sets, or not told");
        }
        Self {
            id: format!("{}.{}", row.account, entity.id),
            account_id: row.account.to_string(),
            number: entity.id.clone(),
            name: entity.name.clone(),
            earlier_names: row
                .stored
                .earlier_names
                .iter()
                .map(|n| NameBody {
                    name: n.name.clone(),
                    until: n.until,
                })
                .collect(),
            product_id: None,
            product_title: None,
            platform: row.platform.into(),
            format: entity.objective.clone(),
            status: entity.status.into(),
            delivery: entity.delivery.clone(),
            budget: entity
                .budget
                .as_ref()
                .map(|b| amount(b.minor, row.currency)),
            budget_span: entity.budget.as_ref().map(|b| {
                match b.span {
                    BudgetSpan::Day => "day",
                    BudgetSpan::Lifetime => "lifetime",
                }
                .to_owned()
            }),
            budget_is_shared: entity.budget.as_ref().is_some_and(|b| b.is_shared),
            spent: amount(row.spent, row.currency),
            impressions: row.sums.impressions,
            reach: None,
            clicks: row.sums.clicks,
            conversions: number(Some(Decimal::new(row.sums.purchases, 6))).unwrap_or(0.0),
            claimed_revenue: money(Some(Decimal::new(row.sums.revenue, 6)), row.currency)
                .unwrap_or_default(),
            roas: number(row.figures.roas),
            poas: number(row.figures.poas),
            profit: profit(&row.sums, &row.figures, row.currency),
            created_at: entity.created_at,
            currency: row.currency.to_string(),
            content: ContentBody::default(),
            performance: PerformanceBody {
                ctr: number(row.figures.ctr),
                conversion_rate: number(row.figures.conversion_rate),
                cost_per_conversion: money(row.figures.cost_per_purchase, row.currency),
                budget_utilization: number(
                    allowed.and_then(|all| Decimal::from(row.spent).checked_div(all)),
                ),
            },
            provisional: row.is_provisional,
            last_day: row.last_day,
            purchases_by: row.purchases_by.clone(),
            unavailable,
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CampaignDay)]
pub(crate) struct DayBody {
    day: NaiveDate,
    spent: String,
    impressions: i64,
    clicks: i64,
    conversions: f64,
    claimed_revenue: String,
    roas: Option<f64>,
    poas: Option<f64>,
    /// It may still move: conversions come late.
    provisional: bool,
}

impl DayBody {
    pub(crate) fn of(point: &AdDayPoint, currency: Currency) -> Self {
        let show = |micros| money(Some(Decimal::new(micros, 6)), currency).unwrap_or_default();
        Self {
            day: point.day,
            spent: show(point.sums.spend),
            impressions: point.sums.impressions,
            clicks: point.sums.clicks,
            conversions: number(Some(Decimal::new(point.sums.purchases, 6))).unwrap_or(0.0),
            claimed_revenue: show(point.sums.revenue),
            roas: number(point.figures.roas),
            poas: number(point.figures.poas),
            provisional: point.is_provisional,
        }
    }
}

/// The store's contribution margin before ads as a share of its net revenue whose cost is known, of the same days.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AdMargin)]
pub(crate) struct MarginBody {
    share: Option<f64>,
    /// What it is made of, in the store's currency.
    contribution_margin: Option<String>,
    net_revenue: Option<String>,
    reason: Option<String>,
}

impl MarginBody {
    pub(crate) fn of(margin: &Margin, currency: Currency) -> Self {
        let (own, reason) = match &margin.source {
            MarginSource::Own { cm2, revenue } => (Some((*cm2, *revenue)), None),
            MarginSource::Unknown(why) => (None, Some(why.clone())),
        };
        Self {
            share: number(margin.share),
            contribution_margin: own.map(|(cm2, _)| amount(cm2, currency)),
            net_revenue: own.map(|(_, revenue)| amount(revenue, currency)),
            reason,
        }
    }
}
