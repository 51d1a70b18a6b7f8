//! Passkeys and the challenges that wait for an answer.

use super::database::{FakeDatabase, refuse};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::audit::NewEntry;
use domain::ids::{PasskeyId, UserId};
use domain::passkey::Passkey;
use ports::accounts::SecretHash;
use ports::passkeys::{Ceremony, Passkeys};
use ports::{Kind, PortError, PortResult};

fn none(operation: &'static str) -> PortError {
    refuse(Kind::NotFound, operation, "there is no such passkey")
}

#[async_trait]
impl Passkeys for FakeDatabase {
    async fn passkeys(&self, user: UserId) -> PortResult<Vec<Passkey>> {
        let state = self.lock();
        let mut own: Vec<_> = state
            .passkeys
            .values()
            .filter(|p| p.user == user)
            .cloned()
            .collect();
        own.sort_by_key(|p| (p.created_at, p.id));
        Ok(own)
    }

    async fn passkey(&self, credential: &[u8]) -> PortResult<Option<Passkey>> {
        let state = self.lock();
        let mut all = state.passkeys.values();
        Ok(all.find(|p| p.credential == credential).cloned())
    }

    async fn add_passkey(&self, passkey: &Passkey, entry: &NewEntry) -> PortResult<()> {
        let mut state = self.lock();
        let mut all = state.passkeys.values();
        if all.any(|p| p.credential == passkey.credential || p.id == passkey.id) {
            let detail = "this passkey is known already";
            return Err(refuse(Kind::Conflict, "passkeys.add", detail));
        }
        state.passkeys.insert(passkey.id, passkey.clone());
        state.record(std::slice::from_ref(entry));
        Ok(())
    }

    async fn rename_passkey(
        &self,
        user: UserId,
        id: PasskeyId,
        name: &str,
        entry: &NewEntry,
    ) -> PortResult<()> {
        let mut state = self.lock();
        let own = state.passkeys.get_mut(&id).filter(|p| p.user == user);
        let own = own.ok_or_else(|| none("passkeys.rename"))?;
        name.clone_into(&mut own.name);
        state.record(std::slice::from_ref(entry));
        Ok(())
    }

    async fn remove_passkey(
        &self,
        user: UserId,
        id: PasskeyId,
        entry: &NewEntry,
    ) -> PortResult<()> {
        let mut state = self.lock();
        if state.passkeys.get(&id).is_none_or(|p| p.user != user) {
            return Err(none("passkeys.remove"));
        }
        state.passkeys.remove(&id);
        state.record(std::slice::from_ref(entry));
        Ok(())
    }

    async fn use_passkey(
        &self,
        id: PasskeyId,
        before: &[u8],
        after: &[u8],
        now: DateTime<Utc>,
    ) -> PortResult<bool> {
        let mut state = self.lock();
        let known = state.passkeys.get_mut(&id).filter(|p| p.state == before);
        let Some(passkey) = known else {
            return Ok(false);
        };
        passkey.state = after.to_vec();
        passkey.last_used_at = Some(now);
        Ok(true)
    }

    async fn put_ceremony(
        &self,
        ceremony: &Ceremony,
        hash: &SecretHash,
        now: DateTime<Utc>,
    ) -> PortResult<()> {
        let mut state = self.lock();
        state.ceremonies.retain(|_, known| known.expires_at > now);
        state.ceremonies.insert(*hash, ceremony.clone());
        Ok(())
    }

    async fn take_ceremony(
        &self,
        hash: &SecretHash,
        now: DateTime<Utc>,
    ) -> PortResult<Option<Ceremony>> {
        let found = self.lock().ceremonies.remove(hash);
        Ok(found.filter(|ceremony| ceremony.expires_at > now))
    }
}
