//! `POST /v1/service-accounts`

use super::view::{MemberBody, role};
use crate::auth::Caller;
use crate::problem::Problem;
use crate::state::App;
use actix_web::{HttpResponse, web};
use serde::Deserialize;
use utoipa::ToSchema;

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewServiceAccount)]
pub(crate) struct Body {
    #[schema(min_length = 1, max_length = 100)]
    name: String,
    /// Not above one's own.
    #[schema(pattern = "^(viewer|analyst|operator|admin|owner)$")]
    role: String,
}

#[utoipa::path(
    post, path = "/v1/service-accounts", operation_id = "create_service_account", tag = "people",
    summary = "A name in which scripts act and nobody signs in",
    request_body = Body,
    responses((status = 201, body = MemberBody))
)]
pub(crate) async fn handle(
    app: web::Data<App>,
    who: Caller,
    body: web::Json<Body>,
) -> Result<HttpResponse, Problem> {
    let role = role(&body.role)?;
    let member = app.people.add_service(&who, &body.name, role).await?;
    Ok(HttpResponse::Created().json(MemberBody::of(&member, &who, &[])))
}
