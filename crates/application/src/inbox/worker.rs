//! Works off the inbox. A webhook is a hint: what it names is read again, so that order and age of deliveries do not matter.

use super::Webhooks;
use crate::queue::span;
use chrono::{DateTime, Duration, Utc};
use domain::connection::Connection;
use domain::ids::{ConnectionId, CustomerId};
use domain::store::Store;
use ports::inbox::Claimed;
use ports::source::{FactRef, Fetched, NotificationMeaning, PrivacyNotice};
use ports::traces::TraceContext;
use ports::{PortError, PortResult, Retry};
use std::collections::{BTreeMap, BTreeSet};
use tokio_util::sync::CancellationToken;
use tracing::Instrument as _;

const BATCH: u32 = 100;
const LOOK_EVERY: std::time::Duration = std::time::Duration::from_secs(1);
const MAX_ATTEMPTS: u32 = 12;
const MAX_WAIT: Duration = Duration::minutes(10);
/// Finished deliveries are remembered this long, so that a late copy is known; providers retry for hours.
const REMEMBER: Duration = Duration::days(7);

/// What a batch of deliveries of one connection asks for, each thing once.
#[derive(Default)]
struct Work {
    changed: BTreeSet<FactRef>,
    deleted: BTreeMap<FactRef, DateTime<Utc>>,
    merged: Vec<(CustomerId, CustomerId)>,
    privacy: Vec<PrivacyNotice>,
    look_again: bool,
    uninstalled: bool,
}

impl Webhooks {
    /// Until cancelled; a step that has begun is finished.
    pub async fn run_worker(&self, stop: CancellationToken) {
        while !stop.is_cancelled() {
            match self.work_once().await {
                Ok(0) => {}
                Ok(_) => continue,
                Err(error) => tracing::warn!(%error, "the inbox could not be read"),
            }
            tokio::select! {
                () = stop.cancelled() => {}
                () = self.arrived.notified() => {}
                () = tokio::time::sleep(LOOK_EVERY) => {}
            }
        }
    }

    /// Works off one batch; answers how many deliveries it settled.
    pub async fn work_once(&self) -> PortResult<usize> {
        let claimed = self
            .ports
            .inbox
            .claim(self.ports.clock.now(), self.lease, BATCH)
            .await?;
        let settled = claimed.len();
        let mut by_connection: BTreeMap<ConnectionId, Vec<Claimed>> = BTreeMap::new();
        for item in claimed {
            by_connection
                .entry(item.delivery.connection)
                .or_default()
                .push(item);
        }
        for (id, items) in by_connection {
            let span = span("webhooks", id);
            span.in_scope(|| self.ports.tracer.follows(&causes(&items)));
            self.settle_all(id, items).instrument(span).await?;
        }
        Ok(settled)
    }

    async fn settle_all(&self, id: ConnectionId, items: Vec<Claimed>) -> PortResult<()> {
        match self.settle(id, &items).await? {
            Some(error) if items.len() > 1 && !error.is_transient() => {
                // One that can never be applied must not hold up the others.
                for item in items {
                    let alone = [item];
                    if let Some(error) = self.settle(id, &alone).await? {
                        self.put_back(&alone, &error).await?;
                    }
                }
                Ok(())
            }
            Some(error) => self.put_back(&items, &error).await,
            None => Ok(()),
        }
    }

    /// Applies deliveries and marks them as finished; answers why that was not possible.
    async fn settle(&self, id: ConnectionId, items: &[Claimed]) -> PortResult<Option<PortError>> {
        match self.apply(id, items).await {
            Ok(()) => {
                let ids: Vec<i64> = items.iter().map(|c| c.id).collect();
                self.ports.inbox.done(&ids, self.ports.clock.now()).await?;
                Ok(None)
            }
            Err(error) => Ok(Some(error)),
        }
    }

    /// What was finished long ago, and what asked for work then.
    pub async fn prune(&self) -> PortResult<u64> {
        let before = self.ports.clock.now() - REMEMBER;
        let traces = self.ports.work_traces.prune_traces(before).await?;
        Ok(traces + self.ports.inbox.prune(before).await?)
    }

    async fn apply(&self, id: ConnectionId, items: &[Claimed]) -> PortResult<()> {
        let Some(connection) = self.ports.connections.find_anywhere(id).await? else {
            return Ok(());
        };
        let work = self.gather(items);
        for notice in work.privacy {
            self.privacy.receive(&connection, notice).await?;
        }
        if work.uninstalled {
            return self.uninstalled(connection).await;
        }
        if work.look_again {
            self.connections.check(connection.workspace, id).await?;
        }
        let Some(store) = self.connections.store_of(&connection).await? else {
            return Ok(());
        };
        let mut changed = work.changed;
        for (fact, at) in work.deleted {
            self.ingest.remove(&store, &[fact], at).await?;
            self.read_orders_again(&store, fact, &mut changed).await?;
        }
        for (gone, kept) in work.merged {
            let now = self.ports.clock.now();
            self.ports
                .privacy
                .merge(store.scope, gone, kept, now)
                .await?;
            self.ingest.rebook_customer(&store, gone).await?;
            changed.remove(&FactRef::Customer(gone));
            changed.insert(FactRef::Customer(kept));
        }
        let changed: Vec<FactRef> = changed.into_iter().collect();
        if changed.is_empty() {
            return Ok(());
        }
        let source = self.connections.pool.source(&connection).await?;
        let mut facts = Vec::new();
        let mut again = BTreeSet::new();
        for fetched in source.fetch(&changed).await? {
            match fetched {
                Fetched::Found(fact) => facts.push(fact),
                Fetched::Gone(fact) => {
                    self.ingest
                        .remove(&store, &[fact], self.ports.clock.now())
                        .await?;
                    self.read_orders_again(&store, fact, &mut again).await?;
                }
            }
        }
        let again: Vec<FactRef> = again.into_iter().filter(|f| !changed.contains(f)).collect();
        if !again.is_empty() {
            for fetched in source.fetch(&again).await? {
                if let Fetched::Found(fact) = fetched {
                    facts.push(fact);
                }
            }
        }
        self.ingest.store(&store, facts).await
    }

    /// A customer with orders is never deleted, only merged into another one, whom their orders name from then on.
    async fn read_orders_again(
        &self,
        store: &Store,
        fact: FactRef,
        changed: &mut BTreeSet<FactRef>,
    ) -> PortResult<()> {
        if let FactRef::Customer(id) = fact {
            let orders = self.ingest.orders_of(store.scope, id).await?;
            changed.extend(orders.into_iter().map(FactRef::Order));
        }
        Ok(())
    }

    fn gather(&self, items: &[Claimed]) -> Work {
        let reader = self.ports.sources.reader();
        let mut work = Work::default();
        for item in items {
            let delivery = &item.delivery;
            match reader.reread(&delivery.topic, &delivery.body) {
                Ok(NotificationMeaning::Changed(refs)) => work.changed.extend(refs),
                Ok(NotificationMeaning::Deleted(refs)) => {
                    let at = delivery.triggered_at.unwrap_or(delivery.received_at);
                    work.deleted.extend(refs.into_iter().map(|r| (r, at)));
                }
                Ok(NotificationMeaning::Merged { gone, kept }) => work.merged.push((gone, kept)),
                Ok(NotificationMeaning::Privacy(notice)) => work.privacy.push(notice),
                Ok(NotificationMeaning::ShopChanged) => work.look_again = true,
                Ok(NotificationMeaning::Uninstalled) => work.uninstalled = true,
                Ok(NotificationMeaning::Ignored) => {}
                Err(error) => {
                    tracing::warn!(topic = delivery.topic, %error, "a stored webhook says nothing readable")
                }
            }
        }
        work
    }

    async fn uninstalled(&self, connection: Connection) -> PortResult<()> {
        let detail = format!(
            "the app was removed from {}; connect the shop again",
            connection.domain
        );
        let error = PortError::new(
            ports::Kind::Unauthorized,
            Retry::Never,
            "shopify",
            "app.uninstalled",
            detail,
        );
        self.connections.failed(connection, &error).await.map(drop)
    }

    async fn put_back(&self, items: &[Claimed], error: &PortError) -> PortResult<()> {
        tracing::warn!(%error, deliveries = items.len(), "webhooks could not be applied; they are tried again");
        let now = self.ports.clock.now();
        for item in items {
            let again = (item.attempt < MAX_ATTEMPTS).then(|| now + wait(item.attempt, error));
            self.ports
                .inbox
                .failed(item.id, &error.to_string(), again)
                .await?;
        }
        Ok(())
    }
}

/// The requests that brought them, each once.
fn causes(items: &[Claimed]) -> Vec<TraceContext> {
    let traces = items.iter().filter_map(|c| c.delivery.trace.clone());
    traces.collect::<BTreeSet<_>>().into_iter().collect()
}

fn wait(attempt: u32, error: &PortError) -> Duration {
    let doubled = Duration::seconds(1_i64 << attempt.min(10)).min(MAX_WAIT);
    match error.retry {
        Retry::After(named) => doubled.max(Duration::from_std(named).unwrap_or(MAX_WAIT)),
        _ => doubled,
    }
}
