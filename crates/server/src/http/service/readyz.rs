//! `GET /readyz`, `/v1/readyz`: answers from the last background check; never asks a provider, never waits.

use crate::readiness::{Check, Report};
use crate::state::App;
use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use application::circuits::{AccountOf, Decision, Hand};
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Check)]
pub(crate) struct CheckBody {
    pub(super) name: String,
    /// Of the account whose circuit it is, as people know it; null for everything else, and in /readyz.
    account_name: Option<String>,
    healthy: bool,
    /// Only required ones can turn readiness to 503.
    required: bool,
    message: String,
    /// Of a provider's circuit: closed, open, half_open, forced_open or disabled.
    circuit_state: Option<String>,
    last_success_at: Option<DateTime<Utc>>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Readiness)]
pub(crate) struct Body {
    ready: bool,
    /// ready, starting, stopping or not_ready.
    status: String,
    timestamp: DateTime<Utc>,
    checks: Vec<CheckBody>,
}

#[utoipa::path(
    get, path = "/readyz", operation_id = "readiness", tag = "service",
    summary = "Ready for requests",
    responses((status = 200, body = Body), (status = 503, body = Body))
)]
pub(crate) async fn handle(app: web::Data<App>) -> HttpResponse {
    let report = app.readiness.report();
    let status = if report.is_ready() {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    };
    HttpResponse::build(status).json(Body::of(&report, app.now()))
}

#[utoipa::path(
    get, path = "/v1/readyz", operation_id = "readiness_v1", tag = "service",
    summary = "Ready for requests",
    responses((status = 200, body = Body), (status = 503, body = Body))
)]
pub(crate) async fn handle_v1(app: web::Data<App>) -> HttpResponse {
    handle(app).await
}

impl Body {
    fn of(report: &Report, now: DateTime<Utc>) -> Self {
        Self {
            ready: report.is_ready(),
            status: report.status().to_owned(),
            timestamp: now,
            checks: report
                .checks
                .iter()
                .filter(|check| is_for_everybody(check))
                .map(CheckBody::for_everybody)
                .collect(),
        }
    }
}

/// A circuit that is named by an address or by a number at the provider is for who is signed in; an id of ours tells nothing.
fn is_for_everybody(check: &Check) -> bool {
    let account = check.name.split('/').nth(1).map(str::parse::<Uuid>);
    check.circuit_state.is_none() || account.is_some_and(|id| id.is_ok())
}

impl CheckBody {
    /// Who stopped a circuit, and why, is for people of the workspace.
    fn for_everybody(check: &Check) -> Self {
        let told = Self::of(check);
        match told.circuit_state.as_deref() {
            Some("forced_open") => Self {
                message: "stopped by hand".to_owned(),
                ..told
            },
            _ => told,
        }
    }

    pub(super) fn of(check: &Check) -> Self {
        Self {
            name: check.name.clone(),
            account_name: None,
            healthy: check.healthy,
            required: check.required,
            message: check.message.clone(),
            circuit_state: check.circuit_state.clone(),
            last_success_at: check.last_success_at,
        }
    }

    pub(super) fn named(self, account: Option<&AccountOf>) -> Self {
        Self {
            account_name: account.map(|account| account.name.clone()),
            ..self
        }
    }

    /// The circuit of an account that this process has not called: closed, unless it was stopped by hand.
    pub(super) fn uncalled(name: String, decision: Option<&Decision>) -> Self {
        let stopped = decision.filter(|decision| decision.hand == Hand::ForceOpen);
        Self {
            name,
            account_name: None,
            healthy: stopped.is_none(),
            required: false,
            message: stopped.map_or_else(|| "closed".to_owned(), Decision::told),
            circuit_state: Some(
                if stopped.is_some() {
                    "forced_open"
                } else {
                    "closed"
                }
                .to_owned(),
            ),
            last_success_at: None,
        }
    }
}
