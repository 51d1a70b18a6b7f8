//! The tools: what they want, and what they answer.

use serde_json::{Value, json};

use super::Refused;
use super::model::{Product, Variation};
use crate::app::{App, lock};

const REGION: &str = "US";

fn amount(cents: i64) -> f64 {
    cents as f64 / 100.0
}

pub(super) fn list(app: &App) -> Value {
    let filter = json!({"type": "object", "required": ["name", "value", "value_type", "op"], "properties": {
        "name": {"type": "string"}, "value": {"type": "string"}, "value_type": {"type": "string"}, "op": {"type": "string"}}});
    let mut tools = vec![
        json!({"name": "search_products", "description": "Search the product-research catalog by filter.", "inputSchema": {"type": "object",
            "required": ["order_by", "filters"], "properties": {"offset": {"type": "integer"}, "limit": {"type": "integer"},
            "order_by": {"type": "object"}, "filters": {"type": "array", "items": filter}}}}),
        json!({"name": "get_product_by_id", "description": "One product.", "inputSchema": {"type": "object", "required": ["product_id"],
            "properties": {"product_id": {"type": "string"}}}}),
        json!({"name": "get_current_user", "description": "Who is logged in.", "inputSchema": {"type": "object", "properties": {}}}),
        json!({"name": "upload_products", "description": "Lists products.", "inputSchema": {"type": "object", "properties": {}}}),
    ];
    let finder = lock(&app.autods);
    if let Some(gone) = &finder.without_tool {
        tools.retain(|tool| tool["name"] != *gone);
    }
    for tool in &mut tools {
        if finder.stricter_tool.as_deref() == tool["name"].as_str() {
            tool["inputSchema"]["properties"]["store_id"] = json!({"type": "string"});
            tool["inputSchema"]["required"] = json!(["store_id"]);
        }
    }
    json!({ "tools": tools })
}

fn price(product: &Product, variation: &Variation) -> Value {
    match &variation.strange_price {
        _ if product.failed => json!(133.133),
        Some(strange) => strange.clone(),
        None => json!(amount(variation.price)),
    }
}

fn card(base: &str, p: &Product) -> Value {
    let prices = p.variations.iter().map(|v| v.price);
    let (low, high) = (prices.clone().min().unwrap_or(0), prices.max().unwrap_or(0));
    let days = p.variations.iter().map(|v| v.sending.1);
    json!({"_id": p.id, "title": p.title, "images": [image(base, p)], "categories": [], "site_name": "private_suppliers",
        "supplier_name": "Example supplier", "private_supplier": {}, "product_details": {"min_price": amount(low), "max_price": amount(high),
        "min_shipping_time": days.clone().min(), "max_shipping_time": days.max()}})
}

fn image(base: &str, p: &Product) -> String {
    crate::pictures::address(base, "autods", &p.title)
}

fn document(base: &str, p: &Product) -> Value {
    let variations = p.variations.iter().map(|v| {
        let (there, count) = match &v.strange_stock {
            Some(strange) => (strange.clone(), Value::Null),
            None => (json!(v.us > 0), json!(v.us)),
        };
        json!({"id": v.id, "img_url": image(base, p), "attributes": {"Color": v.colour},
            "variation_details": [{"warehouse": "US", "in_stock": there, "in_stock_qty": count, "price": price(p, v)}],
            "shipping_array": [{"warehouse": "US", "value": [{"price": amount(v.sending.0), "time": v.sending.1, "extras": {}}]}]})
    });
    let mut told = json!({"id": p.id, "title": p.title, "imgUrl": image(base, p), "images": [image(base, p)], "description": format!("<p>{}.</p>", p.title),
        "idOnSite": p.id, "siteName": "private_suppliers", "url": format!("https://supplier.example/{}", p.id),
        "variations": variations.collect::<Vec<_>>()});
    if p.failed {
        told["error"] = json!({"error_code": "PRODUCT_404", "error_msg": "Product doesn't exist on site.", "retries": null});
    }
    told
}

fn search(app: &App, arguments: &Value) -> Result<Value, Refused> {
    let bad = |what: &str| Refused(format!("invalid_arguments: {what}"));
    let (Some(filters), true) = (
        arguments["filters"].as_array(),
        arguments["order_by"].is_object(),
    ) else {
        return Err(bad("order_by and filters are required"));
    };
    let limit = arguments["limit"].as_u64().unwrap_or(10);
    let offset = arguments["offset"].as_u64().unwrap_or(0);
    if limit == 0 || limit > 50 || offset > 9_999 {
        return Err(bad("limit or offset"));
    }
    let of = |name: &str| {
        let found = filters.iter().find(|f| f["name"] == name);
        found
            .and_then(|f| f["value"].as_str())
            .map(str::to_lowercase)
    };
    let (words, warehouse) = (
        of("search_query"),
        of("variations.variation_details.warehouse"),
    );
    let bare = app.strikes("autods_currency");
    let finder = lock(&app.autods);
    let found = finder.products.iter().filter(|p| {
        let title = p.title.to_lowercase();
        let fits = words
            .as_ref()
            .is_none_or(|w| w.split(' ').all(|w| title.contains(w)));
        !p.removed && fits && warehouse.as_deref().is_none_or(|w| w == "us")
    });
    let (skip, take) = (
        usize::try_from(offset).unwrap_or(0),
        usize::try_from(limit).unwrap_or(0),
    );
    let results: Vec<_> = found
        .skip(skip)
        .take(take)
        .map(|p| card(app.base(), p))
        .collect();
    let mut told = json!({"results": results, "region": REGION});
    if !bare {
        told["currency"] = json!("USD");
    }
    Ok(told)
}

pub(super) fn call(app: &App, name: &str, arguments: &Value) -> Result<Value, Refused> {
    if lock(&app.autods).without_tool.as_deref() == Some(name) {
        return Err(Refused(format!("invalid_arguments: no tool {name}")));
    }
    match name {
        "search_products" => search(app, arguments),
        "get_product_by_id" => {
            let finder = lock(&app.autods);
            let id = arguments["product_id"].as_str().unwrap_or_default();
            let found = finder.products.iter().find(|p| p.id == id && !p.removed);
            if app.strikes("autods_redirect") {
                return Err(Refused(
                    "upstream_error: unexpected redirect (307)".to_owned(),
                ));
            }
            found
                .map(|p| document(app.base(), p))
                .ok_or_else(|| Refused("upstream_client_error: 404 product not found".to_owned()))
        }
        "get_current_user" => Ok(
            json!([{"id": 22580, "email": "shop@example.com", "name": "Shop", "status": 2, "preferred_currency": null}]),
        ),
        _ => Err(Refused(format!("invalid_arguments: no tool {name}"))),
    }
}
