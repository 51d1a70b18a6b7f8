//! `POST /v1/supplier-mapping-suggestions/accept`: what looks the same is mapped, one or many at once.

use super::view::MappingBody;
use crate::auth::Caller;
use crate::http::reports::query::store_id;
use crate::problem::{FieldError, Problem};
use crate::state::App;
use actix_web::web;
use application::supply::SeenSuggestion;
use serde::{Deserialize, Serialize};
use std::str::FromStr;
use utoipa::ToSchema;

/// A suggestion as it was shown.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = SeenSupplierSuggestion)]
pub(crate) struct SeenBody {
    variant_id: String,
    #[schema(format = "uuid")]
    supplier_product_id: String,
    supplier_variant: String,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = AcceptedSupplierSuggestions)]
pub(crate) struct Body {
    #[schema(min_items = 1, max_items = 250)]
    suggestions: Vec<SeenBody>,
    #[schema(format = "uuid")]
    store_id: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SupplierMappingsAccepted)]
pub(crate) struct Answer {
    mappings: Vec<MappingBody>,
    /// Those that are not suggested any more; nothing was done with them.
    left: Vec<SeenBody>,
}

fn read<T: FromStr>(at: usize, field: &str, text: &str) -> Result<T, Problem> {
    text.parse().map_err(|_| {
        let field = format!("suggestions[{at}].{field}");
        let errors = vec![FieldError::new(&field, "is no id")];
        Problem::unprocessable("supply-refused", errors)
    })
}

#[utoipa::path(
    post, path = "/v1/supplier-mapping-suggestions/accept", operation_id = "accept_supplier_mapping_suggestions", tag = "opportunities",
    summary = "Maps suggestions that were seen and still hold, each with one piece a unit; what somebody mapped or took away stays as it is",
    request_body = Body,
    responses(
        (status = 200, body = Answer),
        (status = 409, body = crate::problem::ProblemBody, content_type = "application/problem+json", description = "somebody mapped one of them at the same moment; nothing was mapped"),
        (status = 422, body = crate::problem::ProblemBody, content_type = "application/problem+json", description = "none or more than 250 are named, or one by no id; `errors` names the field"),
    )
)]
pub(crate) async fn accept(
    app: web::Data<App>,
    who: Caller,
    body: web::Json<Body>,
) -> Result<web::Json<Answer>, Problem> {
    let body = body.into_inner();
    let store = store_id(body.store_id.as_deref())?;
    let store = app.supply.store(who.workspace.id, store).await?;
    let seen = body.suggestions.into_iter().enumerate().map(|(at, of)| {
        Ok(SeenSuggestion {
            variant: read(at, "variant_id", &of.variant_id)?,
            product: read(at, "supplier_product_id", &of.supplier_product_id)?,
            supplier_variant: of.supplier_variant,
        })
    });
    let seen = seen.collect::<Result<Vec<_>, Problem>>()?;
    let done = app
        .supply
        .accept_suggestions(&store, &seen, &who.actor())
        .await?;
    let products = app.supply.products_of(&store, &done.mapped).await?;
    let mappings = done.mapped.iter();
    let left = done.left.into_iter().map(|of| SeenBody {
        variant_id: of.variant.to_string(),
        supplier_product_id: of.product.to_string(),
        supplier_variant: of.supplier_variant,
    });
    Ok(web::Json(Answer {
        mappings: mappings
            .map(|m| MappingBody::of(m, products.get(&m.product)))
            .collect(),
        left: left.collect(),
    }))
}
