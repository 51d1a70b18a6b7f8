//! What is asked for against the vendor's own lists of fields (v26). `ROYAL_CONTRACTS` names the folder of the lists; without it
//! this fails.

use adapter_google_ads::{insights_query, structure_query};
use domain::ads::AdLevel;
use domain::calendar::DayRange;
use serde_json::Value;

#[test]
fn every_field_that_is_asked_for_is_one_of_the_vendors() {
    let folder = std::env::var("ROYAL_CONTRACTS").expect("ROYAL_CONTRACTS must be set");
    let file = format!("{folder}/google-ads/v26_fields_from_python_client.json");
    let told: Value = serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
    let day = "2026-11-01".parse().unwrap();
    let days = DayRange::new(day, day).unwrap();
    let queries = [
        structure_query(AdLevel::Campaign).to_owned(),
        insights_query(AdLevel::Campaign, days),
        insights_query(AdLevel::AdSet, days),
    ];
    let mut looked_at = 0;
    for query in queries {
        let (fields, _) = query
            .strip_prefix("SELECT ")
            .unwrap()
            .split_once(" FROM ")
            .unwrap();
        for field in fields.split(',').map(str::trim) {
            let (resource, name) = field.split_once('.').unwrap();
            let object = match resource {
                "campaign" => "Campaign",
                "campaign_budget" => "CampaignBudget",
                "metrics" => "Metrics",
                "segments" => "Segments",
                "customer" => "Customer",
                // The list at hand has none.
                "ad_group" => continue,
                other => panic!("{other}"),
            };
            assert!(told["types"][object].get(name).is_some(), "{field}");
            looked_at += 1;
        }
    }
    assert!(looked_at > 20);
}
