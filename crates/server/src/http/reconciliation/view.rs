//! Days, findings and runs as the API and the command line write them.

use crate::http::amounts::{amount, optional_amount};
use application::reconciliation::Summary;
use chrono::{DateTime, NaiveDate, Utc};
use domain::money::Currency;
use domain::reconciliation::{Cause, DayState, Finding, ReconciliationRun, Sales, Source, Trigger};
use domain::sync::SyncStatus;
use ports::reconciliations::CheckedDay;
use serde::Serialize;
use utoipa::ToSchema;

macro_rules! words {
    ($(#[$doc:meta])* $name:ident as $schema:ident from $domain:ident { $($(#[$inner:meta])* $variant:ident),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
        #[serde(rename_all = "snake_case")]
        #[schema(as = $schema)]
        pub(crate) enum $name { $($(#[$inner])* $variant),+ }

        impl From<$domain> for $name {
            fn from(value: $domain) -> Self {
                match value { $($domain::$variant => Self::$variant),+ }
            }
        }
    };
}

words! {
    SourceBody as ReconciliationSource from Source {
        /// The provider's own sales report, by the day on which things happened.
        Analytics,
        /// What each order is worth now, tips and gift cards included, by the day of its sale.
        OrderTotals,
    }
}

words! {
    CauseBody as ReconciliationCause from Cause {
        Zone, TestOrder, Currency, LateRefund, MissingAgreement, Deletion, MissingOrder, StaleCopy, Unexplained,
    }
}

words! {
    StateBody as ReconciledState from DayState { Agrees, Explained, Unexplained }
}

words! {
    TriggerBody as ReconciliationTrigger from Trigger { Schedule, Request }
}

words! {
    RunStatusBody as ReconciliationStatus from SyncStatus {
        Queued, Running, Cancelling, Cancelled, Succeeded, Failed,
    }
}

/// Null: the source does not tell.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ReconciledSales)]
pub(crate) struct SalesBody {
    orders: Option<i64>,
    gross_sales: Option<String>,
    discounts: Option<String>,
    reversals: Option<String>,
    net_sales: Option<String>,
    shipping: Option<String>,
    taxes: Option<String>,
    total_sales: String,
}

impl SalesBody {
    pub(crate) fn of(sales: Sales, currency: Currency) -> Self {
        let money = |minor| optional_amount(minor, currency);
        Self {
            orders: sales.orders,
            gross_sales: money(sales.gross_sales),
            discounts: money(sales.discounts),
            reversals: money(sales.reversals),
            net_sales: money(sales.net_sales),
            shipping: money(sales.shipping),
            taxes: money(sales.taxes),
            total_sales: amount(sales.total_sales, currency),
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ReconciledDay)]
pub(crate) struct DayBody {
    pub(crate) day: NaiveDate,
    pub(crate) state: StateBody,
    source: SourceBody,
    ours: SalesBody,
    theirs: SalesBody,
    /// theirs − ours
    difference: SalesBody,
    /// The part of the difference that no cause explains.
    unexplained: SalesBody,
    /// Causes that were found, each once.
    causes: Vec<CauseBody>,
    /// Orders that differ.
    orders: usize,
    checked_at: DateTime<Utc>,
}

impl DayBody {
    pub(crate) fn of(checked: &CheckedDay) -> Self {
        let day = &checked.result;
        let sales = |s| SalesBody::of(s, day.currency);
        let mut causes: Vec<CauseBody> = day.findings.iter().map(|f| f.cause.into()).collect();
        causes.dedup();
        Self {
            day: day.day,
            state: day.state.into(),
            source: day.source.into(),
            ours: sales(day.ours),
            theirs: sales(day.theirs),
            difference: sales(day.difference),
            unexplained: sales(day.unexplained),
            causes,
            orders: day.findings.len(),
            checked_at: checked.checked_at,
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ReconciliationFinding)]
pub(crate) struct FindingBody {
    cause: CauseBody,
    order_id: String,
    name: String,
    ours: SalesBody,
    theirs: SalesBody,
    /// theirs − ours
    difference: SalesBody,
    /// Whether we hold a copy to look at.
    held: bool,
    /// Whether reading it again, or removing it when it is gone, can help.
    mendable: bool,
}

impl FindingBody {
    pub(crate) fn of(finding: &Finding, currency: Currency) -> Self {
        let sales = |s| SalesBody::of(s, currency);
        Self {
            cause: finding.cause.into(),
            order_id: finding.order.to_string(),
            name: finding.name.clone(),
            ours: sales(finding.ours),
            theirs: sales(finding.theirs),
            difference: sales(finding.difference),
            held: finding.held,
            mendable: finding.cause.is_mendable(),
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ReconciliationSummary)]
pub(crate) struct SummaryBody {
    days: u64,
    agree: u64,
    explained: u64,
    unexplained: u64,
    /// Days of the range that were never checked.
    unchecked: u64,
    /// Share of the checked days that agree, from 0 to 1; null when none was checked.
    agree_share: Option<f64>,
    source: Option<SourceBody>,
    /// Why it is not the provider's own sales report.
    source_reason: Option<String>,
    /// When the day that was checked longest ago was checked.
    as_of: Option<DateTime<Utc>>,
    /// theirs − ours, of total sales
    difference: String,
    unexplained_amount: String,
}

impl SummaryBody {
    pub(crate) fn of(summary: &Summary, currency: Currency) -> Self {
        let tally = summary.tally;
        #[expect(clippy::cast_precision_loss, reason = "a share of days, not money")]
        let share = |part: u64, whole: u64| (whole > 0).then(|| part as f64 / whole as f64);
        Self {
            days: tally.days(),
            agree: tally.agree,
            explained: tally.explained,
            unexplained: tally.unexplained,
            unchecked: summary.unchecked,
            agree_share: share(tally.agree, tally.days()),
            source: summary.source.map(Into::into),
            source_reason: summary.source_reason.clone(),
            as_of: summary.as_of,
            difference: amount(summary.difference, currency),
            unexplained_amount: amount(summary.unexplained, currency),
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ReconciliationFailure)]
pub(crate) struct FailureBody {
    message: String,
    remedy: String,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ReconciliationRun)]
pub(crate) struct RunBody {
    #[schema(format = "uuid")]
    pub(crate) id: String,
    #[schema(format = "uuid")]
    store_id: String,
    pub(crate) status: RunStatusBody,
    trigger: TriggerBody,
    from: NaiveDate,
    to: NaiveDate,
    done_days: u64,
    total_days: u64,
    agree: u64,
    explained: u64,
    unexplained: u64,
    source: Option<SourceBody>,
    source_reason: Option<String>,
    resumed: u32,
    created_at: DateTime<Utc>,
    started_at: Option<DateTime<Utc>>,
    finished_at: Option<DateTime<Utc>>,
    error: Option<FailureBody>,
}

impl RunBody {
    pub(crate) fn of(run: &ReconciliationRun) -> Self {
        Self {
            id: run.id.to_string(),
            store_id: run.scope.store.to_string(),
            status: run.status.into(),
            trigger: run.trigger.into(),
            from: run.range.from,
            to: run.range.to,
            done_days: run.done_days(),
            total_days: run.range.len_days(),
            agree: run.tally.agree,
            explained: run.tally.explained,
            unexplained: run.tally.unexplained,
            source: run.source.map(Into::into),
            source_reason: run.source_reason.clone(),
            resumed: run.resumed,
            created_at: run.created_at,
            started_at: run.started_at,
            finished_at: run.finished_at,
            error: run.error.as_ref().map(|e| FailureBody {
                message: e.message.clone(),
                remedy: e.remedy.clone(),
            }),
        }
    }
}
