//! Whether there was anything to sell of a product, now and on earlier days.
//!
//! A product has nothing when each of its variants has nothing. A variant that the shop does not count, or that is sold without stock, can
//! always be sold. Of an earlier day it is empty when it was so at the end of the day before and at the end of the day itself; where nobody
//! looked at the end of either, nobody knows.

use crate::Ports;
use crate::forecasts::{Offer, offers};
use chrono::NaiveDate;
use domain::ads::waste::Shelf;
use domain::calendar::DayRange;
use domain::forecast::demand::{StockDay, stock_days};
use domain::ids::{InventoryItemId, ProductId};
use domain::inventory::StockMark;
use domain::store::Store;
use ports::PortResult;
use std::collections::{BTreeMap, BTreeSet};

type Days = BTreeMap<NaiveDate, StockDay>;

pub(super) struct Shelves {
    /// Variants of each product that was asked for.
    variants: BTreeMap<ProductId, Vec<Offer>>,
    days: BTreeMap<InventoryItemId, Days>,
}

impl Shelves {
    pub(super) async fn read(
        ports: &Ports,
        store: &Store,
        products: &BTreeSet<ProductId>,
        range: DayRange,
    ) -> PortResult<Self> {
        let mut variants: BTreeMap<ProductId, Vec<Offer>> = BTreeMap::new();
        if products.is_empty() {
            return Ok(Self {
                variants,
                days: BTreeMap::new(),
            });
        }
        for offer in offers(ports, store).await?.into_values() {
            if products.contains(&offer.product.id) {
                variants.entry(offer.product.id).or_default().push(offer);
            }
        }
        let before = range.from.pred_opt().unwrap_or(range.from);
        let days = DayRange {
            from: before,
            to: range.to,
        };
        let book = ports.stock.stock_book(store.scope, days).await?;
        let mut marks: BTreeMap<InventoryItemId, Vec<StockMark>> = BTreeMap::new();
        for mark in book.marks {
            marks.entry(mark.item).or_default().push(mark);
        }
        let known = marks.into_iter().map(|(item, mut marks)| {
            marks.sort_by_key(|mark| mark.day);
            (item, stock_days(&marks, &book.looks, (days.from, days.to)))
        });
        Ok(Self {
            days: known.collect(),
            variants,
        })
    }

    /// As the shop showed it last.
    pub(super) fn now(&self, product: ProductId) -> Shelf {
        self.of(product, |offer| match offer.variant.inventory_quantity {
            None => Shelf::Unknown,
            Some(left) if left > 0 => Shelf::Stocked,
            Some(_) => Shelf::Empty,
        })
    }

    pub(super) fn on(&self, product: ProductId, day: NaiveDate) -> Shelf {
        self.of(product, |offer| {
            let days = offer
                .variant
                .inventory_item
                .and_then(|item| self.days.get(&item));
            let (Some(days), Some(before)) = (days, day.pred_opt()) else {
                return Shelf::Unknown;
            };
            let is_empty = |day| {
                let known: Option<&StockDay> = days.get(&day);
                known.map(|s| s.on_hand <= 0 && !s.sells_without_stock)
            };
            match (is_empty(before), is_empty(day)) {
                (Some(false), _) | (_, Some(false)) => Shelf::Stocked,
                (Some(true), Some(true)) => Shelf::Empty,
                _ => Shelf::Unknown,
            }
        })
    }

    fn of(&self, product: ProductId, shelf: impl Fn(&Offer) -> Shelf) -> Shelf {
        let Some(variants) = self.variants.get(&product) else {
            return Shelf::Unknown;
        };
        let mut found = Shelf::Empty;
        for offer in variants {
            if offer.variant.tracked == Some(false) {
                return Shelf::Stocked;
            }
            match shelf(offer) {
                Shelf::Stocked => return Shelf::Stocked,
                Shelf::Unknown => found = Shelf::Unknown,
                Shelf::Empty => {}
            }
        }
        found
    }
}
