//! Letters that are owed. `due_at` is the lease, too: whoever takes a letter up moves it on.

use crate::{Backend, Cells, Database, Session, Sql, SqlRow, Undecodable, Writer};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::ids::{LetterId, LinkId, PurchaseOrderId, WorkspaceId};
use domain::letter::{Errand, OwedLetter};
use domain::people::Email;
use ports::PortResult;
use ports::letters::LetterStore;

fn letter<R: SqlRow>(row: &R) -> Result<OwedLetter, Undecodable> {
    let mut c = Cells::of(row);
    let id = LetterId(c.id()?);
    let workspace = c.id_or_none()?.map(WorkspaceId);
    let link = c.id_or_none()?.map(LinkId);
    let text = c.text()?;
    let email = Email::parse(&text).map_err(|e| c.bad(e.to_string()))?;
    let errand = match (workspace, link) {
        (Some(workspace), Some(link)) => Errand::Link {
            workspace,
            link,
            email,
        },
        (Some(workspace), None) => Errand::Purchase {
            workspace,
            order: PurchaseOrderId(id.0),
            email,
        },
        (None, _) => Errand::Forgotten { email },
    };
    Ok(OwedLetter {
        id,
        errand,
        created_at: c.at()?,
        attempts: u32::try_from(c.int()?).map_err(|e| c.bad(e.to_string()))?,
    })
}

#[async_trait]
impl<B: Backend> LetterStore for Database<B> {
    async fn owe_letter(&self, letter: &OwedLetter, due: DateTime<Utc>) -> PortResult<()> {
        let mut tx = self.0.write("letters.owe").await?;
        let (workspace, link, email) = match &letter.errand {
            Errand::Forgotten { email } => (None, None, email),
            Errand::Link {
                workspace,
                link,
                email,
            } => (Some(workspace.0), Some(link.0), email),
            // Its id is the letter's.
            Errand::Purchase {
                workspace, email, ..
            } => (Some(workspace.0), None, email),
        };
        let sql = Sql::new(
            "INSERT INTO letters (id, workspace, link, email, created_at, attempts, due_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7)",
        )
        .bind(letter.id)
        .bind(workspace)
        .bind(link)
        .bind(email.as_str())
        .bind(letter.created_at)
        .bind(letter.attempts)
        .bind(due);
        tx.run(sql).await?;
        tx.commit().await
    }

    async fn claim_letter(
        &self,
        now: DateTime<Utc>,
        held_until: DateTime<Utc>,
    ) -> PortResult<Option<OwedLetter>> {
        // Most looks find nothing, and cost no right to write.
        let due = Sql::new("SELECT id FROM letters WHERE due_at <= $1 LIMIT 1").bind(now);
        if self.0.read("letters.look").await?.one(due).await?.is_none() {
            return Ok(None);
        }
        let mut tx = self.0.write("letters.claim").await?;
        let sql = Sql::new(format!(
            "SELECT id, workspace, link, email, created_at, attempts FROM letters \
             WHERE due_at <= $1 ORDER BY due_at, id LIMIT 1{}",
            B::SKIP_LOCKED
        ))
        .bind(now);
        let row = tx.one(sql).await?;
        let Some(mut found) = row.as_ref().map(letter).transpose()? else {
            return Ok(None);
        };
        drop(row);
        found.attempts = found.attempts.saturating_add(1);
        let sql = Sql::new("UPDATE letters SET attempts = $2, due_at = $3 WHERE id = $1")
            .bind(found.id)
            .bind(found.attempts)
            .bind(held_until);
        tx.run(sql).await?;
        tx.commit().await?;
        Ok(Some(found))
    }

    async fn put_letter_off(&self, letter: &OwedLetter, due: DateTime<Utc>) -> PortResult<bool> {
        let mut tx = self.0.write("letters.put_off").await?;
        let sql = Sql::new("UPDATE letters SET due_at = $3 WHERE id = $1 AND attempts = $2")
            .bind(letter.id)
            .bind(letter.attempts)
            .bind(due);
        let held = tx.run(sql).await? > 0;
        tx.commit().await?;
        Ok(held)
    }

    async fn letter_done(&self, id: LetterId) -> PortResult<()> {
        let mut tx = self.0.write("letters.done").await?;
        tx.run(Sql::new("DELETE FROM letters WHERE id = $1").bind(id))
            .await?;
        tx.commit().await
    }
}
