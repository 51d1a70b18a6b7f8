//! A channel as the API writes it: never its secrets.

use crate::http::notifications::view::{PreferencesBody, same};
use crate::problem::Problem;
use application::notifications::ChannelDraft;
use chrono::{DateTime, Utc};
use domain::notifications::{Channel, ChannelKind};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ChannelKind)]
pub(crate) enum KindBody {
    /// An incoming webhook as Slack has them; its address is a secret.
    Slack,
    /// Signed requests (Standard Webhooks) to an address of one's own.
    Webhook,
}

same!(ChannelKind and KindBody: Slack, Webhook);

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = NotificationChannel)]
pub(crate) struct ChannelBody {
    #[schema(format = "uuid")]
    id: String,
    kind: KindBody,
    name: String,
    /// Where it goes; of an address that is a secret, its host.
    address: String,
    preferences: PreferencesBody,
    is_enabled: bool,
    /// Why it was switched off by itself.
    off_reason: Option<String>,
    /// The first failure since it last worked.
    failing_since: Option<DateTime<Utc>>,
    last_error: Option<String>,
    last_sent_at: Option<DateTime<Utc>>,
    created_at: DateTime<Utc>,
}

impl From<Channel> for ChannelBody {
    fn from(channel: Channel) -> Self {
        Self {
            id: channel.id.to_string(),
            kind: channel.kind.into(),
            name: channel.name,
            address: channel.address,
            preferences: (&channel.preferences).into(),
            is_enabled: channel.enabled,
            off_reason: channel.off_reason,
            failing_since: channel.failing_since,
            last_error: channel.last_error,
            last_sent_at: channel.last_sent_at,
            created_at: channel.created_at,
        }
    }
}

const fn yes() -> bool {
    true
}

/// What may be set of a channel.
#[derive(Deserialize, ToSchema)]
#[schema(as = ChannelSettings)]
pub(crate) struct DraftBody {
    #[schema(min_length = 1, max_length = 60)]
    name: String,
    /// Where it goes. It is not shown again where it is a secret; null leaves it as it is.
    #[serde(default)]
    #[schema(max_length = 2000)]
    url: Option<String>,
    preferences: PreferencesBody,
    #[serde(default = "yes")]
    is_enabled: bool,
}

impl DraftBody {
    pub(crate) fn read(self) -> Result<ChannelDraft, Problem> {
        Ok(ChannelDraft {
            preferences: self.preferences.read()?,
            name: self.name,
            url: self.url.map(SecretString::from),
            enabled: self.is_enabled,
        })
    }
}
