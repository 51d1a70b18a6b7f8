//! A body that is too large to keep: piece by piece in constant memory, resumed where it was cut.
//!
//! A cut download goes on with `Range` and `If-Range` (RFC 9110 §13.1.5, §14) when the length is known and the server named a
//! strong validator or nothing at all changed in what it says of the file. Otherwise it ends with `Kind::Corrupt`: never with a
//! piece missing, never with a piece twice.

use std::sync::Arc;

use bytes::Bytes;
use ports::{Kind, PortError, PortResult, Retry};
use reqwest::StatusCode;
use reqwest::header::{ACCEPT_ENCODING, CONTENT_ENCODING, HeaderMap, HeaderValue, IF_RANGE, RANGE};
use tokio::time::Instant;

use crate::breaker::{Observed, Probe};
use crate::bucket::Spent;
use crate::client::{HttpClient, Inner, Steps};
use crate::exchange::{self, Broken};
use crate::failed::Failed;
use crate::judge::{self, Who};
use crate::layers::Layers;
use crate::lines::Lines;
use crate::range;
use crate::request::{Request, origin};
use crate::response::Response;
use crate::telemetry;

/// Where a download begins: at 0, or where an earlier process stopped.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StartAt {
    /// Bytes that are there already.
    pub position: u64,
    /// [`Download::validator`] of the earlier one: the file must still be the same.
    pub validator: Option<String>,
}

/// A download under way.
pub struct Download {
    inner: Arc<Inner>,
    request: Request,
    origin: String,
    position: u64,
    total: Option<u64>,
    validator: Option<String>,
    body: Option<reqwest::Response>,
    /// Resumes since the last piece arrived.
    barren: u32,
    /// The answer that was none: what the provider said instead of a body.
    refused: Option<Response>,
}

impl HttpClient {
    /// Opens an answer that is told bit by bit (server-sent events). What the provider refuses comes back whole, because its words say why;
    /// a body that breaks off is not resumed.
    ///
    /// # Errors
    /// As [`send`](Self::send).
    pub async fn open(&self, request: Request) -> PortResult<Result<Download, Response>> {
        let mut download = self.begin(request, StartAt::default());
        match (download.open().await, download.refused.take()) {
            (Ok(()), _) => Ok(Ok(download)),
            (Err(_), Some(response)) => Ok(Err(response)),
            (Err(error), None) => Err(error),
        }
    }

    /// Opens a download. There is no total time limit and no size cap; connecting, the head and each silence have theirs.
    ///
    /// # Errors
    /// As [`send`](Self::send); also every status that is not 2xx, as `Rejected` or `NotFound`.
    pub async fn download(&self, request: Request, start: StartAt) -> PortResult<Download> {
        let mut download = self.begin(request, start);
        download.open().await?;
        Ok(download)
    }

    fn begin(&self, request: Request, start: StartAt) -> Download {
        Download {
            inner: Arc::clone(&self.0),
            origin: origin(&request.url(&self.0.base)),
            request,
            position: start.position,
            total: None,
            validator: start.validator,
            body: None,
            barren: 0,
            refused: None,
        }
    }
}

impl Download {
    /// The next piece; `None` at the end of the file.
    ///
    /// # Errors
    /// `Corrupt` when it was cut and cannot be resumed, or is another file by now; else as the resuming call's.
    pub async fn next(&mut self) -> PortResult<Option<Bytes>> {
        loop {
            let Some(body) = &mut self.body else {
                return Ok(None);
            };
            let received = usize::try_from(self.position).unwrap_or(usize::MAX);
            let cut = match exchange::chunk(body, self.inner.limits.body_idle, None, received).await
            {
                Ok(Some(piece)) => {
                    self.position += piece.len() as u64;
                    self.barren = 0;
                    return Ok(Some(piece));
                }
                Ok(None) if self.total.is_none_or(|total| self.position == total) => {
                    self.body = None;
                    return Ok(None);
                }
                Ok(None) => None,
                Err(broken) => Some(broken),
            };
            self.body = None;
            self.resume(cut).await?;
        }
    }

    /// Reads on line by line.
    #[must_use]
    pub fn lines(self) -> Lines {
        let cap = self.inner.limits.max_line;
        Lines::new(self, cap)
    }

    /// Bytes received so far, those before a resumed start included.
    #[must_use]
    pub fn position(&self) -> u64 {
        self.position
    }

    /// Length of the whole file, when the server says it.
    #[must_use]
    pub fn total(&self) -> Option<u64> {
        self.total
    }

    /// What identifies this version of the file: its strong `ETag`, else its `Last-Modified`.
    #[must_use]
    pub fn validator(&self) -> Option<&str> {
        self.validator.as_deref()
    }

    pub(crate) fn corrupt(&self, what: &str) -> PortError {
        let detail = format!(
            "{} at {} {what} (after {} bytes). Start the download again.",
            self.inner.provider, self.origin, self.position
        );
        let again = Retry::After(self.inner.registry.settings().retry.base_throttle);
        PortError::new(
            Kind::Corrupt,
            again,
            self.inner.provider,
            self.request.operation,
            detail,
        )
    }

    async fn resume(&mut self, cut: Option<Broken>) -> PortResult<()> {
        self.tell_cut();
        tracing::warn!(
            provider = self.inner.provider,
            position = self.position,
            ?cut,
            "download cut"
        );
        if self.total.is_none() {
            return Err(self.corrupt("broke off a download whose length it did not say"));
        }
        self.barren += 1;
        if self.barren >= self.inner.registry.settings().retry.max_tries {
            return Err(self.corrupt("broke off a download again and again"));
        }
        self.open().await
    }

    /// The head of the answer was already counted as a success, so the cut is one outcome more.
    fn tell_cut(&self) {
        let shared = &self.inner.registry.0;
        let keyed = &self.inner.reads;
        if let Ok(permit) = keyed.acquire(shared, Probe::May) {
            permit.record(Observed {
                failure: true,
                slow: false,
            });
        }
        keyed.failed(&format!(
            "{} at {} broke off a download",
            self.inner.provider, self.origin
        ));
    }

    async fn open(&mut self) -> PortResult<()> {
        let inner = Arc::clone(&self.inner);
        let deadline = Instant::now() + self.request.total.unwrap_or(inner.limits.total);
        let mut steps = Steps::new(
            &inner,
            self.request.operation,
            self.request.effect,
            deadline,
        );
        loop {
            steps.next_number();
            match self.open_once(&inner, deadline).await {
                Ok(response) => {
                    steps.succeeded();
                    return self.accept(response);
                }
                Err(failed) => steps.wait_or_give_up(failed).await?,
            }
        }
    }

    async fn open_once(
        &mut self,
        inner: &Inner,
        deadline: Instant,
    ) -> Result<reqwest::Response, Failed> {
        let origin = self.origin.clone();
        let who = Who {
            provider: inner.provider,
            origin: &origin,
        };
        let mut wire = inner.wire(&self.request, self.request.url(&inner.base), who)?;
        self.ask_for_the_rest(wire.headers_mut());
        let layers = Layers {
            shared: &inner.registry.0,
            keyed: &inner.reads,
            writes: &inner.writes,
            who,
            deadline,
        };
        let mut pass = layers.pass(self.request.effect, self.request.cost).await?;
        pass.points.sent = true;
        inner.reads.count(|totals| totals.calls += 1);
        let started = Instant::now();
        let first_byte = self.request.first_byte.unwrap_or(inner.limits.first_byte);
        let mut head = match exchange::head(&inner.http, wire, first_byte, deadline).await {
            Ok(head) => head,
            Err(broken) => {
                return Err(inner.broke(&self.request, broken, who, pass, started.elapsed()));
            }
        };
        let elapsed = started.elapsed();
        if head.status().is_success() || head.status() == StatusCode::RANGE_NOT_SATISFIABLE {
            pass.finish(
                Spent::Unknown,
                Some(Observed {
                    failure: false,
                    slow: false,
                }),
            );
            inner.reads.succeeded();
            telemetry::tried(
                &inner.reads.key,
                self.request.operation,
                "answered",
                elapsed,
            );
            return Ok(head);
        }
        // A refusal is small and tells what is wrong; its verdict is that of any other call.
        let body = exchange::body(
            &mut head,
            inner.limits.body_idle,
            deadline,
            inner.limits.max_body,
        )
        .await;
        let response = Response {
            status: head.status(),
            headers: std::mem::take(head.headers_mut()),
            body: body.unwrap_or_default(),
            elapsed,
            provider: inner.provider,
            operation: self.request.operation,
            origin: self.origin.clone(),
        };
        let refused = inner.conclude(&self.request, response, pass, elapsed)?;
        let failed = judge::refused(&refused);
        self.refused = Some(refused);
        Err(failed)
    }

    fn ask_for_the_rest(&self, headers: &mut HeaderMap) {
        // Positions are those of the file itself, so it must not be packed on the way.
        headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
        if self.position == 0 {
            return;
        }
        if let Ok(range) = HeaderValue::from_str(&format!("bytes={}-", self.position)) {
            headers.insert(RANGE, range);
        }
        if let Some(validator) = self
            .validator
            .as_deref()
            .and_then(|v| HeaderValue::from_str(v).ok())
        {
            headers.insert(IF_RANGE, validator);
        }
    }

    fn accept(&mut self, response: reqwest::Response) -> PortResult<()> {
        let headers = response.headers();
        if headers
            .get(CONTENT_ENCODING)
            .is_some_and(|v| v != "identity")
        {
            return Err(self.corrupt("sent a packed file although it was asked not to"));
        }
        let named = range::validator(headers);
        if let (Some(before), Some(now)) = (&self.validator, &named)
            && before != now
        {
            return Err(self.corrupt("has another version of the file by now"));
        }
        let total = match response.status() {
            StatusCode::RANGE_NOT_SATISFIABLE
                if range::whole_length(headers) == Some(self.position) =>
            {
                // Everything was there already.
                self.total = Some(self.position);
                return Ok(());
            }
            StatusCode::PARTIAL_CONTENT => match range::content_range(headers) {
                Some((start, total)) if start == self.position => total,
                _ => {
                    return Err(
                        self.corrupt("sent another part of the file than the one asked for")
                    );
                }
            },
            _ if self.position > 0 => {
                return Err(
                    self.corrupt("cannot go on where the download stopped, or the file changed")
                );
            }
            _ => range::length(headers),
        };
        if self.total.is_some() && total != self.total {
            return Err(self.corrupt("has a file of another length by now"));
        }
        self.total = total;
        self.validator = named.or(self.validator.take());
        self.body = Some(response);
        Ok(())
    }
}
