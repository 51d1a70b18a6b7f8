//! What is offered, what lies where, and what sending it to the user's own region costs. Nothing is ordered.

use crate::client::{Autods, Settled};
use crate::schema::{PRODUCT, SEARCH, USER};
use crate::values::{money, named, plain, price, stock, text};
use async_trait::async_trait;
use domain::import::NumberStyle;
use domain::money::{Currency, Money};
use domain::supplier::{
    CannotDo, Capability, FoundPage, Glimpse, Offered, OfferedVariant, OurRef, Placed, Platform,
    Presence, Price, PriceRange, Quota, QuoteFor, Search, Shelf, ShipQuote, ShipTime,
    SupplierIdentity, SupplierNotice, ToPlace, Tracked, VariantShelves, is_picture_address,
};
use ports::supplier_orders::SupplierOrders;
use ports::supplier_platforms::SupplierSource;
use ports::{Kind, PortError, PortResult, Retry};
use serde_json::{Value, json};
use std::collections::BTreeSet;

const PER_PAGE: usize = 50;
/// AutoDS shows nothing behind it.
const WINDOW: usize = 10_000;

/// As products are named: 24 hexadecimal digits.
fn is_id(id: &str) -> bool {
    id.len() == 24 && id.bytes().all(|b| b.is_ascii_hexdigit())
}

fn all<'a>(of: &'a Value, name: &str) -> impl Iterator<Item = &'a Value> + use<'a> {
    of[name].as_array().into_iter().flatten()
}

fn https(url: Option<String>) -> Option<String> {
    url.filter(|url| url.starts_with("https://"))
}

fn image(of: &Value) -> Option<String> {
    let own = named(of, &["img_url", "imgUrl", "image_url"]);
    let told = own.or_else(|| of.pointer("/main_picture_url/url").and_then(text));
    told.filter(|url| is_picture_address(url))
}

/// What a scraper could not read stands beside a price that is none.
fn fault(of: &Value) -> Option<String> {
    let error = of["error"].as_object()?;
    let told = error.get("error_msg").or(error.get("error_code"));
    Some(told.and_then(Value::as_str).unwrap_or("unknown").to_owned())
}

fn attributes(of: &Value) -> Option<String> {
    let all = of["attributes"].as_object()?.values();
    let words: Vec<_> = all.filter_map(text).collect();
    (!words.is_empty()).then(|| words.join(" / "))
}

/// One price wherever it lies; several are a range, at which nobody can order.
fn single(of: &Value, currency: Currency) -> Result<Option<Price>, String> {
    let mut prices = BTreeSet::new();
    let details = all(of, "variation_details").map(|d| &d["price"]);
    for told in details.chain([&of["price"]]) {
        if let Some(price) = price(told, currency)? {
            prices.insert(price.range.low);
        }
    }
    let (Some(low), Some(high)) = (prices.first().copied(), prices.last().copied()) else {
        return Ok(None);
    };
    if low != high {
        return Err(format!(
            "{low}-{high} is a range by warehouses, and nobody can order at a range"
        ));
    }
    let range = PriceRange::of(low);
    Ok(Some(Price { range, currency }))
}

/// A variation is named by its product and itself: alone its number is no product's.
fn variant_id(product: &str, variation: &str) -> String {
    format!("{product}:{variation}")
}

fn offered(external_id: &str, doc: &Value, currency: Currency) -> Offered {
    let mut unread = Vec::new();
    if let Some(fault) = fault(doc) {
        unread.push(format!("the product: {fault}"));
    }
    let mut variants = Vec::new();
    let mut seen = BTreeSet::new();
    for of in all(doc, "variations") {
        let Some(id) = named(of, &["id", "_id"]).filter(|id| seen.insert(id.clone())) else {
            continue;
        };
        let price = single(of, currency).unwrap_or_else(|why| {
            unread.push(format!("the price of variant {id}: {why}"));
            None
        });
        variants.push(OfferedVariant {
            external_id: variant_id(external_id, &id),
            sku: named(of, &["sku"]),
            name: attributes(of),
            price: price.filter(|_| fault(doc).is_none() && fault(of).is_none()),
            image: image(of),
            ..OfferedVariant::default()
        });
    }
    Offered {
        external_id: external_id.to_owned(),
        title: named(doc, &["title"]),
        url: https(named(doc, &["url"])),
        image: image(doc),
        description: named(doc, &["description"]).as_deref().and_then(plain),
        variants,
        unread,
        ..Offered::default()
    }
}

/// By ISO 3166; AutoDS writes UK.
fn country(told: &str) -> String {
    match told.to_ascii_uppercase() {
        code if code == "UK" => "GB".to_owned(),
        code => code,
    }
}

fn shelves(of: &Value, is_faulty: bool) -> Vec<Shelf> {
    let mut shelves: Vec<Shelf> = Vec::new();
    for told in all(of, "variation_details") {
        let Some(country) = text(&told["warehouse"]).map(|w| country(&w)) else {
            continue;
        };
        let is_country = country.len() == 2 && country.bytes().all(|b| b.is_ascii_uppercase());
        if !is_country || shelves.iter().any(|s| s.country == country) {
            continue;
        }
        let stock = if is_faulty {
            Default::default()
        } else {
            stock(told)
        };
        shelves.push(Shelf {
            country,
            stock,
            verified: stock.presence != Presence::Unknown,
        });
    }
    shelves
}

impl Autods {
    fn cannot(&self, operation: &'static str, capability: Capability) -> PortError {
        let platform = Platform::Autods;
        let detail = CannotDo {
            platform,
            capability,
        };
        self.error(
            Kind::Unsupported,
            Retry::Never,
            operation,
            detail.to_string(),
        )
    }

    async fn searched(
        &self,
        operation: &'static str,
        search: &Search,
        (offset, limit): (usize, usize),
    ) -> PortResult<Value> {
        let mut filters = Vec::new();
        let mut filter = |name: &str, op: &str, value: &str| {
            filters.push(json!({"name": name, "value": value, "value_type": "string", "op": op}));
        };
        if let Some(text) = search.text.as_deref().filter(|t| !t.trim().is_empty()) {
            filter("search_query", "search", text);
        }
        if let Some(country) = &search.ships_from {
            let warehouse = if country == "GB" { "UK" } else { country };
            filter("variations.variation_details.warehouse", "=", warehouse);
        }
        let arguments = json!({
            "order_by": {"name": "created_at", "direction": "desc"},
            "filters": filters,
            "limit": limit,
            "offset": offset,
        });
        let told = self.call(operation, &SEARCH, &arguments).await?;
        let currency = told["currency"].as_str().map(str::trim);
        let currency = currency.and_then(|code| Currency::parse(code).ok());
        let currency = currency
            .ok_or_else(|| self.nonsense(operation, "it tells prices without a currency"))?;
        self.settle(Settled {
            currency,
            region: text(&told["region"]).map(|r| country(&r)),
        });
        Ok(told)
    }

    /// Currency and region of the user's settings: only a search tells them.
    async fn settled(&self, operation: &'static str) -> PortResult<Settled> {
        if let Some(settled) = self.is_settled() {
            return Ok(settled);
        }
        self.searched(operation, &Search::default(), (0, 1)).await?;
        self.is_settled()
            .ok_or_else(|| self.nonsense(operation, "it tells prices without a currency"))
    }

    /// The product as it is told now; `None` where it is not known.
    async fn document(
        &self,
        operation: &'static str,
        external_id: &str,
    ) -> PortResult<Option<Value>> {
        if !is_id(external_id) {
            return Ok(None);
        }
        let arguments = json!({ "product_id": external_id });
        let told = match self.call(operation, &PRODUCT, &arguments).await {
            Ok(told) if told.is_object() => told,
            Ok(Value::Null) => return Ok(None),
            Ok(_) => return Err(self.nonsense(operation, "a product that is none")),
            Err(error) if error.kind == Kind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        let own = named(&told, &["id", "_id"]);
        if own.is_some_and(|own| own != external_id) {
            return Err(self.nonsense(operation, "it is another product than was asked for"));
        }
        self.keep(external_id, &told);
        Ok(Some(told))
    }

    /// As it was read a moment ago, else now: prices, stock and sending stand in one answer, and calls are few.
    async fn recent(
        &self,
        operation: &'static str,
        external_id: &str,
    ) -> PortResult<Option<Value>> {
        match self.kept(external_id) {
            Some(told) => Ok(Some(told)),
            None => self.document(operation, external_id).await,
        }
    }
}

#[async_trait]
impl SupplierSource for Autods {
    async fn identify(&self) -> PortResult<SupplierIdentity> {
        let operation = "supplier.identify";
        let off = self.off(operation).await?;
        self.call(operation, &USER, &json!({})).await?;
        let settled = self.settled(operation).await?;
        Ok(SupplierIdentity {
            platform: Platform::Autods,
            currency: Some(settled.currency),
            is_sandbox: self.is_sandbox,
            per_second: None,
            balance: None,
            off,
        })
    }

    async fn search(&self, search: &Search) -> PortResult<FoundPage> {
        let operation = "supplier.search";
        let offset = (search.page.max(1) as usize - 1).saturating_mul(PER_PAGE);
        if offset >= WINDOW {
            return Ok(FoundPage::default());
        }
        let told = self.searched(operation, search, (offset, PER_PAGE)).await?;
        let rows: Vec<_> = all(&told, "results").collect();
        let mut seen = BTreeSet::new();
        let items = rows.iter().filter_map(|row| {
            let external_id = named(row, &["_id", "id"]).filter(|id| is_id(id))?;
            let low = text(&row["product_details"]["min_price"]);
            let high = text(&row["product_details"]["max_price"]);
            let range = low.zip(high).map(|(low, high)| format!("{low}-{high}"));
            let range = range.and_then(|r| PriceRange::parse(&r, NumberStyle::Dot).ok());
            seen.insert(external_id.clone()).then(|| Glimpse {
                external_id,
                title: named(row, &["title"]),
                price: range,
            })
        });
        Ok(FoundPage {
            items: items.collect(),
            has_more: rows.len() == PER_PAGE && offset + PER_PAGE < WINDOW,
        })
    }

    async fn product(&self, external_id: &str) -> PortResult<Option<Offered>> {
        let operation = "supplier.product";
        let Some(doc) = self.document(operation, external_id).await? else {
            return Ok(None);
        };
        let settled = self.settled(operation).await?;
        Ok(Some(offered(external_id, &doc, settled.currency)))
    }

    async fn stock(&self, external_id: &str) -> PortResult<Option<Vec<VariantShelves>>> {
        let operation = "supplier.stock";
        let Some(doc) = self.recent(operation, external_id).await? else {
            return Ok(None);
        };
        let is_faulty = fault(&doc).is_some();
        let of = |variation: &Value| {
            let id = named(variation, &["id", "_id"])?;
            Some(VariantShelves {
                variant: variant_id(external_id, &id),
                shelves: shelves(variation, is_faulty || fault(variation).is_some()),
            })
        };
        Ok(Some(all(&doc, "variations").filter_map(of).collect()))
    }

    /// Of one piece, and to the region of the user's settings alone: AutoDS tells no more.
    async fn quotes(&self, of: &QuoteFor) -> PortResult<Vec<ShipQuote>> {
        let operation = "supplier.quotes";
        let rejected = |detail: String| self.error(Kind::Rejected, Retry::Never, operation, detail);
        let [line] = &*of.lines else {
            return Err(rejected(
                "AutoDS tells what sending one thing costs".to_owned(),
            ));
        };
        if line.quantity != 1 {
            return Err(rejected(
                "AutoDS tells what sending one piece costs".to_owned(),
            ));
        }
        let settled = self.settled(operation).await?;
        if settled.region.as_deref() != Some(&*of.to) {
            let region = settled.region.as_deref().unwrap_or("no region");
            let detail = format!("AutoDS tells what sending costs to {region} alone");
            return Err(rejected(detail));
        }
        let Some((product, variation)) = line.variant.split_once(':') else {
            return Err(rejected(format!(
                "{:?} is no variant of AutoDS's",
                line.variant
            )));
        };
        let doc = self.recent(operation, product).await?.unwrap_or_default();
        let mut variations = all(&doc, "variations");
        let variation = variations.find(|v| named(v, &["id", "_id"]).as_deref() == Some(variation));
        let variation = variation.ok_or_else(|| rejected("AutoDS knows it no more".to_owned()))?;
        let from = if of.from == "GB" { "UK" } else { &of.from };
        let ways = all(variation, "shipping_array");
        let ways = ways.filter(|w| w["warehouse"] == from || w["warehouse"] == "ALL");
        let mut quotes = Vec::new();
        for told in ways.flat_map(|w| all(w, "value")) {
            let cost = money(&told["price"], settled.currency);
            let cost = cost.ok_or_else(|| self.nonsense(operation, "a way without a price"))?;
            let days = text(&told["time"]).and_then(|t| ShipTime::parse(&t).ok().flatten());
            let service = named(told, &["shipping_tag", "title"]);
            quotes.push(ShipQuote {
                service: service.unwrap_or_else(|| format!("from {}", of.from)),
                cost,
                days,
            });
        }
        Ok(quotes)
    }

    /// AutoDS sends no messages.
    async fn listen(&self, _address: &str) -> PortResult<()> {
        let detail = "AutoDS sends no messages";
        Err(self.error(Kind::Unsupported, Retry::Never, "supplier.listen", detail))
    }

    async fn notice(&self, _signature: Option<&str>, _body: &[u8]) -> PortResult<SupplierNotice> {
        let detail = "AutoDS sends no messages: this one is from somebody else";
        Err(self.error(Kind::Unauthorized, Retry::Never, "supplier.notice", detail))
    }

    async fn track(&self, _number: &str) -> PortResult<Option<Tracked>> {
        Err(self.cannot("supplier.track", Capability::Tracking))
    }

    /// Calls a minute and an hour are limited, and what is left of them is not told.
    fn quota(&self) -> Option<Quota> {
        None
    }
}

/// AutoDS takes orders out of the shop by itself.
#[async_trait]
impl SupplierOrders for Autods {
    async fn look_up(&self, _our_ref: &OurRef) -> PortResult<Option<Placed>> {
        Err(self.cannot("supplier_orders.look_up", Capability::PlaceOrder))
    }

    async fn create_unpaid(&self, _order: &ToPlace) -> PortResult<Placed> {
        Err(self.cannot("supplier_orders.create_unpaid", Capability::PlaceOrder))
    }

    async fn pay(&self, _our_ref: &OurRef, _total: Money) -> PortResult<()> {
        Err(self.cannot("supplier_orders.pay", Capability::PlaceOrder))
    }

    async fn cancel_unpaid(&self, _our_ref: &OurRef) -> PortResult<()> {
        Err(self.cannot("supplier_orders.cancel_unpaid", Capability::CallOff))
    }
}
