//! `POST /v1/auth/second-factor/recovery-codes`

use super::{Proof, RecoveryCodes, limited};
use crate::auth::{Caller, ClientAddress};
use crate::problem::Problem;
use crate::state::App;
use actix_web::{HttpResponse, web};

#[utoipa::path(
    post, path = "/v1/auth/second-factor/recovery-codes", operation_id = "renew_recovery_codes", tag = "people",
    summary = "New recovery codes; the old ones are worth nothing any more",
    request_body = Proof,
    responses(
        (status = 200, body = RecoveryCodes),
        (status = 404, response = crate::openapi::ProblemResponse),
        (status = 422, body = crate::problem::ProblemBody, content_type = "application/problem+json", description = "password or code is wrong"),
    )
)]
pub(crate) async fn handle(
    app: web::Data<App>,
    who: Caller,
    address: ClientAddress,
    body: web::Json<Proof>,
) -> Result<HttpResponse, Problem> {
    let Proof { current, code } = body.into_inner();
    let renewed = app.people.renew_recovery_codes(&who, current, &code);
    let recovery_codes = limited(&app, &who, address, renewed).await?;
    Ok(HttpResponse::Ok()
        .insert_header(("cache-control", "no-store"))
        .json(RecoveryCodes { recovery_codes }))
}
