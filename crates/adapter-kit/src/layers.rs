//! What a call passes before it is sent: rate limit, bulkhead, circuit, in this order. Nothing here sends.

use std::sync::Arc;
use std::time::Duration;

use ports::Kind;
use ports::cost_buckets::Turn;
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::{Instant, sleep, timeout_at};

use crate::breaker::{Observed, Probe, Refused, State};
use crate::bucket::Spent;
use crate::failed::{Failed, Reached, Repeat};
use crate::judge::{Who, seconds};
use crate::key::{Access, Effect};
use crate::keyed::{Keyed, Permit, Points};
use crate::registry::{Shared, lock};

/// Between two looks at points that other processes hold.
const LOOK_AGAIN: Duration = Duration::from_secs(1);

/// Everything a call holds while it is under way; dropped, all of it goes back.
pub(crate) struct Pass {
    pub(crate) points: Points,
    permit: Permit,
    in_place: Option<Permit>,
    _slot: OwnedSemaphorePermit,
}

impl Pass {
    /// Gives everything back: the points as they were spent, the permission with its verdict when it counts.
    pub(crate) fn finish(self, spent: Spent, observed: Option<Observed>) {
        self.points.settle(spent);
        let Some(observed) = observed else { return };
        self.permit.record(observed);
        if let Some(other) = self.in_place {
            other.record(observed);
        }
    }
}

/// The layers of one call.
pub(crate) struct Layers<'a> {
    pub(crate) shared: &'a Arc<Shared>,
    pub(crate) keyed: &'a Arc<Keyed>,
    /// Key of the account's writes.
    pub(crate) writes: &'a Arc<Keyed>,
    pub(crate) who: Who<'a>,
    pub(crate) deadline: Instant,
}

impl Layers<'_> {
    pub(crate) async fn pass(&self, effect: Effect, cost: f64) -> Result<Pass, Failed> {
        // Before the queues: an open circuit refuses at once, also behind a pause.
        self.credentials()?;
        if let Some(refused) = self.keyed.refuses(self.shared) {
            return Err(self.refused(refused));
        }
        let points = self.points(cost).await?;
        let slot = self.slot().await?;
        self.credentials()?;
        if Instant::now() >= self.deadline {
            return Err(self.out_of_time("its turn", Duration::from_secs(1)));
        }
        let probe = if effect.may_repeat() {
            Probe::May
        } else {
            Probe::MustNot
        };
        let permit = self
            .keyed
            .acquire(self.shared, probe)
            .map_err(|refused| self.refused(refused))?;
        let in_place = match effect.access() {
            Access::Read => self.writes.acquire_in_place(self.shared),
            Access::Write => None,
        };
        Ok(Pass {
            points,
            permit,
            in_place,
            _slot: slot,
        })
    }

    fn credentials(&self) -> Result<(), Failed> {
        let Some(since) = self.keyed.account.broken_since() else {
            return Ok(());
        };
        let Who { provider, origin } = self.who;
        let detail = format!(
            "{provider} at {origin} has refused the credentials since {}: enter new ones.",
            since.format("%Y-%m-%d %H:%M UTC")
        );
        Err(Failed::new(
            Kind::Unauthorized,
            Reached::Not,
            Repeat::Never,
            "credentials",
            detail,
        ))
    }

    async fn points(&self, cost: f64) -> Result<Points, Failed> {
        let account = &self.keyed.account;
        // A pause that is longer than the step is told at once, not at the end of the queue.
        let paused = lock(&account.bucket).pause_left(self.shared.now());
        if let Some(wait) = paused.filter(|wait| Instant::now() + *wait > self.deadline) {
            return Err(self.paused(wait));
        }
        let turn = timeout_at(self.deadline, account.turnstile.lock()).await;
        let _turn = turn.map_err(|_| {
            self.out_of_time("a free point of its rate limit", Duration::from_secs(1))
        })?;
        loop {
            let reserved = lock(&account.bucket).reserve(cost, self.shared.now());
            match reserved {
                Ok(reservation) => {
                    let mut points =
                        Points::new(Arc::clone(account), Arc::clone(self.shared), reservation);
                    match points.turn(cost).await {
                        Turn::Granted => return Ok(points),
                        Turn::Wait(wait) if Instant::now() + wait > self.deadline => {
                            return Err(self.paused(wait));
                        }
                        Turn::Wait(wait) => {
                            drop(points);
                            // Others may give points back before that.
                            sleep(wait.min(LOOK_AGAIN)).await;
                        }
                    }
                }
                Err(wait) if Instant::now() + wait > self.deadline => return Err(self.paused(wait)),
                Err(wait) => sleep(wait).await,
            }
        }
    }

    fn paused(&self, wait: Duration) -> Failed {
        let Who { provider, origin } = self.who;
        let detail = format!(
            "{provider} at {origin} asked for a pause: {} left of it.",
            seconds(wait)
        );
        Failed::new(
            Kind::RateLimited,
            Reached::Not,
            Repeat::Later(wait),
            "paused",
            detail,
        )
    }

    async fn slot(&self) -> Result<OwnedSemaphorePermit, Failed> {
        let waited = timeout_at(
            self.deadline,
            Arc::clone(&self.keyed.in_flight).acquire_owned(),
        )
        .await;
        match waited {
            Ok(Ok(slot)) => Ok(slot),
            Ok(Err(_)) | Err(_) => {
                Err(self.out_of_time("one of the calls under way to end", Duration::from_secs(1)))
            }
        }
    }

    fn out_of_time(&self, what: &str, wait: Duration) -> Failed {
        let Who { provider, origin } = self.who;
        let detail = format!(
            "The step's time was up while it waited for {what} ({provider} at {origin}). Nothing was sent."
        );
        Failed::new(
            Kind::Cancelled,
            Reached::Not,
            Repeat::Later(wait),
            "deadline",
            detail,
        )
    }

    fn refused(&self, refused: Refused) -> Failed {
        let Who { provider, origin } = self.who;
        self.keyed.count(|totals| totals.refused += 1);
        let (wait, detail) = match refused.left {
            None => {
                let detail = format!(
                    "Calls to {provider} at {origin} were stopped by hand. Reset the circuit to send again."
                );
                (Duration::from_secs(60), detail)
            }
            Some(left) if refused.state == State::HalfOpen => (
                left,
                format!(
                    "{provider} at {origin} was down and is being tried with a few calls. Try again in a moment."
                ),
            ),
            Some(left) => {
                let again = seconds(left.max(Duration::from_millis(10)));
                (
                    left,
                    format!(
                        "{provider} at {origin} failed too often: no calls for another {again}, then it is tried again."
                    ),
                )
            }
        };
        Failed::new(
            Kind::CircuitOpen,
            Reached::Not,
            Repeat::Later(wait),
            "circuit_open",
            detail,
        )
    }
}
