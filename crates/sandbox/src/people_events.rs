//! What happens to customers as people: two become one, one asks what is known or to be forgotten, the shop does.

use actix_web::HttpResponse;
use actix_web::web::{Data, Json};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::app::App;
use crate::graphql::resolve::address_of;
use crate::http::refuse;
use crate::shopify::webhooks::{publish, publish_compliance};
use crate::store::ids;

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Kind {
    /// `customer` becomes `into`, who has all orders since; `customers/merge` is sent.
    Merge,
    /// `customers/data_request` is sent.
    DataRequest,
    /// `customers/redact` is sent.
    Redact,
    /// `shop/redact` is sent.
    ShopRedact,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Asked {
    kind: Kind,
    customer: Option<String>,
    into: Option<String>,
}

/// `POST /__people {"kind": "merge", "customer": gid, "into": gid}`, `{"kind": "redact", "customer": gid}` …
pub(crate) async fn handle(app: Data<App>, asked: Json<Asked>) -> HttpResponse {
    let find = |id: &Option<String>| {
        let (_, number) = ids::parse(id.as_deref()?)?;
        let n = ids::index(ids::CUSTOMER, number)?;
        let there = app.read().customers.get(n).is_some_and(|c| !c.gone);
        there.then_some(n)
    };
    let shop = json!({"shop_id": 1, "shop_domain": "sandbox.myshopify.com"});
    let shared = app.clone().into_inner();
    match asked.kind {
        Kind::ShopRedact => {
            publish_compliance(&shared, "SHOP_REDACT", &shop);
            HttpResponse::Ok().json(json!({"sent": "shop/redact"}))
        }
        Kind::Merge => match (find(&asked.customer), find(&asked.into)) {
            (Some(gone), Some(kept)) if gone != kept => {
                merge(&app, gone, kept);
                let number = |n: usize| ids::gid("Customer", ids::CUSTOMER + n as i64);
                let body = json!({
                    "admin_graphql_api_customer_kept_id": number(kept),
                    "admin_graphql_api_customer_deleted_id": number(gone),
                    "admin_graphql_api_job_id": null, "status": "completed", "errors": [],
                });
                publish(&shared, "CUSTOMERS_MERGE", &body, ("", 0));
                HttpResponse::Ok().json(body)
            }
            _ => refuse("customer and into name two customers that are there"),
        },
        Kind::DataRequest | Kind::Redact => {
            let Some(n) = find(&asked.customer) else {
                return refuse("customer names one that is there");
            };
            let (topic, body) = request(&app, asked.kind, n, shop);
            publish_compliance(&shared, topic, &body);
            HttpResponse::Ok().json(body)
        }
    }
}

fn merge(app: &App, gone: usize, kept: usize) {
    let now = app.now();
    let mut store = app.write();
    let (from, into) = (u32::try_from(gone).ok(), u32::try_from(kept).ok());
    // Orders change hands without being touched otherwise, as at Shopify.
    for order in store.orders.iter_mut().filter(|o| o.customer == from) {
        order.customer = into;
    }
    let (orders, spent) = (store.customers[gone].orders, store.customers[gone].spent);
    store.customers[gone].gone = true;
    let left = &mut store.customers[kept];
    left.orders += orders;
    left.spent += spent;
    left.updated = now;
}

fn request(app: &App, kind: Kind, n: usize, mut body: Value) -> (&'static str, Value) {
    let store = app.read();
    let small = u32::try_from(n).ok();
    let orders: Vec<i64> = store
        .live_orders()
        .filter(|o| o.customer == small)
        .map(|o| ids::ORDER + i64::from(o.index))
        .collect();
    body["customer"] = json!({
        "id": ids::CUSTOMER + n as i64,
        "email": address_of(&store, small),
        "phone": null,
    });
    if matches!(kind, Kind::Redact) {
        body["orders_to_redact"] = json!(orders);
        ("CUSTOMERS_REDACT", body)
    } else {
        body["orders_requested"] = json!(orders);
        body["data_request"] = json!({"id": 9_000 + n});
        ("CUSTOMERS_DATA_REQUEST", body)
    }
}
