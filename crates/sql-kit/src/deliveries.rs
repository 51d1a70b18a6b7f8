//! Messages that are owed, with the leases of those who send them.

use crate::cursor::{Key, Paging};
use crate::notices::notice;
use crate::{Backend, Cells, Database, Session, Sql, SqlRow, Undecodable, Writer, events};
use async_trait::async_trait;
use chrono::{DateTime, Duration, Utc};
use domain::ids::{ChannelId, DeliveryId, NoticeId, UserId, WorkspaceId};
use domain::notifications::{Delivery, DeliveryState, Recipient};
use ports::events::channels_changed;
use ports::notices::{ClaimedDelivery, DeliveryFilter, DeliveryStore, Tried};
use ports::{Kind, Page, PageRequest, PortResult};

const COLUMNS: &str = "id, workspace, recipient_kind, recipient, digest, test, created_at, due_at, \
                       state, tries, last_error, finished_at";

fn delivery<R: SqlRow>(c: &mut Cells<'_, R>) -> Result<Delivery, Undecodable> {
    Ok(Delivery {
        id: DeliveryId(c.id()?),
        workspace: WorkspaceId(c.id()?),
        recipient: {
            let (kind, id) = (c.text()?, c.id()?);
            match kind.as_str() {
                "person" => Recipient::Person(UserId(id)),
                "channel" => Recipient::Channel(ChannelId(id)),
                other => return Err(c.bad(format!("{other:?} is no kind of recipient"))),
            }
        },
        digest: c.bool()?,
        test: c.bool()?,
        created_at: c.at()?,
        due_at: c.at()?,
        state: c.word()?,
        tries: {
            let tries = c.int()?;
            u32::try_from(tries).map_err(|e| c.bad(e.to_string()))?
        },
        last_error: c.text_or_none()?,
        finished_at: c.at_or_none()?,
    })
}

async fn insert<W: Writer>(tx: &mut W, delivery: &Delivery) -> PortResult<u64> {
    let sql = Sql::new(format!(
        "INSERT INTO deliveries ({COLUMNS}, fence) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 0) ON CONFLICT DO NOTHING"
    ))
    .bind(delivery.id)
    .bind(delivery.workspace)
    .bind(delivery.recipient.kind())
    .bind(delivery.recipient.id())
    .bind(delivery.digest)
    .bind(delivery.test)
    .bind(delivery.created_at)
    .bind(delivery.due_at)
    .bind(delivery.state.as_str())
    .bind(delivery.tries)
    .bind(delivery.last_error.as_deref())
    .bind(delivery.finished_at);
    tx.run(sql).await
}

/// Stores what is owed because of a notice, or adds the notice to what is owed already; `false` when that has been taken up.
pub(crate) async fn owe<B: Backend>(
    tx: &mut B::Writer,
    delivery: &Delivery,
    notice: NoticeId,
) -> PortResult<bool> {
    if insert(tx, delivery).await? == 0 {
        let sql = Sql::new(format!(
            "SELECT id FROM deliveries WHERE id = $1 AND tries = 0{}",
            B::FOR_UPDATE
        ))
        .bind(delivery.id);
        if tx.one(sql).await?.is_none() {
            return Ok(false);
        }
    }
    let sql = Sql::new(
        "INSERT INTO delivery_notices (delivery, notice) VALUES ($1, $2) ON CONFLICT DO NOTHING",
    )
    .bind(delivery.id)
    .bind(notice);
    tx.run(sql).await?;
    Ok(true)
}

/// Nobody is told of the notice any more, except by a message that somebody is just sending.
pub(crate) async fn withdraw<B: Backend>(
    tx: &mut B::Writer,
    notice: NoticeId,
    now: DateTime<Utc>,
) -> PortResult<()> {
    let sql = Sql::new(format!(
        "SELECT id FROM deliveries WHERE state = 'pending' AND (leased_until IS NULL OR leased_until <= $2) \
         AND id IN (SELECT delivery FROM delivery_notices WHERE notice = $1){}",
        B::FOR_UPDATE
    ))
    .bind(notice)
    .bind(now);
    let rows = tx.rows(sql).await?;
    let ids = rows.iter().map(|row| Cells::of(row).id());
    let ids = ids.collect::<Result<Vec<_>, _>>()?;
    drop(rows);
    for id in ids {
        let sql = Sql::new("DELETE FROM delivery_notices WHERE delivery = $1 AND notice = $2")
            .bind(DeliveryId(id))
            .bind(notice);
        tx.run(sql).await?;
        let sql = Sql::new(
            "DELETE FROM deliveries WHERE id = $1 \
             AND NOT EXISTS (SELECT 1 FROM delivery_notices d WHERE d.delivery = deliveries.id)",
        )
        .bind(DeliveryId(id));
        tx.run(sql).await?;
    }
    Ok(())
}

#[async_trait]
impl<B: Backend> DeliveryStore for Database<B> {
    async fn claim_delivery(
        &self,
        now: DateTime<Utc>,
        lease: Duration,
    ) -> PortResult<Option<ClaimedDelivery>> {
        let sql = Sql::new(format!(
            "WITH due AS (SELECT id FROM deliveries WHERE state = 'pending' AND due_at <= $1 \
             AND (leased_until IS NULL OR leased_until <= $1) ORDER BY due_at, id LIMIT 1{}) \
             UPDATE deliveries SET tries = tries + 1, fence = fence + 1, leased_until = $2 \
             WHERE id IN (SELECT id FROM due) RETURNING fence, {COLUMNS}",
            B::SKIP_LOCKED
        ))
        .bind(now)
        .bind(now + lease);
        let mut tx = self.0.write("deliveries.claim").await?;
        let Some(row) = tx.one(sql).await? else {
            return Ok(None);
        };
        let mut c = Cells::of(&row);
        let fence = c.int()?;
        let delivery = delivery(&mut c)?;
        drop(row);
        let told = Sql::new(
            "SELECT n.document FROM delivery_notices d JOIN notices n ON n.id = d.notice \
             WHERE d.delivery = $1 ORDER BY n.first_at, n.id",
        )
        .bind(delivery.id);
        let rows = tx.rows(told).await?;
        let notices = rows.iter().map(notice).collect::<Result<Vec<_>, _>>()?;
        drop(rows);
        tx.commit().await?;
        Ok(Some(ClaimedDelivery {
            delivery,
            fence,
            notices,
        }))
    }

    async fn tried(
        &self,
        claimed: &ClaimedDelivery,
        how: Tried<'_>,
        now: DateTime<Utc>,
    ) -> PortResult<()> {
        let operation = "deliveries.tried";
        let (state, error, due, finished) = match how {
            Tried::Taken => (DeliveryState::Sent, None, None, Some(now)),
            Tried::Again { error, at } => (DeliveryState::Pending, Some(error), Some(at), None),
            Tried::GivenUp { error } => (DeliveryState::Dead, Some(error), None, Some(now)),
        };
        let sql = Sql::new(
            "UPDATE deliveries SET state = $3, last_error = $4, due_at = COALESCE($5, due_at), \
             finished_at = $6, leased_until = NULL \
             WHERE id = $1 AND fence = $2 AND leased_until IS NOT NULL",
        )
        .bind(claimed.delivery.id)
        .bind(claimed.fence)
        .bind(state.as_str())
        .bind(error)
        .bind(due)
        .bind(finished);
        let mut tx = self.0.write(operation).await?;
        if tx.run(sql).await? == 0 {
            tx.undo().await?;
            let detail = "somebody else sends it";
            return Err(Self::refuse(Kind::Conflict, operation, detail));
        }
        let event = channels_changed(claimed.delivery.workspace, now);
        events::append(&mut tx, &[event]).await?;
        tx.commit().await
    }

    async fn note_delivery(&self, delivery: &Delivery) -> PortResult<()> {
        let mut tx = self.0.write("deliveries.note").await?;
        insert(&mut tx, delivery).await?;
        let event = channels_changed(delivery.workspace, delivery.created_at);
        events::append(&mut tx, &[event]).await?;
        tx.commit().await
    }

    async fn deliveries(
        &self,
        workspace: WorkspaceId,
        filter: &DeliveryFilter,
        page: &PageRequest,
    ) -> PortResult<Page<Delivery>> {
        let operation = "deliveries.list";
        let paging = Paging::new::<B>(operation, &format!("{workspace}{filter:?}"), page)?;
        let filtered = |what: &str| {
            let mut sql = Sql::new(format!(
                "SELECT {what} FROM deliveries WHERE workspace = $1"
            ))
            .bind(workspace);
            if let Some(state) = filter.state {
                sql.push(" AND state = ").push_arg(state.as_str());
            }
            if let Some(recipient) = filter.recipient {
                sql.push(" AND recipient = ")
                    .push_arg(recipient.id())
                    .push(" AND recipient_kind = ")
                    .push_arg(recipient.kind());
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
        let mut sql = filtered(COLUMNS);
        paging.newest_first(&mut sql);
        let rows = session.rows(sql).await?;
        let items = rows
            .iter()
            .map(|row| delivery(&mut Cells::of(row)))
            .collect::<Result<Vec<_>, _>>()?;
        Ok(paging.page(items, total, |last| {
            let created = Key::Int(last.created_at.timestamp_micros());
            (created, Key::Id(last.id.0))
        }))
    }
}
