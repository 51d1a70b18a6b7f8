//! `GET /v1/auth/methods`

use crate::state::App;
use actix_web::web;
use serde::Serialize;
use utoipa::ToSchema;

/// What the page of the sign-in offers.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SignInMethods)]
pub(crate) struct Body {
    /// A forgotten password can be set anew by a letter.
    forgot_password: bool,
    /// What stands on the button for sign-in elsewhere; null: there is none.
    elsewhere: Option<String>,
    /// Whether passkeys are taken here.
    passkeys: bool,
}

#[utoipa::path(
    get, path = "/v1/auth/methods", operation_id = "sign_in_methods", tag = "people",
    summary = "How one may sign in, besides by password",
    responses((status = 200, body = Body))
)]
pub(crate) async fn handle(app: web::Data<App>) -> web::Json<Body> {
    web::Json(Body {
        forgot_password: app.letters.sender().is_some(),
        elsewhere: app.elsewhere.label().map(str::to_owned),
        passkeys: app.passkeys.are_possible(),
    })
}
