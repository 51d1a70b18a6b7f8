//! What the background check of this process found, as figures for monitoring.

use application::backups::Standing as Backups;
use application::replicas::Standing as Replicas;
use chrono::{DateTime, Utc};

fn flag(is_on: bool) -> f64 {
    if is_on { 1.0 } else { 0.0 }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "seconds and processes, of which there are few"
)]
fn number(value: i64) -> f64 {
    value as f64
}

/// Told once, so that a panel without data and one of zero are told apart.
pub(crate) fn describe() {
    metrics::describe_gauge!(
        "royal_redis_up",
        "1: what replicas share answers, 0: it is away and each process goes on by itself; absent without REDIS_URL"
    );
    metrics::describe_gauge!(
        "royal_replicas",
        "Processes that see each other, this one among them; absent while Redis is away"
    );
    metrics::describe_gauge!(
        "royal_backup_age_seconds",
        metrics::Unit::Seconds,
        "Since the newest backup that was made by itself; absent where none is"
    );
    metrics::describe_gauge!(
        "royal_backup_failing",
        "1: the last try to make a backup failed, or the newest is older than twice BACKUP_EVERY"
    );
    metrics::describe_gauge!("ws_streams", "Open WebSockets");
}

/// `None` of a process by itself.
pub(crate) fn replicas(standing: &Replicas) {
    if standing.is_shared {
        metrics::gauge!("royal_redis_up").set(flag(standing.away.is_none()));
    }
    if let Some(present) = &standing.present {
        let count = i64::try_from(present.len()).unwrap_or(i64::MAX);
        metrics::gauge!("royal_replicas").set(number(count));
    }
}

pub(crate) fn backups(standing: &Backups, now: DateTime<Utc>) {
    if let Some(newest) = &standing.newest {
        let age = (now - newest.made_at).num_seconds();
        metrics::gauge!("royal_backup_age_seconds").set(number(age));
    }
    let failing = standing.failure.is_some() || standing.is_late;
    metrics::gauge!("royal_backup_failing").set(flag(failing));
}
