//! Suppliers that are worked with by their interface: what they offer, and what sending it costs.
//!
//! What a supplier cannot do stands in `domain::supplier::SupplierAccount::ability`: whoever asks looks there first, and each method here answers
//! `Unsupported` for it, never something made up. What can be asked of a supplier is limited by its own quota: a call beyond it is
//! `RateLimited` and nothing is asked until the supplier's time is over.

use crate::PortResult;
use crate::supplier_orders::SupplierOrders;
use async_trait::async_trait;
use domain::ids::{SupplierAccountId, WorkspaceId};
use domain::supplier::{
    Design, FoundPage, Offered, Platform, Quota, QuoteFor, RestContract, RestSample, RestTrial,
    Search, ShipQuote, SupplierIdentity, SupplierNotice, Tracked, VariantShelves,
};
use secrecy::SecretString;
use std::sync::Arc;

/// The way to one account.
#[derive(Debug, Clone)]
pub struct SupplierSettings {
    pub platform: Platform,
    pub account: SupplierAccountId,
    pub workspace: WorkspaceId,
    /// `None`: the platform's own host.
    pub base_url: Option<String>,
    /// Exchanged for tokens once; the tokens are kept sealed beside it.
    pub api_key: SecretString,
    /// As the supplier told it; `None`: the least that any account has.
    pub per_second: Option<u32>,
    pub purpose: Purpose,
    /// What is printed on things that are made to order.
    pub designs: Vec<Design>,
    /// In place of the platform's interface; sound.
    pub rest: Option<RestContract>,
}

/// What the calls are for. A catalogue leaves a part of the quota to orders.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    Catalogue,
    Orders,
}

#[async_trait]
pub trait SupplierSource: Send + Sync {
    /// Who answers. `Unauthorized`: somebody has to enter a new key.
    async fn identify(&self) -> PortResult<SupplierIdentity>;

    /// One page of what is found. Each product on it stands there once; a page behind the last one is empty.
    async fn search(&self, search: &Search) -> PortResult<FoundPage>;

    /// The product with all its variants; `None` where the supplier knows it no more. What cannot be read of it is told in `unread`, and
    /// stays absent.
    async fn product(&self, external_id: &str) -> PortResult<Option<Offered>>;

    /// What lies where of each variant of a product; a variant that is not named has no shelf. What the supplier has not counted itself is
    /// unknown, whatever number stands beside it. `None` where it knows the product no more.
    async fn stock(&self, external_id: &str) -> PortResult<Option<Vec<VariantShelves>>>;

    /// Every way of sending; none: it cannot be sent there.
    async fn quotes(&self, of: &QuoteFor) -> PortResult<Vec<ShipQuote>>;

    /// Has the supplier send its messages to this address from now on. Asked again for the same address nothing changes. A supplier that
    /// sends none answers `Unsupported`.
    async fn listen(&self, address: &str) -> PortResult<()>;

    /// What a message says that claims to be from the supplier; `Unauthorized` where it is not signed by it. It only names what has to be
    /// read again: nothing that stands in it is believed.
    async fn notice(&self, signature: Option<&str>, body: &[u8]) -> PortResult<SupplierNotice>;

    /// Where a parcel is; `None` where the supplier knows no such number.
    async fn track(&self, number: &str) -> PortResult<Option<Tracked>>;

    /// As it was told last; `None` before the first answer that told it.
    fn quota(&self) -> Option<Quota>;
}

/// Both sides of one account.
#[derive(Clone)]
pub struct SupplierAccess {
    pub source: Arc<dyn SupplierSource>,
    pub orders: Arc<dyn SupplierOrders>,
}

/// A login that was begun at a supplier without keys to enter.
#[derive(Debug, Clone)]
pub struct LoginBegun {
    /// Where the person goes.
    pub address: String,
    /// Kept sealed until they are back.
    pub kept: SecretString,
}

#[async_trait]
pub trait SupplierPlatforms: Send + Sync {
    /// `Unsupported` for a platform whose keys are entered.
    async fn begin_login(
        &self,
        platform: Platform,
        base_url: Option<&str>,
    ) -> PortResult<LoginBegun>;

    /// What the login gave, to be kept as the key of the account; `came_to` is the address at which the person's browser ended.
    /// `Unauthorized`: it is of another login, or does not hold any more.
    async fn finish_login(
        &self,
        platform: Platform,
        kept: &SecretString,
        came_to: &str,
    ) -> PortResult<SecretString>;

    /// # Errors
    /// `Configuration` when an address or a key cannot be right; `Unsupported` for a platform without an interface.
    fn open(&self, settings: &SupplierSettings) -> PortResult<SupplierAccess>;

    /// Makes one real question by the contract of `settings`, and tells field by field what was read of the first product. Nothing is kept of
    /// it. What stops it on the way is told in it, but a key that is refused (`Unauthorized`) and an address that may not be called
    /// (`Configuration`).
    async fn try_contract(
        &self,
        settings: &SupplierSettings,
        sample: &RestSample,
    ) -> PortResult<RestTrial>;

    /// The address of a contract of one's own, from the settings; `None` where none is named.
    fn contract_base(&self, platform: Platform) -> Option<String>;

    /// The platform's address, from the settings; `None` for one without an interface.
    fn default_base(&self, platform: Platform) -> Option<String>;
}
