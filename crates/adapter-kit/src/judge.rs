//! From what happened on the wire to what it means: for the circuit, for the retries, and in words for a person.

use std::borrow::Cow;
use std::time::Duration;

use ports::Kind;
use reqwest::StatusCode;
use reqwest::header::HeaderMap;
use serde::de::IgnoredAny;

use crate::exchange::Broken;
use crate::failed::{Failed, Reached, Repeat};
use crate::reach;
use crate::request::Expect;
use crate::response::{Response, media_type};
use crate::retry::Why;
use crate::settings::Limits;
use crate::verdict::Failure;

const TRANSIENT: Repeat = Repeat::Now {
    why: Why::Transient,
    named: None,
};

/// Names the other side in messages, e.g. "shopify at https://demo.myshopify.com".
#[derive(Debug, Clone, Copy)]
pub(crate) struct Who<'a> {
    pub(crate) provider: &'static str,
    pub(crate) origin: &'a str,
}

/// A broken exchange, and whether it counts as a failure of the provider.
pub(crate) fn broken(
    broken: Broken,
    who: Who<'_>,
    limits: &Limits,
    first_byte: Duration,
    elapsed: Duration,
) -> (Failed, bool) {
    let Who { provider, origin } = who;
    let failed = |kind, reached, repeat, outcome, detail: String| {
        Failed::new(kind, reached, repeat, outcome, detail)
    };
    let unavailable =
        |reached, outcome, detail| failed(Kind::Unavailable, reached, TRANSIENT, outcome, detail);
    let corrupt =
        |outcome, detail| failed(Kind::Corrupt, Reached::Perhaps, TRANSIENT, outcome, detail);
    let hint = "is it running? Check the address and the network.";
    match broken {
        Broken::Invalid(e) => {
            let detail = format!(
                "The request to {provider} at {origin} cannot be built: check the address and the settings."
            );
            (
                failed(
                    Kind::Configuration,
                    Reached::Not,
                    Repeat::Never,
                    "invalid",
                    detail,
                )
                .with_source(e),
                false,
            )
        }
        Broken::Connect(e) if reach::is_inside(&e) => {
            let detail = format!("{provider}: {origin} is inside a network, and is not called.");
            let failed = failed(
                Kind::Configuration,
                Reached::Not,
                Repeat::Never,
                "inside",
                detail,
            );
            (failed.with_source(e), false)
        }
        Broken::Connect(e) => {
            let detail = format!("{provider}: could not connect to {origin}: {hint}");
            (
                unavailable(Reached::Not, "connect", detail).with_source(e),
                true,
            )
        }
        Broken::ConnectTime => {
            let detail = format!(
                "{provider}: no connection to {origin} within {}: {hint}",
                seconds(limits.connect)
            );
            (unavailable(Reached::Not, "connect", detail), true)
        }
        Broken::Lost(e) => {
            let detail = format!(
                "{provider} at {origin} broke off the connection before it answered. Try again later."
            );
            (
                unavailable(Reached::Perhaps, "lost", detail).with_source(e),
                true,
            )
        }
        Broken::FirstByteTime => {
            let detail = format!(
                "{provider} at {origin} did not answer within {}. Try again later.",
                seconds(first_byte)
            );
            (unavailable(Reached::Perhaps, "timeout", detail), true)
        }
        Broken::IdleTime { received } => {
            let idle = seconds(limits.body_idle);
            let detail = format!(
                "{provider} at {origin} stopped its answer after {received} bytes for {idle}. Try again later."
            );
            (unavailable(Reached::Perhaps, "timeout", detail), true)
        }
        Broken::Cut { received, source } => {
            let detail = format!(
                "{provider} at {origin} broke off its answer after {received} bytes. Try again later."
            );
            (corrupt("cut", detail).with_source(source), true)
        }
        Broken::TooLarge { cap } => {
            let detail = format!(
                "{provider} at {origin} answered with more than {cap} bytes. Ask for smaller pages."
            );
            (
                failed(
                    Kind::Corrupt,
                    Reached::Perhaps,
                    Repeat::Never,
                    "too_large",
                    detail,
                ),
                false,
            )
        }
        Broken::Deadline => {
            let detail = format!(
                "{provider} at {origin} had not answered when the step's time was up. Try again later."
            );
            let later = Repeat::Later(Duration::from_secs(1));
            // A provider that was given less than its own limit did nothing wrong.
            (
                failed(Kind::Cancelled, Reached::Perhaps, later, "deadline", detail),
                elapsed >= first_byte,
            )
        }
    }
}

/// A 2xx answer that is not what was asked for.
pub(crate) fn unexpected(
    status: StatusCode,
    headers: &HeaderMap,
    body: &[u8],
    expect: Expect,
) -> Option<Failure> {
    let empty = matches!(status, StatusCode::NO_CONTENT | StatusCode::RESET_CONTENT);
    if expect == Expect::Anything || !status.is_success() || empty {
        return None;
    }
    let nonsense = |reason: Cow<'static, str>| {
        Some(Failure {
            kind: Kind::Corrupt,
            reason,
            wait: None,
        })
    };
    match media_type(headers) {
        Some(kind) if kind == "application/json" || kind.ends_with("+json") => {}
        Some(kind) => {
            return nonsense(Cow::Owned(format!(
                "answered with {kind} where JSON belongs"
            )));
        }
        None => return nonsense(Cow::Borrowed("answered without saying that it is JSON")),
    }
    let unreadable = serde_json::from_slice::<IgnoredAny>(body).is_err();
    if unreadable {
        nonsense(Cow::Borrowed(
            "answered something that is not JSON, or JSON that breaks off",
        ))
    } else {
        None
    }
}

pub(crate) fn failure(failure: Failure, who: Who<'_>) -> Failed {
    let detail = format!(
        "{} at {} {}. Try again later.",
        who.provider, who.origin, failure.reason
    );
    let repeat = Repeat::Now {
        why: Why::Transient,
        named: failure.wait,
    };
    let outcome = if failure.kind == Kind::Corrupt {
        "corrupt"
    } else {
        "failure"
    };
    Failed::new(failure.kind, Reached::Perhaps, repeat, outcome, detail)
}

pub(crate) fn throttled(wait: Option<Duration>, who: Who<'_>) -> Failed {
    let after = wait.map_or_else(
        || "It did not say for how long.".to_owned(),
        |w| format!("It asks for {}.", seconds(w)),
    );
    let detail = format!(
        "{} at {} asks for fewer calls. {after}",
        who.provider, who.origin
    );
    Failed::new(
        Kind::RateLimited,
        Reached::Not,
        Repeat::Now {
            why: Why::Throttled,
            named: wait,
        },
        "throttled",
        detail,
    )
}

pub(crate) fn credentials(response: &Response) -> Failed {
    let kind = if response.status == StatusCode::FORBIDDEN {
        Kind::Forbidden
    } else {
        Kind::Unauthorized
    };
    let detail = format!(
        "{} at {} refuses the credentials ({}). Nothing more is sent until new ones are entered.",
        response.provider, response.origin, response.status
    );
    Failed::new(kind, Reached::Not, Repeat::Never, "credentials", detail)
}

/// A refusal of something that has no other use for its answer.
pub(crate) fn refused(response: &Response) -> Failed {
    let kind = if response.status == StatusCode::NOT_FOUND {
        Kind::NotFound
    } else {
        Kind::Rejected
    };
    let detail = format!(
        "{} at {} answered {} instead of the file.",
        response.provider, response.origin, response.status
    );
    Failed::new(kind, Reached::Not, Repeat::Never, "refused", detail)
}

/// "10 s", "0.25 s".
pub(crate) fn seconds(d: Duration) -> String {
    let text = format!("{:.2}", d.as_secs_f64());
    format!("{} s", text.trim_end_matches('0').trim_end_matches('.'))
}
