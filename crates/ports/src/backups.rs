//! Where backups are kept that are made by themselves.

use crate::PortResult;
use async_trait::async_trait;
use chrono::{DateTime, Utc};

/// A backup that lies there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    pub name: String,
    /// When what it holds was so.
    pub made_at: DateTime<Utc>,
    pub bytes: u64,
}

#[async_trait]
pub trait BackupPlace: Send + Sync {
    /// Makes one of how everything is now, and answers when it is on disk. `Conflict`: somebody else is making one here.
    async fn make(&self, now: DateTime<Utc>) -> PortResult<Kept>;
    /// Those that lie here, the newest first. Files that are no backups are not among them.
    async fn list(&self) -> PortResult<Vec<Kept>>;
    /// One that is not here any more is no error.
    async fn remove(&self, name: &str) -> PortResult<()>;
}
