//! The first owner: whoever can read the server's terminal.

use super::secrets::{PasswordError, check_password, hash_password, hash_secret, random_code};
use super::{Origin, People, SignedIn};
use domain::audit::{Actor, ActorKind, NewEntry};
use domain::ids::{UserId, WorkspaceId};
use domain::people::{Email, NotAnEmail, Role, User, Workspace};
use ports::{Kind, PortError, PortResult};
use secrecy::SecretString;
use serde_json::json;
use subtle::ConstantTimeEq as _;
use uuid::Uuid;

const SETTING: &str = "setup_code_sha256";
const DEFAULT_WORKSPACE: &str = "My business";

#[derive(Debug, thiserror::Error)]
pub enum SetUpError {
    #[error("this installation has an owner already")]
    AlreadyDone,
    #[error("the set-up code is not the one that the server printed at its last start")]
    WrongCode,
    #[error(transparent)]
    Email(#[from] NotAnEmail),
    #[error(transparent)]
    Password(#[from] PasswordError),
    #[error("the address belongs to a user already")]
    EmailTaken,
    #[error(transparent)]
    Port(#[from] PortError),
}

impl People {
    /// A new set-up code for as long as there is no user; the one before is void. `None` once there is a user.
    pub async fn ensure_setup_code(&self) -> PortResult<Option<String>> {
        if self.ports.accounts.has_users().await? {
            self.ports.accounts.set_setting(SETTING, None).await?;
            return Ok(None);
        }
        let code = random_code();
        self.ports
            .accounts
            .set_setting(SETTING, Some(&hex::encode(hash_secret(&code))))
            .await?;
        Ok(Some(code))
    }

    pub async fn needs_owner(&self) -> PortResult<bool> {
        Ok(!self.ports.accounts.has_users().await?)
    }

    /// Creates the owner with a workspace and signs them in. Case and dashes of the code do not matter.
    pub async fn set_up(
        &self,
        code: &str,
        email: &str,
        password: SecretString,
        workspace_name: Option<&str>,
        origin: &Origin,
    ) -> Result<SignedIn, SetUpError> {
        if self.ports.accounts.has_users().await? {
            return Err(SetUpError::AlreadyDone);
        }
        let expected = self
            .ports
            .accounts
            .setting(SETTING)
            .await?
            .unwrap_or_default();
        let given = hex::encode(hash_secret(&normal_form(code)));
        if !bool::from(expected.as_bytes().ct_eq(given.as_bytes())) {
            return Err(SetUpError::WrongCode);
        }
        let by = |user: &User| {
            let (id, email) = (user.id.to_string(), user.email.as_str());
            Actor::new(ActorKind::Person, Some(id), email, origin.address.clone())
        };
        let (user, workspace) = self
            .create_owner(Email::parse(email)?, password, workspace_name, by)
            .await?;
        self.ports.accounts.set_setting(SETTING, None).await?;
        Ok(self.start_session(user, workspace, origin).await?)
    }

    /// For scripts: the first user becomes the owner of a new workspace, whatever role is asked for; the next ones join it.
    pub async fn add_user(
        &self,
        email: &str,
        role: Role,
        password: SecretString,
        workspace_name: Option<&str>,
    ) -> Result<(User, Workspace), SetUpError> {
        let email = Email::parse(email)?;
        let Some(workspace) = self.ports.accounts.workspaces().await?.into_iter().next() else {
            let by = |_: &User| Actor::command_line();
            return self.create_owner(email, password, workspace_name, by).await;
        };
        check_password(&password)?;
        let user = self.user(workspace.id, email, role);
        let entry = created(&user, Actor::command_line());
        let hash = hash_password(password).await?;
        match self
            .ports
            .accounts
            .create_user(&user, &hash, &[entry])
            .await
        {
            Err(error) if error.kind == Kind::Conflict => Err(SetUpError::EmailTaken),
            other => Ok(other.map(|()| (user, workspace))?),
        }
    }

    async fn create_owner(
        &self,
        email: Email,
        password: SecretString,
        workspace_name: Option<&str>,
        by: impl FnOnce(&User) -> Actor,
    ) -> Result<(User, Workspace), SetUpError> {
        check_password(&password)?;
        let name = workspace_name
            .map(str::trim)
            .filter(|n| !n.is_empty())
            .unwrap_or(DEFAULT_WORKSPACE);
        let workspace = Workspace {
            id: WorkspaceId(Uuid::now_v7()),
            name: name.to_owned(),
            created_at: self.ports.clock.now(),
        };
        let user = self.user(workspace.id, email, Role::Owner);
        let actor = by(&user);
        let (id, now) = (workspace.id.to_string(), workspace.created_at);
        let target = ("workspace", id.as_str(), workspace.name.as_str());
        let founded = NewEntry::done(workspace.id, now, actor.clone(), "workspace.create", target)
            .after(&json!({ "owner": user.email.as_str() }));
        let entries = [founded, created(&user, actor)];
        let hash = hash_password(password).await?;
        match self
            .ports
            .accounts
            .create_first(&workspace, &user, &hash, &entries)
            .await
        {
            Err(error) if error.kind == Kind::Conflict => Err(SetUpError::AlreadyDone),
            other => Ok(other.map(|()| (user, workspace))?),
        }
    }

    fn user(&self, workspace: WorkspaceId, email: Email, role: Role) -> User {
        User {
            id: UserId(Uuid::now_v7()),
            workspace,
            email,
            role,
            created_at: self.ports.clock.now(),
        }
    }
}

fn created(user: &User, actor: Actor) -> NewEntry {
    let id = user.id.to_string();
    let target = ("user", id.as_str(), user.email.as_str());
    NewEntry::done(
        user.workspace,
        user.created_at,
        actor,
        "user.create",
        target,
    )
    .after(&json!({ "role": user.role }))
}

fn normal_form(code: &str) -> String {
    let letters: Vec<char> = code
        .trim()
        .to_uppercase()
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .collect();
    letters
        .chunks(4)
        .map(|group| group.iter().collect::<String>())
        .collect::<Vec<_>>()
        .join("-")
}
