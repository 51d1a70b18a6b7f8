//! Parts that go away under load and come back: a PostgreSQL that is restarted, a process that stands still for longer than its leases.
//! What was accepted is done once.

use crate::databases::Place;
use crate::killed::{Product, moment, shop};
use crate::killed_runs::{Load, is_read};
use std::time::Duration;

const KEY: &str = "one key that both of the processes know";
/// What the processes of these tests hold a piece of work for, in seconds: `WORK_LEASE`.
const LEASE: Duration = Duration::from_secs(1);

fn free_port() -> u16 {
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    free.local_addr().unwrap().port()
}

/// To whoever is connected it is what a fast restart of the server is: every connection ends, and no new one is taken for a while.
#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_goes_away_under_load_loses_nothing_and_doubles_nothing() {
    let (cuts, wanted) = (6, 30);
    let product = Product::over(shop(40), Place::postgres().await).await;
    let alive = product.start().await;
    is_read(&alive.client).await;
    let load = Load::begin(&alive.client, &product, cuts).await;
    for cut in 0..cuts {
        tokio::time::sleep(moment(cut)).await;
        let away = Duration::from_millis(200 + 300 * cut);
        product.place().cut_off(away).await;
    }
    load.end(&alive.client, &product, cuts, wanted).await;
    assert_eq!(alive.client.get("/readyz").await.status(), 200);
    alive.kill();
    product.doctor_is_content().await;
    product.remove().await;
}

/// It wakes up in the middle of what somebody else has taken over, and believes that it still holds it.
#[tokio::test(flavor = "multi_thread")]
async fn a_process_that_stood_still_for_two_leases_writes_nothing_when_it_wakes() {
    let (stops, wanted) = (4, 30);
    let more = vec![("SECRET_KEY", KEY.to_owned())];
    let product = Product::with(shop(40), Place::postgres().await, more).await;
    let alive = product.start().await;
    let folder = tempfile::tempdir().unwrap();
    let sleeper = product.start_in(folder.path(), free_port()).await;
    is_read(&alive.client).await;
    let load = Load::begin(&alive.client, &product, stops).await;
    for stop in 0..stops {
        tokio::time::sleep(moment(stop)).await;
        sleeper.stand_still();
        tokio::time::sleep(LEASE * 5 / 2).await;
        sleeper.wake();
    }
    load.end(&alive.client, &product, stops, wanted).await;
    assert_eq!(sleeper.client.get("/healthz").await.status(), 200);
    sleeper.kill();
    alive.kill();
    product.doctor_is_content().await;
    product.remove().await;
}
