//! Conversations with the assistant.

use super::database::{ConversationRow, FakeDatabase, State, refuse};
use super::paging;
use async_trait::async_trait;
use chrono::{DateTime, NaiveDate, Utc};
use domain::assistant::session::{Conversation, Frame, Message, Piece, Role, Turn};
use domain::assistant::spend::Spend;
use domain::ids::{AssistantMessageId, AssistantSessionId, UserId, WorkspaceId};
use ports::conversations::{Conversations, Hold};
use ports::{Kind, Page, PageRequest, PortError, PortResult};
use std::cmp::Reverse;

fn none(operation: &'static str) -> PortError {
    refuse(Kind::NotFound, operation, "there is no such session")
}

fn find(
    state: &mut State,
    workspace: WorkspaceId,
    id: AssistantSessionId,
) -> Option<&mut ConversationRow> {
    let found = state.conversations.get_mut(&id);
    found.filter(|c| c.session.workspace == workspace)
}

/// The conversation of a turn, while it is still whose it was.
fn held<'s>(state: &'s mut State, turn: &Turn) -> Option<&'s mut ConversationRow> {
    let found = state.conversations.get_mut(&turn.session.id)?;
    let holds = found.messages.iter().any(|(message, due, attempts)| {
        message.id == turn.question.id && due.is_some() && *attempts == turn.attempts
    });
    holds.then_some(found)
}

#[async_trait]
impl Conversations for FakeDatabase {
    async fn open_session(&self, session: &Conversation) -> PortResult<()> {
        let opened = ConversationRow {
            session: Conversation {
                messages: 0,
                ..session.clone()
            },
            messages: Vec::new(),
            pieces: Vec::new(),
            asked_at: 0,
            cancelled: Vec::new(),
        };
        self.lock().conversations.insert(session.id, opened);
        Ok(())
    }

    async fn session(
        &self,
        workspace: WorkspaceId,
        id: AssistantSessionId,
    ) -> PortResult<Option<Conversation>> {
        let mut state = self.lock();
        Ok(find(&mut state, workspace, id).map(|c| c.session.clone()))
    }

    async fn sessions(
        &self,
        workspace: WorkspaceId,
        user: Option<UserId>,
        text: Option<&str>,
        page: &PageRequest,
    ) -> PortResult<Page<Conversation>> {
        let state = self.lock();
        let needle = text.map(str::to_ascii_lowercase);
        let has = |place: &str| {
            let needle = needle.as_deref();
            needle.is_none_or(|needle| place.to_ascii_lowercase().contains(needle))
        };
        let is_found = |c: &&ConversationRow| {
            let title = c.session.title.as_deref();
            needle.is_none()
                || title.is_some_and(has)
                || c.messages.iter().any(|m| has(&m.0.content))
        };
        let found = state.conversations.values().filter(is_found);
        let rows = found
            .map(|c| &c.session)
            .filter(|s| s.workspace == workspace && user.is_none_or(|user| user == s.user))
            .map(|s| ((Reverse(s.created_at), s.id), s.clone()))
            .collect();
        let list = format!("{workspace}{user:?}{text:?}");
        paging::page(&list, "assistant.sessions", rows, page)
    }

    async fn name_session(
        &self,
        workspace: WorkspaceId,
        id: AssistantSessionId,
        title: &str,
    ) -> PortResult<()> {
        let mut state = self.lock();
        let found = find(&mut state, workspace, id).ok_or_else(|| none("assistant.name"))?;
        found.session.title = Some(title.to_owned());
        Ok(())
    }

    async fn forget_session(
        &self,
        workspace: WorkspaceId,
        id: AssistantSessionId,
    ) -> PortResult<()> {
        let mut state = self.lock();
        if find(&mut state, workspace, id).is_some() {
            state.conversations.remove(&id);
            state.wishes.retain(|(session, _)| *session != id);
        }
        Ok(())
    }

    async fn say(&self, workspace: WorkspaceId, message: &Message, title: &str) -> PortResult<()> {
        let mut state = self.lock();
        let found = find(&mut state, workspace, message.session);
        let found = found.ok_or_else(|| none("assistant.say"))?;
        found.session.messages += 1;
        found.session.updated_at = message.created_at;
        found.session.title.get_or_insert_with(|| title.to_owned());
        let is_question = message.role == Role::User;
        if is_question {
            found.asked_at = found.pieces.len();
        }
        let due = is_question.then_some(message.created_at);
        found.messages.push((message.clone(), due, 0));
        Ok(())
    }

    async fn messages(
        &self,
        workspace: WorkspaceId,
        session: AssistantSessionId,
        page: &PageRequest,
    ) -> PortResult<Page<Message>> {
        let mut state = self.lock();
        let found = find(&mut state, workspace, session);
        let rows = found.map_or_else(Vec::new, |c| {
            let rows = c.messages.iter().enumerate();
            rows.map(|(no, (message, ..))| (no, message.clone()))
                .collect()
        });
        let list = format!("{workspace}{session}");
        paging::page(&list, "assistant.messages", rows, page)
    }

    async fn claim_turn(
        &self,
        now: DateTime<Utc>,
        held_until: DateTime<Utc>,
    ) -> PortResult<Option<Turn>> {
        let mut state = self.lock();
        let first = state.conversations.values_mut().filter_map(|c| {
            let waiting = c.messages.iter_mut().find(|(_, due, _)| due.is_some())?;
            let due = waiting.1.filter(|due| *due <= now)?;
            Some((due, &c.session, waiting))
        });
        let Some((_, session, (question, due, attempts))) =
            first.min_by_key(|(due, _, (question, ..))| (*due, question.id))
        else {
            return Ok(None);
        };
        *attempts += 1;
        *due = Some(held_until);
        Ok(Some(Turn {
            session: session.clone(),
            question: question.clone(),
            attempts: *attempts,
        }))
    }

    async fn put_pieces(&self, turn: &Turn, pieces: &[Piece]) -> PortResult<bool> {
        let mut state = self.lock();
        let Some(found) = held(&mut state, turn) else {
            return Ok(false);
        };
        found.pieces.extend(pieces.iter().cloned());
        Ok(true)
    }

    async fn end_turn(&self, turn: &Turn, answer: &Message, pieces: &[Piece]) -> PortResult<bool> {
        let mut state = self.lock();
        let Some(found) = held(&mut state, turn) else {
            return Ok(false);
        };
        found.pieces.extend(pieces.iter().cloned());
        for (message, due, _) in &mut found.messages {
            if message.id == turn.question.id {
                *due = None;
            }
        }
        found.session.messages += 1;
        found.session.updated_at = answer.created_at;
        found.messages.push((answer.clone(), None, 0));
        Ok(true)
    }

    async fn frames(
        &self,
        workspace: WorkspaceId,
        session: AssistantSessionId,
        after: i64,
        limit: u32,
    ) -> PortResult<Vec<Frame>> {
        let mut state = self.lock();
        let Some(found) = find(&mut state, workspace, session) else {
            return Ok(Vec::new());
        };
        let frames = (1_i64..).zip(&found.pieces).map(|(no, piece)| Frame {
            no,
            piece: piece.clone(),
        });
        let after = frames.filter(|frame| frame.no > after);
        Ok(after.take(limit as usize).collect())
    }

    async fn asked_at(
        &self,
        workspace: WorkspaceId,
        session: AssistantSessionId,
    ) -> PortResult<i64> {
        let mut state = self.lock();
        let found = find(&mut state, workspace, session);
        Ok(found.map_or(0, |c| i64::try_from(c.asked_at).unwrap_or(i64::MAX)))
    }

    async fn keep_turn(&self, turn: &Turn, held_until: DateTime<Utc>) -> PortResult<Hold> {
        let mut state = self.lock();
        let Some(found) = held(&mut state, turn) else {
            return Ok(Hold::Lost);
        };
        for (message, due, _) in &mut found.messages {
            if message.id == turn.question.id {
                *due = Some(held_until);
            }
        }
        Ok(match found.cancelled.contains(&turn.question.id) {
            true => Hold::Cancelled,
            false => Hold::Held,
        })
    }

    async fn cancel_turns(
        &self,
        workspace: WorkspaceId,
        session: AssistantSessionId,
    ) -> PortResult<bool> {
        let mut state = self.lock();
        let Some(found) = find(&mut state, workspace, session) else {
            return Ok(false);
        };
        let waiting = found.messages.iter().filter(|(_, due, _)| due.is_some());
        let new: Vec<_> = waiting
            .map(|(message, ..)| message.id)
            .filter(|id| !found.cancelled.contains(id))
            .collect();
        found.cancelled.extend(&new);
        Ok(!new.is_empty())
    }

    async fn allow_proposals(
        &self,
        session: AssistantSessionId,
        message: AssistantMessageId,
    ) -> PortResult<()> {
        self.lock().wishes.insert((session, message));
        Ok(())
    }

    async fn may_propose(&self, turn: &Turn) -> PortResult<bool> {
        let wish = (turn.session.id, turn.question.id);
        Ok(self.lock().wishes.contains(&wish))
    }

    async fn spend(
        &self,
        workspace: WorkspaceId,
        user: UserId,
        day: NaiveDate,
        more: &Spend,
    ) -> PortResult<()> {
        let mut state = self.lock();
        let spent = state.spent.entry((workspace, user, day)).or_default();
        *spent = spent.and(*more);
        Ok(())
    }

    async fn spent(
        &self,
        workspace: WorkspaceId,
        user: UserId,
        day: NaiveDate,
    ) -> PortResult<Spend> {
        let state = self.lock();
        let spent = state.spent.get(&(workspace, user, day));
        Ok(spent.copied().unwrap_or_default())
    }

    async fn conversation_counts(&self) -> PortResult<(u64, u64)> {
        let state = self.lock();
        let messages = state
            .conversations
            .values()
            .map(|c| c.messages.len() as u64);
        Ok((state.conversations.len() as u64, messages.sum()))
    }
}
