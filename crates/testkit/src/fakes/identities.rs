//! Identities at other places, and browsers on their way there and back.

use super::database::{FakeDatabase, refuse};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::audit::NewEntry;
use domain::ids::UserId;
use domain::people::User;
use ports::accounts::SecretHash;
use ports::identities::{Identities, Journey};
use ports::{Kind, PortError, PortResult};

fn taken(operation: &'static str) -> PortError {
    refuse(Kind::Conflict, operation, "it is somebody already")
}

fn key(issuer: &str, subject: &str) -> (String, String) {
    (issuer.to_owned(), subject.to_owned())
}

#[async_trait]
impl Identities for FakeDatabase {
    async fn put_journey(
        &self,
        journey: &Journey,
        hash: &SecretHash,
        now: DateTime<Utc>,
    ) -> PortResult<()> {
        let mut state = self.lock();
        state.journeys.retain(|_, known| known.expires_at > now);
        state.journeys.insert(*hash, journey.clone());
        Ok(())
    }

    async fn take_journey(
        &self,
        hash: &SecretHash,
        now: DateTime<Utc>,
    ) -> PortResult<Option<Journey>> {
        let found = self.lock().journeys.remove(hash);
        Ok(found.filter(|journey| journey.expires_at > now))
    }

    async fn identity_user(&self, issuer: &str, subject: &str) -> PortResult<Option<UserId>> {
        let state = self.lock();
        Ok(state.identities.get(&key(issuer, subject)).copied())
    }

    async fn link_identity(
        &self,
        issuer: &str,
        subject: &str,
        user: UserId,
        entry: &NewEntry,
    ) -> PortResult<()> {
        let mut state = self.lock();
        let key = key(issuer, subject);
        if state.identities.contains_key(&key) {
            return Err(taken("identities.link"));
        }
        state.identities.insert(key, user);
        state.record(std::slice::from_ref(entry));
        Ok(())
    }

    async fn create_identity(
        &self,
        issuer: &str,
        subject: &str,
        user: &User,
        entry: &NewEntry,
    ) -> PortResult<()> {
        let mut state = self.lock();
        let key = key(issuer, subject);
        if state.has_address(&user.email) || state.identities.contains_key(&key) {
            return Err(taken("identities.create"));
        }
        let row = (user.clone(), "!".to_owned());
        state.users.insert(user.id, row);
        state.identities.insert(key, user.id);
        state.record(std::slice::from_ref(entry));
        Ok(())
    }
}
