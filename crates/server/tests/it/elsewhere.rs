//! Sign-in at a provider of identities: a browser's way there and back, and every answer that must not be believed.

use crate::support::{Client, EMAIL, PASSWORD, TestServer, server};
use reqwest::{Method, Response};
use sandbox::oidc::{CLIENT_ID, CLIENT_SECRET, Person, Provider, Wrong, start};
use serde_json::{Value, json};

fn person(email: &str, groups: &[&str]) -> Person {
    Person {
        subject: format!("subject of {email}"),
        email: email.to_owned(),
        email_verified: true,
        groups: groups.iter().map(|g| (*g).to_owned()).collect(),
    }
}

async fn provider() -> Provider {
    start(person("ada@example.com", &["staff"])).await.unwrap()
}

async fn with(provider: &Provider, more: &[(&str, &str)]) -> TestServer {
    let mut settings = vec![
        ("OIDC_ISSUER", provider.issuer.as_str()),
        ("OIDC_CLIENT_ID", CLIENT_ID),
        ("OIDC_CLIENT_SECRET", CLIENT_SECRET),
        ("OIDC_ROLES", "staff=operator, bosses=admin"),
        ("OIDC_LABEL", "Acme ID"),
    ];
    settings.extend(more);
    server(&settings).await
}

fn location(response: &Response) -> String {
    response.headers()["location"].to_str().unwrap().to_owned()
}

fn cookie(response: &Response, name: &str) -> Option<String> {
    let all = response.headers().get_all("set-cookie").iter();
    let mut texts = all.map(|v| v.to_str().unwrap().split(';').next().unwrap().to_owned());
    texts.find(|c| c.starts_with(&format!("{name}=")) && !c.ends_with('='))
}

/// A browser that was sent away, with its way back.
async fn away(server: &TestServer) -> (Client, String) {
    let mut browser = server.anybody();
    let sent = browser.get("/v1/auth/oidc?next=/orders").await;
    assert_eq!(sent.status(), 302);
    let to = location(&sent);
    assert!(to.contains("code_challenge_method=S256"), "{to}");
    browser.cookie = cookie(&sent, "royal_away");
    assert!(browser.cookie.is_some());
    // The provider is another site: none of our cookies goes there.
    let there = Client::new("")
        .request(Method::GET, &to)
        .send()
        .await
        .unwrap();
    assert_eq!(there.status(), 302, "{}", there.text().await.unwrap());
    let back = location(&there);
    let path = back.strip_prefix(server.running.url()).unwrap().to_owned();
    (browser, path)
}

/// The whole way; answers where it ends, and the session when there is one.
async fn sign_in(server: &TestServer) -> (String, Option<Client>) {
    let (browser, back) = away(server).await;
    arrive(server, &browser, &back).await
}

async fn arrive(server: &TestServer, browser: &Client, back: &str) -> (String, Option<Client>) {
    let response = browser.get(back).await;
    assert_eq!(response.status(), 302, "{back}");
    let session = cookie(&response, "royal_session").map(|cookie| {
        let mut client = server.anybody();
        client.cookie = Some(cookie);
        client
    });
    (location(&response), session)
}

fn refused(word: &str) -> String {
    format!("/command-center/login?refused={word}")
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_new_comes_in_with_the_role_of_their_group() {
    let provider = provider().await;
    let server = with(&provider, &[]).await;
    let owner = server.owner().await;
    let methods = server.anybody().read("/v1/auth/methods").await;
    assert_eq!(methods["elsewhere"], "Acme ID");
    let (to, session) = sign_in(&server).await;
    assert_eq!(to, "/command-center/orders");
    let me = session.unwrap().read("/v1/auth/me").await;
    assert_eq!(me["user"]["email"], "ada@example.com");
    assert_eq!(me["user"]["role"], "operator");
    assert_eq!(me["workspace"]["name"], "Acme");
    // The subject names them, whatever their address is by now; and a group counts each time.
    provider.set_person(Person {
        email: "ada.lovelace@example.com".to_owned(),
        groups: vec!["bosses".to_owned(), "staff".to_owned()],
        ..person("ada@example.com", &[])
    });
    let (_, session) = sign_in(&server).await;
    let again = session.unwrap().read("/v1/auth/me").await;
    assert_eq!(again["user"]["id"], me["user"]["id"]);
    assert_eq!(again["user"]["email"], "ada@example.com");
    assert_eq!(again["user"]["role"], "admin");
    // There is no password that fits, and no second person.
    let body = json!({ "email": "ada@example.com", "password": "!" });
    let by_password = server.anybody().post("/v1/auth/login", &body).await;
    assert_eq!(by_password.status(), 401);
    let users = owner.read("/v1/users").await;
    assert_eq!(users["total"], 2, "{users}");
    let audit = owner.read("/v1/audit").await.to_string();
    assert!(!audit.contains(CLIENT_SECRET) && audit.contains("user.join"));
    assert_eq!(provider.tokens(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_verified_address_leads_to_who_has_it_and_another_one_to_nobody() {
    let provider = provider().await;
    let server = with(&provider, &[]).await;
    let owner = server.owner().await;
    let unverified = Person {
        email_verified: false,
        ..person(EMAIL, &["staff"])
    };
    provider.set_person(unverified);
    let (to, session) = sign_in(&server).await;
    assert_eq!(to, refused("no-address"));
    assert!(session.is_none());
    provider.set_person(person(EMAIL, &["staff"]));
    let (_, session) = sign_in(&server).await;
    let me = session.unwrap().read("/v1/auth/me").await;
    assert_eq!(me["user"]["email"], EMAIL);
    assert_eq!(me["user"]["role"], "owner", "owners are made by owners");
    let body = json!({ "email": EMAIL, "password": PASSWORD });
    let by_password = server.anybody().post("/v1/auth/login", &body).await;
    assert_eq!(by_password.status(), 200, "the password still works");
    let users = owner.read("/v1/users").await;
    assert_eq!(users["total"], 1, "{users}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_token_does_not_say_is_asked_for_and_is_about_the_same_person() {
    let provider = provider().await;
    let server = with(&provider, &[]).await;
    let owner = server.owner().await;
    provider.set_thin(true);
    provider.set_wrong(Wrong::Subject);
    let (to, session) = sign_in(&server).await;
    assert_eq!(to, refused("unproved"));
    assert!(session.is_none());
    let audit = owner.read("/v1/audit?action=session&outcome=refused").await;
    let why = audit["entries"][0]["reason"].as_str().unwrap();
    assert!(why.contains("somebody else"), "{why}");
    provider.set_wrong(Wrong::Nothing);
    let (_, session) = sign_in(&server).await;
    let me = session.unwrap().read("/v1/auth/me").await;
    assert_eq!(me["user"]["email"], "ada@example.com");
    assert_eq!(me["user"]["role"], "operator", "by the group");
    provider.set_person(Person {
        email_verified: false,
        ..person("eve@example.com", &["staff"])
    });
    let (to, _) = sign_in(&server).await;
    assert_eq!(to, refused("no-address"), "an address that nobody verified");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_proved_is_not_believed() {
    let provider = provider().await;
    let server = with(&provider, &[]).await;
    let owner = server.owner().await;
    for wrong in [
        Wrong::Key,
        Wrong::Nonce,
        Wrong::Audience,
        Wrong::Issuer,
        Wrong::Expired,
        Wrong::Unsigned,
    ] {
        provider.set_wrong(wrong);
        let (to, session) = sign_in(&server).await;
        assert_eq!(to, refused("unproved"), "{wrong:?}");
        assert!(session.is_none(), "{wrong:?}");
    }
    let users = owner.read("/v1/users").await;
    assert_eq!(users["total"], 1, "{users}");
    let audit = owner.read("/v1/audit?outcome=refused").await.to_string();
    for reason in [
        "not signed by the provider",
        "answers another question",
        "meant for somebody else",
        "another issuer's",
        "too old",
    ] {
        assert!(audit.contains(reason), "{reason}: {audit}");
    }
    provider.set_wrong(Wrong::Nothing);
    assert!(sign_in(&server).await.1.is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_way_back_belongs_to_one_browser_and_is_gone_once() {
    let provider = provider().await;
    let server = with(&provider, &[]).await;
    server.owner().await;
    let (browser, back) = away(&server).await;
    let (to, session) = arrive(&server, &server.anybody(), &back).await;
    assert_eq!(to, refused("lost"), "without the browser's own state");
    assert!(session.is_none());
    let (_, others) = away(&server).await;
    let (to, _) = arrive(&server, &browser, &others).await;
    assert_eq!(to, refused("lost"), "with somebody else's answer");
    let (to, _) = arrive(&server, &browser, "/v1/auth/oidc/callback?code=x").await;
    assert_eq!(to, refused("lost"), "without any state");
    let (to, session) = arrive(&server, &browser, &back).await;
    assert_eq!(
        (to.as_str(), session.is_some()),
        ("/command-center/orders", true)
    );
    let (to, session) = arrive(&server, &browser, &back).await;
    assert_eq!(to, refused("lost"), "a second time");
    assert!(session.is_none());
    let (browser, back) = away(&server).await;
    let (path, query) = back.split_once('?').unwrap();
    let state = query.split('&').find(|p| p.starts_with("state=")).unwrap();
    let declined = format!("{path}?error=access_denied&{state}");
    let (to, _) = arrive(&server, &browser, &declined).await;
    assert_eq!(to, refused("declined"));
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_comes_in_without_a_group_or_after_they_were_put_out() {
    let provider = provider().await;
    let server = with(&provider, &[]).await;
    assert_eq!(
        sign_in(&server).await.0,
        refused("not-set-up"),
        "before there is an owner"
    );
    let owner = server.owner().await;
    provider.set_person(person("eve@example.com", &["visitors"]));
    assert_eq!(sign_in(&server).await.0, refused("no-role"));
    provider.set_person(person("ada@example.com", &["staff"]));
    let (_, session) = sign_in(&server).await;
    let ada = session.unwrap();
    let id = ada.read("/v1/auth/me").await["user"]["id"].clone();
    let path = format!("/v1/users/{}", id.as_str().unwrap());
    let disable = owner
        .request(Method::PATCH, &path)
        .json(&json!({ "disabled": true }));
    assert_eq!(disable.send().await.unwrap().status(), 200);
    assert_eq!(sign_in(&server).await.0, refused("deactivated"));

    let with_default = with(&provider, &[("OIDC_DEFAULT_ROLE", "viewer")]).await;
    with_default.owner().await;
    provider.set_person(person("eve@example.com", &["visitors"]));
    let (_, session) = sign_in(&with_default).await;
    let me = session.unwrap().read("/v1/auth/me").await;
    assert_eq!(me["user"]["role"], "viewer");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_provider_that_is_down_or_changes_its_key_is_lived_with() {
    let provider = provider().await;
    let server = with(&provider, &[]).await;
    server.owner().await;
    provider.set_wrong(Wrong::Down);
    let sent = server.anybody().get("/v1/auth/oidc").await;
    assert_eq!(location(&sent), refused("unavailable"));
    let body = json!({ "email": EMAIL, "password": PASSWORD });
    let by_password = server.anybody().post("/v1/auth/login", &body).await;
    assert_eq!(by_password.status(), 200, "the password does not need it");
    provider.set_wrong(Wrong::Nothing);
    assert!(sign_in(&server).await.1.is_some());
    provider.change_key().unwrap();
    assert!(sign_in(&server).await.1.is_some(), "a new key is looked up");
    let (browser, back) = away(&server).await;
    provider.set_wrong(Wrong::Down);
    let (to, _) = arrive(&server, &browser, &back).await;
    assert_eq!(to, refused("unavailable"));
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_provider_there_is_nothing_to_press() {
    let server = server(&[]).await;
    let methods: Value = server.anybody().read("/v1/auth/methods").await;
    assert_eq!(methods["elsewhere"], Value::Null);
    let sent = server.anybody().get("/v1/auth/oidc").await;
    assert_eq!(location(&sent), refused("not-set-up"));
}
