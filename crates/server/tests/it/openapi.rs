//! The description, the committed file and the route table tell the same.

use crate::support::server;
use server::routes::table;
use server::{Access, openapi};
use std::collections::BTreeSet;

#[test]
fn the_committed_description_is_the_one_of_the_code() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/openapi.json");
    let committed = std::fs::read_to_string(path).unwrap();
    assert!(
        committed == openapi::text(),
        "docs/openapi.json is out of date; run: cargo xtask generate"
    );
}

#[test]
fn table_and_description_have_the_same_operations() {
    let document = serde_json::to_value(openapi::document()).unwrap();
    let mut described = BTreeSet::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for method in item.as_object().unwrap().keys() {
            described.insert(format!("{} {path}", method.to_uppercase()));
        }
    }
    let routed: BTreeSet<String> = table()
        .iter()
        .map(|e| format!("{} {}", e.method, e.documented_path()))
        .collect();
    assert_eq!(described, routed);
}

#[test]
fn what_needs_somebody_says_so() {
    let document = serde_json::to_value(openapi::document()).unwrap();
    let mut ids = BTreeSet::new();
    for entry in table() {
        let operation =
            &document["paths"][entry.documented_path()][entry.method.as_str().to_lowercase()];
        let secured = operation["security"]
            .as_array()
            .is_some_and(|s| !s.is_empty());
        let open = matches!(entry.access, Access::Open | Access::Signed);
        assert_eq!(secured, !open, "{} {}", entry.method, entry.path);
        assert!(
            ids.insert(operation["operationId"].as_str().unwrap().to_owned()),
            "an id twice at {}",
            entry.path
        );
        for (status, response) in operation["responses"].as_object().unwrap() {
            let described = response["description"]
                .as_str()
                .is_some_and(|d| !d.is_empty());
            assert!(
                described || response["$ref"].is_string(),
                "{} {status}",
                entry.path
            );
        }
    }
}

#[test]
fn every_reference_points_at_something() {
    let document = serde_json::to_value(openapi::document()).unwrap();
    let mut open = vec![&document];
    let mut seen = 0;
    while let Some(value) = open.pop() {
        if let Some(target) = value.get("$ref").and_then(|r| r.as_str()) {
            seen += 1;
            assert!(
                document.pointer(target.trim_start_matches('#')).is_some(),
                "{target}"
            );
        }
        match value {
            serde_json::Value::Object(members) => open.extend(members.values()),
            serde_json::Value::Array(items) => open.extend(items),
            _ => {}
        }
    }
    assert!(seen > 100);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_description_and_its_page_are_served_from_the_binary() {
    let server = server(&[]).await;
    let client = server.anybody();
    assert_eq!(client.read("/openapi.json").await["openapi"], "3.1.0");
    let page = client.get("/docs").await;
    let policy = page.headers()["content-security-policy"]
        .to_str()
        .unwrap()
        .to_owned();
    assert!(
        policy.contains("script-src 'self'") && !policy.contains("unsafe-eval"),
        "{policy}"
    );
    let html = page.text().await.unwrap();
    assert!(
        !html.contains("https://") && !html.contains("<script>"),
        "{html}"
    );
    for file in ["swagger-ui.css", "swagger-ui-bundle.js", "start.js"] {
        assert!(html.contains(&format!("/docs/{file}")));
        let answer = client.get(&format!("/docs/{file}")).await;
        assert_eq!(answer.status(), 200, "{file}");
    }
    assert_eq!(
        client.get("/docs/..%2f..%2fetc%2fpasswd").await.status(),
        404
    );
}
