//! Reading the rollups.

use crate::PortResult;
use async_trait::async_trait;
use chrono::NaiveDate;
use domain::calendar::DayRange;
use domain::ids::StoreScope;
use domain::money::Currency;
use domain::rollup::{Dimension, Measures, Rollups};
use std::collections::BTreeMap;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DayRow {
    pub day: NaiveDate,
    pub measures: Measures,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyRow {
    pub key: String,
    pub measures: Measures,
}

/// What one key brought on one day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DayKeyRow {
    pub day: NaiveDate,
    pub key: String,
    pub measures: Measures,
}

#[async_trait]
pub trait ReportStore: Send + Sync {
    /// One row for each day of the range that has entries, oldest first, of one key of one dimension (`Total` has the key "").
    async fn by_day(
        &self,
        scope: StoreScope,
        currency: Currency,
        range: DayRange,
        dimension: Dimension,
        key: &str,
    ) -> PortResult<Vec<DayRow>>;

    /// Sums over the range for each key of the dimension, in ascending key. The rows add up to the total of the range.
    async fn by_key(
        &self,
        scope: StoreScope,
        currency: Currency,
        range: DayRange,
        dimension: Dimension,
    ) -> PortResult<Vec<KeyRow>>;

    /// One row for each day and key of the dimension that has entries, by day and key: what [`ReportStore::by_key`] adds up.
    async fn by_day_and_key(
        &self,
        scope: StoreScope,
        currency: Currency,
        range: DayRange,
        dimension: Dimension,
    ) -> PortResult<Vec<DayKeyRow>>;

    /// Names of keys of `Product` and `Variant`: from the catalogue, else from the latest order line that sold it; unknown keys are left out.
    /// A variant is named `Product title · Variant title` (the product's title alone when the variant has
    /// none or only the default one, `Default Title`).
    async fn labels(
        &self,
        scope: StoreScope,
        dimension: Dimension,
        keys: &[String],
    ) -> PortResult<BTreeMap<String, String>>;

    /// Orders that count in another currency than the given one, by currency: the store changed its currency since.
    async fn other_currencies(
        &self,
        scope: StoreScope,
        currency: Currency,
    ) -> PortResult<BTreeMap<String, i64>>;

    /// Everything that is stored, for the proof that it equals a recomputation.
    async fn all(&self, scope: StoreScope) -> PortResult<Rollups>;

    /// Replaces all rollups of the store in one transaction (a repair, after a proof that failed).
    async fn replace_all(&self, scope: StoreScope, rollups: &Rollups) -> PortResult<()>;
}
