//! The audit over HTTP and in the file: complete, filtered, and found when somebody changed it by hand.

use crate::support::{Client, EMAIL, TestServer, server};
use serde_json::{Value, json};
use sqlx::{Connection as _, SqliteConnection};

async fn by_hand(server: &TestServer, sql: &'static str) {
    let path = server.folder.path().join("royal.db");
    let url = format!("sqlite://{}", path.display());
    let mut raw = SqliteConnection::connect(&url).await.unwrap();
    sqlx::query(sql).execute(&mut raw).await.unwrap();
}

async fn some_entries(owner: &Client) {
    for n in 0..5 {
        let made = owner
            .post("/v1/tokens", &json!({ "name": format!("token {n}") }))
            .await;
        assert_eq!(made.status(), 201);
    }
}

fn actions(page: &Value) -> Vec<&str> {
    let entries = page["entries"].as_array().unwrap();
    entries
        .iter()
        .map(|e| e["action"].as_str().unwrap())
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_people_do_is_in_the_audit_with_who_and_from_where() {
    let server = server(&[]).await;
    let owner = server.owner().await;
    let wrong = json!({ "email": EMAIL, "password": "not this one" });
    server.anybody().post("/v1/auth/login", &wrong).await;
    let unknown = json!({ "email": "nobody@example.com", "password": "not this one" });
    server.anybody().post("/v1/auth/login", &unknown).await;
    some_entries(&owner).await;
    let all = owner.read("/v1/audit").await;
    let expected = [
        ["token.create"; 5].as_slice(),
        &["session.begin"; 3],
        &["user.create", "workspace.create"],
    ]
    .concat();
    assert_eq!(actions(&all), expected);
    let first = &all["entries"][0];
    assert_eq!(
        (&first["actor"], &first["address"]),
        (&json!(EMAIL), &json!("127.0.0.1"))
    );
    assert!(
        !all.to_string().contains("not this one"),
        "never a password"
    );
    let refused = owner.read("/v1/audit?outcome=refused").await;
    assert_eq!(refused["total"], 2);
    assert_eq!(refused["entries"][0]["actor_kind"], "nobody");
    let found = owner.read("/v1/audit?q=TOKEN%203").await;
    assert_eq!(found["total"], 1);
    let area = owner.read("/v1/audit?action=session&limit=2").await;
    assert_eq!((&area["total"], actions(&area).len()), (&json!(3), 2));
    let next = format!(
        "/v1/audit?action=session&limit=2&cursor={}",
        area["next_cursor"].as_str().unwrap()
    );
    assert_eq!(actions(&owner.read(&next).await).len(), 1);
    let later = owner.read("/v1/audit?from=2999-01-01").await;
    assert_eq!(later["total"], 0);
    assert_eq!(owner.read("/v1/audit/check").await["holds"], true);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_entry_that_is_edited_or_deleted_by_hand_is_named() {
    let server = server(&[]).await;
    let owner = server.owner().await;
    some_entries(&owner).await;
    by_hand(
        &server,
        "UPDATE audit SET target_name = 'harmless' WHERE seq = 4",
    )
    .await;
    let check = owner.read("/v1/audit/check").await;
    assert_eq!(
        (&check["holds"], &check["broken_at"]),
        (&json!(false), &json!(4)),
        "{check}"
    );
    by_hand(&server, "DELETE FROM audit WHERE seq = 3").await;
    let check = owner.read("/v1/audit/check").await;
    assert_eq!(check["broken_at"], 3, "the first one");
    assert!(
        check["fault"]
            .as_str()
            .unwrap()
            .contains("entry 3 is missing")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cut_end_is_found_by_what_was_signed() {
    let server = server(&[]).await;
    let owner = server.owner().await;
    some_entries(&owner).await;
    let audit = &server.running.composed().audit;
    let workspace = audit.workspaces().await.unwrap()[0].id;
    assert!(audit.sign(workspace).await.unwrap());
    let check = owner.read("/v1/audit/check").await;
    assert_eq!(
        (&check["holds"], &check["unsigned"]),
        (&json!(true), &json!(0))
    );
    assert!(check["signed_at"].is_string());
    // With its head, as somebody would who read how it works.
    by_hand(&server, "DELETE FROM audit WHERE seq > 4").await;
    by_hand(
        &server,
        "UPDATE audit_heads SET seq = 4, hash = (SELECT hash FROM audit WHERE seq = 4)",
    )
    .await;
    let check = owner.read("/v1/audit/check").await;
    assert_eq!(
        (&check["holds"], &check["broken_at"]),
        (&json!(false), &json!(5)),
        "{check}"
    );
    // A checkpoint that fits the cut end is not signed with the key.
    by_hand(
        &server,
        "UPDATE audit_checkpoints SET seq = 4, hash = (SELECT hash FROM audit WHERE seq = 4)",
    )
    .await;
    let check = owner.read("/v1/audit/check").await;
    assert!(
        check["fault"]
            .as_str()
            .unwrap()
            .contains("not signed with the key"),
        "{check}"
    );
}
