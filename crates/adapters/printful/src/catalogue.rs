//! What is offered, where it can be had, what sending costs, and where a parcel is.

use crate::client::{PER_PAGE, Printful, more};
use crate::orders::shipped_as;
use crate::regions::{country, region, some_state};
use crate::values::{currency, plain};
use crate::wire::{
    Availability, One, Page, Prices, Product, Rate, RegionAvailability, Scope, Shipment, Store,
    Technique, TechniqueAvailability, Variant,
};
use adapter_kit::Effect;
use async_trait::async_trait;
use domain::money::Currency;
use domain::supplier::{
    Design, FoundPage, Glimpse, Offered, OfferedVariant, Platform, Presence, Price, Quota,
    QuoteFor, Search, Shelf, ShipQuote, ShipTime, Stock, SupplierIdentity, SupplierNotice, Tracked,
    VariantShelves, is_picture_address,
};
use ports::supplier_platforms::SupplierSource;
use ports::{Kind, PortResult, Retry};
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::PoisonError;

/// A token that may not do this can place no order.
const ORDERS: &str = "orders";

fn digits(id: &str) -> bool {
    !id.is_empty() && id.len() <= 19 && id.bytes().all(|b| b.is_ascii_digit())
}

fn said(text: Option<String>) -> Option<String> {
    text.filter(|t| !t.trim().is_empty())
}

/// In stock in a region where any way of printing has it; out of stock where none has; unknown where nobody says.
fn shelves(techniques: Vec<TechniqueAvailability>) -> Vec<Shelf> {
    let mut by_country: BTreeMap<&str, Presence> = BTreeMap::new();
    let regions = techniques.into_iter().flat_map(|t| t.selling_regions);
    for RegionAvailability { name, availability } in regions {
        let Some(country) = country(&name) else {
            continue;
        };
        let says = match availability.as_str() {
            Some("in stock") => Presence::In,
            Some("out of stock" | "not fulfillable") => Presence::Out,
            _ => Presence::Unknown,
        };
        let known = by_country.entry(country).or_insert(says);
        *known = match (*known, says) {
            (Presence::In, _) | (_, Presence::In) => Presence::In,
            (Presence::Out, Presence::Out) => Presence::Out,
            _ => Presence::Unknown,
        };
    }
    by_country
        .into_iter()
        .map(|(country, presence)| Shelf {
            country: country.to_owned(),
            stock: Stock {
                presence,
                quantity: None,
            },
            verified: presence != Presence::Unknown,
        })
        .collect()
}

/// By the way of printing that the product has by default; the lower one of a discount.
fn prices(
    told: Vec<Prices>,
    technique: Option<&str>,
    unread: &mut Vec<String>,
) -> BTreeMap<u64, Price> {
    let mut all = BTreeMap::new();
    for page in told {
        let Some(currency) = currency(page.currency.as_deref()) else {
            unread.push("prices: no currency is told".to_owned());
            continue;
        };
        for variant in page.variants {
            let by = variant.techniques.iter();
            let own = by.clone().find(|t| Some(&*t.technique_key) == technique);
            let Some(own) = own.or_else(|| variant.techniques.first()) else {
                continue;
            };
            let full = own.price.price(currency);
            let less = own.discounted_price.price(currency).unwrap_or(None);
            match full {
                Ok(Some(full)) => {
                    let less = less.filter(|less| less.range.low < full.range.low);
                    all.insert(variant.id, less.unwrap_or(full));
                }
                Ok(None) => {}
                Err(why) => unread.push(format!("the price of variant {}: {why}", variant.id)),
            }
        }
    }
    all
}

fn default_technique(all: &[Technique]) -> Option<&str> {
    let own = all.iter().find(|t| t.is_default);
    own.or_else(|| all.first()).map(|t| t.key.as_str())
}

fn fits(product: &Product, words: &[String]) -> bool {
    let name = product.name.to_lowercase();
    words.iter().all(|word| name.contains(word))
}

impl Printful {
    /// The design of that name, where it is known; what is named without one is a thing without a print.
    pub(crate) fn design(&self, product: Option<&str>, name: &str) -> Option<&Design> {
        let fits = |d: &&Design| d.name == name && product.is_none_or(|p| p == d.product);
        self.designs.iter().find(fits)
    }

    async fn store_currency(&self) -> PortResult<Currency> {
        let operation = "supplier.identify";
        let one = [("limit", "1".to_owned())];
        let first = self.get(operation, "v2/catalog-products", &one).await?;
        let first: Page<Vec<Product>> = first.map_err(|r| self.refused(operation, &r))?;
        let Some(first) = first.data.first() else {
            return Err(self.nonsense(operation, "the catalogue is empty"));
        };
        let path = format!("v2/catalog-products/{}/prices", first.id);
        let told = self.get(operation, &path, &one).await?;
        let told: One<Prices> = told.map_err(|r| self.refused(operation, &r))?;
        currency(told.data.currency.as_deref())
            .ok_or_else(|| self.nonsense(operation, "no currency of the store is told"))
    }
}

#[async_trait]
impl SupplierSource for Printful {
    async fn identify(&self) -> PortResult<SupplierIdentity> {
        let operation = "supplier.identify";
        let told = self.get(operation, "v2/oauth-scopes", &[]).await?;
        let told: One<Vec<Scope>> = told.map_err(|r| self.refused(operation, &r))?;
        if !told.data.iter().any(|scope| scope.value == ORDERS) {
            let detail = "the token may not manage orders. Make one at Printful, Settings, API, with the right to view and manage orders.";
            return Err(self.error(Kind::Forbidden, Retry::Never, operation, detail));
        }
        let stores: Option<Vec<Vec<Store>>> = self.pages(operation, "v2/stores", &[]).await?;
        let stores: BTreeSet<u64> = stores.iter().flatten().flatten().map(|s| s.id).collect();
        if stores.len() != 1 {
            let detail = format!(
                "the token reaches {} stores at Printful; make one for a single store",
                stores.len()
            );
            return Err(self.error(Kind::Forbidden, Retry::Never, operation, detail));
        }
        Ok(SupplierIdentity {
            platform: Platform::Printful,
            currency: Some(self.store_currency().await?),
            is_sandbox: self.is_sandbox,
            per_second: None,
            balance: None,
            off: Vec::new(),
        })
    }

    /// Printful searches no words: pages of the catalogue are read, and names compared here. A design's product is found whatever is looked
    /// for.
    async fn search(&self, search: &Search) -> PortResult<FoundPage> {
        let operation = "supplier.search";
        let offset = u64::from(search.page.max(1) - 1) * PER_PAGE;
        let mut query = vec![
            ("limit", PER_PAGE.to_string()),
            ("offset", offset.to_string()),
        ];
        if let Some(country) = &search.ships_from {
            let Some(region) = region(country) else {
                let detail = format!("Printful tells no stock of {country}");
                return Err(self.error(Kind::Rejected, Retry::Never, operation, detail));
            };
            query.push(("selling_region_name", region.to_owned()));
        }
        let told = self.get(operation, "v2/catalog-products", &query).await?;
        let told: Page<Vec<Product>> = told.map_err(|r| self.refused(operation, &r))?;
        let text = search.text.as_deref().unwrap_or_default().to_lowercase();
        let words: Vec<_> = text.split_whitespace().map(str::to_owned).collect();
        let mut items = Vec::new();
        let mut seen = BTreeSet::new();
        let fresh = told.data.iter().filter(|p| !p.is_discontinued);
        for product in fresh.filter(|p| seen.insert(p.id)) {
            let id = product.id.to_string();
            for design in self.designs.iter().filter(|d| d.product == id) {
                items.push(Glimpse {
                    external_id: design.on(&id),
                    title: Some(format!("{} – {}", product.name, design.name)),
                    price: None,
                });
            }
            if fits(product, &words) {
                items.push(Glimpse {
                    title: Some(product.name.clone()),
                    external_id: id,
                    price: None,
                });
            }
        }
        Ok(FoundPage {
            items,
            has_more: told.paging.is_some_and(|paging| more(&paging, offset)),
        })
    }

    async fn product(&self, external_id: &str) -> PortResult<Option<Offered>> {
        let operation = "supplier.product";
        let (id, name) = Design::split(external_id);
        let design = name.map(|name| self.design(Some(id), name));
        // A design that was taken away is sold no more.
        if !digits(id) || matches!(design, Some(None)) {
            return Ok(None);
        }
        let design = design.flatten();
        let path = format!("v2/catalog-products/{id}");
        let told: Product = match self.get::<One<Product>>(operation, &path, &[]).await? {
            Ok(told) => told.data,
            Err(refusal) if refusal.status == 404 => return Ok(None),
            Err(refusal) => return Err(self.refused(operation, &refusal)),
        };
        if told.id.to_string() != id {
            return Err(self.nonsense(operation, "it is another product than was asked for"));
        }
        let of = format!("{path}/catalog-variants");
        let variants: Option<Vec<Vec<Variant>>> = self.pages(operation, &of, &[]).await?;
        let told_prices = self
            .pages(operation, &format!("{path}/prices"), &[])
            .await?;
        let mut unread = Vec::new();
        let technique = default_technique(&told.techniques);
        let prices = prices(told_prices.unwrap_or_default(), technique, &mut unread);
        let mut seen = BTreeSet::new();
        let variants = variants.unwrap_or_default().into_iter().flatten();
        let variants = variants.filter(|v| seen.insert(v.id)).map(|v| {
            let own = v.id.to_string();
            let parts = [said(v.color), said(v.size)];
            let named: Vec<_> = parts.into_iter().flatten().collect();
            OfferedVariant {
                external_id: design.map_or_else(|| own.clone(), |d| d.on(&own)),
                name: if named.is_empty() {
                    said(v.name)
                } else {
                    Some(named.join(" / "))
                },
                price: prices.get(&v.id).copied(),
                image: said(v.image),
                ..OfferedVariant::default()
            }
        });
        let title = match design {
            Some(design) => format!("{} – {}", told.name, design.name),
            None => told.name.clone(),
        };
        Ok(Some(Offered {
            external_id: external_id.to_owned(),
            title: said(Some(title)),
            image: said(told.image).filter(|url| is_picture_address(url)),
            category: said(told.kind),
            description: told.description.as_deref().and_then(plain),
            on_sale: Some(!told.is_discontinued),
            variants: variants.collect(),
            unread,
            ..Offered::default()
        }))
    }

    async fn stock(&self, external_id: &str) -> PortResult<Option<Vec<VariantShelves>>> {
        let operation = "supplier.stock";
        let (id, name) = Design::split(external_id);
        let design = name.map(|name| self.design(Some(id), name));
        if !digits(id) || matches!(design, Some(None)) {
            return Ok(None);
        }
        let design = design.flatten();
        let path = format!("v2/catalog-products/{id}/availability");
        let all = [("selling_region_name", "all".to_owned())];
        let told: Option<Vec<Vec<Availability>>> = self.pages(operation, &path, &all).await?;
        Ok(told.map(|pages| {
            let of = |told: Availability| {
                let own = told.catalog_variant_id.to_string();
                VariantShelves {
                    variant: design.map_or_else(|| own.clone(), |d| d.on(&own)),
                    shelves: shelves(told.techniques),
                }
            };
            pages.into_iter().flatten().map(of).collect()
        }))
    }

    async fn quotes(&self, of: &QuoteFor) -> PortResult<Vec<ShipQuote>> {
        let operation = "supplier.quotes";
        let mut items = Vec::new();
        for line in &of.lines {
            let (variant, _) = Design::split(&line.variant);
            let Ok(variant) = variant.parse::<u64>() else {
                let detail = format!("{:?} is no variant of Printful's", line.variant);
                return Err(self.error(Kind::Rejected, Retry::Never, operation, detail));
            };
            items.push(json!({"source": "catalog", "catalog_variant_id": variant, "quantity": line.quantity}));
        }
        let mut recipient = json!({ "country_code": of.to });
        if let Some(state) = some_state(&of.to) {
            recipient["state_code"] = json!(state);
        }
        if let Some(postcode) = &of.postcode {
            recipient["zip"] = json!(postcode);
        }
        let body = json!({"recipient": recipient, "order_items": items});
        let told = self.post(operation, "v2/shipping-rates", Some(&body), Effect::Read);
        let told: One<Vec<Rate>> = told.await?.map_err(|r| self.refused(operation, &r))?;
        let quotes = told.data.into_iter().map(|rate| {
            let money = currency(rate.currency.as_deref()).and_then(|c| rate.rate.money(c));
            let cost = money.filter(|c| c.minor >= 0).ok_or_else(|| {
                let what = format!("{} has no price, or no currency", rate.shipping);
                self.nonsense(operation, &what)
            })?;
            let days = match (rate.min_delivery_days, rate.max_delivery_days) {
                (Some(min_days), Some(max_days)) if min_days <= max_days => {
                    Some(ShipTime { min_days, max_days })
                }
                _ => None,
            };
            Ok(ShipQuote {
                service: rate.shipping,
                cost,
                days,
            })
        });
        quotes.collect()
    }

    async fn listen(&self, address: &str) -> PortResult<()> {
        self.subscribe(address).await
    }

    async fn notice(&self, signature: Option<&str>, body: &[u8]) -> PortResult<SupplierNotice> {
        self.read_notice(signature, body).await
    }

    /// Only of parcels of orders that were looked at before: Printful knows no parcel by its number alone.
    async fn track(&self, number: &str) -> PortResult<Option<Tracked>> {
        let known = {
            let parcels = self.parcels.lock().unwrap_or_else(PoisonError::into_inner);
            parcels.get(number).copied()
        };
        let Some(order) = known else {
            return Ok(None);
        };
        let path = format!("v2/orders/{order}/shipments");
        let told: Option<Vec<Vec<Shipment>>> = self.pages("supplier.track", &path, &[]).await?;
        let mut all = told.unwrap_or_default().into_iter().flatten();
        let parcel = all.find(|s| s.tracking_number.as_deref() == Some(number));
        Ok(parcel.map(|s| Tracked {
            number: number.to_owned(),
            state: shipped_as(&s),
            said: s.delivery_status.or(s.shipment_status),
            carrier: said(s.carrier),
            last_number: None,
        }))
    }

    /// Printful counts calls a minute and no more than that.
    fn quota(&self) -> Option<Quota> {
        None
    }
}
