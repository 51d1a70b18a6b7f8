//! What GitHub's refusals mean. Source: docs.github.com, "Troubleshooting the REST API" and "Rate limits for the REST API".

use crate::PROVIDER;
use adapter_kit::{Outcome, Response, Verdict, retry_after, status_outcome};
use chrono::{DateTime, Utc};
use ports::{Kind, PortError, Retry};
use serde_json::Value;
use std::time::Duration;

/// Of a secondary limit that names no wait: "wait for at least one minute".
const SECONDARY: Duration = Duration::from_secs(60);
const LONGEST_TEXT: usize = 300;

fn said(response: &Response) -> String {
    let body: Value = serde_json::from_slice(&response.body).unwrap_or_default();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let mut all = text(&body["message"]);
    for error in body["errors"].as_array().into_iter().flatten() {
        let (field, code) = (text(&error["field"]), text(&error["code"]));
        let more = match text(&error["message"]) {
            message if !message.is_empty() => message,
            _ if error.is_string() => text(error),
            _ => format!("{field} {code}"),
        };
        all = format!("{all}; {}", more.trim());
    }
    let plain = all.chars().filter(|c| !c.is_control());
    plain.take(LONGEST_TEXT).collect()
}

/// When the hour's calls are there again, by the clock of the answer.
fn until_reset(response: &Response) -> Option<Duration> {
    if response.header("x-ratelimit-remaining")? != "0" {
        return None;
    }
    let reset: i64 = response.header("x-ratelimit-reset")?.parse().ok()?;
    let date = response.header("date");
    let date = date.and_then(|text| DateTime::parse_from_rfc2822(text).ok());
    let now = date.map_or_else(Utc::now, |date| date.to_utc());
    let seconds = (reset - now.timestamp()).max(1);
    Some(Duration::from_secs(seconds.unsigned_abs()))
}

/// How long a limit asks to wait; `None`: it is no limit that was met.
fn limit(response: &Response) -> Option<Duration> {
    if !matches!(response.status.as_u16(), 403 | 429) {
        return None;
    }
    let named = retry_after(&response.headers, Utc::now());
    let named = named.or_else(|| until_reset(response));
    let secondary = || said(response).to_lowercase().contains("rate limit");
    named.or_else(|| (response.status.as_u16() == 429 || secondary()).then_some(SECONDARY))
}

/// A token that may not do one thing is no broken token.
pub(crate) fn verdict(response: &Response) -> Verdict {
    if let Some(wait) = limit(response) {
        return Outcome::Throttled { wait: Some(wait) }.into();
    }
    match response.status.as_u16() {
        403 => Outcome::Ignored,
        _ => status_outcome(response.status, &response.headers),
    }
    .into()
}

/// An answer that is no 2xx and no limit, told to a person.
pub(crate) fn refused(response: &Response, repository: &str) -> PortError {
    let said = said(response);
    let (kind, detail) = match response.status.as_u16() {
        403 => (
            Kind::Forbidden,
            format!(
                "GitHub refuses it ({said}): give the token the permissions Issues and Contents, both to read and write, for {repository}"
            ),
        ),
        // What a token may not see is not there for it.
        404 => (
            Kind::NotFound,
            format!(
                "GitHub knows nothing of it in {repository} ({said}): check GITHUB_REPOSITORY and what the token may see"
            ),
        ),
        410 => (
            Kind::NotFound,
            format!("issues are switched off in {repository}, or this one was deleted ({said})"),
        ),
        422 => (Kind::Rejected, format!("GitHub refused it: {said}")),
        status @ 300..400 => (
            Kind::Configuration,
            format!("{repository} has moved ({status}): set GITHUB_REPOSITORY to its new name"),
        ),
        status => (Kind::Rejected, format!("GitHub answered {status}: {said}")),
    };
    PortError::new(kind, Retry::Never, PROVIDER, response.operation, detail)
}
