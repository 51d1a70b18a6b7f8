//! Whether anything was written since: by this, an answer that was given before is known to be still true.

use crate::PortResult;
use async_trait::async_trait;

/// What is stored at one moment. Only whether two are equal means something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark(pub String);

#[async_trait]
pub trait ChangeMarks: Send + Sync {
    /// Between two equal marks of one process nothing was committed, by whomever; what is read after a mark was taken is at least
    /// as new as it. Cheap, whatever is stored.
    async fn mark(&self) -> PortResult<Mark>;
}
