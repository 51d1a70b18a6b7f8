//! `GET /v1/audit`

use crate::auth::Caller;
use crate::http::paging;
use crate::problem::Problem;
use crate::state::App;
use actix_web::web;
use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use domain::audit::{Entry, Outcome};
use ports::audit::AuditFilter;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = AuditOutcome)]
pub(crate) enum OutcomeBody {
    Done,
    Refused,
    Failed,
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Query {
    /// Whole (`token.create`) or an area (`token`).
    action: Option<String>,
    /// A user's id.
    actor: Option<String>,
    outcome: Option<OutcomeBody>,
    /// First day (UTC).
    from: Option<NaiveDate>,
    /// Last day (UTC), included.
    to: Option<NaiveDate>,
    /// A part of the name of who did it, or of what it was done to.
    q: Option<String>,
    cursor: Option<String>,
    #[param(minimum = 1, maximum = 250)]
    limit: Option<u32>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AuditEntry)]
pub(crate) struct Item {
    /// Its place in the workspace's chain.
    seq: i64,
    at: DateTime<Utc>,
    /// person, token, command_line, system or nobody.
    actor_kind: String,
    actor_id: Option<String>,
    actor: String,
    /// Where the request came from.
    address: Option<String>,
    action: String,
    outcome: OutcomeBody,
    target_kind: String,
    target_id: String,
    target: String,
    before: Option<Value>,
    after: Option<Value>,
    reason: Option<String>,
    /// SHA-256 of the entry and of the one before it.
    hash: String,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AuditList)]
pub(crate) struct Body {
    /// Newest first.
    entries: Vec<Item>,
    total: u64,
    next_cursor: Option<String>,
}

impl Item {
    fn of(entry: Entry) -> Self {
        let json = |text: Option<String>| text.and_then(|t| serde_json::from_str(&t).ok());
        let (seq, hash, entry) = (entry.seq, hex::encode(entry.hash), entry.entry);
        Self {
            seq,
            at: entry.at,
            actor_kind: entry.actor.kind.as_str().to_owned(),
            actor_id: entry.actor.id,
            actor: entry.actor.name,
            address: entry.actor.address,
            action: entry.action,
            outcome: match entry.outcome {
                Outcome::Done => OutcomeBody::Done,
                Outcome::Refused => OutcomeBody::Refused,
                Outcome::Failed => OutcomeBody::Failed,
            },
            target_kind: entry.target_kind,
            target_id: entry.target_id,
            target: entry.target_name,
            before: json(entry.before),
            after: json(entry.after),
            reason: entry.reason,
            hash,
        }
    }
}

fn filter(query: &Query) -> AuditFilter {
    let start = |day: NaiveDate| day.and_time(NaiveTime::MIN).and_utc();
    AuditFilter {
        action: paging::text(query.action.as_ref()),
        actor: paging::text(query.actor.as_ref()),
        outcome: query.outcome.map(|o| match o {
            OutcomeBody::Done => Outcome::Done,
            OutcomeBody::Refused => Outcome::Refused,
            OutcomeBody::Failed => Outcome::Failed,
        }),
        from: query.from.map(start),
        until: query.to.and_then(|d| d.succ_opt()).map(start),
        search: paging::text(query.q.as_ref()),
    }
}

#[utoipa::path(
    get, path = "/v1/audit", operation_id = "audit", tag = "people",
    summary = "Who did what, newest first",
    params(Query),
    responses((status = 200, body = Body))
)]
pub(crate) async fn handle(
    app: web::Data<App>,
    who: Caller,
    query: web::Query<Query>,
) -> Result<web::Json<Body>, Problem> {
    let request = paging::page(query.cursor.as_deref(), query.limit)?;
    let filter = filter(&query);
    let page = app
        .audit
        .entries(who.workspace.id, &filter, &request)
        .await?;
    Ok(web::Json(Body {
        entries: page.items.into_iter().map(Item::of).collect(),
        total: page.total.unwrap_or_default(),
        next_cursor: page.next_cursor,
    }))
}
