//! What an answer means to the circuit, the rate limiter and the retries.
//!
//! An adapter knows its provider's own codes and passes a [`Classify`]; [`default_verdict`] is what the status alone says.

use std::borrow::Cow;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use ports::Kind;
use reqwest::StatusCode;
use reqwest::header::{DATE, HeaderMap, RETRY_AFTER};

use crate::bucket::ThrottleStatus;
use crate::response::Response;

/// What became of a call that was answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The provider works; the caller gets the answer, also one that refuses (400, 404, 409, 422 …).
    Success,
    /// The provider is broken; counts in the circuit and may be repeated.
    Failure(Failure),
    /// Too many requests: pauses the account, does not count in the circuit.
    Throttled { wait: Option<Duration> },
    /// Says nothing about the provider: not counted, the caller gets the answer.
    Ignored,
    /// The credentials do not work: not counted, stops every call of the account until they are renewed. An adapter that can
    /// renew its token itself answers [`Outcome::Ignored`] until that has failed.
    CredentialsBroken,
}

/// A broken answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// Usually `Kind::Unavailable` (broken) or `Kind::Corrupt` (nonsense).
    pub kind: Kind,
    /// Continues the sentence "shopify at https://… ": `answered 503`. No secrets, no query strings.
    pub reason: Cow<'static, str>,
    /// What the provider asked us to wait.
    pub wait: Option<Duration>,
}

/// What an answer says about the cost of its call.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Cost {
    /// What the provider counted before it ran the call; replaces our own estimate where a wait is computed.
    pub requested: Option<f64>,
    /// What it cost in the end; `None` when it did not run or nothing is said.
    pub actual: Option<f64>,
    pub status: Option<ThrottleStatus>,
}

/// The whole reading of an answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Verdict {
    pub outcome: Outcome,
    pub cost: Option<Cost>,
}

impl From<Outcome> for Verdict {
    fn from(outcome: Outcome) -> Self {
        Self {
            outcome,
            cost: None,
        }
    }
}

impl Verdict {
    #[must_use]
    pub fn with_cost(mut self, cost: Cost) -> Self {
        self.cost = Some(cost);
        self
    }
}

/// Reads an answer. Called once for each answer whose body arrived whole, and, where JSON is expected, is JSON.
pub type Classify = Arc<dyn Fn(&Response) -> Verdict + Send + Sync>;

/// The verdict of the status alone.
#[must_use]
pub fn default_verdict(response: &Response) -> Verdict {
    status_outcome(response.status, &response.headers).into()
}

/// 429 throttles; 401 and 403 break the credentials; 500, 502, 503, 504 and 520 to 530 (a front such as Cloudflare that cannot
/// reach the provider) are failures; everything else proves that the provider works.
#[must_use]
pub fn status_outcome(status: StatusCode, headers: &HeaderMap) -> Outcome {
    match status.as_u16() {
        429 => Outcome::Throttled {
            wait: retry_after(headers, Utc::now()),
        },
        401 | 403 => Outcome::CredentialsBroken,
        500 | 502 | 503 | 504 | 520..=530 => Outcome::Failure(Failure {
            kind: Kind::Unavailable,
            reason: Cow::Owned(format!("answered {status}")),
            wait: retry_after(headers, Utc::now()),
        }),
        _ => Outcome::Success,
    }
}

/// The wait of a `Retry-After` header: seconds (also with decimals, as some providers send), or a date, measured against the
/// answer's own `Date` where it has one, so that a wrong clock on either side does no harm. RFC 9110 §10.2.3.
#[must_use]
pub fn retry_after(headers: &HeaderMap, now: DateTime<Utc>) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = text.parse::<f64>() {
        return Duration::try_from_secs_f64(seconds).ok();
    }
    let http_date = |s: &str| {
        DateTime::parse_from_rfc2822(s)
            .ok()
            .map(|d| d.with_timezone(&Utc))
    };
    let answered = headers
        .get(DATE)
        .and_then(|v| v.to_str().ok())
        .and_then(http_date)
        .unwrap_or(now);
    (http_date(text)? - answered).to_std().ok()
}
