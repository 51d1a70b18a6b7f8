//! Our days held against the provider's own: each difference is told by its cause, down to the order, and what has no cause
//! stays visible as unexplained.
//!
//! A difference is *theirs − ours*. The amounts of the findings and what is unexplained add up to it exactly, because each finding is
//! the difference of one order on one day.

mod cause;
mod run;
mod sales;

pub use cause::{Head, Held, OrderEvidence, Presence};
pub use run::{ReconciliationRun, Tally, Trigger};
pub use sales::Sales;

use crate::calendar::DayRange;
use crate::ids::OrderId;
use crate::money::Currency;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// By which of the provider's figures a day is judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// The provider's own sales report, by the day on which things happened.
    Analytics,
    /// What each order is worth now by the provider's own totals, tips and gift cards included, by the day of its sale.
    OrderTotals,
}

impl Source {
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Analytics => "analytics",
            Self::OrderTotals => "order_totals",
        }
    }

    /// A day without any sale, in as many figures as the source tells.
    #[must_use]
    pub const fn nothing(self) -> Sales {
        match self {
            Self::Analytics => Sales::ZERO,
            Self::OrderTotals => Sales::total_only(0),
        }
    }
}

/// Why an order differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// They count the sale on another zone's day.
    Zone,
    /// A test order, which never counts here.
    TestOrder,
    /// The order is kept in another currency than the shop's.
    Currency,
    /// They book what was given back on another day.
    LateRefund,
    /// The dated record of the order does not add up to the order's own total.
    MissingAgreement,
    /// The shop deleted the order.
    Deletion,
    /// The order never arrived here.
    MissingOrder,
    /// The shop's copy is newer than ours.
    StaleCopy,
    /// The order differs, and nothing known says why.
    Unexplained,
}

impl Cause {
    pub const ALL: [Self; 9] = [
        Self::Zone,
        Self::TestOrder,
        Self::Currency,
        Self::LateRefund,
        Self::MissingAgreement,
        Self::Deletion,
        Self::MissingOrder,
        Self::StaleCopy,
        Self::Unexplained,
    ];

    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Zone => "zone",
            Self::TestOrder => "test_order",
            Self::Currency => "currency",
            Self::LateRefund => "late_refund",
            Self::MissingAgreement => "missing_agreement",
            Self::Deletion => "deletion",
            Self::MissingOrder => "missing_order",
            Self::StaleCopy => "stale_copy",
            Self::Unexplained => "unexplained",
        }
    }

    /// Whether reading the order again, or removing it when it is proven gone, can make the day agree.
    #[must_use]
    pub const fn is_mendable(self) -> bool {
        matches!(
            self,
            Self::MissingAgreement
                | Self::Deletion
                | Self::MissingOrder
                | Self::StaleCopy
                | Self::Unexplained
        )
    }
}

/// One order that differs on a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    pub cause: Cause,
    pub order: OrderId,
    pub name: String,
    pub ours: Sales,
    pub theirs: Sales,
    /// theirs − ours.
    pub difference: Sales,
    /// Whether we hold a copy, so that there is something to look at.
    pub held: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DayState {
    Agrees,
    /// It differs, and the causes add up to the difference.
    Explained,
    Unexplained,
}

/// What was found about one day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reconciled {
    pub day: NaiveDate,
    pub currency: Currency,
    pub source: Source,
    pub ours: Sales,
    pub theirs: Sales,
    /// theirs − ours.
    pub difference: Sales,
    /// By cause, then by order.
    pub findings: Vec<Finding>,
    /// The difference less the findings that have a cause.
    pub unexplained: Sales,
    pub state: DayState,
}

/// Figures of both sides by day; a day that is not there had no sales.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sides {
    pub ours: BTreeMap<NaiveDate, Sales>,
    pub theirs: BTreeMap<NaiveDate, Sales>,
}

impl Sides {
    fn on(&self, source: Source, day: NaiveDate) -> (Sales, Sales) {
        let of = |side: &BTreeMap<NaiveDate, Sales>| {
            side.get(&day).copied().unwrap_or_else(|| source.nothing())
        };
        (of(&self.ours), of(&self.theirs))
    }

    /// Days of the range on which the sides differ.
    #[must_use]
    pub fn differing(&self, source: Source, range: DayRange) -> Vec<NaiveDate> {
        let differs = |day: &NaiveDate| {
            let (ours, theirs) = self.on(source, *day);
            !theirs.minus(ours).is_none()
        };
        range.days().filter(differs).collect()
    }
}

/// What the comparison looks at beside the sums.
#[derive(Debug, Clone, Copy)]
pub struct Grounds<'a> {
    pub source: Source,
    pub currency: Currency,
    /// All days that differ, beyond the range that is judged too.
    pub differing: &'a [NaiveDate],
    pub orders: &'a BTreeMap<OrderId, OrderEvidence>,
}

/// Judges one day.
#[must_use]
pub fn reconcile(day: NaiveDate, sides: &Sides, grounds: Grounds<'_>) -> Reconciled {
    let source = grounds.source;
    let (ours, theirs) = sides.on(source, day);
    let difference = theirs.minus(ours);
    let mut findings = Vec::new();
    if !difference.is_none() || grounds.differing.contains(&day) {
        findings.extend(
            grounds
                .orders
                .iter()
                .filter_map(|(id, evidence)| evidence.finding(*id, day, grounds)),
        );
    }
    findings.sort_by_key(|f| (f.cause, f.order));
    let explained: Sales = findings
        .iter()
        .filter(|f| f.cause != Cause::Unexplained)
        .map(|f| f.difference)
        .sum();
    let unexplained = difference.minus(explained);
    let state = if difference.is_none() && findings.is_empty() {
        DayState::Agrees
    } else if unexplained.is_none() {
        DayState::Explained
    } else {
        DayState::Unexplained
    };
    Reconciled {
        day,
        currency: grounds.currency,
        source,
        ours,
        theirs,
        difference,
        findings,
        unexplained,
        state,
    }
}
