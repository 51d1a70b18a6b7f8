//! Messages to addresses that people give: incoming webhooks as Slack has them, and signed ones of our own.

use crate::PortResult;
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::ids::DeliveryId;
use domain::notifications::{ChannelKind, Notice};
use secrecy::SecretString;
use uuid::Uuid;

/// Where a message goes, with what is needed to be let in.
#[derive(Debug, Clone)]
pub enum Target {
    /// The address is the secret.
    Slack {
        url: SecretString,
    },
    Webhook {
        url: String,
        secret: SecretString,
    },
}

/// What is told.
#[derive(Debug, Clone)]
pub struct Message<'a> {
    /// The same over all tries.
    pub id: DeliveryId,
    /// Of this try.
    pub at: DateTime<Utc>,
    pub workspace: &'a str,
    /// Where the command center is; `None` when nobody told: then there are no links.
    pub public_url: Option<&'a str>,
    pub notices: &'a [Notice],
    pub digest: bool,
    pub test: bool,
}

/// What a channel said.
#[derive(Debug)]
pub struct SendError {
    /// `retry` is `After` when it was not taken and may be tried again, with the wait that the other side named where it did; `Reconcile` when
    /// it left and nothing came back; `Never` when trying again cannot help.
    pub error: crate::PortError,
    /// The other side says that there is nothing any more.
    pub gone: bool,
    /// Somebody answered; `false`: nothing of it left, or nobody knows how far it came.
    pub reached: bool,
}

#[async_trait]
pub trait Messenger: Send + Sync {
    /// Whether messages may go there: scheme and host. Answers what may be shown of the address: all of it, or its host where the
    /// address is the secret. `Rejected` with a sentence about the address.
    fn check(&self, kind: ChannelKind, url: &str) -> PortResult<String>;
    /// A new secret to sign with, as whoever checks the signatures wants to have it.
    fn new_secret(&self) -> SecretString;
    /// `Ok`: the other side took it.
    async fn send(&self, target: &Target, message: &Message<'_>) -> Result<(), SendError>;
    /// A document of our own (JSON), signed as messages are: to webhooks alone. `id` is the same over all tries, `at` of this one.
    async fn post(
        &self,
        target: &Target,
        id: Uuid,
        at: DateTime<Utc>,
        body: &str,
    ) -> Result<(), SendError>;
}
