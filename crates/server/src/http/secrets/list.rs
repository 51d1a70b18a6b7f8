//! `GET /v1/secrets`

use super::view::SecretBody;
use crate::auth::Caller;
use crate::http::paging::page;
use crate::problem::Problem;
use crate::state::App;
use actix_web::web;
use application::secrets::LOOKED_UP;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Query {
    /// `next_cursor` of the page before.
    cursor: Option<String>,
    /// Default 50.
    #[param(minimum = 1, maximum = 250)]
    limit: Option<u32>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SecretList)]
pub(crate) struct Body {
    /// In ascending name.
    secrets: Vec<SecretBody>,
    total: usize,
    next_cursor: Option<String>,
    /// Names that this release looks up, wherever their values are kept.
    looked_up: Vec<&'static str>,
}

#[utoipa::path(
    get, path = "/v1/secrets", operation_id = "secrets", tag = "secrets",
    summary = "The secrets in the store, without their values",
    params(Query), responses((status = 200, body = Body))
)]
pub(crate) async fn handle(
    app: web::Data<App>,
    who: Caller,
    query: web::Query<Query>,
) -> Result<web::Json<Body>, Problem> {
    let page = page(query.cursor.as_deref(), query.limit)?;
    let limit = page.limit as usize;
    let all = app.secrets.list(who.workspace.id).await?;
    let total = all.len();
    let after = |name: &str| page.cursor.as_deref().is_none_or(|cursor| name > cursor);
    let mut rest: Vec<_> = all.into_iter().filter(|e| after(&e.name)).collect();
    let more = rest.len() > limit;
    rest.truncate(limit);
    Ok(web::Json(Body {
        next_cursor: rest.last().filter(|_| more).map(|e| e.name.clone()),
        secrets: rest.into_iter().map(SecretBody::from).collect(),
        total,
        looked_up: LOOKED_UP.to_vec(),
    }))
}
