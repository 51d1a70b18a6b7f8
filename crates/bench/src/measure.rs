//! What is measured: reading a large shop, asking for its reports, what changes in it. One result a name.

use crate::bare::Bare;
use crate::load::{self, Connection, Outcome};
use crate::product::{Place, Target, cpu_seconds, memory_mb};
use crate::shop::{SECRET, Serving};
use crate::yardstick;
use crate::{ads, night, queue, reads, replicas, streams, suppliers};
use anyhow::{Context as _, Result, bail, ensure};
use base64::Engine as _;
use chrono::{DateTime, TimeDelta, Utc};
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde::Serialize;
use serde_json::{Value, json};
use sha2::Sha256;
use std::path::Path;
use std::time::{Duration, Instant};

const CONNECTIONS: usize = 16;
const CHANGED: u64 = 1_000;
const WEBHOOKS_PER_SECOND: f64 = 50.0;
/// The product is at rest when it needed less than a tenth of a core for so long.
const REST: Duration = Duration::from_secs(5);
const LONGEST_UNREST: Duration = Duration::from_secs(900);

/// One line of the table.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Figure {
    pub name: String,
    pub value: f64,
    pub unit: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ratio: Option<f64>,
    /// What the ratio is against.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub against: Option<String>,
}

/// What to measure and how long.
#[derive(Debug, Clone)]
pub struct Plan {
    /// Names; all when empty.
    pub names: Vec<String>,
    /// Of each load of requests.
    pub seconds: f64,
}

/// What one product over one shop answered, kept for the comparison with another size.
#[derive(Debug, Clone, Copy, Default)]
pub struct Speeds {
    pub profit: f64,
    pub metrics: f64,
}

/// The names, in the order of measuring.
pub const NAMES: &[&str] = &[
    "ingest_vs_insert_sqlite",
    "ingest_vs_copy_postgres",
    "ingest_peak_memory_mb",
    "profit_report_p99_ms",
    "profit_report_vs_bare",
    "profit_report_growth_100k_1m",
    "metrics_p99_ms",
    "metrics_vs_bare",
    "metrics_growth_100k_1m",
    reads::CHEAP_ACTIX,
    reads::CHEAP_FASTIFY,
    reads::ASKING_FASTIFY,
    reads::REPORT_FASTIFY,
    "incremental_1000_orders_s",
    "webhook_accept_p99_ms",
    "session_check_ms",
    "sign_in_indistinguishable_p",
    streams::FIRST_TOKEN,
    queue::RATE_SQLITE,
    queue::RATE_POSTGRES,
    queue::LATENCY,
    night::FIRST,
    night::PEAK,
    ads::META,
    ads::GOOGLE,
    ads::AGAIN,
    ads::PEAK,
    suppliers::IMPORT,
    suppliers::PEAK,
    suppliers::PAGE,
    streams::DELIVERY,
    streams::EACH,
    streams::BESIDE,
    streams::TALK_EACH,
    replicas::FAILED,
    replicas::SLOWEST,
    replicas::GROWTH,
];

impl Plan {
    #[must_use]
    pub fn wants(&self, names: &[&str]) -> bool {
        self.names.is_empty() || self.names.iter().any(|n| names.contains(&n.as_str()))
    }

    /// Whether a shop is needed: the queue has none, forecasts neither, the night and advertisements have their own.
    #[must_use]
    pub fn wants_shop(&self) -> bool {
        let others = [
            &queue::NAMES[..],
            &night::NAMES,
            &ads::NAMES,
            &suppliers::NAMES,
            &streams::NAMES,
            &replicas::NAMES,
        ]
        .concat();
        let of_shop = NAMES.iter().filter(|name| !others.contains(name));
        self.wants(&of_shop.copied().collect::<Vec<_>>())
    }

    #[must_use]
    pub fn wants_queue(&self) -> bool {
        self.wants(&queue::NAMES)
    }

    /// Whether a shop of many variants is needed.
    #[must_use]
    pub fn wants_night(&self) -> bool {
        self.wants(&night::NAMES)
    }

    /// Whether platforms that sell advertisements are needed.
    #[must_use]
    pub fn wants_ads(&self) -> bool {
        self.wants(&ads::NAMES)
    }

    /// Whether a catalogue of a supplier is needed.
    #[must_use]
    pub fn wants_suppliers(&self) -> bool {
        self.wants(&suppliers::NAMES)
    }

    /// Whether many streams are opened.
    #[must_use]
    pub fn wants_streams(&self) -> bool {
        self.wants(&streams::NAMES)
    }

    /// Whether several processes are needed.
    #[must_use]
    pub fn wants_replicas(&self) -> bool {
        self.wants(&replicas::NAMES)
    }

    /// Whether a second, smaller shop is needed.
    #[must_use]
    pub fn wants_growth(&self) -> bool {
        self.wants(&["profit_report_growth_100k_1m", "metrics_growth_100k_1m"])
    }

    fn wants_reports(&self) -> bool {
        let rest = [
            "profit_report_p99_ms",
            "profit_report_vs_bare",
            "metrics_p99_ms",
            "metrics_vs_bare",
        ];
        self.wants(&rest) || self.wants_growth()
    }
}

/// Measurements of one product over one shop.
pub struct Bench<'a> {
    pub plan: &'a Plan,
    pub shop: &'a Serving,
    pub target: &'a Target,
    /// For the yardstick's files.
    pub folder: &'a Path,
    pub say: &'a (dyn Fn(&str) + Sync),
}

impl Bench<'_> {
    /// Waits for the first sync and measures all that is wanted.
    /// `fastify` is the folder of a server to hold them against, installed; without one those figures are left out.
    pub async fn whole(&self, fastify: Option<&Path>) -> Result<(Vec<Figure>, Speeds)> {
        let mut figures = self.ingest().await?;
        let (more, speeds) = self.reports().await?;
        figures.extend(more);
        figures.extend(self.reads(fastify).await?);
        if self.plan.wants(&["incremental_1000_orders_s"]) {
            figures.push(self.incremental().await?);
        }
        if self.plan.wants(&["webhook_accept_p99_ms"]) {
            figures.push(self.webhooks().await?);
        }
        if self.plan.wants(&["session_check_ms"]) {
            figures.push(self.session_check().await?);
        }
        if self.plan.wants(&["sign_in_indistinguishable_p"]) {
            figures.push(self.sign_in().await?);
        }
        if self.plan.wants(&[streams::FIRST_TOKEN]) {
            figures.push(self.first_token().await?);
        }
        Ok((figures, speeds))
    }

    /// Only what is compared with a larger shop.
    pub async fn speeds(&self) -> Result<Speeds> {
        self.sync_ended(None).await?;
        Ok(self.reports().await?.1)
    }

    pub(crate) fn say(&self, text: &str) {
        (self.say)(&format!(
            "{}, {} orders: {text}",
            self.target.place.name(),
            self.shop.shop().orders
        ));
    }

    pub(crate) fn address(&self) -> &str {
        self.target.url.trim_start_matches("http://")
    }

    fn named(&self, name: &str) -> String {
        match self.target.place {
            Place::Postgres(_) if !name.ends_with("_postgres") => format!("{name}_postgres"),
            _ => name.to_owned(),
        }
    }

    pub(crate) fn figure(&self, name: &str, value: f64, unit: &'static str) -> Figure {
        Figure {
            name: self.named(name),
            value: rounded(value),
            unit,
            ratio: None,
            against: None,
        }
    }

    async fn ingest(&self) -> Result<Vec<Figure>> {
        let orders = self.shop.shop().orders;
        let took = self.sync_ended(None).await?;
        let rate = orders as f64 / took;
        let cpu = cpu_seconds(self.target.pid).unwrap_or(f64::NAN);
        self.say(&format!(
            "read in {took:.1} s, {rate:.0} orders/s, {cpu:.1} s of processor time"
        ));
        let mut figures = Vec::new();
        if self.plan.wants(&["ingest_peak_memory_mb"]) {
            let peak = memory_mb(self.target.pid, "VmHWM")?;
            figures.push(self.figure("ingest_peak_memory_mb", peak, "MB"));
        }
        let name = match self.target.place {
            Place::Sqlite(_) => "ingest_vs_insert_sqlite",
            Place::Postgres(_) => "ingest_vs_copy_postgres",
        };
        if self.plan.wants(&[name]) {
            let progress = |table: &str| self.say(&format!("the yardstick loads {table}"));
            let loaded = yardstick::load(&self.target.place, self.folder, &progress).await?;
            let yard = orders as f64 / loaded.took.as_secs_f64();
            let against = format!(
                "{yard:.0} orders/s: the same {} rows, prepared",
                loaded.rows
            );
            self.say(&format!("the yardstick: {against}"));
            figures.push(Figure {
                ratio: Some(rounded(rate / yard)),
                against: Some(against),
                ..self.figure(name, rate, "orders/s")
            });
        }
        Ok(figures)
    }

    async fn reports(&self) -> Result<(Vec<Figure>, Speeds)> {
        if !self.plan.wants_reports() {
            return Ok((Vec::new(), Speeds::default()));
        }
        let (from, to) = self.days();
        let path = format!("/v1/reports/profit?by=day&from={from}&to={to}");
        let profit = self.asked(&path).await?;
        let metrics = self.asked("/v1/metrics").await?;
        let bare = Bare::start(&self.target.place, &from, &to).await?;
        let bare_speed = self
            .closed(&bare.address, load::get(&bare.address, "/", ""))
            .await?;
        bare.stop().await;
        self.say(&format!("bare handler: {}", described(&bare_speed)));
        let against = format!(
            "{:.0} requests/s of a bare handler with one indexed query",
            bare_speed.per_second
        );
        let mut figures = Vec::new();
        for (name, speed) in [("profit_report", profit), ("metrics", metrics)] {
            let p99 = format!("{name}_p99_ms");
            if self.plan.wants(&[&p99]) {
                figures.push(self.figure(&p99, speed.p99_ms, "ms"));
            }
            let vs = format!("{name}_vs_bare");
            if self.plan.wants(&[&vs]) {
                figures.push(Figure {
                    ratio: Some(rounded(speed.per_second / bare_speed.per_second)),
                    against: Some(against.clone()),
                    ..self.figure(&vs, speed.per_second, "requests/s")
                });
            }
        }
        let speeds = Speeds {
            profit: profit.per_second,
            metrics: metrics.per_second,
        };
        Ok((figures, speeds))
    }

    pub(crate) async fn asked(&self, path: &str) -> Result<Outcome> {
        let request = load::get(self.address(), path, &self.target.token);
        let outcome = self
            .closed(self.address(), request)
            .await
            .with_context(|| path.to_owned())?;
        self.say(&format!("{path}: {}", described(&outcome)));
        Ok(outcome)
    }

    /// The first and the last of the shop.
    pub(crate) fn days(&self) -> (String, String) {
        let shop = self.shop.shop();
        let day = |at: DateTime<Utc>| at.date_naive().to_string();
        (day(shop.opened()), day(shop.now))
    }

    pub(crate) async fn closed(&self, address: &str, request: Vec<u8>) -> Result<Outcome> {
        self.turn(address, request, 1).await
    }

    /// One of so many turns that a load is dealt into.
    pub(crate) async fn turn(&self, address: &str, request: Vec<u8>, of: u32) -> Result<Outcome> {
        let span = Duration::from_secs_f64(self.plan.seconds) / of;
        load::closed(address, request, CONNECTIONS, span / 4, span).await
    }

    /// What begins by itself after a first reading (the first night, what is bought together …) is over: for [`REST`] the product needed
    /// less than a tenth of a core.
    pub(crate) async fn at_rest(&self) -> Result<()> {
        let began = Instant::now();
        loop {
            let before = cpu_seconds(self.target.pid).context("the product ended")?;
            tokio::time::sleep(REST).await;
            let after = cpu_seconds(self.target.pid).context("the product ended")?;
            let share = (after - before) / REST.as_secs_f64();
            if share < 0.1 {
                let waited = began.elapsed().as_secs_f64();
                self.say(&format!("the product is at rest after {waited:.0} s"));
                return Ok(());
            }
            ensure!(
                began.elapsed() < LONGEST_UNREST,
                "the product still needs {share:.2} cores"
            );
        }
    }

    async fn incremental(&self) -> Result<Figure> {
        let shop = self.shop.shop();
        let count = CHANGED.min(shop.orders);
        let step = (shop.orders / count).max(1);
        self.shop.change((0..count).map(|n| n * step));
        let connection = self.connection().await?;
        let body = json!({ "connection_id": connection, "kind": "incremental" });
        let run = self.post("/v1/syncs", &body).await?;
        let id = run["id"]
            .as_str()
            .context("a sync without an id")?
            .to_owned();
        let took = self.sync_ended(Some(&id)).await?;
        let run = self.read(&format!("/v1/syncs/{id}")).await?;
        let done = run["orders"]["done"].as_u64().unwrap_or(0);
        ensure!(
            done >= count,
            "{done} of {count} changed orders were read: {run}"
        );
        self.say(&format!("{count} changed orders in {took:.2} s"));
        Ok(self.figure("incremental_1000_orders_s", took, "s"))
    }

    async fn webhooks(&self) -> Result<Figure> {
        let count = (self.plan.seconds * 2.0 * WEBHOOKS_PER_SECOND) as u64;
        let orders = self.shop.shop().orders;
        let connection = self.connection().await?;
        let changed: Vec<u64> = (0..count).map(|n| (n * 7 + 3) % orders).collect();
        let requests = webhooks(self.shop, self.address(), &connection, &changed);
        let outcome = load::open(self.address(), requests, WEBHOOKS_PER_SECOND, 202).await?;
        self.say(&format!("{count} webhooks: {}", described(&outcome)));
        Ok(self.figure("webhook_accept_p99_ms", outcome.p99_ms, "ms"))
    }

    async fn connection(&self) -> Result<String> {
        let runs = self.read("/v1/syncs?limit=1").await?;
        let id = runs["syncs"][0]["connection_id"].as_str();
        Ok(id.context("no connection")?.to_owned())
    }

    /// Seconds from start to end of a run, the newest when none is named.
    ///
    /// # Errors
    /// When it failed.
    pub async fn sync_ended(&self, id: Option<&str>) -> Result<f64> {
        let mut told = Instant::now();
        loop {
            let run = match id {
                Some(id) => self.read(&format!("/v1/syncs/{id}")).await?,
                None => self.read("/v1/syncs?limit=1").await?["syncs"]
                    .get(0)
                    .cloned()
                    .unwrap_or_default(),
            };
            match run["status"].as_str() {
                Some("succeeded") => return seconds(&run).with_context(|| run.to_string()),
                Some("failed" | "cancelled") => bail!("the sync did not succeed: {run}"),
                _ => {}
            }
            if told.elapsed() > Duration::from_secs(10) {
                told = Instant::now();
                self.say(&format!(
                    "{} of {} orders read",
                    run["orders"]["done"], run["orders"]["total"]
                ));
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    pub(crate) async fn read(&self, path: &str) -> Result<Value> {
        self.answer(path, load::get(self.address(), path, &self.target.token))
            .await
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Result<Value> {
        let headers = [
            ("authorization", format!("Bearer {}", self.target.token)),
            ("idempotency-key", uuid::Uuid::new_v4().to_string()),
        ];
        let request = load::post(self.address(), path, &headers, body.to_string().as_bytes());
        self.answer(path, request).await
    }

    pub(crate) async fn answer(&self, path: &str, request: Vec<u8>) -> Result<Value> {
        let answer = Connection::open(self.address())
            .await?
            .ask(&request)
            .await?;
        let text = String::from_utf8_lossy(&answer.body);
        ensure!(
            (200..300).contains(&answer.status),
            "{path} answered {}: {text}",
            answer.status
        );
        Ok(serde_json::from_str(&text)?)
    }
}

/// How many times slower the larger shop is answered.
#[must_use]
pub fn growth(plan: &Plan, place: &Place, small: Speeds, large: Speeds) -> Vec<Figure> {
    let suffix = if matches!(place, Place::Postgres(_)) {
        "_postgres"
    } else {
        ""
    };
    [
        ("profit_report_growth_100k_1m", small.profit / large.profit),
        ("metrics_growth_100k_1m", small.metrics / large.metrics),
    ]
    .into_iter()
    .filter(|(name, _)| plan.wants(&[name]))
    .map(|(name, times)| Figure {
        name: format!("{name}{suffix}"),
        value: rounded(times),
        unit: "times",
        ratio: None,
        against: None,
    })
    .collect()
}

fn seconds(run: &Value) -> Option<f64> {
    let at = |field: &str| run[field].as_str()?.parse::<DateTime<Utc>>().ok();
    let took: TimeDelta = at("finished_at")? - at("started_at")?;
    Some((took.num_milliseconds() as f64 / 1e3).max(0.001))
}

/// Changes these orders, and tells of each.
pub(crate) fn webhooks(
    shop: &Serving,
    address: &str,
    connection: &str,
    orders: &[u64],
) -> Vec<Vec<u8>> {
    let path = format!("/v1/webhooks/shopify/{connection}");
    shop.change(orders.iter().copied());
    let told = orders.iter().map(|n| {
        let body = json!({ "id": shop.order_id(*n), "updated_at": Utc::now() }).to_string();
        load::post(address, &path, &signed(&body), body.as_bytes())
    });
    told.collect()
}

fn signed(body: &str) -> Vec<(&'static str, String)> {
    let mut headers = vec![
        ("x-shopify-topic", "orders/updated".to_owned()),
        ("x-shopify-shop-domain", "bench.myshopify.com".to_owned()),
        ("x-shopify-event-id", uuid::Uuid::new_v4().to_string()),
        ("x-shopify-webhook-id", uuid::Uuid::new_v4().to_string()),
    ];
    // A key of any length is taken.
    if let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()) {
        mac.update(body.as_bytes());
        let signature =
            base64::engine::general_purpose::STANDARD.encode(mac.finalize().into_bytes());
        headers.push(("x-shopify-hmac-sha256", signature));
    }
    headers
}

pub(crate) fn described(outcome: &Outcome) -> String {
    format!(
        "{:.0} requests/s, p50 {:.2} ms, p99 {:.2} ms, {} bytes each",
        outcome.per_second, outcome.p50_ms, outcome.p99_ms, outcome.bytes
    )
}

/// By nearest rank; sorts them.
pub(crate) fn percentile_99(times: &mut [f64]) -> f64 {
    times.sort_by(f64::total_cmp);
    let place = (times.len() as f64 * 0.99).ceil() as usize;
    times.get(place.max(1) - 1).copied().unwrap_or(f64::NAN)
}

/// Three decimals are more than any of it is worth.
pub(crate) fn rounded(value: f64) -> f64 {
    (value * 1e3).round() / 1e3
}
