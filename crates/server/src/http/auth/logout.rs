//! `POST /v1/auth/logout`

use crate::auth::{Caller, cookie};
use crate::problem::Problem;
use crate::state::App;
use actix_web::{HttpResponse, web};

#[utoipa::path(
    post, path = "/v1/auth/logout", operation_id = "logout", tag = "people",
    summary = "Ends the session and clears its cookie",
    responses((status = 204, description = "signed out"))
)]
pub(crate) async fn handle(app: web::Data<App>, who: Caller) -> Result<HttpResponse, Problem> {
    app.people.sign_out(&who).await?;
    Ok(HttpResponse::NoContent()
        .cookie(cookie::cleared(&app.public))
        .finish())
}
