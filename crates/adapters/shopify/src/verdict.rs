//! What an answer means to the circuit, the rate limiter and the retries. Reads codes and costs, no facts.

use crate::wire::{Extensions, GraphError};
use adapter_kit::{
    Cost, Failure, Outcome, Response, ThrottleStatus, Verdict, retry_after, status_outcome,
};
use chrono::Utc;
use ports::Kind;
use serde::Deserialize;
use serde::de::IgnoredAny;
use std::borrow::Cow;

#[derive(Deserialize)]
struct Light {
    data: Option<IgnoredAny>,
    #[serde(default)]
    errors: Option<Vec<GraphError>>,
    #[serde(default)]
    extensions: Option<Extensions>,
}

/// `renewable`: a refused token is fetched anew before the credentials count as broken.
#[must_use]
pub(crate) fn verdict(response: &Response, renewable: bool) -> Verdict {
    match response.status.as_u16() {
        401 if renewable => return Outcome::Ignored.into(),
        430 => {
            let wait = retry_after(&response.headers, Utc::now());
            return Outcome::Throttled { wait }.into();
        }
        _ => {}
    }
    let by_status = status_outcome(response.status, &response.headers);
    if !response.status.is_success() {
        return by_status.into();
    }
    let Ok(light) = serde_json::from_slice::<Light>(&response.body) else {
        // Well-formed JSON of another shape, e.g. `errors` as a text: the caller says what is wrong with it.
        return Outcome::Success.into();
    };
    let code = |wanted: &str| light.errors.iter().flatten().any(|e| e.code() == wanted);
    let outcome = if code("THROTTLED") {
        Outcome::Throttled { wait: None }
    } else if light.data.is_none() && code("INTERNAL_SERVER_ERROR") {
        Outcome::Failure(Failure {
            kind: Kind::Unavailable,
            reason: Cow::Borrowed("failed inside (INTERNAL_SERVER_ERROR)"),
            wait: None,
        })
    } else {
        Outcome::Success
    };
    match cost(light.extensions) {
        Some(cost) => Verdict::from(outcome).with_cost(cost),
        None => outcome.into(),
    }
}

fn cost(extensions: Option<Extensions>) -> Option<Cost> {
    let cost = extensions?.cost?;
    Some(Cost {
        requested: cost.requested_query_cost,
        actual: cost.actual_query_cost,
        status: cost.throttle_status.map(|s| ThrottleStatus {
            maximum_available: s.maximum_available,
            currently_available: s.currently_available,
            restore_rate: s.restore_rate,
        }),
    })
}
