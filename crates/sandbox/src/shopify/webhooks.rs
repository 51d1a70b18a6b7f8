//! Webhook subscriptions and their deliveries: signed, retried, at least once.

use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;

use crate::app::{App, Shared, lock};
use crate::store::{Seconds, ids};

/// So many deliveries are under way at once; the others wait for their turn.
const AT_ONCE: usize = 16;
/// The app's client secret.
const SECRET: &[u8] = b"sandbox";
/// Hours after the first attempt at which the next ones come.
const RETRIES: [f64; 8] = [0.01, 0.05, 0.15, 0.35, 0.8, 1.5, 2.5, 4.0];

#[derive(Debug, Clone)]
pub struct Subscription {
    pub number: i64,
    /// `ORDERS_CREATE`.
    pub topic: String,
    pub uri: String,
    pub filter: String,
    pub name: Option<String>,
    pub include: Vec<String>,
    pub version: String,
    pub created: Seconds,
    pub updated: Seconds,
    failures: u32,
}

#[derive(Debug)]
pub struct Hub {
    list: Mutex<(i64, Vec<Subscription>)>,
    held: Mutex<Option<Delivery>>,
    client: OnceLock<reqwest::Client>,
    pub runtime: OnceLock<tokio::runtime::Handle>,
    turns: tokio::sync::Semaphore,
}

impl Default for Hub {
    fn default() -> Self {
        Self {
            list: Mutex::default(),
            held: Mutex::default(),
            client: OnceLock::new(),
            runtime: OnceLock::new(),
            turns: tokio::sync::Semaphore::new(AT_ONCE),
        }
    }
}

#[derive(Debug, Clone)]
struct Delivery {
    subscription: i64,
    uri: String,
    headers: Vec<(&'static str, String)>,
    body: Arc<str>,
}

impl Hub {
    /// Nobody listens.
    pub fn is_silent(&self) -> bool {
        lock(&self.list).1.is_empty()
    }

    pub fn all(&self) -> Vec<Subscription> {
        lock(&self.list).1.clone()
    }

    pub fn add(
        &self,
        topic: &str,
        uri: &str,
        input: Option<&Value>,
        now: Seconds,
        version: &str,
    ) -> Subscription {
        let mut list = lock(&self.list);
        list.0 += 1;
        let mut subscription = Subscription {
            number: list.0,
            topic: topic.to_owned(),
            uri: uri.to_owned(),
            filter: String::new(),
            name: None,
            include: Vec::new(),
            version: version.to_owned(),
            created: now,
            updated: now,
            failures: 0,
        };
        apply(&mut subscription, input);
        list.1.push(subscription.clone());
        subscription
    }

    pub fn change(
        &self,
        number: i64,
        uri: &str,
        input: Option<&Value>,
        now: Seconds,
    ) -> Option<Subscription> {
        let mut list = lock(&self.list);
        let subscription = list.1.iter_mut().find(|s| s.number == number)?;
        if !uri.is_empty() {
            uri.clone_into(&mut subscription.uri);
        }
        apply(subscription, input);
        subscription.updated = now;
        Some(subscription.clone())
    }

    pub fn remove(&self, number: i64) -> bool {
        let mut list = lock(&self.list);
        let before = list.1.len();
        list.1.retain(|s| s.number != number);
        list.1.len() < before
    }

    /// Counts a delivery that failed for good or came through; after 8 failures in a row the subscription is gone.
    fn outcome(&self, number: i64, ok: bool) -> bool {
        let mut list = lock(&self.list);
        let Some(subscription) = list.1.iter_mut().find(|s| s.number == number) else {
            return false;
        };
        subscription.failures = if ok { 0 } else { subscription.failures + 1 };
        let gone = subscription.failures >= 8;
        if gone {
            list.1.retain(|s| s.number != number);
        }
        gone
    }

    pub(crate) fn client(&self) -> &reqwest::Client {
        self.client.get_or_init(|| {
            let redirects = reqwest::redirect::Policy::none();
            let built = reqwest::Client::builder()
                .connect_timeout(Duration::from_secs(1))
                .timeout(Duration::from_secs(5))
                .redirect(redirects)
                .build();
            built.unwrap_or_default()
        })
    }
}

fn apply(subscription: &mut Subscription, input: Option<&Value>) {
    let text = |name: &str| {
        input
            .and_then(|i| i.get(name))
            .and_then(Value::as_str)
            .map(str::to_owned)
    };
    if let Some(filter) = text("filter") {
        subscription.filter = filter;
    }
    if let Some(name) = text("name") {
        subscription.name = Some(name);
    }
    if let Some(Value::Array(fields)) = input.and_then(|i| i.get("includeFields")) {
        subscription.include = fields
            .iter()
            .filter_map(Value::as_str)
            .map(str::to_owned)
            .collect();
    }
}

/// `ORDERS_CREATE` → `orders/create`.
fn wire(topic: &str) -> String {
    const RESOURCES: [&str; 10] = [
        "bulk_operations",
        "customers",
        "fulfillment_orders",
        "inventory_items",
        "inventory_levels",
        "order_transactions",
        "orders",
        "products",
        "refunds",
        "returns",
    ];
    let lower = topic.to_lowercase();
    let known = RESOURCES
        .iter()
        .find_map(|r| Some((r, lower.strip_prefix(*r)?.strip_prefix('_')?)));
    known.map_or_else(
        || lower.replacen('_', "/", 1),
        |(resource, action)| format!("{resource}/{action}"),
    )
}

/// Sends one event to everybody who subscribed to its topic. `resource` names the header that carries the thing's id.
pub(crate) fn publish(app: &Shared, topic: &str, payload: &Value, resource: (&'static str, i64)) {
    let event = uuid::Uuid::new_v4().to_string();
    publish_as(app, topic, payload, resource, &event);
}

/// Several topics may share one event id: the same action caused them.
pub(crate) fn publish_as(
    app: &Shared,
    topic: &str,
    payload: &Value,
    resource: (&'static str, i64),
    event: &str,
) {
    for subscription in app.hub.all().into_iter().filter(|s| s.topic == topic) {
        let body = body(payload, &subscription.include);
        let delivery = delivery(app, &subscription, body, resource, event);
        if app.strikes("webhook_drop") {
            continue;
        }
        if app.strikes("webhook_duplicate") {
            send(app, vec![delivery.clone()]);
        }
        let earlier = lock(&app.hub.held).take();
        match earlier {
            Some(earlier) => send(app, vec![delivery, earlier]),
            None if app.strikes("webhook_reorder") => hold(app, delivery),
            None => send(app, vec![delivery]),
        }
    }
}

/// Compliance topics are subscribed to in the app's configuration, not by the API: they come to wherever the app listens.
pub(crate) fn publish_compliance(app: &Shared, topic: &str, payload: &Value) {
    let mut sent = Vec::new();
    for mut subscription in app.hub.all() {
        if sent.contains(&subscription.uri) {
            continue;
        }
        sent.push(subscription.uri.clone());
        topic.clone_into(&mut subscription.topic);
        let event = uuid::Uuid::new_v4().to_string();
        let delivery = delivery(app, &subscription, body(payload, &[]), ("", 0), &event);
        send(app, vec![delivery]);
    }
}

/// Keeps a delivery back until the next one has gone, or for half a second when none comes.
fn hold(app: &Shared, delivery: Delivery) {
    *lock(&app.hub.held) = Some(delivery);
    let Some(runtime) = app.hub.runtime.get() else {
        return;
    };
    let app = Arc::clone(app);
    runtime.spawn(async move {
        tokio::time::sleep(Duration::from_millis(500)).await;
        let left = lock(&app.hub.held).take();
        send(&app, left.into_iter().collect());
    });
}

/// Shopify escapes slashes; what is signed are these very bytes.
fn body(payload: &Value, include: &[String]) -> Arc<str> {
    let chosen = match (payload, include.is_empty()) {
        (Value::Object(fields), false) => Value::Object(
            fields
                .iter()
                .filter(|(k, _)| include.contains(k))
                .map(|(k, v)| (k.clone(), v.clone()))
                .collect(),
        ),
        _ => payload.clone(),
    };
    chosen.to_string().replace('/', "\\/").into()
}

fn delivery(
    app: &App,
    s: &Subscription,
    body: Arc<str>,
    (resource, id): (&'static str, i64),
    event: &str,
) -> Delivery {
    let mut headers = vec![
        ("x-shopify-topic", wire(&s.topic)),
        ("x-shopify-hmac-sha256", sign(body.as_bytes())),
        ("x-shopify-shop-domain", "sandbox.myshopify.com".to_owned()),
        ("x-shopify-api-version", s.version.clone()),
        ("x-shopify-webhook-id", uuid::Uuid::new_v4().to_string()),
        ("x-shopify-event-id", event.to_owned()),
        ("x-shopify-triggered-at", triggered(app)),
    ];
    if !resource.is_empty() {
        headers.push((resource, id.to_string()));
    }
    if let Some(name) = &s.name {
        headers.push(("x-shopify-name", name.clone()));
    }
    Delivery {
        subscription: s.number,
        uri: s.uri.clone(),
        headers,
        body,
    }
}

fn triggered(app: &App) -> String {
    let nanos = chrono::Utc::now().timestamp_subsec_nanos();
    let at = chrono::DateTime::from_timestamp(app.now(), nanos);
    at.map_or_else(String::new, |t| {
        t.format("%Y-%m-%dT%H:%M:%S%.9fZ").to_string()
    })
}

/// Base64 of the HMAC-SHA256 of the raw body.
pub(crate) fn sign(body: &[u8]) -> String {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(SECRET) else {
        return String::new();
    };
    mac.update(body);
    STANDARD.encode(mac.finalize().into_bytes())
}

/// Sends one after the other, each until it was accepted or given up.
fn send(app: &Shared, deliveries: Vec<Delivery>) {
    let Some(runtime) = app.hub.runtime.get() else {
        return;
    };
    let app = Arc::clone(app);
    runtime.spawn(async move {
        if app.strikes("webhook_delay") {
            tokio::time::sleep(Duration::from_secs_f64(app.options.retry_hour_seconds)).await;
        }
        for delivery in deliveries {
            persist(&app, &delivery).await;
        }
    });
}

/// The first attempt and its retries.
async fn persist(app: &App, delivery: &Delivery) {
    let hour = app.options.retry_hour_seconds;
    let mut waited = 0.0;
    for at in std::iter::once(0.0).chain(RETRIES.map(|r| r * hour)) {
        tokio::time::sleep(Duration::from_secs_f64(at - waited)).await;
        waited = at;
        let ok = deliver(app, delivery).await;
        if app.hub.outcome(delivery.subscription, ok) {
            tracing::warn!(uri = %delivery.uri, "subscription deleted after eight failed deliveries");
            return;
        }
        if ok {
            return;
        }
    }
}

async fn deliver(app: &App, delivery: &Delivery) -> bool {
    // Many days may pass in a moment: a receiver that is merely busy must not look broken.
    let _turn = app.hub.turns.acquire().await;
    let mut request = app
        .hub
        .client()
        .post(&delivery.uri)
        .header("content-type", "application/json")
        .header("user-agent", "Shopify-Captain-Hook");
    for (name, value) in &delivery.headers {
        request = request.header(*name, value);
    }
    match request.body(delivery.body.to_string()).send().await {
        Ok(answer) => answer.status().is_success(),
        Err(problem) => {
            tracing::debug!(%problem, "a webhook was not accepted");
            false
        }
    }
}

/// The event that a bulk operation has ended.
pub(crate) fn bulk_finished(app: &Shared, number: i64, status: &str) {
    let now = crate::graphql::resolve::time(app.now());
    let payload = json!({
        "admin_graphql_api_id": ids::gid("BulkOperation", number),
        "completed_at": now,
        "created_at": now,
        "error_code": if status == "FAILED" { Value::from("internal_server_error") } else { Value::Null },
        "status": status.to_lowercase(),
        "type": "query",
    });
    publish(app, "BULK_OPERATIONS_FINISH", &payload, ("", 0));
}
