//! Sending an export to a channel: one signed message, as Standard Webhooks have it, under one id over all of its tries.
//!
//! The first try is made at once. What was not taken is tried again by the worker, with growing waits and a bound; the row of the export is
//! the truth, so that whoever dies between two tries loses nothing. No address is kept: each try asks the shop anew who is reached how and
//! still agrees, and names no one that the first did not. Where nobody knows whether a try arrived, it is not sent again by itself, and
//! everybody counts as told: to be told twice is worse than not to be told.

use super::export::{Exported, Named, Way};
use super::{Outreach, OutreachError};
use crate::notifications::target_of;
use crate::queue::{one_by_one, span};
use chrono::{Duration, SecondsFormat};
use domain::audit::{Actor, NewEntry};
use domain::ids::{ChannelId, CustomerId, OutreachExportId};
use domain::money::format_minor;
use domain::notifications::{Channel, ChannelKind};
use domain::outreach::{
    Cause, Delivery, DeliveryState, ExportState, LeftOut, Member, OutreachExport, SegmentRule,
    Tried,
};
use domain::store::Store;
use ports::notify::{SendError, Target};
use ports::outreach::{HELD, OutreachLease, Release};
use ports::{Kind, PortResult, Retry};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use tokio_util::sync::CancellationToken;
use tracing::Instrument as _;

/// In one message.
const MOST: usize = 2_000;
/// Grows when a field changes its meaning or goes; new fields come without notice.
const VERSION: u32 = 1;

/// What a later try says.
struct Message {
    target: Target,
    people: Vec<Named>,
    /// Named at first, and not any more.
    left: Vec<(CustomerId, LeftOut)>,
}

impl Outreach {
    /// Answers what was taken, or waits to be tried again. `NotTaken`, `MayHaveArrived`: it is not tried again by itself.
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
        let via = (channel.name.as_str(), Some(channel.id));
        let mut made = self.hand_over(store, way, via, members).await?;
        let mut lease = OutreachLease {
            export: made.export.clone(),
            fence: 1,
        };
        if made.people.is_empty() {
            // There is nothing to send.
            lease.export.delivery = None;
            let port = &self.ports.outreach;
            port.advance_sending(&lease, None, Release::Nobody).await?;
        } else {
            self.try_now(&mut lease, &target, &made.people, &[]).await?;
        }
        made.export = lease.export;
        let Some(delivery) = &made.export.delivery else {
            return Ok(made);
        };
        let why = || delivery.reason.clone().unwrap_or_default();
        match delivery.state {
            DeliveryState::Unknown => Err(OutreachError::MayHaveArrived(why())),
            DeliveryState::GivenUp => Err(OutreachError::NotTaken(why())),
            DeliveryState::Waiting | DeliveryState::Sending | DeliveryState::Taken => Ok(made),
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

    /// That it is being sent is stored first, so that a try that nobody sees end is known as such.
    async fn try_now(
        &self,
        lease: &mut OutreachLease,
        target: &Target,
        people: &[Named],
        gone: &[CustomerId],
    ) -> PortResult<()> {
        let port = &self.ports.outreach;
        let body = document(&lease.export, people).to_string();
        let id = lease.export.id.0;
        let Some(delivery) = lease.export.delivery.as_mut() else {
            return Ok(());
        };
        delivery.begin();
        let until = self.ports.clock.now() + HELD;
        let release = Release::These(gone);
        port.advance_sending(lease, Some(until), release).await?;
        let at = self.ports.clock.now();
        let sent = self.ports.messenger.post(target, id, at, &body).await;
        self.ended(lease, tried(sent)).await
    }

    async fn ended(&self, lease: &mut OutreachLease, how: Tried) -> PortResult<()> {
        let now = self.ports.clock.now();
        if let Some(delivery) = lease.export.delivery.as_mut() {
            delivery.end(how, now);
        }
        self.put_down(lease).await
    }

    async fn put_down(&self, lease: &mut OutreachLease) -> PortResult<()> {
        let port = &self.ports.outreach;
        let release = given_back(&mut lease.export);
        port.advance_sending(lease, None, release).await
    }

    /// Until cancelled; a message that is being sent is waited for.
    pub async fn run_worker(&self, stop: CancellationToken) {
        let what = "exports of segments to webhooks";
        one_by_one(what, &self.queued, &stop, || self.send_due()).await;
    }

    /// One export that is due; answers whether there was one.
    pub async fn send_due(&self) -> PortResult<bool> {
        let now = self.ports.clock.now();
        let Some(lease) = self.ports.outreach.claim_sending(now, HELD).await? else {
            return Ok(false);
        };
        let span = span("segment_export", lease.export.id);
        match self.again(lease).instrument(span).await {
            // Whoever has it now, or decided of it, notes what becomes of it.
            Err(error) if error.kind == Kind::Conflict => Ok(true),
            other => other.map(|()| true),
        }
    }

    async fn again(&self, mut lease: OutreachLease) -> PortResult<()> {
        let now = self.ports.clock.now();
        let Some(delivery) = lease.export.delivery.clone() else {
            return self.put_down(&mut lease).await;
        };
        if delivery.state == DeliveryState::Sending {
            let why = "whoever sent it ended while it was on its way";
            return self.ended(&mut lease, Tried::Unknown(why.to_owned())).await;
        }
        let message = match self.message(&lease.export, delivery.channel).await {
            Ok(message) => message,
            Err(error @ (OutreachError::UnknownChannel | OutreachError::BadChannel(_))) => {
                let why = Tried::Refused(error.to_string());
                return self.ended(&mut lease, why).await;
            }
            Err(error) => {
                if let Some(delivery) = lease.export.delivery.as_mut() {
                    delivery.not_made(format!("it could not be made: {error}"), now);
                }
                return self.put_down(&mut lease).await;
            }
        };
        if message.people.is_empty() {
            let why = "nobody of it may be written to any more";
            return self.ended(&mut lease, Tried::Refused(why.to_owned())).await;
        }
        // Where an earlier try may have arrived, it may have named them.
        let gone: Vec<CustomerId> = match delivery.may_be_there {
            true => Vec::new(),
            false => message.left.iter().map(|(id, _)| *id).collect(),
        };
        if !delivery.may_be_there {
            for (_, why) in &message.left {
                lease.export.told = lease.export.told.saturating_sub(1);
                lease.export.leave_out(*why);
            }
        }
        let Message { target, people, .. } = message;
        self.try_now(&mut lease, &target, &people, &gone).await
    }

    /// Of those whom the export names: who is still in the segment for the same cause, reached and agreed.
    async fn message(
        &self,
        export: &OutreachExport,
        channel: ChannelId,
    ) -> Result<Message, OutreachError> {
        let scope = export.scope;
        let store = self.store(scope.workspace, Some(scope.store)).await?;
        let (_, target) = self.channel(&store, channel).await?;
        let port = &self.ports.outreach;
        let claimed = port.outreach_people(scope, export.id).await?;
        let mut claimed: BTreeSet<(CustomerId, Cause)> = claimed.into_iter().collect();
        let members = match SegmentRule::of_word(&export.segment) {
            Some(rule) => self.members(&store, rule).await?,
            None => Vec::new(),
        };
        let still: Vec<Member> = members
            .into_iter()
            .filter(|member| claimed.remove(&(member.customer, member.cause.clone())))
            .collect();
        let (people, mut left) = self.reached(&store, export.channel, still).await?;
        left.extend(claimed.into_iter().map(|(id, _)| (id, LeftOut::NoLonger)));
        Ok(Message {
            target,
            people,
            left,
        })
    }

    /// It is tried as soon as the worker is free. `drops_repeats`: whoever takes it drops what it was sent before, which a person has to say
    /// where an earlier try may have arrived.
    pub async fn try_again(
        &self,
        store: &Store,
        id: OutreachExportId,
        drops_repeats: bool,
        by: &Actor,
    ) -> Result<OutreachExport, OutreachError> {
        let now = self.ports.clock.now();
        let action = "segment.export_retry";
        let may = |of: &Delivery| of.may_be_tried(drops_repeats);
        let decided = self.decide(store, id, action, by, may, |delivery| {
            delivery.state = DeliveryState::Waiting;
            delivery.due_at = Some(now);
        });
        let decided = decided.await?;
        self.queued.notify_one();
        Ok(decided)
    }

    /// It is not tried any more. Where nothing of it can be there, nobody counts as told.
    pub async fn give_up(
        &self,
        store: &Store,
        id: OutreachExportId,
        by: &Actor,
    ) -> Result<OutreachExport, OutreachError> {
        let action = "segment.export_give_up";
        let may = Delivery::may_be_given_up;
        let decided = self.decide(store, id, action, by, may, |delivery| {
            delivery.state = DeliveryState::GivenUp;
            delivery.due_at = None;
        });
        decided.await
    }

    async fn decide(
        &self,
        store: &Store,
        id: OutreachExportId,
        action: &str,
        by: &Actor,
        may: impl Fn(&Delivery) -> bool + Send,
        change: impl FnOnce(&mut Delivery) + Send,
    ) -> Result<OutreachExport, OutreachError> {
        let port = &self.ports.outreach;
        let seen = port.outreach_export(store.scope, id).await?;
        let seen = seen.ok_or(OutreachError::UnknownExport)?;
        let mut decided = seen.clone();
        match decided.delivery.as_mut() {
            Some(delivery) if may(delivery) => change(delivery),
            Some(delivery) => return Err(OutreachError::CannotBe(delivery.state)),
            None => return Err(OutreachError::NotSent),
        }
        let release = given_back(&mut decided);
        let name = id.to_string();
        let target = ("segment_export", name.as_str(), seen.segment.as_str());
        let (workspace, now) = (store.scope.workspace, self.ports.clock.now());
        let entry = NewEntry::done(workspace, now, by.clone(), action, target)
            .before(&json!(seen.delivery))
            .after(&json!(decided.delivery));
        let stored = port.decide_sending(&seen, &decided, release, &entry).await;
        stored.map_err(|error| match error.kind {
            Kind::Conflict => OutreachError::TriedMeanwhile,
            _ => OutreachError::Port(error),
        })?;
        Ok(decided)
    }
}

/// Where it is lost, nobody counts as told.
fn given_back(export: &mut OutreachExport) -> Release<'static> {
    if export.is_lost() {
        export.state = ExportState::TakenBack;
        return Release::Everybody;
    }
    Release::Nobody
}

fn tried(sent: Result<(), SendError>) -> Tried {
    let Err(SendError { error, reached, .. }) = sent else {
        return Tried::Taken;
    };
    match error.retry {
        Retry::Never => Tried::Refused(error.detail),
        Retry::Reconcile => Tried::Unknown(error.detail),
        Retry::After(wait) => Tried::Again {
            asked: Duration::from_std(wait).unwrap_or_default(),
            // A server that broke may have kept some of it; one that is busy, or refuses, did not.
            answered: reached && error.kind == Kind::Unavailable,
            why: error.detail,
        },
    }
}

/// What is sent; see `docs/API.md`.
fn document(export: &OutreachExport, people: &[Named]) -> Value {
    let time = |at: chrono::DateTime<chrono::Utc>| at.to_rfc3339_opts(SecondsFormat::Secs, true);
    let people = people.iter().map(|of| {
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
