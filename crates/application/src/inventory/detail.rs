//! One variant with its past, its forecast and what is left of it day by day.

use super::collect::{Collected, Coming, DAYS};
use super::{Inventory, InventoryError, Item};
use crate::forecasts::Told;
use chrono::{Days, NaiveDate};
use domain::forecast::Target;
use domain::ids::{StoreId, VariantId, WorkspaceId};
use domain::inventory_plan::{DayLeft, VariantSettings};
use domain::purchase::PurchaseOrder;
use domain::store::Store;
use std::sync::Arc;

#[derive(Debug, Clone, Copy)]
pub struct HistoryDay {
    pub day: NaiveDate,
    pub sold: i64,
    pub returned: i64,
    /// `None`: it was out of stock, so nobody knows.
    pub demand: Option<f64>,
    /// `None`: nobody wrote it down.
    pub stock: Option<i64>,
}

#[derive(Debug, Clone)]
pub struct Detail {
    pub store: Store,
    pub today: NaiveDate,
    pub item: Item,
    /// Oldest first.
    pub history: Vec<HistoryDay>,
    pub told: Told,
    pub cover: Vec<DayLeft>,
    /// With how many units of this variant are to come.
    pub coming: Vec<(Arc<PurchaseOrder>, i64)>,
    pub settings: VariantSettings,
}

impl Inventory {
    /// `None` when there is no such variant.
    pub async fn find(
        &self,
        workspace: WorkspaceId,
        store: Option<StoreId>,
        id: VariantId,
    ) -> Result<Option<Detail>, InventoryError> {
        let store = self.stores.pick(workspace, store).await?;
        let collected = Collected::read(&self.ports, store).await?;
        let Some(offer) = collected.history.offers.get(&id) else {
            return Ok(None);
        };
        let item = collected.item(id, offer);
        let forecast = collected.forecasts.get(&id).cloned();
        let stock = item.position.there();
        let outlook = forecast.as_ref().and_then(|f| collected.outlook(f));
        let arrivals = collected.arrivals(id, item.position.uncounted);
        let cover = outlook
            .zip(stock)
            .map_or_else(Vec::new, |(outlook, stock)| outlook.left(stock, &arrivals));
        let history = days(&collected, id);
        let told = Told {
            store: collected.store.clone(),
            target: Target::Variant(id),
            title: item.title.clone(),
            today: collected.today,
            past: history.iter().map(|d| (d.day, d.demand)).collect(),
            forecast,
        };
        let coming = collected.coming.get(&id).cloned().unwrap_or_default();
        let coming = coming
            .into_iter()
            .map(|Coming { order, units }| (order, units));
        Ok(Some(Detail {
            today: collected.today,
            settings: collected.settings.variant(id),
            store: collected.store,
            item,
            history,
            told,
            cover,
            coming: coming.collect(),
        }))
    }
}

/// From the first day on which it was offered; of what never sold there is only its stock.
fn days(collected: &Collected, id: VariantId) -> Vec<HistoryDay> {
    let past = collected.history.past(id);
    let sold = collected.history.sold.get(&id);
    let stock = collected.history.stock_of(id);
    let start = past.as_ref().map(|p| p.start);
    let start = start.into_iter().chain(stock.keys().next().copied()).min();
    let Some(start) = start else {
        return Vec::new();
    };
    let range = collected.history.range;
    let shown = range.to - Days::new(u64::from(DAYS) - 1);
    let days = range.days().filter(|day| *day >= start.max(shown));
    days.map(|day| {
        let units = sold.and_then(|s| s.get(&day)).copied().unwrap_or_default();
        HistoryDay {
            day,
            sold: units.sold,
            returned: units.returned,
            demand: past.as_ref().and_then(|p| p.on(day)),
            stock: stock.get(&day).copied(),
        }
    })
    .collect()
}
