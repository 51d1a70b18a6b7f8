//! What is counted apart: an account at a provider, and there reads apart from writes.

use std::fmt;
use std::sync::Arc;

use serde::Serialize;

/// Whether a call changes something at the provider, and if so whether it may be sent twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    Read,
    /// `idempotent`: carries the provider's idempotency key or a compare-and-swap, so that a second copy changes nothing.
    Write {
        idempotent: bool,
    },
}

impl Effect {
    #[must_use]
    pub fn access(self) -> Access {
        match self {
            Self::Read => Access::Read,
            Self::Write { .. } => Access::Write,
        }
    }

    /// Whether a second copy does no harm.
    #[must_use]
    pub fn may_repeat(self) -> bool {
        !matches!(self, Self::Write { idempotent: false })
    }
}

/// The half of a key that says which way the call goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Access {
    Read,
    Write,
}

impl Access {
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
        }
    }
}

/// Key of a circuit, a bulkhead and a retry budget.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
pub struct Key {
    /// `shopify`, `meta-ads` …
    pub provider: &'static str,
    /// The provider's own name of the account, e.g. `demo.myshopify.com`; no secret.
    #[serde(serialize_with = "text")]
    pub account: Arc<str>,
    pub access: Access,
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}/{}/{}",
            self.provider,
            self.account,
            self.access.as_str()
        )
    }
}

fn text<S: serde::Serializer>(text: &Arc<str>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(text)
}
