//! `/v1/suppliers`

use super::rating::RatingBody;
use crate::auth::Caller;
use crate::http::ids::own_id;
use crate::http::paging;
use crate::problem::{FieldError, Problem};
use crate::state::App;
use actix_web::http::header;
use actix_web::{HttpResponse, web};
use application::purchases::{SupplierDraft, SupplierView};
use domain::money::Currency;
use domain::people::Email;
use domain::purchase::{Supplier, SupplierRating, rate};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Query {
    cursor: Option<String>,
    #[param(minimum = 1, maximum = 250)]
    limit: Option<u32>,
}

/// From the day on which orders were sent to the day of their first receipt.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = LearnedLeadTime)]
pub(crate) struct LearnedBody {
    mean_days: f64,
    sd_days: f64,
    orders: usize,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Supplier)]
pub(crate) struct SupplierBody {
    #[schema(format = "uuid")]
    id: String,
    name: String,
    email: Option<String>,
    currency: String,
    /// What they say how long goods take.
    lead_days: Option<u32>,
    note: Option<String>,
    archived: bool,
    /// Null until two orders came.
    learned_lead: Option<LearnedBody>,
    rating: RatingBody,
}

impl SupplierBody {
    fn of(supplier: &Supplier, learned: Option<LearnedBody>, rating: &SupplierRating) -> Self {
        Self {
            id: supplier.id.to_string(),
            name: supplier.name.clone(),
            email: supplier.email.as_ref().map(|e| e.as_str().to_owned()),
            currency: supplier.currency.to_string(),
            lead_days: supplier.lead_days,
            note: supplier.note.clone(),
            archived: supplier.archived,
            learned_lead: learned,
            rating: rating.into(),
        }
    }
}

impl From<&SupplierView> for SupplierBody {
    fn from(view: &SupplierView) -> Self {
        let learned = view.learned.map(|(lead, orders)| LearnedBody {
            mean_days: lead.mean_days,
            sd_days: lead.sd_days,
            orders,
        });
        Self::of(&view.supplier, learned, &view.rating)
    }
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SupplierList)]
pub(crate) struct ListBody {
    /// By name.
    suppliers: Vec<SupplierBody>,
    total: Option<u64>,
    next_cursor: Option<String>,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = SupplierDraft)]
pub(crate) struct Body {
    name: String,
    /// Where orders are sent.
    email: Option<String>,
    /// ISO 4217.
    currency: String,
    lead_days: Option<u32>,
    note: Option<String>,
    /// Nothing new is ordered there.
    #[serde(default)]
    archived: bool,
}

fn read(body: Body) -> Result<SupplierDraft, Problem> {
    let mut errors = Vec::new();
    let text = body.email.filter(|e| !e.trim().is_empty());
    let email = text.map(|e| Email::parse(&e)).transpose();
    let email = email.unwrap_or_else(|error| {
        errors.push(FieldError::new("email", error.to_string()));
        None
    });
    let currency = Currency::parse(&body.currency).map_err(|error| {
        errors.push(FieldError::new("currency", error.to_string()));
    });
    match currency {
        Ok(currency) if errors.is_empty() => Ok(SupplierDraft {
            name: body.name,
            email,
            currency,
            lead_days: body.lead_days,
            note: body.note,
            archived: body.archived,
        }),
        _ => Err(Problem::unprocessable("supplier-refused", errors)),
    }
}

#[utoipa::path(
    get, path = "/v1/suppliers", operation_id = "suppliers", tag = "inventory",
    summary = "Whom goods are ordered from",
    params(Query),
    responses((status = 200, body = ListBody))
)]
pub(crate) async fn list(
    app: web::Data<App>,
    who: Caller,
    query: web::Query<Query>,
) -> Result<web::Json<ListBody>, Problem> {
    let page = paging::page(query.cursor.as_deref(), query.limit)?;
    let all = app.purchases.suppliers(who.workspace.id).await?;
    let page = paging::slice(all, &page, |view| view.supplier.id.to_string())?;
    Ok(web::Json(ListBody {
        suppliers: page.items.iter().map(Into::into).collect(),
        total: page.total,
        next_cursor: page.next_cursor,
    }))
}

#[utoipa::path(
    post, path = "/v1/suppliers", operation_id = "create_supplier", tag = "inventory",
    summary = "Makes a supplier",
    request_body = Body,
    responses(
        (status = 201, body = SupplierBody),
        (status = 422, body = crate::problem::ProblemBody, content_type = "application/problem+json", description = "`errors` names each"),
    )
)]
pub(crate) async fn create(
    app: web::Data<App>,
    who: Caller,
    body: web::Json<Body>,
) -> Result<HttpResponse, Problem> {
    let (draft, by) = (read(body.into_inner())?, who.actor());
    let workspace = who.workspace.id;
    let made = app
        .purchases
        .save_supplier(workspace, None, draft, &by)
        .await?;
    let place = format!("/v1/suppliers/{}", made.id);
    Ok(HttpResponse::Created()
        .insert_header((header::LOCATION, place))
        .json(SupplierBody::of(&made, None, &rate([]))))
}

#[utoipa::path(
    put, path = "/v1/suppliers/{id}", operation_id = "set_supplier", tag = "inventory",
    summary = "Sets a supplier",
    params(("id" = String, Path, format = "uuid")),
    request_body = Body,
    responses(
        (status = 200, body = SupplierBody), (status = 404, response = crate::openapi::ProblemResponse),
        (status = 422, body = crate::problem::ProblemBody, content_type = "application/problem+json", description = "`errors` names each"),
    )
)]
pub(crate) async fn set(
    app: web::Data<App>,
    who: Caller,
    id: web::Path<String>,
    body: web::Json<Body>,
) -> Result<web::Json<SupplierBody>, Problem> {
    let id = own_id(&id, "supplier")?;
    let (draft, by) = (read(body.into_inner())?, who.actor());
    let workspace = who.workspace.id;
    app.purchases
        .save_supplier(workspace, Some(id), draft, &by)
        .await?;
    let all = app.purchases.suppliers(workspace).await?;
    let set = all.iter().find(|view| view.supplier.id == id);
    let set = set.ok_or_else(|| Problem::not_found("supplier"))?;
    Ok(web::Json(set.into()))
}
