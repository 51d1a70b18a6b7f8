//! The processes of one installation: who is there, rings when the log of events grows, and requests counted together. The place that they
//! share may go away; then each goes on with what it knows by itself, says so, and takes up again when it is back.

use crate::events::EventHub;
use chrono::{DateTime, Utc};
use ports::bells::Bell;
use ports::clock::Clock;
use ports::presence::{Presence, Replica};
use ports::rate_limits::{Quota, RateLimits, Taken};
use ports::{PortError, PortResult};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;
use tokio_util::sync::CancellationToken;

const BEAT_EVERY: Duration = Duration::from_secs(1);
/// Whoever was silent for so long is gone.
const KEEP: Duration = Duration::from_secs(5);
/// Between two tries to listen.
const LISTEN_AGAIN: Duration = Duration::from_secs(1);

/// Where replicas meet.
#[derive(Clone)]
pub struct MeetingPlace {
    pub bell: Arc<dyn Bell>,
    pub presence: Arc<dyn Presence>,
    pub limits: Arc<dyn RateLimits>,
    /// Whether other processes can be there; else it is this process's own.
    pub is_shared: bool,
}

/// What is known of the others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// Whether there is a place to meet.
    pub is_shared: bool,
    /// Those that were there at the last look; `None` while the place is away, or before the first look.
    pub present: Option<Vec<Replica>>,
    /// The place answered last.
    pub last_answer: Option<DateTime<Utc>>,
    /// Since when it does not, and why.
    pub away: Option<(DateTime<Utc>, String)>,
}

/// Cheap to clone; all clones are the same process.
#[derive(Clone)]
pub struct Replicas(Arc<Inner>);

struct Inner {
    me: Replica,
    place: MeetingPlace,
    /// Counts for this process alone while the place is away.
    own_limits: Arc<dyn RateLimits>,
    clock: Arc<dyn Clock>,
    standing: RwLock<Standing>,
}

impl Replicas {
    #[must_use]
    pub fn new(
        me: Replica,
        place: MeetingPlace,
        own_limits: Arc<dyn RateLimits>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        let standing = RwLock::new(Standing {
            is_shared: place.is_shared,
            present: None,
            last_answer: None,
            away: None,
        });
        Self(Arc::new(Inner {
            me,
            place,
            own_limits,
            clock,
            standing,
        }))
    }

    #[must_use]
    pub fn me(&self) -> &Replica {
        &self.0.me
    }

    #[must_use]
    pub fn standing(&self) -> Standing {
        let standing = self.0.standing.read();
        standing.unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Lets a request in or refuses it: counted over all processes, or by this one alone while they do not meet.
    pub async fn take(&self, quota: &Quota, key: &str) -> Taken {
        if let Ok(taken) = self.0.place.limits.take(quota, key).await {
            return taken;
        }
        let own = self.0.own_limits.take(quota, key).await;
        own.unwrap_or(Taken {
            remaining: 0,
            wait: None,
        })
    }

    pub async fn upkeep(&self) {
        self.0.place.limits.upkeep().await;
        self.0.own_limits.upkeep().await;
    }

    /// One look at who is there, saying that this one is.
    pub async fn beat(&self) {
        let presence = &self.0.place.presence;
        let looked = match presence.beat(&self.0.me, KEEP).await {
            Ok(()) => presence.present().await,
            Err(error) => Err(error),
        };
        self.note(looked);
    }

    fn note(&self, looked: PortResult<Vec<Replica>>) {
        let now = self.0.clock.now();
        let standing = self.0.standing.write();
        let mut standing = standing.unwrap_or_else(PoisonError::into_inner);
        match looked {
            Ok(present) => {
                if standing.away.take().is_some() {
                    tracing::info!("what replicas share is there again");
                }
                standing.present = Some(present);
                standing.last_answer = Some(now);
            }
            Err(error) => {
                if standing.away.is_none() {
                    tracing::warn!(%error, cause = cause(&error), "what replicas share is away; this process goes on by itself");
                }
                let since = standing.away.take().map_or(now, |(since, _)| since);
                standing.away = Some((since, error.detail));
                standing.present = None;
            }
        }
    }

    /// Beats, rings for what this process writes, and wakes its streams when others wrote, until stopped; then leaves.
    pub async fn run(&self, hub: EventHub, stop: CancellationToken) {
        let all = async {
            futures::join!(self.beats(), self.rings(&hub), self.listens(&hub));
        };
        tokio::select! {
            () = stop.cancelled() => {}
            () = all => {}
        }
        if let Err(error) = self.0.place.presence.leave(self.0.me.id).await {
            tracing::debug!(%error, "this process counts as there for some seconds more");
        }
    }

    async fn beats(&self) {
        loop {
            self.beat().await;
            tokio::time::sleep(BEAT_EVERY).await;
        }
    }

    async fn rings(&self, hub: &EventHub) {
        let mut written = hub.written_here();
        while written.changed().await.is_ok() {
            if let Err(error) = self.0.place.bell.ring().await {
                tracing::debug!(%error, "other processes look at the log a little later");
            }
        }
    }

    async fn listens(&self, hub: &EventHub) {
        loop {
            if let Ok(mut ear) = self.0.place.bell.listen().await {
                // Rings from before it listened.
                hub.written_elsewhere();
                while ear.heard().await.is_ok() {
                    hub.written_elsewhere();
                }
            }
            tokio::time::sleep(LISTEN_AGAIN).await;
        }
    }
}

fn cause(error: &PortError) -> Option<String> {
    error.source.as_ref().map(ToString::to_string)
}
