//! Takes up questions that wait and answers them: by a model where there is one, else by the analyst.

use super::Assistant;
use super::model::{Interrupted, Talked};
use crate::queue::one_by_one;
use domain::assistant::answer::{Answer, Outcome};
use domain::assistant::session::{Message, Piece, Role, Turn, pieces};
use domain::ids::AssistantMessageId;
use ports::PortResult;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// A question that made its worker die so often is answered with an error.
const ATTEMPTS: i64 = 3;
/// Questions that a process has models answer at once: a model takes seconds, and nobody should wait for another's.
const AT_ONCE: usize = 8;
/// Why no model answered, in the answer: so many characters.
const LONGEST_WHY: usize = 400;

/// An answer, and what of its text nobody was told yet.
struct Made {
    answer: Answer,
    error: Option<String>,
    untold: String,
}

impl Made {
    fn whole(answer: Answer, error: Option<String>) -> Self {
        Self {
            untold: answer.text.clone(),
            answer,
            error,
        }
    }
}

impl Assistant {
    /// Until cancelled. What is under way then is taken up again after its time.
    pub async fn run_worker(&self, stop: CancellationToken) {
        let at_once = match self.models.list.is_empty() {
            true => 1,
            false => AT_ONCE,
        };
        let workers = (0..at_once)
            .map(|_| one_by_one("questions", &self.queued, &stop, || self.answer_one()));
        futures::future::join_all(workers).await;
    }

    /// Answers the question that waits the longest; whether there was one.
    pub async fn answer_one(&self) -> PortResult<bool> {
        let now = self.ports.clock.now();
        let port = &self.ports.conversations;
        let Some(turn) = port.claim_turn(now, now + self.hold).await? else {
            return Ok(false);
        };
        let made = match self.made(&turn).await {
            Ok(made) => made,
            Err(Interrupted::Cancelled) => {
                let text = "This question was cancelled.";
                Made::whole(Answer::of(Outcome::NotKnown, text), None)
            }
            Err(Interrupted::Lost) => {
                tracing::info!(session = %turn.session.id, "another worker answers the question");
                return Ok(true);
            }
            Err(Interrupted::Broken(error)) => return Err(error),
        };
        let message = Message {
            id: AssistantMessageId(Uuid::new_v4()),
            session: turn.session.id,
            role: Role::Assistant,
            content: made.answer.text.clone(),
            answer: Some(made.answer.clone()),
            created_at: self.ports.clock.now(),
        };
        let deltas = pieces(&made.untold).map(|content| Piece::Delta {
            content: content.to_owned(),
        });
        let mut all: Vec<Piece> = deltas.collect();
        all.push(Piece::Answer {
            answer: made.answer,
        });
        if let Some(error) = made.error {
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

    async fn made(&self, turn: &Turn) -> Result<Made, Interrupted> {
        if self.models.list.is_empty() || turn.attempts > ATTEMPTS {
            return self.by_analyst(turn, &[]).await;
        }
        match self.talk(turn).await? {
            Talked::Told(answer, error) => Ok(Made {
                answer,
                error,
                untold: String::new(),
            }),
            Talked::Nobody(failures) => self.by_analyst(turn, &failures).await,
        }
    }

    /// What cannot be answered is an answer that says so, with the error beside it. What takes a while to look up is told by its lead first.
    async fn by_analyst(&self, turn: &Turn, failures: &[String]) -> Result<Made, Interrupted> {
        if turn.attempts > ATTEMPTS {
            let text =
                "This question could not be answered: whoever worked on it died more than once.";
            let answer = Answer::of(Outcome::NotKnown, text);
            return Ok(Made::whole(answer, Some(text.to_owned())));
        }
        let (workspace, asked) = (turn.session.workspace, &turn.question.content);
        // Whoever takes a question over does not know whether its lead was told.
        let lead = match failures.is_empty() && turn.attempts <= 1 {
            true => self.analyst.lead(workspace, asked).await.ok().flatten(),
            false => None,
        };
        let lead = lead.unwrap_or_default();
        self.tell(turn, &lead).await?;
        let mut made = match self.analyst.ask(workspace, asked).await {
            Ok(mut answer) => {
                if !failures.is_empty() {
                    let why: String = failures.join("; ").chars().take(LONGEST_WHY).collect();
                    answer.text = format!(
                        "{}\n\n(No model answered, so this is the built-in analyst's answer: {why}.)",
                        answer.text
                    );
                }
                Made::whole(answer, None)
            }
            Err(error) => {
                tracing::warn!(%error, session = %turn.session.id, "a question could not be answered");
                let text = format!("I could not look that up: {error}.");
                let answer = Answer::of(Outcome::NotKnown, text);
                Made::whole(answer, Some(error.to_string()))
            }
        };
        made.answer.text.insert_str(0, &lead);
        Ok(made)
    }
}
