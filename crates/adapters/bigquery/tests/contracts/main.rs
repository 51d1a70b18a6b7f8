//! What is sent, and what the sandbox answers, beside Google's own description of the API. `ROYAL_CONTRACTS` names its folder.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails at once")]

use adapter_bigquery::{BigQuery, BigQuerySettings};
use adapter_kit::{Registry, Settings};
use domain::ids::StoreId;
use domain::warehouse::{MirrorTable, spend_row};
use ports::warehouse::{DayLoad, Warehouse as _};
use sandbox::bigquery::{DATASET, LOCATION, PROJECT, credentials};
use secrecy::SecretString;
use serde_json::Value;
use uuid::Uuid;

fn day() -> DayLoad {
    let (store, day) = (StoreId(Uuid::from_u128(7)), "2026-11-01".parse().unwrap());
    let row = spend_row(store, ("1", "meta"), "EUR".parse().unwrap(), day, 1);
    DayLoad {
        table: MirrorTable::AdSpend,
        store,
        day,
        lines: row.line() + "\n",
    }
}

/// Every name is a property of the schema, with a value of its type, all the way down.
fn fits(document: &Value, schema: &Value, value: &Value, path: &str) {
    if let Some(name) = schema["$ref"].as_str() {
        return fits(document, &document["schemas"][name], value, path);
    }
    match schema["type"].as_str().unwrap_or_default() {
        "object" => {
            for (name, value) in value
                .as_object()
                .unwrap_or_else(|| panic!("{path}: {value}"))
            {
                let own = &schema["properties"][name];
                let own = if own.is_null() {
                    &schema["additionalProperties"]
                } else {
                    own
                };
                assert!(!own.is_null(), "{path}.{name} is unknown");
                fits(document, own, value, &format!("{path}.{name}"));
            }
        }
        "array" => {
            for item in value
                .as_array()
                .unwrap_or_else(|| panic!("{path}: {value}"))
            {
                fits(document, &schema["items"], item, &format!("{path}[]"));
            }
        }
        "string" => {
            let text = value.as_str().unwrap_or_else(|| panic!("{path}: {value}"));
            if let Some(words) = schema["enum"].as_array() {
                assert!(words.contains(value), "{path}: {text}");
            }
        }
        "integer" => assert!(value.is_i64() || value.is_u64(), "{path}: {value}"),
        "boolean" => assert!(value.is_boolean(), "{path}: {value}"),
        _ => {}
    }
}

#[tokio::test]
async fn jobs_and_answers_fit_the_description() {
    let folder = std::env::var("ROYAL_CONTRACTS").expect("ROYAL_CONTRACTS must be set");
    let file = format!("{folder}/bigquery/bigquery.v2.discovery.json");
    let document: Value = serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
    let options = sandbox::Options {
        orders: 2,
        days: 2,
        ..sandbox::Options::default()
    };
    let sandbox = sandbox::start(options).await.unwrap();
    let base = &sandbox.base_url;
    let settings = BigQuerySettings {
        base_url: format!("{base}/bigquery"),
        upload_url: format!("{base}/bigquery-upload"),
        token_url: format!("{base}/bigquery-token"),
        project: PROJECT.to_owned(),
        dataset: DATASET.to_owned(),
        location: LOCATION.to_owned(),
    };
    let bigquery = BigQuery::new(settings, &Registry::new(Settings::default())).unwrap();
    let key = SecretString::from(credentials());
    bigquery.check(&key).await.unwrap();
    bigquery.load(&key, "a", &day()).await.unwrap();
    bigquery.job(&key, "a").await.unwrap();
    let told = sandbox.bigquery();
    let schema = &document["schemas"]["Job"];
    fits(&document, schema, &told["jobs"][0]["configuration"], "job");
    for (resource, method, path) in [
        ("jobs", "insert", "projects/{+projectId}/jobs"),
        ("jobs", "get", "projects/{+projectId}/jobs/{+jobId}"),
        (
            "datasets",
            "get",
            "projects/{+projectId}/datasets/{+datasetId}",
        ),
        ("jobs", "query", "projects/{+projectId}/queries"),
    ] {
        let described = &document["resources"][resource]["methods"][method];
        assert_eq!(described["path"], path);
        let called = format!("{resource}.{method}");
        assert!(told["calls"][&called].as_u64() >= Some(1), "{called}");
    }
    let upload = &document["resources"]["jobs"]["methods"]["insert"]["mediaUpload"];
    let simple = upload["protocols"]["simple"]["path"].as_str().unwrap();
    assert!(
        simple.ends_with("/bigquery/v2/projects/{+projectId}/jobs"),
        "{simple}"
    );
}
