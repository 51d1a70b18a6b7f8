//! Outgoing HTTP for the adapters of providers: time limits, rate limits that understand cost buckets, retries with a budget, a
//! bulkhead, a circuit breaker, streamed downloads, spans and metrics.
//!
//! Knows no provider: an adapter says what an answer means ([`Verdict`]), what a call does ([`Effect`]) and what it costs. The
//! pure parts ([`breaker`], [`bucket`], [`retry`]) know neither clock nor chance.
//!
//! ```no_run
//! use adapter_kit::{Effect, HttpClient, Method, Registry, Request, Settings, StartAt, Url, header::HeaderName};
//!
//! # async fn example(token: secrecy::SecretString, base: Url) -> ports::PortResult<()> {
//! let registry = Registry::new(Settings::default()); // one a process, shared by all clients
//! let shop = HttpClient::builder("shopify", "demo.myshopify.com", base, &registry)
//!     .secret_header(HeaderName::from_static("x-shopify-access-token"), &token)
//!     .classify(|answer| adapter_kit::default_verdict(answer))
//!     .build()?;
//! let query = serde_json::json!({ "query": "{ shop { name } }" });
//! let request = Request::new("shop.read", Method::POST, "graphql.json", Effect::Read).json(&query).cost(1.0);
//! let answer = shop.send(&request).await?;
//! let body: serde_json::Value = answer.json()?;
//!
//! // A file store fails apart from the API, so it has an account key of its own.
//! # let url: Url = base_of(&body);
//! let files = HttpClient::builder("shopify", "demo.myshopify.com/files", url.clone(), &registry).build()?;
//! let mut lines = files.download(Request::get_url("bulk.read", url), StartAt::default()).await?.lines();
//! while let Some(line) = lines.next().await? { /* … */ }
//! # Ok(()) }
//! # fn base_of(_: &serde_json::Value) -> Url { panic!("hidden") }
//! ```

mod attempt;
pub mod breaker;
pub mod bucket;
mod builder;
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
pub mod mac;
mod range;
pub mod reach;
mod registry;
mod request;
mod response;
pub mod retry;
pub mod settings;
mod snapshot;
mod stream;
pub mod telemetry;
mod together;
mod verdict;

pub use bucket::ThrottleStatus;
pub use builder::Builder;
pub use client::HttpClient;
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
