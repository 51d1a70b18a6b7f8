//! From a topic and a body to what has to be done. A webhook is a hint: what it names is read again by id.
//!
//! Inventory topics are ignored here: they name no product, and the incremental run reads changed items and levels anyway.

use domain::ids::{CustomerId, OrderId, ProductId};
use ports::source::{FactRef, NotificationMeaning, NotificationRefusal};
use serde::Deserialize;
use serde_json::Value;
use std::str::FromStr;

/// Only what says of whom it speaks. Numbers of up to 19 digits are read as integers, never as floats.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Body {
    id: Value,
    admin_graphql_api_id: Value,
    order_id: Value,
    product_id: Value,
    order: Value,
    order_edit: Value,
    customer: Value,
    admin_graphql_api_customer_kept_id: Value,
    admin_graphql_api_customer_deleted_id: Value,
}

/// # Errors
/// `Unreadable` when a topic that names a thing comes without its id.
pub(super) fn of(topic: &str, body: &[u8]) -> Result<NotificationMeaning, NotificationRefusal> {
    use NotificationMeaning::{Changed, Deleted, Ignored, ShopChanged, Uninstalled};
    let (area, action) = topic.split_once('/').unwrap_or((topic, ""));
    Ok(match (area, action) {
        ("orders", "delete") => Deleted(vec![order(&read(body)?)?]),
        ("orders", "edited") => Changed(vec![edited(&read(body)?)?]),
        ("orders", _) => Changed(vec![order(&read(body)?)?]),
        ("refunds" | "order_transactions" | "fulfillments" | "tender_transactions", _) => {
            Changed(vec![order_of(&read(body)?)?])
        }
        ("returns", _) => Changed(vec![order_of(&read(body)?)?]),
        // A dispute may concern no order.
        ("disputes", _) => order_of(&read(body)?).map_or(Ignored, |o| Changed(vec![o])),
        ("products", "delete") => Deleted(vec![product(&read(body)?)?]),
        ("products", _) => Changed(vec![product(&read(body)?)?]),
        ("variants", _) => product_of(&read(body)?).map_or(Ignored, |p| Changed(vec![p])),
        ("customers", "delete") => Deleted(vec![customer(&read(body)?)?]),
        ("customers", "create" | "update" | "enable" | "disable") => {
            Changed(vec![customer(&read(body)?)?])
        }
        ("customers", "merge") => Changed(merged(&read(body)?)),
        // A person asked to be forgotten: App-Store apps must act within 30 days.
        ("customers", "redact") => redacted(&read(body)?).map_or(Ignored, |c| Deleted(vec![c])),
        ("app", "uninstalled") | ("shop", "redact") => Uninstalled,
        ("shop", "update") | ("app", "scopes_update") | ("locations", _) => ShopChanged,
        _ => Ignored,
    })
}

fn read(body: &[u8]) -> Result<Body, NotificationRefusal> {
    // Without serde's text, which may quote personal data.
    serde_json::from_slice(body).map_err(|e| {
        NotificationRefusal::Unreadable(format!(
            "it is not the JSON object that its topic announces (line {}, column {})",
            e.line(),
            e.column()
        ))
    })
}

fn number<T: FromStr>(value: &Value) -> Option<T> {
    match value {
        // `Display` of an integer is exact; a float has a point and is refused.
        Value::Number(n) => n.to_string().parse().ok(),
        Value::String(s) => s.parse().ok(),
        _ => None,
    }
}

fn without(what: &str) -> NotificationRefusal {
    NotificationRefusal::Unreadable(format!("it names no {what}"))
}

fn own<T: FromStr>(body: &Body) -> Option<T> {
    number(&body.id).or_else(|| number(&body.admin_graphql_api_id))
}

fn order(body: &Body) -> Result<FactRef, NotificationRefusal> {
    own::<OrderId>(body)
        .map(FactRef::Order)
        .ok_or_else(|| without("order"))
}

/// Of an object inside the body, which may be null or not there.
fn inside<T: FromStr>(object: &Value, keys: &[&str]) -> Option<T> {
    keys.iter().find_map(|key| number(object.get(*key)?))
}

fn order_of(body: &Body) -> Result<FactRef, NotificationRefusal> {
    number(&body.order_id)
        .or_else(|| inside(&body.order, &["id", "admin_graphql_api_id"]))
        .map(FactRef::Order)
        .ok_or_else(|| without("order"))
}

/// The payload of an edit wraps the id; older ones carried the order itself.
fn edited(body: &Body) -> Result<FactRef, NotificationRefusal> {
    inside(&body.order_edit, &["order_id"])
        .map(FactRef::Order)
        .map_or_else(|| order_of(body).or_else(|_| order(body)), Ok)
}

fn product(body: &Body) -> Result<FactRef, NotificationRefusal> {
    own::<ProductId>(body)
        .map(FactRef::Product)
        .ok_or_else(|| without("product"))
}

fn product_of(body: &Body) -> Option<FactRef> {
    number(&body.product_id).map(FactRef::Product)
}

fn customer(body: &Body) -> Result<FactRef, NotificationRefusal> {
    own::<CustomerId>(body)
        .map(FactRef::Customer)
        .ok_or_else(|| without("customer"))
}

fn redacted(body: &Body) -> Option<FactRef> {
    inside(&body.customer, &["id"]).map(FactRef::Customer)
}

/// Both are read again: one has changed, the other one is gone.
fn merged(body: &Body) -> Vec<FactRef> {
    let both = [
        &body.admin_graphql_api_customer_kept_id,
        &body.admin_graphql_api_customer_deleted_id,
    ];
    both.into_iter()
        .filter_map(number)
        .map(FactRef::Customer)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use NotificationMeaning::{Changed, Deleted, Ignored, ShopChanged, Uninstalled};

    const BIG: i64 = 9_223_372_036_854_775_807;

    #[track_caller]
    fn check(topic: &str, body: &str, meaning: NotificationMeaning) {
        assert_eq!(of(topic, body.as_bytes()).unwrap(), meaning, "{topic}");
    }

    fn order(id: i64) -> Vec<FactRef> {
        vec![FactRef::Order(OrderId(id))]
    }

    #[test]
    fn what_topics_mean() {
        let big = format!(r#"{{"id":{BIG}}}"#);
        for topic in [
            "orders/create",
            "orders/updated",
            "orders/paid",
            "orders/cancelled",
            "orders/fulfilled",
            "orders/brand_new",
        ] {
            check(topic, &big, Changed(order(BIG)));
        }
        check(
            "orders/create",
            r#"{"id":7,"customer":null,"order":null,"order_id":null}"#,
            Changed(order(7)),
        );
        check("orders/delete", &big, Deleted(order(BIG)));
        check(
            "orders/edited",
            r#"{"order_edit":{"id":7,"order_id":450789469}}"#,
            Changed(order(450_789_469)),
        );
        check(
            "refunds/create",
            r#"{"id":5,"order_id":820982911946154508}"#,
            Changed(order(820_982_911_946_154_508)),
        );
        check(
            "order_transactions/create",
            r#"{"id":5,"order_id":6}"#,
            Changed(order(6)),
        );
        check(
            "returns/approve",
            r#"{"id":5,"order":{"id":8}}"#,
            Changed(order(8)),
        );
        check("disputes/create", r#"{"id":5,"order_id":null}"#, Ignored);
        let product = vec![FactRef::Product(ProductId(9))];
        check("products/update", r#"{"id":9}"#, Changed(product.clone()));
        check("products/delete", r#"{"id":9}"#, Deleted(product.clone()));
        check(
            "variants/in_stock",
            r#"{"id":1,"product_id":9}"#,
            Changed(product.clone()),
        );
        check(
            "products/create",
            r#"{"admin_graphql_api_id":"gid:\/\/shopify\/Product\/9"}"#,
            Changed(product),
        );
        let customer = vec![FactRef::Customer(CustomerId(3))];
        check("customers/update", r#"{"id":3}"#, Changed(customer.clone()));
        check("customers/delete", r#"{"id":3}"#, Deleted(customer.clone()));
        check(
            "customers/redact",
            r#"{"customer":{"id":3}}"#,
            Deleted(customer),
        );
        check("app/uninstalled", "{}", Uninstalled);
        check("shop/update", "{}", ShopChanged);
        check("locations/update", r#"{"id":1}"#, ShopChanged);
    }

    #[test]
    fn what_is_not_used_is_ignored_even_when_it_is_no_json() {
        for topic in [
            "bulk_operations/finish",
            "inventory_levels/update",
            "inventory_items/update",
            "customers/data_request",
            "never/heard_of",
            "",
        ] {
            check(topic, "not json", Ignored);
        }
    }

    #[test]
    fn a_body_without_its_id_is_refused() {
        for body in [
            "{}",
            r#"{"id":1.5}"#,
            r#"{"id":"x"}"#,
            "[]",
            "{",
            "{\"id\":99999999999999999999}",
        ] {
            let error = of("orders/create", body.as_bytes()).unwrap_err();
            assert!(
                matches!(error, NotificationRefusal::Unreadable(_)),
                "{body}"
            );
        }
    }
}
