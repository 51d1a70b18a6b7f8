//! Files over HTTP and on the command line, and a server that is killed while it imports.

use crate::killed::{Alive, Product, royal};
use crate::support::{Client, TestServer, server, until};
use reqwest::Method;
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::path::Path;

const HEADER: &str = "Name,Email,Financial Status,Currency,Subtotal,Shipping,Taxes,Total,Discount Amount,Created at,Lineitem quantity,Lineitem name,Lineitem price,Lineitem sku,Id\n";

/// So many orders of 10.00 and a line each, one a minute from a morning on.
pub(crate) fn orders(count: u64) -> String {
    let mut text = HEADER.to_owned();
    for n in 0..count {
        let (day, minute) = (1 + n / 1440 % 28, n % 1440);
        let at = format!(
            "2026-01-{day:02} {:02}:{:02}:00 +0000",
            minute / 60,
            minute % 60
        );
        let id = 9_000_000_000 + n;
        writeln!(
            text,
            "#{n},p{n}@example.com,paid,USD,10.00,0.00,0.00,10.00,0.00,{at},1,Mug,10.00,MUG,{id}"
        )
        .unwrap();
    }
    text
}

async fn store(owner: &Client) -> String {
    let body = json!({ "name": "Files only", "currency": "usd", "timezone": "UTC" });
    let answer = owner.post("/v1/stores", &body).await;
    assert_eq!(answer.status(), 201);
    answer.json::<Value>().await.unwrap()["id"]
        .as_str()
        .unwrap()
        .to_owned()
}

async fn upload(owner: &Client, name: &str, body: impl Into<reqwest::Body>) -> (u16, Value) {
    let answer = owner
        .request(Method::POST, &format!("/v1/imports?name={name}"))
        .header("content-type", "text/csv")
        .body(body)
        .send()
        .await
        .unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap())
}

async fn act(owner: &Client, id: &str, action: &str) {
    let answer = owner
        .post(&format!("/v1/imports/{id}/{action}"), &json!({}))
        .await;
    let status = answer.status();
    assert_eq!(status, 202, "{action}: {}", answer.text().await.unwrap());
}

async fn reaches(owner: &Client, id: &str, status: &str) -> Value {
    until(|| async {
        let import = owner.read(&format!("/v1/imports/{id}")).await;
        assert_ne!(import["status"], "failed", "{import}");
        (import["status"] == status).then_some(import)
    })
    .await
}

async fn checked(owner: &Client, text: String) -> String {
    let (status, import) = upload(owner, "orders.csv", text).await;
    assert_eq!(status, 201, "{import}");
    let id = import["id"].as_str().unwrap().to_owned();
    act(owner, &id, "check").await;
    let import = reaches(owner, &id, "checked").await;
    assert_eq!(import["report"]["refused"], 0, "{import}");
    id
}

async fn total(owner: &Client) -> Value {
    let report = owner
        .read("/v1/reports/profit?by=month&from=2026-01-01&to=2026-01-31")
        .await;
    report["total"]["total_sales"].clone()
}

fn uploads(server: &TestServer) -> usize {
    std::fs::read_dir(server.folder.path().join("imports")).map_or(0, Iterator::count)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_is_started_from_a_file_and_the_file_can_be_taken_back() {
    let server = server(&[]).await;
    let owner = server.owner().await;
    store(&owner).await;
    let id = checked(&owner, orders(30)).await;
    assert_eq!(total(&owner).await, "0.00", "a check writes nothing");
    act(&owner, &id, "start").await;
    let done = reaches(&owner, &id, "done").await;
    assert_eq!(done["counts"]["created"], 30);
    assert_eq!(total(&owner).await, "300.00");
    assert_eq!(uploads(&server), 0, "the file is not kept");
    act(&owner, &id, "undo").await;
    let undone = reaches(&owner, &id, "undone").await;
    assert_eq!(undone["undone"], 30);
    assert_eq!(total(&owner).await, "0.00");
    server.running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_table_or_too_large_is_refused_while_it_comes() {
    let server = server(&[("IMPORT_MAX_BYTES", "100000")]).await;
    let owner = server.owner().await;
    store(&owner).await;
    let (status, problem) = upload(&owner, "picture.csv", &b"\x89PNG\r\n\x1a\n0000"[..]).await;
    assert_eq!(status, 422);
    let reason = problem["errors"][0]["message"].as_str().unwrap();
    assert!(reason.contains("PNG image"), "{reason}");
    let (status, problem) = upload(&owner, "large.csv", orders(5_000)).await;
    assert_eq!(status, 413, "{problem}");
    assert!(
        problem["detail"]
            .as_str()
            .unwrap()
            .contains("IMPORT_MAX_BYTES"),
        "{problem}"
    );
    assert_eq!(uploads(&server), 0);
    let list = owner.read("/v1/imports").await;
    assert_eq!(list["total"], 0);
    server.running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn problems_come_by_row_column_and_reason_also_as_a_file() {
    let server = server(&[]).await;
    let owner = server.owner().await;
    store(&owner).await;
    let text = orders(3).replace(
        "#1,p1@example.com,paid,USD,10.00",
        "#1,p1@example.com,paid,USD,=ten",
    );
    let (_, import) = upload(&owner, "orders.csv", text).await;
    let id = import["id"].as_str().unwrap();
    act(&owner, id, "check").await;
    reaches(&owner, id, "checked").await;
    let list = owner.read(&format!("/v1/imports/{id}/problems")).await;
    let problem = &list["problems"][0];
    assert_eq!(
        (&problem["row"], &problem["column"]),
        (&json!(3), &json!("Subtotal"))
    );
    assert_eq!(problem["reason"], "is not a number");
    let csv = owner
        .get(&format!("/v1/imports/{id}/problems?format=csv"))
        .await;
    let text = csv.text().await.unwrap();
    assert!(
        text.contains("3,3,Subtotal,'=ten,is not a number,refused"),
        "{text}"
    );
    let refused = owner
        .post(&format!("/v1/imports/{id}/start"), &json!({}))
        .await;
    assert_eq!(refused.status(), 409);
    server.running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_in_the_middle_it_goes_on_and_nothing_is_doubled() {
    const ORDERS: u64 = 4_000;
    let product = Product::new(crate::killed::shop(1)).await;
    let alive = product.start().await;
    until(|| async {
        let stores = alive.client.read("/v1/stores").await;
        (!stores["stores"].as_array()?.is_empty()).then_some(())
    })
    .await;
    let body = json!({ "name": "Files only", "currency": "USD", "timezone": "UTC" });
    let made: Value = alive
        .client
        .post("/v1/stores", &body)
        .await
        .json()
        .await
        .unwrap();
    let store = made["id"].as_str().unwrap().to_owned();
    let (status, import) = upload(
        &alive.client,
        &format!("o.csv&store_id={store}"),
        orders(ORDERS),
    )
    .await;
    assert_eq!(status, 201, "{import}");
    let id = import["id"].as_str().unwrap().to_owned();
    act(&alive.client, &id, "check").await;
    reaches(&alive.client, &id, "checked").await;
    act(&alive.client, &id, "start").await;
    let mut alive: Alive = alive;
    // A kill after each part of the file, wherever the work is then.
    for part in 1..=4_u64 {
        until(|| async {
            let import = alive.client.read(&format!("/v1/imports/{id}")).await;
            let done =
                import["counts"]["created"].as_u64()? + import["counts"]["unchanged"].as_u64()?;
            (done >= part * ORDERS / 6 || import["status"] == "done").then_some(())
        })
        .await;
        alive.kill();
        alive = product.start().await;
    }
    let done = reaches(&alive.client, &id, "done").await;
    assert!(done["resumed_times"].as_u64().unwrap() > 0, "{done}");
    let report = alive
        .client
        .read(&format!(
            "/v1/reports/profit?by=month&from=2026-01-01&to=2026-01-31&store_id={store}"
        ))
        .await;
    assert_eq!(report["total"]["orders"], ORDERS);
    assert_eq!(report["total"]["total_sales"], "40000.00");
    act(&alive.client, &id, "undo").await;
    reaches(&alive.client, &id, "undone").await;
    alive.kill();
    product.doctor_is_content().await;
}

/// Runs `royal import` on a folder of its own; answers its code and what it said.
fn import(data: &Path, args: &[&str]) -> (Option<i32>, String) {
    let mut command = royal(data);
    let output = command
        .arg("import")
        .args(args)
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .output()
        .unwrap();
    let text = [output.stdout, output.stderr].concat();
    (
        output.status.code(),
        String::from_utf8_lossy(&text).into_owned(),
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn royal_import_reports_by_row_and_ends_with_65_when_it_refuses() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().to_owned();
    tokio::task::spawn_blocking(move || {
        crate::killed::owner_of(&data);
        let file = data.join("orders.csv");
        std::fs::write(
            &file,
            orders(5).replace(
                "#2,p2@example.com,paid,USD,10.00",
                "#2,p2@example.com,paid,USD,12.00",
            ),
        )
        .unwrap();
        let file = file.to_str().unwrap();
        let (code, text) = import(&data, &[file]);
        assert_eq!(code, Some(65), "{text}");
        assert!(text.contains("--store-name"), "{text}");
        let store = [
            "--store-name",
            "Files",
            "--currency",
            "USD",
            "--timezone",
            "UTC",
        ];
        let (code, text) = import(&data, &[&[file][..], &store].concat());
        assert_eq!(code, Some(65), "{text}");
        assert!(
            text.contains("row 4, Subtotal: is 12.00, but the lines come to 10.00 only (refused)"),
            "{text}"
        );
        let (code, text) = import(&data, &[file, "--good-rows", "--dry-run"]);
        assert_eq!(code, Some(0), "{text}");
        assert!(text.contains("4 good, 1 refused"), "{text}");
        let (code, text) = import(&data, &[file, "--good-rows", "--json"]);
        assert_eq!(code, Some(0), "{text}");
        let json: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(json["imports"][0]["import"]["counts"]["created"], 4);
        let (code, text) = import(&data, &["no-such-file.csv"]);
        assert_eq!(code, Some(65), "{text}");
    })
    .await
    .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_is_refused_because_its_envelope_would_be_read_as_rows() {
    let server = server(&[]).await;
    let owner = server.owner().await;
    store(&owner).await;
    let answer = owner
        .request(Method::POST, "/v1/imports?name=orders.csv")
        .header("content-type", "multipart/form-data; boundary=x")
        .body("--x\r\n\r\nName\r\n--x--")
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 415);
    let problem: Value = answer.json().await.unwrap();
    let detail = problem["detail"].as_str().unwrap();
    assert!(detail.contains("the file itself is the body"), "{problem}");
    assert_eq!(uploads(&server), 0, "nothing is kept");
}
