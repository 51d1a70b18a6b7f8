//! API tokens: shown once, stored as a hash.

use super::members::may_give;
use super::secrets::{hash_secret, random_secret};
use super::{Origin, People, PeopleError, Principal, Via, name};
use chrono::Duration;
use domain::audit::{Actor, NewEntry};
use domain::ids::{TokenId, UserId};
use domain::people::{ApiToken, Email, User, UserKind};
use ports::grants::ListedToken;
use ports::{Kind, PortError, PortResult};
use serde_json::json;
use uuid::Uuid;

/// Makes a token recognisable, for people and for scanners of leaked secrets.
const PREFIX: &str = "royal_";

#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    #[error("there is no user with the address {0:?}")]
    UnknownUser(String),
    #[error("there is no such token")]
    UnknownToken,
    #[error("the name of a token is not empty and has at most 100 characters")]
    BadName,
    #[error("a token is valid for at least a second")]
    BadExpiry,
    /// A token makes no token that may do more than itself.
    #[error("this token may not pass on {0}: name only scopes that it has")]
    NotHeld(String),
    #[error(transparent)]
    People(#[from] PeopleError),
    #[error(transparent)]
    Port(#[from] PortError),
}

/// What is asked for.
#[derive(Debug, Clone)]
pub struct NewToken {
    pub name: String,
    /// Empty: all that its user may do.
    pub scopes: Vec<String>,
    /// `None`: for ever.
    pub valid_for: Option<Duration>,
}

impl People {
    /// For whoever has a shell on the machine. The token itself nobody can read again.
    pub async fn create_token(
        &self,
        email: &str,
        name: &str,
        scopes: Vec<String>,
        valid_for: Option<Duration>,
    ) -> Result<(String, ApiToken), TokenError> {
        let unknown = || TokenError::UnknownUser(email.to_owned());
        let address = Email::parse(email).map_err(|_| unknown())?;
        let found = self.ports.accounts.user_by_email(&address).await?;
        let (user, _) = found.ok_or_else(unknown)?;
        let new = NewToken {
            name: name.to_owned(),
            scopes,
            valid_for,
        };
        self.keep(&user, new, Actor::command_line()).await
    }

    /// For oneself, or for a service account whose role is not above one's own.
    pub async fn issue_token(
        &self,
        who: &Principal,
        service: Option<UserId>,
        new: NewToken,
    ) -> Result<(String, ApiToken), TokenError> {
        if let Via::Token { scopes, .. } = &who.via
            && !scopes.is_empty()
        {
            let beyond = new.scopes.iter().find(|s| !scopes.contains(s));
            if let Some(scope) = beyond {
                return Err(TokenError::NotHeld(scope.clone()));
            }
            if new.scopes.is_empty() {
                return Err(TokenError::NotHeld("everything".to_owned()));
            }
        }
        let user = match service {
            None => who.user.clone(),
            Some(id) => {
                let member = self.member(who.workspace.id, id).await?;
                may_give(who, member.user.role)?;
                if member.kind != UserKind::Service || member.disabled_at.is_some() {
                    return Err(PeopleError::UnknownUser.into());
                }
                member.user
            }
        };
        self.keep(&user, new, who.actor()).await
    }

    async fn keep(
        &self,
        user: &User,
        new: NewToken,
        actor: Actor,
    ) -> Result<(String, ApiToken), TokenError> {
        let label = name(&new.name).ok_or(TokenError::BadName)?;
        if new.valid_for.is_some_and(|d| d < Duration::seconds(1)) {
            return Err(TokenError::BadExpiry);
        }
        let now = self.ports.clock.now();
        let expires_at = match new.valid_for {
            Some(span) => Some(now.checked_add_signed(span).ok_or(TokenError::BadExpiry)?),
            None => None,
        };
        let secret = format!("{PREFIX}{}", random_secret());
        let token = ApiToken {
            id: TokenId(Uuid::now_v7()),
            workspace: user.workspace,
            user: user.id,
            name: label.to_owned(),
            scopes: new.scopes,
            created_at: now,
            expires_at,
        };
        let id = token.id.to_string();
        let target = ("token", id.as_str(), label);
        let granted = json!({
            "user": user.email.as_str(), "scopes": &token.scopes, "expires_at": expires_at,
        });
        let entry =
            NewEntry::done(user.workspace, now, actor, "token.create", target).after(&granted);
        let credentials = &self.ports.credentials;
        let hash = hash_secret(&secret);
        credentials.create_token(&token, &hash, &[entry]).await?;
        Ok((secret, token))
    }

    /// One's own, or with `all` those of the workspace; newest first.
    pub async fn tokens(&self, who: &Principal, all: bool) -> PortResult<Vec<ListedToken>> {
        let user = (!all).then_some(who.user.id);
        self.ports.grants.tokens(who.workspace.id, user).await
    }

    /// One's own, or with `all` any of the workspace whose user is not above oneself.
    pub async fn revoke_token(
        &self,
        who: &Principal,
        id: TokenId,
        all: bool,
    ) -> Result<(), TokenError> {
        let tokens = self.tokens(who, all).await?;
        let found = tokens.into_iter().map(|l| l.token).find(|t| t.id == id);
        let token = found.ok_or(TokenError::UnknownToken)?;
        if token.user != who.user.id {
            self.below(who, token.user).await?;
        }
        let target = id.to_string();
        let entry = self.entry(who, "token.revoke", ("token", &target, &token.name));
        match self
            .ports
            .grants
            .revoke_token(who.workspace.id, id, &entry)
            .await
        {
            Err(error) if error.kind == Kind::NotFound => Err(TokenError::UnknownToken),
            other => Ok(other?),
        }
    }

    /// `None` for an unknown or expired token, or one whose user is gone.
    pub async fn by_token(&self, secret: &str, origin: Origin) -> PortResult<Option<Principal>> {
        let now = self.ports.clock.now();
        let hash = hash_secret(secret);
        let Some(token) = self.ports.credentials.token(&hash, now).await? else {
            return Ok(None);
        };
        let user = self.ports.accounts.user(token.user).await?;
        let via = Via::Token {
            id: token.id,
            name: token.name,
            scopes: token.scopes,
        };
        Ok(user.map(|(user, workspace)| Principal {
            user,
            workspace,
            via,
            origin,
        }))
    }
}
