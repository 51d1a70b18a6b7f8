//! Which variants of suppliers the store's variants are: listed, set, taken away, and made from drafts.

use super::{Supply, SupplyError, fault};
use crate::Ports;
use crate::changes::label;
use domain::audit::{Actor, NewEntry};
use domain::catalog::{Product, Variant};
use domain::changes::{Action, ChangeSet, OperationState, Seen};
use domain::ids::{
    OpportunityId, ProductId, SupplierMappingId, SupplierProductId, VariantId, WorkspaceId,
};
use domain::opportunity::{Watch, Watched};
use domain::store::Store;
use domain::supplier::{MappingOrigin, SupplierMapping, SupplierProduct};
use ports::catalog::ProductQuery;
use ports::opportunities::OpportunityFilter;
use ports::page::MAX_LIMIT;
use ports::supplier_book::MappingFilter;
use ports::{Kind, Page, PageRequest, PortError, PortResult};
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};

#[derive(Debug, Clone)]
pub struct NewMapping {
    pub variant: VariantId,
    pub product: SupplierProductId,
    /// The key of the supplier's variant.
    pub supplier_variant: String,
    pub pieces: u32,
    pub origin: MappingOrigin,
}

#[derive(Debug, Clone)]
pub struct MappingChange {
    /// Of the mapping that was looked at.
    pub version: i64,
    pub supplier_variant: String,
    pub pieces: u32,
}

/// The supplier's products of mappings.
pub(super) async fn products_of(
    ports: &Ports,
    store: &Store,
    mappings: &[SupplierMapping],
) -> PortResult<BTreeMap<SupplierProductId, SupplierProduct>> {
    let ids: BTreeSet<_> = mappings.iter().map(|m| m.product).collect();
    let ids: Vec<_> = ids.into_iter().collect();
    let found = ports.suppliers.offers(store.scope, &ids).await?;
    Ok(found.into_iter().map(|p| (p.id, p)).collect())
}

pub(super) fn changed(error: PortError) -> SupplyError {
    match error.kind {
        Kind::Conflict => SupplyError::ChangedMeanwhile,
        _ => error.into(),
    }
}

/// As the audit keeps it.
pub(super) fn told(m: &SupplierMapping) -> serde_json::Value {
    json!({
        "variant": m.variant, "product": m.product, "supplier_variant": m.supplier_variant,
        "pieces": m.pieces, "off": m.off, "origin": m.origin,
    })
}

fn entry(mapping: &SupplierMapping, action: &str, before: Option<&SupplierMapping>) -> NewEntry {
    let id = mapping.id.to_string();
    let target = ("supplier_mapping", id.as_str(), mapping.title.as_str());
    let by = mapping.by.clone();
    let entry = NewEntry::done(mapping.scope.workspace, mapping.at, by, action, target);
    let entry = entry.after(&told(mapping));
    match before {
        Some(before) => entry.before(&told(before)),
        None => entry,
    }
}

impl Supply {
    pub async fn mappings(
        &self,
        store: &Store,
        filter: &MappingFilter,
        page: &PageRequest,
    ) -> PortResult<Page<SupplierMapping>> {
        let port = &self.ports.supplier_mappings;
        port.list_mappings(store.scope, filter, page).await
    }

    pub async fn mapping(
        &self,
        workspace: WorkspaceId,
        id: SupplierMappingId,
    ) -> Result<SupplierMapping, SupplyError> {
        let found = self.ports.supplier_mappings.mapping(workspace, id).await?;
        found.ok_or(SupplyError::UnknownMapping)
    }

    /// The supplier's products of mappings, for whoever shows them.
    pub async fn products_of(
        &self,
        store: &Store,
        mappings: &[SupplierMapping],
    ) -> PortResult<BTreeMap<SupplierProductId, SupplierProduct>> {
        products_of(&self.ports, store, mappings).await
    }

    async fn offer(
        &self,
        store: &Store,
        product: SupplierProductId,
        key: &str,
    ) -> Result<SupplierProduct, SupplyError> {
        let found = self.ports.suppliers.offers(store.scope, &[product]).await?;
        let Some(found) = found.into_iter().next() else {
            return fault("supplier_product_id", "is no product of a supplier here");
        };
        if !found.variants.iter().any(|v| v.key == key) {
            return fault("supplier_variant", "is no variant of that product");
        }
        Ok(found)
    }

    /// Every variant of the store with its product.
    pub(super) async fn each_variant(
        &self,
        store: &Store,
        mut each: impl FnMut(&Product, &Variant) + Send,
    ) -> PortResult<()> {
        let (query, mut page) = (ProductQuery::default(), PageRequest::first(MAX_LIMIT));
        loop {
            let found = self.ports.catalog.list(store.scope, &query, &page).await?;
            for stored in &found.items {
                for variant in &stored.product.variants {
                    each(&stored.product, variant);
                }
            }
            page.cursor = found.next_cursor;
            if page.cursor.is_none() {
                return Ok(());
            }
        }
    }

    fn pieces(pieces: u32) -> Result<u32, SupplyError> {
        match pieces {
            1..=SupplierMapping::MOST_PIECES => Ok(pieces),
            _ => fault("pieces", "is between 1 and 1000"),
        }
    }

    /// A new one, or one that was taken away and is wanted again.
    pub async fn map(
        &self,
        store: &Store,
        new: NewMapping,
        by: &Actor,
    ) -> Result<SupplierMapping, SupplyError> {
        let pieces = Self::pieces(new.pieces)?;
        self.offer(store, new.product, &new.supplier_variant)
            .await?;
        let mut title = None;
        self.each_variant(store, |product, variant| {
            if variant.id == new.variant {
                title = Some(label(product, variant));
            }
        })
        .await?;
        let Some(title) = title else {
            return fault("variant_id", "is not known in this store");
        };
        let id = SupplierMapping::id_of(store.scope, new.variant, new.product);
        let before = self
            .ports
            .supplier_mappings
            .mapping(store.scope.workspace, id);
        let before = before.await?;
        if before.as_ref().is_some_and(|m| !m.off) {
            return fault("supplier_product_id", "is mapped to this variant already");
        }
        let mapping = SupplierMapping {
            id,
            scope: store.scope,
            variant: new.variant,
            title,
            product: new.product,
            supplier_variant: new.supplier_variant,
            pieces,
            origin: new.origin,
            off: false,
            at: self.ports.clock.now(),
            by: by.clone(),
            version: before.as_ref().map_or(1, |m| m.version + 1),
        };
        let entry = entry(&mapping, "supplier_mapping.create", before.as_ref());
        self.save(store, mapping, &entry).await
    }

    pub async fn change_mapping(
        &self,
        store: &Store,
        id: SupplierMappingId,
        change: MappingChange,
        by: &Actor,
    ) -> Result<SupplierMapping, SupplyError> {
        let before = self.mapping(store.scope.workspace, id).await?;
        if before.version != change.version {
            return Err(SupplyError::ChangedMeanwhile);
        }
        let pieces = Self::pieces(change.pieces)?;
        self.offer(store, before.product, &change.supplier_variant)
            .await?;
        let mapping = SupplierMapping {
            supplier_variant: change.supplier_variant,
            pieces,
            origin: MappingOrigin::Person,
            off: false,
            at: self.ports.clock.now(),
            by: by.clone(),
            version: before.version + 1,
            ..before.clone()
        };
        let entry = entry(&mapping, "supplier_mapping.set", Some(&before));
        self.save(store, mapping, &entry).await
    }

    /// It is not ordered by any more, and not made again by itself.
    pub async fn unmap(
        &self,
        store: &Store,
        id: SupplierMappingId,
        by: &Actor,
    ) -> Result<(), SupplyError> {
        let before = self.mapping(store.scope.workspace, id).await?;
        if before.off {
            return Ok(());
        }
        let mapping = SupplierMapping {
            off: true,
            at: self.ports.clock.now(),
            by: by.clone(),
            version: before.version + 1,
            ..before.clone()
        };
        let entry = entry(&mapping, "supplier_mapping.remove", Some(&before));
        self.save(store, mapping, &entry).await.map(drop)
    }

    async fn save(
        &self,
        store: &Store,
        mapping: SupplierMapping,
        entry: &NewEntry,
    ) -> Result<SupplierMapping, SupplyError> {
        let port = &self.ports.supplier_mappings;
        let one = std::slice::from_ref(&mapping);
        let saved = port.save_mappings(store.scope, one, entry).await;
        saved.map_err(changed)?;
        self.hub.wake();
        Ok(mapping)
    }

    /// As [`Self::map_drafts`], of every store.
    pub async fn map_all_drafts(&self) -> PortResult<usize> {
        let mut new = 0;
        for workspace in self.ports.accounts.workspaces().await? {
            for store in self.stores.list(workspace.id).await? {
                new += self.map_drafts(&store).await?;
            }
        }
        Ok(new)
    }

    /// Variants that were made as drafts of an offer are that offer: mapped once the draft is in the catalogue. Answers how many were new.
    pub async fn map_drafts(&self, store: &Store) -> PortResult<usize> {
        let filter = OpportunityFilter {
            watch: Some(Watch::Approved),
            ..OpportunityFilter::default()
        };
        let (now, mut page) = (self.ports.clock.now(), PageRequest::first(MAX_LIMIT));
        let mut new = 0;
        loop {
            let port = &self.ports.opportunities;
            let found = port.opportunities(store.scope, &filter, now, &page).await?;
            for watched in &found.items {
                new += self.map_draft(store, watched).await?;
            }
            page.cursor = found.next_cursor;
            if page.cursor.is_none() {
                return Ok(new);
            }
        }
    }

    async fn map_draft(&self, store: &Store, watched: &Watched) -> PortResult<usize> {
        let decided = watched.decision.as_ref().and_then(|d| d.change_set);
        let Some(id) = decided else { return Ok(0) };
        let set = self.ports.changes.find(store.scope.workspace, id).await?;
        let Some((set, made)) = set.and_then(|set| Some((made(&set)?, set))) else {
            return Ok(0);
        };
        let (made, set) = (set, made);
        let lead = watched.opportunity.leads.first().map(|l| l.product);
        let Some(lead) = lead else { return Ok(0) };
        let product = self.ports.catalog.find(store.scope, made).await?;
        let offer = self.ports.suppliers.offers(store.scope, &[lead]).await?;
        let (Some(product), Some(offer)) = (product, offer.into_iter().next()) else {
            return Ok(0);
        };
        let product = product.product;
        let ids: Vec<VariantId> = product.variants.iter().map(|v| v.id).collect();
        let known = self.ports.supplier_mappings.mappings_of(store.scope, &ids);
        let known: BTreeSet<_> = known
            .await?
            .into_iter()
            .map(|m| (m.variant, m.product))
            .collect();
        let opportunity = watched.opportunity.id;
        let pairs = drafted(&product, &offer);
        let pairs = pairs.filter(|(v, _)| !known.contains(&(v.id, offer.id)));
        let mappings: Vec<_> = pairs
            .map(|(variant, key)| SupplierMapping {
                id: SupplierMapping::id_of(store.scope, variant.id, offer.id),
                scope: store.scope,
                variant: variant.id,
                title: label(&product, variant),
                product: offer.id,
                supplier_variant: key,
                pieces: 1,
                origin: origin(opportunity, &set),
                off: false,
                at: self.ports.clock.now(),
                by: Actor::system(),
                version: 1,
            })
            .collect();
        let Some(first) = mappings.first() else {
            return Ok(0);
        };
        let entry = entry(first, "supplier_mapping.create", None);
        let port = &self.ports.supplier_mappings;
        match port.save_mappings(store.scope, &mappings, &entry).await {
            // Somebody was faster.
            Err(error) if error.kind == Kind::Conflict => Ok(0),
            Err(error) => Err(error),
            Ok(()) => {
                self.hub.wake();
                Ok(mappings.len())
            }
        }
    }
}

const fn origin(opportunity: OpportunityId, set: &ChangeSet) -> MappingOrigin {
    MappingOrigin::Draft {
        opportunity,
        change_set: set.id,
    }
}

/// The product that a set made as a draft.
fn made(set: &ChangeSet) -> Option<ProductId> {
    let mut operations = set.operations.iter();
    operations.find_map(|o| match (&o.action, &o.seen, o.state) {
        (
            Action::ProductDraft(_),
            Some(Seen::Product { product, .. }),
            OperationState::Applied | OperationState::Already,
        ) => Some(*product),
        _ => None,
    })
}

/// A draft has the SKUs of its offer; one with a single variant is the offer's single one, whatever it is called.
fn drafted<'a>(
    product: &'a Product,
    offer: &'a SupplierProduct,
) -> impl Iterator<Item = (&'a Variant, String)> {
    let there = || offer.variants.iter().filter(|v| !v.gone);
    product.variants.iter().filter_map(move |variant| {
        let sku = variant.sku.as_deref().filter(|s| !s.is_empty());
        let mut same = there().filter(|v| sku.is_some() && v.sku.as_deref() == sku);
        let by_sku = same.next();
        let only = || {
            let mut all = there();
            let single = all.next().filter(|_| product.variants.len() == 1);
            single.filter(|_| all.next().is_none())
        };
        by_sku.or_else(only).map(|v| (variant, v.key.clone()))
    })
}
