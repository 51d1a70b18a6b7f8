//! `GET /v1/notification-deliveries`

use super::view::same;
use crate::auth::Caller;
use crate::http::ids::own_id;
use crate::http::paging;
use crate::problem::Problem;
use crate::state::App;
use actix_web::web;
use chrono::{DateTime, Utc};
use domain::notifications::{Delivery, DeliveryState, Recipient};
use ports::notices::DeliveryFilter;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = DeliveryState)]
pub(crate) enum StateBody {
    Pending,
    Sent,
    /// Given up.
    Dead,
}

same!(DeliveryState and StateBody: Pending, Sent, Dead);

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = RecipientKind)]
pub(crate) enum RecipientBody {
    /// By mail.
    Person,
    Channel,
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Query {
    state: Option<StateBody>,
    /// Only to this channel.
    #[param(value_type = Option<String>, pattern = "^([0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12})?$")]
    channel_id: Option<String>,
    cursor: Option<String>,
    #[param(minimum = 1, maximum = 250)]
    limit: Option<u32>,
}

/// A message to somebody.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Delivery)]
pub(crate) struct DeliveryBody {
    /// The same over all tries; for a signed webhook its `webhook-id`.
    #[schema(format = "uuid")]
    id: String,
    recipient_kind: RecipientBody,
    #[schema(format = "uuid")]
    recipient_id: String,
    is_digest: bool,
    is_test: bool,
    state: StateBody,
    tries: u32,
    last_error: Option<String>,
    created_at: DateTime<Utc>,
    /// Not tried before.
    due_at: DateTime<Utc>,
    finished_at: Option<DateTime<Utc>>,
}

impl From<Delivery> for DeliveryBody {
    fn from(delivery: Delivery) -> Self {
        Self {
            id: delivery.id.to_string(),
            recipient_kind: match delivery.recipient {
                Recipient::Person(_) => RecipientBody::Person,
                Recipient::Channel(_) => RecipientBody::Channel,
            },
            recipient_id: delivery.recipient.id().to_string(),
            is_digest: delivery.digest,
            is_test: delivery.test,
            state: delivery.state.into(),
            tries: delivery.tries,
            last_error: delivery.last_error,
            created_at: delivery.created_at,
            due_at: delivery.due_at,
            finished_at: delivery.finished_at,
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DeliveryList)]
pub(crate) struct Body {
    /// Newest first.
    deliveries: Vec<DeliveryBody>,
    total: u64,
    next_cursor: Option<String>,
}

#[utoipa::path(
    get, path = "/v1/notification-deliveries", operation_id = "list_deliveries", tag = "notifications",
    summary = "Messages about notices: what was sent, what waits, what was given up and why",
    params(Query),
    responses((status = 200, body = Body))
)]
pub(crate) async fn handle(
    app: web::Data<App>,
    who: Caller,
    query: web::Query<Query>,
) -> Result<web::Json<Body>, Problem> {
    let channel = paging::text(query.channel_id.as_ref());
    let channel = channel.map(|id| own_id(&id, "channel")).transpose()?;
    let filter = DeliveryFilter {
        state: query.state.map(Into::into),
        recipient: channel.map(Recipient::Channel),
    };
    let page = paging::page(query.cursor.as_deref(), query.limit)?;
    let notices = &app.notifications;
    let page = notices.deliveries(who.workspace.id, &filter, &page).await?;
    Ok(web::Json(Body {
        deliveries: page.items.into_iter().map(Into::into).collect(),
        total: page.total.unwrap_or_default(),
        next_cursor: page.next_cursor,
    }))
}
