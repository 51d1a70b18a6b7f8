//! A real retailer's year through the whole product: file → sandbox → bulk export → ledger → report.
//!
//! `ROYAL_UCI_FILE` names the CSV (UCI Online Retail II, 2009-12 to 2010-12). Its own sums are computed here, from its text.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot be set up has failed"
)]

#[path = "../it/support.rs"]
#[expect(
    dead_code,
    reason = "shared with the other tests, which use more of it"
)]
mod support;

mod imports;

use rust_decimal::Decimal;
use std::collections::BTreeMap;
use support::{server, until};

/// What the file itself says, line by line.
#[derive(Default)]
struct OwnSums {
    lines: u64,
    /// Σ quantity × price over all lines that are not of an `A…` invoice.
    total: Decimal,
    by_month: BTreeMap<String, Decimal>,
}

fn own_sums(path: &str) -> OwnSums {
    let mut sums = OwnSums::default();
    let mut reader = csv::Reader::from_path(path).unwrap();
    for row in reader.records() {
        let row = row.unwrap();
        sums.lines += 1;
        if row[0].starts_with('A') {
            continue;
        }
        let quantity: Decimal = row[3].parse().unwrap();
        let amount = quantity * row[5].parse::<Decimal>().unwrap();
        sums.total += amount;
        *sums.by_month.entry(row[4][..7].to_owned()).or_default() += amount;
    }
    sums
}

#[tokio::test(flavor = "multi_thread")]
async fn a_retailer_s_year_adds_up_to_its_own_file() {
    let file = std::env::var("ROYAL_UCI_FILE").expect("ROYAL_UCI_FILE: the path of the CSV");
    let sums = own_sums(&file);
    assert_eq!(sums.lines, 525_461);
    let options = sandbox::Options {
        file: Some(file.into()),
        bulk_ms: 20,
        ..sandbox::Options::default()
    };
    let shop = sandbox::start(options).await.unwrap();
    let server = server(&[("SANDBOX_URL", &shop.base_url)]).await;
    let owner = server.owner().await;
    let body = serde_json::json!({ "provider": "shopify", "kind": "sandbox", "start_sync": true });
    let connection: serde_json::Value = owner
        .post("/v1/connections", &body)
        .await
        .json()
        .await
        .unwrap();
    let sync = connection["current_sync_id"].as_str().unwrap().to_owned();
    // Half a million lines take minutes in a debug build: as long as it moves, we wait.
    loop {
        let (before, done) = until(|| async {
            let run = owner.read(&format!("/v1/syncs/{sync}")).await;
            let open = ["queued", "running"].contains(&run["status"].as_str().unwrap());
            (!open || run["orders"]["done"] != 0).then_some((run["orders"]["done"].clone(), !open))
        })
        .await;
        if done {
            break;
        }
        until(|| async {
            let run = owner.read(&format!("/v1/syncs/{sync}")).await;
            (run["orders"]["done"] != before || run["status"] != "running").then_some(())
        })
        .await;
    }
    let run = owner.read(&format!("/v1/syncs/{sync}")).await;
    assert_eq!(run["status"], "succeeded", "{run}");

    let report = owner
        .read("/v1/reports/profit?by=month&from=2009-12-01&to=2010-12-31")
        .await;
    let amount = |text: &serde_json::Value| text.as_str().unwrap().parse::<Decimal>().unwrap();
    // Prices of a tenth of a penny make the file's own sum end in fractions; the shop rounds once, over all.
    let total = amount(&report["total"]["total_sales"]);
    assert_eq!(
        total,
        sums.total.round_dp(2),
        "the file says {}",
        sums.total
    );
    for row in report["rows"].as_array().unwrap() {
        let month = row["key"].as_str().unwrap();
        let expected = sums.by_month.get(month).copied().unwrap_or_default();
        let difference = (amount(&row["total_sales"]) - expected).abs();
        assert!(
            difference < Decimal::ONE,
            "{month}: {} against {expected}",
            row["total_sales"]
        );
    }
}
