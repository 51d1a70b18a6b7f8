//! `GET /v1/inventory`

use super::view::{AbcBody, ItemBody, StateBody, UrgencyBody, XyzBody};
use crate::auth::Caller;
use crate::http::amounts::optional_amount;
use crate::http::paging;
use crate::http::reports::query::store_id;
use crate::problem::Problem;
use crate::state::App;
use actix_web::web;
use application::inventory::{Filter, Listing, Order, Standing, Sums};
use chrono::{DateTime, NaiveDate, Utc};
use domain::inventory_plan::{State, Urgency};
use domain::money::Currency;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::{IntoParams, ToSchema};

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[schema(as = InventorySort)]
pub(crate) enum Sort {
    /// The soonest stock-out first.
    #[default]
    #[serde(rename = "urgency")]
    Urgency,
    #[serde(rename = "title")]
    Title,
    #[serde(rename = "-value")]
    MostValue,
    #[serde(rename = "-units")]
    MostUnits,
    #[serde(rename = "cover")]
    LeastCover,
    #[serde(rename = "-cover")]
    MostCover,
}

impl From<Sort> for Order {
    fn from(sort: Sort) -> Self {
        match sort {
            Sort::Urgency => Self::Urgency,
            Sort::Title => Self::Title,
            Sort::MostValue => Self::MostValue,
            Sort::MostUnits => Self::MostUnits,
            Sort::LeastCover => Self::LeastCover,
            Sort::MostCover => Self::MostCover,
        }
    }
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Query {
    /// A part of title, SKU or vendor, or a variant's number.
    q: Option<String>,
    urgency: Option<UrgencyBody>,
    abc: Option<AbcBody>,
    xyz: Option<XyzBody>,
    state: Option<StateBody>,
    vendor: Option<String>,
    #[serde(default)]
    #[param(value_type = Option<Sort>)]
    sort: Sort,
    cursor: Option<String>,
    #[param(minimum = 1, maximum = 250)]
    limit: Option<u32>,
    #[param(value_type = Option<String>, pattern = "^([0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12})?$")]
    store_id: Option<String>,
}

/// Over all variants that are offered, whatever is filtered.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = InventorySummary)]
pub(crate) struct SummaryBody {
    variants: usize,
    out: usize,
    critical: usize,
    high: usize,
    medium: usize,
    low: usize,
    unknown: usize,
    reorder: usize,
    overstock: usize,
    dead: usize,
    slow: usize,
    /// At cost, of what has one.
    stock_value: Option<String>,
    overstock_value: Option<String>,
    dead_value: Option<String>,
    /// Variants with stock whose cost is not known: their value is in none of these.
    without_cost: usize,
    unavailable: BTreeMap<String, String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ForecastStanding)]
pub(crate) enum StandingStateBody {
    None,
    Fresh,
    Stale,
    Running,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = InventoryForecasts)]
pub(crate) struct StandingBody {
    as_of: Option<DateTime<Utc>>,
    learned_to: Option<NaiveDate>,
    state: StandingStateBody,
    /// Of the run that is under way.
    #[schema(format = "uuid")]
    run_id: Option<String>,
    /// Null when they are fresh.
    reason: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = StockHistory)]
pub(crate) struct StockHistoryBody {
    /// The first day whose stock was written down.
    since: Option<NaiveDate>,
    reason: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = InventoryList)]
pub(crate) struct Body {
    items: Vec<ItemBody>,
    total: Option<u64>,
    next_cursor: Option<String>,
    currency: String,
    today: NaiveDate,
    summary: SummaryBody,
    forecast: StandingBody,
    stock_history: StockHistoryBody,
}

#[utoipa::path(
    get, path = "/v1/inventory", operation_id = "inventory", tag = "inventory",
    summary = "What is there, how long it lasts and what to order, by variant",
    params(Query),
    responses((status = 200, body = Body))
)]
pub(crate) async fn handle(
    app: web::Data<App>,
    who: Caller,
    query: web::Query<Query>,
) -> Result<web::Json<Body>, Problem> {
    let store = store_id(query.store_id.as_deref())?;
    let page = paging::page(query.cursor.as_deref(), query.limit)?;
    let filter = Filter {
        text: paging::text(query.q.as_ref()),
        urgency: query.urgency.map(Into::into),
        abc: query.abc.map(AbcBody::class),
        xyz: query.xyz.map(XyzBody::class),
        state: query.state.map(Into::into),
        vendor: paging::text(query.vendor.as_ref()),
    };
    let order = query.sort.into();
    let workspace = who.workspace.id;
    let listing = app.inventory.list(workspace, store, &filter, order).await?;
    let Listing {
        store,
        today,
        items,
        sums,
        standing,
    } = listing;
    let page = paging::slice(items, &page, |item| item.id().to_string())?;
    let currency = store.currency;
    Ok(web::Json(Body {
        items: page
            .items
            .iter()
            .map(|i| ItemBody::of(i, currency))
            .collect(),
        total: page.total,
        next_cursor: page.next_cursor,
        currency: currency.to_string(),
        today,
        summary: summary(&sums, currency),
        stock_history: stock_history(standing.stock_since),
        forecast: self::standing(&standing),
    }))
}

fn summary(sums: &Sums, currency: Currency) -> SummaryBody {
    let urgent = |u: Urgency| sums.urgencies.get(&u).copied().unwrap_or(0);
    let in_state = |s: State| sums.states.get(&s).copied().unwrap_or(0);
    let mut unavailable = BTreeMap::new();
    if sums.value.is_none() {
        let why = "no variant with a count has a known cost";
        unavailable.insert("stock_value".to_owned(), why.to_owned());
    }
    SummaryBody {
        variants: sums.variants,
        out: urgent(Urgency::Out),
        critical: urgent(Urgency::Critical),
        high: urgent(Urgency::High),
        medium: urgent(Urgency::Medium),
        low: urgent(Urgency::Low),
        unknown: urgent(Urgency::Unknown),
        reorder: in_state(State::Reorder),
        overstock: in_state(State::Overstock),
        dead: in_state(State::Dead),
        slow: in_state(State::Slow),
        stock_value: optional_amount(sums.value, currency),
        overstock_value: optional_amount(sums.overstock_value, currency),
        dead_value: optional_amount(sums.dead_value, currency),
        without_cost: sums.without_cost,
        unavailable,
    }
}

fn standing(standing: &Standing) -> StandingBody {
    let open = standing.latest.as_ref().filter(|r| r.status.is_open());
    let failed = standing.latest.as_ref().and_then(|r| r.error.as_ref());
    let (state, reason) = match (open, standing.made_at) {
        (Some(_), _) => (
            StandingStateBody::Running,
            Some("forecasts are being made".to_owned()),
        ),
        (None, None) => {
            let why = failed.map_or_else(
                || "no forecast was made yet: they are made each night after a sync, or when asked for".to_owned(),
                |e| format!("no forecast was made yet; the last try failed: {}", e.message),
            );
            (StandingStateBody::None, Some(why))
        }
        (None, Some(_)) if standing.is_fresh => (StandingStateBody::Fresh, None),
        (None, Some(_)) => {
            let why = failed.map_or_else(
                || "the forecasts of today are not made yet".to_owned(),
                |e| format!("the last night failed: {}", e.message),
            );
            (StandingStateBody::Stale, Some(why))
        }
    };
    StandingBody {
        as_of: standing.made_at,
        learned_to: standing.learned_to,
        state,
        run_id: open.map(|run| run.id.to_string()),
        reason,
    }
}

fn stock_history(since: Option<NaiveDate>) -> StockHistoryBody {
    let reason = match since {
        None => "stock was not written down yet: that begins with the next sync".to_owned(),
        Some(since) => format!(
            "stock is written down since {since}; before that nobody knows when something was out"
        ),
    };
    StockHistoryBody {
        since,
        reason: Some(reason),
    }
}
