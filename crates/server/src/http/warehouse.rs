//! `/v1/warehouse`: the dataset that gets every store's days, and how far it is.

use crate::auth::Caller;
use crate::problem::{FieldError, Problem};
use crate::state::App;
use actix_web::web;
use application::mirror::{MirrorError, Mirrored, MirroredStore};
use chrono::{DateTime, Utc};
use domain::ids::StoreId;
use domain::warehouse::MirrorRun;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = WarehouseRun)]
pub(crate) struct RunBody {
    /// waiting, running, done or failed.
    state: &'static str,
    started_at: Option<DateTime<Utc>>,
    finished_at: Option<DateTime<Utc>>,
    last_success_at: Option<DateTime<Utc>>,
    /// Days of tables that differ from what is there; null until all was read.
    days: Option<u64>,
    /// Of these, those that are there by now.
    loaded: u64,
    /// Rows of the days that were loaded.
    rows: u64,
    last_error: Option<String>,
}

impl RunBody {
    fn of(run: MirrorRun) -> Self {
        Self {
            state: run.state.as_str(),
            started_at: run.started_at,
            finished_at: run.finished_at,
            last_success_at: run.last_success_at,
            days: run.days,
            loaded: run.loaded,
            rows: run.rows,
            last_error: run.last_error,
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = WarehouseStore)]
pub(crate) struct StoreBody {
    store: uuid::Uuid,
    name: String,
    /// As its tables are called there.
    tables: Vec<String>,
    /// When the next run begins; null before the first look.
    next_at: Option<DateTime<Utc>>,
    run: RunBody,
}

impl StoreBody {
    fn of(store: MirroredStore) -> Self {
        Self {
            store: store.store.0,
            name: store.name,
            tables: store.tables,
            next_at: store.next_at,
            run: RunBody::of(store.run),
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = WarehouseDataset)]
pub(crate) struct DatasetBody {
    /// Project, dataset and host.
    place: String,
    /// Whether there are credentials; whether they work a test tells.
    has_credentials: bool,
    /// How the last calls fared; null before the first one.
    last_success_at: Option<DateTime<Utc>>,
    stores: Vec<StoreBody>,
}

impl DatasetBody {
    fn of(mirrored: Mirrored) -> Self {
        Self {
            place: mirrored.place,
            has_credentials: mirrored.has_credentials,
            last_success_at: mirrored
                .links
                .iter()
                .filter_map(|l| l.last_success_at)
                .max(),
            stores: mirrored.stores.into_iter().map(StoreBody::of).collect(),
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Warehouse)]
pub(crate) struct Body {
    /// Null: none is set, or it belongs to another workspace.
    dataset: Option<DatasetBody>,
}

#[utoipa::path(
    get, path = "/v1/warehouse", operation_id = "warehouse", tag = "connections",
    summary = "The BigQuery dataset that gets every store's days, and how far it is",
    description = "It belongs to the installation's first workspace.",
    responses((status = 200, body = Body))
)]
pub(crate) async fn find(app: web::Data<App>, who: Caller) -> Result<web::Json<Body>, Problem> {
    let dataset = match app.mirror.standing(who.workspace.id).await {
        Ok(mirrored) => Some(DatasetBody::of(mirrored)),
        Err(MirrorError::Unset) => None,
        Err(error) => return Err(told(error)),
    };
    Ok(web::Json(Body { dataset }))
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = WarehouseTest)]
pub(crate) struct TestBody {
    works: bool,
    /// As BigQuery writes it; null when it does not work.
    name: Option<String>,
    location: Option<String>,
    /// Why it does not work.
    problem: Option<String>,
}

#[utoipa::path(
    post, path = "/v1/warehouse/test", operation_id = "test_warehouse", tag = "connections",
    summary = "Ask BigQuery whether the dataset is there and jobs may be run",
    description = "Reads the dataset and tries a query without running it; costs and changes nothing. That it does not work is an answer, too.",
    responses((status = 200, body = TestBody))
)]
pub(crate) async fn test(app: web::Data<App>, who: Caller) -> Result<web::Json<TestBody>, Problem> {
    let checked = app.mirror.check(who.workspace.id).await;
    Ok(web::Json(match checked {
        Ok(told) => TestBody {
            works: true,
            name: Some(told.name),
            location: Some(told.location),
            problem: None,
        },
        Err(MirrorError::Unset) => return Err(told(MirrorError::Unset)),
        Err(error) => TestBody {
            works: false,
            name: None,
            location: None,
            problem: Some(match error {
                MirrorError::Port(error) => error.detail,
                other => other.to_string(),
            }),
        },
    }))
}

#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = NewWarehouseRun)]
pub(crate) struct NewRun {
    store: uuid::Uuid,
}

#[utoipa::path(
    post, path = "/v1/warehouse/runs", operation_id = "run_warehouse", tag = "connections",
    summary = "Load what differs of a store now",
    description = "Begins within a quarter of a minute; a run that is under way goes on.",
    request_body = NewRun,
    responses((status = 202, body = RunBody))
)]
pub(crate) async fn run(
    app: web::Data<App>,
    who: Caller,
    body: web::Json<NewRun>,
) -> Result<(web::Json<RunBody>, actix_web::http::StatusCode), Problem> {
    let store = StoreId(body.store);
    let run = app
        .mirror
        .run_now(who.workspace.id, who.actor(), store)
        .await
        .map_err(told)?;
    let accepted = actix_web::http::StatusCode::ACCEPTED;
    Ok((web::Json(RunBody::of(run)), accepted))
}

fn told(error: MirrorError) -> Problem {
    match error {
        MirrorError::Unset => Problem::not_found("warehouse"),
        MirrorError::UnknownStore => Problem::not_found("store"),
        MirrorError::NoCredentials => Problem::invalid(vec![FieldError::new(
            "credentials",
            MirrorError::NoCredentials.to_string(),
        )]),
        MirrorError::Port(error) => error.into(),
    }
}
