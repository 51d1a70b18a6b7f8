//! Exports of segments, and whom they named.

use super::database::{FakeDatabase, refuse};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::audit::NewEntry;
use domain::ids::{CustomerId, OutreachExportId, StoreScope};
use domain::outreach::{
    Cap, Cause, Claim, ExportState, OutreachExport, OutreachSettings, Told, judge,
};
use ports::outreach::OutreachStore;
use ports::{Kind, PortResult};
use std::collections::BTreeMap;

#[derive(Default)]
pub(super) struct OutreachState {
    settings: BTreeMap<StoreScope, OutreachSettings>,
    exports: Vec<OutreachExport>,
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
        state.outreach.exports.push(made.clone());
        state.record(std::slice::from_ref(entry));
        Ok((claims, made))
    }

    async fn take_back_outreach(
        &self,
        scope: StoreScope,
        id: OutreachExportId,
    ) -> PortResult<bool> {
        let mut state = self.lock();
        let mut exports = state.outreach.exports.iter_mut();
        let found = exports.find(|e| e.id == id && e.scope == scope);
        let Some(export) = found.filter(|e| e.state == ExportState::Made) else {
            return Ok(false);
        };
        export.state = ExportState::TakenBack;
        state.outreach.told.retain(|_, (_, of)| *of != id);
        Ok(true)
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
