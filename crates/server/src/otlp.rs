//! What goes to a collector by OTLP (HTTP with protobuf): spans, figures and log lines, each in batches, to the address that
//! `OTEL_EXPORTER_OTLP_ENDPOINT` names. Without one nothing is made. A collector that is away costs what it was not told and nothing else.
//!
//! What begins with `OTEL_` (service name, resource attributes, headers, sampler, batches, interval of figures) is read from
//! the environment by the SDK as its specification says.

pub(crate) mod exemplars;
pub(crate) mod figures;
mod lines;
mod queries;

pub(crate) use lines::Lines;
pub(crate) use queries::{Queries, TOLD_UNDER};

use opentelemetry::logs::LoggerProvider as _;
use opentelemetry::metrics::{Meter, MeterProvider as _};
use opentelemetry::trace::TracerProvider as _;
use opentelemetry::{InstrumentationScope, KeyValue};
use opentelemetry_otlp::{
    ExporterBuildError, LogExporter, MetricExporter, Protocol, SpanExporter, WithExportConfig as _,
};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::logs::SdkLoggerProvider;
use opentelemetry_sdk::metrics::SdkMeterProvider;
use opentelemetry_sdk::trace::{SdkTracer, SdkTracerProvider};
use std::sync::OnceLock;
use std::time::Duration;

/// Of one batch; what is not taken by then is dropped.
const PATIENCE: Duration = Duration::from_secs(5);
const NAME: &str = "royal";

static SENDERS: OnceLock<Senders> = OnceLock::new();

struct Senders {
    spans: SdkTracerProvider,
    queries: SdkTracerProvider,
    figures: SdkMeterProvider,
    lines: SdkLoggerProvider,
}

/// Sends what is left when it is dropped, which must be outside of a runtime.
pub(crate) struct Flush;

impl Drop for Flush {
    fn drop(&mut self) {
        let Some(senders) = SENDERS.get() else {
            return;
        };
        let ended = [
            senders.spans.shutdown_with_timeout(PATIENCE),
            senders.queries.shutdown_with_timeout(PATIENCE),
            senders.figures.shutdown_with_timeout(PATIENCE),
            // Last: what is told of those before goes with it.
            senders.lines.shutdown_with_timeout(PATIENCE),
        ];
        for error in ended.into_iter().filter_map(Result::err) {
            tracing::debug!(%error, "the last of what a collector is told was not taken");
        }
    }
}

fn resource() -> Resource {
    let mut resource = Resource::builder();
    if std::env::var_os("OTEL_SERVICE_NAME").is_none() {
        resource = resource.with_service_name(NAME);
    }
    resource
        .with_attribute(KeyValue::new("service.version", crate::VERSION))
        .build()
}

fn span_exporter(endpoint: &str) -> Result<SpanExporter, ExporterBuildError> {
    SpanExporter::builder()
        .with_http()
        .with_protocol(Protocol::HttpBinary)
        .with_endpoint(format!("{endpoint}/v1/traces"))
        .with_timeout(PATIENCE)
        .build()
}

/// Who tells of what.
pub(crate) struct Told {
    pub(crate) spans: SdkTracer,
    pub(crate) queries: Queries,
    pub(crate) lines: Lines,
}

/// Once a process, and outside of a runtime: each sender has a thread of its own. `database` is what OpenTelemetry calls it.
pub(crate) fn start(endpoint: &str, database: &'static str) -> Result<Told, ExporterBuildError> {
    let (spans, queries) = (span_exporter(endpoint)?, span_exporter(endpoint)?);
    let figures = MetricExporter::builder()
        .with_http()
        .with_protocol(Protocol::HttpBinary)
        .with_endpoint(format!("{endpoint}/v1/metrics"))
        .with_timeout(PATIENCE)
        .build()?;
    let lines = LogExporter::builder()
        .with_http()
        .with_protocol(Protocol::HttpBinary)
        .with_endpoint(format!("{endpoint}/v1/logs"))
        .with_timeout(PATIENCE)
        .build()?;
    let resource = resource();
    let senders = Senders {
        spans: SdkTracerProvider::builder()
            .with_batch_exporter(spans)
            .with_resource(resource.clone())
            .build(),
        queries: SdkTracerProvider::builder()
            .with_batch_exporter(queries)
            .with_resource(resource.clone())
            .build(),
        figures: SdkMeterProvider::builder()
            .with_periodic_exporter(figures)
            .with_resource(resource.clone())
            .build(),
        lines: SdkLoggerProvider::builder()
            .with_batch_exporter(lines)
            .with_resource(resource)
            .build(),
    };
    let scope = InstrumentationScope::builder(NAME).build();
    let told = Told {
        spans: senders.spans.tracer(NAME),
        queries: Queries::new(senders.queries.tracer(NAME), database),
        lines: Lines::new(senders.lines.logger_with_scope(scope)),
    };
    let _ = SENDERS.set(senders);
    Ok(told)
}

/// Whether a collector is told anything.
pub(crate) fn is_on() -> bool {
    SENDERS.get().is_some()
}

pub(crate) fn meter() -> Option<Meter> {
    SENDERS.get().map(|senders| senders.figures.meter(NAME))
}
