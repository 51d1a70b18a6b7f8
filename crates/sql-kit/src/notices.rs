//! Notices, who has read them, and what is owed because of them.

use crate::codec::json;
use crate::cursor::{Key, Paging};
use crate::deliveries::{owe, withdraw};
use crate::{Backend, Cells, Database, Session, Sql, SqlRow, Undecodable, Writer, events};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::ids::{NoticeId, UserId, WorkspaceId};
use domain::notifications::{Delivery, News, Notice, NoticeKind, Severity};
use ports::events::notices_changed;
use ports::notices::{ListedNotice, NoticeFilter, NoticeStore, Seen, Unread};
use ports::{Kind, Page, PageRequest, PortResult};

const IS_READ: &str =
    "EXISTS (SELECT 1 FROM notice_reads r WHERE r.notice = n.id AND r.user_id = $2)";

pub(crate) fn notice<R: SqlRow>(row: &R) -> Result<Notice, Undecodable> {
    Cells::of(row).json()
}

fn listed<R: SqlRow>(row: &R) -> Result<ListedNotice, Undecodable> {
    let mut c = Cells::of(row);
    Ok(ListedNotice {
        notice: c.json()?,
        read: c.bool()?,
    })
}

/// Of a workspace, which is `$1`, as a user sees them, who is `$2`; nobody where nothing asks for a reader.
fn select(what: &str, workspace: WorkspaceId, user: Option<UserId>, filter: &NoticeFilter) -> Sql {
    let mut sql = Sql::new(format!(
        "SELECT {what} FROM notices n WHERE n.workspace = $1"
    ))
    .bind(workspace);
    if let Some(user) = user {
        sql = sql.bind(user);
    }
    if filter.unread {
        sql.push(" AND n.settled_at IS NULL AND NOT ").push(IS_READ);
    }
    if let Some(severity) = filter.severity {
        sql.push(" AND n.severity = ").push_arg(severity.as_str());
    }
    sql
}

/// Whether the name was not counted before.
async fn is_new<W: Writer>(tx: &mut W, workspace: WorkspaceId, news: &News) -> PortResult<bool> {
    let sql = Sql::new(
        "INSERT INTO notice_keys (workspace, name, at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
    )
    .bind(workspace)
    .bind(news.key.as_str())
    .bind(news.at);
    Ok(tx.run(sql).await? > 0)
}

/// Joins the newest notice of the cause, or begins one and answers it.
async fn tell<W: Writer>(
    tx: &mut W,
    workspace: WorkspaceId,
    news: &News,
) -> PortResult<Option<Notice>> {
    let sql = Sql::new(
        "SELECT document FROM notices WHERE workspace = $1 AND cause = $2 \
         ORDER BY first_at DESC, id LIMIT 1",
    )
    .bind(workspace)
    .bind(news.cause.as_str());
    let row = tx.one(sql).await?;
    let newest = row.as_ref().map(notice).transpose()?;
    drop(row);
    if let Some(mut known) = newest.filter(|n| n.is_joined_by(news)) {
        known.join(news);
        let sql = Sql::new("UPDATE notices SET last_at = $2, document = $3 WHERE id = $1")
            .bind(known.id)
            .bind(known.last_at)
            .bind(json(&known));
        tx.run(sql).await?;
        return Ok(None);
    }
    let begun = Notice::first(workspace, news);
    let sql = Sql::new(
        "INSERT INTO notices (id, workspace, cause, severity, first_at, last_at, planned, document, kind) \
         VALUES ($1, $2, $3, $4, $5, $5, 0, $6, $7)",
    )
    .bind(begun.id)
    .bind(workspace)
    .bind(begun.cause.as_str())
    .bind(begun.severity.as_str())
    .bind(begun.first_at)
    .bind(json(&begun))
    .bind(begun.kind.as_str());
    tx.run(sql).await?;
    Ok(Some(begun))
}

async fn go_on<W: Writer>(tx: &mut W, workspace: WorkspaceId, audit: i64) -> PortResult<()> {
    let sql = Sql::new(
        "INSERT INTO notice_cursors (workspace, audit_seq) VALUES ($1, $2) \
         ON CONFLICT (workspace) DO UPDATE SET audit_seq = excluded.audit_seq \
         WHERE excluded.audit_seq > notice_cursors.audit_seq",
    )
    .bind(workspace)
    .bind(audit);
    tx.run(sql).await?;
    Ok(())
}

/// Marks it, unless something joined it since it was looked at.
async fn settled<W: Writer>(
    tx: &mut W,
    looked_at: &Notice,
    now: DateTime<Utc>,
) -> PortResult<bool> {
    let sql = Sql::new("SELECT document FROM notices WHERE id = $1 AND settled_at IS NULL")
        .bind(looked_at.id);
    let row = tx.one(sql).await?;
    let known = row.as_ref().map(notice).transpose()?;
    drop(row);
    let Some(mut known) = known.filter(|n| n.count == looked_at.count) else {
        return Ok(false);
    };
    known.settled_at = Some(now);
    let sql =
        Sql::new("UPDATE notices SET settled_at = $2, planned = 1, document = $3 WHERE id = $1")
            .bind(known.id)
            .bind(now)
            .bind(json(&known));
    tx.run(sql).await?;
    Ok(true)
}

#[async_trait]
impl<B: Backend> NoticeStore for Database<B> {
    async fn seen(&self, workspace: WorkspaceId) -> PortResult<Seen> {
        let sql = Sql::new("SELECT audit_seq, since FROM notice_cursors WHERE workspace = $1")
            .bind(workspace);
        let row = self.0.read("notices.seen").await?.one(sql).await?;
        let Some(row) = row else {
            return Ok(Seen::default());
        };
        let mut c = Cells::of(&row);
        Ok(Seen {
            audit: c.int()?,
            since: c.at_or_none()?,
        })
    }

    async fn record(
        &self,
        workspace: WorkspaceId,
        news: &[News],
        audit: Option<i64>,
        now: DateTime<Utc>,
    ) -> PortResult<Vec<Notice>> {
        let mut tx = self.0.write("notices.record").await?;
        // So that of two with one cause the second joins the first.
        tx.lock(&format!("notices/{workspace}")).await?;
        let (mut begun, mut changed) = (Vec::new(), false);
        for news in news {
            if is_new(&mut tx, workspace, news).await? {
                changed = true;
                begun.extend(tell(&mut tx, workspace, news).await?);
            }
        }
        if let Some(audit) = audit {
            go_on(&mut tx, workspace, audit).await?;
        }
        if changed {
            events::append(&mut tx, &[notices_changed(workspace, now)]).await?;
        }
        tx.commit().await?;
        Ok(begun)
    }

    async fn notices(
        &self,
        workspace: WorkspaceId,
        user: UserId,
        filter: &NoticeFilter,
        page: &PageRequest,
    ) -> PortResult<Page<ListedNotice>> {
        let operation = "notices.list";
        let identity = format!("{workspace}{user}{filter:?}");
        let paging = Paging::new::<B>(operation, &identity, page)?;
        let mut session = self.0.read(operation).await?;
        let total = match &paging.after {
            Some(cursor) => cursor.total,
            None => {
                let reader = filter.unread.then_some(user);
                let sql = select("COUNT(*)", workspace, reader, filter);
                let row = session.one(sql).await?;
                row.map_or(Ok(0), |row| Cells::of(&row).count())?
            }
        };
        // A count is as wide as our numbers are, which a literal is not everywhere.
        let what = "n.document, (SELECT COUNT(*) FROM notice_reads r \
                    WHERE r.notice = n.id AND r.user_id = $2)";
        let mut sql = select(what, workspace, Some(user), filter);
        if let Some(cursor) = &paging.after {
            sql.push(" AND (n.first_at < ")
                .push_arg(cursor.sort.clone())
                .push(" OR (n.first_at = ")
                .push_arg(cursor.sort.clone())
                .push(" AND n.id > ")
                .push_arg(cursor.id.clone())
                .push("))");
        }
        sql.push(" ORDER BY n.first_at DESC, n.id LIMIT ")
            .push_arg(paging.fetch());
        let rows = session.rows(sql).await?;
        let items = rows.iter().map(listed).collect::<Result<Vec<_>, _>>()?;
        Ok(paging.page(items, total, |last| {
            let first = Key::Int(last.notice.first_at.timestamp_micros());
            (first, Key::Id(last.notice.id.0))
        }))
    }

    async fn unread(&self, workspace: WorkspaceId, user: UserId) -> PortResult<Unread> {
        let filter = NoticeFilter {
            unread: true,
            severity: None,
        };
        let mut sql = select("n.severity, COUNT(*)", workspace, Some(user), &filter);
        sql.push(" GROUP BY n.severity");
        let rows = self.0.read("notices.unread").await?.rows(sql).await?;
        let mut unread = Unread::default();
        for row in &rows {
            let mut c = Cells::of(row);
            let severity: Severity = c.word()?;
            let count = c.count()?;
            match severity {
                Severity::Info => unread.info = count,
                Severity::Warning => unread.warning = count,
                Severity::Critical => unread.critical = count,
            }
        }
        Ok(unread)
    }

    async fn mark_read(
        &self,
        workspace: WorkspaceId,
        user: UserId,
        which: Option<NoticeId>,
        now: DateTime<Utc>,
    ) -> PortResult<u64> {
        let operation = "notices.mark_read";
        let mut tx = self.0.write(operation).await?;
        if let Some(id) = which {
            let sql = Sql::new("SELECT id FROM notices WHERE id = $1 AND workspace = $2")
                .bind(id)
                .bind(workspace);
            if tx.one(sql).await?.is_none() {
                tx.undo().await?;
                let detail = "there is no such notice";
                return Err(Self::refuse(Kind::NotFound, operation, detail));
            }
        }
        let mut sql = Sql::new(
            "INSERT INTO notice_reads (user_id, notice, at) \
             SELECT $1, n.id, $3 FROM notices n WHERE n.workspace = $2",
        )
        .bind(user)
        .bind(workspace)
        .bind(now);
        if let Some(id) = which {
            sql.push(" AND n.id = ").push_arg(id);
        }
        sql.push(" ON CONFLICT DO NOTHING");
        let read = tx.run(sql).await?;
        if read > 0 {
            events::append(&mut tx, &[notices_changed(workspace, now)]).await?;
        }
        tx.commit().await?;
        Ok(read)
    }

    async fn unsettled(&self, workspace: WorkspaceId, kind: NoticeKind) -> PortResult<Vec<Notice>> {
        let sql = Sql::new(
            "SELECT document FROM notices WHERE workspace = $1 AND kind = $2 AND settled_at IS NULL \
             ORDER BY first_at, id",
        )
        .bind(workspace)
        .bind(kind.as_str());
        let rows = self.0.read("notices.unsettled").await?.rows(sql).await?;
        Ok(rows.iter().map(notice).collect::<Result<_, _>>()?)
    }

    async fn settle(
        &self,
        workspace: WorkspaceId,
        looked_at: &[Notice],
        now: DateTime<Utc>,
    ) -> PortResult<u64> {
        let mut tx = self.0.write("notices.settle").await?;
        // So that nothing joins it meanwhile.
        tx.lock(&format!("notices/{workspace}")).await?;
        let mut count = 0;
        for notice in looked_at.iter().filter(|n| n.workspace == workspace) {
            if settled(&mut tx, notice, now).await? {
                count += 1;
                withdraw::<B>(&mut tx, notice.id, now).await?;
            }
        }
        if count > 0 {
            events::append(&mut tx, &[notices_changed(workspace, now)]).await?;
        }
        tx.commit().await?;
        Ok(count)
    }

    async fn unplanned(&self, limit: u32) -> PortResult<Vec<Notice>> {
        let sql = Sql::new(
            "SELECT document FROM notices WHERE planned = 0 ORDER BY first_at, id LIMIT $1",
        )
        .bind(limit);
        let rows = self.0.read("notices.unplanned").await?.rows(sql).await?;
        Ok(rows.iter().map(notice).collect::<Result<_, _>>()?)
    }

    async fn plan(&self, notice: &Notice, owed: &[Delivery]) -> PortResult<()> {
        let operation = "notices.plan";
        let mut tx = self.0.write(operation).await?;
        let sql = Sql::new("UPDATE notices SET planned = 1 WHERE id = $1 AND planned = 0")
            .bind(notice.id);
        if tx.run(sql).await? == 0 {
            return tx.undo().await;
        }
        for delivery in owed {
            if !owe::<B>(&mut tx, delivery, notice.id).await? {
                tx.undo().await?;
                let detail = "the digest is being sent; what comes now is in the next one";
                return Err(Self::refuse(Kind::Conflict, operation, detail));
            }
        }
        tx.commit().await
    }

    async fn prune_notices(&self, before: DateTime<Utc>) -> PortResult<u64> {
        let mut tx = self.0.write("notices.prune").await?;
        let old = "SELECT id FROM notices WHERE last_at < $1 AND planned = 1";
        let finished = "SELECT id FROM deliveries WHERE finished_at < $1";
        let forget = [
            format!("DELETE FROM notice_reads WHERE notice IN ({old})"),
            format!("DELETE FROM delivery_notices WHERE delivery IN ({finished})"),
            "DELETE FROM deliveries WHERE finished_at < $1".to_owned(),
            "DELETE FROM notice_keys WHERE at < $1".to_owned(),
        ];
        for text in forget {
            tx.run(Sql::new(text).bind(before)).await?;
        }
        let sql = Sql::new("DELETE FROM notices WHERE last_at < $1 AND planned = 1").bind(before);
        let pruned = tx.run(sql).await?;
        tx.commit().await?;
        Ok(pruned)
    }
}
