//! `GET /v1/invitations`

use super::view::InvitationBody;
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
#[schema(as = InvitationList)]
pub(crate) struct Body {
    /// Open ones, oldest first.
    invitations: Vec<InvitationBody>,
    total: u64,
    next_cursor: Option<String>,
}

#[utoipa::path(
    get, path = "/v1/invitations", operation_id = "invitations", tag = "people",
    summary = "Invitations that nobody used yet",
    params(Query),
    responses((status = 200, body = Body))
)]
pub(crate) async fn handle(
    app: web::Data<App>,
    who: Caller,
    query: web::Query<Query>,
) -> Result<web::Json<Body>, Problem> {
    let request = paging::page(query.cursor.as_deref(), query.limit)?;
    let links = app.people.invitations(&who).await?;
    let page = paging::slice(links, &request, |l| l.id.to_string())?;
    Ok(web::Json(Body {
        invitations: page.items.iter().map(InvitationBody::of).collect(),
        total: page.total.unwrap_or_default(),
        next_cursor: page.next_cursor,
    }))
}
