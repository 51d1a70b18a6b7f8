//! What asked for work: written down when it is queued, and linked to by the span of who works on it.
//!
//! A link, not a parent, as OpenTelemetry's conventions for messaging have it: work may begin hours later, be taken up again by another
//! process, and be asked for by several at once (a batch of webhooks), while the trace of a request is over when it was answered.

use crate::{Ports, queue};
use domain::ids::WorkspaceId;
use tracing::Span;
use uuid::Uuid;

/// To be called before the work can be claimed. Work is not left undone because nobody could note who asked for it.
pub(crate) async fn asked(ports: &Ports, workspace: WorkspaceId, work: Uuid) {
    let Some(trace) = ports.tracer.current() else {
        return;
    };
    let now = ports.clock.now();
    let noted = ports
        .work_traces
        .note_trace(workspace, work, &trace, now)
        .await;
    if let Err(error) = noted {
        tracing::debug!(%error, %work, "what asked for this work could not be noted");
    }
}

/// The span of a piece of work, with its link.
pub(crate) async fn span(
    ports: &Ports,
    kind: &'static str,
    workspace: WorkspaceId,
    id: Uuid,
) -> Span {
    let span = queue::span(kind, id);
    if !ports.tracer.is_on() {
        return span;
    }
    match ports.work_traces.trace_of(workspace, id).await {
        Ok(cause) => span.in_scope(|| ports.tracer.follows(cause.as_slice())),
        Err(error) => tracing::debug!(%error, "what asked for this work could not be read"),
    }
    span
}
