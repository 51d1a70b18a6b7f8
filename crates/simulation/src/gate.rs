//! Where a call of a port passes, before and after: it takes its time, fails, loses its answer, or never comes back.

use crate::tally::Tally;
use ports::{Kind, PortError, PortResult, Retry};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use testkit::builders::Dice;
use tokio::time::Instant;

/// Chance and the state of the air, for all replicas of one history.
#[derive(Debug)]
pub(crate) struct Weather {
    dice: Mutex<Dice>,
    is_calm: AtomicBool,
    /// One call in so many fails, before or after it was carried out.
    faults: i64,
}

impl Weather {
    pub(crate) fn new(seed: u64) -> Self {
        let mut dice = Dice::seeded(seed);
        // Some histories have bad weather, some have nearly none.
        let faults = *dice.pick(&[12, 25, 60, 400]);
        Self {
            dice: Mutex::new(dice),
            is_calm: AtomicBool::new(true),
            faults,
        }
    }

    pub(crate) fn roll<T>(&self, choose: impl FnOnce(&mut Dice) -> T) -> T {
        choose(&mut self.dice.lock().unwrap_or_else(PoisonError::into_inner))
    }

    pub(crate) fn calm(&self, is_calm: bool) {
        self.is_calm.store(is_calm, Ordering::Relaxed);
    }

    pub(crate) fn is_calm(&self) -> bool {
        self.is_calm.load(Ordering::Relaxed)
    }

    /// Usually milliseconds, sometimes seconds, rarely longer than a lease.
    fn delay(&self) -> Duration {
        if self.is_calm() {
            return Duration::from_millis(1);
        }
        let ms = self.roll(|dice| match dice.below(200) {
            0 => 15_000 + dice.below(30_000),
            1..=9 => 500 + dice.below(4_500),
            _ => 1 + dice.below(60),
        });
        Duration::from_millis(u64::try_from(ms).unwrap_or(1))
    }

    pub(crate) fn fails(&self) -> bool {
        !self.is_calm() && self.roll(|dice| dice.one_in(self.faults))
    }
}

/// One life of one replica.
#[derive(Debug)]
pub(crate) struct Gate {
    who: usize,
    weather: Arc<Weather>,
    pub(crate) tally: Arc<Tally>,
    is_dead: AtomicBool,
    frozen_until: Mutex<Option<Instant>>,
}

impl Gate {
    pub(crate) fn new(who: usize, weather: Arc<Weather>, tally: Arc<Tally>) -> Self {
        Self {
            who,
            weather,
            tally,
            is_dead: AtomicBool::new(false),
            frozen_until: Mutex::default(),
        }
    }

    /// From now on no call goes out, and none comes back.
    pub(crate) fn kill(&self) {
        self.is_dead.store(true, Ordering::Relaxed);
    }

    /// The whole process stands still for so long.
    pub(crate) fn freeze(&self, time: Duration) {
        let until = Instant::now() + time;
        *self.frozen() = Some(until);
    }

    fn frozen(&self) -> std::sync::MutexGuard<'_, Option<Instant>> {
        self.frozen_until
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    async fn pass(&self) {
        tokio::time::sleep(self.weather.delay()).await;
        loop {
            if self.is_dead.load(Ordering::Relaxed) {
                std::future::pending::<()>().await;
            }
            let until = *self.frozen();
            match until {
                Some(until) if until > Instant::now() => tokio::time::sleep_until(until).await,
                _ => return,
            }
        }
    }

    /// The call is on its way; an error says that it was not carried out.
    pub(crate) async fn before(&self, call: &'static str) -> PortResult<()> {
        self.pass().await;
        self.tally.lock().calls += 1;
        self.trouble(call, "fails")
    }

    /// It was carried out; an error loses its answer.
    pub(crate) async fn after(&self, call: &'static str) -> PortResult<()> {
        self.pass().await;
        self.trouble(call, "loses its answer")
    }

    /// The same without failures: of calls whose answers say themselves what is not known.
    pub(crate) async fn slowly(&self, call: &'static str) {
        self.pass().await;
        self.tally.step(self.who, call, "passes");
    }

    fn trouble(&self, call: &'static str, how: &'static str) -> PortResult<()> {
        if !self.weather.fails() {
            self.tally.step(self.who, call, "passes");
            return Ok(());
        }
        self.tally.lock().faults += 1;
        self.tally.step(self.who, call, how);
        let again = Retry::After(Duration::from_secs(1));
        let detail = format!("the call {how}");
        Err(PortError::new(
            Kind::Unavailable,
            again,
            "simulation",
            call,
            detail,
        ))
    }

    pub(crate) fn roll<T>(&self, choose: impl FnOnce(&mut Dice) -> T) -> T {
        self.weather.roll(choose)
    }

    pub(crate) fn fails(&self) -> bool {
        self.weather.fails()
    }
}
