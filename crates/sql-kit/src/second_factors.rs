//! Authenticators, recovery codes, sign-ins that wait.

use crate::audit::record;
use crate::{Backend, Cells, Database, Session, Sql, Writer};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::audit::NewEntry;
use domain::ids::{EnrolmentId, UserId, WorkspaceId};
use domain::second_factor::{PendingSignIn, SecondFactor, wait_after};
use ports::accounts::SecretHash;
use ports::second_factors::SecondFactors;
use ports::{Kind, PortError, PortResult};

fn none<B: Backend>(operation: &'static str) -> PortError {
    let detail = "there is no second factor";
    Database::<B>::refuse(Kind::NotFound, operation, detail)
}

async fn put_codes<W: Writer>(tx: &mut W, user: UserId, recovery: &[SecretHash]) -> PortResult<()> {
    tx.run(Sql::new("DELETE FROM recovery_codes WHERE user_id = $1").bind(user))
        .await?;
    for hash in recovery {
        let sql = Sql::new("INSERT INTO recovery_codes (user_id, hash) VALUES ($1, $2)")
            .bind(user)
            .bind(hash.as_slice());
        tx.run(sql).await?;
    }
    Ok(())
}

async fn forget_tries<W: Writer>(tx: &mut W, user: UserId) -> PortResult<()> {
    let sql = Sql::new("UPDATE second_factors SET tries = 0, not_before = NULL WHERE user_id = $1");
    tx.run(sql.bind(user)).await?;
    Ok(())
}

#[async_trait]
impl<B: Backend> SecondFactors for Database<B> {
    async fn second_factor(&self, user: UserId) -> PortResult<Option<SecondFactor>> {
        let sql = Sql::new(
            "SELECT enrolment, created_at, confirmed_at, \
             (SELECT COUNT(*) FROM recovery_codes r WHERE r.user_id = f.user_id) \
             FROM second_factors f WHERE user_id = $1",
        )
        .bind(user);
        let row = self.0.read("second_factors.find").await?.one(sql).await?;
        let Some(row) = row else {
            return Ok(None);
        };
        let mut c = Cells::of(&row);
        Ok(Some(SecondFactor {
            user,
            enrolment: EnrolmentId(c.id()?),
            created_at: c.at()?,
            confirmed_at: c.at_or_none()?,
            recovery_codes_left: u32::try_from(c.int()?).map_err(|e| c.bad(e.to_string()))?,
        }))
    }

    async fn protected_users(&self, workspace: WorkspaceId) -> PortResult<Vec<UserId>> {
        let sql = Sql::new(
            "SELECT f.user_id FROM second_factors f JOIN users u ON u.id = f.user_id \
             WHERE u.workspace = $1 AND f.confirmed_at IS NOT NULL ORDER BY f.user_id",
        )
        .bind(workspace);
        let mut read = self.0.read("second_factors.protected").await?;
        let rows = read.rows(sql).await?;
        rows.iter()
            .map(|row| Ok(UserId(Cells::of(row).id()?)))
            .collect()
    }

    async fn enrol(
        &self,
        user: UserId,
        enrolment: EnrolmentId,
        now: DateTime<Utc>,
    ) -> PortResult<Option<EnrolmentId>> {
        let operation = "second_factors.enrol";
        let mut tx = self.0.write(operation).await?;
        let sql = Sql::new(format!(
            "SELECT enrolment FROM second_factors WHERE user_id = $1{}",
            B::FOR_UPDATE
        ))
        .bind(user);
        let before = match tx.one(sql).await? {
            Some(row) => Some(EnrolmentId(Cells::of(&row).id()?)),
            None => None,
        };
        // Of two at once the later one replaces the earlier; a confirmed one stays.
        let sql = Sql::new(
            "INSERT INTO second_factors (user_id, enrolment, created_at) VALUES ($1, $2, $3) \
             ON CONFLICT (user_id) DO UPDATE SET enrolment = excluded.enrolment, created_at = excluded.created_at, \
             last_step = 0, tries = 0, not_before = NULL WHERE second_factors.confirmed_at IS NULL",
        )
        .bind(user)
        .bind(enrolment)
        .bind(now);
        if tx.run(sql).await? == 0 {
            let detail = "there is a second factor already; remove it first";
            return Err(Self::refuse(Kind::Conflict, operation, detail));
        }
        tx.commit().await?;
        Ok(before)
    }

    async fn confirm_factor(
        &self,
        user: UserId,
        enrolment: EnrolmentId,
        step: i64,
        now: DateTime<Utc>,
        recovery: &[SecretHash],
        entry: &NewEntry,
    ) -> PortResult<()> {
        let operation = "second_factors.confirm";
        let mut tx = self.0.write(operation).await?;
        let sql = Sql::new(
            "UPDATE second_factors SET confirmed_at = $3, last_step = $4, tries = 0, not_before = NULL \
             WHERE user_id = $1 AND enrolment = $2 AND confirmed_at IS NULL",
        )
        .bind(user)
        .bind(enrolment)
        .bind(now)
        .bind(step);
        if tx.run(sql).await? == 0 {
            return Err(none::<B>(operation));
        }
        put_codes(&mut tx, user, recovery).await?;
        record(&mut tx, std::slice::from_ref(entry)).await?;
        tx.commit().await
    }

    async fn take_try(
        &self,
        user: UserId,
        now: DateTime<Utc>,
    ) -> PortResult<Option<DateTime<Utc>>> {
        let operation = "second_factors.take_try";
        let mut tx = self.0.write(operation).await?;
        let sql = Sql::new(format!(
            "SELECT tries, not_before FROM second_factors WHERE user_id = $1{}",
            B::FOR_UPDATE
        ))
        .bind(user);
        let row = tx.one(sql).await?.ok_or_else(|| none::<B>(operation))?;
        let mut c = Cells::of(&row);
        let tries = u32::try_from(c.int()?).map_err(|e| c.bad(e.to_string()))?;
        if let Some(not_before) = c.at_or_none()?.filter(|at| *at > now) {
            return Ok(Some(not_before));
        }
        drop(row);
        let tries = tries.saturating_add(1);
        let sql =
            Sql::new("UPDATE second_factors SET tries = $2, not_before = $3 WHERE user_id = $1")
                .bind(user)
                .bind(tries)
                .bind(wait_after(tries).map(|wait| now + wait));
        tx.run(sql).await?;
        tx.commit().await?;
        Ok(None)
    }

    async fn accept_step(
        &self,
        user: UserId,
        enrolment: EnrolmentId,
        step: i64,
    ) -> PortResult<bool> {
        let mut tx = self.0.write("second_factors.accept_step").await?;
        let sql = Sql::new(
            "UPDATE second_factors SET last_step = $3, tries = 0, not_before = NULL \
             WHERE user_id = $1 AND enrolment = $2 AND last_step < $3 AND confirmed_at IS NOT NULL",
        )
        .bind(user)
        .bind(enrolment)
        .bind(step);
        let accepted = tx.run(sql).await? > 0;
        tx.commit().await?;
        Ok(accepted)
    }

    async fn accept_recovery(
        &self,
        user: UserId,
        hash: &SecretHash,
        entry: &NewEntry,
    ) -> PortResult<bool> {
        let mut tx = self.0.write("second_factors.accept_recovery").await?;
        let sql = Sql::new("DELETE FROM recovery_codes WHERE user_id = $1 AND hash = $2")
            .bind(user)
            .bind(hash.as_slice());
        let accepted = tx.run(sql).await? > 0;
        if accepted {
            forget_tries(&mut tx, user).await?;
            record(&mut tx, std::slice::from_ref(entry)).await?;
        }
        tx.commit().await?;
        Ok(accepted)
    }

    async fn replace_recovery(
        &self,
        user: UserId,
        recovery: &[SecretHash],
        entry: &NewEntry,
    ) -> PortResult<()> {
        let operation = "second_factors.replace_recovery";
        let mut tx = self.0.write(operation).await?;
        let sql = Sql::new(format!(
            "SELECT user_id FROM second_factors WHERE user_id = $1 AND confirmed_at IS NOT NULL{}",
            B::FOR_UPDATE
        ))
        .bind(user);
        if tx.one(sql).await?.is_none() {
            return Err(none::<B>(operation));
        }
        put_codes(&mut tx, user, recovery).await?;
        record(&mut tx, std::slice::from_ref(entry)).await?;
        tx.commit().await
    }

    async fn remove_factor(&self, user: UserId, entry: &NewEntry) -> PortResult<EnrolmentId> {
        let operation = "second_factors.remove";
        let mut tx = self.0.write(operation).await?;
        let sql = Sql::new("DELETE FROM second_factors WHERE user_id = $1 RETURNING enrolment");
        let row = tx.one(sql.bind(user)).await?;
        let row = row.ok_or_else(|| none::<B>(operation))?;
        let enrolment = EnrolmentId(Cells::of(&row).id()?);
        drop(row);
        put_codes(&mut tx, user, &[]).await?;
        tx.run(Sql::new("DELETE FROM pending_sign_ins WHERE user_id = $1").bind(user))
            .await?;
        record(&mut tx, std::slice::from_ref(entry)).await?;
        tx.commit().await?;
        Ok(enrolment)
    }

    async fn create_pending(
        &self,
        pending: &PendingSignIn,
        hash: &SecretHash,
        now: DateTime<Utc>,
    ) -> PortResult<()> {
        let mut tx = self.0.write("second_factors.create_pending").await?;
        tx.run(Sql::new("DELETE FROM pending_sign_ins WHERE expires_at <= $1").bind(now))
            .await?;
        let sql = Sql::new(
            "INSERT INTO pending_sign_ins (hash, user_id, expires_at) VALUES ($1, $2, $3)",
        )
        .bind(hash.as_slice())
        .bind(pending.user)
        .bind(pending.expires_at);
        tx.run(sql).await?;
        tx.commit().await
    }

    async fn pending(
        &self,
        hash: &SecretHash,
        now: DateTime<Utc>,
    ) -> PortResult<Option<PendingSignIn>> {
        let sql = Sql::new(
            "SELECT user_id, expires_at FROM pending_sign_ins WHERE hash = $1 AND expires_at > $2",
        )
        .bind(hash.as_slice())
        .bind(now);
        let mut read = self.0.read("second_factors.pending").await?;
        let Some(row) = read.one(sql).await? else {
            return Ok(None);
        };
        let mut c = Cells::of(&row);
        Ok(Some(PendingSignIn {
            user: UserId(c.id()?),
            expires_at: c.at()?,
        }))
    }

    async fn end_pending(&self, hash: &SecretHash) -> PortResult<bool> {
        let mut tx = self.0.write("second_factors.end_pending").await?;
        let sql = Sql::new("DELETE FROM pending_sign_ins WHERE hash = $1").bind(hash.as_slice());
        let ended = tx.run(sql).await? > 0;
        tx.commit().await?;
        Ok(ended)
    }
}
