//! Opportunities, what was decided about them, and how they are scored.

use super::database::{FakeDatabase, refuse};
use super::paging;
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::audit::NewEntry;
use domain::ids::{OpportunityId, StoreScope, TrendSeriesId, WorkspaceId};
use domain::opportunity::{
    Opportunity, OpportunitySettings, Potential, TrendSeries, Watch, Watched,
};
use ports::events::opportunities_changed;
use ports::opportunities::{OpportunityFilter, OpportunityStore, OpportunitySums};
use ports::{Kind, Page, PageRequest, PortResult};
use std::collections::BTreeMap;
use uuid::Uuid;

#[derive(Default)]
pub(super) struct OpportunityState {
    rows: BTreeMap<OpportunityId, Watched>,
    rounds: BTreeMap<OpportunityId, Uuid>,
    settings: BTreeMap<StoreScope, OpportunitySettings>,
    trends: BTreeMap<(StoreScope, TrendSeriesId), TrendSeries>,
}

impl OpportunityState {
    pub(super) fn purge(&mut self, scope: StoreScope) {
        self.rows.retain(|_, row| row.opportunity.scope != scope);
        self.settings.remove(&scope);
        self.trends.retain(|(of, _), _| *of != scope);
    }

    fn of(&self, scope: StoreScope) -> impl Iterator<Item = &Watched> {
        let all = self.rows.values();
        all.filter(move |row| row.opportunity.scope == scope)
    }
}

fn matches(row: &Watched, filter: &OpportunityFilter, now: DateTime<Utc>) -> bool {
    let of = &row.opportunity;
    let margin = of.margin.value.map(|m| m.low);
    let goes = |to: &String| {
        of.ships_to
            .iter()
            .any(|c| c == "*" || c.eq_ignore_ascii_case(to))
    };
    let same = |name: &String| {
        let names = of.leads.iter().filter_map(|l| l.supplier.as_ref());
        let name = name.trim().to_lowercase();
        names.into_iter().any(|n| n.trim().to_lowercase() == name)
    };
    filter.watch.is_none_or(|w| row.watch(now) == w)
        && filter.score.is_none_or(|least| of.score >= Some(least))
        && filter.margin.is_none_or(|least| margin >= Some(least))
        && filter.ships_to.as_ref().is_none_or(goes)
        && filter.supplier.as_ref().is_none_or(same)
}

#[async_trait]
impl OpportunityStore for FakeDatabase {
    async fn save_opportunities(
        &self,
        scope: StoreScope,
        round: Uuid,
        found: &[Opportunity],
    ) -> PortResult<()> {
        let mut state = self.lock();
        let OpportunityState { rows, rounds, .. } = &mut state.opportunities;
        for one in found {
            rounds.insert(one.id, round);
            match rows.get_mut(&one.id) {
                Some(row) if row.opportunity.scope.workspace == scope.workspace => {
                    row.opportunity = one.clone();
                    row.gone = false;
                }
                Some(_) => {}
                None => {
                    let row = Watched {
                        opportunity: one.clone(),
                        discovered_at: one.computed_at,
                        version: 0,
                        decision: None,
                        gone: false,
                    };
                    rows.insert(one.id, row);
                }
            }
        }
        Ok(())
    }

    async fn settle_opportunities(
        &self,
        scope: StoreScope,
        round: Uuid,
        at: DateTime<Utc>,
    ) -> PortResult<()> {
        let mut state = self.lock();
        let OpportunityState { rows, rounds, .. } = &mut state.opportunities;
        let is_old = |row: &Watched| {
            let last = rounds.get(&row.opportunity.id);
            row.opportunity.scope == scope && last.is_none_or(|last| *last < round)
        };
        rows.retain(|_, row| !is_old(row) || row.version > 0);
        for row in rows.values_mut().filter(|row| is_old(row)) {
            row.gone = true;
        }
        state.emit([opportunities_changed(scope, at)]);
        Ok(())
    }

    async fn opportunities(
        &self,
        scope: StoreScope,
        filter: &OpportunityFilter,
        now: DateTime<Utc>,
        page: &PageRequest,
    ) -> PortResult<Page<Watched>> {
        let state = self.lock();
        let mine = state.opportunities.of(scope);
        let rows = mine
            .filter(|row| matches(row, filter, now))
            .map(|row| {
                let of = &row.opportunity;
                ((-of.interval.low, of.id), row.clone())
            })
            .collect();
        let list = format!("opportunities {scope:?} {filter:?}");
        paging::page(&list, "opportunities.list", rows, page)
    }

    async fn opportunity(
        &self,
        workspace: WorkspaceId,
        id: OpportunityId,
    ) -> PortResult<Option<Watched>> {
        let state = self.lock();
        let found = state.opportunities.rows.get(&id);
        let mine = found.filter(|row| row.opportunity.scope.workspace == workspace);
        Ok(mine.cloned())
    }

    async fn decide_opportunity(&self, decided: &Watched, entry: &NewEntry) -> PortResult<()> {
        let mut state = self.lock();
        let scope = decided.opportunity.scope;
        let row = state.opportunities.rows.get_mut(&decided.opportunity.id);
        let row = row.filter(|row| {
            row.opportunity.scope.workspace == scope.workspace && row.version + 1 == decided.version
        });
        let Some(row) = row else {
            let detail = "somebody else decided about it meanwhile";
            return Err(refuse(Kind::Conflict, "opportunities.decide", detail));
        };
        row.version = decided.version;
        row.decision = decided.decision.clone();
        state.record(std::slice::from_ref(entry));
        state.emit([opportunities_changed(scope, entry.at)]);
        Ok(())
    }

    async fn opportunity_sums(
        &self,
        scope: StoreScope,
        now: DateTime<Utc>,
        since: DateTime<Utc>,
    ) -> PortResult<OpportunitySums> {
        let state = self.lock();
        let mut sums = OpportunitySums::default();
        for row in state.opportunities.of(scope) {
            let watch = row.watch(now);
            let waits = watch == Watch::Proposed;
            let is_high = row.opportunity.potential == Some(Potential::High);
            sums.waiting += u64::from(waits);
            sums.high += u64::from(waits && is_high);
            sums.approved += u64::from(watch == Watch::Approved);
            sums.discovered += u64::from(row.discovered_at >= since);
        }
        Ok(sums)
    }

    async fn trends(&self, scope: StoreScope) -> PortResult<Vec<TrendSeries>> {
        let state = self.lock();
        let all = state.opportunities.trends.values();
        let mut mine: Vec<_> = all.filter(|s| s.scope == scope).cloned().collect();
        mine.sort_by_key(|s| s.id);
        Ok(mine)
    }

    async fn save_trends(
        &self,
        scope: StoreScope,
        series: &[TrendSeries],
        entry: &NewEntry,
    ) -> PortResult<()> {
        let mut state = self.lock();
        for one in series.iter().filter(|s| s.scope == scope) {
            let key = (scope, one.id);
            state.opportunities.trends.insert(key, one.clone());
        }
        state.record(std::slice::from_ref(entry));
        Ok(())
    }

    async fn forget_trend(
        &self,
        scope: StoreScope,
        id: TrendSeriesId,
        entry: &NewEntry,
    ) -> PortResult<()> {
        let mut state = self.lock();
        if state.opportunities.trends.remove(&(scope, id)).is_none() {
            return Err(refuse(
                Kind::NotFound,
                "opportunities.forget_trend",
                "there is no such series",
            ));
        }
        state.record(std::slice::from_ref(entry));
        Ok(())
    }

    async fn opportunity_settings(
        &self,
        scope: StoreScope,
    ) -> PortResult<Option<OpportunitySettings>> {
        Ok(self.lock().opportunities.settings.get(&scope).cloned())
    }

    async fn set_opportunity_settings(
        &self,
        settings: &OpportunitySettings,
        entry: &NewEntry,
    ) -> PortResult<()> {
        let mut state = self.lock();
        let newest = state.opportunities.settings.get(&settings.scope);
        if settings.version != newest.map_or(0, |newest| newest.version) + 1 {
            let detail = "they were set otherwise meanwhile";
            return Err(refuse(Kind::Conflict, "opportunity_settings.save", detail));
        }
        let scope = settings.scope;
        state.opportunities.settings.insert(scope, settings.clone());
        state.record(std::slice::from_ref(entry));
        state.emit([opportunities_changed(scope, entry.at)]);
        Ok(())
    }
}
