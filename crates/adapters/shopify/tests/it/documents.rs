//! Every document against a schema: the real one where `ROYAL_SHOPIFY_SCHEMA` names it, else the part of it that the sandbox has.

use adapter_shopify::documents::ALL;
use apollo_compiler::{ExecutableDocument, Schema};
use std::collections::BTreeSet;

const SANDBOX: &str = include_str!("../../../../sandbox/schema/admin.graphql");

#[test]
fn every_document_fits_the_schema() {
    let real = std::env::var_os("ROYAL_SHOPIFY_SCHEMA");
    let mut text = match &real {
        Some(file) => std::fs::read_to_string(file).unwrap(),
        None => SANDBOX.to_owned(),
    };
    // Part of the language since 2025, and not known to the parser yet.
    if !text.contains("directive @oneOf") {
        text.push_str("\ndirective @oneOf on INPUT_OBJECT\n");
    }
    let schema = Schema::parse_and_validate(text, "schema.graphql")
        .unwrap_or_else(|e| panic!("the schema itself: {}", e.errors));
    for (name, document) in ALL {
        let checked =
            ExecutableDocument::parse_and_validate(&schema, document.text(&BTreeSet::new()), *name);
        if let Err(e) = checked {
            panic!("{name}: {}", e.errors);
        }
    }
}
