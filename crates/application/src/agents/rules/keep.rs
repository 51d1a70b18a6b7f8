//! Rules as people keep them: each version with the audit's entry, none that would go round and round.

use crate::agents::{AgentError, Agents, Fault, Standing, default_config};
use chrono::{DateTime, Utc};
use domain::agents::rules::{self, Operation, Rule};
use domain::agents::{AgentConfig, AgentRun, Autonomy, SettingFault};
use domain::audit::Actor;
use domain::store::Store;
use ports::PageRequest;
use ports::runs::RunFilter;
use uuid::Uuid;

/// Of one store.
const MOST_RULES: usize = 100;
/// Versions that are shown, the newest first.
const MOST_VERSIONS: usize = 50;
/// Before the number of a rule in the id of its agent.
const KIND: &str = "rule:";

/// The id of the agent that a rule is.
#[must_use]
pub fn rule_agent(id: Uuid) -> String {
    format!("{KIND}{id}")
}

/// A rule, and how it fares as an agent.
#[derive(Debug, Clone)]
pub struct KeptRule {
    pub id: Uuid,
    pub rule: Rule,
    pub standing: Standing,
    pub last_run: Option<LastRun>,
    /// What keeps it from doing what it says, as a sentence.
    pub warning: Option<String>,
}

/// The last time it looked.
#[derive(Debug, Clone)]
pub struct LastRun {
    pub run: AgentRun,
}

#[derive(Debug, Clone)]
pub struct RuleVersion {
    pub version: i64,
    pub rule: Rule,
    pub enabled: bool,
    pub autonomy: Autonomy,
    pub at: DateTime<Utc>,
    pub by: Actor,
    pub reason: Option<String>,
}

/// What is not given stays as it is.
#[derive(Debug, Clone, Default)]
pub struct RuleChange {
    /// Of the rule that was looked at; 0 for a new one.
    pub version: i64,
    pub rule: Option<Rule>,
    pub enabled: Option<bool>,
    pub autonomy: Option<Autonomy>,
    pub reason: Option<String>,
}

/// As the document has it under `rule`.
pub(super) fn named(fault: SettingFault) -> Fault {
    Fault::new(format!("rule.{}", fault.key), fault.message)
}

impl Agents {
    /// By name.
    pub async fn rules(&self, store: &Store) -> Result<Vec<KeptRule>, AgentError> {
        let mut kept = Vec::new();
        for config in self.written(store).await? {
            kept.extend(self.kept_rule(store, config).await?);
        }
        kept.sort_by(|a, b| (&a.rule.name, a.id).cmp(&(&b.rule.name, b.id)));
        Ok(kept)
    }

    pub async fn rule(&self, store: &Store, id: Uuid) -> Result<KeptRule, AgentError> {
        let config = self.rule_config(store, id).await?;
        let kept = self.kept_rule(store, config).await?;
        kept.ok_or(AgentError::UnknownAgent)
    }

    async fn rule_config(&self, store: &Store, id: Uuid) -> Result<AgentConfig, AgentError> {
        let agent = rule_agent(id);
        let config = self.ports.agent_configs.find(store.scope, &agent).await?;
        let config = config.filter(|c| self.written_spec(c).is_some());
        config.ok_or(AgentError::UnknownAgent)
    }

    async fn kept_rule(
        &self,
        store: &Store,
        config: AgentConfig,
    ) -> Result<Option<KeptRule>, AgentError> {
        let id = config
            .agent
            .strip_prefix(KIND)
            .and_then(|id| id.parse().ok());
        let (Some(id), Some(rule)) = (id, rules::of(&config.values).cloned()) else {
            return Ok(None);
        };
        let filter = RunFilter {
            store: Some(store.scope.store),
            agent: Some(config.agent.clone()),
            status: None,
            kind: Some("decide"),
        };
        let (runs, page) = (&self.ports.runs, PageRequest::first(1));
        let last = runs.list(store.scope.workspace, &filter, &page).await?;
        let warning = match &rule.then {
            Operation::Signal { .. } => self.changes.why_no_signals(store.scope.workspace).await?,
            _ => None,
        };
        Ok(Some(KeptRule {
            id,
            rule,
            warning,
            standing: self.standing(store, &config.agent).await?,
            last_run: last.items.into_iter().next().map(|run| LastRun { run }),
        }))
    }

    /// Earlier versions, the newest first.
    pub async fn rule_versions(
        &self,
        store: &Store,
        id: Uuid,
    ) -> Result<Vec<RuleVersion>, AgentError> {
        let newest = self.rule_config(store, id).await?;
        let mut versions = Vec::new();
        for version in (1..=newest.version).rev().take(MOST_VERSIONS) {
            let configs = &self.ports.agent_configs;
            let found = configs.version(store.scope, &newest.agent, version).await?;
            versions.extend(found.and_then(|config| {
                Some(RuleVersion {
                    version: config.version,
                    rule: rules::of(&config.values)?.clone(),
                    enabled: config.enabled,
                    autonomy: config.autonomy,
                    at: config.updated_at,
                    by: config.updated_by,
                    reason: config.reason,
                })
            }));
        }
        Ok(versions)
    }

    /// A new one looks only, where nothing else is said; it does not begin with acting.
    pub async fn create_rule(
        &self,
        store: &Store,
        change: RuleChange,
        by: Actor,
    ) -> Result<KeptRule, AgentError> {
        let rule = change
            .rule
            .as_ref()
            .ok_or_else(|| invalid("rule", "is needed"))?;
        let spec = rules::spec(&rule_agent(Uuid::now_v7()), rule);
        let config = default_config(store, &spec);
        if self.written(store).await?.len() >= MOST_RULES {
            return Err(invalid(
                "rule",
                &format!("is one too many: a store has at most {MOST_RULES}"),
            ));
        }
        self.save_rule(store, &config, change, "rule.create", by)
            .await
    }

    /// One that acts by itself proposes again when it says something else: nobody has seen what it would have done.
    pub async fn change_rule(
        &self,
        store: &Store,
        id: Uuid,
        change: RuleChange,
        by: Actor,
    ) -> Result<KeptRule, AgentError> {
        let before = self.rule_config(store, id).await?;
        if before.version != change.version {
            return Err(AgentError::ChangedMeanwhile);
        }
        self.save_rule(store, &before, change, "rule.change", by)
            .await
    }

    /// What it proposed stays.
    pub async fn remove_rule(&self, store: &Store, id: Uuid, by: Actor) -> Result<(), AgentError> {
        let before = self.rule_config(store, id).await?;
        let spec = self.spec(store, &before.agent).await?;
        let config = AgentConfig {
            version: before.version + 1,
            enabled: false,
            removed: true,
            reason: None,
            updated_at: self.ports.clock.now(),
            updated_by: by,
            ..before.clone()
        };
        self.keep_as("rule.remove", &spec, &before, &config).await?;
        self.started();
        Ok(())
    }

    async fn save_rule(
        &self,
        store: &Store,
        before: &AgentConfig,
        change: RuleChange,
        word: &'static str,
        by: Actor,
    ) -> Result<KeptRule, AgentError> {
        let mut config = before.clone();
        config.version += 1;
        config.enabled = change.enabled.unwrap_or(before.enabled);
        config.autonomy = change.autonomy.unwrap_or(before.autonomy);
        if let Some(mut rule) = change.rule {
            rule.name = rule.name.trim().to_owned();
            let is_same = rules::of(&before.values) == Some(&rule);
            if !is_same && before.autonomy == Autonomy::Act {
                config.autonomy = config.autonomy.min(Autonomy::Propose);
            }
            rule.when.schedule().trim().clone_into(&mut config.schedule);
            config.budget.proposals_per_run = rule.limits.per_run.clamp(1, 100);
            config.values = rules::values(rule);
        }
        config.reason = change.reason.map(|r| r.trim().to_owned());
        config.reason = config.reason.filter(|r| !r.is_empty());
        config.updated_at = self.ports.clock.now();
        config.updated_by = by;
        self.may_stand(store, before, &config).await?;
        let spec = self.written_spec(&config).ok_or(AgentError::UnknownAgent)?;
        self.keep_as(word, &spec, before, &config).await?;
        self.reschedule(store, before, &config).await?;
        self.started();
        let kept = self.kept_rule(store, config).await?;
        kept.ok_or(AgentError::UnknownAgent)
    }

    async fn may_stand(
        &self,
        store: &Store,
        before: &AgentConfig,
        config: &AgentConfig,
    ) -> Result<(), AgentError> {
        let rule = rules::of(&config.values).ok_or_else(|| invalid("rule", "is needed"))?;
        let mut faults: Vec<_> = rules::check(rule).into_iter().map(named).collect();
        if config.autonomy == Autonomy::Act && before.autonomy != Autonomy::Act {
            let message =
                "is raised to act where the agent that the rule is is set, after a rehearsal";
            faults.push(Fault::new("autonomy", message));
        }
        if faults.is_empty() {
            faults.extend(self.goes_round(store, config).await?);
        }
        match faults.is_empty() {
            true => Ok(()),
            false => Err(AgentError::Invalid(faults)),
        }
    }

    /// Whether a rule that is on would undo what another one does, and be undone by it in turn.
    pub(in crate::agents) async fn goes_round(
        &self,
        store: &Store,
        config: &AgentConfig,
    ) -> Result<Vec<Fault>, AgentError> {
        let Some(rule) = rules::of(&config.values).filter(|_| config.enabled) else {
            return Ok(Vec::new());
        };
        let others = self.written(store).await?;
        let others = others
            .iter()
            .filter(|o| o.enabled && o.agent != config.agent);
        let others = others.filter_map(|o| rules::of(&o.values));
        Ok(others
            .filter_map(|other| rules::undoes(rule, other))
            .map(|why| Fault::new("rule.then", why))
            .collect())
    }
}

fn invalid(field: &str, message: &str) -> AgentError {
    AgentError::Invalid(vec![Fault::new(field, message)])
}
