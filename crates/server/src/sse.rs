//! Server-sent events: frames of a source that can be read after any of them, pings in between, and the common end of all streams.

use crate::problem::{FieldError, Problem};
use crate::state::App;
use crate::streams::Place;
use actix_web::http::header;
use actix_web::web::Bytes;
use actix_web::{HttpRequest, HttpResponse};
use domain::ids::UserId;
use ports::PortResult;
use std::collections::VecDeque;
use std::convert::Infallible;
use std::time::Duration;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

const PING_EVERY: Duration = Duration::from_secs(15);
/// Another process may have written: look from time to time even when nobody calls.
const LOOK_EVERY: Duration = Duration::from_secs(2);
/// A client waits this long before it comes back, unless told otherwise (milliseconds).
const RETRY: &str = "retry: 2000\n\n";

/// What a stream tells.
pub(crate) trait Source: Send {
    /// The frames after those that were read before; none when there is nothing new.
    fn frames(&mut self) -> impl Future<Output = PortResult<Vec<String>>> + Send;
}

/// After which frame a client goes on: the header `Last-Event-ID`, else what the address says.
pub(crate) fn last_seen(
    request: &HttpRequest,
    query: Option<&str>,
) -> Result<Option<i64>, Problem> {
    let wrong = || {
        Problem::invalid(vec![FieldError::new(
            "last_event_id",
            "is not the id of an event",
        )])
    };
    let header = request.headers().get("last-event-id");
    let header = header
        .map(|v| v.to_str().map_err(|_| wrong()))
        .transpose()?;
    let given = |text: &&str| !text.is_empty();
    let asked = header.filter(given).or(query.filter(given));
    asked
        .map(|text| text.parse().map_err(|_| wrong()))
        .transpose()
}

/// Streams a source to one of the places that a user has.
pub(crate) fn answer<S: Source + 'static>(
    app: &App,
    user: UserId,
    source: S,
) -> Result<HttpResponse, Problem> {
    let reader = Reader {
        _place: app.streams.take(user)?,
        wake: app.events.subscribe(),
        source,
        frames: VecDeque::from([RETRY.to_owned()]),
        stop: app.streams.ended(),
    };
    Ok(HttpResponse::Ok()
        .content_type("text/event-stream")
        .insert_header((header::CACHE_CONTROL, "no-store"))
        // Each frame leaves at once: nothing on the way may gather or pack them.
        .insert_header((header::CONTENT_ENCODING, "identity"))
        .insert_header(("x-accel-buffering", "no"))
        .streaming(futures::stream::unfold(reader, Reader::next)))
}

struct Reader<S> {
    source: S,
    wake: watch::Receiver<u64>,
    frames: VecDeque<String>,
    stop: CancellationToken,
    /// Given back when the stream ends.
    _place: Place,
}

impl<S: Source> Reader<S> {
    async fn next(mut self) -> Option<(Result<Bytes, Infallible>, Self)> {
        let mut quiet_until = tokio::time::Instant::now() + PING_EVERY;
        loop {
            if let Some(frame) = self.frames.pop_front() {
                return Some((Ok(Bytes::from(frame)), self));
            }
            if self.stop.is_cancelled() {
                return None;
            }
            match self.source.frames().await {
                Ok(frames) => self.frames.extend(frames),
                Err(error) => {
                    tracing::warn!(%error, "a stream could not be read and is ended");
                    return None;
                }
            }
            if !self.frames.is_empty() {
                continue;
            }
            tokio::select! {
                () = self.stop.cancelled() => return None,
                changed = self.wake.changed() => changed.ok()?,
                () = tokio::time::sleep_until(quiet_until) => {
                    self.frames.push_back(": ping\n\n".to_owned());
                    quiet_until += PING_EVERY;
                }
                () = tokio::time::sleep(LOOK_EVERY) => {}
            }
        }
    }
}
