//! People and service accounts of a workspace.

use super::database::{FakeDatabase, State, refuse};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::audit::NewEntry;
use domain::ids::{UserId, WorkspaceId};
use domain::people::{Member, Role, User, UserKind, Workspace};
use ports::accounts::SecretHash;
use ports::members::Members;
use ports::{Kind, PortError, PortResult};

impl State {
    fn is_in(&self, workspace: WorkspaceId, user: UserId) -> bool {
        let found = self.users.get(&user);
        found.is_some_and(|(u, _)| u.workspace == workspace)
    }

    fn keep_an_owner(
        &self,
        operation: &'static str,
        workspace: WorkspaceId,
        user: UserId,
    ) -> PortResult<()> {
        let owners: Vec<UserId> = self
            .users
            .values()
            .map(|(u, _)| u)
            .filter(|u| u.workspace == workspace && u.role == Role::Owner)
            .map(|u| u.id)
            .filter(|id| !self.disabled.contains_key(id) && !self.services.contains_key(id))
            .collect();
        if owners == [user] {
            let detail = "this is the last owner";
            return Err(refuse(Kind::Conflict, operation, detail));
        }
        Ok(())
    }

    pub(super) fn end_sessions(&mut self, user: UserId, keep: Option<&SecretHash>) -> u64 {
        let before = self.sessions.len();
        self.sessions
            .retain(|hash, s| s.user != user || keep == Some(hash));
        (before - self.sessions.len()) as u64
    }

    /// Of a person, who has one.
    pub(super) fn set_password(&mut self, user: UserId, password_hash: &str) -> bool {
        let is_service = self.services.contains_key(&user);
        match self.users.get_mut(&user).filter(|_| !is_service) {
            Some((_, hash)) => {
                password_hash.clone_into(hash);
                true
            }
            None => false,
        }
    }
}

fn unknown(operation: &'static str) -> PortError {
    refuse(Kind::NotFound, operation, "there is no such user")
}

#[async_trait]
impl Members for FakeDatabase {
    async fn members(&self, workspace: WorkspaceId) -> PortResult<Vec<Member>> {
        let state = self.lock();
        let users = state.users.values().map(|(user, _)| user);
        let mut members: Vec<Member> = users
            .filter(|user| user.workspace == workspace)
            .map(|user| {
                let name = state.services.get(&user.id).cloned();
                let sessions = state.sessions.values().filter(|s| s.user == user.id);
                Member {
                    user: user.clone(),
                    kind: match name {
                        Some(_) => UserKind::Service,
                        None => UserKind::Person,
                    },
                    name,
                    disabled_at: state.disabled.get(&user.id).copied(),
                    last_seen_at: sessions.map(|s| s.last_seen_at).max(),
                }
            })
            .collect();
        members.sort_by_key(|m| (m.user.created_at, m.user.id));
        Ok(members)
    }

    async fn found(
        &self,
        workspace: &Workspace,
        owner: &User,
        password_hash: &str,
        entry: &NewEntry,
    ) -> PortResult<()> {
        let mut state = self.lock();
        if state.has_address(&owner.email) || state.workspaces.contains_key(&workspace.id) {
            return Err(refuse(Kind::Conflict, "members.found", "it is taken"));
        }
        state.workspaces.insert(workspace.id, workspace.clone());
        let row = (owner.clone(), password_hash.to_owned());
        state.users.insert(owner.id, row);
        state.record(std::slice::from_ref(entry));
        Ok(())
    }

    async fn add_service(&self, user: &User, name: &str, entry: &NewEntry) -> PortResult<()> {
        let operation = "members.add_service";
        let mut state = self.lock();
        if !state.workspaces.contains_key(&user.workspace) {
            let detail = "there is no such workspace";
            return Err(refuse(Kind::NotFound, operation, detail));
        }
        if state.has_address(&user.email) {
            return Err(refuse(Kind::Conflict, operation, "it is taken"));
        }
        state.users.insert(user.id, (user.clone(), "!".to_owned()));
        state.services.insert(user.id, name.to_owned());
        state.record(std::slice::from_ref(entry));
        Ok(())
    }

    async fn set_role(
        &self,
        workspace: WorkspaceId,
        user: UserId,
        role: Role,
        entry: &NewEntry,
    ) -> PortResult<()> {
        let operation = "members.set_role";
        let mut state = self.lock();
        if role != Role::Owner {
            state.keep_an_owner(operation, workspace, user)?;
        }
        if !state.is_in(workspace, user) {
            return Err(unknown(operation));
        }
        if let Some((user, _)) = state.users.get_mut(&user) {
            user.role = role;
        }
        state.record(std::slice::from_ref(entry));
        Ok(())
    }

    async fn set_disabled(
        &self,
        workspace: WorkspaceId,
        user: UserId,
        since: Option<DateTime<Utc>>,
        entry: &NewEntry,
    ) -> PortResult<()> {
        let operation = "members.set_disabled";
        let mut state = self.lock();
        if since.is_some() {
            state.keep_an_owner(operation, workspace, user)?;
        }
        if !state.is_in(workspace, user) {
            return Err(unknown(operation));
        }
        match since {
            Some(at) => {
                state.disabled.insert(user, at);
                state.end_sessions(user, None);
            }
            None => {
                state.disabled.remove(&user);
            }
        }
        state.record(std::slice::from_ref(entry));
        Ok(())
    }

    async fn set_password(
        &self,
        user: UserId,
        password_hash: &str,
        keep: Option<&SecretHash>,
        entry: &NewEntry,
    ) -> PortResult<()> {
        let mut state = self.lock();
        if !state.set_password(user, password_hash) {
            return Err(unknown("members.set_password"));
        }
        state.end_sessions(user, keep);
        state.record(std::slice::from_ref(entry));
        Ok(())
    }
}
