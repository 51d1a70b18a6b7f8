//! `GET /v1/privacy/requests`

use crate::auth::Caller;
use crate::http::paging;
use crate::problem::Problem;
use crate::state::App;
use actix_web::web;
use chrono::{DateTime, Utc};
use domain::privacy::{PrivacyKind, PrivacyRequest, PrivacyState};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Query {
    cursor: Option<String>,
    #[param(minimum = 1, maximum = 250)]
    limit: Option<u32>,
}

#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = PrivacyKind)]
pub(crate) enum KindBody {
    /// Tell a customer all that is held about them.
    DataRequest,
    /// Forget a customer.
    CustomerRedact,
    /// Forget a whole shop that removed the app.
    ShopRedact,
}

#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = PrivacyState)]
pub(crate) enum StateBody {
    Pending,
    /// The answer can be downloaded.
    Ready,
    Done,
}

/// Whom it is about is a number: a request holds no personal data itself.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PrivacyRequest)]
pub(crate) struct RequestBody {
    id: String,
    kind: KindBody,
    state: StateBody,
    store_id: String,
    customer_id: Option<String>,
    received_at: DateTime<Utc>,
    /// Thirty days after it was received.
    due_at: DateTime<Utc>,
    settled_at: Option<DateTime<Utc>>,
    /// What was done.
    note: Option<String>,
}

impl RequestBody {
    fn of(request: &PrivacyRequest) -> Self {
        Self {
            id: request.id.to_string(),
            kind: match request.kind {
                PrivacyKind::DataRequest => KindBody::DataRequest,
                PrivacyKind::CustomerRedact => KindBody::CustomerRedact,
                PrivacyKind::ShopRedact => KindBody::ShopRedact,
            },
            state: match request.state {
                PrivacyState::Pending => StateBody::Pending,
                PrivacyState::Ready => StateBody::Ready,
                PrivacyState::Done => StateBody::Done,
            },
            store_id: request.scope.store.to_string(),
            customer_id: request.customer.map(|c| c.to_string()),
            received_at: request.received_at,
            due_at: request.due_at,
            settled_at: request.settled_at,
            note: request.note.clone(),
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PrivacyRequestList)]
pub(crate) struct Body {
    requests: Vec<RequestBody>,
    total: Option<u64>,
    next_cursor: Option<String>,
}

#[utoipa::path(
    get, path = "/v1/privacy/requests", operation_id = "privacy_requests", tag = "privacy",
    summary = "Requests about personal data, newest first, with their deadlines",
    params(Query),
    responses((status = 200, body = Body))
)]
pub(crate) async fn handle(
    app: web::Data<App>,
    who: Caller,
    query: web::Query<Query>,
) -> Result<web::Json<Body>, Problem> {
    let page = paging::page(query.cursor.as_deref(), query.limit)?;
    let page = app.privacy.list(who.workspace.id, &page).await?;
    Ok(web::Json(Body {
        requests: page.items.iter().map(RequestBody::of).collect(),
        total: page.total,
        next_cursor: page.next_cursor,
    }))
}
