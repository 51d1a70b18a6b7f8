//! What changed since we last looked, with an overlap; the place is kept only after the facts are stored.

use super::run::{Runner, Session, Stop};
use chrono::{DateTime, Duration, Utc};
use domain::sync::FactKind;
use ports::source::{ChangeCursor, Fact};
use ports::{Kind, PortError, Retry};

/// A search index lags behind the records: what was written shortly before may show up only later.
const OVERLAP: Duration = Duration::minutes(10);
const TRIES: u32 = 4;

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
        let mut done: u64 = 0;
        loop {
            let page = self.change_page(session, kind, &cursor).await?;
            for warning in page.warnings {
                self.warn(warning);
            }
            newest = page
                .facts
                .iter()
                .filter_map(updated_at)
                .fold(newest, DateTime::max);
            done += page.facts.len() as u64;
            self.syncs.ingest.store(&session.store, page.facts).await?;
            self.syncs
                .ingest
                .remove(&session.store, &page.deleted, self.now())
                .await?;
            if let Some(step) = self.lease.run.step_mut(kind).filter(|s| s.total.is_none()) {
                step.done = done;
            }
            let Some(next) = page.next else { break };
            self.save_cursor(kind, &next).await?;
            cursor = next;
            self.beat().await?;
        }
        self.save_cursor(
            kind,
            &ChangeCursor {
                since: newest,
                page: None,
            },
        )
        .await?;
        Ok(done)
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
