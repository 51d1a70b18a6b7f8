//! Which variant of a supplier a variant of the store is: what an order of it is placed by.
//!
//! A variant may be had from several suppliers, and of one supplier's product it is one variant. Nothing is taken for the same by itself:
//! what looks the same is a [`Suggestion`] until somebody takes it over; only what was drafted from an offer is known to be that offer.

use super::{SupplierProduct, SupplierVariant};
use crate::audit::Actor;
use crate::ids::{
    ChangeSetId, ImportId, OpportunityId, StoreScope, SupplierMappingId, SupplierProductId,
    VariantId,
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Where a mapping is from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "from", rename_all = "snake_case")]
pub enum MappingOrigin {
    /// The store's variant was made as a draft of this very offer.
    Draft {
        opportunity: OpportunityId,
        change_set: ChangeSetId,
    },
    /// Both have this SKU, and somebody took that over.
    Sku,
    Person,
    File,
    Import {
        import: ImportId,
    },
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SupplierMapping {
    pub id: SupplierMappingId,
    pub scope: StoreScope,
    /// The store's.
    pub variant: VariantId,
    /// As it was called when it was mapped.
    pub title: String,
    pub product: SupplierProductId,
    /// [`SupplierVariant::key`].
    pub supplier_variant: String,
    /// Pieces of the supplier's variant that one unit of the store's needs; at least one.
    pub pieces: u32,
    pub origin: MappingOrigin,
    /// Somebody took it away: it is not ordered by, and not made again by itself.
    pub off: bool,
    pub at: DateTime<Utc>,
    pub by: Actor,
    /// From 1 on.
    pub version: i64,
}

impl SupplierMapping {
    /// More pieces in one unit are no unit.
    pub const MOST_PIECES: u32 = 1_000;

    /// The same for the same variant and product.
    #[must_use]
    pub fn id_of(
        scope: StoreScope,
        variant: VariantId,
        product: SupplierProductId,
    ) -> SupplierMappingId {
        let name = format!("supplier mapping\n{variant}\n{product}");
        SupplierMappingId(Uuid::new_v5(&scope.store.0, name.as_bytes()))
    }

    /// The variant that it names; `None`: the product has no such variant any more.
    #[must_use]
    pub fn of<'a>(&self, product: &'a SupplierProduct) -> Option<&'a SupplierVariant> {
        let mut variants = product.variants.iter();
        variants.find(|v| v.key == self.supplier_variant)
    }
}

/// Two variants that look the same, and by what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suggestion {
    pub variant: VariantId,
    pub product: SupplierProductId,
    pub supplier_variant: String,
    /// The SKU that both have.
    pub sku: String,
}

/// As shops and suppliers write SKUs differently: without case, blanks and separators.
fn sku_key(sku: &str) -> String {
    let kept = sku.chars().filter(|c| c.is_alphanumeric());
    kept.flat_map(char::to_lowercase).collect()
}

/// Pairs of the same SKU. A SKU that several variants of the store have says nothing, and neither does one of fewer than four characters.
#[must_use]
pub fn suggest(own: &[(VariantId, &str)], offers: &[SupplierProduct]) -> Vec<Suggestion> {
    const SHORTEST: usize = 4;
    let mut by_sku = std::collections::BTreeMap::<String, Vec<VariantId>>::new();
    for (variant, sku) in own {
        let key = sku_key(sku);
        if key.chars().count() >= SHORTEST {
            by_sku.entry(key).or_default().push(*variant);
        }
    }
    let mut found = Vec::new();
    for product in offers {
        for variant in product.variants.iter().filter(|v| !v.gone) {
            let Some(sku) = &variant.sku else { continue };
            if let Some([own]) = by_sku.get(&sku_key(sku)).map(Vec::as_slice) {
                found.push(Suggestion {
                    variant: *own,
                    product: product.id,
                    supplier_variant: variant.key.clone(),
                    sku: sku.clone(),
                });
            }
        }
    }
    found.sort_by_key(|s| (s.variant, s.product));
    // Of one product the first variant: two of the same SKU are one too many to choose from.
    found.dedup_by(|b, a| (a.variant, a.product) == (b.variant, b.product));
    found
}

#[cfg(test)]
mod tests {
    use super::super::{Heard, OfferRow, Platform, Teller};
    use super::*;
    use crate::ids::{StoreId, WorkspaceId};

    fn offer(external: &str, skus: &[&str]) -> SupplierProduct {
        let scope = StoreScope {
            workspace: WorkspaceId(Uuid::nil()),
            store: StoreId(Uuid::nil()),
        };
        let heard = Heard {
            observed_at: DateTime::UNIX_EPOCH,
            by: Teller::File {
                import: ImportId(Uuid::nil()),
                sha256: String::new(),
            },
        };
        let row = |sku: &str| OfferRow {
            platform: Platform::Other,
            supplier: None,
            external_id: Some(external.to_owned()),
            sku: Some(sku.to_owned()),
            barcode: None,
            url: None,
            title: None,
            name: None,
            ships_from: None,
            currency: None,
            cost: None,
            sell_price: None,
            shipping_cost: None,
            duties: None,
            stock: None,
            processing: None,
            ship_days: None,
            ship_to: Vec::new(),
            rating: None,
            image: None,
            category: None,
            weight: None,
            description: None,
        };
        let mut product = SupplierProduct::of(scope, &row(skus[0]), &heard);
        for sku in skus {
            product.hear(&row(sku), &heard);
        }
        product
    }

    #[test]
    fn the_same_sku_is_suggested_however_it_is_written() {
        let offers = [offer("a", &["CJ-0001 black", "CJ0001GREEN"])];
        let own = [
            (VariantId(1), "cj0001-BLACK"),
            (VariantId(2), "other"),
            (VariantId(3), "x1"),
        ];
        let found = suggest(&own, &offers);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].variant, VariantId(1));
        assert_eq!(found[0].supplier_variant, "CJ-0001 black");
    }

    #[test]
    fn a_sku_that_two_variants_have_says_nothing_and_neither_does_a_short_one() {
        let offers = [offer("a", &["SAME-1", "AB"])];
        let twice = [(VariantId(1), "same1"), (VariantId(2), "SAME 1")];
        assert_eq!(suggest(&twice, &offers), []);
        assert_eq!(suggest(&[(VariantId(1), "AB")], &offers), []);
    }
}
