//! A supplier's product with its variants, put together from rows that each tell something of it.

use super::{Confidence, Heard, Platform, Price, PriceRange, Shelf, ShipTime, Stock, Told};
use crate::ids::{StoreScope, SupplierProductId};
use crate::money::Currency;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What sending costs and how long it takes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShippingOffer {
    /// ISO 3166-1 alpha-2; `None`: wherever the supplier sends to.
    pub to: Option<String>,
    pub cost: Option<Price>,
    pub days: Option<ShipTime>,
}

/// One row of a supplier's file, in the words of this module.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfferRow {
    pub platform: Platform,
    pub supplier: Option<String>,
    pub external_id: Option<String>,
    pub sku: Option<String>,
    /// As it is told; only a [`gtin`](super::gtin) is compared.
    pub barcode: Option<String>,
    pub url: Option<String>,
    pub title: Option<String>,
    /// Of the variant.
    pub name: Option<String>,
    pub ships_from: Option<String>,
    pub currency: Option<Currency>,
    pub cost: Option<PriceRange>,
    pub sell_price: Option<PriceRange>,
    pub shipping_cost: Option<PriceRange>,
    pub duties: Option<Decimal>,
    pub stock: Option<Stock>,
    pub processing: Option<ShipTime>,
    pub ship_days: Option<ShipTime>,
    /// Countries that the shipping of this row is for; none: all.
    pub ship_to: Vec<String>,
    pub rating: Option<Decimal>,
    pub image: Option<String>,
    pub category: Option<String>,
    pub weight: Option<String>,
    pub description: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SupplierVariant {
    /// Within its product: the SKU, else the name, else empty.
    pub key: String,
    pub sku: Option<String>,
    pub name: Option<String>,
    /// As it is told; only a [`gtin`](super::gtin) is compared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub barcode: Option<String>,
    pub weight: Option<String>,
    pub cost: Option<Told<Price>>,
    pub sell_price: Option<Told<Price>>,
    pub duties: Option<Told<Price>>,
    pub stock: Option<Told<Stock>>,
    pub shipping: Vec<Told<ShippingOffer>>,
    /// By which it is ordered, where an interface told it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external_id: Option<String>,
    /// What lies where, where an interface told it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub shelves: Vec<Shelf>,
    /// By which it was told last.
    pub heard: Heard,
    /// A list that was said to be whole did not name it any more.
    pub gone: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SupplierProduct {
    pub scope: StoreScope,
    pub id: SupplierProductId,
    pub platform: Platform,
    pub supplier: Option<String>,
    pub external_id: Option<String>,
    pub title: Option<String>,
    pub url: Option<String>,
    pub image: Option<String>,
    pub category: Option<String>,
    pub description: Option<String>,
    pub ships_from: Option<String>,
    /// From 0 to 5.
    pub rating: Option<Told<Decimal>>,
    pub processing: Option<ShipTime>,
    /// In the order in which they were told first.
    pub variants: Vec<SupplierVariant>,
    pub heard: Heard,
}

/// What a variant cost from some moment on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PricePoint {
    pub product: SupplierProductId,
    /// [`SupplierVariant::key`].
    pub variant: String,
    pub price: Price,
    pub confidence: Confidence,
    #[serde(flatten)]
    pub heard: Heard,
}

impl OfferRow {
    /// By what a supplier's product is known: its id, else its SKU, else its address.
    #[must_use]
    pub fn product_key(&self) -> &str {
        let keys = [&self.external_id, &self.sku, &self.url];
        keys.into_iter().flatten().next().map_or("", String::as_str)
    }

    #[must_use]
    pub fn variant_key(&self) -> &str {
        let keys = [&self.sku, &self.name];
        keys.into_iter().flatten().next().map_or("", String::as_str)
    }

    /// The same for the same product of the same supplier in a store, whatever else a row says.
    #[must_use]
    pub fn product_id(&self, scope: StoreScope) -> SupplierProductId {
        let supplier = self.supplier.as_deref().unwrap_or_default().to_lowercase();
        let name = format!(
            "supplier product\n{}\n{supplier}\n{}",
            self.platform.as_str(),
            self.product_key()
        );
        SupplierProductId(Uuid::new_v5(&scope.store.0, name.as_bytes()))
    }

    fn price(&self, range: Option<PriceRange>) -> Option<Price> {
        Some(Price {
            range: range?,
            currency: self.currency?,
        })
    }

    fn shipping(&self) -> Vec<ShippingOffer> {
        let cost = self.price(self.shipping_cost);
        if cost.is_none() && self.ship_days.is_none() && self.ship_to.is_empty() {
            return Vec::new();
        }
        let offer = |to: Option<String>| ShippingOffer {
            to,
            cost,
            days: self.ship_days,
        };
        if self.ship_to.is_empty() {
            return vec![offer(None)];
        }
        self.ship_to
            .iter()
            .cloned()
            .map(|to| offer(Some(to)))
            .collect()
    }
}

fn set<T>(place: &mut Option<Told<T>>, value: Option<T>, heard: &Heard) {
    if let Some(value) = value {
        *place = Some(Told {
            value,
            heard: heard.clone(),
        });
    }
}

fn keep<T: Clone>(place: &mut Option<T>, value: Option<&T>) {
    if let Some(value) = value {
        *place = Some(value.clone());
    }
}

impl SupplierProduct {
    #[must_use]
    pub fn of(scope: StoreScope, row: &OfferRow, heard: &Heard) -> Self {
        Self {
            scope,
            id: row.product_id(scope),
            platform: row.platform,
            supplier: row.supplier.clone(),
            external_id: row.external_id.clone(),
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

    /// Takes in what a row tells; what it does not tell stays. Answers the price where it is another than before.
    pub fn hear(&mut self, row: &OfferRow, heard: &Heard) -> Option<PricePoint> {
        keep(&mut self.title, row.title.as_ref());
        keep(&mut self.url, row.url.as_ref());
        keep(&mut self.image, row.image.as_ref());
        keep(&mut self.category, row.category.as_ref());
        keep(&mut self.description, row.description.as_ref());
        keep(&mut self.ships_from, row.ships_from.as_ref());
        keep(&mut self.processing, row.processing.as_ref());
        set(&mut self.rating, row.rating, heard);
        self.heard = heard.clone();
        let key = row.variant_key();
        let at = self.variants.iter().position(|v| v.key == key);
        let at = at.unwrap_or_else(|| {
            self.variants.push(SupplierVariant::named(key, heard));
            self.variants.len() - 1
        });
        let product = self.id;
        let variant = &mut self.variants[at];
        let before = variant.cost.as_ref().map(|told| told.value);
        variant.hear(row, heard);
        let price = row.price(row.cost).filter(|now| before != Some(*now))?;
        Some(PricePoint {
            product,
            variant: key.to_owned(),
            price,
            confidence: price.range.confidence(),
            heard: heard.clone(),
        })
    }

    /// Whether it differs in nothing but when it was told.
    #[must_use]
    pub fn says_the_same(&self, other: &Self) -> bool {
        let unheard = |product: &Self| {
            let mut bare = product.clone();
            let heard = &other.heard;
            bare.heard = heard.clone();
            if let Some(rating) = &mut bare.rating {
                rating.heard = heard.clone();
            }
            for variant in &mut bare.variants {
                variant.forget_when(heard);
            }
            bare
        };
        unheard(self) == unheard(other)
    }

    /// A list that is whole does not name the variants that it did not tell: they are not to be had any more. Whether that is news.
    pub fn miss(&mut self, heard: &Heard) -> bool {
        let mut is_news = false;
        let missed = self
            .variants
            .iter_mut()
            .filter(|v| !v.gone && v.heard.by != heard.by);
        for variant in missed {
            variant.gone = true;
            set(&mut variant.stock, Some(Stock::said(false)), heard);
            is_news = true;
        }
        is_news
    }
}

impl SupplierVariant {
    /// One of which nothing is known yet.
    pub(super) fn named(key: &str, heard: &Heard) -> Self {
        Self {
            key: key.to_owned(),
            sku: None,
            name: None,
            barcode: None,
            weight: None,
            cost: None,
            sell_price: None,
            duties: None,
            stock: None,
            shipping: Vec::new(),
            external_id: None,
            shelves: Vec::new(),
            heard: heard.clone(),
            gone: false,
        }
    }

    fn hear(&mut self, row: &OfferRow, heard: &Heard) {
        keep(&mut self.sku, row.sku.as_ref());
        keep(&mut self.name, row.name.as_ref());
        keep(&mut self.barcode, row.barcode.as_ref());
        keep(&mut self.weight, row.weight.as_ref());
        set(&mut self.cost, row.price(row.cost), heard);
        set(&mut self.sell_price, row.price(row.sell_price), heard);
        let duties = row.duties.map(PriceRange::of);
        set(&mut self.duties, row.price(duties), heard);
        set(&mut self.stock, row.stock, heard);
        for offer in row.shipping() {
            self.shipping.retain(|known| known.value.to != offer.to);
            self.shipping.push(Told {
                value: offer,
                heard: heard.clone(),
            });
        }
        self.shipping.sort_by(|a, b| a.value.to.cmp(&b.value.to));
        self.heard = heard.clone();
        self.gone = false;
    }

    fn forget_when(&mut self, heard: &Heard) {
        self.heard = heard.clone();
        let prices = [&mut self.cost, &mut self.sell_price, &mut self.duties];
        for told in prices.into_iter().flatten() {
            told.heard = heard.clone();
        }
        if let Some(stock) = &mut self.stock {
            stock.heard = heard.clone();
        }
        for offer in &mut self.shipping {
            offer.heard = heard.clone();
        }
    }

    /// What sending it to a country is offered as: the offer for this country, else the one for everywhere.
    #[must_use]
    pub fn shipping_to(&self, country: &str) -> Option<&ShippingOffer> {
        self.told_shipping_to(country).map(|told| &told.value)
    }

    /// As [`Self::shipping_to`], with when it was told, and by what.
    #[must_use]
    pub fn told_shipping_to(&self, country: &str) -> Option<&Told<ShippingOffer>> {
        let offers = || self.shipping.iter();
        let own = offers().find(|o| o.value.to.as_deref() == Some(country));
        own.or_else(|| offers().find(|o| o.value.to.is_none()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::{ImportId, StoreId, WorkspaceId};
    use crate::supplier::{Presence, Teller};
    use chrono::DateTime;

    pub(crate) fn row() -> OfferRow {
        OfferRow {
            platform: Platform::Autods,
            supplier: Some("Acme".into()),
            external_id: Some("P-1".into()),
            sku: Some("P-1-RED".into()),
            barcode: None,
            url: None,
            title: Some("Lamp".into()),
            name: Some("Red".into()),
            ships_from: None,
            currency: Some("USD".parse().unwrap()),
            cost: Some(PriceRange::of(Decimal::TEN)),
            sell_price: None,
            shipping_cost: None,
            duties: None,
            stock: Some(Stock::counted(5)),
            processing: None,
            ship_days: None,
            ship_to: Vec::new(),
            rating: None,
            image: None,
            category: None,
            weight: None,
            description: None,
        }
    }

    fn heard(import: u128) -> Heard {
        Heard {
            observed_at: DateTime::UNIX_EPOCH,
            by: Teller::File {
                import: ImportId(Uuid::from_u128(import)),
                sha256: format!("{import:064x}"),
            },
        }
    }

    fn scope() -> StoreScope {
        StoreScope {
            workspace: WorkspaceId(Uuid::from_u128(1)),
            store: StoreId(Uuid::from_u128(2)),
        }
    }

    #[test]
    fn rows_of_one_product_make_one_product_and_only_news_make_history() {
        let first = row();
        let mut product = SupplierProduct::of(scope(), &first, &heard(1));
        assert!(product.hear(&first, &heard(1)).is_some());
        let blue = OfferRow {
            sku: Some("P-1-BLUE".into()),
            ..row()
        };
        assert_eq!(blue.product_id(scope()), product.id);
        assert!(product.hear(&blue, &heard(1)).is_some());
        assert_eq!(product.hear(&first, &heard(2)), None, "the same price");
        let dearer = OfferRow {
            cost: Some(PriceRange::of(Decimal::from(12))),
            title: None,
            stock: None,
            ..row()
        };
        let point = product.hear(&dearer, &heard(3)).unwrap();
        assert_eq!(point.price.range.low, Decimal::from(12));
        assert_eq!(point.heard, heard(3));
        assert_eq!(product.variants.len(), 2);
        let red = &product.variants[0];
        let stock = red.stock.as_ref().unwrap();
        assert_eq!(
            stock.value,
            Stock::counted(5),
            "what a row does not tell stays"
        );
        assert_eq!(stock.heard, heard(2));
        assert_eq!(product.title.as_deref(), Some("Lamp"));
    }

    #[test]
    fn a_price_without_a_currency_is_no_price() {
        let mut product = SupplierProduct::of(scope(), &row(), &heard(1));
        let bare = OfferRow {
            currency: None,
            ..row()
        };
        assert_eq!(product.hear(&bare, &heard(1)), None);
        assert_eq!(product.variants[0].cost, None);
    }

    #[test]
    fn shipping_is_that_of_the_country_else_that_of_everywhere() {
        let mut product = SupplierProduct::of(scope(), &row(), &heard(1));
        let days = |n| {
            Some(ShipTime {
                min_days: n,
                max_days: n,
            })
        };
        let to = |countries: &[&str], n| OfferRow {
            ship_to: countries.iter().map(|c| (*c).to_owned()).collect(),
            ship_days: days(n),
            ..row()
        };
        product.hear(&to(&["US", "CA"], 4), &heard(1));
        let of = |p: &SupplierProduct, c| p.variants[0].shipping_to(c).and_then(|o| o.days);
        assert_eq!(of(&product, "US"), days(4));
        assert_eq!(of(&product, "DE"), None);
        product.hear(&to(&[], 20), &heard(1));
        assert_eq!(of(&product, "DE"), days(20));
        assert_eq!(of(&product, "CA"), days(4));
    }

    #[test]
    fn a_whole_list_takes_away_what_it_does_not_name_and_brings_it_back_when_it_does() {
        let mut product = SupplierProduct::of(scope(), &row(), &heard(1));
        product.hear(&row(), &heard(1));
        assert!(!product.miss(&heard(1)), "it was named");
        assert!(product.miss(&heard(2)));
        let stock = product.variants[0].stock.as_ref().unwrap();
        assert_eq!(stock.value.presence, Presence::Out);
        assert!(product.variants[0].gone);
        assert!(!product.miss(&heard(3)), "no news");
        product.hear(&row(), &heard(4));
        assert!(!product.variants[0].gone);
    }
}
