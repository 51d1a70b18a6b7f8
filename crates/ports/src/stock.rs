//! What lies where, now and at the end of earlier days, and what people set for ordering more.

use crate::PortResult;
use async_trait::async_trait;
use chrono::{DateTime, NaiveDate, Utc};
use domain::audit::NewEntry;
use domain::calendar::DayRange;
use domain::ids::StoreScope;
use domain::inventory::{InventoryLevel, Location, StockMark};
use domain::inventory_plan::InventorySettings;
use std::collections::BTreeSet;

/// Stock of the past. Of a day on which nobody looked nothing is known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StockBook {
    /// By item, location and day: what was news on a day, and the last of each before the first day that was asked for.
    pub marks: Vec<StockMark>,
    /// Days of the range on which somebody looked.
    pub looks: BTreeSet<NaiveDate>,
    /// The first day of all on which somebody looked.
    pub since: Option<NaiveDate>,
}

#[async_trait]
pub trait StockStore: Send + Sync {
    /// By number.
    async fn locations(&self, scope: StoreScope) -> PortResult<Vec<Location>>;
    /// What the store shows now, by item and location.
    async fn all_levels(&self, scope: StoreScope) -> PortResult<Vec<InventoryLevel>>;
    /// Writes down what is shown now as the stock at the end of `day`, in one transaction: a later look on the same day replaces it, and what is as it was
    /// takes no room. Days come in their order; one before the last that was looked at is left alone.
    async fn keep_stock(
        &self,
        scope: StoreScope,
        day: NaiveDate,
        at: DateTime<Utc>,
    ) -> PortResult<()>;
    async fn stock_book(&self, scope: StoreScope, range: DayRange) -> PortResult<StockBook>;
}

#[async_trait]
pub trait InventorySettingsStore: Send + Sync {
    /// The newest version; `None` when nobody set anything.
    async fn inventory_settings(&self, scope: StoreScope) -> PortResult<Option<InventorySettings>>;
    /// Stores `settings.version`, which follows the stored one (1 when there is none), with the audit's entry, or not at all; `Conflict` when it does not. They go
    /// with their store.
    async fn set_inventory_settings(
        &self,
        settings: &InventorySettings,
        entry: &NewEntry,
    ) -> PortResult<()>;
}
