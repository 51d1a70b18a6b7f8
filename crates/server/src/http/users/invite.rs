//! `POST /v1/invitations`

use super::view::{LinkBody, role};
use crate::auth::Caller;
use crate::problem::Problem;
use crate::state::App;
use actix_web::{HttpResponse, web};
use serde::Deserialize;
use utoipa::ToSchema;

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewInvitation)]
pub(crate) struct Body {
    #[schema(format = "email", max_length = 254)]
    email: String,
    /// Not above one's own.
    #[schema(pattern = "^(viewer|analyst|operator|admin|owner)$")]
    role: String,
}

#[utoipa::path(
    post, path = "/v1/invitations", operation_id = "invite", tag = "people",
    summary = "Invites somebody: a link that works once, for seven days",
    description = "An open invitation to the same address is replaced.",
    request_body = Body,
    responses(
        (status = 201, body = LinkBody),
        (status = 409, body = crate::problem::ProblemBody, content_type = "application/problem+json", description = "the address belongs to a user already"),
    )
)]
pub(crate) async fn handle(
    app: web::Data<App>,
    who: Caller,
    body: web::Json<Body>,
) -> Result<HttpResponse, Problem> {
    let role = role(&body.role)?;
    let new = app.people.invite(&who, &body.email, role).await?;
    let link = LinkBody::hand_over(&new, &app).await?;
    Ok(HttpResponse::Created()
        .insert_header(("cache-control", "no-store"))
        .json(link))
}
