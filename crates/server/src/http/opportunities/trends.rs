//! `/v1/trends`, `/v1/trend-file`: how much is looked for what, from files that people bring.

use super::settings::Query;
use crate::auth::Caller;
use crate::http::ids::own_id;
use crate::http::reports::query::store_id;
use crate::problem::Problem;
use crate::state::App;
use actix_web::{HttpResponse, web};
use application::opportunities::{TrendTold, TrendsTold};
use chrono::{DateTime, NaiveDate, Utc};
use domain::opportunity::{TrendAbout, TrendSeries};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Lines that an answer names; all are counted.
const MOST_SHOWN: usize = 200;

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = TrendAbout)]
pub(crate) enum AboutBody {
    Keyword,
    Category,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TrendSeries)]
pub(crate) struct SeriesBody {
    #[schema(format = "uuid")]
    id: String,
    about: AboutBody,
    /// The keyword or the category.
    text: String,
    /// Where the file is from, in the words of who brought it.
    source: String,
    weeks: usize,
    /// Mondays.
    first_week: Option<NaiveDate>,
    last_week: Option<NaiveDate>,
    read_at: DateTime<Utc>,
    read_by: String,
    /// From 0 to 100, 50 for as much as before; null: it says nothing now.
    points: Option<i64>,
    low: Option<i64>,
    high: Option<i64>,
    /// Percent that the last eight weeks are above those that they are held against.
    growth_percent: Option<i64>,
    against: Option<String>,
    /// Why it says nothing.
    reason: Option<String>,
}

impl SeriesBody {
    fn of(series: &TrendSeries, now: DateTime<Utc>) -> Self {
        let found = series.found(now);
        let told = found.as_ref().ok();
        Self {
            id: series.id.to_string(),
            about: match &series.about {
                TrendAbout::Keyword(_) => AboutBody::Keyword,
                TrendAbout::Category(_) => AboutBody::Category,
            },
            text: series.about.text().to_owned(),
            source: series.source.clone(),
            weeks: series.points.len(),
            first_week: series.points.first().map(|p| p.week),
            last_week: series.points.last().map(|p| p.week),
            read_at: series.read_at,
            read_by: series.read_by.name.clone(),
            points: told.map(|f| f.points.value),
            low: told.map(|f| f.points.low),
            high: told.map(|f| f.points.high),
            growth_percent: told.map(|f| f.growth),
            against: told.map(|f| f.against.to_owned()),
            reason: found.err(),
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TrendList)]
pub(crate) struct ListBody {
    /// By their term; none: no source of trends is connected, and the factor is left out of every score.
    trends: Vec<SeriesBody>,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = TrendFile)]
pub(crate) struct Body {
    /// The file itself: a column `week`, `day` or `date`, and a column for each keyword; or `week`, `keyword` or `category`, and `index`.
    text: String,
    /// Where it is from, such as the export of a search engine.
    #[schema(min_length = 1, max_length = 80)]
    source: String,
    #[schema(format = "uuid")]
    store_id: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TrendFileSeries)]
pub(crate) struct ToldBody {
    #[serde(flatten)]
    series: SeriesBody,
    /// Whether it stands in place of an older one of the same term.
    replaces: bool,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TrendFileLine)]
pub(crate) struct LineBody {
    /// In the file, from 1.
    line: u64,
    reason: String,
}

/// What the file would do, or has done.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TrendFileReport)]
pub(crate) struct ReportBody {
    applied: bool,
    series: Vec<ToldBody>,
    /// Lines that cannot be read, at most 200 of them.
    refused: Vec<LineBody>,
    refused_count: usize,
    /// Terms that are left out because of them.
    left_out: Vec<String>,
}

impl ReportBody {
    fn of(told: &TrendsTold, now: DateTime<Utc>) -> Self {
        let series = |t: &TrendTold| ToldBody {
            series: SeriesBody::of(&t.series, now),
            replaces: t.replaces,
        };
        let line = |(line, reason): &(u64, String)| LineBody {
            line: *line,
            reason: reason.clone(),
        };
        Self {
            applied: told.applied,
            series: told.series.iter().map(series).collect(),
            refused: told.refused.iter().take(MOST_SHOWN).map(line).collect(),
            refused_count: told.refused.len(),
            left_out: told.left_out.iter().cloned().collect(),
        }
    }
}

#[utoipa::path(
    get, path = "/v1/trends", operation_id = "trends", tag = "opportunities",
    summary = "How much is looked for what, from the files that were brought, with what each says now",
    params(Query),
    responses((status = 200, body = ListBody))
)]
pub(crate) async fn list(
    app: web::Data<App>,
    who: Caller,
    query: web::Query<Query>,
) -> Result<web::Json<ListBody>, Problem> {
    let store = query.pick(&app, &who).await?;
    let all = app.opportunities.trends(&store).await?;
    let now = app.now();
    let trends = all.iter().map(|s| SeriesBody::of(s, now)).collect();
    Ok(web::Json(ListBody { trends }))
}

#[utoipa::path(
    delete, path = "/v1/trends/{id}", operation_id = "forget_trend", tag = "opportunities",
    summary = "Takes a series away; everything is scored without it",
    params(("id" = String, Path), Query),
    responses((status = 204, description = "it is gone"), (status = 404, response = crate::openapi::ProblemResponse))
)]
pub(crate) async fn forget(
    app: web::Data<App>,
    who: Caller,
    id: web::Path<String>,
    query: web::Query<Query>,
) -> Result<HttpResponse, Problem> {
    let store = query.pick(&app, &who).await?;
    let id = own_id(&id, "trend")?;
    let by = who.actor();
    app.opportunities.forget_trend(&store, id, &by).await?;
    Ok(HttpResponse::NoContent().finish())
}

async fn told(
    app: &App,
    who: &Caller,
    body: Body,
    apply: bool,
) -> Result<web::Json<ReportBody>, Problem> {
    let id = store_id(body.store_id.as_deref())?;
    let store = app.opportunities.store(who.workspace.id, id).await?;
    let (file, by) = ((body.text.into_bytes(), body.source.as_str()), who.actor());
    let opportunities = &app.opportunities;
    let told = opportunities.trends_from_file(&store, file, apply, &by);
    let told = told.await?;
    Ok(web::Json(ReportBody::of(&told, app.now())))
}

#[utoipa::path(
    post, path = "/v1/trend-file/preview", operation_id = "preview_trends", tag = "opportunities",
    summary = "Looks at a file of trends and changes nothing",
    request_body = Body,
    responses(
        (status = 200, body = ReportBody),
        (status = 422, body = crate::problem::ProblemBody, content_type = "application/problem+json", description = "it is no such table; `errors` says why"),
    )
)]
pub(crate) async fn preview(
    app: web::Data<App>,
    who: Caller,
    body: web::Json<Body>,
) -> Result<web::Json<ReportBody>, Problem> {
    told(&app, &who, body.into_inner(), false).await
}

#[utoipa::path(
    post, path = "/v1/trend-file", operation_id = "import_trends", tag = "opportunities",
    summary = "Takes a file of trends over: a term replaces the one of the same name, and everything is scored by it",
    request_body = Body,
    responses(
        (status = 200, body = ReportBody),
        (status = 422, body = crate::problem::ProblemBody, content_type = "application/problem+json", description = "it is no such table, or has nothing that can be taken over; `errors` says why"),
    )
)]
pub(crate) async fn import(
    app: web::Data<App>,
    who: Caller,
    body: web::Json<Body>,
) -> Result<web::Json<ReportBody>, Problem> {
    told(&app, &who, body.into_inner(), true).await
}
