//! Circuits by hand: stopped for every process, over restarts, and begun anew.

use crate::databases::Place;
use crate::suppliers::answer;
use crate::support::{Client, sandbox, server, until};
use domain::people::Role;
use serde_json::{Value, json};

/// The circuit of the connected shop, as `/health` names it.
async fn of_the_shop(client: &Client) -> Value {
    until(|| async {
        let health = client.read("/v1/health").await;
        let checks = health["checks"].as_array()?.clone();
        let is_shop = |check: &Value| {
            let name = check["name"].as_str().unwrap_or_default();
            name.starts_with("shopify/")
                && name.ends_with("/read")
                && name.matches('/').count() == 2
        };
        checks.into_iter().find(is_shop)
    })
    .await
}

pub(crate) async fn reset_of_the_shop(client: &Client) -> Value {
    let name = of_the_shop(client).await["name"].clone();
    json!({ "name": name, "action": "reset", "reason": "a test" })
}

async fn state(client: &Client, wanted: &str) -> Value {
    until(|| async {
        let check = of_the_shop(client).await;
        (check["circuit_state"] == wanted).then_some(check)
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn every_process_obeys_and_remembers() {
    let (place, shop) = (Place::postgres().await, sandbox(20).await);
    let mut settings = place.settings();
    settings.push(("SANDBOX_URL", shop.base_url.clone()));
    settings.push((
        "SECRET_KEY",
        "one key that both of the servers know".to_owned(),
    ));
    let settings: Vec<_> = settings.iter().map(|(k, v)| (*k, v.as_str())).collect();
    let one = server(&settings).await;
    let owner = one.owner().await;
    let connection = owner.connect_sandbox().await;
    let other = server(&settings).await;
    let there = owner.at(other.running.url());
    let probe = format!("/v1/connections/{connection}/check");
    // A circuit comes with the first call.
    assert_eq!(there.post(&probe, &json!({})).await.status(), 200);
    let name = state(&there, "closed").await["name"].clone();
    let switch = async |client: &Client, name: &Value, action: &str, reason: &str| {
        let body = json!({ "name": name, "action": action, "reason": reason });
        client.post("/v1/circuits", &body).await
    };
    let unknown = json!("shopify/nobody/read");
    let refused = switch(&owner, &unknown, "reset", "x").await;
    assert_eq!(refused.status(), 404);
    let why: Value = refused.json().await.unwrap();
    assert_eq!(why["detail"], "there is no such circuit here");
    assert_eq!(switch(&owner, &name, "reset", " ").await.status(), 400);
    assert_eq!(switch(&owner, &name, "close", "x").await.status(), 400);
    let operator = one.script(Role::Operator).await;
    assert_eq!(switch(&operator, &name, "reset", "x").await.status(), 403);

    let stopped = switch(&owner, &name, "force_open", "the shop asked for quiet").await;
    assert_eq!(stopped.status(), 200);
    let told: Value = stopped.json().await.unwrap();
    assert_eq!(told["action"], "force_open");
    for client in [&owner, &there] {
        let check = state(client, "forced_open").await;
        let message = check["message"].as_str().unwrap();
        assert!(message.contains("the shop asked for quiet"), "{message}");
        // Who is not signed in learns it with the next look of the background, and neither who did it nor why.
        let open = until(|| async {
            let open = client.get("/readyz").await.text().await.unwrap();
            open.contains("stopped by hand").then_some(open)
        })
        .await;
        assert!(!open.contains("asked for quiet"), "{open}");
        assert_eq!(check["healthy"], false);
    }
    // Nothing leaves, at the process that was not asked either.
    let refused = there.post(&probe, &json!({})).await.text().await.unwrap();
    assert!(refused.contains("stopped by hand"), "{refused}");

    // A process that is started anew remembers.
    other.running.stop().await;
    let other = server(&settings).await;
    let there = owner.at(other.running.url());
    there.post(&probe, &json!({})).await;
    state(&there, "forced_open").await;

    assert_eq!(
        switch(&there, &name, "reset", "quiet is over")
            .await
            .status(),
        200
    );
    for client in [&owner, &there] {
        state(client, "closed").await;
    }
    assert_eq!(there.post(&probe, &json!({})).await.status(), 200);
    let audit = owner.read("/v1/audit").await;
    let entries = audit["entries"].as_array().unwrap().iter();
    let told: Vec<_> = entries
        .filter(|e| e["target_kind"] == "circuit")
        .map(|e| (e["action"].clone(), e["reason"].clone()))
        .collect();
    assert_eq!(
        told,
        [
            (json!("circuit.reset"), json!("quiet is over")),
            (
                json!("circuit.force_open"),
                json!("the shop asked for quiet")
            ),
        ]
    );
    one.running.stop().await;
    other.running.stop().await;
    place.remove().await;
}

/// The check of this name, once it is in this state.
async fn named(client: &Client, name: &str, state: &str) -> Value {
    until(|| async {
        let health = client.read("/v1/health").await;
        let checks = health["checks"].as_array()?.clone();
        let is_it = |c: &Value| c["name"] == name && c["circuit_state"] == state;
        checks.into_iter().find(is_it)
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn suppliers_and_ads_have_theirs_by_name_and_only_their_own_people_switch_them() {
    let shop = sandbox(20).await;
    let server = server(&[("SANDBOX_URL", shop.base_url.as_str())]).await;
    let owner = server.owner().await;
    owner.connect_sandbox().await;
    let connect = async |path: &str, body: Value| {
        let (status, account) = answer(owner.post(path, &body).await).await;
        assert_eq!(status, 201, "{account}");
        account["id"].as_str().unwrap().to_owned()
    };
    let watch = json!({ "searches": ["mug"], "most_products": 2 });
    let supplier = json!({ "platform": "cjdropshipping", "sandbox": true, "watch": watch });
    let supplier = connect("/v1/supplier-accounts", supplier).await;
    let ads = json!({ "platform": "meta", "sandbox": true });
    let ads = connect("/v1/ad-accounts", ads).await;
    crate::suppliers::read(&owner, &supplier).await;
    let reading = format!("cjdropshipping/{supplier}/read");
    // It is there before this process has looked at its circuits, too.
    let check = until(|| async {
        let check = named(&owner, &reading, "closed").await;
        check["last_success_at"].is_string().then_some(check)
    })
    .await;
    assert_eq!(check["account_name"], "CJdropshipping", "{check}");
    let writing = format!(
        "meta-ads/{}/write",
        sandbox::ads::META_ACCOUNT.trim_start_matches("act_")
    );
    let check = named(&owner, &writing, "closed").await;
    let account = owner.read(&format!("/v1/ad-accounts/{ads}")).await;
    assert_eq!(check["account_name"], account["name"]);
    let ordering = format!("cjdropshipping/{supplier}/write");
    named(&owner, &ordering, "closed").await;

    let switch = async |client: &Client, name: &str, action: &str| {
        let body = json!({ "name": name, "action": action, "reason": "budgets are frozen" });
        client.post("/v1/circuits", &body).await.status().as_u16()
    };
    let unknown = "meta-ads/1/write";
    assert_eq!(switch(&owner, unknown, "force_open").await, 404);
    assert_eq!(
        switch(&owner, &format!("{writing}/x"), "force_open").await,
        404
    );
    for name in [&reading, &writing, &ordering] {
        assert_eq!(switch(&owner, name, "force_open").await, 200, "{name}");
        let check = named(&owner, name, "forced_open").await;
        let message = check["message"].as_str().unwrap();
        assert!(message.contains("budgets are frozen"), "{message}");
    }
    // Another workspace's owner has no say in them.
    let people = &server.running.composed().people;
    let password = secrecy::SecretString::from(crate::support::PASSWORD);
    people
        .found("Other", "b@example.com", password)
        .await
        .unwrap();
    let token = people
        .create_token("b@example.com", "test", Vec::new(), None)
        .await;
    let mut stranger = server.anybody();
    stranger.token = Some(token.unwrap().0);
    for name in [&reading, &writing] {
        assert_eq!(switch(&stranger, name, "reset").await, 404, "{name}");
    }
    // Nor are they theirs to see, or a reason to call the machine degraded.
    let theirs = owner.read("/v1/health").await;
    assert_eq!(theirs["status"], "degraded", "{theirs}");
    let health = stranger.read("/v1/health").await;
    assert_eq!(health["status"], "healthy", "{health}");
    assert_eq!(theirs["backups"], Value::Null, "nobody set them up");
    let budgets = theirs["budgets"].as_array().unwrap();
    let shop = budgets
        .iter()
        .find(|b| b["account_name"] == "Royal Equips Sandbox");
    let points = |what: &str| shop.and_then(|b| b[what].as_u64());
    let (free, most) = (points("free").unwrap(), points("most").unwrap());
    assert!(free > 0 && free <= most, "{theirs}");
    assert_eq!(most, u64::from(sandbox::Options::default().bucket));
    let told = health.to_string();
    for of_others in ["shopify/", "cjdropshipping/", "meta-ads/"] {
        assert!(theirs.to_string().contains(of_others));
        assert!(!told.contains(of_others), "{told}");
    }
    // The number of an ad account is for who is signed in.
    let open = owner.get("/readyz").await.text().await.unwrap();
    assert!(
        open.contains(&reading) && !open.contains("meta-ads"),
        "{open}"
    );
    // Nothing is read from the supplier meanwhile.
    let path = format!("/v1/supplier-accounts/{supplier}/sync");
    assert_eq!(owner.post(&path, &json!({})).await.status(), 202);
    let stopped = crate::suppliers::read(&owner, &supplier).await;
    assert_eq!(stopped["last_sync"]["status"], "failed", "{stopped}");
    assert!(stopped.to_string().contains("stopped by hand"), "{stopped}");
    for name in [&reading, &writing] {
        assert_eq!(switch(&owner, name, "reset").await, 200, "{name}");
        named(&owner, name, "closed").await;
    }
    server.running.stop().await;
}
