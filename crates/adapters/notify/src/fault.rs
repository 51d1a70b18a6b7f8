//! What an answer means, or that there is none.

use crate::address::HOW_TO_ALLOW;
use adapter_kit::reach::is_inside;
use chrono::{DateTime, Utc};
use domain::notifications::ChannelKind;
use ports::notify::SendError;
use ports::{Kind, PortError, Retry};
use reqwest::StatusCode;
use reqwest::header::{HeaderMap, RETRY_AFTER};
use std::error::Error as StdError;
use std::time::Duration;

pub(crate) const PROVIDER: &str = "webhook";
const OPERATION: &str = "notify.send";
/// Nobody is waited for longer.
const LONGEST_WAIT: Duration = Duration::from_secs(3600);
const LONGEST_TEXT: usize = 200;

pub(crate) struct Said {
    pub status: StatusCode,
    pub wait: Option<Duration>,
    pub text: Vec<u8>,
}

/// Trying again cannot help.
pub(crate) fn never(error: PortError) -> SendError {
    SendError {
        error,
        gone: false,
        reached: false,
    }
}

fn failed(kind: Kind, retry: Retry, detail: String) -> SendError {
    never(PortError::new(kind, retry, PROVIDER, OPERATION, detail))
}

/// In seconds or as a date (RFC 9110 §10.2.3).
pub(crate) fn wait(headers: &HeaderMap) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    let wait = match text.parse::<u64>() {
        Ok(seconds) => Duration::from_secs(seconds),
        Err(_) => {
            let at = DateTime::parse_from_rfc2822(text).ok()?;
            (at.to_utc() - Utc::now()).to_std().unwrap_or_default()
        }
    };
    Some(wait.min(LONGEST_WAIT))
}

/// Nothing came back. The address stands in the error of the client, and may be a secret: it is left out.
pub(crate) fn unanswered(error: reqwest::Error) -> SendError {
    let error = error.without_url();
    if is_inside(&error) {
        let detail = format!("the host has an address inside a network: {HOW_TO_ALLOW}");
        return failed(Kind::Rejected, Retry::Never, detail);
    }
    // A line that was never made carried nothing; what left may have arrived.
    let retry = match error.is_connect() {
        true => Retry::After(Duration::ZERO),
        false => Retry::Reconcile,
    };
    let detail = if error.is_timeout() {
        "it did not answer in time".to_owned()
    } else if error.is_connect() {
        format!("it cannot be reached: {}", innermost(&error))
    } else {
        format!("the line broke off: {}", innermost(&error))
    };
    failed(Kind::Unavailable, retry, detail)
}

fn chain<'a>(
    error: &'a (dyn StdError + 'static),
) -> impl Iterator<Item = &'a (dyn StdError + 'static)> {
    std::iter::successors(Some(error), |&error| error.source())
}

fn innermost(error: &reqwest::Error) -> String {
    chain(error)
        .last()
        .map(ToString::to_string)
        .unwrap_or_default()
}

/// What a person reads of an answer: a line of plain text.
fn shown(text: &[u8]) -> String {
    let text = String::from_utf8_lossy(text);
    let plain = text.chars().map(|c| if c.is_control() { ' ' } else { c });
    let line: String = plain.take(LONGEST_TEXT).collect();
    line.trim().to_owned()
}

pub(crate) fn judge(kind: ChannelKind, said: &Said) -> Result<(), SendError> {
    let status = said.status;
    if status.is_success() {
        return Ok(());
    }
    let text = shown(&said.text);
    let detail = match text.as_str() {
        "" => format!("it answers {status}"),
        text => format!("it answers {status}: {text}"),
    };
    let again = Retry::After(said.wait.unwrap_or_default());
    let refused = |kind, retry, gone| {
        let error = PortError::new(kind, retry, PROVIDER, OPERATION, detail.clone());
        Err(SendError {
            error,
            gone,
            reached: true,
        })
    };
    match (kind, status) {
        (_, StatusCode::TOO_MANY_REQUESTS) => refused(Kind::RateLimited, again, false),
        // The channel is archived, the app is removed, the hook was revoked: Slack does not take those back.
        (ChannelKind::Slack, StatusCode::FORBIDDEN | StatusCode::NOT_FOUND)
        | (_, StatusCode::GONE) => refused(Kind::NotFound, Retry::Never, true),
        (_, status) if status.is_redirection() => {
            let detail = format!(
                "it answers {status}: redirects are not followed; enter the address that it leads to"
            );
            Err(failed(Kind::Rejected, Retry::Never, detail))
        }
        // The message itself is wrong for it.
        (ChannelKind::Slack, status) if status.is_client_error() => {
            refused(Kind::Rejected, Retry::Never, false)
        }
        // Not taken; it may be mended until the next try.
        (ChannelKind::Webhook, status)
            if status.is_client_error() && status != StatusCode::REQUEST_TIMEOUT =>
        {
            refused(Kind::Rejected, again, false)
        }
        // A receiver that is being mended answers with anything.
        _ => refused(Kind::Unavailable, again, false),
    }
}
