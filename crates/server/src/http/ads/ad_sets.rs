//! The ad sets of one campaign by our own orders: `/v1/campaigns/{id}/ad-sets`.

use super::campaigns::{DayQuery, range};
use super::profit::OwnBody;
use super::view::{StatusBody, number};
use crate::auth::Caller;
use crate::http::amounts::optional_amount;
use crate::http::ids::own_id;
use crate::problem::Problem;
use crate::state::App;
use actix_web::web;
use application::ads::{AdSetProfit, OwnSales};
use chrono::NaiveDate;
use domain::attribution::NotTold;
use domain::money::Currency;
use serde::Serialize;
use utoipa::ToSchema;

/// All money is in `currency`, the store's; each day's spend is converted by that day's rate.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CampaignAdSets)]
pub(crate) struct Body {
    from: NaiveDate,
    to: NaiveDate,
    currency: String,
    /// Of the campaign, as the platform tells it; null: it cannot be told in this currency.
    spent: Option<String>,
    /// All orders whose last visit names the campaign: `ad_sets` and `not_told` add up to it. Null: no order of these days does.
    own: Option<OwnBody>,
    /// Our contribution margin for each unit of spend; null without orders, without spend, or where a cost is missing.
    poas: Option<f64>,
    /// The largest spend first.
    ad_sets: Vec<AdSetBody>,
    /// Of the campaign, and of no ad set that a link decides for.
    not_told: Vec<NotToldBody>,
    /// Orders whose visits were not read: they are no campaign's here.
    orders_not_read: u64,
    /// Why spend is not told; null: it is.
    unavailable: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CampaignAdSet)]
pub(crate) struct AdSetBody {
    /// The platform's number of the ad set, or ad group.
    number: String,
    name: String,
    status: StatusBody,
    spent: Option<String>,
    /// Null: no link decides for it.
    own: Option<OwnBody>,
    /// Null without orders, without spend, or where a cost is missing.
    poas: Option<f64>,
}

#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = AdSetNotToldReason)]
pub(crate) enum ReasonBody {
    /// The visit was stored before this was read of links.
    NotRead,
    /// The link says nothing below its campaign.
    NoWords,
    /// No ad set of the campaign is called as it says.
    NoSuch,
    /// More than one is.
    Several,
}

impl From<NotTold> for ReasonBody {
    fn from(why: NotTold) -> Self {
        match why {
            NotTold::NotRead => Self::NotRead,
            NotTold::NoWords => Self::NoWords,
            NotTold::NoSuch => Self::NoSuch,
            NotTold::Several => Self::Several,
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AdSetNotTold)]
pub(crate) struct NotToldBody {
    reason: ReasonBody,
    own: OwnBody,
}

fn set(of: &AdSetProfit, currency: Currency) -> AdSetBody {
    let own = |own: OwnSales| OwnBody::of(own, currency);
    AdSetBody {
        number: of.stored.entity.id.clone(),
        name: of.stored.entity.name.clone(),
        status: of.stored.entity.status.into(),
        spent: optional_amount(of.spend, currency),
        own: of.own.map(own),
        poas: number(of.poas),
    }
}

#[utoipa::path(
    get, path = "/v1/campaigns/{id}/ad-sets", operation_id = "campaign_ad_sets", tag = "campaigns",
    summary = "What our own orders tell of the ad sets of a campaign",
    description = "By what the link of the last visit says below the campaign: an ad set's number, else a name that one alone of the campaign has or had.",
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
    let (account, of) = id.split_once('.').ok_or_else(unknown)?;
    let account = own_id(account, "campaign")?;
    let range = range(query.from, query.to)?;
    let told = app.ads.ad_sets_of(who.workspace.id, account, of, range);
    let told = told.await?;
    let currency = told.store.currency;
    let own = |own: OwnSales| OwnBody::of(own, currency);
    Ok(web::Json(Body {
        from: told.range.from,
        to: told.range.to,
        currency: currency.to_string(),
        spent: optional_amount(told.spend, currency),
        own: told.own.map(own),
        poas: number(told.poas),
        ad_sets: told.ad_sets.iter().map(|of| set(of, currency)).collect(),
        not_told: told
            .not_told
            .iter()
            .map(|(why, sold)| NotToldBody {
                reason: (*why).into(),
                own: own(*sold),
            })
            .collect(),
        orders_not_read: told.orders_not_read,
        unavailable: told.unavailable,
    }))
}
