//! `GET /v1/support/tickets/{id}`, and what is done with a ticket.

use super::view::{DraftBody, StatusBody, TicketBody};
use crate::auth::Caller;
use crate::http::ids::own_id;
use crate::problem::Problem;
use crate::state::App;
use actix_web::web;
use domain::ids::SupportTicketId;
use serde::Deserialize;
use utoipa::ToSchema;

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = SupportText)]
pub(crate) struct TextBody {
    /// Of the ticket that was looked at.
    version: i64,
    #[schema(min_length = 1, max_length = 10_000)]
    text: String,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = SupportStatusChange)]
pub(crate) struct StatusChange {
    version: i64,
    status: StatusBody,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = SupportOrderLink)]
pub(crate) struct OrderBody {
    version: i64,
    /// Its name, e.g. `#1001`; null: it is about none.
    order: Option<String>,
}

async fn shown(
    app: &App,
    who: &Caller,
    id: SupportTicketId,
) -> Result<web::Json<TicketBody>, Problem> {
    let opened = app.support.find(who.workspace.id, id).await?;
    Ok(web::Json(TicketBody::of(&opened, app.support.now())))
}

#[utoipa::path(
    get, path = "/v1/support/tickets/{id}", operation_id = "support_ticket", tag = "support",
    summary = "One ticket with its messages, the customer's orders and a draft of an answer",
    description = "The draft says what is recorded of the order, and nothing else. It is never sent by itself.",
    params(("id" = String, Path, format = "uuid")),
    responses((status = 200, body = TicketBody), (status = 404, response = crate::openapi::ProblemResponse))
)]
pub(crate) async fn find(
    app: web::Data<App>,
    who: Caller,
    id: web::Path<String>,
) -> Result<web::Json<TicketBody>, Problem> {
    let id = own_id(&id, "ticket")?;
    shown(&app, &who, id).await
}

#[utoipa::path(
    post, path = "/v1/support/tickets/{id}/drafts", operation_id = "draft_support_reply", tag = "support",
    summary = "Has a language model write a draft of an answer; nothing is sent",
    description = "The model is told what is recorded and the buyer's newest words without names, addresses and numbers. What it writes is checked against the \
        record: a draft that states another figure, day or status is left for the template's, and `why_not` says so. It counts against the caller's budget of the assistant.",
    params(("id" = String, Path, format = "uuid")),
    responses((status = 200, body = DraftBody), (status = 404, response = crate::openapi::ProblemResponse))
)]
pub(crate) async fn draft(
    app: web::Data<App>,
    who: Caller,
    id: web::Path<String>,
) -> Result<web::Json<DraftBody>, Problem> {
    let id = own_id(&id, "ticket")?;
    let by = who.actor();
    let (workspace, user) = (who.workspace.id, who.user.id);
    let drafted = app.support.draft_by_model(workspace, user, id, &by).await?;
    Ok(web::Json(drafted.into()))
}

#[utoipa::path(
    post, path = "/v1/support/tickets/{id}/replies", operation_id = "send_support_reply", tag = "support",
    summary = "Sends a reply by mail; whoever calls has approved it",
    description = "It is written down first and tried once. What the relay did not take is told in `delivery`, and sent again by hand.",
    params(("id" = String, Path, format = "uuid")),
    request_body = TextBody,
    responses(
        (status = 200, body = TicketBody), (status = 404, response = crate::openapi::ProblemResponse),
        (status = 409, body = crate::problem::ProblemBody, content_type = "application/problem+json", description = "somebody else wrote in it meanwhile, a reply is being sent, or there is no relay or no address"),
        (status = 422, body = crate::problem::ProblemBody, content_type = "application/problem+json", description = "there is no text, or too much of it"),
    )
)]
pub(crate) async fn reply(
    app: web::Data<App>,
    who: Caller,
    id: web::Path<String>,
    body: web::Json<TextBody>,
) -> Result<web::Json<TicketBody>, Problem> {
    let id = own_id(&id, "ticket")?;
    let by = who.actor();
    let sent = app
        .support
        .send(who.workspace.id, id, body.version, &body.text, &by);
    sent.await?;
    shown(&app, &who, id).await
}

#[utoipa::path(
    post, path = "/v1/support/tickets/{id}/notes", operation_id = "note_support_ticket", tag = "support",
    summary = "Writes a note that only the people of the workspace read",
    params(("id" = String, Path, format = "uuid")),
    request_body = TextBody,
    responses(
        (status = 200, body = TicketBody), (status = 404, response = crate::openapi::ProblemResponse),
        (status = 409, body = crate::problem::ProblemBody, content_type = "application/problem+json", description = "somebody else wrote in it meanwhile"),
        (status = 422, body = crate::problem::ProblemBody, content_type = "application/problem+json", description = "there is no text, or too much of it"),
    )
)]
pub(crate) async fn note(
    app: web::Data<App>,
    who: Caller,
    id: web::Path<String>,
    body: web::Json<TextBody>,
) -> Result<web::Json<TicketBody>, Problem> {
    let id = own_id(&id, "ticket")?;
    let by = who.actor();
    let noted = app
        .support
        .note(who.workspace.id, id, body.version, &body.text, &by);
    noted.await?;
    shown(&app, &who, id).await
}

#[utoipa::path(
    put, path = "/v1/support/tickets/{id}/status", operation_id = "set_support_status", tag = "support",
    summary = "Says whether an answer is owed",
    params(("id" = String, Path, format = "uuid")),
    request_body = StatusChange,
    responses(
        (status = 200, body = TicketBody), (status = 404, response = crate::openapi::ProblemResponse),
        (status = 409, body = crate::problem::ProblemBody, content_type = "application/problem+json", description = "somebody else wrote in it meanwhile"),
    )
)]
pub(crate) async fn status(
    app: web::Data<App>,
    who: Caller,
    id: web::Path<String>,
    body: web::Json<StatusChange>,
) -> Result<web::Json<TicketBody>, Problem> {
    let id = own_id(&id, "ticket")?;
    let by = who.actor();
    let (workspace, status) = (who.workspace.id, body.status.into());
    let set = app
        .support
        .set_status(workspace, id, body.version, status, &by);
    set.await?;
    shown(&app, &who, id).await
}

#[utoipa::path(
    put, path = "/v1/support/tickets/{id}/order", operation_id = "link_support_order", tag = "support",
    summary = "Says which order it is about",
    params(("id" = String, Path, format = "uuid")),
    request_body = OrderBody,
    responses(
        (status = 200, body = TicketBody), (status = 404, response = crate::openapi::ProblemResponse),
        (status = 409, body = crate::problem::ProblemBody, content_type = "application/problem+json", description = "somebody else wrote in it meanwhile"),
        (status = 422, body = crate::problem::ProblemBody, content_type = "application/problem+json", description = "the order is not known"),
    )
)]
pub(crate) async fn order(
    app: web::Data<App>,
    who: Caller,
    id: web::Path<String>,
    body: web::Json<OrderBody>,
) -> Result<web::Json<TicketBody>, Problem> {
    let id = own_id(&id, "ticket")?;
    let by = who.actor();
    let (workspace, name) = (who.workspace.id, body.order.as_deref());
    let linked = app
        .support
        .link_order(workspace, id, body.version, name, &by);
    linked.await?;
    shown(&app, &who, id).await
}
