//! Outgoing HTTP for the adapters of providers: time limits, rate limits that understand cost buckets, retries with a budget, a
//! bulkhead, a circuit breaker, streamed downloads, spans and metrics.
//!
//! Knows no provider: an adapter says what an answer means ([`Verdict`]), what a call does ([`Effect`]) and what it costs. The
//! pure parts ([`breaker`], [`bucket`], [`retry`]) know neither clock nor chance.

mod attempt;
pub mod breaker;
pub mod bucket;
mod client;
mod conclude;
mod event;
mod exchange;
mod failed;
mod judge;
mod key;
mod keyed;
mod layers;
mod lines;
mod registry;
mod request;
mod response;
pub mod retry;
pub mod settings;
mod snapshot;
mod stream;
pub mod telemetry;
mod verdict;

pub use bucket::ThrottleStatus;
pub use client::{Builder, HttpClient};
pub use event::Event;
pub use key::{Access, Effect, Key};
pub use lines::Lines;
pub use registry::Registry;
pub use request::{Expect, Request};
pub use response::Response;
pub use settings::Settings;
pub use snapshot::{Snapshot, Totals};
pub use stream::{Download, StartAt};
pub use verdict::{
    Classify, Cost, Failure, Outcome, Verdict, default_verdict, retry_after, status_outcome,
};
// What the signatures here speak of, so that an adapter needs no HTTP library of its own.
pub use bytes::Bytes;
pub use reqwest::header;
pub use reqwest::{Method, StatusCode};
pub use url::Url;
