//! Which variant of a supplier a variant of the store is: what an order of it is placed by.
//!
//! A variant may be had from several suppliers, and of one supplier's product it is one variant. Nothing is taken for the same by itself:
//! what looks the same is a [`super::Suggestion`] until somebody takes it over; only what was drafted from an offer is known to be that offer.

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
    /// Both have this barcode, and somebody took that over.
    Barcode,
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
