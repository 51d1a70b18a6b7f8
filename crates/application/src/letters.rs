//! Letters with one-time links. What could not be sent is told: to who asked where they may know, and to admins always.

use crate::Ports;
use crate::people::{NewLink, People};
use chrono::{DateTime, Utc};
use domain::audit::{Actor, NewEntry, Outcome};
use domain::ids::WorkspaceId;
use domain::people::{Email, LinkKind};
use ports::mail::{Letter, Mail};
use ports::{PortError, PortResult, Retry};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use std::time::Duration;

/// The name under which the relay's password is looked up.
pub const PASSWORD: &str = "SMTP_PASSWORD";
/// Where a workspace's last failure is kept until a letter goes out again.
fn failure_setting(workspace: WorkspaceId) -> String {
    format!("mail.last_failure.{workspace}")
}

/// Waits between the tries; a relay's own wish is not waited for longer than that.
const WAITS: [Duration; 2] = [Duration::from_millis(500), Duration::from_secs(3)];
/// Somebody who asks again and again gets one letter in this time.
const BETWEEN: chrono::Duration = chrono::Duration::minutes(2);

/// What became of a letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sent {
    /// There is no relay: the link has to be handed over by hand.
    NotSetUp,
    /// The relay took it.
    Taken,
    /// With the reason, for people.
    Failed(String),
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
}

impl Letters {
    #[must_use]
    pub fn new(ports: Ports, people: People) -> Self {
        Self { ports, people }
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

    /// Sends an invitation or a reset link. `url` is where it leads.
    pub async fn send(&self, new: &NewLink, url: &str) -> PortResult<Sent> {
        let Some(mail) = &self.ports.mail else {
            return Ok(Sent::NotSetUp);
        };
        let workspace = self.ports.accounts.workspace(new.link.workspace).await?;
        let name = workspace.map(|w| w.name).unwrap_or_default();
        let letter = letter(new, url, &name);
        let outcome = self.deliver(mail, &letter).await;
        self.note(new, &outcome).await?;
        Ok(match outcome {
            Ok(()) => Sent::Taken,
            Err(error) => Sent::Failed(error.detail),
        })
    }

    /// For somebody who forgot their password. Says nothing of what came of it: it is the same for an address that nobody has.
    pub async fn forgot(&self, email: &str, address_of: impl Fn(&str) -> String) -> PortResult<()> {
        if self.ports.mail.is_none() {
            return Ok(());
        }
        let Ok(email) = Email::parse(email) else {
            return Ok(());
        };
        if let Some(new) = self.people.forgotten(&email, BETWEEN).await? {
            self.send(&new, &address_of(&new.secret)).await?;
        }
        Ok(())
    }

    async fn deliver(&self, mail: &Arc<dyn Mail>, letter: &Letter) -> PortResult<()> {
        let password = if mail.needs_password() {
            self.people.installation_secret(PASSWORD).await?
        } else {
            None
        };
        let mut waits = WAITS.into_iter();
        loop {
            let sent = mail.send(letter, password.as_ref()).await;
            let again = matches!(&sent, Err(error) if matches!(error.retry, Retry::After(_)));
            match waits.next() {
                Some(wait) if again => tokio::time::sleep(wait).await,
                _ => return sent,
            }
        }
    }

    async fn note(&self, new: &NewLink, outcome: &Result<(), PortError>) -> PortResult<()> {
        let now = self.ports.clock.now();
        let (id, to) = (new.link.id.to_string(), new.link.email.as_str());
        let what = match new.link.kind {
            LinkKind::Invitation => "invitation",
            LinkKind::PasswordReset => "password_reset",
        };
        let actor = Actor::system();
        let entry = NewEntry::done(new.link.workspace, now, actor, "mail.send", (what, &id, to));
        let accounts = &self.ports.accounts;
        let setting = failure_setting(new.link.workspace);
        match outcome {
            Ok(()) => {
                self.ports.audit.record(&[entry]).await?;
                accounts.set_setting(&setting, None).await
            }
            Err(error) => {
                tracing::warn!(reason = error.detail, "a letter did not go out");
                let entry = entry.outcome(Outcome::Failed).because(&error.detail);
                self.ports.audit.record(&[entry]).await?;
                let failure = MailFailure {
                    at: now,
                    to: to.to_owned(),
                    reason: error.detail.clone(),
                };
                // Texts and a time always serialize.
                let text = serde_json::to_string(&failure).unwrap_or_default();
                accounts.set_setting(&setting, Some(&text)).await
            }
        }
    }
}

fn letter(new: &NewLink, url: &str, workspace: &str) -> Letter {
    let until = new.link.expires_at.format("%-d %B %Y, %H:%M UTC");
    let (subject, lead, action) = match new.link.kind {
        LinkKind::Invitation => (
            format!("You are invited to {workspace}"),
            format!(
                "You are invited to {workspace} on Royal Equips, as {}. Choose a password to join.",
                new.link.role
            ),
            "Join",
        ),
        LinkKind::PasswordReset => (
            "Set a new password".to_owned(),
            format!(
                "Somebody asked for a new password for {workspace} on Royal Equips. Until you set one, the old one works."
            ),
            "Set a new password",
        ),
    };
    let end = format!(
        "The link works once, until {until}. If you did not expect this letter, do nothing: without the link nothing happens."
    );
    Letter {
        id: new.link.id.to_string(),
        to: new.link.email.clone(),
        text: format!("{lead}\n\n{url}\n\n{end}\n"),
        html: format!(
            "<!doctype html><html lang=\"en\"><body style=\"font-family:sans-serif;line-height:1.5\">\
             <p>{}</p><p><a href=\"{}\">{action}</a></p><p>{}</p></body></html>",
            escaped(&lead),
            escaped(url),
            escaped(&end)
        ),
        subject,
    }
}

/// A workspace's name is text, whatever stands in it.
pub(crate) fn escaped(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_letter_says_what_for_and_how_long_and_holds_no_markup_of_others() {
        let new = NewLink {
            link: testkit::builders::invitation(1, 5),
            secret: "s".to_owned(),
        };
        let made = letter(&new, "https://royal.example/join#s", "<b>Acme</b>");
        assert!(made.text.contains("https://royal.example/join#s"));
        assert!(
            made.text.contains("8 February 2026, 12:00 UTC"),
            "{}",
            made.text
        );
        assert!(made.html.contains("&lt;b&gt;Acme"), "{}", made.html);
        assert!(!made.html.contains("<b>"), "{}", made.html);
    }
}
