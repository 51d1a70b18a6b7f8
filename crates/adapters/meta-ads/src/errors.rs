//! What Meta's error codes mean: to the circuit and the retries, and to people. Throttling comes as 400 or 403 with a code.
//! Source: Marketing API, *Error Codes* (v26).

use adapter_kit::{Failure, Outcome, Response, Verdict, retry_after, status_outcome};
use chrono::Utc;
use ports::{Kind, Retry};
use serde::Deserialize;
use std::borrow::Cow;
use std::time::Duration;

#[derive(Debug, Deserialize)]
struct Envelope {
    error: Said,
}

#[derive(Debug, Clone, Default, Deserialize)]
pub(crate) struct Said {
    #[serde(default)]
    pub message: String,
    #[serde(default)]
    pub code: i64,
    #[serde(default)]
    pub error_subcode: i64,
    #[serde(default)]
    pub is_transient: bool,
    #[serde(default)]
    pub error_user_title: Option<String>,
    #[serde(default)]
    pub error_user_msg: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Meaning {
    Throttled,
    Temporary,
    /// The report is too large: ask for less.
    TooMuch,
    Reauthorize,
    Permission,
    Policy,
    Gone,
    Refused,
}

impl Said {
    pub(crate) fn of(response: &Response) -> Option<Self> {
        let read = serde_json::from_slice::<Envelope>(&response.body);
        read.ok().map(|e| e.error)
    }

    pub(crate) fn meaning(&self) -> Meaning {
        let reduce = self.message.contains("reduce the amount of data");
        match (self.code, self.error_subcode) {
            (190, _) => Meaning::Reauthorize,
            (100, 1_487_534) => Meaning::TooMuch,
            _ if reduce => Meaning::TooMuch,
            (4 | 17 | 32 | 613 | 80_000 | 80_003..=80_008, _) => Meaning::Throttled,
            (1 | 2 | 2601, _) | (_, 99 | 1_815_107) => Meaning::Temporary,
            _ if self.is_transient => Meaning::Temporary,
            (10 | 200..=299 | 3, _) => Meaning::Permission,
            (368, _) => Meaning::Policy,
            (100, 33) => Meaning::Gone,
            _ => Meaning::Refused,
        }
    }

    /// What a person reads, and what the caller may do next.
    pub(crate) fn told(&self, account: &str) -> (Kind, Retry, String) {
        let said = match (&self.error_user_title, &self.error_user_msg) {
            (Some(title), Some(text)) => format!("{title}: {text}"),
            (None, Some(text)) => text.clone(),
            _ => self.message.clone(),
        };
        let code = match self.error_subcode {
            0 => format!("code {}", self.code),
            sub => format!("code {}/{sub}", self.code),
        };
        let later = Retry::After(Duration::from_secs(60));
        match self.meaning() {
            Meaning::Reauthorize => {
                let why = match self.error_subcode {
                    463 => "has expired",
                    467 => "was withdrawn",
                    460 => "ended with a change of password",
                    _ => "is not accepted",
                };
                let text = format!(
                    "Meta's token for account {account} {why} ({code}). Make a new one for the system user, and enter it."
                );
                (Kind::Unauthorized, Retry::Never, text)
            }
            Meaning::Permission => {
                let text = format!(
                    "Meta does not let this token do that in account {account} ({code}): {said} Grant ads_read, and ads_management for changes, and assign the account to the system user."
                );
                (Kind::Forbidden, Retry::Never, text)
            }
            Meaning::Throttled => (
                Kind::RateLimited,
                Retry::After(Duration::from_secs(300)),
                format!("Meta takes no more calls for account {account} for now ({code})"),
            ),
            Meaning::Temporary => (
                Kind::Unavailable,
                later,
                format!("Meta could not answer for account {account} ({code}): {said}"),
            ),
            Meaning::TooMuch => (
                Kind::Unavailable,
                later,
                format!("Meta finds this report of account {account} too large ({code})"),
            ),
            Meaning::Policy => (
                Kind::Forbidden,
                Retry::Never,
                format!("Meta has blocked this action for account {account} ({code}): {said}"),
            ),
            Meaning::Gone => (
                Kind::NotFound,
                Retry::Never,
                format!("Meta knows nothing of that number, or this token may not see it ({code})"),
            ),
            Meaning::Refused => (
                Kind::Rejected,
                Retry::Never,
                format!("Meta refused ({code}): {said}"),
            ),
        }
    }
}

/// The reading of an answer by its code; without one, by its status.
pub(crate) fn verdict(response: &Response) -> Verdict {
    let by_status = status_outcome(response.status, &response.headers);
    let Some(said) = Said::of(response) else {
        return by_status.into();
    };
    match said.meaning() {
        Meaning::Reauthorize => Outcome::CredentialsBroken,
        Meaning::Throttled => Outcome::Throttled {
            wait: retry_after(&response.headers, Utc::now()),
        },
        Meaning::Temporary => Outcome::Failure(Failure {
            kind: Kind::Unavailable,
            reason: Cow::Owned(format!("answered code {}", said.code)),
            wait: None,
        }),
        _ => Outcome::Success,
    }
    .into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_mean_the_same_whatever_stands_beside_them() {
        let meaning = |code, error_subcode| {
            let said = Said {
                code,
                error_subcode,
                ..Said::default()
            };
            said.meaning()
        };
        assert_eq!(meaning(190, 463), Meaning::Reauthorize);
        for code in [4, 17, 32, 613, 80_000, 80_003, 80_004, 80_008] {
            assert_eq!(meaning(code, 0), Meaning::Throttled, "{code}");
        }
        assert_eq!(meaning(100, 1_487_534), Meaning::TooMuch);
        assert_eq!(meaning(100, 33), Meaning::Gone);
        assert_eq!(meaning(294, 0), Meaning::Permission);
        assert_eq!(meaning(100, 1_885_650), Meaning::Refused);
        assert_eq!(meaning(2, 0), Meaning::Temporary);
        let reduce = Said {
            code: 1,
            message: "Please reduce the amount of data you're asking for, then retry your request"
                .to_owned(),
            ..Said::default()
        };
        assert_eq!(reduce.meaning(), Meaning::TooMuch);
    }
}
