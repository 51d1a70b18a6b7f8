//! Logs go to stderr: text for people, JSON lines for machines. Spans go to a collector, when there is one.

use crate::config::{LogFormat, Settings};
use crate::traces;
use std::io::IsTerminal as _;
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{EnvFilter, Layer as _};

/// Crates whose spans are told to a collector.
const OURS: &[&str] = &["server", "application", "adapter_kit"];

/// Once a process and outside of a runtime; what cannot be parsed becomes `info`. The answer is kept until the end.
#[must_use]
pub(crate) fn start(settings: &Settings) -> traces::Flush {
    let wanted = settings.log_level.as_str();
    // A bare level is about us; whoever wants the libraries' chatter too writes a filter.
    let is_level = matches!(wanted, "error" | "warn" | "info");
    let others = if wanted == "error" { "error" } else { "warn" };
    let quiet = format!("{wanted},sqlx={others},actix_server={others}");
    let filter = EnvFilter::try_new(if is_level { &quiet } else { wanted });
    let filter = filter.unwrap_or_else(|_| EnvFilter::new("info"));
    let lines = tracing_subscriber::fmt::layer().with_writer(std::io::stderr);
    let lines = match settings.log_format {
        LogFormat::Json => lines.json().flatten_event(true).boxed(),
        LogFormat::Text => lines
            .with_ansi(std::io::stderr().is_terminal())
            .with_target(false)
            .boxed(),
    };
    let (spans, refused) = match settings.otlp_endpoint.as_deref().map(traces::tracer) {
        Some(Ok(tracer)) => (Some(tracer), None),
        Some(Err(error)) => (None, Some(error)),
        None => (None, None),
    };
    // Ours alone: libraries make spans of their own kinds, the sender's among them. Whatever the log's level is.
    let ours = Targets::new()
        .with_default(LevelFilter::OFF)
        .with_targets(OURS.iter().map(|name| (*name, LevelFilter::INFO)));
    let spans = spans.map(|tracer| {
        tracing_opentelemetry::layer()
            .with_tracer(tracer)
            .with_location(false)
            .with_threads(false)
            .with_filter(ours)
    });
    // A second start in one process (tests) keeps the first.
    let _ = tracing_subscriber::registry()
        .with(spans)
        .with(lines.with_filter(filter))
        .try_init();
    if let Some(error) = refused {
        tracing::warn!(%error, "no traces are sent: check OTEL_EXPORTER_OTLP_ENDPOINT");
    }
    traces::Flush
}
