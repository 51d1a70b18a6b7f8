//! Which variants of the store and of suppliers look the same: by the number on the goods, or by the SKU that both write.
//!
//! A code says something where it is one variant's alone, in the store and at the supplier. Where two codes say different things nothing is
//! suggested: that is for people to look at.

use super::{MappingOrigin, Platform, SupplierProduct, SupplierVariant, gtin};
use crate::ids::{SupplierProductId, VariantId};
use std::collections::{BTreeMap, BTreeSet};

/// A variant of the store with its codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OwnCodes<'a> {
    pub variant: VariantId,
    pub sku: Option<&'a str>,
    pub barcode: Option<&'a str>,
}

/// Two variants that look the same, and by what; at least one of both codes is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suggestion {
    pub variant: VariantId,
    pub product: SupplierProductId,
    pub supplier_variant: String,
    /// The GTIN that both have, as one of 14 digits.
    pub barcode: Option<String>,
    /// The SKU that both have, as the supplier writes it.
    pub sku: Option<String>,
}

impl Suggestion {
    /// Where the mapping is from that somebody makes of it: the barcode is the stronger reason.
    #[must_use]
    pub const fn origin(&self) -> MappingOrigin {
        match self.barcode {
            Some(_) => MappingOrigin::Barcode,
            None => MappingOrigin::Sku,
        }
    }
}

/// As shops and suppliers write SKUs differently: without case, blanks and separators. `None`: below four characters it says nothing.
fn sku_key(sku: &str) -> Option<String> {
    const SHORTEST: usize = 4;
    let kept = sku.chars().filter(|c| c.is_alphanumeric());
    let key: String = kept.flat_map(char::to_lowercase).collect();
    (key.chars().count() >= SHORTEST).then_some(key)
}

/// The codes of the store, to leave out what cannot be suggested: of a large catalogue most has none of them.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    barcodes: BTreeSet<String>,
    skus: BTreeSet<String>,
}

impl Wanted {
    #[must_use]
    pub fn of(own: &[OwnCodes<'_>]) -> Self {
        let skus = own.iter().filter_map(|o| o.sku.and_then(sku_key));
        let barcodes = own.iter().filter_map(|o| o.barcode.and_then(gtin));
        Self {
            barcodes: barcodes.collect(),
            skus: skus.collect(),
        }
    }

    /// Whether one of its variants has such a code: what shares a code with it has so, too.
    #[must_use]
    pub fn is_in(&self, product: &SupplierProduct) -> bool {
        product.variants.iter().any(|v| {
            let barcode = v.barcode.as_deref().and_then(gtin);
            let sku = v.sku.as_deref().and_then(sku_key);
            barcode.is_some_and(|code| self.barcodes.contains(&code))
                || sku.is_some_and(|key| self.skus.contains(&key))
        })
    }
}

/// What each code names; `None` where it names more than one thing.
struct Named<K, V>(BTreeMap<K, Option<V>>);

impl<K: Ord, V: PartialEq + Copy> Named<K, V> {
    fn of(pairs: impl Iterator<Item = (K, V)>) -> Self {
        let mut named = BTreeMap::new();
        for (key, value) in pairs {
            let place = named.entry(key).or_insert(Some(value));
            if *place != Some(value) {
                *place = None;
            }
        }
        Self(named)
    }

    fn only(&self, key: &K) -> Option<V> {
        self.0.get(key).copied().flatten()
    }
}

/// Whose variants they are: the same code at two suppliers is the same thing to be had twice.
type Seller<'a> = (Platform, Option<&'a str>);
/// The product and the variant, by their places.
type Place = (usize, usize);

/// Pairs of the same valid GTIN or the same SKU, each by store's variant and product.
#[must_use]
pub fn suggest(own: &[OwnCodes<'_>], offers: &[SupplierProduct]) -> Vec<Suggestion> {
    let barcode_of = |code: Option<&str>| code.and_then(gtin);
    let by_barcode = Named::of(
        own.iter()
            .filter_map(|o| Some((barcode_of(o.barcode)?, o.variant))),
    );
    let by_sku = Named::of(
        own.iter()
            .filter_map(|o| Some((o.sku.and_then(sku_key)?, o.variant))),
    );
    let barcodes: BTreeMap<VariantId, String> = own
        .iter()
        .filter_map(|o| Some((o.variant, barcode_of(o.barcode)?)))
        .collect();
    let there = || {
        offers.iter().enumerate().flat_map(|(at, product)| {
            let seller: Seller<'_> = (product.platform, product.supplier.as_deref());
            let variants = product.variants.iter().enumerate();
            let sold = variants.filter(|(_, variant)| !variant.gone);
            sold.map(move |(n, variant)| ((at, n), seller, variant))
        })
    };
    let their_barcodes: Named<_, Place> = Named::of(there().filter_map(|(place, seller, v)| {
        let code = barcode_of(v.barcode.as_deref())?;
        Some(((seller, code), place))
    }));
    let their_skus: Named<_, Place> = Named::of(there().filter_map(|(place, seller, v)| {
        let code = v.sku.as_deref().and_then(sku_key)?;
        Some(((seller, code), place))
    }));
    let pair = |place: Place, seller: Seller<'_>, variant: &SupplierVariant| {
        let barcode = barcode_of(variant.barcode.as_deref());
        let told = barcode.clone();
        let named = told.filter(|code| {
            let key = (seller, code.clone());
            their_barcodes.only(&key) == Some(place)
        });
        let same_barcode = named.and_then(|code| Some((by_barcode.only(&code)?, code)));
        let key = variant.sku.as_deref().and_then(sku_key);
        let key = key.filter(|key| their_skus.only(&(seller, key.clone())) == Some(place));
        let same_sku = key.and_then(|key| by_sku.only(&key));
        let own = match (&same_barcode, same_sku) {
            (Some((by_barcode, _)), Some(by_sku)) if *by_barcode != by_sku => return None,
            (Some((own, _)), _) => *own,
            (None, Some(own)) => {
                // Other goods under the same SKU.
                let other = barcode.as_ref().zip(barcodes.get(&own));
                if other.is_some_and(|(theirs, ours)| theirs != ours) {
                    return None;
                }
                own
            }
            (None, None) => return None,
        };
        Some(Suggestion {
            variant: own,
            product: offers[place.0].id,
            supplier_variant: variant.key.clone(),
            barcode: same_barcode.map(|(_, code)| code),
            sku: same_sku.and(variant.sku.clone()),
        })
    };
    let mut found: Vec<_> = there()
        .filter_map(|(place, seller, variant)| pair(place, seller, variant))
        .collect();
    found.sort_by_key(|s| (s.variant, s.product));
    // Of one product two variants, one by its barcode and one by its SKU, are one too many to choose from.
    let chunks = found.chunk_by(|a, b| (a.variant, a.product) == (b.variant, b.product));
    chunks
        .filter_map(|same| match same {
            [one] => Some(one.clone()),
            _ => None,
        })
        .collect()
}

#[cfg(test)]
#[path = "suggest_tests.rs"]
mod tests;
