//! Sign-in at a provider of identities. The provider says who somebody is; what they may do here says the mapping of their groups.
//!
//! An identity is known by issuer and subject. The first time, a verified e-mail address leads to the person who has it already; an
//! address that nobody verified leads to nobody. A second factor of ours is not asked for: the provider has its own.

use super::secrets::hash_secret;
use super::{Origin, People, SignedIn};
use chrono::Duration;
use domain::audit::{Actor, ActorKind, NewEntry, Outcome};
use domain::ids::UserId;
use domain::people::{Role, User, Workspace};
use ports::identities::Journey;
use ports::identity::{Identity, IdentityProvider};
use ports::{Kind, PortError, PortResult};
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::json;
use std::sync::Arc;
use uuid::Uuid;

/// The name under which the client's secret is looked up.
pub const CLIENT_SECRET: &str = "OIDC_CLIENT_SECRET";
/// How long somebody may take at the provider.
const AWAY: Duration = Duration::minutes(10);

/// What groups mean here.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RoleRules {
    pub by_group: Vec<(String, Role)>,
    /// Of newcomers without any of the groups; `None`: they stay outside.
    pub default: Option<Role>,
}

impl RoleRules {
    /// The highest that a group gives.
    fn given(&self, groups: &[String]) -> Option<Role> {
        let fitting = self.by_group.iter().filter(|(g, _)| groups.contains(g));
        fitting.map(|(_, role)| *role).max()
    }
}

#[derive(Debug, thiserror::Error)]
pub enum ElsewhereError {
    #[error("sign-in elsewhere is not set up")]
    NotSetUp,
    #[error("this sign-in took too long, or was begun in another browser; begin again")]
    Lost,
    #[error("the provider did not let you in: {0}")]
    Declined(String),
    #[error("{0}")]
    Unproved(String),
    #[error(
        "the provider does not say which e-mail address is yours; have it verified there first"
    )]
    NoAddress,
    #[error("none of your groups may in here; ask whoever runs this installation")]
    NoRole,
    #[error("your access was taken away here; ask an admin")]
    Deactivated,
    #[error(transparent)]
    Port(#[from] PortError),
}

/// Where a browser is sent.
#[derive(Debug, Clone)]
pub struct Away {
    pub url: String,
    /// Has to come back from the provider and from the browser alike.
    pub state: String,
}

/// Signing in by somebody else's word.
#[derive(Clone)]
pub struct Elsewhere {
    people: People,
    rules: RoleRules,
    /// Where the provider sends browsers back to; `None`: nobody knows how browsers reach us.
    redirect: Option<String>,
}

impl Elsewhere {
    #[must_use]
    pub fn new(people: People, rules: RoleRules, redirect: Option<String>) -> Self {
        Self {
            people,
            rules,
            redirect,
        }
    }

    /// What stands on the button; `None`: there is none.
    #[must_use]
    pub fn label(&self) -> Option<&str> {
        let provider = self.people.ports.identity.as_ref()?;
        self.redirect.as_ref().map(|_| provider.label())
    }

    fn provider(&self) -> Result<(&Arc<dyn IdentityProvider>, &str), ElsewhereError> {
        let provider = self.people.ports.identity.as_ref();
        let both = provider.zip(self.redirect.as_deref());
        both.ok_or(ElsewhereError::NotSetUp)
    }

    pub async fn depart(&self, next: &str) -> Result<Away, ElsewhereError> {
        let (provider, redirect) = self.provider()?;
        let departure = provider.depart(redirect).await?;
        let ports = &self.people.ports;
        let now = ports.clock.now();
        let journey = Journey {
            nonce: departure.nonce,
            verifier: departure.verifier.expose_secret().to_owned(),
            next: inside(next).to_owned(),
            expires_at: now + AWAY,
        };
        let hash = hash_secret(&departure.state);
        ports.identities.put_journey(&journey, &hash, now).await?;
        Ok(Away {
            url: departure.url,
            state: departure.state,
        })
    }

    /// Signs in whoever came back, and says where they want to be. `state` was compared with the browser's already.
    pub async fn arrive(
        &self,
        state: &str,
        code: Result<&str, &str>,
        origin: &Origin,
    ) -> Result<(SignedIn, String), ElsewhereError> {
        let (provider, redirect) = self.provider()?;
        let ports = &self.people.ports;
        let (hash, now) = (hash_secret(state), ports.clock.now());
        let journey = ports.identities.take_journey(&hash, now).await?;
        let journey = journey.ok_or(ElsewhereError::Lost)?;
        // The first person is the owner, who comes with the set-up code.
        if !ports.accounts.has_users().await? {
            return Err(ElsewhereError::NotSetUp);
        }
        let code = code.map_err(|why| ElsewhereError::Declined(plain(why)))?;
        let verifier = SecretString::from(journey.verifier);
        let secret = self.people.installation_secret(CLIENT_SECRET).await?;
        let arrived = provider.arrive(code, redirect, &journey.nonce, &verifier, secret.as_ref());
        let identity = match arrived.await {
            Ok(identity) => identity,
            Err(error) => {
                let why = error.detail.clone();
                self.refused(None, origin, &why).await?;
                return Err(match error.kind {
                    Kind::Unauthorized => ElsewhereError::Unproved(why),
                    _ => error.into(),
                });
            }
        };
        match self.admit(&identity, origin).await {
            Ok((user, workspace)) => {
                let signed_in = self.people.start_session(user, workspace, origin).await?;
                Ok((signed_in, journey.next))
            }
            Err(error) => {
                if !matches!(error, ElsewhereError::Port(_)) {
                    self.refused(Some(&identity), origin, &error.to_string())
                        .await?;
                }
                Err(error)
            }
        }
    }

    async fn refused(
        &self,
        identity: Option<&Identity>,
        origin: &Origin,
        why: &str,
    ) -> PortResult<()> {
        let ports = &self.people.ports;
        let workspaces = ports.accounts.workspaces().await?;
        let Some(workspace) = workspaces.first() else {
            return Ok(());
        };
        let email = identity.and_then(|i| i.email.as_ref());
        let label = email.map_or("an identity elsewhere", |e| e.as_str());
        let id = identity.map(|i| i.subject.as_str()).unwrap_or_default();
        let actor = Actor::new(ActorKind::Nobody, None, label, origin.address.clone());
        let target = ("identity", id, label);
        let now = ports.clock.now();
        let entry = NewEntry::done(workspace.id, now, actor, "session.begin", target)
            .outcome(Outcome::Refused)
            .because(why);
        ports.audit.record(&[entry]).await
    }

    /// Who this identity is here, with the role that it gives.
    async fn admit(
        &self,
        identity: &Identity,
        origin: &Origin,
    ) -> Result<(User, Workspace), ElsewhereError> {
        let given = self.rules.given(&identity.groups);
        let role = given.or(self.rules.default);
        let role = role.ok_or(ElsewhereError::NoRole)?;
        let ports = &self.people.ports;
        let known = ports
            .identities
            .identity_user(&identity.issuer, &identity.subject);
        let user = match known.await? {
            Some(user) => user,
            None => self.meet(identity, role, origin).await?,
        };
        let found = ports.accounts.user(user).await?;
        let (mut user, workspace) = found.ok_or(ElsewhereError::Deactivated)?;
        // What a group says counts each time; the default is for newcomers, and owners are made by owners.
        if let Some(role) = given.filter(|r| *r != user.role && user.role != Role::Owner) {
            let entry = self
                .about(&user, ActorKind::System, "user.role", origin)
                .before(&json!({ "role": user.role }))
                .after(&json!({ "role": role, "groups": identity.groups }));
            let members = &ports.members;
            members
                .set_role(workspace.id, user.id, role, &entry)
                .await?;
            user.role = role;
        }
        Ok((user, workspace))
    }

    /// The first time that an identity comes.
    async fn meet(
        &self,
        identity: &Identity,
        role: Role,
        origin: &Origin,
    ) -> Result<UserId, ElsewhereError> {
        let ports = &self.people.ports;
        let verified = identity.email.as_ref().filter(|_| identity.email_verified);
        let email = verified.ok_or(ElsewhereError::NoAddress)?;
        let (issuer, subject) = (identity.issuer.as_str(), identity.subject.as_str());
        let told = json!({ "issuer": issuer, "subject": subject });
        if let Some((user, _)) = ports.accounts.user_by_email(email).await? {
            let entry = self
                .about(&user, ActorKind::Person, "user.identity", origin)
                .after(&told);
            let linked = ports
                .identities
                .link_identity(issuer, subject, user.id, &entry);
            return match linked.await {
                // Twice at once, by the same person.
                Err(error) if error.kind == Kind::Conflict => Ok(user.id),
                other => Ok(other.map(|()| user.id)?),
            };
        }
        let workspaces = ports.accounts.workspaces().await?;
        let workspace = workspaces.first().ok_or(ElsewhereError::NotSetUp)?;
        let user = User {
            id: UserId(Uuid::now_v7()),
            workspace: workspace.id,
            email: email.clone(),
            role,
            created_at: ports.clock.now(),
        };
        let entry = self
            .about(&user, ActorKind::Person, "user.join", origin)
            .after(&json!({ "role": role, "issuer": issuer, "subject": subject }))
            .because("by sign-in elsewhere");
        let created = ports
            .identities
            .create_identity(issuer, subject, &user, &entry);
        match created.await {
            Ok(()) => Ok(user.id),
            Err(error) if error.kind == Kind::Conflict => {
                let known = ports.identities.identity_user(issuer, subject).await?;
                known.ok_or(ElsewhereError::Deactivated)
            }
            Err(error) => Err(error.into()),
        }
    }

    fn about(&self, user: &User, kind: ActorKind, action: &str, origin: &Origin) -> NewEntry {
        let mut entry = self.people.of_user(user, origin, kind, action);
        if kind == ActorKind::System {
            entry.actor = Actor::system();
        }
        entry
    }
}

/// Only a way inside the application is followed.
fn inside(next: &str) -> &str {
    let fits = next.starts_with('/')
        && !next.starts_with("//")
        && !next.contains(['\\', '\r', '\n'])
        && next.len() <= 500;
    if fits { next } else { "/" }
}

/// What a provider says, without what could be more than words.
fn plain(text: &str) -> String {
    let fits = |c: &char| c.is_alphanumeric() || matches!(c, ' ' | '_' | '-' | '.' | ',');
    text.chars().filter(fits).take(100).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_highest_group_counts() {
        let rules = RoleRules {
            by_group: vec![
                ("staff".to_owned(), Role::Operator),
                ("boss".to_owned(), Role::Admin),
                ("all".to_owned(), Role::Viewer),
            ],
            default: None,
        };
        let given = |groups: &[&str]| {
            let groups: Vec<String> = groups.iter().map(|g| (*g).to_owned()).collect();
            rules.given(&groups)
        };
        assert_eq!(given(&["all", "boss", "staff"]), Some(Role::Admin));
        assert_eq!(given(&["all"]), Some(Role::Viewer));
        assert_eq!(given(&["Boss", "bos"]), None);
        assert_eq!(given(&[]), None);
    }

    #[test]
    fn the_way_on_stays_inside() {
        assert_eq!(inside("/orders?has=refund"), "/orders?has=refund");
        for outside in [
            "",
            "//evil.example",
            "https://evil.example",
            "/\\evil.example",
            "/a\r\nb",
        ] {
            assert_eq!(inside(outside), "/", "{outside}");
        }
    }
}
