//! What our own orders tell of campaigns: by the last visit before each order, with the products that were sold.

use crate::Ports;
use chrono::NaiveDate;
use domain::attribution::{Link, Touch};
use domain::calendar::DayRange;
use domain::ids::{CustomerId, ProductId};
use domain::report::Figures;
use domain::rollup::{Dimension, Measures, Placement, fold};
use domain::store::Store;
use ports::orders::{OrderQuery, OrderSort};
use ports::page::MAX_LIMIT;
use ports::{PageRequest, PortResult};
use std::collections::{BTreeMap, BTreeSet};

/// Money is minor units of the store's currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OwnSales {
    pub orders: i64,
    pub units: i64,
    pub net_revenue: i64,
    /// Before ads; `None` where a cost is missing.
    pub cm2: Option<i64>,
}

impl OwnSales {
    pub(super) const NOTHING: Self = Self {
        orders: 0,
        units: 0,
        net_revenue: 0,
        cm2: Some(0),
    };

    pub(super) fn of(measures: Measures) -> Self {
        let figures = Figures::of(measures);
        Self {
            orders: measures.orders,
            units: measures.units,
            net_revenue: figures.net_revenue,
            cm2: figures.cm2,
        }
    }

    pub(super) fn add(&mut self, other: Self) {
        self.orders += other.orders;
        self.units += other.units;
        self.net_revenue += other.net_revenue;
        self.cm2 = self.cm2.zip(other.cm2).map(|(own, other)| own + other);
    }
}

/// Of one last visit.
#[derive(Default)]
struct OfTouch {
    total: Measures,
    products: BTreeMap<ProductId, Measures>,
    /// By what the link says below the campaign.
    links: BTreeMap<Option<Link>, Measures>,
    new_customers: BTreeSet<CustomerId>,
}

#[derive(Default)]
pub(super) struct Sales {
    touches: BTreeMap<Touch, OfTouch>,
    pub(super) not_read: u64,
}

/// Of the orders of these days in the store's currency, with all that was booked of them since. Test orders do not count.
pub(super) async fn sales(
    ports: &Ports,
    store: &Store,
    range: DayRange,
    first_days: &BTreeMap<CustomerId, NaiveDate>,
) -> PortResult<Sales> {
    let query = OrderQuery {
        from: Some(range.from),
        to: Some(range.to),
        sort: OrderSort::OldestFirst,
        ..OrderQuery::default()
    };
    let (mut page, mut sales) = (PageRequest::first(MAX_LIMIT), Sales::default());
    loop {
        let found = ports.orders.list(store.scope, &query, &page).await?;
        for stored in found.items {
            let (order, ledger) = (stored.order, stored.ledger);
            if !ledger.counts || order.currency != store.currency {
                continue;
            }
            let Some(journey) = &order.journey else {
                sales.not_read += 1;
                continue;
            };
            let touch = journey.last_touch();
            if touch.campaign.is_none() {
                continue;
            }
            let of = sales.touches.entry(touch).or_default();
            let link = journey.last_visit().and_then(|visit| visit.link.clone());
            let of_link = of.links.entry(link).or_default();
            for (key, measures) in fold(&Placement::of(&order), &ledger) {
                match key.dimension {
                    Dimension::Total => {
                        of.total += measures;
                        *of_link += measures;
                    }
                    Dimension::Product => {
                        if let Ok(id) = key.key.parse() {
                            *of.products.entry(ProductId(id)).or_default() += measures;
                        }
                    }
                    _ => {}
                }
            }
            let customer = order.customer;
            let is_first = |id: &CustomerId| first_days.get(id) == Some(&ledger.day);
            of.new_customers.extend(customer.filter(is_first));
        }
        page.cursor = found.next_cursor;
        if page.cursor.is_none() {
            return Ok(sales);
        }
    }
}

/// How links speak of a campaign.
#[derive(Clone, Copy)]
pub(super) struct Called<'a> {
    /// `meta`, `tiktok` …
    pub(super) source: &'a str,
    pub(super) number: &'a str,
    pub(super) names: &'a BTreeSet<String>,
}

impl Sales {
    /// Of all last visits that name the campaign.
    fn of<'a>(&'a self, called: Called<'a>) -> impl Iterator<Item = &'a OfTouch> {
        self.touches
            .iter()
            .filter(move |(touch, _)| {
                let names = called.names.iter().map(String::as_str);
                touch.names_in(called.source, called.number, names)
            })
            .map(|(_, of)| of)
    }

    /// `None`: no order names it.
    pub(super) fn own(&self, called: Called<'_>) -> Option<OwnSales> {
        let (mut sum, mut is_named) = (Measures::default(), false);
        for of in self.of(called) {
            sum += of.total;
            is_named = true;
        }
        is_named.then(|| OwnSales::of(sum))
    }

    pub(super) fn by_product(&self, called: Called<'_>) -> BTreeMap<ProductId, OwnSales> {
        let mut sums: BTreeMap<ProductId, Measures> = BTreeMap::new();
        for (id, measures) in self.of(called).flat_map(|of| &of.products) {
            *sums.entry(*id).or_default() += *measures;
        }
        let sums = sums.into_iter();
        sums.map(|(id, sum)| (id, OwnSales::of(sum))).collect()
    }

    /// By what links say below the campaign: together they are all of [`Self::own`].
    pub(super) fn links(&self, called: Called<'_>) -> BTreeMap<Option<Link>, Measures> {
        let mut sums: BTreeMap<Option<Link>, Measures> = BTreeMap::new();
        for (link, measures) in self.of(called).flat_map(|of| &of.links) {
            *sums.entry(link.clone()).or_default() += *measures;
        }
        sums
    }

    /// By net revenue, of those that brought any.
    pub(super) fn products(&self, called: Called<'_>) -> Vec<(ProductId, i64)> {
        let products = self.by_product(called).into_iter();
        let weights = products.map(|(id, own)| (id, own.net_revenue));
        weights.filter(|(_, weight)| *weight > 0).collect()
    }

    pub(super) fn new_customers(&self, called: Called<'_>) -> u64 {
        let people: BTreeSet<_> = self.of(called).flat_map(|of| &of.new_customers).collect();
        people.len() as u64
    }
}
