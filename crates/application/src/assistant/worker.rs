//! Takes up questions that wait and answers them.

use super::Assistant;
use crate::queue::one_by_one;
use domain::assistant::answer::{Answer, Outcome};
use domain::assistant::session::{Message, Piece, Role, Turn, pieces};
use domain::ids::AssistantMessageId;
use ports::PortResult;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// A question that made its worker die so often is answered with an error.
const ATTEMPTS: i64 = 3;

impl Assistant {
    /// Until cancelled. What is under way then is taken up again after its time.
    pub async fn run_worker(&self, stop: CancellationToken) {
        one_by_one("questions", &self.queued, &stop, || self.answer_one()).await;
    }

    /// Answers the question that waits the longest; whether there was one.
    pub async fn answer_one(&self) -> PortResult<bool> {
        let now = self.ports.clock.now();
        let port = &self.ports.conversations;
        let Some(turn) = port.claim_turn(now, now + self.hold).await? else {
            return Ok(false);
        };
        let (answer, error) = self.answer_to(&turn).await;
        let message = Message {
            id: AssistantMessageId(Uuid::new_v4()),
            session: turn.session.id,
            role: Role::Assistant,
            content: answer.text.clone(),
            answer: Some(answer.clone()),
            created_at: self.ports.clock.now(),
        };
        let mut all: Vec<Piece> = pieces(&answer.text)
            .map(|content| Piece::Delta {
                content: content.to_owned(),
            })
            .collect();
        all.push(Piece::Answer { answer });
        if let Some(error) = error {
            all.push(Piece::Error { error });
        }
        all.push(Piece::Done {
            message: message.id,
        });
        if !port.end_turn(&turn, &message, &all).await? {
            tracing::info!(session = %turn.session.id, "another worker answered the question");
        }
        self.hub.wake();
        Ok(true)
    }

    /// What cannot be answered is an answer that says so, with the error beside it.
    async fn answer_to(&self, turn: &Turn) -> (Answer, Option<String>) {
        if turn.attempts > ATTEMPTS {
            let text =
                "This question could not be answered: whoever worked on it died more than once.";
            return (Answer::of(Outcome::NotKnown, text), Some(text.to_owned()));
        }
        let workspace = turn.session.workspace;
        match self.analyst.ask(workspace, &turn.question.content).await {
            Ok(answer) => (answer, None),
            Err(error) => {
                tracing::warn!(%error, session = %turn.session.id, "a question could not be answered");
                let text = format!("I could not look that up: {error}.");
                (Answer::of(Outcome::NotKnown, text), Some(error.to_string()))
            }
        }
    }
}
