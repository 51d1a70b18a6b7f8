//! Conversations with the assistant. A question that waits is a row with a time; whoever takes it up moves the time on.

use crate::codec::json;
use crate::cursor::{Key, Paging};
use crate::{Backend, Cells, Database, Session as _, Sql, SqlRow, Undecodable, Writer};
use async_trait::async_trait;
use chrono::{DateTime, NaiveDate, Utc};
use domain::assistant::session::{Conversation, Frame, Message, Piece, Role, Turn};
use domain::assistant::spend::Spend;
use domain::ids::{AssistantMessageId, AssistantSessionId, UserId, WorkspaceId};
use ports::conversations::{Conversations, Hold};
use ports::{Kind, Page, PageRequest, PortError, PortResult};

const SESSION: &str = "id, workspace, user_id, agent_type, title, created_at, updated_at, messages";
const MESSAGE: &str = "id, session, role, content, answer, created_at";

fn session_of<R: SqlRow>(c: &mut Cells<'_, R>) -> Result<Conversation, Undecodable> {
    Ok(Conversation {
        id: AssistantSessionId(c.id()?),
        workspace: WorkspaceId(c.id()?),
        user: UserId(c.id()?),
        agent_type: c.text()?,
        title: c.text_or_none()?,
        created_at: c.at()?,
        updated_at: c.at()?,
        messages: c.count()?,
    })
}

fn message_of<R: SqlRow>(c: &mut Cells<'_, R>) -> Result<Message, Undecodable> {
    let id = AssistantMessageId(c.id()?);
    let session = AssistantSessionId(c.id()?);
    let word = c.text()?;
    let role = Role::parse(&word).ok_or_else(|| c.bad(format!("no role: {word}")))?;
    let content = c.text()?;
    let answer = c.text_or_none()?.map(|text| serde_json::from_str(&text));
    Ok(Message {
        id,
        session,
        role,
        content,
        answer: answer.transpose().map_err(|e| c.bad(e.to_string()))?,
        created_at: c.at()?,
    })
}

fn none<B: Backend>(operation: &'static str) -> PortError {
    Database::<B>::refuse(Kind::NotFound, operation, "there is no such session")
}

/// The message as the next one of its session.
async fn add<W: Writer>(
    tx: &mut W,
    message: &Message,
    due: Option<DateTime<Utc>>,
) -> PortResult<()> {
    let sql = Sql::new(
        "INSERT INTO assistant_messages (id, session, no, role, content, answer, created_at, due_at, attempts) \
         SELECT $1, id, messages, $3, $4, $5, $6, $7, 0 FROM assistant_sessions WHERE id = $2",
    )
    .bind(message.id)
    .bind(message.session)
    .bind(message.role.as_str())
    .bind(message.content.as_str())
    .bind(message.answer.as_ref().map(json))
    .bind(message.created_at)
    .bind(due);
    tx.run(sql).await?;
    Ok(())
}

/// Whether the turn is still whose it was; keeps its session for this transaction.
async fn holds<B: Backend>(tx: &mut B::Writer, turn: &Turn) -> PortResult<bool> {
    let sql = Sql::new(format!(
        "SELECT id FROM assistant_sessions WHERE id = $1{}",
        B::FOR_UPDATE
    ))
    .bind(turn.session.id);
    if tx.one(sql).await?.is_none() {
        return Ok(false);
    }
    let sql = Sql::new(
        "SELECT id FROM assistant_messages WHERE id = $1 AND attempts = $2 AND due_at IS NOT NULL",
    )
    .bind(turn.question.id)
    .bind(turn.attempts);
    Ok(tx.one(sql).await?.is_some())
}

async fn append<W: Writer>(
    tx: &mut W,
    session: AssistantSessionId,
    pieces: &[Piece],
) -> PortResult<()> {
    for piece in pieces {
        let sql = Sql::new("UPDATE assistant_sessions SET frames = frames + 1 WHERE id = $1")
            .bind(session);
        tx.run(sql).await?;
        let sql = Sql::new(
            "INSERT INTO assistant_frames (session, no, document) \
             SELECT id, frames, $2 FROM assistant_sessions WHERE id = $1",
        )
        .bind(session)
        .bind(json(piece));
        tx.run(sql).await?;
    }
    Ok(())
}

#[async_trait]
impl<B: Backend> Conversations for Database<B> {
    async fn open_session(&self, session: &Conversation) -> PortResult<()> {
        let mut tx = self.0.write("assistant.open").await?;
        let sql = Sql::new(format!(
            "INSERT INTO assistant_sessions ({SESSION}, frames, asked_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, 0, 0, 0)"
        ))
        .bind(session.id)
        .bind(session.workspace)
        .bind(session.user)
        .bind(session.agent_type.as_str())
        .bind(session.title.as_deref())
        .bind(session.created_at)
        .bind(session.updated_at);
        tx.run(sql).await?;
        tx.commit().await
    }

    async fn session(
        &self,
        workspace: WorkspaceId,
        id: AssistantSessionId,
    ) -> PortResult<Option<Conversation>> {
        let sql = Sql::new(format!(
            "SELECT {SESSION} FROM assistant_sessions WHERE id = $1 AND workspace = $2"
        ))
        .bind(id)
        .bind(workspace);
        let row = self.0.read("assistant.session").await?.one(sql).await?;
        let found = row.map(|row| session_of(&mut Cells::of(&row)));
        Ok(found.transpose()?)
    }

    async fn sessions(
        &self,
        workspace: WorkspaceId,
        user: Option<UserId>,
        text: Option<&str>,
        page: &PageRequest,
    ) -> PortResult<Page<Conversation>> {
        let operation = "assistant.sessions";
        let list = format!("{workspace}{user:?}{text:?}");
        let paging = Paging::new::<B>(operation, &list, page)?;
        let select = |what: &str| {
            let mut sql = Sql::new(format!(
                "SELECT {what} FROM assistant_sessions WHERE workspace = $1"
            ))
            .bind(workspace);
            if let Some(user) = user {
                sql.push(" AND user_id = ").push_arg(user);
            }
            if let Some(text) = text {
                // Databases differ in what is lower case beyond ASCII; as it is written it is always found.
                let (low, as_is) = (sql.number(text.to_lowercase()), sql.number(text.to_owned()));
                let stands = |place: &str| {
                    let lower = B::contains(&format!("lower({place})"), low);
                    format!("{lower} OR {}", B::contains(place, as_is))
                };
                sql.push(&format!(
                    " AND ({} OR EXISTS (SELECT 1 FROM assistant_messages m WHERE m.session = assistant_sessions.id AND ({})))",
                    stands("COALESCE(title, '')"),
                    stands("m.content"),
                ));
            }
            sql
        };
        let mut session = self.0.read(operation).await?;
        let total = match &paging.after {
            Some(cursor) => cursor.total,
            None => {
                let row = session.one(select("COUNT(*)")).await?;
                row.map_or(Ok(0), |row| Cells::of(&row).count())?
            }
        };
        let mut sql = select(SESSION);
        paging.newest_first(&mut sql);
        let rows = session.rows(sql).await?;
        let found: Result<Vec<Conversation>, Undecodable> = rows
            .iter()
            .map(|row| session_of(&mut Cells::of(row)))
            .collect();
        Ok(paging.page(found?, total, |last| {
            let at = last.created_at.timestamp_micros();
            (Key::Int(at), Key::Id(last.id.0))
        }))
    }

    async fn name_session(
        &self,
        workspace: WorkspaceId,
        id: AssistantSessionId,
        title: &str,
    ) -> PortResult<()> {
        let operation = "assistant.name";
        let mut tx = self.0.write(operation).await?;
        let sql =
            Sql::new("UPDATE assistant_sessions SET title = $3 WHERE id = $1 AND workspace = $2")
                .bind(id)
                .bind(workspace)
                .bind(title);
        if tx.run(sql).await? == 0 {
            return Err(none::<B>(operation));
        }
        tx.commit().await
    }

    async fn forget_session(
        &self,
        workspace: WorkspaceId,
        id: AssistantSessionId,
    ) -> PortResult<()> {
        let mut tx = self.0.write("assistant.forget").await?;
        let held = Sql::new(format!(
            "SELECT id FROM assistant_sessions WHERE id = $1 AND workspace = $2{}",
            B::FOR_UPDATE
        ));
        if tx.one(held.bind(id).bind(workspace)).await?.is_some() {
            // Last the session: by it a row-level policy knows whose the others are.
            for (table, column) in [
                ("assistant_messages", "session"),
                ("assistant_frames", "session"),
                ("assistant_cancels", "session"),
                ("assistant_wishes", "session"),
                ("assistant_sessions", "id"),
            ] {
                let sql = Sql::new(format!("DELETE FROM {table} WHERE {column} = $1")).bind(id);
                tx.run(sql).await?;
            }
        }
        tx.commit().await
    }

    async fn say(&self, workspace: WorkspaceId, message: &Message, title: &str) -> PortResult<()> {
        let operation = "assistant.say";
        let is_question = message.role == Role::User;
        let mut tx = self.0.write(operation).await?;
        let sql = Sql::new(
            "UPDATE assistant_sessions SET messages = messages + 1, updated_at = $3, title = COALESCE(title, $4), \
             asked_at = CASE WHEN $5 = 1 THEN frames ELSE asked_at END WHERE id = $1 AND workspace = $2",
        )
        .bind(message.session)
        .bind(workspace)
        .bind(message.created_at)
        .bind(title)
        .bind(i64::from(is_question));
        if tx.run(sql).await? == 0 {
            return Err(none::<B>(operation));
        }
        let due = is_question.then_some(message.created_at);
        add(&mut tx, message, due).await?;
        tx.commit().await
    }

    async fn messages(
        &self,
        workspace: WorkspaceId,
        session: AssistantSessionId,
        page: &PageRequest,
    ) -> PortResult<Page<Message>> {
        let operation = "assistant.messages";
        let paging = Paging::new::<B>(operation, &format!("{workspace}{session}"), page)?;
        let mut read = self.0.read(operation).await?;
        let sql =
            Sql::new("SELECT messages FROM assistant_sessions WHERE id = $1 AND workspace = $2")
                .bind(session)
                .bind(workspace);
        let total = match read.one(sql).await? {
            Some(row) => Cells::of(&row).count()?,
            None => {
                return Ok(Page {
                    items: Vec::new(),
                    total: Some(0),
                    next_cursor: None,
                });
            }
        };
        let mut sql = Sql::new(format!(
            "SELECT no, {MESSAGE} FROM assistant_messages WHERE session = $1"
        ))
        .bind(session);
        if let Some(cursor) = &paging.after {
            sql.push(" AND no > ").push_arg(cursor.sort.clone());
        }
        sql.push(" ORDER BY no LIMIT ").push_arg(paging.fetch());
        let rows = read.rows(sql).await?;
        let found: Result<Vec<(i64, Message)>, Undecodable> = rows
            .iter()
            .map(|row| {
                let mut c = Cells::of(row);
                Ok((c.int()?, message_of(&mut c)?))
            })
            .collect();
        let page = paging.page(found?, total, |(no, _)| (Key::Int(*no), Key::Int(*no)));
        Ok(page.map(|(_, message)| message))
    }

    async fn claim_turn(
        &self,
        now: DateTime<Utc>,
        held_until: DateTime<Utc>,
    ) -> PortResult<Option<Turn>> {
        // Most looks find nothing, and cost no right to write.
        let due =
            Sql::new("SELECT id FROM assistant_messages WHERE due_at <= $1 LIMIT 1").bind(now);
        if self
            .0
            .read("assistant.look")
            .await?
            .one(due)
            .await?
            .is_none()
        {
            return Ok(None);
        }
        let mut tx = self.0.write("assistant.claim").await?;
        let sql = Sql::new(format!(
            "SELECT {MESSAGE}, attempts FROM assistant_messages m WHERE due_at <= $1 AND NOT EXISTS \
             (SELECT 1 FROM assistant_messages e WHERE e.session = m.session AND e.no < m.no AND e.due_at IS NOT NULL) \
             ORDER BY due_at, id LIMIT 1{}",
            B::SKIP_LOCKED
        ))
        .bind(now);
        let row = tx.one(sql).await?;
        let Some(found) = row.map(|row| {
            let mut c = Cells::of(&row);
            Ok::<_, Undecodable>((message_of(&mut c)?, c.int()?))
        }) else {
            return Ok(None);
        };
        let (question, attempts) = found?;
        let attempts = attempts + 1;
        let sql =
            Sql::new("UPDATE assistant_messages SET attempts = $2, due_at = $3 WHERE id = $1")
                .bind(question.id)
                .bind(attempts)
                .bind(held_until);
        tx.run(sql).await?;
        let sql = Sql::new(format!(
            "SELECT {SESSION} FROM assistant_sessions WHERE id = $1"
        ))
        .bind(question.session);
        let row = tx.one(sql).await?;
        let session = row
            .map(|row| session_of(&mut Cells::of(&row)))
            .transpose()?;
        tx.commit().await?;
        Ok(session.map(|session| Turn {
            session,
            question,
            attempts,
        }))
    }

    async fn put_pieces(&self, turn: &Turn, pieces: &[Piece]) -> PortResult<bool> {
        let mut tx = self.0.write("assistant.put").await?;
        let holds = holds::<B>(&mut tx, turn).await?;
        if holds {
            append(&mut tx, turn.session.id, pieces).await?;
        }
        tx.commit().await?;
        Ok(holds)
    }

    async fn end_turn(&self, turn: &Turn, answer: &Message, pieces: &[Piece]) -> PortResult<bool> {
        let mut tx = self.0.write("assistant.end").await?;
        let holds = holds::<B>(&mut tx, turn).await?;
        if holds {
            append(&mut tx, turn.session.id, pieces).await?;
            let sql = Sql::new("UPDATE assistant_messages SET due_at = NULL WHERE id = $1")
                .bind(turn.question.id);
            tx.run(sql).await?;
            let sql = Sql::new(
                "UPDATE assistant_sessions SET messages = messages + 1, updated_at = $2 WHERE id = $1",
            )
            .bind(turn.session.id)
            .bind(answer.created_at);
            tx.run(sql).await?;
            add(&mut tx, answer, None).await?;
        }
        tx.commit().await?;
        Ok(holds)
    }

    async fn frames(
        &self,
        workspace: WorkspaceId,
        session: AssistantSessionId,
        after: i64,
        limit: u32,
    ) -> PortResult<Vec<Frame>> {
        let sql = Sql::new(
            "SELECT f.no, f.document FROM assistant_frames f JOIN assistant_sessions s ON s.id = f.session \
             WHERE f.session = $1 AND s.workspace = $2 AND f.no > $3 ORDER BY f.no LIMIT $4",
        )
        .bind(session)
        .bind(workspace)
        .bind(after)
        .bind(i64::from(limit));
        let rows = self.0.read("assistant.frames").await?.rows(sql).await?;
        let frames: Result<Vec<Frame>, Undecodable> = rows
            .iter()
            .map(|row| {
                let mut c = Cells::of(row);
                Ok(Frame {
                    no: c.int()?,
                    piece: c.json()?,
                })
            })
            .collect();
        Ok(frames?)
    }

    async fn asked_at(
        &self,
        workspace: WorkspaceId,
        session: AssistantSessionId,
    ) -> PortResult<i64> {
        let sql =
            Sql::new("SELECT asked_at FROM assistant_sessions WHERE id = $1 AND workspace = $2")
                .bind(session)
                .bind(workspace);
        let row = self.0.read("assistant.asked_at").await?.one(sql).await?;
        Ok(row.map_or(Ok(0), |row| Cells::of(&row).int())?)
    }

    async fn keep_turn(&self, turn: &Turn, held_until: DateTime<Utc>) -> PortResult<Hold> {
        let mut tx = self.0.write("assistant.keep").await?;
        if !holds::<B>(&mut tx, turn).await? {
            return Ok(Hold::Lost);
        }
        let sql = Sql::new("UPDATE assistant_messages SET due_at = $2 WHERE id = $1")
            .bind(turn.question.id)
            .bind(held_until);
        tx.run(sql).await?;
        let sql = Sql::new("SELECT message FROM assistant_cancels WHERE message = $1")
            .bind(turn.question.id);
        let cancelled = tx.one(sql).await?.is_some();
        tx.commit().await?;
        Ok(match cancelled {
            true => Hold::Cancelled,
            false => Hold::Held,
        })
    }

    async fn cancel_turns(
        &self,
        workspace: WorkspaceId,
        session: AssistantSessionId,
    ) -> PortResult<bool> {
        let mut tx = self.0.write("assistant.cancel").await?;
        let sql = Sql::new(
            "INSERT INTO assistant_cancels (message, session) SELECT m.id, m.session FROM assistant_messages m \
             JOIN assistant_sessions s ON s.id = m.session \
             WHERE m.session = $1 AND s.workspace = $2 AND m.due_at IS NOT NULL ON CONFLICT DO NOTHING",
        )
        .bind(session)
        .bind(workspace);
        let cancelled = tx.run(sql).await? > 0;
        tx.commit().await?;
        Ok(cancelled)
    }

    async fn allow_proposals(
        &self,
        session: AssistantSessionId,
        message: AssistantMessageId,
    ) -> PortResult<()> {
        let mut tx = self.0.write("assistant.allow").await?;
        let sql = Sql::new(
            "INSERT INTO assistant_wishes (message, session) VALUES ($1, $2) ON CONFLICT DO NOTHING",
        )
        .bind(message)
        .bind(session);
        tx.run(sql).await?;
        tx.commit().await
    }

    async fn may_propose(&self, turn: &Turn) -> PortResult<bool> {
        let sql =
            Sql::new("SELECT message FROM assistant_wishes WHERE message = $1 AND session = $2")
                .bind(turn.question.id)
                .bind(turn.session.id);
        let row = self.0.read("assistant.may_propose").await?.one(sql).await?;
        Ok(row.is_some())
    }

    async fn spend(
        &self,
        workspace: WorkspaceId,
        user: UserId,
        day: NaiveDate,
        more: &Spend,
    ) -> PortResult<()> {
        let whole = |n: u64| i64::try_from(n).unwrap_or(i64::MAX / 2);
        let mut tx = self.0.write("assistant.spend").await?;
        let sql = Sql::new(
            "INSERT INTO assistant_usage (workspace, user_id, day, tokens, estimated, micros) VALUES ($1, $2, $3, $4, $5, $6) \
             ON CONFLICT (workspace, user_id, day) DO UPDATE SET tokens = assistant_usage.tokens + excluded.tokens, \
             estimated = assistant_usage.estimated + excluded.estimated, micros = assistant_usage.micros + excluded.micros",
        )
        .bind(workspace)
        .bind(user)
        .bind(day.to_string())
        .bind(whole(more.tokens))
        .bind(whole(more.estimated))
        .bind(whole(more.micros));
        tx.run(sql).await?;
        tx.commit().await
    }

    async fn spent(
        &self,
        workspace: WorkspaceId,
        user: UserId,
        day: NaiveDate,
    ) -> PortResult<Spend> {
        let sql = Sql::new(
            "SELECT tokens, estimated, micros FROM assistant_usage WHERE workspace = $1 AND user_id = $2 AND day = $3",
        )
        .bind(workspace)
        .bind(user)
        .bind(day.to_string());
        let row = self.0.read("assistant.spent").await?.one(sql).await?;
        let Some(row) = row else {
            return Ok(Spend::default());
        };
        let mut c = Cells::of(&row);
        Ok(Spend {
            tokens: c.count()?,
            estimated: c.count()?,
            micros: c.count()?,
        })
    }

    async fn conversation_counts(&self) -> PortResult<(u64, u64)> {
        let sql = Sql::new(
            "SELECT (SELECT COUNT(*) FROM assistant_sessions), (SELECT COUNT(*) FROM assistant_messages)",
        );
        let row = self.0.read("assistant.counts").await?.one(sql).await?;
        let Some(row) = row else {
            return Ok((0, 0));
        };
        let mut c = Cells::of(&row);
        Ok((c.count()?, c.count()?))
    }
}
