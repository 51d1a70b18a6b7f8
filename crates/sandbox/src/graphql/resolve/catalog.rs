//! Products, variants, inventory items and levels, locations.

use super::super::argument::Arguments;
use super::super::value::{Object, Value};
use super::{Context, filter, id, time};
use crate::store::{Product, Variant, ids};
use std::sync::Arc;

pub(super) fn product<'a>(context: &'a Context<'a>, n: u32, field: &str) -> Value<'a> {
    let store = context.store;
    let p = store.product(n);
    let number = ids::PRODUCT + i64::from(n);
    let variants = || p.variants.clone().map(|v| store.variant(v));
    match field {
        "id" => id("Product", number),
        "legacyResourceId" => Value::text(number.to_string()),
        "title" => Value::text(p.title.as_str()),
        "handle" => Value::text(p.handle.as_str()),
        "vendor" => Value::text(p.vendor.as_str()),
        "productType" => Value::text(p.kind.as_str()),
        "status" => Value::text(p.status),
        "tags" => Value::List(p.tags.iter().map(|t| Value::text(t.as_str())).collect()),
        "isGiftCard" => Value::Bool(p.gift_card),
        "createdAt" => Value::text(time(p.created)),
        "publishedAt" => {
            if p.status == "ACTIVE" {
                Value::text(time(p.created))
            } else {
                Value::Null
            }
        }
        "updatedAt" => Value::text(time(p.updated)),
        "featuredImage" | "featuredMedia" => Value::Null,
        "description" | "descriptionHtml" => Value::text(p.description.as_str()),
        "variants" => Value::connection(p.variants.clone().map(Object::Variant)),
        "variantsCount" => super::root::count(p.variants.len(), None),
        "hasOnlyDefaultVariant" => {
            Value::Bool(p.variants.len() == 1 && variants().all(|v| v.title == "Default Title"))
        }
        "totalInventory" => Value::Int(
            variants()
                .map(|v| v.stock.iter().map(|s| i64::from(*s)).sum::<i64>())
                .sum(),
        ),
        "tracksInventory" => Value::Bool(variants().any(|v| v.tracked)),
        _ => Value::Unknown,
    }
}

pub(super) fn variant<'a>(context: &'a Context<'a>, n: u32, field: &str) -> Value<'a> {
    let store = context.store;
    let v = store.variant(n);
    let p = store.product(v.product);
    let number = ids::VARIANT + i64::from(n);
    match field {
        "id" => id("ProductVariant", number),
        "legacyResourceId" => Value::text(number.to_string()),
        "title" => Value::text(v.title.as_str()),
        "displayName" => Value::text(format!("{} - {}", p.title, v.title)),
        "sku" => sku(v),
        "price" => Value::text(price(context, v.price)),
        "compareAtPrice" => Value::maybe(v.compare_at.map(|p| price(context, p))),
        "barcode" => Value::Null,
        "createdAt" => Value::text(time(p.created)),
        "updatedAt" => Value::text(time(v.updated)),
        "position" => Value::Int(i64::from(n - p.variants.start) + 1),
        "taxable" => Value::Bool(!p.gift_card),
        "availableForSale" => Value::Bool(stock(v) > 0 || !v.tracked),
        "inventoryPolicy" => Value::text("DENY"),
        "inventoryQuantity" => Value::Int(stock(v)),
        "product" => Value::Object(Object::Product(v.product)),
        "inventoryItem" => Value::Object(Object::Item(n)),
        "requiresComponents" => Value::Bool(!store.components(n).is_empty()),
        "productVariantComponents" => {
            let parts = store.components(n).into_iter();
            let component = |(part, units)| {
                let fields = vec![
                    ("id", id("ProductVariantComponent", number * 10 + units)),
                    ("quantity", Value::Int(units)),
                    ("productVariant", Value::Object(Object::Variant(part))),
                ];
                Object::Made("ProductVariantComponent", Arc::new(fields))
            };
            Value::connection(parts.map(component))
        }
        "selectedOptions" => Value::List(selected(p, v)),
        _ => Value::Unknown,
    }
}

fn selected<'a>(p: &'a Product, v: &'a Variant) -> Vec<Value<'a>> {
    let made = |name: &'a str, value: &'a str| {
        let fields = vec![("name", Value::text(name)), ("value", Value::text(value))];
        Value::made("SelectedOption", fields)
    };
    if p.options.is_empty() {
        return vec![made(option(p, v), v.title.as_str())];
    }
    let pairs = p.options.iter().zip(v.title.split(" / "));
    pairs.map(|(name, value)| made(name, value)).collect()
}

/// Variant prices have all digits of the currency, unlike money objects.
fn price(context: &Context<'_>, amount: i64) -> String {
    crate::money::fixed(amount, context.store.shop.exponent)
}

fn option(p: &Product, v: &Variant) -> &'static str {
    match (v.title.as_str(), p.kind.as_str()) {
        ("Default Title", _) => "Title",
        (_, "Gift Card") => "Denominations",
        (_, "Apparel" | "Footwear") => "Size",
        _ => "Option",
    }
}

fn sku(v: &Variant) -> Value<'_> {
    if v.sku.is_empty() {
        Value::Null
    } else {
        Value::text(v.sku.as_str())
    }
}

fn stock(v: &Variant) -> i64 {
    v.stock.iter().map(|s| i64::from(*s)).sum()
}

pub(super) fn item<'a>(
    context: &'a Context<'a>,
    n: u32,
    field: &str,
    arguments: &Arguments,
) -> Value<'a> {
    let store = context.store;
    let v = store.variant(n);
    let number = ids::ITEM + i64::from(n);
    match field {
        "id" => id("InventoryItem", number),
        "legacyResourceId" => Value::text(number.to_string()),
        "sku" => sku(v),
        "tracked" => Value::Bool(v.tracked),
        "unitCost" => v.cost().map_or(Value::Null, |c| context.money(c)),
        "createdAt" => Value::text(time(store.product(v.product).created)),
        "updatedAt" => Value::text(time(v.updated)),
        "requiresShipping" => Value::Bool(v.tracked),
        "variant" => Value::Object(Object::Variant(n)),
        "variants" => Value::connection([Object::Variant(n)]),
        "inventoryLevels" => {
            Value::connection((0..store.locations.len()).map(|l| Object::Level(n, l)))
        }
        "inventoryLevel" => location_of(arguments.text("locationId"))
            .filter(|l| *l < store.locations.len())
            .map_or(Value::Null, |l| Value::Object(Object::Level(n, l))),
        "locationsCount" => super::root::count(store.locations.len(), None),
        "duplicateSkuCount" => Value::Int(0),
        "measurement" => Value::made(
            "InventoryItemMeasurement",
            vec![
                ("id", id("InventoryItemMeasurement", number)),
                ("weight", Value::Null),
            ],
        ),
        "countryCodeOfOrigin"
        | "harmonizedSystemCode"
        | "inventoryHistoryUrl"
        | "provinceCodeOfOrigin" => Value::Null,
        _ => Value::Unknown,
    }
}

fn location_of(gid: Option<&str>) -> Option<usize> {
    ids::parse(gid?)
        .filter(|(kind, _)| *kind == "Location")
        .and_then(|(_, n)| ids::index(ids::LOCATION, n))
}

pub(super) fn level<'a>(
    context: &'a Context<'a>,
    n: u32,
    l: usize,
    field: &str,
    arguments: &Arguments,
) -> Value<'a> {
    let store = context.store;
    let v = store.variant(n);
    let number = ids::LOCATION * 10 + (l as i64) * 1_000_000 + i64::from(n);
    match field {
        "id" => Value::text(format!(
            "gid://shopify/InventoryLevel/{number}?inventory_item_id={}",
            ids::ITEM + i64::from(n)
        )),
        "item" => Value::Object(Object::Item(n)),
        "location" => Value::Object(Object::Location(l)),
        "isActive" => Value::Bool(true),
        "canDeactivate" => Value::Bool(l > 0),
        "deactivationAlert" => Value::Null,
        "createdAt" => Value::text(time(store.product(v.product).created)),
        "updatedAt" => Value::text(time(v.updated)),
        "quantities" => {
            let names = arguments.list("names");
            Value::List(
                names
                    .into_iter()
                    .filter_map(|name| quantity(v, l, number, name))
                    .collect(),
            )
        }
        _ => Value::Unknown,
    }
}

fn quantity<'a>(v: &Variant, l: usize, number: i64, name: &str) -> Option<Value<'a>> {
    const NAMES: [&str; 8] = [
        "available",
        "on_hand",
        "committed",
        "incoming",
        "reserved",
        "damaged",
        "safety_stock",
        "quality_control",
    ];
    let known = NAMES.iter().find(|known| **known == name)?;
    let amount = if matches!(*known, "available" | "on_hand") {
        i64::from(v.stock[l])
    } else {
        0
    };
    let fields = vec![
        (
            "id",
            Value::text(format!(
                "gid://shopify/InventoryQuantity/{number}?name={name}"
            )),
        ),
        ("name", Value::text(*known)),
        ("quantity", Value::Int(amount)),
        ("updatedAt", Value::text(time(v.updated))),
    ];
    Some(Value::made("InventoryQuantity", fields))
}

pub(super) fn location<'a>(
    context: &'a Context<'a>,
    n: usize,
    field: &str,
    arguments: &Arguments,
) -> Value<'a> {
    let store = context.store;
    let place = &store.locations[n];
    let number = ids::LOCATION + n as i64;
    match field {
        "id" => id("Location", number),
        "legacyResourceId" => Value::text(number.to_string()),
        "name" => Value::text(place.name),
        "isActive" | "fulfillsOnlineOrders" | "shipsInventory" | "hasActiveInventory" => {
            Value::Bool(true)
        }
        "activatable"
        | "deactivatable"
        | "deletable"
        | "isFulfillmentService"
        | "hasUnfulfilledOrders"
        | "addressVerified" => Value::Bool(false),
        "deactivatedAt" => Value::Null,
        "createdAt" | "updatedAt" => Value::text(time(store.shop.opened)),
        "inventoryLevels" => {
            Value::connection(filter::variants(store).map(|v| Object::Level(v, n)))
        }
        "inventoryLevel" => {
            let item = arguments
                .text("inventoryItemId")
                .and_then(ids::parse)
                .and_then(|(_, i)| ids::index(ids::ITEM, i));
            let known = item
                .filter(|i| *i < store.variants.len())
                .and_then(|i| u32::try_from(i).ok());
            known.map_or(Value::Null, |v| Value::Object(Object::Level(v, n)))
        }
        "address" => Value::made(
            "LocationAddress",
            vec![
                ("address1", Value::Null),
                ("address2", Value::Null),
                ("city", Value::text(place.city)),
                ("country", Value::text("United States")),
                ("countryCode", Value::text(place.country)),
                (
                    "formatted",
                    Value::List(vec![
                        Value::text(format!("{} {} {}", place.city, place.province, place.zip)),
                        Value::text("United States"),
                    ]),
                ),
                ("latitude", Value::Null),
                ("longitude", Value::Null),
                ("phone", Value::Null),
                ("province", Value::Null),
                ("provinceCode", Value::text(place.province)),
                ("zip", Value::text(place.zip)),
            ],
        ),
        _ => Value::Unknown,
    }
}
