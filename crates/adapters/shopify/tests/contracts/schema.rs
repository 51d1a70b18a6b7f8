//! Every document against the real schema, whatever gates are closed.

use adapter_shopify::documents::{ALL, Gate};
use apollo_compiler::{ExecutableDocument, Schema};
use std::collections::BTreeSet;

#[test]
fn every_document_fits_the_real_schema() {
    let file = crate::path_from("ROYAL_SHOPIFY_SCHEMA");
    let mut text = crate::text(&file);
    // Part of the language since 2025, and not known to the parser yet.
    if !text.contains("directive @oneOf") {
        text.push_str("\ndirective @oneOf on INPUT_OBJECT\n");
    }
    let schema = Schema::parse_and_validate(text, &file)
        .unwrap_or_else(|e| panic!("the schema itself: {}", e.errors));
    let closed = std::iter::once(BTreeSet::new()).chain(Gate::ALL.map(|g| BTreeSet::from([g])));
    for closed in closed {
        for (name, document) in ALL {
            let text = document.text(&closed);
            if let Err(e) = ExecutableDocument::parse_and_validate(&schema, text, *name) {
                panic!("{name} without {closed:?}: {}", e.errors);
            }
        }
    }
}
