//! What is offered, what lies where, what sending costs, and where a parcel is.

use crate::client::{A_LOOK, A_SEARCH, Cj, FREE};
use crate::codes::{Head, IDENTIFY, Meaning};
use crate::loose::{dollars, plain};
use crate::wire::{
    Balance, Freight, Hit, Inventory, Listed, Parcel, Product, Settings, Stocked, Variant,
};
use adapter_kit::Effect;
use async_trait::async_trait;
use domain::money::Money;
use domain::supplier::{
    FoundPage, Glimpse, Offered, OfferedVariant, ParcelState, Platform, Quota, QuoteFor, Search,
    Shelf, ShipQuote, Stock, SupplierIdentity, SupplierNotice, Tracked, VariantShelves,
    is_picture_address,
};
use ports::PortResult;
use ports::supplier_platforms::SupplierSource;
use serde_json::{Value, json};
use std::collections::BTreeSet;

const PER_PAGE: u32 = 100;
/// CJ shows no page behind it.
const LAST_PAGE: u32 = 1_000;
/// The word of a product that is sold.
const ON_SALE: &str = "3";
const VERIFIED: &str = "1";

fn variant(told: Variant, unread: &mut Vec<String>) -> OfferedVariant {
    let mut read = |what: &str, value: Result<_, String>| match value {
        Ok(value) => value,
        Err(why) => {
            unread.push(format!("the {what} of variant {}: {why}", told.vid));
            None
        }
    };
    let price = read("price", told.variant_sell_price.price());
    // What a shop would ask is a hint: a range of it is left out in silence.
    let suggested = told.variant_sug_sell_price.price().unwrap_or(None);
    let said = |text: Option<String>| text.filter(|t| !t.trim().is_empty());
    OfferedVariant {
        sku: said(told.variant_sku),
        name: said(told.variant_key).or_else(|| said(told.variant_name_en)),
        weight: told
            .variant_weight
            .decimal()
            .filter(|w| w.is_sign_positive()),
        price,
        suggested,
        image: said(told.variant_image),
        external_id: told.vid,
        ..OfferedVariant::default()
    }
}

fn offered(told: Product) -> Offered {
    let mut unread = Vec::new();
    let mut seen = BTreeSet::new();
    let mut variants = Vec::new();
    for one in told.variants {
        if seen.insert(one.vid.clone()) {
            variants.push(variant(one, &mut unread));
        }
    }
    Offered {
        external_id: told.pid,
        title: told.product_name_en.filter(|t| !t.trim().is_empty()),
        url: None,
        image: told
            .product_image
            .text()
            .filter(|url| is_picture_address(url)),
        category: told.category_name.filter(|t| !t.trim().is_empty()),
        description: told.description.as_deref().and_then(plain),
        on_sale: told.status.text().map(|status| status == ON_SALE),
        variants,
        unread,
        ..Offered::default()
    }
}

/// What CJ has not counted itself is what a factory says: nobody knows.
fn shelf(told: Inventory) -> Shelf {
    let verified = told.verified_warehouse.text().as_deref() == Some(VERIFIED);
    let stock = if verified {
        told.total_inventory.stock()
    } else {
        Stock::default()
    };
    Shelf {
        country: told.country_code.trim().to_ascii_uppercase(),
        stock,
        verified: verified && stock.quantity.is_some(),
    }
}

/// The whole postage where it is told, else its parts.
fn cost(told: &Freight) -> Option<Money> {
    if let Some(total) = told.total_postage_fee.money() {
        return Some(total);
    }
    let mut minor = told.logistic_price.money()?.minor;
    for part in [&told.taxes_fee, &told.clearance_operation_fee] {
        minor = minor.checked_add(part.money().map_or(0, |m| m.minor))?;
    }
    Some(Money::new(minor, dollars()))
}

/// Words and numbers of the tracking states: 12 delivered, 13 failed, 14 returned.
fn state(said: &str) -> ParcelState {
    let lower = said.to_ascii_lowercase();
    match lower.as_str() {
        "12" => ParcelState::Delivered,
        "13" => ParcelState::Failed,
        "14" => ParcelState::Returned,
        number if number.parse::<u8>().is_ok_and(|n| n < 12) => ParcelState::InTransit,
        words if words.starts_with("deliver") => ParcelState::Delivered,
        words if words.contains("transit") => ParcelState::InTransit,
        words if words.contains("return") => ParcelState::Returned,
        words if words.contains("fail") => ParcelState::Failed,
        _ => ParcelState::Unclear,
    }
}

#[async_trait]
impl SupplierSource for Cj {
    async fn identify(&self) -> PortResult<SupplierIdentity> {
        let operation = IDENTIFY;
        let told = self.get(operation, "setting/get", &[], FREE).await?;
        let told: Settings = told.map_err(|head| self.refused(operation, &head))?;
        let path = "shopping/pay/getBalance";
        // An account that has never paid may have no balance to tell.
        let balance: Option<Balance> = self.get(operation, path, &[], FREE).await?.ok();
        let per_second = told.calls_a_second();
        let is_sandbox = told.is_sandbox.map(|v| v.0);
        Ok(SupplierIdentity {
            platform: Platform::Cjdropshipping,
            currency: Some(dollars()),
            is_sandbox: matches!(is_sandbox, Some(Value::Bool(true)))
                || is_sandbox.as_ref().and_then(Value::as_i64) == Some(1),
            per_second,
            balance: balance.and_then(|b| b.amount.money()),
            off: Vec::new(),
        })
    }

    async fn search(&self, search: &Search) -> PortResult<FoundPage> {
        let operation = "supplier.search";
        let page = search.page.max(1);
        if page > LAST_PAGE {
            return Ok(FoundPage::default());
        }
        let mut query = vec![("page", page.to_string()), ("size", PER_PAGE.to_string())];
        if let Some(text) = &search.text {
            query.push(("keyWord", text.clone()));
        }
        if let Some(country) = &search.ships_from {
            query.push(("countryCode", country.clone()));
        }
        let told = self.get(operation, "product/listV2", &query, A_SEARCH);
        let told: Listed = told.await?.map_err(|head| self.refused(operation, &head))?;
        let mut seen = BTreeSet::new();
        let hits = told
            .content
            .into_iter()
            .flat_map(|group| group.product_list);
        let hits = hits.filter(|hit| seen.insert(hit.id.clone()));
        let glimpse = |hit: Hit| Glimpse {
            // Of a list even what cannot be read is a hint at most.
            price: hit.sell_price.range().unwrap_or(None),
            external_id: hit.id,
            title: hit.name_en,
        };
        Ok(FoundPage {
            items: hits.map(glimpse).collect(),
            has_more: page < told.total_pages.min(LAST_PAGE),
        })
    }

    async fn product(&self, external_id: &str) -> PortResult<Option<Offered>> {
        let operation = "supplier.product";
        let query = [("pid", external_id.to_owned())];
        let told = self.get(operation, "product/query", &query, A_LOOK).await?;
        let told: Product = match told {
            Ok(Some(told)) => told,
            Ok(None) => return Ok(None),
            Err(head) if head.meaning() == Meaning::Missing => return Ok(None),
            Err(head) => return Err(self.refused(operation, &head)),
        };
        if !told.pid.eq_ignore_ascii_case(external_id) {
            return Err(self.nonsense(operation, "it is another product than was asked for"));
        }
        Ok(Some(Offered {
            external_id: external_id.to_owned(),
            ..offered(told)
        }))
    }

    async fn stock(&self, external_id: &str) -> PortResult<Option<Vec<VariantShelves>>> {
        let operation = "supplier.stock";
        let query = [("pid", external_id.to_owned())];
        let path = "product/stock/getInventoryByPid";
        let told: Stocked = match self.get(operation, path, &query, A_LOOK).await? {
            Ok(Some(told)) => told,
            Ok(None) => return Ok(None),
            Err(head) if head.meaning() == Meaning::Missing => return Ok(None),
            Err(head) => return Err(self.refused(operation, &head)),
        };
        let shelves = told
            .variant_inventories
            .into_iter()
            .map(|of| VariantShelves {
                variant: of.vid,
                shelves: of.inventory.into_iter().map(shelf).collect(),
            });
        Ok(Some(shelves.collect()))
    }

    async fn quotes(&self, of: &QuoteFor) -> PortResult<Vec<ShipQuote>> {
        let operation = "supplier.quotes";
        let lines = of.lines.iter();
        let lines = lines.map(|l| json!({"quantity": l.quantity, "vid": l.variant}));
        let mut body = json!({
            "startCountryCode": of.from, "endCountryCode": of.to, "products": lines.collect::<Vec<_>>(),
        });
        if let Some(postcode) = &of.postcode {
            body["zip"] = json!(postcode);
        }
        let path = "logistic/freightCalculate";
        let told = self.post(operation, path, &body, Effect::Read, A_LOOK);
        let told: Option<Vec<Freight>> =
            told.await?.map_err(|head| self.refused(operation, &head))?;
        let quotes = told.unwrap_or_default().into_iter().map(|one| {
            let cost = cost(&one).filter(|c| c.minor >= 0).ok_or_else(|| {
                self.nonsense(operation, &format!("{} has no price", one.logistic_name))
            })?;
            Ok(ShipQuote {
                cost,
                days: one.logistic_aging.days(),
                service: one.logistic_name,
            })
        });
        quotes.collect()
    }

    /// Set again and again it stays the same: CJ keeps one address for each kind of message.
    async fn listen(&self, address: &str) -> PortResult<()> {
        let operation = "supplier.listen";
        let to = json!({"type": "ENABLE", "callbackUrls": [address]});
        let body = json!({"product": to, "stock": to, "order": to, "logistics": to});
        let effect = Effect::Write { idempotent: true };
        let set = self.post(operation, "webhook/set", &body, effect, FREE);
        let set: Result<Value, Head> = set.await?;
        set.map(drop).map_err(|head| self.refused(operation, &head))
    }

    async fn notice(&self, signature: Option<&str>, body: &[u8]) -> PortResult<SupplierNotice> {
        self.read_notice(signature, body).await
    }

    async fn track(&self, number: &str) -> PortResult<Option<Tracked>> {
        let operation = "supplier.track";
        let query = [("trackNumber", number.to_owned())];
        let told = self.get(operation, "logistic/trackInfo", &query, FREE);
        let told: Option<Vec<Parcel>> = match told.await? {
            Ok(told) => told,
            Err(head) if head.meaning() == Meaning::Missing => return Ok(None),
            Err(head) => return Err(self.refused(operation, &head)),
        };
        let mut told = told.unwrap_or_default().into_iter();
        let parcel = told.find(|p| p.tracking_number.eq_ignore_ascii_case(number));
        Ok(parcel.map(|p| {
            let said = p.tracking_status.text();
            Tracked {
                number: p.tracking_number,
                carrier: p.logistic_name,
                state: said.as_deref().map_or(ParcelState::Unclear, state),
                said,
                last_number: p.last_track_number.filter(|n| !n.is_empty()),
            }
        }))
    }

    fn quota(&self) -> Option<Quota> {
        self.told_quota()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_tracking_are_read_and_strange_ones_are_unclear() {
        assert_eq!(state("In transit"), ParcelState::InTransit);
        assert_eq!(state("Delivered"), ParcelState::Delivered);
        assert_eq!(state("12"), ParcelState::Delivered);
        assert_eq!(state("3"), ParcelState::InTransit);
        assert_eq!(state("14"), ParcelState::Returned);
        assert_eq!(state("99"), ParcelState::Unclear);
        assert_eq!(state("lost in space"), ParcelState::Unclear);
    }
}
