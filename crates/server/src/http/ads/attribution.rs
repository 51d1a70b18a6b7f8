//! `GET /v1/attribution`: from where sales came by our own orders, beside what platforms claim.

use super::campaigns::range;
use super::view::{MarginBody, PlatformBody, number};
use crate::auth::Caller;
use crate::http::amounts::{amount, optional_amount};
use crate::http::reports::query::store_id;
use crate::problem::Problem;
use crate::state::App;
use actix_web::web;
use application::ads::{Attributed, AttributionQuery, AttributionRow, Claims};
use chrono::NaiveDate;
use domain::ads::AdPlatform;
use domain::attribution::Model;
use domain::money::Currency;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive as _;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = AttributionModel)]
pub(crate) enum ModelBody {
    /// The first visit has the sale.
    First,
    /// The last visit has it.
    #[default]
    Last,
    /// Half each: visits in between are not told.
    Position,
}

impl From<ModelBody> for Model {
    fn from(body: ModelBody) -> Self {
        match body {
            ModelBody::First => Self::First,
            ModelBody::Last => Self::Last,
            ModelBody::Position => Self::Position,
        }
    }
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Query {
    /// First day; the last 30 days of the store when both are left out.
    from: Option<NaiveDate>,
    to: Option<NaiveDate>,
    /// `last` when left out.
    model: Option<ModelBody>,
    #[param(value_type = Option<String>, pattern = "^([0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12})?$")]
    store_id: Option<String>,
}

/// By our own orders, in the store's currency.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AttributedSales)]
pub(crate) struct OwnBody {
    /// Halves where a sale has two visits.
    orders: f64,
    net_revenue: String,
    /// Contribution margin before ads; null where a cost is missing.
    cm2: Option<String>,
}

impl OwnBody {
    fn of(own: &Attributed, currency: Currency) -> Self {
        Self {
            orders: own.orders.to_f64().unwrap_or_default(),
            net_revenue: amount(own.net_revenue, currency),
            cm2: optional_amount(own.cm2, currency),
        }
    }
}

/// As the platform tells it, converted into the store's currency by each day's rate. Never added to our own figures.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ClaimedSales)]
pub(crate) struct ClaimsBody {
    /// Of `/v1/campaigns`
    campaign_id: String,
    name: String,
    platform: PlatformBody,
    spent: String,
    claimed_revenue: String,
    claimed_purchases: f64,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AttributionRow)]
pub(crate) struct RowBody {
    /// `meta`, `google`, `direct`, the host of a referrer …; null: a campaign that no order names.
    source: Option<String>,
    /// As links name it.
    campaign: Option<String>,
    own: OwnBody,
    claims: Option<ClaimsBody>,
    /// Our net revenue for each unit of what the platform says was spent; null without spend.
    roas: Option<f64>,
    /// Our contribution margin for each unit of spend; null without spend, or where a cost is missing.
    poas: Option<f64>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Attribution)]
pub(crate) struct Body {
    model: ModelBody,
    from: NaiveDate,
    to: NaiveDate,
    currency: String,
    /// The largest net revenue first; campaigns that no order names last.
    rows: Vec<RowBody>,
    /// All sales of these days: the rows and `not_read` add up to it.
    total: OwnBody,
    /// Orders whose visits were not read, or that the shop has not worked out yet.
    not_read: OwnBody,
    /// Why platforms' figures are not told; null: they are.
    unavailable: Option<String>,
    margin: MarginBody,
}

fn claims(claims: &Claims, platform: AdPlatform, currency: Currency) -> ClaimsBody {
    ClaimsBody {
        campaign_id: format!("{}.{}", claims.account, claims.campaign.entity.id),
        name: claims.campaign.entity.name.clone(),
        platform: platform.into(),
        spent: amount(claims.spend, currency),
        claimed_revenue: amount(claims.revenue, currency),
        claimed_purchases: claims.purchases.to_f64().unwrap_or_default(),
    }
}

fn row(row: &AttributionRow, currency: Currency) -> RowBody {
    let spend = row.claims.as_ref().map(|c| c.spend);
    let per_spend = |of: Option<i64>| {
        let (of, spend) = (Decimal::from(of?), Decimal::from(spend?));
        of.checked_div(spend)
    };
    RowBody {
        source: row.touch.as_ref().map(|t| t.source.clone()),
        campaign: row.touch.as_ref().and_then(|t| t.campaign.clone()),
        own: OwnBody::of(&row.own, currency),
        claims: row.claims.as_ref().map(|c| claims(c, c.platform, currency)),
        roas: number(per_spend(Some(row.own.net_revenue))),
        poas: number(per_spend(row.own.cm2)),
    }
}

#[utoipa::path(
    get, path = "/v1/attribution", operation_id = "attribution", tag = "campaigns",
    summary = "From where sales came by our own orders, beside what platforms claim",
    params(Query),
    responses((status = 200, body = Body))
)]
pub(crate) async fn show(
    app: web::Data<App>,
    who: Caller,
    query: web::Query<Query>,
) -> Result<web::Json<Body>, Problem> {
    let model = query.model.unwrap_or_default();
    let asked = AttributionQuery {
        workspace: who.workspace.id,
        store: store_id(query.store_id.as_deref())?,
        range: range(query.from, query.to)?,
        model: model.into(),
    };
    let view = app.ads.attribution(&asked).await?;
    let currency = view.store.currency;
    Ok(web::Json(Body {
        model,
        from: view.range.from,
        to: view.range.to,
        currency: currency.to_string(),
        rows: view.rows.iter().map(|one| row(one, currency)).collect(),
        total: OwnBody::of(&view.total, currency),
        not_read: OwnBody::of(&view.not_read, currency),
        unavailable: view.unavailable,
        margin: MarginBody::of(&view.margin, currency),
    }))
}
