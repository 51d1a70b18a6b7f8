//! Runs of agents and how these are set, by number.

use super::at;
use chrono::{DateTime, Duration, Utc};
use domain::agents::{
    AgentConfig, AgentRun, Autonomy, Budget, LogLevel, LogLine, RunKind, RunStatus, Trigger, Value,
    Values,
};
use domain::audit::Actor;
use domain::changes::{Guardrails, Hours, Limits};
use domain::ids::{RunId, StoreScope};

/// The first runs are created then.
fn created_at(number: u32) -> DateTime<Utc> {
    at("2026-02-01T08:00:00Z") + Duration::minutes(i64::from(number))
}

/// Queued by a person, due at once; a larger number was created later.
#[must_use]
pub fn agent_run(scope: StoreScope, agent: &str, number: u32) -> AgentRun {
    let created = created_at(number);
    let id = scope.store.0.as_u128() ^ (u128::from(number) << 64) ^ (10 << 120);
    AgentRun {
        id: RunId(uuid::Uuid::from_u128(id)),
        scope,
        agent: agent.to_owned(),
        kind: RunKind::Decide,
        status: RunStatus::Queued,
        trigger: Trigger::Person {
            who: Actor::command_line(),
        },
        parameters: serde_json::json!({ "depth": number }),
        config_version: 0,
        seed: u64::MAX - u64::from(number),
        priority: 0,
        failures: 0,
        crashes: 0,
        created_at: created,
        run_at: created,
        started_at: None,
        finished_at: None,
        steps: Vec::new(),
        progress: None,
        facts: None,
        log_lines: 0,
        looked_at: 0,
        proposals: 0,
        change_sets: Vec::new(),
        summary: None,
        error: None,
        rehearsal: None,
    }
}

#[must_use]
pub fn log_line(no: u64, text: &str) -> LogLine {
    LogLine {
        no,
        at: created_at(0),
        level: LogLevel::Warn,
        text: text.to_owned(),
    }
}

#[must_use]
pub fn agent_config(scope: StoreScope, agent: &str, version: i64) -> AgentConfig {
    AgentConfig {
        scope,
        agent: agent.to_owned(),
        version,
        enabled: true,
        autonomy: Autonomy::Propose,
        schedule: "0 * * * *".to_owned(),
        values: Values::from([
            ("margin".to_owned(), Value::Number(1500 + version)),
            ("tags".to_owned(), Value::Words(vec!["sale".to_owned()])),
            ("on".to_owned(), Value::Flag(true)),
        ]),
        budget: Budget::default(),
        updated_at: created_at(0),
        updated_by: Actor::command_line(),
        reason: Some("Too cheap".to_owned()),
    }
}

#[must_use]
pub fn guardrails(scope: StoreScope, version: i64) -> Guardrails {
    Guardrails {
        scope,
        version,
        limits: Limits {
            margin: 1_000 + version,
            hours: Some(Hours { from: 22, to: 6 }),
            ..Limits::default()
        },
        updated_at: created_at(0),
        updated_by: Actor::command_line(),
        reason: Some("A sale".to_owned()),
    }
}
