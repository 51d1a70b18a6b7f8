//! AutoDS's MCP server beside the shop, below `/autods/mcp`, with the server of tokens that stands before it: JSON-RPC over streamable HTTP,
//! answered as JSON or as an event stream by turns. It reads only: there is no tool that orders.
//!
//! Whoever logs in is let in at once and sent to `http://localhost:2048/callback`. `GET /__autods` tells calls and logins; `POST /__autods`
//! changes prices, stock and what its tools are called.

mod login;
mod model;
mod tools;

use actix_web::web::{self, Bytes, Data, Json, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::app::{App, lock};

pub(crate) use model::Finder;

pub(crate) fn routes(config: &mut ServiceConfig) {
    login::routes(config);
    config
        .route("/autods/mcp", web::post().to(message))
        .route("/__autods", web::get().to(show))
        .route("/__autods", web::post().to(change));
}

/// An error inside a result.
pub(crate) struct Refused(String);

fn as_event(message: &Value) -> HttpResponse {
    let text = format!(": hello\n\nevent: message\ndata: {message}\n\n");
    HttpResponse::Ok()
        .insert_header(("mcp-session-id", "sandbox"))
        .content_type("text/event-stream")
        .body(text)
}

fn as_json(message: &Value) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header(("mcp-session-id", "sandbox"))
        .json(message)
}

async fn message(app: Data<App>, request: HttpRequest, body: Bytes) -> HttpResponse {
    if app.strikes("autods_html") {
        let page = "<html><body><h1>Just a moment</h1></body></html>";
        return HttpResponse::Ok().content_type("text/html").body(page);
    }
    if app.strikes("autods_lost") {
        return crate::http::hang_up();
    }
    if app.strikes("autods_busy") {
        return HttpResponse::ServiceUnavailable().finish();
    }
    let token = request.headers().get("authorization");
    let token = token.and_then(|v| v.to_str().ok()).unwrap_or_default();
    if !login::holds(&app, token.trim_start_matches("Bearer ")) {
        let place = format!("{}/autods/.well-known/oauth-protected-resource", app.base());
        let header = format!("Bearer resource_metadata=\"{place}\"");
        return HttpResponse::Unauthorized()
            .insert_header(("www-authenticate", header))
            .finish();
    }
    let message: Value = serde_json::from_slice(&body).unwrap_or_default();
    let (id, method) = (message["id"].clone(), message["method"].as_str());
    let params = &message["params"];
    let told = match method.unwrap_or_default() {
        "initialize" => json!({"protocolVersion": "2025-06-18", "capabilities": {"tools": {}},
            "serverInfo": {"name": "autods-sandbox", "version": "1"}}),
        "notifications/initialized" => return HttpResponse::Accepted().finish(),
        "tools/list" => tools::list(&app),
        "tools/call" => call(&app, params),
        _ => {
            let error = json!({"code": -32601, "message": "Method not found"});
            return as_json(&json!({"jsonrpc": "2.0", "id": id, "error": error}));
        }
    };
    let answer = json!({"jsonrpc": "2.0", "id": id, "result": told});
    let turn = {
        let mut finder = lock(&app.autods);
        finder.turn += 1;
        finder.turn
    };
    if turn % 2 == 0 {
        as_event(&answer)
    } else {
        as_json(&answer)
    }
}

fn call(app: &App, params: &Value) -> Value {
    let name = params["name"].as_str().unwrap_or_default();
    {
        let mut finder = lock(&app.autods);
        finder.live(app.now());
        *finder.calls.entry(name.to_owned()).or_default() += 1;
    }
    let failed = |text: &str| json!({"content": [{"type": "text", "text": text}], "isError": true});
    if app.strikes("autods_limit") {
        return failed("rate_limited: too many requests. Retry after 12 seconds");
    }
    match tools::call(app, name, &params["arguments"]) {
        Ok(data) => {
            let whole = json!({"operation_id": name, "status": 200, "ok": true, "data": data});
            json!({"content": [{"type": "text", "text": whole.to_string()}], "structuredContent": whole, "isError": false})
        }
        Err(Refused(why)) => failed(&why),
    }
}

async fn show(app: Data<App>) -> HttpResponse {
    HttpResponse::Ok().json(told(&app))
}

pub(crate) fn told(app: &App) -> Value {
    let mut finder = lock(&app.autods);
    finder.live(app.now());
    finder.to_json()
}

/// Answers about its first product, by the names of its tools.
pub(crate) fn sample(app: &App) -> Value {
    let id = lock(&app.autods).products[0].id.clone();
    let of = |name: &str, arguments: Value| tools::call(app, name, &arguments).unwrap_or_default();
    json!({
        "search_products": of("search_products", json!({"order_by": {}, "filters": [], "limit": 1, "offset": 0})),
        "get_product_by_id": of("get_product_by_id", json!({ "product_id": id })),
        "get_current_user": of("get_current_user", json!({})),
    })
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Change {
    /// So many steps of drift over the whole catalogue.
    drift: Option<u32>,
    /// A product by its id: what is changed below is changed of it.
    product: Option<String>,
    /// In place of the price of all its variations.
    price: Option<Value>,
    /// In place of `in_stock` and the count.
    in_stock: Option<Value>,
    #[serde(default)]
    remove: bool,
    /// A scraper failed: the placeholder stands for the price.
    #[serde(default)]
    fail: bool,
    /// A tool that is not there any more.
    without_tool: Option<String>,
    /// A tool that wants one more thing.
    stricter_tool: Option<String>,
    /// Tokens that were given out end.
    #[serde(default)]
    expire_tokens: bool,
    /// Logins end.
    #[serde(default)]
    end_logins: bool,
}

async fn change(app: Data<App>, body: Json<Value>) -> HttpResponse {
    match apply(&app, &body) {
        Ok(()) => HttpResponse::Ok().json(told(&app)),
        Err(why) => crate::http::refuse(&why),
    }
}

pub(crate) fn apply(app: &App, body: &Value) -> Result<(), String> {
    let change: Change = serde_json::from_value(body.clone()).map_err(|e| e.to_string())?;
    let mut finder = lock(&app.autods);
    for _ in 0..change.drift.unwrap_or(0).min(400) {
        finder.drift();
    }
    if change.expire_tokens {
        finder.access.clear();
    }
    if change.end_logins {
        finder.access.clear();
        finder.refresh.clear();
    }
    finder.without_tool = change.without_tool.or(finder.without_tool.take());
    finder.stricter_tool = change.stricter_tool.or(finder.stricter_tool.take());
    let Some(id) = change.product else {
        return Ok(());
    };
    let product = finder.products.iter_mut().find(|p| p.id == id);
    let product = product.ok_or("no such product")?;
    product.removed |= change.remove;
    product.failed |= change.fail;
    for variation in &mut product.variations {
        variation.strange_price = change.price.clone().or(variation.strange_price.take());
        variation.strange_stock = change.in_stock.clone().or(variation.strange_stock.take());
    }
    Ok(())
}
