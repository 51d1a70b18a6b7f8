//! Gathering both sides of a few days.

use crate::Ports;
use chrono::{Days, NaiveDate};
use domain::calendar::{Calendar, DayRange};
use domain::ids::OrderId;
use domain::reconciliation::{
    Grounds, Held, OrderEvidence, Presence, Reconciled, Sales, Sides, Source, reconcile,
};
use domain::rollup::Dimension;
use domain::store::Store;
use ports::orders::{OrderQuery, OrderSort, StoredOrder};
use ports::source::StoreSource;
use ports::{PageRequest, PortResult};
use std::collections::{BTreeMap, BTreeSet};

const PAGE: u32 = 250;

pub(super) struct Bench<'a> {
    pub ports: &'a Ports,
    pub store: &'a Store,
    pub calendar: Calendar,
    pub oracle: &'a dyn StoreSource,
    pub source: Source,
}

type OrdersByDay = BTreeMap<NaiveDate, BTreeMap<OrderId, Sales>>;

impl Bench<'_> {
    /// Judges the days of the range. One day before and after is looked at too: what was moved over midnight has its other half there.
    pub(super) async fn judge(
        &self,
        range: DayRange,
        today: NaiveDate,
    ) -> PortResult<Vec<Reconciled>> {
        let wide = DayRange {
            from: range.from - Days::new(1),
            to: (range.to + Days::new(1)).min(today.max(range.to)),
        };
        let (sides, mut theirs) = match self.source {
            Source::Analytics => self.by_report(wide).await?,
            Source::OrderTotals => self.by_totals(wide).await?,
        };
        let differing = sides.differing(self.source, wide);
        if self.source == Source::Analytics {
            for day in &differing {
                let orders = self
                    .oracle
                    .sales_by_order(*day, self.store.currency)
                    .await?;
                theirs.insert(*day, orders);
            }
        }
        let orders = self.orders(&differing, &theirs).await?;
        let grounds = Grounds {
            source: self.source,
            currency: self.store.currency,
            differing: &differing,
            orders: &orders,
        };
        Ok(range
            .days()
            .map(|day| reconcile(day, &sides, grounds))
            .collect())
    }

    async fn by_report(&self, range: DayRange) -> PortResult<(Sides, OrdersByDay)> {
        let (scope, currency) = (self.store.scope, self.store.currency);
        let theirs = self.oracle.sales_by_day(range, currency).await?;
        let rows = self
            .ports
            .reports
            .by_day(scope, currency, range, Dimension::Total, "")
            .await?;
        let ours = rows
            .iter()
            .map(|row| (row.day, Sales::of(&row.measures)))
            .collect();
        Ok((Sides { ours, theirs }, OrdersByDay::new()))
    }

    /// What the orders of a day are worth now, on both sides.
    async fn by_totals(&self, range: DayRange) -> PortResult<(Sides, OrdersByDay)> {
        let mut sides = Sides::default();
        let mut theirs = OrdersByDay::new();
        let nothing = self.source.nothing();
        let until = self.calendar.start_of(range.to + Days::new(1));
        let mut page: Option<String> = None;
        loop {
            let from = self.calendar.start_of(range.from);
            let heads = self.oracle.heads(from, until, page.as_deref()).await?;
            for head in heads.heads {
                // Neither counts here; a difference would be made by the comparison itself.
                if head.test || head.currency != self.store.currency {
                    continue;
                }
                let day = self.calendar.day_of(head.processed_at);
                let sales = Sales::total_only(head.current_total);
                let sum = sides.theirs.entry(day).or_insert(nothing);
                *sum = sum.plus(sales);
                theirs.entry(day).or_default().insert(head.id, sales);
            }
            page = heads.next;
            if page.is_none() {
                break;
            }
        }
        for day in range.days() {
            for stored in self.sold_on(day).await? {
                for (day, sales) in self.held(&stored).days {
                    let sum = sides.ours.entry(day).or_insert(nothing);
                    *sum = sum.plus(sales);
                }
            }
        }
        Ok((sides, theirs))
    }

    fn held(&self, stored: &StoredOrder) -> Held {
        Held::of(
            &stored.order,
            &stored.ledger,
            self.source,
            self.store.currency,
        )
    }

    async fn sold_on(&self, day: NaiveDate) -> PortResult<Vec<StoredOrder>> {
        let query = OrderQuery {
            from: Some(day),
            to: Some(day),
            sort: OrderSort::OldestFirst,
            ..OrderQuery::default()
        };
        let mut orders = Vec::new();
        let mut page = PageRequest::first(PAGE);
        loop {
            let found = self
                .ports
                .orders
                .list(self.store.scope, &query, &page)
                .await?;
            orders.extend(found.items);
            match found.next_cursor {
                Some(cursor) => page.cursor = Some(cursor),
                None => return Ok(orders),
            }
        }
    }

    /// Everything that was sold on a day that differs, or that the provider counts there; looked up where it differs.
    async fn orders(
        &self,
        differing: &[NaiveDate],
        theirs: &OrdersByDay,
    ) -> PortResult<BTreeMap<OrderId, OrderEvidence>> {
        let mut held = BTreeMap::new();
        for day in differing {
            for stored in self.sold_on(*day).await? {
                held.insert(stored.order.id, self.held(&stored));
            }
        }
        let named: BTreeSet<OrderId> = differing
            .iter()
            .filter_map(|day| theirs.get(day))
            .flat_map(|orders| orders.keys().copied())
            .collect();
        for id in &named {
            if !held.contains_key(id)
                && let Some(stored) = self.ports.orders.find(self.store.scope, *id).await?
            {
                held.insert(*id, self.held(&stored));
            }
        }
        let all: BTreeSet<OrderId> = named.into_iter().chain(held.keys().copied()).collect();
        let mut orders: BTreeMap<OrderId, OrderEvidence> = all
            .into_iter()
            .map(|id| {
                let counted = |day: &NaiveDate| Some((*day, *theirs.get(day)?.get(&id)?));
                let evidence = OrderEvidence {
                    held: held.remove(&id),
                    presence: Presence::Unknown,
                    theirs: differing.iter().filter_map(counted).collect(),
                };
                (id, evidence)
            })
            .filter(|(_, evidence)| evidence.differs(differing, self.source))
            .collect();
        let ids: Vec<OrderId> = orders.keys().copied().collect();
        if !ids.is_empty() {
            for (id, presence) in self.oracle.look_up(&ids).await? {
                if let Some(evidence) = orders.get_mut(&id) {
                    evidence.presence = presence;
                }
            }
        }
        Ok(orders)
    }
}
