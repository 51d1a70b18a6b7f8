//! Refunds over HTTP and against the sandbox: proposed with what the shop computes, approved, given back once, and back in the books.

use crate::changes::{World, ended, states, with_status};
use crate::kinds::{detail, kinds, refused, settle};
use crate::support::Client;
use reqwest::Method;
use serde_json::{Value, json};

/// Paid orders of which nothing was given back, with a line of goods.
async fn paid_orders(world: &World) -> Vec<Value> {
    let orders = world.owner.read("/v1/orders?limit=100").await;
    let orders = orders["orders"].as_array().unwrap().clone();
    let mut found = Vec::new();
    for order in orders {
        if order["financial_status"] != "paid" || !order["cancelled_at"].is_null() {
            continue;
        }
        let path = format!("/v1/orders/{}", order["id"].as_str().unwrap());
        found.push(world.owner.read(&path).await);
        if found.len() == 3 {
            break;
        }
    }
    found
}

fn refund(of: &Value) -> Value {
    let line = &of["order"]["lines"][0]["id"];
    json!({
        "kind": "refund_order", "order_id": of["order"]["id"], "note": "arrived broken",
        "lines": [{ "line_id": line, "quantity": 1 }],
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn money_goes_back_once_as_approved_and_is_booked() {
    let world = World::with(400).await;
    let orders = paid_orders(&world).await;
    let set = world.propose(vec![refund(&orders[0])]).await;
    assert_eq!(set["reversibility"], "irreversible");
    assert_eq!(set["risk"]["band"], "high");
    assert_eq!(detail(&set, "Undo"), "nothing takes it back");
    let told = detail(&set, "Given back").to_owned();
    assert!(told.ends_with(" USD") && told != "0.00 USD", "{told}");
    world.approve(&set).await;
    let set = ended(&world.owner, set["id"].as_str().unwrap()).await;
    assert_eq!(set["status"], "applied", "{set}");
    assert_eq!(set["may_undo"], false);
    assert_eq!(kinds(&world).await, ["refundCreate"]);
    let path = format!("/v1/orders/{}", orders[0]["order"]["id"].as_str().unwrap());
    let after = world.owner.read(&path).await;
    let given: Vec<&Value> = after["order"]["refunds"]
        .as_array()
        .unwrap()
        .iter()
        .collect();
    assert_eq!(
        given.len(),
        orders[0]["order"]["refunds"].as_array().unwrap().len() + 1
    );
    let status = after["order"]["financial_status"].as_str().unwrap();
    assert!(status.contains("refunded"), "{status}");

    // Lost on its way: nobody sends it again, and somebody who looks finds that it never arrived.
    world.faults(json!({ "write_unsent": 1, "limit": 1 })).await;
    let set = world.applied(vec![refund(&orders[1])]).await;
    assert_eq!(set["status"], "unknown", "{set}");
    let set = settle(&world, &set, json!({})).await;
    assert_eq!(states(&set), ["failed"]);
    assert_eq!(kinds(&world).await, ["refundCreate"]);

    let mut many = refund(&orders[1]);
    many["lines"][0]["quantity"] = json!(1_000);
    refused(&world, many, 422, "lines", "are left").await;
    let mut nowhere = refund(&orders[1]);
    nowhere["restock"] = json!("returned");
    refused(&world, nowhere.clone(), 422, "location_id", "is needed").await;
    nowhere["location_id"] = json!("1");
    refused(&world, nowhere, 422, "location_id", "no place").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_large_refund_is_approved_by_a_second_person_and_the_first_is_told_so_before() {
    let world = World::with(400).await;
    let allowance = world.owner.read("/v1/refund-allowance").await;
    assert_eq!(
        (&allowance["left"], &allowance["used"]),
        (&Value::Null, &json!("0.00"))
    );
    let put = async |client: &Client, alone: Value, day: Value, status: u16| {
        let found = client.read("/v1/guardrails").await;
        let mut limits = found["limits"].clone();
        (limits["refund_alone"], limits["refund_day"]) = (alone, day);
        let body = json!({ "version": found["version"], "limits": limits, "reason": "four eyes" });
        let request = client.request(Method::PUT, "/v1/guardrails").json(&body);
        with_status(request.send().await.unwrap(), status).await
    };
    let wrong = put(&world.owner, json!("5.00"), json!("4.00"), 422).await;
    assert_eq!(wrong["errors"][0]["field"], "limits.refund_day");
    let wrong = put(&world.owner, json!("a lot"), Value::Null, 422).await;
    assert_eq!(wrong["errors"][0]["field"], "limits.refund_alone");
    let set = put(&world.owner, json!("0.50"), json!("1.00"), 200).await;
    assert_eq!(set["limits"]["refund_alone"], "0.50");
    let allowance = world.owner.read("/v1/refund-allowance").await;
    assert_eq!(
        (&allowance["left"], &allowance["others"]),
        (&json!("0.50"), &json!(0))
    );

    let orders = paid_orders(&world).await;
    let set = world.propose(vec![refund(&orders[0])]).await;
    let body = json!({ "digest": set["digest"] });
    let refused = with_status(world.decide(&set, "approve", body.clone()).await, 403).await;
    assert!(
        refused["type"]
            .as_str()
            .unwrap()
            .ends_with("needs-somebody-else"),
        "{refused}"
    );
    assert!(
        refused["detail"]
            .as_str()
            .unwrap()
            .contains("0.50 USD at once"),
        "{refused}"
    );
    let log = world
        .owner
        .read("/v1/audit?action=change_set.approve")
        .await;
    assert_eq!(log["entries"][0]["outcome"], "refused", "{log}");

    let bob = second(&world).await;
    let path = format!("/v1/change-sets/{}/approve", set["id"].as_str().unwrap());
    with_status(bob.post(&path, &body).await, 200).await;
    let set = ended(&world.owner, set["id"].as_str().unwrap()).await;
    assert_eq!(set["status"], "applied", "{set}");
    assert_eq!(kinds(&world).await, ["refundCreate"]);
    let allowance = world.owner.read("/v1/refund-allowance").await;
    assert_eq!(
        (&allowance["used"], &allowance["others"]),
        (&json!("0.00"), &json!(1))
    );
}

/// Another operator, signed in.
async fn second(world: &World) -> Client {
    let wanted = json!({ "email": "bob@example.com", "role": "operator" });
    let made = world.owner.post("/v1/invitations", &wanted).await;
    let made = with_status(made, 201).await;
    let (_, secret) = made["url"].as_str().unwrap().split_once('#').unwrap();
    let mut bob = world.server.anybody();
    let body = json!({ "link": secret, "password": "seven quiet herons wade" });
    let joined = bob.post("/v1/auth/accept", &body).await;
    assert_eq!(joined.status(), 201);
    bob.signed_in(joined).await;
    bob
}
