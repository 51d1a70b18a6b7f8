//! The binary `royal` as scripts use it: what it prints, and how it ends.

use crate::support::{PASSWORD, sandbox, server};
use serde_json::Value;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

/// Runs beside the tests' runtime, which a sandbox may be serving from.
pub(crate) async fn royal(
    data: &Path,
    settings: &[(&str, &str)],
    args: &[&str],
    stdin: &str,
) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_royal"));
    command
        .args(args)
        .env_clear()
        .env("DATA_DIR", data)
        .env("LOG_LEVEL", "error")
        .current_dir(data);
    command.envs(settings.iter().copied());
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let stdin = stdin.to_owned();
    let run = move || {
        let mut child = command.spawn().unwrap();
        // A command that does not read has closed it.
        let _ = child.stdin.take().unwrap().write_all(stdin.as_bytes());
        child.wait_with_output().unwrap()
    };
    tokio::task::spawn_blocking(run).await.unwrap()
}

pub(crate) fn text(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

pub(crate) fn error(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

#[track_caller]
pub(crate) fn code(output: &Output, expected: i32) {
    assert_eq!(
        output.status.code(),
        Some(expected),
        "{}{}",
        text(output),
        error(output)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn from_nothing_to_a_report_without_a_browser() {
    let sandbox = sandbox(60).await;
    let folder = tempfile::tempdir().unwrap();
    let shop = [
        ("SHOPIFY_SHOP", "sandbox"),
        ("SHOPIFY_ACCESS_TOKEN", "shpat_sandbox"),
        ("SHOPIFY_BASE_URL", sandbox.base_url.as_str()),
    ];
    let run = async |args: &[&str], stdin: &str| royal(folder.path(), &shop, args, stdin).await;

    let migrated = run(&["migrate", "--json"], "").await;
    code(&migrated, 0);
    let applied: Value = serde_json::from_str(&text(&migrated)).unwrap();
    assert!(!applied["applied"].as_array().unwrap().is_empty());
    assert!(text(&run(&["migrate"], "").await).contains("already"));

    let nobody = run(&["sync"], "").await;
    code(&nobody, 65);
    let added = run(
        &[
            "user",
            "add",
            "--email",
            "a@example.com",
            "--role",
            "owner",
            "--password-stdin",
        ],
        &format!("{PASSWORD}\n"),
    )
    .await;
    code(&added, 0);
    let token = run(
        &[
            "token",
            "create",
            "--user",
            "a@example.com",
            "--name",
            "t",
            "--expires",
            "90d",
            "--scope",
            "reports:read",
        ],
        "",
    )
    .await;
    code(&token, 0);
    assert_eq!(text(&token).trim().split('_').next(), Some("royal"));
    assert_eq!(text(&token).lines().count(), 1, "the token alone");

    let synced = run(&["sync", "--wait", "--json"], "").await;
    code(&synced, 0);
    let body: Value = serde_json::from_str(&text(&synced)).unwrap();
    assert_eq!(body["syncs"][0]["status"], "succeeded");

    let report = run(
        &["report", "profit", "--by", "country", "--format", "json"],
        "",
    )
    .await;
    code(&report, 0);
    let report: Value = serde_json::from_str(&text(&report)).unwrap();
    assert_eq!(report["by"], "country");
    assert!(report["total"]["orders"].as_i64().unwrap() > 0);
    let csv = run(
        &["report", "profit", "--by", "country", "--format", "csv"],
        "",
    )
    .await;
    assert_eq!(
        text(&csv).lines().count(),
        report["rows"].as_array().unwrap().len() + 2
    );
    assert!(text(&run(&["report", "profit"], "").await).contains("Total"));

    let asked = run(&["ask", "--json", "net", "sales", "last", "30", "days"], "").await;
    code(&asked, 0);
    let answer: Value = serde_json::from_str(&text(&asked)).unwrap();
    assert_eq!(
        answer["facts"][0]["value"]["value"],
        report["total"]["net_sales"]
    );
    assert!(text(&run(&["ask", "weather in Berlin"], "").await).contains("do not understand"));
    let lines = [
        r#"{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"t","version":"1"}}}"#,
        r#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#,
        r#"{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"figure","arguments":{"figure":"net_sales"}}}"#,
    ];
    let spoken = run(&["mcp"], &(lines.join("\n") + "\n")).await;
    code(&spoken, 0);
    let spoken = text(&spoken);
    let last: Value = serde_json::from_str(spoken.lines().last().unwrap()).unwrap();
    assert_eq!(
        last["result"]["structuredContent"]["facts"][0]["value"]["value"],
        report["total"]["net_sales"],
        "{spoken}"
    );

    let doctor = run(&["doctor", "--json"], "").await;
    code(&doctor, 0);
    let diagnosis: Value = serde_json::from_str(&text(&doctor)).unwrap();
    assert_eq!(
        (
            &diagnosis["sound"],
            &diagnosis["stores"][0]["wrong_rollups"]
        ),
        (&Value::from(true), &Value::from(0))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn through_the_server_when_one_runs_on_this_data() {
    let sandbox = sandbox(40).await;
    let server = server(&[("SANDBOX_URL", &sandbox.base_url)]).await;
    let owner = server.owner().await;
    owner.connect_sandbox().await;
    let data = server.folder.path();
    let queued = royal(data, &[], &["sync"], "").await;
    code(&queued, 0);
    assert!(
        text(&queued).contains("the server works on it"),
        "{}",
        text(&queued)
    );
    code(&royal(data, &[], &["sync", "--wait"], "").await, 0);
    let second = royal(data, &[("PORT", "0")], &["serve"], "").await;
    code(&second, 78);
    assert!(
        error(&second).contains(server.running.url()),
        "{}",
        error(&second)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn how_it_ends_when_it_cannot_go_on() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    code(&royal(data, &[], &["--help"], "").await, 0);
    code(&royal(data, &[], &["version"], "").await, 0);
    code(&royal(data, &[], &["reprot"], "").await, 64);
    code(
        &royal(data, &[], &["report", "profit", "--by", "hour"], "").await,
        64,
    );
    code(
        &royal(
            data,
            &[],
            &[
                "token", "create", "--user", "a@b", "--name", "n", "--scope", "all",
            ],
            "",
        )
        .await,
        64,
    );
    let empty = royal(
        data,
        &[],
        &[
            "user",
            "add",
            "--email",
            "a@b.c",
            "--role",
            "owner",
            "--password-stdin",
        ],
        "",
    )
    .await;
    code(&empty, 64);
    code(
        &royal(
            data,
            &[],
            &[
                "user",
                "add",
                "--email",
                "x",
                "--role",
                "owner",
                "--password-stdin",
            ],
            PASSWORD,
        )
        .await,
        65,
    );
    code(&royal(data, &[("PORT", "many")], &["serve"], "").await, 78);
    code(
        &royal(data, &[("DATABASE_URL", "mysql://x")], &["migrate"], "").await,
        78,
    );
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let refused = royal(data, &[("PORT", &port)], &["serve"], "").await;
    code(&refused, 78);
    assert!(
        error(&refused).contains(&port) && error(&refused).contains("set PORT"),
        "{}",
        error(&refused)
    );
    let down = royal(
        data,
        &[("DATABASE_URL", "postgres://u:hidden@127.0.0.1:1/d")],
        &["migrate"],
        "",
    )
    .await;
    code(&down, 69);
    assert!(!error(&down).contains("hidden"), "{}", error(&down));

    std::fs::write(data.join("royal.toml"), "prot = 1\n").unwrap();
    let typo = royal(data, &[], &["migrate"], "").await;
    code(&typo, 78);
    assert!(
        error(&typo).contains("did you mean PORT?"),
        "{}",
        error(&typo)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_key_stops_before_anything_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let key = [("SECRET_KEY", "0123456789abcdef0123456789abcdef")];
    let added = royal(
        folder.path(),
        &key,
        &[
            "user",
            "add",
            "--email",
            "a@b.c",
            "--role",
            "owner",
            "--password-stdin",
        ],
        PASSWORD,
    )
    .await;
    code(&added, 0);
    let other = [("SECRET_KEY", "another key of thirty-two letters")];
    let refused = royal(folder.path(), &other, &["serve"], "").await;
    code(&refused, 78);
    assert!(
        error(&refused).contains("SECRET_KEY") && !error(&refused).contains("another key"),
        "{}",
        error(&refused)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn documentation_is_made_from_the_code() {
    let folder = tempfile::tempdir().unwrap();
    for (page, file) in [("config", "CONFIG.md"), ("cli", "CLI.md")] {
        let made = royal(folder.path(), &[], &["reference", page], "").await;
        code(&made, 0);
        let committed = std::fs::read_to_string(
            Path::new(env!("CARGO_MANIFEST_DIR"))
                .join("../../docs")
                .join(file),
        )
        .unwrap();
        assert!(
            text(&made).trim_end() == committed.trim_end(),
            "docs/{file} is out of date; run: cargo xtask generate"
        );
    }
    for shell in ["bash", "zsh", "fish"] {
        assert!(
            text(&royal(folder.path(), &[], &["completions", shell], "").await).contains("royal"),
            "{shell}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reset_link_is_printed_or_sent_and_a_second_factor_is_taken_away() {
    let relay = testkit::smtp::SmtpServer::start(None).await;
    let port = relay.port.to_string();
    let mail = [
        ("SMTP_HOST", "127.0.0.1"),
        ("SMTP_PORT", port.as_str()),
        ("SMTP_TLS", "none"),
        ("SMTP_FROM", "royal@shop.example"),
    ];
    let folder = tempfile::tempdir().unwrap();
    let run = async |settings: &[(&str, &str)], args: &[&str]| {
        let whole: Vec<&str> = ["user"].iter().chain(args).copied().collect();
        royal(folder.path(), settings, &whole, PASSWORD).await
    };
    let email = ["--email", "a@example.com"];
    let add = [
        "add",
        email[0],
        email[1],
        "--role",
        "owner",
        "--password-stdin",
    ];
    code(&run(&[], &add).await, 0);
    let reset = ["reset", email[0], email[1]];
    let printed = run(&mail, &reset).await;
    code(&printed, 0);
    assert!(text(&printed).contains("/command-center/join#"));
    assert!(relay.letters().is_empty(), "nobody asked for a letter");
    let by_mail = ["reset", email[0], email[1], "--mail"];
    code(&run(&[], &by_mail).await, 64);
    let sent = run(&mail, &by_mail).await;
    code(&sent, 0);
    assert_eq!(text(&sent), "sent to a@example.com\n");
    assert!(relay.letter().await.contains("/command-center/join#"));
    let none = run(&[], &["reset-second-factor", email[0], email[1]]).await;
    code(&none, 65);
    assert!(
        error(&none).contains("no second factor"),
        "{}",
        error(&none)
    );
}

#[tokio::test]
async fn a_password_in_the_clear_and_a_provider_for_nobody_are_refused_at_the_start() {
    let folder = tempfile::tempdir().unwrap();
    let smtp = [
        ("SMTP_HOST", "mail.example.com"),
        ("SMTP_TLS", "none"),
        ("SMTP_USER", "royal"),
        ("SMTP_FROM", "royal@shop.example"),
    ];
    let refused = royal(folder.path(), &smtp, &["migrate"], "").await;
    code(&refused, 78);
    assert!(error(&refused).contains("SMTP_TLS"), "{}", error(&refused));
    let issuer = ("OIDC_ISSUER", "https://id.example.com");
    let client = ("OIDC_CLIENT_ID", "royal");
    for (more, named) in [
        (("OIDC_LABEL", "x"), "OIDC_ROLES"),
        (("OIDC_ROLES", "bosses=owner"), "OIDC_ROLES"),
        (("OIDC_DEFAULT_ROLE", "emperor"), "OIDC_DEFAULT_ROLE"),
    ] {
        let settings = [issuer, client, more];
        let refused = royal(folder.path(), &settings, &["migrate"], "").await;
        code(&refused, 78);
        assert!(error(&refused).contains(named), "{}", error(&refused));
    }
    let plain = [
        ("OIDC_ISSUER", "http://id.example.com"),
        client,
        ("OIDC_DEFAULT_ROLE", "viewer"),
    ];
    let refused = royal(folder.path(), &plain, &["migrate"], "").await;
    code(&refused, 78);
    assert!(error(&refused).contains("https://"), "{}", error(&refused));
}

#[tokio::test]
async fn a_ca_file_that_is_none_is_refused_at_the_start() {
    let folder = tempfile::tempdir().unwrap();
    let vault = [
        ("VAULT_ADDR", "https://vault.example.com:8200"),
        ("VAULT_TOKEN", "t"),
    ];
    let empty = folder.path().join("ca.pem");
    std::fs::write(&empty, "nothing").unwrap();
    let empty = empty.to_str().unwrap();
    for (path, why) in [
        ("/nowhere/ca.pem", "cannot be read"),
        (empty, "holds no certificate"),
    ] {
        let settings = [vault[0], vault[1], ("VAULT_CACERT", path)];
        let refused = royal(folder.path(), &settings, &["migrate"], "").await;
        code(&refused, 78);
        let said = error(&refused);
        assert!(
            said.contains("VAULT_CACERT") && said.contains(why),
            "{said}"
        );
    }
    let far = [
        ("AWS_SECRET_NAME", "royal"),
        ("AWS_REGION", "eu-central-1"),
        ("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://10.0.0.1/keys"),
    ];
    let refused = royal(folder.path(), &far, &["migrate"], "").await;
    code(&refused, 78);
    let said = error(&refused);
    assert!(
        said.contains("AWS_CONTAINER_CREDENTIALS_FULL_URI"),
        "{said}"
    );
}
