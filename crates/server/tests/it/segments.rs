//! Segments over HTTP and the sandbox: who agreed is in the file, once, and by nobody without the right to it.

use crate::changes::with_status;
use crate::support::{minor, sandbox, server};
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
async fn a_segment_is_exported_with_consent_once() {
    let sandbox = sandbox(200).await;
    let server = server(&[("SANDBOX_URL", &sandbox.base_url)]).await;
    let owner = server.owner().await;
    owner.connect_sandbox().await;
    let list = owner.read("/v1/segments").await;
    let of = |id: &str| {
        let mut all = list["segments"].as_array().unwrap().iter();
        all.find(|s| s["id"] == id).unwrap().clone()
    };
    let repeat = of("repeat")["members"].as_u64().unwrap();
    assert!(repeat > 0, "{list}");
    assert!(of("abandoned_checkout")["members"].is_null());
    let one = owner.read("/v1/segments/repeat").await;
    assert_eq!(one["members"], repeat);
    let export = |id: &str| {
        let path = format!("/v1/segments/{id}/export");
        let owner = &owner;
        async move {
            let answer = owner.post(&path, &json!({ "channel": "email" })).await;
            assert_eq!(answer.status(), 200);
            assert_eq!(answer.headers()["cache-control"], "no-store");
            answer.text().await.unwrap()
        }
    };
    let file = export("repeat").await;
    let mut lines = csv::Reader::from_reader(file.trim_start_matches('\u{feff}').as_bytes());
    let people: Vec<csv::StringRecord> = lines.records().map(Result::unwrap).collect();
    assert!(!people.is_empty());
    let exports = owner.read("/v1/segment-exports").await;
    let made = &exports["exports"][0];
    assert_eq!(made["told"], people.len());
    let left = &made["left_out"];
    let all = [
        "not_known",
        "no_address",
        "no_consent",
        "already_told",
        "too_often",
        "no_longer",
    ];
    let all: u64 = all.iter().map(|why| left[why].as_u64().unwrap()).sum();
    assert_eq!(all + people.len() as u64, repeat);
    assert!(
        left["no_consent"].as_u64().unwrap() > 0,
        "four in ten did not agree: {made}"
    );
    for person in &people {
        assert!(
            person[1].contains('@') && person[4].starts_with("repeat:"),
            "{person:?}"
        );
    }
    // Again nobody; and the audit names no address.
    assert_eq!(export("repeat").await.lines().count(), 1);
    let audit = owner.read("/v1/audit?action=segment.export").await;
    assert_eq!(audit["entries"].as_array().unwrap().len(), 2);
    assert!(!audit.to_string().contains(&people[0][1]));

    // Checkouts come from the shop itself.
    let left = owner.read("/v1/segments/abandoned_checkout").await;
    let file = export("abandoned_checkout").await;
    let mut lines = csv::Reader::from_reader(file.trim_start_matches('\u{feff}').as_bytes());
    for cart in lines.records().map(Result::unwrap) {
        assert!(cart[5].starts_with("https://"), "{cart:?}");
        assert!(minor(&json!(&cart[6])) > 0);
    }
    assert!(left["members"].as_u64().is_some());

    // What is not a segment, or lacks its product.
    assert_eq!(owner.get("/v1/segments/friends").await.status(), 404);
    assert_eq!(owner.get("/v1/segments/bought").await.status(), 400);
    let bought = owner.get("/v1/segments/new?product_id=1").await;
    assert_eq!(bought.status(), 400);
    let none = json!({ "channel": "email", "to": "0190b2f0-0000-7000-8000-000000000001" });
    let unknown = owner.post("/v1/segments/repeat/send", &none).await;
    with_status(unknown, 404).await;
}
