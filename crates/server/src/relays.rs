//! Between the log of events and the streams of one thread: for each workspace that somebody watches here, one listens, reads on, and
//! tells the streams of this thread when there is something new.
//!
//! Streams that each listened themselves would all be woken by every call, of whatever workspace; and being woken from another thread costs
//! a call of the system for each of them, which with ten thousand is most of the time that an event takes to reach the last.

use application::events::EventHub;
use domain::ids::WorkspaceId;
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use std::time::Duration;
use tokio::sync::watch;

/// Another process may have written: look from time to time even when nobody calls.
const LOOK_EVERY: Duration = Duration::from_secs(2);

/// Those of one thread. A clone is the same.
#[derive(Clone)]
pub(crate) struct Relays {
    hub: EventHub,
    of: Rc<RefCell<HashMap<WorkspaceId, watch::Sender<i64>>>>,
}

impl Relays {
    /// To be called on the thread whose streams they tell.
    pub(crate) fn new(hub: EventHub) -> Self {
        Self {
            hub,
            of: Rc::default(),
        }
    }

    /// Changes when the workspace has new events; closed when the log cannot be read.
    pub(crate) fn watch(&self, workspace: WorkspaceId) -> watch::Receiver<i64> {
        let mut of = self.of.borrow_mut();
        if let Some(sender) = of.get(&workspace) {
            return sender.subscribe();
        }
        let (sender, receiver) = watch::channel(0);
        of.insert(workspace, sender.clone());
        let this = self.clone();
        actix_web::rt::spawn(async move {
            this.relay(workspace, &sender).await;
            this.of.borrow_mut().remove(&workspace);
        });
        receiver
    }

    /// Until nobody watches any more, or the log cannot be read.
    async fn relay(&self, workspace: WorkspaceId, sender: &watch::Sender<i64>) {
        let mut calls = self.hub.subscribe();
        loop {
            match self.hub.refresh(workspace).await {
                Ok(newest) => {
                    sender.send_if_modified(|known| std::mem::replace(known, newest) != newest);
                }
                Err(error) => {
                    let streams = sender.receiver_count();
                    tracing::warn!(%error, streams, "events could not be read; the streams that wait for them are ended");
                    return;
                }
            }
            // Nothing waits between the look that there is nobody and the removal, so nobody can come in between.
            tokio::select! {
                () = sender.closed() => return,
                called = calls.changed() => if called.is_err() { return },
                () = tokio::time::sleep(LOOK_EVERY) => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use async_trait::async_trait;
    use chrono::{DateTime, Utc};
    use ports::clock::SystemClock;
    use ports::events::{Event, EventLog, NewEvent};
    use ports::{Kind, PortError, PortResult, Retry};
    use serde_json::json;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, Ordering};
    use testkit::Stores;
    use tokio::time::timeout;

    const SOON: Duration = Duration::from_secs(10);

    struct Fragile {
        log: Arc<dyn EventLog>,
        is_broken: AtomicBool,
    }

    #[async_trait]
    impl EventLog for Fragile {
        async fn append(&self, events: &[NewEvent]) -> PortResult<()> {
            self.log.append(events).await
        }

        async fn since(&self, of: WorkspaceId, seq: i64, limit: u32) -> PortResult<Vec<Event>> {
            if self.is_broken.load(Ordering::SeqCst) {
                let (kind, retry) = (Kind::Unavailable, Retry::Never);
                return Err(PortError::new(
                    kind,
                    retry,
                    "fake",
                    "events.since",
                    "it is away",
                ));
            }
            self.log.since(of, seq, limit).await
        }

        async fn latest(&self) -> PortResult<i64> {
            self.log.latest().await
        }

        async fn prune(&self, before: DateTime<Utc>) -> PortResult<u64> {
            self.log.prune(before).await
        }
    }

    fn world() -> (Arc<Fragile>, EventHub, Relays) {
        let log = Arc::new(Fragile {
            log: Stores::fake().events,
            is_broken: AtomicBool::new(false),
        });
        let hub = EventHub::over(log.clone(), Arc::new(SystemClock));
        (log, hub.clone(), Relays::new(hub))
    }

    fn workspace(number: u128) -> WorkspaceId {
        WorkspaceId(uuid::Uuid::from_u128(number))
    }

    async fn say(hub: &EventHub, of: u128) {
        let entity = ("sync", "1".to_owned());
        let said = hub.publish(workspace(of), "sync.progress", entity, json!({}));
        said.await.unwrap();
    }

    async fn hears(stream: &mut watch::Receiver<i64>) -> bool {
        timeout(SOON, stream.changed()).await.unwrap().is_ok()
    }

    #[actix_web::test]
    async fn only_the_streams_of_a_workspace_hear_of_its_events() {
        let (_, hub, relays) = world();
        let mut one = relays.watch(workspace(1));
        let mut same = relays.watch(workspace(1));
        let mut other = relays.watch(workspace(2));
        say(&hub, 1).await;
        assert!(hears(&mut one).await && hears(&mut same).await);
        say(&hub, 2).await;
        assert!(hears(&mut other).await);
        // The relay of the two hears of that call as well, and has nothing for them.
        one.mark_unchanged();
        for _ in 0..100 {
            tokio::task::yield_now().await;
        }
        assert!(!one.has_changed().unwrap());
    }

    #[actix_web::test]
    async fn who_is_listened_for_by_nobody_is_let_go_and_can_come_back() {
        let (_, hub, relays) = world();
        drop(relays.watch(workspace(1)));
        let gone = async {
            while !relays.of.borrow().is_empty() {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        };
        timeout(SOON, gone).await.unwrap();
        let mut again = relays.watch(workspace(1));
        say(&hub, 1).await;
        assert!(hears(&mut again).await);
    }

    #[actix_web::test]
    async fn streams_end_when_the_log_cannot_be_read_and_new_ones_work_when_it_can() {
        let (log, hub, relays) = world();
        say(&hub, 1).await;
        let mut stream = relays.watch(workspace(1));
        assert!(hears(&mut stream).await);
        log.is_broken.store(true, Ordering::SeqCst);
        say(&hub, 1).await;
        let ended = async { while stream.changed().await.is_ok() {} };
        timeout(SOON, ended).await.unwrap();
        log.is_broken.store(false, Ordering::SeqCst);
        let mut stream = relays.watch(workspace(1));
        assert!(hears(&mut stream).await);
    }
}
