//! Signing in and out; who a cookie belongs to.

use super::secrets::{hash_secret, random_secret, verify_password};
use super::{People, Principal, SignedIn, Via};
use chrono::Duration;
use domain::people::{Email, User, Workspace};
use ports::accounts::Session;
use ports::{PortError, PortResult};
use secrecy::SecretString;

/// A session ends this long after it began, whatever happens.
const ABSOLUTE: Duration = Duration::days(30);
/// … and this long after it was last used.
const IDLE: Duration = Duration::days(7);
/// The last use is written down at most this often.
const TOUCH_EVERY: Duration = Duration::minutes(5);

#[derive(Debug, thiserror::Error)]
pub enum SignInError {
    /// One text for an unknown address and a wrong password.
    #[error("the e-mail address or the password is wrong")]
    Refused,
    #[error(transparent)]
    Port(#[from] PortError),
}

impl People {
    pub async fn sign_in(
        &self,
        email: &str,
        password: SecretString,
    ) -> Result<SignedIn, SignInError> {
        let found = match Email::parse(email) {
            Ok(email) => self.ports.accounts.user_by_email(&email).await?,
            Err(_) => None,
        };
        let (user, hash) = found.map_or((None, None), |(user, hash)| (Some(user), Some(hash)));
        if !verify_password(password, hash).await? {
            return Err(SignInError::Refused);
        }
        let user = user.ok_or(SignInError::Refused)?;
        let workspace = self
            .ports
            .accounts
            .workspace(user.workspace)
            .await?
            .ok_or(SignInError::Refused)?;
        Ok(self.start_session(user, workspace).await?)
    }

    pub(super) async fn start_session(
        &self,
        user: User,
        workspace: Workspace,
    ) -> PortResult<SignedIn> {
        let now = self.ports.clock.now();
        let (session_secret, csrf_token) = (random_secret(), random_secret());
        let session = Session {
            hash: hash_secret(&session_secret),
            user: user.id,
            csrf_token: csrf_token.clone(),
            created_at: now,
            last_seen_at: now,
            expires_at: now + ABSOLUTE,
        };
        self.ports.credentials.create_session(&session).await?;
        Ok(SignedIn {
            user,
            workspace,
            session_secret,
            csrf_token,
        })
    }

    pub async fn sign_out(&self, session_secret: &str) -> PortResult<()> {
        self.ports
            .credentials
            .end_session(&hash_secret(session_secret))
            .await
    }

    /// `None` for an unknown, ended, expired or idle session.
    pub async fn by_session(&self, session_secret: &str) -> PortResult<Option<Principal>> {
        let (hash, now) = (hash_secret(session_secret), self.ports.clock.now());
        let Some(session) = self.ports.credentials.session(&hash, now).await? else {
            return Ok(None);
        };
        if now - session.last_seen_at > IDLE {
            self.ports.credentials.end_session(&hash).await?;
            return Ok(None);
        }
        if now - session.last_seen_at > TOUCH_EVERY {
            self.ports.credentials.touch_session(&hash, now).await?;
        }
        let user = self.ports.accounts.user(session.user).await?;
        let via = Via::Session {
            csrf_token: session.csrf_token,
        };
        Ok(user.map(|(user, workspace)| Principal {
            user,
            workspace,
            via,
        }))
    }

    /// Forgets what has expired.
    pub async fn prune(&self) -> PortResult<u64> {
        self.ports.credentials.prune(self.ports.clock.now()).await
    }
}
