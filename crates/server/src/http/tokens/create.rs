//! `POST /v1/tokens`

use super::view::TokenBody;
use crate::auth::{Caller, Permission};
use crate::http::ids::own_id;
use crate::problem::{FieldError, Problem};
use crate::state::App;
use actix_web::{HttpResponse, web};
use application::people::NewToken;
use chrono::Duration;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A hundred years.
const MAX_DAYS: u32 = 36_500;

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewApiToken)]
pub(crate) struct Body {
    /// What it is for.
    #[schema(min_length = 1, max_length = 100)]
    name: String,
    /// What it may do, e.g. `reports:read`; everything its user may when left out.
    #[serde(default)]
    scopes: Vec<String>,
    /// For ever when left out.
    #[schema(minimum = 1, maximum = 36500)]
    expires_in_days: Option<u32>,
    /// A service account to act for, instead of oneself; needs `people:write`.
    #[schema(format = "uuid")]
    service_account_id: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CreatedApiToken)]
pub(crate) struct Created {
    /// To be sent as `Authorization: Bearer …`. It is shown here and never again.
    secret: String,
    token: TokenBody,
}

#[utoipa::path(
    post, path = "/v1/tokens", operation_id = "create_token", tag = "people",
    summary = "Creates an API token and shows it, once",
    request_body = Body,
    responses((status = 201, body = Created), (status = 404, response = crate::openapi::ProblemResponse))
)]
pub(crate) async fn handle(
    app: web::Data<App>,
    who: Caller,
    body: web::Json<Body>,
) -> Result<HttpResponse, Problem> {
    let body = body.into_inner();
    if let Some(unknown) = body.scopes.iter().find(|s| Permission::parse(s).is_none()) {
        let message = format!("has no scope {unknown:?}; GET /v1/roles lists them");
        return Err(Problem::invalid(vec![FieldError::new("scopes", message)]));
    }
    if body
        .expires_in_days
        .is_some_and(|d| !(1..=MAX_DAYS).contains(&d))
    {
        let message = format!("must be from 1 to {MAX_DAYS}");
        let error = FieldError::new("expires_in_days", message);
        return Err(Problem::invalid(vec![error]));
    }
    let service = match &body.service_account_id {
        None => None,
        Some(id) => {
            who.need(Permission::PeopleWrite)?;
            Some(own_id(id, "user")?)
        }
    };
    let new = NewToken {
        name: body.name,
        scopes: body.scopes,
        valid_for: body.expires_in_days.map(|d| Duration::days(d.into())),
    };
    let (secret, token) = app.people.issue_token(&who, service, new).await?;
    let user = app.people.member(who.workspace.id, token.user).await?;
    Ok(HttpResponse::Created()
        .insert_header(("cache-control", "no-store"))
        .json(Created {
            secret,
            token: TokenBody::of(&token, user.label(), None, app.now()),
        }))
}
