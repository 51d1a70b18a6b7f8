//! What suppliers offer: their products with the history of prices.

use crate::{Page, PageRequest, PortResult};
use async_trait::async_trait;
use domain::audit::NewEntry;
use domain::ids::{ImportId, StoreScope, SupplierProductId};
use domain::supplier::{OfferChange, OfferMatch, Platform, PricePoint, SupplierProduct};

/// Filters are joined by *and*.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OfferFilter {
    pub platform: Option<Platform>,
    /// The whole name, without regard to case.
    pub supplier: Option<String>,
    /// Stands in title, SKU or id, without regard to case (ASCII).
    pub text: Option<String>,
}

/// Filters are joined by *and*.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ChangeFilter {
    pub product: Option<SupplierProductId>,
    /// As `domain::supplier::OfferNews::kind`.
    pub kind: Option<String>,
}

#[async_trait]
pub trait SupplierCatalog: Send + Sync {
    /// Those of the ids that are there, by id.
    async fn offers(
        &self,
        scope: StoreScope,
        ids: &[SupplierProductId],
    ) -> PortResult<Vec<SupplierProduct>>;
    /// Sets products whole and adds to the history and to what changed, in one transaction. A price of the same variant and import, and a
    /// change of the same id, is set again.
    async fn save_offers(
        &self,
        scope: StoreScope,
        products: &[SupplierProduct],
        prices: &[PricePoint],
        changes: &[OfferChange],
    ) -> PortResult<()>;
    /// Puts products back, takes others away with their history, and forgets every price and change that the import told, in one transaction.
    async fn take_back_offers(
        &self,
        scope: StoreScope,
        import: ImportId,
        back: &[SupplierProduct],
        gone: &[SupplierProductId],
    ) -> PortResult<()>;
    /// By id; every one is on exactly one page.
    async fn list_offers(
        &self,
        scope: StoreScope,
        filter: &OfferFilter,
        page: &PageRequest,
    ) -> PortResult<Page<SupplierProduct>>;
    /// What changed, the newest first; of one product when given.
    async fn offer_changes(
        &self,
        scope: StoreScope,
        filter: &ChangeFilter,
        page: &PageRequest,
    ) -> PortResult<Page<OfferChange>>;
    /// The newest first, and then by variant.
    async fn offer_prices(
        &self,
        scope: StoreScope,
        product: SupplierProductId,
    ) -> PortResult<Vec<PricePoint>>;
    /// What people say of pairs of products, by pair.
    async fn offer_matches(&self, scope: StoreScope) -> PortResult<Vec<OfferMatch>>;
    /// The last word on each pair; `Verdict::Open` takes away what was said before. With the audit's entry, or neither.
    async fn set_offer_matches(
        &self,
        scope: StoreScope,
        matches: &[OfferMatch],
        entry: &NewEntry,
    ) -> PortResult<()>;
}
