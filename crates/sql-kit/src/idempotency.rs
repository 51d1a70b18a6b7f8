//! Keys of requests, with the answers that were given to them.

use crate::{Backend, Cells, Database, Session, Sql, Writer};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use ports::PortResult;
use ports::idempotency::{Claim, Idempotency, RequestKey, StoredAnswer};

const WHERE: &str = "WHERE workspace = $1 AND principal = $2 AND route = $3 AND key = $4";

fn keyed(text: String, key: &RequestKey) -> Sql {
    Sql::new(text)
        .bind(key.workspace)
        .bind(key.principal.as_str())
        .bind(key.route.as_str())
        .bind(key.key.as_str())
}

#[async_trait]
impl<B: Backend> Idempotency for Database<B> {
    async fn claim(
        &self,
        key: &RequestKey,
        fingerprint: &[u8; 32],
        now: DateTime<Utc>,
        until: DateTime<Utc>,
    ) -> PortResult<Claim> {
        let mut tx = self.0.write("idempotency.claim").await?;
        let insert = "INSERT INTO idempotency_keys \
             (workspace, principal, route, key, fingerprint, first_at, claimed_until) \
             VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING";
        let sql = keyed(insert.to_owned(), key)
            .bind(fingerprint.as_slice())
            .bind(now)
            .bind(until);
        if tx.run(sql).await? == 1 {
            tx.commit().await?;
            return Ok(Claim::Mine);
        }
        let sql = keyed(
            format!(
                "SELECT fingerprint, claimed_until, status, content_type, location, body \
                 FROM idempotency_keys {WHERE}{}",
                B::FOR_UPDATE
            ),
            key,
        );
        let Some(row) = tx.one(sql).await? else {
            // Released between the two statements: the caller tries again.
            return Ok(Claim::Running);
        };
        let mut c = Cells::of(&row);
        let (known, claimed_until) = (c.hash()?, c.at()?);
        let done = match c.int_or_none()? {
            Some(status) => Some(StoredAnswer {
                status: u16::try_from(status).map_err(|e| c.bad(e.to_string()))?,
                content_type: c.text_or_none()?,
                location: c.text_or_none()?,
                body: c.bytes_or_none()?.unwrap_or_default(),
            }),
            None => None,
        };
        drop(row);
        if known != *fingerprint {
            return Ok(Claim::Different);
        }
        if let Some(answer) = done {
            return Ok(Claim::Done(answer));
        }
        if claimed_until > now {
            return Ok(Claim::Running);
        }
        let again = format!("UPDATE idempotency_keys SET claimed_until = $5 {WHERE}");
        tx.run(keyed(again, key).bind(until)).await?;
        tx.commit().await?;
        Ok(Claim::Mine)
    }

    async fn extend(&self, key: &RequestKey, until: DateTime<Utc>) -> PortResult<()> {
        let sql =
            format!("UPDATE idempotency_keys SET claimed_until = $5 {WHERE} AND status IS NULL");
        let sql = keyed(sql, key).bind(until);
        self.execute("idempotency.extend", sql).await?;
        Ok(())
    }

    async fn finish(&self, key: &RequestKey, answer: &StoredAnswer) -> PortResult<()> {
        let sql = format!(
            "UPDATE idempotency_keys SET status = $5, content_type = $6, location = $7, body = $8 {WHERE}"
        );
        let sql = keyed(sql, key)
            .bind(i64::from(answer.status))
            .bind(answer.content_type.as_deref())
            .bind(answer.location.as_deref())
            .bind(answer.body.as_slice());
        self.execute("idempotency.finish", sql).await?;
        Ok(())
    }

    async fn release(&self, key: &RequestKey) -> PortResult<()> {
        let sql = keyed(
            format!("DELETE FROM idempotency_keys {WHERE} AND status IS NULL"),
            key,
        );
        self.execute("idempotency.release", sql).await?;
        Ok(())
    }

    async fn forget(&self, before: DateTime<Utc>) -> PortResult<u64> {
        let sql = Sql::new("DELETE FROM idempotency_keys WHERE first_at < $1").bind(before);
        self.execute("idempotency.forget", sql).await
    }
}
