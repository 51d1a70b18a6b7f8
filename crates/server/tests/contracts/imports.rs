//! Every file of the recorded CSV exports: imported whole, or refused by row, column and reason.
//!
//! `ROYAL_CONTRACTS` names the folder of recordings.

use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

fn folder() -> PathBuf {
    let folder =
        std::env::var_os("ROYAL_CONTRACTS").expect("ROYAL_CONTRACTS: the folder of recordings");
    PathBuf::from(folder).join("shopify/csv")
}

fn royal(data: &Path, args: &[&str]) -> (Option<i32>, String) {
    use std::io::Write as _;
    let mut child = Command::new(env!("CARGO_BIN_EXE_royal"))
        .env_clear()
        .env("DATA_DIR", data)
        .env("LOG_LEVEL", "error")
        .current_dir(data)
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::inherit())
        .spawn()
        .unwrap();
    let _ = child
        .stdin
        .take()
        .unwrap()
        .write_all(b"correct horse battery");
    let output = child.wait_with_output().unwrap();
    (
        output.status.code(),
        String::from_utf8_lossy(&output.stdout).into_owned(),
    )
}

/// Imports a recording into a new store; answers the code and the import.
fn import(file: &str, currency: &str, zone: &str, more: &[&str]) -> (Option<i32>, Value) {
    let home = tempfile::tempdir().unwrap();
    let data = home.path();
    royal(
        data,
        &[
            "user",
            "add",
            "--email",
            "a@example.com",
            "--role",
            "owner",
            "--password-stdin",
        ],
    );
    let path = folder().join(file);
    let args = [
        "import",
        path.to_str().unwrap(),
        "--json",
        "--store-name",
        "Recorded",
        "--currency",
        currency,
        "--timezone",
        zone,
    ];
    let (code, text) = royal(data, &[&args[..], more].concat());
    (
        code,
        serde_json::from_str(&text).unwrap_or_else(|e| panic!("{file}: {e}: {text}")),
    )
}

#[track_caller]
fn is_whole(file: &str, currency: &str, zone: &str, more: &[&str], created: u64) {
    let (code, answer) = import(file, currency, zone, more);
    let import = &answer["imports"][0]["import"];
    assert_eq!(code, Some(0), "{answer}");
    assert_eq!(import["status"], "done", "{answer}");
    assert_eq!(
        (&import["counts"]["created"], &import["counts"]["refused"]),
        (&created.into(), &0.into()),
        "{answer}"
    );
}

#[test]
fn the_orders_of_a_development_store() {
    is_whole(
        "orders_export_dev_store_79_columns.csv",
        "INR",
        "America/New_York",
        &[],
        51,
    );
}

#[test]
fn orders_in_another_currency_than_the_store_s_are_refused_by_row_and_column() {
    let (code, answer) = import(
        "orders_export_dev_store_79_columns.csv",
        "USD",
        "America/New_York",
        &[],
    );
    assert_eq!(code, Some(65));
    let problem = &answer["imports"][0]["problems"][0];
    assert_eq!(
        (&problem["row"], &problem["column"], &problem["value"]),
        (&2.into(), &"Currency".into(), &"INR".into())
    );
}

#[test]
fn a_file_that_a_spreadsheet_saved_again_is_asked_about_and_then_whole() {
    let file = "orders_export_real_store_deidentified.csv";
    let (code, answer) = import(file, "USD", "Pacific/Honolulu", &[]);
    assert_eq!(code, Some(65));
    let questions = answer["imports"][0]["import"]["report"]["questions"]
        .as_array()
        .unwrap();
    let asked: Vec<_> = questions
        .iter()
        .map(|q| {
            (
                q["key"].as_str().unwrap(),
                q["column"].as_str().unwrap(),
                q["row"].as_u64().unwrap(),
            )
        })
        .collect();
    assert_eq!(
        asked,
        [("date_order", "Paid at", 2), ("order_ids", "Id", 2)]
    );
    let answers = [
        "--answer",
        "date_order=month_first",
        "--answer",
        "order_ids=by_name",
    ];
    is_whole(file, "USD", "Pacific/Honolulu", &answers, 94);
}

#[test]
fn products_in_the_old_and_the_new_format() {
    for (file, products) in [
        ("product_template_new_admin_format.csv", 2),
        ("products_apparel.csv", 20),
        ("products_home-and-garden.csv", 20),
        ("products_jewelery.csv", 20),
    ] {
        let (code, answer) = import(file, "USD", "UTC", &[]);
        assert_eq!(code, Some(0), "{file}: {answer}");
        assert_eq!(
            answer["imports"][0]["import"]["counts"]["created"], products,
            "{file}"
        );
    }
}

#[test]
fn a_list_of_columns_is_no_file_of_any_kind() {
    let (code, _) = {
        let home = tempfile::tempdir().unwrap();
        let data = home.path();
        royal(
            data,
            &[
                "user",
                "add",
                "--email",
                "a@example.com",
                "--role",
                "owner",
                "--password-stdin",
            ],
        );
        let path = folder().join("orders_export_columns.txt");
        let args = [
            "import",
            path.to_str().unwrap(),
            "--store-name",
            "R",
            "--currency",
            "USD",
            "--timezone",
            "UTC",
        ];
        royal(data, &args)
    };
    assert_eq!(code, Some(65));
}
