//! The envelope of every GraphQL answer.

use serde::Deserialize;
use serde_json::Value;

#[derive(Debug, Deserialize)]
pub struct Envelope<T> {
    pub data: Option<T>,
    #[serde(default)]
    pub errors: Option<Vec<GraphError>>,
    #[serde(default)]
    pub extensions: Option<Extensions>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct GraphError {
    pub message: String,
    pub path: Option<Vec<Value>>,
    pub extensions: Option<ErrorCode>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ErrorCode {
    pub code: Option<String>,
    pub required_access: Option<String>,
    pub field_name: Option<String>,
}

impl GraphError {
    #[must_use]
    pub fn code(&self) -> &str {
        self.extensions
            .as_ref()
            .and_then(|e| e.code.as_deref())
            .unwrap_or_default()
    }

    /// The last named step of the path: the field that is concerned.
    #[must_use]
    pub fn field(&self) -> Option<&str> {
        let named = self
            .extensions
            .as_ref()
            .and_then(|e| e.field_name.as_deref());
        let last = || self.path.iter().flatten().rev().find_map(Value::as_str);
        named.or_else(last)
    }
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Extensions {
    pub cost: Option<Cost>,
    pub search: Option<Vec<SearchNote>>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Cost {
    pub requested_query_cost: Option<f64>,
    pub actual_query_cost: Option<f64>,
    pub throttle_status: Option<Throttle>,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Throttle {
    pub maximum_available: f64,
    pub currently_available: f64,
    pub restore_rate: f64,
}

/// What became of a search filter; warnings say that a part of it was ignored.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct SearchNote {
    pub query: Option<String>,
    pub warnings: Option<Vec<Value>>,
}
