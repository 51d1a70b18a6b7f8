//! Where replicas meet: in Redis when it is set, else every process by itself.

use super::ComposeError;
use crate::config::Settings;
use adapter_local::{Hall, Seat};
use adapter_redis::{RedisPlace, RedisShared};
use application::replicas::MeetingPlace;
use ports::cost_buckets::CostBuckets;
use ports::rate_limits::RateLimits;
use secrecy::ExposeSecret as _;
use std::sync::Arc;
use uuid::Uuid;

/// One process's way to the others.
#[derive(Clone)]
pub struct Meeting {
    /// Of this process.
    pub id: Uuid,
    pub place: MeetingPlace,
    /// For when the place is away.
    pub own_limits: Arc<dyn RateLimits>,
    /// `None`: this process's own will do.
    pub(super) buckets: Option<Arc<dyn CostBuckets>>,
}

pub(super) fn meeting(settings: &Settings) -> Result<Meeting, ComposeError> {
    let id = Uuid::new_v4();
    let own = Arc::new(Hall::default().seat(id));
    let Some(url) = &settings.replicas.redis_url else {
        return Ok(Meeting {
            id,
            place: alone(&own),
            own_limits: own,
            buckets: None,
        });
    };
    let shared = Arc::new(RedisShared::new(RedisPlace {
        url: url.expose_secret().to_owned(),
        prefix: settings.replicas.redis_prefix.clone(),
        replica: id,
    })?);
    Ok(Meeting {
        id,
        place: MeetingPlace {
            bell: Arc::clone(&shared) as _,
            presence: Arc::clone(&shared) as _,
            limits: Arc::clone(&shared) as _,
            is_shared: true,
        },
        own_limits: own,
        buckets: Some(shared),
    })
}

fn alone(own: &Arc<Seat>) -> MeetingPlace {
    MeetingPlace {
        bell: Arc::clone(own) as _,
        presence: Arc::clone(own) as _,
        limits: Arc::clone(own) as _,
        is_shared: false,
    }
}
