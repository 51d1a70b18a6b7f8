//! Webhooks, stored before they are acknowledged and kept until they are worked off.

use crate::{Backend, Cells, Database, Session, Sql, SqlRow, Undecodable, Writer};
use async_trait::async_trait;
use chrono::{DateTime, Duration, Utc};
use domain::ids::ConnectionId;
use ports::PortResult;
use ports::inbox::{Accepted, Claimed, Delivery, Inbox, InboxState};
use ports::traces::TraceContext;

fn claimed<R: SqlRow>(row: &R) -> Result<Claimed, Undecodable> {
    let mut c = Cells::of(row);
    Ok(Claimed {
        id: c.int()?,
        attempt: {
            let attempts = c.int()?;
            u32::try_from(attempts).map_err(|e| c.bad(e.to_string()))?
        },
        delivery: Delivery {
            connection: ConnectionId(c.id()?),
            topic: c.text()?,
            dedupe_key: c.text()?,
            delivery_id: c.text_or_none()?,
            triggered_at: c.at_or_none()?,
            received_at: c.at()?,
            body: c.bytes()?,
            trace: c.text_or_none()?.and_then(|t| TraceContext::parse(&t)),
        },
    })
}

#[async_trait]
impl<B: Backend> Inbox for Database<B> {
    async fn accept(&self, delivery: &Delivery) -> PortResult<Accepted> {
        let sql = Sql::new(
            "INSERT INTO inbox (connection, dedupe_key, topic, delivery_id, triggered_at, \
             received_at, body, state, due_at, attempts, traceparent) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, 'pending', $6, 0, $8) \
             ON CONFLICT (connection, dedupe_key) DO NOTHING",
        )
        .bind(delivery.connection)
        .bind(delivery.dedupe_key.as_str())
        .bind(delivery.topic.as_str())
        .bind(delivery.delivery_id.as_deref())
        .bind(delivery.triggered_at)
        .bind(delivery.received_at)
        .bind(delivery.body.as_slice())
        .bind(delivery.trace.as_ref().map(TraceContext::as_str));
        match self.execute("inbox.accept", sql).await? {
            0 => Ok(Accepted::Duplicate),
            _ => Ok(Accepted::New),
        }
    }

    async fn claim(
        &self,
        now: DateTime<Utc>,
        lease: Duration,
        limit: u32,
    ) -> PortResult<Vec<Claimed>> {
        let sql = Sql::new(format!(
            "WITH due AS (SELECT id FROM inbox WHERE state = 'pending' AND due_at <= $1 \
             ORDER BY received_at, id LIMIT $3{}) \
             UPDATE inbox SET attempts = attempts + 1, due_at = $2, error = NULL \
             WHERE id IN (SELECT id FROM due) \
             RETURNING id, attempts, connection, topic, dedupe_key, delivery_id, triggered_at, \
             received_at, body, traceparent",
            B::SKIP_LOCKED
        ))
        .bind(now)
        .bind(now + lease)
        .bind(limit);
        let mut tx = self.0.write("inbox.claim").await?;
        let rows = tx.rows(sql).await?;
        let mut claims = rows.iter().map(claimed).collect::<Result<Vec<_>, _>>()?;
        drop(rows);
        tx.commit().await?;
        claims.sort_by_key(|c| (c.delivery.received_at, c.id));
        Ok(claims)
    }

    async fn done(&self, ids: &[i64], now: DateTime<Utc>) -> PortResult<()> {
        let sql = Sql::new(format!(
            "UPDATE inbox SET state = 'done', finished_at = $1, body = NULL, error = NULL \
             WHERE state <> 'done' AND id {}",
            B::in_list(2)
        ))
        .bind(now)
        .bind(ids.to_vec());
        self.execute("inbox.done", sql).await?;
        Ok(())
    }

    async fn failed(
        &self,
        id: i64,
        error: &str,
        again_at: Option<DateTime<Utc>>,
    ) -> PortResult<()> {
        let sql = match again_at {
            Some(at) => Sql::new(
                "UPDATE inbox SET error = $2, due_at = $3 WHERE id = $1 AND state = 'pending'",
            )
            .bind(id)
            .bind(error)
            .bind(at),
            None => Sql::new(
                "UPDATE inbox SET error = $2, state = 'dead' WHERE id = $1 AND state = 'pending'",
            )
            .bind(id)
            .bind(error),
        };
        self.execute("inbox.failed", sql).await?;
        Ok(())
    }

    async fn state(&self, connection: Option<ConnectionId>) -> PortResult<InboxState> {
        // Four short ways over the indexes instead of one over all rows.
        let mut sql = Sql::new("SELECT ");
        let of = connection.map_or("", |_| " AND connection = $1");
        for (i, (select, rest)) in [
            ("COUNT(*)", "state = 'pending'"),
            ("MIN(received_at)", "state = 'pending'"),
            ("COUNT(*)", "state = 'dead'"),
            ("MAX(received_at)", "1 = 1"),
        ]
        .into_iter()
        .enumerate()
        {
            let comma = if i == 0 { "" } else { ", " };
            sql.push(&format!(
                "{comma}(SELECT {select} FROM inbox WHERE {rest}{of})"
            ));
        }
        if let Some(connection) = connection {
            sql = sql.bind(connection);
        }
        let row = self.0.read("inbox.state").await?.one(sql).await?;
        let Some(row) = row else {
            return Ok(InboxState::default());
        };
        let mut c = Cells::of(&row);
        Ok(InboxState {
            pending: c.count()?,
            oldest_pending: c.at_or_none()?,
            dead: c.count()?,
            last_received: c.at_or_none()?,
        })
    }

    async fn prune(&self, finished_before: DateTime<Utc>) -> PortResult<u64> {
        let sql = Sql::new("DELETE FROM inbox WHERE state = 'done' AND finished_at < $1")
            .bind(finished_before);
        self.execute("inbox.prune", sql).await
    }
}
