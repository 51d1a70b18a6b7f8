//! Ads below one campaign of Meta, and what each was over a range.

use serde_json::{Value, json};

use super::meta::{Asked, figures, range, word};
use super::model::{ADS, Weights};
use crate::app::{App, lock};

const AD: &str = "id name adset_id status effective_status created_time";
const TOTAL: &str = "campaign_id adset_id ad_id spend impressions clicks reach actions action_values attribution_setting account_currency date_start date_stop";

/// Of `ads` or `insights` below a campaign's number.
pub(super) fn rows(
    app: &App,
    number: &str,
    edge: &str,
    asked: &Asked,
) -> Result<Vec<Value>, String> {
    let known = if edge == "ads" { AD } else { TOTAL };
    let fields = asked.get("fields").map(String::as_str).unwrap_or("id");
    let strange = fields
        .split(',')
        .find(|f| !known.split(' ').any(|k| k == *f));
    if let Some(strange) = strange {
        return Err(format!(
            "(#100) Tried accessing nonexisting field ({strange})"
        ));
    }
    let days = range(asked);
    if edge == "insights" {
        if asked.get("level").map(String::as_str) != Some("ad")
            || asked.contains_key("time_increment")
        {
            return Err("the sandbox tells whole ranges of ads alone below a campaign".to_owned());
        }
        if days.is_none() {
            return Err("(#100) param time_range must be a JSON object".to_owned());
        }
    }
    let only: Option<Vec<String>> = match asked.get("filtering") {
        None => None,
        Some(text) => {
            let filters: Value = serde_json::from_str(text).map_err(|e| e.to_string())?;
            if filters[0]["field"] != "ad.id" || filters[0]["operator"] != "IN" {
                return Err("(#100) filtering field is invalid".to_owned());
            }
            serde_json::from_value(filters[0]["value"].clone()).map_err(|e| e.to_string())?
        }
    };
    let weights = Weights::of(app, "meta");
    let market = lock(&app.ads);
    let account = market.account("meta").ok_or("no account")?;
    let campaign = account
        .campaigns
        .iter()
        .find(|c| c.id.to_string() == number);
    let campaign = campaign.ok_or("no such campaign")?;
    let mut rows = Vec::new();
    for (at, group) in campaign.groups.iter().enumerate() {
        let totals = days.and_then(|days| account.ads_between(campaign, at, days, &weights));
        for ad in 0..ADS {
            let id = group.ad_id(ad).to_string();
            if only.as_ref().is_some_and(|only| !only.contains(&id)) {
                continue;
            }
            if edge == "ads" {
                let delivery = if campaign.paused {
                    "CAMPAIGN_PAUSED"
                } else {
                    word(group.paused)
                };
                rows.push(json!({ "id": id, "name": group.ad_name(ad), "adset_id": group.id.to_string(), "status": "ACTIVE",
                    "effective_status": delivery, "created_time": "2023-05-01T10:00:00+0200" }));
            } else if let (Some(totals), Some((from, to))) = (&totals, days) {
                let mut told = figures(account, totals[ad]);
                let own = [
                    ("campaign_id", number.to_owned()),
                    ("adset_id", group.id.to_string()),
                    ("ad_id", id),
                    ("date_start", from.to_string()),
                    ("date_stop", to.to_string()),
                ];
                told.extend(own.map(|(name, value)| (name.to_owned(), json!(value))));
                rows.push(Value::Object(told));
            }
        }
    }
    Ok(rows)
}
