//! The product under the role of `deploy/postgres/row-security.sql`, which owns nothing and sees one workspace while it answers: it does
//! what it does otherwise, and another workspace's people see nothing.

use crate::changes::ended;
use crate::command_line::{code, royal, text};
use crate::databases::Place;
use crate::support::{PASSWORD, sandbox, server};
use serde_json::{Value, json};
use sqlx::{AssertSqlSafe, Connection as _, PgConnection};

const SCRIPT: &str = include_str!("../../../../deploy/postgres/row-security.sql");

#[tokio::test(flavor = "multi_thread")]
async fn the_product_does_its_work_under_a_role_that_is_held_to_workspaces() {
    let (place, shop) = (Place::postgres().await, sandbox(30).await);
    let owned = place.settings();
    let folder = tempfile::tempdir().unwrap();
    let key = ("SECRET_KEY", "one key of this test and no other");
    let as_owner = owned.iter().map(|(k, v)| (*k, v.as_str()));
    let as_owner: Vec<_> = as_owner.chain([key]).collect();
    code(&royal(folder.path(), &as_owner, &["migrate"], "").await, 0);
    let mut connection = PgConnection::connect(&owned[0].1).await.unwrap();
    let script = format!("BEGIN; SELECT pg_advisory_xact_lock(4711); {SCRIPT} COMMIT");
    sqlx::raw_sql(AssertSqlSafe(script))
        .execute(&mut connection)
        .await
        .unwrap();
    connection.close().await.unwrap();

    let mut url: reqwest::Url = owned[0].1.parse().unwrap();
    url.set_username("royal_app").unwrap();
    let url = url.to_string();
    let settings = [
        ("DATABASE_URL", url.as_str()),
        ("SANDBOX_URL", &shop.base_url),
        key,
    ];
    let running = server(&settings).await;
    let owner = running.owner().await;
    owner.connect_sandbox().await;
    let orders = owner.read("/v1/orders?limit=5").await;
    assert!(orders["total"].as_u64().unwrap() > 0, "{orders}");

    // Every question that needs no id is answered.
    let paths = owner.read("/openapi.json").await["paths"].clone();
    let mut asked = 0;
    for (path, methods) in paths.as_object().unwrap() {
        let is_stream = ["/stream", "/ws"].iter().any(|end| path.ends_with(end));
        if methods["get"].is_null() || path.contains('{') || is_stream {
            continue;
        }
        let status = owner.get(path).await.status().as_u16();
        assert!(status < 500, "{path} was answered {status}");
        asked += 1;
    }
    assert!(asked > 60, "{asked}");

    // A change is proposed, approved and written by a worker, which works for all workspaces.
    let edit =
        json!({ "kind": "add_tags", "order_id": orders["orders"][0]["id"], "tags": ["held"] });
    let set = owner
        .post("/v1/change-sets", &json!({ "edits": [edit] }))
        .await;
    let set: Value = set.json().await.unwrap();
    let id = set["id"].as_str().unwrap();
    let approve = json!({ "digest": set["digest"] });
    let path = format!("/v1/change-sets/{id}/approve");
    assert_eq!(owner.post(&path, &approve).await.status(), 200);
    assert_eq!(ended(&owner, id).await["status"], "applied");
    let invited = json!({ "email": "c@example.com", "role": "viewer" });
    assert!(
        owner
            .post("/v1/invitations", &invited)
            .await
            .status()
            .is_success()
    );

    // Somebody of another workspace.
    let add = ["user", "add", "--email", "b@example.com", "--role", "owner"];
    let add = [
        add.as_slice(),
        &["--new-workspace", "Other", "--password-stdin"],
    ]
    .concat();
    let as_app = [("DATABASE_URL", url.as_str()), key];
    let added = royal(folder.path(), &as_app, &add, &format!("{PASSWORD}\n")).await;
    code(&added, 0);
    let token = ["token", "create", "--user", "b@example.com", "--name", "t"];
    let token = royal(folder.path(), &as_app, &token, "").await;
    code(&token, 0);
    let mut stranger = running.anybody();
    stranger.token = Some(text(&token).trim().to_owned());
    assert_eq!(stranger.get("/v1/orders").await.status(), 404, "no store");
    for path in ["/v1/change-sets", "/v1/connections"] {
        let found = stranger.read(path).await.to_string();
        assert!(
            !found.contains(id) && !found.contains("#1"),
            "{path}: {found}"
        );
    }
    let found = stranger.get(&format!("/v1/change-sets/{id}")).await;
    assert_eq!(found.status(), 404);
    // The owner's own are there as before.
    assert_eq!(
        owner.read("/v1/change-sets").await["change_sets"][0]["id"],
        id
    );
    running.running.stop().await;
    place.remove().await;
}
