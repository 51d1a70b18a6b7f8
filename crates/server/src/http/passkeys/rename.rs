//! `PATCH /v1/auth/passkeys/{id}`

use super::view::{NameBody, PasskeyBody};
use crate::auth::Caller;
use crate::http::ids::own_id;
use crate::problem::Problem;
use crate::state::App;
use actix_web::web;

#[utoipa::path(
    patch, path = "/v1/auth/passkeys/{id}", operation_id = "rename_passkey", tag = "people",
    summary = "Gives one of one's passkeys another name",
    params(("id" = String, Path, format = "uuid")),
    request_body = NameBody,
    responses((status = 200, body = PasskeyBody), (status = 404, response = crate::openapi::ProblemResponse))
)]
pub(crate) async fn handle(
    app: web::Data<App>,
    who: Caller,
    id: web::Path<String>,
    body: web::Json<NameBody>,
) -> Result<web::Json<PasskeyBody>, Problem> {
    let id = own_id(&id, "passkey")?;
    let renamed = app.passkeys.rename(&who, id, &body.name).await?;
    Ok(web::Json(PasskeyBody::of(&renamed)))
}
