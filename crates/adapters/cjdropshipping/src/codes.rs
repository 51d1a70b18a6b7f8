//! What the codes of the envelope mean. Source: CJdropshipping API 2.0, *Error Codes*; two generations of the table disagree about
//! 1600100 and 1600300, so both are refusals.

use crate::wire::Settings;
use adapter_kit::{Cost, Failure, Outcome, Response, ThrottleStatus, Verdict, status_outcome};
use ports::Kind;
use serde::Deserialize;
use std::borrow::Cow;
use std::time::Duration;

/// The call that asks what the account may do.
pub(crate) const IDENTIFY: &str = "supplier.identify";

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Head {
    pub code: i64,
    pub result: Option<bool>,
    pub success: Option<bool>,
    pub message: Option<String>,
    #[serde(rename = "pointsInfo")]
    pub points: Option<Points>,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Points {
    pub used_today: u64,
    pub remaining: u64,
    pub total: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Meaning {
    Fine,
    /// The token is not accepted.
    Token,
    /// Too many calls within a second.
    Pace,
    /// The points of the day are used up.
    Points,
    Busy,
    /// There is no such thing.
    Missing,
    /// An order of this number is there already.
    Taken,
    Balance,
    Refused,
}

impl Head {
    pub(crate) fn of(response: &Response) -> Option<Self> {
        serde_json::from_slice(&response.body).ok()
    }

    pub(crate) fn meaning(&self) -> Meaning {
        match self.code {
            200 if self.result.or(self.success) != Some(false) => Meaning::Fine,
            1_600_001..=1_600_003 | 1_600_004..=1_600_008 | 1_600_030 | 1_600_031 | 1_601_000 => {
                Meaning::Token
            }
            1_600_200 => Meaning::Pace,
            429 | 16_900_500 | 1_600_201 => Meaning::Points,
            1_600_000 => Meaning::Busy,
            1_602_000 | 1_602_001 | 1_603_100 | 1_605_000 => Meaning::Missing,
            1_603_003 => Meaning::Taken,
            1_604_000 => Meaning::Balance,
            _ => Meaning::Refused,
        }
    }

    pub(crate) fn told(&self) -> String {
        let said = self.message.as_deref().unwrap_or_default();
        format!("CJdropshipping answered code {}: {said}", self.code)
    }
}

/// Tokens are renewed by this adapter, and points stop only what costs points: neither is the kit's to act on.
pub(crate) fn verdict(response: &Response) -> Verdict {
    let Some(head) = Head::of(response) else {
        return status_outcome(response.status, &response.headers).into();
    };
    let outcome = match head.meaning() {
        Meaning::Token => Outcome::Ignored,
        Meaning::Pace => Outcome::Throttled {
            wait: Some(Duration::from_secs(1)),
        },
        Meaning::Busy => Outcome::Failure(Failure {
            kind: Kind::Unavailable,
            reason: Cow::Owned(format!("answered code {}", head.code)),
            wait: None,
        }),
        // An error of the server that looks like an envelope, and is none.
        Meaning::Refused if head.code == 0 => status_outcome(response.status, &response.headers),
        _ => Outcome::Success,
    };
    let verdict = Verdict::from(outcome);
    match told_pace(response) {
        Some(status) => verdict.with_cost(Cost {
            status: Some(status),
            ..Cost::default()
        }),
        None => verdict,
    }
}

/// The account's own pace, where an answer tells it: from then on calls keep it.
fn told_pace(response: &Response) -> Option<ThrottleStatus> {
    #[derive(Deserialize)]
    struct Told {
        data: Settings,
    }
    if response.operation != IDENTIFY {
        return None;
    }
    let told: Told = serde_json::from_slice(&response.body).ok()?;
    let pace = f64::from(told.data.calls_a_second()?);
    Some(ThrottleStatus {
        maximum_available: pace,
        currently_available: pace - 1.0,
        restore_rate: pace,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Meaning {
        serde_json::from_str::<Head>(text).unwrap().meaning()
    }

    #[test]
    fn the_code_decides_and_not_the_message() {
        assert_eq!(of(r#"{"code":200,"result":true}"#), Meaning::Fine);
        assert_eq!(of(r#"{"code":200,"success":true}"#), Meaning::Fine);
        assert_eq!(of(r#"{"code":200,"result":false}"#), Meaning::Refused);
        let lying = r#"{"code":1600001,"result":false,"message":"Success"}"#;
        assert_eq!(of(lying), Meaning::Token);
        let points = r#"{"code":429,"message":"Insufficient API points","pointsInfo":{"usedToday":50000,"remaining":0,"total":50000}}"#;
        assert_eq!(of(points), Meaning::Points);
        assert_eq!(of(r#"{"code":16900500,"result":false}"#), Meaning::Points);
        assert_eq!(of(r#"{"code":1600200,"result":false}"#), Meaning::Pace);
        assert_eq!(of("{}"), Meaning::Refused);
    }
}
