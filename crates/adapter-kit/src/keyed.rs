//! The live state of one key and of one account, with guards that give everything back when a call is dropped.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use chrono::{DateTime, Utc};
use ports::cost_buckets::Turn;
use tokio::sync::Semaphore;
use uuid::Uuid;

use crate::breaker::{Breaker, Observed, Probe, Refused, State, Ticket, Transition};
use crate::bucket::{Bucket, Reservation, Spent, ThrottleStatus};
use crate::event::Event;
use crate::key::Key;
use crate::registry::{Shared, lock};
use crate::retry::Budget;
use crate::settings::Settings;
use crate::snapshot::{Snapshot, Totals};
use crate::telemetry;

/// What reads and writes of one account share: the provider's bucket and pauses, and the credentials.
pub(crate) struct Account {
    /// Provider and account, as other processes call it too.
    pub(crate) name: Arc<str>,
    pub(crate) bucket: Mutex<Bucket>,
    /// Calls wait for points in the order in which they came, so that a dear one is not overtaken for ever.
    pub(crate) turnstile: tokio::sync::Mutex<()>,
    credentials_broken: Mutex<Option<DateTime<Utc>>>,
}

impl Account {
    pub(crate) fn new(settings: &Settings, name: Arc<str>) -> Self {
        Self {
            name,
            bucket: Mutex::new(Bucket::new(settings.flow.max_pause)),
            turnstile: tokio::sync::Mutex::new(()),
            credentials_broken: Mutex::new(None),
        }
    }

    pub(crate) fn broken_since(&self) -> Option<DateTime<Utc>> {
        *lock(&self.credentials_broken)
    }

    pub(crate) fn broke(&self, shared: &Shared, key: &Key) {
        let at = Utc::now();
        if lock(&self.credentials_broken).replace(at).is_none() {
            tracing::error!(provider = key.provider, account = %key.account, "the provider refuses the credentials");
            shared.send(Event::CredentialsBroken {
                provider: key.provider,
                account: key.account.to_string(),
                at,
            });
        }
    }

    pub(crate) fn renewed(&self, shared: &Shared, provider: &'static str, account: &str) {
        if lock(&self.credentials_broken).take().is_some() {
            shared.send(Event::CredentialsRenewed {
                provider,
                account: account.to_owned(),
                at: Utc::now(),
            });
        }
    }

    /// What the provider says of its bucket.
    pub(crate) fn observe(&self, shared: &Shared, status: ThrottleStatus) {
        lock(&self.bucket).observe(status, shared.now());
        if let Some(together) = &shared.together {
            together.observe(&self.name, status);
        }
    }

    pub(crate) fn pause(&self, shared: &Shared, key: &Key, wait: Duration) {
        lock(&self.bucket).pause(wait, shared.now());
        if let Some(together) = &shared.together {
            together.pause(&self.name, wait.min(shared.settings.flow.max_pause));
        }
        shared.send(Event::Paused {
            provider: key.provider,
            account: key.account.to_string(),
            seconds: wait.min(shared.settings.flow.max_pause).as_secs_f64(),
            at: Utc::now(),
        });
    }
}

/// One key.
pub(crate) struct Keyed {
    pub(crate) key: Key,
    pub(crate) account: Arc<Account>,
    pub(crate) budget: Mutex<Budget>,
    pub(crate) in_flight: Arc<Semaphore>,
    breaker: Mutex<Breaker>,
    story: Mutex<Story>,
}

#[derive(Default)]
struct Story {
    totals: Totals,
    last_success: Option<DateTime<Utc>>,
    last_failure: Option<(DateTime<Utc>, String)>,
}

impl Keyed {
    pub(crate) fn new(key: Key, account: Arc<Account>, shared: &Shared) -> Self {
        Self {
            key,
            account,
            budget: Mutex::new(Budget::new(shared.settings.retry.clone())),
            in_flight: Arc::new(Semaphore::new(shared.settings.flow.in_flight)),
            breaker: Mutex::new(Breaker::new(shared.settings.breaker.clone(), shared.now())),
            story: Mutex::default(),
        }
    }

    /// Whether a call would be refused for sure; moves nothing.
    pub(crate) fn refuses(&self, shared: &Shared) -> Option<Refused> {
        lock(&self.breaker).refuses(shared.now())
    }

    pub(crate) fn acquire(
        self: &Arc<Self>,
        shared: &Arc<Shared>,
        probe: Probe,
    ) -> Result<Permit, Refused> {
        let ticket = self.drive(shared, |b, now| b.acquire(probe, now, rand::random()))?;
        Ok(Permit {
            keyed: Arc::clone(self),
            shared: Arc::clone(shared),
            ticket: Some(ticket),
        })
    }

    /// See [`Breaker::acquire_in_place`].
    pub(crate) fn acquire_in_place(self: &Arc<Self>, shared: &Arc<Shared>) -> Option<Permit> {
        let ticket = self.drive(shared, |b, now| b.acquire_in_place(now, rand::random()))?;
        Some(Permit {
            keyed: Arc::clone(self),
            shared: Arc::clone(shared),
            ticket: Some(ticket),
        })
    }

    pub(crate) fn by_hand(&self, shared: &Shared, change: impl FnOnce(&mut Breaker, Duration)) {
        self.drive(shared, change);
    }

    fn drive<T>(&self, shared: &Shared, act: impl FnOnce(&mut Breaker, Duration) -> T) -> T {
        let mut breaker = lock(&self.breaker);
        let result = act(&mut breaker, shared.now());
        // Told under the lock, so that listeners hear the changes in their order.
        for Transition {
            from,
            to,
            reason,
            at,
        } in breaker.take_transitions()
        {
            telemetry::changed(&self.key, from, to, reason);
            shared.send(Event::Circuit {
                key: self.key.clone(),
                from,
                to,
                reason,
                at: shared.on_the_wall(at),
            });
        }
        result
    }

    pub(crate) fn count(&self, change: impl FnOnce(&mut Totals)) {
        change(&mut lock(&self.story).totals);
    }

    pub(crate) fn succeeded(&self) {
        let mut story = lock(&self.story);
        story.totals.successes += 1;
        story.last_success = Some(Utc::now());
    }

    pub(crate) fn failed(&self, detail: &str) {
        let mut story = lock(&self.story);
        story.totals.failures += 1;
        story.last_failure = Some((Utc::now(), detail.to_owned()));
    }

    pub(crate) fn snapshot(&self, shared: &Shared) -> Snapshot {
        let now = shared.now();
        let view = lock(&self.breaker).view(now);
        let (pause, points, size) = {
            let bucket = lock(&self.account.bucket);
            (bucket.pause_left(now), bucket.available(now), bucket.size())
        };
        let story = lock(&self.story);
        Snapshot {
            key: self.key.clone(),
            state: view.state,
            since: shared.on_the_wall(view.since),
            open_until: view
                .open_until
                .filter(|_| view.state == State::Open)
                .map(|at| shared.on_the_wall(at)),
            openings: view.openings,
            failures_in_a_row: view.failures_in_a_row,
            counts: view.counts,
            totals: story.totals,
            last_success: story.last_success,
            last_failure: story.last_failure.as_ref().map(|(at, _)| *at),
            last_failure_detail: story
                .last_failure
                .as_ref()
                .map(|(_, detail)| detail.clone()),
            in_flight: shared
                .settings
                .flow
                .in_flight
                .saturating_sub(self.in_flight.available_permits()),
            retry_tokens: lock(&self.budget).tokens(),
            paused_until: pause.map(|left| shared.on_the_wall(now + left)),
            points_available: points,
            bucket: size,
            credentials_broken_since: self.account.broken_since(),
        }
    }
}

/// Permission of one call; dropped without a verdict, it goes back.
pub(crate) struct Permit {
    keyed: Arc<Keyed>,
    shared: Arc<Shared>,
    ticket: Option<Ticket>,
}

impl Permit {
    pub(crate) fn record(mut self, observed: Observed) {
        if let Some(ticket) = self.ticket.take() {
            self.keyed.drive(&self.shared, |b, now| {
                b.record(ticket, observed, now, rand::random())
            });
        }
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        if let Some(ticket) = self.ticket.take() {
            lock(&self.keyed.breaker).release(ticket);
        }
    }
}

/// Points set aside for one call; dropped, they go back if nothing was sent and count as spent if something was.
pub(crate) struct Points {
    account: Arc<Account>,
    shared: Arc<Shared>,
    reservation: Option<Reservation>,
    /// What other processes know it as, once they were asked.
    call: Option<Uuid>,
    pub(crate) sent: bool,
}

impl Points {
    pub(crate) fn new(
        account: Arc<Account>,
        shared: Arc<Shared>,
        reservation: Reservation,
    ) -> Self {
        Self {
            account,
            shared,
            reservation: Some(reservation),
            call: None,
            sent: false,
        }
    }

    /// Asks for the same points where other processes see them too.
    pub(crate) async fn turn(&mut self, cost: f64) -> Turn {
        let Some(together) = &self.shared.together else {
            return Turn::Granted;
        };
        let call = Uuid::new_v4();
        // Before the answer: whoever gives up while it waits gives these points back too.
        self.call = Some(call);
        together.turn(&self.account.name, call, cost).await
    }

    pub(crate) fn settle(mut self, spent: Spent) {
        self.give_back(spent);
    }

    fn give_back(&mut self, spent: Spent) {
        if let Some(reservation) = self.reservation.take() {
            lock(&self.account.bucket).settle(reservation, spent, self.shared.now());
            if let (Some(together), Some(call)) = (&self.shared.together, self.call.take()) {
                together.settle(&self.account.name, call, spent);
            }
        }
    }
}

impl Drop for Points {
    fn drop(&mut self) {
        self.give_back(if self.sent {
            Spent::Unknown
        } else {
            Spent::Nothing
        });
    }
}
