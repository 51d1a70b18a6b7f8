//! Our totals against the shop's own: nothing differs in a clean store, each planted cause is found, and mending mends.

use crate::support::{Client, minor, sandbox, server, until};
use serde_json::{Value, json};
use std::collections::BTreeSet;

async fn reconcile(owner: &Client, from: Option<&str>) -> Value {
    let started = owner
        .post("/v1/reconciliation/runs", &json!({ "from": from }))
        .await;
    assert_eq!(started.status(), 202);
    let run: Value = started.json().await.unwrap();
    let path = format!("/v1/reconciliation/runs/{}", run["id"].as_str().unwrap());
    let run = until(|| async {
        let run = owner.read(&path).await;
        let open = ["queued", "running"].contains(&run["status"].as_str().unwrap());
        (!open).then_some(run)
    })
    .await;
    assert_eq!(run["status"], "succeeded", "{run}");
    assert_eq!(run["done_days"], run["total_days"]);
    run
}

/// `(cause, order, day, net, total)` of all that was found.
type Found = BTreeSet<(String, i64, String, i64, i64)>;

async fn found(owner: &Client) -> Found {
    let all = owner.read("/v1/reconciliation").await;
    let mut found = Found::new();
    for day in all["days"].as_array().unwrap() {
        if day["state"] == "agrees" {
            continue;
        }
        let date = day["day"].as_str().unwrap();
        let detail = owner.read(&format!("/v1/reconciliation/{date}")).await;
        let mut sum = minor(&detail["unexplained"]["total_sales"]);
        for finding in detail["findings"].as_array().unwrap() {
            let difference = &finding["difference"];
            let total = minor(&difference["total_sales"]);
            sum += total;
            found.insert((
                finding["cause"].as_str().unwrap().to_owned(),
                finding["order_id"].as_str().unwrap().parse().unwrap(),
                date.to_owned(),
                minor(&difference["net_sales"]),
                total,
            ));
        }
        assert_eq!(sum, minor(&detail["difference"]["total_sales"]), "{detail}");
    }
    found
}

fn planted(answer: &Value) -> Found {
    let mut planted = Found::new();
    for one in answer["planted"].as_array().unwrap() {
        for day in one["days"].as_array().unwrap() {
            planted.insert((
                one["cause"].as_str().unwrap().to_owned(),
                one["id"].as_i64().unwrap(),
                day["day"].as_str().unwrap().to_owned(),
                minor(&day["net_sales"]),
                minor(&day["total_sales"]),
            ));
        }
    }
    planted
}

/// Waits until the inbox has caught up with what was planted with a webhook.
async fn until_order(owner: &Client, id: i64, holds: impl Fn(&Value) -> bool) {
    until(|| async {
        let order = owner.read(&format!("/v1/orders/{id}")).await;
        holds(&order).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_planted_cause_is_found_and_nothing_else_and_mending_mends() {
    let sandbox = sandbox(900).await;
    let server = server(&[("SANDBOX_URL", &sandbox.base_url)]).await;
    let owner = server.owner().await;
    owner.connect_sandbox().await;

    let empty = owner.read("/v1/reconciliation").await;
    assert_eq!(
        (&empty["days"], &empty["latest_run"]),
        (&json!([]), &Value::Null)
    );

    let clean = reconcile(&owner, Some("2000-01-01")).await;
    assert_eq!(clean["source"], "analytics", "{clean}");
    assert_eq!(
        (&clean["explained"], &clean["unexplained"]),
        (&json!(0), &json!(0)),
        "{clean}"
    );
    assert!(clean["agree"].as_u64().unwrap() >= 89, "{clean}");

    let whole = owner.read("/v1/reconciliation").await;
    let (mut days, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = owner
            .read(&format!("/v1/reconciliation?limit=7&cursor={cursor}"))
            .await;
        assert_eq!(page["total"], whole["total"]);
        days.extend(page["days"].as_array().unwrap().clone());
        let Some(next) = page["next_cursor"].as_str() else {
            break;
        };
        next.clone_into(&mut cursor);
    }
    assert_eq!(Value::from(days), whole["days"], "pages hold each day once");
    let connections = owner.read("/v1/connections").await;
    let standing = &connections["connections"][0]["reconciliation"];
    assert_eq!(standing["state"], "agrees", "{standing}");
    assert_eq!(standing["days_checked"], whole["total"]);
    until(|| async {
        let health = owner.read("/v1/health").await;
        (health["components"]["reconciliation"] == "healthy").then_some(())
    })
    .await;

    let provider = Client::new(&sandbox.base_url);
    let answer = provider.post("/__plant", &json!({ "cause": "all" })).await;
    let status = answer.status();
    let answer: Value = answer.json().await.unwrap();
    assert_eq!(status, 200, "{answer}");
    let of = |cause: &str| {
        let all = answer["planted"].as_array().unwrap();
        all.iter().find(|p| p["cause"] == cause).unwrap()["id"]
            .as_i64()
            .unwrap()
    };
    until_order(&owner, of("currency"), |o| o["order"]["currency"] == "NOK").await;
    // Whether it is refunded wholly hangs on what was refunded of it before.
    until_order(&owner, of("missing_agreement"), |o| {
        let status = o["order"]["financial_status"].as_str();
        status.is_some_and(|status| status.ends_with("refunded"))
    })
    .await;

    reconcile(&owner, None).await;
    let expected = planted(&answer);
    assert_eq!(found(&owner).await, expected);
    let causes: BTreeSet<_> = expected.iter().map(|(cause, ..)| cause.as_str()).collect();
    assert_eq!(causes.len(), 8, "{causes:?}");

    let all = owner.read("/v1/reconciliation").await;
    let mend = json!({ "from": all["from"], "to": all["to"] });
    let mended: Value = owner
        .post("/v1/reconciliation/mend", &mend)
        .await
        .json()
        .await
        .unwrap();
    let outcome = |cause: &str| {
        let id = of(cause).to_string();
        let all = mended["orders"].as_array().unwrap();
        let one = all.iter().find(|o| o["order_id"] == id.as_str());
        one.map(|o| o["outcome"].as_str().unwrap().to_owned())
    };
    assert_eq!(outcome("deletion").as_deref(), Some("removed"), "{mended}");
    for cause in ["missing_order", "stale_copy", "missing_agreement"] {
        assert_eq!(
            outcome(cause).as_deref(),
            Some("reread"),
            "{cause}: {mended}"
        );
    }
    assert_eq!(
        outcome("zone"),
        None,
        "what is no fault of ours is left alone"
    );

    reconcile(&owner, None).await;
    // What the shop counts otherwise stays; what we lacked is there.
    let lasting = [
        "zone",
        "test_order",
        "currency",
        "late_refund",
        "missing_agreement",
    ];
    let expected: Found = expected
        .into_iter()
        .filter(|(cause, ..)| lasting.contains(&cause.as_str()))
        .collect();
    assert_eq!(found(&owner).await, expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_report_the_orders_own_totals_are_compared() {
    let sandbox = sandbox(300).await;
    let server = server(&[("SANDBOX_URL", &sandbox.base_url)]).await;
    let owner = server.owner().await;
    owner.connect_sandbox().await;
    let provider = Client::new(&sandbox.base_url);
    let scopes = json!({ "scopes": "read_orders,read_all_orders,read_products" });
    assert_eq!(provider.post("/__faults", &scopes).await.status(), 200);

    let run = reconcile(&owner, Some("2000-01-01")).await;
    assert_eq!(run["source"], "order_totals", "{run}");
    assert!(
        run["source_reason"]
            .as_str()
            .unwrap()
            .contains("read_reports"),
        "{run}"
    );
    assert_eq!(
        (&run["explained"], &run["unexplained"]),
        (&json!(0), &json!(0)),
        "{run}"
    );

    let mut ids = Vec::new();
    for cause in [
        "deletion",
        "missing_order",
        "stale_copy",
        "missing_agreement",
    ] {
        let answer = provider.post("/__plant", &json!({ "cause": cause })).await;
        let answer: Value = answer.json().await.unwrap();
        ids.push((
            cause.to_owned(),
            answer["planted"][0]["id"].as_i64().unwrap(),
        ));
    }
    // Whether it is refunded wholly hangs on what was refunded of it before.
    until_order(&owner, ids[3].1, |o| {
        let status = o["order"]["financial_status"].as_str();
        status.is_some_and(|status| status.ends_with("refunded"))
    })
    .await;
    reconcile(&owner, None).await;
    let all = owner.read("/v1/reconciliation").await;
    let mut causes = Vec::new();
    for day in all["days"].as_array().unwrap() {
        let date = day["day"].as_str().unwrap();
        let detail = owner.read(&format!("/v1/reconciliation/{date}")).await;
        assert_eq!(
            detail["ours"]["net_sales"],
            Value::Null,
            "not told by this source"
        );
        for finding in detail["findings"].as_array().unwrap() {
            let id = finding["order_id"]
                .as_str()
                .unwrap()
                .parse::<i64>()
                .unwrap();
            causes.push((finding["cause"].as_str().unwrap().to_owned(), id));
        }
    }
    causes.sort();
    ids.sort();
    assert_eq!(causes, ids);
}
