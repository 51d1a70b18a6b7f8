//! `GET /v1/supplier-alerts`: what prices and stock at suppliers mean for what the store sells, and which campaigns still sell it.

use crate::auth::{Caller, Permission};
use crate::http::ads::view::PlatformBody;
use crate::http::amounts::{amount, optional_amount};
use crate::http::reports::query::store_id;
use crate::problem::Problem;
use crate::state::App;
use actix_web::web;
use application::ads::{LiveAds, LiveCampaign};
use application::supply::{Instead, Touched};
use domain::money::Currency;
use domain::supplier::{Alert, left};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// Rows of an answer; all are counted.
const MOST_SHOWN: usize = 250;

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Query {
    #[param(value_type = Option<String>, pattern = "^([0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12})?$")]
    store_id: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = SupplierAlertKind)]
pub(crate) enum KindBody {
    /// The supplier does not offer it any more.
    Gone,
    OutOfStock,
    /// It costs more than it is sold for.
    Loses,
    /// Less of the price is left than is asked for.
    Thin,
    /// The supplier asks more than before.
    Dearer,
    CostUnknown,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SupplierAlert)]
pub(crate) struct AlertBody {
    kind: KindBody,
    /// Of `thin` the percent of the price that are left; of `dearer` by how many percent.
    percent: Option<f64>,
}

impl From<&Alert> for AlertBody {
    fn from(alert: &Alert) -> Self {
        use crate::http::opportunities::view::hundredths;
        let (kind, percent) = match alert {
            Alert::Gone => (KindBody::Gone, None),
            Alert::OutOfStock => (KindBody::OutOfStock, None),
            Alert::Loses { .. } => (KindBody::Loses, None),
            Alert::Thin { margin } => (KindBody::Thin, Some(hundredths(*margin))),
            Alert::Dearer { by } => (KindBody::Dearer, Some(hundredths(*by))),
            Alert::CostUnknown => (KindBody::CostUnknown, None),
        };
        Self { kind, percent }
    }
}

/// Somebody else who has the same thing.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SupplierInstead)]
pub(crate) struct InsteadBody {
    #[schema(format = "uuid")]
    supplier_product_id: String,
    supplier: String,
    /// The only variant of it; null: somebody has to choose.
    supplier_variant: Option<String>,
    /// Of one piece, in the store's currency.
    cost: Option<String>,
    /// Orders choose between both by themselves.
    mapped: bool,
}

/// A campaign that runs now and sold the product in the last 30 days: by the last visit before each of our own orders.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SupplierAlertCampaign)]
pub(crate) struct CampaignBody {
    /// Of `/v1/campaigns`
    id: String,
    /// With `number` what a change-set pauses it by.
    #[schema(format = "uuid")]
    ad_account_id: String,
    /// As the platform numbers it.
    number: String,
    name: String,
    platform: PlatformBody,
    /// Of this product, over the last 30 days.
    orders: i64,
    units: i64,
}

impl From<&LiveCampaign> for CampaignBody {
    fn from(of: &LiveCampaign) -> Self {
        let campaign = &of.campaign;
        Self {
            id: format!("{}.{}", campaign.account, campaign.number),
            ad_account_id: campaign.account.to_string(),
            number: campaign.number.clone(),
            name: campaign.name.clone(),
            platform: campaign.platform.into(),
            orders: of.orders,
            units: of.units,
        }
    }
}

/// A variant that the store sells, of which something has to be known.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SupplierTouched)]
pub(crate) struct TouchedBody {
    mapping_id: String,
    product_id: String,
    variant_id: String,
    title: String,
    /// The store's word: `active`, `draft`, `archived`.
    product_status: String,
    #[schema(format = "uuid")]
    supplier_product_id: String,
    supplier: String,
    alerts: Vec<AlertBody>,
    price: String,
    /// Of one unit with sending it, as far as that is told; null where nobody knows.
    cost: Option<String>,
    cost_before: Option<String>,
    /// Of the price, after the payment as far as it is known.
    left: Option<String>,
    /// That leaves the least margin that is asked for.
    suggested_price: Option<String>,
    instead: Vec<InsteadBody>,
    /// The one that sold most of the product first; empty too where `no_campaigns_reason` is told.
    campaigns: Vec<CampaignBody>,
}

impl TouchedBody {
    fn of(of: &Touched, campaigns: &[LiveCampaign], currency: Currency) -> Self {
        let instead = |i: &Instead| InsteadBody {
            supplier_product_id: i.product.to_string(),
            supplier: i.supplier.clone(),
            supplier_variant: i.variant.clone(),
            cost: optional_amount(i.goods, currency),
            mapped: i.mapped,
        };
        Self {
            mapping_id: of.mapping.to_string(),
            product_id: of.own.to_string(),
            variant_id: of.variant.to_string(),
            title: of.title.clone(),
            product_status: of.status.clone(),
            supplier_product_id: of.product.to_string(),
            supplier: of.supplier.clone(),
            alerts: of.alerts.iter().map(Into::into).collect(),
            price: amount(of.sold.price, currency),
            cost: optional_amount(of.sold.cost, currency),
            cost_before: optional_amount(of.sold.goods_before, currency),
            left: optional_amount(left(&of.sold), currency),
            suggested_price: optional_amount(of.price, currency),
            instead: of.instead.iter().map(instead).collect(),
            campaigns: campaigns.iter().map(Into::into).collect(),
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SupplierAlertList)]
pub(crate) struct Body {
    /// The most urgent first, at most 250.
    touched: Vec<TouchedBody>,
    total: usize,
    /// Mappings that were looked at.
    looked_at: usize,
    /// Mappings beyond those.
    not_looked_at: u64,
    currency: String,
    /// The percent of the price that should be left: the minimum margin of the opportunities' settings.
    least_margin: f64,
    /// Why no payment fee is counted.
    no_fee_reason: Option<String>,
    /// Why no campaign is named.
    no_campaigns_reason: Option<String>,
    /// Orders of these days whose visits were not read: they name no campaign.
    orders_not_read: u64,
}

#[utoipa::path(
    get, path = "/v1/supplier-alerts", operation_id = "supplier_alerts", tag = "opportunities",
    summary = "What prices and stock at suppliers mean for variants that are mapped to them, and who else has them",
    params(Query),
    responses((status = 200, body = Body))
)]
pub(crate) async fn handle(
    app: web::Data<App>,
    who: Caller,
    query: web::Query<Query>,
) -> Result<web::Json<Body>, Problem> {
    let id = store_id(query.store_id.as_deref())?;
    let store = app.supply.store(who.workspace.id, id).await?;
    let mut told = app.supply.touched(&store).await?;
    if !who.may(Permission::ReportsRead) {
        told.ads = LiveAds {
            why: Some("campaigns are not yours to see".to_owned()),
            ..LiveAds::default()
        };
    }
    let ads = &told.ads;
    let body = |t: &Touched| {
        let campaigns = ads.by_product.get(&t.own);
        TouchedBody::of(t, campaigns.map_or(&[], Vec::as_slice), store.currency)
    };
    let shown = told.touched.iter().take(MOST_SHOWN);
    Ok(web::Json(Body {
        touched: shown.map(body).collect(),
        total: told.touched.len(),
        looked_at: told.looked_at,
        not_looked_at: told.left,
        currency: store.currency.to_string(),
        least_margin: crate::http::opportunities::view::hundredths(told.least),
        no_campaigns_reason: told.ads.why.clone(),
        orders_not_read: told.ads.orders_not_read,
        no_fee_reason: told.no_fee,
    }))
}
