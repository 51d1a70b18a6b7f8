//! `POST /v1/costs/preview`

use super::changes::{Body, read, store_of};
use crate::auth::Caller;
use crate::http::amounts::{amount, optional_amount};
use crate::problem::Problem;
use crate::state::App;
use actix_web::web;
use application::costs::Preview;
use domain::money::Currency;
use serde::Serialize;
use utoipa::ToSchema;

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = MonthChange)]
pub(crate) struct MonthBody {
    /// `2026-02`
    month: String,
    net_profit_before: Option<String>,
    net_profit_after: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ProductChange)]
pub(crate) struct ProductBody {
    key: String,
    label: String,
    net_profit_before: Option<String>,
    net_profit_after: Option<String>,
}

/// What the changes would do. Nothing is written.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CostPreview)]
pub(crate) struct PreviewBody {
    currency: String,
    /// Orders that may be affected.
    candidates: u64,
    /// Of which so many were looked at; figures speak of these.
    looked_at: u64,
    is_complete: bool,
    /// Orders whose entries would change.
    orders: u64,
    entries: u64,
    days: u64,
    /// Of the months that would change, the whole store.
    net_profit_before: Option<String>,
    net_profit_after: Option<String>,
    /// Net sales that would get a cost that they lack today.
    cost_gained: String,
    months: Vec<MonthBody>,
    /// Products that would lose most, or win least, the worst first.
    products: Vec<ProductBody>,
}

#[utoipa::path(
    post, path = "/v1/costs/preview", operation_id = "preview_costs", tag = "costs",
    summary = "What a list of changes would do to orders, days and profit, without making it",
    request_body = Body,
    responses((status = 200, body = PreviewBody))
)]
pub(crate) async fn handle(
    app: web::Data<App>,
    who: Caller,
    body: web::Json<Body>,
) -> Result<web::Json<PreviewBody>, Problem> {
    let store = store_of(&app, &who, body.store_id.as_deref()).await?;
    let changes = read(&app, &who, &store, &body.changes, true).await?;
    let preview = app.costs.preview(&store, &changes).await?;
    Ok(web::Json(PreviewBody::of(&preview, store.currency)))
}

impl PreviewBody {
    fn of(preview: &Preview, currency: Currency) -> Self {
        let known = |minor| optional_amount(minor, currency);
        Self {
            currency: currency.to_string(),
            candidates: preview.candidates,
            looked_at: preview.looked_at,
            is_complete: preview.is_complete(),
            orders: preview.orders,
            entries: preview.entries,
            days: preview.days,
            net_profit_before: known(preview.before),
            net_profit_after: known(preview.after),
            cost_gained: amount(preview.cost_gained, currency),
            months: preview
                .months
                .iter()
                .map(|m| MonthBody {
                    month: m.month.clone(),
                    net_profit_before: known(m.before),
                    net_profit_after: known(m.after),
                })
                .collect(),
            products: preview
                .worst
                .iter()
                .map(|p| ProductBody {
                    key: p.key.clone(),
                    label: p.label.clone(),
                    net_profit_before: known(p.before),
                    net_profit_after: known(p.after),
                })
                .collect(),
        }
    }
}
