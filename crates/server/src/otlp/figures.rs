//! The figures of `/metrics`, told to a collector too: one recorder writes both, so that neither knows what the other does not.
//!
//! Names follow OpenTelemetry: the unit stands beside the name and not in it, counters have no `_total`, and what HTTP's conventions
//! name has their name. A collector that writes Prometheus's form again comes to the names of `/metrics`, but for HTTP's own.

use super::exemplars::Slots;
use metrics::{
    Counter, CounterFn, Gauge, GaugeFn, Histogram, HistogramFn, Key, KeyName, Metadata, Recorder,
    SharedString, Unit,
};
use opentelemetry::KeyValue;
use opentelemetry::metrics::{
    Counter as ToldCounter, Gauge as ToldGauge, Histogram as ToldHistogram, Meter,
};
use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// Writes to `inner` and to a collector.
pub(crate) struct Both<R> {
    inner: R,
    meter: Meter,
    told: Mutex<HashMap<String, String>>,
    counters: Mutex<HashMap<Key, Arc<BothCounter>>>,
    gauges: Mutex<HashMap<Key, Arc<BothGauge>>>,
    histograms: Mutex<HashMap<Key, Arc<BothHistogram>>>,
}

impl<R> Both<R> {
    pub(crate) fn new(inner: R, meter: Meter) -> Self {
        Self {
            inner,
            meter,
            told: Mutex::default(),
            counters: Mutex::default(),
            gauges: Mutex::default(),
            histograms: Mutex::default(),
        }
    }

    fn describe(&self, name: &KeyName, text: &SharedString) {
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        told.insert(name.as_str().to_owned(), text.to_string());
    }

    fn description(&self, key: &Key) -> String {
        let told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        told.get(key.name()).cloned().unwrap_or_default()
    }
}

/// Name and unit as OpenTelemetry writes them.
fn named(name: &str) -> (String, &'static str) {
    if name == "http_request_duration_seconds" {
        return ("http.server.request.duration".to_owned(), "s");
    }
    let bare = name.strip_suffix("_total").unwrap_or(name);
    match bare.strip_suffix("_seconds") {
        Some(bare) => (bare.to_owned(), "s"),
        None => (bare.to_owned(), "1"),
    }
}

fn attributes(key: &Key) -> Vec<KeyValue> {
    let is_http = key.name().starts_with("http_");
    let name = |label: &str| match label {
        "route" if is_http => "http.route".to_owned(),
        "method" if is_http => "http.request.method".to_owned(),
        "status" if is_http => "http.response.status_code".to_owned(),
        other => other.to_owned(),
    };
    key.labels()
        .map(|label| KeyValue::new(name(label.key()), label.value().to_owned()))
        .collect()
}

/// One a key, so that a gauge that is moved from two places stays one.
fn kept<T>(all: &Mutex<HashMap<Key, Arc<T>>>, key: &Key, make: impl FnOnce() -> T) -> Arc<T> {
    let mut all = all.lock().unwrap_or_else(PoisonError::into_inner);
    match all.get(key) {
        Some(known) => Arc::clone(known),
        None => {
            let made = Arc::new(make());
            all.insert(key.clone(), Arc::clone(&made));
            made
        }
    }
}

struct BothCounter {
    inner: Counter,
    told: ToldCounter<u64>,
    attributes: Vec<KeyValue>,
    value: AtomicU64,
}

impl CounterFn for BothCounter {
    fn increment(&self, value: u64) {
        self.value.fetch_add(value, Ordering::Relaxed);
        self.inner.increment(value);
        self.told.add(value, &self.attributes);
    }

    fn absolute(&self, value: u64) {
        let before = self.value.fetch_max(value, Ordering::Relaxed);
        self.inner.absolute(value);
        self.told
            .add(value.saturating_sub(before), &self.attributes);
    }
}

struct BothGauge {
    inner: Gauge,
    told: ToldGauge<f64>,
    attributes: Vec<KeyValue>,
    value: Mutex<f64>,
}

impl BothGauge {
    fn change(&self, change: impl FnOnce(f64) -> f64) {
        let mut value = self.value.lock().unwrap_or_else(PoisonError::into_inner);
        *value = change(*value);
        self.inner.set(*value);
        self.told.record(*value, &self.attributes);
    }
}

impl GaugeFn for BothGauge {
    fn increment(&self, by: f64) {
        self.change(|value| value + by);
    }

    fn decrement(&self, by: f64) {
        self.change(|value| value - by);
    }

    fn set(&self, to: f64) {
        self.change(|_| to);
    }
}

struct BothHistogram {
    inner: Histogram,
    told: ToldHistogram<f64>,
    attributes: Vec<KeyValue>,
    exemplars: Arc<Slots>,
}

impl HistogramFn for BothHistogram {
    fn record(&self, value: f64) {
        self.inner.record(value);
        self.told.record(value, &self.attributes);
        self.exemplars.note(value);
    }
}

impl<R: Recorder> Recorder for Both<R> {
    fn describe_counter(&self, key: KeyName, unit: Option<Unit>, text: SharedString) {
        self.describe(&key, &text);
        self.inner.describe_counter(key, unit, text);
    }

    fn describe_gauge(&self, key: KeyName, unit: Option<Unit>, text: SharedString) {
        self.describe(&key, &text);
        self.inner.describe_gauge(key, unit, text);
    }

    fn describe_histogram(&self, key: KeyName, unit: Option<Unit>, text: SharedString) {
        self.describe(&key, &text);
        self.inner.describe_histogram(key, unit, text);
    }

    fn register_counter(&self, key: &Key, metadata: &Metadata<'_>) -> Counter {
        let (name, unit) = named(key.name());
        let made = kept(&self.counters, key, || BothCounter {
            inner: self.inner.register_counter(key, metadata),
            told: self
                .meter
                .u64_counter(name)
                .with_unit(unit)
                .with_description(self.description(key))
                .build(),
            attributes: attributes(key),
            value: AtomicU64::new(0),
        });
        Counter::from_arc(made)
    }

    fn register_gauge(&self, key: &Key, metadata: &Metadata<'_>) -> Gauge {
        let (name, unit) = named(key.name());
        let made = kept(&self.gauges, key, || BothGauge {
            inner: self.inner.register_gauge(key, metadata),
            told: self
                .meter
                .f64_gauge(name)
                .with_unit(unit)
                .with_description(self.description(key))
                .build(),
            attributes: attributes(key),
            value: Mutex::new(0.0),
        });
        Gauge::from_arc(made)
    }

    fn register_histogram(&self, key: &Key, metadata: &Metadata<'_>) -> Histogram {
        let (name, unit) = named(key.name());
        let made = kept(&self.histograms, key, || BothHistogram {
            inner: self.inner.register_histogram(key, metadata),
            told: self
                .meter
                .f64_histogram(name)
                .with_unit(unit)
                .with_description(self.description(key))
                .with_boundaries(crate::figures::DURATIONS.to_vec())
                .build(),
            attributes: attributes(key),
            exemplars: Slots::of(key),
        });
        Histogram::from_arc(made)
    }
}
