//! Logs go to stderr: text for people, JSON lines for machines. Spans and lines go to a collector too, when there is one.

use crate::config::{DatabasePlace, LogFormat, Settings};
use crate::otlp;
use std::io::IsTerminal as _;
use tracing_subscriber::filter::{FilterExt as _, LevelFilter, Targets, filter_fn};
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{EnvFilter, Layer as _};

/// Crates whose spans and lines are told to a collector.
const OURS: &[&str] = &["server", "application", "adapter_kit"];

/// Once a process and outside of a runtime; what cannot be parsed becomes `info`. The answer is kept until the end.
#[must_use]
pub(crate) fn start(settings: &Settings) -> otlp::Flush {
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
    let database = match settings.database {
        DatabasePlace::Postgres(_) => "postgresql",
        DatabasePlace::Sqlite(_) => "sqlite",
    };
    let endpoint = settings.otlp_endpoint.as_deref();
    let (told, refused) = match endpoint.map(|endpoint| otlp::start(endpoint, database)) {
        Some(Ok(told)) => (Some(told), None),
        Some(Err(error)) => (None, Some(error)),
        None => (None, None),
    };
    let (spans, queries, told) = told.map_or((None, None, None), |told| {
        (Some(told.spans), Some(told.queries), Some(told.lines))
    });
    // Ours alone: libraries make spans of their own kinds, the sender's among them. Whatever the log's level is.
    let ours = Targets::new()
        .with_default(LevelFilter::OFF)
        .with_targets(OURS.iter().map(|name| (*name, LevelFilter::INFO)));
    let spans = spans.map(|tracer| {
        tracing_opentelemetry::layer()
            .with_tracer(tracer)
            .with_location(false)
            .with_threads(false)
            .with_filter(ours.clone())
    });
    let queries = queries
        .map(|queries| queries.with_filter(ours.with_target(otlp::TOLD_UNDER, LevelFilter::DEBUG)));
    // The lines of the libraries among the sender's own would be told, and told of.
    let told = told.map(|lines| {
        let filter = EnvFilter::try_new(if is_level { &quiet } else { wanted });
        let filter = filter.unwrap_or_else(|_| EnvFilter::new("info"));
        let of_us = filter_fn(|meta| {
            let target = meta.target();
            let name = target.split("::").next().unwrap_or_default();
            OURS.contains(&name) || name.starts_with("adapter") || name == "sql_kit"
        });
        lines.with_filter(filter.and(of_us))
    });
    // A second start in one process (tests) keeps the first.
    let _ = tracing_subscriber::registry()
        .with(spans)
        .with(queries)
        .with(told)
        .with(lines.with_filter(filter))
        .try_init();
    if let Some(error) = refused {
        tracing::warn!(%error, "no traces, figures and logs are sent: check OTEL_EXPORTER_OTLP_ENDPOINT");
    }
    otlp::Flush
}
