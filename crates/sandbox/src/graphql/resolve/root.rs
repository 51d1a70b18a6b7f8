//! The roots of queries.

use super::super::argument::Arguments;
use super::super::search::Search;
use super::super::value::{Connection, Node, Object, Value};
use super::{Context, filter, id, payouts, time};
use crate::store::order::StepKind;
use crate::store::{Deletion, ids};

pub(super) fn field<'a>(context: &'a Context<'a>, field: &str, arguments: &Arguments) -> Value<'a> {
    match field {
        "shop" => Value::Object(Object::Shop),
        "orders" => filter::orders(context, arguments),
        "ordersCount" => count(
            filter::order_list(context, "ordersCount", arguments).len(),
            limit(arguments),
        ),
        "products" => filter::products(context, arguments),
        "productsCount" => count(
            filter::product_list(context, "productsCount", arguments).len(),
            limit(arguments),
        ),
        "productVariants" => {
            filter::variant_list(context, "productVariants", arguments, Object::Variant)
        }
        "inventoryItems" => {
            filter::variant_list(context, "inventoryItems", arguments, Object::Item)
        }
        "productVariantsCount" => {
            match filter::variant_list(context, "productVariantsCount", arguments, Object::Variant)
            {
                Value::Connection(all) => count(all.nodes.len(), limit(arguments)),
                other => other,
            }
        }
        "abandonedCheckouts" => super::people::checkouts(context, arguments),
        "customers" => filter::customers(context, arguments),
        "customersCount" => count(
            context.store.customers.iter().filter(|c| !c.gone).count(),
            limit(arguments),
        ),
        "locations" => Value::connection((0..context.store.locations.len()).map(Object::Location)),
        "locationsCount" => count(context.store.locations.len(), limit(arguments)),
        "shopifyqlQuery" => super::report::answer(context, arguments),
        "shopifyPaymentsAccount" => payouts::open(context),
        "events" => events(context, arguments),
        "eventsCount" => count(context.store.deletions.len(), None),
        "deletionEvents" => deletions(context, arguments),
        "bulkOperations" => operations(context, arguments),
        "currentBulkOperation" => context
            .bulk
            .last()
            .map_or(Value::Null, |b| Value::Object(b.clone())),
        "webhookSubscriptions" => subscriptions(context, arguments),
        "webhookSubscriptionsCount" => count(context.subscriptions.len(), limit(arguments)),
        "publicApiVersions" => versions(),
        "currentAppInstallation" => installation(context),
        "location" if arguments.get("id").is_none() => Value::Object(Object::Location(0)),
        "nodes" => Value::List(
            arguments
                .list("ids")
                .into_iter()
                .map(|gid| node(context, gid, None))
                .collect(),
        ),
        "node" => node(context, arguments.text("id").unwrap_or_default(), None),
        "codeDiscountNodeByCode" => super::discount::by_code(context, arguments),
        "discountNodes" => super::discount::all(context, arguments),
        "productByIdentifier" => by_identifier(context, arguments),
        _ => match kind(field) {
            Some(wanted) => node(
                context,
                arguments.text("id").unwrap_or_default(),
                Some(wanted),
            ),
            None => Value::Unknown,
        },
    }
}

/// The type that a field by id answers with.
fn kind(field: &str) -> Option<&'static str> {
    Some(match field {
        "order" => "Order",
        "product" => "Product",
        "productVariant" => "ProductVariant",
        "fulfillmentOrder" => "FulfillmentOrder",
        "inventoryItem" => "InventoryItem",
        "inventoryLevel" => "InventoryLevel",
        "location" => "Location",
        "customer" => "Customer",
        "refund" => "Refund",
        "return" => "Return",
        "event" => "BasicEvent",
        "bulkOperation" => "BulkOperation",
        "job" => "Job",
        "webhookSubscription" => "WebhookSubscription",
        _ => return None,
    })
}

fn node<'a>(context: &'a Context<'a>, gid: &str, wanted: Option<&str>) -> Value<'a> {
    let Some((kind, number)) =
        ids::parse(gid).filter(|(kind, _)| wanted.is_none_or(|w| w == *kind))
    else {
        return Value::Null;
    };
    let store = context.store;
    let at = |base: i64, len: usize| ids::index(base, number).filter(|n| *n < len);
    let small = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    let order = |n: usize| {
        store
            .orders
            .get(n)
            .filter(|o| o.deleted.is_none() && filter::visible(context, o))
    };
    let child = |base: i64| ids::split(base, number).and_then(|(o, c)| Some((order(o)?, c)));
    let made = |list: &[Object<'a>]| {
        list.iter()
            .find(|o| made_id(o).as_deref() == Some(gid))
            .cloned()
    };
    let product_lives = |v: &u32| store.product(store.variant(*v).product).deleted.is_none();
    let found = match kind {
        "Order" => at(ids::ORDER, store.orders.len())
            .and_then(order)
            .map(Object::Order),
        "FulfillmentOrder" => child(ids::FULFILLMENT_ORDER)
            .filter(|(o, n)| *n < crate::store::dispatch::parts(o))
            .map(|(o, n)| Object::Part(o.index, n)),
        "LineItem" => child(ids::LINE)
            .filter(|(o, n)| *n < o.lines.len())
            .map(|(o, n)| Object::Line(o, n)),
        "Refund" => child(ids::REFUND)
            .filter(|(o, n)| *n < o.steps.len())
            .map(|(o, n)| Object::Refund(o, n)),
        "Return" => child(ids::RETURN)
            .filter(|(o, n)| {
                o.steps
                    .get(*n)
                    .is_some_and(|s| matches!(s.kind, StepKind::Return { .. }))
            })
            .map(|(o, n)| Object::Return(o, n)),
        "OrderTransaction" => child(ids::TRANSACTION)
            .filter(|(o, n)| *n < o.transactions.len())
            .map(|(o, n)| Object::Transaction(o, n)),
        "Product" => at(ids::PRODUCT, store.products.len())
            .map(small)
            .filter(|p| store.product(*p).deleted.is_none())
            .map(Object::Product),
        "ProductVariant" => at(ids::VARIANT, store.variants.len())
            .map(small)
            .filter(product_lives)
            .map(Object::Variant),
        "InventoryItem" => at(ids::ITEM, store.variants.len())
            .map(small)
            .filter(product_lives)
            .map(Object::Item),
        "InventoryLevel" => level(context, number),
        "Location" => at(ids::LOCATION, store.locations.len()).map(Object::Location),
        "Customer" => at(ids::CUSTOMER, store.customers.len())
            .filter(|n| !store.customers[*n].gone)
            .map(small)
            .map(Object::Customer),
        "BulkOperation" => made(&context.bulk),
        "WebhookSubscription" => made(&context.subscriptions),
        "BasicEvent" => {
            at(ids::EVENT, store.deletions.len()).map(|n| event(n, &store.deletions[n]))
        }
        "Shop" => Some(Object::Shop),
        "Job" => ids::index(ids::JOB, number).and_then(|n| job(context, n)),
        super::discount::CODE | super::discount::AUTOMATIC => {
            ids::index(ids::DISCOUNT, number).and_then(|n| super::discount::by_id(context, kind, n))
        }
        _ => None,
    };
    found.map_or(Value::Null, Value::Object)
}

fn job<'a>(context: &Context<'a>, n: usize) -> Option<Object<'a>> {
    let done = *context.cancels.get(n)?;
    let fields = vec![
        ("done", Value::Bool(done)),
        ("id", id("Job", ids::JOB + n as i64)),
    ];
    Some(Object::Made("Job", std::sync::Arc::new(fields)))
}

fn by_identifier<'a>(context: &'a Context<'a>, arguments: &Arguments) -> Value<'a> {
    let identifier = arguments.get("identifier").cloned().unwrap_or_default();
    if let Some(gid) = identifier["id"].as_str() {
        return node(context, gid, Some("Product"));
    }
    let handle = identifier["handle"].as_str().unwrap_or_default();
    let mut products = context.store.products.iter();
    let found = products.position(|p| p.deleted.is_none() && p.handle == handle);
    let found = found.and_then(|n| u32::try_from(n).ok());
    found.map_or(Value::Null, |n| Value::Object(Object::Product(n)))
}

fn made_id(object: &Object<'_>) -> Option<String> {
    made_text(object, "id")
}

fn made_text(object: &Object<'_>, wanted: &str) -> Option<String> {
    let Object::Made(_, fields) = object else {
        return None;
    };
    fields.iter().find_map(|(name, value)| match value {
        Value::Text(text) if *name == wanted => Some(text.to_string()),
        _ => None,
    })
}

fn level<'a>(context: &'a Context<'a>, number: i64) -> Option<Object<'a>> {
    let offset = number.checked_sub(ids::LOCATION * 10).filter(|o| *o >= 0)?;
    let (location, variant) = (
        usize::try_from(offset / 1_000_000).ok()?,
        u32::try_from(offset % 1_000_000).ok()?,
    );
    let known = location < context.store.locations.len()
        && (variant as usize) < context.store.variants.len();
    known.then_some(Object::Level(variant, location))
}

fn limit(arguments: &Arguments) -> Option<i64> {
    arguments.number("limit")
}

/// Counts stop at their limit and say so.
pub(super) fn count<'a>(n: usize, limit: Option<i64>) -> Value<'a> {
    let n = n as i64;
    let cut = limit.filter(|l| n > *l);
    let precision = Value::text(if cut.is_some() { "AT_LEAST" } else { "EXACT" });
    Value::made(
        "Count",
        vec![
            ("count", Value::Int(cut.unwrap_or(n))),
            ("precision", precision),
        ],
    )
}

fn event<'a>(n: usize, gone: &Deletion) -> Object<'a> {
    let kind = match gone.kind {
        "ORDER" => "Order",
        "PRODUCT" => "Product",
        _ => "Node",
    };
    let text = |t: &'static str| Value::text(t);
    Object::Made(
        "BasicEvent",
        std::sync::Arc::new(vec![
            ("action", text("destroy")),
            ("appTitle", Value::Null),
            ("attributeToApp", Value::Bool(false)),
            ("attributeToUser", Value::Bool(true)),
            ("author", text("Sandbox Owner")),
            ("createdAt", Value::text(time(gone.at))),
            ("criticalAlert", Value::Bool(false)),
            ("hasAdditionalContent", Value::Bool(false)),
            ("id", id("BasicEvent", ids::EVENT + n as i64)),
            (
                "message",
                Value::text(format!("Sandbox Owner deleted {}.", gone.title)),
            ),
            ("secondaryMessage", Value::Null),
            ("subjectId", id(kind, gone.number)),
            ("subjectType", text(gone.kind)),
        ]),
    )
}

fn operations<'a>(context: &'a Context<'a>, arguments: &Arguments) -> Value<'a> {
    let query = arguments.text("query").unwrap_or_default();
    let search = Search::parse(query);
    const KNOWN: [&str; 5] = ["", "created_at", "id", "operation_type", "status"];
    context
        .warnings
        .borrow_mut()
        .extend(search.warnings("bulkOperations", query, &|f| KNOWN.contains(&f)));
    let zone = context.store.shop.zone;
    let nodes = context.bulk.iter().enumerate().filter(|(_, b)| {
        let text = |name: &str| made_text(b, name).unwrap_or_default();
        search.matches(&|t| {
            Some(match t.field.as_str() {
                "status" => t.word(&text("status")),
                "operation_type" => t.word("query"),
                "id" => ids::parse(&text("id")).is_some_and(|(_, n)| t.number(n)),
                "created_at" => chrono::DateTime::parse_from_rfc3339(&text("createdAt"))
                    .is_ok_and(|at| t.time(at.timestamp(), zone)),
                "" => true,
                _ => return None,
            })
        })
    });
    let nodes = nodes.map(|(n, object)| Node {
        key: (n as i64, 0),
        object: object.clone(),
    });
    Value::Connection(Connection {
        nodes: nodes.collect(),
    })
}

/// Only destructions are kept: the shop has no other timeline.
fn events<'a>(context: &'a Context<'a>, arguments: &Arguments) -> Value<'a> {
    let query = arguments.text("query").unwrap_or_default();
    let search = Search::parse(query);
    const KNOWN: [&str; 6] = [
        "action",
        "verb",
        "comments",
        "created_at",
        "id",
        "subject_type",
    ];
    context
        .warnings
        .borrow_mut()
        .extend(search.warnings("events", query, &|f| f.is_empty() || KNOWN.contains(&f)));
    let zone = context.store.shop.zone;
    let all = context.store.deletions.iter().enumerate().filter(|(n, d)| {
        search.matches(&|t| match t.field.as_str() {
            "action" | "verb" => Some(t.word("destroy")),
            "comments" => Some(true),
            "created_at" => Some(t.time(d.at, zone)),
            "id" => Some(t.number(ids::EVENT + *n as i64)),
            "subject_type" => Some(t.word(d.kind)),
            _ => None,
        })
    });
    let nodes = all
        .map(|(n, d)| Node {
            key: (n as i64, 0),
            object: event(n, d),
        })
        .collect();
    Value::Connection(Connection { nodes })
}

fn deletions<'a>(context: &'a Context<'a>, arguments: &Arguments) -> Value<'a> {
    let kinds = arguments.list("subjectTypes");
    let query = Search::parse(arguments.text("query").unwrap_or_default());
    let zone = context.store.shop.zone;
    let products = context
        .store
        .deletions
        .iter()
        .filter(|d| d.kind == "PRODUCT" && (kinds.is_empty() || kinds.contains(&"PRODUCT")));
    let wanted = products
        .filter(|d| query.matches(&|t| (t.field == "occurred_at").then(|| t.time(d.at, zone))));
    Value::connection(wanted.map(|d| {
        let fields = vec![
            ("occurredAt", Value::text(time(d.at))),
            ("subjectId", id("Product", d.number)),
            ("subjectType", Value::text("PRODUCT")),
        ];
        Object::Made("DeletionEvent", std::sync::Arc::new(fields))
    }))
}

fn subscriptions<'a>(context: &'a Context<'a>, arguments: &Arguments) -> Value<'a> {
    let topics = arguments.list("topics");
    let has = |object: &Object<'a>, name: &str, wanted: &str| match object {
        Object::Made(_, fields) => fields
            .iter()
            .any(|(n, v)| *n == name && matches!(v, Value::Text(t) if t == wanted)),
        _ => false,
    };
    let uri = arguments
        .text("uri")
        .or_else(|| arguments.text("callbackUrl"));
    let chosen = context
        .subscriptions
        .iter()
        .filter(|s| topics.is_empty() || topics.iter().any(|t| has(s, "topic", t)));
    Value::connection(
        chosen
            .filter(|s| uri.is_none_or(|u| has(s, "uri", u)))
            .cloned(),
    )
}

/// The supported versions on the day of the schema.
pub(crate) const VERSIONS: [&str; 5] = ["2025-10", "2026-01", "2026-04", "2026-07", "2026-10"];

fn versions<'a>() -> Value<'a> {
    let one = |handle: &'static str, supported: bool| {
        Value::made(
            "ApiVersion",
            vec![
                ("displayName", Value::text(handle)),
                ("handle", Value::text(handle)),
                ("supported", Value::Bool(supported)),
            ],
        )
    };
    let stable = VERSIONS.iter().map(|v| one(v, true));
    Value::List(
        stable
            .chain([one("2027-01", false), one("unstable", false)])
            .collect(),
    )
}

fn installation<'a>(context: &'a Context<'a>) -> Value<'a> {
    let scope = |handle: &String| {
        let what = handle.replace('_', " ");
        Value::made(
            "AccessScope",
            vec![
                ("description", Value::text(what)),
                ("handle", Value::text(handle.clone())),
            ],
        )
    };
    let scopes = Value::List(context.scopes.iter().map(scope).collect());
    Value::made(
        "AppInstallation",
        vec![
            ("accessScopes", scopes),
            ("id", id("AppInstallation", 520_000_001)),
        ],
    )
}
