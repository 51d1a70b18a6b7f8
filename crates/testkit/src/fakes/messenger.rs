//! A messenger that does as it is told, and remembers what it was given.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::ids::DeliveryId;
use domain::notifications::ChannelKind;
use ports::notify::{Message, Messenger, SendError, Target};
use ports::{Kind, PortError, PortResult, Retry};
use secrecy::{ExposeSecret as _, SecretString};
use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use uuid::Uuid;

/// What becomes of the next message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sending {
    Take,
    /// May be tried again, after a wait that the other side names.
    Busy(Option<Duration>),
    /// Nobody answers to a call: nothing left.
    Unreachable,
    /// It left, and nothing came back.
    Silent,
    Refuse,
    Gone,
}

#[derive(Default)]
struct State {
    next: VecDeque<Sending>,
    sent: Vec<(DeliveryId, String, Vec<String>)>,
    posted: Vec<(Uuid, String, String)>,
}

/// Takes everything unless told otherwise.
#[derive(Default)]
pub struct FakeMessenger(Mutex<State>);

impl FakeMessenger {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn behave(&self, next: impl IntoIterator<Item = Sending>) {
        self.lock().next.extend(next);
    }

    /// Id, address and titles of all messages that it was given.
    #[must_use]
    pub fn given(&self) -> Vec<(DeliveryId, String, Vec<String>)> {
        self.lock().sent.clone()
    }

    /// Id, address and body of all documents that it was given.
    #[must_use]
    pub fn posted(&self) -> Vec<(Uuid, String, String)> {
        self.lock().posted.clone()
    }
}

#[async_trait]
impl Messenger for FakeMessenger {
    fn check(&self, kind: ChannelKind, url: &str) -> PortResult<String> {
        let Some(rest) = url.strip_prefix("https://") else {
            let detail = "an address begins with https://";
            return Err(PortError::new(
                Kind::Rejected,
                Retry::Never,
                "fake",
                "notify.check",
                detail,
            ));
        };
        Ok(match kind {
            ChannelKind::Slack => rest.split('/').next().unwrap_or_default().to_owned(),
            ChannelKind::Webhook => url.to_owned(),
        })
    }

    fn new_secret(&self) -> SecretString {
        SecretString::from("whsec_c2VjcmV0")
    }

    async fn send(&self, target: &Target, message: &Message<'_>) -> Result<(), SendError> {
        let mut state = self.lock();
        let url = match target {
            Target::Slack { url } => url.expose_secret().to_owned(),
            Target::Webhook { url, .. } => url.clone(),
        };
        let titles = message.notices.iter().map(|n| n.title.clone()).collect();
        state.sent.push((message.id, url, titles));
        state.answer()
    }

    async fn post(
        &self,
        target: &Target,
        id: Uuid,
        _at: DateTime<Utc>,
        body: &str,
    ) -> Result<(), SendError> {
        let mut state = self.lock();
        let url = match target {
            Target::Slack { url } => url.expose_secret().to_owned(),
            Target::Webhook { url, .. } => url.clone(),
        };
        state.posted.push((id, url, body.to_owned()));
        state.answer()
    }
}

impl State {
    fn answer(&mut self) -> Result<(), SendError> {
        let next = self.next.pop_front().unwrap_or(Sending::Take);
        let reached = !matches!(next, Sending::Unreachable | Sending::Silent);
        let (kind, retry, gone) = match next {
            Sending::Take => return Ok(()),
            Sending::Busy(wait) => (
                Kind::Unavailable,
                Retry::After(wait.unwrap_or_default()),
                false,
            ),
            Sending::Unreachable => (Kind::Unavailable, Retry::After(Duration::ZERO), false),
            Sending::Silent => (Kind::Unavailable, Retry::Reconcile, false),
            Sending::Refuse => (Kind::Rejected, Retry::Never, false),
            Sending::Gone => (Kind::NotFound, Retry::Never, true),
        };
        let error = PortError::new(kind, retry, "fake", "notify.send", "it said no");
        Err(SendError {
            error,
            gone,
            reached,
        })
    }
}
