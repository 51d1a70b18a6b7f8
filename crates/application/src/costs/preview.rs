//! What a list of changes would do, computed without writing anything.

use super::days::DayCosts;
use super::{CostError, Costs, extent_of, rates_for};
use crate::ingest::calendar;
use chrono::{Datelike as _, Days, Months, NaiveDate};
use domain::calendar::{DayRange, Grain};
use domain::catalog::CostBook;
use domain::ids::OrderId;
use domain::inputs::{Input, InputChange, InputKey, InputKind, InputRecord, OrderInputs};
use domain::ledger::{Ledger, derive_told};
use domain::report::Figures;
use domain::rollup::{Dimension, Measures, Placement, Rollups, difference, fold};
use domain::store::Store;
use ports::PortResult;
use ports::orders::StoredOrder;
use std::collections::{BTreeMap, BTreeSet};

const PAGE: u32 = 500;
/// A preview that would take longer shows what it has seen by then, and says so.
const MOST_ORDERS: u64 = 20_000;
const WORST: usize = 5;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MonthChange {
    /// `2026-02`
    pub month: String,
    /// Of the whole store; `None` when profit is unknown.
    pub before: Option<i64>,
    pub after: Option<i64>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProductChange {
    pub key: String,
    pub label: String,
    pub before: Option<i64>,
    pub after: Option<i64>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Preview {
    /// Orders that may be affected.
    pub candidates: u64,
    /// Of which so many were looked at.
    pub looked_at: u64,
    /// Orders whose entries would change.
    pub orders: u64,
    pub entries: u64,
    pub days: u64,
    /// Over the months that would change, oldest first.
    pub months: Vec<MonthChange>,
    pub before: Option<i64>,
    pub after: Option<i64>,
    /// Products that would lose most, the worst first.
    pub worst: Vec<ProductChange>,
    /// Net sales that would get a cost that they lack today; negative when they would lose it.
    pub cost_gained: i64,
}

impl Preview {
    /// Net profit of each month, with the costs of its days; `more` is what changes of these.
    fn see_months(
        &mut self,
        months: BTreeMap<String, (Measures, Measures)>,
        costs: &DayCosts,
        fixed_delta: &BTreeMap<String, i64>,
    ) {
        let sums = costs.sums(|day| Grain::Month.key(day));
        for (month, (before, after)) in months {
            let sum = sums.get(&month).copied().unwrap_or_default();
            let more = fixed_delta.get(&month).copied().unwrap_or(0);
            let profit = |measures: Measures, more: i64| {
                let fixed = sum.fixed.unwrap_or(0) + more;
                let told = sum.fixed.is_some() || more != 0;
                let figures = Figures::of(measures);
                figures
                    .with_days(sum.spend, told.then_some(fixed))
                    .net_profit
            };
            self.cost_gained += before.cost_missing - after.cost_missing;
            self.months.push(MonthChange {
                month,
                before: profit(before, 0),
                after: profit(after, more),
            });
        }
    }

    /// Whether all candidates were looked at.
    #[must_use]
    pub const fn is_complete(&self) -> bool {
        self.looked_at == self.candidates
    }
}

/// Both worlds, and what has been seen of their difference.
struct Comparison<'a> {
    changes: &'a [InputChange],
    after: CostBook,
    delta: Rollups,
    days: BTreeSet<NaiveDate>,
    preview: Preview,
}

impl Costs {
    pub async fn preview(
        &self,
        store: &Store,
        changes: &[InputChange],
    ) -> Result<Preview, CostError> {
        let before = self.standing(store, changes).await?;
        let mut comparison = Comparison {
            changes,
            after: self.book_after(store, changes).await?,
            delta: Rollups::new(),
            days: BTreeSet::new(),
            preview: Preview::default(),
        };
        if let Some(extent) = extent_of(changes, &before) {
            let recosts = &self.ports.recosts;
            let candidates = recosts.count_affected(store.scope, &extent).await?;
            comparison.preview.candidates = candidates;
            let mut after = None;
            while comparison.preview.looked_at < MOST_ORDERS {
                let page = recosts.affected(store.scope, &extent, after, PAGE).await?;
                let Some(last) = page.last() else { break };
                after = Some(last.order.id);
                self.compare(store, page, &mut comparison).await?;
            }
            // Orders may have come or gone meanwhile.
            let seen = &mut comparison.preview;
            if seen.looked_at < MOST_ORDERS {
                seen.candidates = seen.looked_at;
            }
        }
        let spend = day_changes(store, changes, &before, self.today(store)?);
        self.finish(store, comparison, spend).await
    }

    fn today(&self, store: &Store) -> PortResult<NaiveDate> {
        Ok(calendar(store)?.day_of(self.ports.clock.now()))
    }

    /// The book as it will be.
    async fn book_after(&self, store: &Store, changes: &[InputChange]) -> PortResult<CostBook> {
        let mut told: BTreeMap<InputKey, (Input, domain::inputs::Origin)> = BTreeMap::new();
        for kind in InputKind::OF_THE_BOOK {
            for record in self.ports.inputs.all(store.scope, kind).await? {
                told.insert(record.input.key(), (record.input, record.origin));
            }
        }
        for change in changes {
            match &change.to {
                Some(to) => told.insert(change.key.clone(), to.clone()),
                None => told.remove(&change.key),
            };
        }
        let present = self.ports.catalog.cost_book(store.scope).await?;
        let mut book = present.untold();
        book.tells_orders = present.tells_orders;
        for (input, origin) in told.into_values() {
            book.tell(input, origin);
        }
        Ok(book)
    }

    async fn compare(
        &self,
        store: &Store,
        page: Vec<StoredOrder>,
        comparison: &mut Comparison<'_>,
    ) -> PortResult<()> {
        let calendar = calendar(store)?;
        let told = if comparison.after.tells_orders {
            let ids: Vec<OrderId> = page.iter().map(|o| o.order.id).collect();
            self.ports.inputs.of_orders(store.scope, &ids).await?
        } else {
            BTreeMap::new()
        };
        let mut after: BTreeMap<OrderId, OrderInputs> = BTreeMap::new();
        for stored in &page {
            let id = stored.order.id;
            let mut of_order = told.get(&id).cloned().unwrap_or_default();
            for change in comparison.changes {
                of_order.change(id, change);
            }
            after.insert(id, of_order);
        }
        let book = &comparison.after;
        let orders = page.iter().map(|stored| &stored.order);
        let rates = rates_for(&self.ports, store, book, &after, orders).await?;
        let none = OrderInputs::default();
        for stored in page {
            let of_order = after.get(&stored.order.id).unwrap_or(&none);
            let book = &comparison.after;
            let ledger = derive_told(&stored.order, &calendar, book, of_order, &rates);
            comparison.see(&stored, &ledger);
        }
        Ok(())
    }

    async fn finish(
        &self,
        store: &Store,
        comparison: Comparison<'_>,
        spend: BTreeMap<NaiveDate, (i64, i64)>,
    ) -> Result<Preview, CostError> {
        let Comparison {
            delta,
            mut days,
            mut preview,
            ..
        } = comparison;
        days.extend(spend.keys());
        preview.days = days.len() as u64;
        let (Some(first), Some(last)) = (days.first(), days.last()) else {
            return Ok(preview);
        };
        let range = whole_months(*first, *last);
        let reports = &self.ports.reports;
        let rows = reports
            .by_day(store.scope, store.currency, range, Dimension::Total, "")
            .await?;
        let costs = DayCosts::read(&self.ports, store, store.currency, range).await?;
        let changed: BTreeSet<String> = days.iter().map(|d| Grain::Month.key(*d)).collect();
        let mut months: BTreeMap<String, (Measures, Measures)> = BTreeMap::new();
        for row in rows {
            let month = Grain::Month.key(row.day);
            if changed.contains(&month) {
                let (before, after) = months.entry(month).or_default();
                *before += row.measures;
                *after += row.measures;
            }
        }
        let of_store = |key: &domain::rollup::RollupKey| key.currency == store.currency;
        for (key, measures) in delta.iter().filter(|(key, _)| of_store(key)) {
            if key.dimension == Dimension::Total {
                let month = months.entry(Grain::Month.key(key.day)).or_default();
                month.1 += *measures;
            }
        }
        let mut fixed_delta: BTreeMap<String, i64> = BTreeMap::new();
        for (day, (before, after)) in spend {
            *fixed_delta.entry(Grain::Month.key(day)).or_default() += after - before;
            months.entry(Grain::Month.key(day)).or_default();
        }
        preview.see_months(months, &costs, &fixed_delta);
        let sum = |of: fn(&MonthChange) -> Option<i64>| {
            let known: Vec<i64> = preview.months.iter().filter_map(of).collect();
            (!known.is_empty()).then(|| known.iter().sum())
        };
        (preview.before, preview.after) = (sum(|m| m.before), sum(|m| m.after));
        preview.worst = self.worst(store, range, &delta).await?;
        Ok(preview)
    }

    /// Products by how much profit they lose in the range.
    async fn worst(
        &self,
        store: &Store,
        range: DayRange,
        delta: &Rollups,
    ) -> PortResult<Vec<ProductChange>> {
        let mut change: BTreeMap<String, Measures> = BTreeMap::new();
        for (key, measures) in delta {
            if key.dimension == Dimension::Product && key.currency == store.currency {
                *change.entry(key.key.clone()).or_default() += *measures;
            }
        }
        if change.is_empty() {
            return Ok(Vec::new());
        }
        let rows = self
            .ports
            .reports
            .by_key(store.scope, store.currency, range, Dimension::Product)
            .await?;
        let mut products: Vec<ProductChange> = rows
            .into_iter()
            .filter_map(|row| {
                let delta = change.get(&row.key)?;
                let mut after = row.measures;
                after += *delta;
                Some(ProductChange {
                    label: row.key.clone(),
                    key: row.key,
                    before: Figures::of(row.measures).net_profit,
                    after: Figures::of(after).net_profit,
                })
            })
            .filter(|p| p.after != p.before)
            .collect();
        products.sort_by_key(|p| p.after.unwrap_or(0) - p.before.unwrap_or(0));
        products.truncate(WORST);
        let keys: Vec<String> = products.iter().map(|p| p.key.clone()).collect();
        let reports = &self.ports.reports;
        let labels = reports
            .labels(store.scope, Dimension::Product, &keys)
            .await?;
        for product in &mut products {
            product.label =
                crate::reports::label(Dimension::Product, &product.key, labels.get(&product.key));
        }
        Ok(products)
    }
}

impl Comparison<'_> {
    fn see(&mut self, stored: &StoredOrder, ledger: &Ledger) {
        self.preview.looked_at += 1;
        if *ledger == stored.ledger {
            return;
        }
        self.preview.orders += 1;
        let (old, new) = (&stored.ledger.entries, &ledger.entries);
        let kept = new.iter().filter(|e| old.contains(e)).count();
        self.preview.entries += (new.len().max(old.len()) - kept) as u64;
        let placement = Placement::of(&stored.order);
        let changed = difference(fold(&placement, &stored.ledger), fold(&placement, ledger));
        for (key, measures) in changed {
            self.days.insert(key.day);
            *self.delta.entry(key).or_default() += measures;
        }
    }
}

fn whole_months(first: NaiveDate, last: NaiveDate) -> DayRange {
    let start = |day: NaiveDate| day.with_day(1).unwrap_or(day);
    DayRange {
        from: start(first),
        to: start(last) + Months::new(1) - Days::new(1),
    }
}

/// Of each day what ad spend and fixed costs in the store's own currency come to, before and after.
fn day_changes(
    store: &Store,
    changes: &[InputChange],
    before: &[InputRecord],
    today: NaiveDate,
) -> BTreeMap<NaiveDate, (i64, i64)> {
    let mut days: BTreeMap<NaiveDate, (i64, i64)> = BTreeMap::new();
    let by_day = |input: &Input| -> Vec<(NaiveDate, i64)> {
        match input {
            Input::AdSpend(s) if s.currency == store.currency => vec![(s.day, s.amount)],
            Input::FixedCost(c) if c.currency == store.currency => {
                DayRange::new(c.from, c.to.unwrap_or(today).min(today).max(c.from))
                    .map(|range| c.by_day(range))
                    .unwrap_or_default()
            }
            _ => Vec::new(),
        }
    };
    let changed: BTreeSet<&InputKey> = changes.iter().map(|c| &c.key).collect();
    for record in before.iter().filter(|r| changed.contains(&r.input.key())) {
        for (day, amount) in by_day(&record.input) {
            days.entry(day).or_default().0 += amount;
        }
    }
    for (input, _) in changes.iter().filter_map(|c| c.to.as_ref()) {
        for (day, amount) in by_day(input) {
            days.entry(day).or_default().1 += amount;
        }
    }
    days.retain(|_, (before, after)| before != after);
    days
}
