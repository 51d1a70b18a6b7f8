//! The people and service accounts of a workspace.

use crate::accounts::{LOCK, USER, insert_user, user};
use crate::audit::record;
use crate::{Backend, Cells, Database, Session, Sql, Writer};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::audit::NewEntry;
use domain::ids::{UserId, WorkspaceId};
use domain::people::{Member, Role, User, Workspace};
use ports::accounts::SecretHash;
use ports::members::Members;
use ports::{Kind, PortResult};

/// Fits no password: it is no PHC string.
pub(crate) const NO_PASSWORD: &str = "!";

/// Changes who is in charge, so the caller holds [`LOCK`]: `Conflict` when nobody would be.
async fn keep_an_owner<B: Backend, W: Writer>(
    tx: &mut W,
    operation: &'static str,
    workspace: WorkspaceId,
    user: UserId,
) -> PortResult<()> {
    let sql = Sql::new(
        "SELECT COUNT(*), SUM(CASE WHEN id = $2 THEN 0 ELSE 1 END) FROM users \
         WHERE workspace = $1 AND role = 'owner' AND kind = 'person' AND disabled_at IS NULL",
    )
    .bind(workspace)
    .bind(user);
    let (all, others) = match tx.one(sql).await? {
        Some(row) => {
            let mut c = Cells::of(&row);
            (c.int()?, c.int_or_none()?.unwrap_or(0))
        }
        None => (0, 0),
    };
    if all > 0 && others == 0 {
        let detail = "this is the last owner; make somebody else an owner first";
        return Err(Database::<B>::refuse(Kind::Conflict, operation, detail));
    }
    Ok(())
}

fn unknown<B: Backend>(operation: &'static str) -> ports::PortError {
    Database::<B>::refuse(Kind::NotFound, operation, "there is no such user")
}

pub(crate) async fn end_sessions<W: Writer>(
    tx: &mut W,
    user: UserId,
    keep: Option<&SecretHash>,
) -> PortResult<u64> {
    let mut sql = Sql::new("DELETE FROM sessions WHERE user_id = $1").bind(user);
    if let Some(keep) = keep {
        sql.push(" AND hash <> ").push_arg(keep.as_slice());
    }
    tx.run(sql).await
}

#[async_trait]
impl<B: Backend> Members for Database<B> {
    async fn members(&self, workspace: WorkspaceId) -> PortResult<Vec<Member>> {
        let sql = Sql::new(format!(
            "{USER}, u.kind, u.name, u.disabled_at, \
             (SELECT MAX(s.last_seen_at) FROM sessions s WHERE s.user_id = u.id) \
             FROM users u WHERE u.workspace = $1 ORDER BY u.created_at, u.id"
        ))
        .bind(workspace);
        let rows = self.0.read("members.members").await?.rows(sql).await?;
        rows.iter()
            .map(|row| {
                let mut c = Cells::of(row);
                Ok(Member {
                    user: user(&mut c)?,
                    kind: c.word()?,
                    name: c.text_or_none()?,
                    disabled_at: c.at_or_none()?,
                    last_seen_at: c.at_or_none()?,
                })
            })
            .collect()
    }

    async fn found(
        &self,
        workspace: &Workspace,
        owner: &User,
        password_hash: &str,
        entry: &NewEntry,
    ) -> PortResult<()> {
        let operation = "members.found";
        let mut tx = self.0.write(operation).await?;
        tx.lock(LOCK).await?;
        let sql = Sql::new(
            "INSERT INTO workspaces (id, name, created_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
        )
        .bind(workspace.id)
        .bind(workspace.name.as_str())
        .bind(workspace.created_at);
        let made = tx.run(sql).await?;
        if made == 0 || insert_user(&mut tx, owner, password_hash).await? == 0 {
            tx.undo().await?;
            let detail = "the address is taken";
            return Err(Self::refuse(Kind::Conflict, operation, detail));
        }
        record(&mut tx, std::slice::from_ref(entry)).await?;
        tx.commit().await
    }

    async fn add_service(&self, user: &User, name: &str, entry: &NewEntry) -> PortResult<()> {
        let operation = "members.add_service";
        let mut tx = self.0.write(operation).await?;
        tx.lock(LOCK).await?;
        let known = Sql::new("SELECT id FROM workspaces WHERE id = $1").bind(user.workspace);
        if tx.one(known).await?.is_none() {
            let detail = "there is no such workspace";
            return Err(Self::refuse(Kind::NotFound, operation, detail));
        }
        if insert_user(&mut tx, user, NO_PASSWORD).await? == 0 {
            let detail = "there is such an account already";
            return Err(Self::refuse(Kind::Conflict, operation, detail));
        }
        let sql = Sql::new("UPDATE users SET kind = 'service', name = $2 WHERE id = $1")
            .bind(user.id)
            .bind(name);
        tx.run(sql).await?;
        record(&mut tx, std::slice::from_ref(entry)).await?;
        tx.commit().await
    }

    async fn set_role(
        &self,
        workspace: WorkspaceId,
        user: UserId,
        role: Role,
        entry: &NewEntry,
    ) -> PortResult<()> {
        let operation = "members.set_role";
        let mut tx = self.0.write(operation).await?;
        tx.lock(LOCK).await?;
        if role != Role::Owner {
            keep_an_owner::<B, _>(&mut tx, operation, workspace, user).await?;
        }
        let sql = Sql::new("UPDATE users SET role = $3 WHERE workspace = $1 AND id = $2")
            .bind(workspace)
            .bind(user)
            .bind(role.as_str());
        if tx.run(sql).await? == 0 {
            return Err(unknown::<B>(operation));
        }
        record(&mut tx, std::slice::from_ref(entry)).await?;
        tx.commit().await
    }

    async fn set_disabled(
        &self,
        workspace: WorkspaceId,
        user: UserId,
        since: Option<DateTime<Utc>>,
        entry: &NewEntry,
    ) -> PortResult<()> {
        let operation = "members.set_disabled";
        let mut tx = self.0.write(operation).await?;
        tx.lock(LOCK).await?;
        if since.is_some() {
            keep_an_owner::<B, _>(&mut tx, operation, workspace, user).await?;
        }
        let sql = Sql::new("UPDATE users SET disabled_at = $3 WHERE workspace = $1 AND id = $2")
            .bind(workspace)
            .bind(user)
            .bind(since);
        if tx.run(sql).await? == 0 {
            return Err(unknown::<B>(operation));
        }
        if since.is_some() {
            end_sessions(&mut tx, user, None).await?;
        }
        record(&mut tx, std::slice::from_ref(entry)).await?;
        tx.commit().await
    }

    async fn set_password(
        &self,
        user: UserId,
        password_hash: &str,
        keep: Option<&SecretHash>,
        entry: &NewEntry,
    ) -> PortResult<()> {
        let operation = "members.set_password";
        let mut tx = self.0.write(operation).await?;
        let sql = Sql::new("UPDATE users SET password_hash = $2 WHERE id = $1 AND kind = 'person'")
            .bind(user)
            .bind(password_hash);
        if tx.run(sql).await? == 0 {
            return Err(unknown::<B>(operation));
        }
        end_sessions(&mut tx, user, keep).await?;
        record(&mut tx, std::slice::from_ref(entry)).await?;
        tx.commit().await
    }
}
