//! A supplier by a contract of one's own over HTTP: tried, connected, read again, moved; and orders that stay its own app's.

use crate::suppliers::{answer, read};
use crate::support::{Client, sandbox, server, until};
use serde_json::{Value, json};

fn contract() -> Value {
    json!({
        "base_url": "https://api.example.com/v1", "auth_header": "Authorization", "auth_prefix": "Bearer ",
        "paths": { "search": "/products?search={query}&page={page}", "product": "/products/{id}" },
        "map": {
            "items": "/products", "next_page": "/meta/next", "product": "/product", "id": "/id", "title": "/title", "currency": "/currency",
            "shipping_cost": "/shipping/cost", "ship_days_min": "/shipping/min", "ship_days_max": "/shipping/max", "ships_from": "/shipping/from",
            "variants": "/variants", "variant_id": "/id", "variant_name": "/name", "variant_sku": "/sku", "variant_barcode": "/barcode",
            "variant_cost": "/price", "variant_stock": "/inventory",
        },
    })
}

fn wanted(rest: &Value) -> Value {
    let watch = json!({ "searches": ["mug"], "most_products": 6 });
    json!({ "platform": "spocket", "sandbox": true, "rest": rest, "watch": watch })
}

async fn products(owner: &Client) -> Vec<Value> {
    let found = owner
        .read("/v1/supplier-products?platform=spocket&limit=100")
        .await;
    found["supplier_products"].as_array().unwrap().clone()
}

async fn again(owner: &Client, id: &str) -> Value {
    let path = format!("/v1/supplier-accounts/{id}/sync");
    assert_eq!(answer(owner.post(&path, &json!({})).await).await.0, 202);
    read(owner, id).await
}

async fn put(owner: &Client, path: &str, body: &Value) -> reqwest::Response {
    let request = owner.request(reqwest::Method::PUT, path).json(body);
    request.send().await.unwrap()
}

fn field_of(problem: &Value) -> &str {
    problem["errors"][0]["field"].as_str().unwrap_or_default()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_contract_is_tried_connected_by_and_fails_by_name_when_it_moves() {
    let sandbox = sandbox(20).await;
    let server = server(&[("SANDBOX_URL", sandbox.base_url.as_str())]).await;
    let owner = server.owner().await;
    owner.connect_sandbox().await;
    let platforms = owner.read("/v1/supplier-platforms").await;
    let spocket = &platforms["platforms"][1];
    assert_eq!(
        (
            &spocket["platform"],
            &spocket["by_contract"],
            &spocket["discover"]
        ),
        (&json!("spocket"), &json!(true), &json!("file"))
    );

    let mut wrong = contract();
    wrong["map"]["title"] = json!("/name/of/it");
    let test = json!({ "platform": "spocket", "sandbox": true, "rest": wrong, "query": "mug" });
    let (status, trial) = answer(owner.post("/v1/supplier-contracts/test", &test).await).await;
    assert_eq!(status, 200, "{trial}");
    assert!(
        !trial.to_string().contains("rest_sandbox"),
        "the key is told"
    );
    let reads = trial["reads"].as_array().unwrap();
    let of = |field: &str| reads.iter().find(|r| r["field"] == field).unwrap();
    assert_eq!(of("title")["why_not"], "it finds nothing");
    assert_eq!(of("items")["value"], "10 products");
    assert!(
        of("variant_cost")["value"]
            .as_str()
            .unwrap()
            .ends_with("USD")
    );
    let accounts = owner.read("/v1/supplier-accounts").await;
    assert_eq!(accounts["total"], 0, "something was kept");

    let connect = owner
        .post("/v1/supplier-accounts", &wanted(&contract()))
        .await;
    let (status, account) = answer(connect).await;
    assert_eq!(status, 201, "{account}");
    let id = account["id"].as_str().unwrap().to_owned();
    let account = read(&owner, &id).await;
    assert_eq!(account["last_sync"]["status"], "succeeded", "{account}");
    assert_eq!(
        (&account["is_sandbox"], &account["can"]["place_order"]),
        (&json!(true), &json!("delegated"))
    );
    assert!(
        !account.to_string().contains("rest_sandbox"),
        "the key is told"
    );
    let before = products(&owner).await;
    assert_eq!(before.len(), 6);
    let variant = &before[0]["variants"][0];
    assert!(
        variant["cost"]["low"].is_string() && variant["shipping"][0]["min_days"].is_number(),
        "{variant}"
    );

    // Where prices stood nothing stands any more: the run says so, and nothing is read over.
    let moved = json!({ "rename": { "price": "cost_price" } });
    sandbox.rest_supplier_change(&moved).unwrap();
    let account = again(&owner, &id).await;
    assert_eq!(account["last_sync"]["status"], "failed", "{account}");
    assert_eq!(account["state"], "degraded");
    let why = account["state_reason"].as_str().unwrap();
    assert!(
        why.contains("the pointer /price of variant_cost finds nothing"),
        "{why}"
    );
    assert_eq!(products(&owner).await, before);
    let changes = owner.read("/v1/supplier-changes").await;
    assert_eq!(changes["changes"], json!([]), "{changes}");

    // The contract is mended, and prices have moved meanwhile.
    let first = before[0]["external_id"].as_str().unwrap();
    sandbox
        .rest_supplier_change(&json!({ "product": first, "price": "99.99" }))
        .unwrap();
    let mut mended = account["rest"].clone();
    mended["map"]["variant_cost"] = json!("/cost_price");
    let path = format!("/v1/supplier-accounts/{id}");
    let change =
        json!({ "version": account["version"], "watch": account["watch"], "rest": mended });
    let (status, set) = answer(put(&owner, &path, &change).await).await;
    assert_eq!(status, 200, "{set}");
    let account = again(&owner, &id).await;
    assert_eq!(account["last_sync"]["status"], "succeeded", "{account}");
    let changes = owner.read("/v1/supplier-changes").await;
    assert_eq!(
        changes["changes"][0]["price_to"]["low"], "99.99",
        "{changes}"
    );
    let mut elsewhere = account["rest"].clone();
    elsewhere["base_url"] = json!("https://elsewhere.example/v1");
    let change =
        json!({ "version": account["version"], "watch": account["watch"], "rest": elsewhere });
    let (status, problem) = answer(put(&owner, &path, &change).await).await;
    assert_eq!(
        (status, field_of(&problem)),
        (422, "rest.base_url"),
        "{problem}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_with_a_contract_is_told_by_its_field_and_nothing_is_kept() {
    let sandbox = sandbox(20).await;
    let named = format!("{}/rest-supplier", sandbox.base_url);
    let settings = [
        ("SANDBOX_URL", sandbox.base_url.as_str()),
        ("SPOCKET_BASE_URL", named.as_str()),
        ("SPOCKET_API_KEY", "rest_sandbox"),
    ];
    let server = server(&settings).await;
    let owner = server.owner().await;
    owner.connect_sandbox().await;
    type Change<'a> = &'a dyn Fn(&mut Value);
    let with = |change: Change<'_>| {
        let mut rest = contract();
        change(&mut rest);
        let mut wanted = wanted(&rest);
        wanted["sandbox"] = json!(false);
        wanted["api_key"] = json!("x");
        wanted
    };
    let cases: [(Change<'_>, &str); 7] = [
        (
            &|c| c["map"]["variant_cost"] = json!("price"),
            "rest.map.variant_cost",
        ),
        (
            &|c| c["map"]["colour"] = json!("/colour"),
            "rest.map.colour",
        ),
        (
            &|c| c["paths"]["search"] = json!("/p?x={what}"),
            "rest.paths.search",
        ),
        (&|c| c["currency"] = json!("dollars"), "rest.currency"),
        (
            &|c| c["base_url"] = json!("http://api.example.com"),
            "rest.base_url",
        ),
        (
            &|c| c["base_url"] = json!("https://127.0.0.1:1/v1"),
            "rest.base_url",
        ),
        (
            &|c| c["base_url"] = json!("https://localhost:1/v1"),
            "rest.base_url",
        ),
    ];
    for (change, field) in cases {
        let wanted = with(change);
        for (path, body) in [
            ("/v1/supplier-accounts", wanted.clone()),
            (
                "/v1/supplier-contracts/test",
                json!({ "platform": "spocket", "rest": wanted["rest"], "api_key": "x" }),
            ),
        ] {
            let (status, problem) = answer(owner.post(path, &body).await).await;
            assert_eq!(
                (status, field_of(&problem)),
                (422, field),
                "{path} {problem}"
            );
        }
    }
    let mut printful = wanted(&contract());
    printful["platform"] = json!("printful");
    let (status, problem) = answer(owner.post("/v1/supplier-accounts", &printful).await).await;
    assert_eq!((status, field_of(&problem)), (422, "platform"), "{problem}");
    // At the address of the settings, that the operator names, with the key of the settings.
    let at_named = |key: Option<&str>| {
        let mut rest = contract();
        rest["base_url"] = json!(named);
        json!({ "platform": "spocket", "rest": rest, "query": "mug", "api_key": key })
    };
    let tried = owner
        .post("/v1/supplier-contracts/test", &at_named(None))
        .await;
    let (status, trial) = answer(tried).await;
    assert_eq!((status, &trial["stopped"]), (200, &Value::Null), "{trial}");
    let tried = owner
        .post("/v1/supplier-contracts/test", &at_named(Some("wrong")))
        .await;
    let (status, problem) = answer(tried).await;
    assert_eq!((status, field_of(&problem)), (422, "api_key"), "{problem}");
    // It is told to no other host: AutoDS has none in the settings.
    let mut other = at_named(None);
    other["platform"] = json!("autods");
    let (status, problem) = answer(owner.post("/v1/supplier-contracts/test", &other).await).await;
    assert_eq!((status, field_of(&problem)), (422, "api_key"), "{problem}");
    let accounts = owner.read("/v1/supplier-accounts").await;
    assert_eq!(accounts["total"], 0);
    let platforms = owner.read("/v1/supplier-platforms").await;
    assert_eq!(platforms["platforms"][1]["contract_base_url"], json!(named));
}

#[tokio::test(flavor = "multi_thread")]
async fn orders_of_a_supplier_by_a_contract_are_left_to_its_own_app() {
    let sandbox = sandbox(20).await;
    let base = sandbox.base_url.clone();
    let server = server(&[("SANDBOX_URL", base.as_str())]).await;
    let owner = server.owner().await;
    let connection = owner.connect_sandbox().await;
    let connect = owner
        .post("/v1/supplier-accounts", &wanted(&contract()))
        .await;
    let (status, account) = answer(connect).await;
    assert_eq!(status, 201, "{account}");
    read(&owner, account["id"].as_str().unwrap()).await;
    let offer = products(&owner).await.remove(0);
    let shown = owner.read("/v1/products?limit=1").await;
    let id = shown["products"][0]["id"].as_str().unwrap();
    let product = owner.read(&format!("/v1/products/{id}")).await;
    let variant = product["product"]["variants"][0]["id"].as_str().unwrap();
    let mapping = json!({
        "variant_id": variant, "supplier_product_id": offer["id"], "supplier_variant": offer["variants"][0]["key"],
    });
    let (status, mapped) = answer(owner.post("/v1/supplier-mappings", &mapping).await).await;
    assert_eq!(status, 201, "{mapped}");
    let sale = json!({ "kind": "order_create", "variant": format!("gid://shopify/ProductVariant/{variant}"), "units": 1 });
    let client = reqwest::Client::new();
    let sold = client
        .post(format!("{base}/__events"))
        .json(&sale)
        .send()
        .await;
    let sold: Value = serde_json::from_str(&sold.unwrap().text().await.unwrap()).unwrap();
    let order = sold["id"]
        .as_str()
        .unwrap()
        .rsplit('/')
        .next()
        .unwrap()
        .to_owned();
    let sync = json!({ "connection_id": connection });
    assert!(owner.post("/v1/syncs", &sync).await.status().is_success());
    until(|| async {
        let found = owner.get(&format!("/v1/orders/{order}")).await;
        (found.status() == 200).then_some(())
    })
    .await;
    let plan = owner
        .read(&format!("/v1/supplier-offers?order_id={order}"))
        .await;
    let line = &plan["lines"][0];
    assert_eq!(line["routes"], json!([]), "{plan}");
    assert_eq!(
        line["refused"][0]["why"], "Spocket takes no orders by an interface",
        "{plan}"
    );
    let proposed = owner
        .post("/v1/supplier-orders", &json!({ "order_id": order }))
        .await;
    let (status, problem) = answer(proposed).await;
    assert_eq!(status, 422, "{problem}");
    let sets = owner.read("/v1/change-sets").await;
    assert_eq!(sets["total"], 0, "{sets}");
    let orders = owner.read("/v1/supplier-orders").await;
    assert_eq!(orders["supplier_orders"], json!([]));
}
