//! What agents propose, and what the policy of one that may act lets be applied without a person.

use super::propose::Draft;
use super::{ChangeError, Changes};
use chrono::Duration;
use domain::agents::Proposal;
use domain::audit::{Actor, ActorKind};
use domain::changes::{Approval, ChangeSet, ChangeSetStatus, OperationState, Origin};
use domain::ids::{ChangeSetId, RunId};
use domain::store::Store;
use ports::{Kind, PortError};
use serde_json::json;
use uuid::Uuid;

/// The run in whose name something is proposed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Proposer<'a> {
    pub(crate) agent: &'a str,
    /// As people know it.
    pub(crate) name: &'a str,
    pub(crate) run: RunId,
    /// Of the settings that the run uses.
    pub(crate) config_version: i64,
}

/// The set of a run about a subject: the same however often the run comes to it.
#[must_use]
pub(crate) fn set_id(run: RunId, subject: &str) -> ChangeSetId {
    ChangeSetId(Uuid::new_v5(&run.0, subject.as_bytes()))
}

impl Changes {
    /// Proposes it, or answers what the same run proposed about the same subject before.
    pub(crate) async fn propose_for(
        &self,
        store: &Store,
        by: &Proposer<'_>,
        proposal: &Proposal,
    ) -> Result<ChangeSet, ChangeError> {
        let (workspace, id) = (store.scope.workspace, set_id(by.run, &proposal.subject));
        if let Some(known) = self.find(workspace, id).await? {
            return Ok(known);
        }
        let connection = self.ports.connections.find(workspace, store.connection);
        let connection = connection.await?.ok_or(ChangeError::NoConnection)?;
        let actor = Actor::new(ActorKind::System, Some(by.agent.to_owned()), by.name, None);
        let draft = Draft {
            id,
            scope: store.scope,
            connection: connection.id,
            title: proposal.title.clone(),
            reason: proposal.reason.clone(),
            origin: Origin::Agent {
                agent: by.agent.to_owned(),
                run: by.run,
            },
            proposed_by: actor,
            wanted: proposal.wanted.clone(),
            evidence: proposal.evidence.clone(),
            effect: proposal.effect,
            effect_unknown: proposal.effect_unknown.clone(),
            risk: proposal.risk.clone(),
            valid: Duration::hours(i64::from(proposal.valid_hours.max(1))),
        };
        match self.put_forward(draft, "change_set.propose").await {
            Err(ChangeError::Port(error)) if error.kind == Kind::Conflict => {
                let known = self.find(workspace, id).await?;
                known.ok_or(ChangeError::Port(error))
            }
            proposed => proposed,
        }
    }

    /// Lets a proposal of an agent that may act be applied: bound to its operations as a person's approval is, and never in the name of the
    /// agent itself. Whatever the guardrails say at its application holds as for any other.
    pub(crate) async fn approve_by_policy(
        &self,
        set: &ChangeSet,
        by: &Proposer<'_>,
        why: &str,
    ) -> Result<ChangeSet, ChangeError> {
        let is_its_own = set.origin.agent() == Some((by.agent, by.run));
        if !is_its_own {
            return Err(ChangeError::NeedsPerson);
        }
        let mut set = self.waiting_set(set.scope.workspace, set.id).await?;
        self.not_stopped(&set).await?;
        self.may_order(&set, &[], None)
            .await?
            .map_err(ChangeError::Order)?;
        for operation in &mut set.operations {
            operation.state = OperationState::Approved;
        }
        set.status = ChangeSetStatus::Approved;
        let (digest, policy) = (set.digest(), Actor::system());
        set.approval = Some(Approval {
            by: policy.clone(),
            at: self.ports.clock.now(),
            digest: digest.clone(),
            note: Some(why.to_owned()),
            role: None,
        });
        let entry = self.entry(&set, &policy, "change_set.approve").because(why);
        let entry = entry.after(&json!({
            "digest": digest, "policy": true, "agent": by.agent, "run": by.run,
            "settings_version": by.config_version,
        }));
        let set = self.decide(&set, entry).await?;
        self.queued.notify_one();
        Ok(set)
    }

    /// A run that waits for what becomes of its proposals looks again. When it cannot be told, it looks by itself before long.
    pub(super) async fn wake_run(&self, set: &ChangeSet) {
        let Some((_, run)) = set.origin.agent() else {
            return;
        };
        let now = self.ports.clock.now();
        let woken = self.ports.runs.wake(set.scope.workspace, run, now).await;
        match woken {
            Ok(()) => {}
            Err(PortError {
                kind: Kind::NotFound,
                ..
            }) => {}
            Err(error) => tracing::warn!(%run, %error, "a waiting run could not be woken"),
        }
    }
}
