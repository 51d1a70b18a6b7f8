//! `GET /__demand`: what no client is told, to compare an estimate with. Elasticities are plain numbers, prices the shop's money.

use actix_web::HttpResponse;
use actix_web::web::Data;
use serde_json::{Value, json};

use crate::app::App;
use crate::graphql::resolve::time;
use crate::money::fixed;
use crate::store::{Store, ids};

pub(crate) async fn handle(app: Data<App>) -> HttpResponse {
    let store = app.read();
    let products = (0..store.products.len()).map(|n| product(&store, n));
    HttpResponse::Ok().json(json!({
        "currency": store.shop.currency,
        "orders_per_day": format!("{:.2}", store.demand.per_day),
        "products": products.collect::<Vec<_>>(),
    }))
}

fn product(store: &Store, n: usize) -> Value {
    let product = &store.products[n];
    let elasticity = store.demand.elasticities.get(n).copied().flatten();
    let variants = product.variants.clone().map(|v| variant(store, v));
    json!({
        "id": ids::gid("Product", ids::PRODUCT + n as i64),
        "title": product.title,
        "product_type": product.kind,
        "elasticity": elasticity.map(|e| fixed(i64::from(e), 2)),
        "variants": variants.collect::<Vec<_>>(),
    })
}

/// Its prices in order of time; the first one holds since ever.
fn variant(store: &Store, n: u32) -> Value {
    let variant = store.variant(n);
    let money = |minor| fixed(minor, store.shop.exponent);
    let reference = store.demand.references.get(n as usize);
    let begins = variant.earlier.iter().map(|(until, _)| Some(time(*until)));
    let amounts = variant.earlier.iter().map(|(_, price)| *price);
    let prices = std::iter::once(None)
        .chain(begins)
        .zip(amounts.chain([variant.price]))
        .map(|(from, price)| json!({"from": from, "price": money(price)}));
    json!({
        "id": ids::gid("ProductVariant", ids::VARIANT + i64::from(n)),
        "sku": variant.sku,
        "reference_price": reference.map(|r| money(*r)),
        "prices": prices.collect::<Vec<_>>(),
    })
}
