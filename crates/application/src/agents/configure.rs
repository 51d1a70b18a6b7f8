//! How an agent is set: checked as a whole, versioned, and told to the audit with what stood there before.

use super::{AgentError, Agents, Fault};
use domain::agents::rules;
use domain::agents::schedule::Schedule;
use domain::agents::{
    AgentConfig, AgentSpec, Autonomy, Budget, RunStatus, SettingFault, Value, Values,
};
use domain::audit::{Actor, NewEntry};
use domain::changes::budget::UnknownEffect;
use domain::store::Store;
use ports::page::MAX_LIMIT;
use ports::runs::RunFilter;
use ports::{Kind, PageRequest, PortResult};
use serde_json::json;

const LONGEST_REASON: usize = 1_000;
/// What one agent may use up at most, whatever is set.
const MOST: Budget = Budget {
    runs_per_hour: 60,
    runs_per_day: 1_000,
    proposals_per_run: 200,
    writes_per_day: 100,
    money_per_day: Some(MOST_MONEY),
    unknown_effect: UnknownEffect::Refused,
    calls_per_day: Some(MOST_CALLS),
};
/// In minor units.
const MOST_MONEY: i64 = 1_000_000_000_000;
const MOST_CALLS: u32 = 100_000;

/// What is not given stays as it is.
#[derive(Debug, Clone, Default)]
pub struct ConfigChange {
    /// Of the settings that were looked at; 0 when nobody set anything yet.
    pub version: i64,
    pub enabled: Option<bool>,
    pub autonomy: Option<Autonomy>,
    pub schedule: Option<String>,
    /// All of them: what is left out has its default again.
    pub values: Option<Values>,
    pub budget: Option<Budget>,
    pub reason: Option<String>,
}

impl Agents {
    /// Stores the next version of the settings, or names everything that is wrong with them.
    pub async fn configure(
        &self,
        store: &Store,
        agent: &str,
        change: ConfigChange,
        by: Actor,
    ) -> Result<AgentConfig, AgentError> {
        let spec = self.spec(store, agent).await?;
        let spec = spec.as_ref();
        let before = self.config(store, spec).await?;
        if before.version != change.version {
            return Err(AgentError::ChangedMeanwhile);
        }
        let policy = &self.registry.entry(agent)?.policy;
        let is_written = policy.is_written();
        if is_written && (change.schedule.is_some() || change.values.is_some()) {
            let message = "is what the rule says: change the rule";
            return Err(AgentError::Invalid(vec![Fault::new("values", message)]));
        }
        let mut config = before.clone();
        config.version += 1;
        config.enabled = change.enabled.unwrap_or(before.enabled);
        config.autonomy = change.autonomy.unwrap_or(before.autonomy);
        config.budget = change.budget.unwrap_or(before.budget);
        if let Some(schedule) = change.schedule {
            schedule.trim().clone_into(&mut config.schedule);
        }
        if let Some(values) = change.values {
            config.values = values;
        }
        config.reason = change.reason.map(|r| r.trim().to_owned());
        config.reason = config.reason.filter(|r| !r.is_empty());
        config.updated_at = self.ports.clock.now();
        config.updated_by = by;
        let mut faults = faults(spec, &config);
        if policy.books() && config.autonomy != Autonomy::Observe {
            let message =
                "stays at observe: this agent proposes nothing, and changes nothing outside";
            faults.push(Fault::new("autonomy", message));
        }
        if faults.is_empty() {
            faults.extend(self.not_yet_act(store, spec, &before, &config).await?);
            faults.extend(self.goes_round(store, &config).await?);
        }
        if !faults.is_empty() {
            return Err(AgentError::Invalid(faults));
        }
        self.keep(spec, &before, &config).await?;
        self.reschedule(store, &before, &config).await?;
        self.started();
        Ok(config)
    }

    pub(super) async fn keep(
        &self,
        spec: &AgentSpec,
        before: &AgentConfig,
        config: &AgentConfig,
    ) -> Result<(), AgentError> {
        self.keep_as("agent.configure", spec, before, config).await
    }

    /// Under the word that the audit has for it.
    pub(super) async fn keep_as(
        &self,
        word: &str,
        spec: &AgentSpec,
        before: &AgentConfig,
        config: &AgentConfig,
    ) -> Result<(), AgentError> {
        let target = ("agent", spec.id.as_ref(), spec.name.as_ref());
        let (workspace, by) = (config.scope.workspace, config.updated_by.clone());
        let entry = NewEntry::done(workspace, config.updated_at, by, word, target)
            .before(&shown(before))
            .after(&shown(config));
        let entry = match &config.reason {
            Some(reason) => entry.because(reason),
            None => entry,
        };
        let saved = self.ports.agent_configs.save(config, &entry).await;
        saved.map_err(|error| match error.kind {
            Kind::Conflict => AgentError::ChangedMeanwhile,
            _ => AgentError::Port(error),
        })
    }

    /// What keeps it from applying anything by itself: nobody said why, or nobody saw what this very policy would have done.
    async fn not_yet_act(
        &self,
        store: &Store,
        spec: &AgentSpec,
        before: &AgentConfig,
        config: &AgentConfig,
    ) -> PortResult<Vec<Fault>> {
        let is_same_policy = is_same(spec, &before.values, &config.values);
        let is_act = config.autonomy == Autonomy::Act;
        if !is_act || (before.autonomy == Autonomy::Act && is_same_policy) {
            return Ok(Vec::new());
        }
        let mut faults = Vec::new();
        if config.reason.is_none() {
            let message = "is needed where an agent is to act by itself";
            faults.push(Fault::new("reason", message));
        }
        if before.autonomy == Autonomy::Act {
            let message = "is act: lower it before the policy is changed, rehearse the policy, and raise it again";
            faults.push(Fault::new("autonomy", message));
        } else if !self.is_rehearsed(store, spec, &config.values).await? {
            let message = "needs a rehearsal of the policy as it is set now: start one, and look at what it would have done";
            faults.push(Fault::new("autonomy", message));
        }
        Ok(faults)
    }

    /// Whether there is a rehearsal, come to its end, of a policy that is set like this.
    async fn is_rehearsed(
        &self,
        store: &Store,
        spec: &AgentSpec,
        values: &Values,
    ) -> PortResult<bool> {
        let filter = RunFilter {
            store: Some(store.scope.store),
            agent: Some(spec.id.to_string()),
            status: Some(RunStatus::Succeeded),
            kind: Some("rehearse"),
        };
        let mut page = PageRequest::first(MAX_LIMIT);
        let mut looked_at = std::collections::BTreeSet::new();
        loop {
            let runs = &self.ports.runs;
            let found = runs.list(store.scope.workspace, &filter, &page).await?;
            for run in &found.items {
                let is_new = looked_at.insert(run.config_version);
                if is_new {
                    let used = self.values_of(store, spec, run.config_version).await?;
                    if used.is_some_and(|used| is_same(spec, &used, values)) {
                        return Ok(true);
                    }
                }
            }
            page.cursor = found.next_cursor;
            if page.cursor.is_none() {
                return Ok(false);
            }
        }
    }

    /// The values of a version; `None` when it is not kept.
    pub(super) async fn values_of(
        &self,
        store: &Store,
        spec: &AgentSpec,
        version: i64,
    ) -> PortResult<Option<Values>> {
        if version == 0 {
            return Ok(Some(Values::new()));
        }
        let configs = &self.ports.agent_configs;
        let found = configs.version(store.scope, &spec.id, version).await?;
        Ok(found.map(|c| c.values))
    }
}

/// Whether two policies decide by the same values, defaults among them.
fn is_same(spec: &AgentSpec, one: &Values, two: &Values) -> bool {
    rules::of(one) == rules::of(two)
        && spec.fields.iter().all(|field| {
            let key = field.key;
            spec.number(one, key) == spec.number(two, key)
                && spec.words(one, key) == spec.words(two, key)
        })
}

fn faults(spec: &AgentSpec, config: &AgentConfig) -> Vec<Fault> {
    let mut faults = Vec::new();
    if let Err(wrong) = spec.check(&config.values) {
        let named = |f: SettingFault| Fault::new(format!("values.{}", f.key), f.message);
        faults.extend(wrong.into_iter().map(named));
    }
    // What events start has none.
    let is_none = config.schedule.is_empty() && spec.schedule.is_empty();
    if let Err(error) = Schedule::parse(&config.schedule)
        && !is_none
    {
        faults.push(Fault::new("schedule", error.to_string()));
    }
    let budget = &config.budget;
    let parts = [
        ("runs_per_hour", budget.runs_per_hour, 1, MOST.runs_per_hour),
        ("runs_per_day", budget.runs_per_day, 1, MOST.runs_per_day),
        (
            "proposals_per_run",
            budget.proposals_per_run,
            1,
            MOST.proposals_per_run,
        ),
        (
            "writes_per_day",
            budget.writes_per_day,
            0,
            MOST.writes_per_day,
        ),
    ];
    for (key, value, least, most) in parts {
        if !(least..=most).contains(&value) {
            let message = format!("lies from {least} to {most}");
            faults.push(Fault::new(format!("budget.{key}"), message));
        }
    }
    if budget
        .money_per_day
        .is_some_and(|money| !(0..=MOST_MONEY).contains(&money))
    {
        let message = "is an amount of at most ten thousand millions, or left out".to_owned();
        faults.push(Fault::new("budget.money_per_day", message));
    }
    if budget.calls_per_day.is_some_and(|calls| calls > MOST_CALLS) {
        let message = format!("lies from 0 to {MOST_CALLS}, or is left out");
        faults.push(Fault::new("budget.calls_per_day", message));
    }
    let reason = config.reason.as_deref().unwrap_or_default();
    if reason.chars().count() > LONGEST_REASON {
        let message = format!("has at most {LONGEST_REASON} characters");
        faults.push(Fault::new("reason", message));
    }
    faults
}

/// As the audit keeps it.
fn shown(config: &AgentConfig) -> serde_json::Value {
    let values: serde_json::Map<_, _> = config
        .values
        .iter()
        .map(|(key, value)| {
            let value = match value {
                Value::Flag(on) => json!(on),
                Value::Number(n) => json!(n),
                Value::Words(words) => json!(words),
                Value::Rule(rule) => json!(rule),
            };
            (key.clone(), value)
        })
        .collect();
    json!({
        "store": config.scope.store, "version": config.version, "enabled": config.enabled,
        "autonomy": config.autonomy, "schedule": config.schedule, "values": values,
        "budget": config.budget,
    })
}
