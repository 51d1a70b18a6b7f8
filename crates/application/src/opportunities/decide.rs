//! What people decide about an opportunity: a draft in the shop, not at all, not now.

use super::draft::draft;
use super::{Opportunities, OpportunityError};
use crate::changes::{Edit, Fault, NewChangeSet};
use chrono::{DateTime, Duration, Utc};
use domain::audit::{Actor, NewEntry};
use domain::ids::{ChangeSetId, OpportunityId, WorkspaceId};
use domain::opportunity::{Decision, Opportunity, Watch, Watched};
use ports::Kind;
use serde_json::json;
use uuid::Uuid;

const LONGEST_REASON: usize = 500;
const LONGEST_SNOOZE: Duration = Duration::days(365);

#[derive(Debug, Clone, Default)]
pub struct Approval {
    /// Of the opportunity that was looked at.
    pub version: i64,
    /// The suggested one when left out; minor units of the store's currency.
    pub price: Option<i64>,
    /// The supplier's when left out.
    pub title: Option<String>,
    pub reason: Option<String>,
}

/// The same for the same decision, so that a repeat finds what was proposed.
fn set_id(id: OpportunityId, version: i64) -> ChangeSetId {
    ChangeSetId(Uuid::new_v5(
        &id.0,
        format!("approved\n{version}").as_bytes(),
    ))
}

fn reason(given: Option<&str>, is_needed: bool) -> Result<Option<String>, OpportunityError> {
    let fault = |message: String| {
        let faults = vec![Fault::new("reason", message)];
        Err(OpportunityError::Invalid(faults))
    };
    let text = given.unwrap_or_default().trim();
    if text.chars().count() > LONGEST_REASON {
        return fault(format!("has at most {LONGEST_REASON} characters"));
    }
    if text.is_empty() && is_needed {
        return fault("is needed: it is what the next one learns from".to_owned());
    }
    Ok((!text.is_empty()).then(|| text.to_owned()))
}

/// What the score says, for whoever looks at the draft.
fn because(of: &Opportunity) -> String {
    let score = of.score.map_or("no score".to_owned(), |s| {
        format!("score {}.{:02} of 100", s / 100, s % 100)
    });
    let known = of.completeness;
    let margin = match of.margin.value {
        Some(margin) => {
            let tenths = margin.low / 10;
            format!("margin {}.{} %", tenths / 10, (tenths % 10).abs())
        }
        None => format!("margin not known: {}", of.margin.why),
    };
    let text = format!("Opportunity with {score}, {known} % of it known; {margin}");
    text.chars().take(1_000).collect()
}

impl Opportunities {
    async fn waiting(
        &self,
        workspace: WorkspaceId,
        id: OpportunityId,
        version: i64,
        may_be: &[Watch],
    ) -> Result<Watched, OpportunityError> {
        let watched = self.find(workspace, id).await?;
        if watched.version != version {
            return Err(OpportunityError::ChangedMeanwhile);
        }
        let watch = watched.watch(self.ports.clock.now());
        if !may_be.contains(&watch) {
            return Err(OpportunityError::Decided(watch));
        }
        Ok(watched)
    }

    pub(super) async fn decide(
        &self,
        mut watched: Watched,
        decision: Decision,
    ) -> Result<Watched, OpportunityError> {
        let of = &watched.opportunity;
        let action = match decision.watch {
            Watch::Approved => "opportunity.approve",
            Watch::Rejected => "opportunity.reject",
            Watch::Snoozed | Watch::Proposed => "opportunity.snooze",
        };
        let id = of.id.to_string();
        let target = ("opportunity", id.as_str(), of.title.as_str());
        let (workspace, by) = (of.scope.workspace, decision.by.clone());
        let entry = NewEntry::done(workspace, decision.at, by, action, target).after(&json!({
            "score": of.score, "price": of.price.value, "until": decision.until,
            "change_set": decision.change_set, "version": watched.version + 1,
        }));
        let entry = match &decision.reason {
            Some(reason) => entry.because(reason),
            None => entry,
        };
        watched.version += 1;
        watched.decision = Some(decision);
        let port = &self.ports.opportunities;
        let stored = port.decide_opportunity(&watched, &entry).await;
        stored.map_err(|error| match error.kind {
            Kind::Conflict => OpportunityError::ChangedMeanwhile,
            _ => OpportunityError::Port(error),
        })?;
        self.hub.wake();
        Ok(watched)
    }

    /// Proposes a draft of it to the shop; nothing is written before that is approved like any other change.
    pub async fn approve(
        &self,
        workspace: WorkspaceId,
        id: OpportunityId,
        approval: Approval,
        by: &Actor,
    ) -> Result<Watched, OpportunityError> {
        let may_be = [Watch::Proposed, Watch::Snoozed, Watch::Rejected];
        let watched = self
            .waiting(workspace, id, approval.version, &may_be)
            .await?;
        if watched.gone {
            return Err(OpportunityError::Gone);
        }
        let said = reason(approval.reason.as_deref(), false)?;
        let of = &watched.opportunity;
        if let Some(open) = self.open_proposal(of).await? {
            let is_as_proposed = approval.price.is_none() && approval.title.is_none();
            if is_as_proposed {
                // What an agent proposed already is what is wanted.
                let decision = Decision {
                    watch: Watch::Approved,
                    by: by.clone(),
                    at: self.ports.clock.now(),
                    reason: said,
                    until: None,
                    change_set: Some(open.id),
                };
                return self.decide(watched, decision).await;
            }
            let note = "it is proposed with another title or price instead";
            self.changes
                .reject(workspace, open.id, by, Some(note))
                .await?;
        }
        let store = self.store(workspace, Some(of.scope.store)).await?;
        let draft = draft(&self.ports, &store, of, &approval).await?;
        let new = NewChangeSet {
            title: None,
            reason: because(of),
            edits: vec![Edit::ProductDraft(draft)],
            proposed_by: by.clone(),
        };
        let set = set_id(id, watched.version + 1);
        let set = self.changes.propose_as(set, &store, new).await?;
        let decision = Decision {
            watch: Watch::Approved,
            by: by.clone(),
            at: self.ports.clock.now(),
            reason: said,
            until: None,
            change_set: Some(set.id),
        };
        self.decide(watched, decision).await
    }

    pub async fn reject(
        &self,
        workspace: WorkspaceId,
        id: OpportunityId,
        (version, said): (i64, &str),
        by: &Actor,
    ) -> Result<Watched, OpportunityError> {
        let may_be = [Watch::Proposed, Watch::Snoozed];
        let watched = self.waiting(workspace, id, version, &may_be).await?;
        let said = reason(Some(said), true)?;
        if let Some(open) = self.open_proposal(&watched.opportunity).await? {
            self.changes
                .reject(workspace, open.id, by, said.as_deref())
                .await?;
        }
        let decision = Decision {
            watch: Watch::Rejected,
            by: by.clone(),
            at: self.ports.clock.now(),
            reason: said,
            until: None,
            change_set: None,
        };
        self.decide(watched, decision).await
    }

    pub async fn snooze(
        &self,
        workspace: WorkspaceId,
        id: OpportunityId,
        (version, until): (i64, DateTime<Utc>),
        said: Option<&str>,
        by: &Actor,
    ) -> Result<Watched, OpportunityError> {
        let may_be = [Watch::Proposed, Watch::Snoozed];
        let watched = self.waiting(workspace, id, version, &may_be).await?;
        let now = self.ports.clock.now();
        if until <= now || until > now + LONGEST_SNOOZE {
            let message = "lies ahead, and within a year";
            return Err(OpportunityError::Invalid(vec![Fault::new(
                "until", message,
            )]));
        }
        let decision = Decision {
            watch: Watch::Snoozed,
            by: by.clone(),
            at: now,
            reason: reason(said, false)?,
            until: Some(until),
            change_set: None,
        };
        self.decide(watched, decision).await
    }
}
