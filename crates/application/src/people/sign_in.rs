//! Signing in and out; who a cookie belongs to.

use super::secrets::{hash_secret, random_secret, verify_password};
use super::{CodeError, Entered, Origin, People, Principal, SignedIn, Via};
use chrono::Duration;
use domain::audit::{Actor, ActorKind, NewEntry, Outcome};
use domain::people::{Email, User, Workspace};
use ports::accounts::Session;
use ports::{Kind, PortError, PortResult};
use secrecy::SecretString;

/// A session ends this long after it began, whatever happens.
const ABSOLUTE: Duration = Duration::days(30);
/// … and this long after it was last used.
pub(super) const IDLE: Duration = Duration::days(7);
/// The last use is written down at most this often.
const TOUCH_EVERY: Duration = Duration::minutes(5);

#[derive(Debug, thiserror::Error)]
pub enum SignInError {
    /// One text for an unknown address and a wrong password.
    #[error("the e-mail address or the password is wrong")]
    Refused,
    #[error(transparent)]
    Code(#[from] CodeError),
    #[error(transparent)]
    Port(#[from] PortError),
}

impl People {
    /// Both ends are recorded. A session begins with an id of its own, whatever cookie the browser had before. Whoever has a second
    /// factor gives its code at once, or is asked for it.
    pub async fn sign_in(
        &self,
        email: &str,
        password: SecretString,
        code: Option<&str>,
        origin: &Origin,
    ) -> Result<Entered, SignInError> {
        let address = Email::parse(email).ok();
        let found = match &address {
            Some(email) => self.ports.accounts.user_by_email(email).await?,
            None => None,
        };
        let (user, hash) = found.map_or((None, None), |(user, hash)| (Some(user), Some(hash)));
        let fits = verify_password(password, hash).await?;
        let Some(user) = user.clone().filter(|_| fits) else {
            self.refused(address.as_ref(), user.as_ref(), origin)
                .await?;
            return Err(SignInError::Refused);
        };
        let workspace = self.ports.accounts.workspace(user.workspace).await?;
        let workspace = workspace.ok_or(SignInError::Refused)?;
        match code {
            Some(code) => Ok(self.enter_with(user, workspace, code, origin).await?),
            None => Ok(self.enter(user, workspace, origin).await?),
        }
    }

    /// What was typed is told only when it is an address: some type their password there.
    async fn refused(
        &self,
        address: Option<&Email>,
        user: Option<&User>,
        origin: &Origin,
    ) -> PortResult<()> {
        // The first workspace is that of whoever runs the installation.
        let workspaces = self.ports.accounts.workspaces().await?;
        let first = workspaces.first().map(|w| w.id);
        let Some(workspace) = user.map(|u| u.workspace).or(first) else {
            return Ok(());
        };
        let label = address.map_or("no address", Email::as_str);
        let id = user.map(|u| u.id.to_string());
        let target = ("user", id.as_deref().unwrap_or_default(), label);
        let actor = Actor::new(ActorKind::Nobody, None, label, origin.address.clone());
        let now = self.ports.clock.now();
        let entry = NewEntry::done(workspace, now, actor, "session.begin", target)
            .outcome(Outcome::Refused)
            .because("the e-mail address or the password is wrong");
        self.ports.audit.record(&[entry]).await
    }

    pub(super) async fn start_session(
        &self,
        user: User,
        workspace: Workspace,
        origin: &Origin,
    ) -> PortResult<SignedIn> {
        self.start_session_by(user, workspace, origin, None).await
    }

    /// `how` somebody came in is told in the audit, where it was not by password.
    pub(super) async fn start_session_by(
        &self,
        user: User,
        workspace: Workspace,
        origin: &Origin,
        how: Option<&str>,
    ) -> PortResult<SignedIn> {
        let now = self.ports.clock.now();
        let (session_secret, csrf_token) = (random_secret(), random_secret());
        let agent = origin.agent.as_ref();
        let session = Session {
            hash: hash_secret(&session_secret),
            user: user.id,
            csrf_token: csrf_token.clone(),
            created_at: now,
            last_seen_at: now,
            expires_at: now + ABSOLUTE,
            address: origin.address.clone(),
            agent: agent.map(|a| a.chars().take(300).collect()),
        };
        let (id, email) = (user.id.to_string(), user.email.as_str());
        let address = origin.address.clone();
        let actor = Actor::new(ActorKind::Person, Some(id.clone()), email, address);
        let target = ("user", id.as_str(), email);
        let entry = NewEntry::done(workspace.id, now, actor, "session.begin", target);
        let entry = match how {
            Some(how) => entry.because(how),
            None => entry,
        };
        let credentials = &self.ports.credentials;
        credentials.create_session(&session, &[entry]).await?;
        Ok(SignedIn {
            user,
            workspace,
            session_secret,
            csrf_token,
        })
    }

    pub async fn sign_out(&self, who: &Principal) -> PortResult<()> {
        let Some(hash) = who.session() else {
            return Ok(());
        };
        let (id, email) = (who.user.id.to_string(), who.user.email.as_str());
        let entry = self.entry(who, "session.end", ("user", &id, email));
        match self
            .ports
            .grants
            .revoke_session(who.user.id, hash, &entry)
            .await
        {
            Err(error) if error.kind == Kind::NotFound => Ok(()),
            other => other,
        }
    }

    /// `None` for an unknown, ended, expired or idle session.
    pub async fn by_session(
        &self,
        session_secret: &str,
        origin: Origin,
    ) -> PortResult<Option<Principal>> {
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
            hash,
            csrf_token: session.csrf_token,
        };
        Ok(user.map(|(user, workspace)| Principal {
            user,
            workspace,
            via,
            origin,
        }))
    }

    /// Forgets what expired a month ago (until then an expired token is seen in its list), and keys of requests after a week.
    pub async fn prune(&self) -> PortResult<u64> {
        let now = self.ports.clock.now();
        let keys = self
            .ports
            .idempotency
            .forget(now - Duration::days(7))
            .await?;
        let month = now - Duration::days(30);
        Ok(keys + self.ports.credentials.prune(month).await?)
    }
}
