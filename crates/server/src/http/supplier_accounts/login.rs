//! `POST /v1/supplier-logins`: for suppliers without keys to enter.

use super::accounts::sandbox_of;
use crate::auth::Caller;
use crate::http::offers::view::PlatformBody;
use crate::problem::Problem;
use crate::state::App;
use actix_web::{HttpResponse, web};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewSupplierLogin)]
pub(crate) struct Body {
    platform: PlatformBody,
    /// The sandbox that runs beside this server.
    #[serde(default)]
    sandbox: bool,
}

#[derive(Serialize, ToSchema)]
#[schema(as = SupplierLogin)]
pub(crate) struct LoginBody {
    id: String,
    /// Where the person goes.
    address: String,
    /// Until then the account has to be connected with it.
    expires_at: DateTime<Utc>,
}

#[utoipa::path(
    post, path = "/v1/supplier-logins", operation_id = "begin_supplier_login", tag = "opportunities",
    summary = "Begins a login at a supplier that has no keys to enter",
    description = "The person goes to `address`, logs in there, and is sent to an address of their own machine. That address, as the browser shows it, is `came_to` of the account that is connected then.",
    request_body = Body,
    responses(
        (status = 201, body = LoginBody),
        (status = 422, body = crate::problem::ProblemBody, content_type = "application/problem+json", description = "the platform has keys to enter, or no interface"),
    )
)]
pub(crate) async fn begin(
    app: web::Data<App>,
    who: Caller,
    body: web::Json<Body>,
) -> Result<HttpResponse, Problem> {
    let base = if body.sandbox {
        Some(sandbox_of(&app, body.platform)?.1)
    } else {
        None
    };
    let workspace = who.workspace.id;
    let platform = body.platform.into();
    let begun = app
        .suppliers
        .begin_login(workspace, platform, base.as_deref());
    let begun = begun.await?;
    Ok(HttpResponse::Created().json(LoginBody {
        id: begun.id.to_string(),
        address: begun.address,
        expires_at: begun.until,
    }))
}
