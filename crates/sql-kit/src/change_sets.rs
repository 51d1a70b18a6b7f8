//! Change-sets with their leases, and the intents of their writes.

use crate::audit::record;
use crate::codec::json;
use crate::leased::{Leased, Row};
use crate::{Arg, Backend, Cells, Database, Session, Sql, Writer, events, stops};
use async_trait::async_trait;
use chrono::{DateTime, Duration, Utc};
use domain::audit::NewEntry;
use domain::changes::{ChangeSet, ChangeSetStatus};
use domain::ids::{ChangeSetId, StoreScope, WorkspaceId};
use domain::work::Work;
use ports::changes::{ChangeFilter, ChangeLease, ChangeSetStore, Guard, Intended, Intent, Past};
use ports::events::change_set_changed;
use ports::{Kind, Page, PageRequest, PortResult};

impl Leased for ChangeSet {
    const TABLE: &'static str = "change_sets";
    const OPEN: &'static str = "'approved', 'applying'";
    const NAME: &'static str = "change-set";

    fn more(&self) -> Vec<(&'static str, Arg)> {
        vec![
            ("expires_at", self.expires_at.into()),
            ("next_try_at", self.next_try_at.into()),
        ]
    }
}

/// Held by whoever stores an intent or changes a stop, so that no intent misses a stop that was answered.
pub(crate) fn lock_name(workspace: WorkspaceId) -> String {
    format!("changes/{workspace}")
}

/// Last in its transaction: others wait for its end.
async fn tell<W: Writer>(tx: &mut W, set: &ChangeSet, at: DateTime<Utc>) -> PortResult<()> {
    events::append(tx, &[change_set_changed(set, at)]).await
}

/// The row as its worker has made it, or why that one may not save.
async fn carried<B: Backend>(
    tx: &mut B::Writer,
    set: &ChangeSet,
    fence: i64,
    until: DateTime<Utc>,
) -> PortResult<Result<Row<ChangeSet>, &'static str>> {
    let row = Row::<ChangeSet>::hold::<B>(tx, set.scope.workspace, set.id.0).await?;
    Ok(row.ok_or("the change-set is gone").and_then(|mut row| {
        row.carry_on(set, fence, until)?;
        Ok(row)
    }))
}

async fn since<S: Session>(
    session: &mut S,
    scope: StoreScope,
    since: DateTime<Utc>,
) -> PortResult<Vec<Intent>> {
    let sql = Sql::new(
        "SELECT document FROM change_intents WHERE workspace = $1 AND store = $2 AND at >= $3 \
         ORDER BY at, change_set, no",
    )
    .bind(scope.workspace)
    .bind(scope.store)
    .bind(since);
    let rows = session.rows(sql).await?;
    rows.iter().map(|row| Ok(Cells::of(row).json()?)).collect()
}

/// One row for each operation: a write that is sent again counts once.
async fn keep<W: Writer>(tx: &mut W, scope: StoreScope, intent: &Intent) -> PortResult<()> {
    let sql = Sql::new(
        "INSERT INTO change_intents (change_set, no, workspace, store, at, document) \
         VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (change_set, no) \
         DO UPDATE SET at = excluded.at, document = excluded.document",
    )
    .bind(intent.set)
    .bind(intent.no)
    .bind(scope.workspace)
    .bind(scope.store)
    .bind(intent.at)
    .bind(json(intent));
    tx.run(sql).await?;
    Ok(())
}

#[async_trait]
impl<B: Backend> ChangeSetStore for Database<B> {
    async fn propose(&self, set: &ChangeSet, entry: &NewEntry) -> PortResult<()> {
        let operation = "change_sets.propose";
        let (agent, run) = set.origin.agent().unzip();
        let columns = vec![
            ("store", set.scope.store.into()),
            ("connection", set.connection.into()),
            ("agent", agent.into()),
            ("run", run.map(|run| run.0).into()),
        ];
        let mut tx = self.0.write(operation).await?;
        if Self::insert_work(&mut tx, set, columns).await? == 0 {
            tx.undo().await?;
            let detail = "the id of the change-set is taken";
            return Err(Self::refuse(Kind::Conflict, operation, detail));
        }
        record(&mut tx, std::slice::from_ref(entry)).await?;
        tell(&mut tx, set, entry.at).await?;
        tx.commit().await
    }

    async fn find(&self, workspace: WorkspaceId, id: ChangeSetId) -> PortResult<Option<ChangeSet>> {
        self.find_work("change_sets.find", workspace, id.0).await
    }

    async fn list(
        &self,
        workspace: WorkspaceId,
        filter: &ChangeFilter,
        page: &PageRequest,
    ) -> PortResult<Page<ChangeSet>> {
        let store = filter.store.map(|id| ("store", Arg::from(id)));
        let status = filter.status.map(|s| ("status", Arg::from(s.as_str())));
        let agent = filter.agent.as_deref().map(|a| ("agent", Arg::from(a)));
        let run = filter.run.map(|id| ("run", Arg::from(id.0)));
        let of = [store, status, agent, run];
        let of: Vec<_> = of.into_iter().flatten().collect();
        self.list_work("change_sets.list", workspace, &of, page)
            .await
    }

    async fn decide(&self, set: &ChangeSet, entry: &NewEntry) -> PortResult<ChangeSet> {
        let operation = "change_sets.decide";
        let mut tx = self.0.write(operation).await?;
        let row = Row::<ChangeSet>::hold::<B>(&mut tx, set.scope.workspace, set.id.0).await?;
        let Some(mut row) = row else {
            tx.undo().await?;
            let detail = "there is no such change-set";
            return Err(Self::refuse(Kind::NotFound, operation, detail));
        };
        if row.work.version != set.version {
            tx.undo().await?;
            let detail = "the change-set was changed meanwhile; look at it again";
            return Err(Self::refuse(Kind::Conflict, operation, detail));
        }
        row.work.carry_on(set);
        if !row.work.is_open() {
            row.leased_until = None;
        }
        row.update(&mut tx).await?;
        record(&mut tx, std::slice::from_ref(entry)).await?;
        tell(&mut tx, &row.work, entry.at).await?;
        tx.commit().await?;
        Ok(row.work)
    }

    async fn expire(&self, now: DateTime<Utc>) -> PortResult<u64> {
        let mut tx = self.0.write("change_sets.expire").await?;
        // What is being decided on right now is looked at again the next time.
        let sql = Sql::new(format!(
            "SELECT document, fence, leased_until FROM change_sets \
             WHERE status = 'proposed' AND expires_at <= $1 ORDER BY expires_at, id{}",
            B::SKIP_LOCKED
        ))
        .bind(now);
        let mut over = Row::<ChangeSet>::all(&mut tx, sql).await?;
        let mut told = Vec::with_capacity(over.len());
        for row in &mut over {
            row.work.status = ChangeSetStatus::Expired;
            row.work.version += 1;
            row.update(&mut tx).await?;
            told.push(change_set_changed(&row.work, now));
        }
        events::append(&mut tx, &told).await?;
        tx.commit().await?;
        Ok(over.len() as u64)
    }

    async fn claim(&self, now: DateTime<Utc>, lease: Duration) -> PortResult<Option<ChangeLease>> {
        let mut tx = self.0.write("change_sets.claim").await?;
        // One claims at a time, so that the sets of a store follow one another.
        tx.lock("change_sets").await?;
        let condition = format!(
            " AND (w.next_try_at IS NULL OR w.next_try_at <= $1) \
             AND NOT EXISTS (SELECT 1 FROM change_sets o WHERE o.status IN ({}) \
             AND o.workspace = w.workspace AND o.store = w.store AND o.leased_until > $1)",
            ChangeSet::OPEN
        );
        // A decision that is being saved is waited for, and counts.
        let taken = Self::take_among(&mut tx, &condition, B::FOR_UPDATE, now, lease).await?;
        let Some(row) = taken else {
            tx.undo().await?;
            return Ok(None);
        };
        tell(&mut tx, &row.work, now).await?;
        tx.commit().await?;
        Ok(Some(ChangeLease {
            set: row.work,
            fence: row.fence,
        }))
    }

    async fn intend(
        &self,
        lease: &ChangeLease,
        set: &ChangeSet,
        no: u32,
        since: DateTime<Utc>,
        guard: Guard<'_>,
        now: DateTime<Utc>,
        prolong: Duration,
    ) -> PortResult<Intended> {
        let operation = "change_sets.intend";
        let Some(intent) = Intent::of(set, no, now) else {
            let detail = format!("the change-set has no operation {no}");
            return Err(Self::refuse(Kind::Rejected, operation, detail));
        };
        let workspace = set.scope.workspace;
        let mut tx = self.0.write(operation).await?;
        tx.lock(&lock_name(workspace)).await?;
        let row = match carried::<B>(&mut tx, set, lease.fence, now + prolong).await? {
            Ok(row) => row,
            Err(detail) => {
                tx.undo().await?;
                return Err(Self::refuse(Kind::Conflict, operation, detail));
            }
        };
        let past = Past {
            intents: self::since(&mut tx, set.scope, since).await?,
            stops: stops::all(&mut tx, workspace).await?,
        };
        if let Err(sentence) = guard(&past) {
            tx.undo().await?;
            return Ok(Intended::Refused(sentence));
        }
        keep(&mut tx, set.scope, &intent).await?;
        row.update(&mut tx).await?;
        tell(&mut tx, &row.work, now).await?;
        tx.commit().await?;
        Ok(Intended::Stored(row.work))
    }

    async fn advance(
        &self,
        lease: &ChangeLease,
        set: &ChangeSet,
        entries: &[NewEntry],
        now: DateTime<Utc>,
        prolong: Duration,
    ) -> PortResult<ChangeSet> {
        let operation = "change_sets.advance";
        let mut tx = self.0.write(operation).await?;
        let row = match carried::<B>(&mut tx, set, lease.fence, now + prolong).await? {
            Ok(row) => row,
            Err(detail) => {
                tx.undo().await?;
                return Err(Self::refuse(Kind::Conflict, operation, detail));
            }
        };
        row.update(&mut tx).await?;
        record(&mut tx, entries).await?;
        tell(&mut tx, &row.work, now).await?;
        tx.commit().await?;
        Ok(row.work)
    }

    async fn intents(&self, scope: StoreScope, since: DateTime<Utc>) -> PortResult<Vec<Intent>> {
        let mut session = self.0.read("change_sets.intents").await?;
        self::since(&mut session, scope, since).await
    }
}
