//! `GET /v1/inventory-settings/bundles`

use super::settings::{BundleBody, Query};
use crate::auth::Caller;
use crate::problem::Problem;
use crate::state::App;
use actix_web::web;
use serde::Serialize;
use utoipa::ToSchema;

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ShopBundles)]
pub(crate) struct BundlesBody {
    /// In the form in which settings take them.
    bundles: Vec<BundleBody>,
    left_out: Vec<LeftOutBody>,
}

/// A bundle of the shop that the settings would refuse.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ShopBundleLeftOut)]
pub(crate) struct LeftOutBody {
    variant_id: String,
    /// E.g. `has a bundle as a component`.
    reason: &'static str,
}

#[utoipa::path(
    get, path = "/v1/inventory-settings/bundles", operation_id = "shop_bundles", tag = "inventory",
    summary = "Bundles as the shop has them now, for the settings; nothing is set by it",
    params(Query),
    responses((status = 200, body = BundlesBody))
)]
pub(crate) async fn handle(
    app: web::Data<App>,
    who: Caller,
    query: web::Query<Query>,
) -> Result<web::Json<BundlesBody>, Problem> {
    let store = query.pick(&app, &who).await?;
    let found = app.connections.shop_bundles(&store).await?;
    let left_out = found.left_out.into_iter();
    Ok(web::Json(BundlesBody {
        bundles: found.bundles.iter().map(BundleBody::of).collect(),
        left_out: left_out
            .map(|(id, reason)| LeftOutBody {
                variant_id: id.to_string(),
                reason,
            })
            .collect(),
    }))
}
