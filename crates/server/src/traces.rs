//! Traces by OTLP (HTTP with protobuf): a span for each request, each outgoing call and each piece of work, sent in batches to the collector
//! that `OTEL_EXPORTER_OTLP_ENDPOINT` names. Without one nothing is made. A collector that is away costs its spans and nothing else.
//!
//! Names follow OpenTelemetry's semantic conventions for HTTP. The rest of what begins with `OTEL_` (service name, resource attributes, headers,
//! sampler, batches) is read from the environment by the SDK as its specification says.

use actix_web::http::header::HeaderMap;
use opentelemetry::propagation::{Extractor, TextMapPropagator as _};
use opentelemetry::trace::{Status, TraceContextExt as _, TracerProvider as _};
use opentelemetry::{KeyValue, trace::TraceId};
use opentelemetry_otlp::{ExporterBuildError, Protocol, SpanExporter, WithExportConfig as _};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::propagation::TraceContextPropagator;
use opentelemetry_sdk::trace::{SdkTracer, SdkTracerProvider};
use std::sync::OnceLock;
use std::time::Duration;
use tracing::Span;
use tracing_opentelemetry::OpenTelemetrySpanExt as _;

/// Of one batch; what is not taken by then is dropped.
const PATIENCE: Duration = Duration::from_secs(5);

static PROVIDER: OnceLock<SdkTracerProvider> = OnceLock::new();

/// Sends what is left when it is dropped, which must be outside of a runtime.
pub(crate) struct Flush;

impl Drop for Flush {
    fn drop(&mut self) {
        if let Some(provider) = PROVIDER.get()
            && let Err(error) = provider.shutdown_with_timeout(PATIENCE)
        {
            tracing::debug!(%error, "the last spans were not taken");
        }
    }
}

/// Once a process, and outside of a runtime: the sender has a thread of its own.
pub(crate) fn tracer(endpoint: &str) -> Result<SdkTracer, ExporterBuildError> {
    let exporter = SpanExporter::builder()
        .with_http()
        .with_protocol(Protocol::HttpBinary)
        .with_endpoint(format!("{endpoint}/v1/traces"))
        .with_timeout(PATIENCE)
        .build()?;
    let mut resource = Resource::builder();
    if std::env::var_os("OTEL_SERVICE_NAME").is_none() {
        resource = resource.with_service_name("royal");
    }
    let resource = resource
        .with_attribute(KeyValue::new("service.version", crate::VERSION))
        .build();
    let provider = SdkTracerProvider::builder()
        .with_batch_exporter(exporter)
        .with_resource(resource)
        .build();
    let tracer = provider.tracer("royal");
    let _ = PROVIDER.set(provider);
    Ok(tracer)
}

fn are_made() -> bool {
    PROVIDER.get().is_some()
}

struct Headers<'a>(&'a HeaderMap);

impl Extractor for Headers<'_> {
    fn get(&self, key: &str) -> Option<&str> {
        self.0.get(key).and_then(|value| value.to_str().ok())
    }

    fn keys(&self) -> Vec<&str> {
        self.0.keys().map(|name| name.as_str()).collect()
    }
}

/// The span of a request, which goes on the caller's trace when it names one (`traceparent`).
pub(crate) fn request(id: &str, method: &str, path: &str, headers: &HeaderMap) -> Span {
    if !are_made() {
        return tracing::info_span!("request", id);
    }
    let span = tracing::info_span!(
        "request",
        id,
        trace_id = tracing::field::Empty,
        otel.name = method,
        otel.kind = "server"
    );
    let parent = TraceContextPropagator::new().extract(&Headers(headers));
    if parent.span().span_context().is_valid() {
        let _ = span.set_parent(parent);
    }
    span.set_attribute("http.request.method", method.to_owned());
    span.set_attribute("url.path", path.to_owned());
    span.set_attribute("royal.request.id", id.to_owned());
    let trace = span.context().span().span_context().trace_id();
    if trace != TraceId::INVALID {
        span.record("trace_id", tracing::field::display(trace));
    }
    span
}

/// How it was answered. A failure is what we did wrong, not what the caller did.
pub(crate) fn answered(span: &Span, method: &str, route: &str, status: u16) {
    if !are_made() {
        return;
    }
    // It has begun under another name: the route was not known.
    span.context()
        .span()
        .update_name(format!("{method} {route}"));
    span.set_attribute("http.route", route.to_owned());
    span.set_attribute("http.response.status_code", i64::from(status));
    if status >= 500 {
        span.set_status(Status::error(""));
    }
}
