//! Open streams: how many each user has, and their common end.

use crate::problem::Problem;
use domain::ids::UserId;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio_util::sync::CancellationToken;

const PER_USER: usize = 64;

#[derive(Debug, Clone)]
pub(crate) struct Streams {
    open: Arc<Mutex<HashMap<UserId, usize>>>,
    end: CancellationToken,
}

/// The right to one stream, given back when dropped.
#[derive(Debug)]
pub(crate) struct Place {
    user: UserId,
    open: Arc<Mutex<HashMap<UserId, usize>>>,
}

impl Streams {
    /// All streams end when `end` is cancelled.
    pub(crate) fn new(end: CancellationToken) -> Self {
        Self {
            open: Arc::default(),
            end,
        }
    }

    pub(crate) fn take(&self, user: UserId) -> Result<Place, Problem> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let count = open.entry(user).or_insert(0);
        if *count >= PER_USER {
            return Err(Problem::too_many(Duration::from_secs(5)));
        }
        *count += 1;
        metrics::gauge!("sse_streams").increment(1.0);
        Ok(Place {
            user,
            open: Arc::clone(&self.open),
        })
    }

    pub(crate) fn ended(&self) -> CancellationToken {
        self.end.clone()
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = open.get_mut(&self.user) {
            *count -= 1;
            if *count == 0 {
                open.remove(&self.user);
            }
        }
        metrics::gauge!("sse_streams").decrement(1.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_user_has_at_most_64_and_gets_them_back() {
        let streams = Streams::new(CancellationToken::new());
        let (one, other) = (
            UserId(uuid::Uuid::from_u128(1)),
            UserId(uuid::Uuid::from_u128(2)),
        );
        let mut places: Vec<_> = (0..PER_USER).map(|_| streams.take(one).unwrap()).collect();
        assert!(streams.take(one).is_err());
        assert!(streams.take(other).is_ok());
        places.pop();
        assert!(streams.take(one).is_ok());
    }
}
