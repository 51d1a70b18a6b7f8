//! The second step of a sign-in: a code of the authenticator, or a recovery code.

use super::second_factor::authenticator;
use super::secrets::{hash_secret, random_secret};
use super::{Origin, People, SignedIn};
use chrono::{DateTime, Duration, Utc};
use domain::audit::{Actor, ActorKind, NewEntry, Outcome};
use domain::people::{User, Workspace};
use domain::second_factor::{PendingSignIn, SecondFactor};
use ports::accounts::SecretHash;
use ports::{Kind, PortError, PortResult, Retry};

/// How long the code may take after the password.
const PENDING: Duration = Duration::minutes(5);

/// What a right password leads to.
#[derive(Debug, Clone)]
pub enum Entered {
    SignedIn(SignedIn),
    SecondStep(SecondStep),
}

/// The password was right; the code is missing.
#[derive(Debug, Clone)]
pub struct SecondStep {
    /// Given back with the code. Lets nobody in by itself.
    pub secret: String,
    pub expires_at: DateTime<Utc>,
}

/// Why a code is not accepted.
#[derive(Debug, thiserror::Error)]
pub enum CodeError {
    #[error("this code is wrong, too old, or was used before")]
    Wrong,
    #[error(
        "too many wrong codes; the next one is looked at in {0} s. A recovery code works at once"
    )]
    Wait(u64),
    #[error("this sign-in took too long, or ended already; begin again with your password")]
    Spent,
    #[error(transparent)]
    Port(#[from] PortError),
}

impl People {
    /// A session, or the question for a code.
    pub(super) async fn enter(
        &self,
        user: User,
        workspace: Workspace,
        origin: &Origin,
    ) -> PortResult<Entered> {
        if self.factor(&user).await?.is_none() {
            let signed_in = self.start_session(user, workspace, origin).await?;
            return Ok(Entered::SignedIn(signed_in));
        }
        let now = self.ports.clock.now();
        let secret = random_secret();
        let pending = PendingSignIn {
            user: user.id,
            expires_at: now + PENDING,
        };
        let hash = hash_secret(&secret);
        let factors = &self.ports.second_factors;
        factors.create_pending(&pending, &hash, now).await?;
        Ok(Entered::SecondStep(SecondStep {
            secret,
            expires_at: pending.expires_at,
        }))
    }

    /// Both steps at once. A code that nothing asks for is not looked at.
    pub(super) async fn enter_with(
        &self,
        user: User,
        workspace: Workspace,
        code: &str,
        origin: &Origin,
    ) -> Result<Entered, CodeError> {
        if let Some(factor) = self.factor(&user).await? {
            self.check_code(&user, &factor, code, origin).await?;
        }
        let signed_in = self.start_session(user, workspace, origin).await?;
        Ok(Entered::SignedIn(signed_in))
    }

    /// Whose sign-in this is, so that limits count where they belong; `None` when it is nobody's any more.
    pub async fn pending_user(&self, secret: &str) -> PortResult<Option<User>> {
        let (hash, now) = (hash_secret(secret), self.ports.clock.now());
        let Some(pending) = self.ports.second_factors.pending(&hash, now).await? else {
            return Ok(None);
        };
        let found = self.ports.accounts.user(pending.user).await?;
        Ok(found.map(|(user, _)| user))
    }

    /// The end of a sign-in that waited for its code.
    pub async fn finish_sign_in(
        &self,
        secret: &str,
        code: &str,
        origin: &Origin,
    ) -> Result<SignedIn, CodeError> {
        let (hash, now) = (hash_secret(secret), self.ports.clock.now());
        let factors = &self.ports.second_factors;
        let pending = factors.pending(&hash, now).await?;
        let pending = pending.ok_or(CodeError::Spent)?;
        let found = self.ports.accounts.user(pending.user).await?;
        let (user, workspace) = found.ok_or(CodeError::Spent)?;
        let factor = self.factor(&user).await?.ok_or(CodeError::Spent)?;
        self.check_code(&user, &factor, code, origin).await?;
        if !factors.end_pending(&hash).await? {
            return Err(CodeError::Spent);
        }
        Ok(self.start_session(user, workspace, origin).await?)
    }

    /// One that sign-in asks for.
    pub(super) async fn factor(&self, user: &User) -> PortResult<Option<SecondFactor>> {
        let found = self.ports.second_factors.second_factor(user.id).await?;
        Ok(found.filter(|f| f.confirmed_at.is_some()))
    }

    /// Accepts a code, once. What is refused is recorded.
    pub(super) async fn check_code(
        &self,
        user: &User,
        factor: &SecondFactor,
        code: &str,
        origin: &Origin,
    ) -> Result<(), CodeError> {
        let checked = match typed(code) {
            Typed::Digits(digits) => self.check_digits(user, factor, &digits).await,
            Typed::Recovery(code) => self.check_recovery(user, &code, origin).await,
        };
        if let Err(CodeError::Wrong | CodeError::Wait(_)) = &checked {
            let entry = self.of_user(user, origin, ActorKind::Nobody, "user.code");
            let refused = entry
                .outcome(Outcome::Refused)
                .because("the code is wrong, too old, or was used before");
            self.ports.audit.record(&[refused]).await?;
        }
        checked
    }

    async fn check_digits(
        &self,
        user: &User,
        factor: &SecondFactor,
        digits: &str,
    ) -> Result<(), CodeError> {
        let now = self.ports.clock.now();
        let factors = &self.ports.second_factors;
        if let Some(at) = factors.take_try(user.id, now).await? {
            let seconds = (at - now).num_seconds().max(1);
            return Err(CodeError::Wait(u64::try_from(seconds).unwrap_or(1)));
        }
        let key = self.key(user, factor.enrolment).await?;
        let key = key.ok_or_else(key_gone)?;
        let step = authenticator(&key, user)?
            .check(digits, u64::try_from(now.timestamp()).unwrap_or_default());
        let step = step.and_then(|s| i64::try_from(s).ok());
        let step = step.ok_or(CodeError::Wrong)?;
        let accepted = factors.accept_step(user.id, factor.enrolment, step).await?;
        accepted.then_some(()).ok_or(CodeError::Wrong)
    }

    async fn check_recovery(
        &self,
        user: &User,
        code: &str,
        origin: &Origin,
    ) -> Result<(), CodeError> {
        let hash = hash_recovery(user, code);
        let entry = self.of_user(user, origin, ActorKind::Person, "user.recovery_code");
        let factors = &self.ports.second_factors;
        let accepted = factors.accept_recovery(user.id, &hash, &entry).await?;
        accepted.then_some(()).ok_or(CodeError::Wrong)
    }

    /// An entry about somebody, by themselves.
    pub(super) fn of_user(
        &self,
        user: &User,
        origin: &Origin,
        kind: ActorKind,
        action: &str,
    ) -> NewEntry {
        let (id, email) = (user.id.to_string(), user.email.as_str());
        let known = (kind != ActorKind::Nobody).then(|| id.clone());
        let actor = Actor::new(kind, known, email, origin.address.clone());
        let now = self.ports.clock.now();
        NewEntry::done(user.workspace, now, actor, action, ("user", &id, email))
    }
}

fn key_gone() -> PortError {
    PortError::new(
        Kind::Corrupt,
        Retry::Never,
        "royal",
        "second_factor",
        "the authenticator's key is not in the secret store",
    )
}

enum Typed {
    Digits(String),
    Recovery(String),
}

/// Six digits are an authenticator's; spaces and dashes are for people.
fn typed(code: &str) -> Typed {
    let letters = code.chars().filter(char::is_ascii_alphanumeric).take(40);
    let text: String = letters.collect::<String>().to_ascii_uppercase();
    if text.len() == 6 && text.bytes().all(|b| b.is_ascii_digit()) {
        Typed::Digits(text)
    } else {
        Typed::Recovery(text)
    }
}

/// Of the code as it was typed or as it was shown; bound to its person.
pub(super) fn hash_recovery(user: &User, code: &str) -> SecretHash {
    let letters = code.chars().filter(char::is_ascii_alphanumeric);
    let text: String = letters.collect::<String>().to_ascii_uppercase();
    hash_secret(&format!("recovery {} {text}", user.id))
}
