//! Spans of requests, and what is told of them to work that they queue. Names follow OpenTelemetry's semantic conventions for HTTP; who is told of them is `otlp`'s affair.

use crate::otlp;
use actix_web::http::header::HeaderMap;
use opentelemetry::propagation::{Extractor, TextMapPropagator as _};
use opentelemetry::trace::{
    SpanContext, SpanId, Status, TraceContextExt as _, TraceFlags, TraceId, TraceState,
};
use opentelemetry_sdk::propagation::TraceContextPropagator;
use ports::traces::{TraceContext, Tracer};
use tracing::Span;
use tracing_opentelemetry::OpenTelemetrySpanExt as _;

struct Headers<'a>(&'a HeaderMap);

impl Extractor for Headers<'_> {
    fn get(&self, key: &str) -> Option<&str> {
        self.0.get(key).and_then(|value| value.to_str().ok())
    }

    fn keys(&self) -> Vec<&str> {
        self.0.keys().map(|name| name.as_str()).collect()
    }
}

/// Names spans to what is queued, and links work to them.
pub(crate) struct Tracing;

impl Tracer for Tracing {
    fn is_on(&self) -> bool {
        otlp::is_on()
    }

    fn current(&self) -> Option<TraceContext> {
        let (trace, span) = sampled(&Span::current())?;
        // Sampled: what is not told of cannot be followed.
        TraceContext::parse(&format!("00-{trace}-{span}-01"))
    }

    fn follows(&self, causes: &[TraceContext]) {
        let span = Span::current();
        for cause in causes.iter().filter_map(context) {
            span.add_link(cause);
        }
    }
}

fn context(named: &TraceContext) -> Option<SpanContext> {
    let mut parts = named.as_str().split('-').skip(1);
    let trace = TraceId::from_hex(parts.next()?).ok()?;
    let span = SpanId::from_hex(parts.next()?).ok()?;
    let state = TraceState::default();
    Some(SpanContext::new(
        trace,
        span,
        TraceFlags::SAMPLED,
        true,
        state,
    ))
}

/// Trace and span of one that a collector is told of.
pub(crate) fn sampled(span: &Span) -> Option<(TraceId, SpanId)> {
    if !otlp::is_on() {
        return None;
    }
    let context = span.context();
    let span = context.span();
    let told = span.span_context();
    (told.is_valid() && told.is_sampled()).then(|| (told.trace_id(), told.span_id()))
}

/// The span of a request, which goes on the caller's trace when it names one (`traceparent`).
pub(crate) fn request(id: &str, method: &str, path: &str, headers: &HeaderMap) -> Span {
    if !otlp::is_on() {
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
    if !otlp::is_on() {
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
