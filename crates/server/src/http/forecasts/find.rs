//! `GET /v1/forecasts`

use super::view::ForecastBody;
use crate::auth::Caller;
use crate::http::ids::own_id;
use crate::http::reports::query::store_id;
use crate::problem::{FieldError, Problem};
use crate::state::App;
use actix_web::web;
use domain::forecast::{CategoryId, Target};
use serde::Deserialize;
use utoipa::IntoParams;

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Query {
    /// A variant's number.
    variant: Option<String>,
    /// A product's number.
    product: Option<String>,
    /// A product type, as products have it; without any of these the whole store.
    category: Option<String>,
    #[param(value_type = Option<String>, pattern = "^([0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12})?$")]
    store_id: Option<String>,
}

#[utoipa::path(
    get, path = "/v1/forecasts", operation_id = "forecast", tag = "inventory",
    summary = "What will be sold of a variant, a product, a product type or by the store, day by day",
    params(Query),
    responses((status = 200, body = ForecastBody), (status = 404, response = crate::openapi::ProblemResponse))
)]
pub(crate) async fn handle(
    app: web::Data<App>,
    who: Caller,
    query: web::Query<Query>,
) -> Result<web::Json<ForecastBody>, Problem> {
    let store = store_id(query.store_id.as_deref())?;
    let some = |text: &Option<String>| text.clone().filter(|t| !t.is_empty());
    let asked = (
        some(&query.variant),
        some(&query.product),
        some(&query.category),
    );
    let (target, thing) = match asked {
        (Some(id), None, None) => (Target::Variant(own_id(&id, "variant")?), "variant"),
        (None, Some(id), None) => (Target::Product(own_id(&id, "product")?), "product"),
        (None, None, Some(name)) => {
            let category = CategoryId::of(&name);
            let category = category.ok_or_else(|| Problem::not_found("product type"))?;
            (Target::Category(category), "product type")
        }
        (None, None, None) => (Target::Store, "store"),
        _ => {
            let message = "a variant, a product or a product type, not several";
            return Err(Problem::invalid(vec![FieldError::new("product", message)]));
        }
    };
    let told = app.forecasts.told(who.workspace.id, store, target).await?;
    let told = told.ok_or_else(|| Problem::not_found(thing))?;
    Ok(web::Json(ForecastBody::of(&told)))
}
