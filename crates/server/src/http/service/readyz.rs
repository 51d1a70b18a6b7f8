//! `GET /readyz`, `/v1/readyz`: answers from the last background check; never asks a provider, never waits.

use crate::readiness::{Check, Report};
use crate::state::App;
use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Check)]
pub(crate) struct CheckBody {
    name: String,
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
            checks: report.checks.iter().map(CheckBody::for_everybody).collect(),
        }
    }
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
            healthy: check.healthy,
            required: check.required,
            message: check.message.clone(),
            circuit_state: check.circuit_state.clone(),
            last_success_at: check.last_success_at,
        }
    }
}
