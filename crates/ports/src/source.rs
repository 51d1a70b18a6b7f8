//! Where a store's facts come from. Named after our need: any sales channel can stand behind it.

use crate::PortResult;
use crate::oracle::SalesOracle;
use crate::writer::StoreWriter;
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::catalog::Product;
use domain::connection::{AuthKind, Provider, Scopes, WebhookState};
use domain::customer::Customer;
use domain::ids::{CustomerId, OrderId, ProductId, VariantId};
use domain::inventory::{InventoryLevel, Location};
use domain::money::Currency;
use domain::order::Order;
use domain::outreach::{Checkout, Contact};
use domain::payout::Payout;
use domain::privacy::PrivacyKind;
use domain::sync::{FactKind, SyncWarning};
use futures::stream::BoxStream;
use secrecy::SecretString;
use std::collections::BTreeMap;
use std::sync::Arc;

/// One thing that the provider told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fact {
    Order(Box<Order>),
    Product(Box<Product>),
    Customer(Customer),
    Location(Location),
    Level(InventoryLevel),
    Payout(Payout),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum FactRef {
    Order(OrderId),
    Product(ProductId),
    Customer(CustomerId),
}

/// Who answers under the credentials.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceIdentity {
    pub name: String,
    /// The permanent domain that the provider itself names.
    pub domain: String,
    pub currency: Currency,
    pub timezone: String,
    pub scopes: Scopes,
    /// The version that answered; compared with the one asked for.
    pub api_version: String,
    pub is_sandbox: bool,
    pub warnings: Vec<SyncWarning>,
}

/// How many there are, by the provider's own count; `None` where it does not tell.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SourceTotals {
    pub orders: Option<u64>,
    pub products: Option<u64>,
    pub customers: Option<u64>,
    /// When the oldest order was created.
    pub oldest_order: Option<DateTime<Utc>>,
}

/// A variant that has no stock of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceBundle {
    pub variant: VariantId,
    /// Units of each component in one bundle; `None`: there are more than are read.
    pub components: Option<BTreeMap<VariantId, i64>>,
}

/// What to read; orders by the time at which they were created, `from` inclusive, `until` exclusive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExportRequest {
    pub kind: FactKind,
    pub from: Option<DateTime<Utc>>,
    pub until: Option<DateTime<Utc>>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ExportItem {
    /// Keep this: given back to [`StoreSource::export`] it goes on with the same export after a crash.
    Token(String),
    /// Records that the provider has prepared so far, before the first fact arrives.
    Preparing {
        records: u64,
    },
    Fact(Fact),
    Warning(SyncWarning),
    /// The last item of a complete export: everything the provider counted was delivered.
    End {
        facts: u64,
    },
}

/// A place in the stream of changes.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct ChangeCursor {
    /// Everything updated at or after this is still to be read.
    pub since: DateTime<Utc>,
    /// Opaque place inside the window.
    pub page: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ChangePage {
    pub facts: Vec<Fact>,
    pub deleted: Vec<FactRef>,
    pub warnings: Vec<SyncWarning>,
    /// `None`: the window is read to its end.
    pub next: Option<ChangeCursor>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fetched {
    Found(Fact),
    /// The provider does not know it any more.
    Gone(FactRef),
}

/// What a verified webhook says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notification {
    pub topic: String,
    pub shop_domain: Option<String>,
    pub delivery_id: Option<String>,
    /// Equal for the same content of the same topic, whatever the headers say.
    pub dedupe_key: String,
    pub triggered_at: Option<DateTime<Utc>>,
    pub meaning: NotificationMeaning,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotificationMeaning {
    /// Read these again.
    Changed(Vec<FactRef>),
    Deleted(Vec<FactRef>),
    /// One customer became another; `gone` is not known any more.
    Merged {
        gone: CustomerId,
        kept: CustomerId,
    },
    /// Somebody asks about personal data.
    Privacy(PrivacyNotice),
    /// Shop settings, scopes or locations changed: probe the connection again.
    ShopChanged,
    /// The app was removed: the credentials are dead.
    Uninstalled,
    /// A topic that this version does not use.
    Ignored,
}

/// Free of personal data: whom it is about is a number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrivacyNotice {
    pub kind: PrivacyKind,
    /// Equal for the same request.
    pub key: String,
    pub customer: Option<CustomerId>,
    /// Orders that it names.
    pub orders: Vec<OrderId>,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotificationRefusal {
    #[error("the signature does not match any of the secrets")]
    BadSignature,
    #[error("the webhook has no signature")]
    NoSignature,
    #[error("the body of the webhook cannot be read: {0}")]
    Unreadable(String),
}

#[async_trait]
pub trait StoreSource: SalesOracle {
    /// Who answers, what is granted. Refused credentials are `Unauthorized`, a shop that does not exist `Configuration`.
    async fn identify(&self) -> PortResult<SourceIdentity>;

    async fn totals(&self) -> PortResult<SourceTotals>;

    /// Streams every fact of a kind in constant memory, however the provider orders its records. Ends with [`ExportItem::End`] or with an error;
    /// a stream that just stops never happens. With a token of an earlier, interrupted export it goes on with that one, and may repeat facts.
    /// A kind that is not granted is `Forbidden`.
    fn export(
        &self,
        request: ExportRequest,
        token: Option<String>,
    ) -> BoxStream<'_, PortResult<ExportItem>>;

    /// Gives up an export: the provider stops working on it.
    async fn abandon(&self, token: &str) -> PortResult<()>;

    /// One page of what changed since; facts may repeat.
    async fn changes(&self, kind: FactKind, cursor: &ChangeCursor) -> PortResult<ChangePage>;

    /// Reads things by id, each answered once.
    async fn fetch(&self, refs: &[FactRef]) -> PortResult<Vec<Fetched>>;

    /// What is put together from other variants when it is sold, as the provider has it now. A bundle with more parts than are read at once is told
    /// as such, and without them.
    async fn bundles(&self) -> PortResult<Vec<SourceBundle>>;

    /// How people can be reached, with what they agreed to, as the provider tells it now; who is gone is left out. Personal data: whoever
    /// asks keeps none of it. `Forbidden` where it is not granted.
    async fn contacts(&self, people: &[CustomerId]) -> PortResult<Vec<Contact>>;

    /// Checkouts with which something was done since, as far as the provider tells them. `Forbidden` where it is not granted.
    async fn checkouts(&self, since: DateTime<Utc>) -> PortResult<Vec<Checkout>>;

    /// Makes the provider's webhooks arrive at `callback`; subscriptions that are missing are created, foreign ones are left alone.
    async fn subscribe(&self, callback: &str) -> PortResult<WebhookState>;
}

/// Reading webhooks needs no connection, only secrets.
pub trait NotificationReader: Send + Sync {
    /// Headers in any case. Any of the secrets may have signed.
    fn read(
        &self,
        secrets: &[SecretString],
        headers: &[(String, String)],
        body: &[u8],
    ) -> Result<Notification, NotificationRefusal>;

    /// What a stored, already verified delivery means.
    fn reread(&self, topic: &str, body: &[u8]) -> Result<NotificationMeaning, NotificationRefusal>;

    /// The body with nothing left but the numbers by which [`NotificationReader::reread`] answers the same: only that is stored.
    fn reduce(&self, topic: &str, body: &[u8]) -> Vec<u8>;
}

/// Credentials as a person or the environment gives them.
#[derive(Debug, Clone)]
pub enum SourceAuth {
    AccessToken(SecretString),
    ClientCredentials {
        client_id: String,
        client_secret: SecretString,
    },
}

impl SourceAuth {
    #[must_use]
    pub const fn kind(&self) -> AuthKind {
        match self {
            Self::AccessToken(_) => AuthKind::AccessToken,
            Self::ClientCredentials { .. } => AuthKind::ClientCredentials,
        }
    }
}

#[derive(Debug, Clone)]
pub struct SourceSettings {
    pub provider: Provider,
    /// As a person wrote it: a name, a domain, a URL.
    pub shop: String,
    /// `None`: the provider's own host.
    pub base_url: Option<String>,
    /// `None`: the version that this release was made for.
    pub api_version: Option<String>,
    pub auth: SourceAuth,
    /// Distinguishes breakers and limits of accounts.
    pub account: String,
}

/// What an account may still ask of its provider, in the provider's points, by its last answer and what came back since.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Budget {
    /// Negative while calls under way are dearer than what is left.
    pub free: f64,
    pub most: f64,
    pub per_second: f64,
}

/// State of the ways to a provider, for health.
#[derive(Debug, Clone, PartialEq)]
pub struct LinkState {
    pub provider: String,
    pub account: String,
    pub effect: &'static str,
    /// `closed`, `open`, `half_open`, `forced_open`, `disabled`.
    pub breaker: &'static str,
    pub open_for_ms: Option<u64>,
    pub last_success_at: Option<DateTime<Utc>>,
    pub last_failure_at: Option<DateTime<Utc>>,
    pub last_failure: Option<String>,
    /// The same for all ways of an account; `None` until the provider told of one.
    pub budget: Option<Budget>,
    /// The provider asked for quiet until then.
    pub paused_until: Option<DateTime<Utc>>,
}

/// Makes sources for connections.
pub trait StoreSources: Send + Sync {
    /// Checks the settings without calling anybody: a shop name that cannot be one is `Configuration`.
    fn open(&self, settings: SourceSettings) -> PortResult<Arc<dyn StoreSource>>;
    /// The way to change that shop; checks the settings as [`Self::open`] does.
    fn writer(&self, settings: &SourceSettings) -> PortResult<Arc<dyn StoreWriter>>;
    /// The shop's canonical domain and base URL for what a person wrote.
    fn resolve(&self, shop: &str, base_url: Option<&str>) -> PortResult<(String, String)>;
    fn reader(&self) -> Arc<dyn NotificationReader>;
    fn links(&self) -> Vec<LinkState>;
    fn default_api_version(&self) -> &'static str;
}
