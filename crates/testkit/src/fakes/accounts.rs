//! Workspaces, people, settings.

use super::database::{FakeDatabase, State, refuse};
use async_trait::async_trait;
use domain::audit::NewEntry;
use domain::ids::{UserId, WorkspaceId};
use domain::people::{Email, User, Workspace};
use ports::accounts::Accounts;
use ports::{Kind, PortResult};

impl State {
    pub(super) fn has_address(&self, email: &Email) -> bool {
        self.users.values().any(|(user, _)| user.email == *email)
    }
}

#[async_trait]
impl Accounts for FakeDatabase {
    async fn create_first(
        &self,
        workspace: &Workspace,
        owner: &User,
        password_hash: &str,
        entries: &[NewEntry],
    ) -> PortResult<()> {
        let mut state = self.lock();
        if !state.users.is_empty() {
            let detail = "the installation is set up already";
            return Err(refuse(Kind::Conflict, "accounts.create_first", detail));
        }
        state.workspaces.insert(workspace.id, workspace.clone());
        let row = (owner.clone(), password_hash.to_owned());
        state.users.insert(owner.id, row);
        state.record(entries);
        Ok(())
    }

    async fn create_user(
        &self,
        user: &User,
        password_hash: &str,
        entries: &[NewEntry],
    ) -> PortResult<()> {
        let mut state = self.lock();
        if !state.workspaces.contains_key(&user.workspace) {
            let detail = "there is no such workspace";
            return Err(refuse(Kind::NotFound, "accounts.create_user", detail));
        }
        if state.has_address(&user.email) || state.users.contains_key(&user.id) {
            let detail = "the address is taken";
            return Err(refuse(Kind::Conflict, "accounts.create_user", detail));
        }
        let row = (user.clone(), password_hash.to_owned());
        state.users.insert(user.id, row);
        state.record(entries);
        Ok(())
    }

    async fn has_users(&self) -> PortResult<bool> {
        Ok(!self.lock().users.is_empty())
    }

    async fn user_by_email(&self, email: &Email) -> PortResult<Option<(User, String)>> {
        let state = self.lock();
        let mut active = state.users.values();
        let found = active.find(|(user, _)| user.email == *email);
        Ok(found
            .filter(|(user, _)| !state.disabled.contains_key(&user.id))
            .cloned())
    }

    async fn user(&self, id: UserId) -> PortResult<Option<(User, Workspace)>> {
        let state = self.lock();
        let active = state
            .users
            .get(&id)
            .filter(|_| !state.disabled.contains_key(&id));
        Ok(active.and_then(|(user, _)| {
            let workspace = state.workspaces.get(&user.workspace)?;
            Some((user.clone(), workspace.clone()))
        }))
    }

    async fn workspaces(&self) -> PortResult<Vec<Workspace>> {
        let mut all: Vec<_> = self.lock().workspaces.values().cloned().collect();
        all.sort_by_key(|w| (w.created_at, w.id));
        Ok(all)
    }

    async fn set_setting(&self, name: &str, value: Option<&str>) -> PortResult<()> {
        let mut state = self.lock();
        match value {
            Some(value) => state.settings.insert(name.to_owned(), value.to_owned()),
            None => state.settings.remove(name),
        };
        Ok(())
    }

    async fn setting(&self, name: &str) -> PortResult<Option<String>> {
        Ok(self.lock().settings.get(name).cloned())
    }

    async fn workspace(&self, id: WorkspaceId) -> PortResult<Option<Workspace>> {
        Ok(self.lock().workspaces.get(&id).cloned())
    }
}
