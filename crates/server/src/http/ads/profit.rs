//! `GET /v1/ad-profit`: what is spent for nothing, when a new customer has paid for itself, and profit on ads by campaign, product and day.

use super::campaigns::range;
use super::view::{MarginBody, PlatformBody, StatusBody, number};
use crate::auth::Caller;
use crate::http::amounts::{amount, optional_amount};
use crate::http::reports::query::store_id;
use crate::problem::Problem;
use crate::state::App;
use actix_web::web;
use application::ads::{AdProfit, CampaignRef, OwnSales, ProfitQuery};
use application::customers::Acquisition;
use chrono::NaiveDate;
use domain::ads::waste::Shelf;
use domain::customers::Payback;
use domain::money::Currency;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::{IntoParams, ToSchema};

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Query {
    /// First day; the last 30 days of the store when both are left out. A year at most.
    from: Option<NaiveDate>,
    to: Option<NaiveDate>,
    #[param(value_type = Option<String>, pattern = "^([0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12})?$")]
    store_id: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AdCampaignRef)]
pub(crate) struct CampaignRefBody {
    /// Of `/v1/campaigns`
    id: String,
    name: String,
    platform: PlatformBody,
    status: StatusBody,
}

impl CampaignRefBody {
    fn of(of: &CampaignRef) -> Self {
        Self {
            id: format!("{}.{}", of.account, of.number),
            name: of.name.clone(),
            platform: of.platform.into(),
            status: of.status.into(),
        }
    }
}

/// By our own orders of these days whose last visit names the campaign, with what has been taken back of them since.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AdOwnSales)]
pub(crate) struct OwnBody {
    orders: i64,
    units: i64,
    net_revenue: String,
    /// Contribution margin before ads; null where a cost is missing.
    cm2: Option<String>,
}

impl OwnBody {
    pub(super) fn of(own: OwnSales, currency: Currency) -> Self {
        Self {
            orders: own.orders,
            units: own.units,
            net_revenue: amount(own.net_revenue, currency),
            cm2: optional_amount(own.cm2, currency),
        }
    }
}

/// The first day after the first order on which a customer's contribution margin, summed up and averaged over all customers, is at least
/// what a new one cost.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AdPayback)]
pub(crate) struct PaybackBody {
    new_customers: u64,
    /// Spend / new customers of the same days; null: nobody bought for the first time, or spend is not known.
    cac: Option<String>,
    payback_days: Option<u32>,
    /// Why there is no day.
    reason: Option<String>,
}

impl PaybackBody {
    fn of(new_customers: u64, cac: Option<i64>, payback: Payback, currency: Currency) -> Self {
        let (payback_days, reason) = match payback {
            Payback::Day(day) => (Some(day), None),
            Payback::NotWithin { days } => (
                None,
                Some(format!(
                    "not within the {days} days that customers have been seen for"
                )),
            ),
            Payback::Unknown if cac.is_none() => (
                None,
                Some("nobody is known to have bought for the first time".to_owned()),
            ),
            Payback::Unknown => (
                None,
                Some(
                    "what customers bring is not known: unit costs or orders are missing"
                        .to_owned(),
                ),
            ),
        };
        Self {
            new_customers,
            cac: optional_amount(cac, currency),
            payback_days,
            reason,
        }
    }
}

/// Of days that do not move any more. Money is in the store's currency.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AdWaste)]
pub(crate) struct WasteBody {
    /// All spend of final days.
    final_spend: String,
    /// The last day on which all accounts are final; null: no day is.
    final_through: Option<NaiveDate>,
    /// Spend of campaigns whose POAS over their final days is below 1; null: margin is not known.
    below_break_even: Option<String>,
    /// That spend less the margin of what these campaigns claim.
    lost: Option<String>,
    /// Spend for products that had nothing to sell on the whole of a day; null: nobody looked at their stock.
    without_stock: Option<String>,
    /// Both, nothing twice; null where either is not known.
    total: Option<String>,
    /// Of `final_spend`, 0 to 1.
    share: Option<f64>,
    /// The largest loss first.
    campaigns: Vec<LosingBody>,
    unavailable: BTreeMap<String, String>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AdLosingCampaign)]
pub(crate) struct LosingBody {
    campaign: CampaignRefBody,
    spent: String,
    lost: String,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AdCampaignProfit)]
pub(crate) struct CampaignBody {
    campaign: CampaignRefBody,
    spent: String,
    spent_final: String,
    /// Null: no order of these days names it.
    own: Option<OwnBody>,
    /// Our contribution margin for each unit of spend; null without orders, without spend, or where a cost is missing.
    poas: Option<f64>,
    payback: PaybackBody,
}

#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = AdShelf)]
pub(crate) enum ShelfBody {
    Stocked,
    /// Nothing is left of any of its variants.
    Empty,
    Unknown,
}

impl From<Shelf> for ShelfBody {
    fn from(shelf: Shelf) -> Self {
        match shelf {
            Shelf::Stocked => Self::Stocked,
            Shelf::Empty => Self::Empty,
            Shelf::Unknown => Self::Unknown,
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AdProductProfit)]
pub(crate) struct ProductBody {
    product_id: String,
    title: Option<String>,
    /// Its part of its campaigns' spend, by net revenue of their orders.
    spent: String,
    own: OwnBody,
    /// Null without spend, or where a cost is missing.
    poas: Option<f64>,
    campaigns: Vec<CampaignRefBody>,
    stock: ShelfBody,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AdStocklessProduct)]
pub(crate) struct StocklessBody {
    product_id: String,
    title: Option<String>,
    /// What its active campaigns spent for it in these days.
    spent: String,
    campaigns: Vec<CampaignRefBody>,
}

/// Of spend that people and files tell; on a day that an account tells, the same channel's is left out.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AdOtherChannel)]
pub(crate) struct OtherBody {
    /// In small letters, e.g. `tiktok`.
    channel: String,
    /// Null: the channel as a whole.
    campaign: Option<String>,
    spent: String,
    /// On which something was told.
    days: u64,
    last_day: Option<NaiveDate>,
    /// By orders whose last visit names channel and campaign; null: none does.
    own: Option<OwnBody>,
    poas: Option<f64>,
    payback: PaybackBody,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AdDayProfit)]
pub(crate) struct DayBody {
    day: NaiveDate,
    spent: String,
    /// Of the whole store.
    net_revenue: String,
    /// Of the whole store, before ads; null where no cost is known.
    cm2: Option<String>,
    /// Net revenue for each unit of spend; null without spend.
    mer: Option<f64>,
    /// The inverse of `mer`; null without net revenue.
    spend_share: Option<f64>,
    new_customers: u64,
    cac: Option<String>,
    provisional: bool,
}

/// All money is in `currency`, the store's; each day's spend is converted by that day's rate.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AdProfit)]
pub(crate) struct Body {
    from: NaiveDate,
    to: NaiveDate,
    currency: String,
    waste: WasteBody,
    payback: PaybackBody,
    /// The largest spend first.
    campaigns: Vec<CampaignBody>,
    /// The largest spend first. A campaign's spend is split over the products of its own orders by their net revenue.
    products: Vec<ProductBody>,
    /// Spend of campaigns that no order of these days names: it is no product's.
    unattributed: String,
    /// Campaigns of other channels, from files; the largest spend first.
    other_channels: Vec<OtherBody>,
    /// Products that active campaigns sell and of which nothing is left.
    without_stock: Vec<StocklessBody>,
    /// Oldest first.
    days: Vec<DayBody>,
    /// Orders whose visits were not read: they are no campaign's here.
    orders_not_read: u64,
    margin: MarginBody,
    /// Why spend cannot be told; all that rests on it is empty then.
    unavailable: Option<String>,
}

fn waste(view: &AdProfit, currency: Currency) -> WasteBody {
    let waste = &view.waste;
    let mut unavailable = BTreeMap::new();
    if waste.losing.is_none() {
        let untold = view.unavailable.as_deref().or(view.margin.reason());
        let why = untold.unwrap_or("no ad account is connected, and no file tells of spend");
        unavailable.insert("below_break_even".to_owned(), why.to_owned());
        unavailable.insert("lost".to_owned(), why.to_owned());
    }
    if waste.empty.is_none() {
        let why = "of no advertised product is the stock of these days known";
        unavailable.insert("without_stock".to_owned(), why.to_owned());
    }
    if waste.total.is_none() {
        let why = "one of its parts is not known";
        unavailable.insert("total".to_owned(), why.to_owned());
    }
    let share = waste.total.and_then(|total| {
        let all = rust_decimal::Decimal::from(waste.final_spend);
        rust_decimal::Decimal::from(total).checked_div(all)
    });
    WasteBody {
        final_spend: amount(waste.final_spend, currency),
        final_through: view.final_through,
        below_break_even: optional_amount(waste.losing_spend(), currency),
        lost: optional_amount(waste.lost(), currency),
        without_stock: optional_amount(waste.empty_spend(), currency),
        total: optional_amount(waste.total, currency),
        share: number(share),
        campaigns: view
            .losing
            .iter()
            .map(|of| LosingBody {
                campaign: CampaignRefBody::of(&of.campaign),
                spent: amount(of.spend, currency),
                lost: amount(of.lost, currency),
            })
            .collect(),
        unavailable,
    }
}

#[utoipa::path(
    get, path = "/v1/ad-profit", operation_id = "ad_profit", tag = "campaigns",
    summary = "Wasted spend, payback, and profit on ads by campaign, product and day",
    params(Query),
    responses((status = 200, body = Body))
)]
pub(crate) async fn show(
    app: web::Data<App>,
    who: Caller,
    query: web::Query<Query>,
) -> Result<web::Json<Body>, Problem> {
    let asked = ProfitQuery {
        workspace: who.workspace.id,
        store: store_id(query.store_id.as_deref())?,
        range: range(query.from, query.to)?,
    };
    let view = app.ads.profit(&asked).await?;
    Ok(web::Json(body(&view)))
}

fn body(view: &AdProfit) -> Body {
    let currency = view.store.currency;
    let refs = |all: &[CampaignRef]| all.iter().map(CampaignRefBody::of).collect();
    let (new_customers, cac) = match view.acquisition {
        Acquisition::Known {
            cost,
            new_customers,
            ..
        } => (new_customers, Some(cost)),
        Acquisition::NoSpend { .. } | Acquisition::NobodyNew { .. } => (0, None),
    };
    Body {
        from: view.range.from,
        to: view.range.to,
        currency: currency.to_string(),
        waste: waste(view, currency),
        payback: PaybackBody::of(new_customers, cac, view.payback, currency),
        campaigns: view
            .campaigns
            .iter()
            .map(|of| CampaignBody {
                campaign: CampaignRefBody::of(&of.campaign),
                spent: amount(of.spend, currency),
                spent_final: amount(of.final_spend, currency),
                own: of.own.map(|own| OwnBody::of(own, currency)),
                poas: number(of.poas),
                payback: PaybackBody::of(of.new_customers, of.cac, of.payback, currency),
            })
            .collect(),
        products: view
            .products
            .iter()
            .map(|of| ProductBody {
                product_id: of.product.to_string(),
                title: of.title.clone(),
                spent: amount(of.spend, currency),
                own: OwnBody::of(of.own, currency),
                poas: number(of.poas),
                campaigns: refs(&of.campaigns),
                stock: of.shelf.into(),
            })
            .collect(),
        unattributed: amount(view.unattributed, currency),
        other_channels: view
            .others
            .iter()
            .map(|of| OtherBody {
                channel: of.channel.clone(),
                campaign: of.campaign.clone(),
                spent: amount(of.spend, currency),
                days: of.days,
                last_day: of.last_day,
                own: of.own.map(|own| OwnBody::of(own, currency)),
                poas: number(of.poas),
                payback: PaybackBody::of(of.new_customers, of.cac, of.payback, currency),
            })
            .collect(),
        without_stock: view
            .without_stock
            .iter()
            .map(|of| StocklessBody {
                product_id: of.product.to_string(),
                title: of.title.clone(),
                spent: amount(of.spend, currency),
                campaigns: refs(&of.campaigns),
            })
            .collect(),
        days: view
            .days
            .iter()
            .map(|of| DayBody {
                day: of.day,
                spent: amount(of.spend, currency),
                net_revenue: amount(of.net_revenue, currency),
                cm2: optional_amount(of.cm2, currency),
                mer: number(of.mer),
                spend_share: number(of.spend_share),
                new_customers: of.new_customers,
                cac: optional_amount(of.cac, currency),
                provisional: of.is_provisional,
            })
            .collect(),
        orders_not_read: view.orders_not_read,
        margin: MarginBody::of(&view.margin, currency),
        unavailable: view.unavailable.clone(),
    }
}
