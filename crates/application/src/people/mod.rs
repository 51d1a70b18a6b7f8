//! Owners, users, sessions, tokens and one-time links.
//!
//! Secrets are 256 random bits and stored as SHA-256; passwords as Argon2id. An unknown address costs the same time as a wrong password.

mod elsewhere;
mod links;
mod members;
mod passkeys;
mod second_factor;
mod second_step;
mod secrets;
mod sessions;
mod setup;
mod sign_in;
mod tokens;

pub use elsewhere::{Away, CLIENT_SECRET, Elsewhere, ElsewhereError, RoleRules};
pub use links::{Joined, NewLink};
pub use passkeys::Passkeys;
pub use second_factor::{FactorState, NewFactor};
pub use second_step::{CodeError, Entered, SecondStep};
pub use secrets::PasswordError;
pub use sessions::OpenSession;
pub use setup::SetUpError;
pub use sign_in::SignInError;
pub use tokens::{NewToken, TokenError};

use crate::Ports;
use domain::audit::{Actor, ActorKind, NewEntry};
use domain::ids::TokenId;
use domain::people::{NotAnEmail, Role, User, Workspace};
use ports::accounts::SecretHash;
use ports::secrets::SecretName;
use ports::{PortError, PortResult};
use secrecy::SecretString;

/// Who is calling.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Principal {
    pub user: User,
    pub workspace: Workspace,
    pub via: Via,
    pub origin: Origin,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Via {
    /// A browser: state-changing calls must show this token.
    Session {
        hash: SecretHash,
        csrf_token: String,
    },
    /// A script. Without scopes it may do what its user may.
    Token {
        id: TokenId,
        name: String,
        scopes: Vec<String>,
    },
}

/// Where a request comes from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Origin {
    pub address: Option<String>,
    /// What the browser says that it is.
    pub agent: Option<String>,
}

impl Principal {
    /// As the audit tells it.
    #[must_use]
    pub fn actor(&self) -> Actor {
        let id = Some(self.user.id.to_string());
        let address = self.origin.address.clone();
        match &self.via {
            Via::Session { .. } => {
                Actor::new(ActorKind::Person, id, self.user.email.as_str(), address)
            }
            Via::Token { name, .. } => {
                let name = format!("{name} ({})", self.user.email.as_str());
                Actor::new(ActorKind::Token, id, &name, address)
            }
        }
    }

    /// The session of the browser that is calling.
    #[must_use]
    pub fn session(&self) -> Option<&SecretHash> {
        match &self.via {
            Via::Session { hash, .. } => Some(hash),
            Via::Token { .. } => None,
        }
    }
}

/// A new session; the secret goes into the cookie and is kept nowhere else.
#[derive(Debug, Clone)]
pub struct SignedIn {
    pub user: User,
    pub workspace: Workspace,
    pub session_secret: String,
    pub csrf_token: String,
}

/// Why something about people is refused.
#[derive(Debug, thiserror::Error)]
pub enum PeopleError {
    #[error("there is no such user")]
    UnknownUser,
    #[error("there is no such session")]
    UnknownSession,
    #[error("there is no such invitation")]
    UnknownLink,
    #[error("the link was used, taken back, or has expired; ask for a new one")]
    SpentLink,
    #[error("nobody gives or takes a role above their own ({0})")]
    AboveOwnRole(Role),
    #[error("this is the last owner; make somebody else an owner first")]
    LastOwner,
    #[error("nobody deactivates themselves; ask another admin")]
    Yourself,
    #[error("the address belongs to a user already")]
    EmailTaken,
    #[error("this needs a person who is signed in with a browser")]
    NeedsSession,
    #[error("the current password is wrong")]
    WrongPassword,
    #[error("there is no second factor")]
    NoFactor,
    #[error("there is a second factor already; remove it first")]
    HasFactor,
    #[error(transparent)]
    Code(#[from] CodeError),
    #[error("a name is not empty and has at most 100 characters")]
    BadName,
    #[error(transparent)]
    Email(#[from] NotAnEmail),
    #[error(transparent)]
    Password(#[from] PasswordError),
    #[error(transparent)]
    Port(#[from] PortError),
}

/// Why a passkey is not made, changed or accepted.
#[derive(Debug, thiserror::Error)]
pub enum PasskeyError {
    #[error(
        "passkeys need PUBLIC_URL: an address with a name (not an IP address) that begins with https://, or http://localhost"
    )]
    NotSetUp,
    #[error("this took too long, or was answered already; begin again")]
    Spent,
    #[error("the passkey was not accepted: {0}")]
    Unproved(String),
    #[error("this passkey is known already")]
    Known,
    #[error("there are twenty passkeys; remove one that is not used any more first")]
    TooMany,
    #[error("there is no such passkey")]
    Unknown,
    #[error("this needs a person who is signed in with a browser")]
    NeedsSession,
    #[error("a name is not empty and has at most 100 characters")]
    BadName,
    #[error(transparent)]
    People(#[from] PeopleError),
    #[error(transparent)]
    Port(#[from] PortError),
}

#[derive(Clone)]
pub struct People {
    ports: Ports,
}

impl People {
    #[must_use]
    pub fn new(ports: Ports) -> Self {
        Self { ports }
    }

    /// A secret of the whole installation, from wherever it is: it belongs to the first workspace.
    pub(crate) async fn installation_secret(&self, name: &str) -> PortResult<Option<SecretString>> {
        let workspaces = self.ports.accounts.workspaces().await?;
        let Some(first) = workspaces.first() else {
            return Ok(None);
        };
        let secret = SecretName {
            workspace: first.id,
            name: name.to_owned(),
        };
        let now = self.ports.clock.now();
        let found = self.ports.resolver.resolve(&secret, now).await.found;
        Ok(found.map(|found| found.value))
    }

    /// An entry about a user, by somebody who is known.
    fn entry(&self, who: &Principal, action: &str, target: (&str, &str, &str)) -> NewEntry {
        let now = self.ports.clock.now();
        NewEntry::done(who.workspace.id, now, who.actor(), action, target)
    }
}

/// A name that people give: trimmed, 1 to 100 characters.
fn name(text: &str) -> Option<&str> {
    let text = text.trim();
    (1..=100).contains(&text.chars().count()).then_some(text)
}
