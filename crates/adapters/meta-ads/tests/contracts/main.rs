//! What is asked for, and what the sandbox answers, against the vendor's own lists of fields (v26). `ROYAL_CONTRACTS` names the
//! folder of the lists; without it this fails.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails at once")]

use adapter_meta_ads::{ACCOUNT_FIELDS, INSIGHT_FIELDS, fields_of};
use domain::ads::AdLevel;
use serde_json::Value;
use std::collections::BTreeSet;

fn vendor(object: &str) -> BTreeSet<String> {
    let folder = std::env::var("ROYAL_CONTRACTS").expect("ROYAL_CONTRACTS must be set");
    let file = format!("{folder}/meta/v26_fields_from_python_sdk.json");
    let told: Value = serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
    let fields = told["objects"][object]["fields"].as_object().unwrap();
    fields.keys().cloned().collect()
}

fn missing<'a>(asked: impl IntoIterator<Item = &'a str>, object: &str) -> Vec<String> {
    let known = vendor(object);
    let missing = asked.into_iter().filter(|f| !known.contains(*f));
    missing.map(str::to_owned).collect()
}

#[test]
fn every_field_that_is_asked_for_is_one_of_the_vendors() {
    for (asked, object) in [
        (ACCOUNT_FIELDS, "AdAccount"),
        (fields_of(AdLevel::Campaign), "Campaign"),
        (fields_of(AdLevel::AdSet), "AdSet"),
        (INSIGHT_FIELDS, "AdsInsights"),
        ("campaign_id,adset_id,ad_id,date_start", "AdsInsights"),
    ] {
        assert_eq!(
            missing(asked.split(','), object),
            Vec::<String>::new(),
            "{object}"
        );
    }
}

#[tokio::test]
async fn every_field_that_the_sandbox_answers_is_one_of_the_vendors() {
    let sandbox = sandbox::start(sandbox::Options {
        orders: 50,
        ..sandbox::Options::default()
    });
    let sandbox = sandbox.await.unwrap();
    for (what, object) in [
        ("campaigns", "Campaign"),
        ("adsets", "AdSet"),
        ("insights", "AdsInsights"),
    ] {
        let told = sandbox.ads_sample("meta", what);
        let keys = told.as_object().unwrap().keys().map(String::as_str);
        assert_eq!(missing(keys, object), Vec::<String>::new(), "{object}");
    }
}
