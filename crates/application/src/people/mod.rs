//! Owners, users, sessions and tokens, in their simplest safe form.
//!
//! Secrets are 256 random bits and stored as SHA-256; passwords as Argon2id. An unknown address costs the same time as a wrong password.

mod secrets;
mod setup;
mod sign_in;
mod tokens;

pub use secrets::PasswordError;
pub use setup::SetUpError;
pub use sign_in::SignInError;
pub use tokens::TokenError;

use crate::Ports;
use domain::people::{User, Workspace};

/// Who is calling.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Principal {
    pub user: User,
    pub workspace: Workspace,
    pub via: Via,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Via {
    /// A browser: state-changing calls must show this token.
    Session { csrf_token: String },
    /// A script. Without scopes it may do what its user may.
    Token { scopes: Vec<String> },
}

/// A new session; the secret goes into the cookie and is kept nowhere else.
#[derive(Debug, Clone)]
pub struct SignedIn {
    pub user: User,
    pub workspace: Workspace,
    pub session_secret: String,
    pub csrf_token: String,
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
}
