//! What was sold of what is offered, day by day, and on which days there was nothing to sell.

use crate::Ports;
use crate::ingest::calendar;
use chrono::{Days, NaiveDate};
use domain::calendar::DayRange;
use domain::catalog::{Product, Variant};
use domain::forecast::demand::{Past, of_sales, stock_days};
use domain::ids::{InventoryItemId, VariantId};
use domain::inventory::StockMark;
use domain::inventory_plan::Bundles;
use domain::money::Currency;
use domain::rollup::Dimension;
use domain::store::Store;
use ports::catalog::ProductQuery;
use ports::page::MAX_LIMIT;
use ports::stock::StockBook;
use ports::{PageRequest, PortResult};
use std::collections::BTreeMap;

/// Two years: earlier days say little about tomorrow.
const LONGEST: u64 = 730;
/// Days whose sales are asked for at once: of ten thousand variants a week is as many as one wants to hold.
const PIECE: u64 = 7;
/// What is not offered has no demand to tell.
const NOT_OFFERED: [&str; 2] = ["archived", "draft"];

/// Units of a day.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Sold {
    /// As ordered; what came back later is no less demand.
    pub sold: i64,
    pub returned: i64,
}

/// A variant with the product that it belongs to.
#[derive(Debug, Clone)]
pub struct Offer {
    pub variant: Variant,
    pub product: std::sync::Arc<Product>,
    pub since: NaiveDate,
}

impl Offer {
    #[must_use]
    pub fn is_offered(&self) -> bool {
        !NOT_OFFERED.contains(&self.product.status.as_str())
    }
}

/// All that forecasts and plans of a store rest on.
pub(crate) struct History {
    /// Up to yesterday.
    pub range: DayRange,
    pub offers: BTreeMap<VariantId, Offer>,
    pub sold: BTreeMap<VariantId, BTreeMap<NaiveDate, Sold>>,
    pub stock: StockBook,
    /// What is put together from other variants.
    pub bundles: Bundles,
    /// Of each item, oldest first.
    marks: BTreeMap<InventoryItemId, Vec<StockMark>>,
}

impl History {
    /// Before `day`; with `days`: only so many of them.
    pub(crate) async fn read(
        ports: &Ports,
        store: &Store,
        day: NaiveDate,
        days: Option<u64>,
    ) -> PortResult<Self> {
        let span = ports.orders.span(store.scope).await?;
        let longest = days.unwrap_or(LONGEST);
        let (from, yesterday) = (day - Days::new(longest), day - Days::new(1));
        let first = span.first_day.unwrap_or(yesterday).max(from);
        let range = DayRange {
            from: first.min(yesterday),
            to: yesterday,
        };
        let offers = offers(ports, store).await?;
        let set = ports.inventory_settings.inventory_settings(store.scope);
        let bundles = set.await?.map(|s| s.settings.bundles).unwrap_or_default();
        let mut sold = sold(ports, store, range).await?;
        count_bundles(&mut sold, &bundles);
        let stock = ports.stock.stock_book(store.scope, range).await?;
        let mut marks: BTreeMap<_, Vec<StockMark>> = BTreeMap::new();
        for mark in &stock.marks {
            marks.entry(mark.item).or_default().push(*mark);
        }
        marks.values_mut().for_each(|m| m.sort_by_key(|m| m.day));
        Ok(Self {
            range,
            offers,
            sold,
            stock,
            marks,
            bundles,
        })
    }

    /// The demand of a variant that sold; it begins when it was first offered, as far as that is known.
    pub(crate) fn past(&self, id: VariantId) -> Option<Past> {
        let (offer, sold) = (self.offers.get(&id)?, self.sold.get(&id)?);
        let first = sold.iter().find(|(_, s)| s.sold > 0).map(|(day, _)| *day)?;
        let start = offer.since.min(first).max(self.range.from);
        let units = sold
            .iter()
            .map(|(day, s)| (*day, domain::inventory_plan::units(s.sold.max(0))));
        let days = (start, self.range.to);
        let marks = offer
            .variant
            .inventory_item
            .and_then(|i| self.marks.get(&i));
        // A bundle has no stock of its own that it could have been out of.
        let is_bundle = self.bundles.contains_key(&id);
        let stock = match (offer.variant.tracked, marks) {
            (Some(false), _) | (_, None) => BTreeMap::new(),
            _ if is_bundle => BTreeMap::new(),
            (_, Some(marks)) => stock_days(marks, &self.stock.looks, days),
        };
        Some(Past::of(start, of_sales(&units.collect(), &stock, days)))
    }

    /// What lay there at the end of each day on which somebody looked.
    pub(crate) fn stock_of(&self, id: VariantId) -> BTreeMap<NaiveDate, i64> {
        let item = self.offers.get(&id).and_then(|o| o.variant.inventory_item);
        let Some(marks) = item.and_then(|item| self.marks.get(&item)) else {
            return BTreeMap::new();
        };
        let days = (self.range.from, self.range.to);
        let known = stock_days(marks, &self.stock.looks, days);
        known.into_iter().map(|(day, s)| (day, s.on_hand)).collect()
    }

    pub(crate) fn last_sold_on(&self, id: VariantId) -> Option<NaiveDate> {
        let days = self.sold.get(&id)?.iter().rev();
        days.filter(|(_, s)| s.sold > 0).map(|(day, _)| *day).next()
    }

    /// Units from a day on, up to yesterday.
    pub(crate) fn sold_since(&self, id: VariantId, day: NaiveDate) -> i64 {
        let Some(sold) = self.sold.get(&id) else {
            return 0;
        };
        sold.range(day..).map(|(_, s)| s.sold).sum()
    }

    /// Units of the last so many days.
    pub(crate) fn sold_within(&self, id: VariantId, days: u64) -> i64 {
        let Some(sold) = self.sold.get(&id) else {
            return 0;
        };
        let from = self.range.to - Days::new(days.saturating_sub(1));
        sold.range(from..).map(|(_, s)| s.sold).sum()
    }
}

pub(crate) async fn offers(ports: &Ports, store: &Store) -> PortResult<BTreeMap<VariantId, Offer>> {
    let calendar = calendar(store)?;
    let mut offers = BTreeMap::new();
    let (query, mut page) = (ProductQuery::default(), PageRequest::first(MAX_LIMIT));
    loop {
        let found = ports.catalog.list(store.scope, &query, &page).await?;
        for stored in found.items {
            let product = std::sync::Arc::new(stored.product);
            for variant in &product.variants {
                let offer = Offer {
                    variant: variant.clone(),
                    product: std::sync::Arc::clone(&product),
                    since: calendar.day_of(product.created_at),
                };
                offers.insert(variant.id, offer);
            }
        }
        page.cursor = found.next_cursor;
        if page.cursor.is_none() {
            return Ok(offers);
        }
    }
}

/// What was sold of a bundle was wanted of its components.
fn count_bundles(sold: &mut BTreeMap<VariantId, BTreeMap<NaiveDate, Sold>>, bundles: &Bundles) {
    for (bundle, parts) in bundles {
        let Some(days) = sold.get(bundle).cloned() else {
            continue;
        };
        for (part, units) in parts {
            let of = sold.entry(*part).or_default();
            for (day, told) in &days {
                let day = of.entry(*day).or_default();
                day.sold = day.sold.saturating_add(told.sold.saturating_mul(*units));
                day.returned = day
                    .returned
                    .saturating_add(told.returned.saturating_mul(*units));
            }
        }
    }
}

/// Units of some days by variant, those in bundles too.
pub(crate) async fn sold_in(
    ports: &Ports,
    store: &Store,
    range: DayRange,
    bundles: &Bundles,
) -> PortResult<BTreeMap<VariantId, i64>> {
    let mut found = sold(ports, store, range).await?;
    count_bundles(&mut found, bundles);
    let units = found
        .into_iter()
        .map(|(id, days)| (id, days.values().map(|s| s.sold).sum()));
    Ok(units.collect())
}

/// Over all currencies that the store ever had: units are units.
async fn sold(
    ports: &Ports,
    store: &Store,
    range: DayRange,
) -> PortResult<BTreeMap<VariantId, BTreeMap<NaiveDate, Sold>>> {
    let others = ports.reports.other_currencies(store.scope, store.currency);
    let others = others.await?.into_keys();
    let mut currencies: Vec<_> = others.filter_map(|c| Currency::parse(&c).ok()).collect();
    currencies.push(store.currency);
    let mut sold: BTreeMap<VariantId, BTreeMap<NaiveDate, Sold>> = BTreeMap::new();
    for currency in currencies {
        let mut from = range.from;
        while from <= range.to {
            let to = (from + Days::new(PIECE - 1)).min(range.to);
            let rows = ports
                .reports
                .by_day_and_key(
                    store.scope,
                    currency,
                    DayRange { from, to },
                    Dimension::Variant,
                )
                .await?;
            for row in rows {
                // Lines without a variant are nobody's demand.
                let Ok(id) = row.key.parse() else { continue };
                let day = sold.entry(id).or_default().entry(row.day).or_default();
                day.sold += row.measures.units + row.measures.units_returned;
                day.returned += row.measures.units_returned;
            }
            from = to + Days::new(1);
        }
    }
    Ok(sold)
}
