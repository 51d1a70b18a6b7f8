//! Bulk operations.

use super::Connection;
use chrono::{DateTime, Utc};
use serde::Deserialize;

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Operation {
    pub id: Option<String>,
    pub status: Option<String>,
    pub error_code: Option<String>,
    pub created_at: Option<DateTime<Utc>>,
    pub completed_at: Option<DateTime<Utc>>,
    /// Numbers of 64 bits come as strings.
    pub object_count: Option<String>,
    pub root_object_count: Option<String>,
    pub file_size: Option<String>,
    pub url: Option<String>,
    pub partial_data_url: Option<String>,
    pub query: Option<String>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct UserError {
    pub field: Option<Vec<String>>,
    pub message: String,
    pub code: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct BulkStart {
    pub bulk_operation_run_query: Option<Started>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Started {
    pub bulk_operation: Option<Operation>,
    #[serde(default)]
    pub user_errors: Option<Vec<UserError>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct BulkPoll {
    pub bulk_operation: Option<Operation>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct BulkList {
    pub bulk_operations: Option<Connection<Operation>>,
}
