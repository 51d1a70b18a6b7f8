//! Letters with one-time links: owed in the database until a relay took them. What could not be sent is told: to who asked where they
//! may know, and to admins always.
//!
//! The link's secret lies in the secret store as long as the letter is owed, and nowhere else. A forgotten password is owed by the address
//! that was typed, whosever it is: what comes of it is decided when the answer is long given.

mod order;
mod text;

pub(crate) use text::escaped;

use crate::Ports;
use crate::people::{NewLink, People};
use chrono::{DateTime, Utc};
use domain::audit::{Actor, NewEntry, Outcome};
use domain::ids::{LetterId, WorkspaceId};
use domain::letter::{Errand, OwedLetter};
use domain::people::{Email, Link, LinkKind};
use ports::mail::Mail;
use ports::secrets::SecretName;
use ports::{Kind, PortError, PortResult, Retry};
use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use std::time::Duration;
use uuid::Uuid;

/// The name under which the relay's password is looked up.
pub const PASSWORD: &str = "SMTP_PASSWORD";
/// Where a workspace's last failure is kept until a letter goes out again.
fn failure_setting(workspace: WorkspaceId) -> String {
    format!("mail.last_failure.{workspace}")
}

/// Waits between the tries while somebody waits for the answer; a relay's own wish is not waited for longer than that.
const WAITS: [Duration; 2] = [Duration::from_millis(500), Duration::from_secs(3)];
/// Somebody who asks again and again gets one letter in this time.
const BETWEEN: chrono::Duration = chrono::Duration::minutes(2);
/// Who took a letter up and says nothing for so long has died: longer than all tries take.
const HELD: chrono::Duration = chrono::Duration::minutes(10);

/// What became of a letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sent {
    /// There is no relay: the link has to be handed over by hand.
    NotSetUp,
    /// The relay took it.
    Taken,
    /// Not yet, with the reason for people: it is tried again.
    Later(String),
    /// With the reason, for people.
    Failed(String),
}

/// To whom a letter goes and about what, as the audit and admins are told.
struct To<'a> {
    workspace: WorkspaceId,
    what: &'static str,
    id: String,
    email: &'a Email,
}

impl<'a> To<'a> {
    fn of(link: &'a Link) -> Self {
        Self {
            workspace: link.workspace,
            what: match link.kind {
                LinkKind::Invitation => "invitation",
                LinkKind::PasswordReset => "password_reset",
            },
            id: link.id.to_string(),
            email: &link.email,
        }
    }
}

/// The last letter that did not go out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailFailure {
    pub at: DateTime<Utc>,
    pub to: String,
    pub reason: String,
}

#[derive(Clone)]
pub struct Letters {
    ports: Ports,
    people: People,
    /// How browsers reach us, for letters that nobody waits for.
    origin: Option<String>,
}

/// The address that a link's letter leads to. The secret stands behind `#`, so that no server and no proxy writes it into its log.
#[must_use]
pub fn link_address(origin: Option<&str>, secret: &str) -> String {
    let origin = origin.unwrap_or_default();
    format!("{origin}/command-center/join#{secret}")
}

/// Where a link's secret lies as long as its letter is owed.
fn secret_name(workspace: WorkspaceId, id: LetterId) -> SecretName {
    SecretName {
        workspace,
        name: format!("letter/{id}"),
    }
}

/// Whether the relay has nothing of it, so that another try does no harm.
fn was_not_taken(error: &PortError) -> bool {
    matches!(error.retry, Retry::After(_))
        || matches!(error.kind, Kind::Unauthorized | Kind::Configuration)
}

impl Letters {
    #[must_use]
    pub fn new(ports: Ports, people: People, origin: Option<String>) -> Self {
        Self {
            ports,
            people,
            origin,
        }
    }

    /// As whom letters are sent; `None`: there is no relay.
    #[must_use]
    pub fn sender(&self) -> Option<String> {
        self.ports.mail.as_ref().map(|mail| mail.sender())
    }

    pub async fn last_failure(&self, workspace: WorkspaceId) -> PortResult<Option<MailFailure>> {
        let setting = failure_setting(workspace);
        let text = self.ports.accounts.setting(&setting).await?;
        // What an older release wrote in another way says nothing any more.
        Ok(text.and_then(|t| serde_json::from_str(&t).ok()))
    }

    /// Sends an invitation or a reset link. `url` is where it leads. It is owed before it is tried: what the relay does not take now, or
    /// a crash leaves behind, goes out later.
    pub async fn send(&self, new: &NewLink, url: &str) -> PortResult<Sent> {
        let Some(mail) = &self.ports.mail else {
            return Ok(Sent::NotSetUp);
        };
        let owed = self.owe(new).await?;
        self.try_now(mail, &owed, &new.link, url, &WAITS).await
    }

    async fn owe(&self, new: &NewLink) -> PortResult<OwedLetter> {
        let now = self.ports.clock.now();
        let owed = OwedLetter {
            id: LetterId(new.link.id.0),
            errand: Errand::Link {
                workspace: new.link.workspace,
                link: new.link.id,
                email: new.link.email.clone(),
            },
            created_at: now,
            attempts: 1,
        };
        let secret = SecretString::from(new.secret.as_str());
        let name = secret_name(new.link.workspace, owed.id);
        self.ports.vault.put(&name, &secret, now).await?;
        self.ports.letters.owe_letter(&owed, now + HELD).await?;
        Ok(owed)
    }

    /// For somebody who forgot their password. The same is done for an address that nobody has.
    pub async fn forgot(&self, email: &str) -> PortResult<()> {
        if self.ports.mail.is_none() {
            return Ok(());
        }
        let Ok(email) = Email::parse(email) else {
            return Ok(());
        };
        let now = self.ports.clock.now();
        let owed = OwedLetter {
            id: LetterId(Uuid::now_v7()),
            errand: Errand::Forgotten { email },
            created_at: now,
            attempts: 0,
        };
        self.ports.letters.owe_letter(&owed, now).await
    }

    /// Sends what is due, one after the other.
    pub async fn send_due(&self) -> PortResult<()> {
        let Some(mail) = self.ports.mail.clone() else {
            return Ok(());
        };
        loop {
            let now = self.ports.clock.now();
            let claimed = self.ports.letters.claim_letter(now, now + HELD).await?;
            let Some(owed) = claimed else {
                return Ok(());
            };
            match &owed.errand {
                Errand::Forgotten { email } => self.remind(&owed, email).await?,
                Errand::Link { workspace, .. } => {
                    self.try_again(&mail, &owed, *workspace).await?;
                }
                Errand::Purchase {
                    workspace,
                    order,
                    email,
                } => {
                    let which = (*workspace, *order);
                    self.send_order(&mail, &owed, which, email).await?;
                }
            }
        }
    }

    /// What a forgotten password comes to: a link, with a letter of its own.
    async fn remind(&self, owed: &OwedLetter, email: &Email) -> PortResult<()> {
        // Who took it up before may have died after the link was made and before its letter was owed.
        let between = if owed.attempts > 1 {
            chrono::Duration::zero()
        } else {
            BETWEEN
        };
        if let Some(new) = self.people.forgotten(email, between).await? {
            let url = link_address(self.origin.as_deref(), &new.secret);
            self.send(&new, &url).await?;
        }
        self.ports.letters.letter_done(owed.id).await
    }

    async fn try_again(
        &self,
        mail: &Arc<dyn Mail>,
        owed: &OwedLetter,
        workspace: WorkspaceId,
    ) -> PortResult<()> {
        let now = self.ports.clock.now();
        let open = self.ports.links.links(workspace, now).await?;
        let link = open.into_iter().find(|l| l.id.0 == owed.id.0);
        let secret = self
            .ports
            .vault
            .get(&secret_name(workspace, owed.id))
            .await?;
        // Used, taken back, replaced or expired meanwhile: nobody could use it.
        let Some((link, secret)) = link.zip(secret) else {
            return self.done(owed, workspace).await;
        };
        let url = link_address(self.origin.as_deref(), secret.expose_secret());
        self.try_now(mail, owed, &link, &url, &[]).await?;
        Ok(())
    }

    /// One try with its end: done, put off, or given up.
    async fn try_now(
        &self,
        mail: &Arc<dyn Mail>,
        owed: &OwedLetter,
        link: &Link,
        url: &str,
        waits: &[Duration],
    ) -> PortResult<Sent> {
        let outcome = self.deliver(mail, link, url, waits).await;
        let now = self.ports.clock.now();
        let next = owed.next_try(now);
        match (&outcome, next) {
            (Err(error), Some(next)) if was_not_taken(error) => {
                tracing::warn!(reason = error.detail, "a letter did not go out yet");
                self.ports.letters.put_letter_off(owed, next).await?;
                self.tell_failure(&To::of(link), &error.detail).await?;
                Ok(Sent::Later(error.detail.clone()))
            }
            _ => {
                self.note(&To::of(link), &outcome).await?;
                self.done(owed, link.workspace).await?;
                Ok(match outcome {
                    Ok(()) => Sent::Taken,
                    Err(error) => Sent::Failed(error.detail),
                })
            }
        }
    }

    /// The row goes last: what a crash leaves behind is found by it.
    async fn done(&self, owed: &OwedLetter, workspace: WorkspaceId) -> PortResult<()> {
        let name = secret_name(workspace, owed.id);
        self.ports.vault.delete(&name).await?;
        self.ports.letters.letter_done(owed.id).await
    }

    async fn deliver(
        &self,
        mail: &Arc<dyn Mail>,
        link: &Link,
        url: &str,
        waits: &[Duration],
    ) -> PortResult<()> {
        let workspace = self.ports.accounts.workspace(link.workspace).await?;
        let letter = text::letter(link, url, &workspace.map(|w| w.name).unwrap_or_default());
        let password = self.password(mail).await?;
        let mut waits = waits.iter();
        loop {
            let sent = mail.send(&letter, password.as_ref()).await;
            let again = matches!(&sent, Err(error) if matches!(error.retry, Retry::After(_)));
            match waits.next() {
                Some(wait) if again => tokio::time::sleep(*wait).await,
                _ => return sent,
            }
        }
    }

    /// The relay's, where it wants one.
    async fn password(&self, mail: &Arc<dyn Mail>) -> PortResult<Option<SecretString>> {
        if mail.needs_password() {
            self.people.installation_secret(PASSWORD).await
        } else {
            Ok(None)
        }
    }

    async fn note(&self, to: &To<'_>, outcome: &Result<(), PortError>) -> PortResult<()> {
        let now = self.ports.clock.now();
        let target = (to.what, to.id.as_str(), to.email.as_str());
        let entry = NewEntry::done(to.workspace, now, Actor::system(), "mail.send", target);
        match outcome {
            Ok(()) => {
                self.ports.audit.record(&[entry]).await?;
                let setting = failure_setting(to.workspace);
                self.ports.accounts.set_setting(&setting, None).await
            }
            Err(error) => {
                tracing::warn!(reason = error.detail, "a letter did not go out");
                let entry = entry.outcome(Outcome::Failed).because(&error.detail);
                self.ports.audit.record(&[entry]).await?;
                self.tell_failure(to, &error.detail).await
            }
        }
    }

    /// To admins, until a letter goes out again.
    async fn tell_failure(&self, to: &To<'_>, reason: &str) -> PortResult<()> {
        let failure = MailFailure {
            at: self.ports.clock.now(),
            to: to.email.as_str().to_owned(),
            reason: reason.to_owned(),
        };
        // Texts and a time always serialize.
        let text = serde_json::to_string(&failure).unwrap_or_default();
        let setting = failure_setting(to.workspace);
        self.ports.accounts.set_setting(&setting, Some(&text)).await
    }
}
