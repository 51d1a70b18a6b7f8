//! One-time links: invitations and resets of passwords. The secret stands in the link alone.

use super::members::may_give;
use super::secrets::{check_password, hash_password, hash_secret, random_secret};
use super::{Entered, Origin, People, PeopleError, Principal};
use chrono::Duration;
use domain::audit::{Actor, ActorKind, NewEntry};
use domain::ids::{LinkId, UserId};
use domain::people::{Email, Link, LinkKind, Role, User, UserKind, Workspace};
use ports::{Kind, PortError, PortResult};
use secrecy::SecretString;
use serde_json::json;
use uuid::Uuid;

const INVITATION: Duration = Duration::days(7);
const RESET: Duration = Duration::hours(24);

/// A link that was made just now.
#[derive(Debug, Clone)]
pub struct NewLink {
    pub link: Link,
    /// What stands in the address; nobody can read it again.
    pub secret: String,
}

/// What a link leads to, before it is used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Joined {
    pub link: Link,
    pub workspace: Workspace,
}

fn spent(error: PortError) -> PeopleError {
    match error.kind {
        Kind::NotFound => PeopleError::SpentLink,
        Kind::Conflict => PeopleError::EmailTaken,
        _ => PeopleError::Port(error),
    }
}

impl People {
    pub async fn invite(
        &self,
        who: &Principal,
        email: &str,
        role: Role,
    ) -> Result<NewLink, PeopleError> {
        may_give(who, role)?;
        let email = Email::parse(email)?;
        let members = self.members(who.workspace.id).await?;
        if members.iter().any(|m| m.user.email == email) {
            return Err(PeopleError::EmailTaken);
        }
        let now = self.ports.clock.now();
        let link = Link {
            id: LinkId(Uuid::now_v7()),
            workspace: who.workspace.id,
            kind: LinkKind::Invitation,
            email,
            role,
            user: None,
            created_at: now,
            expires_at: now + INVITATION,
        };
        let id = link.id.to_string();
        let entry = self
            .entry(who, "user.invite", ("invitation", &id, link.email.as_str()))
            .after(&json!({ "role": role, "expires_at": link.expires_at }));
        Ok(self.make(link, &entry).await?)
    }

    async fn make(&self, link: Link, entry: &NewEntry) -> PortResult<NewLink> {
        let secret = random_secret();
        let hash = hash_secret(&secret);
        self.ports.links.create_link(&link, &hash, entry).await?;
        Ok(NewLink { link, secret })
    }

    /// Open invitations, oldest first.
    pub async fn invitations(&self, who: &Principal) -> PortResult<Vec<Link>> {
        let now = self.ports.clock.now();
        let mut links = self.ports.links.links(who.workspace.id, now).await?;
        links.retain(|l| l.kind == LinkKind::Invitation);
        Ok(links)
    }

    pub async fn revoke_invitation(&self, who: &Principal, id: LinkId) -> Result<(), PeopleError> {
        let open = self.invitations(who).await?;
        let link = open.into_iter().find(|l| l.id == id);
        let link = link.ok_or(PeopleError::UnknownLink)?;
        may_give(who, link.role)?;
        let target = id.to_string();
        let entry = self.entry(
            who,
            "user.uninvite",
            ("invitation", &target, link.email.as_str()),
        );
        let revoked = self.ports.links.revoke_link(who.workspace.id, id, &entry);
        match revoked.await {
            Err(error) if error.kind == Kind::NotFound => Err(PeopleError::UnknownLink),
            other => Ok(other?),
        }
    }

    /// A link by which a person sets a new password; the old one works until then.
    pub async fn reset_link(&self, who: &Principal, user: UserId) -> Result<NewLink, PeopleError> {
        let member = self.below(who, user).await?;
        if member.kind == UserKind::Service || member.disabled_at.is_some() {
            return Err(PeopleError::UnknownUser);
        }
        self.reset(&member.user, who.actor()).await
    }

    /// For whoever has a shell on the machine.
    pub async fn reset_link_by_email(&self, email: &str) -> Result<NewLink, PeopleError> {
        let email = Email::parse(email)?;
        let found = self.ports.accounts.user_by_email(&email).await?;
        let (user, _) = found.ok_or(PeopleError::UnknownUser)?;
        self.reset(&user, Actor::command_line()).await
    }

    /// For somebody who does not know their password any more. `None`: nobody has the address, they have no password here, or a
    /// link was made for them just now.
    pub(crate) async fn forgotten(
        &self,
        email: &Email,
        between: Duration,
    ) -> Result<Option<NewLink>, PortError> {
        let found = self.ports.accounts.user_by_email(email).await?;
        // Whoever signs in elsewhere, and every service account, has none.
        let Some((user, _)) = found.filter(|(_, hash)| hash.starts_with('$')) else {
            return Ok(None);
        };
        let now = self.ports.clock.now();
        let open = self.ports.links.links(user.workspace, now).await?;
        let is_recent = open.iter().any(|l| {
            l.kind == LinkKind::PasswordReset
                && l.user == Some(user.id)
                && now - l.created_at < between
        });
        if is_recent {
            return Ok(None);
        }
        let actor = Actor::new(ActorKind::Nobody, None, email.as_str(), None);
        match self.reset(&user, actor).await {
            Ok(new) => Ok(Some(new)),
            Err(PeopleError::Port(error)) => Err(error),
            Err(_) => Ok(None),
        }
    }

    async fn reset(&self, user: &User, actor: Actor) -> Result<NewLink, PeopleError> {
        let now = self.ports.clock.now();
        let link = Link {
            id: LinkId(Uuid::now_v7()),
            workspace: user.workspace,
            kind: LinkKind::PasswordReset,
            email: user.email.clone(),
            role: user.role,
            user: Some(user.id),
            created_at: now,
            expires_at: now + RESET,
        };
        let id = user.id.to_string();
        let target = ("user", id.as_str(), user.email.as_str());
        let entry = NewEntry::done(user.workspace, now, actor, "user.reset", target)
            .after(&json!({ "expires_at": link.expires_at }));
        Ok(self.make(link, &entry).await?)
    }

    /// What a link is for; `SpentLink` when it is for nothing any more.
    pub async fn link(&self, secret: &str) -> Result<Joined, PeopleError> {
        let now = self.ports.clock.now();
        let found = self.ports.links.link(&hash_secret(secret), now).await?;
        let link = found.ok_or(PeopleError::SpentLink)?;
        let workspace = self.ports.accounts.workspace(link.workspace).await?;
        let workspace = workspace.ok_or(PeopleError::SpentLink)?;
        Ok(Joined { link, workspace })
    }

    /// Uses the link up: an invited person joins, a known one gets the new password; both are signed in, or asked
    /// for the code of their second factor.
    pub async fn accept(
        &self,
        secret: &str,
        password: SecretString,
        origin: &Origin,
    ) -> Result<Entered, PeopleError> {
        check_password(&password)?;
        let Joined { link, workspace } = self.link(secret).await?;
        let (hash, now) = (hash_secret(secret), self.ports.clock.now());
        let password_hash = hash_password(password).await?;
        let id = link.user.unwrap_or_else(|| UserId(Uuid::now_v7()));
        let (target, email) = (id.to_string(), link.email.as_str());
        let address = origin.address.clone();
        let actor = Actor::new(ActorKind::Person, Some(target.clone()), email, address);
        let action = match link.kind {
            LinkKind::Invitation => "user.join",
            LinkKind::PasswordReset => "user.password",
        };
        let entry = NewEntry::done(workspace.id, now, actor, action, ("user", &target, email))
            .because("by a one-time link");
        let user = match link.kind {
            LinkKind::Invitation => {
                let user = User {
                    id,
                    workspace: workspace.id,
                    email: link.email.clone(),
                    role: link.role,
                    created_at: now,
                };
                let links = &self.ports.links;
                let accepted = links.accept_invitation(&hash, now, &user, &password_hash, &entry);
                accepted.await.map_err(spent)?;
                user
            }
            LinkKind::PasswordReset => {
                // A deactivated person stays outside.
                let user = self.ports.accounts.user(id).await?;
                let (user, _) = user.ok_or(PeopleError::SpentLink)?;
                let accepted = self
                    .ports
                    .links
                    .accept_reset(&hash, now, &password_hash, &entry);
                accepted.await.map_err(spent)?;
                user
            }
        };
        Ok(self.enter(user, workspace, origin).await?)
    }
}
