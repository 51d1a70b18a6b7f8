//! Sessions and tokens as lists.

use super::database::{FakeDatabase, refuse};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::audit::NewEntry;
use domain::ids::{TokenId, UserId, WorkspaceId};
use ports::accounts::{SecretHash, Session};
use ports::grants::{Grants, ListedToken};
use ports::{Kind, PortResult};

#[async_trait]
impl Grants for FakeDatabase {
    async fn tokens(
        &self,
        workspace: WorkspaceId,
        user: Option<UserId>,
    ) -> PortResult<Vec<ListedToken>> {
        let state = self.lock();
        let tokens = state.tokens.values().filter(|t| t.workspace == workspace);
        let mut listed: Vec<ListedToken> = tokens
            .filter(|t| user.is_none_or(|u| t.user == u))
            .map(|token| ListedToken {
                token: token.clone(),
                last_used_at: state.token_uses.get(&token.id).copied(),
            })
            .collect();
        listed.sort_by_key(|l| std::cmp::Reverse((l.token.created_at, l.token.id)));
        Ok(listed)
    }

    async fn revoke_token(
        &self,
        workspace: WorkspaceId,
        id: TokenId,
        entry: &NewEntry,
    ) -> PortResult<()> {
        let mut state = self.lock();
        let before = state.tokens.len();
        state
            .tokens
            .retain(|_, t| t.workspace != workspace || t.id != id);
        if state.tokens.len() == before {
            let detail = "there is no such token";
            return Err(refuse(Kind::NotFound, "grants.revoke_token", detail));
        }
        state.record(std::slice::from_ref(entry));
        Ok(())
    }

    async fn sessions(&self, user: UserId, now: DateTime<Utc>) -> PortResult<Vec<Session>> {
        let state = self.lock();
        let sessions = state.sessions.values().filter(|s| s.user == user);
        let mut open: Vec<Session> = sessions.filter(|s| s.expires_at > now).cloned().collect();
        open.sort_by_key(|s| (std::cmp::Reverse((s.last_seen_at, s.created_at)), s.hash));
        Ok(open)
    }

    async fn revoke_session(
        &self,
        user: UserId,
        hash: &SecretHash,
        entry: &NewEntry,
    ) -> PortResult<()> {
        let mut state = self.lock();
        if state.sessions.get(hash).is_none_or(|s| s.user != user) {
            let detail = "there is no such session";
            return Err(refuse(Kind::NotFound, "grants.revoke_session", detail));
        }
        state.sessions.remove(hash);
        state.record(std::slice::from_ref(entry));
        Ok(())
    }

    async fn revoke_other_sessions(
        &self,
        user: UserId,
        keep: &SecretHash,
        entry: &NewEntry,
    ) -> PortResult<u64> {
        let mut state = self.lock();
        let ended = state.end_sessions(user, Some(keep));
        if ended > 0 {
            state.record(std::slice::from_ref(entry));
        }
        Ok(ended)
    }
}
