//! Making an export: who is in the segment, how they are reached and whether they agreed, and whether they may be told now.

use super::{Outreach, OutreachError};
use chrono::{DateTime, Duration, Utc};
use domain::audit::{Actor, NewEntry};
use domain::ids::{CustomerId, OutreachExportId};
use domain::outreach::{
    Cap, Cause, Checkout, Claim, Contact, ExportState, LeftOut, Member, OutreachChannel,
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

/// The segment's word, with its product.
fn segment(rule: SegmentRule) -> String {
    match rule {
        SegmentRule::Bought(product) => format!("{}:{product}", rule.as_str()),
        _ => rule.as_str().to_owned(),
    }
}

impl Outreach {
    /// For a file. Whom it names counts as told from now on.
    pub async fn export(&self, store: &Store, way: &Way) -> Result<Exported, OutreachError> {
        let members = self.members(store, way.rule).await?;
        self.hand_over(store, way, "csv", members).await
    }

    pub(super) async fn hand_over(
        &self,
        store: &Store,
        way: &Way,
        via: &str,
        members: Vec<Member>,
    ) -> Result<Exported, OutreachError> {
        let now = self.ports.clock.now();
        let limits = self.settings(store).await?.limits;
        let mut export = OutreachExport {
            id: OutreachExportId(Uuid::now_v7()),
            scope: store.scope,
            segment: segment(way.rule),
            channel: way.channel,
            via: via.to_owned(),
            by: way.by.clone(),
            at: now,
            state: ExportState::Made,
            members: members.len() as u64,
            told: 0,
            left_out: BTreeMap::new(),
        };
        let mut people = Vec::new();
        let mut contacts = self.contacts(store, &members).await?;
        for member in members {
            let Some(contact) = contacts.remove(&member.customer) else {
                export.leave_out(LeftOut::NotKnown);
                continue;
            };
            match contact.reach(way.channel) {
                Err(why) => export.leave_out(why),
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
