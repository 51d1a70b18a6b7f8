//! What people make of drafts that an agent proposed is what they decided about the opportunity.

use super::{Opportunities, OpportunityError};
use chrono::Duration;
use domain::agents::research::SPEC;
use domain::audit::Actor;
use domain::changes::{Action, ChangeSet, ChangeSetStatus};
use domain::ids::{OpportunityId, StoreScope};
use domain::opportunity::{Decision, Opportunity, Watch};
use ports::changes::ChangeFilter;
use ports::page::MAX_LIMIT;
use ports::{PageRequest, PortResult};
use std::sync::atomic::Ordering;

/// A proposal is decided on within a week, or expires; the rest is room for the clocks of several servers.
const OPEN: Duration = Duration::days(8);
/// How far back the first look of a server goes: it may have been down.
const BACK: Duration = Duration::days(60);
/// How far back later looks take decisions over.
const DECIDED: Duration = Duration::hours(1);

/// What the draft of a set was found as.
pub(crate) fn found_as(set: &ChangeSet) -> Option<OpportunityId> {
    set.operations.iter().find_map(|o| match &o.action {
        Action::ProductDraft(draft) => draft.opportunity,
        _ => None,
    })
}

/// What somebody decided about a set: whether it is wanted, who, and why.
fn decided(
    set: &ChangeSet,
) -> Option<(Watch, Actor, chrono::DateTime<chrono::Utc>, Option<String>)> {
    if let Some(no) = set.rejection.as_ref() {
        return Some((Watch::Rejected, no.by.clone(), no.at, no.note.clone()));
    }
    let yes = set.approval.as_ref()?;
    Some((Watch::Approved, yes.by.clone(), yes.at, yes.note.clone()))
}

impl Opportunities {
    async fn proposals(
        &self,
        scope: StoreScope,
        status: Option<ChangeSetStatus>,
        back: Duration,
    ) -> PortResult<Vec<ChangeSet>> {
        let since = self.ports.clock.now() - back;
        let filter = ChangeFilter {
            store: Some(scope.store),
            agent: Some(SPEC.id.to_string()),
            status,
            ..ChangeFilter::default()
        };
        let (mut sets, mut page) = (Vec::new(), PageRequest::first(MAX_LIMIT));
        loop {
            let found = self.ports.changes.list(scope.workspace, &filter, &page);
            let found = found.await?;
            let is_end = found.items.last().is_none_or(|s| s.created_at < since);
            sets.extend(found.items.into_iter().filter(|s| s.created_at >= since));
            page.cursor = found.next_cursor;
            if is_end || page.cursor.is_none() {
                return Ok(sets);
            }
        }
    }

    /// An agent's proposal of a draft of it that waits for somebody.
    pub(super) async fn open_proposal(&self, of: &Opportunity) -> PortResult<Option<ChangeSet>> {
        let open = self.proposals(of.scope, Some(ChangeSetStatus::Proposed), OPEN);
        Ok(open.await?.into_iter().find(|s| found_as(s) == Some(of.id)))
    }

    /// Takes over what was decided about the agent's proposals of every store; answers about how many things that was news.
    pub async fn settle_all(&self) -> PortResult<usize> {
        let is_later = self.caught_up.load(Ordering::Relaxed);
        let back = if is_later { OPEN } else { BACK };
        let since = self.ports.clock.now() - if is_later { DECIDED } else { BACK };
        let mut news = 0;
        for workspace in self.ports.accounts.workspaces().await? {
            for store in self.stores.list(workspace.id).await? {
                for set in self.proposals(store.scope, None, back).await? {
                    if decided(&set).is_some_and(|(_, _, at, _)| at >= since) {
                        news += usize::from(self.settle(&set).await?);
                    }
                }
            }
        }
        self.caught_up.store(true, Ordering::Relaxed);
        Ok(news)
    }

    async fn settle(&self, set: &ChangeSet) -> PortResult<bool> {
        let (Some(id), Some((watch, by, at, reason))) = (found_as(set), decided(set)) else {
            return Ok(false);
        };
        let port = &self.ports.opportunities;
        let Some(watched) = port.opportunity(set.scope.workspace, id).await? else {
            return Ok(false);
        };
        // Whatever was decided about the thing itself since then stands.
        let is_newer = |d: &Decision| d.at >= set.created_at && d.watch != Watch::Snoozed;
        if watched.decision.as_ref().is_some_and(is_newer) {
            return Ok(false);
        }
        let change_set = (watch == Watch::Approved).then_some(set.id);
        let decision = Decision {
            watch,
            by,
            at,
            reason,
            until: None,
            change_set,
        };
        match self.decide(watched, decision).await {
            Ok(_) => Ok(true),
            // Somebody was faster; what they decided is newer.
            Err(OpportunityError::Port(error)) => Err(error),
            Err(_) => Ok(false),
        }
    }
}
