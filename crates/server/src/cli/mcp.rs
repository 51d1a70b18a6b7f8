//! `royal mcp`: the Model Context Protocol on stdin and stdout, for an assistant on this machine.

use super::report::workspace;
use super::{Exit, open};
use crate::config::Settings;
use crate::mcp::Mcp;
use rmcp::ServiceExt as _;
use rmcp::transport::stdio;

/// Until the other side closes its end.
pub(super) async fn run(settings: Settings) -> Result<(), Exit> {
    let composed = open(&settings).await?;
    let workspace = workspace(&composed, None).await?;
    let failed = |error: &dyn std::fmt::Display| Exit::defect(format!("MCP: {error}"));
    let served = Mcp::new(composed.assistant.clone(), workspace, None).serve(stdio());
    let ended = match served.await {
        Ok(running) => running.waiting().await.map(|_| ()).map_err(|e| failed(&e)),
        Err(error) => Err(failed(&error)),
    };
    composed.database.close().await;
    ended
}
