//! `GET /v1/supplier-pictures`

use crate::auth::Caller;
use crate::http::reports::query::store_id;
use crate::problem::Problem;
use crate::state::App;
use actix_web::web;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Query {
    #[param(value_type = Option<String>, pattern = "^([0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12})?$")]
    store_id: Option<String>,
}

/// Why pictures could not be looked at.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SupplierPictureFailure)]
pub(crate) struct FailureBody {
    reason: String,
    products: u64,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SupplierPictures)]
pub(crate) struct Body {
    /// Products of which the supplier tells a picture.
    pictures: u64,
    /// Those that can be compared with others.
    compared: u64,
    /// Those with too little on them to know them by.
    plain: u64,
    /// Those that could not be looked at; they are tried again.
    failed: u64,
    /// Those that nobody looked at yet.
    waiting: u64,
    /// The most frequent reasons, at most five.
    failures: Vec<FailureBody>,
}

#[utoipa::path(
    get, path = "/v1/supplier-pictures", operation_id = "supplier_pictures", tag = "opportunities",
    summary = "How far the pictures of suppliers' products are looked at",
    params(Query),
    responses((status = 200, body = Body))
)]
pub(crate) async fn handle(
    app: web::Data<App>,
    who: Caller,
    query: web::Query<Query>,
) -> Result<web::Json<Body>, Problem> {
    let id = store_id(query.store_id.as_deref())?;
    let store = app.pictures.store(who.workspace.id, id).await?;
    let sums = app.pictures.sums(&store).await?;
    Ok(web::Json(Body {
        pictures: sums.pictures,
        compared: sums.hashed,
        plain: sums.plain,
        failed: sums.failed,
        waiting: sums.waiting(),
        failures: sums
            .reasons
            .into_iter()
            .map(|(reason, products)| FailureBody { reason, products })
            .collect(),
    }))
}
