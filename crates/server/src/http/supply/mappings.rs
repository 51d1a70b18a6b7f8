//! `/v1/supplier-mappings` and `GET /v1/supplier-mapping-suggestions`

use super::view::{MappingBody, SuggestionBody};
use crate::auth::Caller;
use crate::http::ids::own_id;
use crate::http::paging;
use crate::http::reports::query::store_id;
use crate::problem::{FieldError, Problem};
use crate::state::App;
use actix_web::http::header;
use actix_web::{HttpResponse, web};
use application::supply::{MappingChange, NewMapping, SeenSuggestion};
use domain::store::Store;
use domain::supplier::{MappingOrigin, SupplierMapping};
use ports::supplier_book::MappingFilter;
use serde::{Deserialize, Serialize};
use std::str::FromStr;
use utoipa::{IntoParams, ToSchema};

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Query {
    #[param(value_type = Option<String>, pattern = "^([0-9]{1,18})?$")]
    variant_id: Option<String>,
    #[param(value_type = Option<String>, pattern = "^([0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12})?$")]
    supplier_product_id: Option<String>,
    #[param(value_type = Option<String>, pattern = "^([0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12})?$")]
    store_id: Option<String>,
    cursor: Option<String>,
    #[param(minimum = 1, maximum = 250)]
    limit: Option<u32>,
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct OfStore {
    #[param(value_type = Option<String>, pattern = "^([0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12})?$")]
    store_id: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SupplierMappingList)]
pub(crate) struct ListBody {
    mappings: Vec<MappingBody>,
    total: Option<u64>,
    next_cursor: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SupplierMappingSuggestionList)]
pub(crate) struct SuggestionsBody {
    suggestions: Vec<SuggestionBody>,
    total: usize,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewSupplierMapping)]
pub(crate) struct Body {
    variant_id: String,
    #[schema(format = "uuid")]
    supplier_product_id: String,
    /// The key of the supplier's variant.
    supplier_variant: String,
    /// Pieces that one unit needs.
    #[serde(default = "one")]
    #[schema(minimum = 1, maximum = 1000, default = 1)]
    pieces: u32,
    /// It was suggested: the reason is kept with it, and it is refused where it is not suggested any more.
    #[serde(default)]
    suggested: bool,
    #[schema(format = "uuid")]
    store_id: Option<String>,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = SupplierMappingChange)]
pub(crate) struct ChangeBody {
    /// Of the mapping that was looked at.
    version: i64,
    supplier_variant: String,
    #[schema(minimum = 1, maximum = 1000)]
    pieces: u32,
}

const fn one() -> u32 {
    1
}

fn read<T: FromStr>(field: &'static str, text: &str) -> Result<T, Problem> {
    text.parse().map_err(|_| {
        let errors = vec![FieldError::new(field, "is no id")];
        Problem::unprocessable("supply-refused", errors)
    })
}

async fn answer(
    app: &App,
    store: &Store,
    mapping: &SupplierMapping,
) -> Result<MappingBody, Problem> {
    let one = std::slice::from_ref(mapping);
    let products = app.supply.products_of(store, one).await?;
    Ok(MappingBody::of(mapping, products.get(&mapping.product)))
}

async fn store_of(app: &App, who: &Caller, mapping: &SupplierMapping) -> Result<Store, Problem> {
    let store = Some(mapping.scope.store);
    Ok(app.supply.store(who.workspace.id, store).await?)
}

#[utoipa::path(
    get, path = "/v1/supplier-mappings", operation_id = "supplier_mappings", tag = "opportunities",
    summary = "Which variants of suppliers the store's variants are",
    params(Query),
    responses((status = 200, body = ListBody))
)]
pub(crate) async fn list(
    app: web::Data<App>,
    who: Caller,
    query: web::Query<Query>,
) -> Result<web::Json<ListBody>, Problem> {
    let given = |text: &Option<String>| text.clone().filter(|t| !t.is_empty());
    let filter = MappingFilter {
        variant: given(&query.variant_id)
            .map(|id| own_id(&id, "variant"))
            .transpose()?,
        product: given(&query.supplier_product_id)
            .map(|id| own_id(&id, "supplier product"))
            .transpose()?,
        off_too: false,
    };
    let page = paging::page(query.cursor.as_deref(), query.limit)?;
    let id = store_id(query.store_id.as_deref())?;
    let store = app.supply.store(who.workspace.id, id).await?;
    let found = app.supply.mappings(&store, &filter, &page).await?;
    let products = app.supply.products_of(&store, &found.items).await?;
    let mappings = found.items.iter();
    let body = |m: &SupplierMapping| MappingBody::of(m, products.get(&m.product));
    Ok(web::Json(ListBody {
        mappings: mappings.map(body).collect(),
        total: found.total,
        next_cursor: found.next_cursor,
    }))
}

#[utoipa::path(
    get, path = "/v1/supplier-mapping-suggestions", operation_id = "supplier_mapping_suggestions", tag = "opportunities",
    summary = "Variants that have the barcode or the SKU of a supplier's and are not mapped to it; nothing is mapped before somebody takes it over",
    params(OfStore),
    responses((status = 200, body = SuggestionsBody))
)]
pub(crate) async fn suggestions(
    app: web::Data<App>,
    who: Caller,
    query: web::Query<OfStore>,
) -> Result<web::Json<SuggestionsBody>, Problem> {
    let id = store_id(query.store_id.as_deref())?;
    let store = app.supply.store(who.workspace.id, id).await?;
    let found = app.supply.suggestions(&store).await?;
    Ok(web::Json(SuggestionsBody {
        total: found.len(),
        suggestions: found.into_iter().take(250).map(Into::into).collect(),
    }))
}

#[utoipa::path(
    post, path = "/v1/supplier-mappings", operation_id = "create_supplier_mapping", tag = "opportunities",
    summary = "Says that a variant of the store is a variant of a supplier",
    request_body = Body,
    responses(
        (status = 201, body = MappingBody),
        (status = 409, body = crate::problem::ProblemBody, content_type = "application/problem+json", description = "it was changed otherwise meanwhile"),
        (status = 422, body = crate::problem::ProblemBody, content_type = "application/problem+json", description = "one of them is not known, or they are mapped already; `errors` names the field"),
    )
)]
pub(crate) async fn create(
    app: web::Data<App>,
    who: Caller,
    body: web::Json<Body>,
) -> Result<HttpResponse, Problem> {
    let body = body.into_inner();
    let store = store_id(body.store_id.as_deref())?;
    let store = app.supply.store(who.workspace.id, store).await?;
    let seen = SeenSuggestion {
        variant: read("variant_id", &body.variant_id)?,
        product: read("supplier_product_id", &body.supplier_product_id)?,
        supplier_variant: body.supplier_variant,
    };
    let new = NewMapping {
        pieces: body.pieces,
        origin: match body.suggested {
            true => app.supply.suggested(&store, &seen).await?,
            false => MappingOrigin::Person,
        },
        variant: seen.variant,
        product: seen.product,
        supplier_variant: seen.supplier_variant,
    };
    let mapping = app.supply.map(&store, new, &who.actor()).await?;
    let place = format!("/v1/supplier-mappings/{}", mapping.id);
    Ok(HttpResponse::Created()
        .insert_header((header::LOCATION, place))
        .json(answer(&app, &store, &mapping).await?))
}

#[utoipa::path(
    put, path = "/v1/supplier-mappings/{id}", operation_id = "set_supplier_mapping", tag = "opportunities",
    summary = "Changes which variant of the supplier it is, and how many pieces one unit needs",
    params(("id" = String, Path)),
    request_body = ChangeBody,
    responses(
        (status = 200, body = MappingBody),
        (status = 409, body = crate::problem::ProblemBody, content_type = "application/problem+json", description = "it was changed otherwise meanwhile"),
        (status = 422, body = crate::problem::ProblemBody, content_type = "application/problem+json", description = "the supplier has no such variant; `errors` names the field"),
    )
)]
pub(crate) async fn set(
    app: web::Data<App>,
    who: Caller,
    id: web::Path<String>,
    body: web::Json<ChangeBody>,
) -> Result<web::Json<MappingBody>, Problem> {
    let id = own_id(&id, "supplier mapping")?;
    let known = app.supply.mapping(who.workspace.id, id).await?;
    let store = store_of(&app, &who, &known).await?;
    let body = body.into_inner();
    let change = MappingChange {
        version: body.version,
        supplier_variant: body.supplier_variant,
        pieces: body.pieces,
    };
    let by = who.actor();
    let set = app.supply.change_mapping(&store, id, change, &by);
    let mapping = set.await?;
    Ok(web::Json(answer(&app, &store, &mapping).await?))
}

#[utoipa::path(
    delete, path = "/v1/supplier-mappings/{id}", operation_id = "remove_supplier_mapping", tag = "opportunities",
    summary = "Takes a mapping away: nothing is ordered by it any more, and it is not made again by itself",
    params(("id" = String, Path)),
    responses((status = 204, description = "it is gone"))
)]
pub(crate) async fn remove(
    app: web::Data<App>,
    who: Caller,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let id = own_id(&id, "supplier mapping")?;
    let known = app.supply.mapping(who.workspace.id, id).await?;
    let store = store_of(&app, &who, &known).await?;
    app.supply.unmap(&store, id, &who.actor()).await?;
    Ok(HttpResponse::NoContent().finish())
}
