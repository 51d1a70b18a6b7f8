//! One variant with its past, its forecast and what is left of it day by day.

use super::collect::{Collected, Coming, DAYS, Part};
use super::{Inventory, InventoryError, Item};
use crate::forecasts::{Told, title};
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
    /// What it is put together from; empty: it is no bundle.
    pub components: Vec<Component>,
    /// Bundles that it is a part of.
    pub part_of: Vec<Component>,
}

/// A variant in a bundle, or a bundle that takes one.
#[derive(Debug, Clone)]
pub struct Component {
    pub variant: VariantId,
    /// `None`: it is not in the catalogue any more.
    pub title: Option<String>,
    /// Units of the component in one bundle.
    pub units: i64,
    /// What can be sold of it; `None`: nobody counts it.
    pub there: Option<i64>,
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
        let (components, part_of) = (collected.components(id), collected.part_of(id));
        Ok(Some(Detail {
            components,
            part_of,
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

impl Collected {
    fn components(&self, id: VariantId) -> Vec<Component> {
        let parts = self.parts(id).unwrap_or_default();
        let component = |part: &Part<'_>| Component {
            variant: part.variant,
            title: part.offer.map(title),
            units: part.units,
            there: self.part_there(part),
        };
        parts.iter().map(component).collect()
    }

    fn part_of(&self, id: VariantId) -> Vec<Component> {
        let holding = self.settings.bundles.iter();
        let holding = holding.filter_map(|(bundle, parts)| Some((*bundle, *parts.get(&id)?)));
        holding
            .map(|(bundle, units)| {
                let offer = self.history.offers.get(&bundle);
                Component {
                    variant: bundle,
                    title: offer.map(title),
                    units,
                    there: offer.and_then(|o| self.position(bundle, o, &[]).there()),
                }
            })
            .collect()
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
