//! `POST /v1/reconciliation/mend`

use super::days::store;
use crate::auth::Caller;
use crate::problem::{FieldError, Problem};
use crate::state::App;
use actix_web::web;
use application::reconciliation::{Mended, Outcome};
use chrono::NaiveDate;
use domain::calendar::DayRange;
use domain::ids::OrderId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = MendRequest)]
pub(crate) struct Body {
    #[schema(format = "uuid")]
    store_id: Option<String>,
    from: NaiveDate,
    /// Included.
    to: NaiveDate,
    /// Only these orders; all that the days name without.
    order_ids: Option<Vec<String>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = MendOutcome)]
pub(crate) enum OutcomeBody {
    /// Read again from the provider and booked.
    Reread,
    /// Proven gone at the provider, and removed here.
    Removed,
    /// The provider did not tell; nothing was changed.
    Untouched,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = MendedOrder)]
pub(crate) struct OrderBody {
    order_id: String,
    name: String,
    outcome: OutcomeBody,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Mended)]
pub(crate) struct Answer {
    orders: Vec<OrderBody>,
}

#[utoipa::path(
    post, path = "/v1/reconciliation/mend", operation_id = "mend", tag = "reconciliation",
    summary = "Reads the orders that differ again, and removes those that are proven gone",
    request_body = Body,
    responses((status = 200, body = Answer), (status = 404, response = crate::openapi::ProblemResponse))
)]
pub(crate) async fn handle(
    app: web::Data<App>,
    who: Caller,
    body: web::Json<Body>,
) -> Result<web::Json<Answer>, Problem> {
    let wanted = store(body.store_id.as_deref())?;
    let refuse = |field, message: String| Problem::invalid(vec![FieldError::new(field, message)]);
    let range = DayRange::new(body.from, body.to).map_err(|e| refuse("from", e.to_string()))?;
    let orders: Option<Vec<OrderId>> = body
        .order_ids
        .as_ref()
        .map(|ids| ids.iter().map(|id| id.parse()).collect())
        .transpose()
        .map_err(|_| refuse("order_ids", "one of them is no order's id".to_owned()))?;
    let mended = app
        .reconciliations
        .mend(who.workspace.id, wanted, range, orders.as_deref())
        .await?;
    let order = |m: Mended| OrderBody {
        order_id: m.order.to_string(),
        name: m.name,
        outcome: match m.outcome {
            Outcome::Reread => OutcomeBody::Reread,
            Outcome::Removed => OutcomeBody::Removed,
            Outcome::Untouched => OutcomeBody::Untouched,
        },
    };
    Ok(web::Json(Answer {
        orders: mended.into_iter().map(order).collect(),
    }))
}
