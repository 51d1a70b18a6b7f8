//! What asked for a piece of work, for who follows traces: the name of a span, carried beside what is queued and understood by nobody
//! but whoever makes spans.

use crate::PortResult;
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::ids::WorkspaceId;
use uuid::Uuid;

/// A `traceparent` as W3C Trace Context writes version 00: 55 characters of lower case, no id of zeros alone.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TraceContext(String);

impl TraceContext {
    /// `None` for anything else, also for a later version: what is stored is written by us alone.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split('-');
        let mut hex = |length: usize| {
            let part = parts.next()?;
            let is_hex = |b: u8| b.is_ascii_digit() || (b'a'..=b'f').contains(&b);
            (part.len() == length && part.bytes().all(is_hex)).then_some(part)
        };
        let (version, trace, span, _flags) = (hex(2)?, hex(32)?, hex(16)?, hex(2)?);
        let is_zero = |id: &str| id.bytes().all(|b| b == b'0');
        let is_ours = version == "00" && parts.next().is_none();
        (is_ours && !is_zero(trace) && !is_zero(span)).then(|| Self(text.to_owned()))
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Whoever makes spans.
pub trait Tracer: Send + Sync {
    /// Whether anybody is told of spans; without, nothing is written down and nothing looked up.
    fn is_on(&self) -> bool;
    /// Of the span under way; `None` where there is none, and of one that nobody is told of.
    fn current(&self) -> Option<TraceContext>;
    /// The span under way is linked to these.
    fn follows(&self, causes: &[TraceContext]);
}

/// Without a collector.
#[derive(Debug, Clone, Copy, Default)]
pub struct Untold;

impl Tracer for Untold {
    fn is_on(&self) -> bool {
        false
    }

    fn current(&self) -> Option<TraceContext> {
        None
    }

    fn follows(&self, _causes: &[TraceContext]) {}
}

/// What asked for work that waits in a queue, by the work's id.
#[async_trait]
pub trait WorkTraces: Send + Sync {
    /// The newest one counts.
    async fn note_trace(
        &self,
        workspace: WorkspaceId,
        work: Uuid,
        trace: &TraceContext,
        now: DateTime<Utc>,
    ) -> PortResult<()>;
    /// `None` in another workspace.
    async fn trace_of(
        &self,
        workspace: WorkspaceId,
        work: Uuid,
    ) -> PortResult<Option<TraceContext>>;
    /// Forgets those that were noted before; answers how many.
    async fn prune_traces(&self, noted_before: DateTime<Utc>) -> PortResult<u64>;
}

#[cfg(test)]
mod tests {
    use super::TraceContext;

    #[test]
    fn only_what_the_specification_writes_is_taken() {
        let good = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        assert_eq!(good.len(), 55);
        assert_eq!(TraceContext::parse(good).unwrap().as_str(), good);
        for bad in [
            "",
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331",
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-x",
            "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
            "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
            "00-00000000000000000000000000000000-b7ad6b7169203331-01",
            "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
            "00-0af7651916cd43dd8448eb211c80319-cb7ad6b7169203331-01",
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b716920333'-01",
        ] {
            assert_eq!(TraceContext::parse(bad), None, "{bad}");
        }
    }
}
