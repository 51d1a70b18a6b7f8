//! Facts beside orders and products: locations, stock, customers, payouts.

use crate::PortResult;
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::customer::Customer;
use domain::ids::{CustomerId, InventoryItemId, StoreScope};
use domain::inventory::{InventoryLevel, Location};
use domain::payout::Payout;
use domain::sync::FactKind;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FactCount {
    pub kind: FactKind,
    pub count: u64,
    /// The provider's newest `updated_at` (issue date for payouts).
    pub newest_at: Option<DateTime<Utc>>,
}

/// Each `save_…` replaces rows that are older or equal in time and leaves newer ones; the same batch twice is the same as once.
#[async_trait]
pub trait StoreFacts: Send + Sync {
    async fn save_locations(
        &self,
        scope: StoreScope,
        batch: &[Location],
        observed_at: DateTime<Utc>,
    ) -> PortResult<()>;
    async fn save_levels(
        &self,
        scope: StoreScope,
        batch: &[InventoryLevel],
        observed_at: DateTime<Utc>,
    ) -> PortResult<()>;
    /// Customers who are forgotten, or became others ([`crate::privacy::PrivacyStore`]), are left out.
    async fn save_customers(
        &self,
        scope: StoreScope,
        batch: &[Customer],
        observed_at: DateTime<Utc>,
    ) -> PortResult<()>;
    /// The provider does not know them any more; what they bought stays.
    async fn remove_customers(&self, scope: StoreScope, ids: &[CustomerId]) -> PortResult<()>;
    async fn save_payouts(
        &self,
        scope: StoreScope,
        batch: &[Payout],
        observed_at: DateTime<Utc>,
    ) -> PortResult<()>;
    async fn customer(&self, scope: StoreScope, id: CustomerId) -> PortResult<Option<Customer>>;
    /// Whether any customer has a name or a mail address; `None` when there are no customers.
    async fn has_named_customer(&self, scope: StoreScope) -> PortResult<Option<bool>>;
    async fn levels(
        &self,
        scope: StoreScope,
        items: &[InventoryItemId],
    ) -> PortResult<Vec<InventoryLevel>>;
    /// One row for each of `Locations, Products, Orders, Inventory, Customers, Payouts`, zeros included; deleted ones do not count.
    async fn counts(&self, scope: StoreScope) -> PortResult<Vec<FactCount>>;
}
