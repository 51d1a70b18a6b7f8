//! Waiting for a model without losing the turn: meanwhile it is held on, and whoever cancelled it is heard.

use super::super::Assistant;
use chrono::Duration;
use domain::assistant::session::{Piece, Turn};
use ports::conversations::Hold;
use ports::{PortError, PortResult};
use std::pin::pin;

/// Between two looks at a turn.
const BEAT: std::time::Duration = std::time::Duration::from_secs(1);

/// Why nobody speaks any more.
#[derive(Debug)]
pub(crate) enum Interrupted {
    /// The answer is not wanted any more.
    Cancelled,
    /// Another worker has the turn.
    Lost,
    /// The turn cannot be written.
    Broken(PortError),
}

impl Assistant {
    pub(super) async fn beat(&self, turn: &Turn) -> Result<(), Interrupted> {
        let until = self.ports.clock.now() + self.hold.max(Duration::seconds(5));
        let kept = self.ports.conversations.keep_turn(turn, until).await;
        match kept.map_err(Interrupted::Broken)? {
            Hold::Held => Ok(()),
            Hold::Cancelled => Err(Interrupted::Cancelled),
            Hold::Lost => Err(Interrupted::Lost),
        }
    }

    /// The work must write nothing itself: it rests while the turn is held on.
    pub(super) async fn held<T>(
        &self,
        turn: &Turn,
        work: impl Future<Output = T> + Send,
    ) -> Result<T, Interrupted> {
        let mut work = pin!(work);
        loop {
            tokio::select! {
                done = &mut work => return Ok(done),
                () = tokio::time::sleep(BEAT) => self.beat(turn).await?,
            }
        }
    }

    /// Text for whoever listens.
    pub(in super::super) async fn tell(&self, turn: &Turn, text: &str) -> Result<(), Interrupted> {
        if text.is_empty() {
            return Ok(());
        }
        let content = text.to_owned();
        let pieces = [Piece::Delta { content }];
        let told: PortResult<bool> = self.ports.conversations.put_pieces(turn, &pieces).await;
        match told.map_err(Interrupted::Broken)? {
            true => {
                self.hub.wake();
                Ok(())
            }
            false => Err(Interrupted::Lost),
        }
    }
}
