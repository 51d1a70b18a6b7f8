//! The mark of what is stored, as each database tells it.

use crate::{Backend, Database};
use async_trait::async_trait;
use ports::PortResult;
use ports::marks::{ChangeMarks, Mark};

#[async_trait]
impl<B: Backend> ChangeMarks for Database<B> {
    async fn mark(&self) -> PortResult<Mark> {
        self.0.mark().await.map(Mark)
    }
}
