//! Spans of queries, as parts of the request or the work that they were made for. The driver tells of each query when it is over what it was
//! and how long it took (`sqlx::query`); neither its text nor its values are told on: what it does and to which table, and how many rows came.
//!
//! They have a sender of their own, because a large sync asks more than a queue of spans takes: what is dropped then is theirs.

use opentelemetry::trace::{SpanBuilder, SpanKind, TraceContextExt as _, Tracer as _};
use opentelemetry::{Context as OtelContext, KeyValue};
use opentelemetry_sdk::trace::SdkTracer;
use std::fmt;
use std::time::{Duration, SystemTime};
use tracing::dispatcher::get_default;
use tracing::field::{Field, Visit};
use tracing::{Event, Subscriber};
use tracing_opentelemetry::get_otel_context;
use tracing_subscriber::Layer;
use tracing_subscriber::layer::Context;
use tracing_subscriber::registry::LookupSpan;

/// What the driver tells of queries under.
pub(crate) const TOLD_UNDER: &str = "sqlx::query";

pub(crate) struct Queries {
    tracer: SdkTracer,
    /// `db.system.name`.
    system: &'static str,
}

impl Queries {
    pub(crate) const fn new(tracer: SdkTracer, system: &'static str) -> Self {
        Self { tracer, system }
    }
}

#[derive(Debug, Default)]
struct Told {
    /// The whole text where it has no more than four words.
    summary: String,
    text: String,
    rows: u64,
    seconds: f64,
}

impl Visit for Told {
    fn record_str(&mut self, field: &Field, value: &str) {
        match field.name() {
            "summary" => value.clone_into(&mut self.summary),
            "db.statement" => value.clone_into(&mut self.text),
            _ => {}
        }
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        if field.name() == "rows_returned" {
            self.rows = value;
        }
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        if field.name() == "elapsed_secs" {
            self.seconds = value;
        }
    }

    fn record_debug(&mut self, _: &Field, _: &dyn fmt::Debug) {}
}

impl<S> Layer<S> for Queries
where
    S: Subscriber + for<'a> LookupSpan<'a>,
{
    fn on_event(&self, event: &Event<'_>, ctx: Context<'_, S>) {
        if event.metadata().target() != TOLD_UNDER {
            return;
        }
        // What belongs to nothing is housekeeping.
        let Some(within) = ctx.event_span(event).map(|span| span.id()) else {
            return;
        };
        // The one of the process: a layer that may be left out is not told of it.
        let parent = get_default(|around| get_otel_context(&within, around));
        let Some(parent) = parent.map(|cx| cx.span().span_context().clone()) else {
            return;
        };
        if !parent.is_valid() || !parent.is_sampled() {
            return;
        }
        let mut told = Told::default();
        event.record(&mut told);
        let text = if told.text.is_empty() {
            &told.summary
        } else {
            &told.text
        };
        let (operation, table) = what_it_does(text);
        let summary =
            table.map_or_else(|| operation.clone(), |table| format!("{operation} {table}"));
        let mut attributes = vec![
            KeyValue::new("db.system.name", self.system),
            KeyValue::new("db.operation.name", operation),
            KeyValue::new("db.query.summary", summary.clone()),
        ];
        attributes.extend(table.map(|table| KeyValue::new("db.collection.name", table.to_owned())));
        if let Ok(rows) = i64::try_from(told.rows) {
            attributes.push(KeyValue::new("db.response.returned_rows", rows));
        }
        let now = SystemTime::now();
        let took = Duration::try_from_secs_f64(told.seconds).unwrap_or_default();
        let span = SpanBuilder::from_name(summary)
            .with_kind(SpanKind::Client)
            .with_start_time(now.checked_sub(took).unwrap_or(now))
            .with_attributes(attributes);
        let cx = OtelContext::new().with_remote_span_context(parent);
        let mut span = self.tracer.build_with_context(span, &cx);
        opentelemetry::trace::Span::end_with_timestamp(&mut span, now);
    }
}

/// `SELECT`, and the first table that it names.
fn what_it_does(text: &str) -> (String, Option<&str>) {
    let mut words = text.split_whitespace();
    let operation = words.next().unwrap_or("query").to_ascii_uppercase();
    let before = match operation.as_str() {
        "SELECT" | "DELETE" | "WITH" => "FROM",
        "INSERT" | "REPLACE" => "INTO",
        "UPDATE" => return (operation, words.next().and_then(name)),
        _ => return (operation, None),
    };
    let table = words
        .skip_while(|word| !word.eq_ignore_ascii_case(before))
        .nth(1);
    (operation, table.and_then(name))
}

/// Of a table; what begins with a bracket is a query of its own.
fn name(word: &str) -> Option<&str> {
    let end = word.find(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    Some(&word[..end.unwrap_or(word.len())]).filter(|name| !name.is_empty())
}

#[cfg(test)]
mod tests {
    use super::what_it_does;

    #[test]
    fn queries_are_told_by_what_they_do_and_to_which_table() {
        for (text, operation, table) in [
            (
                "SELECT a, b FROM orders WHERE id = $1",
                "SELECT",
                Some("orders"),
            ),
            (
                "\n\nselect count(*)\nfrom events;\n",
                "SELECT",
                Some("events"),
            ),
            (
                "INSERT INTO lines(a, b) VALUES (1, 2)",
                "INSERT",
                Some("lines"),
            ),
            ("UPDATE jobs SET a = 1", "UPDATE", Some("jobs")),
            ("DELETE FROM spool", "DELETE", Some("spool")),
            ("SELECT x FROM (SELECT 1) y", "SELECT", None),
            ("WITH a AS (SELECT 1 FROM t) SELECT 2", "WITH", Some("t")),
            ("COMMIT", "COMMIT", None),
            ("PRAGMA optimize", "PRAGMA", None),
            ("", "QUERY", None),
        ] {
            assert_eq!(what_it_does(text), (operation.to_owned(), table), "{text}");
        }
    }
}
