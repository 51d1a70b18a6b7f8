//! Figures for monitoring: the Prometheus registry of this process, and the few sums that the JSON form shows.

use crate::otlp::figures::Both;
use metrics::{Counter, Histogram};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{OnceLock, PoisonError, RwLock};
use std::time::Duration;

/// Seconds; from a cached page to a slow report.
pub(crate) const DURATIONS: [f64; 9] = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0];

const METHODS: [&str; 7] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

static REGISTRY: OnceLock<Option<PrometheusHandle>> = OnceLock::new();

/// Method, row of the table, status.
type Series = (&'static str, &'static str, u16);

#[derive(Default)]
pub(crate) struct Figures {
    requests: AtomicU64,
    errors: AtomicU64,
    /// Finding one by its name and labels costs more than counting.
    found: RwLock<HashMap<Series, (Counter, Histogram)>>,
}

/// One registry a process; `None` when another one was installed first.
fn registry() -> Option<&'static PrometheusHandle> {
    let installed = REGISTRY.get_or_init(|| {
        let builder = PrometheusBuilder::new()
            .set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), &DURATIONS)
            .ok()?;
        let recorder = builder.build_recorder();
        let handle = recorder.handle();
        match crate::otlp::meter() {
            Some(meter) => metrics::set_global_recorder(Both::new(recorder, meter)).ok()?,
            None => metrics::set_global_recorder(recorder).ok()?,
        }
        describe();
        Some(handle)
    });
    installed.as_ref()
}

fn describe() {
    metrics::describe_counter!(
        "http_requests_total",
        "Answered requests by method, route and status"
    );
    metrics::describe_histogram!(
        "http_request_duration_seconds",
        metrics::Unit::Seconds,
        "Time to answer by route"
    );
    crate::gauges::describe();
    metrics::describe_gauge!("sse_streams", "Open live streams, WebSockets among them");
    metrics::describe_gauge!(
        "uptime_seconds",
        metrics::Unit::Seconds,
        "Since the start of the process"
    );
}

impl Figures {
    /// Begins to record.
    pub(crate) fn new() -> Self {
        registry();
        Self::default()
    }

    /// `route` is a row of the table of routes.
    pub(crate) fn answered(&self, method: &str, route: &'static str, status: u16, took: Duration) {
        // HTTP takes any word for a method; each would be a series for ever.
        let method = METHODS.iter().find(|known| **known == method);
        let series = (*method.unwrap_or(&"_OTHER"), route, status);
        self.requests.fetch_add(1, Ordering::Relaxed);
        if status >= 500 {
            self.errors.fetch_add(1, Ordering::Relaxed);
        }
        let tell = |(counter, histogram): &(Counter, Histogram)| {
            counter.increment(1);
            histogram.record(took.as_secs_f64());
        };
        let found = self.found.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(found) = found.get(&series) {
            return tell(found);
        }
        drop(found);
        let mut found = self.found.write().unwrap_or_else(PoisonError::into_inner);
        tell(found.entry(series).or_insert_with(|| {
            let (method, route, status) = series;
            (
                metrics::counter!(
                    "http_requests_total", "method" => method, "route" => route, "status" => status.to_string()
                ),
                metrics::histogram!("http_request_duration_seconds", "route" => route),
            )
        }));
    }

    pub(crate) fn requests(&self) -> u64 {
        self.requests.load(Ordering::Relaxed)
    }

    pub(crate) fn errors(&self) -> u64 {
        self.errors.load(Ordering::Relaxed)
    }

    pub(crate) fn render(&self) -> String {
        registry().map(PrometheusHandle::render).unwrap_or_default()
    }

    /// Moves old samples out of memory; to be called from time to time.
    pub(crate) fn upkeep(&self, uptime: Duration) {
        metrics::gauge!("uptime_seconds").set(uptime.as_secs_f64());
        if let Some(registry) = registry() {
            registry.run_upkeep();
        }
    }
}
