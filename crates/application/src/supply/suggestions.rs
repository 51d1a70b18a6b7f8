//! Variants that have the barcode or the SKU of a supplier's: shown with the reason, and mapped once somebody takes them over, one by one or
//! many at once. What somebody mapped or took away is never suggested again, and never written over.

use super::mappings::{changed, told};
use super::{Supply, SupplyError, fault};
use crate::changes::label;
use domain::audit::{Actor, NewEntry};
use domain::ids::{SupplierProductId, VariantId};
use domain::store::Store;
use domain::supplier::{
    MappingOrigin, OwnCodes, Suggestion, SupplierMapping, SupplierProduct, Wanted, suggest,
};
use ports::page::MAX_LIMIT;
use ports::suppliers::OfferFilter;
use ports::{PageRequest, PortResult};
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};

/// Suggestions that are taken over at once, at most: as many as are shown.
pub const MOST_ACCEPTED: usize = 250;

/// What looks the same, with what people know both by.
#[derive(Debug, Clone)]
pub struct SuggestedMapping {
    pub found: Suggestion,
    pub title: String,
    pub supplier: String,
    pub supplier_title: Option<String>,
    /// Whether the supplier tells a picture of it.
    pub has_image: bool,
}

/// A suggestion as somebody saw it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct SeenSuggestion {
    pub variant: VariantId,
    pub product: SupplierProductId,
    /// The key of the supplier's variant.
    pub supplier_variant: String,
}

impl SeenSuggestion {
    fn of(found: &Suggestion) -> Self {
        Self {
            variant: found.variant,
            product: found.product,
            supplier_variant: found.supplier_variant.clone(),
        }
    }
}

#[derive(Debug, Clone)]
pub struct Accepted {
    pub mapped: Vec<SupplierMapping>,
    /// Those that are not suggested any more: a code or an offer is another one, or somebody mapped them meanwhile.
    pub left: Vec<SeenSuggestion>,
}

struct Own {
    variant: VariantId,
    sku: Option<String>,
    barcode: Option<String>,
    title: String,
}

impl Supply {
    /// Variants without a mapping to a product that has one of the same barcode or SKU.
    pub async fn suggestions(&self, store: &Store) -> PortResult<Vec<SuggestedMapping>> {
        let mut own = Vec::new();
        self.each_variant(store, |product, variant| {
            if variant.sku.is_some() || variant.barcode.is_some() {
                own.push(Own {
                    variant: variant.id,
                    sku: variant.sku.clone(),
                    barcode: variant.barcode.clone(),
                    title: label(product, variant),
                });
            }
        })
        .await?;
        let codes: Vec<_> = own
            .iter()
            .map(|o| OwnCodes {
                variant: o.variant,
                sku: o.sku.as_deref(),
                barcode: o.barcode.as_deref(),
            })
            .collect();
        let offers = self.offers_with(store, &Wanted::of(&codes)).await?;
        let found = suggest(&codes, &offers);
        let ids: BTreeSet<VariantId> = found.iter().map(|s| s.variant).collect();
        let ids: Vec<VariantId> = ids.into_iter().collect();
        let known = self.ports.supplier_mappings.mappings_of(store.scope, &ids);
        let known: BTreeSet<_> = known
            .await?
            .into_iter()
            .map(|m| (m.variant, m.product))
            .collect();
        let titles: BTreeMap<_, _> = own.iter().map(|o| (o.variant, &o.title)).collect();
        let products: BTreeMap<_, _> = offers.iter().map(|p| (p.id, p)).collect();
        let new = found
            .into_iter()
            .filter(|s| !known.contains(&(s.variant, s.product)));
        let shown = new.filter_map(|found| {
            let product = products.get(&found.product)?;
            let supplier = product.supplier.clone();
            Some(SuggestedMapping {
                title: (*titles.get(&found.variant)?).clone(),
                supplier: supplier.unwrap_or_else(|| product.platform.name().to_owned()),
                supplier_title: product.title.clone(),
                has_image: product.image.is_some(),
                found,
            })
        });
        Ok(shown.collect())
    }

    async fn offers_with(
        &self,
        store: &Store,
        wanted: &Wanted,
    ) -> PortResult<Vec<SupplierProduct>> {
        let (filter, mut page) = (OfferFilter::default(), PageRequest::first(MAX_LIMIT));
        let mut offers = Vec::new();
        loop {
            let port = &self.ports.suppliers;
            let found = port.list_offers(store.scope, &filter, &page).await?;
            offers.extend(found.items.into_iter().filter(|p| wanted.is_in(p)));
            page.cursor = found.next_cursor;
            if page.cursor.is_none() {
                return Ok(offers);
            }
        }
    }

    /// Why it is suggested, for who maps it in another way; a fault where it is not.
    pub async fn suggested(
        &self,
        store: &Store,
        seen: &SeenSuggestion,
    ) -> Result<MappingOrigin, SupplyError> {
        let all = self.suggestions(store).await?;
        let found = all.iter().find(|s| SeenSuggestion::of(&s.found) == *seen);
        match found {
            Some(found) => Ok(found.found.origin()),
            None => fault("suggested", "is not suggested, or not any more"),
        }
    }

    /// Maps what somebody saw suggested and what still is, each with one piece a unit: all of it, or nothing where somebody was faster.
    pub async fn accept_suggestions(
        &self,
        store: &Store,
        seen: &[SeenSuggestion],
        by: &Actor,
    ) -> Result<Accepted, SupplyError> {
        match seen.len() {
            1..=MOST_ACCEPTED => {}
            _ => return fault("suggestions", format!("are between 1 and {MOST_ACCEPTED}")),
        }
        let now = self.ports.clock.now();
        let all = self.suggestions(store).await?.into_iter();
        let mut all: BTreeMap<_, _> = all.map(|s| (SeenSuggestion::of(&s.found), s)).collect();
        let (mut mapped, mut left) = (Vec::new(), Vec::new());
        let wanted: BTreeSet<_> = seen.iter().cloned().collect();
        for one in wanted {
            let Some(SuggestedMapping { found, title, .. }) = all.remove(&one) else {
                left.push(one);
                continue;
            };
            mapped.push(SupplierMapping {
                id: SupplierMapping::id_of(store.scope, found.variant, found.product),
                scope: store.scope,
                variant: found.variant,
                title,
                product: found.product,
                origin: found.origin(),
                supplier_variant: found.supplier_variant,
                pieces: 1,
                off: false,
                at: now,
                by: by.clone(),
                version: 1,
            });
        }
        let Some(first) = mapped.first() else {
            return Ok(Accepted { mapped, left });
        };
        let (id, title) = (
            first.id.to_string(),
            match mapped.len() {
                1 => first.title.clone(),
                n => format!("{} and {} more", first.title, n - 1),
            },
        );
        let target = ("supplier_mapping", id.as_str(), title.as_str());
        let action = "supplier_mapping.accept";
        let entry = NewEntry::done(store.scope.workspace, now, by.clone(), action, target);
        let all: Vec<_> = mapped.iter().map(told).collect();
        let entry = entry.after(&json!({ "mappings": all }));
        let port = &self.ports.supplier_mappings;
        let saved = port.save_mappings(store.scope, &mapped, &entry).await;
        saved.map_err(changed)?;
        self.hub.wake();
        Ok(Accepted { mapped, left })
    }
}
