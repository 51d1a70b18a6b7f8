//! Each replica as a key that expires, and the set of their ids.

use crate::RedisShared;
use crate::link::nonsense;
use async_trait::async_trait;
use ports::PortResult;
use ports::presence::{Presence, Replica};
use redis::{cmd, pipe};
use std::time::Duration;
use uuid::Uuid;

#[async_trait]
impl Presence for RedisShared {
    async fn beat(&self, replica: &Replica, keep: Duration) -> PortResult<()> {
        let text = serde_json::to_string(replica).map_err(|e| nonsense("presence.beat", e))?;
        let keep = u64::try_from(keep.as_millis()).unwrap_or(u64::MAX).max(1);
        let mut both = pipe();
        both.atomic()
            .cmd("SET")
            .arg(self.key_of(replica.id))
            .arg(text)
            .arg("PX")
            .arg(keep)
            .ignore();
        both.cmd("SADD")
            .arg(self.0.key("replicas"))
            .arg(replica.id.to_string())
            .ignore();
        self.0
            .call("presence.beat", |mut to| async move {
                both.exec_async(&mut to).await
            })
            .await
    }

    async fn leave(&self, id: Uuid) -> PortResult<()> {
        let mut both = pipe();
        both.atomic().cmd("DEL").arg(self.key_of(id)).ignore();
        both.cmd("SREM")
            .arg(self.0.key("replicas"))
            .arg(id.to_string())
            .ignore();
        self.0
            .call("presence.leave", |mut to| async move {
                both.exec_async(&mut to).await
            })
            .await
    }

    async fn present(&self) -> PortResult<Vec<Replica>> {
        let (set, this) = (self.0.key("replicas"), self.clone());
        let found = self.0.call("presence.present", |mut to| async move {
            let ids: Vec<String> = cmd("SMEMBERS").arg(&set).query_async(&mut to).await?;
            if ids.is_empty() {
                return Ok(Vec::new());
            }
            let mut get = cmd("MGET");
            for id in &ids {
                get.arg(this.0.key(&format!("replica:{id}")));
            }
            let texts: Vec<Option<String>> = get.query_async(&mut to).await?;
            let gone: Vec<&String> = ids
                .iter()
                .zip(&texts)
                .filter(|(_, t)| t.is_none())
                .map(|(id, _)| id)
                .collect();
            if !gone.is_empty() {
                cmd("SREM").arg(&set).arg(gone).exec_async(&mut to).await?;
            }
            Ok(texts.into_iter().flatten().collect::<Vec<String>>())
        });
        let read = |text: String| serde_json::from_str::<Replica>(&text);
        let all: Result<Vec<Replica>, _> = found.await?.into_iter().map(read).collect();
        let mut all = all.map_err(|e| nonsense("presence.present", e))?;
        all.sort_by_key(|r| (r.started_at, r.id));
        Ok(all)
    }
}

impl RedisShared {
    fn key_of(&self, id: Uuid) -> String {
        self.0.key(&format!("replica:{id}"))
    }
}
