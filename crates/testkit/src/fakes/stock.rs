//! What lies where, now and before, and what is set for ordering more.

use super::database::{FakeDatabase, refuse};
use async_trait::async_trait;
use chrono::{DateTime, NaiveDate, Utc};
use domain::audit::NewEntry;
use domain::calendar::DayRange;
use domain::ids::{InventoryItemId, LocationId, StoreScope};
use domain::inventory::{InventoryLevel, Location, StockMark};
use domain::inventory_plan::InventorySettings;
use ports::events::inventory_settings_changed;
use ports::stock::{InventorySettingsStore, StockBook, StockStore};
use ports::{Kind, PortResult};
use std::collections::{BTreeMap, BTreeSet};

type Place = (InventoryItemId, LocationId, NaiveDate);

#[derive(Default)]
pub(super) struct StockState {
    pub marks: BTreeMap<(StoreScope, Place), StockMark>,
    pub looks: BTreeSet<(StoreScope, NaiveDate)>,
    pub settings: BTreeMap<StoreScope, InventorySettings>,
}

impl StockState {
    pub(super) fn purge(&mut self, scope: StoreScope) {
        self.marks.retain(|(of, _), _| *of != scope);
        self.looks.retain(|(of, _)| *of != scope);
        self.settings.remove(&scope);
    }

    fn days(&self, scope: StoreScope) -> impl Iterator<Item = NaiveDate> + '_ {
        let mine = self.looks.iter().filter(move |(of, _)| *of == scope);
        mine.map(|(_, day)| *day)
    }

    /// The last of each item and location before a day.
    fn before(
        &self,
        scope: StoreScope,
        day: NaiveDate,
    ) -> BTreeMap<(InventoryItemId, LocationId), StockMark> {
        let mine = self.marks.iter();
        let mine = mine.filter(|((of, place), _)| *of == scope && place.2 < day);
        mine.map(|(_, mark)| ((mark.item, mark.location), *mark))
            .collect()
    }
}

#[async_trait]
impl StockStore for FakeDatabase {
    async fn locations(&self, scope: StoreScope) -> PortResult<Vec<Location>> {
        let mut state = self.lock();
        let locations = state.store(scope).locations.values();
        Ok(locations.map(|(location, _)| location.clone()).collect())
    }

    async fn all_levels(&self, scope: StoreScope) -> PortResult<Vec<InventoryLevel>> {
        let mut state = self.lock();
        Ok(state.store(scope).levels.values().cloned().collect())
    }

    async fn keep_stock(
        &self,
        scope: StoreScope,
        day: NaiveDate,
        _at: DateTime<Utc>,
    ) -> PortResult<()> {
        let mut state = self.lock();
        if state.stock.days(scope).any(|known| known > day) {
            return Ok(());
        }
        let levels: Vec<_> = state.store(scope).levels.values().cloned().collect();
        let stock = &mut state.stock;
        let before = stock.before(scope, day);
        stock
            .marks
            .retain(|(of, place), _| *of != scope || place.2 != day);
        for level in &levels {
            let mark = StockMark::of(level, day);
            if mark.is_news_after(before.get(&(mark.item, mark.location))) {
                let place = (mark.item, mark.location, day);
                stock.marks.insert((scope, place), mark);
            }
        }
        stock.looks.insert((scope, day));
        Ok(())
    }

    async fn stock_book(&self, scope: StoreScope, range: DayRange) -> PortResult<StockBook> {
        let state = self.lock();
        let stock = &state.stock;
        let mut marks: Vec<_> = stock.before(scope, range.from).into_values().collect();
        let mine = stock.marks.iter();
        let mine = mine.filter(|((of, place), _)| *of == scope && range.contains(place.2));
        marks.extend(mine.map(|(_, mark)| *mark));
        marks.sort_by_key(|m| (m.item, m.location, m.day));
        Ok(StockBook {
            marks,
            looks: stock
                .days(scope)
                .filter(|day| range.contains(*day))
                .collect(),
            since: stock.days(scope).min(),
        })
    }
}

#[async_trait]
impl InventorySettingsStore for FakeDatabase {
    async fn inventory_settings(&self, scope: StoreScope) -> PortResult<Option<InventorySettings>> {
        Ok(self.lock().stock.settings.get(&scope).cloned())
    }

    async fn set_inventory_settings(
        &self,
        settings: &InventorySettings,
        entry: &NewEntry,
    ) -> PortResult<()> {
        let mut state = self.lock();
        let newest = state.stock.settings.get(&settings.scope);
        if settings.version != newest.map_or(0, |newest| newest.version) + 1 {
            let detail = "they were set otherwise meanwhile";
            return Err(refuse(Kind::Conflict, "inventory_settings.save", detail));
        }
        let scope = settings.scope;
        state.stock.settings.insert(scope, settings.clone());
        state.record(std::slice::from_ref(entry));
        state.emit([inventory_settings_changed(settings)]);
        Ok(())
    }
}
