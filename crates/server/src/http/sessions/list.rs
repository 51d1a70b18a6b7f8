//! `GET /v1/auth/sessions`

use crate::auth::Caller;
use crate::http::paging;
use crate::problem::Problem;
use crate::state::App;
use actix_web::web;
use application::people::OpenSession;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Query {
    cursor: Option<String>,
    #[param(minimum = 1, maximum = 250)]
    limit: Option<u32>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OpenSession)]
pub(crate) struct Item {
    /// Names the session; lets nobody in.
    id: String,
    is_current: bool,
    created_at: DateTime<Utc>,
    /// To five minutes.
    last_seen_at: DateTime<Utc>,
    expires_at: DateTime<Utc>,
    /// Where it was begun from.
    address: Option<String>,
    /// What the browser says that it is.
    agent: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OpenSessionList)]
pub(crate) struct Body {
    /// The last used first.
    sessions: Vec<Item>,
    total: u64,
    next_cursor: Option<String>,
}

#[utoipa::path(
    get, path = "/v1/auth/sessions", operation_id = "sessions", tag = "people",
    summary = "Where one is signed in",
    params(Query),
    responses((status = 200, body = Body))
)]
pub(crate) async fn handle(
    app: web::Data<App>,
    who: Caller,
    query: web::Query<Query>,
) -> Result<web::Json<Body>, Problem> {
    let request = paging::page(query.cursor.as_deref(), query.limit)?;
    let sessions = app.people.sessions(&who).await?;
    let page = paging::slice(sessions, &request, |s| s.id.clone())?;
    let item = |s: OpenSession| Item {
        id: s.id,
        is_current: s.is_current,
        created_at: s.created_at,
        last_seen_at: s.last_seen_at,
        expires_at: s.expires_at,
        address: s.address,
        agent: s.agent,
    };
    Ok(web::Json(Body {
        sessions: page.items.into_iter().map(item).collect(),
        total: page.total.unwrap_or_default(),
        next_cursor: page.next_cursor,
    }))
}
