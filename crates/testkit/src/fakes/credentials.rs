//! Sessions and tokens, by hash.

use super::database::{FakeDatabase, refuse};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::audit::NewEntry;
use domain::people::ApiToken;
use ports::accounts::{Credentials, SecretHash, Session};
use ports::{Kind, PortResult};

#[async_trait]
impl Credentials for FakeDatabase {
    async fn create_session(&self, session: &Session, entries: &[NewEntry]) -> PortResult<()> {
        let mut state = self.lock();
        state.record(entries);
        state.sessions.insert(session.hash, session.clone());
        Ok(())
    }

    async fn session(&self, hash: &SecretHash, now: DateTime<Utc>) -> PortResult<Option<Session>> {
        let found = self.lock().sessions.get(hash).cloned();
        Ok(found.filter(|session| now < session.expires_at))
    }

    async fn touch_session(&self, hash: &SecretHash, seen_at: DateTime<Utc>) -> PortResult<()> {
        if let Some(session) = self.lock().sessions.get_mut(hash) {
            session.last_seen_at = seen_at;
        }
        Ok(())
    }

    async fn end_session(&self, hash: &SecretHash) -> PortResult<()> {
        self.lock().sessions.remove(hash);
        Ok(())
    }

    async fn create_token(
        &self,
        token: &ApiToken,
        hash: &SecretHash,
        entries: &[NewEntry],
    ) -> PortResult<()> {
        let mut state = self.lock();
        if state.tokens.contains_key(hash) || !state.token_ids.insert(token.id) {
            let detail = "there is such a token already";
            return Err(refuse(Kind::Conflict, "credentials.create_token", detail));
        }
        state.tokens.insert(*hash, token.clone());
        state.record(entries);
        Ok(())
    }

    async fn token(&self, hash: &SecretHash, now: DateTime<Utc>) -> PortResult<Option<ApiToken>> {
        let mut state = self.lock();
        let found = state.tokens.get(hash).cloned();
        let found = found.filter(|token| token.expires_at.is_none_or(|at| now < at));
        if let Some(token) = &found {
            state.token_uses.insert(token.id, now);
        }
        Ok(found)
    }

    async fn prune(&self, before: DateTime<Utc>) -> PortResult<u64> {
        let mut state = self.lock();
        let count = state.sessions.len() + state.tokens.len();
        state.sessions.retain(|_, s| s.expires_at >= before);
        state
            .tokens
            .retain(|_, t| t.expires_at.is_none_or(|at| at >= before));
        Ok((count - state.sessions.len() - state.tokens.len()) as u64)
    }
}
