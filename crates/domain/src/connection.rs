//! An account at a provider, its state, and what it grants.

use crate::ids::{ConnectionId, StoreId, WorkspaceId};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Provider {
    Shopify,
}

impl Provider {
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Shopify => "shopify",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConnectionState {
    NotConnected,
    Ok,
    /// Works in part: a scope is missing, webhooks are not delivered.
    Degraded,
    /// Does not answer, or refuses the credentials.
    Down,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Connection {
    pub id: ConnectionId,
    pub workspace: WorkspaceId,
    pub store: StoreId,
    pub provider: Provider,
    pub name: String,
    /// The shop's permanent domain, as the provider answered it.
    pub domain: String,
    /// Where the provider is spoken to; the provider's own host, or a sandbox.
    pub base_url: String,
    pub api_version: String,
    /// The version that answered, when it was another.
    pub api_version_answered: Option<String>,
    pub is_sandbox: bool,
    pub auth: AuthKind,
    pub state: ConnectionState,
    pub state_reason: Option<String>,
    pub scopes: Scopes,
    pub webhooks: WebhookState,
    /// First day to read orders from; `None`: all there are.
    pub backfill_from: Option<chrono::NaiveDate>,
    pub created_at: DateTime<Utc>,
    pub last_success_at: Option<DateTime<Utc>>,
    pub last_error: Option<LastError>,
    /// Its settings stand in the environment; it is kept equal to them at each start.
    pub from_environment: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AuthKind {
    AccessToken,
    ClientCredentials,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scopes {
    pub granted: Vec<String>,
    pub missing: Vec<MissingScope>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MissingScope {
    pub scope: String,
    /// What cannot be shown without it, as a sentence.
    pub costs: String,
    /// Without it there is no profit at all.
    pub required: bool,
    /// Only changes that people approve need it: whoever only looks misses nothing.
    #[serde(default)]
    pub for_changes: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", content = "detail", rename_all = "snake_case")]
pub enum WebhookState {
    /// Not looked at yet.
    Unknown,
    Ok,
    /// Some or all subscriptions are not there; the sentence says why.
    Missing(String),
    /// This server has no public address to be reached at.
    Unsupported(String),
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LastError {
    pub at: DateTime<Utc>,
    pub message: String,
    pub remedy: String,
}
