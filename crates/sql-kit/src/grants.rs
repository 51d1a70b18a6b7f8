//! Sessions and tokens as lists, and taking them back.

use crate::audit::record;
use crate::credentials::{SESSION, TOKEN, session, token};
use crate::members::end_sessions;
use crate::{Backend, Cells, Database, Session as _, Sql, Writer};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::audit::NewEntry;
use domain::ids::{TokenId, UserId, WorkspaceId};
use ports::accounts::{SecretHash, Session};
use ports::grants::{Grants, ListedToken};
use ports::{Kind, PortResult};

#[async_trait]
impl<B: Backend> Grants for Database<B> {
    async fn tokens(
        &self,
        workspace: WorkspaceId,
        user: Option<UserId>,
    ) -> PortResult<Vec<ListedToken>> {
        let mut sql = Sql::new(format!("{TOKEN} WHERE workspace = $1")).bind(workspace);
        if let Some(user) = user {
            sql.push(" AND user_id = ").push_arg(user);
        }
        sql.push(" ORDER BY created_at DESC, id DESC");
        let rows = self.0.read("grants.tokens").await?.rows(sql).await?;
        rows.iter()
            .map(|row| {
                let mut c = Cells::of(row);
                Ok(ListedToken {
                    token: token(&mut c)?,
                    last_used_at: c.at_or_none()?,
                })
            })
            .collect()
    }

    async fn revoke_token(
        &self,
        workspace: WorkspaceId,
        id: TokenId,
        entry: &NewEntry,
    ) -> PortResult<()> {
        let operation = "grants.revoke_token";
        let mut tx = self.0.write(operation).await?;
        let sql = Sql::new("DELETE FROM api_tokens WHERE workspace = $1 AND id = $2")
            .bind(workspace)
            .bind(id);
        if tx.run(sql).await? == 0 {
            let detail = "there is no such token";
            return Err(Self::refuse(Kind::NotFound, operation, detail));
        }
        record(&mut tx, std::slice::from_ref(entry)).await?;
        tx.commit().await
    }

    async fn sessions(&self, user: UserId, now: DateTime<Utc>) -> PortResult<Vec<Session>> {
        let sql = Sql::new(format!(
            "{SESSION} WHERE user_id = $1 AND expires_at > $2 \
             ORDER BY last_seen_at DESC, created_at DESC, hash"
        ))
        .bind(user)
        .bind(now);
        let rows = self.0.read("grants.sessions").await?.rows(sql).await?;
        rows.iter()
            .map(|row| Ok(session(&mut Cells::of(row))?))
            .collect()
    }

    async fn revoke_session(
        &self,
        user: UserId,
        hash: &SecretHash,
        entry: &NewEntry,
    ) -> PortResult<()> {
        let operation = "grants.revoke_session";
        let mut tx = self.0.write(operation).await?;
        let sql = Sql::new("DELETE FROM sessions WHERE user_id = $1 AND hash = $2")
            .bind(user)
            .bind(hash.as_slice());
        if tx.run(sql).await? == 0 {
            let detail = "there is no such session";
            return Err(Self::refuse(Kind::NotFound, operation, detail));
        }
        record(&mut tx, std::slice::from_ref(entry)).await?;
        tx.commit().await
    }

    async fn revoke_other_sessions(
        &self,
        user: UserId,
        keep: &SecretHash,
        entry: &NewEntry,
    ) -> PortResult<u64> {
        let mut tx = self.0.write("grants.revoke_other_sessions").await?;
        let ended = end_sessions(&mut tx, user, Some(keep)).await?;
        if ended > 0 {
            record(&mut tx, std::slice::from_ref(entry)).await?;
        }
        tx.commit().await?;
        Ok(ended)
    }
}
