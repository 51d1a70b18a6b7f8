//! `GET /health`, `/v1/health`: the whole machine for a person, with what to do about what is wrong.

use super::readyz::CheckBody;
use crate::auth::Caller;
use crate::http::agents::counts::{Counts, counts};
use crate::readiness::{Check, Report};
use crate::state::App;
use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use application::circuits::{AccountBudget, AccountOf, is_of_an_account};
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
    /// Of each account whose provider told of a budget or asked for quiet.
    budgets: Vec<BudgetBody>,
    /// Null when none are made by themselves: BACKUP_DIR is not set.
    backups: Option<BackupsBody>,
    recommendations: Vec<String>,
    timestamp: DateTime<Utc>,
}

/// What an account may still ask of its provider, in the provider's points, as this process knows it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ProviderBudget)]
pub(crate) struct BudgetBody {
    /// provider/account, as in the names of its checks.
    account: String,
    /// As people know it; null for what is no account of the workspace.
    account_name: Option<String>,
    /// By its last answer and what came back since; null until it told.
    free: Option<u64>,
    most: Option<u64>,
    restored_per_second: Option<f64>,
    /// It asked for quiet until then.
    paused_until: Option<DateTime<Utc>>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = BackupStanding)]
pub(crate) struct BackupsBody {
    /// Null where they cannot be counted: the folder cannot be read.
    kept: Option<usize>,
    newest_at: Option<DateTime<Utc>>,
    every_seconds: i64,
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

impl BudgetBody {
    fn of(known: AccountBudget, accounts: &[AccountOf]) -> Self {
        let owner = owner(&known.account, accounts);
        // A part of a point is none that could be spent.
        let whole = |points: f64| points.max(0.0) as u64;
        Self {
            account_name: owner.map(|owner| owner.name.clone()),
            account: known.account,
            free: known.budget.map(|budget| whole(budget.free)),
            most: known.budget.map(|budget| whole(budget.most)),
            restored_per_second: known.budget.map(|budget| budget.per_second),
            paused_until: known.paused_until,
        }
    }
}

/// Whose account it is that circuits are named by.
fn owner<'a>(account: &str, accounts: &'a [AccountOf]) -> Option<&'a AccountOf> {
    let circuit = format!("{account}/");
    accounts.iter().find(|owner| owner.has(&circuit))
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
    let mut body = Body::of(&app, &report, word, (agents, checks));
    body.budgets = budgets(&app, &accounts);
    body.backups = backups(&app).await;
    HttpResponse::build(status).json(body)
}

/// Those of the workspace's accounts and of the installation.
fn budgets(app: &App, accounts: &[AccountOf]) -> Vec<BudgetBody> {
    let mut all = app.circuits.budgets();
    all.retain(|known| {
        !is_of_an_account(&known.account) || owner(&known.account, accounts).is_some()
    });
    all.into_iter()
        .map(|known| BudgetBody::of(known, accounts))
        .collect()
}

async fn backups(app: &App) -> Option<BackupsBody> {
    let every_seconds = app.backups.every()?.num_seconds();
    // What is wrong with them stands among the checks.
    let standing = app.backups.standing().await.ok().flatten();
    let newest = standing.as_ref().and_then(|known| known.newest.as_ref());
    Some(BackupsBody {
        newest_at: newest.map(|kept| kept.made_at),
        kept: standing.as_ref().map(|known| known.kept),
        every_seconds,
    })
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
            budgets: Vec::new(),
            backups: None,
            recommendations: broken
                .map(|c| format!("{}: {}", c.name, c.message))
                .collect(),
            timestamp: now,
        }
    }
}
