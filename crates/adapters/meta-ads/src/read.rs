//! Who the account is, what is in it, and its days.

use crate::client::MetaAds;
use crate::errors::{Meaning, Said};
use crate::offset::to_minor;
use crate::wire::{Account, Insight, Permission, Thing};
use async_trait::async_trait;
use chrono::{DateTime, NaiveDate, Utc};
use domain::ads::{
    AdEntity, AdIdentity, AdLevel, AdStatus, Budget, BudgetSpan, InsightDay, MissingGrant,
    RawConversion, parse_micros,
};
use domain::calendar::DayRange;
use domain::money::Currency;
use ports::ad_platforms::{AdSource, AdsOf};
use ports::{Kind, PortResult, Retry};
use serde_json::json;
use std::collections::BTreeMap;

pub const ACCOUNT_FIELDS: &str = "account_id,name,currency,timezone_name,account_status";
/// Of every level; those of the level itself come before them.
pub const INSIGHT_FIELDS: &str =
    "spend,impressions,clicks,reach,actions,action_values,attribution_setting";
/// Reports of at most so many days are asked for at once, longer ones as jobs.
const AT_ONCE_DAYS: u64 = 7;
const PAGE: u32 = 100;
const REPORT_PAGE: u32 = 500;

/// What is read of a thing at each level.
#[must_use]
pub const fn fields_of(level: AdLevel) -> &'static str {
    match level {
        AdLevel::Campaign => {
            "id,name,objective,status,effective_status,daily_budget,lifetime_budget,created_time"
        }
        AdLevel::AdSet => {
            "id,name,campaign_id,optimization_goal,status,effective_status,daily_budget,lifetime_budget,created_time"
        }
        AdLevel::Ad => "id,name,adset_id,status,effective_status,created_time",
    }
}

const fn edge(level: AdLevel) -> &'static str {
    match level {
        AdLevel::Campaign => "campaigns",
        AdLevel::AdSet => "adsets",
        AdLevel::Ad => "ads",
    }
}

#[async_trait]
impl AdSource for MetaAds {
    async fn identify(&self) -> PortResult<AdIdentity> {
        let operation = "ads.identify";
        let path = format!("act_{}", self.account);
        let query = [("fields", ACCOUNT_FIELDS.to_owned())];
        let told: Account = match self.get(operation, &path, &query).await? {
            Ok(account) => account,
            Err(said) => return Err(self.refused(operation, &said)),
        };
        let granted: Vec<Permission> =
            match self.pages(operation, "me/permissions", &[], PAGE).await? {
                Ok(granted) => granted,
                Err(said) => return Err(self.refused(operation, &said)),
            };
        let has = |scope: &str| {
            let granted = granted.iter().filter(|p| p.status == "granted");
            granted.clone().any(|p| p.permission == scope)
        };
        let may_write = has("ads_management");
        let mut missing = Vec::new();
        if !has("ads_read") && !may_write {
            missing.push(MissingGrant {
                scope: "ads_read".to_owned(),
                costs: "Nothing of the account can be read.".to_owned(),
                required: true,
            });
        }
        if !may_write {
            missing.push(MissingGrant {
                scope: "ads_management".to_owned(),
                costs: "Campaigns cannot be paused and budgets cannot be changed.".to_owned(),
                required: false,
            });
        }
        let currency = Currency::parse(&told.currency)
            .map_err(|e| self.nonsense(operation, &e.to_string()))?;
        Ok(AdIdentity {
            external_id: told.account_id,
            name: told.name,
            currency,
            zone: told.timezone_name,
            not_running: not_running(told.account_status),
            is_sandbox: self.is_sandbox,
            missing,
        })
    }

    async fn structure(&self, level: AdLevel) -> PortResult<Vec<AdEntity>> {
        let operation = "ads.structure";
        let currency = self.currency(operation).await?;
        let path = format!("act_{}/{}", self.account, edge(level));
        let query = [("fields", fields_of(level).to_owned())];
        let things: Vec<Thing> = match self.pages(operation, &path, &query, PAGE).await? {
            Ok(things) => things,
            Err(said) => return Err(self.refused(operation, &said)),
        };
        let entities = things.into_iter().map(|t| self.entity(t, level, currency));
        entities.collect()
    }

    async fn insights(&self, level: AdLevel, range: DayRange) -> PortResult<Vec<InsightDay>> {
        let operation = "ads.insights";
        // Parts still to read; a part that cannot be finished is halved.
        let (mut parts, mut rows) = (vec![range], Vec::new());
        while let Some(part) = parts.pop() {
            let at_once = level == AdLevel::Campaign && part.len_days() <= AT_ONCE_DAYS;
            let read = if at_once {
                self.report_now(level, part).await?
            } else {
                self.report_as_job(level, part).await?
            };
            match read {
                Ok(told) if rows.is_empty() => rows = told,
                Ok(told) => rows.extend(told),
                Err(_) if part.from < part.to => {
                    let middle = part.from + chrono::Days::new((part.len_days() - 1) / 2);
                    parts.push(DayRange {
                        from: part.from,
                        to: middle,
                    });
                    parts.push(DayRange {
                        from: middle + chrono::Days::new(1),
                        to: part.to,
                    });
                }
                Err(why) => {
                    let detail = format!(
                        "Meta did not finish the report of {} for account {}: {why}",
                        part.from, self.account
                    );
                    let later = Retry::After(std::time::Duration::from_secs(900));
                    return Err(self.error(Kind::Unavailable, later, operation, detail));
                }
            }
        }
        Ok(rows)
    }

    async fn ads_of(&self, campaign: &str, range: DayRange, most: usize) -> PortResult<AdsOf> {
        crate::ads_of::read(self, campaign, range, most).await
    }
}

/// Parameters of a report; days of the account, both ends included.
pub(crate) fn report(level: AdLevel, range: DayRange) -> Vec<(&'static str, String)> {
    let (name, own) = match level {
        AdLevel::Campaign => ("campaign", "campaign_id"),
        AdLevel::AdSet => ("adset", "campaign_id,adset_id"),
        AdLevel::Ad => ("ad", "campaign_id,adset_id,ad_id"),
    };
    let days = json!({ "since": range.from.to_string(), "until": range.to.to_string() });
    vec![
        ("level", name.to_owned()),
        ("fields", format!("{own},{INSIGHT_FIELDS}")),
        ("time_range", days.to_string()),
        ("time_increment", "1".to_owned()),
    ]
}

impl MetaAds {
    pub(crate) async fn currency(&self, operation: &'static str) -> PortResult<Currency> {
        let path = format!("act_{}", self.account);
        let query = [("fields", ACCOUNT_FIELDS.to_owned())];
        match self.get::<Account>(operation, &path, &query).await? {
            Ok(account) => Currency::parse(&account.currency)
                .map_err(|e| self.nonsense(operation, &e.to_string())),
            Err(said) => Err(self.refused(operation, &said)),
        }
    }

    async fn report_now(
        &self,
        level: AdLevel,
        range: DayRange,
    ) -> PortResult<Result<Vec<InsightDay>, String>> {
        let path = format!("act_{}/insights", self.account);
        let query = report(level, range);
        self.days("ads.insights", &path, &query, level, range).await
    }

    /// The rows of a report, page by page: what a row says in Meta's words is several times as large as what is kept of it.
    pub(crate) async fn days(
        &self,
        operation: &'static str,
        path: &str,
        query: &[(&str, String)],
        level: AdLevel,
        range: DayRange,
    ) -> PortResult<Result<Vec<InsightDay>, String>> {
        let mut rows = Vec::new();
        let read = self.each_page(operation, path, query, REPORT_PAGE, |page: Vec<Insight>| {
            for row in page {
                rows.push(self.row(row, level, range)?);
            }
            Ok(())
        });
        match read.await? {
            Ok(()) => Ok(Ok(rows)),
            Err(said) => self.smaller_or_refused(operation, &said).map(Err),
        }
    }

    /// Why a report was too large; any other error is one.
    pub(crate) fn smaller_or_refused(
        &self,
        operation: &'static str,
        said: &Said,
    ) -> PortResult<String> {
        match said.meaning() {
            Meaning::TooMuch => Ok("it is too large".to_owned()),
            _ => Err(self.refused(operation, said)),
        }
    }

    pub(crate) fn entity(
        &self,
        thing: Thing,
        level: AdLevel,
        currency: Currency,
    ) -> PortResult<AdEntity> {
        let parent = match level {
            AdLevel::Campaign => None,
            AdLevel::AdSet => thing.campaign_id,
            AdLevel::Ad => thing.adset_id,
        };
        let budget = self.budget(
            thing.daily_budget.as_deref(),
            thing.lifetime_budget.as_deref(),
            currency,
        )?;
        Ok(AdEntity {
            level,
            id: thing.id,
            parent,
            name: thing.name,
            status: status(thing.status.as_deref()),
            delivery: thing.effective_status,
            objective: thing.objective.or(thing.optimization_goal),
            budget,
            created_at: thing.created_time.as_deref().and_then(instant),
        })
    }

    pub(crate) fn budget(
        &self,
        daily: Option<&str>,
        lifetime: Option<&str>,
        currency: Currency,
    ) -> PortResult<Option<Budget>> {
        let set = |text: Option<&str>| text.filter(|t| *t != "0").map(str::to_owned);
        let (span, text) = match (set(daily), set(lifetime)) {
            (Some(text), _) => (BudgetSpan::Day, text),
            (None, Some(text)) => (BudgetSpan::Lifetime, text),
            (None, None) => return Ok(None),
        };
        let units = text
            .parse()
            .ok()
            .and_then(|units| to_minor(units, currency));
        let minor = units
            .ok_or_else(|| self.nonsense("ads.structure", &format!("a budget of {text:?}")))?;
        Ok(Some(Budget {
            span,
            minor,
            resource: None,
            is_shared: false,
        }))
    }

    pub(crate) fn row(
        &self,
        told: Insight,
        level: AdLevel,
        asked: DayRange,
    ) -> PortResult<InsightDay> {
        let operation = "ads.insights";
        let id = match level {
            AdLevel::Campaign => told.campaign_id,
            AdLevel::AdSet => told.adset_id,
            AdLevel::Ad => told.ad_id,
        };
        let id = id.ok_or_else(|| self.nonsense(operation, "a row without its number"))?;
        if !asked.contains(told.date_start) {
            let day = told.date_start;
            return Err(self.nonsense(operation, &format!("{day} was not asked for")));
        }
        let amount = |text: Option<&str>| match text {
            None => Ok(0),
            Some(text) => parse_micros(text).map_err(|e| self.nonsense(operation, &e.to_string())),
        };
        let whole = |text: Option<String>| match text {
            None => Ok(None),
            Some(text) => text
                .parse::<i64>()
                .map(Some)
                .map_err(|_| self.nonsense(operation, &format!("{text:?} is no count"))),
        };
        let mut values = BTreeMap::new();
        for value in &told.action_values {
            values.insert(value.action_type.as_str(), amount(value.value.as_deref())?);
        }
        let mut conversions = Vec::with_capacity(told.actions.len());
        for action in &told.actions {
            conversions.push(RawConversion {
                kind: action.action_type.clone(),
                count: amount(action.value.as_deref())?,
                value: values.remove(action.action_type.as_str()),
            });
        }
        Ok(InsightDay {
            level,
            id,
            day: told.date_start,
            spend: amount(told.spend.as_deref())?,
            impressions: whole(told.impressions)?.unwrap_or(0),
            clicks: whole(told.clicks)?.unwrap_or(0),
            reach: whole(told.reach)?,
            conversions,
            attribution: told.attribution_setting,
        })
    }
}

pub(crate) fn status(word: Option<&str>) -> AdStatus {
    match word {
        Some("ACTIVE") => AdStatus::Active,
        Some("PAUSED") => AdStatus::Paused,
        Some("ARCHIVED") => AdStatus::Archived,
        Some("DELETED") => AdStatus::Deleted,
        _ => AdStatus::Other,
    }
}

/// Meta writes `2026-11-01T10:00:00+0100`.
fn instant(text: &str) -> Option<DateTime<Utc>> {
    let told = DateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%z").ok()?;
    Some(told.with_timezone(&Utc)).filter(|t| t.date_naive() > NaiveDate::MIN)
}

/// Meta's numbers of an account's state; 1, 201 and 9 (a few days' grace) run.
fn not_running(status: Option<i64>) -> Option<String> {
    Some(
        match status? {
            1 | 9 | 201 => return None,
            2 => "DISABLED",
            3 => "UNSETTLED",
            7 => "PENDING_RISK_REVIEW",
            8 => "PENDING_SETTLEMENT",
            100 => "PENDING_CLOSURE",
            101 | 202 => "CLOSED",
            other => return Some(format!("state {other}")),
        }
        .to_owned(),
    )
}
