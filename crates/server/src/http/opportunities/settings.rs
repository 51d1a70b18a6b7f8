//! `GET /v1/opportunity-settings`, `PUT /v1/opportunity-settings`

use crate::auth::Caller;
use crate::http::amounts::share;
use crate::http::reports::query::store_id;
use crate::problem::Problem;
use crate::state::App;
use actix_web::web;
use application::opportunities::SettingsChange;
use chrono::{DateTime, Utc};
use domain::opportunity::{OpportunitySettings, ScoreSettings, Weights};
use domain::store::Store;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Query {
    #[param(value_type = Option<String>, pattern = "^([0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12})?$")]
    store_id: Option<String>,
}

impl Query {
    pub(super) async fn pick(&self, app: &App, who: &Caller) -> Result<Store, Problem> {
        let id = store_id(self.store_id.as_deref())?;
        Ok(app.opportunities.store(who.workspace.id, id).await?)
    }
}

/// Percent; together 100.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ScoreWeights)]
pub(crate) struct WeightsBody {
    margin: u32,
    trend: u32,
    viability: u32,
    reliability: u32,
    shipping: u32,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = OpportunitySettingsChange)]
pub(crate) struct ValuesBody {
    /// Of the settings that were looked at, 0 where nobody set anything; anything else is refused.
    version: i64,
    weights: WeightsBody,
    /// The lowest score of a high potential, 0 to 100.
    high_potential: u32,
    /// The share of the price that has to be left, from 0 to 0.95.
    minimum_margin: f64,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OpportunitySettings)]
pub(crate) struct SettingsBody {
    #[schema(format = "uuid")]
    store_id: String,
    /// 0 where nobody set anything: what a change is made to.
    version: i64,
    weights: WeightsBody,
    high_potential: u32,
    minimum_margin: f64,
    /// Null where nobody set anything.
    updated_at: Option<DateTime<Utc>>,
    updated_by: Option<String>,
}

impl From<&OpportunitySettings> for SettingsBody {
    fn from(set: &OpportunitySettings) -> Self {
        let (w, is_set) = (&set.settings.weights, set.version > 0);
        Self {
            store_id: set.scope.store.to_string(),
            version: set.version,
            weights: WeightsBody {
                margin: w.margin,
                trend: w.trend,
                viability: w.viability,
                reliability: w.reliability,
                shipping: w.shipping,
            },
            high_potential: set.settings.high_potential,
            minimum_margin: share(set.settings.minimum_margin),
            updated_at: is_set.then_some(set.updated_at),
            updated_by: is_set.then(|| set.updated_by.name.clone()),
        }
    }
}

/// Ten-thousandths; what is no number of that size is held outside all bounds.
#[expect(clippy::cast_possible_truncation, reason = "clamped before")]
fn ten_thousandths(share: f64) -> i64 {
    (share * 10_000.0).round().clamp(-1.0, 1e9) as i64
}

#[utoipa::path(
    get, path = "/v1/opportunity-settings", operation_id = "opportunity_settings", tag = "opportunities",
    summary = "How much each factor of the score counts",
    params(Query),
    responses((status = 200, body = SettingsBody))
)]
pub(crate) async fn find(
    app: web::Data<App>,
    who: Caller,
    query: web::Query<Query>,
) -> Result<web::Json<SettingsBody>, Problem> {
    let store = query.pick(&app, &who).await?;
    let set = app.opportunities.settings(&store).await?;
    Ok(web::Json((&set).into()))
}

#[utoipa::path(
    put, path = "/v1/opportunity-settings", operation_id = "set_opportunity_settings", tag = "opportunities",
    summary = "Sets how much each factor of the score counts; everything is scored again",
    params(Query),
    request_body = ValuesBody,
    responses(
        (status = 200, body = SettingsBody),
        (status = 409, body = crate::problem::ProblemBody, content_type = "application/problem+json", description = "somebody else set them first"),
        (status = 422, body = crate::problem::ProblemBody, content_type = "application/problem+json", description = "a value is out of its bounds; `errors` names each"),
    )
)]
pub(crate) async fn set(
    app: web::Data<App>,
    who: Caller,
    query: web::Query<Query>,
    body: web::Json<ValuesBody>,
) -> Result<web::Json<SettingsBody>, Problem> {
    let store = query.pick(&app, &who).await?;
    let w = body.weights;
    let change = SettingsChange {
        version: body.version,
        settings: ScoreSettings {
            weights: Weights {
                margin: w.margin,
                trend: w.trend,
                viability: w.viability,
                reliability: w.reliability,
                shipping: w.shipping,
            },
            high_potential: body.high_potential,
            minimum_margin: ten_thousandths(body.minimum_margin),
        },
    };
    let by = who.actor();
    let set = app.opportunities.set_settings(&store, change, &by).await?;
    Ok(web::Json((&set).into()))
}
