//! Who answers, customers, and subscriptions to webhooks.

use super::Connection;
use super::order::Address;
use chrono::{DateTime, Utc};
use serde::Deserialize;

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Customer {
    pub id: Option<String>,
    pub created_at: Option<DateTime<Utc>>,
    pub updated_at: Option<DateTime<Utc>>,
    /// A number of 64 bits comes as a string.
    pub number_of_orders: Option<String>,
    pub display_name: Option<String>,
    pub default_email_address: Option<Email>,
    pub default_address: Option<Address>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Email {
    pub email_address: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Identity {
    pub shop: Option<Shop>,
    #[serde(default)]
    pub current_app_installation: Option<Installation>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Shop {
    pub name: Option<String>,
    pub myshopify_domain: Option<String>,
    pub currency_code: Option<String>,
    pub iana_timezone: Option<String>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Installation {
    pub access_scopes: Option<Vec<Scope>>,
}

#[derive(Debug, Clone, Default, Deserialize)]
pub struct Scope {
    pub handle: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Webhooks {
    pub webhook_subscriptions: Option<Connection<Subscription>>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Subscription {
    pub id: Option<String>,
    pub topic: Option<String>,
    pub uri: Option<String>,
}
