//! Follows a source that can be read after any of its frames, until it ends: what streams over HTTP and over WebSockets share.

use crate::problem::Problem;
use crate::state::App;
use crate::streams::Place;
use bytestring::ByteString;
use domain::ids::UserId;
use ports::PortResult;
use std::time::Duration;
use tokio::sync::watch::{self, error::RecvError};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

/// A stream is never silent for longer.
const SAY_EVERY: Duration = Duration::from_secs(15);
/// For who hears of everything that this process does.
const LOOK_EVERY: Duration = Duration::from_secs(2);
/// The most that a source gives at a time.
pub(crate) const BATCH: u32 = 100;

/// What a stream tells.
pub(crate) trait Source: Send {
    /// The frames after those that were read before, [`BATCH`] of them at most; none when there is nothing new.
    fn frames(&mut self) -> impl Future<Output = PortResult<Vec<ByteString>>> + Send;
}

pub(crate) enum Next {
    Frames(Vec<ByteString>),
    /// Nothing for a while: show that the stream is there.
    Quiet,
    /// The server stops.
    Stopped,
    /// The source cannot be read.
    Broken,
}

/// What tells a stream that there may be something to read.
pub(crate) enum Call {
    /// Anything that this process hears of. Another one may have written: such a stream also looks from time to time.
    Any(watch::Receiver<u64>),
    /// Something new of its workspace.
    OfWorkspace(watch::Receiver<i64>),
}

impl Call {
    async fn heard(&mut self) -> Result<(), RecvError> {
        match self {
            Self::Any(calls) => tokio::select! {
                called = calls.changed() => called,
                () = tokio::time::sleep(LOOK_EVERY) => Ok(()),
            },
            Self::OfWorkspace(news) => news.changed().await,
        }
    }
}

pub(crate) struct Follower<S> {
    source: S,
    call: Call,
    stop: CancellationToken,
    /// There may be something to read.
    is_due: bool,
    quiet_until: Instant,
    /// Given back when the stream ends.
    _place: Place,
}

impl<S: Source> Follower<S> {
    /// In one of the places that a user has.
    pub(crate) fn new(app: &App, user: UserId, source: S, call: Call) -> Result<Self, Problem> {
        Ok(Self {
            _place: app.streams.take(user)?,
            call,
            source,
            stop: app.streams.ended(),
            is_due: true,
            quiet_until: Instant::now() + SAY_EVERY,
        })
    }

    /// Nothing is lost when it is dropped while it waits.
    pub(crate) async fn next(&mut self) -> Next {
        loop {
            if self.stop.is_cancelled() {
                return Next::Stopped;
            }
            if self.is_due {
                match self.source.frames().await {
                    Ok(frames) => {
                        self.is_due = frames.len() >= BATCH as usize;
                        if !frames.is_empty() {
                            self.quiet_until = Instant::now() + SAY_EVERY;
                            return Next::Frames(frames);
                        }
                    }
                    Err(error) => {
                        tracing::warn!(%error, "a stream could not be read and is ended");
                        return Next::Broken;
                    }
                }
            }
            tokio::select! {
                () = self.stop.cancelled() => return Next::Stopped,
                heard = self.call.heard() => match heard {
                    Ok(()) => self.is_due = true,
                    Err(_) => return Next::Broken,
                },
                () = tokio::time::sleep_until(self.quiet_until) => {
                    self.quiet_until = Instant::now() + SAY_EVERY;
                    return Next::Quiet;
                }
            }
        }
    }
}
