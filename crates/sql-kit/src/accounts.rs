//! Workspaces, people, settings of the installation.

use crate::audit;
use crate::{Backend, Cells, Database, Session, Sql, SqlRow, Undecodable, Writer};
use async_trait::async_trait;
use domain::audit::NewEntry;
use domain::ids::{UserId, WorkspaceId};
use domain::people::{Email, User, Workspace};
use ports::accounts::Accounts;
use ports::{Kind, PortResult};

/// Held while somebody joins, so that there is one first owner.
pub(crate) const LOCK: &str = "accounts";

pub(crate) const USER: &str = "SELECT u.id, u.workspace, u.email, u.role, u.created_at";
const WORKSPACES: &str = "SELECT id, name, created_at FROM workspaces";

pub(crate) fn user<R: SqlRow>(c: &mut Cells<'_, R>) -> Result<User, Undecodable> {
    Ok(User {
        id: UserId(c.id()?),
        workspace: WorkspaceId(c.id()?),
        email: {
            let text = c.text()?;
            Email::parse(&text).map_err(|e| c.bad(e.to_string()))?
        },
        role: c.parsed()?,
        created_at: c.at()?,
    })
}

fn workspace<R: SqlRow>(c: &mut Cells<'_, R>) -> Result<Workspace, Undecodable> {
    Ok(Workspace {
        id: WorkspaceId(c.id()?),
        name: c.text()?,
        created_at: c.at()?,
    })
}

async fn any_user<S: Session>(session: &mut S) -> PortResult<bool> {
    let sql = Sql::new("SELECT id FROM users LIMIT 1");
    Ok(session.one(sql).await?.is_some())
}

pub(crate) async fn insert_user<W: Writer>(
    tx: &mut W,
    user: &User,
    password_hash: &str,
) -> PortResult<u64> {
    let sql = Sql::new(
        "INSERT INTO users (id, workspace, email, role, password_hash, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING",
    )
    .bind(user.id)
    .bind(user.workspace)
    .bind(user.email.as_str())
    .bind(user.role.as_str())
    .bind(password_hash)
    .bind(user.created_at);
    tx.run(sql).await
}

#[async_trait]
impl<B: Backend> Accounts for Database<B> {
    async fn create_first(
        &self,
        workspace: &Workspace,
        owner: &User,
        password_hash: &str,
        entries: &[NewEntry],
    ) -> PortResult<()> {
        let operation = "accounts.create_first";
        let mut tx = self.0.write(operation).await?;
        tx.lock(LOCK).await?;
        if any_user(&mut tx).await? {
            let detail = "the installation is set up already; sign in instead";
            return Err(Self::refuse(Kind::Conflict, operation, detail));
        }
        // A workspace may have been prepared before its owner came, e.g. from the environment.
        let sql = Sql::new(
            "INSERT INTO workspaces (id, name, created_at) VALUES ($1, $2, $3) \
             ON CONFLICT (id) DO UPDATE SET name = excluded.name",
        )
        .bind(workspace.id)
        .bind(workspace.name.as_str())
        .bind(workspace.created_at);
        tx.run(sql).await?;
        insert_user(&mut tx, owner, password_hash).await?;
        audit::record(&mut tx, entries).await?;
        tx.commit().await
    }

    async fn create_user(
        &self,
        user: &User,
        password_hash: &str,
        entries: &[NewEntry],
    ) -> PortResult<()> {
        let operation = "accounts.create_user";
        let mut tx = self.0.write(operation).await?;
        tx.lock(LOCK).await?;
        let known = Sql::new("SELECT id FROM workspaces WHERE id = $1").bind(user.workspace);
        if tx.one(known).await?.is_none() {
            let detail = "there is no such workspace";
            return Err(Self::refuse(Kind::NotFound, operation, detail));
        }
        if insert_user(&mut tx, user, password_hash).await? == 0 {
            let detail = "the address is taken";
            return Err(Self::refuse(Kind::Conflict, operation, detail));
        }
        audit::record(&mut tx, entries).await?;
        tx.commit().await
    }

    async fn has_users(&self) -> PortResult<bool> {
        any_user(&mut self.0.read("accounts.has_users").await?).await
    }

    async fn user_by_email(&self, email: &Email) -> PortResult<Option<(User, String)>> {
        let sql = Sql::new(format!(
            "{USER}, u.password_hash FROM users u WHERE u.email = $1 AND u.disabled_at IS NULL"
        ))
        .bind(email.as_str());
        let row = self
            .0
            .read("accounts.user_by_email")
            .await?
            .one(sql)
            .await?;
        let found = row.map(|row| {
            let mut c = Cells::of(&row);
            Ok::<_, Undecodable>((user(&mut c)?, c.text()?))
        });
        Ok(found.transpose()?)
    }

    async fn user(&self, id: UserId) -> PortResult<Option<(User, Workspace)>> {
        let sql = Sql::new(format!(
            "{USER}, w.id, w.name, w.created_at FROM users u \
             JOIN workspaces w ON w.id = u.workspace WHERE u.id = $1 AND u.disabled_at IS NULL"
        ))
        .bind(id);
        let row = self.0.read("accounts.user").await?.one(sql).await?;
        let found = row.map(|row| {
            let mut c = Cells::of(&row);
            Ok::<_, Undecodable>((user(&mut c)?, workspace(&mut c)?))
        });
        Ok(found.transpose()?)
    }

    async fn workspaces(&self) -> PortResult<Vec<Workspace>> {
        let sql = Sql::new(format!("{WORKSPACES} ORDER BY created_at, id"));
        let rows = self.0.read("accounts.workspaces").await?.rows(sql).await?;
        rows.iter()
            .map(|row| Ok(workspace(&mut Cells::of(row))?))
            .collect()
    }

    async fn set_setting(&self, name: &str, value: Option<&str>) -> PortResult<()> {
        let sql = match value {
            Some(value) => Sql::new(
                "INSERT INTO settings (name, value) VALUES ($1, $2) \
                 ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            )
            .bind(name)
            .bind(value),
            None => Sql::new("DELETE FROM settings WHERE name = $1").bind(name),
        };
        let mut tx = self.0.write("accounts.set_setting").await?;
        tx.run(sql).await?;
        tx.commit().await
    }

    async fn setting(&self, name: &str) -> PortResult<Option<String>> {
        let sql = Sql::new("SELECT value FROM settings WHERE name = $1").bind(name);
        let row = self.0.read("accounts.setting").await?.one(sql).await?;
        Ok(row.map(|row| Cells::of(&row).text()).transpose()?)
    }

    async fn workspace(&self, id: WorkspaceId) -> PortResult<Option<Workspace>> {
        let sql = Sql::new(format!("{WORKSPACES} WHERE id = $1")).bind(id);
        let row = self.0.read("accounts.workspace").await?.one(sql).await?;
        Ok(row.map(|row| workspace(&mut Cells::of(&row))).transpose()?)
    }
}
