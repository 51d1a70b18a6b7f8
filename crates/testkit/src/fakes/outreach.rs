//! Exports of segments, and whom they named.

use super::database::{FakeDatabase, refuse};
use async_trait::async_trait;
use chrono::{DateTime, Duration, Utc};
use domain::audit::NewEntry;
use domain::ids::{CustomerId, OutreachExportId, StoreScope};
use domain::outreach::{
    Cap, Cause, Claim, DeliveryState, OutreachExport, OutreachSettings, Told, judge,
};
use ports::outreach::{HELD, OutreachLease, OutreachStore, Release};
use ports::{Kind, PortResult};
use std::collections::BTreeMap;

#[derive(Default)]
pub(super) struct OutreachState {
    settings: BTreeMap<StoreScope, OutreachSettings>,
    exports: Vec<OutreachExport>,
    /// Fence, and until when somebody holds it.
    held: BTreeMap<OutreachExportId, (i64, Option<DateTime<Utc>>)>,
    told: BTreeMap<(StoreScope, CustomerId, Cause), (DateTime<Utc>, OutreachExportId)>,
}

impl OutreachState {
    pub(super) fn purge(&mut self, scope: StoreScope) {
        self.settings.remove(&scope);
        self.exports.retain(|e| e.scope != scope);
        self.told.retain(|(of, _, _), _| *of != scope);
    }

    pub(super) fn forget(&mut self, scope: StoreScope, customers: &[CustomerId]) {
        self.told
            .retain(|(of, customer, _), _| *of != scope || !customers.contains(customer));
    }

    pub(super) fn merge(&mut self, scope: StoreScope, from: CustomerId, into: CustomerId) {
        let own = |(of, who, _): &(StoreScope, CustomerId, Cause)| *of == scope && *who == from;
        let gone: Vec<_> = self.told.extract_if(.., |key, _| own(key)).collect();
        for ((of, _, cause), told) in gone {
            self.told.entry((of, into, cause)).or_insert(told);
        }
    }

    fn put(&mut self, export: &OutreachExport, release: Release<'_>) {
        let mut exports = self.exports.iter_mut();
        if let Some(stored) = exports.find(|e| e.id == export.id) {
            *stored = export.clone();
        }
        let goes = |who: &CustomerId| match release {
            Release::Nobody => false,
            Release::These(people) => people.contains(who),
            Release::Everybody => true,
        };
        self.told
            .retain(|(_, who, _), (_, of)| *of != export.id || !goes(who));
    }

    fn told(&self, scope: StoreScope, customer: CustomerId) -> Vec<Told> {
        let own = self.told.iter();
        let own = own.filter(|((of, who, _), _)| *of == scope && *who == customer);
        let mut told: Vec<Told> = own
            .map(|((_, _, cause), (at, _))| Told {
                cause: cause.clone(),
                at: *at,
            })
            .collect();
        told.sort_by(|a, b| (a.at, &a.cause).cmp(&(b.at, &b.cause)));
        told
    }
}

/// When somebody has to look at it.
fn due_at(export: &OutreachExport) -> Option<DateTime<Utc>> {
    let delivery = export.delivery.as_ref()?;
    match delivery.state {
        DeliveryState::Waiting => Some(delivery.due_at.unwrap_or(export.at)),
        DeliveryState::Sending => Some(export.at),
        DeliveryState::Taken | DeliveryState::Unknown | DeliveryState::GivenUp => None,
    }
}

#[async_trait]
impl OutreachStore for FakeDatabase {
    async fn outreach_settings(&self, scope: StoreScope) -> PortResult<Option<OutreachSettings>> {
        Ok(self.lock().outreach.settings.get(&scope).cloned())
    }

    async fn set_outreach_settings(
        &self,
        settings: &OutreachSettings,
        entry: &NewEntry,
    ) -> PortResult<()> {
        let mut state = self.lock();
        let newest = state.outreach.settings.get(&settings.scope);
        if settings.version != newest.map_or(0, |newest| newest.version) + 1 {
            let detail = "they were set otherwise meanwhile";
            return Err(refuse(Kind::Conflict, "outreach_settings.save", detail));
        }
        let scope = settings.scope;
        state.outreach.settings.insert(scope, settings.clone());
        state.record(std::slice::from_ref(entry));
        Ok(())
    }

    async fn claim_outreach(
        &self,
        export: &OutreachExport,
        wanted: &[(CustomerId, Cause)],
        cap: Cap,
        entry: &NewEntry,
    ) -> PortResult<(Vec<Claim>, OutreachExport)> {
        let mut state = self.lock();
        let mut claims = Vec::new();
        for (customer, cause) in wanted {
            let before = state.outreach.told(export.scope, *customer);
            let claim = judge(&before, cause, cap);
            if claim == Claim::Granted {
                let key = (export.scope, *customer, cause.clone());
                state.outreach.told.insert(key, (export.at, export.id));
            }
            claims.push(claim);
        }
        let mut made = export.clone();
        made.count(&claims);
        if made.delivery.is_some() {
            let held = (1, Some(made.at + HELD));
            state.outreach.held.insert(made.id, held);
        }
        state.outreach.exports.push(made.clone());
        state.record(std::slice::from_ref(entry));
        Ok((claims, made))
    }

    async fn claim_sending(
        &self,
        now: DateTime<Utc>,
        lease: Duration,
    ) -> PortResult<Option<OutreachLease>> {
        let mut state = self.lock();
        let OutreachState { exports, held, .. } = &mut state.outreach;
        let free = |e: &&OutreachExport| held.get(&e.id).and_then(|h| h.1).is_none_or(|u| u <= now);
        let due = exports.iter().filter(free);
        let due = due.filter_map(|e| Some((due_at(e)?, e)));
        let Some((_, export)) = due
            .filter(|(at, _)| *at <= now)
            .min_by_key(|(at, e)| (*at, e.id.0))
        else {
            return Ok(None);
        };
        let (fence, until) = held.entry(export.id).or_default();
        *fence += 1;
        *until = Some(now + lease);
        Ok(Some(OutreachLease {
            export: export.clone(),
            fence: *fence,
        }))
    }

    async fn advance_sending(
        &self,
        lease: &OutreachLease,
        until: Option<DateTime<Utc>>,
        release: Release<'_>,
    ) -> PortResult<()> {
        let mut state = self.lock();
        let held = state.outreach.held.get(&lease.export.id).copied();
        if held.is_none_or(|(fence, until)| fence != lease.fence || until.is_none()) {
            let detail = "somebody else sends it";
            return Err(refuse(Kind::Conflict, "outreach.advance_sending", detail));
        }
        let id = lease.export.id;
        state.outreach.held.insert(id, (lease.fence, until));
        state.outreach.put(&lease.export, release);
        Ok(())
    }

    async fn decide_sending(
        &self,
        seen: &OutreachExport,
        decided: &OutreachExport,
        release: Release<'_>,
        entry: &NewEntry,
    ) -> PortResult<()> {
        let mut state = self.lock();
        if !state.outreach.exports.contains(seen) {
            let detail = "it was tried, or decided otherwise, meanwhile";
            return Err(refuse(Kind::Conflict, "outreach.decide_sending", detail));
        }
        let held = state.outreach.held.entry(seen.id).or_default();
        *held = (held.0 + 1, None);
        state.outreach.put(decided, release);
        state.record(std::slice::from_ref(entry));
        Ok(())
    }

    async fn outreach_export(
        &self,
        scope: StoreScope,
        id: OutreachExportId,
    ) -> PortResult<Option<OutreachExport>> {
        let state = self.lock();
        let mut exports = state.outreach.exports.iter();
        let found = exports.find(|e| e.id == id && e.scope == scope);
        Ok(found.cloned())
    }

    async fn outreach_people(
        &self,
        scope: StoreScope,
        id: OutreachExportId,
    ) -> PortResult<Vec<(CustomerId, Cause)>> {
        let state = self.lock();
        let told = state.outreach.told.iter();
        let own = told.filter(|((of, _, _), (_, export))| *of == scope && *export == id);
        Ok(own
            .map(|((_, who, cause), _)| (*who, cause.clone()))
            .collect())
    }

    async fn outreach_exports(
        &self,
        scope: StoreScope,
        most: u32,
    ) -> PortResult<Vec<OutreachExport>> {
        let state = self.lock();
        let own = state.outreach.exports.iter().filter(|e| e.scope == scope);
        let mut own: Vec<OutreachExport> = own.cloned().collect();
        own.sort_by_key(|e| std::cmp::Reverse((e.at, e.id.0)));
        own.truncate(most as usize);
        Ok(own)
    }

    async fn told(&self, scope: StoreScope, customer: CustomerId) -> PortResult<Vec<Told>> {
        Ok(self.lock().outreach.told(scope, customer))
    }
}
