//! Passkeys over HTTP, with an authenticator of the tests.

use crate::support::{Client, EMAIL, PASSWORD, TestServer, server};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use std::time::{SystemTime, UNIX_EPOCH};
use testkit::authenticator::Authenticator;
use totp_rs::Totp;

const ORIGIN: &str = "http://localhost:10000";

async fn body(response: reqwest::Response) -> (StatusCode, Value) {
    let status = response.status();
    (status, response.json().await.unwrap_or_default())
}

async fn begin(client: &Client, code: Option<&str>) -> (StatusCode, Value) {
    let proof = json!({ "current": PASSWORD, "code": code });
    body(client.post("/v1/auth/passkeys/challenge", &proof).await).await
}

/// Answers the new passkey's id.
pub(crate) async fn add(client: &Client, device: &mut Authenticator, name: &str) -> String {
    let (status, challenge) = begin(client, None).await;
    assert_eq!(status, 200, "{challenge}");
    let made = json!({ "name": name, "credential": device.make(&challenge["options"]) });
    let (status, passkey) = body(client.post("/v1/auth/passkeys", &made).await).await;
    assert_eq!(status, 201, "{passkey}");
    passkey["id"].as_str().unwrap().to_owned()
}

async fn challenge(client: &Client) -> Value {
    let nothing = json!({});
    let asked = client.post("/v1/auth/login/passkey/challenge", &nothing);
    let (status, challenge) = body(asked.await).await;
    assert_eq!(status, 200, "{challenge}");
    challenge["options"].clone()
}

async fn answer(client: &Client, device: &mut Authenticator) -> Value {
    json!({ "credential": device.sign(&challenge(client).await) })
}

async fn sign_in(client: &Client, answer: &Value) -> (StatusCode, Value) {
    body(client.post("/v1/auth/login/passkey", answer).await).await
}

async fn with_passkey() -> (TestServer, Client, Authenticator, String) {
    let server = server(&[("PUBLIC_URL", ORIGIN)]).await;
    let owner = server.owner().await;
    let mut device = Authenticator::new(ORIGIN);
    let id = add(&owner, &mut device, "Laptop").await;
    (server, owner, device, id)
}

/// Why sign-ins were refused, newest first; nothing of it is told to whoever tries.
async fn reasons(owner: &Client) -> Vec<String> {
    let audit = owner
        .read("/v1/audit?action=session&outcome=refused&limit=50")
        .await;
    let entries = audit["entries"].as_array().unwrap().iter();
    entries
        .map(|e| e["reason"].as_str().unwrap_or_default().to_owned())
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_passkey_is_made_used_renamed_and_removed() {
    let (server, owner, mut device, id) = with_passkey().await;
    let listed = owner.read("/v1/auth/passkeys").await;
    assert_eq!(listed["possible"], true);
    assert_eq!(listed["passkeys"][0]["name"], "Laptop");
    assert_eq!(listed["passkeys"][0]["last_used_at"], Value::Null);
    let mut browser = server.anybody();
    let signed = answer(&browser, &mut device).await;
    let response = browser.post("/v1/auth/login/passkey", &signed).await;
    assert_eq!(response.status(), 200);
    let cookie = response.headers()["set-cookie"]
        .to_str()
        .unwrap()
        .to_owned();
    assert!(cookie.contains("HttpOnly"), "{cookie}");
    browser.signed_in(response).await;
    assert_eq!(browser.read("/v1/auth/me").await["user"]["email"], EMAIL);
    let listed = owner.read("/v1/auth/passkeys").await;
    assert_ne!(listed["passkeys"][0]["last_used_at"], Value::Null);
    let path = format!("/v1/auth/passkeys/{id}");
    let renamed = owner.request(Method::PATCH, &path);
    let renamed = renamed.json(&json!({ "name": " Phone " })).send().await;
    let (status, passkey) = body(renamed.unwrap()).await;
    assert_eq!(
        (status, &passkey["name"]),
        (StatusCode::OK, &json!("Phone"))
    );
    let waiting = answer(&server.anybody(), &mut device).await;
    let removed = owner.request(Method::DELETE, &path).send().await.unwrap();
    assert_eq!(removed.status(), 204);
    let (status, refused) = sign_in(&server.anybody(), &waiting).await;
    assert_eq!(status, 401, "{refused}");
    let audit = owner.read("/v1/audit?action=passkey").await;
    let actions: Vec<_> = audit["entries"]
        .as_array()
        .unwrap()
        .iter()
        .map(|e| e["action"].as_str().unwrap())
        .collect();
    assert_eq!(actions, ["passkey.remove", "passkey.rename", "passkey.add"]);
    let begun = owner
        .read("/v1/audit?action=session.begin&outcome=done")
        .await
        .to_string();
    assert!(begun.contains("by the passkey Laptop"), "{begun}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_does_not_hold_lets_nobody_in() {
    let (server, owner, mut device, _) = with_passkey().await;
    let browser = server.anybody();
    let refused = async |answer: &Value, why: &str| {
        let (status, problem) = sign_in(&browser, answer).await;
        assert_eq!(status, 401, "{why}: {problem}");
        assert_eq!(problem["type"], "/problems/passkey-refused", "{problem}");
        reasons(&owner).await.remove(0)
    };
    let good = answer(&browser, &mut device).await;
    assert_eq!(sign_in(&browser, &good).await.0, 200);
    let why = refused(&good, "replayed").await;
    assert!(why.contains("answered already"), "{why}");
    device.origin = "http://localhost:10001".to_owned();
    let why = refused(&answer(&browser, &mut device).await, "another port").await;
    assert!(why.contains("origin"), "{why}");
    device.origin = "https://localhost.evil.example".to_owned();
    let why = refused(&answer(&browser, &mut device).await, "another site").await;
    assert!(why.contains("origin"), "{why}");
    device.origin = ORIGIN.to_owned();
    let mut options = challenge(&browser).await;
    options["rpId"] = json!("evil.example");
    let other = json!({ "credential": device.sign(&options) });
    let why = refused(&other, "another relying party").await;
    assert!(why.to_lowercase().contains("rp id"), "{why}");
    device.verifies = false;
    let unverified = answer(&browser, &mut device).await;
    let why = refused(&unverified, "whoever holds the device").await;
    assert!(why.contains("verif"), "{why}");
    device.verifies = true;
    device.count = 0;
    let copied = answer(&browser, &mut device).await;
    let why = refused(&copied, "a copy of the key").await;
    assert!(why.contains("count"), "{why}");
    device.count = 100;
    let mut forged = answer(&browser, &mut device).await;
    let mut stranger = Authenticator::new(ORIGIN);
    let theirs = answer(&browser, &mut stranger).await;
    forged["credential"]["response"]["signature"] =
        theirs["credential"]["response"]["signature"].clone();
    let why = refused(&forged, "signed by another key").await;
    assert!(why.contains("signature"), "{why}");
    let nonsense = json!({ "credential": { "id": "x" } });
    refused(&nonsense, "no answer at all").await;
    let mut enrolling = begin(&owner, None).await.1["options"].clone();
    enrolling["rpId"] = json!("localhost");
    let swapped = json!({ "credential": device.sign(&enrolling) });
    let why = refused(&swapped, "a challenge for something else").await;
    assert!(why.contains("answered already"), "{why}");
    let good = answer(&browser, &mut device).await;
    assert_eq!(sign_in(&browser, &good).await.0, 200, "it works still");
}

#[tokio::test(flavor = "multi_thread")]
async fn strangers_passkeys_and_too_many_tries_are_refused() {
    let (server, owner, _, _) = with_passkey().await;
    let browser = server.anybody();
    let mut stranger = Authenticator::new(ORIGIN);
    let (_, options) = begin(&owner, None).await;
    // Made, and never kept.
    stranger.make(&options["options"]);
    let unknown = answer(&browser, &mut stranger).await;
    assert_eq!(sign_in(&browser, &unknown).await.0, 401);
    assert!(reasons(&owner).await[0].contains("nobody here"));
    let nonsense = json!({ "credential": {} });
    let mut last = StatusCode::OK;
    for _ in 0..30 {
        last = sign_in(&browser, &nonsense).await.0;
    }
    assert_eq!(last, 429);
    let asked = browser
        .post("/v1/auth/login/passkey/challenge", &json!({}))
        .await;
    assert_eq!(asked.status(), 429);
}

#[tokio::test(flavor = "multi_thread")]
async fn making_one_takes_the_password_and_a_code_and_an_answer_that_holds() {
    let (server, owner, mut device, _) = with_passkey().await;
    let wrong = json!({ "current": "another sentence" });
    let (status, problem) = body(owner.post("/v1/auth/passkeys/challenge", &wrong).await).await;
    assert_eq!(
        (status, &problem["type"]),
        (
            StatusCode::UNPROCESSABLE_ENTITY,
            &json!("/problems/wrong-password")
        )
    );
    let keep = async |device: &mut Authenticator, options: &Value| {
        let made = json!({ "name": "Key", "credential": device.make(options) });
        body(owner.post("/v1/auth/passkeys", &made).await).await
    };
    let (_, options) = begin(&owner, None).await;
    let excluded = &options["options"]["excludeCredentials"];
    assert_eq!(excluded.as_array().unwrap().len(), 1, "{options}");
    let (status, known) = keep(&mut device, &options["options"]).await;
    assert_eq!(
        (status, &known["type"]),
        (StatusCode::CONFLICT, &json!("/problems/passkey-known"))
    );
    let mut another = Authenticator::new(ORIGIN);
    let (status, spent) = keep(&mut another, &options["options"]).await;
    assert_eq!(
        (status, &spent["type"]),
        (StatusCode::CONFLICT, &json!("/problems/challenge-spent"))
    );
    for lie in ["origin", "verification"] {
        let mut liar = Authenticator::new(ORIGIN);
        match lie {
            "origin" => liar.origin = "https://evil.example".to_owned(),
            _ => liar.verifies = false,
        }
        let (_, options) = begin(&owner, None).await;
        let (status, refused) = keep(&mut liar, &options["options"]).await;
        assert_eq!(status, 422, "{lie}: {refused}");
        assert_eq!(refused["type"], "/problems/passkey-refused");
    }
    // With a second factor the password alone is not enough, and a passkey asks for no code.
    let key = owner
        .post("/v1/auth/second-factor", &json!({ "current": PASSWORD }))
        .await;
    let key: Value = key.json().await.unwrap();
    let totp = Totp::from_url(key["uri"].as_str().unwrap()).unwrap();
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    let code = json!({ "code": totp.generate(now.as_secs()).to_string() });
    let confirmed = owner.post("/v1/auth/second-factor/confirm", &code).await;
    let codes: Value = confirmed.json().await.unwrap();
    let (status, problem) = begin(&owner, None).await;
    assert_eq!(
        (status, &problem["type"]),
        (
            StatusCode::UNPROCESSABLE_ENTITY,
            &json!("/problems/wrong-code")
        )
    );
    let (status, _) = begin(&owner, codes["recovery_codes"][0].as_str()).await;
    assert_eq!(status, 200);
    let browser = server.anybody();
    let signed = answer(&browser, &mut device).await;
    assert_eq!(sign_in(&browser, &signed).await.0, 200);
    let script = server.script(domain::people::Role::Owner).await;
    let (status, problem) = begin(&script, None).await;
    assert_eq!(
        (status, &problem["type"]),
        (StatusCode::CONFLICT, &json!("/problems/needs-session"))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn on_this_machine_passkeys_are_possible_without_any_setting() {
    let server = server(&[]).await;
    let url = server.running.url();
    assert!(url.starts_with("http://localhost:"), "{url}");
    let owner = server.owner().await;
    assert_eq!(owner.read("/v1/auth/passkeys").await["possible"], true);
}

#[tokio::test(flavor = "multi_thread")]
async fn where_browsers_take_no_passkeys_none_are_offered() {
    let server = server(&[("PUBLIC_URL", "http://127.0.0.1:10000")]).await;
    let owner = server.owner().await;
    let methods = server.anybody().read("/v1/auth/methods").await;
    assert_eq!(methods["passkeys"], false, "127.0.0.1 is no name");
    assert_eq!(owner.read("/v1/auth/passkeys").await["possible"], false);
    let (status, problem) = begin(&owner, None).await;
    assert_eq!(
        (status, &problem["type"]),
        (
            StatusCode::CONFLICT,
            &json!("/problems/passkeys-not-set-up")
        )
    );
    let asked = server
        .anybody()
        .post("/v1/auth/login/passkey/challenge", &json!({}))
        .await;
    assert_eq!(asked.status(), 409);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deactivated_person_stays_outside() {
    let (server, owner, _, _) = with_passkey().await;
    let invite = json!({ "email": "bob@example.com", "role": "viewer" });
    let link: Value = owner
        .post("/v1/invitations", &invite)
        .await
        .json()
        .await
        .unwrap();
    let (_, link) = link["url"].as_str().unwrap().split_once('#').unwrap();
    let mut bob = server.anybody();
    let join = json!({ "link": link, "password": PASSWORD });
    let joined = bob.post("/v1/auth/accept", &join).await;
    bob.signed_in(joined).await;
    let mut device = Authenticator::new(ORIGIN);
    add(&bob, &mut device, "Phone").await;
    let id = bob.read("/v1/auth/me").await["user"]["id"].clone();
    let path = format!("/v1/users/{}", id.as_str().unwrap());
    let off = owner.request(Method::PATCH, &path);
    let off = off.json(&json!({ "disabled": true })).send().await.unwrap();
    assert_eq!(off.status(), 200);
    let signed = answer(&server.anybody(), &mut device).await;
    assert_eq!(sign_in(&server.anybody(), &signed).await.0, 401);
    assert!(reasons(&owner).await[0].contains("no access"));
}
