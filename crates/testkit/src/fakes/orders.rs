//! Orders, their tombstones and the rollups that follow them.

use super::database::{FakeDatabase, StoreData};
use super::paging;
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::agents::recommendation::Basket;
use domain::calendar::DayRange;
use domain::customers::{self, CustomerDays};
use domain::ids::{OrderId, StoreScope, VariantId};
use domain::money::Currency;
use domain::prices::PaidPrice;
use domain::rollup::{self, Placement, Rollups};
use ports::events;
use ports::orders::{
    BookedOrder, OrderFlag, OrderQuery, OrderSort, OrderSpan, OrderStore, SaveReport, StoredOrder,
};
use ports::{Page, PageRequest, PortResult};
use std::collections::{BTreeMap, BTreeSet};

#[async_trait]
impl OrderStore for FakeDatabase {
    async fn save(
        &self,
        scope: StoreScope,
        batch: &[BookedOrder],
        observed_at: DateTime<Utc>,
    ) -> PortResult<SaveReport> {
        let mut state = self.lock();
        let mut report = SaveReport::default();
        let data = state.store(scope);
        for booked in batch {
            let id = booked.order.id;
            match data.save_order(booked, observed_at) {
                Outcome::Created => report.created.push(id),
                Outcome::Changed => report.changed.push(id),
                Outcome::Unchanged => report.unchanged.push(id),
                Outcome::Stale => report.stale.push(id),
            }
        }
        state.emit(events::orders_changed(scope, &report, observed_at));
        Ok(report)
    }

    async fn remove(
        &self,
        scope: StoreScope,
        ids: &[OrderId],
        at: DateTime<Utc>,
    ) -> PortResult<u64> {
        let mut state = self.lock();
        let data = state.store(scope);
        let mut removed = Vec::new();
        for id in ids {
            let deleted_at = data.deleted_orders.entry(*id).or_insert(at);
            *deleted_at = at.max(*deleted_at);
            if let Some(old) = data.orders.remove(id) {
                data.roll_days(Some(&old), None);
                data.roll(rollup_of(&old), Rollups::new());
                removed.push(*id);
            }
        }
        state.emit(events::orders_removed(scope, &removed, at));
        Ok(removed.len() as u64)
    }

    async fn find(&self, scope: StoreScope, id: OrderId) -> PortResult<Option<StoredOrder>> {
        Ok(self.lock().store(scope).orders.get(&id).cloned())
    }

    async fn list(
        &self,
        scope: StoreScope,
        query: &OrderQuery,
        page: &PageRequest,
    ) -> PortResult<Page<StoredOrder>> {
        let rows = self
            .lock()
            .store(scope)
            .orders
            .values()
            .filter(|stored| matches(stored, query))
            .map(|stored| (sort_key(stored, query.sort), stored.clone()))
            .collect();
        paging::page(
            &format!("orders.{:?}", query.sort),
            "orders.list",
            rows,
            page,
        )
    }

    async fn walk(
        &self,
        scope: StoreScope,
        after: Option<OrderId>,
        variants: Option<&[VariantId]>,
        limit: u32,
    ) -> PortResult<Vec<StoredOrder>> {
        let wanted = |stored: &&StoredOrder| {
            variants.is_none_or(|wanted| {
                let sold = stored.order.variants();
                wanted.iter().any(|v| sold.contains(v))
            })
        };
        Ok(self
            .lock()
            .store(scope)
            .orders
            .values()
            .filter(|stored| after.is_none_or(|after| stored.order.id > after))
            .filter(wanted)
            .take(limit as usize)
            .cloned()
            .collect())
    }

    async fn span(&self, scope: StoreScope) -> PortResult<OrderSpan> {
        let mut state = self.lock();
        let orders = &state.store(scope).orders;
        Ok(OrderSpan {
            first_day: orders.values().map(|o| o.ledger.day).min(),
            last_day: orders.values().map(|o| o.ledger.day).max(),
            as_of: orders.values().map(|o| o.observed_at).max(),
        })
    }

    async fn count(&self, scope: StoreScope) -> PortResult<u64> {
        Ok(self.lock().store(scope).orders.len() as u64)
    }

    async fn paid_prices(
        &self,
        scope: StoreScope,
        currency: Currency,
        range: DayRange,
    ) -> PortResult<Vec<PaidPrice>> {
        let mut state = self.lock();
        let orders = state.store(scope).orders.values();
        let counted = orders.filter(|stored| {
            let (order, day) = (&stored.order, stored.ledger.day);
            !order.test && order.currency == currency && range.from <= day && day <= range.to
        });
        let mut prices: BTreeMap<_, BTreeSet<_>> = BTreeMap::new();
        for stored in counted {
            for variant in stored.order.variants() {
                let at = prices.entry((variant, stored.ledger.day)).or_default();
                at.insert(stored.order.price_of(variant));
            }
        }
        let one = prices.into_iter().filter(|(_, prices)| prices.len() == 1);
        let one = one.filter_map(|((variant, day), prices)| {
            let price = prices.first().copied().flatten()?;
            Some(PaidPrice {
                variant,
                day,
                price,
            })
        });
        Ok(one.collect())
    }

    async fn baskets(&self, scope: StoreScope, range: DayRange) -> PortResult<Vec<Basket>> {
        let mut state = self.lock();
        let orders = state.store(scope).orders.values();
        let counted = orders.filter(|stored| {
            let (order, day) = (&stored.order, stored.ledger.day);
            let counts = !order.test && order.cancelled_at.is_none();
            counts && range.from <= day && day <= range.to
        });
        let baskets = counted.map(|stored| {
            let products = stored.order.lines.iter().filter_map(|l| l.product);
            let products: BTreeSet<_> = products.collect();
            Basket {
                day: stored.ledger.day,
                order: stored.order.id,
                products: products.into_iter().collect(),
            }
        });
        let mut baskets: Vec<_> = baskets.filter(|b| !b.products.is_empty()).collect();
        baskets.sort_by_key(|b| (b.day, b.order));
        Ok(baskets)
    }

    async fn as_of(&self, scope: StoreScope) -> PortResult<Option<DateTime<Utc>>> {
        let mut state = self.lock();
        let observed = state.store(scope).orders.values().map(|o| o.observed_at);
        Ok(observed.max())
    }
}

enum Outcome {
    Created,
    Changed,
    Unchanged,
    Stale,
}

impl StoreData {
    fn save_order(&mut self, booked: &BookedOrder, observed_at: DateTime<Utc>) -> Outcome {
        let order = &booked.order;
        let deleted_at = self.deleted_orders.get(&order.id);
        if deleted_at.is_some_and(|deleted_at| order.updated_at <= *deleted_at) {
            return Outcome::Stale;
        }
        let old = self.orders.get(&order.id);
        if let Some(old) = old {
            if order.updated_at < old.order.updated_at {
                return Outcome::Stale;
            }
            if *order == old.order && booked.ledger == old.ledger {
                return Outcome::Unchanged;
            }
        }
        let outcome = old.map_or(Outcome::Created, |_| Outcome::Changed);
        let before = old.map(rollup_of).unwrap_or_default();
        let stored = StoredOrder {
            order: order.clone(),
            ledger: booked.ledger.clone(),
            version: old.map_or(1, |old| old.version + 1),
            observed_at,
        };
        let old = old.cloned();
        self.roll_days(old.as_ref(), Some(&stored));
        self.roll(before, rollup_of(&stored));
        self.deleted_orders.remove(&order.id);
        self.orders.insert(order.id, stored);
        outcome
    }

    /// As [`StoreData::roll`], for the days of customers.
    fn roll_days(&mut self, old: Option<&StoredOrder>, new: Option<&StoredOrder>) {
        for (key, day) in old.map(days_of).unwrap_or_default() {
            *self.days.entry(key).or_default() -= day;
        }
        for (key, day) in new.map(days_of).unwrap_or_default() {
            *self.days.entry(key).or_default() += day;
        }
        self.days.retain(|_, day| !day.is_zero());
        self.days_revision += 1;
    }

    /// Moves the rollups by the difference, as a database does: never a recomputation that would hide a mistake.
    fn roll(&mut self, old: Rollups, new: Rollups) {
        for (key, delta) in rollup::difference(old, new) {
            *self.rollups.entry(key).or_default() += delta;
        }
        self.rollups.retain(|_, measures| !measures.is_zero());
    }
}

fn days_of(stored: &StoredOrder) -> CustomerDays {
    customers::fold(stored.order.customer, &rollup_of(stored))
}

fn rollup_of(stored: &StoredOrder) -> Rollups {
    rollup::fold(&Placement::of(&stored.order), &stored.ledger)
}

fn matches(stored: &StoredOrder, query: &OrderQuery) -> bool {
    let StoredOrder { order, ledger, .. } = stored;
    let same = |wanted: &Option<String>, is: &str| wanted.as_ref().is_none_or(|w| w == is);
    let flag = match query.flag {
        None => true,
        Some(OrderFlag::Refunded) => !order.refunds.is_empty(),
        Some(OrderFlag::Cancelled) => order.cancelled_at.is_some(),
        Some(OrderFlag::Edited) => order.edited,
        Some(OrderFlag::Test) => order.test,
    };
    flag && query.from.is_none_or(|from| from <= ledger.day)
        && query.to.is_none_or(|to| ledger.day <= to)
        && same(&query.financial_status, &order.financial_status)
        && same(&query.fulfillment_status, &order.fulfillment_status)
        && same(&query.channel, &order.channel)
        && (query.country.is_none() || query.country == order.country)
        && query
            .product
            .is_none_or(|p| order.lines.iter().any(|l| l.product == Some(p)))
        && (query.customer.is_none() || query.customer == order.customer)
        && query
            .text
            .as_deref()
            .is_none_or(|text| has_text(stored, text))
}

fn has_text(stored: &StoredOrder, text: &str) -> bool {
    let order = &stored.order;
    let text = text.to_ascii_lowercase();
    let within = |whole: &str| whole.to_ascii_lowercase().contains(&text);
    within(&order.name)
        || order.id.to_string() == text
        || order
            .lines
            .iter()
            .any(|l| within(&l.title) || l.sku.as_deref().is_some_and(within))
}

/// `!n` turns an order round without overflow.
fn sort_key(stored: &StoredOrder, sort: OrderSort) -> (i64, i64) {
    let (time, total) = (
        stored.order.processed_at.timestamp_micros(),
        stored.order.totals.current_total,
    );
    let id = stored.order.id.0;
    match sort {
        OrderSort::NewestFirst => (!time, !id),
        OrderSort::OldestFirst => (time, id),
        OrderSort::LargestFirst => (!total, !id),
        OrderSort::SmallestFirst => (total, id),
    }
}
