//! The ads of one campaign: `/v1/campaigns/{id}/ads`.

use super::campaigns::{DayQuery, range};
use super::view::{CampaignBody, MarginBody};
use crate::auth::Caller;
use crate::http::ids::own_id;
use crate::problem::Problem;
use crate::state::App;
use actix_web::web;
use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

/// Read from the platform when it is asked for.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CampaignAdList)]
pub(crate) struct Body {
    /// The largest spend first; ads that were deleted are not listed.
    ads: Vec<AdBody>,
    total: usize,
    /// The platform lists more than these.
    is_cut: bool,
    margin: MarginBody,
    from: NaiveDate,
    to: NaiveDate,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CampaignAd)]
pub(crate) struct AdBody {
    /// The platform's number of its ad set, or ad group.
    ad_set_number: Option<String>,
    /// Null: the ad set was not read yet.
    ad_set_name: Option<String>,
    /// As of a campaign, over the whole range.
    ad: CampaignBody,
}

#[utoipa::path(
    get, path = "/v1/campaigns/{id}/ads", operation_id = "campaign_ads", tag = "campaigns",
    summary = "The ads of a campaign over a range of days, read from the platform now",
    params(("id" = String, Path, description = "As a list tells it: the account and the platform's number"), DayQuery),
    responses((status = 200, body = Body))
)]
pub(crate) async fn list(
    app: web::Data<App>,
    who: Caller,
    id: web::Path<String>,
    query: web::Query<DayQuery>,
) -> Result<web::Json<Body>, Problem> {
    let unknown = || Problem::not_found("campaign");
    let (account, number) = id.split_once('.').ok_or_else(unknown)?;
    let account = own_id(account, "campaign")?;
    let range = range(query.from, query.to)?;
    let told = app.ads.ads_of(who.workspace.id, account, number, range);
    let told = told.await?;
    let days = told.range.len_days();
    let store = app
        .stores
        .pick(who.workspace.id, Some(told.account.scope.store))
        .await?;
    let ads = told.ads.iter().map(|ad| AdBody {
        ad_set_number: ad.row.stored.entity.parent.clone(),
        ad_set_name: ad.ad_set.clone(),
        ad: CampaignBody::of(&ad.row, &told.margin, days),
    });
    let ads: Vec<AdBody> = ads.collect();
    Ok(web::Json(Body {
        total: ads.len(),
        ads,
        is_cut: told.is_cut,
        margin: MarginBody::of(&told.margin, store.currency),
        from: told.range.from,
        to: told.range.to,
    }))
}
