//! Notices of what waited for somebody, and waits no longer.

use super::Notifications;
use super::words::PERSON;
use domain::changes::ChangeSetStatus;
use domain::ids::WorkspaceId;
use domain::notifications::{Notice, NoticeKind};
use ports::changes::ChangeFilter;
use ports::page::MAX_LIMIT;
use ports::{PageRequest, PortResult};

impl Notifications {
    /// Settles the notices of proposals on which everybody has decided, or nobody did in time; answers how many.
    pub async fn settle(&self) -> PortResult<u64> {
        let mut settled = 0;
        for workspace in self.ports.accounts.workspaces().await? {
            let workspace = workspace.id;
            let kind = NoticeKind::ProposalWaiting;
            let mut over = Vec::new();
            for notice in self.ports.notices.unsettled(workspace, kind).await? {
                if !self.still_waits(workspace, &notice).await? {
                    over.push(notice);
                }
            }
            if over.is_empty() {
                continue;
            }
            let now = self.ports.clock.now();
            settled += self.ports.notices.settle(workspace, &over, now).await?;
            self.hub.wake();
        }
        Ok(settled)
    }

    /// Whether any proposal of whom it tells is still to be decided on.
    async fn still_waits(&self, workspace: WorkspaceId, notice: &Notice) -> PortResult<bool> {
        let Some(whose) = notice.cause.splitn(3, '/').nth(2) else {
            return Ok(false);
        };
        let filter = ChangeFilter {
            store: notice.store,
            status: Some(ChangeSetStatus::Proposed),
            agent: (whose != PERSON).then(|| whose.to_owned()),
            ..ChangeFilter::default()
        };
        let (now, mut page) = (self.ports.clock.now(), PageRequest::first(MAX_LIMIT));
        loop {
            let found = self.ports.changes.list(workspace, &filter, &page).await?;
            let mut waiting = found.items.iter().filter(|set| set.expires_at > now);
            if waiting.any(|set| filter.agent.is_some() || set.origin.agent().is_none()) {
                return Ok(true);
            }
            page.cursor = found.next_cursor;
            if page.cursor.is_none() {
                return Ok(false);
            }
        }
    }
}
