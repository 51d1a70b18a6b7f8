//! Sign-in at a provider of identities, by the browser and back. What comes back is proved, or it is an error.

use crate::PortResult;
use async_trait::async_trait;
use domain::people::Email;
use secrecy::SecretString;

/// Where a browser is sent, and what has to fit when it comes back.
#[derive(Debug, Clone)]
pub struct Departure {
    pub url: String,
    /// Comes back with the browser.
    pub state: String,
    /// Stands in what the provider signs.
    pub nonce: String,
    /// Proves that who fetches the answer is who asked (PKCE).
    pub verifier: SecretString,
}

/// Somebody whom the provider knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    pub issuer: String,
    /// Names them at the issuer, for ever.
    pub subject: String,
    /// `None`: the provider tells none, or one that is no address.
    pub email: Option<Email>,
    /// Whether the provider says that the address is theirs.
    pub email_verified: bool,
    pub groups: Vec<String>,
}

#[async_trait]
pub trait IdentityProvider: Send + Sync {
    /// As people call it: what stands on the button.
    fn label(&self) -> &str;
    /// `redirect` is where the provider sends the browser back to.
    async fn depart(&self, redirect: &str) -> PortResult<Departure>;
    /// Fetches and proves the answer. `Unauthorized`: it is not proved (another key, audience or nonce, too old) or the code is not
    /// good; `Configuration`: the provider does not know us.
    async fn arrive(
        &self,
        code: &str,
        redirect: &str,
        nonce: &str,
        verifier: &SecretString,
        client_secret: Option<&SecretString>,
    ) -> PortResult<Identity>;
}
