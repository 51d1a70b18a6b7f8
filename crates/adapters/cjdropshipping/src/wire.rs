//! CJ's JSON, as far as it is read.

use crate::loose::Loose;
use rust_decimal::prelude::ToPrimitive as _;
use serde::Deserialize;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Granted {
    pub open_id: Loose,
    pub access_token: String,
    #[serde(default)]
    pub access_token_expiry_date: Loose,
    pub refresh_token: String,
    #[serde(default)]
    pub refresh_token_expiry_date: Loose,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Settings {
    #[serde(default)]
    pub setting: Option<Limits>,
    pub is_sandbox: Option<Loose>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Limits {
    #[serde(default)]
    pub qps_limit: Loose,
}

impl Settings {
    pub(crate) fn calls_a_second(&self) -> Option<u32> {
        let limit = self.setting.as_ref()?.qps_limit.decimal()?;
        limit.to_u32().filter(|limit| *limit > 0)
    }
}

#[derive(Debug, Deserialize)]
pub(crate) struct Balance {
    #[serde(default)]
    pub amount: Loose,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Listed {
    #[serde(default)]
    pub total_pages: u32,
    #[serde(default)]
    pub content: Vec<Group>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Group {
    #[serde(default)]
    pub product_list: Vec<Hit>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Hit {
    pub id: String,
    pub name_en: Option<String>,
    #[serde(default)]
    pub sell_price: Loose,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Product {
    pub pid: String,
    pub product_name_en: Option<String>,
    #[serde(default)]
    pub product_image: Loose,
    pub category_name: Option<String>,
    pub description: Option<String>,
    #[serde(default)]
    pub status: Loose,
    #[serde(default)]
    pub variants: Vec<Variant>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Variant {
    pub vid: String,
    pub variant_name_en: Option<String>,
    pub variant_key: Option<String>,
    pub variant_sku: Option<String>,
    pub variant_image: Option<String>,
    #[serde(default)]
    pub variant_weight: Loose,
    #[serde(default)]
    pub variant_sell_price: Loose,
    #[serde(default)]
    pub variant_sug_sell_price: Loose,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Stocked {
    #[serde(default)]
    pub variant_inventories: Vec<VariantStock>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct VariantStock {
    pub vid: String,
    #[serde(default)]
    pub inventory: Vec<Inventory>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Inventory {
    pub country_code: String,
    #[serde(default)]
    pub total_inventory: Loose,
    #[serde(default)]
    pub verified_warehouse: Loose,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Freight {
    pub logistic_name: String,
    #[serde(default)]
    pub logistic_price: Loose,
    #[serde(default)]
    pub logistic_aging: Loose,
    #[serde(default)]
    pub taxes_fee: Loose,
    #[serde(default)]
    pub clearance_operation_fee: Loose,
    #[serde(default)]
    pub total_postage_fee: Loose,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Parcel {
    pub tracking_number: String,
    pub logistic_name: Option<String>,
    #[serde(default)]
    pub tracking_status: Loose,
    pub last_track_number: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Created {
    pub order_number: String,
    pub order_id: Loose,
    #[serde(default)]
    pub order_amount: Loose,
    #[serde(default)]
    pub order_status: String,
    #[serde(default)]
    pub logistics_miss: bool,
    #[serde(default)]
    pub intercept_order_reasons: Option<Vec<Reason>>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Reason {
    #[serde(default)]
    pub code: Loose,
    pub message: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Detail {
    pub order_id: Loose,
    pub order_num: String,
    #[serde(default)]
    pub order_status: String,
    #[serde(default)]
    pub order_amount: Loose,
    pub logistic_name: Option<String>,
    pub track_number: Option<String>,
    pub tracking_url: Option<String>,
    #[serde(default)]
    pub intercept_order_reasons: Option<Vec<Reason>>,
}
