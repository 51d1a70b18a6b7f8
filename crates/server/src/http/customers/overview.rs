//! `GET /v1/customers/overview`

use super::figures::{HorizonBody, PersonalData, SumsBody, interval_note, ratio};
use crate::auth::Caller;
use crate::http::amounts::amount;
use crate::http::reports::figures::{NoteBody, StoreRef};
use crate::http::reports::query::store_id;
use crate::problem::Problem;
use crate::state::App;
use actix_web::web;
use application::customers::Overview;
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Query {
    /// First day of the store's calendar; the thirty days up to `to` when left out.
    from: Option<NaiveDate>,
    to: Option<NaiveDate>,
    #[param(value_type = Option<String>, pattern = "^([0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12})?$")]
    store_id: Option<String>,
}

/// Orders without a customer: part of every report, of no cohort.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Guests)]
pub(crate) struct GuestsBody {
    orders: i64,
    net_revenue: String,
    /// Of all orders.
    share: Option<f64>,
}

/// Who bought in the range.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RangeCustomers)]
pub(crate) struct RangeBody {
    customers: u64,
    /// First order of all in the range.
    new_customers: u64,
    /// At least two orders up to the end of the range.
    returning_customers: u64,
    /// Shopify's definition: returning customers / customers who ordered.
    returning_customer_rate: Option<f64>,
    orders: i64,
    net_revenue: String,
    guests: GuestsBody,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CustomerOverview)]
pub(crate) struct Body {
    store: StoreRef,
    currency: String,
    from: NaiveDate,
    to: NaiveDate,
    range: RangeBody,
    /// Everybody who ever ordered.
    lifetime: SumsBody,
    /// Customers with at least two orders / all customers: our own figure, over the lifetime.
    repeat_rate: Option<f64>,
    lifetime_guests: GuestsBody,
    ltv_90: Option<HorizonBody>,
    personal_data: PersonalData,
    /// The first day of the history: whoever bought before it counts as new.
    history_from: Option<NaiveDate>,
    as_of: DateTime<Utc>,
    /// Something changed since `as_of`; it is being computed.
    stale: bool,
    notes: Vec<NoteBody>,
}

#[utoipa::path(
    get, path = "/v1/customers/overview", operation_id = "customer_overview", tag = "customers",
    summary = "New and returning customers in a range, and what customers are worth",
    params(Query),
    responses((status = 200, body = Body))
)]
pub(crate) async fn handle(
    app: web::Data<App>,
    who: Caller,
    query: web::Query<Query>,
) -> Result<web::Json<Body>, Problem> {
    let store = store_id(query.store_id.as_deref())?;
    let overview = app
        .customers
        .overview(who.workspace.id, store, query.from, query.to)
        .await?;
    Ok(web::Json(Body::of(&overview)))
}

fn of_orders(part: i64, rest: i64) -> Option<f64> {
    let part = u64::try_from(part).unwrap_or(0);
    ratio(part, part + u64::try_from(rest).unwrap_or(0))
}

impl Body {
    fn of(overview: &Overview) -> Self {
        let (counts, currency) = (&overview.counts, overview.store.currency);
        let analysis = &overview.analysed.analysis;
        let ninety = analysis.ltv.values.iter().find(|v| v.days == 90);
        Self {
            store: StoreRef::of(&overview.store),
            currency: currency.to_string(),
            from: overview.range.from,
            to: overview.range.to,
            range: RangeBody {
                customers: counts.customers,
                new_customers: counts.new,
                returning_customers: counts.returning,
                returning_customer_rate: ratio(counts.returning, counts.customers),
                orders: counts.orders,
                net_revenue: amount(counts.net_revenue, currency),
                guests: GuestsBody {
                    orders: counts.guest_orders,
                    net_revenue: amount(counts.guest_net_revenue, currency),
                    share: of_orders(counts.guest_orders, counts.orders),
                },
            },
            lifetime: SumsBody::of(&analysis.all, currency),
            repeat_rate: ratio(analysis.repeaters, analysis.all.customers),
            lifetime_guests: GuestsBody {
                orders: analysis.guests.orders,
                net_revenue: amount(analysis.guests.net_revenue, currency),
                share: of_orders(analysis.guests.orders, analysis.all.orders),
            },
            ltv_90: ninety.map(|v| HorizonBody::of(v, currency)),
            personal_data: overview.visibility.into(),
            history_from: analysis.first_day,
            as_of: overview.analysed.as_of,
            stale: overview.analysed.stale,
            notes: notes(overview),
        }
    }
}

fn notes(overview: &Overview) -> Vec<NoteBody> {
    let analysis = &overview.analysed.analysis;
    let note = |code: &str, message: String| NoteBody {
        code: code.to_owned(),
        message,
    };
    let mut notes = Vec::new();
    let ninety = analysis.ltv.values.iter().find(|v| v.days == 90);
    let few = interval_note(ninety.and_then(|v| v.observed.as_ref()));
    notes.extend(few.map(|message| note("few_customers", message)));
    if analysis.guests.orders > 0 {
        let orders = analysis.guests.orders;
        let message = format!(
            "{orders} orders have no customer (guests, point of sale): they are in every report, but in no cohort or segment"
        );
        notes.push(note("guests", message));
    }
    if let Some(day) = analysis.first_day {
        let message =
            format!("the history begins on {day}: whoever bought before it counts as new");
        notes.push(note("history", message));
    }
    notes
}
