//! A policy over the store's own past.

use super::halt::Halt;
use super::run::{Runner, Session};
use chrono::NaiveDate;

impl Runner {
    pub(super) async fn rehearse(
        &mut self,
        _session: &Session,
        from: NaiveDate,
        to: NaiveDate,
    ) -> Result<(), Halt> {
        Err(Halt::Hopeless(format!(
            "{from} to {to} cannot be rehearsed yet"
        )))
    }
}
