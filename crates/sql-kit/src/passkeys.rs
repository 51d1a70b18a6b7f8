//! Passkeys and the challenges that wait for an answer.

use crate::audit::record;
use crate::{Backend, Cells, Database, Session, Sql, SqlRow, Undecodable, Writer};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::audit::NewEntry;
use domain::ids::{PasskeyId, UserId};
use domain::passkey::Passkey;
use ports::accounts::SecretHash;
use ports::passkeys::{Ceremony, Passkeys};
use ports::{Kind, PortError, PortResult};

const SELECT: &str =
    "SELECT id, user_id, name, credential, key, state, created_at, last_used_at FROM passkeys";

fn passkey<R: SqlRow>(row: &R) -> Result<Passkey, Undecodable> {
    let mut c = Cells::of(row);
    Ok(Passkey {
        id: PasskeyId(c.id()?),
        user: UserId(c.id()?),
        name: c.text()?,
        credential: c.bytes()?,
        key: c.bytes()?,
        state: c.bytes()?,
        created_at: c.at()?,
        last_used_at: c.at_or_none()?,
    })
}

fn none<B: Backend>(operation: &'static str) -> PortError {
    Database::<B>::refuse(Kind::NotFound, operation, "there is no such passkey")
}

impl<B: Backend> Database<B> {
    /// One change of a passkey with its entry, or neither.
    async fn change_passkey(
        &self,
        operation: &'static str,
        sql: Sql,
        entry: &NewEntry,
    ) -> PortResult<()> {
        let mut tx = self.0.write(operation).await?;
        if tx.run(sql).await? == 0 {
            return Err(none::<B>(operation));
        }
        record(&mut tx, std::slice::from_ref(entry)).await?;
        tx.commit().await
    }
}

#[async_trait]
impl<B: Backend> Passkeys for Database<B> {
    async fn passkeys(&self, user: UserId) -> PortResult<Vec<Passkey>> {
        let sql = Sql::new(format!(
            "{SELECT} WHERE user_id = $1 ORDER BY created_at, id"
        ));
        let mut read = self.0.read("passkeys.list").await?;
        let rows = read.rows(sql.bind(user)).await?;
        rows.iter().map(|row| Ok(passkey(row)?)).collect()
    }

    async fn passkey(&self, credential: &[u8]) -> PortResult<Option<Passkey>> {
        let sql = Sql::new(format!("{SELECT} WHERE credential = $1")).bind(credential);
        let row = self.0.read("passkeys.find").await?.one(sql).await?;
        Ok(row.as_ref().map(passkey).transpose()?)
    }

    async fn add_passkey(&self, passkey: &Passkey, entry: &NewEntry) -> PortResult<()> {
        let operation = "passkeys.add";
        let mut tx = self.0.write(operation).await?;
        let sql = Sql::new(
            "INSERT INTO passkeys (id, user_id, name, credential, key, state, created_at, last_used_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING",
        )
        .bind(passkey.id)
        .bind(passkey.user)
        .bind(passkey.name.as_str())
        .bind(passkey.credential.as_slice())
        .bind(passkey.key.as_slice())
        .bind(passkey.state.as_slice())
        .bind(passkey.created_at)
        .bind(passkey.last_used_at);
        if tx.run(sql).await? == 0 {
            let detail = "this passkey is known already";
            return Err(Self::refuse(Kind::Conflict, operation, detail));
        }
        record(&mut tx, std::slice::from_ref(entry)).await?;
        tx.commit().await
    }

    async fn rename_passkey(
        &self,
        user: UserId,
        id: PasskeyId,
        name: &str,
        entry: &NewEntry,
    ) -> PortResult<()> {
        let sql = Sql::new("UPDATE passkeys SET name = $3 WHERE id = $1 AND user_id = $2")
            .bind(id)
            .bind(user)
            .bind(name);
        self.change_passkey("passkeys.rename", sql, entry).await
    }

    async fn remove_passkey(
        &self,
        user: UserId,
        id: PasskeyId,
        entry: &NewEntry,
    ) -> PortResult<()> {
        let sql = Sql::new("DELETE FROM passkeys WHERE id = $1 AND user_id = $2")
            .bind(id)
            .bind(user);
        self.change_passkey("passkeys.remove", sql, entry).await
    }

    async fn use_passkey(
        &self,
        id: PasskeyId,
        before: &[u8],
        after: &[u8],
        now: DateTime<Utc>,
    ) -> PortResult<bool> {
        let mut tx = self.0.write("passkeys.use").await?;
        let sql = Sql::new(
            "UPDATE passkeys SET state = $3, last_used_at = $4 WHERE id = $1 AND state = $2",
        )
        .bind(id)
        .bind(before)
        .bind(after)
        .bind(now);
        let used = tx.run(sql).await? > 0;
        tx.commit().await?;
        Ok(used)
    }

    async fn put_ceremony(
        &self,
        ceremony: &Ceremony,
        hash: &SecretHash,
        now: DateTime<Utc>,
    ) -> PortResult<()> {
        let mut tx = self.0.write("passkeys.put_ceremony").await?;
        tx.run(Sql::new("DELETE FROM passkey_ceremonies WHERE expires_at <= $1").bind(now))
            .await?;
        let sql = Sql::new(
            "INSERT INTO passkey_ceremonies (hash, user_id, state, expires_at) VALUES ($1, $2, $3, $4)",
        )
        .bind(hash.as_slice())
        .bind(ceremony.user.map(|u| u.0))
        .bind(ceremony.state.as_slice())
        .bind(ceremony.expires_at);
        tx.run(sql).await?;
        tx.commit().await
    }

    async fn take_ceremony(
        &self,
        hash: &SecretHash,
        now: DateTime<Utc>,
    ) -> PortResult<Option<Ceremony>> {
        let mut tx = self.0.write("passkeys.take_ceremony").await?;
        let sql = Sql::new(
            "DELETE FROM passkey_ceremonies WHERE hash = $1 AND expires_at > $2 \
             RETURNING user_id, state, expires_at",
        )
        .bind(hash.as_slice())
        .bind(now);
        let Some(row) = tx.one(sql).await? else {
            return Ok(None);
        };
        let mut c = Cells::of(&row);
        let ceremony = Ceremony {
            user: c.id_or_none()?.map(UserId),
            state: c.bytes()?,
            expires_at: c.at()?,
        };
        drop(row);
        tx.commit().await?;
        Ok(Some(ceremony))
    }
}
