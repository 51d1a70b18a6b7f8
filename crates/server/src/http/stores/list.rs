//! `GET /v1/stores`

use crate::auth::Caller;
use crate::problem::Problem;
use crate::state::App;
use actix_web::web;
use application::connections::ConnectionView;
use chrono::{DateTime, NaiveDate, Utc};
use domain::store::Store;
use ports::orders::OrderSpan;
use serde::Serialize;
use utoipa::ToSchema;

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = StoreSync)]
pub(crate) struct StoreSyncBody {
    id: String,
    status: String,
    progress: Option<f64>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Store)]
pub(crate) struct StoreBody {
    id: String,
    name: String,
    shop_domain: String,
    currency: String,
    /// IANA name.
    timezone: String,
    is_sandbox: bool,
    connection_id: String,
    /// Local days of the oldest and newest order.
    first_day: Option<NaiveDate>,
    last_day: Option<NaiveDate>,
    orders: u64,
    /// When the newest order was observed.
    as_of: Option<DateTime<Utc>>,
    /// The run that is open now.
    sync: Option<StoreSyncBody>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = StoreList)]
pub(crate) struct Body {
    /// Oldest first.
    stores: Vec<StoreBody>,
}

#[utoipa::path(
    get, path = "/v1/stores", operation_id = "stores", tag = "connections",
    summary = "Stores with the days that their orders cover",
    responses((status = 200, body = Body))
)]
pub(crate) async fn handle(app: web::Data<App>, who: Caller) -> Result<web::Json<Body>, Problem> {
    let workspace = who.workspace.id;
    let connections = app.connections.list(workspace).await?;
    let mut stores = Vec::new();
    for store in app.stores.list(workspace).await? {
        let span = app.stores.span(&store).await?;
        let orders = app.stores.orders(&store).await?;
        let sync = open_sync(&app, &connections, &store).await?;
        stores.push(StoreBody::of(&store, (&span, orders), sync));
    }
    Ok(web::Json(Body { stores }))
}

async fn open_sync(
    app: &App,
    connections: &[ConnectionView],
    store: &Store,
) -> Result<Option<StoreSyncBody>, Problem> {
    let open = connections
        .iter()
        .find(|c| c.connection.id == store.connection)
        .and_then(|c| c.open_sync);
    let Some(id) = open else { return Ok(None) };
    let run = app.syncs.find(store.scope.workspace, id).await?;
    Ok(run.map(|run| StoreSyncBody {
        id: run.id.to_string(),
        status: run.status.as_str().to_owned(),
        progress: run.progress(),
    }))
}

impl StoreBody {
    fn of(store: &Store, (span, orders): (&OrderSpan, u64), sync: Option<StoreSyncBody>) -> Self {
        Self {
            id: store.scope.store.to_string(),
            name: store.name.clone(),
            shop_domain: store.domain.clone(),
            currency: store.currency.to_string(),
            timezone: store.timezone.clone(),
            is_sandbox: store.is_sandbox,
            connection_id: store.connection.to_string(),
            first_day: span.first_day,
            last_day: span.last_day,
            orders,
            as_of: span.as_of,
            sync,
        }
    }
}
