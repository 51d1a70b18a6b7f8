//! Unusual days with what was said about them, and briefs.

use super::database::{FakeDatabase, refuse};
use super::paging;
use async_trait::async_trait;
use chrono::{DateTime, NaiveDate, Utc};
use domain::analysis::{Anomaly, Brief, Kept, Standing};
use domain::audit::NewEntry;
use domain::calendar::DayRange;
use domain::ids::{AnomalyId, StoreScope, WorkspaceId};
use ports::analysis::AnalysisStore;
use ports::events::analysis_changed;
use ports::{Kind, Page, PageRequest, PortResult};
use std::cmp::Reverse;
use std::collections::BTreeMap;

#[derive(Default)]
pub(super) struct AnalysisState {
    rows: BTreeMap<AnomalyId, Kept>,
    briefs: BTreeMap<(StoreScope, NaiveDate), Brief>,
}

impl AnalysisState {
    pub(super) fn purge(&mut self, scope: StoreScope) {
        self.rows.retain(|_, row| row.anomaly.scope != scope);
        self.briefs.retain(|(of, _), _| *of != scope);
    }
}

#[async_trait]
impl AnalysisStore for FakeDatabase {
    async fn save_anomalies(
        &self,
        scope: StoreScope,
        days: DayRange,
        found: &[Anomaly],
        at: DateTime<Utc>,
    ) -> PortResult<()> {
        let mut state = self.lock();
        let rows = &mut state.analysis.rows;
        let is_of = |row: &Kept| row.anomaly.scope == scope && days.contains(row.anomaly.day);
        rows.retain(|_, row| !is_of(row) || row.version > 0);
        for row in rows.values_mut().filter(|row| is_of(row)) {
            row.gone = true;
        }
        for one in found {
            let row = rows.entry(one.id).or_insert_with(|| Kept {
                anomaly: one.clone(),
                version: 0,
                mark: None,
                gone: false,
            });
            if row.anomaly.scope.workspace == scope.workspace {
                row.anomaly = one.clone();
                row.gone = false;
            }
        }
        state.emit([analysis_changed(scope, at)]);
        Ok(())
    }

    async fn anomalies(
        &self,
        scope: StoreScope,
        standing: Option<Standing>,
        page: &PageRequest,
    ) -> PortResult<Page<Kept>> {
        let state = self.lock();
        let rows = state.analysis.rows.values();
        let rows = rows
            .filter(|row| row.anomaly.scope == scope)
            .filter(|row| standing.is_none_or(|s| row.standing() == s))
            .map(|row| ((Reverse(row.anomaly.day), row.anomaly.id), row.clone()))
            .collect();
        let list = format!("anomalies {scope:?} {standing:?}");
        paging::page(&list, "anomalies.list", rows, page)
    }

    async fn anomaly(&self, workspace: WorkspaceId, id: AnomalyId) -> PortResult<Option<Kept>> {
        let state = self.lock();
        let found = state.analysis.rows.get(&id);
        let mine = found.filter(|row| row.anomaly.scope.workspace == workspace);
        Ok(mine.cloned())
    }

    async fn mark_anomaly(&self, marked: &Kept, entry: &NewEntry) -> PortResult<()> {
        let mut state = self.lock();
        let scope = marked.anomaly.scope;
        let row = state.analysis.rows.get_mut(&marked.anomaly.id);
        let row = row.filter(|row| {
            row.anomaly.scope.workspace == scope.workspace && row.version + 1 == marked.version
        });
        let Some(row) = row else {
            let detail = "somebody else said something about it meanwhile; look at it again";
            return Err(refuse(Kind::Conflict, "anomalies.mark", detail));
        };
        row.version = marked.version;
        row.mark.clone_from(&marked.mark);
        state.record(std::slice::from_ref(entry));
        state.emit([analysis_changed(scope, entry.at)]);
        Ok(())
    }

    async fn save_brief(&self, brief: &Brief) -> PortResult<bool> {
        let mut state = self.lock();
        let key = (brief.scope, brief.day);
        if state.analysis.briefs.contains_key(&key) {
            return Ok(false);
        }
        state.analysis.briefs.insert(key, brief.clone());
        state.emit([analysis_changed(brief.scope, brief.made_at)]);
        Ok(true)
    }

    async fn replace_brief(&self, brief: &Brief) -> PortResult<bool> {
        let mut state = self.lock();
        let key = (brief.scope, brief.day);
        let stored = state.analysis.briefs.get_mut(&key);
        let Some(stored) = stored.filter(|b| b.version + 1 == brief.version) else {
            return Ok(false);
        };
        stored.clone_from(brief);
        state.emit([analysis_changed(brief.scope, brief.made_at)]);
        Ok(true)
    }

    async fn briefs(&self, scope: StoreScope, page: &PageRequest) -> PortResult<Page<Brief>> {
        let state = self.lock();
        let mine = state.analysis.briefs.iter();
        let rows = mine
            .filter(|((of, _), _)| *of == scope)
            .map(|((_, day), brief)| (Reverse(*day), brief.clone()))
            .collect();
        paging::page(&format!("briefs {scope:?}"), "briefs.list", rows, page)
    }

    async fn brief(&self, scope: StoreScope, day: NaiveDate) -> PortResult<Option<Brief>> {
        Ok(self.lock().analysis.briefs.get(&(scope, day)).cloned())
    }
}
