//! Whether something that was wrong is over. What can be asked about is asked; what cannot is over when it did not happen for a day.

use super::Tracking;
use chrono::{DateTime, Utc};
use domain::connection::ConnectionState;
use domain::ids::{AdAccountId, ConnectionId, StoreId, StoreScope, SupplierAccountId, WorkspaceId};
use domain::incident::{Ending, Incident, Over, QUIET};
use domain::sync::SyncStatus;
use ports::{PageRequest, PortResult};
use uuid::Uuid;

/// Runs that are looked at, the newest first.
const NEWEST: u32 = 20;

/// When the newest run that ended succeeded, if that was after the incident.
fn succeeded(
    runs: impl Iterator<Item = (SyncStatus, Option<DateTime<Utc>>)>,
    since: DateTime<Utc>,
) -> Option<DateTime<Utc>> {
    let ended = |(status, at): (SyncStatus, Option<DateTime<Utc>>)| {
        let decided = matches!(status, SyncStatus::Succeeded | SyncStatus::Failed);
        at.filter(|_| decided).map(|at| (at, status))
    };
    let (at, status) = runs.filter_map(ended).max_by_key(|(at, _)| *at)?;
    (status == SyncStatus::Succeeded && at > since).then_some(at)
}

impl Tracking {
    /// `None`: it is not over, as far as anybody knows.
    pub(super) async fn ending(
        &self,
        incident: &Incident,
        now: DateTime<Utc>,
    ) -> PortResult<Option<Over>> {
        if let Some(over) = self.asked(incident, now).await? {
            return Ok(over);
        }
        let quiet = now - incident.last_at >= QUIET;
        Ok(quiet.then_some(Over {
            at: now,
            ending: Ending::Quiet,
        }))
    }

    /// Outer `None`: nobody can be asked about it.
    async fn asked(
        &self,
        incident: &Incident,
        now: DateTime<Utc>,
    ) -> PortResult<Option<Option<Over>>> {
        let (ports, workspace) = (&self.ports, incident.workspace);
        let mut parts = incident.cause.split('/');
        let word = parts.next().unwrap_or_default();
        let id = parts.next().and_then(|text| text.parse::<Uuid>().ok());
        if word == "backup" {
            return self.backup(incident).await;
        }
        let Some(id) = id else {
            return Ok(None);
        };
        let (page, since) = (PageRequest::first(NEWEST), incident.last_at);
        let at = match word {
            "sync" => {
                let connection = Some(ConnectionId(id));
                let runs = ports.syncs.list(workspace, connection, &page).await?.items;
                succeeded(runs.iter().map(|r| (r.status, r.finished_at)), since)
            }
            "ads" => {
                let account = Some(AdAccountId(id));
                let runs = ports.ad_syncs.ad_syncs(workspace, account, &page).await?;
                let runs = runs.items.iter().map(|r| (r.status, r.finished_at));
                succeeded(runs, since)
            }
            "supplier" => {
                let account = Some(SupplierAccountId(id));
                let syncs = &ports.supplier_syncs;
                let runs = syncs.supplier_syncs(workspace, account, &page).await?;
                let runs = runs.items.iter().map(|r| (r.status, r.finished_at));
                succeeded(runs, since)
            }
            "forecast" => {
                let store = Some(StoreId(id));
                let runs = ports.forecast_runs.list(workspace, store, &page).await?;
                let runs = runs.items.iter().map(|r| (r.status, r.finished_at));
                succeeded(runs, since)
            }
            "recost" => {
                let scope = StoreScope {
                    workspace,
                    store: StoreId(id),
                };
                let runs = ports.recosts.list(scope, &page).await?;
                let runs = runs.items.iter().map(|r| (r.status, r.finished_at));
                succeeded(runs, since)
            }
            "reconciliation" | "differs" => {
                let store = Some(StoreId(id));
                let runs = ports.reconciliations.list(workspace, store, &page).await?;
                let newest = runs.items.iter().find(|run| !run.status.is_open());
                // A comparison that finds the same again is no end of it.
                let clean = newest.is_none_or(|run| run.tally.unexplained == 0);
                let runs = runs.items.iter().map(|r| (r.status, r.finished_at));
                let end = succeeded(runs, since);
                end.filter(|_| word == "reconciliation" || clean)
            }
            "down" => return self.connection(workspace, ConnectionId(id), now).await,
            "anomaly" => return self.anomaly(incident, StoreId(id), now).await,
            _ => return Ok(None),
        };
        Ok(Some(at.map(|at| Over {
            at,
            ending: Ending::Succeeded,
        })))
    }

    async fn backup(&self, incident: &Incident) -> PortResult<Option<Option<Over>>> {
        let Some(place) = self.ports.backups.as_ref() else {
            return Ok(None);
        };
        let newest = place.list().await?.into_iter().next();
        let made = newest.filter(|kept| kept.made_at > incident.last_at);
        Ok(Some(made.map(|kept| Over {
            at: kept.made_at,
            ending: Ending::Succeeded,
        })))
    }

    /// One that was removed is down no more.
    async fn connection(
        &self,
        workspace: WorkspaceId,
        id: ConnectionId,
        now: DateTime<Utc>,
    ) -> PortResult<Option<Option<Over>>> {
        let all = self.ports.connections.list(Some(workspace)).await?;
        let own = all.into_iter().find(|connection| connection.id == id);
        let down = own.is_some_and(|connection| connection.state == ConnectionState::Down);
        Ok(Some((!down).then_some(Over {
            at: now,
            ending: Ending::Settled,
        })))
    }

    /// As long as one of this figure is open and unusual, it is not over.
    async fn anomaly(
        &self,
        incident: &Incident,
        store: StoreId,
        now: DateTime<Utc>,
    ) -> PortResult<Option<Option<Over>>> {
        let scope = StoreScope {
            workspace: incident.workspace,
            store,
        };
        let open = Some(domain::analysis::Standing::Open);
        let page = PageRequest::first(ports::page::MAX_LIMIT);
        let found = self.ports.analysis.anomalies(scope, open, &page).await?;
        let figure = incident.cause.rsplit('/').next().unwrap_or_default();
        let still = found
            .items
            .iter()
            .any(|kept| !kept.gone && kept.anomaly.figure.as_str() == figure);
        Ok(Some((!still).then_some(Over {
            at: now,
            ending: Ending::Settled,
        })))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn end(status: SyncStatus, hour: i64) -> (SyncStatus, Option<DateTime<Utc>>) {
        let at = DateTime::UNIX_EPOCH + chrono::Duration::hours(hour);
        (status, Some(at))
    }

    #[test]
    fn the_newest_end_decides_and_only_a_later_one() {
        use SyncStatus::{Cancelled, Failed, Running, Succeeded};
        let since = DateTime::UNIX_EPOCH + chrono::Duration::hours(5);
        let of = |runs: Vec<(SyncStatus, Option<DateTime<Utc>>)>| {
            succeeded(runs.into_iter(), since).is_some()
        };
        assert!(of(vec![end(Failed, 5), end(Succeeded, 6)]));
        assert!(of(vec![
            end(Cancelled, 7),
            end(Succeeded, 6),
            (Running, None)
        ]));
        assert!(!of(vec![end(Failed, 7), end(Succeeded, 6)]));
        assert!(!of(vec![end(Succeeded, 4), end(Failed, 5)]));
        assert!(!of(vec![]));
    }
}
