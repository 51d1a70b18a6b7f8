//! What suppliers offer.

use super::database::FakeDatabase;
use super::paging;
use async_trait::async_trait;
use domain::audit::NewEntry;
use domain::ids::{ImportId, StoreScope, SupplierProductId};
use domain::supplier::{OfferChange, OfferMatch, OfferPair, PricePoint, SupplierProduct, Verdict};
use ports::suppliers::{ChangeFilter, OfferFilter, SupplierCatalog};
use ports::{Page, PageRequest, PortResult};
use std::collections::BTreeMap;
use uuid::Uuid;

/// With who told it.
type PriceKey = (SupplierProductId, String, String);

#[derive(Default)]
pub(super) struct SupplierState {
    products: BTreeMap<(StoreScope, SupplierProductId), SupplierProduct>,
    prices: BTreeMap<(StoreScope, PriceKey), PricePoint>,
    changes: BTreeMap<(StoreScope, Uuid), OfferChange>,
    matches: BTreeMap<(StoreScope, OfferPair), OfferMatch>,
}

impl SupplierState {
    pub(super) fn purge(&mut self, scope: StoreScope) {
        self.products.retain(|(of, _), _| *of != scope);
        self.prices.retain(|(of, _), _| *of != scope);
        self.changes.retain(|(of, _), _| *of != scope);
        self.matches.retain(|(of, _), _| *of != scope);
    }

    /// Where the picture of a product is.
    pub(super) fn picture_of(&self, key: (StoreScope, SupplierProductId)) -> Option<String> {
        self.products.get(&key)?.image.clone()
    }

    /// Products with a picture, by id.
    pub(super) fn pictured(&self, scope: StoreScope) -> Vec<(SupplierProductId, String)> {
        let mine = self.products.iter().filter(|((of, _), _)| *of == scope);
        mine.filter_map(|((_, id), product)| Some((*id, product.image.clone()?)))
            .collect()
    }
}

fn matches(product: &SupplierProduct, filter: &OfferFilter) -> bool {
    let name = |name: Option<&str>| name.unwrap_or_default().trim().to_lowercase();
    let supplier = filter.supplier.as_deref();
    let texts = [&product.title, &product.external_id];
    let skus = product.variants.iter().map(|v| &v.sku);
    let mut texts = texts.into_iter().chain(skus).flatten();
    let text = filter.text.as_deref().map(str::trim);
    let text = text.filter(|t| !t.is_empty()).map(str::to_ascii_lowercase);
    filter.platform.is_none_or(|p| product.platform == p)
        && supplier.is_none_or(|s| name(product.supplier.as_deref()) == name(Some(s)))
        && text.is_none_or(|text| texts.any(|t| t.to_ascii_lowercase().contains(&text)))
}

#[async_trait]
impl SupplierCatalog for FakeDatabase {
    async fn offers(
        &self,
        scope: StoreScope,
        ids: &[SupplierProductId],
    ) -> PortResult<Vec<SupplierProduct>> {
        let state = self.lock();
        let all = state.suppliers.products.iter();
        let mine = all.filter(|((of, id), _)| *of == scope && ids.contains(id));
        Ok(mine.map(|(_, product)| product.clone()).collect())
    }

    async fn save_offers(
        &self,
        scope: StoreScope,
        products: &[SupplierProduct],
        prices: &[PricePoint],
        changes: &[OfferChange],
    ) -> PortResult<()> {
        let mut state = self.lock();
        let own = &mut state.suppliers;
        let saved = products.iter().map(|p| ((scope, p.id), p.clone()));
        own.products.extend(saved);
        for point in prices {
            let key = (point.product, point.variant.clone(), point.heard.by.id());
            own.prices.insert((scope, key), point.clone());
        }
        let changed = changes.iter().map(|c| ((scope, c.id()), c.clone()));
        own.changes.extend(changed);
        Ok(())
    }

    async fn take_back_offers(
        &self,
        scope: StoreScope,
        import: ImportId,
        back: &[SupplierProduct],
        gone: &[SupplierProductId],
    ) -> PortResult<()> {
        let mut state = self.lock();
        let own = &mut state.suppliers;
        own.prices.retain(|(of, (product, _, told_by)), _| {
            *of != scope || (*told_by != import.to_string() && !gone.contains(product))
        });
        own.changes.retain(|(of, _), change| {
            let told_by = change.heard.by.id();
            *of != scope || (told_by != import.to_string() && !gone.contains(&change.product))
        });
        own.products
            .retain(|(of, id), _| *of != scope || !gone.contains(id));
        let saved = back.iter().map(|p| ((scope, p.id), p.clone()));
        own.products.extend(saved);
        state.pictures.forget(scope, gone);
        Ok(())
    }

    async fn list_offers(
        &self,
        scope: StoreScope,
        filter: &OfferFilter,
        page: &PageRequest,
    ) -> PortResult<Page<SupplierProduct>> {
        let state = self.lock();
        let all = state.suppliers.products.iter();
        let mine = all.filter(|((of, _), product)| *of == scope && matches(product, filter));
        let rows = mine.map(|((_, id), product)| (*id, product.clone()));
        let list = format!("offers {scope:?} {filter:?}");
        paging::page(&list, "offers.list", rows.collect(), page)
    }

    async fn offer_changes(
        &self,
        scope: StoreScope,
        filter: &ChangeFilter,
        page: &PageRequest,
    ) -> PortResult<Page<OfferChange>> {
        let state = self.lock();
        let all = state.suppliers.changes.iter();
        let mine = all.filter(|((of, _), change)| {
            let kind = filter.kind.as_deref();
            *of == scope
                && filter.product.is_none_or(|p| change.product == p)
                && kind.is_none_or(|k| change.news.kind() == k)
        });
        let rows = mine.map(|((_, id), change)| {
            let newest = !change.heard.observed_at.timestamp_micros();
            ((newest, *id), change.clone())
        });
        let list = format!("changes {scope:?} {filter:?}");
        paging::page(&list, "offers.changes", rows.collect(), page)
    }

    async fn offer_prices(
        &self,
        scope: StoreScope,
        product: SupplierProductId,
    ) -> PortResult<Vec<PricePoint>> {
        let state = self.lock();
        let all = state.suppliers.prices.iter();
        let mine = all.filter(|((of, (id, ..)), _)| *of == scope && *id == product);
        let mut mine: Vec<_> = mine.map(|(_, point)| point.clone()).collect();
        mine.sort_by_key(|p| {
            let newest = std::cmp::Reverse(p.heard.observed_at);
            (newest, p.variant.clone(), p.heard.by.id())
        });
        Ok(mine)
    }

    async fn offer_matches(&self, scope: StoreScope) -> PortResult<Vec<OfferMatch>> {
        let state = self.lock();
        let all = state.suppliers.matches.iter();
        let mine = all.filter(|((of, _), _)| *of == scope);
        Ok(mine.map(|(_, one)| one.clone()).collect())
    }

    async fn set_offer_matches(
        &self,
        scope: StoreScope,
        matches: &[OfferMatch],
        entry: &NewEntry,
    ) -> PortResult<()> {
        let mut state = self.lock();
        let own = &mut state.suppliers.matches;
        for one in matches.iter().filter(|m| m.scope == scope) {
            let key = (scope, one.pair);
            if one.verdict == Verdict::Open {
                own.remove(&key);
            } else {
                own.insert(key, one.clone());
            }
        }
        state.record(std::slice::from_ref(entry));
        Ok(())
    }
}
