//! `GET /v1/imports/{id}/problems`

use super::view::ProblemRowBody;
use crate::auth::Caller;
use crate::http::ids::own_id;
use crate::http::paging;
use crate::http::reports::csv::safe;
use crate::problem::Problem;
use crate::state::App;
use actix_web::http::header;
use actix_web::{HttpResponse, web};
use domain::ids::{ImportId, WorkspaceId};
use ports::PageRequest;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ImportProblemsFormat)]
pub(crate) enum Format {
    #[default]
    Json,
    /// All of them, as a file.
    Csv,
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Query {
    #[param(inline)]
    format: Option<Format>,
    cursor: Option<String>,
    #[param(minimum = 1, maximum = 250)]
    limit: Option<u32>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ImportProblemList)]
pub(crate) struct Body {
    /// In the order of the file.
    problems: Vec<ProblemRowBody>,
    total: Option<u64>,
    next_cursor: Option<String>,
}

#[utoipa::path(
    get, path = "/v1/imports/{id}/problems", operation_id = "import_problems", tag = "imports",
    summary = "What is wrong, by row, column and reason",
    params(("id" = String, Path, format = "uuid"), Query),
    responses(
        (status = 200, description = "problems",
            content((Body = "application/json"), (String = "text/csv"))),
        (status = 404, response = crate::openapi::ProblemResponse),
    )
)]
pub(crate) async fn handle(
    app: web::Data<App>,
    who: Caller,
    id: web::Path<String>,
    query: web::Query<Query>,
) -> Result<HttpResponse, Problem> {
    let id = own_id(&id, "import")?;
    if query.format == Some(Format::Csv) {
        let text = csv(&app, who.workspace.id, id).await?;
        return Ok(HttpResponse::Ok()
            .content_type("text/csv; charset=utf-8")
            .insert_header((
                header::CONTENT_DISPOSITION,
                "attachment; filename=\"problems.csv\"",
            ))
            .body(text));
    }
    let page = paging::page(query.cursor.as_deref(), query.limit)?;
    let page = app.imports.problems(who.workspace.id, id, &page).await?;
    Ok(HttpResponse::Ok().json(Body {
        problems: page.items.iter().map(ProblemRowBody::from).collect(),
        total: page.total,
        next_cursor: page.next_cursor,
    }))
}

async fn csv(app: &App, workspace: WorkspaceId, id: ImportId) -> Result<Vec<u8>, Problem> {
    let broken = |e: csv::Error| Problem::unavailable("the list cannot be written").caused_by(e);
    let mut writer = csv::Writer::from_writer(vec![0xEF, 0xBB, 0xBF]);
    writer
        .write_record(["row", "line", "column", "value", "reason", "severity"])
        .map_err(broken)?;
    let mut page = PageRequest::first(250);
    loop {
        let answer = app.imports.problems(workspace, id, &page).await?;
        for problem in &answer.items {
            let severity = match problem.severity {
                domain::import::Severity::Refused => "refused",
                domain::import::Severity::Noted => "noted",
            };
            writer
                .write_record([
                    problem.row.to_string().as_str(),
                    problem.line.to_string().as_str(),
                    &safe(problem.column.as_deref().unwrap_or_default()),
                    &safe(problem.value.as_deref().unwrap_or_default()),
                    &safe(&problem.reason),
                    severity,
                ])
                .map_err(broken)?;
        }
        match answer.next_cursor {
            Some(cursor) => page.cursor = Some(cursor),
            None => break,
        }
    }
    writer.into_inner().map_err(|e| {
        Problem::unavailable("the list cannot be written").caused_by(e.error().to_string())
    })
}
