//! A supplier beside the shop: CJdropshipping's API 2.0 below `/cj`. Its catalogue drifts with the days of the sandbox's clock, and on
//! request; orders cost what it says, are paid from a balance, and go out some days later.
//!
//! `GET /__cj` tells calls, logins, points, orders and payments; `POST /__cj` changes prices, stock, what is sold and how many points are
//! left, as they do change overnight.

mod catalogue;
mod messages;
mod model;
mod orders;

use actix_web::web::{self, Bytes, Data, Json, Query, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::HashMap;

use crate::app::{App, lock};
use crate::http::hang_up;

pub(crate) use model::Supplier;

pub const CJ_API_KEY: &str = "CJ1000@api@sandbox";
/// The number that its webhooks are signed with.
pub const CJ_OPEN_ID: u64 = 123_456_789;

pub(crate) fn routes(config: &mut ServiceConfig) {
    config
        .route("/cj/authentication/{call}", web::post().to(authentication))
        .route("/cj/{tail:.*}", web::get().to(get))
        .route("/cj/{tail:.*}", web::post().to(post))
        .route("/cj/{tail:.*}", web::delete().to(delete))
        .route("/__cj", web::get().to(show))
        .route("/__cj", web::post().to(change));
}

/// An error in the supplier's envelope.
pub(crate) struct Refused {
    code: i64,
    message: String,
}

impl Refused {
    fn new(code: i64, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
        }
    }
}

fn envelope(data: &Value) -> Value {
    json!({"code": 200, "result": true, "message": "Success", "data": data, "requestId": "sandbox"})
}

fn refused(why: &Refused) -> Value {
    json!({"code": why.code, "result": false, "message": why.message, "data": null, "requestId": "sandbox"})
}

/// `2026-12-07T09:16:33+08:00`
fn date(seconds: i64) -> Option<String> {
    let at = chrono::DateTime::from_timestamp(seconds, 0)?;
    let zone = chrono::FixedOffset::east_opt(8 * 3600)?;
    let format = "%Y-%m-%dT%H:%M:%S%:z";
    Some(at.with_timezone(&zone).format(format).to_string())
}

async fn authentication(
    app: Data<App>,
    call: web::Path<String>,
    body: Json<Value>,
) -> HttpResponse {
    if app.strikes("cj_html") {
        return page();
    }
    let now = app.now();
    let mut cj = lock(&app.cj);
    let text = |name: &str| body[name].as_str().unwrap_or_default().to_owned();
    let wrong = Refused::new(1_600_001, "Invalid API key or access token");
    match call.as_str() {
        "getAccessToken" => {
            cj.logins += 1;
            if text("apiKey") != CJ_API_KEY || app.strikes("cj_key") {
                return HttpResponse::Ok().json(refused(&wrong));
            }
        }
        "refreshAccessToken" => {
            cj.refreshes += 1;
            if app.strikes("cj_revoked") || !cj.refresh.contains(&text("refreshToken")) {
                return HttpResponse::Ok().json(refused(&wrong));
            }
        }
        _ => return HttpResponse::Ok().json(envelope(&json!(true))),
    }
    let new = || uuid::Uuid::new_v4().simple().to_string();
    let (access, refresh) = (new(), new());
    cj.access.push(access.clone());
    cj.refresh.push(refresh.clone());
    let told = json!({"openId": CJ_OPEN_ID, "accessToken": access, "accessTokenExpiryDate": date(now + 15 * 86_400),
        "refreshToken": refresh, "refreshTokenExpiryDate": date(now + 180 * 86_400), "createDate": date(now)});
    HttpResponse::Ok().json(envelope(&told))
}

fn page() -> HttpResponse {
    HttpResponse::Ok()
        .content_type("text/html")
        .body("<html><body><h1>Just a moment</h1></body></html>")
}

fn points(path: &str) -> u64 {
    match path {
        "product/listV2" | "product/list" => 50,
        "product/query" => 10,
        path if path.starts_with("product/stock/") || path.starts_with("product/variant/") => 10,
        path if path.starts_with("logistic/freightCalculate") => 10,
        _ => 0,
    }
}

/// What stands before every call: the token, the pace, the points.
fn admitted(app: &App, request: &HttpRequest, path: &str) -> Option<HttpResponse> {
    if app.strikes("cj_html") {
        return Some(page());
    }
    let token = request.headers().get("cj-access-token");
    let token = token.and_then(|v| v.to_str().ok()).unwrap_or_default();
    let mut cj = lock(&app.cj);
    *cj.calls.entry(path.to_owned()).or_default() += 1;
    if app.strikes("cj_token") {
        cj.access.clear();
    }
    if !cj.access.iter().any(|t| t == token) {
        let why = Refused::new(1_600_001, "Invalid API key or access token");
        return Some(HttpResponse::Ok().json(refused(&why)));
    }
    if app.strikes("cj_qps") {
        let why = Refused::new(1_600_200, "Too Many Requests, QPS limit is 1 time/1second");
        return Some(HttpResponse::Ok().json(refused(&why)));
    }
    if app.strikes("cj_busy") {
        let why = Refused::new(1_600_000, "System error");
        return Some(HttpResponse::Ok().json(refused(&why)));
    }
    let cost = points(path);
    if cost > cj.points_left {
        let (used, total) = (cj.points_total - cj.points_left, cj.points_total);
        let message = format!(
            "Insufficient API points. Used today: {used}, Remaining: {}, Required: {cost}",
            cj.points_left
        );
        let told = json!({"code": 429, "result": false, "message": message,
            "pointsInfo": {"usedToday": used, "remaining": cj.points_left, "total": total}});
        return Some(HttpResponse::TooManyRequests().json(told));
    }
    cj.points_left -= cost;
    None
}

fn answer(app: &App, path: &str, told: Result<Value, Refused>) -> HttpResponse {
    let mut body = match told {
        Ok(data) => envelope(&data),
        Err(why) => refused(&why),
    };
    if points(path) > 0 {
        let cj = lock(&app.cj);
        let used = cj.points_total - cj.points_left;
        body["pointsInfo"] =
            json!({"remaining": cj.points_left, "usedToday": used, "total": cj.points_total});
    }
    HttpResponse::Ok().json(body)
}

async fn get(
    app: Data<App>,
    path: web::Path<String>,
    request: HttpRequest,
    query: Query<HashMap<String, String>>,
) -> HttpResponse {
    if let Some(not) = admitted(&app, &request, &path) {
        return not;
    }
    lock(&app.cj).live(app.now());
    let told = match path.as_str() {
        "product/listV2" => catalogue::search(&app, &query),
        "product/query" => catalogue::product(&app, &query),
        "product/stock/getInventoryByPid" => catalogue::stock(&app, &query),
        "setting/get" => Ok(
            json!({"openId": "sandbox", "setting": {"qpsLimit": 1000, "quotaLimits": []}, "root": "GENERAL", "isSandbox": true}),
        ),
        "shopping/pay/getBalance" => {
            let amount = model::amount(lock(&app.cj).balance);
            Ok(json!({"amount": amount, "bonusAmount": 0, "freezeAmount": 0}))
        }
        "shopping/order/getOrderDetail" => orders::detail(&app, &query),
        "logistic/trackInfo" => orders::track(&app, &query),
        _ => Err(Refused::new(1_600_101, "Interface not found")),
    };
    answer(&app, &path, told)
}

/// As [`post`].
async fn delete(
    app: Data<App>,
    path: web::Path<String>,
    request: HttpRequest,
    query: Query<HashMap<String, String>>,
) -> HttpResponse {
    if let Some(not) = admitted(&app, &request, &path) {
        return not;
    }
    if app.strikes("cj_unsent") {
        return hang_up();
    }
    lock(&app.cj).live(app.now());
    let told = match path.as_str() {
        "shopping/order/deleteOrder" => orders::delete(&app, &query),
        _ => Err(Refused::new(1_600_101, "Interface not found")),
    };
    if app.strikes("cj_lost") {
        return hang_up();
    }
    answer(&app, &path, told)
}

/// A change may be lost on its way, or its answer on the way back.
async fn post(
    app: Data<App>,
    path: web::Path<String>,
    request: HttpRequest,
    body: Bytes,
) -> HttpResponse {
    if let Some(not) = admitted(&app, &request, &path) {
        return not;
    }
    let changes = path.starts_with("shopping/");
    if changes && app.strikes("cj_unsent") {
        return hang_up();
    }
    let body: Value = serde_json::from_slice(&body).unwrap_or_default();
    lock(&app.cj).live(app.now());
    let told = match path.as_str() {
        "logistic/freightCalculate" => catalogue::freight(&app, &body),
        "shopping/order/createOrderV2" => orders::create(&app, &body),
        "shopping/order/addCart" => orders::advance(&app, &body, "CREATED", "IN_CART"),
        "shopping/order/addCartConfirm" => orders::advance(&app, &body, "IN_CART", "UNPAID"),
        "shopping/pay/payBalance" => orders::pay(&app, &body),
        "webhook/set" => messages::set(&app, &body),
        _ => Err(Refused::new(1_600_101, "Interface not found")),
    };
    if changes && app.strikes("cj_lost") {
        return hang_up();
    }
    answer(&app, &path, told)
}

pub(crate) fn sample(app: &App) -> Value {
    let (pid, vid) = {
        let cj = lock(&app.cj);
        let first = &cj.products[0];
        (first.pid.clone(), first.variants[0].vid.clone())
    };
    let of = |told: Result<Value, Refused>| told.unwrap_or_default();
    let query = HashMap::from([("pid".to_owned(), pid)]);
    let freight = json!({"startCountryCode": "CN", "endCountryCode": "DE", "products": [{"quantity": 1, "vid": vid}]});
    json!({
        "product_listV2": of(catalogue::search(app, &HashMap::new())),
        "product_query": of(catalogue::product(app, &query)),
        "stock_getInventoryByPid": of(catalogue::stock(app, &query)),
        "freightCalculate": of(catalogue::freight(app, &freight)),
    })
}

async fn show(app: Data<App>) -> HttpResponse {
    HttpResponse::Ok().json(told(&app))
}

pub(crate) fn told(app: &App) -> Value {
    let mut cj = lock(&app.cj);
    cj.live(app.now());
    cj.to_json()
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Change {
    points_left: Option<u64>,
    /// So many steps of drift over the whole catalogue.
    drift: Option<u32>,
    /// A product by its `pid`: what is changed below is changed of it.
    product: Option<String>,
    /// In cents, of all its variants.
    price: Option<i64>,
    /// A range in place of a price, as the supplier tells it sometimes.
    range: Option<String>,
    /// Counted pieces in the US warehouse, of all its variants.
    stock: Option<u32>,
    #[serde(default)]
    delist: bool,
    #[serde(default)]
    remove: bool,
    /// Tokens that were given out end.
    #[serde(default)]
    expire_tokens: bool,
    /// In cents.
    balance: Option<i64>,
    /// Where its signed messages go from now on; an empty text: nowhere.
    webhook: Option<String>,
    /// Goods of the order of that number of the buyer's leave at once.
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
    let mut cj = lock(&app.cj);
    if let Some(left) = change.points_left {
        cj.points_left = left.min(cj.points_total);
    }
    if let Some(balance) = change.balance {
        cj.balance = balance;
    }
    if let Some(address) = change.webhook {
        cj.webhook = Some(address).filter(|address| !address.is_empty());
    }
    for (number, days) in [(&change.ship, 2), (&change.deliver, 9)] {
        let Some(number) = number else { continue };
        let order = cj.orders.iter_mut().find(|o| o.number == *number);
        let order = order.ok_or("no such order")?;
        let paid = order.paid_at.ok_or("it is not paid")?;
        order.paid_at = Some(paid.min(app.now() - days * 86_400));
        let news = order.clone();
        cj.live(app.now());
        cj.unsent.push(messages::of_order(&news));
    }
    if change.expire_tokens {
        cj.access.clear();
    }
    for _ in 0..change.drift.unwrap_or(0).min(400) {
        cj.drift();
    }
    let Some(pid) = &change.product else {
        return Ok(());
    };
    let product = cj.products.iter_mut().find(|p| p.pid == *pid);
    let product = product.ok_or("no such product")?;
    product.delisted |= change.delist;
    product.removed |= change.remove;
    for variant in &mut product.variants {
        if let Some(price) = change.price {
            variant.price = price;
        }
        variant.range = change.range.clone().or(variant.range.take());
        if let Some(stock) = change.stock {
            variant.us = stock;
        }
    }
    Ok(())
}
