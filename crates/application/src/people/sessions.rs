//! The sessions of one person: seen and ended from any of them, and the change of one's password.

use super::secrets::{check_password, hash_password, verify_password};
use super::{People, PeopleError, Principal};
use chrono::{DateTime, Utc};
use ports::Kind;
use ports::accounts::{SecretHash, Session};
use secrecy::SecretString;
use serde_json::json;

/// A session as its person sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenSession {
    /// Names it without letting anybody in.
    pub id: String,
    pub is_current: bool,
    pub created_at: DateTime<Utc>,
    pub last_seen_at: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
    pub address: Option<String>,
    pub agent: Option<String>,
}

/// Half of the hash: enough to tell sessions apart.
fn id(hash: &SecretHash) -> String {
    hex::encode(&hash[..16])
}

impl People {
    /// The last used first.
    pub async fn sessions(&self, who: &Principal) -> Result<Vec<OpenSession>, PeopleError> {
        let sessions = self.open_sessions(who).await?;
        let open = sessions.into_iter().map(|s| OpenSession {
            id: id(&s.hash),
            is_current: who.session() == Some(&s.hash),
            created_at: s.created_at,
            last_seen_at: s.last_seen_at,
            expires_at: s.expires_at,
            address: s.address,
            agent: s.agent,
        });
        Ok(open.collect())
    }

    async fn open_sessions(&self, who: &Principal) -> Result<Vec<Session>, PeopleError> {
        let now = self.ports.clock.now();
        let mut sessions = self.ports.grants.sessions(who.user.id, now).await?;
        sessions.retain(|s| now - s.last_seen_at <= super::sign_in::IDLE);
        Ok(sessions)
    }

    pub async fn revoke_session(&self, who: &Principal, wanted: &str) -> Result<(), PeopleError> {
        let sessions = self.open_sessions(who).await?;
        let session = sessions.into_iter().find(|s| id(&s.hash) == wanted);
        let session = session.ok_or(PeopleError::UnknownSession)?;
        let label = session.agent.as_deref().unwrap_or("unknown browser");
        let entry = self.entry(who, "session.revoke", ("session", wanted, label));
        let hash = &session.hash;
        match self
            .ports
            .grants
            .revoke_session(who.user.id, hash, &entry)
            .await
        {
            Err(error) if error.kind == Kind::NotFound => Err(PeopleError::UnknownSession),
            other => Ok(other?),
        }
    }

    /// All but the one that is calling; answers how many.
    pub async fn revoke_other_sessions(&self, who: &Principal) -> Result<u64, PeopleError> {
        let keep = who.session().ok_or(PeopleError::NeedsSession)?;
        let (user, email) = (who.user.id.to_string(), who.user.email.as_str());
        let entry = self.entry(who, "session.revoke_others", ("user", &user, email));
        let ended = self
            .ports
            .grants
            .revoke_other_sessions(who.user.id, keep, &entry);
        Ok(ended.await?)
    }

    /// Ends all other sessions. The current password is asked for again: a browser that was left open is not enough.
    pub async fn change_password(
        &self,
        who: &Principal,
        current: SecretString,
        new: SecretString,
    ) -> Result<(), PeopleError> {
        let keep = who.session().ok_or(PeopleError::NeedsSession)?;
        check_password(&new)?;
        let known = self.ports.accounts.user_by_email(&who.user.email).await?;
        let (user, email) = (who.user.id.to_string(), who.user.email.as_str());
        let entry = self.entry(who, "user.password", ("user", &user, email));
        if !verify_password(current, known.map(|(_, hash)| hash)).await? {
            let refused = entry
                .outcome(domain::audit::Outcome::Refused)
                .because("the current password is wrong");
            self.ports.audit.record(&[refused]).await?;
            return Err(PeopleError::WrongPassword);
        }
        let hash = hash_password(new).await?;
        let entry = entry.after(&json!({ "other_sessions": "ended" }));
        let set = self
            .ports
            .members
            .set_password(who.user.id, &hash, Some(keep), &entry);
        Ok(set.await?)
    }
}
