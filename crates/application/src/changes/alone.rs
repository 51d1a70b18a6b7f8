//! What one person may give back alone: held against what the same one gave back within a day, before anything is let through.

use super::{ChangeError, Changes};
use chrono::{DateTime, Utc};
use domain::audit::{Actor, Outcome};
use domain::changes::alone::{RefundLimits, alone, fits, given};
use domain::changes::{ChangeSet, ChangeSetStatus, OperationState, guardrails};
use domain::ids::ChangeSetId;
use domain::store::Store;
use ports::changes::ChangeFilter;
use ports::page::MAX_LIMIT;
use ports::{PageRequest, PortResult};
use serde_json::json;
use std::collections::BTreeSet;

/// What somebody may still give back without a second person; amounts in minor units of the store's currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RefundAllowance {
    pub limits: RefundLimits,
    /// What they gave back alone within 24 hours, what is approved and not made yet among it.
    pub used: i64,
    /// Other people who might approve what is more.
    pub others: u64,
}

impl RefundAllowance {
    /// The largest refund that needs nobody else now; `None`: any.
    #[must_use]
    pub fn left(&self) -> Option<i64> {
        let of_day = self.limits.day.map(|day| (day - self.used).max(0));
        match (self.limits.alone, of_day) {
            (Some(alone), Some(day)) => Some(alone.min(day)),
            (alone, day) => alone.or(day),
        }
    }
}

impl Changes {
    /// # Errors
    /// [`ChangeError::NeedsSecond`], which the audit tells, too.
    pub(super) async fn may_refund(
        &self,
        set: &ChangeSet,
        left_out: &[u32],
        by: &Actor,
    ) -> Result<(), ChangeError> {
        let chosen = set.operations.iter().filter(|o| !left_out.contains(&o.no));
        let need = chosen.filter_map(|o| given(&o.action)).sum::<i64>();
        let Some(person) = alone(&set.proposed_by, by).filter(|_| need > 0) else {
            return Ok(());
        };
        let limits = self.limits(set.scope).await?.refunds;
        if limits.are_off() {
            return Ok(());
        }
        let store = self.stores.find(set.scope).await?;
        let store = store.ok_or(ChangeError::NoConnection)?;
        let used = self.given_alone(&store, &person, Some(set.id)).await?;
        let Err(why) = fits(&limits, store.currency, need, used.into_iter()) else {
            return Ok(());
        };
        let entry = self.entry(set, by, "change_set.approve");
        let entry = entry.outcome(Outcome::Refused).because(&why);
        let entry = entry.after(&json!({ "refund": need, "limits": limits }));
        self.ports.audit.record(&[entry]).await?;
        Err(ChangeError::NeedsSecond(why))
    }

    /// What this person may give back alone now.
    pub async fn refund_allowance(
        &self,
        store: &Store,
        by: &Actor,
        may_approve: impl Fn(domain::people::Role) -> bool + Send,
    ) -> PortResult<RefundAllowance> {
        let limits = self.limits(store.scope).await?.refunds;
        let person = by.id.clone().unwrap_or_else(|| by.name.clone());
        let used = self.given_alone(store, &person, None).await?;
        let members = self.ports.members.members(store.scope.workspace).await?;
        let others = members.iter().filter(|m| {
            let is_other = Some(m.user.id.to_string()) != by.id;
            let is_there = m.disabled_at.is_none() && m.kind == domain::people::UserKind::Person;
            is_other && is_there && may_approve(m.user.role)
        });
        Ok(RefundAllowance {
            limits,
            used: used.iter().map(|(_, given)| given).sum(),
            others: others.count() as u64,
        })
    }

    /// Within 24 hours, and what is approved and not made yet; when, and how much.
    async fn given_alone(
        &self,
        store: &Store,
        person: &str,
        except: Option<ChangeSetId>,
    ) -> PortResult<Vec<(DateTime<Utc>, i64)>> {
        let (port, now) = (&self.ports.changes, self.ports.clock.now());
        let intents = port.intents(store.scope, now - guardrails::DAY).await?;
        let own = intents
            .iter()
            .filter(|i| i.alone.as_deref() == Some(person));
        let own: Vec<_> = own.filter(|i| Some(i.set) != except).collect();
        let ids: BTreeSet<ChangeSetId> = own.iter().map(|i| i.set).collect();
        let mut void = BTreeSet::new();
        for id in ids {
            let found = port.find(store.scope.workspace, id).await?;
            let operations = found.into_iter().flat_map(|s| s.operations);
            let gone = operations.filter(|o| o.state.is_without_effect());
            void.extend(gone.map(|o| (id, o.no)));
        }
        let made = own.iter().filter(|i| !void.contains(&(i.set, i.no)));
        let mut all: Vec<_> = made
            .filter_map(|i| Some((i.at, given(&i.action)?)))
            .collect();
        for status in [ChangeSetStatus::Approved, ChangeSetStatus::Applying] {
            for set in self.open_sets(store, status).await? {
                if Some(set.id) == except || set.alone().as_deref() != Some(person) {
                    continue;
                }
                let waits = set.operations.iter();
                let waits = waits.filter(|o| o.state == OperationState::Approved);
                let waits = waits.filter_map(|o| given(&o.action));
                all.extend(waits.map(|given| (now, given)));
            }
        }
        Ok(all)
    }

    async fn open_sets(
        &self,
        store: &Store,
        status: ChangeSetStatus,
    ) -> PortResult<Vec<ChangeSet>> {
        let filter = ChangeFilter {
            store: Some(store.scope.store),
            status: Some(status),
            ..ChangeFilter::default()
        };
        let (mut sets, mut page) = (Vec::new(), PageRequest::first(MAX_LIMIT));
        loop {
            let found = self.list(store.scope.workspace, &filter, &page).await?;
            sets.extend(found.items);
            page.cursor = found.next_cursor;
            if page.cursor.is_none() {
                return Ok(sets);
            }
        }
    }
}
