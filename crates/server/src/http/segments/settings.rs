//! `GET /v1/segment-settings`, `PUT /v1/segment-settings`

use super::list::pick;
use crate::auth::Caller;
use crate::problem::Problem;
use crate::state::App;
use actix_web::web;
use application::outreach::LimitsChange;
use chrono::{DateTime, Utc};
use domain::outreach::{OutreachLimits, OutreachSettings};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Query {
    #[param(value_type = Option<String>, pattern = "^([0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12})?$")]
    store_id: Option<String>,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = SegmentSettingsChange)]
pub(crate) struct ValuesBody {
    /// Of the settings that were looked at, 0 where nobody set anything; anything else is refused.
    version: i64,
    /// So many exports at most name a person within `within_days`, whatever the segment: 1 to 30.
    most: u32,
    /// 1 to 90.
    within_days: u32,
    /// A first order so many days ago is new: 1 to 365.
    new_days: u32,
    /// A checkout is left behind after so many hours without a step: 1 to 240.
    checkout_hours: u32,
    /// Older ones are let go: 1 to 90.
    checkout_days: u32,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SegmentSettings)]
pub(crate) struct SettingsBody {
    #[schema(format = "uuid")]
    store_id: String,
    /// 0 where nobody set anything: what a change is made to.
    version: i64,
    most: u32,
    within_days: u32,
    new_days: u32,
    checkout_hours: u32,
    checkout_days: u32,
    /// Null where nobody set anything.
    updated_at: Option<DateTime<Utc>>,
    updated_by: Option<String>,
}

impl From<&OutreachSettings> for SettingsBody {
    fn from(set: &OutreachSettings) -> Self {
        let (of, is_set) = (&set.limits, set.version > 0);
        Self {
            store_id: set.scope.store.to_string(),
            version: set.version,
            most: of.most,
            within_days: of.within_days,
            new_days: of.new_days,
            checkout_hours: of.checkout_hours,
            checkout_days: of.checkout_days,
            updated_at: is_set.then_some(set.updated_at),
            updated_by: is_set.then(|| set.updated_by.name.clone()),
        }
    }
}

#[utoipa::path(
    get, path = "/v1/segment-settings", operation_id = "segment_settings", tag = "segments",
    summary = "How often people are told anything, and when a checkout counts as left behind",
    params(Query),
    responses((status = 200, body = SettingsBody))
)]
pub(crate) async fn find(
    app: web::Data<App>,
    who: Caller,
    query: web::Query<Query>,
) -> Result<web::Json<SettingsBody>, Problem> {
    let store = pick(&app, &who, query.store_id.as_deref()).await?;
    let set = app.outreach.settings(&store).await?;
    Ok(web::Json((&set).into()))
}

#[utoipa::path(
    put, path = "/v1/segment-settings", operation_id = "set_segment_settings", tag = "segments",
    summary = "Sets how often people are told anything, and when a checkout counts as left behind",
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
    let store = pick(&app, &who, query.store_id.as_deref()).await?;
    let change = LimitsChange {
        version: body.version,
        limits: OutreachLimits {
            most: body.most,
            within_days: body.within_days,
            new_days: body.new_days,
            checkout_hours: body.checkout_hours,
            checkout_days: body.checkout_days,
        },
    };
    let by = who.actor();
    let set = app.outreach.set_settings(&store, change, &by).await?;
    Ok(web::Json((&set).into()))
}
