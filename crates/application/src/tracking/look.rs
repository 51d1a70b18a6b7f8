//! Finds what is wrong among the notices, and what is over.

use super::{DESK, Held, Tracking};
use chrono::{DateTime, Utc};
use domain::ids::WorkspaceId;
use domain::incident::{Incident, QUIET, REMEMBERED, is_incident};
use domain::notifications::{Notice, NoticeKind};
use ports::PortResult;
use ports::dockets::Docket;
use std::collections::BTreeMap;

impl Tracking {
    /// Answers how many incidents changed. Nothing while no tracker is set.
    pub async fn look(&self) -> PortResult<usize> {
        let (Some(_), Some(workspace)) = (&self.tracker, self.first().await?) else {
            return Ok(0);
        };
        let now = self.ports.clock.now();
        let mut kept = BTreeMap::new();
        for docket in self.ports.dockets.dockets(workspace, DESK).await? {
            let held = Held::of(&docket)?;
            kept.insert(held.incident.cause.clone(), (docket, held));
        }
        let mut changed = 0;
        for (cause, notices) in self.notices(workspace).await? {
            let Some(found) = Incident::of(&notices) else {
                continue;
            };
            match kept.get_mut(&cause) {
                Some((docket, held)) => {
                    if !held.is_held(now) && held.incident.absorb(&found) {
                        changed += usize::from(self.keep(docket, held, now).await?);
                    }
                }
                // What ended before a tracker was set is nobody's incident any more.
                None if now - found.last_at >= QUIET => {}
                None => {
                    let mut held = Held {
                        incident: found,
                        held_until: None,
                    };
                    held.incident.over = self.ending(&held.incident, now).await?;
                    if held.incident.over.is_none() {
                        let docket = held.docket(1, held.incident.due_at(now));
                        changed += usize::from(self.ports.dockets.put_docket(&docket).await?);
                    }
                }
            }
        }
        for (docket, held) in kept.values_mut().filter(|(_, held)| !held.is_held(now)) {
            if held.incident.over.is_none() {
                held.incident.over = self.ending(&held.incident, now).await?;
                if held.incident.over.is_some() {
                    changed += usize::from(self.keep(docket, held, now).await?);
                }
            } else {
                self.forget(docket, &held.incident, now).await?;
            }
        }
        Ok(changed)
    }

    /// By cause.
    async fn notices(&self, workspace: WorkspaceId) -> PortResult<BTreeMap<String, Vec<Notice>>> {
        let mut found: BTreeMap<String, Vec<Notice>> = BTreeMap::new();
        for kind in NoticeKind::ALL
            .into_iter()
            .filter(|kind| is_incident(*kind))
        {
            for notice in self.ports.notices.unsettled(workspace, kind).await? {
                found.entry(notice.cause.clone()).or_default().push(notice);
            }
        }
        Ok(found)
    }

    /// `false`: a worker was first; the next look sees what it left.
    async fn keep(&self, docket: &mut Docket, held: &Held, now: DateTime<Utc>) -> PortResult<bool> {
        // What waits to be tried again goes on waiting.
        let waits = docket.due_at.filter(|_| held.incident.tries > 0);
        let due_at = held.incident.due_at(now);
        let due_at = due_at.map(|at| waits.map_or(at, |wait| at.max(wait)));
        let next = held.docket(docket.version + 1, due_at);
        let put = self.ports.dockets.put_docket(&next).await?;
        if put {
            *docket = next;
        }
        Ok(put)
    }

    async fn forget(
        &self,
        docket: &Docket,
        incident: &Incident,
        now: DateTime<Utc>,
    ) -> PortResult<()> {
        let old = incident
            .over
            .is_some_and(|over| now - over.at >= REMEMBERED);
        if old && docket.due_at.is_none() {
            self.ports.dockets.remove_docket(docket).await?;
        }
        Ok(())
    }
}
