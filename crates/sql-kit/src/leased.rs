//! Work with a lease: a document with its status, its lease and its fence in columns beside it. Sync runs, runs that book
//! again, reconciliations and imports are rows of this shape; what tells them apart is said by [`Leased`].

use crate::audit::record_any;
use crate::codec::json;
use crate::cursor::{Key, Paging};
use crate::{Arg, Backend, Cells, Database, Session, Sql, SqlRow, Undecodable, Writer};
use chrono::{DateTime, Duration, Utc};
use domain::audit::NewEntry;
use domain::ids::WorkspaceId;
use domain::work::Work;
use ports::{Kind, Page, PageRequest, PortResult};
use serde::Serialize;
use serde::de::DeserializeOwned;
use uuid::Uuid;

pub(crate) trait Leased: Work + Serialize + DeserializeOwned + Send + Sync {
    const TABLE: &'static str;
    /// The statuses in which there is something to do, as they stand in an `IN (…)`.
    const OPEN: &'static str;
    /// What it is called when there is none.
    const NAME: &'static str;

    /// Columns beyond the usual ones that follow the document.
    fn more(&self) -> Vec<(&'static str, Arg)> {
        Vec::new()
    }
}

/// What is stored of a piece of work.
pub(crate) struct Row<W> {
    pub work: W,
    pub fence: i64,
    pub leased_until: Option<DateTime<Utc>>,
}

impl<W: Leased> Row<W> {
    fn of<R: SqlRow>(row: &R) -> Result<Self, Undecodable> {
        let mut c = Cells::of(row);
        Ok(Self {
            work: c.json()?,
            fence: c.int()?,
            leased_until: c.at_or_none()?,
        })
    }

    async fn select<T: Writer>(tx: &mut T, sql: Sql) -> PortResult<Option<Self>> {
        let row = tx.one(sql).await?;
        Ok(row.as_ref().map(Self::of).transpose()?)
    }

    pub(crate) async fn all<T: Writer>(tx: &mut T, sql: Sql) -> PortResult<Vec<Self>> {
        let rows = tx.rows(sql).await?;
        Ok(rows.iter().map(Self::of).collect::<Result<_, _>>()?)
    }

    /// The row, kept for this transaction.
    pub(crate) async fn hold<B: Backend>(
        tx: &mut B::Writer,
        workspace: WorkspaceId,
        id: Uuid,
    ) -> PortResult<Option<Self>> {
        let sql = Sql::new(format!(
            "SELECT document, fence, leased_until FROM {} WHERE id = $1 AND workspace = $2{}",
            W::TABLE,
            B::FOR_UPDATE
        ))
        .bind(id)
        .bind(workspace);
        Self::select(tx, sql).await
    }

    pub(crate) async fn update<T: Writer>(&self, tx: &mut T) -> PortResult<()> {
        tx.run(update_sql(&self.work, self.fence, self.leased_until))
            .await?;
        Ok(())
    }

    pub(crate) fn take_up(&mut self, now: DateTime<Utc>, lease: Duration) {
        let again = self.leased_until.is_some();
        self.fence += 1;
        self.leased_until = Some(now + lease);
        self.work.take_up(now, again);
    }

    /// Only who holds the lease changes the work; what has ended gives it up.
    pub(crate) fn carry_on(
        &mut self,
        worked: &W,
        fence: i64,
        until: DateTime<Utc>,
    ) -> Result<(), &'static str> {
        if self.fence != fence || self.leased_until.is_none() {
            return Err("somebody else works on it");
        }
        self.work.carry_on(worked);
        self.leased_until = self.work.is_open().then_some(until);
        Ok(())
    }
}

/// Stores all of it by its id; a caller may append conditions.
pub(crate) fn update_sql<W: Leased>(
    work: &W,
    fence: i64,
    leased_until: Option<DateTime<Utc>>,
) -> Sql {
    let mut sql = Sql::new(format!("UPDATE {} SET status = ", W::TABLE));
    sql.push_arg(work.status())
        .push(", document = ")
        .push_arg(json(work))
        .push(", fence = ")
        .push_arg(fence)
        .push(", leased_until = ")
        .push_arg(leased_until);
    for (column, value) in work.more() {
        sql.push(&format!(", {column} = ")).push_arg(value);
    }
    sql.push(" WHERE id = ").push_arg(work.id());
    sql
}

impl<B: Backend> Database<B> {
    /// Inserts it inside the caller's transaction; 0 when a unique column forbids it.
    pub(crate) async fn insert_work<W: Leased, T: Writer>(
        tx: &mut T,
        work: &W,
        columns: Vec<(&'static str, Arg)>,
    ) -> PortResult<u64> {
        let mut names = String::from("id, workspace, status, created_at, document, fence");
        let mut values = Sql::new("");
        values
            .push_arg(work.id())
            .push(", ")
            .push_arg(work.workspace())
            .push(", ")
            .push_arg(work.status())
            .push(", ")
            .push_arg(work.created_at())
            .push(", ")
            .push_arg(json(work))
            .push(", 0");
        for (column, value) in columns.into_iter().chain(work.more()) {
            names.push_str(", ");
            names.push_str(column);
            values.push(", ").push_arg(value);
        }
        let text = format!(
            "INSERT INTO {} ({names}) VALUES ({}) ON CONFLICT DO NOTHING",
            W::TABLE,
            values.text
        );
        let sql = Sql {
            text: text.into(),
            args: values.args,
        };
        tx.run(sql).await
    }

    pub(crate) async fn create_work<W: Leased>(
        &self,
        operation: &'static str,
        work: &W,
        columns: Vec<(&'static str, Arg)>,
        taken: &'static str,
        entry: Option<&NewEntry>,
    ) -> PortResult<()> {
        let mut tx = self.0.write(operation).await?;
        if Self::insert_work(&mut tx, work, columns).await? == 0 {
            tx.undo().await?;
            return Err(Self::refuse(Kind::Conflict, operation, taken));
        }
        record_any(&mut tx, entry).await?;
        tx.commit().await
    }

    pub(crate) async fn find_work<W: Leased>(
        &self,
        operation: &'static str,
        workspace: WorkspaceId,
        id: Uuid,
    ) -> PortResult<Option<W>> {
        let sql = Sql::new(format!(
            "SELECT document FROM {} WHERE id = $1 AND workspace = $2",
            W::TABLE
        ))
        .bind(id)
        .bind(workspace);
        let row = self.0.read(operation).await?.one(sql).await?;
        Ok(row.map(|row| Cells::of(&row).json()).transpose()?)
    }

    /// Newest first; equal times are told apart by id, the smaller first. `of` are columns and what they must be.
    pub(crate) async fn list_work<W: Leased>(
        &self,
        operation: &'static str,
        workspace: WorkspaceId,
        of: &[(&'static str, Arg)],
        page: &PageRequest,
    ) -> PortResult<Page<W>> {
        let paging = Paging::new::<B>(operation, &format!("{workspace}{of:?}"), page)?;
        let filtered = |what: &str| {
            let mut sql = Sql::new(format!(
                "SELECT {what} FROM {} WHERE workspace = ",
                W::TABLE
            ));
            sql.push_arg(workspace);
            for (column, value) in of {
                sql.push(&format!(" AND {column} = "))
                    .push_arg(value.clone());
            }
            sql
        };
        let mut session = self.0.read(operation).await?;
        let total = match &paging.after {
            Some(cursor) => cursor.total,
            None => {
                let row = session.one(filtered("COUNT(*)")).await?;
                row.map_or(Ok(0), |row| Cells::of(&row).count())?
            }
        };
        let mut sql = filtered("document");
        paging.newest_first(&mut sql);
        let rows = session.rows(sql).await?;
        let items = rows
            .iter()
            .map(|row| Cells::of(row).json())
            .collect::<Result<Vec<W>, _>>()?;
        Ok(paging.page(items, total, |last| {
            let created = Key::Int(last.created_at().timestamp_micros());
            (created, Key::Id(last.id()))
        }))
    }

    /// The oldest piece of work with something to do whose lease is free or over.
    pub(crate) async fn claim_work<W: Leased>(
        &self,
        operation: &'static str,
        now: DateTime<Utc>,
        lease: Duration,
    ) -> PortResult<Option<Row<W>>> {
        let tx = self.0.write(operation).await?;
        Self::claim_among(tx, "", B::SKIP_LOCKED, now, lease).await
    }

    /// The same among those that `condition` lets through: SQL that may use `$1`, the present, and `w`, the table.
    pub(crate) async fn claim_among<W: Leased>(
        mut tx: B::Writer,
        condition: &str,
        locking: &str,
        now: DateTime<Utc>,
        lease: Duration,
    ) -> PortResult<Option<Row<W>>> {
        let row = Self::take_among(&mut tx, condition, locking, now, lease).await?;
        if row.is_some() {
            tx.commit().await?;
        }
        Ok(row)
    }

    /// The same inside the caller's transaction.
    pub(crate) async fn take_among<W: Leased>(
        tx: &mut B::Writer,
        condition: &str,
        locking: &str,
        now: DateTime<Utc>,
        lease: Duration,
    ) -> PortResult<Option<Row<W>>> {
        let sql = Sql::new(format!(
            "SELECT document, fence, leased_until FROM {} w WHERE status IN ({}) \
             AND (leased_until IS NULL OR leased_until <= $1){condition} \
             ORDER BY created_at, id LIMIT 1{locking}",
            W::TABLE,
            W::OPEN,
        ))
        .bind(now);
        let Some(mut row) = Row::<W>::select(tx, sql).await? else {
            return Ok(None);
        };
        row.take_up(now, lease);
        row.update(tx).await?;
        Ok(Some(row))
    }

    /// Changes one row, or says why not.
    pub(crate) async fn change_work<W: Leased>(
        &self,
        operation: &'static str,
        workspace: WorkspaceId,
        id: Uuid,
        change: impl FnOnce(&mut Row<W>) -> Result<(), &'static str> + Send,
    ) -> PortResult<W> {
        let mut tx = self.0.write(operation).await?;
        let Some(mut row) = Row::<W>::hold::<B>(&mut tx, workspace, id).await? else {
            let detail = format!("there is no such {}", W::NAME);
            return Err(Self::refuse(Kind::NotFound, operation, &detail));
        };
        if let Err(detail) = change(&mut row) {
            // Else a claim that passes over kept rows would miss this one.
            tx.undo().await?;
            return Err(Self::refuse(Kind::Conflict, operation, detail));
        }
        row.update(&mut tx).await?;
        tx.commit().await?;
        Ok(row.work)
    }

    /// Saves what a worker has done; `Conflict` when its lease is lost.
    pub(crate) async fn advance_work<W: Leased>(
        &self,
        operation: &'static str,
        worked: &W,
        fence: i64,
        until: DateTime<Utc>,
    ) -> PortResult<W> {
        let advanced = self.change_work::<W>(operation, worked.workspace(), worked.id(), |row| {
            row.carry_on(worked, fence, until)
        });
        advanced.await.map_err(|mut error| {
            // It was removed with what it belongs to: whoever works on it has lost it.
            if error.kind == Kind::NotFound {
                error.kind = Kind::Conflict;
            }
            error
        })
    }
}
