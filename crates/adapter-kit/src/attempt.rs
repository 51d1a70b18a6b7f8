//! One try of a call: through the layers, onto the wire, and its verdict told to everybody whom it concerns.

use ports::Kind;
use reqwest::header::ACCEPT;
use reqwest::header::HeaderValue;
use tokio::time::Instant;
use tracing::Instrument;

use crate::client::Inner;
use crate::exchange::{self, Broken};
use crate::failed::{Failed, Reached, Repeat};
use crate::judge::Who;
use crate::layers::Layers;
use crate::request::{Expect, Request, Target, origin};
use crate::response::Response;
use crate::telemetry;

impl Inner {
    pub(crate) async fn attempt(
        &self,
        request: &Request,
        number: u32,
        deadline: Instant,
    ) -> Result<Response, Failed> {
        let url = request.url(&self.base);
        let origin = origin(&url);
        let span = tracing::info_span!(
            "provider_call",
            provider = self.provider,
            operation = request.operation,
            otel.name = request.operation,
            otel.kind = "client",
            server.address = url.host_str().unwrap_or_default(),
            http.request.method = request.method.as_str(),
            attempt = number,
            http.response.status_code = tracing::field::Empty,
            outcome = tracing::field::Empty,
            elapsed_ms = tracing::field::Empty,
        );
        async {
            let result = self.attempt_in_span(request, url, &origin, deadline).await;
            let outcome = result
                .as_ref()
                .map_or_else(|failed| failed.outcome, |_| "answered");
            tracing::Span::current().record("outcome", outcome);
            if let Err(failed) = &result {
                tracing::warn!(outcome, "{}", failed.detail);
            }
            result
        }
        .instrument(span)
        .await
    }

    async fn attempt_in_span(
        &self,
        request: &Request,
        url: url::Url,
        origin: &str,
        deadline: Instant,
    ) -> Result<Response, Failed> {
        let who = Who {
            provider: self.provider,
            origin,
        };
        let keyed = self.keyed(request.effect);
        let wire = self.wire(request, url, who)?;
        let layers = Layers {
            shared: &self.registry.0,
            keyed,
            writes: &self.writes,
            who,
            deadline,
        };
        let passed = layers.pass(request.effect, request.cost).await;
        let mut pass = passed.inspect_err(|failed| {
            telemetry::refused(&keyed.key, request.operation, failed.outcome)
        })?;

        pass.points.sent = true;
        keyed.count(|totals| totals.calls += 1);
        let started = Instant::now();
        let exchanged = self
            .exchange(request, wire, origin, started, deadline)
            .await;
        let elapsed = started.elapsed();
        tracing::Span::current().record(
            "elapsed_ms",
            u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX),
        );
        let result = match exchanged {
            Ok(response) => {
                tracing::Span::current()
                    .record("http.response.status_code", response.status.as_u16());
                self.conclude(request, response, pass, elapsed)
            }
            Err(broken) => Err(self.broke(request, broken, who, pass, elapsed)),
        };
        let outcome = result
            .as_ref()
            .map_or_else(|failed| failed.outcome, |_| "answered");
        telemetry::tried(&keyed.key, request.operation, outcome, elapsed);
        result
    }

    pub(crate) fn wire(
        &self,
        request: &Request,
        url: url::Url,
        who: Who<'_>,
    ) -> Result<reqwest::Request, Failed> {
        if let Some(name) = &request.bad_header {
            let detail = format!(
                "{}: the credential sent as {name} holds characters that cannot be sent.",
                who.provider
            );
            return Err(Failed::new(
                Kind::Configuration,
                Reached::Not,
                Repeat::Never,
                "invalid",
                detail,
            ));
        }
        let mut wire = reqwest::Request::new(request.method.clone(), url);
        let headers = wire.headers_mut();
        if let Target::Path(_) = request.target {
            headers.extend(self.headers.clone());
        }
        if request.expect == Expect::Json {
            headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        }
        for (name, value) in &request.headers {
            headers.insert(name, value.clone());
        }
        if let Some(body) = &request.body {
            *wire.body_mut() = Some(body.clone().into());
        }
        Ok(wire)
    }

    async fn exchange(
        &self,
        request: &Request,
        wire: reqwest::Request,
        origin: &str,
        started: Instant,
        deadline: Instant,
    ) -> Result<Response, Broken> {
        let first_byte = request.first_byte.unwrap_or(self.limits.first_byte);
        let cap = request.max_body.unwrap_or(self.limits.max_body);
        let mut head = exchange::head(&self.http, wire, first_byte, deadline).await?;
        let (status, headers) = (head.status(), std::mem::take(head.headers_mut()));
        let body = exchange::body(&mut head, self.limits.body_idle, deadline, cap).await?;
        Ok(Response {
            status,
            headers,
            body,
            elapsed: started.elapsed(),
            provider: self.provider,
            operation: request.operation,
            origin: origin.to_owned(),
        })
    }
}
