//! Recorded answers of AutoDS's tools, read by the adapter's own parts over the sandbox; and what is sent, beside what the tools take.
//! `ROYAL_CONTRACTS` names the folder of the records; without it this fails.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails at once")]

use serde_json::Value;
use std::collections::BTreeSet;

fn file(name: &str) -> Value {
    let folder = std::env::var("ROYAL_CONTRACTS").expect("ROYAL_CONTRACTS must be set");
    let text = std::fs::read_to_string(format!("{folder}/autods/{name}.json")).unwrap();
    serde_json::from_str(&text).unwrap()
}

fn keys(value: &Value) -> BTreeSet<String> {
    value.as_object().unwrap().keys().cloned().collect()
}

async fn sample() -> Value {
    let options = sandbox::Options {
        orders: 1,
        days: 1,
        ..sandbox::Options::default()
    };
    sandbox::start(options).await.unwrap().autods_sample()
}

#[tokio::test]
async fn the_sandbox_answers_fields_that_are_recorded() {
    let (told, known) = (sample().await, file("payload_samples"));
    let variation = &known["get_similar_products"]["results"][0]["variations"][0];
    let own = &told["get_product_by_id"]["variations"][0];
    let documented: BTreeSet<_> = keys(variation)
        .union(&keys(&known["get_product_by_id"]["variations"][0]))
        .cloned()
        .collect();
    assert!(keys(own).is_subset(&documented), "{:?}", keys(own));
    for place in [
        "/variation_details/0",
        "/shipping_array/0",
        "/shipping_array/0/value/0",
    ] {
        let (ours, theirs) = (
            own.pointer(place).unwrap(),
            variation.pointer(place).unwrap(),
        );
        assert!(keys(ours).is_subset(&keys(theirs)), "{place}");
    }
    let found = &told["search_products"];
    assert_eq!(keys(found), keys(&known["search_products"]));
    let user = &told["get_current_user"][0];
    assert!(keys(user).is_subset(&keys(&known["get_current_user"][0])));
}

/// Names, kinds and operators of a search as the adapter writes it (`src/schema.rs`, `src/read.rs`).
#[tokio::test]
async fn what_is_sent_is_what_the_tools_take() {
    let schema = file("search_products.schema");
    let properties = &schema["properties"];
    for (name, kind) in [
        ("filters", "array"),
        ("limit", "integer"),
        ("offset", "integer"),
        ("order_by", "object"),
    ] {
        assert_eq!(properties[name]["type"], kind, "{name}");
    }
    assert!(properties["limit"]["maximum"].as_u64().unwrap() >= 50);
    let has = |list: &Value, word: &str| list.as_array().unwrap().iter().any(|w| w == word);
    let filter = &properties["filters"]["items"]["properties"];
    for name in ["search_query", "variations.variation_details.warehouse"] {
        assert!(has(&filter["name"]["enum"], name), "{name}");
    }
    for op in ["search", "="] {
        assert!(has(&filter["op"]["enum"], op), "{op}");
    }
    let order = &properties["order_by"]["properties"];
    assert!(has(&order["name"]["enum"], "created_at"));
    let manifest = file("manifests_2026-07/products_research");
    let named = manifest["operations"].as_array().unwrap().iter();
    let named: BTreeSet<_> = named.filter_map(|o| o["operation_id"].as_str()).collect();
    assert!(named.contains("search_products") && named.contains("get_product_by_id"));
    let by_id = manifest["operations"].as_array().unwrap().iter();
    let mut by_id = by_id.filter(|o| o["operation_id"] == "get_product_by_id");
    let parameters = by_id.next().unwrap()["parameters"]
        .as_array()
        .unwrap()
        .clone();
    assert!(
        parameters.iter().any(|p| p["name"] == "product_id"),
        "{parameters:?}"
    );
}
