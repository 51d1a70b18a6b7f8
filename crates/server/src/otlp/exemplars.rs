//! Exemplars: of each bucket of a histogram of seconds, the newest request or call that a collector was told of, so that a panel's slow
//! point leads to its trace. Shown where OpenMetrics is asked for; the plain text has no place for them.

use crate::figures::DURATIONS;
use metrics::Key;
use opentelemetry::trace::{SpanId, TraceId};
use std::collections::HashMap;
use std::fmt::Write as _;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

/// Bounds and, at the end, infinity.
const BUCKETS: usize = DURATIONS.len() + 1;

static ALL: Mutex<Vec<Arc<Slots>>> = Mutex::new(Vec::new());

#[derive(Clone, Copy)]
struct Exemplar {
    trace: TraceId,
    span: SpanId,
    seconds: f64,
    at: SystemTime,
}

/// Of one series.
pub(super) struct Slots {
    /// As a line of each bucket begins.
    lines: Vec<String>,
    latest: Mutex<[Option<Exemplar>; BUCKETS]>,
}

impl Slots {
    pub(super) fn of(key: &Key) -> Arc<Self> {
        let labels = key.labels();
        let labels: String = labels
            .map(|label| format!("{}=\"{}\",", label.key(), label.value()))
            .collect();
        let bounds = DURATIONS.iter().map(ToString::to_string);
        let bounds = bounds.chain(["+Inf".to_owned()]);
        let line = |bound| format!("{}_bucket{{{labels}le=\"{bound}\"}}", key.name());
        let made = Arc::new(Self {
            lines: bounds.map(line).collect(),
            latest: Mutex::new([None; BUCKETS]),
        });
        let mut all = ALL.lock().unwrap_or_else(PoisonError::into_inner);
        all.push(Arc::clone(&made));
        made
    }

    /// Of what is under way.
    pub(super) fn note(&self, seconds: f64) {
        let Some((trace, span)) = crate::traces::sampled(&tracing::Span::current()) else {
            return;
        };
        let bucket = DURATIONS.iter().position(|bound| seconds <= *bound);
        let bucket = bucket.unwrap_or(DURATIONS.len());
        let mut latest = self.latest.lock().unwrap_or_else(PoisonError::into_inner);
        latest[bucket] = Some(Exemplar {
            trace,
            span,
            seconds,
            at: SystemTime::now(),
        });
    }
}

/// Puts them behind the lines of their buckets.
pub(crate) fn attached(open_metrics: &str) -> String {
    let all = ALL.lock().unwrap_or_else(PoisonError::into_inner).clone();
    let mut known = HashMap::new();
    for slots in &all {
        let latest = *slots.latest.lock().unwrap_or_else(PoisonError::into_inner);
        let told = slots.lines.iter().zip(latest);
        known.extend(told.filter_map(|(line, one)| Some((line.as_str(), one?))));
    }
    let mut out = String::with_capacity(open_metrics.len() + known.len() * 110);
    for line in open_metrics.lines() {
        out.push_str(line);
        let series = line.rsplit_once(' ').map(|(series, _)| series);
        if let Some(one) = series.and_then(|series| known.get(series)) {
            let since = one.at.duration_since(SystemTime::UNIX_EPOCH);
            let at = since.unwrap_or_default().as_millis();
            let (trace, span, seconds) = (one.trace, one.span, one.seconds);
            // Writing to a text never fails.
            let _ = write!(
                out,
                " # {{trace_id=\"{trace}\",span_id=\"{span}\"}} {seconds} {}.{:03}",
                at / 1_000,
                at % 1_000
            );
        }
        out.push('\n');
    }
    out
}
