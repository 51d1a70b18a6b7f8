//! Log lines as log records: the same lines, fields and level that go to stderr, with the trace and span that they were written in.
//!
//! The fields of the spans around a line (the id of a request, what a piece of work is) come with it, as in the JSON lines. What must
//! not be told stands in no line, so that nothing is taken out here.

use opentelemetry::logs::{AnyValue, LogRecord as _, Logger as _, Severity};
use opentelemetry_sdk::logs::SdkLogger;
use std::fmt;
use std::time::SystemTime;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::Context;
use tracing_subscriber::registry::LookupSpan;

pub(crate) struct Lines {
    logger: SdkLogger,
}

impl Lines {
    pub(crate) fn new(logger: SdkLogger) -> Self {
        Self { logger }
    }
}

/// Fields in their order; `message` apart.
#[derive(Debug, Default, Clone)]
struct Fields {
    message: Option<String>,
    rest: Vec<(&'static str, AnyValue)>,
}

impl Fields {
    fn put(&mut self, field: &Field, value: AnyValue) {
        self.rest.push((field.name(), value));
    }
}

impl Visit for Fields {
    fn record_i64(&mut self, field: &Field, value: i64) {
        self.put(field, AnyValue::Int(value));
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        // The protocol has no larger number.
        let value = i64::try_from(value).unwrap_or(i64::MAX);
        self.put(field, AnyValue::Int(value));
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        self.put(field, AnyValue::Double(value));
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.put(field, AnyValue::Boolean(value));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        if field.name() == "message" {
            self.message = Some(value.to_owned());
        } else {
            self.put(field, value.to_owned().into());
        }
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        if field.name() == "message" {
            self.message = Some(format!("{value:?}"));
        } else {
            self.put(field, format!("{value:?}").into());
        }
    }
}

impl<S> Layer<S> for Lines
where
    S: Subscriber + for<'a> LookupSpan<'a>,
{
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, ctx: Context<'_, S>) {
        let mut fields = Fields::default();
        attributes.record(&mut fields);
        // Those are the span's own name and kind.
        fields.rest.retain(|(name, _)| !name.starts_with("otel."));
        if let Some(span) = ctx.span(id) {
            span.extensions_mut().insert(fields);
        }
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, ctx: Context<'_, S>) {
        if let Some(span) = ctx.span(id)
            && let Some(fields) = span.extensions_mut().get_mut::<Fields>()
        {
            values.record(fields);
        }
    }

    fn on_event(&self, event: &Event<'_>, ctx: Context<'_, S>) {
        let mut fields = Fields::default();
        event.record(&mut fields);
        let meta = event.metadata();
        let (severity, word) = severity(meta.level());
        let mut record = self.logger.create_log_record();
        let now = SystemTime::now();
        record.set_timestamp(now);
        record.set_observed_timestamp(now);
        record.set_severity_number(severity);
        record.set_severity_text(word);
        record.set_target(meta.target());
        record.set_body(fields.message.unwrap_or_default().into());
        for span in ctx.event_scope(event).into_iter().flatten() {
            if let Some(around) = span.extensions().get::<Fields>() {
                let named = around.rest.iter().cloned();
                // The trace is told by the record itself; a request's id by its own name.
                let named = named.filter(|(name, _)| *name != "trace_id");
                let prefix = span.name();
                record
                    .add_attributes(named.map(|(name, value)| (format!("{prefix}.{name}"), value)));
            }
        }
        record.add_attributes(fields.rest);
        self.logger.emit(record);
    }
}

fn severity(level: &Level) -> (Severity, &'static str) {
    match *level {
        Level::ERROR => (Severity::Error, "ERROR"),
        Level::WARN => (Severity::Warn, "WARN"),
        Level::INFO => (Severity::Info, "INFO"),
        Level::DEBUG => (Severity::Debug, "DEBUG"),
        Level::TRACE => (Severity::Trace, "TRACE"),
    }
}
