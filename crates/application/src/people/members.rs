//! Who belongs to a workspace, and what they may do. Nobody gives, takes or touches a role above their own.

use super::secrets::{check_password, hash_password};
use super::{People, PeopleError, Principal, SetUpError, name};
use domain::audit::{Actor, NewEntry};
use domain::ids::{UserId, WorkspaceId};
use domain::people::{Email, Member, Role, User, Workspace};
use ports::{Kind, PortError, PortResult};
use secrecy::SecretString;
use serde_json::json;
use uuid::Uuid;

fn changed(error: PortError) -> PeopleError {
    match error.kind {
        Kind::Conflict => PeopleError::LastOwner,
        Kind::NotFound => PeopleError::UnknownUser,
        _ => PeopleError::Port(error),
    }
}

impl People {
    /// Oldest first.
    pub async fn members(&self, workspace: WorkspaceId) -> PortResult<Vec<Member>> {
        self.ports.members.members(workspace).await
    }

    pub async fn member(
        &self,
        workspace: WorkspaceId,
        user: UserId,
    ) -> Result<Member, PeopleError> {
        let members = self.members(workspace).await?;
        let mut found = members.into_iter().filter(|m| m.user.id == user);
        found.next().ok_or(PeopleError::UnknownUser)
    }

    /// One that the caller may change.
    pub(super) async fn below(&self, who: &Principal, user: UserId) -> Result<Member, PeopleError> {
        let member = self.member(who.workspace.id, user).await?;
        may_give(who, member.user.role)?;
        Ok(member)
    }

    pub async fn set_role(
        &self,
        who: &Principal,
        user: UserId,
        role: Role,
    ) -> Result<Member, PeopleError> {
        let member = self.below(who, user).await?;
        may_give(who, role)?;
        if member.user.role != role {
            let id = user.to_string();
            let entry = self
                .entry(who, "user.role", ("user", &id, member.label()))
                .before(&json!({ "role": member.user.role }))
                .after(&json!({ "role": role }));
            let set = self
                .ports
                .members
                .set_role(who.workspace.id, user, role, &entry);
            set.await.map_err(changed)?;
        }
        self.member(who.workspace.id, user).await
    }

    pub async fn set_disabled(
        &self,
        who: &Principal,
        user: UserId,
        disabled: bool,
    ) -> Result<Member, PeopleError> {
        let member = self.below(who, user).await?;
        if disabled && user == who.user.id {
            return Err(PeopleError::Yourself);
        }
        if member.disabled_at.is_some() != disabled {
            let (id, action) = (
                user.to_string(),
                if disabled {
                    "user.disable"
                } else {
                    "user.enable"
                },
            );
            let entry = self.entry(who, action, ("user", &id, member.label()));
            let since = disabled.then(|| self.ports.clock.now());
            let set = self
                .ports
                .members
                .set_disabled(who.workspace.id, user, since, &entry);
            set.await.map_err(changed)?;
        }
        self.member(who.workspace.id, user).await
    }

    /// A name in which scripts act, and in which nobody signs in.
    pub async fn add_service(
        &self,
        who: &Principal,
        wanted: &str,
        role: Role,
    ) -> Result<Member, PeopleError> {
        let label = name(wanted).ok_or(PeopleError::BadName)?;
        may_give(who, role)?;
        let id = UserId(Uuid::now_v7());
        let user = User {
            id,
            workspace: who.workspace.id,
            email: Email::of_service(id),
            role,
            created_at: self.ports.clock.now(),
        };
        let entry = self
            .entry(
                who,
                "service_account.create",
                ("user", &id.to_string(), label),
            )
            .after(&json!({ "role": role }));
        self.ports.members.add_service(&user, label, &entry).await?;
        self.member(who.workspace.id, id).await
    }

    /// Another workspace of this installation with its owner; for whoever has a shell on the machine.
    pub async fn found(
        &self,
        workspace: &str,
        email: &str,
        password: SecretString,
    ) -> Result<(User, Workspace), SetUpError> {
        check_password(&password)?;
        let created_at = self.ports.clock.now();
        let workspace = Workspace {
            id: WorkspaceId(Uuid::now_v7()),
            name: workspace.trim().to_owned(),
            created_at,
        };
        let owner = User {
            id: UserId(Uuid::now_v7()),
            workspace: workspace.id,
            email: Email::parse(email)?,
            role: Role::Owner,
            created_at,
        };
        let (id, label) = (workspace.id.to_string(), workspace.name.clone());
        let target = ("workspace", id.as_str(), label.as_str());
        let actor = Actor::command_line();
        let entry = NewEntry::done(workspace.id, created_at, actor, "workspace.create", target)
            .after(&json!({ "owner": owner.email.as_str() }));
        let hash = hash_password(password).await?;
        match self
            .ports
            .members
            .found(&workspace, &owner, &hash, &entry)
            .await
        {
            Err(error) if error.kind == Kind::Conflict => Err(SetUpError::EmailTaken),
            other => Ok(other.map(|()| (owner, workspace))?),
        }
    }
}

pub(super) fn may_give(who: &Principal, role: Role) -> Result<(), PeopleError> {
    if role > who.user.role {
        return Err(PeopleError::AboveOwnRole(who.user.role));
    }
    Ok(())
}
