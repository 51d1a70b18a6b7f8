//! All variants, filtered and sorted, with what they add up to.

use super::collect::Collected;
use super::{Inventory, InventoryError, Item};
use chrono::{DateTime, NaiveDate, Utc};
use domain::forecast::ForecastRun;
use domain::ids::{StoreId, WorkspaceId};
use domain::inventory_plan::{Abc, State, Urgency, Xyz};
use domain::store::Store;
use std::cmp::{Ordering, Reverse};
use std::collections::BTreeMap;

/// Joined by *and*; `Some(None)` is the class of what has none.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// A part of title, SKU or vendor, without regard to case, or a variant's number.
    pub text: Option<String>,
    pub urgency: Option<Urgency>,
    pub abc: Option<Option<Abc>>,
    pub xyz: Option<Option<Xyz>>,
    pub state: Option<State>,
    pub vendor: Option<String>,
}

/// What is not known stands last.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Order {
    /// The soonest stock-out first.
    #[default]
    Urgency,
    Title,
    MostValue,
    MostUnits,
    LeastCover,
    MostCover,
}

/// Over all variants, whatever is filtered.
#[derive(Debug, Clone, Default)]
pub struct Sums {
    pub variants: usize,
    pub urgencies: BTreeMap<Urgency, usize>,
    pub states: BTreeMap<State, usize>,
    /// At cost, of what has one; `None` where no variant's is known.
    pub value: Option<i64>,
    pub overstock_value: Option<i64>,
    pub dead_value: Option<i64>,
    /// Variants with stock whose cost is not known.
    pub without_cost: usize,
}

/// Where the forecasts stand.
#[derive(Debug, Clone)]
pub struct Standing {
    pub made_at: Option<DateTime<Utc>>,
    pub learned_to: Option<NaiveDate>,
    pub is_fresh: bool,
    pub latest: Option<ForecastRun>,
    /// Since when stock is written down.
    pub stock_since: Option<NaiveDate>,
}

#[derive(Debug, Clone)]
pub struct Listing {
    pub store: Store,
    pub today: NaiveDate,
    pub items: Vec<Item>,
    pub sums: Sums,
    pub standing: Standing,
}

impl Inventory {
    pub async fn list(
        &self,
        workspace: WorkspaceId,
        store: Option<StoreId>,
        filter: &Filter,
        order: Order,
    ) -> Result<Listing, InventoryError> {
        let store = self.stores.pick(workspace, store).await?;
        let collected = Collected::read(&self.ports, store).await?;
        let offers = collected.history.offers.iter();
        let offered = offers.filter(|(_, offer)| offer.is_offered());
        let all = offered.map(|(id, offer)| collected.item(*id, offer));
        let mut items: Vec<Item> = all.collect();
        let sums = sums(&items);
        items.retain(|item| filter.takes(item));
        items.sort_by(|a, b| order.compare(a, b));
        let newest = collected.forecasts.values().max_by_key(|f| f.made_at);
        let standing = Standing {
            made_at: newest.map(|f| f.made_at),
            learned_to: collected.forecasts.values().map(|f| f.trained.1).max(),
            is_fresh: newest.is_some_and(|f| f.first >= collected.today),
            latest: self.forecasts.latest(&collected.store).await?,
            stock_since: collected.history.stock.since,
        };
        Ok(Listing {
            today: collected.today,
            store: collected.store,
            items,
            sums,
            standing,
        })
    }
}

impl Filter {
    fn takes(&self, item: &Item) -> bool {
        let vendor = &item.offer.product.vendor;
        self.text.as_ref().is_none_or(|text| finds(item, text))
            && self.urgency.is_none_or(|u| item.plan.urgency == u)
            && self.abc.is_none_or(|class| item.abc == class)
            && self.xyz.is_none_or(|class| item.xyz == class)
            && self.state.is_none_or(|s| item.plan.states.contains(&s))
            && self.vendor.as_ref().is_none_or(|v| v == vendor)
    }
}

fn finds(item: &Item, text: &str) -> bool {
    let text = text.to_lowercase();
    let (variant, product) = (&item.offer.variant, &item.offer.product);
    let sku = variant.sku.as_deref().unwrap_or_default();
    [item.title.as_str(), sku, product.vendor.as_str()]
        .iter()
        .any(|part| part.to_lowercase().contains(&text))
        || variant.id.to_string() == text
}

impl Order {
    fn compare(self, a: &Item, b: &Item) -> Ordering {
        let title = |item: &Item| (item.title.to_lowercase(), item.id());
        let by = match self {
            Self::Title => Ordering::Equal,
            Self::Urgency => {
                let key = |item: &Item| {
                    let out = item.plan.cover.as_ref().and_then(|c| c.stock_out.expected);
                    (item.plan.urgency, out.is_none(), out)
                };
                key(a).cmp(&key(b))
            }
            Self::MostValue => {
                let key = |item: &Item| (item.value.is_none(), Reverse(item.value));
                key(a).cmp(&key(b))
            }
            Self::MostUnits => Reverse(a.demand.sold_28).cmp(&Reverse(b.demand.sold_28)),
            Self::LeastCover => known_first(a, b, f64::total_cmp),
            Self::MostCover => known_first(a, b, |a, b| b.total_cmp(a)),
        };
        by.then_with(|| title(a).cmp(&title(b)))
    }
}

/// Longer than can be told is longer than all that can; what is not known stands last.
fn known_first(a: &Item, b: &Item, by: impl Fn(&f64, &f64) -> Ordering) -> Ordering {
    let cover = |item: &Item| {
        item.plan
            .cover
            .as_ref()
            .map(|c| c.days.unwrap_or(f64::INFINITY))
    };
    match (cover(a), cover(b)) {
        (Some(a), Some(b)) => by(&a, &b),
        (a, b) => a.is_none().cmp(&b.is_none()),
    }
}

fn sums(items: &[Item]) -> Sums {
    let mut sums = Sums {
        variants: items.len(),
        ..Sums::default()
    };
    let add = |sum: &mut Option<i64>, value: Option<i64>| {
        *sum = match (*sum, value) {
            (Some(a), Some(b)) => Some(a.saturating_add(b)),
            (a, b) => a.or(b),
        };
    };
    for item in items {
        *sums.urgencies.entry(item.plan.urgency).or_default() += 1;
        for state in &item.plan.states {
            *sums.states.entry(*state).or_default() += 1;
        }
        add(&mut sums.value, item.value);
        add(&mut sums.overstock_value, item.overstock_value);
        if item.plan.states.contains(&State::Dead) {
            add(&mut sums.dead_value, item.value);
        }
        let there = item.position.on_hand.or(item.position.available);
        sums.without_cost += usize::from(there > Some(0) && item.unit_cost.is_none());
    }
    sums
}
