//! Identities at other places, and browsers on their way there and back.

use crate::accounts::{LOCK, insert_user};
use crate::audit::record;
use crate::members::NO_PASSWORD;
use crate::{Backend, Cells, Database, Session, Sql, Writer};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::audit::NewEntry;
use domain::ids::UserId;
use domain::people::User;
use ports::accounts::SecretHash;
use ports::identities::{Identities, Journey};
use ports::{Kind, PortResult};

/// Answers whether the identity was nobody's.
async fn insert<W: Writer>(
    tx: &mut W,
    issuer: &str,
    subject: &str,
    user: UserId,
) -> PortResult<bool> {
    let sql = Sql::new(
        "INSERT INTO identities (issuer, subject, user_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
    )
    .bind(issuer)
    .bind(subject)
    .bind(user);
    Ok(tx.run(sql).await? > 0)
}

#[async_trait]
impl<B: Backend> Identities for Database<B> {
    async fn put_journey(
        &self,
        journey: &Journey,
        hash: &SecretHash,
        now: DateTime<Utc>,
    ) -> PortResult<()> {
        let mut tx = self.0.write("identities.put_journey").await?;
        tx.run(Sql::new("DELETE FROM sign_in_journeys WHERE expires_at <= $1").bind(now))
            .await?;
        let sql = Sql::new(
            "INSERT INTO sign_in_journeys (hash, nonce, verifier, next, expires_at) VALUES ($1, $2, $3, $4, $5)",
        )
        .bind(hash.as_slice())
        .bind(journey.nonce.as_str())
        .bind(journey.verifier.as_str())
        .bind(journey.next.as_str())
        .bind(journey.expires_at);
        tx.run(sql).await?;
        tx.commit().await
    }

    async fn take_journey(
        &self,
        hash: &SecretHash,
        now: DateTime<Utc>,
    ) -> PortResult<Option<Journey>> {
        let mut tx = self.0.write("identities.take_journey").await?;
        let sql = Sql::new(
            "DELETE FROM sign_in_journeys WHERE hash = $1 AND expires_at > $2 \
             RETURNING nonce, verifier, next, expires_at",
        )
        .bind(hash.as_slice())
        .bind(now);
        let Some(row) = tx.one(sql).await? else {
            return Ok(None);
        };
        let mut c = Cells::of(&row);
        let journey = Journey {
            nonce: c.text()?,
            verifier: c.text()?,
            next: c.text()?,
            expires_at: c.at()?,
        };
        drop(row);
        tx.commit().await?;
        Ok(Some(journey))
    }

    async fn identity_user(&self, issuer: &str, subject: &str) -> PortResult<Option<UserId>> {
        let sql = Sql::new("SELECT user_id FROM identities WHERE issuer = $1 AND subject = $2")
            .bind(issuer)
            .bind(subject);
        let row = self.0.read("identities.user").await?.one(sql).await?;
        let found = row.map(|row| Cells::of(&row).id().map(UserId));
        Ok(found.transpose()?)
    }

    async fn link_identity(
        &self,
        issuer: &str,
        subject: &str,
        user: UserId,
        entry: &NewEntry,
    ) -> PortResult<()> {
        let operation = "identities.link";
        let mut tx = self.0.write(operation).await?;
        if !insert(&mut tx, issuer, subject, user).await? {
            let detail = "this identity is somebody already";
            return Err(Self::refuse(Kind::Conflict, operation, detail));
        }
        record(&mut tx, std::slice::from_ref(entry)).await?;
        tx.commit().await
    }

    async fn create_identity(
        &self,
        issuer: &str,
        subject: &str,
        user: &User,
        entry: &NewEntry,
    ) -> PortResult<()> {
        let operation = "identities.create";
        let mut tx = self.0.write(operation).await?;
        tx.lock(LOCK).await?;
        let taken = insert_user(&mut tx, user, NO_PASSWORD).await? == 0
            || !insert(&mut tx, issuer, subject, user.id).await?;
        if taken {
            tx.undo().await?;
            let detail = "the address or the identity is somebody already";
            return Err(Self::refuse(Kind::Conflict, operation, detail));
        }
        record(&mut tx, std::slice::from_ref(entry)).await?;
        tx.commit().await
    }
}
