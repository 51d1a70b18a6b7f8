//! What people, files and suppliers tell beside the store's own facts: inputs of profit, changed together and taken back together.

use crate::{Page, PageRequest, PortResult};
use async_trait::async_trait;
use chrono::NaiveDate;
use domain::audit::NewEntry;
use domain::calendar::DayRange;
use domain::ids::{OrderId, StoreScope};
use domain::inputs::{InputChange, InputKey, InputKind, InputRecord, OrderInputs};
use domain::money::Currency;
use domain::recost::RecostRun;
use std::collections::BTreeMap;

/// What to do with a change whose expectation does not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum OnMismatch {
    /// Nothing of the whole list is written: `Conflict`.
    #[default]
    Refuse,
    /// It is left out, the others are made.
    Skip,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Applied {
    /// The revision of all rows that were written.
    pub revision: i64,
    /// The changes that bring back what stood there, one for each row that was touched.
    pub inverse: Vec<InputChange>,
    /// Keys whose expectation did not hold.
    pub skipped: Vec<InputKey>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InputQuery {
    pub kind: InputKind,
    /// Only those of a variant or an order.
    pub subject: Option<i64>,
    /// Only those of these days (ad spend), or that begin on them (fixed costs).
    pub days: Option<DayRange>,
    /// By key the other way round: the newest day first.
    pub descending: bool,
}

impl InputQuery {
    #[must_use]
    pub const fn of(kind: InputKind) -> Self {
        Self {
            kind,
            subject: None,
            days: None,
            descending: false,
        }
    }
}

/// Ad spend of one day in one currency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SpendRow {
    pub day: NaiveDate,
    pub currency: Currency,
    /// Minor units.
    pub amount: i64,
}

#[async_trait]
pub trait InputStore: Send + Sync {
    /// Makes all changes in their order and in one transaction, or none, and opens the run that books the orders again with them.
    ///
    /// * Answers the inverse: applying it restores exactly what stood there, with its origins.
    /// * A change whose expectation does not hold refuses the whole list with `Conflict`, or is left out.
    /// * The run knows the inverse, so that it can be cancelled ([`RecostRun::taken_back_by`]).
    /// * The audit's entry about it is stored with it, or neither is.
    /// * The revision grows with every call, also over rows that were taken away.
    /// * The [`domain::catalog::CostBook`] of the store tells the changes at once.
    async fn apply(
        &self,
        scope: StoreScope,
        changes: &[InputChange],
        on_mismatch: OnMismatch,
        run: Option<&RecostRun>,
        entry: Option<&NewEntry>,
    ) -> PortResult<Applied>;

    /// The last revision that was given; 0 before the first.
    async fn revision(&self, scope: StoreScope) -> PortResult<i64>;

    async fn find(&self, scope: StoreScope, key: &InputKey) -> PortResult<Option<InputRecord>>;

    /// Every matching row is on exactly one page, by key.
    async fn list(
        &self,
        scope: StoreScope,
        query: &InputQuery,
        page: &PageRequest,
    ) -> PortResult<Page<InputRecord>>;

    /// All of one kind, in ascending key.
    async fn all(&self, scope: StoreScope, kind: InputKind) -> PortResult<Vec<InputRecord>>;

    /// What is told of these orders; orders of which nothing is told are left out.
    async fn of_orders(
        &self,
        scope: StoreScope,
        orders: &[OrderId],
    ) -> PortResult<BTreeMap<OrderId, OrderInputs>>;

    /// Ad spend by day and currency, oldest first; days without a told spend are left out, told zeros are not.
    /// What accounts at platforms tell of a channel's day stands for what people and files told of the same channel and day.
    async fn spend_by_day(&self, scope: StoreScope, range: DayRange) -> PortResult<Vec<SpendRow>>;
}
