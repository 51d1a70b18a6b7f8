//! Campaigns that are made over the platforms' APIs, and taken away again: paused, with no ad set, so that they spend nothing.

use actix_web::HttpResponse;
use serde_json::{Value, json};

use super::google::failure;
use super::meta::{Asked, answer, error, too_low};
use super::model::{Account, Campaign, Market, campaign_id};
use crate::app::{App, lock};

fn fresh(account: &Account, name: &str, daily_budget: i64) -> Campaign {
    let position = account.campaigns.len();
    Campaign {
        position,
        id: campaign_id(account.platform, position as u64),
        name: name.to_owned(),
        paused: true,
        pauses: Vec::new(),
        deleted: false,
        daily_budget,
        shared: false,
        groups: Vec::new(),
    }
}

/// Meta takes two campaigns of one name, as it does.
pub(super) fn meta(app: &App, asked: &Asked) -> HttpResponse {
    let text = |name: &str| asked.get(name).map(String::as_str).unwrap_or_default();
    let missing = |what: &str| {
        error(
            400,
            100,
            0,
            &format!("(#100) The parameter {what} is required"),
        )
    };
    let silent = app.strikes("ads_silent_write");
    let mut market = lock(&app.ads);
    if !market.permissions.iter().any(|p| p == "ads_management") {
        let message = "(#200) Requires ads_management permission to manage the object";
        return error(403, 200, 0, message);
    }
    for what in ["name", "objective", "status", "special_ad_categories"] {
        if text(what).is_empty() {
            return missing(what);
        }
    }
    let Ok(budget) = text("daily_budget").parse::<i64>() else {
        return missing("daily_budget");
    };
    if let Some(refused) = too_low(budget) {
        return refused;
    }
    let dry = text("execution_options").contains("validate_only");
    let Some(account) = market.account_mut("meta") else {
        return error(500, 2, 0, "no account");
    };
    let mut campaign = fresh(account, text("name"), budget);
    campaign.paused = text("status") != "ACTIVE";
    let id = campaign.id.to_string();
    if !dry && !silent {
        account.campaigns.push(campaign);
    }
    market.writes.push(json!({ "platform": "meta", "id": id, "fields": asked, "dry_run": dry, "effect": !dry && !silent }));
    drop(market);
    let told = if dry {
        json!({ "success": true })
    } else {
        json!({ "id": id })
    };
    answer(200, &told, app.rate("ads_usage"))
}

/// A budget and the campaign that spends from it.
pub(super) fn google(app: &App, body: &Value) -> Result<Value, Value> {
    let bad = |category: &str, value: &str, message: &str| {
        failure(400, "INVALID_ARGUMENT", category, value, message)
    };
    let silent = app.strikes("ads_silent_write");
    let dry = body["validateOnly"].as_bool().unwrap_or(false);
    let operations = &body["mutateOperations"];
    let budget = &operations[0]["campaignBudgetOperation"]["create"];
    let campaign = &operations[1]["campaignOperation"]["create"];
    let mut market = lock(&app.ads);
    let account = market.account_mut("google_ads").ok_or_else(|| {
        bad(
            "mutateError",
            "RESOURCE_NOT_FOUND",
            "Resource was not found.",
        )
    })?;
    let unit = 10_i64.pow(6 - account.decimals());
    let micros = budget["amountMicros"]
        .as_str()
        .and_then(|m| m.parse::<i64>().ok());
    let micros = micros.unwrap_or(0);
    if micros < unit * 100 {
        return Err(bad(
            "campaignBudgetError",
            "MONEY_AMOUNT_TOO_LESS",
            "Money amount too less.",
        ));
    }
    if micros % unit != 0 {
        let message = "Not a multiple of the minimum unit.";
        return Err(bad(
            "campaignBudgetError",
            "NON_MULTIPLE_OF_MINIMUM_CURRENCY_UNIT",
            message,
        ));
    }
    if campaign["campaignBudget"] != budget["resourceName"] {
        return Err(bad(
            "mutateError",
            "RESOURCE_NOT_FOUND",
            "Resource was not found.",
        ));
    }
    if campaign["containsEuPoliticalAdvertising"]
        .as_str()
        .is_none()
    {
        let message = "The required field was not present.";
        return Err(bad("fieldError", "REQUIRED", message));
    }
    let name = campaign["name"].as_str().unwrap_or_default();
    if account
        .campaigns
        .iter()
        .any(|c| !c.deleted && c.name == name)
    {
        let message = "A campaign with this name already exists.";
        return Err(bad("campaignError", "DUPLICATE_CAMPAIGN_NAME", message));
    }
    let mut made = fresh(account, name, micros / unit);
    made.paused = campaign["status"] != "ENABLED";
    let (number, id) = (account.number, made.id);
    if !dry && !silent {
        account.campaigns.push(made);
    }
    market.writes.push(json!({ "platform": "google_ads", "id": id.to_string(), "fields": campaign, "dry_run": dry, "effect": !dry && !silent }));
    if dry {
        return Ok(json!({}));
    }
    Ok(json!({ "mutateOperationResponses": [
        { "campaignBudgetResult": { "resourceName": format!("customers/{number}/campaignBudgets/{}", id + 200_000_000) } },
        { "campaignResult": { "resourceName": format!("customers/{number}/campaigns/{id}") } },
    ] }))
}

/// What is removed already is gone.
pub(super) fn google_removes(market: &mut Market, name: &str, effect: bool) -> Result<(), Value> {
    let number: u64 = name
        .rsplit('/')
        .next()
        .and_then(|n| n.parse().ok())
        .unwrap_or(0);
    let account = market.account_mut("google_ads");
    let mut campaigns = account.into_iter().flat_map(|a| &mut a.campaigns);
    let Some(found) = campaigns.find(|c| c.id == number && !c.deleted) else {
        let message = "Resource was not found.";
        return Err(failure(
            400,
            "INVALID_ARGUMENT",
            "mutateError",
            "RESOURCE_NOT_FOUND",
            message,
        ));
    };
    found.deleted |= effect;
    market.writes.push(json!({ "platform": "google_ads", "id": name, "fields": { "remove": name }, "dry_run": !effect, "effect": effect }));
    Ok(())
}
