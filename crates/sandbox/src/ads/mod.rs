//! Two platforms that sell advertisements for the shop: Meta's Marketing API below `/meta`, the Google Ads API below
//! `/google-ads`. What they spend follows the days of the shop's orders; conversions come late, and a day freezes after its window.
//!
//! `GET /__ads` tells accounts and every change that was sent, with whether it had an effect; `POST /__ads` changes the accounts
//! as people do (names, deletions, currency, zone); `GET /__ads/days` is the truth of the days, for tests.

mod created;
mod google;
mod meta;
mod meta_ads;
mod model;

use actix_web::HttpResponse;
use actix_web::web::{self, Data, Json, Query, ServiceConfig};
use chrono::NaiveDate;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::app::{App, lock};

pub(crate) use model::Market;

pub const META_ACCOUNT: &str = "1234567890123456";
pub const META_TOKEN: &str = "meta-sandbox-token";
pub const GOOGLE_ACCOUNT: &str = "1234567890";
pub const GOOGLE_CLIENT_ID: &str = "google-sandbox";
pub const GOOGLE_CLIENT_SECRET: &str = "google-sandbox-secret";
pub const GOOGLE_REFRESH_TOKEN: &str = "google-sandbox-refresh";

pub(crate) fn routes(config: &mut ServiceConfig) {
    config
        .route("/meta/{version}/{tail:.*}", web::get().to(meta::get))
        .route("/meta/{version}/{tail:.*}", web::post().to(meta::post))
        .route("/google-ads/token", web::post().to(google::token))
        .route(
            "/google-ads/{version}/customers:listAccessibleCustomers",
            web::get().to(google::accessible),
        )
        .route(
            "/google-ads/{version}/customers/{account}/{call:.*}",
            web::post().to(google::call),
        )
        .route("/__ads", web::get().to(show))
        .route("/__ads", web::post().to(change))
        .route("/__ads/days", web::get().to(days));
}

/// A campaign's number at a platform.
pub(crate) use model::{campaign_id, campaign_name, group_id, group_name};

async fn show(app: Data<App>) -> HttpResponse {
    let market = lock(&app.ads);
    HttpResponse::Ok().json(market.to_json())
}

#[derive(Debug, Deserialize)]
struct Change {
    /// `meta` or `google_ads`.
    platform: String,
    /// Makes so many campaigns anew, with `groups` ad sets each.
    campaigns: Option<usize>,
    groups: Option<usize>,
    currency: Option<String>,
    zone: Option<String>,
    /// A campaign by its position.
    campaign: Option<usize>,
    rename: Option<String>,
    #[serde(default)]
    delete: bool,
    #[serde(default)]
    share_budget: bool,
    /// Of Meta: what the token may do.
    permissions: Option<Vec<String>>,
    /// Tokens that were given out end.
    #[serde(default)]
    expire_tokens: bool,
}

async fn change(app: Data<App>, body: Json<Value>) -> HttpResponse {
    match apply(&app, &body) {
        Ok(()) => HttpResponse::Ok().json(lock(&app.ads).to_json()),
        Err(why) => crate::http::refuse(&why),
    }
}

pub(crate) fn apply(app: &App, body: &Value) -> Result<(), String> {
    let change: Change = serde_json::from_value(body.clone()).map_err(|e| e.to_string())?;
    let mut market = lock(&app.ads);
    if change.expire_tokens {
        market.tokens.clear();
    }
    if let Some(permissions) = &change.permissions {
        market.permissions.clone_from(permissions);
    }
    let account = market.account_mut(&change.platform);
    let account = account.ok_or("no such platform")?;
    if let Some(count) = change.campaigns {
        account.fill(count, change.groups.unwrap_or(2));
    }
    if let Some(currency) = &change.currency {
        account.currency.clone_from(currency);
    }
    if let Some(zone) = &change.zone {
        account.zone = zone.parse().map_err(|_| "no such zone")?;
    }
    if let Some(at) = change.campaign {
        let campaign = account.campaigns.get_mut(at).ok_or("no such campaign")?;
        if let Some(name) = &change.rename {
            campaign.name.clone_from(name);
        }
        campaign.deleted |= change.delete;
        campaign.shared |= change.share_budget;
    }
    Ok(())
}

#[derive(Debug, Deserialize)]
struct Asked {
    platform: String,
    from: NaiveDate,
    to: NaiveDate,
}

async fn days(app: Data<App>, asked: Query<Asked>) -> HttpResponse {
    match truth(&app, &asked.platform, asked.from, asked.to) {
        Some(told) => HttpResponse::Ok().json(told),
        None => crate::http::refuse("no such platform"),
    }
}

/// One row a campaign and day, as it would be told now; amounts in the smallest unit that the platform tells.
pub(crate) fn truth(app: &App, platform: &str, from: NaiveDate, to: NaiveDate) -> Option<Value> {
    let weights = model::Weights::of(app, platform);
    let market = lock(&app.ads);
    let account = market.account(platform)?;
    let rows = account.campaigns.iter().flat_map(|campaign| {
        let days = from.iter_days().take_while(move |d| *d <= to);
        days.filter_map(|day| {
            let row = account.campaign_day(campaign, day, &weights)?;
            Some(
                json!({ "campaign": campaign.id.to_string(), "day": day, "spend": row.spend, "impressions": row.impressions,
                "clicks": row.clicks, "purchases": row.purchases, "value": row.value }),
            )
        })
    });
    let rows: Vec<Value> = rows.collect();
    Some(
        json!({ "currency": account.currency, "decimals": account.decimals(), "today": weights.today, "rows": rows }),
    )
}

/// One of the rows that Meta's lists have.
pub(crate) fn sample(app: &App, platform: &str, what: &str) -> Option<Value> {
    let weights = model::Weights::of(app, platform);
    let market = lock(&app.ads);
    let account = market.account(platform).filter(|a| a.platform == "meta")?;
    let campaign = account.campaigns.first()?;
    Some(match what {
        "campaigns" => meta::campaign(campaign),
        "adsets" => meta::group(campaign, 0),
        _ => {
            let day = weights.today.pred_opt()?;
            let row = account.group_day(campaign, 0, day, &weights)?;
            meta::insight(account, campaign, Some(0), day, row)
        }
    })
}
