//! `/v1/cost-settings`

use super::changes::{ResultBody, apply, store_of};
use super::entry::percent;
use super::parse::Reader;
use crate::auth::Caller;
use crate::http::costs::entry::Content;
use crate::problem::Problem;
use crate::state::App;
use actix_web::web;
use domain::inputs::{Expect, Input, InputChange, InputKey, InputKind, Origin};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Query {
    #[param(value_type = Option<String>, pattern = "^([0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12})?$")]
    store_id: Option<String>,
}

impl Query {
    pub(super) fn store(&self) -> Option<&str> {
        self.store_id.as_deref()
    }
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CostSettings)]
pub(crate) struct SettingsBody {
    /// The share of the price that stands in for an unknown cost; null: unknown stays unknown.
    default_percent: Option<String>,
    /// Send it back with a change; null when nothing is set.
    revision: Option<i64>,
    currency: String,
}

#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = NewCostSettings)]
pub(crate) struct Body {
    /// Null takes it away.
    default_percent: Option<String>,
    revision: Option<i64>,
    #[schema(format = "uuid")]
    store_id: Option<String>,
}

fn key() -> InputKey {
    InputKey {
        kind: InputKind::DefaultCost,
        key: String::new(),
    }
}

#[utoipa::path(
    get, path = "/v1/cost-settings", operation_id = "cost_settings", tag = "costs",
    summary = "What stands in for unknown costs",
    params(Query),
    responses((status = 200, body = SettingsBody))
)]
pub(crate) async fn find(
    app: web::Data<App>,
    who: Caller,
    query: web::Query<Query>,
) -> Result<web::Json<SettingsBody>, Problem> {
    let store = store_of(&app, &who, query.store_id.as_deref()).await?;
    let record = app.costs.standing_one(&store, &key()).await?;
    let of = |input: &Input| match input {
        Input::DefaultCost(d) => Some(percent(d.basis_points)),
        _ => None,
    };
    Ok(web::Json(SettingsBody {
        default_percent: record.as_ref().and_then(|r| of(&r.input)),
        revision: record.map(|r| r.revision),
        currency: store.currency.to_string(),
    }))
}

#[utoipa::path(
    put, path = "/v1/cost-settings", operation_id = "set_cost_settings", tag = "costs",
    summary = "Sets what stands in for unknown costs, and books the affected orders again",
    request_body = Body,
    responses(
        (status = 200, body = ResultBody),
        (status = 409, body = crate::problem::ProblemBody, content_type = "application/problem+json", description = "somebody else changed it first"),
    )
)]
pub(crate) async fn set(
    app: web::Data<App>,
    who: Caller,
    body: web::Json<Body>,
) -> Result<web::Json<ResultBody>, Problem> {
    let store = store_of(&app, &who, body.store_id.as_deref()).await?;
    let expect = body.revision.map_or(Expect::Anything, Expect::Revision);
    let change = match &body.default_percent {
        None => InputChange::remove(key()),
        Some(text) => {
            let calendar = store
                .calendar()
                .map_err(|e| Problem::bad_request(e.to_string()))?;
            let content = Content::DefaultCost {
                percent: text.clone(),
            };
            let input = Reader::new(&store, calendar, "default_".to_owned())
                .read(&content)
                .map_err(Problem::invalid)?;
            InputChange::put(input, Origin::person(Some(who.user.id), app.now()))
        }
    };
    let changes = [change.expecting(expect)];
    apply(&app, &who, &store, &changes, "cost_settings.set").await
}
