//! `GET /v1/stops`, `POST /v1/stops`, `POST /v1/stops/lift`

use crate::auth::Caller;
use crate::problem::{FieldError, Problem};
use crate::state::App;
use actix_web::{HttpResponse, web};
use chrono::{DateTime, Utc};
use ports::changes::{Stop, StopScope};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = StopKind)]
pub(crate) enum KindBody {
    /// Every write of the workspace.
    All,
    Agent,
    Connection,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[schema(as = StopScope)]
pub(crate) struct ScopeBody {
    kind: KindBody,
    /// The name of the agent, or the id of the connection.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    id: Option<String>,
}

impl ScopeBody {
    fn of(scope: &StopScope) -> Self {
        let (kind, id) = match scope {
            StopScope::All => (KindBody::All, None),
            StopScope::Agent(name) => (KindBody::Agent, Some(name.clone())),
            StopScope::Connection(id) => (KindBody::Connection, Some(id.clone())),
        };
        Self { kind, id }
    }

    fn read(&self) -> Result<StopScope, Problem> {
        let id = self
            .id
            .as_deref()
            .map(str::trim)
            .filter(|id| !id.is_empty());
        let wrong = |message: &str| Problem::invalid(vec![FieldError::new("scope.id", message)]);
        match (self.kind, id) {
            (KindBody::All, None) => Ok(StopScope::All),
            (KindBody::All, Some(_)) => Err(wrong("names nothing where everything is meant")),
            (KindBody::Agent, Some(name)) => Ok(StopScope::Agent(name.to_owned())),
            (KindBody::Connection, Some(id)) => Ok(StopScope::Connection(id.to_owned())),
            (KindBody::Agent | KindBody::Connection, None) => Err(wrong("is needed")),
        }
    }
}

/// That a stop is put on, or lifted.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = NewStop)]
pub(crate) struct Body {
    scope: ScopeBody,
    reason: String,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Stop)]
pub(crate) struct StopBody {
    scope: ScopeBody,
    reason: String,
    /// Who put it on.
    by: String,
    at: DateTime<Utc>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = StopList)]
pub(crate) struct ListBody {
    stops: Vec<StopBody>,
}

impl ListBody {
    fn of(stops: &[Stop]) -> Self {
        let stops = stops.iter().map(|stop| StopBody {
            scope: ScopeBody::of(&stop.scope),
            reason: stop.reason.clone(),
            by: stop.by.name.clone(),
            at: stop.at,
        });
        Self {
            stops: stops.collect(),
        }
    }
}

#[utoipa::path(
    get, path = "/v1/stops", operation_id = "list_stops", tag = "changes",
    summary = "Which stops are on",
    responses((status = 200, body = ListBody))
)]
pub(crate) async fn list(app: web::Data<App>, who: Caller) -> Result<web::Json<ListBody>, Problem> {
    let stops = app.changes.stops(who.workspace.id).await?;
    Ok(web::Json(ListBody::of(&stops)))
}

#[utoipa::path(
    post, path = "/v1/stops", operation_id = "stop_writes", tag = "changes",
    summary = "Stops every write of the scope at once",
    description = "It stays on over restarts until it is lifted. One of the same scope is replaced.",
    request_body = Body,
    responses(
        (status = 201, body = ListBody),
        (status = 422, body = crate::problem::ProblemBody, content_type = "application/problem+json", description = "the reason is missing, or the scope is not known"),
    )
)]
pub(crate) async fn stop(
    app: web::Data<App>,
    who: Caller,
    body: web::Json<Body>,
) -> Result<HttpResponse, Problem> {
    let scope = body.scope.read()?;
    let (workspace, by) = (who.workspace.id, who.actor());
    let stops = app
        .changes
        .stop(workspace, scope, &body.reason, &by)
        .await?;
    Ok(HttpResponse::Created().json(ListBody::of(&stops)))
}

#[utoipa::path(
    post, path = "/v1/stops/lift", operation_id = "lift_stop", tag = "changes",
    summary = "Lifts a stop",
    request_body = Body,
    responses(
        (status = 200, body = ListBody),
        (status = 404, response = crate::openapi::ProblemResponse),
        (status = 422, body = crate::problem::ProblemBody, content_type = "application/problem+json", description = "the reason is missing"),
    )
)]
pub(crate) async fn lift(
    app: web::Data<App>,
    who: Caller,
    body: web::Json<Body>,
) -> Result<web::Json<ListBody>, Problem> {
    let scope = body.scope.read()?;
    let (workspace, by) = (who.workspace.id, who.actor());
    let stops = app
        .changes
        .lift(workspace, &scope, &body.reason, &by)
        .await?;
    Ok(web::Json(ListBody::of(&stops)))
}
