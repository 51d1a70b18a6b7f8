//! `GET /v1/rates`

use crate::auth::Caller;
use crate::http::paging;
use crate::problem::{FieldError, Problem};
use crate::state::App;
use actix_web::web;
use chrono::{DateTime, NaiveDate, Utc};
use domain::fx::RateSource;
use domain::money::Currency;
use ports::rates::{RateFilter, StoredRate};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// Who told a rate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = RateSource)]
pub(crate) enum Source {
    Entered,
    Imported,
    Feed,
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Query {
    base: Option<String>,
    quote: Option<String>,
    #[param(inline = false)]
    source: Option<Source>,
    cursor: Option<String>,
    /// 1 to 250; 50 when left out.
    #[param(minimum = 1, maximum = 250)]
    limit: Option<u32>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Rate)]
pub(crate) struct RateBody {
    pub(crate) day: NaiveDate,
    pub(crate) base: String,
    pub(crate) quote: String,
    /// Units of `quote` for one of `base`.
    pub(crate) value: String,
    /// `entered`, `imported` or `feed`.
    pub(crate) source: String,
    /// Who or what told it.
    pub(crate) origin: String,
    pub(crate) observed_at: DateTime<Utc>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RateList)]
pub(crate) struct Body {
    /// Newest day first.
    rates: Vec<RateBody>,
    total: Option<u64>,
    next_cursor: Option<String>,
}

#[utoipa::path(
    get, path = "/v1/rates", operation_id = "rates", tag = "rates",
    summary = "Exchange rates, newest day first",
    params(Query),
    responses((status = 200, body = Body))
)]
pub(crate) async fn handle(
    app: web::Data<App>,
    who: Caller,
    query: web::Query<Query>,
) -> Result<web::Json<Body>, Problem> {
    let filter = RateFilter {
        base: currency("base", query.base.as_deref())?,
        quote: currency("quote", query.quote.as_deref())?,
        source: query.source.map(Source::source),
    };
    let page = paging::page(query.cursor.as_deref(), query.limit)?;
    let found = app.rates.list(who.workspace.id, filter, &page).await?;
    Ok(web::Json(Body {
        rates: found.items.iter().map(RateBody::of).collect(),
        total: found.total,
        next_cursor: found.next_cursor,
    }))
}

fn currency(field: &'static str, code: Option<&str>) -> Result<Option<Currency>, Problem> {
    code.filter(|c| !c.is_empty())
        .map(|code| {
            Currency::parse(code)
                .map_err(|e| Problem::invalid(vec![FieldError::new(field, e.to_string())]))
        })
        .transpose()
}

impl Source {
    pub(crate) const fn source(self) -> RateSource {
        match self {
            Self::Entered => RateSource::Entered,
            Self::Imported => RateSource::Imported,
            Self::Feed => RateSource::Feed,
        }
    }
}

impl RateBody {
    pub(crate) fn of(stored: &StoredRate) -> Self {
        let rate = &stored.rate;
        Self {
            day: rate.day,
            base: rate.base.to_string(),
            quote: rate.quote.to_string(),
            value: rate.value.to_string(),
            source: rate.source.as_str().to_owned(),
            origin: stored.origin.clone(),
            observed_at: stored.observed_at,
        }
    }
}
