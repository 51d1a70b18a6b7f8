//! Follows a source that can be read after any of its frames, until it ends: what streams over HTTP and over WebSockets share.

use crate::problem::Problem;
use crate::state::App;
use crate::streams::Place;
use domain::ids::UserId;
use ports::PortResult;
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

/// A stream is never silent for longer.
const SAY_EVERY: Duration = Duration::from_secs(15);
/// Another process may have written: look from time to time even when nobody calls.
const LOOK_EVERY: Duration = Duration::from_secs(2);

/// What a stream tells.
pub(crate) trait Source: Send {
    /// The frames after those that were read before; none when there is nothing new.
    fn frames(&mut self) -> impl Future<Output = PortResult<Vec<String>>> + Send;
}

pub(crate) enum Next {
    Frames(Vec<String>),
    /// Nothing for a while: show that the stream is there.
    Quiet,
    /// The server stops.
    Stopped,
    /// The source cannot be read.
    Broken,
}

pub(crate) struct Follower<S> {
    source: S,
    wake: watch::Receiver<u64>,
    stop: CancellationToken,
    quiet_until: Instant,
    /// Given back when the stream ends.
    _place: Place,
}

impl<S: Source> Follower<S> {
    /// In one of the places that a user has.
    pub(crate) fn new(app: &App, user: UserId, source: S) -> Result<Self, Problem> {
        Ok(Self {
            _place: app.streams.take(user)?,
            wake: app.events.subscribe(),
            source,
            stop: app.streams.ended(),
            quiet_until: Instant::now() + SAY_EVERY,
        })
    }

    /// Nothing is lost when it is dropped while it waits.
    pub(crate) async fn next(&mut self) -> Next {
        loop {
            if self.stop.is_cancelled() {
                return Next::Stopped;
            }
            match self.source.frames().await {
                Ok(frames) if frames.is_empty() => {}
                Ok(frames) => {
                    self.quiet_until = Instant::now() + SAY_EVERY;
                    return Next::Frames(frames);
                }
                Err(error) => {
                    tracing::warn!(%error, "a stream could not be read and is ended");
                    return Next::Broken;
                }
            }
            tokio::select! {
                () = self.stop.cancelled() => return Next::Stopped,
                changed = self.wake.changed() => if changed.is_err() { return Next::Stopped },
                () = tokio::time::sleep_until(self.quiet_until) => {
                    self.quiet_until = Instant::now() + SAY_EVERY;
                    return Next::Quiet;
                }
                () = tokio::time::sleep(LOOK_EVERY) => {}
            }
        }
    }
}
