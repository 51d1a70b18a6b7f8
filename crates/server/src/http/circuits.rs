//! `POST /v1/circuits`: a circuit is stopped by hand, or begun anew.

use crate::auth::Caller;
use crate::problem::{FieldError, Problem};
use crate::state::App;
use actix_web::web;
use application::circuits::{CircuitError, Decision, Hand};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = CircuitAction)]
pub(crate) enum ActionBody {
    /// No call is sent until it is reset.
    ForceOpen,
    /// Closed, and counted anew.
    Reset,
}

#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = CircuitSwitch)]
pub(crate) struct Body {
    /// As the checks of /health name it: provider/account/read or provider/account/write.
    name: String,
    action: ActionBody,
    /// 1 to 500 characters; it is kept with the decision and in the audit.
    #[schema(min_length = 1, max_length = 500)]
    reason: String,
}

/// Every process obeys within two seconds, also one that is started later.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CircuitDecision)]
pub(crate) struct DecisionBody {
    name: String,
    action: ActionBody,
    reason: String,
    by: String,
    at: DateTime<Utc>,
}

impl DecisionBody {
    fn of(name: String, decision: Decision) -> Self {
        Self {
            name,
            action: match decision.hand {
                Hand::ForceOpen => ActionBody::ForceOpen,
                Hand::Reset => ActionBody::Reset,
            },
            reason: decision.reason,
            by: decision.by,
            at: decision.at,
        }
    }
}

#[utoipa::path(
    post, path = "/v1/circuits", operation_id = "switch_circuit", tag = "service",
    summary = "Stop the calls of a circuit by hand, or begin anew",
    description = "For all processes; it outlives a restart.",
    request_body = Body,
    responses((status = 200, body = DecisionBody))
)]
pub(crate) async fn switch(
    app: web::Data<App>,
    who: Caller,
    body: web::Json<Body>,
) -> Result<web::Json<DecisionBody>, Problem> {
    let body = body.into_inner();
    let hand = match body.action {
        ActionBody::ForceOpen => Hand::ForceOpen,
        ActionBody::Reset => Hand::Reset,
    };
    let done = app
        .circuits
        .switch(
            who.workspace.id,
            who.actor(),
            &body.name,
            hand,
            &body.reason,
        )
        .await;
    match done {
        Ok(decision) => Ok(web::Json(DecisionBody::of(body.name, decision))),
        Err(CircuitError::Unknown) => Err(Problem::not_found("circuit")),
        Err(error @ CircuitError::BadReason) => Err(Problem::invalid(vec![FieldError::new(
            "reason",
            error.to_string(),
        )])),
        Err(CircuitError::Port(error)) => Err(error.into()),
    }
}
