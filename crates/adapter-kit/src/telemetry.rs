//! Names of the metrics and of the fields of the spans of outgoing calls.

use std::time::Duration;

use crate::breaker::{Reason, State};
use crate::key::Key;

/// Tries, by provider, operation, access and outcome.
pub const CALLS: &str = "royal_provider_calls_total";
/// Seconds of a try from sending to the last byte.
pub const SECONDS: &str = "royal_provider_call_seconds";
/// Tries beyond the first.
pub const RETRIES: &str = "royal_provider_retries_total";
/// Changes of a circuit, by provider, access, state and reason.
pub const CHANGES: &str = "royal_circuit_changes_total";

pub(crate) fn tried(key: &Key, operation: &'static str, outcome: &'static str, elapsed: Duration) {
    let access = key.access.as_str();
    metrics::counter!(CALLS, "provider" => key.provider, "operation" => operation, "access" => access, "outcome" => outcome)
        .increment(1);
    metrics::histogram!(SECONDS, "provider" => key.provider, "operation" => operation)
        .record(elapsed.as_secs_f64());
}

pub(crate) fn refused(key: &Key, operation: &'static str, outcome: &'static str) {
    let access = key.access.as_str();
    metrics::counter!(CALLS, "provider" => key.provider, "operation" => operation, "access" => access, "outcome" => outcome)
        .increment(1);
}

pub(crate) fn retried(key: &Key, operation: &'static str) {
    metrics::counter!(RETRIES, "provider" => key.provider, "operation" => operation).increment(1);
}

pub(crate) fn changed(key: &Key, from: State, to: State, reason: Reason) {
    tracing::warn!(
        provider = key.provider,
        account = %key.account,
        access = key.access.as_str(),
        from = from.as_str(),
        to = to.as_str(),
        ?reason,
        "circuit changed"
    );
    metrics::counter!(
        CHANGES,
        "provider" => key.provider,
        "access" => key.access.as_str(),
        "to" => to.as_str(),
        "reason" => format!("{reason:?}"),
    )
    .increment(1);
}
