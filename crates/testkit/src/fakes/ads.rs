//! Ad accounts, what runs in them, their days, and the runs that read them.

use super::database::{FakeDatabase, refuse};
use super::leased::WorkRow;
use super::paging;
use async_trait::async_trait;
use chrono::{DateTime, Duration, NaiveDate, Utc};
use domain::ads::{AdAccount, AdLevel, AdSyncRun, InsightDay, Micros, StoredEntity};
use domain::audit::NewEntry;
use domain::calendar::DayRange;
use domain::ids::{AdAccountId, AdSyncId, StoreScope, WorkspaceId};
use domain::work::Run as _;
use ports::ads::{AdStore, AdSyncLease, AdSyncs, DaysKept, EntitySums};
use ports::{Kind, Page, PageRequest, PortResult};
use std::collections::BTreeMap;

type Place = (StoreScope, AdAccountId, AdLevel);

#[derive(Default)]
pub(super) struct AdsState {
    pub accounts: BTreeMap<AdAccountId, AdAccount>,
    pub entities: BTreeMap<(Place, String), StoredEntity>,
    pub days: BTreeMap<(Place, NaiveDate, String), InsightDay>,
    pub runs: BTreeMap<AdSyncId, WorkRow<AdSyncRun>>,
}

impl AdsState {
    pub(super) fn purge(&mut self, scope: StoreScope) {
        self.accounts.retain(|_, a| a.scope != scope);
        self.entities.retain(|(place, _), _| place.0 != scope);
        self.days.retain(|(place, ..), _| place.0 != scope);
        self.runs.retain(|_, row| row.work.scope != scope);
    }

    fn days_of(&self, place: Place, range: DayRange) -> impl Iterator<Item = &InsightDay> {
        let days = self.days.iter();
        days.filter(move |((of, day, _), _)| *of == place && range.contains(*day))
            .map(|(_, row)| row)
    }
}

#[async_trait]
impl AdStore for FakeDatabase {
    async fn create_ad_account(&self, account: &AdAccount, entry: &NewEntry) -> PortResult<()> {
        let mut state = self.lock();
        let same = |a: &AdAccount| {
            (a.scope.workspace, a.platform, &a.external_id)
                == (
                    account.scope.workspace,
                    account.platform,
                    &account.external_id,
                )
        };
        let accounts = &mut state.ads.accounts;
        if accounts.values().any(same) || accounts.contains_key(&account.id) {
            let detail = "this ad account is connected already";
            return Err(refuse(Kind::Conflict, "ads.create_account", detail));
        }
        accounts.insert(account.id, account.clone());
        state.record(std::slice::from_ref(entry));
        Ok(())
    }

    async fn update_ad_account(&self, account: &AdAccount) -> PortResult<AdAccount> {
        let operation = "ads.update_account";
        let mut state = self.lock();
        let stored = state.ads.accounts.get_mut(&account.id);
        let stored = stored.filter(|a| a.scope.workspace == account.scope.workspace);
        let Some(stored) = stored else {
            return Err(refuse(Kind::NotFound, operation, "the ad account is gone"));
        };
        if stored.version != account.version {
            return Err(refuse(
                Kind::Conflict,
                operation,
                "the ad account has changed",
            ));
        }
        *stored = AdAccount {
            version: account.version + 1,
            ..account.clone()
        };
        Ok(stored.clone())
    }

    async fn ad_account(
        &self,
        workspace: WorkspaceId,
        id: AdAccountId,
    ) -> PortResult<Option<AdAccount>> {
        let account = self.lock().ads.accounts.get(&id).cloned();
        Ok(account.filter(|a| a.scope.workspace == workspace))
    }

    async fn ad_accounts(&self, workspace: WorkspaceId) -> PortResult<Vec<AdAccount>> {
        let state = self.lock();
        let accounts = state.ads.accounts.values();
        let mut mine: Vec<_> = accounts
            .filter(|a| a.scope.workspace == workspace)
            .cloned()
            .collect();
        mine.sort_by_key(|a| (a.created_at, a.id));
        Ok(mine)
    }

    async fn remove_ad_account(
        &self,
        workspace: WorkspaceId,
        id: AdAccountId,
        entry: &NewEntry,
    ) -> PortResult<()> {
        let mut state = self.lock();
        let ads = &mut state.ads;
        if ads
            .accounts
            .get(&id)
            .is_none_or(|a| a.scope.workspace != workspace)
        {
            return Ok(());
        }
        ads.accounts.remove(&id);
        ads.entities.retain(|(place, _), _| place.1 != id);
        ads.days.retain(|(place, ..), _| place.1 != id);
        ads.runs.retain(|_, row| row.work.account != id);
        state.record(std::slice::from_ref(entry));
        Ok(())
    }

    async fn save_ad_entities(
        &self,
        scope: StoreScope,
        account: AdAccountId,
        entities: &[StoredEntity],
    ) -> PortResult<()> {
        let mut state = self.lock();
        for stored in entities {
            let place = (scope, account, stored.entity.level);
            let key = (place, stored.entity.id.clone());
            state.ads.entities.insert(key, stored.clone());
        }
        Ok(())
    }

    async fn ad_entities(
        &self,
        scope: StoreScope,
        account: AdAccountId,
        level: AdLevel,
    ) -> PortResult<Vec<StoredEntity>> {
        let state = self.lock();
        let mine = state.ads.entities.iter();
        let mine = mine.filter(|((place, _), _)| *place == (scope, account, level));
        Ok(mine.map(|(_, stored)| stored.clone()).collect())
    }

    async fn replace_ad_days(
        &self,
        scope: StoreScope,
        account: AdAccountId,
        level: AdLevel,
        range: DayRange,
        rows: &[InsightDay],
    ) -> PortResult<DaysKept> {
        let mut state = self.lock();
        let place = (scope, account, level);
        let days = &mut state.ads.days;
        let told: BTreeMap<_, _> = rows
            .iter()
            .map(|row| ((place, row.day, row.id.clone()), row.clone()))
            .collect();
        let before = days.len();
        days.retain(|key, _| key.0 != place || !range.contains(key.1) || told.contains_key(key));
        let mut kept = DaysKept {
            written: 0,
            removed: (before - days.len()) as u64,
        };
        for (key, row) in told {
            if days.get(&key) != Some(&row) {
                kept.written += 1;
                days.insert(key, row);
            }
        }
        Ok(kept)
    }

    async fn ad_days(
        &self,
        scope: StoreScope,
        account: AdAccountId,
        level: AdLevel,
        of: Option<&str>,
        range: DayRange,
    ) -> PortResult<Vec<InsightDay>> {
        let state = self.lock();
        let rows = state.ads.days_of((scope, account, level), range);
        let rows = rows.filter(|row| of.is_none_or(|of| row.id == of));
        Ok(rows.cloned().collect())
    }

    async fn ad_sums(
        &self,
        scope: StoreScope,
        account: AdAccountId,
        level: AdLevel,
        range: DayRange,
        purchase: Option<&str>,
    ) -> PortResult<Vec<EntitySums>> {
        let state = self.lock();
        let mut sums: BTreeMap<String, EntitySums> = BTreeMap::new();
        for row in state.ads.days_of((scope, account, level), range) {
            let of = sums.entry(row.id.clone()).or_insert_with(|| EntitySums {
                id: row.id.clone(),
                sums: Default::default(),
                last_day: row.day,
            });
            of.sums += row.sums(purchase);
            of.last_day = of.last_day.max(row.day);
        }
        Ok(sums.into_values().collect())
    }

    async fn ad_spend(
        &self,
        scope: StoreScope,
        account: AdAccountId,
        range: DayRange,
    ) -> PortResult<Vec<(NaiveDate, Micros)>> {
        let state = self.lock();
        let mut by_day: BTreeMap<NaiveDate, Micros> = BTreeMap::new();
        for row in state
            .ads
            .days_of((scope, account, AdLevel::Campaign), range)
        {
            *by_day.entry(row.day).or_default() += row.spend;
        }
        Ok(by_day.into_iter().collect())
    }
}

#[async_trait]
impl AdSyncs for FakeDatabase {
    async fn create_ad_sync(&self, run: &AdSyncRun) -> PortResult<()> {
        let mut state = self.lock();
        let runs = &mut state.ads.runs;
        let open =
            |row: &WorkRow<AdSyncRun>| row.work.account == run.account && row.work.status.is_open();
        if runs.values().any(open) || runs.contains_key(&run.id) {
            let detail = "this ad account is being read";
            return Err(refuse(Kind::Conflict, "ad_syncs.create", detail));
        }
        runs.insert(run.id, WorkRow::new(run));
        Ok(())
    }

    async fn ad_sync(&self, workspace: WorkspaceId, id: AdSyncId) -> PortResult<Option<AdSyncRun>> {
        let state = self.lock();
        let run = state.ads.runs.get(&id).map(|row| row.work.clone());
        Ok(run.filter(|run| run.scope.workspace == workspace))
    }

    async fn ad_syncs(
        &self,
        workspace: WorkspaceId,
        account: Option<AdAccountId>,
        page: &PageRequest,
    ) -> PortResult<Page<AdSyncRun>> {
        let state = self.lock();
        let rows = state.ads.runs.values();
        let rows = rows
            .filter(|row| row.work.scope.workspace == workspace)
            .filter(|row| account.is_none_or(|id| row.work.account == id))
            .map(|row| (row.key(), row.work.clone()))
            .collect();
        paging::page("ad_syncs", "ad_syncs.list", rows, page)
    }

    async fn claim_ad_sync(
        &self,
        now: DateTime<Utc>,
        lease: Duration,
    ) -> PortResult<Option<AdSyncLease>> {
        let mut state = self.lock();
        let row = WorkRow::claim(state.ads.runs.values_mut(), now, lease);
        Ok(row.map(|row| AdSyncLease {
            run: row.work.clone(),
            fence: row.fence,
        }))
    }

    async fn advance_ad_sync(
        &self,
        lease: &AdSyncLease,
        now: DateTime<Utc>,
        prolong: Duration,
    ) -> PortResult<AdSyncRun> {
        let mut state = self.lock();
        let row = state.ads.runs.get_mut(&lease.run.id);
        WorkRow::advance(
            row,
            "ad_syncs.advance",
            &lease.run,
            lease.fence,
            now + prolong,
        )
    }

    async fn cancel_ad_sync(
        &self,
        workspace: WorkspaceId,
        id: AdSyncId,
        now: DateTime<Utc>,
    ) -> PortResult<AdSyncRun> {
        let operation = "ad_syncs.cancel";
        let mut state = self.lock();
        let row = state.ads.runs.get_mut(&id);
        let row = row.filter(|row| row.work.scope.workspace == workspace);
        let Some(row) = row else {
            return Err(refuse(Kind::NotFound, operation, "there is no such run"));
        };
        match row.work.cancel(now) {
            Ok(()) => Ok(row.work.clone()),
            Err(detail) => Err(refuse(Kind::Conflict, operation, detail)),
        }
    }
}
