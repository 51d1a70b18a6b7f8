//! Traces, as a collector gets them: a stand-in decodes the protobuf that the product sends.

use crate::killed::{owner_of, royal, say};
use crate::support::{Client, sandbox, until};
use crate::webhooks::signature;
use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
use opentelemetry_proto::tonic::collector::logs::v1::{
    ExportLogsServiceRequest, ExportLogsServiceResponse,
};
use opentelemetry_proto::tonic::collector::metrics::v1::{
    ExportMetricsServiceRequest, ExportMetricsServiceResponse,
};
use opentelemetry_proto::tonic::collector::trace::v1::{
    ExportTraceServiceRequest, ExportTraceServiceResponse,
};
use opentelemetry_proto::tonic::common::v1::{KeyValue, any_value::Value};
use opentelemetry_proto::tonic::logs::v1::LogRecord;
use opentelemetry_proto::tonic::metrics::v1::{Metric, metric::Data};
use opentelemetry_proto::tonic::trace::v1::Span;
use prost::Message as _;
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

#[derive(Default)]
struct Taken {
    spans: Vec<Span>,
    /// As they stood at each sending.
    figures: Vec<Metric>,
    lines: Vec<LogRecord>,
    resources: Vec<BTreeMap<String, String>>,
    content_types: Vec<String>,
}

type Collector = Arc<Mutex<Taken>>;

fn attributes(all: &[KeyValue]) -> BTreeMap<String, String> {
    let text = |value: &Value| match value {
        Value::StringValue(text) => text.clone(),
        Value::IntValue(n) => n.to_string(),
        Value::BoolValue(b) => b.to_string(),
        Value::DoubleValue(n) => n.to_string(),
        other => format!("{other:?}"),
    };
    let pair = |kv: &KeyValue| {
        let value = kv.value.as_ref()?.value.as_ref()?;
        Some((kv.key.clone(), text(value)))
    };
    all.iter().filter_map(pair).collect()
}

async fn take(to: web::Data<Collector>, request: HttpRequest, body: web::Bytes) -> HttpResponse {
    let sent = ExportTraceServiceRequest::decode(body).unwrap();
    let mut taken = to.lock().unwrap();
    let kind = request
        .headers()
        .get("content-type")
        .unwrap()
        .to_str()
        .unwrap();
    taken.content_types.push(kind.to_owned());
    for of_resource in sent.resource_spans {
        let resource = of_resource.resource.unwrap();
        taken.resources.push(attributes(&resource.attributes));
        let scopes = of_resource.scope_spans.into_iter();
        taken.spans.extend(scopes.flat_map(|scope| scope.spans));
    }
    let answer = ExportTraceServiceResponse::default().encode_to_vec();
    HttpResponse::Ok()
        .content_type("application/x-protobuf")
        .body(answer)
}

async fn take_figures(to: web::Data<Collector>, body: web::Bytes) -> HttpResponse {
    let sent = ExportMetricsServiceRequest::decode(body).unwrap();
    let mut taken = to.lock().unwrap();
    for of_resource in sent.resource_metrics {
        let resource = of_resource.resource.unwrap();
        taken.resources.push(attributes(&resource.attributes));
        let scopes = of_resource.scope_metrics.into_iter();
        taken.figures.extend(scopes.flat_map(|scope| scope.metrics));
    }
    let answer = ExportMetricsServiceResponse::default().encode_to_vec();
    HttpResponse::Ok()
        .content_type("application/x-protobuf")
        .body(answer)
}

async fn take_lines(to: web::Data<Collector>, body: web::Bytes) -> HttpResponse {
    let sent = ExportLogsServiceRequest::decode(body).unwrap();
    let mut taken = to.lock().unwrap();
    for of_resource in sent.resource_logs {
        let resource = of_resource.resource.unwrap();
        taken.resources.push(attributes(&resource.attributes));
        let scopes = of_resource.scope_logs.into_iter();
        taken
            .lines
            .extend(scopes.flat_map(|scope| scope.log_records));
    }
    let answer = ExportLogsServiceResponse::default().encode_to_vec();
    HttpResponse::Ok()
        .content_type("application/x-protobuf")
        .body(answer)
}

fn collector() -> (String, Collector) {
    let taken = Collector::default();
    let to = web::Data::new(taken.clone());
    let server = HttpServer::new(move || {
        let app = App::new().app_data(to.clone());
        app.route("/v1/traces", web::post().to(take))
            .route("/v1/metrics", web::post().to(take_figures))
            .route("/v1/logs", web::post().to(take_lines))
    });
    let server = server
        .workers(1)
        .disable_signals()
        .bind("127.0.0.1:0")
        .unwrap();
    let url = format!("http://{}", server.addrs()[0]);
    tokio::spawn(server.run());
    (url, taken)
}

const TRACE: &str = "0af7651916cd43dd8448eb211c80319c";
const PARENT: &str = "b7ad6b7169203331";

#[tokio::test(flavor = "multi_thread")]
async fn requests_work_and_outgoing_calls_reach_the_collector() {
    let (endpoint, taken) = collector();
    let shop = sandbox(40).await;
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().to_owned();
    let token = tokio::task::spawn_blocking(move || {
        owner_of(&data);
        let args = ["token", "create", "--user", "a@example.com", "--name", "t"];
        say(&data, &args, "")
    });
    let token = token.await.unwrap().trim().to_owned();
    let mut program = royal(folder.path());
    program
        .env("PORT", "0")
        .env("SANDBOX_URL", &shop.base_url)
        .env("LOG_LEVEL", "info")
        .env("OTEL_EXPORTER_OTLP_ENDPOINT", &endpoint)
        .env("OTEL_BSP_SCHEDULE_DELAY", "100")
        .env(
            "OTEL_RESOURCE_ATTRIBUTES",
            "deployment.environment.name=test",
        )
        .stderr(std::process::Stdio::null());
    let mut child = program.spawn().unwrap();
    let url = until(|| async {
        let run = std::fs::read_to_string(folder.path().join("royal.run")).ok()?;
        Some(run.trim().to_owned()).filter(|url| !url.is_empty())
    })
    .await;
    let mut client = Client::new(&url);
    client.token = Some(token.clone());
    until(|| async {
        client
            .request(reqwest::Method::GET, "/readyz")
            .send()
            .await
            .ok()
    })
    .await;
    client.connect_sandbox().await;
    let parent = format!("00-{TRACE}-{PARENT}-01");
    let path = "/v1/connections/0190f4c2-0000-7000-8000-000000000000?secret=hunter2";
    let request = client.request(reqwest::Method::GET, path);
    let answer = request.header("traceparent", parent).send().await.unwrap();
    assert_eq!(answer.status(), 404);
    let connected = client.read("/v1/connections").await;
    let connection = connected["connections"][0]["id"].as_str().unwrap();
    queue_on_traces(&client, connection, &taken).await;
    let figures = client.request(reqwest::Method::GET, "/metrics");
    let figures = figures.header("accept", "application/openmetrics-text");
    let figures = figures.send().await.unwrap().text().await.unwrap();
    has_exemplars(&figures);
    let plain = client.get("/metrics").await.text().await.unwrap();
    assert!(
        !plain.contains("trace_id"),
        "the plain text has no exemplars"
    );
    // What is left leaves before the process ends.
    let pid = rustix::process::Pid::from_child(&child);
    rustix::process::kill_process(pid, rustix::process::Signal::TERM).unwrap();
    let ended = tokio::task::spawn_blocking(move || child.wait())
        .await
        .unwrap();
    assert!(ended.unwrap().success());

    let taken = taken.lock().unwrap();
    assert!(
        taken
            .content_types
            .iter()
            .all(|kind| kind == "application/x-protobuf")
    );
    for resource in &taken.resources {
        assert_eq!(resource["service.name"], "royal");
        assert!(resource.contains_key("service.version"));
        assert_eq!(resource["deployment.environment.name"], "test");
    }

    // The request goes on the caller's trace, under the name of its route.
    let named = |name: &str| {
        taken
            .spans
            .iter()
            .filter(|s| s.name == name)
            .collect::<Vec<_>>()
    };
    let request = named("GET /v1/connections/{id}");
    let names: std::collections::BTreeSet<_> = taken.spans.iter().map(|s| &s.name).collect();
    let request = request.first().unwrap_or_else(|| panic!("{names:?}"));
    assert_eq!(hex::encode(&request.trace_id), TRACE);
    assert_eq!(hex::encode(&request.parent_span_id), PARENT);
    assert_eq!(request.kind, 2, "server");
    let told = attributes(&request.attributes);
    for (name, value) in [
        ("http.request.method", "GET"),
        ("http.route", "/v1/connections/{id}"),
        ("http.response.status_code", "404"),
        (
            "url.path",
            "/v1/connections/0190f4c2-0000-7000-8000-000000000000",
        ),
    ] {
        assert_eq!(
            told.get(name).map(String::as_str),
            Some(value),
            "{name}: {told:?}"
        );
    }

    // A sync's calls are parts of the sync.
    let syncs = named("sync");
    assert!(!syncs.is_empty());
    let calls = taken.spans.iter().filter(|s| s.kind == 3 && !is_query(s));
    let calls: Vec<_> = calls.collect();
    let of_a_sync = calls
        .iter()
        .filter(|call| syncs.iter().any(|sync| sync.trace_id == call.trace_id));
    let of_a_sync: Vec<_> = of_a_sync.collect();
    assert!(!of_a_sync.is_empty(), "{} calls", calls.len());
    for call in of_a_sync {
        let told = attributes(&call.attributes);
        assert_eq!(told["provider"], "shopify");
        assert_eq!(told["server.address"], "127.0.0.1");
        assert_eq!(told["http.response.status_code"], "200");
        assert!(call.end_time_unix_nano > call.start_time_unix_nano);
    }
    queries_are_parts(&taken.spans, &syncs);
    work_is_linked(&taken.spans);
    figures_are_told(&taken.figures);
    lines_are_told(&taken.lines, &syncs);
    // No credential and no query is told.
    let all = format!("{:?}{:?}{:?}", taken.spans, taken.figures, taken.lines);
    for secret in [token.as_str(), "hunter2", "shpat_"] {
        assert!(!all.contains(secret), "{secret} is told");
    }
}

fn is_query(span: &Span) -> bool {
    attributes(&span.attributes).contains_key("db.system.name")
}

/// Of requests and of work; what they do, to which table and how long it took, and no text of theirs.
fn queries_are_parts(spans: &[Span], syncs: &[&Span]) {
    let queries: Vec<_> = spans.iter().filter(|s| is_query(s)).collect();
    assert!(!queries.is_empty());
    for query in &queries {
        let told = attributes(&query.attributes);
        assert_eq!((query.kind, told["db.system.name"].as_str()), (3, "sqlite"));
        assert!(
            query.name.starts_with(&told["db.operation.name"]),
            "{told:?}"
        );
        assert!(query.end_time_unix_nano > query.start_time_unix_nano);
        assert!(
            !query.parent_span_id.is_empty(),
            "part of something: {told:?}"
        );
        assert!(!format!("{told:?}").contains('$'), "no text: {told:?}");
    }
    // The request that the caller's trace goes through asked for the connection that is not there.
    let of_caller = queries.iter().filter(|q| hex::encode(&q.trace_id) == TRACE);
    assert!(of_caller.count() > 0);
    let written = queries.iter().filter(|q| q.name == "INSERT orders");
    let traces = syncs.iter().map(|sync| &sync.trace_id);
    let traces: std::collections::BTreeSet<_> = traces.collect();
    let mut of_sync = written.filter(|q| traces.contains(&q.trace_id));
    assert!(of_sync.next().is_some(), "what it read is stored by it");
}

/// Trace and span of the caller of each piece of work, by the name of the work's span.
const CALLERS: [(&str, &str); 3] = [
    ("webhooks", "1af7651916cd43dd8448eb211c80319c"),
    ("change_set", "2af7651916cd43dd8448eb211c80319c"),
    ("agent_run", "3af7651916cd43dd8448eb211c80319c"),
];

/// A webhook, an approval and the start of an agent, each on a trace of its caller; returns when their work was told of.
async fn queue_on_traces(client: &Client, connection: &str, taken: &Collector) {
    let post = |path: &str, trace: &str| {
        let parent = format!("00-{trace}-{PARENT}-01");
        let request = client.request(reqwest::Method::POST, path);
        request.header("traceparent", parent)
    };
    let body = br#"{"id":1,"admin_graphql_api_id":"gid://shopify/Order/1","updated_at":"2026-01-01T00:00:00Z"}"#;
    let path = format!("/v1/webhooks/shopify/{connection}");
    let webhook = post(&path, CALLERS[0].1)
        .header("content-type", "application/json")
        .header("x-shopify-topic", "orders/updated")
        .header("x-shopify-shop-domain", "sandbox.myshopify.com")
        .header("x-shopify-hmac-sha256", signature("sandbox", body))
        .body(body.to_vec());
    assert_eq!(webhook.send().await.unwrap().status(), 202);

    let orders = client.read("/v1/orders?limit=1").await;
    let edit =
        json!({ "kind": "add_tags", "order_id": orders["orders"][0]["id"], "tags": ["traced"] });
    let set = json!({ "edits": [edit] });
    let set: Json = client
        .post("/v1/change-sets", &set)
        .await
        .json()
        .await
        .unwrap();
    let path = format!("/v1/change-sets/{}/approve", set["id"].as_str().unwrap());
    let approve = post(&path, CALLERS[1].1).json(&json!({ "digest": set["digest"] }));
    assert_eq!(approve.send().await.unwrap().status(), 200);

    let start = post("/v1/agents/pricing_optimizer/run", CALLERS[2].1).json(&json!({}));
    let started = start.send().await.unwrap();
    assert!(
        started.status().is_success(),
        "{}",
        started.text().await.unwrap()
    );

    until(|| async {
        let taken = taken.lock().unwrap();
        let is_told = |(name, _): &(&str, &str)| taken.spans.iter().any(|s| s.name == *name);
        CALLERS.iter().all(is_told).then_some(())
    })
    .await;
}

/// Work begins a trace of its own, with a link to the request that asked for it.
fn work_is_linked(spans: &[Span]) {
    let links = |name: &str, trace: &str| {
        let of = spans.iter().filter(|s| s.name == name);
        let links = of.flat_map(|s| s.links.iter().map(move |link| (s, link)));
        let found = links
            .filter(|(_, link)| hex::encode(&link.trace_id) == trace)
            .map(|(span, link)| (span, link.span_id.clone()));
        found.collect::<Vec<_>>()
    };
    for (name, trace) in CALLERS {
        let found = links(name, trace);
        let (work, cause) = found
            .first()
            .unwrap_or_else(|| panic!("{name} has no link"));
        let asked = spans.iter().find(|s| s.span_id == *cause).unwrap();
        assert_eq!(asked.kind, 2, "{name} is linked to what the server did");
        assert_eq!(hex::encode(&asked.trace_id), trace);
        assert_eq!(work.kind, 5, "consumer");
        assert_ne!(work.trace_id, asked.trace_id);
    }
    // Also without a trace of the caller's own.
    let connect = spans
        .iter()
        .find(|s| s.name == "POST /v1/connections")
        .unwrap();
    let sync = links("sync", &hex::encode(&connect.trace_id));
    assert_eq!(sync[0].1, connect.span_id);
}

/// A bucket's newest request leads to its trace.
fn has_exemplars(figures: &str) {
    let route = r#"http_request_duration_seconds_bucket{route="/v1/connections/{id}",le="#;
    let of_route = |line: &&str| line.starts_with(route) && line.contains(" # ");
    let told: Vec<_> = figures.lines().filter(of_route).collect();
    assert_eq!(told.len(), 1, "{told:?}");
    let (_, exemplar) = told[0].split_once(" # ").unwrap();
    assert!(
        exemplar.starts_with(&format!("{{trace_id=\"{TRACE}\",span_id=\"")),
        "{exemplar}"
    );
    let figures_of = exemplar.split("} ").nth(1).unwrap();
    let numbers = figures_of.split(' ').map(|n| n.parse::<f64>().unwrap());
    let numbers: Vec<_> = numbers.collect();
    assert!(numbers[0] > 0.0 && numbers[1] > 1.7e9, "{numbers:?}");
    let bound = told[0][route.len() + 1..].split('"').next().unwrap();
    assert!(bound == "+Inf" || numbers[0] <= bound.parse().unwrap());
    let calls = figures
        .lines()
        .filter(|l| l.starts_with("royal_provider_call_seconds_bucket"));
    assert!(
        calls.clone().any(|l| l.contains(" # ")),
        "calls have theirs"
    );
    assert!(figures.ends_with("# EOF\n"));
}

/// The same figures as `/metrics`, under OpenTelemetry's names.
fn figures_are_told(figures: &[Metric]) {
    let named = |name: &str| {
        let found = figures.iter().rfind(|m| m.name == name);
        found.unwrap_or_else(|| {
            let names: Vec<_> = figures.iter().map(|m| &m.name).collect();
            panic!("{name}: {names:?}")
        })
    };
    let took = named("http.server.request.duration");
    assert_eq!(took.unit, "s");
    assert!(!took.description.is_empty());
    let Some(Data::Histogram(took)) = &took.data else {
        panic!("{took:?}")
    };
    let of_route = took.data_points.iter().find(|p| {
        attributes(&p.attributes)
            .get("http.route")
            .map(String::as_str)
            == Some("/v1/connections/{id}")
    });
    let of_route = of_route.unwrap();
    assert_eq!(of_route.count, 1);
    assert_eq!(of_route.bucket_counts.iter().sum::<u64>(), 1);
    assert_eq!(of_route.explicit_bounds.len(), 9);

    let Some(Data::Sum(calls)) = &named("royal_provider_calls").data else {
        panic!("calls are a sum")
    };
    assert!(calls.is_monotonic);
    let told = attributes(&calls.data_points[0].attributes);
    assert_eq!(told["provider"], "shopify");
    assert!(matches!(&named("uptime").data, Some(Data::Gauge(_))));
}

/// What goes to stderr, on the trace that it belongs to.
fn lines_are_told(lines: &[LogRecord], syncs: &[&Span]) {
    assert!(!lines.is_empty());
    for line in lines {
        assert!(
            line.time_unix_nano > 0 && line.severity_number >= 9,
            "{line:?}"
        );
        assert!(line.body.is_some());
    }
    let of_a_sync = lines
        .iter()
        .find(|line| syncs.iter().any(|sync| sync.trace_id == line.trace_id));
    let of_a_sync = of_a_sync.unwrap_or_else(|| panic!("{lines:#?}"));
    let told = attributes(&of_a_sync.attributes);
    assert_eq!(told["work.kind"], "sync");
    assert!(!of_a_sync.span_id.is_empty());
}
