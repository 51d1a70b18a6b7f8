//! `GET /v1/rates/status`

use super::list::RateBody;
use crate::auth::Caller;
use crate::problem::Problem;
use crate::state::App;
use actix_web::web;
use application::rates::{FeedCondition, FeedView, MissingRates, Rates, RatesError};
use chrono::{DateTime, NaiveDate, Utc};
use domain::ids::WorkspaceId;
use ports::rates::RateSeries;
use serde::Serialize;
use utoipa::ToSchema;

/// Days of a pair that are listed by name; all of them are counted.
const LISTED: usize = 60;

/// The published series that fills the table.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RateFeed)]
pub(crate) struct FeedBody {
    /// `off` (RATES_URL is not set), `waiting`, `ok` or `failing`.
    state: String,
    url: Option<String>,
    publisher: Option<String>,
    last_attempt_at: Option<DateTime<Utc>>,
    last_success_at: Option<DateTime<Utc>>,
    /// Its newest day.
    newest: Option<NaiveDate>,
    error: Option<String>,
    /// Attempts that failed since the last success.
    failures: u32,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RateSeries)]
pub(crate) struct SeriesBody {
    base: String,
    quote: String,
    source: String,
    count: u64,
    oldest: NaiveDate,
    newest: NaiveDate,
    latest: RateBody,
}

/// Days with sales that have no rate into the workspace's currency.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = MissingRates)]
pub(crate) struct MissingBody {
    from: String,
    to: String,
    count: usize,
    first: Option<NaiveDate>,
    last: Option<NaiveDate>,
    /// The first sixty.
    days: Vec<NaiveDate>,
    /// Names of the stores that sold on them.
    stores: Vec<String>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RateStatus)]
pub(crate) struct Body {
    /// The workspace's currency; null while there is no store.
    pub(crate) currency: Option<String>,
    pub(crate) max_rate_age_days: u32,
    pub(crate) feed: FeedBody,
    /// One for each pair and source that has rates.
    pub(crate) series: Vec<SeriesBody>,
    pub(crate) missing: Vec<MissingBody>,
}

#[utoipa::path(
    get, path = "/v1/rates/status", operation_id = "rate_status", tag = "rates",
    summary = "The published series, the pairs that have rates, and the pairs that lack them",
    responses((status = 200, body = Body))
)]
pub(crate) async fn handle(app: web::Data<App>, who: Caller) -> Result<web::Json<Body>, Problem> {
    Ok(web::Json(status(&app.rates, who.workspace.id).await?))
}

pub(crate) async fn status(rates: &Rates, workspace: WorkspaceId) -> Result<Body, RatesError> {
    let money = rates.money(workspace).await?;
    let feed = rates.feed(workspace).await?;
    let series = rates.series(workspace).await?;
    let missing = rates.missing(workspace).await?;
    Ok(Body {
        currency: money.currency.map(|c| c.to_string()),
        max_rate_age_days: money.settings.max_age_days,
        feed: FeedBody::of(feed),
        series: series.iter().map(SeriesBody::of).collect(),
        missing: missing.iter().map(MissingBody::of).collect(),
    })
}

impl FeedBody {
    fn of(feed: FeedView) -> Self {
        let state = match feed.condition {
            FeedCondition::Off => "off",
            FeedCondition::Waiting => "waiting",
            FeedCondition::Ok => "ok",
            FeedCondition::Failing => "failing",
        };
        let known = feed.state.as_ref();
        Self {
            state: state.to_owned(),
            last_attempt_at: known.map(|s| s.last_attempt_at),
            last_success_at: known.and_then(|s| s.last_success_at),
            newest: known.and_then(|s| s.newest),
            failures: known.map_or(0, |s| s.failures),
            error: feed.state.and_then(|s| s.error),
            url: feed.url,
            publisher: feed.publisher,
        }
    }

    pub(crate) fn in_words(&self) -> String {
        let newest = self.newest.map(|day| format!(", newest {day}"));
        let error = self.error.as_ref().map(|error| format!(": {error}"));
        format!(
            "published series: {} {}{}{}",
            self.state,
            self.url.as_deref().unwrap_or("(RATES_URL is not set)"),
            newest.unwrap_or_default(),
            error.unwrap_or_default()
        )
    }
}

impl SeriesBody {
    fn of(series: &RateSeries) -> Self {
        Self {
            base: series.base.to_string(),
            quote: series.quote.to_string(),
            source: series.source.as_str().to_owned(),
            count: series.count,
            oldest: series.oldest,
            newest: series.newest,
            latest: RateBody::of(&series.latest),
        }
    }

    pub(crate) fn in_words(&self) -> String {
        format!(
            "{}/{}  {} rates ({}), {} to {}, newest {}",
            self.base,
            self.quote,
            self.count,
            self.source,
            self.oldest,
            self.newest,
            self.latest.value
        )
    }
}

impl MissingBody {
    fn of(missing: &MissingRates) -> Self {
        Self {
            from: missing.from.to_string(),
            to: missing.to.to_string(),
            count: missing.days.len(),
            first: missing.days.first().copied(),
            last: missing.days.last().copied(),
            days: missing.days.iter().take(LISTED).copied().collect(),
            stores: missing.stores.iter().cloned().collect(),
        }
    }

    pub(crate) fn in_words(&self) -> String {
        let day = |day: Option<NaiveDate>| day.map(|d| d.to_string()).unwrap_or_default();
        format!(
            "missing: {} to {} on {} days from {} to {} ({})",
            self.from,
            self.to,
            self.count,
            day(self.first),
            day(self.last),
            self.stores.join(", ")
        )
    }
}
