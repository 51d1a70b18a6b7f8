//! Sending an export to a channel: one signed message, as Standard Webhooks have it, tried a few times under one id.
//!
//! Where the other side refuses it, nobody counts as told. Where nobody knows whether it arrived, everybody does: to be told twice is worse
//! than not to be told.

use super::export::{Exported, Way};
use super::{Outreach, OutreachError};
use crate::notifications::target_of;
use chrono::SecondsFormat;
use domain::ids::ChannelId;
use domain::money::format_minor;
use domain::notifications::{Channel, ChannelKind};
use domain::store::Store;
use ports::notify::{SendError, Target};
use ports::{Kind, Retry};
use serde_json::{Value, json};
use std::time::Duration;

/// In one message.
const MOST: usize = 2_000;
const TRIES: u32 = 3;
/// Nobody who waits for an answer is kept waiting longer between two tries.
const LONGEST_WAIT: Duration = Duration::from_secs(5);
/// Grows when a field changes its meaning or goes; new fields come without notice.
const VERSION: u32 = 1;

impl Outreach {
    pub async fn send(
        &self,
        store: &Store,
        way: &Way,
        channel: ChannelId,
    ) -> Result<Exported, OutreachError> {
        let (channel, target) = self.channel(store, channel).await?;
        let members = self.members(store, way.rule).await?;
        if members.len() > MOST {
            return Err(OutreachError::TooMany {
                members: members.len(),
                most: MOST,
            });
        }
        let made = self.hand_over(store, way, &channel.name, members).await?;
        if made.people.is_empty() {
            return Ok(made);
        }
        let body = document(&made).to_string();
        let (sent, may_be_there) = self.post(&target, &made, &body).await;
        match sent {
            Ok(()) => Ok(made),
            Err(SendError { error, .. }) if may_be_there => {
                Err(OutreachError::MayHaveArrived(error.detail))
            }
            Err(SendError { error, .. }) => {
                let port = &self.ports.outreach;
                port.take_back_outreach(store.scope, made.export.id).await?;
                Err(OutreachError::NotTaken(error.detail))
            }
        }
    }

    async fn channel(
        &self,
        store: &Store,
        id: ChannelId,
    ) -> Result<(Channel, Target), OutreachError> {
        let found = self
            .ports
            .notice_settings
            .channel(store.scope.workspace, id)
            .await?;
        let channel = found.ok_or(OutreachError::UnknownChannel)?;
        let bad = |why: &str| Err(OutreachError::BadChannel(why.to_owned()));
        if channel.kind != ChannelKind::Webhook {
            return bad("people are sent to signed webhooks alone");
        }
        if !channel.enabled {
            return bad("the channel is switched off");
        }
        match target_of(&self.ports, &channel).await? {
            Some(target) => Ok((channel, target)),
            None => bad("its secret is gone: make a new one"),
        }
    }

    /// With whether one of the tries may have arrived, whatever the last one was told.
    async fn post(
        &self,
        target: &Target,
        made: &Exported,
        body: &str,
    ) -> (Result<(), SendError>, bool) {
        let id = made.export.id.0;
        let (mut tries, mut may_be_there) = (0, false);
        loop {
            tries += 1;
            let at = self.ports.clock.now();
            let sent = self.ports.messenger.post(target, id, at, body).await;
            may_be_there |= sent.as_ref().is_err_and(|failed| !is_refused(failed));
            let wait = match &sent {
                Err(failed) if tries < TRIES => match failed.error.retry {
                    Retry::After(wait) => wait.min(LONGEST_WAIT),
                    Retry::Reconcile => Duration::ZERO,
                    Retry::Never => return (sent, may_be_there),
                },
                _ => return (sent, may_be_there),
            };
            tokio::time::sleep(wait).await;
        }
    }
}

/// The other side answered, and did not take it.
fn is_refused(failed: &SendError) -> bool {
    use Kind::{Configuration, NotFound, RateLimited, Rejected};
    matches!(
        failed.error.kind,
        Rejected | NotFound | RateLimited | Configuration
    )
}

/// What is sent; see `docs/API.md`.
fn document(made: &Exported) -> Value {
    let export = &made.export;
    let time = |at: chrono::DateTime<chrono::Utc>| at.to_rfc3339_opts(SecondsFormat::Secs, true);
    let people = made.people.iter().map(|of| {
        let checkout = of.checkout.as_ref().map(|c| {
            json!({
                "url": c.url,
                "total": format_minor(c.total, c.currency),
                "currency": c.currency.to_string(),
                "updated_at": time(c.updated_at),
            })
        });
        json!({
            "customer_id": of.customer.to_string(),
            "name": of.name,
            "address": of.address,
            "agreed_since": of.agreed_since.map(time),
            "cause": of.cause,
            "checkout": checkout,
        })
    });
    json!({
        "type": "segment.exported",
        "version": VERSION,
        "timestamp": time(export.at),
        "data": {
            "export_id": export.id.to_string(),
            "store_id": export.scope.store.to_string(),
            "segment": export.segment,
            "channel": export.channel,
            "people": people.collect::<Vec<Value>>(),
        },
    })
}
