//! `GET /v1/users`

use super::view::MemberBody;
use crate::auth::Caller;
use crate::http::paging;
use crate::problem::Problem;
use crate::state::App;
use actix_web::web;
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
#[schema(as = MemberList)]
pub(crate) struct Body {
    /// Oldest first, with those that were deactivated.
    users: Vec<MemberBody>,
    total: u64,
    next_cursor: Option<String>,
}

#[utoipa::path(
    get, path = "/v1/users", operation_id = "users", tag = "people",
    summary = "People and service accounts of the workspace",
    params(Query),
    responses((status = 200, body = Body))
)]
pub(crate) async fn handle(
    app: web::Data<App>,
    who: Caller,
    query: web::Query<Query>,
) -> Result<web::Json<Body>, Problem> {
    let request = paging::page(query.cursor.as_deref(), query.limit)?;
    let members = app.people.members(who.workspace.id).await?;
    let protected = app.people.protected_users(who.workspace.id).await?;
    let page = paging::slice(members, &request, |m| m.user.id.to_string())?;
    Ok(web::Json(Body {
        users: page
            .items
            .iter()
            .map(|m| MemberBody::of(m, &who, &protected))
            .collect(),
        total: page.total.unwrap_or_default(),
        next_cursor: page.next_cursor,
    }))
}
