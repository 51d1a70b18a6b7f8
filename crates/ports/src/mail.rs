//! Letters to people, handed over to a relay. That one is accepted does not mean that it arrives.

use crate::PortResult;
use async_trait::async_trait;
use domain::people::Email;
use secrecy::SecretString;

/// What somebody is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// The same for every try, so that whoever gets it twice sees it once: letters, digits and dashes.
    pub id: String,
    pub to: Email,
    pub subject: String,
    pub text: String,
    pub html: String,
}

#[async_trait]
pub trait Mail: Send + Sync {
    /// As whom letters are sent.
    fn sender(&self) -> String;
    /// Whether the relay asks who we are.
    fn needs_password(&self) -> bool;
    /// `Ok`: the relay took it. `retry` is `After` when it was not taken and may be tried again, and `Reconcile` when nobody knows
    /// whether it was taken. `Unauthorized`: the relay does not know us; `Rejected`: it does not want this letter;
    /// `Configuration`: it cannot be spoken to as the settings say, and nothing was told to it.
    async fn send(&self, letter: &Letter, password: Option<&SecretString>) -> PortResult<()>;
}
