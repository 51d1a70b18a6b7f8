//! `GET /v1/mail`

use crate::auth::Caller;
use crate::problem::Problem;
use crate::state::App;
use actix_web::web;
use application::letters::MailFailure;
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = MailFailure)]
pub(crate) struct FailureBody {
    at: DateTime<Utc>,
    to: String,
    reason: String,
}

impl FailureBody {
    fn of(failure: MailFailure) -> Self {
        Self {
            at: failure.at,
            to: failure.to,
            reason: failure.reason,
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Mail)]
pub(crate) struct Body {
    /// As whom letters are sent; null: links are handed over by hand.
    sender: Option<String>,
    /// The last letter that did not go out; null once one did again.
    last_failure: Option<FailureBody>,
}

#[utoipa::path(
    get, path = "/v1/mail", operation_id = "mail", tag = "people",
    summary = "Whether invitations and reset links go out by mail, and what failed last",
    responses((status = 200, body = Body))
)]
pub(crate) async fn handle(app: web::Data<App>, who: Caller) -> Result<web::Json<Body>, Problem> {
    let failure = app.letters.last_failure(who.workspace.id).await?;
    Ok(web::Json(Body {
        sender: app.letters.sender(),
        last_failure: failure.map(FailureBody::of),
    }))
}
