//! People over HTTP: invitations, roles, sessions, passwords, and what another workspace sees.

use crate::support::{Client, EMAIL, PASSWORD, TestServer, server};
use domain::people::Role;
use reqwest::{Method, StatusCode};
use secrecy::SecretString;
use serde_json::{Value, json};

const NEW: &str = "a new and quiet sentence";

async fn sign_in(server: &TestServer, email: &str, password: &str) -> Result<Client, StatusCode> {
    let mut client = server.anybody();
    let body = json!({ "email": email, "password": password });
    let response = client.post("/v1/auth/login", &body).await;
    if response.status() != 200 {
        return Err(response.status());
    }
    client.signed_in(response).await;
    Ok(client)
}

async fn send(client: &Client, method: Method, path: &str, body: &Value) -> (StatusCode, Value) {
    let response = client
        .request(method, path)
        .json(body)
        .send()
        .await
        .unwrap();
    let status = response.status();
    (status, response.json().await.unwrap_or(Value::Null))
}

/// What stands behind `#`.
fn secret(link: &Value) -> String {
    let url = link["url"].as_str().unwrap();
    url.split_once('#').unwrap().1.to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invited_person_joins_once_with_the_role_of_the_invitation() {
    let server = server(&[]).await;
    let owner = server.owner().await;
    let wanted = json!({ "email": "Bob@example.com", "role": "operator" });
    let (status, link) = send(&owner, Method::POST, "/v1/invitations", &wanted).await;
    assert_eq!(status, 201, "{link}");
    assert!(
        link["url"]
            .as_str()
            .unwrap()
            .contains("/command-center/join#")
    );
    let listed = owner.read("/v1/invitations").await;
    assert_eq!(listed["invitations"][0]["email"], "bob@example.com");
    assert!(!listed.to_string().contains(&secret(&link)));

    let look = json!({ "link": secret(&link) });
    let mut bob = server.anybody();
    let (status, meaning) = send(&bob, Method::POST, "/v1/auth/link", &look).await;
    assert_eq!(
        (status, &meaning["workspace"]),
        (StatusCode::OK, &json!("Acme"))
    );
    let accept = json!({ "link": secret(&link), "password": NEW });
    let weak = json!({ "link": secret(&link), "password": "password1" });
    let (status, _) = send(&bob, Method::POST, "/v1/auth/accept", &weak).await;
    assert_eq!(status, 400, "a weak password does not spend it");
    let joined = bob.post("/v1/auth/accept", &accept).await;
    assert_eq!(joined.status(), 201);
    bob.signed_in(joined).await;
    assert_eq!(bob.read("/v1/auth/me").await["user"]["role"], "operator");
    let (status, _) = send(&server.anybody(), Method::POST, "/v1/auth/accept", &accept).await;
    assert_eq!(status, 404);
    assert_eq!(bob.get("/v1/users").await.status(), 403);
    assert!(sign_in(&server, "bob@example.com", NEW).await.is_ok());
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_gives_or_takes_a_role_above_their_own_and_the_last_owner_stays() {
    let server = server(&[]).await;
    let owner = server.owner().await;
    let admin = server.script(Role::Admin).await;
    let users = owner.read("/v1/users").await;
    let id = |email: &str| {
        let all = users["users"].as_array().unwrap();
        let found = all.iter().find(|u| u["email"] == email).unwrap();
        format!("/v1/users/{}", found["id"].as_str().unwrap())
    };
    let (owner_path, admin_path) = (id(EMAIL), id("admin@example.com"));
    let role = |role: &str| json!({ "role": role });
    let patch =
        async |who: &Client, path: &str, body: Value| send(who, Method::PATCH, path, &body).await.0;
    assert_eq!(patch(&admin, &owner_path, role("viewer")).await, 403);
    assert_eq!(patch(&admin, &admin_path, role("owner")).await, 403);
    let invite = json!({ "email": "x@example.com", "role": "owner" });
    let (status, _) = send(&admin, Method::POST, "/v1/invitations", &invite).await;
    assert_eq!(status, 403);
    let (status, _) = send(
        &admin,
        Method::POST,
        &format!("{owner_path}/reset-link"),
        &json!({}),
    )
    .await;
    assert_eq!(status, 403);

    assert_eq!(
        patch(&owner, &owner_path, role("admin")).await,
        409,
        "the last owner"
    );
    assert_eq!(
        patch(&owner, &owner_path, json!({ "disabled": true })).await,
        409
    );
    assert_eq!(patch(&owner, &admin_path, role("owner")).await, 200);
    assert_eq!(patch(&owner, &admin_path, role("emperor")).await, 400);
    assert_eq!(
        patch(&admin, &owner_path, json!({ "disabled": true })).await,
        200
    );
    assert_eq!(
        owner.get("/v1/auth/me").await.status(),
        401,
        "signed out at once"
    );
    assert!(sign_in(&server, EMAIL, PASSWORD).await.is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cookie_that_was_stolen_is_dead_after_the_sign_out() {
    let server = server(&[]).await;
    let owner = server.owner().await;
    let mut thief = owner.clone();
    thief.csrf = None;
    assert_eq!(thief.get("/v1/auth/me").await.status(), 200);
    let again = sign_in(&server, EMAIL, PASSWORD).await.unwrap();
    assert_ne!(
        again.cookie, owner.cookie,
        "each sign-in has an id of its own"
    );
    assert_eq!(
        owner.post("/v1/auth/logout", &json!({})).await.status(),
        204
    );
    assert_eq!(thief.get("/v1/auth/me").await.status(), 401);
    assert_eq!(again.get("/v1/auth/me").await.status(), 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn sessions_are_seen_and_ended_from_any_of_them() {
    let server = server(&[]).await;
    let owner = server.owner().await;
    let other = sign_in(&server, EMAIL, PASSWORD).await.unwrap();
    let third = sign_in(&server, EMAIL, PASSWORD).await.unwrap();
    let sessions = owner.read("/v1/auth/sessions").await;
    let all = sessions["sessions"].as_array().unwrap();
    assert_eq!(all.len(), 3, "{sessions}");
    assert_eq!(all.iter().filter(|s| s["is_current"] == true).count(), 1);
    assert_eq!(all[0]["address"], "127.0.0.1");
    let mine = other.read("/v1/auth/sessions").await;
    let own = mine["sessions"]
        .as_array()
        .unwrap()
        .iter()
        .find(|s| s["is_current"] == true);
    let path = format!("/v1/auth/sessions/{}", own.unwrap()["id"].as_str().unwrap());
    let (status, _) = send(&owner, Method::DELETE, &path, &json!({})).await;
    assert_eq!(status, 204);
    assert_eq!(other.get("/v1/auth/me").await.status(), 401);
    let (status, _) = send(&owner, Method::DELETE, &path, &json!({})).await;
    assert_eq!(status, 404);
    let (status, ended) = send(&owner, Method::DELETE, "/v1/auth/sessions", &json!({})).await;
    assert_eq!((status, &ended["ended"]), (StatusCode::OK, &json!(1)));
    assert_eq!(third.get("/v1/auth/me").await.status(), 401);
    assert_eq!(owner.get("/v1/auth/me").await.status(), 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_is_changed_by_who_knows_it_and_reset_by_a_link() {
    let server = server(&[]).await;
    let owner = server.owner().await;
    let other = sign_in(&server, EMAIL, PASSWORD).await.unwrap();
    let change = |current: &str| json!({ "current": current, "new": NEW });
    let path = "/v1/auth/password";
    let (status, problem) = send(&owner, Method::POST, path, &change("wrong")).await;
    assert_eq!(
        (status.as_u16(), &problem["errors"][0]["field"]),
        (422, &json!("current"))
    );
    let (status, _) = send(&owner, Method::POST, path, &change(PASSWORD)).await;
    assert_eq!(status, 204);
    assert_eq!(owner.get("/v1/auth/me").await.status(), 200);
    assert_eq!(other.get("/v1/auth/me").await.status(), 401);
    assert!(sign_in(&server, EMAIL, PASSWORD).await.is_err());

    let people = &server.running.composed().people;
    let link = people.reset_link_by_email(EMAIL).await.unwrap();
    let accept = json!({ "link": link.secret, "password": PASSWORD });
    let anybody = server.anybody();
    assert_eq!(anybody.post("/v1/auth/accept", &accept).await.status(), 201);
    assert_eq!(anybody.post("/v1/auth/accept", &accept).await.status(), 404);
    assert_eq!(
        owner.get("/v1/auth/me").await.status(),
        401,
        "all sessions end"
    );
    assert!(sign_in(&server, EMAIL, PASSWORD).await.is_ok());
}

#[tokio::test(flavor = "multi_thread")]
async fn five_hundred_wrong_passwords_throttle_who_guesses_and_nobody_else() {
    let server = server(&[("TRUSTED_PROXIES", "127.0.0.1")]).await;
    server.owner().await;
    let from = |address: &str, password: &str| {
        let body = json!({ "email": EMAIL, "password": password });
        let request = server
            .anybody()
            .request(Method::POST, "/v1/auth/login")
            .json(&body);
        request.header("x-forwarded-for", address).send()
    };
    let mut throttled = 0;
    for n in 0..500 {
        let answer = from("203.0.113.66", &format!("guess {n}")).await.unwrap();
        match answer.status().as_u16() {
            401 => {}
            429 => {
                assert!(answer.headers().contains_key("retry-after"));
                throttled += 1;
            }
            other => panic!("{other}"),
        }
    }
    assert!(throttled >= 480, "{throttled} of 500 were put off");
    let refused = from("203.0.113.66", PASSWORD).await.unwrap();
    assert_eq!(refused.status(), 429, "even when a guess is right");
    let elsewhere = from("198.51.100.7", PASSWORD).await.unwrap();
    assert_eq!(elsewhere.status(), 200, "the owner is not locked out");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_workspace_sees_nothing_of_the_first() {
    let server = server(&[]).await;
    let owner = server.owner().await;
    let (_, link) = send(
        &owner,
        Method::POST,
        "/v1/invitations",
        &json!({ "email": "bob@example.com", "role": "viewer" }),
    )
    .await;
    assert!(link["url"].is_string());
    let made = owner.post("/v1/tokens", &json!({ "name": "first" })).await;
    let token: Value = made.json().await.unwrap();
    let people = &server.running.composed().people;
    let password = SecretString::from(PASSWORD);
    let founded = people.found("Second", "eve@example.com", password).await;
    founded.unwrap();
    let eve = sign_in(&server, "eve@example.com", PASSWORD).await.unwrap();
    let texts = [
        eve.read("/v1/users").await.to_string(),
        eve.read("/v1/tokens?all=true").await.to_string(),
        eve.read("/v1/invitations").await.to_string(),
        eve.read("/v1/audit").await.to_string(),
        eve.read("/v1/connections").await.to_string(),
        eve.read("/v1/syncs").await.to_string(),
    ];
    for text in &texts {
        assert!(
            !text.contains("example.com") || text.contains("eve@"),
            "{text}"
        );
        assert!(!text.contains(EMAIL) && !text.contains("bob@"), "{text}");
    }
    let invitation = owner.read("/v1/invitations").await["invitations"][0]["id"].clone();
    let user = owner.read("/v1/auth/me").await["user"]["id"].clone();
    let id = |value: &Value| value.as_str().unwrap().to_owned();
    let paths = [
        (
            Method::DELETE,
            format!("/v1/tokens/{}", id(&token["token"]["id"])),
        ),
        (
            Method::DELETE,
            format!("/v1/invitations/{}", id(&invitation)),
        ),
        (Method::PATCH, format!("/v1/users/{}", id(&user))),
        (Method::POST, format!("/v1/users/{}/reset-link", id(&user))),
    ];
    for (method, path) in paths {
        let (status, _) = send(&eve, method, &path, &json!({ "role": "viewer" })).await;
        assert_eq!(status, 404, "{path}");
    }
    assert_eq!(owner.get("/v1/auth/me").await.status(), 200);
}
