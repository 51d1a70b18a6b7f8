//! Messages of buyers that a mail service or a form hands over, signed with a secret of the workspace.

use super::{Support, SupportError};
use chrono::{DateTime, Duration, Utc};
use domain::audit::Actor;
use domain::ids::{StoreId, SupportTicketId};
use domain::people::Email;
use domain::store::Store;
use domain::support::{SupportTicket, TicketSource, TicketStatus, triage};
use hmac::{Hmac, KeyInit as _, Mac as _};
use ports::page::MAX_LIMIT;
use ports::secrets::SecretName;
use ports::support::TicketFilter;
use ports::{Kind, PageRequest};
use secrecy::{ExposeSecret as _, SecretString};
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

/// The name under which the secret is looked up.
pub const WEBHOOK_SECRET: &str = "SUPPORT_WEBHOOK_SECRET";
/// A signature is as old at most, and as far ahead.
pub const SIGNATURE_WINDOW: Duration = Duration::minutes(5);
/// Who writes again about the same within this goes on with the same ticket.
const GOES_ON_WITHIN: Duration = Duration::days(14);

/// What is handed over. Amounts of text beyond what a ticket takes are cut.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Inbound {
    /// How the mail service names it: the same message is taken once.
    pub id: String,
    pub from: String,
    pub subject: String,
    pub text: String,
}

/// Hexadecimal HMAC-SHA256 over `{timestamp}.{body}`, the timestamp in seconds since 1970.
#[must_use]
pub fn sign(secret: &SecretString, timestamp: i64, body: &[u8]) -> String {
    hex::encode(mac(secret, timestamp, body).finalize().into_bytes())
}

fn mac(secret: &SecretString, timestamp: i64, body: &[u8]) -> Hmac<Sha256> {
    // HMAC takes keys of any length.
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.expose_secret().as_bytes())
        .unwrap_or_else(|_| Hmac::<Sha256>::new(&Default::default()));
    mac.update(timestamp.to_string().as_bytes());
    mac.update(b".");
    mac.update(body);
    mac
}

impl Support {
    /// Which store it is for, if the signature is right: of whichever workspace the store is.
    pub async fn signed_for(
        &self,
        store: StoreId,
        timestamp: Option<i64>,
        signature: Option<&str>,
        body: &[u8],
    ) -> Result<Store, SupportError> {
        let now = self.ports.clock.now();
        let (Some(timestamp), Some(signature)) = (timestamp, signature) else {
            return Err(SupportError::NotSigned);
        };
        let at = DateTime::from_timestamp(timestamp, 0).ok_or(SupportError::NotSigned)?;
        if (now - at).abs() > SIGNATURE_WINDOW {
            return Err(SupportError::NotSigned);
        }
        for workspace in self.ports.accounts.workspaces().await? {
            let stores = self.ports.connections.stores(workspace.id).await?;
            let Some(found) = stores.into_iter().find(|s| s.scope.store == store) else {
                continue;
            };
            let name = SecretName {
                workspace: workspace.id,
                name: WEBHOOK_SECRET.to_owned(),
            };
            let secret = self.ports.resolver.resolve(&name, now).await.found;
            let secret = secret.ok_or(SupportError::NoSecret)?.value;
            let expected = sign(&secret, timestamp, body);
            let given = signature.trim().to_lowercase();
            let is_same: bool = expected.as_bytes().ct_eq(given.as_bytes()).into();
            return match is_same && !secret.expose_secret().is_empty() {
                true => Ok(found),
                false => Err(SupportError::NotSigned),
            };
        }
        // Whether there is such a store is nobody's to learn.
        Err(SupportError::NotSigned)
    }

    /// Opens a ticket, or goes on with the one that it belongs to; `None`: it was taken before.
    pub async fn receive(
        &self,
        store: &Store,
        inbound: &Inbound,
    ) -> Result<Option<SupportTicketId>, SupportError> {
        let by = Actor::system();
        // The name may hold an address: only what tells it from others is kept.
        let external = hex::encode(Sha256::digest(inbound.id.as_bytes()));
        let from = Email::parse(&inbound.from).ok();
        if let Some(from) = &from
            && let Some(mut ticket) = self.goes_on(store, from, &inbound.subject).await?
        {
            let (now, hours) = (self.ports.clock.now(), self.hours(store).await?);
            let about = triage(&inbound.subject, &inbound.text);
            if ticket.hear(&inbound.text, now, about, hours) {
                ticket.version += 1;
                let entry = self.entry(&ticket, &by, "ticket.message");
                let support = &self.ports.support;
                let saved = support.save_ticket(&ticket, Some(&external), &entry).await;
                return match saved {
                    Ok(is_new) => Ok(is_new.then_some(ticket.id)),
                    // Whoever brought it brings it again.
                    Err(error) if error.kind == Kind::Conflict => {
                        Err(SupportError::ChangedMeanwhile)
                    }
                    Err(error) => Err(error.into()),
                };
            }
        }
        let subject = match inbound.subject.trim() {
            "" => "Without a subject",
            subject => subject,
        };
        let mut ticket = self
            .ticket(store, TicketSource::Webhook, subject, &inbound.text)
            .await?;
        ticket.customer = self.customer_of(store, from.as_ref()).await?;
        ticket.order = self
            .order_of(store, ticket.customer, subject, &inbound.text)
            .await?;
        ticket.from = from;
        let entry = self.entry(&ticket, &by, "ticket.open");
        let opened = self
            .ports
            .support
            .open_ticket(&ticket, Some(&external), &entry);
        Ok(opened.await?.then_some(ticket.id))
    }

    /// The newest ticket of this address about the same, among the newest of the store.
    async fn goes_on(
        &self,
        store: &Store,
        from: &Email,
        subject: &str,
    ) -> Result<Option<SupportTicket>, SupportError> {
        let page = PageRequest::first(MAX_LIMIT);
        let all = TicketFilter::default();
        let newest = self.ports.support.tickets(store.scope, &all, &page).await?;
        let (now, about) = (self.ports.clock.now(), core(subject));
        let mut newest = newest.items.into_iter();
        Ok(newest.find(|ticket| {
            let is_theirs = ticket.from.as_ref() == Some(from) && core(&ticket.subject) == about;
            is_theirs && goes_on_at(ticket, now)
        }))
    }
}

fn goes_on_at(ticket: &SupportTicket, now: DateTime<Utc>) -> bool {
    ticket.status != TicketStatus::Solved || now - ticket.updated_at < GOES_ON_WITHIN
}

/// A subject without the marks of answers.
fn core(subject: &str) -> String {
    let mut rest = subject.trim().to_lowercase();
    while let Some(behind) = ["re:", "fwd:", "fw:", "aw:"]
        .iter()
        .find_map(|m| rest.strip_prefix(m))
    {
        rest = behind.trim_start().to_owned();
    }
    rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_about_what_was_asked() {
        assert_eq!(core(" RE: Fwd: Where is it? "), "where is it?");
        assert_eq!(core("Regarding"), "regarding");
        assert_eq!(core("re:re:"), "");
    }

    #[test]
    fn a_signature_is_over_time_and_body() {
        let secret = SecretString::from("s");
        let signed = sign(&secret, 7, b"body");
        assert_eq!(signed.len(), 64);
        assert_ne!(signed, sign(&secret, 8, b"body"));
        assert_ne!(signed, sign(&secret, 7, b"bodY"));
        assert_ne!(signed, sign(&SecretString::from("t"), 7, b"body"));
    }
}
