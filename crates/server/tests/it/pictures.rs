//! Pictures of suppliers' products over HTTP: fetched for whoever may see the product, inert, and compared in the background.

use crate::suppliers::{answer, read};
use crate::support::{Client, sandbox, server, until};
use reqwest::header::{HeaderMap, IF_NONE_MATCH};
use serde_json::{Value, json};

async fn connect_cj(owner: &Client, search: &str) {
    let watch = json!({ "searches": [search], "most_products": 3 });
    let body = json!({ "platform": "cjdropshipping", "sandbox": true, "watch": watch });
    let (status, account) = answer(owner.post("/v1/supplier-accounts", &body).await).await;
    assert_eq!(status, 201, "{account}");
    read(owner, account["id"].as_str().unwrap()).await;
}

async fn connect_autods(owner: &Client, search: &str) {
    let begin = json!({ "platform": "autods", "sandbox": true });
    let (_, login) = answer(owner.post("/v1/supplier-logins", &begin).await).await;
    let browser = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .unwrap();
    let address = login["address"].as_str().unwrap();
    let came = browser.get(address).send().await.unwrap();
    let came_to = came.headers()["location"].to_str().unwrap();
    let watch = json!({ "searches": [search], "most_products": 3 });
    let login = json!({ "id": login["id"], "came_to": came_to });
    let body = json!({ "platform": "autods", "sandbox": true, "watch": watch, "login": login });
    let (status, account) = answer(owner.post("/v1/supplier-accounts", &body).await).await;
    assert_eq!(status, 201, "{account}");
    read(owner, account["id"].as_str().unwrap()).await;
}

/// Addresses of the pictures of all products.
async fn images(owner: &Client) -> Vec<String> {
    let list = owner.read("/v1/supplier-products?limit=100").await;
    let all = list["supplier_products"].as_array().unwrap().iter();
    all.map(|p| format!("/v1/supplier-products/{}/image", p["id"].as_str().unwrap()))
        .collect()
}

fn header<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    headers
        .get(name)
        .map_or("", |value| value.to_str().unwrap())
}

async fn refused(owner: &Client, path: &str) -> (u16, Value) {
    let (status, problem) = answer(owner.get(path).await).await;
    let kind = problem["type"].as_str().unwrap_or_default();
    let slug = kind.rsplit('/').next().unwrap_or_default();
    (status, json!(slug))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_comes_through_the_server_small_inert_and_once() {
    let sandbox = sandbox(20).await;
    let settings = [
        ("SANDBOX_URL", sandbox.base_url.as_str()),
        ("SUPPLIER_IMAGE_ALLOWED_HOSTS", "127.0.0.1"),
    ];
    let server = server(&settings).await;
    let owner = server.owner().await;
    owner.connect_sandbox().await;
    connect_cj(&owner, "mug").await;
    let images = images(&owner).await;
    let response = owner.get(&images[0]).await;
    assert_eq!(response.status(), 200);
    let headers = response.headers().clone();
    assert_eq!(header(&headers, "content-type"), "image/jpeg");
    assert_eq!(header(&headers, "x-content-type-options"), "nosniff");
    assert_eq!(
        header(&headers, "content-security-policy"),
        "default-src 'none'; sandbox"
    );
    assert_eq!(header(&headers, "cache-control"), "private, max-age=86400");
    let bytes = response.bytes().await.unwrap();
    assert!(
        bytes.starts_with(&[0xff, 0xd8, 0xff]) && bytes.len() < 100_000,
        "{}",
        bytes.len()
    );
    let etag = header(&headers, "etag");
    let again = owner.request(reqwest::Method::GET, &images[0]);
    let again = again.header(IF_NONE_MATCH, etag).send().await.unwrap();
    assert_eq!(again.status(), 304);
    assert_eq!(server.anybody().get(&images[0]).await.status(), 401);

    // What the supplier's host says instead of a picture.
    let shop = server.anybody().at(&sandbox.base_url);
    let set = shop.post("/__faults", &json!({ "picture_html": 1 })).await;
    assert!(set.status().is_success());
    assert_eq!(
        refused(&owner, &images[1]).await,
        (404, json!("no-picture"))
    );
    drop(sandbox);
    let kept = owner.get(&images[0]).await;
    assert_eq!(kept.status(), 200, "what is kept needs nobody");
    assert_eq!(
        refused(&owner, &images[2]).await,
        (502, json!("picture-away"))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_host_inside_the_network_is_not_asked_unless_it_is_listed() {
    let sandbox = sandbox(20).await;
    let server = server(&[("SANDBOX_URL", sandbox.base_url.as_str())]).await;
    let owner = server.owner().await;
    owner.connect_sandbox().await;
    connect_cj(&owner, "mug").await;
    let images = images(&owner).await;
    let (status, problem) = answer(owner.get(&images[0]).await).await;
    assert_eq!(status, 404);
    let detail = problem["detail"].as_str().unwrap();
    assert!(detail.contains("SUPPLIER_IMAGE_ALLOWED_HOSTS"), "{detail}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_thing_of_two_suppliers_is_found_by_its_picture() {
    let sandbox = sandbox(20).await;
    let settings = [
        ("SANDBOX_URL", sandbox.base_url.as_str()),
        ("SUPPLIER_IMAGE_ALLOWED_HOSTS", "127.0.0.1"),
    ];
    let server = server(&settings).await;
    let owner = server.owner().await;
    owner.connect_sandbox().await;
    connect_cj(&owner, "compact camping headlamp").await;
    connect_autods(&owner, "compact headlamp").await;
    let told = until(|| async {
        let told = owner.read("/v1/supplier-pictures").await;
        (told["pictures"] == 6 && told["waiting"] == 0).then_some(told)
    })
    .await;
    assert_eq!(
        (&told["compared"], &told["failed"]),
        (&json!(6), &json!(0)),
        "{told}"
    );
    let found = until(|| async {
        let found = owner.read("/v1/opportunities?limit=100").await;
        (found["total"] == 5).then_some(found)
    })
    .await;
    let all = found["opportunities"].as_array().unwrap();
    let joined = all
        .iter()
        .find(|o| o["supplier_leads"].as_array().unwrap().len() == 2);
    let leads = &joined.unwrap()["supplier_leads"];
    assert_eq!(leads[0]["same"][0]["by"], "image", "{leads}");
    assert_eq!(leads[0]["same"][0]["words"], 85);
    assert!(leads[0]["same"][0]["picture_bits"].as_u64().unwrap() <= 6);
    assert_eq!(leads[0]["has_image"], true);
}
