//! Conversations with the assistant: what was said, which questions wait for an answer, and the frames of answers.

use crate::{Page, PageRequest, PortResult};
use async_trait::async_trait;
use chrono::{DateTime, NaiveDate, Utc};
use domain::assistant::session::{Conversation, Frame, Message, Piece, Turn};
use domain::assistant::spend::Spend;
use domain::ids::{AssistantMessageId, AssistantSessionId, UserId, WorkspaceId};

/// How a turn stands for whoever works on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hold {
    Held,
    /// It is held, and its answer is not wanted any more.
    Cancelled,
    /// Somebody else has it, or it has ended.
    Lost,
}

#[async_trait]
pub trait Conversations: Send + Sync {
    async fn open_session(&self, session: &Conversation) -> PortResult<()>;
    async fn session(
        &self,
        workspace: WorkspaceId,
        id: AssistantSessionId,
    ) -> PortResult<Option<Conversation>>;
    /// The one that was begun last first; of one user when given. With a text, those in whose title or messages it stands, without regard to the
    /// case of ASCII letters.
    async fn sessions(
        &self,
        workspace: WorkspaceId,
        user: Option<UserId>,
        text: Option<&str>,
        page: &PageRequest,
    ) -> PortResult<Page<Conversation>>;
    /// `NotFound` when there is no such session.
    async fn name_session(
        &self,
        workspace: WorkspaceId,
        id: AssistantSessionId,
        title: &str,
    ) -> PortResult<()>;
    /// With all that was said in it; one that is not there is gone, too.
    async fn forget_session(
        &self,
        workspace: WorkspaceId,
        id: AssistantSessionId,
    ) -> PortResult<()>;
    /// Adds a message; a person's one waits for its answer from then on. A session without a title gets this one. `NotFound` when there is no
    /// such session.
    async fn say(&self, workspace: WorkspaceId, message: &Message, title: &str) -> PortResult<()>;
    /// In the order in which they were said.
    async fn messages(
        &self,
        workspace: WorkspaceId,
        session: AssistantSessionId,
        page: &PageRequest,
    ) -> PortResult<Page<Message>>;
    /// The question that waits the longest, as one attempt more; until `held_until` nobody else gets it. Of many at once one does. Of one session a
    /// later question waits until the earlier ones are answered.
    async fn claim_turn(
        &self,
        now: DateTime<Utc>,
        held_until: DateTime<Utc>,
    ) -> PortResult<Option<Turn>>;
    /// Adds frames to the session of a turn. `false` when somebody else took it up since, or it has ended: then nothing is added.
    async fn put_pieces(&self, turn: &Turn, pieces: &[Piece]) -> PortResult<bool>;
    /// The answer with its last frames, in one transaction: the question waits no more. `false` as with [`Self::put_pieces`].
    async fn end_turn(&self, turn: &Turn, answer: &Message, pieces: &[Piece]) -> PortResult<bool>;
    /// Frames after a number, in order; at most `limit`.
    async fn frames(
        &self,
        workspace: WorkspaceId,
        session: AssistantSessionId,
        after: i64,
        limit: u32,
    ) -> PortResult<Vec<Frame>>;
    /// The number of the last frame before the session's newest question: a listener who names none hears what answers that. 0 without any.
    async fn asked_at(
        &self,
        workspace: WorkspaceId,
        session: AssistantSessionId,
    ) -> PortResult<i64>;
    /// Holds a turn for longer, and tells how it stands; one that is not held any more stays as it is.
    async fn keep_turn(&self, turn: &Turn, held_until: DateTime<Utc>) -> PortResult<Hold>;
    /// No answer is wanted to the questions of the session that wait or are being answered; whether there were any. Those asked later wait for
    /// theirs.
    async fn cancel_turns(
        &self,
        workspace: WorkspaceId,
        session: AssistantSessionId,
    ) -> PortResult<bool>;
    /// The answer to this message may propose changes; to be told before the message is said.
    async fn allow_proposals(
        &self,
        session: AssistantSessionId,
        message: AssistantMessageId,
    ) -> PortResult<()>;
    /// Whether it was allowed.
    async fn may_propose(&self, turn: &Turn) -> PortResult<bool>;
    /// Adds to what the models of a person used on a day.
    async fn spend(
        &self,
        workspace: WorkspaceId,
        user: UserId,
        day: NaiveDate,
        more: &Spend,
    ) -> PortResult<()>;
    /// Nothing before the first.
    async fn spent(
        &self,
        workspace: WorkspaceId,
        user: UserId,
        day: NaiveDate,
    ) -> PortResult<Spend>;
    /// How many sessions and messages there are in all workspaces.
    async fn conversation_counts(&self) -> PortResult<(u64, u64)>;
}
