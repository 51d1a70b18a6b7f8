//! What BigQuery's errors mean. Source: cloud.google.com/bigquery/docs/error-messages; what counts is the reason of the first error.

use adapter_kit::{Failure, Outcome, Response, Verdict, retry_after, status_outcome};
use chrono::Utc;
use ports::{Kind, PortError, Retry};
use serde_json::Value;
use std::borrow::Cow;
use std::time::Duration;

pub(crate) const PROVIDER: &str = "bigquery";
/// A quota of a day is looked at again after so long.
const QUOTA: Duration = Duration::from_secs(3600);
const LONGEST_TEXT: usize = 300;

pub(crate) fn error(
    kind: Kind,
    retry: Retry,
    operation: &'static str,
    detail: String,
) -> PortError {
    PortError::new(kind, retry, PROVIDER, operation, detail)
}

/// Reason and message.
fn said(response: &Response) -> (String, String) {
    let body: Value = serde_json::from_slice(&response.body).unwrap_or_default();
    let error = &body["error"];
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let plain = text(&error["message"]);
    let plain = plain.chars().filter(|c| !c.is_control());
    (
        text(&error["errors"][0]["reason"]),
        plain.take(LONGEST_TEXT).collect(),
    )
}

/// Reasons with which the same may succeed in a moment.
pub(crate) fn is_passing(reason: &str) -> bool {
    matches!(
        reason,
        "backendError"
            | "internalError"
            | "jobBackendError"
            | "jobInternalError"
            | "tableUnavailable"
    ) || is_limit(reason)
}

fn is_limit(reason: &str) -> bool {
    matches!(reason, "rateLimitExceeded" | "jobRateLimitExceeded")
}

pub(crate) fn verdict(response: &Response) -> Verdict {
    let status = response.status.as_u16();
    if status < 400 {
        return Outcome::Success.into();
    }
    let (reason, _) = said(response);
    let wait = retry_after(&response.headers, Utc::now());
    match status {
        _ if is_limit(&reason) => Outcome::Throttled { wait },
        _ if is_passing(&reason) => Outcome::Failure(Failure {
            kind: Kind::Unavailable,
            reason: Cow::Owned(format!("answered {reason}")),
            wait,
        }),
        // A new token may do; and what may not be done says nothing about the rest.
        401 | 403 => Outcome::Ignored,
        _ => status_outcome(response.status, &response.headers),
    }
    .into()
}

/// An answer that is no 2xx, told to a person.
pub(crate) fn refused(response: &Response, place: &str) -> PortError {
    let (reason, message) = said(response);
    let (kind, retry, detail) = match (response.status.as_u16(), reason.as_str()) {
        (_, "quotaExceeded") => (
            Kind::RateLimited,
            Retry::After(QUOTA),
            format!("a quota of {place} is used up: {message}"),
        ),
        (_, "billingNotEnabled" | "billingTierLimitExceeded") => (
            Kind::Forbidden,
            Retry::Never,
            format!("the project wants a billing account: {message}"),
        ),
        (401, _) => (
            Kind::Unauthorized,
            Retry::Never,
            format!("BigQuery refuses the service account ({message}): check BIGQUERY_CREDENTIALS"),
        ),
        (403, _) => (
            Kind::Forbidden,
            Retry::Never,
            format!(
                "BigQuery refuses it ({message}): give the service account roles/bigquery.dataEditor on the dataset and roles/bigquery.jobUser on the project"
            ),
        ),
        (404, _) => (
            Kind::NotFound,
            Retry::Never,
            format!(
                "{place} is not there ({message}): check BIGQUERY_PROJECT_ID, BIGQUERY_DATASET and BIGQUERY_LOCATION"
            ),
        ),
        (409, _) => (Kind::Conflict, Retry::Never, message),
        (status, reason) => (
            Kind::Rejected,
            Retry::Never,
            format!("BigQuery answered {status} {reason}: {message}"),
        ),
    };
    error(kind, retry, response.operation, detail)
}
