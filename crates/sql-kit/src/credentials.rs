//! Sessions and tokens, by the hash of their secret.

use crate::audit::record;
use crate::codec::json;
use crate::{Backend, Cells, Database, Session as _, Sql, SqlRow, Undecodable, Writer};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::audit::NewEntry;
use domain::ids::{TokenId, UserId, WorkspaceId};
use domain::people::ApiToken;
use ports::PortResult;
use ports::accounts::{Credentials, SecretHash, Session};

pub(crate) const SESSION: &str = "SELECT hash, user_id, csrf_token, created_at, last_seen_at, expires_at, address, agent \
     FROM sessions";
pub(crate) const TOKEN: &str = "SELECT id, workspace, user_id, name, scopes, created_at, expires_at, last_used_at \
     FROM api_tokens";

pub(crate) fn session<R: SqlRow>(c: &mut Cells<'_, R>) -> Result<Session, Undecodable> {
    Ok(Session {
        hash: c.hash()?,
        user: UserId(c.id()?),
        csrf_token: c.text()?,
        created_at: c.at()?,
        last_seen_at: c.at()?,
        expires_at: c.at()?,
        address: c.text_or_none()?,
        agent: c.text_or_none()?,
    })
}

/// All but its last use, which is the next cell.
pub(crate) fn token<R: SqlRow>(c: &mut Cells<'_, R>) -> Result<ApiToken, Undecodable> {
    Ok(ApiToken {
        id: TokenId(c.id()?),
        workspace: WorkspaceId(c.id()?),
        user: UserId(c.id()?),
        name: c.text()?,
        scopes: c.json()?,
        created_at: c.at()?,
        expires_at: c.at_or_none()?,
    })
}

impl<B: Backend> Database<B> {
    /// One statement as a transaction of its own; answers the rows it touched.
    pub(crate) async fn execute(&self, operation: &'static str, sql: Sql) -> PortResult<u64> {
        let mut tx = self.0.write(operation).await?;
        let touched = tx.run(sql).await?;
        tx.commit().await?;
        Ok(touched)
    }
}

#[async_trait]
impl<B: Backend> Credentials for Database<B> {
    async fn create_session(&self, session: &Session, entries: &[NewEntry]) -> PortResult<()> {
        let sql = Sql::new(
            "INSERT INTO sessions \
             (hash, user_id, csrf_token, created_at, last_seen_at, expires_at, address, agent) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        )
        .bind(session.hash.as_slice())
        .bind(session.user)
        .bind(session.csrf_token.as_str())
        .bind(session.created_at)
        .bind(session.last_seen_at)
        .bind(session.expires_at)
        .bind(session.address.as_deref())
        .bind(session.agent.as_deref());
        let mut tx = self.0.write("credentials.create_session").await?;
        tx.run(sql).await?;
        record(&mut tx, entries).await?;
        tx.commit().await
    }

    async fn session(&self, hash: &SecretHash, now: DateTime<Utc>) -> PortResult<Option<Session>> {
        let sql = Sql::new(format!("{SESSION} WHERE hash = $1 AND expires_at > $2"))
            .bind(hash.as_slice())
            .bind(now);
        let row = self.0.read("credentials.session").await?.one(sql).await?;
        Ok(row.map(|row| session(&mut Cells::of(&row))).transpose()?)
    }

    async fn touch_session(&self, hash: &SecretHash, seen_at: DateTime<Utc>) -> PortResult<()> {
        let sql = Sql::new("UPDATE sessions SET last_seen_at = $2 WHERE hash = $1")
            .bind(hash.as_slice())
            .bind(seen_at);
        self.execute("credentials.touch_session", sql).await?;
        Ok(())
    }

    async fn end_session(&self, hash: &SecretHash) -> PortResult<()> {
        let sql = Sql::new("DELETE FROM sessions WHERE hash = $1").bind(hash.as_slice());
        self.execute("credentials.end_session", sql).await?;
        Ok(())
    }

    async fn create_token(
        &self,
        token: &ApiToken,
        hash: &SecretHash,
        entries: &[NewEntry],
    ) -> PortResult<()> {
        let sql = Sql::new(
            "INSERT INTO api_tokens \
             (id, hash, workspace, user_id, name, scopes, created_at, expires_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        )
        .bind(token.id)
        .bind(hash.as_slice())
        .bind(token.workspace)
        .bind(token.user)
        .bind(token.name.as_str())
        .bind(json(&token.scopes))
        .bind(token.created_at)
        .bind(token.expires_at);
        let mut tx = self.0.write("credentials.create_token").await?;
        tx.run(sql).await?;
        record(&mut tx, entries).await?;
        tx.commit().await
    }

    async fn token(&self, hash: &SecretHash, now: DateTime<Utc>) -> PortResult<Option<ApiToken>> {
        let operation = "credentials.token";
        let sql = Sql::new(format!(
            "{TOKEN} WHERE hash = $1 AND (expires_at IS NULL OR expires_at > $2)"
        ))
        .bind(hash.as_slice())
        .bind(now);
        let Some(row) = self.0.read(operation).await?.one(sql).await? else {
            return Ok(None);
        };
        let mut c = Cells::of(&row);
        let token = token(&mut c)?;
        let used = c.at_or_none()?;
        // A script that calls many times a second is not worth as many writes.
        if used.is_none_or(|used| used.timestamp() / 60 != now.timestamp() / 60) {
            let sql = Sql::new("UPDATE api_tokens SET last_used_at = $2 WHERE id = $1")
                .bind(token.id)
                .bind(now);
            self.execute(operation, sql).await?;
        }
        Ok(Some(token))
    }

    async fn prune(&self, before: DateTime<Utc>) -> PortResult<u64> {
        let mut tx = self.0.write("credentials.prune").await?;
        let mut pruned = 0;
        for table in ["sessions", "api_tokens"] {
            let sql = Sql::new(format!("DELETE FROM {table} WHERE expires_at < $1")).bind(before);
            pruned += tx.run(sql).await?;
        }
        tx.commit().await?;
        Ok(pruned)
    }
}
