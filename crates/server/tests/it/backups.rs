//! A backup is made of a product in use, and goes back as it was; what cannot go back changes nothing.

use crate::command_line::{code, error, royal, text};
use crate::databases::Place;
use crate::support::{PASSWORD, sandbox, server, until};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use sqlx::{Connection as _, SqliteConnection};
use std::path::{Path, PathBuf};
use std::process::Output;
use tempfile::TempDir;

const WORDS: (&str, &str) = ("BACKUP_PASSPHRASE", "nine brown foxes in a row");

/// A store's facts and a secret, in a folder, over a database.
struct House {
    folder: TempDir,
    settings: Vec<(&'static str, String)>,
}

impl House {
    fn new(place: &Place) -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
            settings: place.settings(),
        }
    }

    async fn run(&self, args: &[&str]) -> Output {
        self.run_with(args, "", WORDS).await
    }

    async fn run_with(&self, args: &[&str], stdin: &str, extra: (&str, &str)) -> Output {
        let given = self.settings.iter().map(|(k, v)| (*k, v.as_str()));
        let settings: Vec<_> = given.chain([extra]).collect();
        royal(self.folder.path(), &settings, args, stdin).await
    }

    async fn filled(&self, shop: &str) {
        let owner = [
            "user",
            "add",
            "--email",
            "a@example.com",
            "--role",
            "owner",
            "--password-stdin",
        ];
        code(
            &self.run_with(&owner, &format!("{PASSWORD}\n"), WORDS).await,
            0,
        );
        let secret = ["secrets", "set", "SHOPIFY_ACCESS_TOKEN"];
        code(&self.run_with(&secret, "shpat_sandbox\n", WORDS).await, 0);
        let given = self.settings.iter().map(|(k, v)| (*k, v.as_str()));
        let connection = [("SHOPIFY_SHOP", "sandbox"), ("SHOPIFY_BASE_URL", shop)];
        let settings: Vec<_> = given.chain(connection).collect();
        let synced = royal(self.folder.path(), &settings, &["sync", "--wait"], "").await;
        code(&synced, 0);
    }

    async fn report(&self) -> Value {
        let report = self
            .run(&["report", "profit", "--by", "month", "--format", "json"])
            .await;
        code(&report, 0);
        let mut report: Value = serde_json::from_str(&text(&report)).unwrap();
        // When it was read, not what it says.
        report.as_object_mut().unwrap().remove("as_of");
        report
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }
}

async fn goes_back(from: Place, to: Place) {
    let sandbox = sandbox(60).await;
    let house = House::new(&from);
    house.filled(&sandbox.base_url).await;
    let before = house.report().await;
    assert!(before["total"]["orders"].as_i64().unwrap() > 0);

    let file = house.path("whole.age");
    let file = file.to_str().unwrap();
    // As one leaves it whose process was killed half way.
    let torn = house.path("backup-torn");
    std::fs::create_dir(&torn).unwrap();
    std::fs::write(torn.join("database"), "orders").unwrap();
    let made = house.run(&["backup", file, "--json"]).await;
    code(&made, 0);
    let made: Value = serde_json::from_str(&text(&made)).unwrap();
    assert_eq!(made["has_keyring"], true);
    assert!(!torn.exists(), "no bare copy stays");
    use std::os::unix::fs::PermissionsExt as _;
    let mode = std::fs::metadata(file).unwrap().permissions().mode();
    assert_eq!(mode & 0o077, 0, "nobody else reads it");
    // A file that is there is not written over.
    code(&house.run(&["backup", file]).await, 65);
    let checked = house.run(&["restore", "--check", file]).await;
    code(&checked, 0);
    assert!(text(&checked).starts_with("whole"), "{}", text(&checked));

    // Another machine, which has nothing but the file and its passphrase.
    let other = House::new(&to);
    let restored = other.run(&["restore", file, "--json"]).await;
    code(&restored, 0);
    let told: Value = serde_json::from_str(&text(&restored)).unwrap();
    assert_eq!(
        (&told["outcome"], &told["stopped"]),
        (&Value::from("restored"), &Value::from(true))
    );
    assert_eq!(other.report().await, before);
    // The keyring came with it: every secret opens.
    code(&other.run(&["secrets", "check"]).await, 0);
    code(&other.run(&["audit", "verify"]).await, 0);
    code(&other.run(&["doctor"]).await, 0);
    // Nothing is written before somebody has looked.
    let lifted = other.run(&["stop", "--lift", "--reason", "looked"]).await;
    code(&lifted, 0);
    drop(other);
    to.remove().await;
    drop(house);
    from.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_embedded_database_goes_back() {
    goes_back(Place::Embedded, Place::Embedded).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn postgresql_goes_back_by_its_own_tools() {
    goes_back(Place::postgres().await, Place::postgres().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn postgresql_with_tables_is_not_written_over() {
    let place = Place::postgres().await;
    let house = House::new(&place);
    code(&house.run(&["migrate"]).await, 0);
    let file = house.path("a.age");
    let file = file.to_str().unwrap();
    code(&house.run(&["backup", file]).await, 0);
    let refused = house.run(&["restore", file]).await;
    code(&refused, 65);
    assert!(
        error(&refused).contains("an empty one"),
        "{}",
        error(&refused)
    );
    // One of the embedded database does not go into PostgreSQL.
    let embedded = House::new(&Place::Embedded);
    code(&embedded.run(&["migrate"]).await, 0);
    let of_sqlite = embedded.path("b.age");
    code(
        &embedded.run(&["backup", of_sqlite.to_str().unwrap()]).await,
        0,
    );
    let refused = house.run(&["restore", of_sqlite.to_str().unwrap()]).await;
    code(&refused, 65);
    assert!(
        error(&refused).contains("another kind"),
        "{}",
        error(&refused)
    );
    drop(house);
    place.remove().await;
}

/// What the data folder holds besides backups and the lock.
fn digest(folder: &Path) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        if path.is_file() && !name.ends_with(".age") && !name.ends_with(".lock") {
            let bytes = std::fs::read(&path).unwrap();
            found.push((name, hex::encode(Sha256::digest(&bytes))));
        } else if path.is_dir() && name != "spool" {
            found.push((name, String::new()));
        }
    }
    found.sort();
    found
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_go_back_changes_nothing() {
    let sandbox = sandbox(20).await;
    let house = House::new(&Place::Embedded);
    house.filled(&sandbox.base_url).await;
    let whole = house.path("whole.age");
    code(&house.run(&["backup", whole.to_str().unwrap()]).await, 0);
    let bare = house.path("bare.age");
    let bare_args = ["backup", "--without-keyring", bare.to_str().unwrap()];
    code(&house.run(&bare_args).await, 0);
    let bytes = std::fs::read(&whole).unwrap();
    std::fs::write(house.path("cut.age"), &bytes[..bytes.len() / 2]).unwrap();
    std::fs::write(house.path("page.age"), "<!doctype html><p>Not found").unwrap();
    // As a newer release would leave it.
    let newer = House::new(&Place::Embedded);
    code(&newer.run(&["migrate"]).await, 0);
    let mut database =
        SqliteConnection::connect(&format!("sqlite:{}", newer.path("royal.db").display()))
            .await
            .unwrap();
    sqlx::query("UPDATE _sqlx_migrations SET version = 9999 WHERE version = (SELECT max(version) FROM _sqlx_migrations)")
        .execute(&mut database)
        .await
        .unwrap();
    database.close().await.unwrap();
    let newer_file = house.path("newer.age");
    code(
        &newer.run(&["backup", newer_file.to_str().unwrap()]).await,
        0,
    );

    let stranger = House::new(&Place::Embedded);
    code(&stranger.run(&["migrate"]).await, 0);
    let before = digest(stranger.folder.path());
    let wrong = ("BACKUP_PASSPHRASE", "ten brown foxes in a row");
    for (name, words, expected, says) in [
        ("whole.age", wrong, 78, "passphrase is another one"),
        ("cut.age", WORDS, 65, "damaged or cut off"),
        ("page.age", WORDS, 65, "no backup of this program"),
        ("newer.age", WORDS, 78, "use that release"),
        // Its secrets are sealed with a key that is not here.
        ("bare.age", WORDS, 78, "sealed with the key"),
        ("absent.age", WORDS, 65, "cannot be read"),
    ] {
        let path = house.path(name);
        let refused = stranger
            .run_with(&["restore", path.to_str().unwrap()], "", words)
            .await;
        code(&refused, expected);
        assert!(
            error(&refused).contains(says),
            "{name}: {}",
            error(&refused)
        );
        assert_eq!(digest(stranger.folder.path()), before, "{name}");
    }
    // Where the keyring is, the one without it goes back; what was there is kept.
    let back = house.run(&["restore", bare.to_str().unwrap()]).await;
    code(&back, 0);
    code(&house.run(&["secrets", "check"]).await, 0);
    let kept = digest(house.folder.path());
    let kept = kept
        .iter()
        .find(|(name, _)| name.starts_with("before-restore-"));
    assert!(house.path(&kept.unwrap().0).join("royal.db").exists());
    // Without a word about who could open it, nothing is written at all.
    let open = house
        .run_with(&["backup", "open.age"], "", ("LOG_LEVEL", "error"))
        .await;
    code(&open, 78);
    let short = ("BACKUP_PASSPHRASE", "short");
    let short = house.run_with(&["backup", "open.age"], "", short).await;
    code(&short, 78);
    assert!(!house.path("open.age").exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_makes_them_by_itself_and_none_is_put_back_under_it() {
    let backups = tempfile::tempdir().unwrap();
    let folder = backups.path().to_str().unwrap();
    let running = server(&[("BACKUP_DIR", folder), WORDS]).await;
    let owner = running.owner().await;
    let health = until(|| async {
        let health = owner.read("/health").await;
        let all = health["checks"].as_array()?.clone();
        all.into_iter().find(|c| c["name"] == "backups")
    })
    .await;
    assert_eq!(health["healthy"], true, "{health}");
    let standing = owner.read("/health").await["backups"].clone();
    assert_eq!(
        (&standing["kept"], &standing["every_seconds"]),
        (&json!(1), &json!(86_400)),
        "{standing}"
    );
    assert_eq!(standing["newest_at"], health["last_success_at"]);
    let figures = owner.get("/metrics").await.text().await.unwrap();
    for name in ["royal_backup_age_seconds ", "royal_backup_failing "] {
        assert!(figures.contains(name), "{name}");
    }
    let made: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|e| e.unwrap().path())
        .filter(|p| p.extension().is_some_and(|e| e == "age"))
        .collect();
    assert_eq!(made.len(), 1, "{made:?}");
    let file = made[0].to_str().unwrap();
    // Beside the server, which goes on: one is made by hand, and looked at.
    let by_hand = running.folder.path().join("by-hand.age");
    let by_hand = by_hand.to_str().unwrap();
    let data = running.folder.path();
    code(&royal(data, &[WORDS], &["backup", by_hand], "").await, 0);
    code(
        &royal(data, &[WORDS], &["restore", "--check", by_hand], "").await,
        0,
    );
    code(
        &royal(data, &[WORDS], &["restore", "--check", file], "").await,
        0,
    );
    let refused = royal(data, &[WORDS], &["restore", file], "").await;
    code(&refused, 65);
    assert!(
        error(&refused).contains("another server runs"),
        "{}",
        error(&refused)
    );
}

#[test]
fn a_folder_needs_somebody_who_can_open_what_is_in_it() {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().to_str().unwrap();
    let pairs = [("DATA_DIR", data), ("BACKUP_DIR", data), ("PORT", "0")];
    let pairs = pairs.map(|(k, v)| (k.to_owned(), v.to_owned()));
    let settings = server::config::from(pairs, None).unwrap().settings;
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let refused = runtime.block_on(server::serve::start(settings)).err();
    let refused = refused.unwrap().to_string();
    assert!(refused.contains("BACKUP_RECIPIENTS"), "{refused}");
}
