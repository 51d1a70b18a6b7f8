//! Marks that stay, or come again.

use super::{caught, sound};
use async_trait::async_trait;
use ports::PortResult;
use ports::marks::{ChangeMarks, Mark};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use testkit::Stores;
use testkit::laws::marks;

/// Counts only so far, then begins anew.
struct Short(AtomicU64, u64);

#[async_trait]
impl ChangeMarks for Short {
    async fn mark(&self) -> PortResult<Mark> {
        let n = self.0.fetch_add(1, Ordering::SeqCst);
        Ok(Mark((n % self.1).to_string()))
    }
}

fn with(length: u64) -> Stores {
    Stores {
        marks: Arc::new(Short(AtomicU64::new(0), length)),
        ..sound().1
    }
}

#[tokio::test]
async fn a_mark_that_never_changes_is_caught() {
    caught(marks::every_commit_changes_the_mark(with(1))).await;
}

#[tokio::test]
async fn a_mark_that_comes_again_is_caught() {
    caught(marks::every_commit_changes_the_mark(with(4))).await;
}
