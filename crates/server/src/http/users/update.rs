//! `PATCH /v1/users/{id}`

use super::view::{MemberBody, role};
use crate::auth::Caller;
use crate::http::ids::own_id;
use crate::problem::Problem;
use crate::state::App;
use actix_web::web;
use serde::Deserialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = MemberChange)]
pub(crate) struct Body {
    /// Not above one's own. What is left out stays.
    #[schema(pattern = "^(viewer|analyst|operator|admin|owner)$")]
    role: Option<String>,
    /// A deactivated user is signed out at once, and so are their tokens.
    disabled: Option<bool>,
}

#[utoipa::path(
    patch, path = "/v1/users/{id}", operation_id = "update_user", tag = "people",
    summary = "Changes somebody's role, deactivates or activates them",
    params(("id" = String, Path, format = "uuid")),
    request_body = Body,
    responses(
        (status = 200, body = MemberBody),
        (status = 404, response = crate::openapi::ProblemResponse),
        (status = 409, body = crate::problem::ProblemBody, content_type = "application/problem+json", description = "the last owner stays"),
    )
)]
pub(crate) async fn handle(
    app: web::Data<App>,
    who: Caller,
    id: web::Path<String>,
    body: web::Json<Map<String, Value>>,
) -> Result<web::Json<MemberBody>, Problem> {
    // As a list the members would be told by their places.
    let body: Body = serde_json::from_value(Value::Object(body.into_inner()))
        .map_err(|e| Problem::bad_request(format!("the body is not what is expected: {e}")))?;
    let id = own_id(&id, "user")?;
    let role = body.role.as_deref().map(role).transpose()?;
    let mut member = app.people.member(who.workspace.id, id).await?;
    if let Some(role) = role {
        member = app.people.set_role(&who, id, role).await?;
    }
    if let Some(disabled) = body.disabled {
        member = app.people.set_disabled(&who, id, disabled).await?;
    }
    let protected = app.people.protected_users(who.workspace.id).await?;
    Ok(web::Json(MemberBody::of(&member, &who, &protected)))
}
