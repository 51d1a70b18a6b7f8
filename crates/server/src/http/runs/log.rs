//! `GET /v1/runs/{id}/log`

use crate::auth::Caller;
use crate::http::ids::own_id;
use crate::problem::{FieldError, Problem};
use crate::state::App;
use actix_web::web;
use chrono::{DateTime, Utc};
use domain::agents::{LogLevel, LogLine};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

const USUAL: u32 = 200;
const MOST: u32 = 1000;

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Query {
    /// The number of the last line that was seen; 0 from the beginning.
    #[serde(default)]
    #[param(maximum = 9_223_372_036_854_775_807_i64)]
    after: u64,
    /// 200 when left out.
    #[param(minimum = 1, maximum = 1000)]
    limit: Option<u32>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = LogLevel)]
pub(crate) enum LevelBody {
    Info,
    Warn,
    Error,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = LogLine)]
pub(crate) struct LineBody {
    /// 1, 2, 3 … within a run.
    no: u64,
    at: DateTime<Utc>,
    level: LevelBody,
    text: String,
}

impl LineBody {
    fn of(line: &LogLine) -> Self {
        Self {
            no: line.no,
            at: line.at,
            level: match line.level {
                LogLevel::Info => LevelBody::Info,
                LogLevel::Warn => LevelBody::Warn,
                LogLevel::Error => LevelBody::Error,
            },
            text: line.text.clone(),
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RunLog)]
pub(crate) struct Body {
    lines: Vec<LineBody>,
    /// Pass it on as `after`.
    next_after: u64,
    /// Whether the run has ended and everything was said.
    done: bool,
}

#[utoipa::path(
    get, path = "/v1/runs/{id}/log", operation_id = "run_log", tag = "agents",
    summary = "What a run says, line by line",
    description = "Lines are kept for 90 days after the end.",
    params(("id" = String, Path, format = "uuid"), Query),
    responses((status = 200, body = Body), (status = 404, response = crate::openapi::ProblemResponse))
)]
pub(crate) async fn handle(
    app: web::Data<App>,
    who: Caller,
    id: web::Path<String>,
    query: web::Query<Query>,
) -> Result<web::Json<Body>, Problem> {
    let id = own_id(&id, "run")?;
    let limit = query.limit.unwrap_or(USUAL);
    if !(1..=MOST).contains(&limit) {
        let message = format!("must be from 1 to {MOST}");
        return Err(Problem::invalid(vec![FieldError::new("limit", message)]));
    }
    if i64::try_from(query.after).is_err() {
        let message = "is larger than any line's number";
        return Err(Problem::invalid(vec![FieldError::new("after", message)]));
    }
    let workspace = who.workspace.id;
    // The end first: what is said after it was looked for is not missed.
    let run = app.agents.find(workspace, id).await?;
    let run = run.ok_or_else(|| Problem::not_found("run"))?;
    let lines = app.agents.log(workspace, id, query.after, limit).await?;
    let is_full = lines.len() >= limit as usize;
    Ok(web::Json(Body {
        next_after: lines.last().map_or(query.after, |line| line.no),
        done: !run.status.is_open() && !is_full,
        lines: lines.iter().map(LineBody::of).collect(),
    }))
}
