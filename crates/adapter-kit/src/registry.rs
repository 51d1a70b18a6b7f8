//! The keys of one process: their circuits, bulkheads, budgets and buckets, and who listens to them.
//!
//! One registry is shared by all clients, so that two clients of one account share its limits.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use chrono::{DateTime, Utc};
use tokio::sync::broadcast;
use tokio::time::Instant;

use crate::event::Event;
use crate::key::{Access, Key};
use crate::keyed::{Account, Keyed};
use crate::settings::Settings;
use crate::snapshot::Snapshot;
use crate::together::Together;
use ports::cost_buckets::CostBuckets;
use ports::source::LinkState;

/// Cheap to clone; all clones are the same registry.
#[derive(Clone)]
pub struct Registry(pub(crate) Arc<Shared>);

type Accounts = HashMap<(&'static str, Arc<str>), Arc<Account>>;

pub(crate) struct Shared {
    pub(crate) settings: Settings,
    origin: Instant,
    keys: Mutex<HashMap<Key, Arc<Keyed>>>,
    accounts: Mutex<Accounts>,
    events: broadcast::Sender<Event>,
    pub(crate) together: Option<Together>,
}

impl Registry {
    #[must_use]
    pub fn new(settings: Settings) -> Self {
        Self::made(settings, None)
    }

    /// One of several processes that share their accounts' buckets and pauses; must be made within a runtime.
    #[must_use]
    pub fn sharing(settings: Settings, buckets: Arc<dyn CostBuckets>) -> Self {
        Self::made(settings, Some(Together::new(buckets)))
    }

    fn made(settings: Settings, together: Option<Together>) -> Self {
        let (events, _) = broadcast::channel(256);
        Self(Arc::new(Shared {
            settings,
            origin: Instant::now(),
            keys: Mutex::default(),
            accounts: Mutex::default(),
            events,
            together,
        }))
    }

    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.0.settings
    }

    /// Every change of state from now on.
    #[must_use]
    pub fn subscribe(&self) -> broadcast::Receiver<Event> {
        self.0.events.subscribe()
    }

    /// All keys that were used so far, in order.
    #[must_use]
    pub fn snapshot(&self) -> Vec<Snapshot> {
        let keys: Vec<_> = lock(&self.0.keys).values().cloned().collect();
        let mut all: Vec<_> = keys.iter().map(|keyed| keyed.snapshot(&self.0)).collect();
        all.sort_by(|a, b| a.key.cmp(&b.key));
        all
    }

    /// By hand: refuse every call of the key until [`reset`](Self::reset).
    pub fn force_open(&self, key: &Key) {
        self.keyed(key)
            .by_hand(&self.0, crate::breaker::Breaker::force_open);
    }

    /// By hand: let every call of the key pass and count nothing until [`reset`](Self::reset).
    pub fn disable(&self, key: &Key) {
        self.keyed(key)
            .by_hand(&self.0, crate::breaker::Breaker::disable);
    }

    /// By hand: close the circuit of the key and begin anew.
    pub fn reset(&self, key: &Key) {
        self.keyed(key)
            .by_hand(&self.0, crate::breaker::Breaker::reset);
    }

    /// The account's credentials were replaced: its calls may leave again.
    pub fn credentials_renewed(&self, provider: &'static str, account: &str) {
        self.account(provider, &Arc::from(account))
            .renewed(&self.0, provider, account);
    }

    pub(crate) fn keyed(&self, key: &Key) -> Arc<Keyed> {
        if let Some(found) = lock(&self.0.keys).get(key) {
            return Arc::clone(found);
        }
        let account = self.account(key.provider, &key.account);
        let made = || Arc::new(Keyed::new(key.clone(), account, &self.0));
        Arc::clone(lock(&self.0.keys).entry(key.clone()).or_insert_with(made))
    }

    pub(crate) fn pair(
        &self,
        provider: &'static str,
        account: &Arc<str>,
    ) -> (Arc<Keyed>, Arc<Keyed>) {
        let key = |access| Key {
            provider,
            account: Arc::clone(account),
            access,
        };
        (
            self.keyed(&key(Access::Read)),
            self.keyed(&key(Access::Write)),
        )
    }

    pub(crate) fn account(&self, provider: &'static str, account: &Arc<str>) -> Arc<Account> {
        let name = || Arc::from(format!("{provider}/{account}"));
        let made = || Arc::new(Account::new(&self.0.settings, name()));
        Arc::clone(
            lock(&self.0.accounts)
                .entry((provider, Arc::clone(account)))
                .or_insert_with(made),
        )
    }
}

/// By name, as people know a circuit.
impl ports::circuits::Circuits for Registry {
    fn force_open(&self, name: &str) -> bool {
        let key = self.named(name);
        key.as_ref()
            .inspect(|key| Self::force_open(self, key))
            .is_some()
    }

    fn reset(&self, name: &str) -> bool {
        let key = self.named(name);
        key.as_ref().inspect(|key| Self::reset(self, key)).is_some()
    }

    fn names(&self) -> Vec<String> {
        let mut names: Vec<_> = lock(&self.0.keys).keys().map(ToString::to_string).collect();
        names.sort();
        names
    }

    fn links(&self) -> Vec<LinkState> {
        Snapshot::links(self.snapshot())
    }
}

impl Registry {
    fn named(&self, name: &str) -> Option<Key> {
        let keys = lock(&self.0.keys);
        keys.keys().find(|key| key.to_string() == name).cloned()
    }
}

impl Shared {
    /// The clock of all pure parts: time since the registry was made.
    pub(crate) fn now(&self) -> Duration {
        self.origin.elapsed()
    }

    /// A moment of that clock on the wall.
    pub(crate) fn on_the_wall(&self, at: Duration) -> DateTime<Utc> {
        let now = self.now();
        let span = |d: Duration| chrono::TimeDelta::from_std(d).unwrap_or(chrono::TimeDelta::MAX);
        let wall = Utc::now();
        let moved = if at <= now {
            wall.checked_sub_signed(span(now - at))
        } else {
            wall.checked_add_signed(span(at - now))
        };
        moved.unwrap_or(wall)
    }

    pub(crate) fn send(&self, event: Event) {
        // An error only says that nobody listens.
        let _ = self.events.send(event);
    }
}

/// A poisoned lock is taken all the same: the state inside is plain numbers, valid after every statement.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
