//! Taking in what a supplier's interface shows of a product, and which of it is news.

use super::{
    Heard, Offered, OfferedVariant, Platform, PricePoint, PriceRange, Shelf, ShipQuote,
    ShippingOffer, Stock, SupplierProduct, SupplierVariant, Told, VariantShelves, on_all,
};
use crate::ids::{StoreScope, SupplierProductId};
use crate::money::Money;
use crate::supplier::Price;
use chrono::{DateTime, Utc};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What became another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum OfferNews {
    Price {
        from: Option<Price>,
        to: Option<Price>,
    },
    Stock {
        from: Stock,
        to: Stock,
    },
    /// It is not sold any more.
    Gone,
    /// It is sold again.
    Back,
}

/// One change of what a supplier offers. The first that is told of a variant is no change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfferChange {
    pub product: SupplierProductId,
    /// As they were called then.
    pub title: Option<String>,
    /// [`SupplierVariant::key`].
    pub variant: String,
    pub variant_name: Option<String>,
    pub news: OfferNews,
    #[serde(flatten)]
    pub heard: Heard,
}

impl OfferNews {
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Price { .. } => "price",
            Self::Stock { .. } => "stock",
            Self::Gone => "gone",
            Self::Back => "back",
        }
    }
}

impl OfferChange {
    /// The same for the same change of one telling, however often it is written.
    #[must_use]
    pub fn id(&self) -> Uuid {
        let name = format!(
            "offer change\n{}\n{}\n{}",
            self.heard.by.id(),
            self.variant,
            self.news.kind()
        );
        Uuid::new_v5(&self.product.0, name.as_bytes())
    }
}

/// What one telling brought.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Taken {
    pub prices: Vec<PricePoint>,
    pub changes: Vec<OfferChange>,
}

fn told<T>(value: T, heard: &Heard) -> Told<T> {
    Told {
        value,
        heard: heard.clone(),
    }
}

fn as_price(money: Money) -> Price {
    let amount = Decimal::new(money.minor, money.currency.exponent());
    Price {
        range: PriceRange::of(amount.normalize()),
        currency: money.currency,
    }
}

fn key(variant: &OfferedVariant) -> &str {
    variant.sku.as_deref().unwrap_or(&variant.external_id)
}

impl SupplierProduct {
    /// By which a product of a supplier's interface is known in a store.
    #[must_use]
    pub fn id_of(scope: StoreScope, platform: Platform, external_id: &str) -> SupplierProductId {
        let name = format!("supplier product\n{}\n\n{external_id}", platform.as_str());
        SupplierProductId(Uuid::new_v5(&scope.store.0, name.as_bytes()))
    }

    /// One of which nothing is known yet but its number.
    #[must_use]
    pub fn named(scope: StoreScope, platform: Platform, external_id: &str, heard: &Heard) -> Self {
        Self {
            scope,
            id: Self::id_of(scope, platform, external_id),
            platform,
            supplier: None,
            external_id: Some(external_id.to_owned()),
            title: None,
            url: None,
            image: None,
            category: None,
            description: None,
            ships_from: None,
            rating: None,
            processing: None,
            variants: Vec::new(),
            heard: heard.clone(),
        }
    }

    /// The product becomes what is shown: texts that are not told stay, a price that is not told is unknown from now on, a variant that is
    /// not shown any more is gone. `shelves` is `None` where stock was not asked for.
    pub fn take(
        &mut self,
        offered: &Offered,
        shelves: Option<&[VariantShelves]>,
        heard: &Heard,
    ) -> Taken {
        for (place, value) in [
            (&mut self.title, &offered.title),
            (&mut self.url, &offered.url),
            (&mut self.image, &offered.image),
            (&mut self.category, &offered.category),
            (&mut self.description, &offered.description),
            (&mut self.ships_from, &offered.ships_from),
        ] {
            if value.is_some() {
                place.clone_from(value);
            }
        }
        self.heard = heard.clone();
        let mut taken = Taken::default();
        let sold = offered.on_sale != Some(false);
        let priced = !offered.without_prices;
        for variant in &offered.variants {
            let own = shelves.map(|all| {
                let own = all.iter().find(|s| s.variant == variant.external_id);
                own.map_or(&[][..], |s| s.shelves.as_slice())
            });
            self.take_variant(variant, own, (sold, priced), heard, &mut taken);
        }
        let shown: Vec<_> = offered.variants.iter().map(key).collect();
        let missing: Vec<_> = (0..self.variants.len())
            .filter(|at| !shown.contains(&self.variants[*at].key.as_str()))
            .collect();
        for at in missing {
            self.mark_gone(at, heard, &mut taken);
        }
        taken
    }

    /// The supplier does not know it any more.
    pub fn vanish(&mut self, heard: &Heard) -> Taken {
        let mut taken = Taken::default();
        self.heard = heard.clone();
        for at in 0..self.variants.len() {
            self.mark_gone(at, heard, &mut taken);
        }
        taken
    }

    /// The cheapest quote to a country becomes what sending the variant there costs; without one it cannot be sent there.
    pub fn take_quote(
        &mut self,
        variant: &str,
        to: &str,
        quote: Option<&ShipQuote>,
        heard: &Heard,
    ) {
        let Some(variant) = self.variants.iter_mut().find(|v| v.key == variant) else {
            return;
        };
        let shipping = &mut variant.shipping;
        shipping.retain(|known| known.value.to.as_deref() != Some(to));
        if let Some(quote) = quote {
            let offer = ShippingOffer {
                to: Some(to.to_owned()),
                cost: Some(as_price(quote.cost)),
                days: quote.days,
            };
            shipping.push(told(offer, heard));
        }
        shipping.sort_by(|a, b| a.value.to.cmp(&b.value.to));
    }

    /// When sending a variant to a country was asked about last.
    #[must_use]
    pub fn quoted_at(&self, variant: &str, to: &str) -> Option<DateTime<Utc>> {
        let variant = self.variants.iter().find(|v| v.key == variant)?;
        let known = variant.shipping.iter();
        let mut known = known.filter(|s| s.value.to.as_deref() == Some(to));
        known.next().map(|s| s.heard.observed_at)
    }

    fn change(&self, at: usize, news: OfferNews, heard: &Heard) -> OfferChange {
        let variant = &self.variants[at];
        OfferChange {
            product: self.id,
            title: self.title.clone(),
            variant: variant.key.clone(),
            variant_name: variant.name.clone(),
            news,
            heard: heard.clone(),
        }
    }

    fn mark_gone(&mut self, at: usize, heard: &Heard, taken: &mut Taken) {
        if !self.variants[at].gone {
            self.variants[at].gone = true;
            self.variants[at].stock = Some(told(Stock::said(false), heard));
            self.variants[at].shelves = Vec::new();
            let change = self.change(at, OfferNews::Gone, heard);
            taken.changes.push(change);
        }
    }

    fn take_variant(
        &mut self,
        offered: &OfferedVariant,
        shelves: Option<&[Shelf]>,
        (sold, priced): (bool, bool),
        heard: &Heard,
        taken: &mut Taken,
    ) {
        let key = key(offered);
        let known = self.variants.iter().position(|v| v.key == key);
        let at = known.unwrap_or_else(|| {
            self.variants.push(SupplierVariant::named(key, heard));
            self.variants.len() - 1
        });
        let variant = &mut self.variants[at];
        let before = variant.clone();
        variant.external_id = Some(offered.external_id.clone());
        variant.sku.clone_from(&offered.sku);
        if offered.name.is_some() {
            variant.name.clone_from(&offered.name);
        }
        variant.weight = offered.weight.map(|w| format!("{} g", w.normalize()));
        if offered.barcode.is_some() {
            variant.barcode.clone_from(&offered.barcode);
        }
        if priced {
            variant.cost = offered.price.map(|p| told(p, heard));
            variant.sell_price = offered.suggested.map(|p| told(p, heard));
        }
        if let Some(offer) = &offered.shipping {
            variant.shipping.retain(|known| known.value.to != offer.to);
            variant.shipping.push(told(offer.clone(), heard));
            variant.shipping.sort_by(|a, b| a.value.to.cmp(&b.value.to));
        }
        variant.heard = heard.clone();
        if !sold {
            self.mark_gone(at, heard, taken);
            return;
        }
        if let Some(shelves) = shelves {
            variant.shelves = shelves.to_vec();
            let nowhere = offered.stock.filter(|_| shelves.is_empty());
            let stock = nowhere.unwrap_or_else(|| on_all(shelves));
            variant.stock = Some(told(stock, heard));
        }
        variant.gone = false;
        let was = before.cost.as_ref().map(|t| t.value);
        let stock = |v: &SupplierVariant| v.stock.as_ref().map(|t| t.value).unwrap_or_default();
        let (stock_was, stock_is) = (stock(&before), stock(variant));
        let price = if priced { offered.price } else { was };
        if let Some(price) = price.filter(|now| was != Some(*now)) {
            taken.prices.push(PricePoint {
                product: self.id,
                variant: key.to_owned(),
                price,
                confidence: price.range.confidence(),
                heard: heard.clone(),
            });
        }
        if known.is_none() {
            return;
        }
        let mut news = Vec::new();
        if before.gone {
            news.push(OfferNews::Back);
        } else if stock_was != stock_is {
            news.push(OfferNews::Stock {
                from: stock_was,
                to: stock_is,
            });
        }
        if was != price {
            news.push(OfferNews::Price {
                from: was,
                to: price,
            });
        }
        let changes = news.into_iter().map(|n| self.change(at, n, heard));
        let changes: Vec<_> = changes.collect();
        taken.changes.extend(changes);
    }
}

#[cfg(test)]
#[path = "taken_tests.rs"]
mod tests;
