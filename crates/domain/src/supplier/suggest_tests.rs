//! Codes of the store and of suppliers against each other: what is suggested, and what says too little or too much.

use super::super::{Heard, OfferRow, Teller};
use super::*;
use crate::ids::{ImportId, StoreId, StoreScope, WorkspaceId};
use chrono::DateTime;
use proptest::prelude::*;
use uuid::Uuid;

const EAN: &str = "4006381333931";
const UPC: &str = "036000291452";

/// A product with variants of these SKUs and barcodes.
fn offer_of(supplier: &str, external: &str, codes: &[(&str, Option<&str>)]) -> SupplierProduct {
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
    let row = |(sku, barcode): (&str, Option<&str>)| OfferRow {
        platform: Platform::Other,
        supplier: Some(supplier.to_owned()),
        external_id: Some(external.to_owned()),
        sku: Some(sku.to_owned()),
        barcode: barcode.map(str::to_owned),
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
    let mut product = SupplierProduct::of(scope, &row(codes[0]), &heard);
    for code in codes {
        product.hear(&row(*code), &heard);
    }
    product
}

fn offer(external: &str, codes: &[(&str, Option<&str>)]) -> SupplierProduct {
    offer_of("Acme", external, codes)
}

fn own<'a>(id: i64, sku: &'a str, barcode: Option<&'a str>) -> OwnCodes<'a> {
    OwnCodes {
        variant: VariantId(id),
        sku: Some(sku),
        barcode,
    }
}

#[test]
fn the_same_sku_is_suggested_however_it_is_written() {
    let offers = [offer(
        "a",
        &[("CJ-0001 black", None), ("CJ0001GREEN", None)],
    )];
    let own = [
        own(1, "cj0001-BLACK", None),
        own(2, "other", None),
        own(3, "x1", None),
    ];
    let found = suggest(&own, &offers);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].variant, VariantId(1));
    assert_eq!(found[0].supplier_variant, "CJ-0001 black");
    assert_eq!(found[0].sku.as_deref(), Some("CJ-0001 black"));
    assert_eq!(found[0].origin(), MappingOrigin::Sku);
}

#[test]
fn the_same_number_on_the_goods_is_suggested_in_whatever_form_it_is_told() {
    let offers = [offer("a", &[("A-1", Some("0 036000 291452"))])];
    let found = suggest(&[own(1, "MINE-1", Some(UPC))], &offers);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].barcode.as_deref(), Some("00036000291452"));
    assert_eq!(found[0].sku, None);
    assert_eq!(found[0].origin(), MappingOrigin::Barcode);
    // What is mistyped is no number, though both have it.
    let offers = [offer("a", &[("A-1", Some("4006381333932"))])];
    assert_eq!(
        suggest(&[own(1, "MINE-1", Some("4006381333932"))], &offers),
        []
    );
}

#[test]
fn a_code_that_two_variants_have_says_nothing_and_neither_does_a_short_one() {
    let offers = [offer("a", &[("SAME-1", Some(EAN)), ("AB", None)])];
    let twice = [own(1, "same1", None), own(2, "SAME 1", None)];
    assert_eq!(suggest(&twice, &offers), []);
    assert_eq!(suggest(&[own(1, "AB", None)], &offers), []);
    let twice = [own(1, "x", Some(EAN)), own(2, "y", Some(EAN))];
    assert_eq!(suggest(&twice, &offers), []);
    let theirs = [
        offer("a", &[("S-100", Some(EAN))]),
        offer("b", &[("S-200", Some(EAN))]),
    ];
    assert_eq!(suggest(&[own(1, "x", Some(EAN))], &theirs), []);
    // Another supplier's is the same thing to be had twice.
    let two = [
        offer_of("Acme", "a", &[("S-100", Some(EAN))]),
        offer_of("Zeta", "b", &[("S-200", Some(EAN))]),
    ];
    assert_eq!(suggest(&[own(1, "x", Some(EAN))], &two).len(), 2);
}

#[test]
fn codes_that_contradict_each_other_say_nothing() {
    // The SKU says the first variant, the barcode the second.
    let offers = [offer("a", &[("MINE-1", Some(EAN))])];
    let two = [own(1, "MINE-1", None), own(2, "MINE-2", Some(EAN))];
    assert_eq!(suggest(&two, &offers), []);
    // Other goods under the same SKU.
    assert_eq!(suggest(&[own(1, "MINE-1", Some(UPC))], &offers), []);
    // One of theirs by its barcode, another one by its SKU.
    let offers = [offer("a", &[("A-1", Some(EAN)), ("MINE-1", None)])];
    assert_eq!(suggest(&[own(1, "MINE-1", Some(EAN))], &offers), []);
    // Both say the same.
    let offers = [offer("a", &[("MINE-1", Some(EAN))])];
    let found = suggest(&[own(1, "MINE-1", Some(EAN))], &offers);
    assert_eq!(found.len(), 1);
    assert!(found[0].sku.is_some() && found[0].barcode.is_some());
}

proptest! {
    /// Whatever codes there are: no variant of a supplier is suggested twice, and no product twice for a variant of the store.
    #[test]
    fn a_suggestion_is_the_only_one_of_its_kind(
        own_codes in prop::collection::vec((0_usize..5, 0_usize..4), 0..6),
        their_codes in prop::collection::vec((0_usize..5, 0_usize..4, 0_usize..3), 1..8),
    ) {
        const SKUS: [&str; 5] = ["SKU-1", "sku 1", "SKU-2", "SKU-3", "SKU-4"];
        const BARCODES: [Option<&str>; 4] = [None, Some(EAN), Some(UPC), Some("0036000291452")];
        let mine: Vec<_> = own_codes.iter().zip(1..).map(|((s, b), id)| own(id, SKUS[*s], BARCODES[*b])).collect();
        let offers: Vec<_> = (0..3)
            .filter_map(|at| {
                let of = their_codes.iter().filter(|(.., p)| *p == at);
                let codes: Vec<_> = of.map(|(s, b, _)| (SKUS[*s], BARCODES[*b])).collect();
                (!codes.is_empty()).then(|| offer(&at.to_string(), &codes))
            })
            .collect();
        let found = suggest(&mine, &offers);
        let theirs: std::collections::BTreeSet<_> = found.iter().map(|s| (s.product, &s.supplier_variant)).collect();
        let ours: std::collections::BTreeSet<_> = found.iter().map(|s| (s.variant, s.product)).collect();
        prop_assert_eq!(theirs.len(), found.len());
        prop_assert_eq!(ours.len(), found.len());
        prop_assert!(found.iter().all(|s| s.barcode.is_some() || s.sku.is_some()));
    }
}
