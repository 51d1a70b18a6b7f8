//! A supplier that prints on demand beside the shop: Printful's API v2 below `/printful`. Prices and stock drift with the days of the
//! sandbox's clock, and on request; orders are drafts until they are confirmed, and go out some days later, one parcel a line.
//!
//! `GET /__printful` tells calls, orders and confirmations; `POST /__printful` changes prices, stock, what is sold, and sends parcels.

mod catalogue;
mod messages;
mod model;
mod orders;

use actix_web::http::Method;
use actix_web::web::{self, Bytes, Data, Json, Query, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder};
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::HashMap;

use crate::app::{App, lock};
use crate::http::hang_up;

pub(crate) use messages::signature;
pub(crate) use model::Printer;

pub const PRINTFUL_TOKEN: &str = "pf_sandbox";

type Asked = HashMap<String, String>;

pub(crate) fn routes(config: &mut ServiceConfig) {
    config
        .route("/printful/v2/{tail:.*}", web::get().to(handle))
        .route("/printful/v2/{tail:.*}", web::post().to(handle))
        .route("/printful/v2/{tail:.*}", web::delete().to(handle))
        .route("/__printful", web::get().to(show))
        .route("/__printful", web::post().to(change));
}

/// An error as the supplier tells it.
pub(crate) struct Refused {
    status: u16,
    message: String,
}

impl Refused {
    fn new(status: u16, message: impl Into<String>) -> Self {
        Self {
            status,
            message: message.into(),
        }
    }

    fn missing() -> Self {
        Self::new(404, "Not found")
    }
}

fn number(query: &Asked, name: &str, else_: usize) -> usize {
    let told = query.get(name).and_then(|t| t.parse().ok());
    told.unwrap_or(else_)
}

/// One page of a list with its paging and links.
fn page<T>(all: Vec<T>, query: &Asked) -> (Vec<T>, Value) {
    let (limit, offset) = (
        number(query, "limit", 20).clamp(1, 100),
        number(query, "offset", 0),
    );
    let paging = json!({"total": all.len(), "offset": offset, "limit": limit});
    (all.into_iter().skip(offset).take(limit).collect(), paging)
}

fn link(path: &str) -> Value {
    json!({ "href": format!("https://api.printful.com/v2/{path}") })
}

fn paced(answer: &mut HttpResponseBuilder, left: u32) -> &mut HttpResponseBuilder {
    answer
        .insert_header(("x-ratelimit-limit", "60000"))
        .insert_header(("x-ratelimit-remaining", left.to_string()))
        .insert_header(("x-ratelimit-reset", "0.5"))
        .insert_header(("x-ratelimit-policy", "60000;w=60;"))
}

fn refused(why: &Refused) -> HttpResponse {
    let status = actix_web::http::StatusCode::from_u16(why.status).unwrap_or_default();
    let body = json!({"code": why.status, "result": why.message,
        "error": {"reason": status.canonical_reason().unwrap_or("Error").replace(' ', ""), "message": why.message}});
    paced(&mut HttpResponse::build(status), 59_000).json(body)
}

/// What stands before every call.
fn admitted(app: &App, request: &HttpRequest) -> Option<HttpResponse> {
    if app.strikes("pf_html") {
        let page = "<html><body><h1>Just a moment</h1></body></html>";
        return Some(HttpResponse::Ok().content_type("text/html").body(page));
    }
    let token = request.headers().get("authorization");
    let token = token.and_then(|v| v.to_str().ok());
    if token != Some(&format!("Bearer {PRINTFUL_TOKEN}")) || app.strikes("pf_token") {
        return Some(refused(&Refused::new(
            401,
            "The access token provided is invalid.",
        )));
    }
    if app.strikes("pf_limit") {
        let mut answer = HttpResponse::TooManyRequests();
        answer.insert_header(("retry-after", "0.05"));
        return Some(
            paced(&mut answer, 0).json(json!({"code": 429, "result": "Too many requests"})),
        );
    }
    app.strikes("pf_busy")
        .then(|| refused(&Refused::new(503, "Service unavailable")))
}

/// A change may be lost on its way, or its answer on the way back.
async fn handle(
    app: Data<App>,
    path: web::Path<String>,
    query: Query<Asked>,
    request: HttpRequest,
    body: Bytes,
) -> HttpResponse {
    if let Some(not) = admitted(&app, &request) {
        return not;
    }
    let writes = request.method() != Method::GET && path.starts_with("orders");
    if writes && app.strikes("pf_unsent") {
        return hang_up();
    }
    let body: Value = serde_json::from_slice(&body).unwrap_or_default();
    {
        let mut printer = lock(&app.printful);
        printer.live(app.now());
        let name = format!("{} {}", request.method(), pattern(&path));
        *printer.calls.entry(name).or_default() += 1;
    }
    let parts: Vec<&str> = path.split('/').collect();
    let told = match *request.method() {
        Method::POST => post(&app, &parts, &body),
        Method::DELETE => match parts[..] {
            ["orders", id] => orders::delete(&app, id),
            _ => Err(Refused::missing()),
        },
        _ => get(&app, &parts, &query),
    };
    if writes && app.strikes("pf_lost") {
        return hang_up();
    }
    match told {
        Ok(Value::Null) => paced(&mut HttpResponse::NoContent(), 59_000).finish(),
        Ok(told) => paced(&mut HttpResponse::Ok(), 59_000).json(told),
        Err(why) => refused(&why),
    }
}

/// The path without what is asked for in particular.
fn pattern(path: &str) -> String {
    let words = path.split('/').map(|part| {
        let is_word = part.bytes().all(|b| b.is_ascii_lowercase() || b == b'-');
        if is_word { part } else { "{id}" }
    });
    words.collect::<Vec<_>>().join("/")
}

fn get(app: &App, parts: &[&str], query: &Asked) -> Result<Value, Refused> {
    match parts {
        ["oauth-scopes"] => Ok(json!({"data": [
            {"name": "View and manage orders of the authorized store", "value": "orders"},
            {"name": "View and manage store webhooks", "value": "webhooks/read"}], "_links": {"self": link("oauth-scopes")}})),
        ["stores"] => {
            let mut stores = vec![json!({"id": 10, "type": "native", "name": "Sandbox"})];
            if app.strikes("pf_stores") {
                stores.push(json!({"id": 11, "type": "native", "name": "Another"}));
            }
            let (data, paging) = page(stores, query);
            Ok(json!({"data": data, "paging": paging, "_links": {"self": link("stores")}}))
        }
        ["catalog-products"] => catalogue::list(app, query),
        ["catalog-products", id] => catalogue::product(app, id),
        ["catalog-products", id, "catalog-variants"] => catalogue::variants(app, id, query),
        ["catalog-products", id, "prices"] => catalogue::prices(app, id, query),
        ["catalog-products", id, "availability"] => catalogue::availability(app, id, query),
        ["orders", id] => orders::show(app, id),
        ["orders", id, "shipments"] => orders::shipments(app, id, query),
        ["webhooks"] => {
            let printer = lock(&app.printful);
            let address = printer.webhook.as_ref().ok_or_else(Refused::missing)?;
            Ok(
                json!({"code": 200, "result": {"default_url": address.0, "expires_at": null, "events": [], "public_key": "pk"}}),
            )
        }
        _ => Err(Refused::missing()),
    }
}

fn post(app: &App, parts: &[&str], body: &Value) -> Result<Value, Refused> {
    match parts {
        ["shipping-rates"] => catalogue::rates(app, body),
        ["orders"] => orders::create(app, body),
        ["orders", id, "confirmation"] => orders::confirm(app, id),
        ["webhooks"] => messages::subscribe(app, body),
        _ => Err(Refused::missing()),
    }
}

/// Answers about its first product and an order of it, by the names of their shapes.
pub(crate) fn sample(app: &App) -> Value {
    let (product, variant) = {
        let printer = lock(&app.printful);
        let first = &printer.products[0];
        (first.id.to_string(), first.variants[0].id)
    };
    let of = |told: Result<Value, Refused>| told.unwrap_or_default();
    let none = Asked::new();
    let rates = json!({"recipient": {"country_code": "DE"}, "order_items": [{"source": "catalog", "catalog_variant_id": variant, "quantity": 1}]});
    let order = {
        let template = lock(&app.printful).products[0].template();
        let item = json!({"source": "product_template", "product_template_id": template, "catalog_variant_id": variant, "quantity": 1});
        let to = json!({"name": "Ada Example", "address1": "Weg 1", "city": "Ulm", "country_code": "DE"});
        let body = json!({"external_id": "sample", "recipient": to, "order_items": [item]});
        of(orders::create(app, &body))
    };
    json!({
        "order": order["data"],
        "shipment": of(orders::shipments(app, "@sample", &none))["data"][0],
        "ProductInfo": of(catalogue::product(app, &product))["data"],
        "Variant": of(catalogue::variants(app, &product, &none))["data"][0],
        "ProductPrices": of(catalogue::prices(app, &product, &none))["data"],
        "VariantStockAvailability": of(catalogue::availability(app, &product, &none))["data"][0],
        "rate": of(catalogue::rates(app, &rates))["data"][0],
    })
}

async fn show(app: Data<App>) -> HttpResponse {
    HttpResponse::Ok().json(told(&app))
}

pub(crate) fn told(app: &App) -> Value {
    let mut printer = lock(&app.printful);
    printer.live(app.now());
    printer.to_json()
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Change {
    /// So many steps of drift over the whole catalogue.
    drift: Option<u32>,
    /// A product by its number: what is changed below is changed of it.
    product: Option<u64>,
    /// In cents, of all its variants.
    price: Option<i64>,
    /// A range in place of a price.
    range: Option<String>,
    /// Whether any region has it.
    stock: Option<bool>,
    /// In place of the words for stock.
    strange_stock: Option<Value>,
    #[serde(default)]
    delist: bool,
    #[serde(default)]
    remove: bool,
    /// Parcels of the order of that number of the buyer's leave at once.
    ship: Option<String>,
    /// They arrive.
    deliver: Option<String>,
}

async fn change(app: Data<App>, body: Json<Value>) -> HttpResponse {
    let outcome = apply(&app, &body);
    messages::send(&app).await;
    match outcome {
        Ok(()) => HttpResponse::Ok().json(told(&app)),
        Err(why) => crate::http::refuse(&why),
    }
}

pub(crate) fn apply(app: &App, body: &Value) -> Result<(), String> {
    let change: Change = serde_json::from_value(body.clone()).map_err(|e| e.to_string())?;
    let mut printer = lock(&app.printful);
    for (number, days) in [(&change.ship, 4), (&change.deliver, 12)] {
        let Some(number) = number else { continue };
        let order = printer.orders.iter_mut().find(|o| o.number == *number);
        let order = order.ok_or("no such order")?;
        let paid = order.confirmed_at.ok_or("it is not confirmed")?;
        order.confirmed_at = Some(paid.min(app.now() - days * 86_400));
        let news = order.clone();
        printer.live(app.now());
        printer.unsent.push(messages::of_order(&news, app.now()));
    }
    for _ in 0..change.drift.unwrap_or(0).min(400) {
        printer.drift();
    }
    let Some(id) = change.product else {
        return Ok(());
    };
    let product = printer.products.iter_mut().find(|p| p.id == id);
    let product = product.ok_or("no such product")?;
    product.delisted |= change.delist;
    product.removed |= change.remove;
    for variant in &mut product.variants {
        if let Some(price) = change.price {
            variant.price = price;
        }
        variant.range = change.range.clone().or(variant.range.take());
        variant.strange_stock = change
            .strange_stock
            .clone()
            .or(variant.strange_stock.take());
        if let Some(stock) = change.stock {
            variant.there = [stock; 2];
        }
    }
    Ok(())
}
