//! Meta's Marketing API, as far as campaigns need it. Numbers are texts, nothing is left out as zero but by being absent, errors have
//! codes, and what version 26 took away is refused.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use actix_web::web::{Bytes, Data, Path, Query};
use actix_web::{HttpRequest, HttpResponse};
use chrono::NaiveDate;
use serde_json::{Map, Value, json};

use super::model::{Account, Campaign, Cell, Row, Weights};
use super::{META_ACCOUNT, META_TOKEN};
use crate::app::{App, lock};

pub(super) type Asked = HashMap<String, String>;

/// A budget below it is refused, in the smallest unit.
const LEAST_BUDGET: i64 = 100;
/// What each kind of thing tells.
const CAMPAIGN: &str =
    "id name objective status effective_status daily_budget lifetime_budget created_time";
const AD_SET: &str = "id name campaign_id optimization_goal status effective_status daily_budget lifetime_budget created_time";
const INSIGHT: &str = "campaign_id adset_id campaign_name adset_name spend impressions clicks reach actions action_values attribution_setting account_currency date_start date_stop";
const ACCOUNT: &str = "id account_id name currency timezone_name account_status";
const GONE: [&str; 4] = ["pretty", "debug", "date_format", "ids"];

pub(super) fn error(status: u16, code: i64, subcode: i64, message: &str) -> HttpResponse {
    let mut error = json!({ "message": message, "type": "OAuthException", "code": code, "fbtrace_id": "sandbox" });
    if subcode != 0 {
        error["error_subcode"] = json!(subcode);
    }
    answer(status, &json!({ "error": error }), 0.0)
}

pub(super) fn answer(status: u16, body: &Value, used: f64) -> HttpResponse {
    let status = actix_web::http::StatusCode::from_u16(status).unwrap_or_default();
    let usage = json!({ META_ACCOUNT: [{ "type": "ads_insights", "call_count": used, "total_cputime": 1, "total_time": 1, "estimated_time_to_regain_access": u8::from(used >= 95.0) }] });
    HttpResponse::build(status)
        .insert_header(("x-business-use-case-usage", usage.to_string()))
        .insert_header(("facebook-api-version", "v26.0"))
        .json(body)
}

/// What is wrong before anything is looked at.
fn refused(app: &App, version: &str, request: &HttpRequest, asked: &Asked) -> Option<HttpResponse> {
    let bearer = request
        .headers()
        .get("authorization")
        .and_then(|v| v.to_str().ok());
    if app.strikes("ads_token") {
        return Some(error(
            400,
            190,
            463,
            "Error validating access token: Session has expired",
        ));
    }
    if bearer != Some(&format!("Bearer {META_TOKEN}")) {
        return Some(error(400, 190, 0, "Invalid OAuth access token"));
    }
    if app.strikes("ads_throttle") {
        return Some(error(
            400,
            80_000,
            2_446_079,
            "(#80000) There have been too many calls from this ad-account.",
        ));
    }
    if app.strikes("ads_permission") {
        return Some(error(
            403,
            200,
            0,
            "(#200) Ad account owner has NOT grant ads_management or ads_read permission",
        ));
    }
    if version != "v26.0" {
        return Some(error(
            400,
            2635,
            0,
            "(#2635) You are calling a deprecated version of the Ads API",
        ));
    }
    let gone = GONE.into_iter().find(|name| asked.contains_key(*name));
    gone.map(|name| {
        error(
            400,
            100,
            0,
            &format!("(#100) {name} is not supported from v26.0 on"),
        )
    })
}

pub(crate) async fn get(
    app: Data<App>,
    path: Path<(String, String)>,
    asked: Query<Asked>,
    request: HttpRequest,
) -> HttpResponse {
    let (version, tail) = path.into_inner();
    if let Some(refused) = refused(&app, &version, &request, &asked) {
        return refused;
    }
    let parts: Vec<&str> = tail.split('/').collect();
    let own = format!("act_{META_ACCOUNT}");
    let list = |rows: Vec<Value>| listed(&app, &asked, rows);
    match parts[..] {
        ["me", "permissions"] => {
            let granted = lock(&app.ads).permissions.clone();
            list(
                granted
                    .iter()
                    .map(|p| json!({ "permission": p, "status": "granted" }))
                    .collect(),
            )
        }
        [act] if act == own => {
            let market = lock(&app.ads);
            let Some(account) = market.account("meta") else {
                return error(500, 2, 0, "no account");
            };
            let told = json!({ "id": own, "account_id": META_ACCOUNT, "name": account.name, "currency": account.currency,
                "timezone_name": account.zone.name(), "account_status": 1 });
            chosen(&app, &asked, ACCOUNT, told)
        }
        [act, "insights"] if act == own => match checked(&asked).map(|report| cells(&app, &report))
        {
            Ok(cells) => paged(&app, &asked, cells.len(), |part| told(&app, &cells[part])),
            Err(message) => error(400, 100, 0, &message),
        },
        [act, edge @ ("campaigns" | "adsets" | "ads")] if act == own => {
            let known = if edge == "campaigns" {
                CAMPAIGN
            } else {
                AD_SET
            };
            if let Some(refused) = unknown(&asked, known) {
                return refused;
            }
            let market = lock(&app.ads);
            let campaigns = market.account("meta").map_or(&[][..], |a| &a.campaigns);
            let alive = campaigns.iter().filter(|c| !c.deleted);
            let rows = match edge {
                "campaigns" => alive.map(campaign).collect(),
                "adsets" => alive
                    .flat_map(|c| (0..c.groups.len()).map(|at| group(c, at)))
                    .collect(),
                _ => Vec::new(),
            };
            drop(market);
            list(rows)
        }
        [number, edge @ ("ads" | "insights")] if is_campaign(&app, number) => {
            match super::meta_ads::rows(&app, number, edge, &asked) {
                Ok(rows) => list(rows),
                Err(message) => error(400, 100, 0, &message),
            }
        }
        [_, "ads"] => error(
            400,
            100,
            33,
            "Unsupported get request. Object does not exist",
        ),
        [number, "insights"] => match number.parse::<usize>().ok().and_then(|n| report(&app, n)) {
            Some(ordered) => match made(&app, number, &ordered) {
                // A job tells the fields that it was ordered with.
                Ok(cells) => paged(&app, &asked, cells.len(), |part| {
                    let rows = told(&app, &cells[part]).into_iter();
                    rows.map(|row| keep(&ordered, row)).collect()
                }),
                Err(message) => error(400, 100, 0, &message),
            },
            None => error(
                400,
                2601,
                1_815_107,
                "(#2601) Error accessing adreport job.",
            ),
        },
        [number] => thing(&app, number, &asked),
        _ => error(404, 2500, 0, "Unknown path components"),
    }
}

pub(crate) async fn post(
    app: Data<App>,
    path: Path<(String, String)>,
    request: HttpRequest,
    body: Bytes,
) -> HttpResponse {
    let (version, tail) = path.into_inner();
    let asked: Asked = url::form_urlencoded::parse(&body).into_owned().collect();
    if let Some(refused) = refused(&app, &version, &request, &asked) {
        return refused;
    }
    if tail == format!("act_{META_ACCOUNT}/insights") {
        if let Err(message) = checked(&asked) {
            return error(400, 100, 0, &message);
        }
        let mut market = lock(&app.ads);
        market.reports.push((asked, 0));
        return answer(
            200,
            &json!({ "report_run_id": market.reports.len().to_string() }),
            app.rate("ads_usage"),
        );
    }
    if tail == format!("act_{META_ACCOUNT}/campaigns") {
        return super::created::meta(&app, &asked);
    }
    write(&app, &tail, &asked)
}

fn is_campaign(app: &App, number: &str) -> bool {
    let market = lock(&app.ads);
    let mut campaigns = market
        .account("meta")
        .into_iter()
        .flat_map(|a| &a.campaigns);
    campaigns.any(|c| c.id.to_string() == number)
}

fn report(app: &App, number: usize) -> Option<Asked> {
    let market = lock(&app.ads);
    market
        .reports
        .get(number.checked_sub(1)?)
        .map(|(asked, _)| asked.clone())
}

fn thing(app: &App, number: &str, asked: &Asked) -> HttpResponse {
    let mut market = lock(&app.ads);
    let position = number.parse::<usize>().ok().and_then(|n| n.checked_sub(1));
    if let Some((ordered, looks)) = position.and_then(|p| market.reports.get_mut(p)) {
        *looks += 1;
        let longest = app.rate("ads_report_fail");
        let days = range(ordered).map_or(0, |(from, to)| (to - from).num_days() + 1);
        let (word, percent) = match looks {
            _ if app.rate("ads_report_stall") > 0.0 => ("Job Running", 10),
            _ if longest > 0.0 && days as f64 > longest => ("Job Failed", 0),
            1 => ("Job Running", 50),
            _ => ("Job Completed", 100),
        };
        let mut told =
            json!({ "id": number, "async_status": word, "async_percent_completion": percent });
        if word == "Job Failed" {
            told["error_message"] = json!("too much data");
        }
        return answer(200, &told, app.rate("ads_usage"));
    }
    let campaigns = market.account("meta").map_or(&[][..], |a| &a.campaigns);
    for found in campaigns {
        if found.id.to_string() == number {
            return chosen(app, asked, CAMPAIGN, campaign(found));
        }
        if let Some(at) = found.groups.iter().position(|g| g.id.to_string() == number) {
            return chosen(app, asked, AD_SET, group(found, at));
        }
    }
    error(
        400,
        100,
        33,
        "Unsupported get request. Object does not exist, or cannot be loaded due to missing permissions",
    )
}

/// A budget in Meta's units that it does not take.
pub(super) fn too_low(budget: i64) -> Option<HttpResponse> {
    if budget >= LEAST_BUDGET {
        return None;
    }
    let mut body = json!({ "message": "Invalid parameter", "type": "OAuthException", "code": 100, "error_subcode": 1_885_272, "is_transient": false, "fbtrace_id": "sandbox" });
    body["error_user_title"] = json!("Your budget is too low");
    body["error_user_msg"] = json!(format!("The daily budget must be at least {LEAST_BUDGET}."));
    Some(answer(400, &json!({ "error": body }), 0.0))
}

fn write(app: &App, number: &str, asked: &Asked) -> HttpResponse {
    if !lock(&app.ads)
        .permissions
        .iter()
        .any(|p| p == "ads_management")
    {
        return error(
            403,
            200,
            0,
            "(#200) Requires ads_management permission to manage the object",
        );
    }
    let silent = app.strikes("ads_silent_write");
    let today = super::model::Weights::of(app, "meta").today;
    let mut market = lock(&app.ads);
    let budget = asked
        .get("daily_budget")
        .and_then(|b| b.parse::<i64>().ok());
    if let Some(refused) = budget.and_then(too_low) {
        return refused;
    }
    let dry = asked
        .get("execution_options")
        .is_some_and(|o| o.contains("validate_only"));
    let status = asked.get("status").map(|s| s == "PAUSED");
    let effect = !dry && !silent;
    let Some(account) = market.account_mut("meta") else {
        return error(500, 2, 0, "no account");
    };
    let mut found = false;
    for campaign in &mut account.campaigns {
        let is_it = campaign.id.to_string() == number && !campaign.deleted;
        found |= is_it;
        if is_it && effect {
            let archived = asked.get("status").is_some_and(|s| s == "ARCHIVED");
            campaign.deleted |= archived;
            let status = status.filter(|_| !archived);
            campaign.switch(status.unwrap_or(campaign.paused), today);
            campaign.daily_budget = budget.unwrap_or(campaign.daily_budget);
        }
        for group in &mut campaign.groups {
            let is_it = group.id.to_string() == number;
            found |= is_it;
            if is_it && effect {
                group.paused = status.unwrap_or(group.paused);
            }
        }
    }
    if !found {
        return error(
            400,
            100,
            33,
            "Unsupported post request. Object does not exist",
        );
    }
    market.writes.push(json!({ "platform": "meta", "id": number, "fields": asked, "dry_run": dry, "effect": effect }));
    answer(200, &json!({ "success": true }), app.rate("ads_usage"))
}

pub(super) fn word(paused: bool) -> &'static str {
    if paused { "PAUSED" } else { "ACTIVE" }
}

pub(super) fn campaign(c: &Campaign) -> Value {
    let status = if c.deleted { "DELETED" } else { word(c.paused) };
    json!({ "id": c.id.to_string(), "name": c.name, "objective": "OUTCOME_SALES", "status": status, "effective_status": status,
        "daily_budget": c.daily_budget.to_string(), "created_time": "2023-05-01T10:00:00+0200" })
}

pub(super) fn group(c: &Campaign, at: usize) -> Value {
    let g = &c.groups[at];
    let effective = if c.paused {
        "CAMPAIGN_PAUSED"
    } else {
        word(g.paused)
    };
    json!({ "id": g.id.to_string(), "name": g.name, "campaign_id": c.id.to_string(), "optimization_goal": "OFFSITE_CONVERSIONS",
        "status": word(g.paused), "effective_status": effective, "created_time": "2023-05-01T10:00:00+0200" })
}

fn unknown(asked: &Asked, known: &str) -> Option<HttpResponse> {
    let fields = asked.get("fields").map(String::as_str).unwrap_or("id");
    let strange = fields
        .split(',')
        .find(|f| !known.split(' ').any(|k| k == *f));
    strange.map(|f| {
        error(
            400,
            100,
            0,
            &format!("(#100) Tried accessing nonexisting field ({f})"),
        )
    })
}

fn keep(asked: &Asked, told: Value) -> Value {
    let Some(fields) = asked.get("fields") else {
        return told;
    };
    let Value::Object(all) = told else {
        return told;
    };
    let wanted = |name: &str| {
        name == "id" || name.starts_with("date_") || fields.split(',').any(|f| f == name)
    };
    Value::Object(all.into_iter().filter(|(name, _)| wanted(name)).collect())
}

fn chosen(app: &App, asked: &Asked, known: &str, told: Value) -> HttpResponse {
    unknown(asked, known).unwrap_or_else(|| answer(200, &keep(asked, told), app.rate("ads_usage")))
}

fn listed(app: &App, asked: &Asked, rows: Vec<Value>) -> HttpResponse {
    paged(app, asked, rows.len(), |part| rows[part].to_vec())
}

/// A page of so many rows; the cursor of the last one is there too, but no address of a next page.
fn paged(
    app: &App,
    asked: &Asked,
    all: usize,
    rows: impl FnOnce(Range<usize>) -> Vec<Value>,
) -> HttpResponse {
    let limit = asked
        .get("limit")
        .and_then(|l| l.parse().ok())
        .unwrap_or(25_usize);
    let most = app.rate("ads_too_much");
    if most > 0.0 && limit as f64 > most {
        return error(
            400,
            1,
            0,
            "Please reduce the amount of data you're asking for, then retry your request",
        );
    }
    let after = asked
        .get("after")
        .and_then(|a| a.parse().ok())
        .unwrap_or(0_usize)
        .min(all);
    let end = after.saturating_add(limit).min(all);
    let page = rows(after..end).into_iter().map(|row| keep(asked, row));
    let page: Vec<Value> = page.collect();
    let mut paging =
        json!({ "cursors": { "before": after.to_string(), "after": end.to_string() } });
    if end < all {
        paging["next"] = json!(format!(
            "{}/meta/next?access_token={META_TOKEN}&after={end}",
            app.base()
        ));
    }
    answer(
        200,
        &json!({ "data": page, "paging": paging }),
        app.rate("ads_usage"),
    )
}

pub(super) fn range(asked: &Asked) -> Option<(NaiveDate, NaiveDate)> {
    let range: HashMap<String, NaiveDate> = serde_json::from_str(asked.get("time_range")?).ok()?;
    Some((*range.get("since")?, *range.get("until")?))
}

/// A report that can be made.
struct Asks {
    from: NaiveDate,
    to: NaiveDate,
    by_group: bool,
}

fn checked(asked: &Asked) -> Result<Asks, String> {
    let (from, to) = range(asked).ok_or("(#100) param time_range must be a JSON object")?;
    if asked.get("time_increment").map(String::as_str) != Some("1") {
        return Err("the sandbox tells days alone: time_increment=1".to_owned());
    }
    let fields = asked.get("fields").map(String::as_str).unwrap_or_default();
    if let Some(strange) = fields
        .split(',')
        .find(|f| !INSIGHT.split(' ').any(|k| k == *f))
    {
        return Err(format!("(#100) {strange} is not valid for fields param"));
    }
    let by_group = match asked.get("level").map(String::as_str).unwrap_or("account") {
        "campaign" => false,
        "adset" => true,
        other => return Err(format!("the sandbox has no level {other}")),
    };
    Ok(Asks { from, to, by_group })
}

fn cells(app: &App, report: &Asks) -> Vec<Cell> {
    let weights = Weights::of(app, "meta");
    let market = lock(&app.ads);
    let campaigns = market.account("meta").into_iter().flat_map(|account| {
        let days = report.from.iter_days().take_while(|d| *d <= report.to);
        days.flat_map(move |day| {
            let campaigns = account.campaigns.iter().enumerate();
            campaigns.map(move |(at, campaign)| (account, day, at, campaign))
        })
    });
    let mut cells = Vec::new();
    for (account, day, at, campaign) in campaigns {
        let mut put = |group, row: Option<Row>| {
            cells.extend(row.map(|row| Cell {
                campaign: at,
                group,
                day,
                row,
            }));
        };
        if report.by_group {
            for group in 0..campaign.groups.len() {
                put(
                    Some(group),
                    account.group_day(campaign, group, day, &weights),
                );
            }
        } else {
            put(None, account.campaign_day(campaign, day, &weights));
        }
    }
    cells
}

/// The rows of a job: made when they are first read, and the same on every page.
fn made(app: &App, number: &str, ordered: &Asked) -> Result<Arc<Vec<Cell>>, String> {
    let number = number.parse().unwrap_or(0);
    if let Some((of, cells)) = &lock(&app.ads).made
        && *of == number
    {
        return Ok(cells.clone());
    }
    let cells = Arc::new(cells(app, &checked(ordered)?));
    lock(&app.ads).made = Some((number, cells.clone()));
    Ok(cells)
}

fn told(app: &App, cells: &[Cell]) -> Vec<Value> {
    let market = lock(&app.ads);
    let Some(account) = market.account("meta") else {
        return Vec::new();
    };
    let cells = cells.iter().filter_map(|cell| {
        let campaign = account.campaigns.get(cell.campaign)?;
        // It may have fewer ad sets since.
        let there = cell.group.is_none_or(|at| at < campaign.groups.len());
        there.then(|| insight(account, campaign, cell.group, cell.day, cell.row))
    });
    cells.collect()
}

pub(super) fn insight(
    account: &Account,
    campaign: &Campaign,
    group: Option<usize>,
    day: NaiveDate,
    row: Row,
) -> Value {
    let mut told = figures(account, row);
    let mut put = |name: &str, value: Value| drop(told.insert(name.to_owned(), value));
    put("campaign_id", json!(campaign.id.to_string()));
    put("campaign_name", json!(campaign.name));
    if let Some(at) = group {
        put("adset_id", json!(campaign.groups[at].id.to_string()));
        put("adset_name", json!(campaign.groups[at].name));
    }
    put("date_start", json!(day));
    put("date_stop", json!(day));
    Value::Object(told)
}

pub(super) fn figures(account: &Account, row: Row) -> Map<String, Value> {
    let mut told = Map::new();
    let mut put = |name: &str, value: Value| drop(told.insert(name.to_owned(), value));
    put("account_currency", json!(account.currency));
    put("spend", json!(account.text(row.spend)));
    put("impressions", json!(row.impressions.to_string()));
    put("attribution_setting", json!("7d_click_1d_view"));
    if row.clicks > 0 {
        put("clicks", json!(row.clicks.to_string()));
        put("reach", json!((row.impressions * 4 / 5).to_string()));
        let mut actions =
            vec![json!({ "action_type": "link_click", "value": row.clicks.to_string() })];
        if row.purchases > 0 {
            let kinds = [
                "omni_purchase",
                "purchase",
                "offsite_conversion.fb_pixel_purchase",
            ];
            for kind in kinds {
                actions.push(json!({ "action_type": kind, "value": row.purchases.to_string(), "7d_click": row.purchases.to_string() }));
            }
            let values =
                kinds.map(|kind| json!({ "action_type": kind, "value": account.text(row.value) }));
            put("action_values", json!(values));
        }
        put("actions", json!(actions));
    }
    told
}
