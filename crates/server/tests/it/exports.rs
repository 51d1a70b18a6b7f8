//! Everything of a workspace can be taken along, without credentials, and be deleted; what is another's stays.

use crate::command_line::{code, error, royal, text};
use crate::databases::Place;
use crate::support::{Client, PASSWORD, sandbox};
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use sqlx::{AssertSqlSafe, Connection as _, PgConnection, SqliteConnection};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read as _;
use std::path::Path;
use std::process::Output;
use tempfile::TempDir;
use zip::ZipArchive;

const TOKEN: &str = "shpat_sandbox";
const SECRET: &str = "SHOPIFY_ACCESS_TOKEN";

struct House {
    folder: TempDir,
    settings: Vec<(&'static str, String)>,
}

impl House {
    async fn run(&self, args: &[&str], stdin: &str) -> Output {
        let settings: Vec<_> = self
            .settings
            .iter()
            .map(|(k, v)| (*k, v.as_str()))
            .collect();
        royal(self.folder.path(), &settings, args, stdin).await
    }

    /// What somebody with a shell does to the database; the first number of the answer.
    async fn ask(&self, place: &Place, statement: &str) -> Option<i64> {
        // Texts of this file.
        let query = sqlx::query_scalar(AssertSqlSafe(statement.to_owned()));
        if let Place::Embedded = place {
            let url = format!("sqlite:{}", self.folder.path().join("royal.db").display());
            let mut connection = SqliteConnection::connect(&url).await.unwrap();
            let query = sqlx::query_scalar(AssertSqlSafe(statement.to_owned()));
            return query.fetch_optional(&mut connection).await.unwrap();
        }
        let url = &self.settings.iter().find(|(k, _)| *k == "DATABASE_URL");
        let mut connection = PgConnection::connect(&url.unwrap().1).await.unwrap();
        query.fetch_optional(&mut connection).await.unwrap()
    }

    async fn json(&self, args: &[&str]) -> Value {
        let told = self.run(args, "").await;
        code(&told, 0);
        serde_json::from_str(&text(&told)).unwrap()
    }
}

/// Every file of the archive by its name; the checksums and sizes of its manifest hold.
fn read(path: &Path) -> (Value, BTreeMap<String, Vec<u8>>) {
    let mut archive = ZipArchive::new(File::open(path).unwrap()).unwrap();
    let mut files = BTreeMap::new();
    for i in 0..archive.len() {
        let mut file = archive.by_index(i).unwrap();
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).unwrap();
        files.insert(file.name().unwrap().into_owned(), bytes);
    }
    let manifest: Value = serde_json::from_slice(&files["manifest.json"]).unwrap();
    for told in manifest["files"].as_array().unwrap() {
        let bytes = &files[told["name"].as_str().unwrap()];
        assert_eq!(told["bytes"], bytes.len());
        assert_eq!(told["sha256"], hex::encode(Sha256::digest(bytes)));
        if let Some(rows) = told["rows"].as_u64() {
            let lines = bytes.iter().filter(|b| **b == b'\n').count();
            assert_eq!(rows, lines as u64, "{told}");
        }
    }
    let sums = String::from_utf8(files["SHA256SUMS"].clone()).unwrap();
    assert_eq!(sums.lines().count() + 2, files.len());
    (manifest, files)
}

fn rows(files: &BTreeMap<String, Vec<u8>>, table: &str) -> Vec<Value> {
    let bytes = &files[&format!("tables/{table}.jsonl")];
    let lines = bytes.split(|b| *b == b'\n').filter(|l| !l.is_empty());
    lines.map(|l| serde_json::from_slice(l).unwrap()).collect()
}

async fn taken_along_and_deleted(place: Place) {
    let sandbox = sandbox(30).await;
    let mut settings = place.settings();
    settings.push(("SHOPIFY_SHOP", "sandbox".to_owned()));
    settings.push(("SHOPIFY_BASE_URL", sandbox.base_url.clone()));
    let house = House {
        folder: tempfile::tempdir().unwrap(),
        settings,
    };
    let owner = ["user", "add", "--email", "a@example.com", "--role", "owner"];
    let owner = [owner.as_slice(), &["--password-stdin"]].concat();
    code(&house.run(&owner, &format!("{PASSWORD}\n")).await, 0);
    let secret = ["secrets", "set", SECRET];
    code(&house.run(&secret, &format!("{TOKEN}\n")).await, 0);
    code(&house.run(&["sync", "--wait"], "").await, 0);
    let costs = house.folder.path().join("costs.csv");
    let sku = sandbox_sku(&house).await;
    std::fs::write(&costs, format!("SKU,Cost per item\n{sku},4.25\n")).unwrap();
    code(
        &house.run(&["import", costs.to_str().unwrap()], "").await,
        0,
    );
    let truth = Client::new(&sandbox.base_url).read("/__truth").await;
    let orders = truth["total"]["orders"].as_i64().unwrap();
    assert!(orders > 0);

    let zip = house.folder.path().join("taken.zip");
    let path = zip.to_str().unwrap();
    let told = house.json(&["export", path, "--json"]).await;
    let (manifest, files) = read(&zip);
    assert_eq!(told["manifest"], manifest);
    // Test orders are stored and count in no report.
    let stored = rows(&files, "orders");
    let counted = stored
        .iter()
        .filter(|o| o["flags"].as_i64().unwrap() & 8 == 0);
    assert_eq!(counted.count() as i64, orders);
    let documents = rows(&files, "order_documents");
    assert_eq!(documents.len(), stored.len());
    assert!(documents[0]["ledger"].is_object() || documents[0]["ledger"].is_array());
    let imports = rows(&files, "imports");
    // What was imported whole is not kept as a file; it says so.
    let import = imports[0]["id"].as_str().unwrap();
    assert_eq!(manifest["uploads_missing"], serde_json::json!([import]));
    let uploads = house.folder.path().join("imports");
    std::fs::create_dir_all(&uploads).unwrap();
    std::fs::copy(&costs, uploads.join(format!("{import}.csv"))).unwrap();
    // It says that it was made.
    let audit = rows(&files, "audit");
    assert!(audit.iter().any(|e| e["action"] == "workspace.export"));
    // Nothing that opens anything is in it, whatever the table.
    let withheld = manifest["withheld"].as_array().unwrap();
    assert!(withheld.iter().any(|w| w["what"] == "secrets"));
    let user = &rows(&files, "users")[0];
    assert_eq!(user["email"], "a@example.com");
    for (name, bytes) in &files {
        let text = String::from_utf8_lossy(bytes);
        assert!(!text.contains(TOKEN), "{name}");
        assert!(!text.contains("$argon2"), "{name}");
    }
    // One that is there is not written over, and a pipe gets the same.
    code(&house.run(&["export", path], "").await, 65);
    let piped = house.run(&["export", "-"], "").await;
    code(&piped, 0);
    let copy = house.folder.path().join("piped.zip");
    std::fs::write(&copy, &piped.stdout).unwrap();
    let copied = read(&copy).1;
    assert_eq!(rows(&copied, "orders"), stored);
    let upload = &copied[&format!("uploads/{import}.csv")];
    assert_eq!(*upload, std::fs::read(&costs).unwrap());

    // Another workspace beside it, which stays as it is.
    let other = ["user", "add", "--email", "b@example.com", "--role", "owner"];
    let other = [
        other.as_slice(),
        &["--new-workspace", "Other", "--password-stdin"],
    ]
    .concat();
    code(&house.run(&other, &format!("{PASSWORD}\n")).await, 0);
    let list = house.json(&["workspace", "list", "--json"]).await;
    let id_of = |at: usize| list["workspaces"][at]["id"].as_str().unwrap().to_owned();
    let (first, second) = (id_of(0), id_of(1));
    let name = list["workspaces"][0]["name"].as_str().unwrap().to_owned();
    let other = house.folder.path().join("other.zip");
    let args = ["export", other.to_str().unwrap(), "--workspace", &second];
    code(&house.run(&args, "").await, 0);
    let other = read(&other).1;
    assert_eq!(rows(&other, "orders").len(), 0);
    assert_eq!(rows(&other, "users")[0]["email"], "b@example.com");
    assert_eq!(rows(&other, "users").len(), 1);
    assert_eq!(rows(&other, "workspaces").len(), 1);
    let several = house.run(&["export", "which.zip"], "").await;
    code(&several, 64);

    // Nobody is there to be asked; another name is no yes.
    code(&house.run(&["workspace", "delete", &first], "").await, 64);
    let wrong = ["workspace", "delete", &first, "--name", "x", "--yes"];
    let refused = house.run(&wrong, "").await;
    code(&refused, 64);
    assert!(error(&refused).contains("nothing was deleted"));
    // While a worker holds something of it, nothing is taken away under its hands.
    let lease = "UPDATE sync_runs SET leased_until = 9000000000000000";
    house.ask(&place, lease).await;
    let delete = ["workspace", "delete", &first, "--name", &name, "--yes"];
    let refused = house.run(&delete, "").await;
    code(&refused, 65);
    assert!(error(&refused).contains("stop the product"));
    house
        .ask(&place, "UPDATE sync_runs SET leased_until = NULL")
        .await;
    // Nor under those of one who took a message of the shop; one that waits to be tried again is nobody's.
    let taken = "INSERT INTO inbox (connection, dedupe_key, topic, received_at, state, due_at, attempts) \
         SELECT id, 'taken', 'orders/updated', 0, 'pending', 9000000000000000, 1 FROM connections";
    house.ask(&place, taken).await;
    let refused = house.run(&delete, "").await;
    code(&refused, 65);
    assert!(error(&refused).contains("(inbox)"));
    house
        .ask(&place, "UPDATE inbox SET error = 'the shop is away'")
        .await;
    code(&house.run(&delete, "").await, 0);
    for table in ["orders", "facts", "import_problems", "checkpoints"] {
        let left = format!("SELECT count(*) FROM {table}");
        assert_eq!(house.ask(&place, &left).await, Some(0), "{table}");
    }
    // The other workspace has credentials of its own, and the installation the key of its audit.
    let left = format!("SELECT count(*) FROM secrets WHERE name = '{SECRET}'");
    assert_eq!(house.ask(&place, &left).await, Some(0));
    let gone = ["export", "gone.zip", "--workspace", &first];
    code(&house.run(&gone, "").await, 65);
    assert_eq!(std::fs::read_dir(uploads).unwrap().count(), 0);
    let list = house.json(&["workspace", "list", "--json"]).await;
    assert_eq!(list["workspaces"].as_array().unwrap().len(), 1);
    assert_eq!(list["workspaces"][0]["id"], second.as_str());
    assert_eq!(list["deleted"][0]["id"], first.as_str());
    assert_eq!(list["deleted"][0]["deleted_by"], "command line");
    code(&house.run(&delete, "").await, 65);
    code(&house.run(&["audit", "verify"], "").await, 0);
    drop(house);
    place.remove().await;
}

async fn sandbox_sku(house: &House) -> String {
    let zip = house.folder.path().join("first.zip");
    code(&house.run(&["export", zip.to_str().unwrap()], "").await, 0);
    let products = rows(&read(&zip).1, "products");
    let found = products.iter().find_map(|p| {
        let variants = p["facts"]["variants"].as_array()?;
        variants.iter().find_map(|v| v["sku"].as_str())
    });
    found.unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn of_the_embedded_database() {
    taken_along_and_deleted(Place::Embedded).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_postgresql() {
    taken_along_and_deleted(Place::postgres().await).await;
}
