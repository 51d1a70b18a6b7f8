//! Processes of an earlier release and of this one over one database at the same time, under load. Compiled only with the feature
//! `earlier-release`: `cargo xtask upgrade --from FILE` names the earlier program.

use crate::killed_runs::{Load, is_read};
use crate::support::{Client, until};
use crate::three_replicas::{Fleet, REPLICAS};
use serde_json::json;
use std::path::PathBuf;
use std::time::Duration;

const NAME: &str = "ROYAL_EARLIER";
/// How long both serve beside each other after each replacement.
const BESIDE: Duration = Duration::from_secs(4);
/// Changes are made for so many kills, which there are none of.
const CHANGES_FOR: u64 = 30;
const RUNS: u64 = 100;

async fn webhooks(fleet: &Fleet) {
    let events = Client::new(&fleet.product.shop.base_url);
    for kind in ["order_create", "refund", "order_create"] {
        events.post("/__events", &json!({ "kind": kind })).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn replaced_one_after_the_other_nothing_is_lost_and_the_earlier_ones_serve_to_their_end() {
    let earlier =
        std::env::var(NAME).expect("ROYAL_EARLIER names the program of an earlier release");
    let settings = [("SYNC_INTERVAL", "2")];
    let mut fleet = Fleet::start_by(PathBuf::from(earlier), 40, &settings).await;
    is_read(&fleet.client).await;
    let before = fleet.product.place().migrations().await;
    let load = Load::begin(&fleet.client, &fleet.product, CHANGES_FOR).await;
    fleet.product.program = env!("CARGO_BIN_EXE_royal").into();
    for n in 0..REPLICAS {
        // A process of the earlier release ends as it is asked to, whatever schema it stands on by now.
        let ended = fleet.replicas[n].take().unwrap().terminate().await;
        assert!(ended.success(), "{n}: {ended}");
        fleet.replicas[n] = Some(fleet.start_one(n).await);
        webhooks(&fleet).await;
        tokio::time::sleep(BESIDE).await;
        for other in 0..REPLICAS {
            let client = fleet.at(other);
            for path in [
                "/readyz",
                "/v1/orders?limit=5",
                "/v1/syncs",
                "/v1/runs",
                "/v1/change-sets",
            ] {
                let status = client.get(path).await.status();
                assert_eq!(status, 200, "{path} of {other} after {n} was replaced");
            }
        }
    }
    let after = fleet.product.place().migrations().await;
    let whole = fleet.client.clone();
    load.end(&whole, &fleet.product, 0, RUNS).await;
    until(|| async { fleet.product.agrees_with(&whole).await.then_some(()) }).await;
    println!("from {before} to {after} migrations under load, over {REPLICAS} replicas");
    for replica in fleet.replicas.into_iter().flatten() {
        let ended = replica.terminate().await;
        assert!(ended.success(), "{ended}");
    }
    fleet.product.doctor_is_content().await;
    fleet.product.remove().await;
}
