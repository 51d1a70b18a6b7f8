//! `ROYAL_SHOPIFY_SCHEMA`: Shopify's schema as a GraphQL document or an introspection result.

#[test]
fn the_excerpt_is_a_part_of_the_real_schema() {
    let found =
        sandbox::schema_check::differences(&crate::path_from("ROYAL_SHOPIFY_SCHEMA")).unwrap();
    assert!(found.is_empty(), "{found:#?}");
}
