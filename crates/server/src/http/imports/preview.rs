//! `GET /v1/imports/{id}/preview`

use super::view::ProblemRowBody;
use crate::auth::Caller;
use crate::http::ids::own_id;
use crate::problem::Problem;
use crate::state::App;
use actix_web::web;
use serde::Serialize;
use utoipa::ToSchema;

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ImportPreviewRow)]
pub(crate) struct RowBody {
    row: u64,
    cells: Vec<String>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ImportPreviewThing)]
pub(crate) struct ThingBody {
    first_row: u64,
    /// What it was understood as; null when it would be refused.
    text: Option<String>,
    problems: Vec<ProblemRowBody>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ImportPreview)]
pub(crate) struct Body {
    headers: Vec<String>,
    rows: Vec<RowBody>,
    things: Vec<ThingBody>,
}

#[utoipa::path(
    get, path = "/v1/imports/{id}/preview", operation_id = "import_preview", tag = "imports",
    summary = "The first rows, as they stand and as they are understood",
    params(("id" = String, Path, format = "uuid")),
    responses((status = 200, body = Body), (status = 404, response = crate::openapi::ProblemResponse))
)]
pub(crate) async fn handle(
    app: web::Data<App>,
    who: Caller,
    id: web::Path<String>,
) -> Result<web::Json<Body>, Problem> {
    let id = own_id(&id, "import")?;
    let import = app.imports.find(who.workspace.id, id).await?;
    let preview = app.imports.preview(who.workspace.id, id).await?;
    Ok(web::Json(Body {
        headers: import.file.headers,
        rows: preview
            .rows
            .into_iter()
            .map(|(row, cells)| RowBody { row, cells })
            .collect(),
        things: preview
            .things
            .iter()
            .map(|t| ThingBody {
                first_row: t.first_row,
                text: t.text.clone(),
                problems: t.problems.iter().map(ProblemRowBody::from).collect(),
            })
            .collect(),
    }))
}
