//! Nobody is there yet: the owner is made with the code that the server printed.

use crate::support::{EMAIL, PASSWORD, server};
use serde_json::{Value, json};
use std::os::unix::fs::PermissionsExt as _;

fn body(code: &str, email: &str, password: &str) -> Value {
    json!({ "setup_code": code, "email": email, "password": password, "workspace_name": "Acme" })
}

#[tokio::test(flavor = "multi_thread")]
async fn the_code_makes_one_owner_and_is_spent() {
    let server = server(&[]).await;
    let client = server.anybody();
    let code = server.running.setup_code().unwrap().to_owned();
    let file = server.folder.path().join("setup-code");
    assert_eq!(std::fs::read_to_string(&file).unwrap().trim(), code);
    assert_eq!(
        std::fs::metadata(&file).unwrap().permissions().mode() & 0o777,
        0o600
    );
    let before = client.read("/v1/setup").await;
    assert_eq!(
        (&before["needs_owner"], &before["sandbox_available"]),
        (&json!(true), &json!(false))
    );

    let wrong = client
        .post("/v1/auth/setup", &body("AAAA-BBBB-CCCC", EMAIL, PASSWORD))
        .await;
    assert_eq!(wrong.status(), 403);
    assert_eq!(
        wrong.json::<Value>().await.unwrap()["type"],
        "/problems/setup-code-wrong"
    );

    let typed = code.to_lowercase().replace('-', " ");
    let made = client
        .post("/v1/auth/setup", &body(&typed, EMAIL, PASSWORD))
        .await;
    assert_eq!(made.status(), 201);
    let cookie = made.headers()["set-cookie"].to_str().unwrap().to_owned();
    assert!(
        cookie.starts_with("royal_session=")
            && cookie.contains("HttpOnly")
            && cookie.contains("SameSite=Lax"),
        "{cookie}"
    );
    assert!(
        !cookie.contains("Secure"),
        "browsers drop it on plain http: {cookie}"
    );
    let session: Value = made.json().await.unwrap();
    assert_eq!(
        (&session["user"]["role"], &session["workspace"]["name"]),
        (&json!("owner"), &json!("Acme"))
    );

    assert!(!file.exists());
    assert_eq!(client.read("/v1/setup").await["needs_owner"], false);
    let again = client
        .post(
            "/v1/auth/setup",
            &body(&code, "other@example.com", PASSWORD),
        )
        .await;
    assert_eq!(again.status(), 409);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_an_owner_is_named_by_field() {
    let server = server(&[]).await;
    let client = server.anybody();
    let code = server.running.setup_code().unwrap();
    for (email, password, field) in [
        ("nobody", PASSWORD, "email"),
        (EMAIL, "short", "password"),
        (EMAIL, "password123", "password"),
    ] {
        let refused = client
            .post("/v1/auth/setup", &body(code, email, password))
            .await;
        assert_eq!(refused.status(), 400);
        let problem: Value = refused.json().await.unwrap();
        assert_eq!(problem["errors"][0]["field"], field, "{problem}");
        assert!(!problem.to_string().contains(password) || password == PASSWORD);
    }
    assert_eq!(client.read("/v1/setup").await["needs_owner"], true);
}

#[tokio::test(flavor = "multi_thread")]
async fn over_tls_the_cookie_is_bound_to_the_host() {
    let server = server(&[("PUBLIC_URL", "https://royal.example.com")]).await;
    let code = server.running.setup_code().unwrap();
    let made = server
        .anybody()
        .post("/v1/auth/setup", &body(code, EMAIL, PASSWORD))
        .await;
    let cookie = made.headers()["set-cookie"].to_str().unwrap();
    assert!(
        cookie.starts_with("__Host-royal_session=") && cookie.contains("Secure"),
        "{cookie}"
    );
    assert!(made.headers().contains_key("strict-transport-security"));
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_in_and_out() {
    let server = server(&[]).await;
    let owner = server.owner().await;
    let mut client = server.anybody();
    for (email, password) in [(EMAIL, "wrong horse"), ("nobody@example.com", PASSWORD)] {
        let refused = client
            .post(
                "/v1/auth/login",
                &json!({ "email": email, "password": password }),
            )
            .await;
        assert_eq!(refused.status(), 401);
        let problem: Value = refused.json().await.unwrap();
        assert_eq!(
            problem["detail"],
            "the e-mail address or the password is wrong"
        );
    }
    let session = client
        .post(
            "/v1/auth/login",
            &json!({ "email": " Owner@Example.com ", "password": PASSWORD }),
        )
        .await;
    assert_eq!(session.status(), 200);
    client.signed_in(session).await;
    assert_eq!(
        client.read("/v1/auth/me").await["csrf_token"].as_str(),
        client.csrf.as_deref()
    );
    let out = client.post("/v1/auth/logout", &json!({})).await;
    assert_eq!(out.status(), 204);
    assert!(
        out.headers()["set-cookie"]
            .to_str()
            .unwrap()
            .contains("Max-Age=0")
    );
    assert_eq!(client.get("/v1/auth/me").await.status(), 401);
    assert_eq!(
        owner.get("/v1/auth/me").await.status(),
        200,
        "another session is not touched"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn guessing_is_slowed_down() {
    let server = server(&[]).await;
    server.owner().await;
    let client = server.anybody();
    let guess = json!({ "email": EMAIL, "password": "wrong horse" });
    for _ in 0..10 {
        assert_eq!(client.post("/v1/auth/login", &guess).await.status(), 401);
    }
    let limited = client.post("/v1/auth/login", &guess).await;
    assert_eq!(limited.status(), 429);
    let wait: u64 = limited.headers()["retry-after"]
        .to_str()
        .unwrap()
        .parse()
        .unwrap();
    assert!((1..=60).contains(&wait), "{wait}");
}
