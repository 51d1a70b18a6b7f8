//! Reconciliation runs and what they find.

use super::{at, currency, day};
use domain::calendar::DayRange;
use domain::connection::Connection;
use domain::ids::{OrderId, ReconciliationId, StoreScope};
use domain::reconciliation::{
    Cause, DayState, Finding, Reconciled, ReconciliationRun, Sales, Source, Trigger,
};
use uuid::Uuid;

/// Queued, for a few days of January; a larger number was created later.
#[must_use]
pub fn reconciliation(connection: &Connection, number: u32) -> ReconciliationRun {
    let scope = StoreScope {
        workspace: connection.workspace,
        store: connection.store,
    };
    let id = u128::from(number) | (connection.id.0.as_u128() << 16);
    let created = at("2026-02-01T08:00:00Z") + chrono::Duration::minutes(i64::from(number));
    ReconciliationRun::queued(
        ReconciliationId(Uuid::from_u128(id)),
        scope,
        connection.id,
        days("2026-01-05", "2026-01-09"),
        Trigger::Request,
        created,
    )
}

#[must_use]
pub fn days(from: &str, to: &str) -> DayRange {
    DayRange {
        from: day(from),
        to: day(to),
    }
}

/// A day on which one missing order explains `amount`.
#[must_use]
pub fn reconciled(on: &str, amount: i64) -> Reconciled {
    let sales = Sales::total_only(amount);
    let nothing = Sales::total_only(0);
    Reconciled {
        day: day(on),
        currency: currency("USD"),
        source: Source::OrderTotals,
        ours: nothing,
        theirs: sales,
        difference: sales,
        findings: vec![Finding {
            cause: Cause::MissingOrder,
            order: OrderId(7),
            name: "#7".to_owned(),
            ours: nothing,
            theirs: sales,
            difference: sales,
            held: false,
        }],
        unexplained: nothing,
        state: DayState::Explained,
    }
}
