//! `GET /v1/secret-keys`

use crate::problem::Problem;
use crate::state::App;
use actix_web::web;
use serde::Serialize;
use utoipa::ToSchema;

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SecretKeyList)]
pub(crate) struct Body {
    /// The one that seals first.
    keys: Vec<Key>,
    /// How many secrets of the installation do not open.
    damaged: usize,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SecretKey)]
struct Key {
    id: String,
    /// Whether it seals; the others only open.
    primary: bool,
    /// How often it sealed; at 2^31 it is replaced.
    uses: i64,
    /// Secrets of the installation that it sealed.
    secrets: u64,
}

#[utoipa::path(
    get, path = "/v1/secret-keys", operation_id = "secretKeys", tag = "secrets",
    summary = "The keys over all secrets, after opening everything once",
    responses((status = 200, body = Body))
)]
pub(crate) async fn handle(app: web::Data<App>) -> Result<web::Json<Body>, Problem> {
    let check = app.secrets.check().await?;
    let keys = check.keys.into_iter().map(|key| Key {
        id: key.id,
        primary: key.primary,
        uses: key.uses,
        secrets: key.secrets,
    });
    Ok(web::Json(Body {
        keys: keys.collect(),
        damaged: check.damaged.len(),
    }))
}
