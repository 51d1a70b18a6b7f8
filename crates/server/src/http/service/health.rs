//! `GET /health`, `/v1/health`: the whole machine for a person, with what to do about what is wrong.

use super::readyz::CheckBody;
use crate::auth::Caller;
use crate::http::agents::counts::{Counts, counts};
use crate::readiness::{Check, Report};
use crate::state::App;
use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use application::circuits::{AccountOf, is_of_an_account};
use chrono::{DateTime, Utc};
use ports::presence::Replica;
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Uptime)]
pub(crate) struct UptimeBody {
    #[serde(rename = "startedAt")]
    #[schema(rename = "startedAt")]
    started_at: DateTime<Utc>,
    seconds: i64,
}

/// Null where the database does not tell.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AgentCounts)]
pub(crate) struct AgentsBody {
    /// Enabled, and held back by no stop.
    active: Option<u32>,
    total: Option<u32>,
    /// Those whose last runs all failed.
    degraded: Option<u32>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Health)]
pub(crate) struct Body {
    /// healthy, degraded (something optional does not work) or unhealthy.
    status: String,
    version: String,
    uptime: UptimeBody,
    agents: AgentsBody,
    /// Component → healthy, degraded or unhealthy.
    components: BTreeMap<String, String>,
    checks: Vec<CheckBody>,
    /// The processes that are there, this one among them; null while REDIS_URL, by which they see each other, is away.
    replicas: Option<Vec<ReplicaBody>>,
    recommendations: Vec<String>,
    timestamp: DateTime<Utc>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Replica)]
pub(crate) struct ReplicaBody {
    id: String,
    /// Host and port.
    name: String,
    /// all, web or worker.
    role: String,
    version: String,
    started_at: DateTime<Utc>,
}

impl ReplicaBody {
    fn of(replica: Replica) -> Self {
        Self {
            id: replica.id.to_string(),
            name: replica.name,
            role: replica.role,
            version: replica.version,
            started_at: replica.started_at,
        }
    }
}

#[utoipa::path(
    get, path = "/health", operation_id = "health", tag = "service",
    summary = "State of all parts, with recommendations",
    responses((status = 200, body = Body, description = "healthy or degraded"), (status = 503, body = Body, description = "unhealthy"))
)]
pub(crate) async fn handle(app: web::Data<App>, who: Caller) -> HttpResponse {
    let accounts = app.circuits.accounts(who.workspace.id).await;
    let accounts = accounts.unwrap_or_default();
    let mut report = app.readiness.report();
    report.checks.retain(|check| is_for(check, &accounts));
    let (status, word) = match (report.is_ready(), report.is_whole()) {
        (true, true) => (StatusCode::OK, "healthy"),
        (true, false) => (StatusCode::OK, "degraded"),
        (false, _) => (StatusCode::SERVICE_UNAVAILABLE, "unhealthy"),
    };
    // What is wrong with the database stands among the checks.
    let agents = counts(&app, who.workspace.id).await.ok();
    let checks = checks(&app, &report, &accounts).await;
    HttpResponse::build(status).json(Body::of(&app, &report, word, (agents, checks)))
}

/// The shops, suppliers and ad accounts of others are no part of what their neighbours run.
fn is_for(check: &Check, accounts: &[AccountOf]) -> bool {
    check.circuit_state.is_none()
        || !is_of_an_account(&check.name)
        || accounts.iter().any(|account| account.has(&check.name))
}

/// Those of the last round, and the circuits of accounts that this process has not called, so that they can be stopped before.
async fn checks(app: &App, report: &Report, accounts: &[AccountOf]) -> Vec<CheckBody> {
    let known = report.checks.iter().map(|check| {
        let of_circuit = check.circuit_state.is_some();
        let account = accounts.iter().find(|a| of_circuit && a.has(&check.name));
        CheckBody::of(check).named(account)
    });
    let mut checks: Vec<CheckBody> = known.collect();
    for account in accounts {
        for effect in ["read", "write"] {
            let name = format!("{}/{effect}", account.prefix);
            if checks.iter().any(|check| check.name == name) {
                continue;
            }
            let decision = app.circuits.decided(&name).await.ok().flatten();
            checks.push(CheckBody::uncalled(name, decision.as_ref()).named(Some(account)));
        }
    }
    checks
}

#[utoipa::path(
    get, path = "/v1/health", operation_id = "health_v1", tag = "service",
    summary = "State of all parts, with recommendations",
    responses((status = 200, body = Body, description = "healthy or degraded"), (status = 503, body = Body, description = "unhealthy"))
)]
pub(crate) async fn handle_v1(app: web::Data<App>, who: Caller) -> HttpResponse {
    handle(app, who).await
}

impl Body {
    fn of(
        app: &App,
        report: &Report,
        word: &str,
        (agents, checks): (Option<Counts>, Vec<CheckBody>),
    ) -> Self {
        let now = app.now();
        let component = |check: &Check| {
            let state = match (check.healthy, check.required) {
                (true, _) => "healthy",
                (false, true) => "unhealthy",
                (false, false) => "degraded",
            };
            (check.name.clone(), state.to_owned())
        };
        let broken = report.checks.iter().filter(|c| !c.healthy);
        Self {
            status: word.to_owned(),
            version: crate::VERSION.to_owned(),
            uptime: UptimeBody {
                started_at: app.started_at,
                seconds: (now - app.started_at).num_seconds(),
            },
            agents: AgentsBody {
                active: agents.map(|a| a.active),
                total: agents.map(|a| a.total),
                degraded: agents.map(|a| a.degraded),
            },
            components: report.checks.iter().map(component).collect(),
            checks,
            replicas: app
                .replicas
                .standing()
                .present
                .map(|all| all.into_iter().map(ReplicaBody::of).collect()),
            recommendations: broken
                .map(|c| format!("{}: {}", c.name, c.message))
                .collect(),
            timestamp: now,
        }
    }
}
