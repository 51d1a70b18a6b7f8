//! One secret, entered, used and rotated; then everything that the product wrote or answered is searched for it.

use crate::support::{Client, PASSWORD, sandbox, until};
use serde_json::json;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// In every form in which it might be written by mistake.
const CANARY: &str = "canary-5f2b9c7e41d8a063";

fn royal(data: &Path, log: &Path) -> Command {
    let log = std::fs::OpenOptions::new()
        .create(true)
        .append(true)
        .open(log)
        .unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_royal"));
    command
        .env_clear()
        .env("DATA_DIR", data)
        .env("PORT", "0")
        .env("LOG_LEVEL", "trace")
        .env("LOG_FORMAT", "json")
        .current_dir(data)
        .stdin(Stdio::piped())
        .stdout(log.try_clone().unwrap())
        .stderr(log);
    command
}

fn run(mut command: Command, args: &[&str], stdin: &str) {
    let mut child = command.args(args).spawn().unwrap();
    child
        .stdin
        .take()
        .unwrap()
        .write_all(stdin.as_bytes())
        .unwrap();
    assert!(child.wait().unwrap().success(), "{args:?}");
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut all = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            all.extend(files(&path));
        } else {
            all.push(path);
        }
    }
    all
}

#[track_caller]
fn assert_clean(what: &str, bytes: &[u8]) {
    let reversed: String = CANARY.chars().rev().collect();
    let encoded: String = CANARY.bytes().map(|b| format!("{b:02x}")).collect();
    for form in [CANARY, &reversed, &encoded, "Y2FuYXJ5LTVmMmI5Yzdl"] {
        let found = bytes
            .windows(form.len())
            .any(|window| window == form.as_bytes());
        assert!(!found, "{what} contains the canary as {form}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_secret_stands_in_nothing_that_is_written_or_answered() {
    let shop = sandbox(30).await;
    let folder = tempfile::tempdir().unwrap();
    let (data, log) = (folder.path().join("data"), folder.path().join("log"));
    std::fs::create_dir(&data).unwrap();
    let add = [
        "user",
        "add",
        "--email",
        "a@example.com",
        "--role",
        "owner",
        "--password-stdin",
    ];
    tokio::task::block_in_place(|| {
        run(royal(&data, &log), &add, PASSWORD);
        run(
            royal(&data, &log),
            &["secrets", "set", "SHOPIFY_API_SECRET"],
            CANARY,
        );
        run(
            royal(&data, &log),
            &["secrets", "set", "OPENAI_API_KEY"],
            CANARY,
        );
    });
    let mut serving = royal(&data, &log)
        .env("SHOPIFY_SHOP", "sandbox")
        .env("SHOPIFY_ACCESS_TOKEN", "shpat_sandbox")
        .env("SHOPIFY_BASE_URL", &shop.base_url)
        .spawn()
        .unwrap();
    let address = data.join("royal.run");
    let url = until(|| async {
        let text = std::fs::read_to_string(&address).ok()?;
        Some(text.trim().to_owned()).filter(|url| !url.is_empty())
    })
    .await;
    let mut client = Client::new(&url);
    let body = json!({"email": "a@example.com", "password": PASSWORD});
    let signed_in = client.post("/v1/auth/login", &body).await;
    client.signed_in(signed_in).await;
    let value = json!({ "value": CANARY });
    for name in ["META_ACCESS_TOKEN", "OPENAI_API_KEY"] {
        let put = client.request("PUT".parse().unwrap(), &format!("/v1/secrets/{name}"));
        let answer = put.json(&value).send().await.unwrap();
        assert_eq!(answer.status(), 200);
        assert_clean("the answer", answer.text().await.unwrap().as_bytes());
    }
    // Refused in every way that might quote it.
    for (path, body) in [
        ("/v1/secrets/lower", json!({ "value": CANARY })),
        ("/v1/secrets/A", json!({ "value": CANARY, "more": 1 })),
        ("/v1/secrets/A", json!({ "value": [CANARY] })),
    ] {
        let answer = client
            .request("PUT".parse().unwrap(), path)
            .json(&body)
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), 400);
        assert_clean(path, answer.text().await.unwrap().as_bytes());
    }
    let connect = json!({"provider": "shopify", "kind": "shopify", "shop": "sandbox", "access_token": CANARY});
    let refused = client.post("/v1/connections", &connect).await;
    assert!(refused.status().is_client_error());
    assert_clean("the refusal", refused.text().await.unwrap().as_bytes());
    assert_eq!(
        client
            .post("/v1/secret-keys/rotate", &json!({}))
            .await
            .status(),
        200
    );
    // Connected with it: the signing secret is in use.
    until(|| async {
        let list = client.read("/v1/connections").await;
        (list["connections"].as_array()?.len() == 1).then_some(())
    })
    .await;

    let description = client.read("/openapi.json").await;
    let mut read = 0;
    for (path, item) in description["paths"].as_object().unwrap() {
        if item.get("get").is_none() || path == "/v1/stream" || path == "/agents/stream" {
            continue;
        }
        let path = path.replace("{name}", "META_ACCESS_TOKEN");
        let answer = client.get(&path).await;
        assert_clean(&path, &answer.bytes().await.unwrap());
        read += 1;
    }
    assert!(read > 20, "{read} addresses were read");
    // The end that writes a core file where one may be written.
    let pid = serving.id();
    let limits = std::fs::read_to_string(format!("/proc/{pid}/limits")).unwrap();
    let core = limits
        .lines()
        .find(|line| line.starts_with("Max core file size"))
        .unwrap();
    assert_eq!(core.split_whitespace().nth(4), Some("0"), "{core}");
    assert!(
        Command::new("kill")
            .args(["-ABRT", &pid.to_string()])
            .status()
            .unwrap()
            .success()
    );
    tokio::task::block_in_place(|| serving.wait().unwrap());

    let written = files(folder.path());
    let names: Vec<_> = written
        .iter()
        .filter_map(|f| f.file_name()?.to_str())
        .collect();
    assert!(
        names.contains(&"royal.db") && names.contains(&"log"),
        "{names:?}"
    );
    assert!(
        !names.iter().any(|name| name.starts_with("core")),
        "{names:?}"
    );
    for file in written {
        assert_clean(&file.display().to_string(), &std::fs::read(&file).unwrap());
    }
}
