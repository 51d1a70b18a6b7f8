//! From a topic and a body to what has to be done. A webhook is a hint: what it names is read again by id.
//!
//! Inventory topics are ignored here: they name no product, and the incremental run reads changed items and levels anyway.

use domain::ids::{CustomerId, OrderId, ProductId};
use domain::privacy::PrivacyKind;
use ports::source::{FactRef, NotificationMeaning, NotificationRefusal, PrivacyNotice};
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
    /// Of a merge, where it is told.
    status: Value,
    orders_to_redact: Value,
    orders_requested: Value,
    data_request: Value,
}

/// # Errors
/// `Unreadable` when a topic that names a thing comes without its id.
pub(super) fn of(topic: &str, body: &[u8]) -> Result<NotificationMeaning, NotificationRefusal> {
    use NotificationMeaning::{Changed, Deleted, Ignored, Privacy, ShopChanged, Uninstalled};
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
        ("customers", "merge") => merged(&read(body)?)?,
        ("customers", "redact") => Privacy(redaction(&read(body)?)?),
        ("customers", "data_request") => Privacy(data_request(&read(body)?)?),
        ("shop", "redact") => Privacy(PrivacyNotice {
            kind: PrivacyKind::ShopRedact,
            key: "shop".to_owned(),
            customer: None,
            orders: Vec::new(),
        }),
        ("app", "uninstalled") => Uninstalled,
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

fn numbers(list: &Value) -> Vec<OrderId> {
    let mut ids: Vec<OrderId> = list
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(number)
        .collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}

/// Of a guest it names orders only.
fn redaction(body: &Body) -> Result<PrivacyNotice, NotificationRefusal> {
    let customer: Option<CustomerId> = inside(&body.customer, &["id"]);
    let orders = numbers(&body.orders_to_redact);
    if customer.is_none() && orders.is_empty() {
        return Err(without("customer and no order"));
    }
    let named: Vec<String> = orders.iter().map(ToString::to_string).collect();
    let who = customer.map_or_else(|| "guest".to_owned(), |c| c.to_string());
    Ok(PrivacyNotice {
        kind: PrivacyKind::CustomerRedact,
        key: format!("{who}/{}", named.join(",")),
        customer,
        orders,
    })
}

fn data_request(body: &Body) -> Result<PrivacyNotice, NotificationRefusal> {
    let customer: Option<CustomerId> = inside(&body.customer, &["id"]);
    let request: Option<i64> = inside(&body.data_request, &["id"]);
    let orders = numbers(&body.orders_requested);
    if customer.is_none() && orders.is_empty() {
        return Err(without("customer and no order"));
    }
    let key = match (request, customer) {
        (Some(request), _) => request.to_string(),
        (None, Some(customer)) => format!("customer {customer}"),
        (None, None) => format!("order {}", orders[0]),
    };
    Ok(PrivacyNotice {
        kind: PrivacyKind::DataRequest,
        key,
        customer,
        orders,
    })
}

/// A merge that is still going on or has failed changes nothing.
fn merged(body: &Body) -> Result<NotificationMeaning, NotificationRefusal> {
    let done = body
        .status
        .as_str()
        .is_none_or(|s| s.eq_ignore_ascii_case("completed"));
    let kept = number(&body.admin_graphql_api_customer_kept_id);
    let gone = number(&body.admin_graphql_api_customer_deleted_id);
    match (kept, gone) {
        (Some(kept), Some(gone)) if done => Ok(NotificationMeaning::Merged { gone, kept }),
        (Some(_), Some(_)) => Ok(NotificationMeaning::Ignored),
        _ => Err(without("customers")),
    }
}

/// A number, or a global id (`gid://shopify/Customer/1`).
fn is_id(value: &Value) -> bool {
    let tail = |gid: &str| {
        gid.rsplit('/')
            .next()
            .is_some_and(|n| n.parse::<i64>().is_ok())
    };
    let global = value
        .as_str()
        .is_some_and(|s| s.starts_with("gid://shopify/") && tail(s));
    global || number::<i64>(value).is_some()
}

/// What [`of`] looks at, and nothing else: numbers and global ids.
pub(super) fn reduced(body: &[u8]) -> Vec<u8> {
    let Ok(Value::Object(fields)) = serde_json::from_slice::<Value>(body) else {
        return b"{}".to_vec();
    };
    let id = is_id;
    let mut kept = serde_json::Map::new();
    for (name, value) in fields {
        let value = match name.as_str() {
            "id"
            | "admin_graphql_api_id"
            | "order_id"
            | "product_id"
            | "admin_graphql_api_customer_kept_id"
            | "admin_graphql_api_customer_deleted_id" => Some(value).filter(id),
            "orders_to_redact" | "orders_requested" => match value {
                Value::Array(ids) => Some(ids.into_iter().filter(id).collect()),
                _ => None,
            },
            "order" | "order_edit" | "customer" | "data_request" => match value {
                Value::Object(inner) => Some(Value::Object(
                    inner
                        .into_iter()
                        .filter(|(k, v)| {
                            matches!(k.as_str(), "id" | "order_id" | "admin_graphql_api_id")
                                && id(v)
                        })
                        .collect(),
                )),
                _ => None,
            },
            "status" => value
                .as_str()
                .filter(|s| {
                    ["completed", "failed", "in_progress"].contains(&s.to_lowercase().as_str())
                })
                .map(Value::from),
            _ => None,
        };
        if let Some(value) = value {
            kept.insert(name, value);
        }
    }
    Value::Object(kept).to_string().into_bytes()
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
    fn what_is_reduced_still_means_the_same() {
        let body = br#"{"admin_graphql_api_customer_kept_id":"gid://shopify/Customer/1","admin_graphql_api_customer_deleted_id":
            "gid://shopify/Customer/2","status":"completed","note":"gid://evil","email":"a@example.com"}"#;
        let reduced = reduced(body);
        assert_eq!(of("customers/merge", &reduced), of("customers/merge", body));
        assert!(matches!(
            of("customers/merge", &reduced),
            Ok(NotificationMeaning::Merged { .. })
        ));
        assert!(!String::from_utf8_lossy(&reduced).contains("example"));
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
        check("customers/delete", r#"{"id":3}"#, Deleted(customer));
        check("app/uninstalled", "{}", Uninstalled);
        check("shop/update", "{}", ShopChanged);
        check("locations/update", r#"{"id":1}"#, ShopChanged);
    }

    const ADA: &str = r#"{"shop_id":1,"shop_domain":"a.myshopify.com","customer":{"id":3,"email":"ada@example.com","phone":"555"},
        "orders_to_redact":[8,7,7],"orders_requested":[9],"data_request":{"id":77}}"#;

    fn notice(kind: PrivacyKind, key: &str, orders: &[i64]) -> NotificationMeaning {
        NotificationMeaning::Privacy(PrivacyNotice {
            kind,
            key: key.to_owned(),
            customer: Some(CustomerId(3)),
            orders: orders.iter().copied().map(OrderId).collect(),
        })
    }

    #[test]
    fn requests_about_people_are_read_by_their_numbers() {
        check(
            "customers/redact",
            ADA,
            notice(PrivacyKind::CustomerRedact, "3/7,8", &[7, 8]),
        );
        check(
            "customers/data_request",
            ADA,
            notice(PrivacyKind::DataRequest, "77", &[9]),
        );
        let guest = r#"{"customer":{"email":"x@example.com"},"orders_to_redact":[5]}"#;
        assert!(matches!(
            of("customers/redact", guest.as_bytes()).unwrap(),
            NotificationMeaning::Privacy(PrivacyNotice { customer: None, .. })
        ));
        assert!(of("customers/redact", br#"{"customer":{}}"#).is_err());
        let merge = |status: &str| {
            format!(
                r#"{{"admin_graphql_api_customer_kept_id":"gid://shopify/Customer/4","admin_graphql_api_customer_deleted_id":"gid://shopify/Customer/3"{status}}}"#
            )
        };
        let merged = NotificationMeaning::Merged {
            gone: CustomerId(3),
            kept: CustomerId(4),
        };
        check("customers/merge", &merge(""), merged.clone());
        check(
            "customers/merge",
            &merge(r#","status":"completed""#),
            merged,
        );
        check("customers/merge", &merge(r#","status":"failed""#), Ignored);
    }

    #[test]
    fn what_is_stored_means_the_same_and_names_nobody() {
        let bodies = [
            ("customers/redact", ADA),
            ("customers/data_request", ADA),
            (
                "customers/update",
                r#"{"id":3,"email":"ada@example.com","first_name":"Ada","note":"lives at 5"}"#,
            ),
            (
                "orders/create",
                r#"{"id":7,"customer":{"id":3,"email":"ada@example.com"},"note":"for Ada","status":"Ada"}"#,
            ),
            (
                "orders/edited",
                r#"{"order_edit":{"id":7,"order_id":450789469,"staff_note":"Ada"}}"#,
            ),
            (
                "refunds/create",
                r#"{"id":5,"order_id":820982911946154508,"note":"Ada"}"#,
            ),
        ];
        for (topic, body) in bodies {
            let stored = reduced(body.as_bytes());
            assert_eq!(
                of(topic, &stored).unwrap(),
                of(topic, body.as_bytes()).unwrap(),
                "{topic}"
            );
            let text = String::from_utf8(stored).unwrap().to_lowercase();
            assert!(
                !text.contains("ada") && !text.contains("555"),
                "{topic}: {text}"
            );
        }
        assert_eq!(reduced(b"Ada"), b"{}");
    }

    #[test]
    fn what_is_not_used_is_ignored_even_when_it_is_no_json() {
        for topic in [
            "bulk_operations/finish",
            "inventory_levels/update",
            "inventory_items/update",
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
