//! `GET /v1/opportunity-research`: what the agent of research learned, and what it watches.

use super::view::hundredths;
use crate::auth::Caller;
use crate::http::reports::query::store_id;
use crate::problem::Problem;
use crate::state::App;
use actix_web::web;
use chrono::{DateTime, Utc};
use domain::agents::research::{Learned, Rate};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Query {
    #[param(value_type = Option<String>, pattern = "^([0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12})?$")]
    store_id: Option<String>,
}

/// So many of so many, with Wilson's interval of 95 %.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ResearchRate)]
pub(crate) struct RateBody {
    hits: i64,
    of: i64,
    /// Percent; null of none.
    rate: Option<f64>,
    low: Option<f64>,
    high: Option<f64>,
}

impl From<Rate> for RateBody {
    fn from(rate: Rate) -> Self {
        Self {
            hits: rate.hits,
            of: rate.of,
            rate: rate.share.map(hundredths),
            low: rate.interval.map(|(low, _)| hundredths(low)),
            high: rate.interval.map(|(_, high)| hundredths(high)),
        }
    }
}

/// What was learned of a kind of goods, or of a supplier.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ResearchLearned)]
pub(crate) struct LearnedBody {
    /// In small letters.
    name: String,
    accepted: i64,
    rejected: i64,
    /// Of the drafts whose days are over.
    sold: i64,
    unsold: i64,
    /// Points that are added to a score.
    points: f64,
}

impl From<&Learned> for LearnedBody {
    fn from(learned: &Learned) -> Self {
        Self {
            name: learned.name.clone(),
            accepted: learned.accepted,
            rejected: learned.rejected,
            sold: learned.sold,
            unsold: learned.unsold,
            points: hundredths(learned.lean),
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ResearchWatched)]
pub(crate) struct WatchedBody {
    #[schema(format = "uuid")]
    opportunity_id: String,
    title: String,
    /// From 0 to 100.
    score: f64,
    /// What it lacks.
    why: String,
}

/// The newest look of the agent.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OpportunityResearch)]
pub(crate) struct Body {
    agent: String,
    /// Null: it has not looked yet, or what it looked at is not kept any more.
    #[schema(format = "uuid")]
    run_id: Option<String>,
    looked_at: Option<DateTime<Utc>>,
    summary: Option<String>,
    /// Drafts that sold in their days, of those whose days are over.
    hit_rate: RateBody,
    /// Drafts whose days are not over.
    open: i64,
    accepted: RateBody,
    categories: Vec<LearnedBody>,
    suppliers: Vec<LearnedBody>,
    /// The best first.
    watch_list: Vec<WatchedBody>,
}

#[utoipa::path(
    get, path = "/v1/opportunity-research", operation_id = "opportunity_research", tag = "opportunities",
    summary = "How right the agent's earlier proposals were, what it learned, and what it watches",
    params(Query),
    responses((status = 200, body = Body))
)]
pub(crate) async fn handle(
    app: web::Data<App>,
    who: Caller,
    query: web::Query<Query>,
) -> Result<web::Json<Body>, Problem> {
    let id = store_id(query.store_id.as_deref())?;
    let store = app.opportunities.store(who.workspace.id, id).await?;
    let told = app.agents.research(&store).await?;
    let run = told.run.as_ref();
    Ok(web::Json(Body {
        agent: domain::agents::research::SPEC.id.to_string(),
        run_id: run.map(|r| r.id.to_string()),
        looked_at: run.map(|r| r.finished_at.or(r.started_at).unwrap_or(r.created_at)),
        summary: run.and_then(|r| r.summary.clone()),
        hit_rate: told.record.hits.into(),
        open: told.record.open,
        accepted: told.record.accepted.into(),
        categories: told.record.categories.iter().map(Into::into).collect(),
        suppliers: told.record.suppliers.iter().map(Into::into).collect(),
        watch_list: told
            .watch_list
            .into_iter()
            .map(|one| WatchedBody {
                opportunity_id: one.id.to_string(),
                title: one.title,
                score: hundredths(one.score),
                why: one.why,
            })
            .collect(),
    }))
}
