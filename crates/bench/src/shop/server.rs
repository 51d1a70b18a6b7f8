//! The shop over HTTP: as much of Shopify's protocol as reading a store takes, answered at once and without limits, so that what is
//! measured is the reader.

use super::file::{BulkFile, Window};
use super::order::Order;
use super::{Shop, option, title};
use actix_web::dev::ServerHandle;
use actix_web::{App, HttpResponse, HttpServer, web};
use anyhow::{Context as _, Result};
use bytes::Bytes;
use chrono::{DateTime, SecondsFormat, Utc};
use futures::{StreamExt as _, stream};
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io::{Read as _, Seek as _, SeekFrom};
use std::net::TcpListener;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

const PIECE: usize = 256 << 10;

/// A shop that is being served.
pub struct Serving {
    pub base_url: String,
    state: Arc<State>,
    handle: ServerHandle,
}

impl Serving {
    /// From now on these orders are changed, each with a refund of today.
    pub(crate) fn change(&self, orders: impl Iterator<Item = u64>) {
        let now = Utc::now();
        let mut changed = lock(&self.state.changed);
        for order in orders.filter(|n| *n < self.state.shop.orders) {
            let version = changed.get(&order).map_or(1, |(v, _)| v + 1);
            changed.insert(order, (version, now));
        }
    }

    pub(crate) fn order_id(&self, number: u64) -> i64 {
        Order::of(&self.state.shop, number, None).id()
    }

    pub(crate) fn shop(&self) -> &Shop {
        &self.state.shop
    }

    pub async fn stop(&self) {
        self.handle.stop(false).await;
    }
}

struct State {
    shop: Shop,
    base_url: String,
    file: BulkFile,
    /// Exports that were asked for, by number.
    exports: Mutex<Vec<Export>>,
    changed: Mutex<BTreeMap<u64, (u32, DateTime<Utc>)>>,
}

#[derive(Clone)]
struct Export {
    query: String,
    made: Arc<Window>,
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Writes the bulk file into the folder and listens on a free port of loopback.
pub async fn serve(
    shop: Shop,
    folder: &Path,
    progress: impl Fn(u64) + Send + 'static,
) -> Result<Serving> {
    let path = folder.join(format!("orders-{}.jsonl", shop.orders));
    let plan = shop.clone();
    let file = tokio::task::spawn_blocking(move || BulkFile::write(&plan, &path, progress))
        .await
        .context("the bulk file")??;
    let listener = TcpListener::bind(("127.0.0.1", 0))?;
    let base_url = format!("http://{}", listener.local_addr()?);
    let state = Arc::new(State {
        shop,
        base_url: base_url.clone(),
        file,
        exports: Mutex::default(),
        changed: Mutex::default(),
    });
    let shared = web::Data::from(Arc::clone(&state));
    let server = HttpServer::new(move || {
        App::new()
            .app_data(shared.clone())
            .app_data(web::JsonConfig::default().limit(4 << 20))
            .route("/admin/api/{version}/graphql.json", web::post().to(graphql))
            .route("/bulk/{number}", web::get().to(download))
    })
    .workers(1)
    .disable_signals()
    .shutdown_timeout(1)
    .listen(listener)?
    .run();
    let handle = server.handle();
    tokio::spawn(server);
    Ok(Serving {
        base_url,
        state,
        handle,
    })
}

#[derive(Deserialize)]
struct Call {
    query: String,
    #[serde(default)]
    variables: Value,
}

async fn graphql(state: web::Data<State>, call: web::Json<Call>) -> HttpResponse {
    let data = match state.answer(&call) {
        Ok(data) => data,
        Err(error) => return HttpResponse::InternalServerError().body(format!("{error:#}")),
    };
    let cost = r#""extensions":{"cost":{"requestedQueryCost":1,"actualQueryCost":1,"throttleStatus":{"maximumAvailable":1000000.0,"currentlyAvailable":1000000,"restoreRate":100000.0}}}"#;
    HttpResponse::Ok()
        .content_type("application/json")
        .body(format!(r#"{{"data":{data},{cost}}}"#))
}

async fn download(state: web::Data<State>, number: web::Path<usize>) -> HttpResponse {
    let Some(export) = lock(&state.exports).get(*number).cloned() else {
        return HttpResponse::NotFound().finish();
    };
    let window = export.made;
    let length = window.len();
    let file = state.file.path.clone();
    let (before, after) = (window.before.clone(), window.after.clone());
    let pieces = stream::try_unfold((None, window.range.clone()), move |(open, left)| {
        let file = file.clone();
        async move {
            if left.is_empty() {
                return Ok::<_, std::io::Error>(None);
            }
            let read = tokio::task::spawn_blocking(move || {
                let mut open = match open {
                    Some(open) => open,
                    None => std::fs::File::open(file)?,
                };
                open.seek(SeekFrom::Start(left.start))?;
                let size = PIECE.min(usize::try_from(left.end - left.start).unwrap_or(PIECE));
                let mut piece = vec![0; size];
                open.read_exact(&mut piece)?;
                Ok::<_, std::io::Error>((
                    Bytes::from(piece),
                    (Some(open), left.start + size as u64..left.end),
                ))
            });
            read.await.map_err(std::io::Error::other)?.map(Some)
        }
    });
    let ends =
        |bytes: Bytes| stream::iter((!bytes.is_empty()).then_some(Ok::<_, std::io::Error>(bytes)));
    let body = ends(before).chain(pieces).chain(ends(after));
    HttpResponse::Ok()
        .content_type("application/jsonl")
        .no_chunking(length)
        .streaming(body)
}

fn text(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// The name of the operation, e.g. `OrdersPage`.
fn name(query: &str) -> &str {
    let rest = query.trim_start();
    let rest = rest
        .strip_prefix("query")
        .or_else(|| rest.strip_prefix("mutation"))
        .unwrap_or(rest);
    rest.trim_start()
        .split(|c: char| !c.is_ascii_alphanumeric())
        .next()
        .unwrap_or_default()
}

/// The instant of `field:>='…'`.
fn bound(query: &str, filter: &str) -> Option<DateTime<Utc>> {
    let rest = &query[query.find(filter)? + filter.len()..];
    rest.trim_start_matches('\'')
        .split('\'')
        .next()?
        .parse()
        .ok()
}

impl State {
    fn answer(&self, call: &Call) -> Result<String> {
        let empty = || r#"{"nodes":[],"pageInfo":{"hasNextPage":false,"endCursor":null}}"#;
        Ok(match name(&call.query) {
            "Identity" => {
                let scopes = ["read_orders", "read_all_orders", "read_products", "read_inventory", "read_locations", "read_customers", "read_shopify_payments_payouts", "read_shopify_payments_accounts", "read_reports", "read_returns", "read_order_edits", "read_fulfillments", "read_discounts"];
                let scopes: Vec<_> = scopes.iter().map(|s| json!({ "handle": s })).collect();
                json!({
                    "shop": { "name": "Bench", "myshopifyDomain": "bench.myshopify.com", "currencyCode": "USD", "ianaTimezone": "America/New_York" },
                    "currentAppInstallation": { "accessScopes": scopes },
                })
                .to_string()
            }
            "TotalOrders" => json!({
                "ordersCount": { "count": self.shop.orders, "precision": "EXACT" },
                "orders": { "nodes": [{ "createdAt": text(self.shop.created(0)) }] },
            })
            .to_string(),
            "TotalProducts" => json!({ "productsCount": { "count": self.shop.products().count(), "precision": "EXACT" } }).to_string(),
            "TotalCustomers" => json!({ "customersCount": { "count": 0, "precision": "EXACT" } }).to_string(),
            "BulkStart" => self.start(call.variables["query"].as_str().unwrap_or_default())?,
            "BulkPoll" => {
                let id = call.variables["id"].as_str().unwrap_or_default();
                let number = id.rsplit('/').next().and_then(|n| n.parse().ok()).unwrap_or(usize::MAX);
                json!({ "bulkOperation": self.operation(number) }).to_string()
            }
            "BulkList" => format!(r#"{{"bulkOperations":{}}}"#, empty()),
            "OrdersPage" => self.orders_page(call),
            "OrdersById" => self.nodes(call, |id| {
                let number = Order::number_of(id)?;
                Some(self.order(number)?.nested())
            }),
            "RefundLines" => self.nodes(call, |id| {
                let number = Order::number_of_refund(id)?;
                Some(self.order(number)?.refund_node())
            }),
            "WebhooksList" => format!(r#"{{"webhookSubscriptions":{}}}"#, empty()),
            "WebhookCreate" => r#"{"webhookSubscriptionCreate":{"webhookSubscription":{"id":"gid://shopify/WebhookSubscription/1"},"userErrors":[]}}"#.to_owned(),
            "Payouts" => format!(r#"{{"shopifyPaymentsAccount":{{"payouts":{}}}}}"#, empty()),
            "LevelsPage" => format!(r#"{{"node":{{"inventoryLevels":{}}}}}"#, empty()),
            // Whatever else is paged: there is nothing of it.
            "Locations" => format!(r#"{{"locations":{}}}"#, empty()),
            "ProductsPage" => format!(r#"{{"products":{}}}"#, empty()),
            "CustomersPage" => format!(r#"{{"customers":{}}}"#, empty()),
            "ItemsPage" => format!(r#"{{"inventoryItems":{}}}"#, empty()),
            "Deletions" => format!(r#"{{"events":{}}}"#, empty()),
            other => anyhow::bail!("the bench's shop does not answer {other}"),
        })
    }

    fn order(&self, number: u64) -> Option<Order> {
        (number < self.shop.orders).then(|| {
            let changed = lock(&self.changed).get(&number).copied();
            Order::of(&self.shop, number, changed)
        })
    }

    fn start(&self, query: &str) -> Result<String> {
        let made = match name(query) {
            "BulkOrders" => {
                let from = bound(query, "created_at:>=").map_or(0, |at| self.shop.first_since(at));
                let to = bound(query, "created_at:<'")
                    .map_or(self.shop.orders, |at| self.shop.first_since(at));
                self.file.window(&self.shop, from..to.max(from))?
            }
            "BulkProducts" => products(&self.shop),
            _ => rows_of(&[]),
        };
        let number = {
            let mut exports = lock(&self.exports);
            exports.push(Export {
                query: query.to_owned(),
                made: Arc::new(made),
            });
            exports.len() - 1
        };
        Ok(json!({ "bulkOperationRunQuery": { "bulkOperation": self.operation(number), "userErrors": [] } }).to_string())
    }

    /// Every export is ready at once.
    fn operation(&self, number: usize) -> Value {
        let Some(Export { query, made }) = lock(&self.exports).get(number).cloned() else {
            return Value::Null;
        };
        let now = text(Utc::now());
        let url = (made.rows > 0).then(|| format!("{}/bulk/{number}", self.base_url));
        json!({
            "id": format!("gid://shopify/BulkOperation/{number}"), "status": "COMPLETED", "errorCode": null,
            "createdAt": now, "completedAt": now, "objectCount": made.rows.to_string(), "rootObjectCount": made.orders.to_string(),
            "fileSize": made.len().to_string(), "url": url, "partialDataUrl": null, "query": query,
        })
    }

    /// What was changed by hand, in the order of change.
    fn orders_page(&self, call: &Call) -> String {
        let query = call.variables["query"].as_str().unwrap_or_default();
        let since = bound(query, "updated_at:>=").unwrap_or(DateTime::<Utc>::MIN_UTC);
        let first = usize::try_from(call.variables["first"].as_u64().unwrap_or(20)).unwrap_or(20);
        let after = call.variables["after"]
            .as_str()
            .and_then(|a| a.parse().ok())
            .unwrap_or(0_usize);
        let changed: Vec<u64> = {
            let changed = lock(&self.changed);
            let recent = changed.iter().filter(|(_, (_, at))| *at >= since);
            recent.map(|(number, _)| *number).collect()
        };
        let page: Vec<_> = changed.iter().skip(after).take(first).collect();
        let end = after + page.len();
        let nodes: Vec<String> = page
            .into_iter()
            .filter_map(|n| Some(self.order(*n)?.nested()))
            .collect();
        let more = end < changed.len();
        format!(
            r#"{{"orders":{{"nodes":[{}],"pageInfo":{{"hasNextPage":{more},"endCursor":"{end}"}}}}}}"#,
            nodes.join(",")
        )
    }

    fn nodes(&self, call: &Call, node: impl Fn(i64) -> Option<String>) -> String {
        let ids = call.variables["ids"].as_array().into_iter().flatten();
        let nodes = ids.map(|id| {
            let number = id
                .as_str()
                .and_then(|id| id.rsplit('/').next()?.parse().ok());
            number.and_then(&node).unwrap_or_else(|| "null".to_owned())
        });
        format!(r#"{{"nodes":[{}]}}"#, nodes.collect::<Vec<_>>().join(","))
    }
}

fn rows_of(rows: &[String]) -> Window {
    let text: String = rows.iter().flat_map(|row| [row.as_str(), "\n"]).collect();
    Window {
        before: text.into(),
        range: 0..0,
        after: Bytes::new(),
        rows: rows.len() as u64,
        orders: 0,
    }
}

fn products(shop: &Shop) -> Window {
    let at = "2024-01-02T03:04:05Z";
    let mut rows = Vec::new();
    for product in shop.products() {
        let variants: Vec<_> = Shop::variants_of(product).collect();
        let id = format!("gid://shopify/Product/{}", variants[0].product);
        rows.push(
            json!({
                "__typename": "Product", "id": id, "title": title(product), "vendor": "Royal Equips", "productType": "Gear",
                "status": "ACTIVE", "handle": format!("p-{product}"), "tags": [], "createdAt": at, "updatedAt": at,
                "featuredMedia": null, "variantsCount": { "count": variants.len() },
            })
            .to_string(),
        );
        for v in variants {
            let money = |minor: i64| format!("{}.{:02}", minor / 100, minor % 100);
            let cost = v
                .cost
                .map(|c| json!({ "amount": money(c), "currencyCode": "USD" }));
            rows.push(
                json!({
                    "__typename": "ProductVariant", "id": format!("gid://shopify/ProductVariant/{}", v.id), "title": option(v.number),
                    "sku": format!("RE-{:05}", v.number), "price": money(v.price), "compareAtPrice": null, "inventoryQuantity": 40,
                    "updatedAt": at,
                    "inventoryItem": { "id": format!("gid://shopify/InventoryItem/{}", v.id + 7), "tracked": true, "unitCost": cost },
                    "__parentId": id,
                })
                .to_string(),
            );
        }
    }
    let mut window = rows_of(&rows);
    window.orders = shop.products().count() as u64;
    window
}
