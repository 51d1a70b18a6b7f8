//! The client of one account at one provider: `retry( rate limit → bulkhead → circuit → time limit( call ) )`.
//!
//! One layer retries: this one. reqwest's own retries and redirects are off. Account keys are the provider's own names; a part of
//! a provider that lives elsewhere and fails apart (a file store, a token endpoint) gets a client with its own account key.

use std::sync::Arc;
use std::time::Duration;

use ports::{PortError, PortResult};
use reqwest::header::HeaderMap;
use tokio::time::{Instant, sleep};
use url::Url;

use crate::failed::Failed;
use crate::key::{Access, Effect};
use crate::keyed::Keyed;
use crate::registry::{Registry, lock};
use crate::request::Request;
use crate::response::Response;
use crate::retry::{Taken, Why};
use crate::settings::Limits;
use crate::telemetry;
use crate::verdict::Classify;

/// Cheap to clone; all clones are the same client.
#[derive(Clone)]
pub struct HttpClient(pub(crate) Arc<Inner>);

pub(crate) struct Inner {
    pub(crate) provider: &'static str,
    pub(crate) account: Arc<str>,
    pub(crate) base: Url,
    pub(crate) http: reqwest::Client,
    pub(crate) headers: HeaderMap,
    pub(crate) limits: Limits,
    pub(crate) classify: Classify,
    pub(crate) registry: Registry,
    pub(crate) reads: Arc<Keyed>,
    pub(crate) writes: Arc<Keyed>,
}

impl HttpClient {
    /// Sends, waiting and repeating within the step's limit.
    ///
    /// An answer that proves the provider to work comes back as it is, also a 400, 404 or 422: what it means is the adapter's
    /// to say.
    ///
    /// # Errors
    /// `Unavailable`, `Corrupt` after failures; `RateLimited` when the wait does not fit into the step; `CircuitOpen`;
    /// `Unauthorized`, `Forbidden`; `Cancelled` when the step's time was up; `Configuration`. `retry` is `Reconcile` for a write
    /// without key whose answer was lost.
    pub async fn send(&self, request: &Request) -> PortResult<Response> {
        let inner = &self.0;
        let deadline = Instant::now() + request.total.unwrap_or(inner.limits.total);
        let mut steps = Steps::new(inner, request.operation, request.effect, deadline);
        loop {
            let failed = match inner.attempt(request, steps.next_number(), deadline).await {
                Ok(response) => {
                    steps.succeeded();
                    return Ok(response);
                }
                Err(failed) => failed,
            };
            steps.wait_or_give_up(failed).await?;
        }
    }

    /// The account's credentials were replaced: its calls may leave again.
    pub fn credentials_renewed(&self) {
        self.0
            .registry
            .credentials_renewed(self.0.provider, &self.0.account);
    }

    #[must_use]
    pub fn base(&self) -> &Url {
        &self.0.base
    }

    #[must_use]
    pub fn provider(&self) -> &'static str {
        self.0.provider
    }
}

/// The retry layer: counts the tries of one step, and decides after each failure.
pub(crate) struct Steps<'a> {
    inner: &'a Inner,
    operation: &'static str,
    effect: Effect,
    deadline: Instant,
    tries: u32,
    taken: Option<Taken>,
}

impl<'a> Steps<'a> {
    pub(crate) fn new(
        inner: &'a Inner,
        operation: &'static str,
        effect: Effect,
        deadline: Instant,
    ) -> Self {
        Self {
            inner,
            operation,
            effect,
            deadline,
            tries: 0,
            taken: None,
        }
    }

    /// Number of the try that now begins, from 1.
    pub(crate) fn next_number(&mut self) -> u32 {
        self.tries += 1;
        self.tries
    }

    pub(crate) fn succeeded(&self) {
        lock(&self.inner.keyed(self.effect).budget).succeed(self.taken);
    }

    /// Returns after the wait when there is a next try.
    pub(crate) async fn wait_or_give_up(&mut self, failed: Failed) -> PortResult<()> {
        match self.plan(&failed) {
            Some(wait) => {
                sleep(wait).await;
                Ok(())
            }
            None => Err(self
                .inner
                .port_error(failed, self.operation, self.effect, self.tries)),
        }
    }

    fn plan(&mut self, failed: &Failed) -> Option<Duration> {
        let settings = &self.inner.registry.settings().retry;
        let (why, wait): (Why, Duration) =
            failed.next_try(self.effect, settings, self.tries, rand::random())?;
        if Instant::now() + wait >= self.deadline {
            return None;
        }
        let keyed = self.inner.keyed(self.effect);
        self.taken = Some(lock(&keyed.budget).take(why)?);
        keyed.count(|totals| totals.retries += 1);
        telemetry::retried(&keyed.key, self.operation);
        Some(wait)
    }
}

impl Inner {
    pub(crate) fn keyed(&self, effect: Effect) -> &Arc<Keyed> {
        match effect.access() {
            Access::Read => &self.reads,
            Access::Write => &self.writes,
        }
    }

    pub(crate) fn port_error(
        &self,
        failed: Failed,
        operation: &'static str,
        effect: Effect,
        tries: u32,
    ) -> PortError {
        failed.into_port_error(
            self.provider,
            operation,
            effect,
            &self.registry.settings().retry,
            tries,
        )
    }
}
