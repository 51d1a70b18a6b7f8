//! `GET /v1/tokens`

use super::view::TokenBody;
use crate::auth::{Caller, Permission};
use crate::http::paging;
use crate::problem::Problem;
use crate::state::App;
use actix_web::web;
use domain::ids::UserId;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use utoipa::{IntoParams, ToSchema};

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Query {
    /// Everybody's tokens instead of one's own; needs `people:read`.
    #[serde(default)]
    all: bool,
    cursor: Option<String>,
    #[param(minimum = 1, maximum = 250)]
    limit: Option<u32>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ApiTokenList)]
pub(crate) struct Body {
    /// Newest first; expired ones are seen for a month.
    tokens: Vec<TokenBody>,
    total: u64,
    next_cursor: Option<String>,
}

#[utoipa::path(
    get, path = "/v1/tokens", operation_id = "tokens", tag = "people",
    summary = "API tokens: one's own, or everybody's",
    params(Query),
    responses((status = 200, body = Body))
)]
pub(crate) async fn handle(
    app: web::Data<App>,
    who: Caller,
    query: web::Query<Query>,
) -> Result<web::Json<Body>, Problem> {
    if query.all {
        who.need(Permission::PeopleRead)?;
    }
    let request = paging::page(query.cursor.as_deref(), query.limit)?;
    let members = app.people.members(who.workspace.id).await?;
    let labels: HashMap<UserId, &str> = members.iter().map(|m| (m.user.id, m.label())).collect();
    let listed = app.people.tokens(&who, query.all).await?;
    let page = paging::slice(listed, &request, |l| l.token.id.to_string())?;
    let now = app.now();
    let body = |l: &ports::grants::ListedToken| {
        let user = labels.get(&l.token.user).copied().unwrap_or_default();
        TokenBody::of(&l.token, user, l.last_used_at, now)
    };
    Ok(web::Json(Body {
        tokens: page.items.iter().map(body).collect(),
        total: page.total.unwrap_or_default(),
        next_cursor: page.next_cursor,
    }))
}
