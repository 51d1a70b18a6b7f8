//! `GET` and `POST /v1/support/tickets`

use super::view::{StatusBody, SummaryBody, TicketBody};
use crate::auth::Caller;
use crate::http::paging;
use crate::http::reports::query::store_id;
use crate::problem::Problem;
use crate::state::App;
use actix_web::http::header;
use actix_web::{HttpResponse, web};
use application::support::NewTicket;
use ports::support::TicketFilter;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Query {
    status: Option<StatusBody>,
    /// Only those whose answer is late.
    #[param(value_type = Option<bool>)]
    overdue: Option<bool>,
    #[param(value_type = Option<String>, pattern = "^([0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12})?$")]
    store_id: Option<String>,
    cursor: Option<String>,
    #[param(minimum = 1, maximum = 250)]
    limit: Option<u32>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SupportTicketList)]
pub(crate) struct ListBody {
    /// The one that was opened last first.
    tickets: Vec<SummaryBody>,
    total: Option<u64>,
    next_cursor: Option<String>,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewSupportTicket)]
pub(crate) struct NewBody {
    /// The first one when left out.
    #[schema(format = "uuid")]
    store_id: Option<String>,
    /// A mail address; without one nothing can be sent from here.
    from: Option<String>,
    subject: String,
    text: String,
    /// The order's name, e.g. `#1001`.
    order: Option<String>,
}

#[utoipa::path(
    get, path = "/v1/support/tickets", operation_id = "support_tickets", tag = "support",
    summary = "What buyers wrote",
    params(Query),
    responses((status = 200, body = ListBody))
)]
pub(crate) async fn list(
    app: web::Data<App>,
    who: Caller,
    query: web::Query<Query>,
) -> Result<web::Json<ListBody>, Problem> {
    let page = paging::page(query.cursor.as_deref(), query.limit)?;
    let id = store_id(query.store_id.as_deref())?;
    let store = app.stores.pick(who.workspace.id, id).await?;
    let now = app.support.now();
    let filter = TicketFilter {
        status: query.status.map(Into::into),
        due_before: query.overdue.unwrap_or(false).then_some(now),
        ..TicketFilter::default()
    };
    let found = app.support.list(&store, &filter, &page).await?;
    let tickets = found.items.iter();
    Ok(web::Json(ListBody {
        tickets: tickets.map(|t| SummaryBody::of(t, now)).collect(),
        total: found.total,
        next_cursor: found.next_cursor,
    }))
}

#[utoipa::path(
    post, path = "/v1/support/tickets", operation_id = "open_support_ticket", tag = "support",
    summary = "Writes down what a buyer asked elsewhere",
    request_body = NewBody,
    responses(
        (status = 201, body = TicketBody), (status = 404, response = crate::openapi::ProblemResponse),
        (status = 422, body = crate::problem::ProblemBody, content_type = "application/problem+json", description = "something is missing, or the order is not known"),
    )
)]
pub(crate) async fn open(
    app: web::Data<App>,
    who: Caller,
    body: web::Json<NewBody>,
) -> Result<HttpResponse, Problem> {
    let body = body.into_inner();
    let id = store_id(body.store_id.as_deref())?;
    let store = app.stores.pick(who.workspace.id, id).await?;
    let new = NewTicket {
        from: body.from,
        subject: body.subject,
        text: body.text,
        order: body.order,
    };
    let ticket = app.support.open(&store, new, &who.actor()).await?;
    let opened = app.support.find(who.workspace.id, ticket.id).await?;
    let place = format!("/v1/support/tickets/{}", ticket.id);
    Ok(HttpResponse::Created()
        .insert_header((header::LOCATION, place))
        .json(TicketBody::of(&opened, app.support.now())))
}
