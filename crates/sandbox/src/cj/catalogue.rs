//! Search, product, stock and freight.

use serde_json::{Value, json};
use std::collections::HashMap;

use super::Refused;
use super::model::{Product, Variant, amount};
use crate::app::{App, lock};

type Asked = HashMap<String, String>;

fn number(query: &Asked, name: &str, else_: usize) -> usize {
    query
        .get(name)
        .and_then(|t| t.parse().ok())
        .unwrap_or(else_)
}

fn text(cents: i64) -> String {
    format!("{}.{:02}", cents / 100, cents % 100)
}

/// What a list shows: a range where variants differ.
fn listed_price(product: &Product) -> String {
    let prices = product.variants.iter().map(|v| v.price);
    let (low, high) = (prices.clone().min(), prices.max());
    match (low, high) {
        (Some(low), Some(high)) if low < high => format!("{}-{}", text(low), text(high)),
        (low, _) => text(low.unwrap_or(0)),
    }
}

pub(super) fn search(app: &App, query: &Asked) -> Result<Value, Refused> {
    let (page, size) = (number(query, "page", 1), number(query, "size", 20));
    if page == 0 || page > 1_000 || size == 0 || size > 100 {
        return Err(Refused::new(1_600_100, "Param error"));
    }
    let cj = lock(&app.cj);
    let word = query.get("keyWord").map(|w| w.to_lowercase());
    let country = query.get("countryCode");
    let found: Vec<&Product> = cj
        .products
        .iter()
        .filter(|p| !p.removed && !p.delisted)
        .filter(|p| {
            word.as_ref()
                .is_none_or(|w| p.name.to_lowercase().contains(w))
        })
        .filter(|p| match country.map(String::as_str) {
            Some("US") => p.variants.iter().any(|v| v.us > 0),
            Some("CN") | None => true,
            Some(_) => false,
        })
        .collect();
    let list: Vec<Value> = found
        .iter()
        .skip((page - 1) * size)
        .take(size)
        .map(|p| {
            let us: u32 = p.variants.iter().map(|v| v.us).sum();
            json!({"id": p.pid, "nameEn": p.name, "sku": p.sku, "spu": p.sku, "bigImage": image(app, p), "sellPrice": listed_price(p),
                "nowPrice": listed_price(p), "listedNum": p.listed, "categoryId": p.category, "threeCategoryName": p.category,
                "productType": "ORDINARY_PRODUCT", "warehouseInventoryNum": us, "verifiedWarehouse": if us > 0 { 1 } else { 2 },
                "deliveryCycle": "3-5", "saleStatus": "3"})
        })
        .collect();
    let pages = found.len().div_ceil(size);
    Ok(
        json!({"pageSize": size, "pageNumber": page, "totalRecords": found.len(), "totalPages": pages,
        "content": [{"productList": list, "relatedCategoryList": [], "keyWord": word, "keyWordOld": word}]}),
    )
}

fn image(app: &App, product: &Product) -> String {
    crate::pictures::address(app.base(), "cj", &product.name)
}

fn find<'a>(products: &'a [Product], query: &Asked) -> Result<&'a Product, Refused> {
    let pid = query
        .get("pid")
        .ok_or_else(|| Refused::new(1_600_100, "Param error"))?;
    let found = products.iter().find(|p| p.pid == *pid && !p.removed);
    found.ok_or_else(|| Refused::new(1_602_001, "Product not found"))
}

fn inventory(variant: &Variant) -> Vec<Value> {
    let mut all = vec![
        json!({"countryCode": "CN", "totalInventory": variant.factory, "cjInventory": 0,
        "factoryInventory": variant.factory, "verifiedWarehouse": 2}),
    ];
    if variant.us > 0 {
        all.push(json!({"countryCode": "US", "totalInventory": variant.us, "cjInventory": variant.us, "factoryInventory": 0,
            "verifiedWarehouse": 1}));
    }
    all
}

pub(super) fn product(app: &App, query: &Asked) -> Result<Value, Refused> {
    let ranges = app.strikes("cj_range");
    let cj = lock(&app.cj);
    let p = find(&cj.products, query)?;
    let variants: Vec<Value> = p
        .variants
        .iter()
        .map(|v| {
            let price = match &v.range {
                Some(range) => json!(range),
                None if ranges => json!(format!("{}-{}", text(v.price), text(v.price + 200))),
                None => json!(amount(v.price)),
            };
            json!({"vid": v.vid, "pid": p.pid, "variantNameEn": format!("{} {}", p.name, v.colour), "variantSku": v.sku, "variantKey": v.colour,
                "variantLength": 300, "variantWidth": 200, "variantHeight": 100, "variantVolume": 6_000_000, "variantWeight": v.weight,
                "variantSellPrice": price, "variantSugSellPrice": amount(v.price * 3), "variantStandard": "long=110,width=110,height=30",
                "createTime": "2019-12-31T11:14:12.000+00:00"})
        })
        .collect();
    Ok(
        json!({"pid": p.pid, "productName": format!("[\"{}\"]", p.name), "productNameEn": p.name, "productSku": p.sku, "productImage": image(app, p),
        "productWeight": "1500.0", "productType": "ORDINARY_PRODUCT", "categoryId": p.category, "categoryName": p.category, "productProEnSet": ["COMMON"],
        "sellPrice": listed_price(p), "description": format!("<p>{} for every trip.</p>", p.name), "suggestSellPrice": "0.97-4.08", "listedNum": p.listed,
        "status": if p.delisted { "2" } else { "3" }, "variants": variants}),
    )
}

pub(super) fn stock(app: &App, query: &Asked) -> Result<Value, Refused> {
    let cj = lock(&app.cj);
    let p = find(&cj.products, query)?;
    let us: u32 = p.variants.iter().map(|v| v.us).sum();
    let variants: Vec<Value> = p
        .variants
        .iter()
        .map(|v| json!({"vid": v.vid, "inventory": inventory(v)}))
        .collect();
    Ok(
        json!({"inventories": [{"areaEn": "US Warehouse", "areaId": 2, "countryCode": "US", "totalInventoryNum": us}],
        "variantInventories": variants}),
    )
}

/// Cents of the ways from a country to another: a base and a rate by weight. Nothing is sent to Antarctica.
pub(super) fn ways(from: &str, to: &str, grams: i64) -> Vec<(&'static str, i64, &'static str)> {
    match (from, to) {
        (_, "AQ") => vec![],
        ("US", "US") => vec![
            ("USPS+", 310 + grams / 5, "2-5"),
            ("UPS Ground", 590 + grams / 8, "2-4"),
        ],
        ("CN", _) => vec![
            ("CJPacket Ordinary", 180 + grams * 4 / 5, "8-16"),
            ("DHL Official", 1_900 + grams, "3-7"),
        ],
        _ => vec![],
    }
}

pub(super) fn freight(app: &App, body: &Value) -> Result<Value, Refused> {
    let cj = lock(&app.cj);
    let mut grams = 0;
    for line in body["products"].as_array().into_iter().flatten() {
        let vid = line["vid"].as_str().unwrap_or_default();
        let found = cj.variant(vid);
        let (_, variant) = found.ok_or_else(|| Refused::new(1_602_000, "Variant not found"))?;
        grams += variant.weight * line["quantity"].as_i64().unwrap_or(1);
    }
    let country = |name: &str| body[name].as_str().unwrap_or_default();
    let ways = ways(
        country("startCountryCode"),
        country("endCountryCode"),
        grams,
    );
    let told = ways.into_iter().map(|(name, cents, aging)| {
        json!({"logisticAging": aging, "logisticPrice": amount(cents), "logisticPriceCn": amount(cents * 7), "logisticName": name,
            "taxesFee": 0, "clearanceOperationFee": 0, "totalPostageFee": amount(cents)})
    });
    Ok(told.collect())
}
