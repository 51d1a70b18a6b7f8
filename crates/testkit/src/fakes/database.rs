//! One state behind one mutex, so that a save and its rollups, events and counts are seen together or not at all.

use chrono::{DateTime, Utc};
use domain::catalog::CostRecord;
use domain::connection::Connection;
use domain::customer::Customer;
use domain::customers::{CustomerDays, CustomerSettings};
use domain::ids::{
    ConnectionId, CustomerId, InventoryItemId, LocationId, OrderId, PayoutId, ProductId, StoreId,
    StoreScope, SyncId, TokenId, UserId, WorkspaceId,
};
use domain::inventory::{InventoryLevel, Location};
use domain::money::Currency;
use domain::payout::Payout;
use domain::people::{ApiToken, User, Workspace};
use domain::privacy::PrivacyRequest;
use domain::rollup::Rollups;
use domain::store::Store;
use domain::sync::SyncRun;
use ports::accounts::{SecretHash, Session};
use ports::catalog::StoredProduct;
use ports::customers::KeptAnalysis;
use ports::events::{Event, NewEvent};
use ports::inbox::Delivery;
use ports::orders::StoredOrder;
use ports::rates::{FeedState, MoneySettings, RateKey, StoredRate};
use ports::secrets::{SealedSecret, SecretName};
use ports::{Kind, PortError, Retry};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// All storage ports in memory. Fresh ones are empty; [`crate::Stores::of`] hands out its ports.
#[derive(Default)]
pub struct FakeDatabase {
    state: Mutex<State>,
}

impl FakeDatabase {
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The facts of one store.
#[derive(Default)]
pub(super) struct StoreData {
    pub orders: BTreeMap<OrderId, StoredOrder>,
    pub deleted_orders: BTreeMap<OrderId, DateTime<Utc>>,
    pub rollups: Rollups,
    pub products: BTreeMap<ProductId, StoredProduct>,
    pub deleted_products: BTreeMap<ProductId, DateTime<Utc>>,
    pub costs: Vec<CostRecord>,
    pub locations: BTreeMap<LocationId, (Location, DateTime<Utc>)>,
    pub levels: BTreeMap<(InventoryItemId, LocationId), InventoryLevel>,
    pub customers: BTreeMap<CustomerId, Customer>,
    pub payouts: BTreeMap<PayoutId, (Payout, DateTime<Utc>)>,
    pub days: CustomerDays,
    pub revision: i64,
    pub settings: Option<CustomerSettings>,
    pub analyses: BTreeMap<Currency, KeptAnalysis>,
    pub forgotten: BTreeSet<CustomerId>,
    pub forgotten_orders: BTreeSet<OrderId>,
    pub merges: BTreeMap<CustomerId, CustomerId>,
}

pub(super) struct RunRow {
    pub run: SyncRun,
    pub fence: i64,
    pub leased_until: Option<DateTime<Utc>>,
}

pub(super) struct InboxRow {
    pub delivery: Delivery,
    pub attempts: u32,
    pub due_at: DateTime<Utc>,
    pub finished_at: Option<DateTime<Utc>>,
    pub dead: bool,
}

#[derive(Default)]
pub(super) struct State {
    pub data: BTreeMap<StoreScope, StoreData>,
    pub connections: BTreeMap<ConnectionId, Connection>,
    pub stores: BTreeMap<(WorkspaceId, StoreId), Store>,
    pub runs: BTreeMap<SyncId, RunRow>,
    pub checkpoints: BTreeMap<(ConnectionId, String), serde_json::Value>,
    pub imports: super::imports::ImportsState,
    pub inbox: BTreeMap<i64, InboxRow>,
    pub last_delivery: i64,
    pub events: Vec<Event>,
    pub last_event: i64,
    pub workspaces: BTreeMap<WorkspaceId, Workspace>,
    pub users: BTreeMap<UserId, (User, String)>,
    pub settings: BTreeMap<String, String>,
    pub sessions: BTreeMap<SecretHash, Session>,
    pub tokens: BTreeMap<SecretHash, ApiToken>,
    pub token_ids: BTreeSet<TokenId>,
    pub secrets: BTreeMap<SecretName, SealedSecret>,
    pub canaries: BTreeMap<String, Vec<u8>>,
    pub rates: BTreeMap<(WorkspaceId, RateKey), StoredRate>,
    pub money_settings: BTreeMap<WorkspaceId, MoneySettings>,
    pub feeds: BTreeMap<WorkspaceId, FeedState>,
    pub privacy: Vec<PrivacyRequest>,
}

impl State {
    pub(super) fn store(&mut self, scope: StoreScope) -> &mut StoreData {
        self.data.entry(scope).or_default()
    }

    pub(super) fn emit(&mut self, event: impl IntoIterator<Item = NewEvent>) {
        for event in event {
            self.last_event += 1;
            self.events.push(Event {
                seq: self.last_event,
                event,
            });
        }
    }
}

pub(super) fn refuse(kind: Kind, operation: &'static str, detail: impl Into<String>) -> PortError {
    PortError::new(kind, Retry::Never, "fake", operation, detail)
}
