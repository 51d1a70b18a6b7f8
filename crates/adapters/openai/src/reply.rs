//! A reply as it comes: server-sent events over the body of the answer.

use crate::gather::{Gather, Told};
use crate::{OPERATION, PROVIDER};
use adapter_kit::{Bytes, Download};
use async_trait::async_trait;
use futures::stream::{self, BoxStream};
use futures::{Stream, StreamExt as _};
use ports::models::{Part, Reply};
use ports::{Kind, PortError, PortResult, Retry};
use sse_stream::{Error as SseError, Sse, SseStream};
use std::time::Duration;

/// A reply is a few thousand words; what is much longer is something else.
const LARGEST: usize = 8 << 20;

type Events = BoxStream<'static, Result<Sse, SseError>>;

pub(crate) struct Streamed {
    events: Events,
    gather: Gather,
    /// Between two words.
    silence: Duration,
}

fn error(kind: Kind, detail: impl Into<String>) -> PortError {
    let retry = Retry::After(Duration::from_secs(1));
    PortError::new(kind, retry, PROVIDER, OPERATION, detail)
}

fn events(bytes: impl Stream<Item = PortResult<Bytes>> + Send + 'static) -> Events {
    SseStream::from_bytes_stream(bytes.boxed()).boxed()
}

impl Streamed {
    pub(crate) fn new(body: Download, silence: Duration) -> Self {
        let bytes = stream::try_unfold(body, |mut body| async move {
            let Some(piece) = body.next().await? else {
                return Ok(None);
            };
            if body.position() > LARGEST as u64 {
                return Err(error(Kind::Corrupt, "the reply has no end"));
            }
            Ok(Some((piece, body)))
        });
        Self {
            events: events(bytes),
            gather: Gather::default(),
            silence,
        }
    }

    fn end(&mut self) -> Part {
        let (ending, calls, tokens) = self.gather.end();
        Part::End {
            ending,
            calls,
            tokens,
        }
    }

    async fn event(&mut self) -> PortResult<Option<String>> {
        let next = tokio::time::timeout(self.silence, self.events.next()).await;
        let Ok(next) = next else {
            let detail = format!(
                "the model said nothing for {} s",
                self.silence.as_secs_f64()
            );
            return Err(error(Kind::Unavailable, detail));
        };
        match next {
            None => Ok(None),
            Some(Ok(event)) => Ok(Some(event.data.unwrap_or_default())),
            Some(Err(SseError::Body(inner))) => Err(match inner.downcast::<PortError>() {
                Ok(inner) => *inner,
                Err(inner) => error(Kind::Corrupt, format!("the reply broke off: {inner}")),
            }),
            Some(Err(other)) => {
                let detail = format!("the reply is no stream of events: {other}");
                Err(error(Kind::Corrupt, detail))
            }
        }
    }
}

#[async_trait]
impl Reply for Streamed {
    async fn next(&mut self) -> PortResult<Part> {
        loop {
            let Some(data) = self.event().await? else {
                return match self.gather.has_ended() {
                    true => Ok(self.end()),
                    false => Err(error(Kind::Corrupt, "the model broke off in the middle")),
                };
            };
            match self.gather.take(&data) {
                Told::Text(text) => return Ok(Part::Text(text)),
                Told::Nothing => {}
                Told::Done => return Ok(self.end()),
                Told::Fault(said) => {
                    let detail = format!("the model broke down in the middle: {said}");
                    return Err(error(Kind::Unavailable, detail));
                }
                Told::Nonsense => {
                    let detail = "the reply holds something that is no part of one";
                    return Err(error(Kind::Corrupt, detail));
                }
            }
        }
    }
}

/// Reads a recorded reply: its text, and its last part.
///
/// # Errors
/// As [`Reply::next`].
pub async fn read_events(recorded: Vec<Bytes>) -> PortResult<(String, Part)> {
    let mut reply = Streamed {
        events: events(stream::iter(recorded.into_iter().map(Ok))),
        gather: Gather::default(),
        silence: Duration::from_secs(60),
    };
    let mut text = String::new();
    loop {
        match reply.next().await? {
            Part::Text(more) => text.push_str(&more),
            end => return Ok((text, end)),
        }
    }
}
