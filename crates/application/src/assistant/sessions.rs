//! Sessions of people: opened, listed, spoken in, forgotten.

use super::Assistant;
use domain::assistant::question::MAX_CHARS;
use domain::assistant::session::{
    Conversation, Frame, MAX_AGENT_TYPE, MAX_TITLE, Message, Role, title_of,
};
use domain::assistant::spend::Spend;
use domain::ids::{AssistantMessageId, AssistantSessionId, UserId, WorkspaceId};
use ports::{Kind, Page, PageRequest, PortError, PortResult};
use uuid::Uuid;

/// Why something cannot be said. The first four texts are a contract with clients of the earlier system.
#[derive(Debug, thiserror::Error)]
pub enum SayError {
    #[error("Session not found")]
    Unknown,
    #[error("role must be 'user' or 'assistant'")]
    Role,
    #[error("content is required and cannot be empty")]
    Empty,
    #[error("content must be 4000 characters or less")]
    TooLong,
    #[error("agent_type must be 1 to 40 characters")]
    AgentType,
    #[error("title must be 1 to 120 characters")]
    Title,
    #[error(transparent)]
    Port(#[from] PortError),
}

impl Assistant {
    pub async fn open(
        &self,
        workspace: WorkspaceId,
        user: UserId,
        agent_type: &str,
    ) -> Result<Conversation, SayError> {
        if !(1..=MAX_AGENT_TYPE).contains(&agent_type.trim().chars().count()) {
            return Err(SayError::AgentType);
        }
        let now = self.ports.clock.now();
        let session = Conversation {
            id: AssistantSessionId(Uuid::new_v4()),
            workspace,
            user,
            agent_type: agent_type.trim().to_owned(),
            title: None,
            created_at: now,
            updated_at: now,
            messages: 0,
        };
        self.ports.conversations.open_session(&session).await?;
        Ok(session)
    }

    /// One's own sessions; those of all people where `user` is `None`. With a text, those in whose title or messages it stands; blank is none.
    pub async fn sessions(
        &self,
        workspace: WorkspaceId,
        user: Option<UserId>,
        text: Option<&str>,
        page: &PageRequest,
    ) -> PortResult<Page<Conversation>> {
        let text = text.map(str::trim).filter(|text| !text.is_empty());
        let conversations = &self.ports.conversations;
        conversations.sessions(workspace, user, text, page).await
    }

    /// `Unknown` for that of somebody else, too, unless `user` is `None`.
    pub async fn session(
        &self,
        workspace: WorkspaceId,
        user: Option<UserId>,
        id: AssistantSessionId,
    ) -> Result<Conversation, SayError> {
        let found = self.ports.conversations.session(workspace, id).await?;
        let own = found.filter(|s| user.is_none_or(|user| user == s.user));
        own.ok_or(SayError::Unknown)
    }

    /// A person's message is answered; one of the assistant is kept as it was told.
    pub async fn say(
        &self,
        session: &Conversation,
        role: &str,
        content: &str,
    ) -> Result<AssistantMessageId, SayError> {
        self.say_as(session, role, content, false).await
    }

    /// As [`Self::say`]; the answer may propose changes where whoever asks may.
    pub async fn say_as(
        &self,
        session: &Conversation,
        role: &str,
        content: &str,
        may_propose: bool,
    ) -> Result<AssistantMessageId, SayError> {
        let role = Role::parse(role).ok_or(SayError::Role)?;
        if content.trim().is_empty() {
            return Err(SayError::Empty);
        }
        if content.chars().count() > MAX_CHARS {
            return Err(SayError::TooLong);
        }
        let message = Message {
            id: AssistantMessageId(Uuid::new_v4()),
            session: session.id,
            role,
            content: content.to_owned(),
            answer: None,
            created_at: self.ports.clock.now(),
        };
        if may_propose && role == Role::User {
            let port = &self.ports.conversations;
            port.allow_proposals(session.id, message.id).await?;
        }
        let title = title_of(content);
        let said = self
            .ports
            .conversations
            .say(session.workspace, &message, &title);
        said.await.map_err(|error| match error.kind {
            Kind::NotFound => SayError::Unknown,
            _ => SayError::Port(error),
        })?;
        self.queued.notify_one();
        Ok(message.id)
    }

    /// No answer is wanted any more to what waits or is being answered; whether there was anything.
    pub async fn cancel(&self, session: &Conversation) -> PortResult<bool> {
        let port = &self.ports.conversations;
        port.cancel_turns(session.workspace, session.id).await
    }

    /// What models used today (UTC) for a person.
    pub async fn spent(&self, workspace: WorkspaceId, user: UserId) -> PortResult<Spend> {
        let day = self.ports.clock.now().date_naive();
        let port = &self.ports.conversations;
        port.spent(workspace, user, day).await
    }

    pub async fn messages(
        &self,
        session: &Conversation,
        page: &PageRequest,
    ) -> PortResult<Page<Message>> {
        let port = &self.ports.conversations;
        port.messages(session.workspace, session.id, page).await
    }

    pub async fn rename(&self, session: &Conversation, title: &str) -> Result<(), SayError> {
        let title = title.trim();
        if !(1..=MAX_TITLE).contains(&title.chars().count()) {
            return Err(SayError::Title);
        }
        let port = &self.ports.conversations;
        Ok(port
            .name_session(session.workspace, session.id, title)
            .await?)
    }

    pub async fn forget(&self, session: &Conversation) -> PortResult<()> {
        let port = &self.ports.conversations;
        port.forget_session(session.workspace, session.id).await
    }

    /// After which frame a listener who names none begins: with the answer to the newest question.
    pub async fn listen_from(&self, session: &Conversation) -> PortResult<i64> {
        let port = &self.ports.conversations;
        port.asked_at(session.workspace, session.id).await
    }

    pub async fn frames(
        &self,
        workspace: WorkspaceId,
        session: AssistantSessionId,
        after: i64,
        limit: u32,
    ) -> PortResult<Vec<Frame>> {
        let port = &self.ports.conversations;
        port.frames(workspace, session, after, limit).await
    }

    /// Sessions and messages of all workspaces.
    pub async fn counts(&self) -> PortResult<(u64, u64)> {
        self.ports.conversations.conversation_counts().await
    }
}
