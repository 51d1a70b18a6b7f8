//! Answers under way: cancelled by whoever asked; and what models used for them.

use super::own;
use crate::auth::Caller;
use crate::problem::Problem;
use crate::state::App;
use actix_web::web;
use rust_decimal::Decimal;
use serde::Serialize;
use utoipa::ToSchema;

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AssistantCancelled)]
pub(crate) struct CancelledBody {
    /// Whether a question waited or was being answered.
    cancelled: bool,
}

#[utoipa::path(
    post, path = "/agents/session/{id}/cancel", operation_id = "cancel_assistant_answer", tag = "assistant",
    summary = "Wants no answer any more to what was asked in a conversation of one's own; what was told already stays",
    params(("id" = String, Path, format = "uuid")),
    responses((status = 200, body = CancelledBody), (status = 404, response = crate::openapi::ProblemResponse))
)]
pub(crate) async fn cancel(
    app: web::Data<App>,
    who: Caller,
    id: web::Path<String>,
) -> Result<web::Json<CancelledBody>, Problem> {
    let session = own(&app, &who, &id).await?;
    let cancelled = app.assistant.cancel(&session).await?;
    Ok(web::Json(CancelledBody { cancelled }))
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AssistantUsage)]
pub(crate) struct UsageBody {
    /// Models in the order in which they are asked; empty: the built-in analyst answers.
    models: Vec<String>,
    /// That models used today (UTC) for whoever asks.
    tokens: u64,
    /// Of these, the ones that no provider counted.
    estimated_tokens: u64,
    /// Null: no limit.
    token_limit: Option<u64>,
    /// A decimal number in the currency of the prices that are set; null where no model has a price.
    cost: Option<String>,
    /// Null: no limit.
    cost_limit: Option<String>,
    is_used_up: bool,
}

fn amount(micros: u64) -> String {
    let whole = i64::try_from(micros).unwrap_or(i64::MAX);
    Decimal::new(whole, 6).normalize().to_string()
}

#[utoipa::path(
    get, path = "/agents/usage", operation_id = "assistant_usage", tag = "assistant",
    summary = "What models used today for whoever asks, and how much of it there is",
    responses((status = 200, body = UsageBody))
)]
pub(crate) async fn usage(
    app: web::Data<App>,
    who: Caller,
) -> Result<web::Json<UsageBody>, Problem> {
    let spent = app.assistant.spent(who.workspace.id, who.user.id).await?;
    let models = app.assistant.models();
    let is_priced = models.list.iter().any(|model| model.price.is_some());
    Ok(web::Json(UsageBody {
        models: models.names(),
        tokens: spent.tokens,
        estimated_tokens: spent.estimated,
        token_limit: models.budget.tokens,
        cost: is_priced.then(|| amount(spent.micros)),
        cost_limit: models.budget.micros.map(amount),
        is_used_up: models.budget.is_used_up(&spent),
    }))
}
