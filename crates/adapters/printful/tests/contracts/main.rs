//! What the adapter sends, and what the sandbox answers, beside the vendor's description of its API. `ROYAL_CONTRACTS` names the folder of
//! the descriptions; without it this fails.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails at once")]

use adapter_kit::{Registry, Settings};
use adapter_printful::Printful;
use domain::ids::{OrderId, StoreId, SupplierAccountId, WorkspaceId};
use domain::supplier::{Design, OurRef, PlaceLine, Platform, QuoteFor, Recipient, ToPlace};
use ports::supplier_orders::SupplierOrders as _;
use ports::supplier_platforms::{Purpose, SupplierSettings, SupplierSource as _};
use serde_json::{Map, Value, json};
use std::sync::{Arc, Mutex};
use testkit::fakes::{ManualClock, PlainVault};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use uuid::Uuid;

/// The vendor's OpenAPI document.
struct Contract(Value);

impl Contract {
    fn read() -> Self {
        let folder = std::env::var("ROYAL_CONTRACTS").expect("ROYAL_CONTRACTS must be set");
        let file = format!("{folder}/printful/printful_v2.openapi.json");
        Self(serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap())
    }

    fn schema(&self, name: &str) -> &Value {
        &self.0["components"]["schemas"][name]
    }

    fn body(&self, name: &str) -> &Value {
        &self.0["components"]["requestBodies"][name]["content"]["application/json"]["schema"]
    }

    fn answer(&self, name: &str) -> &Value {
        &self.0["components"]["responses"][name]["content"]["application/json"]["schema"]
    }

    fn follow<'a>(&'a self, schema: &'a Value) -> &'a Value {
        match schema["$ref"].as_str() {
            Some(place) => self.follow(self.0.pointer(&place[1..]).unwrap()),
            None => schema,
        }
    }

    /// Every field of an object, with what is needed of them.
    fn fields<'a>(
        &'a self,
        schema: &'a Value,
        all: &mut Map<String, Value>,
        needed: &mut Vec<String>,
    ) {
        let schema = self.follow(schema);
        for (name, field) in schema["properties"].as_object().into_iter().flatten() {
            all.insert(name.clone(), field.clone());
        }
        let names = schema["required"].as_array().into_iter().flatten();
        needed.extend(names.filter_map(|n| n.as_str().map(str::to_owned)));
        for part in schema["allOf"].as_array().into_iter().flatten() {
            self.fields(part, all, needed);
        }
    }

    /// What does not fit, each with its place.
    fn check(&self, value: &Value, schema: &Value, place: &str) -> Vec<String> {
        let schema = self.follow(schema);
        let several = schema["oneOf"].as_array().or(schema["anyOf"].as_array());
        if let Some(several) = several {
            let tried = several.iter().map(|one| self.check(value, one, place));
            return tried.min_by_key(Vec::len).unwrap_or_default();
        }
        match value {
            Value::Null => Vec::new(),
            Value::Object(told) => {
                let (mut all, mut needed) = (Map::new(), Vec::new());
                self.fields(schema, &mut all, &mut needed);
                let mut wrong = Vec::new();
                // A part that only adds what else is needed names no field.
                if all.is_empty() {
                    return wrong;
                }
                for name in &needed {
                    if !told.contains_key(name) {
                        wrong.push(format!("{place}/{name} is missing"));
                    }
                }
                for (name, value) in told {
                    match all.get(name) {
                        Some(field) => {
                            wrong.extend(self.check(value, field, &format!("{place}/{name}")))
                        }
                        // The description needs some fields that it does not describe.
                        None if needed.contains(name) => {}
                        None => wrong.push(format!("{place}/{name} is unknown")),
                    }
                }
                wrong
            }
            Value::Array(told) => {
                let each = told.iter().enumerate();
                each.flat_map(|(at, one)| {
                    self.check(one, &schema["items"], &format!("{place}/{at}"))
                })
                .collect()
            }
            Value::String(told) => {
                let known = schema["enum"].as_array();
                let fits = known.is_none_or(|known| known.iter().any(|k| k == told));
                let kind = schema["type"].as_str().unwrap_or("string");
                if fits && kind == "string" {
                    Vec::new()
                } else {
                    vec![format!(
                        "{place}: {told:?} is no {kind} of those that are known"
                    )]
                }
            }
            Value::Number(_) => match schema["type"].as_str() {
                Some("integer" | "number") | None => Vec::new(),
                Some(kind) => vec![format!("{place}: a number where a {kind} is wanted")],
            },
            Value::Bool(_) => match schema["type"].as_str() {
                Some("boolean") | None => Vec::new(),
                Some(kind) => vec![format!("{place}: yes or no where a {kind} is wanted")],
            },
        }
    }
}

type Seen = Arc<Mutex<Vec<(String, Value)>>>;

/// Answers this to everything; remembers what was sent.
async fn recorded(answer: Value) -> (Printful, Seen) {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let seen = Seen::default();
    let kept = Arc::clone(&seen);
    tokio::spawn(async move {
        loop {
            let (mut line, _) = listener.accept().await.unwrap();
            let mut read = Vec::new();
            let mut piece = [0; 4096];
            loop {
                let count = line.read(&mut piece).await.unwrap();
                read.extend_from_slice(&piece[..count]);
                let text = String::from_utf8_lossy(&read).into_owned();
                let Some((head, body)) = text.split_once("\r\n\r\n") else {
                    continue;
                };
                let length = head.lines().find_map(|l| {
                    let l = l.to_lowercase();
                    l.strip_prefix("content-length:")?
                        .trim()
                        .parse::<usize>()
                        .ok()
                });
                if count > 0 && body.len() < length.unwrap_or(0) {
                    continue;
                }
                let first = head.lines().next().unwrap_or_default().to_owned();
                let sent = serde_json::from_str(body).unwrap_or_default();
                kept.lock().unwrap().push((first, sent));
                let told = answer.to_string();
                let head = format!(
                    "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\ncontent-length: {}\r\n\r\n",
                    told.len()
                );
                line.write_all(head.as_bytes()).await.unwrap();
                line.write_all(told.as_bytes()).await.unwrap();
                break;
            }
        }
    });
    let settings = SupplierSettings {
        platform: Platform::Printful,
        account: SupplierAccountId(Uuid::from_u128(1)),
        workspace: WorkspaceId(Uuid::from_u128(1)),
        base_url: Some(base),
        api_key: "x".into(),
        per_second: None,
        purpose: Purpose::Orders,
        designs: vec![Design {
            name: "wolf".to_owned(),
            product: "71".to_owned(),
            template: "12345".to_owned(),
        }],
        rest: None,
    };
    let clock = ManualClock::at("2026-11-23T00:00:00Z".parse().unwrap());
    let registry = Registry::new(Settings::default());
    let vault = Arc::new(PlainVault::default());
    let printful = Printful::new(&settings, vault, Arc::new(clock), &registry).unwrap();
    (printful, seen)
}

fn order() -> ToPlace {
    ToPlace {
        our_ref: OurRef::of(StoreId(Uuid::from_u128(1)), OrderId(1), 0),
        lines: vec![PlaceLine {
            variant: "4011:wolf".to_owned(),
            quantity: 1,
        }],
        ships_from: "US".to_owned(),
        service: "STANDARD".to_owned(),
        recipient: Recipient {
            name: "John Smith".to_owned(),
            country: "US".to_owned(),
            province: Some("California".to_owned()),
            province_code: Some("CA".to_owned()),
            city: "Chatsworth".to_owned(),
            street: "19749 Dearborn St".to_owned(),
            postcode: Some("91311".to_owned()),
            phone: Some("2312322334".to_owned()),
        },
    }
}

#[tokio::test]
async fn what_is_sent_is_what_the_description_takes() {
    let contract = Contract::read();
    let (printful, seen) = recorded(json!({"data": []})).await;
    let of = QuoteFor {
        from: "US".to_owned(),
        to: "US".to_owned(),
        postcode: Some("91311".to_owned()),
        lines: order().lines,
    };
    printful.quotes(&of).await.unwrap();
    // The rest of an order is another test's; here only what was sent.
    let _ = printful.create_unpaid(&order()).await;
    let _ = printful
        .listen("https://royal.example/v1/webhooks/printful/1")
        .await;
    let sent = seen.lock().unwrap().clone();
    let of = |path: &str| {
        let found = sent
            .iter()
            .find(|(head, _)| head.starts_with(&format!("POST {path} ")));
        found
            .unwrap_or_else(|| panic!("{path} was not called"))
            .1
            .clone()
    };
    for (path, name) in [
        ("/v2/shipping-rates", "ShippingRatesInput"),
        ("/v2/orders", "OrderInput"),
        ("/v2/webhooks", "CreateWebhook"),
    ] {
        let wrong = contract.check(&of(path), contract.body(name), name);
        assert!(wrong.is_empty(), "{wrong:#?}");
    }
    let known = &contract.schema("EventConfigurationRequest")["discriminator"]["mapping"];
    for event in of("/v2/webhooks")["events"].as_array().unwrap() {
        let name = event["type"].as_str().unwrap();
        assert!(known.get(name).is_some(), "{name} is no event");
    }
    let wrong = json!({"recipient": {}, "order_items": [], "pay": true});
    assert_eq!(
        contract
            .check(&wrong, contract.body("OrderInput"), "")
            .len(),
        1
    );
}

#[tokio::test]
async fn the_sandbox_answers_as_the_description_says() {
    let contract = Contract::read();
    let options = sandbox::Options {
        orders: 1,
        days: 1,
        ..sandbox::Options::default()
    };
    let sandbox = sandbox::start(options).await.unwrap();
    let told = sandbox.printful_sample();
    for name in [
        "ProductInfo",
        "Variant",
        "ProductPrices",
        "VariantStockAvailability",
    ] {
        assert!(told[name].is_object(), "{name}");
        let wrong = contract.check(&told[name], contract.schema(name), name);
        assert!(wrong.is_empty(), "{wrong:#?}");
    }
    let rates = contract.follow(contract.answer("ShippingRatesResponse"));
    let wrong = contract.check(&json!({"data": [told["rate"]]}), rates, "rates");
    assert!(wrong.is_empty(), "{wrong:#?}");
    let wrong = contract.check(&told["order"], contract.schema("Order"), "Order");
    assert!(told["order"].is_object() && wrong.is_empty(), "{wrong:#?}");
    let wrong = contract.check(&told["shipment"], contract.schema("Shipment"), "Shipment");
    assert!(
        told["shipment"].is_object() && wrong.is_empty(),
        "{wrong:#?}"
    );
}

/// The example of the description, read by the adapter.
#[tokio::test]
async fn costs_of_the_description_are_read() {
    let our_ref = order().our_ref;
    let costs = json!({"calculation_status": "done", "currency": "EUR", "total": "23.40"});
    let told = json!({"data": {"id": 123, "external_id": our_ref.as_str(), "status": "draft", "costs": costs}});
    let (printful, _) = recorded(told).await;
    let placed = printful.look_up(&our_ref).await.unwrap().unwrap();
    let total = placed.total.unwrap();
    assert_eq!(
        (total.minor, total.currency.to_string()),
        (2_340, "EUR".to_owned())
    );
    assert_eq!(placed.supplier_ref, "123");
}
