//! The run of a store: what differs is loaded, a batch after the other.

use super::{CREDENTIALS, EVERY, LEASE, Mirror, MirrorError, RUNS, run_of};
use crate::queue::one_by_one;
use chrono::{DateTime, Duration, NaiveDate, Utc};
use domain::ids::WorkspaceId;
use domain::store::Store;
use domain::warehouse::{MirrorRun, MirrorTable, MirroredDay};
use futures::StreamExt as _;
use ports::dockets::Docket;
use ports::warehouse::Warehouse;
use ports::{Kind, PortError, PortResult, Retry};
use secrecy::SecretString;
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};
use tokio_util::sync::CancellationToken;

/// Rows whose lines are held at once.
const BATCH_ROWS: u64 = 50_000;
/// Days that are loaded side by side.
const AT_ONCE: usize = 4;
/// Of one table in one run: BigQuery takes 1500 jobs a table and day. What is left is loaded by the next run.
const MOST_DAYS: usize = 1_000;
const FIRST_WAIT: Duration = Duration::minutes(5);
const LONGEST_WAIT: Duration = Duration::hours(6);
/// A lease is renewed after so long.
const RENEW_AFTER: Duration = Duration::seconds(60);
const LONGEST_ERROR: usize = 500;

pub(super) type Key = (MirrorTable, NaiveDate);

/// The right to work on a run.
pub(super) struct Lease {
    docket: Docket,
    pub(super) run: MirrorRun,
    renewed_at: DateTime<Utc>,
}

fn lost() -> PortError {
    let detail = "somebody else works on this store's run";
    PortError::new(Kind::Conflict, Retry::Never, "royal", "mirror.run", detail)
}

/// What is known of the days outside.
struct Known {
    docket: Option<Docket>,
    day: MirroredDay,
}

impl Mirror {
    /// Until cancelled; a run that is under way then is taken up by the next start.
    pub async fn run_worker(&self, stop: CancellationToken) {
        let work = one_by_one("the warehouse", &self.wanted, &stop, || self.work_once());
        tokio::select! {
            () = stop.cancelled() => {}
            () = work => {}
        }
    }

    /// Works on one run that is due; answers whether there was one.
    pub async fn work_once(&self) -> PortResult<bool> {
        let Some(warehouse) = &self.warehouse else {
            return Ok(false);
        };
        let Some(workspace) = self.first().await? else {
            return Ok(false);
        };
        let stores = self.stores(workspace).await?;
        self.begin(workspace, &stores).await?;
        let now = self.ports.clock.now();
        let due = self.ports.dockets.due_dockets(RUNS, now, 1).await?;
        let Some(docket) = due.into_iter().next() else {
            return Ok(false);
        };
        let store = stores
            .into_iter()
            .find(|s| docket.workspace == workspace && s.scope.store.to_string() == docket.name);
        let Some(store) = store else {
            // It was removed: nobody has to do anything any more.
            self.ports.dockets.remove_docket(&docket).await?;
            return Ok(true);
        };
        let mut run = run_of(&docket)?;
        run.take_up(now, now + LEASE);
        let mut lease = Lease {
            docket,
            run,
            renewed_at: now,
        };
        if !self.put(&mut lease, Some(now + LEASE)).await? {
            return Ok(true);
        }
        let outcome = self.run(warehouse.as_ref(), &store, &mut lease).await;
        self.end(&mut lease, outcome).await?;
        Ok(true)
    }

    /// Every store has a run, the first time at once.
    async fn begin(&self, workspace: WorkspaceId, stores: &[Store]) -> PortResult<()> {
        let known = self.ports.dockets.dockets(workspace, RUNS).await?;
        for store in stores {
            let name = store.scope.store.to_string();
            if known.iter().any(|d| d.name == name) {
                continue;
            }
            let docket = Docket {
                workspace,
                desk: RUNS.to_owned(),
                name,
                version: 1,
                due_at: Some(self.ports.clock.now()),
                document: json!(MirrorRun::new(store.scope.store)),
            };
            self.ports.dockets.put_docket(&docket).await?;
        }
        Ok(())
    }

    async fn put(&self, lease: &mut Lease, due_at: Option<DateTime<Utc>>) -> PortResult<bool> {
        let next = Docket {
            version: lease.docket.version + 1,
            due_at,
            document: json!(lease.run),
            ..lease.docket.clone()
        };
        let put = self.ports.dockets.put_docket(&next).await?;
        if put {
            lease.docket = next;
            lease.renewed_at = self.ports.clock.now();
        }
        Ok(put)
    }

    /// Keeps what is worked on, and shows how far it is.
    pub(super) async fn renew(&self, lease: &mut Lease) -> PortResult<()> {
        let now = self.ports.clock.now();
        if now - lease.renewed_at < RENEW_AFTER {
            return Ok(());
        }
        self.show(lease).await
    }

    async fn show(&self, lease: &mut Lease) -> PortResult<()> {
        let until = self.ports.clock.now() + LEASE;
        lease.run.held_until = Some(until);
        if self.put(lease, Some(until)).await? {
            Ok(())
        } else {
            Err(lost())
        }
    }

    async fn end(&self, lease: &mut Lease, outcome: Result<(), MirrorError>) -> PortResult<()> {
        let now = self.ports.clock.now();
        let (wait, error) = match outcome {
            Ok(()) => (EVERY, None),
            Err(error) => {
                let usual = FIRST_WAIT * 2_i32.pow(lease.run.tries.min(7));
                let asked = match &error {
                    MirrorError::Port(PortError {
                        retry: Retry::After(wait),
                        ..
                    }) => Duration::from_std(*wait).unwrap_or(LONGEST_WAIT),
                    _ => Duration::zero(),
                };
                tracing::warn!(%error, "a store could not be written into the warehouse");
                let text: String = error.to_string().chars().take(LONGEST_ERROR).collect();
                (usual.max(asked).min(LONGEST_WAIT), Some(text))
            }
        };
        lease.run.ended(now, error);
        // Whoever has it by now ends it.
        self.put(lease, Some(now + wait)).await?;
        Ok(())
    }

    async fn run(
        &self,
        warehouse: &dyn Warehouse,
        store: &Store,
        lease: &mut Lease,
    ) -> Result<(), MirrorError> {
        let credentials = self.people.installation_secret(CREDENTIALS).await?;
        let credentials = credentials.ok_or(MirrorError::NoCredentials)?;
        let all = self.stored(store, lease).await?;
        let mut known = self.known(store).await?;
        // Days that had rows and have none any more are loaded, too.
        let keys: BTreeSet<Key> = all.contents.keys().chain(known.keys()).copied().collect();
        let mut counts: BTreeMap<MirrorTable, usize> = BTreeMap::new();
        let mut differing = Vec::new();
        for key in keys.into_iter().rev() {
            let content = all.contents.get(&key).copied().unwrap_or_default();
            let differs = match known.get(&key) {
                Some(known) => known.day.differs(&content),
                None => content.rows > 0,
            };
            let count = counts.entry(key.0).or_default();
            if differs && *count < MOST_DAYS {
                *count += 1;
                differing.push((key, content.rows));
            }
        }
        lease.run.days = Some(differing.len() as u64);
        self.show(lease).await?;
        let mut failed: Option<PortError> = None;
        let mut failures = 0_u64;
        let mut rest = differing.into_iter().peekable();
        while rest.peek().is_some() {
            let (mut batch, mut rows) = (BTreeSet::new(), 0);
            while let Some((key, more)) = rest.next_if(|_| rows < BATCH_ROWS) {
                batch.insert(key);
                rows += more;
            }
            let lines = self.lines(store, lease, &all, &batch).await?;
            let loads = lines.into_iter().map(|(key, lines)| {
                let known = known.remove(&key).unwrap_or_else(|| Known {
                    docket: None,
                    day: MirroredDay::new(key.0, key.1),
                });
                self.day(warehouse, &credentials, store, known, lines)
            });
            let mut loads = futures::stream::iter(loads).buffer_unordered(AT_ONCE);
            while let Some(outcome) = loads.next().await {
                match outcome {
                    Ok(rows) => {
                        lease.run.loaded += 1;
                        lease.run.rows += rows;
                    }
                    // One day that is refused says nothing about the others.
                    Err(error) if error.kind == Kind::Rejected => {
                        failures += 1;
                        failed.get_or_insert(error);
                    }
                    Err(error) => return Err(error.into()),
                }
                self.renew(lease).await?;
            }
            drop(loads);
            self.show(lease).await?;
        }
        match failed {
            None => Ok(()),
            Some(mut error) => {
                error.detail = format!(
                    "{failures} days were refused; one of them: {}",
                    error.detail
                );
                Err(error.into())
            }
        }
    }

    async fn known(&self, store: &Store) -> PortResult<BTreeMap<Key, Known>> {
        let desk = desk(store);
        let dockets = self
            .ports
            .dockets
            .dockets(store.scope.workspace, &desk)
            .await?;
        let mut known = BTreeMap::new();
        for docket in dockets {
            let day = serde_json::from_value(docket.document.clone());
            let day: MirroredDay = day.map_err(|error| {
                let detail = format!("the day {} cannot be read: {error}", docket.name);
                PortError::new(Kind::Corrupt, Retry::Never, "royal", "mirror.read", detail)
            })?;
            let docket = Some(docket);
            known.insert((day.table, day.day), Known { docket, day });
        }
        Ok(known)
    }

    async fn day(
        &self,
        warehouse: &dyn Warehouse,
        credentials: &SecretString,
        store: &Store,
        known: Known,
        lines: Vec<String>,
    ) -> PortResult<u64> {
        let mut kept = Kept {
            version: known.docket.as_ref().map_or(0, |d| d.version),
            desk: desk(store),
            workspace: store.scope.workspace,
            day: known.day,
        };
        self.load_day(warehouse, credentials, store.scope.store, &mut kept, lines)
            .await
    }
}

/// A day's docket, as its one worker has it.
pub(super) struct Kept {
    version: i64,
    desk: String,
    workspace: WorkspaceId,
    pub(super) day: MirroredDay,
}

impl Mirror {
    /// `Conflict`: somebody else has the run.
    pub(super) async fn note(&self, kept: &mut Kept) -> PortResult<()> {
        let docket = Docket {
            workspace: kept.workspace,
            desk: kept.desk.clone(),
            name: kept.day.name(),
            version: kept.version + 1,
            due_at: None,
            document: json!(kept.day),
        };
        if !self.ports.dockets.put_docket(&docket).await? {
            return Err(lost());
        }
        kept.version += 1;
        Ok(())
    }
}

fn desk(store: &Store) -> String {
    format!("{RUNS}/{}", store.scope.store)
}
