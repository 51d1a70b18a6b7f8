//! Everything that plans of a store's variants rest on, read once.

use crate::Ports;
use crate::forecasts::{History, Offer, sold_in};
use crate::ingest::calendar;
use chrono::{DateTime, Days, NaiveDate, Utc};
use domain::calendar::DayRange;
use domain::catalog::CostBook;
use domain::forecast::{StoredForecast, Target, TargetLevel};
use domain::ids::{InventoryItemId, LocationId, SupplierId, VariantId};
use domain::inventory::InventoryLevel;
use domain::inventory_plan::{Abc, Arrival, LeadTime, PlanSettings, abc};
use domain::purchase::{PurchaseOrder, PurchaseStatus, Shelf, learned, shelves};
use domain::rollup::Dimension;
use domain::store::Store;
use ports::PortResult;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Days of sales that are looked at, where the settings do not tell dead stock by more.
pub(super) const DAYS: u32 = 180;
/// Margins of so many days make the classes.
const MARGIN_DAYS: u64 = 90;

/// Orders that tell how long goods took.
pub(crate) const CAME: [PurchaseStatus; 3] = [
    PurchaseStatus::ReceivedPartly,
    PurchaseStatus::Received,
    PurchaseStatus::Closed,
];
/// A component of a bundle.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Part<'a> {
    pub variant: VariantId,
    /// In one bundle.
    pub units: i64,
    /// `None`: it is not in the catalogue.
    pub offer: Option<&'a Offer>,
}

/// What comes of one variant by one order.
#[derive(Debug, Clone)]
pub(crate) struct Coming {
    pub order: Arc<PurchaseOrder>,
    pub units: i64,
}

pub(crate) struct Collected {
    pub store: Store,
    pub today: NaiveDate,
    pub now: DateTime<Utc>,
    pub history: History,
    pub settings: PlanSettings,
    pub costs: CostBook,
    pub forecasts: BTreeMap<VariantId, StoredForecast>,
    pub levels: BTreeMap<InventoryItemId, Vec<InventoryLevel>>,
    pub locations: BTreeMap<LocationId, String>,
    pub coming: BTreeMap<VariantId, Vec<Coming>>,
    pub classes: BTreeMap<VariantId, Abc>,
    pub learned: BTreeMap<SupplierId, (LeadTime, usize)>,
    /// What came lately, as receipts tell.
    pub shelves: BTreeMap<VariantId, Shelf>,
    /// Units that were sold today so far, where something came lately.
    pub sold_today: BTreeMap<VariantId, i64>,
    /// Who a variant was ordered from last.
    pub supplied_by: BTreeMap<VariantId, SupplierId>,
}

impl Collected {
    pub(crate) async fn read(ports: &Ports, store: Store) -> PortResult<Self> {
        let (scope, now) = (store.scope, ports.clock.now());
        let today = calendar(&store)?.day_of(now);
        let settings = ports.inventory_settings.inventory_settings(scope).await?;
        let settings = settings.map_or_else(|| PlanSettings::of(store.currency), |s| s.settings);
        let days = DAYS.max(settings.dead_days.saturating_add(1));
        let history = History::read(ports, &store, today, Some(days.into())).await?;
        let forecasts = ports
            .forecasts
            .newest_forecasts(scope, TargetLevel::Variant);
        let forecasts = forecasts.await?.into_iter();
        let forecasts = forecasts.filter_map(|f| match f.target {
            Target::Variant(id) => Some((id, f)),
            Target::Product(_) | Target::Category(_) | Target::Store => None,
        });
        let mut levels: BTreeMap<_, Vec<InventoryLevel>> = BTreeMap::new();
        for level in ports.stock.all_levels(scope).await? {
            levels.entry(level.item).or_default().push(level);
        }
        let locations = ports.stock.locations(scope).await?;
        let coming = ports
            .purchases
            .purchases_in(scope, &PurchaseStatus::UNDER_WAY)
            .await?;
        let came = ports.purchases.purchases_in(scope, &CAME).await?;
        let shelves = shelves(&came, today);
        let day = DayRange {
            from: today,
            to: today,
        };
        let sold_today = if shelves.is_empty() {
            BTreeMap::new()
        } else {
            sold_in(ports, &store, day, &history.bundles).await?
        };
        Ok(Self {
            today,
            now,
            sold_today,
            shelves,
            classes: classes(ports, &store, &history).await?,
            costs: ports.catalog.cost_book(scope).await?,
            forecasts: forecasts.collect(),
            levels,
            locations: locations.into_iter().map(|l| (l.id, l.name)).collect(),
            learned: lead_times(&store, &came)?,
            supplied_by: supplied_by(coming.iter().chain(&came)),
            coming: by_variant(coming),
            history,
            settings,
            store,
        })
    }

    /// What a bundle is put together from; `None`: it is none.
    pub(crate) fn parts(&self, id: VariantId) -> Option<Vec<Part<'_>>> {
        let parts = self.settings.bundles.get(&id)?;
        let part = |(id, units): (&VariantId, &i64)| Part {
            variant: *id,
            units: *units,
            offer: self.history.offers.get(id),
        };
        Some(parts.iter().map(part).collect())
    }

    /// What can be sold of a component; 0 of one that is not in the catalogue any more.
    pub(crate) fn part_there(&self, part: &Part<'_>) -> Option<i64> {
        let Some(offer) = part.offer else {
            return Some(0);
        };
        self.position(part.variant, offer, &self.places(offer))
            .there()
    }

    /// How long goods of a variant take, as own orders tell.
    pub(super) fn learned(&self, id: VariantId) -> Option<(LeadTime, usize)> {
        let set = self.settings.variant(id).supplier;
        let supplier = set.or_else(|| self.supplied_by.get(&id).copied())?;
        self.learned.get(&supplier).copied()
    }

    /// Units that came and that the shop has not counted, while it has `there`.
    pub(crate) fn uncounted(&self, id: VariantId, there: Option<i64>) -> i64 {
        let (Some(shelf), Some(there)) = (self.shelves.get(&id), there) else {
            return 0;
        };
        let before = self.history.sold_since(id, shelf.since);
        let today = self.sold_today.get(&id).copied().unwrap_or(0);
        shelf.uncounted(there, before + today)
    }

    /// What comes on a day that is still ahead, and what came and is not counted yet; what is overdue comes on no day that is known.
    pub(crate) fn arrivals(&self, id: VariantId, uncounted: i64) -> Vec<Arrival> {
        let coming = self.coming.get(&id).map_or(&[][..], Vec::as_slice);
        let dated = coming
            .iter()
            .filter_map(|c| Some((c.order.expected_on?, c.units)));
        dated
            .filter(|(day, _)| *day >= self.today)
            .chain((uncounted > 0).then_some((self.today, uncounted)))
            .map(|(day, units)| Arrival { day, units })
            .collect()
    }
}

fn by_variant(orders: Vec<PurchaseOrder>) -> BTreeMap<VariantId, Vec<Coming>> {
    let mut coming: BTreeMap<VariantId, Vec<Coming>> = BTreeMap::new();
    for order in orders.into_iter().map(Arc::new) {
        for line in order.lines.iter().filter(|l| l.to_come() > 0) {
            let of = coming.entry(line.variant).or_default();
            of.push(Coming {
                order: Arc::clone(&order),
                units: line.to_come(),
            });
        }
    }
    coming
}

fn supplied_by<'a>(
    orders: impl Iterator<Item = &'a PurchaseOrder>,
) -> BTreeMap<VariantId, SupplierId> {
    let mut orders: Vec<_> = orders.collect();
    orders.sort_by_key(|o| o.number);
    let lines = orders
        .into_iter()
        .flat_map(|o| o.lines.iter().map(|l| (l.variant, o.supplier)));
    lines.collect()
}

pub(crate) fn lead_times<'a>(
    store: &Store,
    came: impl IntoIterator<Item = &'a PurchaseOrder>,
) -> PortResult<BTreeMap<SupplierId, (LeadTime, usize)>> {
    let calendar = calendar(store)?;
    let mut by_supplier: BTreeMap<SupplierId, Vec<&PurchaseOrder>> = BTreeMap::new();
    for order in came {
        by_supplier.entry(order.supplier).or_default().push(order);
    }
    let told = by_supplier
        .into_iter()
        .filter_map(|(id, orders)| Some((id, learned(orders, &calendar)?)));
    Ok(told.collect())
}

/// By what was earned after the cost of goods; whose cost is not wholly known has no class.
async fn classes(
    ports: &Ports,
    store: &Store,
    history: &History,
) -> PortResult<BTreeMap<VariantId, Abc>> {
    let to = history.range.to;
    let range = DayRange {
        from: to - Days::new(MARGIN_DAYS - 1),
        to,
    };
    let rows = ports
        .reports
        .by_key(store.scope, store.currency, range, Dimension::Variant)
        .await?;
    let margins = rows.into_iter().filter_map(|row| {
        let id: VariantId = row.key.parse().ok()?;
        let known = row.measures.cost_missing == 0 && history.offers.contains_key(&id);
        known.then(|| (id, row.measures.net_sales() - row.measures.cost_of_goods))
    });
    Ok(abc(&margins.collect()))
}
