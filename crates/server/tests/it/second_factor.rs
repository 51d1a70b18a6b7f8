//! Second factors over HTTP: enrolment, the second step, what is refused, and who may take them away.

use crate::support::{Client, EMAIL, PASSWORD, TestServer, server};
use domain::people::Role;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use totp_rs::Totp;

async fn send(client: &Client, method: Method, path: &str, body: &Value) -> (StatusCode, Value) {
    let request = client.request(method, path).json(body);
    let response = request.send().await.unwrap();
    let status = response.status();
    (status, response.json().await.unwrap_or(Value::Null))
}

async fn post(client: &Client, path: &str, body: Value) -> (StatusCode, Value) {
    send(client, Method::POST, path, &body).await
}

fn now() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    since.as_secs()
}

/// The code of the step after this one: the one of now confirmed the enrolment.
fn next_code(totp: &Totp) -> String {
    totp.generate(now() + 30).to_string()
}

async fn enrol(owner: &Client) -> (Totp, Vec<String>) {
    let asked = json!({ "current": PASSWORD });
    let (status, key) = post(owner, "/v1/auth/second-factor", asked).await;
    assert_eq!(status, 201, "{key}");
    let totp = Totp::from_url(key["uri"].as_str().unwrap()).unwrap();
    assert_eq!(totp.secret().to_base32(), key["key"].as_str().unwrap());
    assert!(key["qr"]["path"].as_str().unwrap().starts_with("M0 0h7"));
    // Not at the very end of a step, so that what follows falls into one.
    while now() % 30 > 25 {
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    let code = totp.generate(now()).to_string();
    let path = "/v1/auth/second-factor/confirm";
    let (status, codes) = post(owner, path, json!({ "code": code })).await;
    assert_eq!(status, 200, "{codes}");
    let codes = codes["recovery_codes"].as_array().unwrap();
    let codes = codes.iter().map(|c| c.as_str().unwrap().to_owned());
    (totp, codes.collect())
}

/// As far as the password gets.
async fn first_step(server: &TestServer) -> Value {
    let body = json!({ "email": EMAIL, "password": PASSWORD });
    let response = server.anybody().post("/v1/auth/login", &body).await;
    assert_eq!(response.status(), 202);
    assert!(response.headers().get("set-cookie").is_none());
    response.json().await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn sign_in_asks_for_a_code_that_works_once() {
    let server = server(&[]).await;
    let owner = server.owner().await;
    let (totp, recovery) = enrol(&owner).await;
    let state = owner.read("/v1/auth/second-factor").await;
    assert_eq!(state["enabled"], true);
    assert_eq!(state["recovery_codes_left"], 10);
    let users = owner.read("/v1/users").await;
    assert_eq!(users["users"][0]["has_second_factor"], true);

    let step = first_step(&server).await;
    let finish = async |code: &str| {
        let body = json!({ "pending": step["pending"], "code": code });
        server.anybody().post("/v1/auth/login/code", &body).await
    };
    let replayed = finish(&totp.generate(now()).to_string()).await;
    assert_eq!(replayed.status(), 401, "it confirmed the enrolment");
    let old = finish(&totp.generate(now() - 90).to_string()).await;
    let refused: Value = old.json().await.unwrap();
    assert_eq!(refused["type"], "/problems/code-refused");
    let code = next_code(&totp);
    let response = finish(&code).await;
    assert_eq!(response.status(), 200);
    let mut browser = server.anybody();
    browser.signed_in(response).await;
    assert_eq!(browser.read("/v1/auth/me").await["user"]["email"], EMAIL);
    let spent: Value = finish(&recovery[0]).await.json().await.unwrap();
    assert_eq!(spent["type"], "/problems/sign-in-spent");

    let with_code = |code: &str| json!({ "email": EMAIL, "password": PASSWORD, "totp": code });
    let (status, _) = post(&server.anybody(), "/v1/auth/login", with_code(&code)).await;
    assert_eq!(status, 401, "replayed");
    let (status, _) = post(&server.anybody(), "/v1/auth/login", with_code(&recovery[0])).await;
    assert_eq!(status, 200, "both steps at once");
    let (status, _) = post(&server.anybody(), "/v1/auth/login", with_code(&recovery[0])).await;
    assert_eq!(status, 401, "a recovery code works once");
    let audit = owner.read("/v1/audit?action=user").await.to_string();
    for action in ["user.second_factor", "user.recovery_code", "user.code"] {
        assert!(audit.contains(action), "{action}: {audit}");
    }
    for secret in recovery.iter().chain([&totp.secret().to_base32(), &code]) {
        assert!(!audit.contains(secret.as_str()), "{audit}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn five_hundred_wrong_codes_let_nobody_in() {
    let server = server(&[("TRUSTED_PROXIES", "127.0.0.1")]).await;
    let owner = server.owner().await;
    let (totp, recovery) = enrol(&owner).await;
    let step = first_step(&server).await;
    let right = next_code(&totp);
    let mut looked_at = 0;
    for number in 0..500_u32 {
        // Each from an address of its own, as a botnet would.
        let guess = format!(
            "{:06}",
            (right.parse::<u32>().unwrap() + 1 + number) % 1_000_000
        );
        let body = json!({ "pending": step["pending"], "code": guess });
        let request = server
            .anybody()
            .request(Method::POST, "/v1/auth/login/code")
            .header(
                "x-forwarded-for",
                format!("198.51.{}.{}", number / 250, number % 250),
            )
            .json(&body);
        let response = request.send().await.unwrap();
        match response.status().as_u16() {
            401 => looked_at += 1,
            429 => assert!(response.headers().contains_key("retry-after")),
            other => panic!("{other}"),
        }
    }
    assert!(looked_at <= 5, "{looked_at} were looked at");
    let from_elsewhere = async |code: &str| {
        let body = json!({ "email": EMAIL, "password": PASSWORD, "totp": code });
        let request = server
            .anybody()
            .request(Method::POST, "/v1/auth/login")
            .header("x-forwarded-for", "203.0.113.5");
        request.json(&body).send().await.unwrap().status()
    };
    assert_eq!(from_elsewhere(&right).await, 429, "not even the right one");
    assert_eq!(from_elsewhere(&recovery[0]).await, 200);
    assert_eq!(owner.get("/v1/auth/me").await.status(), 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn it_goes_with_password_and_code_or_through_an_admin() {
    let server = server(&[]).await;
    let owner = server.owner().await;
    let script = server.script(Role::Owner).await;
    let asked = json!({ "current": PASSWORD });
    let (status, _) = post(&script, "/v1/auth/second-factor", asked).await;
    assert_eq!(status, 409, "a token has no authenticator");
    let wrong = json!({ "current": "wrong horse battery" });
    let (status, _) = post(&owner, "/v1/auth/second-factor", wrong).await;
    assert_eq!(status, 422);
    let (_, recovery) = enrol(&owner).await;
    let path = "/v1/auth/second-factor/remove";
    let without = json!({ "current": PASSWORD, "code": "000000" });
    let (status, problem) = post(&owner, path, without).await;
    assert_eq!(status, 422);
    assert_eq!(problem["errors"][0]["field"], "code");
    let right = json!({ "current": PASSWORD, "code": recovery[3] });
    assert_eq!(post(&owner, path, right).await.0, 204);
    let body = json!({ "email": EMAIL, "password": PASSWORD });
    let (status, _) = post(&server.anybody(), "/v1/auth/login", body).await;
    assert_eq!(status, 200);

    enrol(&owner).await;
    let id = owner.read("/v1/auth/me").await["user"]["id"].clone();
    let path = format!("/v1/users/{}/second-factor", id.as_str().unwrap());
    let admin = server.script(Role::Admin).await;
    let (status, _) = send(&admin, Method::DELETE, &path, &Value::Null).await;
    assert_eq!(status, 403, "nobody disarms who stands above them");
    let (status, _) = send(&script, Method::DELETE, &path, &Value::Null).await;
    assert_eq!(status, 204);
    let (status, _) = send(&script, Method::DELETE, &path, &Value::Null).await;
    assert_eq!(status, 404);
    assert_eq!(owner.read("/v1/auth/second-factor").await["enabled"], false);
}
