//! What is kept to go on with an export after a crash.

use chrono::{DateTime, Utc};
use domain::sync::FactKind;
use ports::source::ExportRequest;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Token {
    /// Global id of the bulk operation.
    pub operation: String,
    pub kind: FactKind,
    pub from: Option<DateTime<Utc>>,
    pub until: Option<DateTime<Utc>>,
}

impl Token {
    #[must_use]
    pub(crate) fn of(operation: &str, request: &ExportRequest) -> Self {
        Self {
            operation: operation.to_owned(),
            kind: request.kind,
            from: request.from,
            until: request.until,
        }
    }

    /// The token of a text, when it belongs to this very request; any other is of no use and is dropped.
    #[must_use]
    pub(crate) fn read(text: &str, request: &ExportRequest) -> Option<Self> {
        let token: Self = serde_json::from_str(text).ok()?;
        (token == Self::of(&token.operation, request)).then_some(token)
    }

    #[must_use]
    pub(crate) fn text(&self) -> String {
        // A struct of strings and times: writing it cannot fail.
        serde_json::to_string(self).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_fits_only_its_own_request() {
        let mut request = ExportRequest {
            kind: FactKind::Orders,
            from: None,
            until: Some("2026-01-01T00:00:00Z".parse().unwrap()),
        };
        let token = Token::of("gid://shopify/BulkOperation/1", &request);
        assert_eq!(Token::read(&token.text(), &request), Some(token.clone()));
        request.until = None;
        assert_eq!(Token::read(&token.text(), &request), None);
        assert_eq!(Token::read("nonsense", &request), None);
    }
}
