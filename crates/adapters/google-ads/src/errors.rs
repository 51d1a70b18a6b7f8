//! What Google's errors mean. They come as an object or as an array of one; what counts is the code within the failure.
//! Source: Google Ads API v26, `google.ads.googleads.v26.errors`.

use adapter_kit::{Failure, Outcome, Response, Verdict, retry_after, status_outcome};
use chrono::Utc;
use ports::{Kind, Retry};
use serde_json::Value;
use std::borrow::Cow;
use std::time::Duration;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Said {
    /// `quotaError`, and its value; empty for an error of the front, e.g. a 401.
    pub category: String,
    pub value: String,
    pub message: String,
    pub retry_delay: Option<Duration>,
    pub status: u16,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Meaning {
    /// Later today or tomorrow.
    Exhausted,
    Throttled,
    Temporary,
    TooMuch,
    /// The token: a new one may do.
    Token,
    Reauthorize,
    Permission,
    Configuration,
    Gone,
    Refused,
}

impl Said {
    pub(crate) fn of(response: &Response) -> Option<Self> {
        if response.status.is_success() {
            return None;
        }
        let body: Value = serde_json::from_slice(&response.body).ok()?;
        let envelope = body
            .as_array()
            .map_or(&body, |all| all.first().unwrap_or(&Value::Null));
        let error = envelope.get("error")?;
        let failure = error.pointer("/details").and_then(Value::as_array);
        let failure = failure
            .into_iter()
            .flatten()
            .find_map(|d| d.pointer("/errors/0"));
        let code = failure.and_then(|f| f.get("errorCode")?.as_object()?.iter().next());
        let text = |v: Option<&Value>| v.and_then(Value::as_str).unwrap_or_default().to_owned();
        let delay = failure.and_then(|f| f.pointer("/details/quotaErrorDetails/retryDelay"));
        let delay = text(delay);
        let seconds = delay.strip_suffix('s').and_then(|s| s.parse().ok());
        Some(Self {
            category: code.map(|(name, _)| name.clone()).unwrap_or_default(),
            value: code.map(|(_, v)| text(Some(v))).unwrap_or_default(),
            message: text(
                failure
                    .and_then(|f| f.get("message"))
                    .or_else(|| error.get("message")),
            ),
            retry_delay: seconds.and_then(|s| Duration::try_from_secs_f64(s).ok()),
            status: response.status.as_u16(),
        })
    }

    pub(crate) fn meaning(&self) -> Meaning {
        match (self.category.as_str(), self.value.as_str()) {
            ("quotaError", "RESOURCE_TEMPORARILY_EXHAUSTED") => Meaning::Throttled,
            ("quotaError", "RESOURCE_EXHAUSTED") => Meaning::Exhausted,
            ("quotaError", _) => Meaning::TooMuch,
            ("internalError", _) | ("databaseError", "CONCURRENT_MODIFICATION") => {
                Meaning::Temporary
            }
            ("authenticationError", "OAUTH_TOKEN_EXPIRED" | "OAUTH_TOKEN_INVALID") => {
                Meaning::Token
            }
            ("authenticationError", _) => Meaning::Reauthorize,
            ("authorizationError", _) => Meaning::Permission,
            ("requestError", "UNSUPPORTED_VERSION" | "DEVELOPER_TOKEN_PARAMETER_MISSING") => {
                Meaning::Configuration
            }
            (_, "RESOURCE_NOT_FOUND") => Meaning::Gone,
            ("", _) => match self.status {
                401 => Meaning::Token,
                403 => Meaning::Permission,
                404 => Meaning::Configuration,
                429 => Meaning::Throttled,
                500.. => Meaning::Temporary,
                _ => Meaning::Refused,
            },
            _ => Meaning::Refused,
        }
    }

    pub(crate) fn told(&self, account: &str) -> (Kind, Retry, String) {
        let code = if self.value.is_empty() {
            format!("status {}", self.status)
        } else {
            self.value.clone()
        };
        let said = self.message.trim_end_matches('.');
        let wait =
            |standard| Retry::After(self.retry_delay.unwrap_or(Duration::from_secs(standard)));
        match self.meaning() {
            Meaning::Exhausted => (
                Kind::RateLimited,
                wait(3600),
                format!("Google Ads takes no more calls today ({code}): {said}."),
            ),
            Meaning::Throttled => (
                Kind::RateLimited,
                wait(60),
                format!("Google Ads takes no more calls for now ({code})."),
            ),
            Meaning::Temporary => (
                Kind::Unavailable,
                wait(60),
                format!("Google Ads could not answer for account {account} ({code}): {said}."),
            ),
            Meaning::TooMuch => (
                Kind::Unavailable,
                wait(300),
                format!("Google Ads finds this report of account {account} too large ({code})."),
            ),
            Meaning::Token | Meaning::Reauthorize => (
                Kind::Unauthorized,
                Retry::Never,
                format!(
                    "Google does not accept the credentials of account {account} ({code}): {said}. Grant access again, and enter the new refresh token."
                ),
            ),
            Meaning::Permission => (
                Kind::Forbidden,
                Retry::Never,
                format!(
                    "Google Ads does not let these credentials do that in account {account} ({code}): {said}. An account behind a manager needs GOOGLE_ADS_LOGIN_CUSTOMER_ID."
                ),
            ),
            Meaning::Configuration => (
                Kind::Configuration,
                Retry::Never,
                format!(
                    "Google Ads does not know such a call ({code}): {said}. Check the version and GOOGLE_ADS_BASE_URL."
                ),
            ),
            Meaning::Gone => (
                Kind::NotFound,
                Retry::Never,
                format!("Google Ads knows nothing of it in account {account} ({code})."),
            ),
            Meaning::Refused => (
                Kind::Rejected,
                Retry::Never,
                format!("Google Ads refused ({code}): {said}."),
            ),
        }
    }
}

pub(crate) fn verdict(response: &Response) -> Verdict {
    let Some(said) = Said::of(response) else {
        return status_outcome(response.status, &response.headers).into();
    };
    match said.meaning() {
        Meaning::Throttled => Outcome::Throttled {
            wait: said
                .retry_delay
                .or_else(|| retry_after(&response.headers, Utc::now())),
        },
        Meaning::Temporary => Outcome::Failure(Failure {
            kind: Kind::Unavailable,
            reason: Cow::Owned(format!(
                "answered {}",
                if said.value.is_empty() {
                    said.status.to_string()
                } else {
                    said.value.clone()
                }
            )),
            wait: said.retry_delay,
        }),
        // A refused token is fetched anew before the credentials count as broken.
        Meaning::Token => Outcome::Ignored,
        Meaning::Reauthorize => Outcome::CredentialsBroken,
        _ => Outcome::Success,
    }
    .into()
}
