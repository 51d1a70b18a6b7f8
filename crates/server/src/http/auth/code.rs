//! `POST /v1/auth/login/code`

use super::session::SessionBody;
use crate::auth::{CallerOrigin, ClientAddress, cookie};
use crate::problem::Problem;
use crate::state::App;
use actix_web::{HttpResponse, web};
use application::people::{Entered, SecondStep};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What a second step is asked for with; lets nobody in.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SecondStep)]
pub(crate) struct StepBody {
    /// To be sent back with the code.
    pending: String,
    expires_at: DateTime<Utc>,
}

impl StepBody {
    fn of(step: SecondStep) -> Self {
        Self {
            pending: step.secret,
            expires_at: step.expires_at,
        }
    }
}

/// A session with its cookie, or (202) the question for a code.
pub(crate) fn answer(app: &App, entered: Entered, created: bool) -> HttpResponse {
    match entered {
        Entered::SignedIn(signed_in) => {
            let mut response = if created {
                HttpResponse::Created()
            } else {
                HttpResponse::Ok()
            };
            response
                .cookie(cookie::session(&app.public, &signed_in))
                .json(SessionBody::new(&signed_in))
        }
        Entered::SecondStep(step) => HttpResponse::Accepted()
            .insert_header(("cache-control", "no-store"))
            .json(StepBody::of(step)),
    }
}

#[derive(Deserialize, ToSchema)]
#[schema(as = SecondStepAnswer)]
pub(crate) struct Body {
    /// As the first step gave it.
    #[schema(max_length = 200)]
    pending: String,
    /// Six digits of the authenticator, or a recovery code.
    #[schema(max_length = 40)]
    code: String,
}

#[utoipa::path(
    post, path = "/v1/auth/login/code", operation_id = "login_code", tag = "people",
    summary = "The second step of signing in: sets the session's cookie",
    request_body = Body,
    responses(
        (status = 200, body = SessionBody),
        (status = 401, body = crate::problem::ProblemBody, content_type = "application/problem+json", description = "a wrong code, or one that was used; or the first step is too long ago"),
        (status = 429, body = crate::problem::ProblemBody, content_type = "application/problem+json", description = "too many tries; Retry-After says when to go on"),
    )
)]
pub(crate) async fn handle(
    app: web::Data<App>,
    address: ClientAddress,
    from: CallerOrigin,
    body: web::Json<Body>,
) -> Result<HttpResponse, Problem> {
    app.login_limits.check_address(address)?;
    let user = app.people.pending_user(&body.pending).await?;
    let account = user.map_or_else(
        || "second step".to_owned(),
        |user| format!("code of {}", user.email.as_str()),
    );
    app.login_limits.check(address, &account)?;
    let finished = app
        .people
        .finish_sign_in(&body.pending, &body.code, &from.0)
        .await
        .inspect_err(|_| app.login_limits.failed(address, &account))?;
    app.login_limits.succeeded(address, &account);
    Ok(answer(&app, Entered::SignedIn(finished), false))
}
