//! `GET /v1/supplier-products/{id}`

use super::view::{PriceBody, ProductBody};
use crate::auth::Caller;
use crate::http::ids::own_id;
use crate::problem::Problem;
use crate::state::App;
use actix_web::web;
use chrono::{DateTime, Utc};
use domain::supplier::{Confidence, PricePoint};
use serde::Serialize;
use utoipa::ToSchema;

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = SupplierPriceConfidence)]
pub(crate) enum ConfidenceBody {
    /// The one price of the variant.
    Stated,
    /// Somewhere between two.
    Range,
}

/// What a variant cost from some moment on.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SupplierPricePoint)]
pub(crate) struct PointBody {
    variant: String,
    price: PriceBody,
    confidence: ConfidenceBody,
    observed_at: DateTime<Utc>,
    /// Null where an interface told it.
    #[schema(format = "uuid")]
    import_id: Option<String>,
    /// `file:` and the SHA-256 of the file, or `api:` and the run.
    source: String,
}

impl From<&PricePoint> for PointBody {
    fn from(point: &PricePoint) -> Self {
        Self {
            variant: point.variant.clone(),
            price: point.price.into(),
            confidence: match point.confidence {
                Confidence::Stated => ConfidenceBody::Stated,
                Confidence::Range => ConfidenceBody::Range,
            },
            observed_at: point.heard.observed_at,
            import_id: point.heard.by.import().map(|i| i.to_string()),
            source: point.heard.by.source(),
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SupplierProductDetail)]
pub(crate) struct Body {
    supplier_product: ProductBody,
    /// The newest first.
    price_history: Vec<PointBody>,
}

#[utoipa::path(
    get, path = "/v1/supplier-products/{id}", operation_id = "supplier_product", tag = "opportunities",
    summary = "One product of a supplier with its prices over time",
    params(("id" = String, Path, format = "uuid")),
    responses((status = 200, body = Body), (status = 404, response = crate::openapi::ProblemResponse))
)]
pub(crate) async fn handle(
    app: web::Data<App>,
    who: Caller,
    id: web::Path<String>,
) -> Result<web::Json<Body>, Problem> {
    let id = own_id(&id, "supplier product")?;
    let (product, prices) = app.opportunities.offer_of(who.workspace.id, id).await?;
    Ok(web::Json(Body {
        supplier_product: (&product).into(),
        price_history: prices.iter().map(Into::into).collect(),
    }))
}
