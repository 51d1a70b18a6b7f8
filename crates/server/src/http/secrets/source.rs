//! `GET /v1/secrets/{name}/source`

use crate::auth::Caller;
use crate::problem::Problem;
use crate::state::App;
use actix_web::web;
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SecretSource)]
pub(crate) struct Body {
    name: String,
    /// Null when no place has it.
    found: Option<Found>,
    /// Places that were asked before, in their order.
    tried: Vec<Tried>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SecretFound)]
struct Found {
    #[schema(example = "vault")]
    source: &'static str,
    /// An address, a folder: for people.
    whereabouts: String,
    obtained_at: DateTime<Utc>,
    age_seconds: i64,
    /// The place cannot be asked now; this is its last known value.
    stale: bool,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SecretTried)]
struct Tried {
    source: &'static str,
    whereabouts: String,
    /// Null: it answers, and has no such secret.
    failure: Option<String>,
}

#[utoipa::path(
    get, path = "/v1/secrets/{name}/source", operation_id = "secretSource", tag = "secrets",
    summary = "Where a secret's value comes from now, and which places were tried before",
    params(("name" = String, Path, pattern = "^[A-Z][A-Z0-9_]{0,63}$")),
    responses((status = 200, body = Body))
)]
pub(crate) async fn handle(
    app: web::Data<App>,
    who: Caller,
    name: web::Path<String>,
) -> Result<web::Json<Body>, Problem> {
    let name = name.into_inner();
    let resolution = app.secrets.resolve(who.workspace.id, &name).await?;
    let now = app.now();
    let found = resolution.found.map(|found| Found {
        source: found.source.as_str(),
        whereabouts: found.whereabouts,
        obtained_at: found.obtained_at,
        age_seconds: (now - found.obtained_at).num_seconds().max(0),
        stale: found.stale,
    });
    let tried = resolution.tried.into_iter().map(|place| Tried {
        source: place.source.as_str(),
        whereabouts: place.whereabouts,
        failure: place.failure,
    });
    Ok(web::Json(Body {
        name,
        found,
        tried: tried.collect(),
    }))
}
