//! One-time links.

use super::database::{FakeDatabase, State, refuse};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::audit::NewEntry;
use domain::ids::{LinkId, WorkspaceId};
use domain::letter::Errand;
use domain::people::{Link, LinkKind, User};
use ports::accounts::SecretHash;
use ports::members::Links;
use ports::{Kind, PortError, PortResult};

fn spent(operation: &'static str) -> PortError {
    refuse(Kind::NotFound, operation, "the link is spent")
}

impl State {
    fn open_link(&self, kind: LinkKind, hash: &SecretHash, now: DateTime<Utc>) -> Option<Link> {
        let found = self.links.get(hash).cloned();
        found.filter(|l| l.kind == kind && l.expires_at > now)
    }
}

#[async_trait]
impl Links for FakeDatabase {
    async fn create_link(
        &self,
        link: &Link,
        hash: &SecretHash,
        entry: &NewEntry,
    ) -> PortResult<()> {
        let mut state = self.lock();
        let of = |l: &Link| (l.workspace, l.kind, l.email.clone());
        state.links.retain(|_, known| of(known) != of(link));
        state.links.insert(*hash, link.clone());
        state.record(std::slice::from_ref(entry));
        Ok(())
    }

    async fn link(&self, hash: &SecretHash, now: DateTime<Utc>) -> PortResult<Option<Link>> {
        let found = self.lock().links.get(hash).cloned();
        Ok(found.filter(|l| l.expires_at > now))
    }

    async fn links(&self, workspace: WorkspaceId, now: DateTime<Utc>) -> PortResult<Vec<Link>> {
        let state = self.lock();
        let open = state.links.values().filter(|l| l.expires_at > now);
        let mut links: Vec<Link> = open.filter(|l| l.workspace == workspace).cloned().collect();
        links.sort_by_key(|l| (l.created_at, l.id));
        Ok(links)
    }

    async fn revoke_link(
        &self,
        workspace: WorkspaceId,
        id: LinkId,
        entry: &NewEntry,
    ) -> PortResult<()> {
        let mut state = self.lock();
        let before = state.links.len();
        state
            .links
            .retain(|_, l| l.workspace != workspace || l.id != id);
        if state.links.len() == before {
            return Err(spent("links.revoke_link"));
        }
        state.record(std::slice::from_ref(entry));
        Ok(())
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
        let mut state = self.lock();
        if state.open_link(LinkKind::Invitation, hash, now).is_none() {
            return Err(spent(operation));
        }
        if state.has_address(&user.email) {
            return Err(refuse(Kind::Conflict, operation, "the address is taken"));
        }
        state.links.remove(hash);
        let row = (user.clone(), password_hash.to_owned());
        state.users.insert(user.id, row);
        state.record(std::slice::from_ref(entry));
        Ok(())
    }

    async fn accept_reset(
        &self,
        hash: &SecretHash,
        now: DateTime<Utc>,
        password_hash: &str,
        entry: &NewEntry,
    ) -> PortResult<()> {
        let operation = "links.accept_reset";
        let mut state = self.lock();
        let Some(link) = state.open_link(LinkKind::PasswordReset, hash, now) else {
            return Err(spent(operation));
        };
        let Some(user) = link.user else {
            return Err(spent(operation));
        };
        if !state.set_password(user, password_hash) {
            return Err(spent(operation));
        }
        state.links.remove(hash);
        state.end_sessions(user, None);
        let forgotten = Errand::Forgotten { email: link.email };
        state.letters.retain(|_, (l, _)| l.errand != forgotten);
        state.record(std::slice::from_ref(entry));
        Ok(())
    }
}
