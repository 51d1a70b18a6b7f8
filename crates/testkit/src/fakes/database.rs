//! One state behind one mutex, so that a save and its rollups, events and counts are seen together or not at all.

use super::leased::WorkRow;
use async_trait::async_trait;
use chrono::{DateTime, NaiveDate, Utc};
use domain::assistant::session::{Conversation, Message, Piece};
use domain::assistant::spend::Spend;
use domain::audit::{Checkpoint, Entry, NewEntry, ORIGIN};
use domain::catalog::{CostBook, CostRecord};
use domain::connection::Connection;
use domain::customer::Customer;
use domain::customers::{CustomerDays, CustomerSettings};
use domain::ids::{
    AssistantMessageId, AssistantSessionId, ConnectionId, CustomerId, InventoryItemId, LetterId,
    LocationId, OrderId, PasskeyId, PayoutId, ProductId, ReconciliationId, RecostId, StoreId,
    StoreScope, SyncId, TokenId, UserId, WorkspaceId,
};
use domain::inputs::{InputKey, InputRecord};
use domain::inventory::{InventoryLevel, Location};
use domain::letter::OwedLetter;
use domain::money::Currency;
use domain::passkey::Passkey;
use domain::payout::Payout;
use domain::people::{ApiToken, Link, User, Workspace};
use domain::prices::PriceRecord;
use domain::privacy::PrivacyRequest;
use domain::reconciliation::ReconciliationRun;
use domain::recost::RecostRun;
use domain::rollup::Rollups;
use domain::second_factor::PendingSignIn;
use domain::store::Store;
use domain::sync::SyncRun;
use ports::accounts::{SecretHash, Session};
use ports::catalog::StoredProduct;
use ports::changes::{Stop, StopScope};
use ports::customers::KeptAnalysis;
use ports::events::{Event, NewEvent};
use ports::idempotency::{RequestKey, StoredAnswer};
use ports::identities::Journey;
use ports::inbox::Delivery;
use ports::marks::{ChangeMarks, Mark};
use ports::orders::StoredOrder;
use ports::passkeys::Ceremony;
use ports::rates::{FeedState, MoneySettings, RateKey, StoredRate};
use ports::reconciliations::CheckedDay;
use ports::secrets::{SealedSecret, SecretName};
use ports::{Kind, PortError, PortResult, Retry};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// All storage ports in memory. Fresh ones are empty; [`crate::Stores::of`] hands out its ports.
#[derive(Default)]
pub struct FakeDatabase {
    state: Mutex<State>,
    /// How often the state was taken, to read or to write.
    taken: AtomicU64,
}

impl FakeDatabase {
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, State> {
        self.taken.fetch_add(1, Ordering::SeqCst);
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl ChangeMarks for FakeDatabase {
    /// More marks than changes: who took the state to read it may have written.
    async fn mark(&self) -> PortResult<Mark> {
        Ok(Mark(self.taken.load(Ordering::SeqCst).to_string()))
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
    pub prices: Vec<PriceRecord>,
    pub locations: BTreeMap<LocationId, (Location, DateTime<Utc>)>,
    pub levels: BTreeMap<(InventoryItemId, LocationId), InventoryLevel>,
    pub customers: BTreeMap<CustomerId, Customer>,
    pub payouts: BTreeMap<PayoutId, (Payout, DateTime<Utc>)>,
    pub inputs: BTreeMap<InputKey, InputRecord>,
    pub revision: i64,
    pub derivation: Option<u32>,
    pub recosts: BTreeMap<RecostId, WorkRow<RecostRun>>,
    pub days: CustomerDays,
    pub days_revision: i64,
    pub settings: Option<CustomerSettings>,
    pub analyses: BTreeMap<Currency, KeptAnalysis>,
    pub forgotten: BTreeSet<CustomerId>,
    pub forgotten_orders: BTreeSet<OrderId>,
    pub merges: BTreeMap<CustomerId, CustomerId>,
}

impl StoreData {
    /// The costs that the store showed, with what was told beside them.
    pub(super) fn book(&self) -> CostBook {
        let mut book = CostBook::new(self.costs.iter().cloned());
        for told in self.inputs.values() {
            book.tell(told.input.clone(), told.origin);
        }
        book
    }
}

pub(super) struct InboxRow {
    pub delivery: Delivery,
    pub attempts: u32,
    pub due_at: DateTime<Utc>,
    pub finished_at: Option<DateTime<Utc>>,
    pub dead: bool,
}

pub(super) struct ConversationRow {
    pub session: Conversation,
    /// With the time from which a question may be taken up, while it waits, and how often it was.
    pub messages: Vec<(Message, Option<DateTime<Utc>>, i64)>,
    pub pieces: Vec<Piece>,
    pub asked_at: usize,
    pub cancelled: Vec<AssistantMessageId>,
}

pub(super) struct RequestRow {
    pub fingerprint: [u8; 32],
    pub first_at: DateTime<Utc>,
    pub claimed_until: DateTime<Utc>,
    pub answer: Option<StoredAnswer>,
}

#[derive(Default)]
pub(super) struct State {
    pub data: BTreeMap<StoreScope, StoreData>,
    pub connections: BTreeMap<ConnectionId, Connection>,
    pub conversations: BTreeMap<AssistantSessionId, ConversationRow>,
    pub wishes: BTreeSet<(AssistantSessionId, AssistantMessageId)>,
    pub spent: BTreeMap<(WorkspaceId, UserId, NaiveDate), Spend>,
    pub stores: BTreeMap<(WorkspaceId, StoreId), Store>,
    pub runs: BTreeMap<SyncId, WorkRow<SyncRun>>,
    pub checkpoints: BTreeMap<(ConnectionId, String), serde_json::Value>,
    pub imports: super::imports::ImportsState,
    pub reconciliations: BTreeMap<ReconciliationId, WorkRow<ReconciliationRun>>,
    pub checked_days: BTreeMap<(StoreScope, NaiveDate), CheckedDay>,
    pub changes: super::change_sets::ChangesState,
    pub notices: super::notices::NoticesState,
    pub stops: BTreeMap<(WorkspaceId, StopScope), Stop>,
    pub agents: super::runs::AgentsState,
    pub forecasts: super::forecasts::ForecastState,
    pub stock: super::stock::StockState,
    pub purchases: super::purchases::PurchaseState,
    pub suppliers: super::suppliers::SupplierState,
    pub analysis: super::analysis::AnalysisState,
    pub support: super::support::SupportState,
    pub opportunities: super::opportunities::OpportunityState,
    pub outreach: super::outreach::OutreachState,
    pub dockets: super::dockets::DocketState,
    pub pictures: super::pictures::PictureState,
    pub ads: super::ads::AdsState,
    pub supplier_accounts: super::supplier_accounts::SupplierAccountState,
    pub supplier_book: super::supplier_book::SupplierBookState,
    pub inbox: BTreeMap<i64, InboxRow>,
    pub traces: BTreeMap<uuid::Uuid, super::traces::Noted>,
    pub last_delivery: i64,
    pub events: Vec<Event>,
    pub last_event: i64,
    pub workspaces: BTreeMap<WorkspaceId, Workspace>,
    pub users: BTreeMap<UserId, (User, String)>,
    pub services: BTreeMap<UserId, String>,
    pub disabled: BTreeMap<UserId, DateTime<Utc>>,
    pub links: BTreeMap<SecretHash, Link>,
    pub audit: BTreeMap<WorkspaceId, Vec<Entry>>,
    pub checkpoints_of_audit: BTreeMap<WorkspaceId, BTreeMap<i64, Checkpoint>>,
    pub requests: BTreeMap<RequestKey, RequestRow>,
    pub settings: BTreeMap<String, String>,
    pub sessions: BTreeMap<SecretHash, Session>,
    pub tokens: BTreeMap<SecretHash, ApiToken>,
    pub token_ids: BTreeSet<TokenId>,
    pub token_uses: BTreeMap<TokenId, DateTime<Utc>>,
    pub factors: BTreeMap<UserId, super::second_factors::FactorRow>,
    pub pending: BTreeMap<SecretHash, PendingSignIn>,
    pub passkeys: BTreeMap<PasskeyId, Passkey>,
    pub ceremonies: BTreeMap<SecretHash, Ceremony>,
    pub letters: BTreeMap<LetterId, (OwedLetter, DateTime<Utc>)>,
    pub identities: BTreeMap<(String, String), UserId>,
    pub journeys: BTreeMap<SecretHash, Journey>,
    pub secrets: BTreeMap<SecretName, SealedSecret>,
    pub secret_uses: BTreeMap<SecretName, DateTime<Utc>>,
    pub key_uses: BTreeMap<String, i64>,
    pub salt: Option<Vec<u8>>,
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

    pub(super) fn record(&mut self, entries: &[NewEntry]) {
        for entry in entries {
            let chain = self.audit.entry(entry.workspace).or_default();
            let (seq, previous) = chain.last().map_or((0, ORIGIN), |e| (e.seq, e.hash));
            chain.push(entry.clone().chained(seq + 1, previous));
        }
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
