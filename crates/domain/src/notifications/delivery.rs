//! One message to one recipient: tried until it is taken, or given up.

use crate::ids::{ChannelId, DeliveryId, NoticeId, UserId, WorkspaceId};
use chrono::{DateTime, Duration, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Seconds after each try that failed; then it is given up.
pub const WAITS: [i64; 4] = [30, 60, 300, 900];

/// How long to wait after so many tries; `None`: it is given up.
#[must_use]
pub fn back_off(tries: u32) -> Option<Duration> {
    let nth = usize::try_from(tries.checked_sub(1)?).ok()?;
    WAITS.get(nth).copied().map(Duration::seconds)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(tag = "kind", content = "id", rename_all = "snake_case")]
pub enum Recipient {
    /// By mail.
    Person(UserId),
    Channel(ChannelId),
}

impl Recipient {
    #[must_use]
    pub const fn kind(self) -> &'static str {
        match self {
            Self::Person(_) => "person",
            Self::Channel(_) => "channel",
        }
    }

    #[must_use]
    pub const fn id(self) -> Uuid {
        match self {
            Self::Person(id) => id.0,
            Self::Channel(id) => id.0,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryState {
    Pending,
    /// Whoever was to take it took it.
    Sent,
    /// Given up.
    Dead,
}

impl DeliveryState {
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Sent => "sent",
            Self::Dead => "dead",
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// The same over all tries, so that whoever gets it twice sees it once.
    pub id: DeliveryId,
    pub workspace: WorkspaceId,
    pub recipient: Recipient,
    pub digest: bool,
    /// Somebody asked for it, to see whether it arrives.
    pub test: bool,
    pub created_at: DateTime<Utc>,
    /// Not tried before.
    pub due_at: DateTime<Utc>,
    pub state: DeliveryState,
    pub tries: u32,
    pub last_error: Option<String>,
    pub finished_at: Option<DateTime<Utc>>,
}

impl Delivery {
    /// What is owed from now on.
    #[must_use]
    pub fn pending(
        id: DeliveryId,
        workspace: WorkspaceId,
        recipient: Recipient,
        due_at: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Self {
        Self {
            id,
            workspace,
            recipient,
            digest: false,
            test: false,
            created_at: now,
            due_at,
            state: DeliveryState::Pending,
            tries: 0,
            last_error: None,
            finished_at: None,
        }
    }

    /// What makes a message of the same notice to the same recipient the same message.
    #[must_use]
    pub fn id_of(notice: NoticeId, recipient: Recipient) -> DeliveryId {
        let text = format!("notice/{}/{}", recipient.kind(), recipient.id());
        DeliveryId(Uuid::new_v5(&notice.0, text.as_bytes()))
    }

    /// The digest of a recipient that goes out at that time.
    #[must_use]
    pub fn id_of_digest(recipient: Recipient, due_at: DateTime<Utc>) -> DeliveryId {
        let text = format!("digest/{}/{}", recipient.kind(), due_at.timestamp());
        DeliveryId(Uuid::new_v5(&recipient.id(), text.as_bytes()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_tries_are_made() {
        let seconds = |tries| back_off(tries).map(|wait| wait.num_seconds());
        assert_eq!(seconds(1), Some(30));
        assert_eq!(seconds(4), Some(900));
        assert_eq!((seconds(5), seconds(0)), (None, None));
    }

    #[test]
    fn a_message_is_named_by_what_it_tells_and_whom() {
        let id = Uuid::from_u128;
        let person = Recipient::Person(UserId(id(1)));
        let channel = Recipient::Channel(ChannelId(id(1)));
        let notice = NoticeId(id(7));
        assert_eq!(
            Delivery::id_of(notice, person),
            Delivery::id_of(notice, person)
        );
        assert_ne!(
            Delivery::id_of(notice, person),
            Delivery::id_of(notice, channel)
        );
        let at = DateTime::UNIX_EPOCH;
        assert_ne!(
            Delivery::id_of_digest(person, at),
            Delivery::id_of_digest(person, at + Duration::days(1))
        );
    }
}
