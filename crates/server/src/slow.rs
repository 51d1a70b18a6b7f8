//! Bodies that trickle in: cut after a while, because a head in time says nothing about its body.

use crate::problem::Problem;
use actix_web::HttpMessage as _;
use actix_web::dev::{Payload, ServiceRequest};
use actix_web::error::PayloadError;
use actix_web::web::{Bytes, BytesMut};
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

/// Between two pieces of an upload.
const GAP: Duration = Duration::from_secs(15);
/// An upload that goes on more slowly than this, on the whole, only holds a place.
const LEAST_RATE: u64 = 4 * 1024;

/// A body of any length that keeps coming.
pub(crate) fn steady(payload: Payload) -> Payload {
    let began = Instant::now();
    let chunks = unfold(Some((payload, 0_u64)), move |state| async move {
        let (mut payload, sofar) = state?;
        let late = |what: &'static str| {
            Some((
                Err(PayloadError::Io(Error::new(ErrorKind::TimedOut, what))),
                None,
            ))
        };
        match timeout_at(Instant::now() + GAP, payload.next()).await {
            Err(_) => late("the upload stood still"),
            Ok(None) => None,
            Ok(Some(Err(error))) => Some((Err(error), None)),
            Ok(Some(Ok(chunk))) => {
                let sofar = sofar + chunk.len() as u64;
                let allowed = GAP.as_secs() * 2 + sofar / LEAST_RATE;
                if began.elapsed().as_secs() > allowed {
                    return late("the upload is too slow");
                }
                Some((Ok(chunk), Some((payload, sofar))))
            }
        }
    });
    Payload::Stream {
        payload: Box::pin(chunks),
    }
}

/// The whole body of a request, which is put back for who reads it next.
pub(crate) async fn whole(request: &mut ServiceRequest, limit: usize) -> Result<Bytes, Problem> {
    let mut payload = request.take_payload();
    let mut body = BytesMut::new();
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(|error| {
            if is_late(&error) {
                Problem::late()
            } else {
                Problem::bad_request("the body cannot be read")
            }
        })?;
        if body.len() + chunk.len() > limit {
            return Err(Problem::too_large(limit));
        }
        body.extend_from_slice(&chunk);
    }
    let body = body.freeze();
    let again = futures::stream::once(std::future::ready(Ok(body.clone())));
    request.set_payload(Payload::Stream {
        payload: Box::pin(again),
    });
    Ok(body)
}

/// Whether a body was cut for being late.
pub(crate) fn is_late(error: &PayloadError) -> bool {
    matches!(error, PayloadError::Io(cause) if cause.kind() == ErrorKind::TimedOut)
}
