//! A reply on its way: written down before the relay is asked, so that it goes out once whatever breaks in between. Who sends it has approved it;
//! nothing is sent by itself.

use super::{Support, SupportError, worded};
use crate::letters::{PASSWORD, escaped};
use chrono::Duration;
use domain::audit::Actor;
use domain::ids::{SupportTicketId, WorkspaceId};
use domain::support::{Delivery, SaidBy, SupportTicket};
use ports::mail::Letter;
use ports::{Kind, PortError, PortResult, Retry};

/// Whoever sends and says nothing for so long has died.
const SENT_WITHIN: Duration = Duration::minutes(10);
/// Somebody else may write in the ticket while the relay is spoken to.
const TRIES: u32 = 5;

impl Support {
    /// Sends a reply that whoever calls has approved. It is tried once: what the relay did not take is told, and sent again by hand.
    pub async fn send(
        &self,
        workspace: WorkspaceId,
        id: SupportTicketId,
        version: i64,
        text: &str,
        by: &Actor,
    ) -> Result<SupportTicket, SupportError> {
        let mut ticket = self.at_version(workspace, id, version).await?;
        worded(text)?;
        let mail = self.ports.mail.clone().ok_or(SupportError::NoMail)?;
        let to = ticket.from.clone().ok_or(SupportError::NoAddress)?;
        let now = self.ports.clock.now();
        if let Some(unsure) = ticket.undelivered().map(|m| (m.no, m.at)) {
            if now - unsure.1 < SENT_WITHIN {
                let text = "a reply is being sent; look at it again in a moment".to_owned();
                return Err(SupportError::Undelivered(text));
            }
            // Told first, so that whoever sends another one knows of it.
            let why = "it was being sent when the program ended".to_owned();
            ticket.delivered(unsure.0, Delivery::Unknown { why }, now);
            self.save(ticket, by, "ticket.unsure").await?;
            let text = "nobody knows whether the last reply went out; look at it, and send again if it has to be".to_owned();
            return Err(SupportError::Undelivered(text));
        }
        let us = SaidBy::Us {
            who: by.clone(),
            delivery: Delivery::Sending,
        };
        let no = ticket.say(us, text, now);
        let ticket = self.save(ticket, by, "ticket.reply").await?;
        let letter = Letter {
            // The same whoever sends it.
            id: format!("{}-{no}", ticket.id),
            to,
            subject: format!("Re: {}", one_line(&ticket.subject)),
            text: text.trim().to_owned(),
            html: html(text),
        };
        let password = match mail.needs_password() {
            true => self.people.installation_secret(PASSWORD).await,
            false => Ok(None),
        };
        let sent = match password {
            Ok(password) => mail.send(&letter, password.as_ref()).await,
            Err(error) => Err(error),
        };
        self.became(ticket, no, outcome(&sent), by).await
    }

    /// Writes down what became of a reply, whatever else was written meanwhile.
    async fn became(
        &self,
        ticket: SupportTicket,
        no: u32,
        delivery: Delivery,
        by: &Actor,
    ) -> Result<SupportTicket, SupportError> {
        let (workspace, id) = (ticket.scope.workspace, ticket.id);
        let mut ticket = ticket;
        for _ in 0..TRIES {
            let now = self.ports.clock.now();
            ticket.delivered(no, delivery.clone(), now);
            match self.save(ticket, by, "ticket.delivery").await {
                Err(SupportError::ChangedMeanwhile) => {
                    ticket = self.ticket_of(workspace, id).await?;
                }
                saved => return saved,
            }
        }
        Err(SupportError::ChangedMeanwhile)
    }
}

fn outcome(sent: &PortResult<()>) -> Delivery {
    let was_not_taken = |error: &PortError| {
        matches!(error.retry, Retry::After(_))
            || matches!(
                error.kind,
                Kind::Unauthorized | Kind::Configuration | Kind::Rejected
            )
    };
    match sent {
        Ok(()) => Delivery::Sent,
        Err(error) if was_not_taken(error) => Delivery::Failed {
            why: error.detail.clone(),
        },
        Err(error) => Delivery::Unknown {
            why: error.detail.clone(),
        },
    }
}

fn one_line(text: &str) -> String {
    text.split(char::is_control).collect::<Vec<_>>().join(" ")
}

fn html(text: &str) -> String {
    let parts = text.trim().split("\n\n");
    let parts: String = parts
        .map(|part| format!("<p>{}</p>", escaped(part).replace('\n', "<br>")))
        .collect();
    format!(
        "<!doctype html><html lang=\"en\"><body style=\"font-family:sans-serif;line-height:1.5\">{parts}</body></html>"
    )
}
