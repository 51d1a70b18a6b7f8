//! Letters that are owed. Nothing secret stands in them.

use crate::PortResult;
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::ids::LetterId;
use domain::letter::OwedLetter;

#[async_trait]
pub trait LetterStore: Send + Sync {
    /// Nobody else takes it up before `due`.
    async fn owe_letter(&self, letter: &OwedLetter, due: DateTime<Utc>) -> PortResult<()>;
    /// The one that is due the longest, as one attempt more; until `held_until` nobody else gets it. Of many at once one does.
    async fn claim_letter(
        &self,
        now: DateTime<Utc>,
        held_until: DateTime<Utc>,
    ) -> PortResult<Option<OwedLetter>>;
    /// `false` when somebody else took it up since, or it is done.
    async fn put_letter_off(&self, letter: &OwedLetter, due: DateTime<Utc>) -> PortResult<bool>;
    /// It is owed no more. One that is not there is done, too.
    async fn letter_done(&self, id: LetterId) -> PortResult<()>;
}
