//! Products, variants, prices, availability and rates.

use serde_json::{Value, json};

use super::model::{Product, Variant, text};
use super::{Asked, Refused, link, page};
use crate::app::{App, lock};

fn info(app: &App, p: &Product) -> Value {
    let at = format!("catalog-products/{}", p.id);
    let mut sizes: Vec<_> = p.variants.iter().map(|v| v.size).collect();
    sizes.sort_unstable();
    sizes.dedup();
    let mut colours: Vec<_> = p.variants.iter().map(|v| v.colour).collect();
    colours.sort_unstable();
    colours.dedup();
    let colours: Vec<_> = colours
        .into_iter()
        .map(|(name, value)| json!({"name": name, "value": value}))
        .collect();
    json!({"id": p.id, "main_category_id": 24, "type": p.kind, "name": p.name, "brand": p.brand, "model": p.kind,
        "image": image(app, p), "variant_count": p.variants.len(),
        "is_discontinued": p.delisted, "description": format!("{} in <b>every</b> size.", p.name), "sizes": sizes, "colors": colours,
        "techniques": [{"key": "embroidery", "display_name": "Embroidery", "is_default": false},
            {"key": "dtg", "display_name": "DTG printing", "is_default": true}],
        "placements": [], "product_options": [],
        "_links": {"self": link(&at), "variants": link(&format!("{at}/catalog-variants")), "categories": link(&format!("{at}/catalog-categories")),
            "product_prices": link(&format!("{at}/prices")), "product_sizes": link(&format!("{at}/sizes")), "product_images": link(&format!("{at}/images")),
            "availability": link(&format!("{at}/availability"))}})
}

fn image(app: &App, p: &Product) -> String {
    crate::pictures::address(app.base(), "printful", &p.name)
}

fn has(variant: &Variant, region: &str) -> bool {
    match region {
        "north_america" | "canada" => variant.there[0],
        "europe" | "latvia" | "spain" => variant.there[1],
        _ => variant.there.contains(&true),
    }
}

pub(super) fn list(app: &App, query: &Asked) -> Result<Value, Refused> {
    let printer = lock(&app.printful);
    let region = query.get("selling_region_name").map(String::as_str);
    let shown = printer.products.iter().filter(|p| !p.removed);
    let shown = shown.filter(|p| region.is_none_or(|r| p.variants.iter().any(|v| has(v, r))));
    let (data, paging) = page(shown.map(|p| info(app, p)).collect(), query);
    Ok(json!({"data": data, "paging": paging, "_links": {"self": link("catalog-products")}}))
}

fn known<'a>(printer: &'a super::Printer, id: &str) -> Result<&'a Product, Refused> {
    printer.find(id).ok_or_else(Refused::missing)
}

pub(super) fn product(app: &App, id: &str) -> Result<Value, Refused> {
    let printer = lock(&app.printful);
    Ok(json!({"data": info(app, known(&printer, id)?)}))
}

pub(super) fn variants(app: &App, id: &str, query: &Asked) -> Result<Value, Refused> {
    let printer = lock(&app.printful);
    let p = known(&printer, id)?;
    let all = p.variants.iter().map(|v| {
        let at = format!("catalog-variants/{}", v.id);
        let product = format!("catalog-products/{}", p.id);
        json!({"id": v.id, "catalog_product_id": p.id, "name": format!("{} ({} / {})", p.name, v.colour.0, v.size), "size": v.size,
            "color": v.colour.0, "color_code": v.colour.1, "color_code2": null,
            "image": image(app, p),
            "_links": {"self": link(&at), "product_details": link(&product), "product_variants": link(&format!("{product}/catalog-variants")),
                "variant_prices": link(&format!("{at}/prices")), "variant_images": link(&format!("{at}/images")),
                "variant_availability": link(&format!("{at}/availability"))}})
    });
    let (data, paging) = page(all.collect(), query);
    Ok(
        json!({"data": data, "paging": paging, "_links": {"self": link(id), "product_details": link(id)}}),
    )
}

pub(super) fn prices(app: &App, id: &str, query: &Asked) -> Result<Value, Refused> {
    let (ranges, bare) = (app.strikes("pf_range"), app.strikes("pf_currency"));
    let printer = lock(&app.printful);
    let p = known(&printer, id)?;
    let all = p.variants.iter().map(|v| {
        let price = match &v.range {
            Some(range) => range.clone(),
            None if ranges => format!("{}-{}", text(v.price), text(v.price + 200)),
            None => text(v.price),
        };
        json!({"id": v.id, "techniques": [
            {"technique_key": "embroidery", "technique_display_name": "Embroidery", "price": text(v.price + 310), "discounted_price": text(v.price + 310),
                "retail_price": text(v.price + 310), "retail_discounted_price": text(v.price + 310)},
            {"technique_key": "dtg", "technique_display_name": "DTG printing", "price": price, "discounted_price": price,
                "retail_price": price, "retail_discounted_price": price}]})
    });
    let (variants, paging) = page(all.collect(), query);
    let mut data =
        json!({"currency": "USD", "product": {"id": p.id, "placements": []}, "variants": variants});
    if bare && let Some(data) = data.as_object_mut() {
        data.remove("currency");
    }
    Ok(
        json!({"data": data, "paging": paging, "_links": {"self": link(id), "product_details": link(id)}}),
    )
}

pub(super) fn availability(app: &App, id: &str, query: &Asked) -> Result<Value, Refused> {
    let printer = lock(&app.printful);
    let p = known(&printer, id)?;
    let all = p.variants.iter().map(|v| {
        let regions = ["worldwide", "north_america", "europe"].map(|name| {
            let word = if has(v, name) { "in stock" } else { "out of stock" };
            let word = v.strange_stock.clone().unwrap_or_else(|| json!(word));
            json!({"name": name, "availability": word, "placement_option_availability": []})
        });
        json!({"catalog_variant_id": v.id, "techniques": [{"technique": "dtg", "selling_regions": regions}],
            "_links": {"variant": link(&format!("catalog-variants/{}", v.id))}})
    });
    let (data, paging) = page(all.collect(), query);
    Ok(
        json!({"data": data, "paging": paging, "filter_settings": [{"name": "selling_region_name", "value": "all"}],
        "_links": {"self": link(id), "product": link(id)}}),
    )
}

/// Cents of sending pieces to a country: the first one, and each one more. Nothing is sent to Antarctica.
pub(super) fn ways(
    country: &str,
    pieces: i64,
) -> Vec<(&'static str, &'static str, i64, (u32, u32))> {
    let (first, more, days) = match country {
        "AQ" => return vec![],
        "US" | "CA" => (475, 220, (3, 5)),
        _ => (499, 150, (4, 8)),
    };
    let cost = first + more * (pieces - 1).max(0);
    vec![
        ("STANDARD", "Flat Rate", cost, days),
        ("PRINTFUL_FAST", "Express", cost + 1_200, (1, 3)),
    ]
}

pub(super) fn rates(app: &App, body: &Value) -> Result<Value, Refused> {
    let bare = app.strikes("pf_currency");
    let printer = lock(&app.printful);
    let country = body["recipient"]["country_code"]
        .as_str()
        .unwrap_or_default();
    if matches!(country, "US" | "CA" | "AU") && body["recipient"]["state_code"].is_null() {
        return Err(Refused::new(400, "State code is required for this country"));
    }
    let mut pieces = 0;
    for item in body["order_items"].as_array().into_iter().flatten() {
        let id = item["catalog_variant_id"].as_u64().unwrap_or(0);
        if printer.variant(id).is_none() {
            return Err(Refused::new(400, "Variant not found"));
        }
        pieces += item["quantity"].as_i64().unwrap_or(1);
    }
    let from = if matches!(country, "US" | "CA") {
        "US"
    } else {
        "LV"
    };
    let data: Vec<_> = ways(country, pieces)
        .into_iter()
        .map(|(id, name, cents, (low, high))| {
            let mut way = json!({"shipping": id, "shipping_method_name": format!("{name} (Estimated delivery) "), "rate": text(cents), "currency": "USD",
                "min_delivery_days": low, "max_delivery_days": high,
                "shipments": [{"departure_country": from, "shipment_items": [], "customs_fees_possible": false}]});
            if bare && let Some(way) = way.as_object_mut() {
                way.remove("currency");
            }
            way
        })
        .collect();
    Ok(json!({ "data": data }))
}
