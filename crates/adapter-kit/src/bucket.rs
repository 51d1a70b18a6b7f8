//! The rate limiter: a leaky bucket of points that the provider reports, and pauses that it names.
//!
//! Pure: `now` comes in on any clock that only goes forward. Until the provider has said how large its bucket is, everything
//! passes. Points are what the provider counts, never money.

use std::time::Duration;

/// What a provider says about its bucket, e.g. Shopify's `throttleStatus`. In points and points per second.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ThrottleStatus {
    pub maximum_available: f64,
    pub currently_available: f64,
    pub restore_rate: f64,
}

/// What became of the points that were set aside for a call.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Spent {
    /// It was never sent, or it was refused before it ran.
    Nothing,
    /// It may have run: the points that were set aside count as spent.
    Unknown,
    /// It ran and cost this.
    Points(f64),
}

/// Points set aside for one call.
#[derive(Debug)]
#[must_use = "points that are not settled stay set aside"]
pub struct Reservation {
    cost: f64,
}

#[derive(Debug, Clone, Copy)]
struct Level {
    capacity: f64,
    available: f64,
    rate: f64,
    at: Duration,
}

/// The bucket of one account at one provider.
#[derive(Debug)]
pub struct Bucket {
    level: Option<Level>,
    /// Points of calls under way.
    set_aside: f64,
    paused_until: Duration,
    max_pause: Duration,
}

/// Far below any cost, far above what adding floats loses.
const ROUNDING: f64 = 1e-6;

impl Bucket {
    #[must_use]
    pub fn new(max_pause: Duration) -> Self {
        Self {
            level: None,
            set_aside: 0.0,
            paused_until: Duration::ZERO,
            max_pause,
        }
    }

    /// A size that is known before the first answer; the bucket is full. Does nothing when the provider already reported one.
    pub fn assume(&mut self, capacity: f64, restore_rate: f64, now: Duration) {
        if self.level.is_none() {
            let full = ThrottleStatus {
                maximum_available: capacity,
                currently_available: capacity,
                restore_rate,
            };
            self.observe(full, now);
        }
    }

    /// Sets `cost` points aside. A cost above the whole bucket waits for a full one and leaves the refusal to the provider.
    ///
    /// # Errors
    /// How long to wait before asking again.
    pub fn reserve(&mut self, cost: f64, now: Duration) -> Result<Reservation, Duration> {
        if let Some(left) = self.pause_left(now) {
            return Err(left);
        }
        let cost = if cost.is_finite() { cost.max(0.0) } else { 0.0 };
        self.restore(now);
        if let Some(level) = &mut self.level {
            let needed = cost.min(level.capacity);
            if level.available + ROUNDING < needed {
                let seconds = ((needed - level.available) / level.rate).min(86_400.0);
                return Err(Duration::from_secs_f64(seconds).max(Duration::from_millis(1)));
            }
            level.available -= cost;
        }
        self.set_aside += cost;
        Ok(Reservation { cost })
    }

    /// Gives back what a call did not use.
    pub fn settle(&mut self, reservation: Reservation, spent: Spent, now: Duration) {
        self.set_aside = (self.set_aside - reservation.cost).max(0.0);
        self.restore(now);
        let used = match spent {
            Spent::Nothing => 0.0,
            Spent::Unknown => reservation.cost,
            Spent::Points(points) if points.is_finite() => points.max(0.0),
            Spent::Points(_) => reservation.cost,
        };
        if let Some(level) = &mut self.level {
            level.available = (level.available + reservation.cost - used).min(level.capacity);
        }
    }

    /// Takes over what the provider says, less the points of the calls under way, which it may not have counted yet. Call it
    /// after `settle` of the call whose answer carried it.
    pub fn observe(&mut self, status: ThrottleStatus, now: Duration) {
        let ThrottleStatus {
            maximum_available: capacity,
            currently_available,
            restore_rate: rate,
        } = status;
        let sane = [capacity, currently_available, rate]
            .iter()
            .all(|x| x.is_finite());
        if !sane || capacity <= 0.0 || rate <= 0.0 {
            return;
        }
        let available = currently_available.clamp(0.0, capacity) - self.set_aside;
        self.level = Some(Level {
            capacity,
            available,
            rate,
            at: now,
        });
    }

    /// Nothing passes for `wait` (at most the longest pause that is believed); a pause is never shortened.
    pub fn pause(&mut self, wait: Duration, now: Duration) {
        self.paused_until = self.paused_until.max(now + wait.min(self.max_pause));
    }

    /// Time until the end of a pause.
    #[must_use]
    pub fn pause_left(&self, now: Duration) -> Option<Duration> {
        self.paused_until
            .checked_sub(now)
            .filter(|left| !left.is_zero())
    }

    /// Points free at `now`, when the provider's bucket is known. Negative while calls under way are dearer than what is left.
    #[must_use]
    pub fn available(&self, now: Duration) -> Option<f64> {
        self.level.map(|level| level.at(now).available)
    }

    /// Size of the bucket and points restored per second.
    #[must_use]
    pub fn size(&self) -> Option<(f64, f64)> {
        self.level.map(|level| (level.capacity, level.rate))
    }

    fn restore(&mut self, now: Duration) {
        self.level = self.level.map(|level| level.at(now));
    }
}

impl Level {
    fn at(self, now: Duration) -> Self {
        let elapsed = now.saturating_sub(self.at).as_secs_f64();
        let available = (self.available + elapsed * self.rate).min(self.capacity);
        Self {
            available,
            at: now.max(self.at),
            ..self
        }
    }
}

/// Time until `status` has `requested` points again; `None` when it never will or the figures cannot be.
#[must_use]
pub fn restored_after(requested: f64, status: ThrottleStatus) -> Option<Duration> {
    let missing = requested.min(status.maximum_available) - status.currently_available;
    let seconds = missing.max(0.0) / status.restore_rate;
    (seconds.is_finite() && status.restore_rate > 0.0)
        .then(|| Duration::from_secs_f64(seconds.min(86_400.0)))
}
