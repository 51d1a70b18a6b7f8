//! One's own authenticator (RFC 6238: six digits, thirty seconds, SHA-1, as all authenticators know them) and its recovery codes.

use super::second_step::hash_recovery;
use super::secrets::{random_code, verify_password};
use super::{CodeError, People, PeopleError, Principal};
use chrono::{DateTime, Utc};
use domain::audit::{Actor, NewEntry, Outcome};
use domain::ids::{EnrolmentId, UserId, WorkspaceId};
use domain::people::{Email, User};
use domain::second_factor::SecondFactor;
use ports::secrets::SecretName;
use ports::{Kind, PortError, PortResult, Retry};
use secrecy::{ExposeSecret as _, SecretString};
use totp_rs::{Builder, Secret, Totp};
use uuid::Uuid;

/// As the authenticator's list shows it.
const ISSUER: &str = "Royal Equips";
/// RFC 4226: as long as the hash.
const KEY_BYTES: usize = 20;
const RECOVERY_CODES: usize = 10;

/// What a person may know of their own factor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FactorState {
    /// `None`: sign-in asks for the password alone.
    pub since: Option<DateTime<Utc>>,
    pub recovery_codes_left: u32,
}

/// What an authenticator takes in; shown once.
pub struct NewFactor {
    /// `otpauth://totp/…`
    pub uri: String,
    /// The key in base 32, to be typed.
    pub key: String,
}

/// The authenticator that has this key.
pub(super) fn authenticator(key: &SecretString, user: &User) -> PortResult<Totp> {
    let broken = |what: String| {
        let detail = format!("the authenticator's key cannot be used: {what}");
        PortError::new(
            Kind::Corrupt,
            Retry::Never,
            "royal",
            "second_factor",
            detail,
        )
    };
    let secret = Secret::try_from_base32(key.expose_secret()).map_err(|e| broken(e.to_string()))?;
    Builder::new()
        .with_secret(secret)
        .with_skew(1)
        .with_account_name(user.email.as_str().replace(':', "_"))
        .with_issuer(Some(ISSUER))
        .build()
        .map_err(|e| broken(e.to_string()))
}

fn secret_name(workspace: WorkspaceId, user: UserId, enrolment: EnrolmentId) -> SecretName {
    SecretName {
        workspace,
        name: format!("user/{user}/second_factor/{enrolment}"),
    }
}

impl People {
    pub async fn second_factor(&self, who: &Principal) -> PortResult<FactorState> {
        let factor = self.factor(&who.user).await?;
        Ok(FactorState {
            since: factor.as_ref().and_then(|f| f.confirmed_at),
            recovery_codes_left: factor.map_or(0, |f| f.recovery_codes_left),
        })
    }

    /// Who in the workspace has one.
    pub async fn protected_users(&self, workspace: WorkspaceId) -> PortResult<Vec<UserId>> {
        self.ports.second_factors.protected_users(workspace).await
    }

    pub(super) async fn key(
        &self,
        user: &User,
        enrolment: EnrolmentId,
    ) -> PortResult<Option<SecretString>> {
        let name = secret_name(user.workspace, user.id, enrolment);
        self.ports.vault.get(&name).await
    }

    async fn forget_key(&self, user: &User, enrolment: EnrolmentId) -> PortResult<()> {
        let name = secret_name(user.workspace, user.id, enrolment);
        self.ports.vault.delete(&name).await
    }

    /// The first half: a key that counts for nothing until a code of it came back.
    pub async fn enrol_factor(
        &self,
        who: &Principal,
        password: SecretString,
    ) -> Result<NewFactor, PeopleError> {
        self.prove_password(who, password, "user.second_factor")
            .await?;
        if self.factor(&who.user).await?.is_some() {
            return Err(PeopleError::HasFactor);
        }
        let bytes: [u8; KEY_BYTES] = rand::random();
        let key = Secret::from(bytes.to_vec()).to_base32();
        let (enrolment, now) = (EnrolmentId(Uuid::now_v7()), self.ports.clock.now());
        let sealed = SecretString::from(key.clone());
        let totp = authenticator(&sealed, &who.user)?;
        let name = secret_name(who.user.workspace, who.user.id, enrolment);
        self.ports.vault.put(&name, &sealed, now).await?;
        let factors = &self.ports.second_factors;
        match factors.enrol(who.user.id, enrolment, now).await {
            Ok(Some(before)) => self.forget_key(&who.user, before).await?,
            Ok(None) => {}
            Err(error) => {
                self.forget_key(&who.user, enrolment).await?;
                return Err(match error.kind {
                    Kind::Conflict => PeopleError::HasFactor,
                    _ => error.into(),
                });
            }
        }
        let uri = totp.to_url().map_err(|e| {
            let detail = e.to_string();
            PortError::new(
                Kind::Corrupt,
                Retry::Never,
                "royal",
                "second_factor",
                detail,
            )
        })?;
        Ok(NewFactor { uri, key })
    }

    /// The second half: answers the recovery codes, which nobody can read again.
    pub async fn confirm_factor(
        &self,
        who: &Principal,
        code: &str,
    ) -> Result<Vec<String>, PeopleError> {
        who.session().ok_or(PeopleError::NeedsSession)?;
        let factors = &self.ports.second_factors;
        let found = factors.second_factor(who.user.id).await?;
        let open = found.ok_or(PeopleError::NoFactor)?;
        if open.confirmed_at.is_some() {
            return Err(PeopleError::HasFactor);
        }
        let key = self.key(&who.user, open.enrolment).await?;
        let key = key.ok_or(PeopleError::NoFactor)?;
        let now = self.ports.clock.now();
        let digits: String = code.chars().filter(char::is_ascii_digit).collect();
        let step = authenticator(&key, &who.user)?
            .check(&digits, u64::try_from(now.timestamp()).unwrap_or_default());
        let step = step.and_then(|s| i64::try_from(s).ok());
        let step = step.ok_or(PeopleError::Code(CodeError::Wrong))?;
        let codes = recovery_codes();
        let hashes: Vec<_> = codes.iter().map(|c| hash_recovery(&who.user, c)).collect();
        let entry = self.about_oneself(who, "user.second_factor");
        let user = who.user.id;
        let confirmed = factors.confirm_factor(user, open.enrolment, step, now, &hashes, &entry);
        match confirmed.await {
            Err(error) if error.kind == Kind::NotFound => Err(PeopleError::NoFactor),
            other => Ok(other.map(|()| codes)?),
        }
    }

    /// New recovery codes in the place of all old ones.
    pub async fn renew_recovery_codes(
        &self,
        who: &Principal,
        password: SecretString,
        code: &str,
    ) -> Result<Vec<String>, PeopleError> {
        self.prove(who, password, code, "user.recovery_codes")
            .await?;
        let codes = recovery_codes();
        let hashes: Vec<_> = codes.iter().map(|c| hash_recovery(&who.user, c)).collect();
        let entry = self.about_oneself(who, "user.recovery_codes");
        let factors = &self.ports.second_factors;
        factors
            .replace_recovery(who.user.id, &hashes, &entry)
            .await?;
        Ok(codes)
    }

    /// From now on the password is enough. Needs the password and a code: neither of them alone takes it away.
    pub async fn remove_factor(
        &self,
        who: &Principal,
        password: SecretString,
        code: &str,
    ) -> Result<(), PeopleError> {
        self.prove(who, password, code, "user.second_factor_off")
            .await?;
        let entry = self.about_oneself(who, "user.second_factor_off");
        self.drop_factor(&who.user, &entry).await
    }

    /// For somebody who lost authenticator and recovery codes.
    pub async fn reset_factor(&self, who: &Principal, user: UserId) -> Result<(), PeopleError> {
        let member = self.below(who, user).await?;
        let (id, label) = (user.to_string(), member.label().to_owned());
        let entry = self.entry(who, "user.second_factor_reset", ("user", &id, &label));
        self.drop_factor(&member.user, &entry).await
    }

    /// For whoever has a shell on the machine.
    pub async fn reset_factor_by_email(&self, email: &str) -> Result<User, PeopleError> {
        let email = Email::parse(email)?;
        let found = self.ports.accounts.user_by_email(&email).await?;
        let (user, _) = found.ok_or(PeopleError::UnknownUser)?;
        let id = user.id.to_string();
        let target = ("user", id.as_str(), user.email.as_str());
        let (now, actor) = (self.ports.clock.now(), Actor::command_line());
        let action = "user.second_factor_reset";
        let entry = NewEntry::done(user.workspace, now, actor, action, target);
        self.drop_factor(&user, &entry).await?;
        Ok(user)
    }

    async fn drop_factor(&self, user: &User, entry: &NewEntry) -> Result<(), PeopleError> {
        match self
            .ports
            .second_factors
            .remove_factor(user.id, entry)
            .await
        {
            Ok(enrolment) => Ok(self.forget_key(user, enrolment).await?),
            Err(error) if error.kind == Kind::NotFound => Err(PeopleError::NoFactor),
            Err(error) => Err(error.into()),
        }
    }

    fn about_oneself(&self, who: &Principal, action: &str) -> NewEntry {
        let (id, email) = (who.user.id.to_string(), who.user.email.as_str());
        self.entry(who, action, ("user", &id, email))
    }

    /// A browser that was left open is not enough.
    async fn prove_password(
        &self,
        who: &Principal,
        password: SecretString,
        action: &str,
    ) -> Result<(), PeopleError> {
        who.session().ok_or(PeopleError::NeedsSession)?;
        let known = self.ports.accounts.user_by_email(&who.user.email).await?;
        if verify_password(password, known.map(|(_, hash)| hash)).await? {
            return Ok(());
        }
        let refused = self
            .about_oneself(who, action)
            .outcome(Outcome::Refused)
            .because("the current password is wrong");
        self.ports.audit.record(&[refused]).await?;
        Err(PeopleError::WrongPassword)
    }

    /// All that sign-in asks for: the password, and a code of whoever has a second factor.
    pub(super) async fn prove_all(
        &self,
        who: &Principal,
        password: SecretString,
        code: Option<&str>,
        action: &str,
    ) -> Result<(), PeopleError> {
        self.prove_password(who, password, action).await?;
        if let Some(factor) = self.factor(&who.user).await? {
            let code = code.unwrap_or_default();
            self.check_code(&who.user, &factor, code, &who.origin)
                .await?;
        }
        Ok(())
    }

    async fn prove(
        &self,
        who: &Principal,
        password: SecretString,
        code: &str,
        action: &str,
    ) -> Result<SecondFactor, PeopleError> {
        self.prove_password(who, password, action).await?;
        let factor = self.factor(&who.user).await?;
        let factor = factor.ok_or(PeopleError::NoFactor)?;
        self.check_code(&who.user, &factor, code, &who.origin)
            .await?;
        Ok(factor)
    }
}

fn recovery_codes() -> Vec<String> {
    (0..RECOVERY_CODES).map(|_| random_code()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use totp_rs::Algorithm;

    /// RFC 6238, appendix B.
    #[test]
    fn codes_are_those_of_the_standard() {
        let vectors = [
            (59, "94287082"),
            (1_111_111_109, "07081804"),
            (1_111_111_111, "14050471"),
            (1_234_567_890, "89005924"),
            (2_000_000_000, "69279037"),
            (20_000_000_000, "65353130"),
        ];
        let eight = Builder::new()
            .with_algorithm(Algorithm::SHA1)
            .with_digits(8)
            .with_skew(1)
            .with_secret(b"12345678901234567890".to_vec())
            .build()
            .unwrap();
        let user = user();
        let key = SecretString::from("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
        let ours = authenticator(&key, &user).unwrap();
        for (at, code) in vectors {
            assert_eq!(eight.generate(at).to_string(), code);
            // Six digits are the last six of eight.
            assert_eq!(ours.generate(at).to_string(), code[2..]);
            assert_eq!(ours.check(&code[2..], at), Some(at / 30));
            assert_eq!(ours.check(&code[2..], at + 30), Some(at / 30));
            assert_eq!(ours.check(&code[2..], at + 60), None);
        }
    }

    #[test]
    fn an_authenticator_is_told_what_it_needs() {
        let key = SecretString::from("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
        let uri = authenticator(&key, &user()).unwrap().to_url();
        assert_eq!(
            uri.unwrap(),
            "otpauth://totp/Royal%20Equips:user-1%40example.com?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Royal%20Equips"
        );
    }

    fn user() -> User {
        testkit::builders::user(1, 1)
    }
}
