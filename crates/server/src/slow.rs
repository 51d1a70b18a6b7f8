//! Bodies that trickle in: cut after a while, because a head in time says nothing about its body.

use actix_web::dev::Payload;
use actix_web::error::PayloadError;
use futures::StreamExt as _;
use futures::stream::unfold;
use std::io::{Error, ErrorKind};
use std::time::Duration;
use tokio::time::{Instant, timeout_at};

/// For the whole body.
const PATIENCE: Duration = Duration::from_secs(15);

/// The same body, with an end in time.
pub(crate) fn in_time(payload: Payload) -> Payload {
    let deadline = Instant::now() + PATIENCE;
    let chunks = unfold(Some(payload), move |payload| async move {
        let mut payload = payload?;
        match timeout_at(deadline, payload.next()).await {
            Ok(chunk) => chunk.map(|chunk| (chunk, Some(payload))),
            Err(_) => {
                let late = Error::new(ErrorKind::TimedOut, "the body did not come in time");
                Some((Err(PayloadError::Io(late)), None))
            }
        }
    });
    Payload::Stream {
        payload: Box::pin(chunks),
    }
}

/// Whether a body was cut for being late.
pub(crate) fn is_late(error: &PayloadError) -> bool {
    matches!(error, PayloadError::Io(cause) if cause.kind() == ErrorKind::TimedOut)
}
