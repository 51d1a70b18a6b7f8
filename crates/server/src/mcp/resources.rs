//! Documents that an outside assistant may read beside the tools.

use crate::http::assistant::view::AnswerBody;
use application::assistant::Assistant;
use domain::ids::WorkspaceId;
use rmcp::ErrorData;
use rmcp::model::{ReadResourceResponse, ReadResourceResult, Resource, ResourceContents};
use serde_json::{Value, json};

/// Address, name, what it is, and which tool with which arguments makes it.
struct Document {
    uri: &'static str,
    name: &'static str,
    description: &'static str,
    tool: &'static str,
    arguments: fn() -> Value,
}

const DOCUMENTS: &[Document] = &[
    Document {
        uri: "royal://figures",
        name: "figures",
        description: "All figures with their units and formulas.",
        tool: "list_figures",
        arguments: || json!({}),
    },
    Document {
        uri: "royal://profit/by-day",
        name: "profit by day",
        description: "Net profit of the last 30 days, by day, against the 30 days before.",
        tool: "figure",
        arguments: || json!({ "figure": "net_profit", "by": "day", "compare": "previous" }),
    },
    Document {
        uri: "royal://profit/by-product",
        name: "profit by product",
        description: "Net profit of the last 30 days by product.",
        tool: "figure",
        arguments: || json!({ "figure": "net_profit", "by": "product" }),
    },
    Document {
        uri: "royal://health",
        name: "health",
        description: "Whether connections, data and backups are well and fresh.",
        tool: "health",
        arguments: || json!({}),
    },
];

pub(super) fn all() -> Vec<Resource> {
    let resources = DOCUMENTS.iter().map(|document| {
        Resource::new(document.uri, document.name)
            .with_description(document.description)
            .with_mime_type("text/plain")
    });
    resources.collect()
}

pub(super) async fn read(
    assistant: &Assistant,
    workspace: WorkspaceId,
    uri: &str,
) -> Result<ReadResourceResponse, ErrorData> {
    let Some(document) = DOCUMENTS.iter().find(|document| document.uri == uri) else {
        let message = format!("there is no resource {uri}");
        return Err(ErrorData::resource_not_found(message, None));
    };
    let arguments = (document.arguments)();
    let called = assistant
        .analyst()
        .call(workspace, document.tool, arguments)
        .await;
    let answer = called.map_err(|error| {
        tracing::warn!(%error, uri, "a resource could not be read");
        ErrorData::internal_error(error.to_string(), None)
    })?;
    let text = AnswerBody::of(answer).in_words();
    let contents = ResourceContents::text(text, uri).with_mime_type("text/plain");
    Ok(ReadResourceResult::new(vec![contents]).into())
}
