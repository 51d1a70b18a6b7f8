//! Conversations: sessions of people, what was said in them, and the frames of answers as they are streamed.

use super::answer::Answer;
use crate::ids::{AssistantMessageId, AssistantSessionId, UserId, WorkspaceId};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// Of a session's title, in characters.
pub const MAX_TITLE: usize = 120;
/// Of the kind of agent that a client names, in characters.
pub const MAX_AGENT_TYPE: usize = 40;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conversation {
    pub id: AssistantSessionId,
    pub workspace: WorkspaceId,
    pub user: UserId,
    /// As the client named it; `general` unless it did.
    pub agent_type: String,
    /// The beginning of the first question, until a person names it.
    pub title: Option<String>,
    pub created_at: DateTime<Utc>,
    /// Of the last message.
    pub updated_at: DateTime<Utc>,
    pub messages: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    User,
    Assistant,
}

impl Role {
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Assistant => "assistant",
        }
    }

    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        [Self::User, Self::Assistant]
            .into_iter()
            .find(|role| role.as_str() == text)
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    pub id: AssistantMessageId,
    pub session: AssistantSessionId,
    pub role: Role,
    pub content: String,
    /// Of the assistant's own answers.
    pub answer: Option<Answer>,
    pub created_at: DateTime<Utc>,
}

/// A question that waits for its answer, and who has taken it up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Turn {
    pub session: Conversation,
    pub question: Message,
    /// Grows with each take-up: whoever has an old one writes nothing.
    pub attempts: i64,
}

/// A piece of an answer on its way to whoever listens.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Piece {
    /// Text that follows the text before.
    Delta {
        content: String,
    },
    /// The whole answer with its sources.
    Answer {
        answer: Answer,
    },
    /// The answer is complete; `message` is what it is kept as.
    Done {
        message: AssistantMessageId,
    },
    Error {
        error: String,
    },
}

/// A piece with its place in the session: numbers grow by one from 1.
#[derive(Debug, Clone, PartialEq)]
pub struct Frame {
    pub no: i64,
    pub piece: Piece,
}

/// The beginning of a question, cut at a word.
#[must_use]
pub fn title_of(question: &str) -> String {
    let line = question.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= 60 {
        return line;
    }
    let cut: String = line.chars().take(59).collect();
    let whole = cut
        .rsplit_once(' ')
        .map_or(cut.as_str(), |(whole, _)| whole);
    format!("{whole}…")
}

/// A text in pieces of whole words, as it is streamed.
pub fn pieces(text: &str) -> impl Iterator<Item = &str> {
    const ABOUT: usize = 48;
    let mut rest = text;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let soon = rest
            .char_indices()
            .nth(ABOUT)
            .map_or(rest.len(), |(at, _)| at);
        let end = rest[soon..]
            .find(char::is_whitespace)
            .map_or(rest.len(), |more| soon + more + 1);
        let end = (end..=rest.len())
            .find(|at| rest.is_char_boundary(*at))
            .unwrap_or(rest.len());
        let (piece, after) = rest.split_at(end);
        rest = after;
        Some(piece)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_title_is_one_short_line() {
        assert_eq!(
            title_of("  Net profit\n yesterday? "),
            "Net profit yesterday?"
        );
        let long = title_of(&"words ".repeat(30));
        assert!(
            long.chars().count() <= 60 && long.ends_with("words…"),
            "{long}"
        );
    }

    proptest! {
        #[test]
        fn pieces_join_to_the_text(text in "\\PC{0,400}") {
            let joined: String = pieces(&text).collect();
            prop_assert_eq!(joined, text);
        }
    }
}
