//! What a relay's refusal means. RFC 5321 §4.2.1: 4xx may be tried again, 5xx may not.

use lettre::transport::smtp::Error;
use ports::{Kind, PortError, Retry};
use std::error::Error as _;
use std::time::Duration;

pub(crate) const PROVIDER: &str = "smtp";
const OPERATION: &str = "mail.send";
const AGAIN: Duration = Duration::from_secs(1);

pub(crate) fn fault(host: &str, error: &Error) -> PortError {
    let said = error.source().map(ToString::to_string);
    let said = said.unwrap_or_else(|| error.to_string());
    let code = error.status().map(|code| code.to_string());
    let numbered = |text: &str| match &code {
        Some(code) => format!("the mail server {host} {text}: {code} {said}"),
        None => format!("the mail server {host} {text}: {said}"),
    };
    let (kind, retry, detail) = match code.as_deref() {
        Some("530" | "534" | "535" | "538") => (
            Kind::Unauthorized,
            Retry::Never,
            numbered("does not accept SMTP_USER and SMTP_PASSWORD"),
        ),
        Some(_) if error.is_permanent() => {
            (Kind::Rejected, Retry::Never, numbered("refused the letter"))
        }
        Some(_) => (
            Kind::Unavailable,
            Retry::After(AGAIN),
            numbered("takes no letters now"),
        ),
        None if error.is_timeout() => return late(host),
        None if error.is_tls() || error.is_client() => (
            Kind::Configuration,
            Retry::Never,
            numbered("cannot be spoken to as SMTP_TLS says"),
        ),
        None if error.is_response() => (
            Kind::Unavailable,
            Retry::Reconcile,
            numbered("answered nonsense; whether it took the letter is not known"),
        ),
        // Nothing was said yet when the connection failed; when it was cut later, nobody knows.
        None if is_connect(error) => (
            Kind::Unavailable,
            Retry::After(AGAIN),
            numbered("cannot be reached"),
        ),
        None => (
            Kind::Unavailable,
            Retry::Reconcile,
            numbered("was cut off; whether it took the letter is not known"),
        ),
    };
    PortError::new(kind, retry, PROVIDER, OPERATION, detail)
}

/// Lettre tells the kinds apart by their text alone.
fn is_connect(error: &Error) -> bool {
    error.to_string().starts_with("Connection error")
}

pub(crate) fn late(host: &str) -> PortError {
    let detail = format!(
        "the mail server {host} did not answer in time; whether it took the letter is not known"
    );
    PortError::new(
        Kind::Unavailable,
        Retry::Reconcile,
        PROVIDER,
        OPERATION,
        detail,
    )
}
