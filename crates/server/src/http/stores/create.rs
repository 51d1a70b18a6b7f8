//! `POST /v1/stores`: a store that files fill.

use crate::auth::Caller;
use crate::problem::{FieldError, Problem};
use crate::state::App;
use actix_web::{HttpResponse, web};
use application::imports::NewStore;
use domain::money::Currency;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = NewStore)]
pub(crate) struct Body {
    #[schema(max_length = 100)]
    name: String,
    /// ISO 4217.
    #[schema(min_length = 3, max_length = 3)]
    currency: String,
    /// IANA name.
    timezone: String,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CreatedStore)]
pub(crate) struct CreatedBody {
    id: String,
    name: String,
    currency: String,
    timezone: String,
}

#[utoipa::path(
    post, path = "/v1/stores", operation_id = "create_store", tag = "connections",
    summary = "Creates a store without a connection, to be filled by imports",
    request_body = Body,
    responses((status = 201, body = CreatedBody))
)]
pub(crate) async fn handle(
    app: web::Data<App>,
    who: Caller,
    body: web::Json<Body>,
) -> Result<HttpResponse, Problem> {
    let body = body.into_inner();
    let currency = Currency::parse(&body.currency)
        .map_err(|e| Problem::invalid(vec![FieldError::new("currency", e.to_string())]))?;
    let new = NewStore {
        name: body.name,
        currency,
        timezone: body.timezone,
    };
    let store = app.imports.create_store(who.workspace.id, new).await?;
    Ok(HttpResponse::Created().json(CreatedBody {
        id: store.scope.store.to_string(),
        name: store.name,
        currency: store.currency.to_string(),
        timezone: store.timezone,
    }))
}
