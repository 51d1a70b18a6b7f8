//! What people want to be told, and the channels.

use crate::audit::record;
use crate::codec::json;
use crate::{Backend, Cells, Database, Session, Sql, Writer, events};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::audit::NewEntry;
use domain::ids::{ChannelId, UserId, WorkspaceId};
use domain::notifications::{Channel, Preferences};
use ports::events::channels_changed;
use ports::notices::{Fared, NoticeSettings};
use ports::{Kind, PortResult};

#[async_trait]
impl<B: Backend> NoticeSettings for Database<B> {
    async fn preferences(
        &self,
        workspace: WorkspaceId,
        user: UserId,
    ) -> PortResult<Option<Preferences>> {
        let sql = Sql::new(
            "SELECT document FROM notification_preferences WHERE user_id = $1 AND workspace = $2",
        )
        .bind(user)
        .bind(workspace);
        let row = self.0.read("notify.preferences").await?.one(sql).await?;
        Ok(row.map(|row| Cells::of(&row).json()).transpose()?)
    }

    async fn set_preferences(
        &self,
        workspace: WorkspaceId,
        user: UserId,
        preferences: &Preferences,
        entry: &NewEntry,
    ) -> PortResult<()> {
        let sql = Sql::new(
            "INSERT INTO notification_preferences (user_id, workspace, document) VALUES ($1, $2, $3) \
             ON CONFLICT (user_id) DO UPDATE SET document = excluded.document",
        )
        .bind(user)
        .bind(workspace)
        .bind(json(preferences));
        let mut tx = self.0.write("notify.set_preferences").await?;
        tx.run(sql).await?;
        record(&mut tx, std::slice::from_ref(entry)).await?;
        tx.commit().await
    }

    async fn channels(&self, workspace: WorkspaceId) -> PortResult<Vec<Channel>> {
        let sql = Sql::new(
            "SELECT document FROM notification_channels WHERE workspace = $1 ORDER BY created_at, id",
        )
        .bind(workspace);
        let rows = self.0.read("notify.channels").await?.rows(sql).await?;
        rows.iter().map(|row| Ok(Cells::of(row).json()?)).collect()
    }

    async fn channel(&self, workspace: WorkspaceId, id: ChannelId) -> PortResult<Option<Channel>> {
        let sql =
            Sql::new("SELECT document FROM notification_channels WHERE id = $1 AND workspace = $2")
                .bind(id)
                .bind(workspace);
        let row = self.0.read("notify.channel").await?.one(sql).await?;
        Ok(row.map(|row| Cells::of(&row).json()).transpose()?)
    }

    async fn save_channel(&self, channel: &Channel, entry: &NewEntry) -> PortResult<()> {
        let operation = "notify.save_channel";
        let sql = Sql::new(
            "INSERT INTO notification_channels (id, workspace, created_at, document) \
             VALUES ($1, $2, $3, $4) ON CONFLICT (id) DO UPDATE SET document = excluded.document \
             WHERE notification_channels.workspace = excluded.workspace",
        )
        .bind(channel.id)
        .bind(channel.workspace)
        .bind(channel.created_at)
        .bind(json(channel));
        let mut tx = self.0.write(operation).await?;
        if tx.run(sql).await? == 0 {
            tx.undo().await?;
            let detail = "the id of the channel is taken";
            return Err(Self::refuse(Kind::Conflict, operation, detail));
        }
        record(&mut tx, std::slice::from_ref(entry)).await?;
        events::append(&mut tx, &[channels_changed(channel.workspace, entry.at)]).await?;
        tx.commit().await
    }

    async fn remove_channel(
        &self,
        workspace: WorkspaceId,
        id: ChannelId,
        entry: &NewEntry,
    ) -> PortResult<()> {
        let operation = "notify.remove_channel";
        let sql = Sql::new("DELETE FROM notification_channels WHERE id = $1 AND workspace = $2")
            .bind(id)
            .bind(workspace);
        let mut tx = self.0.write(operation).await?;
        if tx.run(sql).await? == 0 {
            tx.undo().await?;
            let detail = "there is no such channel";
            return Err(Self::refuse(Kind::NotFound, operation, detail));
        }
        record(&mut tx, std::slice::from_ref(entry)).await?;
        events::append(&mut tx, &[channels_changed(workspace, entry.at)]).await?;
        tx.commit().await
    }

    async fn fared(
        &self,
        workspace: WorkspaceId,
        id: ChannelId,
        how: Fared<'_>,
        now: DateTime<Utc>,
    ) -> PortResult<bool> {
        let sql = Sql::new(format!(
            "SELECT document FROM notification_channels WHERE id = $1 AND workspace = $2{}",
            B::FOR_UPDATE
        ))
        .bind(id)
        .bind(workspace);
        let mut tx = self.0.write("notify.fared").await?;
        let Some(row) = tx.one(sql).await? else {
            tx.undo().await?;
            return Ok(false);
        };
        let mut channel: Channel = Cells::of(&row).json()?;
        drop(row);
        let off = match how {
            Fared::Took => {
                channel.took(now);
                false
            }
            Fared::Failed { error, gone } => channel.failed(now, error, gone),
        };
        let sql = Sql::new("UPDATE notification_channels SET document = $2 WHERE id = $1")
            .bind(id)
            .bind(json(&channel));
        tx.run(sql).await?;
        events::append(&mut tx, &[channels_changed(workspace, now)]).await?;
        tx.commit().await?;
        Ok(off)
    }
}
