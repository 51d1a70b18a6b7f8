//! An answer whose body arrived whole.

use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use ports::{Kind, PortError, PortResult, Retry};
use reqwest::StatusCode;
use reqwest::header::{CONTENT_TYPE, HeaderMap};
use serde::de::DeserializeOwned;

/// An answer of a provider. `Debug` shows no body and no headers: both may carry personal data or secrets.
#[derive(Clone)]
pub struct Response {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Bytes,
    /// From sending to the last byte.
    pub elapsed: Duration,
    pub provider: &'static str,
    pub operation: &'static str,
    /// Scheme, host and port: what a message may name.
    pub origin: String,
}

impl Response {
    /// Text of a header, when it is there and is text.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// Media type without its parameters, in lower case.
    #[must_use]
    pub fn media_type(&self) -> Option<String> {
        media_type(&self.headers)
    }

    /// Reads the body as JSON.
    ///
    /// # Errors
    /// `Kind::Corrupt`, naming the line and column, when the body does not have the shape of `T`.
    pub fn json<T: DeserializeOwned>(&self) -> PortResult<T> {
        serde_json::from_slice(&self.body).map_err(|e| {
            let detail = format!(
                "{} at {} answered JSON of another shape than the contract's: {}. If it lasts, the provider changed its API.",
                self.provider,
                self.origin,
                shape_error(&e),
            );
            // Without the source: its text may quote a value of the body.
            PortError::new(Kind::Corrupt, Retry::Never, self.provider, self.operation, detail)
        })
    }
}

impl fmt::Debug for Response {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Response")
            .field("status", &self.status)
            .field("origin", &self.origin)
            .field("operation", &self.operation)
            .field("bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}

pub(crate) fn media_type(headers: &HeaderMap) -> Option<String> {
    let text = headers.get(CONTENT_TYPE)?.to_str().ok()?;
    Some(text.split(';').next()?.trim().to_ascii_lowercase())
}

/// serde's message may quote a value of the body ("invalid type: string \"…\""), so only the place and the field are named.
fn shape_error(e: &serde_json::Error) -> String {
    let text = e.to_string();
    let field = [
        "missing field ",
        "unknown field ",
        "unknown variant ",
        "duplicate field ",
    ]
    .iter()
    .find_map(|what| text.strip_prefix(what).map(|rest| (what, rest)))
    .and_then(|(what, rest)| Some(format!("{what}{}", rest.split('`').nth(1)?)));
    let what = field.unwrap_or_else(|| "a value of the wrong kind".to_owned());
    format!("{what} (line {}, column {})", e.line(), e.column())
}
