//! `POST /v1/segment-exports/{id}/retry`, `POST /v1/segment-exports/{id}/give-up`

use super::list::{ExportBody, Query, pick};
use crate::auth::Caller;
use crate::http::ids::own_id;
use crate::problem::Problem;
use crate::state::App;
use actix_web::web;
use chrono::{DateTime, Utc};
use domain::outreach::{Delivery, DeliveryState};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = SegmentDeliveryState)]
pub(crate) enum StateBody {
    /// It was not taken, and is tried again by itself.
    Waiting,
    Sending,
    Taken,
    /// Nobody knows whether it arrived: it is not sent again by itself.
    Unknown,
    /// Refused for good, tried too often, or let go by a person.
    GivenUp,
}

impl From<DeliveryState> for StateBody {
    fn from(state: DeliveryState) -> Self {
        match state {
            DeliveryState::Waiting => Self::Waiting,
            DeliveryState::Sending => Self::Sending,
            DeliveryState::Taken => Self::Taken,
            DeliveryState::Unknown => Self::Unknown,
            DeliveryState::GivenUp => Self::GivenUp,
        }
    }
}

/// On its way to a webhook. Each try has the export's id as `webhook-id`.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SegmentDelivery)]
pub(crate) struct DeliveryBody {
    state: StateBody,
    tries: u32,
    /// Null: it is not tried again by itself.
    next_try_at: Option<DateTime<Utc>>,
    /// When the last try ended.
    tried_at: Option<DateTime<Utc>>,
    /// Why the last try did not arrive, or what is not known of it.
    reason: Option<String>,
    /// One of the tries may have arrived: whom it names counts as told.
    may_have_arrived: bool,
}

impl DeliveryBody {
    pub(super) fn of(of: &Delivery) -> Self {
        Self {
            state: of.state.into(),
            tries: of.tries,
            next_try_at: of.due_at,
            tried_at: of.tried_at,
            reason: of.reason.clone(),
            may_have_arrived: of.may_be_there,
        }
    }
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = SegmentExportRetry)]
pub(crate) struct RetryBody {
    /// Whoever takes it drops what has a `webhook-id` that it had before: needed where an earlier try may have arrived.
    #[serde(default)]
    receiver_drops_repeats: bool,
}

#[utoipa::path(
    post, path = "/v1/segment-exports/{id}/retry", operation_id = "retry_segment_export", tag = "segments",
    summary = "Has an export tried again now, under the same id",
    description = "One that waits is tried at once. Where a try may have arrived, only if `receiver_drops_repeats`. Who is not reached, agreed or in the segment any more is not named again.",
    params(("id" = String, Path, format = "uuid"), Query),
    request_body = RetryBody,
    responses(
        (status = 200, body = ExportBody),
        (status = 409, body = crate::problem::ProblemBody, content_type = "application/problem+json", description = "it is a file, taken, just being sent or taken back, or it may have arrived"),
    )
)]
pub(crate) async fn retry(
    app: web::Data<App>,
    who: Caller,
    id: web::Path<String>,
    query: web::Query<Query>,
    body: web::Json<RetryBody>,
) -> Result<web::Json<ExportBody>, Problem> {
    let id = own_id(&id, "segment-export")?;
    let store = pick(&app, &who, query.store_id.as_deref()).await?;
    let (drops, by) = (body.receiver_drops_repeats, who.actor());
    let export = app.outreach.try_again(&store, id, drops, &by).await?;
    Ok(web::Json(ExportBody::of(&export)))
}

#[utoipa::path(
    post, path = "/v1/segment-exports/{id}/give-up", operation_id = "give_up_segment_export", tag = "segments",
    summary = "Does not try an export any more",
    description = "One that waits, or of which nobody knows whether it arrived. Where nothing of it can be there, nobody counts as told.",
    params(("id" = String, Path, format = "uuid"), Query),
    responses(
        (status = 200, body = ExportBody),
        (status = 409, body = crate::problem::ProblemBody, content_type = "application/problem+json", description = "it is a file, taken, just being sent or given up"),
    )
)]
pub(crate) async fn give_up(
    app: web::Data<App>,
    who: Caller,
    id: web::Path<String>,
    query: web::Query<Query>,
) -> Result<web::Json<ExportBody>, Problem> {
    let id = own_id(&id, "segment-export")?;
    let store = pick(&app, &who, query.store_id.as_deref()).await?;
    let export = app.outreach.give_up(&store, id, &who.actor()).await?;
    Ok(web::Json(ExportBody::of(&export)))
}
