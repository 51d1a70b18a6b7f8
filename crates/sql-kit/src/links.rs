//! One-time links. Taking one deletes its row: of many at once one finds it.

use crate::accounts::{LOCK, insert_user};
use crate::audit::record;
use crate::members::end_sessions;
use crate::{Backend, Cells, Database, Session, Sql, SqlRow, Undecodable, Writer};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::audit::NewEntry;
use domain::ids::{LinkId, UserId, WorkspaceId};
use domain::people::{Email, Link, LinkKind, User};
use ports::accounts::SecretHash;
use ports::members::Links;
use ports::{Kind, PortError, PortResult};

const COLUMNS: &str = "id, workspace, kind, email, role, user_id, created_at, expires_at";

fn link<R: SqlRow>(row: &R) -> Result<Link, Undecodable> {
    let mut c = Cells::of(row);
    Ok(Link {
        id: LinkId(c.id()?),
        workspace: WorkspaceId(c.id()?),
        kind: c.word()?,
        email: {
            let text = c.text()?;
            Email::parse(&text).map_err(|e| c.bad(e.to_string()))?
        },
        role: c.parsed()?,
        user: c.id_or_none()?.map(UserId),
        created_at: c.at()?,
        expires_at: c.at()?,
    })
}

fn spent<B: Backend>(operation: &'static str) -> PortError {
    let detail = "the link was used, taken back, or has expired; ask for a new one";
    Database::<B>::refuse(Kind::NotFound, operation, detail)
}

async fn take<B: Backend, W: Writer>(
    tx: &mut W,
    operation: &'static str,
    kind: LinkKind,
    hash: &SecretHash,
    now: DateTime<Utc>,
) -> PortResult<Link> {
    let sql = Sql::new(format!(
        "DELETE FROM links WHERE hash = $1 AND expires_at > $2 AND kind = $3 RETURNING {COLUMNS}"
    ))
    .bind(hash.as_slice())
    .bind(now)
    .bind(crate::codec::word(&kind));
    let row = tx.one(sql).await?;
    Ok(link(&row.ok_or_else(|| spent::<B>(operation))?)?)
}

#[async_trait]
impl<B: Backend> Links for Database<B> {
    async fn create_link(
        &self,
        link: &Link,
        hash: &SecretHash,
        entry: &NewEntry,
    ) -> PortResult<()> {
        let mut tx = self.0.write("links.create_link").await?;
        tx.lock(LOCK).await?;
        let kind = crate::codec::word(&link.kind);
        let sql = Sql::new("DELETE FROM links WHERE workspace = $1 AND kind = $2 AND email = $3")
            .bind(link.workspace)
            .bind(kind.as_str())
            .bind(link.email.as_str());
        tx.run(sql).await?;
        let sql = Sql::new(format!(
            "INSERT INTO links ({COLUMNS}, hash) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
        ))
        .bind(link.id)
        .bind(link.workspace)
        .bind(kind)
        .bind(link.email.as_str())
        .bind(link.role.as_str())
        .bind(link.user.map(|u| u.0))
        .bind(link.created_at)
        .bind(link.expires_at)
        .bind(hash.as_slice());
        tx.run(sql).await?;
        record(&mut tx, std::slice::from_ref(entry)).await?;
        tx.commit().await
    }

    async fn link(&self, hash: &SecretHash, now: DateTime<Utc>) -> PortResult<Option<Link>> {
        let sql = Sql::new(format!(
            "SELECT {COLUMNS} FROM links WHERE hash = $1 AND expires_at > $2"
        ))
        .bind(hash.as_slice())
        .bind(now);
        let row = self.0.read("links.link").await?.one(sql).await?;
        Ok(row.as_ref().map(link).transpose()?)
    }

    async fn links(&self, workspace: WorkspaceId, now: DateTime<Utc>) -> PortResult<Vec<Link>> {
        let sql = Sql::new(format!(
            "SELECT {COLUMNS} FROM links WHERE workspace = $1 AND expires_at > $2 ORDER BY created_at, id"
        ))
        .bind(workspace)
        .bind(now);
        let rows = self.0.read("links.links").await?.rows(sql).await?;
        rows.iter().map(|row| Ok(link(row)?)).collect()
    }

    async fn revoke_link(
        &self,
        workspace: WorkspaceId,
        id: LinkId,
        entry: &NewEntry,
    ) -> PortResult<()> {
        let operation = "links.revoke_link";
        let mut tx = self.0.write(operation).await?;
        let sql = Sql::new("DELETE FROM links WHERE workspace = $1 AND id = $2")
            .bind(workspace)
            .bind(id);
        if tx.run(sql).await? == 0 {
            return Err(spent::<B>(operation));
        }
        record(&mut tx, std::slice::from_ref(entry)).await?;
        tx.commit().await
    }

    async fn accept_invitation(
        &self,
        hash: &SecretHash,
        now: DateTime<Utc>,
        user: &User,
        password_hash: &str,
        entry: &NewEntry,
    ) -> PortResult<()> {
        let operation = "links.accept_invitation";
        let mut tx = self.0.write(operation).await?;
        tx.lock(LOCK).await?;
        take::<B, _>(&mut tx, operation, LinkKind::Invitation, hash, now).await?;
        if insert_user(&mut tx, user, password_hash).await? == 0 {
            tx.undo().await?;
            let detail = "the address is taken";
            return Err(Self::refuse(Kind::Conflict, operation, detail));
        }
        record(&mut tx, std::slice::from_ref(entry)).await?;
        tx.commit().await
    }

    async fn accept_reset(
        &self,
        hash: &SecretHash,
        now: DateTime<Utc>,
        password_hash: &str,
        entry: &NewEntry,
    ) -> PortResult<()> {
        let operation = "links.accept_reset";
        let mut tx = self.0.write(operation).await?;
        let taken = take::<B, _>(&mut tx, operation, LinkKind::PasswordReset, hash, now).await?;
        let Some(user) = taken.user else {
            return Err(spent::<B>(operation));
        };
        let sql = Sql::new("UPDATE users SET password_hash = $2 WHERE id = $1 AND kind = 'person'")
            .bind(user)
            .bind(password_hash);
        if tx.run(sql).await? == 0 {
            tx.undo().await?;
            return Err(spent::<B>(operation));
        }
        end_sessions(&mut tx, user, None).await?;
        // Asked for before, perhaps twice: it is not forgotten any more.
        let sql = Sql::new("DELETE FROM letters WHERE workspace IS NULL AND email = $1")
            .bind(taken.email.as_str());
        tx.run(sql).await?;
        record(&mut tx, std::slice::from_ref(entry)).await?;
        tx.commit().await
    }
}
