//! Meta's JSON, as far as it is read. Numbers are texts.

use serde::Deserialize;

#[derive(Debug, Deserialize)]
pub(crate) struct Listed<T> {
    pub data: Vec<T>,
    pub paging: Option<Paging>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Paging {
    pub cursors: Option<Cursors>,
    pub next: Option<serde::de::IgnoredAny>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Cursors {
    pub after: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Account {
    pub account_id: String,
    #[serde(default)]
    pub name: String,
    pub currency: String,
    pub timezone_name: String,
    pub account_status: Option<i64>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Permission {
    pub permission: String,
    pub status: String,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Thing {
    pub id: String,
    #[serde(default)]
    pub name: String,
    pub status: Option<String>,
    pub effective_status: Option<String>,
    pub objective: Option<String>,
    pub optimization_goal: Option<String>,
    pub campaign_id: Option<String>,
    pub adset_id: Option<String>,
    pub daily_budget: Option<String>,
    pub lifetime_budget: Option<String>,
    pub created_time: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Action {
    pub action_type: String,
    pub value: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Insight {
    pub date_start: chrono::NaiveDate,
    pub campaign_id: Option<String>,
    pub adset_id: Option<String>,
    pub ad_id: Option<String>,
    pub spend: Option<String>,
    pub impressions: Option<String>,
    pub clicks: Option<String>,
    pub reach: Option<String>,
    #[serde(default)]
    pub actions: Vec<Action>,
    #[serde(default)]
    pub action_values: Vec<Action>,
    pub attribution_setting: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Ordered {
    pub report_run_id: String,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Report {
    pub async_status: String,
    #[serde(default)]
    pub async_percent_completion: i64,
    pub error_message: Option<String>,
    pub error_user_msg: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Done {
    #[serde(default)]
    pub success: bool,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Created {
    pub id: Option<String>,
    /// Of a question only.
    #[serde(default)]
    pub success: bool,
}
