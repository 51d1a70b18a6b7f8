//! Server-sent events: frames of a source that can be read after any of them, pings in between, and the common end of all streams.

use crate::follow::{Call, Follower, Next, Source};
use crate::problem::{FieldError, Problem};
use crate::state::App;
use actix_web::http::header;
use actix_web::web::Bytes;
use actix_web::{HttpRequest, HttpResponse};
use bytestring::ByteString;
use domain::ids::UserId;
use std::collections::VecDeque;
use std::convert::Infallible;

/// A client waits this long before it comes back, unless told otherwise (milliseconds).
const RETRY: ByteString = ByteString::from_static("retry: 2000\n\n");
const PING: ByteString = ByteString::from_static(": ping\n\n");

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
    call: Call,
) -> Result<HttpResponse, Problem> {
    let reader = Reader {
        follower: Follower::new(app, user, source, call)?,
        frames: VecDeque::from([RETRY]),
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
    follower: Follower<S>,
    frames: VecDeque<ByteString>,
}

impl<S: Source> Reader<S> {
    async fn next(mut self) -> Option<(Result<Bytes, Infallible>, Self)> {
        loop {
            if let Some(frame) = self.frames.pop_front() {
                return Some((Ok(frame.into_bytes()), self));
            }
            match self.follower.next().await {
                Next::Frames(frames) => self.frames = frames.into(),
                Next::Quiet => self.frames.push_back(PING),
                Next::Stopped | Next::Broken => return None,
            }
        }
    }
}
