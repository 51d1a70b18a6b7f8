//! Google's JSON, as far as it is read: proto3 names, 64-bit numbers as texts or numbers, nothing left out but zeros.

use rust_decimal::Decimal;
use serde::{Deserialize, Deserializer};

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Chunk {
    #[serde(default)]
    pub results: Vec<Row>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Row {
    pub customer: Option<Customer>,
    pub campaign: Option<Campaign>,
    pub ad_group: Option<AdGroup>,
    pub ad_group_ad: Option<AdGroupAd>,
    pub campaign_budget: Option<CampaignBudget>,
    pub segments: Option<Segments>,
    pub metrics: Metrics,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Customer {
    #[serde(deserialize_with = "text")]
    pub id: String,
    #[serde(default)]
    pub descriptive_name: String,
    pub currency_code: String,
    pub time_zone: String,
    pub status: Option<String>,
    #[serde(default)]
    pub manager: bool,
    #[serde(default)]
    pub test_account: bool,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Campaign {
    #[serde(deserialize_with = "text")]
    pub id: String,
    #[serde(default)]
    pub name: String,
    pub status: Option<String>,
    pub primary_status: Option<String>,
    pub advertising_channel_type: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AdGroup {
    #[serde(deserialize_with = "text")]
    pub id: String,
    #[serde(default)]
    pub name: String,
    pub status: Option<String>,
    pub primary_status: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct AdGroupAd {
    pub ad: Ad,
    pub status: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Ad {
    #[serde(deserialize_with = "text")]
    pub id: String,
    #[serde(default)]
    pub name: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CampaignBudget {
    pub resource_name: Option<String>,
    #[serde(default, deserialize_with = "number")]
    pub amount_micros: i64,
    #[serde(default, deserialize_with = "number")]
    pub total_amount_micros: i64,
    #[serde(default)]
    pub explicitly_shared: bool,
    #[serde(default, deserialize_with = "number")]
    pub reference_count: i64,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Segments {
    pub date: chrono::NaiveDate,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Metrics {
    #[serde(deserialize_with = "number")]
    pub impressions: i64,
    #[serde(deserialize_with = "number")]
    pub clicks: i64,
    #[serde(deserialize_with = "number")]
    pub cost_micros: i64,
    #[serde(deserialize_with = "micros")]
    pub conversions: i64,
    #[serde(deserialize_with = "micros")]
    pub conversions_value: i64,
    #[serde(deserialize_with = "micros")]
    pub conversions_by_conversion_date: i64,
    #[serde(deserialize_with = "micros")]
    pub conversions_value_by_conversion_date: i64,
    #[serde(deserialize_with = "micros")]
    pub all_conversions: i64,
    #[serde(deserialize_with = "micros")]
    pub all_conversions_value: i64,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Either {
    Text(String),
    Number(serde_json::Number),
}

impl Either {
    fn told(self) -> String {
        match self {
            Self::Text(text) => text,
            Self::Number(number) => number.to_string(),
        }
    }
}

fn text<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    Either::deserialize(from).map(Either::told)
}

fn number<'de, D: Deserializer<'de>>(from: D) -> Result<i64, D::Error> {
    let text = text(from)?;
    text.parse()
        .map_err(|_| serde::de::Error::custom(format!("{text:?} is no whole number")))
}

/// A double as millionths.
fn micros<'de, D: Deserializer<'de>>(from: D) -> Result<i64, D::Error> {
    let text = text(from)?;
    let read = text
        .parse::<Decimal>()
        .or_else(|_| Decimal::from_scientific(&text));
    let number = read.map_err(|_| serde::de::Error::custom(format!("{text:?} is no number")))?;
    domain::ads::parse_micros(&number.round_dp(6).to_string()).map_err(serde::de::Error::custom)
}
