//! One request on the wire and its answer, each part within its time limit. Knows nothing of circuits and retries.

use std::time::Duration;

use bytes::{Bytes, BytesMut};
use tokio::time::{Instant, timeout_at};

/// How an exchange ended without an answer.
#[derive(Debug)]
pub(crate) enum Broken {
    /// The request cannot be built.
    Invalid(reqwest::Error),
    /// No connection, or no TLS.
    Connect(reqwest::Error),
    /// No connection within the limit.
    ConnectTime,
    /// The line broke after the request may have left.
    Lost(reqwest::Error),
    /// No head within the limit.
    FirstByteTime,
    /// The body stood still for the whole limit.
    IdleTime { received: usize },
    /// The body broke off.
    Cut {
        received: usize,
        source: reqwest::Error,
    },
    /// The body is larger than the cap.
    TooLarge { cap: usize },
    /// The step's own deadline came first.
    Deadline,
}

/// Sends and waits for the answer's head.
pub(crate) async fn head(
    http: &reqwest::Client,
    request: reqwest::Request,
    first_byte: Duration,
    deadline: Instant,
) -> Result<reqwest::Response, Broken> {
    let limit = Instant::now() + first_byte;
    match timeout_at(limit.min(deadline), http.execute(request)).await {
        Ok(Ok(response)) => Ok(response),
        Ok(Err(e)) => Err(classify(e)),
        Err(_) if deadline < limit => Err(Broken::Deadline),
        Err(_) => Err(Broken::FirstByteTime),
    }
}

fn classify(e: reqwest::Error) -> Broken {
    // The URL may carry a signature in its query string.
    let e = e.without_url();
    if e.is_builder() {
        Broken::Invalid(e)
    } else if e.is_connect() && e.is_timeout() {
        Broken::ConnectTime
    } else if e.is_connect() {
        Broken::Connect(e)
    } else {
        Broken::Lost(e)
    }
}

/// The next piece of a body; `received` is what came before it.
pub(crate) async fn chunk(
    response: &mut reqwest::Response,
    idle: Duration,
    deadline: Option<Instant>,
    received: usize,
) -> Result<Option<Bytes>, Broken> {
    let limit = Instant::now() + idle;
    let until = deadline.map_or(limit, |d| d.min(limit));
    match timeout_at(until, response.chunk()).await {
        Ok(Ok(piece)) => Ok(piece),
        Ok(Err(e)) => Err(Broken::Cut {
            received,
            source: e.without_url(),
        }),
        Err(_) if until < limit => Err(Broken::Deadline),
        Err(_) => Err(Broken::IdleTime { received }),
    }
}

/// The whole body, at most `cap` bytes of it.
pub(crate) async fn body(
    response: &mut reqwest::Response,
    idle: Duration,
    deadline: Instant,
    cap: usize,
) -> Result<Bytes, Broken> {
    let mut whole = BytesMut::new();
    while let Some(piece) = chunk(response, idle, Some(deadline), whole.len()).await? {
        if whole.len() + piece.len() > cap {
            return Err(Broken::TooLarge { cap });
        }
        whole.extend_from_slice(&piece);
    }
    Ok(whole.freeze())
}
