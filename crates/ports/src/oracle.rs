//! The provider's own figures, against which ours are held.

use crate::PortResult;
use async_trait::async_trait;
use chrono::{DateTime, NaiveDate, Utc};
use domain::calendar::DayRange;
use domain::ids::OrderId;
use domain::money::Currency;
use domain::reconciliation::{Head, Presence, Sales};
use std::collections::BTreeMap;

/// One page of orders without their lines.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HeadPage {
    pub heads: Vec<Head>,
    pub next: Option<String>,
}

#[async_trait]
pub trait SalesOracle: Send + Sync {
    /// The provider's own sales report by the shop's days. `Forbidden` where it is not granted, `Unsupported` where there is none.
    async fn sales_by_day(
        &self,
        range: DayRange,
        currency: Currency,
    ) -> PortResult<BTreeMap<NaiveDate, Sales>>;

    /// The same report for one day, by order.
    async fn sales_by_order(
        &self,
        day: NaiveDate,
        currency: Currency,
    ) -> PortResult<BTreeMap<OrderId, Sales>>;

    /// Orders whose sale happened from `from` inclusive until `until` exclusive, as they are now. Deleted ones are not among them.
    async fn heads(
        &self,
        from: DateTime<Utc>,
        until: DateTime<Utc>,
        page: Option<&str>,
    ) -> PortResult<HeadPage>;

    /// Looks orders up by id, each answered once; `Gone` only where it is proven.
    async fn look_up(&self, ids: &[OrderId]) -> PortResult<BTreeMap<OrderId, Presence>>;
}
