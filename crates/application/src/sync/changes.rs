//! What changed since we last looked, with an overlap; the place is kept only after the facts are stored.

use super::run::{Runner, Session};
use super::saving::Saving;
use crate::queue::Stop;
use chrono::{DateTime, Duration, Utc};
use domain::sync::FactKind;
use ports::source::{ChangeCursor, Fact, FactRef};
use ports::{Kind, PortError, Retry};
use tokio::time::Instant;

/// A search index lags behind the records: what was written shortly before may show up only later.
const OVERLAP: Duration = Duration::minutes(10);
const TRIES: u32 = 4;
/// Pages are stored together until they hold this many facts …
const BATCH: usize = 250;
/// … or the first of them is this old, so that progress shows and the run says that it is alive.
const HOLD: std::time::Duration = std::time::Duration::from_millis(500);

impl Runner {
    /// Where the first look at changes begins.
    pub(super) async fn begin_changes(
        &self,
        kind: FactKind,
        since: DateTime<Utc>,
    ) -> Result<(), Stop> {
        self.save_cursor(kind, &ChangeCursor { since, page: None })
            .await
    }

    pub(super) async fn changes(&mut self, session: &Session, kind: FactKind) -> Result<u64, Stop> {
        let saved = self
            .syncs
            .ports
            .syncs
            .checkpoint(session.connection.id, &name(kind))
            .await?;
        let Some(saved) = saved.and_then(|v| serde_json::from_value::<ChangeCursor>(v).ok()) else {
            let detail = "changes are read once everything was read";
            return Err(PortError::new(
                Kind::Unsupported,
                Retry::Never,
                "royal",
                "sync.changes",
                detail,
            )
            .into());
        };
        let mut newest = saved.since;
        let mut cursor = match saved.page {
            Some(_) => saved,
            None => ChangeCursor {
                since: saved.since - OVERLAP,
                page: None,
            },
        };
        let mut read = Read::default();
        loop {
            let page = match self.change_page(session, kind, &cursor).await {
                Ok(page) => page,
                Err(stop @ Stop::Failed(_)) if cursor.page.is_some() => {
                    // What came before the failure is good.
                    self.settle_read(session, kind, &mut read).await?;
                    self.save_cursor(kind, &cursor).await?;
                    return Err(stop);
                }
                Err(stop) => {
                    // Nothing is written once the run has ended or is somebody else's.
                    read.saving.done().await?;
                    return Err(stop);
                }
            };
            for warning in page.warnings {
                self.warn(warning);
            }
            let times = page.facts.iter().filter_map(updated_at);
            newest = times.fold(newest, DateTime::max);
            read.facts.extend(page.facts);
            read.deleted.extend(page.deleted);
            let Some(next) = page.next else { break };
            cursor = next;
            if read.facts.len() >= BATCH || read.since.elapsed() >= HOLD {
                self.store_read(session, kind, &mut read).await?;
                read.until = Some(cursor.clone());
                if let Err(stop) = self.beat().await {
                    // Nothing is written once the run has ended.
                    read.saving.done().await?;
                    return Err(stop);
                }
            }
        }
        self.settle_read(session, kind, &mut read).await?;
        self.save_cursor(
            kind,
            &ChangeCursor {
                since: newest,
                page: None,
            },
        )
        .await?;
        Ok(read.saving.stored)
    }

    /// Begins to store the pages that were read since the last time, while the next ones are fetched.
    async fn store_read(
        &mut self,
        session: &Session,
        kind: FactKind,
        read: &mut Read,
    ) -> Result<(), Stop> {
        read.saving.done().await?;
        if let Some(until) = read.until.take() {
            self.save_cursor(kind, &until).await?;
        }
        let facts = std::mem::take(&mut read.facts);
        let deleted = std::mem::take(&mut read.deleted);
        read.since = Instant::now();
        let (ingest, now) = (&self.syncs.ingest, self.now());
        let begun = read
            .saving
            .begin(ingest, &session.store, facts, deleted, now);
        begun.await?;
        if let Some(step) = self.lease.run.step_mut(kind).filter(|s| s.total.is_none()) {
            step.done = read.saving.stored;
        }
        Ok(())
    }

    /// All that was read is stored.
    async fn settle_read(
        &mut self,
        session: &Session,
        kind: FactKind,
        read: &mut Read,
    ) -> Result<(), Stop> {
        self.store_read(session, kind, read).await?;
        Ok(read.saving.done().await?)
    }

    async fn change_page(
        &mut self,
        session: &Session,
        kind: FactKind,
        cursor: &ChangeCursor,
    ) -> Result<ports::source::ChangePage, Stop> {
        let mut tries = 0;
        loop {
            tries += 1;
            match session.source.changes(kind, cursor).await {
                Ok(page) => return Ok(page),
                Err(error) if tries < TRIES && error.is_transient() => {
                    let Retry::After(wait) = error.retry else {
                        return Err(error.into());
                    };
                    self.pause(wait.max(std::time::Duration::from_secs(1) * 2_u32.pow(tries - 1)))
                        .await?;
                }
                Err(error) => return Err(error.into()),
            }
        }
    }

    async fn save_cursor(&self, kind: FactKind, cursor: &ChangeCursor) -> Result<(), Stop> {
        let value = serde_json::json!({ "since": cursor.since, "page": cursor.page });
        self.keep(&name(kind), &value).await
    }
}

/// Pages that were read and are not stored yet.
struct Read {
    facts: Vec<Fact>,
    deleted: Vec<FactRef>,
    /// When the first of them was asked for.
    since: Instant,
    /// The ones before them, and where they end: kept once they are stored.
    saving: Saving,
    until: Option<ChangeCursor>,
}

impl Default for Read {
    fn default() -> Self {
        Self {
            facts: Vec::new(),
            deleted: Vec::new(),
            since: Instant::now(),
            saving: Saving::default(),
            until: None,
        }
    }
}

fn name(kind: FactKind) -> String {
    format!("{}.changes", kind.as_str())
}

fn updated_at(fact: &Fact) -> Option<DateTime<Utc>> {
    match fact {
        Fact::Order(order) => Some(order.updated_at),
        Fact::Product(product) => Some(product.updated_at),
        Fact::Customer(customer) => Some(customer.updated_at),
        Fact::Level(level) => Some(level.updated_at),
        Fact::Location(_) | Fact::Payout(_) => None,
    }
}
