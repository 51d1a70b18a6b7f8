//! Facts on their way into the store beside what goes on: the next ones are read while these are stored.

use crate::ingest::Ingest;
use chrono::{DateTime, Utc};
use domain::store::Store;
use ports::source::{Fact, FactRef};
use ports::{Kind, PortError, PortResult, Retry};
use std::time::Duration;
use tokio::task::JoinHandle;
use tracing::Instrument as _;

/// One batch is under way at most: they follow one another, and one failure ends the rest.
#[derive(Default)]
pub(super) struct Saving {
    under_way: Option<JoinHandle<PortResult<u64>>>,
    /// How many facts are stored.
    pub stored: u64,
}

impl Saving {
    /// Begins to store a batch once the one before it is stored.
    pub(super) async fn begin(
        &mut self,
        ingest: &Ingest,
        store: &Store,
        facts: Vec<Fact>,
        deleted: Vec<FactRef>,
        at: DateTime<Utc>,
    ) -> PortResult<()> {
        self.done().await?;
        if facts.is_empty() && deleted.is_empty() {
            return Ok(());
        }
        let (ingest, store) = (ingest.clone(), store.clone());
        let count = facts.len() as u64;
        let saving = async move {
            ingest.store(&store, facts).await?;
            ingest.remove(&store, &deleted, at).await?;
            Ok(count)
        };
        self.under_way = Some(tokio::spawn(saving.in_current_span()));
        Ok(())
    }

    /// Nothing is under way any more. May be given up while it waits, and called again.
    pub(super) async fn done(&mut self) -> PortResult<()> {
        let Some(handle) = &mut self.under_way else {
            return Ok(());
        };
        let ended = handle.await;
        self.under_way = None;
        self.stored += ended.map_err(|e| {
            let detail = "storing what was read broke off";
            let retry = Retry::After(Duration::from_secs(1));
            PortError::new(Kind::Unavailable, retry, "royal", "sync.save", detail).with_source(e)
        })??;
        Ok(())
    }
}
