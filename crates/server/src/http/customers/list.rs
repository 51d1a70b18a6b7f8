//! `GET /v1/customers`

use super::figures::{PersonalData, StandingBody};
use crate::auth::Caller;
use crate::http::paging;
use crate::http::reports::query::store_id;
use crate::problem::{FieldError, Problem};
use crate::state::App;
use actix_web::web;
use application::customers::{CustomerFilter, SegmentName};
use chrono::NaiveDate;
use domain::money::Currency;
use ports::customers::{CustomerRow, CustomerSort};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[schema(as = CustomerSort)]
pub(crate) enum Sort {
    #[default]
    #[serde(rename = "-net_revenue")]
    MostRevenue,
    #[serde(rename = "-orders")]
    MostOrders,
    #[serde(rename = "-last_order_on")]
    LatestOrder,
    #[serde(rename = "-first_order_on")]
    Newest,
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Query {
    /// A part of name or mail address, where they are there, or a customer's number.
    q: Option<String>,
    /// An `id` of `/v1/customers/segments`.
    segment: Option<String>,
    /// ISO 3166-1 alpha-2: at least one order was sent there.
    country: Option<String>,
    /// First day of the first order.
    first_from: Option<NaiveDate>,
    /// Last day of the first order, included.
    first_to: Option<NaiveDate>,
    #[serde(default)]
    #[param(value_type = Option<Sort>)]
    sort: Sort,
    cursor: Option<String>,
    #[param(minimum = 1, maximum = 250)]
    limit: Option<u32>,
    #[param(value_type = Option<String>, pattern = "^([0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12})?$")]
    store_id: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CustomerSummary)]
pub(crate) struct SummaryBody {
    /// The provider's number.
    id: String,
    /// Null when it is not there: see `personal_data`.
    name: Option<String>,
    email: Option<String>,
    country: Option<String>,
    /// The customer was forgotten at their own request; only amounts are left.
    redacted: bool,
    #[serde(flatten)]
    standing: StandingBody,
}

impl SummaryBody {
    pub(crate) fn of(row: &CustomerRow, currency: Currency) -> Self {
        let person = row.profile.as_ref();
        Self {
            id: row.standing.customer.to_string(),
            name: person.and_then(|p| p.display_name.clone()),
            email: person.and_then(|p| p.email.clone()),
            country: person.and_then(|p| p.country.clone()),
            redacted: row.redacted,
            standing: StandingBody::of(&row.standing, currency),
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CustomerList)]
pub(crate) struct Body {
    customers: Vec<SummaryBody>,
    total: Option<u64>,
    next_cursor: Option<String>,
    currency: String,
    personal_data: PersonalData,
}

#[utoipa::path(
    get, path = "/v1/customers", operation_id = "customers", tag = "customers",
    summary = "Customers with at least one order, with filters, search and pages",
    params(Query),
    responses((status = 200, body = Body))
)]
pub(crate) async fn handle(
    app: web::Data<App>,
    who: Caller,
    query: web::Query<Query>,
) -> Result<web::Json<Body>, Problem> {
    let page = paging::page(query.cursor.as_deref(), query.limit)?;
    let store = store_id(query.store_id.as_deref())?;
    let filter = CustomerFilter {
        text: paging::text(query.q.as_ref()),
        segment: query.segment.as_deref().map(segment).transpose()?,
        country: paging::text(query.country.as_ref()).map(|c| c.to_uppercase()),
        first_from: query.first_from,
        first_to: query.first_to,
        sort: match query.sort {
            Sort::MostRevenue => CustomerSort::MostRevenue,
            Sort::MostOrders => CustomerSort::MostOrders,
            Sort::LatestOrder => CustomerSort::LatestOrder,
            Sort::Newest => CustomerSort::NewestFirst,
        },
    };
    let (store, page, visibility) = app
        .customers
        .list(who.workspace.id, store, &filter, &page)
        .await?;
    let currency = store.currency;
    Ok(web::Json(Body {
        customers: page
            .items
            .iter()
            .map(|row| SummaryBody::of(row, currency))
            .collect(),
        total: page.total,
        next_cursor: page.next_cursor,
        currency: currency.to_string(),
        personal_data: visibility.into(),
    }))
}

pub(super) fn segment(text: &str) -> Result<SegmentName, Problem> {
    SegmentName::parse(text).ok_or_else(|| {
        let message = "is no segment: see /v1/customers/segments";
        Problem::invalid(vec![FieldError::new("segment", message)])
    })
}
