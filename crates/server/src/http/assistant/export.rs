//! `GET /agents/session/{id}/export`: a conversation as a file.

use super::read;
use super::view::{MessageBody, SessionBody};
use crate::auth::Caller;
use crate::problem::Problem;
use crate::state::App;
use actix_web::{HttpResponse, web};
use ports::PageRequest;
use ports::page::MAX_LIMIT;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

#[derive(Debug, Default, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = AssistantExportFormat)]
pub(crate) enum Format {
    #[default]
    Json,
    Markdown,
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Query {
    /// `json` when left out.
    #[serde(default)]
    #[param(inline)]
    format: Format,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AssistantExport)]
pub(crate) struct ExportBody {
    session: SessionBody,
    messages: Vec<MessageBody>,
}

#[utoipa::path(
    get, path = "/agents/session/{id}/export", operation_id = "export_assistant_session", tag = "assistant",
    summary = "A conversation as a file, with the sources of its figures",
    params(("id" = String, Path, format = "uuid"), Query),
    responses(
        (status = 200, content((ExportBody = "application/json"), (String = "text/markdown"))),
        (status = 400, response = crate::openapi::ProblemResponse), (status = 404, response = crate::openapi::ProblemResponse),
    )
)]
pub(crate) async fn handle(
    app: web::Data<App>,
    who: Caller,
    id: web::Path<String>,
    query: web::Query<Query>,
) -> Result<HttpResponse, Problem> {
    let session = read(&app, &who, &id).await?;
    let (mut page, mut messages) = (PageRequest::first(MAX_LIMIT), Vec::new());
    loop {
        let found = app.assistant.messages(&session, &page).await?;
        messages.extend(found.items.into_iter().map(MessageBody::of));
        page.cursor = found.next_cursor;
        if page.cursor.is_none() {
            break;
        }
    }
    let body = ExportBody {
        session: SessionBody::of(&session),
        messages,
    };
    let file = |kind: &str| {
        format!(
            "attachment; filename=\"conversation-{}.{kind}\"",
            session.id
        )
    };
    Ok(match query.format {
        Format::Json => HttpResponse::Ok()
            .insert_header(("content-disposition", file("json")))
            .json(&body),
        Format::Markdown => HttpResponse::Ok()
            .content_type("text/markdown; charset=utf-8")
            .insert_header(("content-disposition", file("md")))
            .body(body.in_markdown()),
    })
}

impl ExportBody {
    fn in_markdown(&self) -> String {
        let mut text = format!("# {}\n", self.session.title().unwrap_or("Conversation"));
        for message in &self.messages {
            text.push('\n');
            text.push_str(&message.in_markdown());
        }
        text
    }
}
