//! Tools as the protocol tells them, and what a call answers.

use super::Mcp;
use crate::http::assistant::view::AnswerBody;
use application::assistant::{PROPOSALS, TOOLS, Tool as Offer, ToolError};
use domain::assistant::answer::Outcome;
use rmcp::ErrorData;
use rmcp::model::{
    CallToolRequestParams, CallToolResponse, CallToolResult, ContentBlock, JsonObject, Tool,
    ToolAnnotations,
};
use serde_json::Value;
use std::sync::Arc;

fn told(tool: &Offer, reads: bool) -> Tool {
    let schema = match tool.schema() {
        Value::Object(schema) => schema,
        _ => JsonObject::new(),
    };
    let hints = ToolAnnotations::with_title(tool.title)
        .read_only(reads)
        .destructive(false)
        .idempotent(reads)
        .open_world(false);
    Tool::new(tool.name, tool.description, Arc::new(schema)).with_annotations(hints)
}

pub(super) fn all(may_propose: bool) -> Vec<Tool> {
    let reading = TOOLS.iter().map(|tool| told(tool, true));
    let proposals = PROPOSALS.iter().filter(|_| may_propose);
    reading
        .chain(proposals.map(|tool| told(tool, false)))
        .collect()
}

/// The answer in words for whoever reads, and as data for whoever computes. What was asked wrongly, and what could not be looked up, is an
/// error that the caller sees.
pub(super) async fn call(
    mcp: &Mcp,
    request: CallToolRequestParams,
) -> Result<CallToolResponse, ErrorData> {
    let arguments = request.arguments.map_or(Value::Null, Value::Object);
    let analyst = mcp.assistant.analyst();
    let wisher = mcp.wisher.as_ref();
    let called = analyst.act(mcp.workspace, wisher, &request.name, arguments);
    let called = called.await;
    let answer = match called {
        Ok(answer) => answer,
        Err(ToolError::Unknown(name)) => {
            let message = format!("there is no tool {name}");
            return Err(ErrorData::invalid_params(message, None));
        }
        Err(error @ ToolError::Arguments(_)) => {
            let content = vec![ContentBlock::text(error.to_string())];
            return Ok(CallToolResult::error(content).into());
        }
        Err(ToolError::Answer(error)) => {
            tracing::warn!(%error, tool = %request.name, "a tool could not answer");
            let content = vec![ContentBlock::text(format!(
                "it could not be looked up: {error}"
            ))];
            return Ok(CallToolResult::error(content).into());
        }
    };
    let is_asked_back = answer.outcome == Outcome::AskedBack;
    let body = AnswerBody::of(answer);
    let content = vec![ContentBlock::text(body.in_words())];
    let mut result = CallToolResult::success(content);
    result.structured_content = serde_json::to_value(&body).ok();
    result.is_error = Some(is_asked_back);
    Ok(result.into())
}
