//! Making an export: who is in the segment, how they are reached and whether they agreed, and whether they may be told now.

use super::{Outreach, OutreachError};
use chrono::{DateTime, Duration, Utc};
use domain::audit::{Actor, NewEntry};
use domain::ids::{ChannelId, CustomerId, OutreachExportId};
use domain::outreach::{
    Cap, Cause, Checkout, Claim, Contact, Delivery, ExportState, LeftOut, Member, OutreachChannel,
    OutreachExport, SegmentRule,
};
use domain::store::Store;
use serde_json::json;
use std::collections::BTreeMap;
use uuid::Uuid;

/// How an export is handed over.
#[derive(Debug, Clone)]
pub struct Way {
    pub rule: SegmentRule,
    pub channel: OutreachChannel,
    pub by: Actor,
}

/// Somebody who may be written to now: no more of them than a mail tool needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    pub customer: CustomerId,
    pub name: Option<String>,
    pub address: String,
    /// Since when they have agreed; `None`: the shop does not say.
    pub agreed_since: Option<DateTime<Utc>>,
    pub cause: Cause,
    pub checkout: Option<Checkout>,
}

#[derive(Debug, Clone)]
pub struct Exported {
    pub export: OutreachExport,
    /// Handed over, and kept nowhere.
    pub people: Vec<Named>,
}

impl Outreach {
    /// For a file. Whom it names counts as told from now on.
    pub async fn export(&self, store: &Store, way: &Way) -> Result<Exported, OutreachError> {
        let members = self.members(store, way.rule).await?;
        self.hand_over(store, way, ("csv", None), members).await
    }

    /// `via`: how, and over which channel where it is sent; then it is held to be sent.
    pub(super) async fn hand_over(
        &self,
        store: &Store,
        way: &Way,
        (via, channel): (&str, Option<ChannelId>),
        members: Vec<Member>,
    ) -> Result<Exported, OutreachError> {
        let now = self.ports.clock.now();
        let limits = self.settings(store).await?.limits;
        let mut export = OutreachExport {
            id: OutreachExportId(Uuid::now_v7()),
            scope: store.scope,
            segment: way.rule.word(),
            channel: way.channel,
            via: via.to_owned(),
            by: way.by.clone(),
            at: now,
            state: ExportState::Made,
            members: members.len() as u64,
            told: 0,
            left_out: BTreeMap::new(),
            delivery: channel.map(Delivery::new),
        };
        let (mut people, left) = self.reached(store, way.channel, members).await?;
        left.into_iter().for_each(|(_, why)| export.leave_out(why));
        let wanted: Vec<(CustomerId, Cause)> = people
            .iter()
            .map(|named| (named.customer, named.cause.clone()))
            .collect();
        let cap = Cap {
            most: limits.most,
            since: now - Duration::days(i64::from(limits.within_days)),
        };
        let id = export.id.to_string();
        let target = ("segment_export", id.as_str(), export.segment.as_str());
        let (workspace, by) = (store.scope.workspace, way.by.clone());
        let entry = NewEntry::done(workspace, now, by, "segment.export", target)
            .after(&json!({ "channel": way.channel, "via": via, "members": export.members }));
        let port = &self.ports.outreach;
        let (claims, export) = port.claim_outreach(&export, &wanted, cap, &entry).await?;
        let mut claims = claims.into_iter();
        people.retain(|_| claims.next() == Some(Claim::Granted));
        Ok(Exported { export, people })
    }

    /// Who of them may be written to, and why the others may not.
    pub(super) async fn reached(
        &self,
        store: &Store,
        channel: OutreachChannel,
        members: Vec<Member>,
    ) -> Result<(Vec<Named>, Vec<(CustomerId, LeftOut)>), OutreachError> {
        let (mut people, mut left) = (Vec::new(), Vec::new());
        let mut contacts = self.contacts(store, &members).await?;
        for member in members {
            let Some(contact) = contacts.remove(&member.customer) else {
                left.push((member.customer, LeftOut::NotKnown));
                continue;
            };
            match contact.reach(channel) {
                Err(why) => left.push((member.customer, why)),
                Ok(reach) => people.push(Named {
                    customer: member.customer,
                    address: reach.address.clone(),
                    agreed_since: reach.consent.since,
                    name: contact.name.clone(),
                    cause: member.cause,
                    checkout: member.checkout,
                }),
            }
        }
        Ok((people, left))
    }

    /// Asked of the shop now, and never kept.
    async fn contacts(
        &self,
        store: &Store,
        members: &[Member],
    ) -> Result<BTreeMap<CustomerId, Contact>, OutreachError> {
        if members.is_empty() {
            return Ok(BTreeMap::new());
        }
        let asked: Vec<CustomerId> = members.iter().map(|member| member.customer).collect();
        let told = self.shop(store).await?.contacts(&asked).await?;
        Ok(told.into_iter().map(|c| (c.customer, c)).collect())
    }
}
