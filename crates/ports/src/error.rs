//! The one error of every port: a closed `kind` to branch on, a `retry` to obey, a `source` to log.

use std::error::Error as StdError;
use std::fmt;
use std::time::Duration;

/// What went wrong, in words that every caller understands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Kind {
    /// The thing that was asked for is not there.
    NotFound,
    /// Somebody else changed it first, or it exists already.
    Conflict,
    /// The other side understood and refused: bad input, a business rule.
    Rejected,
    /// Credentials are wrong, expired or revoked; asking again changes nothing.
    Unauthorized,
    /// Credentials are fine, but this part needs a scope or a plan that is not granted.
    Forbidden,
    /// Too many requests; `retry` says how long to wait.
    RateLimited,
    /// The other side cannot be reached, is broken, or took too long.
    Unavailable,
    /// Our own circuit breaker refused the call without sending it.
    CircuitOpen,
    /// The answer does not mean what the contract says: cut, nonsense, a value that cannot be.
    Corrupt,
    /// This provider cannot do that at all; declared by its capabilities.
    Unsupported,
    /// The caller gave up (cancellation or deadline).
    Cancelled,
    /// No room on the disk.
    StorageFull,
    /// What the operator configured cannot work: a shop name, a key, a version.
    Configuration,
}

/// What a caller may do next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Retry {
    /// Repeating it cannot help.
    Never,
    /// It may be repeated after this delay.
    After(Duration),
    /// It may have happened: look first, never repeat blindly.
    Reconcile,
}

/// A failure of a port.
///
/// `detail` is a sentence for a person, free of secrets, that names the thing and the remedy; `source` is for the log.
#[derive(Debug)]
pub struct PortError {
    pub kind: Kind,
    pub retry: Retry,
    /// `shopify`, `sqlite`, `postgres` …
    pub provider: &'static str,
    /// The operation of the port, e.g. `orders.ingest`.
    pub operation: &'static str,
    pub detail: String,
    pub source: Option<Box<dyn StdError + Send + Sync>>,
}

impl PortError {
    #[must_use]
    pub fn new(
        kind: Kind,
        retry: Retry,
        provider: &'static str,
        operation: &'static str,
        detail: impl Into<String>,
    ) -> Self {
        Self {
            kind,
            retry,
            provider,
            operation,
            detail: detail.into(),
            source: None,
        }
    }

    #[must_use]
    pub fn with_source(mut self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// Whether waiting and repeating may help.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        matches!(self.retry, Retry::After(_))
    }
}

impl fmt::Display for PortError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({}): {}", self.provider, self.operation, self.detail)
    }
}

impl StdError for PortError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.source
            .as_ref()
            .map(|s| s.as_ref() as &(dyn StdError + 'static))
    }
}

pub type PortResult<T> = Result<T, PortError>;
