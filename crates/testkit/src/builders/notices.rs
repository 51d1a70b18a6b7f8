//! News, channels and messages, by number.

use super::{at, scope, user};
use domain::ids::{ChannelId, NoticeId};
use domain::notifications::{
    Channel, ChannelKind, Delivery, News, NoticeFact, NoticeKind, Preferences, Recipient,
};
use uuid::Uuid;

/// A sync of connection `cause` that failed at noon of 1 February 2026; each number is another time that it did.
#[must_use]
pub fn news(cause: u32, number: u32) -> News {
    News {
        key: format!("job/{cause}/{number}"),
        cause: format!("sync/{cause}"),
        kind: NoticeKind::SyncFailed,
        store: None,
        title: format!("Sync {number} of shop {cause} failed"),
        facts: vec![NoticeFact {
            label: "Why".to_owned(),
            value: "it does not answer".to_owned(),
        }],
        link: "/connections".to_owned(),
        at: at("2026-02-01T12:00:00Z"),
    }
}

/// A signed webhook that is switched on.
#[must_use]
pub fn channel(workspace: u32, number: u32) -> Channel {
    Channel {
        id: ChannelId(Uuid::from_u128(
            u128::from(workspace) << 32 | u128::from(number),
        )),
        workspace: scope(workspace, 0).workspace,
        kind: ChannelKind::Webhook,
        name: format!("Channel {number}"),
        address: "https://hooks.example.com/in".to_owned(),
        preferences: Preferences::OF_PERSON,
        enabled: true,
        off_reason: None,
        failing_since: None,
        last_error: None,
        last_sent_at: None,
        created_at: at("2026-02-01T12:00:00Z"),
    }
}

/// What is owed to a person because of a notice, from noon of 1 February 2026 on.
#[must_use]
pub fn delivery(workspace: u32, person: u32, notice: NoticeId) -> Delivery {
    let user = user(workspace, person);
    let recipient = Recipient::Person(user.id);
    let now = at("2026-02-01T12:00:00Z");
    let id = Delivery::id_of(notice, recipient);
    Delivery::pending(id, user.workspace, recipient, now, now)
}
