//! The Google Ads API over REST, as far as campaigns need it: `searchStream` with the query language, changes of status and budget.

use actix_web::web::{Bytes, Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use chrono::NaiveDate;
use serde_json::{Map, Value, json};

use super::model::{ADS, Account, Campaign, Market, Row, Weights};
use super::{GOOGLE_ACCOUNT, GOOGLE_CLIENT_ID, GOOGLE_CLIENT_SECRET, GOOGLE_REFRESH_TOKEN};
use crate::app::{App, lock};

const CHUNK: usize = 2_000;

pub(crate) async fn token(app: Data<App>, body: Bytes) -> HttpResponse {
    let form: std::collections::HashMap<String, String> =
        url::form_urlencoded::parse(&body).into_owned().collect();
    let is = |name: &str, wanted: &str| form.get(name).is_some_and(|v| v == wanted);
    if !is("client_id", GOOGLE_CLIENT_ID) || !is("client_secret", GOOGLE_CLIENT_SECRET) {
        return HttpResponse::Unauthorized().json(json!({ "error": "invalid_client" }));
    }
    if app.strikes("ads_revoked")
        || !is("refresh_token", GOOGLE_REFRESH_TOKEN)
        || !is("grant_type", "refresh_token")
    {
        return HttpResponse::BadRequest().json(json!({ "error": "invalid_grant", "error_description": "Token has been expired or revoked." }));
    }
    let token = format!("ya29.{}", uuid::Uuid::new_v4().simple());
    lock(&app.ads).tokens.push(token.clone());
    HttpResponse::Ok().json(json!({ "access_token": token, "expires_in": 3599, "scope": "https://www.googleapis.com/auth/adwords", "token_type": "Bearer" }))
}

pub(super) fn failure(
    status: u16,
    word: &str,
    category: &str,
    value: &str,
    message: &str,
) -> Value {
    let mut failure = json!({ "errorCode": { category: value }, "message": message });
    if value == "RESOURCE_TEMPORARILY_EXHAUSTED" {
        failure["details"] = json!({ "quotaErrorDetails": { "rateScope": "ACCOUNT", "rateName": "sandbox", "retryDelay": "1s" } });
    }
    json!({ "error": { "code": status, "message": message, "status": word, "details": [{
        "@type": "type.googleapis.com/google.ads.googleads.v26.errors.GoogleAdsFailure", "errors": [failure], "requestId": "sandbox" }] } })
}

fn respond(status: u16, body: &Value, as_array: bool) -> HttpResponse {
    let code = actix_web::http::StatusCode::from_u16(status).unwrap_or_default();
    let mut response = HttpResponse::build(code);
    response.insert_header(("request-id", "sandbox"));
    // Errors of a stream come as an array as well.
    if as_array {
        response.json([body])
    } else {
        response.json(body)
    }
}

fn refused(app: &App, request: &HttpRequest, account: &str) -> Option<(u16, Value)> {
    let header = |name: &str| request.headers().get(name).and_then(|v| v.to_str().ok());
    let bearer = header("authorization").and_then(|v| v.strip_prefix("Bearer "));
    let known = bearer.is_some_and(|b| lock(&app.ads).tokens.iter().any(|t| t == b));
    if app.strikes("ads_token") || !known {
        return Some((
            401,
            json!({ "error": { "code": 401, "message": "Request had invalid authentication credentials.", "status": "UNAUTHENTICATED" } }),
        ));
    }
    if header("developer-token").is_some_and(|t| t.trim().is_empty()) {
        let told = failure(
            400,
            "INVALID_ARGUMENT",
            "requestError",
            "DEVELOPER_TOKEN_PARAMETER_MISSING",
            "developer-token parameter is missing.",
        );
        return Some((400, told));
    }
    if app.strikes("ads_throttle") {
        let told = failure(
            429,
            "RESOURCE_EXHAUSTED",
            "quotaError",
            "RESOURCE_TEMPORARILY_EXHAUSTED",
            "Too many requests.",
        );
        return Some((429, told));
    }
    if app.strikes("ads_permission") || account != GOOGLE_ACCOUNT {
        let told = failure(
            403,
            "PERMISSION_DENIED",
            "authorizationError",
            "USER_PERMISSION_DENIED",
            "User doesn't have permission to access customer.",
        );
        return Some((403, told));
    }
    None
}

pub(crate) async fn accessible(app: Data<App>, request: HttpRequest) -> HttpResponse {
    match refused(&app, &request, GOOGLE_ACCOUNT) {
        Some((status, told)) => respond(status, &told, false),
        None => HttpResponse::Ok()
            .json(json!({ "resourceNames": [format!("customers/{GOOGLE_ACCOUNT}")] })),
    }
}

pub(crate) async fn call(
    app: Data<App>,
    path: Path<(String, String, String)>,
    request: HttpRequest,
    body: Bytes,
) -> HttpResponse {
    let (version, account, call) = path.into_inner();
    let is_stream = call == "googleAds:searchStream";
    if version != "v26" {
        let told = failure(
            400,
            "INVALID_ARGUMENT",
            "requestError",
            "UNSUPPORTED_VERSION",
            "Version is deprecated.",
        );
        return respond(400, &told, is_stream);
    }
    if let Some((status, told)) = refused(&app, &request, &account) {
        return respond(status, &told, is_stream);
    }
    let Ok(body) = serde_json::from_slice::<Value>(&body) else {
        let told = failure(
            400,
            "INVALID_ARGUMENT",
            "requestError",
            "UNKNOWN",
            "no JSON",
        );
        return respond(400, &told, is_stream);
    };
    let made = match call.as_str() {
        "googleAds:searchStream" => search(&app, body["query"].as_str().unwrap_or_default()),
        "campaigns:mutate" | "adGroups:mutate" | "campaignBudgets:mutate" => {
            mutate(&app, &call, &body)
        }
        "googleAds:mutate" => super::created::google(&app, &body),
        _ => Err(failure(
            404,
            "NOT_FOUND",
            "requestError",
            "RESOURCE_NAME_MISSING",
            "no such call",
        )),
    };
    match made {
        Ok(told) => HttpResponse::Ok()
            .insert_header(("request-id", "sandbox"))
            .json(told),
        Err(told) => respond(
            u16::try_from(told["error"]["code"].as_i64().unwrap_or(400)).unwrap_or(400),
            &told,
            is_stream,
        ),
    }
}

struct Question<'a> {
    fields: Vec<&'a str>,
    from: &'a str,
    days: Option<(NaiveDate, NaiveDate)>,
    id: Option<&'a str>,
    /// Those that were removed are asked for too.
    removed: bool,
    /// Of ads: the campaign, and those that are asked for.
    campaign: Option<&'a str>,
    ads: Option<Vec<&'a str>>,
    most: usize,
}

fn parse(query: &str) -> Option<Question<'_>> {
    let (fields, rest) = query.strip_prefix("SELECT ")?.split_once(" FROM ")?;
    let (from, conditions) = rest.split_once(" WHERE ").unwrap_or((rest, ""));
    let days = match conditions.split_once("segments.date BETWEEN '") {
        Some((_, rest)) => {
            let (first, rest) = rest.split_once('\'')?;
            let (_, last) = rest.split_once('\'')?;
            Some((first.parse().ok()?, last.split('\'').next()?.parse().ok()?))
        }
        None => None,
    };
    let value = |name: &str| {
        let rest = conditions.split_once(name)?.1;
        rest.split_whitespace().next()
    };
    let ads = conditions.split_once("ad_group_ad.ad.id IN (");
    let ads = ads.and_then(|(_, rest)| rest.split_once(')'));
    Some(Question {
        fields: fields.split(',').map(str::trim).collect(),
        from: from.trim(),
        days,
        id: value(".id = "),
        campaign: value("campaign.id = "),
        ads: ads.map(|(list, _)| list.split(", ").collect()),
        most: value("LIMIT ")
            .and_then(|n| n.parse().ok())
            .unwrap_or(usize::MAX),
        removed: !conditions.contains("!= 'REMOVED'"),
    })
}

fn search(app: &App, query: &str) -> Result<Value, Value> {
    let bad =
        |value: &str, message: &str| failure(400, "INVALID_ARGUMENT", "queryError", value, message);
    let question = parse(query).ok_or_else(|| bad("UNEXPECTED_INPUT", query))?;
    let longest = app.rate("ads_report_fail");
    if let Some((from, to)) = question.days
        && longest > 0.0
        && ((to - from).num_days() + 1) as f64 > longest
    {
        return Err(failure(
            429,
            "RESOURCE_EXHAUSTED",
            "quotaError",
            "EXCESSIVE_SHORT_TERM_QUERY_RESOURCE_CONSUMPTION",
            "too large",
        ));
    }
    let weights = Weights::of(app, "google_ads");
    let market = lock(&app.ads);
    let account = market
        .account("google_ads")
        .ok_or_else(|| bad("UNSPECIFIED", "no account"))?;
    let mut results = Vec::new();
    for full in rows(account, &question, &weights) {
        let mut row = Map::new();
        for field in &question.fields {
            let Some(value) = full.get(*field) else {
                return Err(bad(
                    "UNRECOGNIZED_FIELD",
                    &format!("Unrecognized field in the query: '{field}'."),
                ));
            };
            if !value.is_null() {
                nest(&mut row, field, value.clone());
            }
        }
        results.push(Value::Object(row));
    }
    if results.is_empty() {
        return Ok(json!([{ "fieldMask": question.fields.join(","), "requestId": "sandbox" }]));
    }
    let chunks = results.chunks(CHUNK).map(|part| json!({ "results": part, "fieldMask": question.fields.join(","), "requestId": "sandbox" }));
    Ok(chunks.collect())
}

fn camel(name: &str) -> String {
    let mut out = String::new();
    let mut up = false;
    for c in name.chars() {
        match c {
            '_' => up = true,
            c if up => {
                out.push(c.to_ascii_uppercase());
                up = false;
            }
            c => out.push(c),
        }
    }
    out
}

fn nest(row: &mut Map<String, Value>, field: &str, value: Value) {
    match field.split_once('.') {
        Some((head, rest)) => {
            let inner = row.entry(camel(head)).or_insert_with(|| json!({}));
            if let Value::Object(inner) = inner {
                nest(inner, rest, value);
            }
        }
        None => drop(row.insert(camel(field), value)),
    }
}

fn rows(account: &Account, asked: &Question<'_>, weights: &Weights) -> Vec<Map<String, Value>> {
    if asked.from == "customer" {
        let told = json!({ "customer.id": account.number, "customer.descriptive_name": account.name, "customer.currency_code": account.currency,
            "customer.time_zone": account.zone.name(), "customer.status": "ENABLED", "customer.manager": false, "customer.test_account": true });
        return told.as_object().cloned().into_iter().collect();
    }
    if asked.from == "ad_group_ad" {
        return ads(account, asked, weights);
    }
    let mut rows = Vec::new();
    for campaign in account
        .campaigns
        .iter()
        .filter(|c| asked.removed || !c.deleted)
    {
        let groups: Vec<Option<usize>> = match asked.from {
            "campaign" => vec![None],
            "ad_group" => (0..campaign.groups.len()).map(Some).collect(),
            _ => vec![],
        };
        for group in groups {
            let fixed = fixed(account, campaign, group);
            let id = if group.is_some() {
                &fixed["ad_group.id"]
            } else {
                &fixed["campaign.id"]
            };
            if asked.id.is_some_and(|wanted| id != wanted) {
                continue;
            }
            let Some((from, to)) = asked.days else {
                rows.push(fixed);
                continue;
            };
            for day in from.iter_days().take_while(|d| *d <= to) {
                let row = match group {
                    Some(at) => account.group_day(campaign, at, day, weights),
                    None => account.campaign_day(campaign, day, weights),
                };
                if let Some(row) = row {
                    let mut told = fixed.clone();
                    told.extend(metrics(account, day, row));
                    rows.push(told);
                }
            }
        }
    }
    rows
}

/// The ads of one campaign, or what each was over a range.
fn ads(account: &Account, asked: &Question<'_>, weights: &Weights) -> Vec<Map<String, Value>> {
    let mut rows = Vec::new();
    let campaigns = account.campaigns.iter();
    for campaign in campaigns.filter(|c| asked.campaign == Some(&c.id.to_string())) {
        for (at, group) in campaign.groups.iter().enumerate() {
            let days = asked.days;
            let totals = days.map(|days| account.ads_between(campaign, at, days, weights));
            for ad in 0..ADS {
                let id = group.ad_id(ad).to_string();
                if asked
                    .ads
                    .as_ref()
                    .is_some_and(|only| !only.contains(&id.as_str()))
                {
                    continue;
                }
                let mut told = fixed(account, campaign, Some(at));
                told.insert("ad_group_ad.ad.id".to_owned(), json!(id));
                told.insert("ad_group_ad.ad.name".to_owned(), json!(group.ad_name(ad)));
                told.insert("ad_group_ad.status".to_owned(), json!("ENABLED"));
                match (&totals, days) {
                    (None, _) => rows.push(told),
                    (Some(Some(totals)), Some((from, _))) => {
                        told.extend(metrics(account, from, totals[ad]));
                        rows.push(told);
                    }
                    _ => {}
                }
            }
        }
    }
    rows.truncate(asked.most);
    rows
}

fn word(paused: bool) -> &'static str {
    if paused { "PAUSED" } else { "ENABLED" }
}

fn fixed(account: &Account, c: &Campaign, group: Option<usize>) -> Map<String, Value> {
    let status = if c.deleted { "REMOVED" } else { word(c.paused) };
    let mut told = json!({
        "campaign.id": c.id.to_string(), "campaign.name": c.name, "campaign.status": status, "campaign.primary_status": if c.paused { "PAUSED" } else { "ELIGIBLE" },
        "campaign.advertising_channel_type": "SEARCH",
        "campaign_budget.resource_name": format!("customers/{}/campaignBudgets/{}", account.number, c.id + 200_000_000),
        "campaign_budget.amount_micros": account.micros(c.daily_budget).to_string(), "campaign_budget.total_amount_micros": null,
        "campaign_budget.period": "DAILY", "campaign_budget.explicitly_shared": c.shared, "campaign_budget.reference_count": if c.shared { "2" } else { "1" },
    });
    if let Some(at) = group {
        told["ad_group.id"] = json!(c.groups[at].id.to_string());
        told["ad_group.name"] = json!(c.groups[at].name);
        told["ad_group.status"] = json!(word(c.groups[at].paused));
        told["ad_group.primary_status"] = json!(word(c.groups[at].paused));
    }
    told.as_object().cloned().unwrap_or_default()
}

fn metrics(account: &Account, day: NaiveDate, row: Row) -> Map<String, Value> {
    let value = row.value as f64 / 10_f64.powi(account.decimals() as i32);
    // Unset fields are missing: a conversion that is none is not told.
    let told = |v: f64| if v == 0.0 { Value::Null } else { json!(v) };
    let (count, value) = (told(row.purchases as f64), told(value));
    let told = json!({ "segments.date": day, "metrics.impressions": row.impressions.to_string(), "metrics.clicks": row.clicks.to_string(),
        "metrics.cost_micros": account.micros(row.spend).to_string(), "metrics.conversions": count, "metrics.conversions_value": value,
        "metrics.conversions_by_conversion_date": count, "metrics.conversions_value_by_conversion_date": value,
        "metrics.all_conversions": count, "metrics.all_conversions_value": value });
    told.as_object().cloned().unwrap_or_default()
}

fn mutate(app: &App, call: &str, body: &Value) -> Result<Value, Value> {
    let silent = app.strikes("ads_silent_write");
    let dry = body["validateOnly"].as_bool().unwrap_or(false);
    let today = super::model::Weights::of(app, "google_ads").today;
    let mut market = lock(&app.ads);
    let mut results = Vec::new();
    for operation in body["operations"].as_array().into_iter().flatten() {
        let removed = operation["remove"].as_str();
        let update = &operation["update"];
        let name = removed
            .or(update["resourceName"].as_str())
            .unwrap_or_default()
            .to_owned();
        if removed.is_some() {
            super::created::google_removes(&mut market, &name, !dry && !silent)?;
            results.push(json!({ "resourceName": name }));
            continue;
        }
        let number: u64 = name
            .rsplit('/')
            .next()
            .and_then(|n| n.parse().ok())
            .unwrap_or(0);
        apply(
            &mut market,
            call,
            number,
            update,
            (!dry && !silent).then_some(today),
        )?;
        market.writes.push(json!({ "platform": "google_ads", "id": name, "fields": update, "dry_run": dry, "effect": !dry && !silent }));
        results.push(json!({ "resourceName": name }));
    }
    Ok(if dry {
        json!({})
    } else {
        json!({ "results": results })
    })
}

fn apply(
    market: &mut Market,
    call: &str,
    number: u64,
    update: &Value,
    effect: Option<NaiveDate>,
) -> Result<(), Value> {
    let bad = |category: &str, value: &str, message: &str| {
        failure(400, "INVALID_ARGUMENT", category, value, message)
    };
    let gone = || {
        bad(
            "mutateError",
            "RESOURCE_NOT_FOUND",
            "Resource was not found.",
        )
    };
    let account = market.account_mut("google_ads").ok_or_else(gone)?;
    let unit = 10_i64.pow(6 - account.decimals());
    let paused = update["status"].as_str().map(|s| s == "PAUSED");
    let campaigns = account.campaigns.iter_mut().filter(|c| !c.deleted);
    for campaign in campaigns {
        match call {
            "campaigns:mutate" if campaign.id == number => {
                if let (Some(today), Some(paused)) = (effect, paused) {
                    campaign.switch(paused, today);
                }
                return Ok(());
            }
            "campaignBudgets:mutate" if campaign.id + 200_000_000 == number => {
                let micros = update["amountMicros"]
                    .as_str()
                    .and_then(|m| m.parse::<i64>().ok())
                    .unwrap_or(0);
                if micros < unit * 100 {
                    return Err(bad(
                        "campaignBudgetError",
                        "MONEY_AMOUNT_TOO_LESS",
                        "Money amount too less.",
                    ));
                }
                if micros % unit != 0 {
                    return Err(bad(
                        "campaignBudgetError",
                        "NON_MULTIPLE_OF_MINIMUM_CURRENCY_UNIT",
                        "Not a multiple of the minimum unit.",
                    ));
                }
                if effect.is_some() {
                    campaign.daily_budget = micros / unit;
                }
                return Ok(());
            }
            "adGroups:mutate" => {
                if let Some(group) = campaign.groups.iter_mut().find(|g| g.id == number) {
                    if effect.is_some() {
                        group.paused = paused.unwrap_or(group.paused);
                    }
                    return Ok(());
                }
            }
            _ => {}
        }
    }
    Err(gone())
}
