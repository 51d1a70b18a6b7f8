//! How days stand against the provider's own totals, in short: for connections and passports.

use crate::http::amounts::amount;
use crate::http::reports::figures::StoreRef;
use application::reconciliation::Summary;
use chrono::{DateTime, Utc};
use domain::store::Store;
use serde::Serialize;
use utoipa::ToSchema;

/// How days stand against the provider's own totals.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ReconciliationStanding)]
pub(crate) struct ReconciledBody {
    store: StoreRef,
    /// `agrees`, `explained`, `unexplained`, or `unchecked` when none of the days was.
    state: String,
    days_checked: u64,
    days_unchecked: u64,
    days_unexplained: u64,
    /// Theirs less ours over the days that were checked, in the store's currency.
    difference: String,
    unexplained: String,
    currency: String,
    /// When the day that was checked longest ago was checked.
    as_of: Option<DateTime<Utc>>,
}

impl ReconciledBody {
    pub(crate) fn of(store: &Store, summary: &Summary) -> Self {
        let tally = &summary.tally;
        let state = match (tally.days(), tally.unexplained, tally.explained) {
            (0, _, _) => "unchecked",
            (_, 0, 0) => "agrees",
            (_, 0, _) => "explained",
            _ => "unexplained",
        };
        Self {
            store: StoreRef::of(store),
            state: state.to_owned(),
            days_checked: tally.days(),
            days_unchecked: summary.unchecked,
            days_unexplained: tally.unexplained,
            difference: amount(summary.difference, store.currency),
            unexplained: amount(summary.unexplained, store.currency),
            currency: store.currency.to_string(),
            as_of: summary.as_of,
        }
    }
}
