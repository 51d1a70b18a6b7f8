//! `GET /v1/coverage`

use super::changes::store_of;
use super::unknown::UnknownBody;
use crate::auth::Caller;
use crate::http::amounts::amount;
use crate::http::products::list::range;
use crate::http::reports::figures::CoverageBody;
use crate::problem::Problem;
use crate::state::App;
use actix_web::web;
use application::costs::{Gap, GapKind, Gaps};
use chrono::NaiveDate;
use domain::money::Currency;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Query {
    /// With `to`; the last thirty days when left out.
    from: Option<NaiveDate>,
    to: Option<NaiveDate>,
    #[param(value_type = Option<String>, pattern = "^([0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12})?$")]
    store_id: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CoverageGap)]
pub(crate) struct GapBody {
    /// A variant's number, a country, a channel, a day.
    key: String,
    label: String,
    /// Net sales that it concerns.
    net_sales: String,
    orders: i64,
    /// Why it is missing, as far as the newest orders that it concerns tell it.
    reasons: Vec<UnknownBody>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CoverageKind)]
pub(crate) struct KindBody {
    /// `cost` by variant, `shipping` by country, `fees` by channel, `ad_spend` by day.
    kind: String,
    /// How many there are; at most a hundred are listed, the worst first.
    count: usize,
    missing: Vec<GapBody>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CoverageReport)]
pub(crate) struct Body {
    from: NaiveDate,
    to: NaiveDate,
    currency: String,
    net_sales: String,
    coverage: CoverageBody,
    kinds: Vec<KindBody>,
    /// Gateways of the newest orders whose fee nobody tells: a rule for each would estimate it.
    gateways_without_fee: Vec<String>,
}

#[utoipa::path(
    get, path = "/v1/coverage", operation_id = "coverage", tag = "costs",
    summary = "How much of net sales has known costs, and what is missing of each kind, the worst first",
    params(Query),
    responses((status = 200, body = Body))
)]
pub(crate) async fn handle(
    app: web::Data<App>,
    who: Caller,
    query: web::Query<Query>,
) -> Result<web::Json<Body>, Problem> {
    let store = store_of(&app, &who, query.store_id.as_deref()).await?;
    let range = range(query.from, query.to)?;
    let gaps = app.costs.gaps(&store, range).await?;
    Ok(web::Json(Body::of(&gaps, store.currency)))
}

impl Body {
    fn of(gaps: &Gaps, currency: Currency) -> Self {
        let gap = |gap: &Gap| GapBody {
            key: gap.key.clone(),
            label: gap.label.clone(),
            net_sales: amount(gap.net_sales, currency),
            orders: gap.orders,
            reasons: gap.reasons.iter().map(UnknownBody::of).collect(),
        };
        let kind = |kind: GapKind| match kind {
            GapKind::Cost => "cost",
            GapKind::Shipping => "shipping",
            GapKind::Fees => "fees",
            GapKind::Spend => "ad_spend",
        };
        let kinds = gaps.kinds.iter();
        Self {
            from: gaps.range.from,
            to: gaps.range.to,
            currency: currency.to_string(),
            net_sales: amount(gaps.net_sales, currency),
            coverage: CoverageBody::of(&gaps.coverage),
            kinds: kinds
                .map(|(of, missing, count)| KindBody {
                    kind: kind(*of).to_owned(),
                    count: *count,
                    missing: missing.iter().map(gap).collect(),
                })
                .collect(),
            gateways_without_fee: gaps.gateways.clone(),
        }
    }
}
