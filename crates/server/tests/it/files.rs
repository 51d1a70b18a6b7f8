//! The browser application as it is embedded; without it, the page that says how to build it.

use crate::support::{Client, server};
use reqwest::Method;

const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; \
connect-src 'self'; manifest-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; \
require-trusted-types-for 'script'; trusted-types sw";

#[tokio::test(flavor = "multi_thread")]
async fn the_page_comes_with_the_policy_and_is_asked_for_again() {
    let server = server(&[]).await;
    let client = server.anybody();
    for path in [
        "/command-center/",
        "/command-center/orders/42",
        // A campaign's address has its platform's number behind a dot.
        "/command-center/campaigns/01a22578-ff76-772b-bdee-968f9ac66a51.120210000000000002",
        "/command-center/pulse?from=2026-01-01",
    ] {
        let page = client.get(path).await;
        assert_eq!(page.status(), 200, "{path}");
        assert_eq!(page.headers()["content-type"], "text/html; charset=utf-8");
        assert_eq!(page.headers()["content-security-policy"], POLICY);
        assert_eq!(page.headers()["x-content-type-options"], "nosniff");
        let cache = page.headers()["cache-control"].to_str().unwrap();
        assert!(matches!(cache, "no-cache" | "no-store"), "{cache}");
        assert!(
            page.headers().contains_key("referrer-policy")
                && page.headers().contains_key("permissions-policy")
        );
        assert!(page.headers().contains_key("cross-origin-opener-policy"));
    }
    assert_eq!(client.get("/favicon.ico").await.status(), 200);
    assert_eq!(client.get("/command-center").await.status(), 307);
}

/// Addresses of the parts that the page names; none when the front end is not built.
async fn parts(client: &Client, page: &str) -> Vec<String> {
    let html = client.get(page).await.text().await.unwrap();
    let parts = html
        .split('"')
        .filter(|t| t.starts_with("/command-center/assets/"));
    parts.map(str::to_owned).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn parts_are_packed_and_kept_for_ever() {
    let server = server(&[]).await;
    let client = server.anybody();
    for part in parts(&client, "/command-center/").await {
        let ask = |encodings: &'static str| {
            let request = client
                .request(Method::GET, &part)
                .header("accept-encoding", encodings);
            async move { request.send().await.unwrap() }
        };
        let plain = ask("identity").await;
        assert!(
            plain.headers()["cache-control"]
                .to_str()
                .unwrap()
                .contains("immutable"),
            "{part}"
        );
        assert!(!plain.headers().contains_key("content-encoding"));
        let tag = plain.headers()["etag"].to_str().unwrap().to_owned();
        let size = plain.bytes().await.unwrap().len();
        for (accepted, coding) in [
            ("br, gzip", "br"),
            ("gzip", "gzip"),
            ("br;q=0, gzip", "gzip"),
        ] {
            let packed = ask(accepted).await;
            if size > 2048 {
                assert_eq!(packed.headers()["content-encoding"], coding, "{part}");
                assert!(packed.bytes().await.unwrap().len() < size);
            }
        }
        let known = client
            .request(Method::GET, &part)
            .header("if-none-match", tag)
            .send()
            .await
            .unwrap();
        assert_eq!(known.status(), 304);
    }
    assert_eq!(
        client
            .get("/command-center/assets/none-00000000.js")
            .await
            .status(),
        404
    );
    assert_eq!(
        client
            .get("/command-center/../../Cargo.toml")
            .await
            .status(),
        404
    );
}

/// The code of a page comes with it, not after it.
#[tokio::test(flavor = "multi_thread")]
async fn each_address_names_the_code_of_its_own_page() {
    let server = server(&[]).await;
    let client = server.owner().await;
    let home = parts(&client, "/command-center/").await;
    if home.is_empty() {
        return;
    }
    let has = |parts: &[String], module: &str| {
        let name = format!("assets/{module}-");
        parts.iter().any(|part| part.contains(&name))
    };
    assert!(has(&home, "pulse"), "{home:?}");
    for (path, module) in [
        ("orders", "orders"),
        ("orders/42", "orders"),
        ("customers?sort=ltv", "customers"),
        ("inbox", "changes"),
        ("change-sets/42", "changes"),
        ("login", "session"),
    ] {
        let named = parts(&client, &format!("/command-center/{path}")).await;
        assert!(has(&named, module), "{path}: {named:?}");
        assert!(!has(&home, module), "{path}: {home:?}");
    }
    let unknown = parts(&client, "/command-center/of-no-page").await;
    assert_eq!(unknown, home);
}

/// What only a session gets is asked for ahead by nobody else: a first visit would only be refused.
#[tokio::test(flavor = "multi_thread")]
async fn a_page_asks_ahead_only_for_what_its_reader_gets() {
    let server = server(&[]).await;
    let anybody = server.anybody();
    if parts(&anybody, "/command-center/").await.is_empty() {
        return;
    }
    for path in ["", "orders", "orders/42", "of-no-page", "login", "join"] {
        let page = anybody.get(&format!("/command-center/{path}")).await;
        let vary = page.headers().get_all("vary");
        assert!(vary.iter().any(|v| v == "Cookie"), "{path}");
        let html = page.text().await.unwrap();
        assert!(!html.contains("signed-in"), "{path}");
        for address in ahead(&html) {
            assert_eq!(anybody.get(&address).await.status(), 200, "{path}");
        }
    }
    let owner = server.owner().await;
    for (path, expected) in [
        ("", true),
        ("orders", true),
        ("orders/42", true),
        ("of-no-page", true),
        ("login", false),
        ("join", false),
    ] {
        let page = owner.get(&format!("/command-center/{path}")).await;
        let html = page.text().await.unwrap();
        assert_eq!(html.contains("name=\"signed-in\""), expected, "{path}");
        let asked = ahead(&html);
        assert_eq!(asked.iter().any(|a| a == "/v1/auth/me"), expected, "{path}");
        for address in asked {
            assert_eq!(owner.get(&address).await.status(), 200, "{path}");
        }
    }
}

/// Else the page would ask for what is refused, each time anew.
#[tokio::test(flavor = "multi_thread")]
async fn the_cookie_of_a_session_that_ended_goes_with_the_page() {
    let server = server(&[]).await;
    let owner = server.owner().await;
    if parts(&owner, "/command-center/").await.is_empty() {
        return;
    }
    let cookies = async || {
        let page = owner.get("/command-center/orders").await;
        let all = page.headers().get_all("set-cookie").iter();
        let all: Vec<_> = all.map(|v| v.to_str().unwrap().to_owned()).collect();
        (all, page.text().await.unwrap())
    };
    let (set, html) = cookies().await;
    assert!(set.is_empty() && html.contains("name=\"signed-in\""));
    let out = owner.post("/v1/auth/logout", &serde_json::json!({})).await;
    assert_eq!(out.status(), 204);
    let (set, html) = cookies().await;
    assert_eq!(set.len(), 1, "{set:?}");
    assert!(
        set[0].starts_with("royal_session=;") && set[0].contains("Max-Age=0"),
        "{set:?}"
    );
    assert!(!html.contains("signed-in"), "the page of the sign-in");
}

/// The answers that a page asks for before its program does.
fn ahead(html: &str) -> Vec<String> {
    let links = html.split("as=\"fetch\"").skip(1);
    let addresses = links.filter_map(|link| link.split('"').nth(1));
    addresses.map(str::to_owned).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_application_may_live_elsewhere() {
    let server = server(&[("COMMAND_CENTER_URL", "https://app.example.com/")]).await;
    let moved = server.anybody().get("/command-center/orders").await;
    assert_eq!(moved.status(), 307);
    assert_eq!(moved.headers()["location"], "https://app.example.com");
}
