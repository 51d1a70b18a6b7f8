//! A place outside that notices are sent to, and how it fares.

use super::preferences::Preferences;
use crate::ids::{ChannelId, WorkspaceId};
use chrono::{DateTime, Duration, Utc};
use serde::{Deserialize, Serialize};

/// A channel that failed for so long, with nothing that went out between, is switched off.
pub const LONG_FAILURE: Duration = Duration::hours(24);

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChannelKind {
    /// An incoming webhook as Slack has them; its address is a secret.
    Slack,
    /// Signed requests to an address of the workspace's own.
    Webhook,
}

impl ChannelKind {
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Slack => "slack",
            Self::Webhook => "webhook",
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Channel {
    pub id: ChannelId,
    pub workspace: WorkspaceId,
    pub kind: ChannelKind,
    pub name: String,
    /// What may be shown of where it goes: of an address that is a secret, its host.
    pub address: String,
    pub preferences: Preferences,
    pub enabled: bool,
    /// Why it was switched off by itself.
    pub off_reason: Option<String>,
    /// The first failure since it last worked.
    pub failing_since: Option<DateTime<Utc>>,
    pub last_error: Option<String>,
    pub last_sent_at: Option<DateTime<Utc>>,
    pub created_at: DateTime<Utc>,
}

impl Channel {
    pub fn took(&mut self, now: DateTime<Utc>) {
        self.failing_since = None;
        self.last_error = None;
        self.last_sent_at = Some(now);
    }

    /// `gone`: it said that it is no more. Answers whether this switched it off.
    pub fn failed(&mut self, now: DateTime<Utc>, error: &str, gone: bool) -> bool {
        let since = *self.failing_since.get_or_insert(now);
        self.last_error = Some(error.to_owned());
        let off = self.enabled && (gone || now - since >= LONG_FAILURE);
        if off {
            self.enabled = false;
            self.off_reason = Some(error.to_owned());
        }
        off
    }

    /// Somebody switches it on again: what was is forgotten.
    pub fn set_enabled(&mut self, enabled: bool) {
        if enabled && !self.enabled {
            self.off_reason = None;
            self.failing_since = None;
        }
        self.enabled = enabled;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn a_channel_is_switched_off_after_long_failure_or_when_it_is_gone() {
        let at = DateTime::UNIX_EPOCH;
        let mut channel = Channel {
            id: ChannelId(Uuid::from_u128(1)),
            workspace: WorkspaceId(Uuid::from_u128(2)),
            kind: ChannelKind::Webhook,
            name: "Ledger".to_owned(),
            address: "https://example.com/hook".to_owned(),
            preferences: Preferences::OF_PERSON,
            enabled: true,
            off_reason: None,
            failing_since: None,
            last_error: None,
            last_sent_at: None,
            created_at: at,
        };
        assert!(!channel.failed(at, "500", false));
        assert!(!channel.failed(at + Duration::hours(23), "500", false));
        channel.took(at + Duration::hours(23));
        assert!(
            !channel.failed(at + Duration::hours(25), "500", false),
            "it worked between"
        );
        assert!(channel.failed(at + Duration::hours(49), "502", false));
        assert_eq!(channel.off_reason.as_deref(), Some("502"));
        assert!(
            !channel.failed(at + Duration::hours(50), "502", false),
            "once"
        );
        channel.set_enabled(true);
        assert!(channel.failed(at + Duration::hours(51), "410 gone", true));
    }
}
