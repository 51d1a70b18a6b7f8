//! `GET /v1/recommendations`

use super::view::{BundleBody, FoundBody, PairBody};
use crate::auth::Caller;
use crate::http::reports::query::store_id;
use crate::problem::Problem;
use crate::state::App;
use actix_web::web;
use application::agents::Recommended;
use domain::ids::WorkspaceId;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// Of pairs and of bundles; the export has all.
const MOST: usize = 200;

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Query {
    /// The first one when left out.
    #[param(value_type = Option<String>, pattern = "^([0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12})?$")]
    store_id: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Recommendations)]
pub(crate) struct Body {
    store_id: String,
    /// Null: the agent has not looked yet, or what it looked at is not kept any more.
    found: Option<FoundBody>,
    /// At most 200, those with most orders together beyond chance first.
    pairs: Vec<PairBody>,
    bundles: Vec<BundleBody>,
}

#[utoipa::path(
    get, path = "/v1/recommendations", operation_id = "recommendations", tag = "analysis",
    summary = "Products that are bought together more often than chance would have it, as the agent's last run found them",
    description = "Support is the share of all orders, confidence that of the orders with the first product that have the second, lift how many times as \
        often both are together as chance would have it; each with a 95 % interval. p is Fisher's, one-sided. Of so many tests only those stand that \
        keep the expected share of false ones below the agent's setting (Benjamini and Yekutieli).",
    params(Query),
    responses((status = 200, body = Body))
)]
pub(crate) async fn handle(
    app: web::Data<App>,
    who: Caller,
    query: web::Query<Query>,
) -> Result<web::Json<Body>, Problem> {
    let (store_id, found) = query.found(&app, who.workspace.id).await?;
    let of = found.as_ref();
    let pairs = of.map(|r| {
        let shown = r.found.pairs.iter().take(MOST);
        shown.map(|p| PairBody::of(p, &r.facts)).collect()
    });
    let bundles = of.map(|r| {
        let shown = r.found.bundles.iter().take(MOST);
        shown.map(|b| BundleBody::of(b, &r.facts)).collect()
    });
    Ok(web::Json(Body {
        store_id,
        found: of.map(FoundBody::of),
        pairs: pairs.unwrap_or_default(),
        bundles: bundles.unwrap_or_default(),
    }))
}

impl Query {
    /// The store's id, and what was found there.
    pub(super) async fn found(
        &self,
        app: &App,
        workspace: WorkspaceId,
    ) -> Result<(String, Option<Recommended>), Problem> {
        let id = store_id(self.store_id.as_deref())?;
        let store = app.stores.pick(workspace, id).await?;
        let found = app.agents.recommended(&store).await?;
        Ok((store.scope.store.to_string(), found))
    }
}
