//! `ROYAL_UCI_FILE`: a year of a real retailer's transactions, whose total is known.
use sandbox::Options;
use serde_json::Value;

#[tokio::test]
async fn the_whole_file_adds_up() {
    let running = sandbox::start(Options {
        file: Some(crate::path_from("ROYAL_UCI_FILE")),
        now: Some(1_795_000_000),
        ..Options::default()
    })
    .await
    .unwrap();
    let answer = reqwest::get(format!("{}/__truth", running.base_url))
        .await
        .unwrap();
    let truth: Value = serde_json::from_str(&answer.text().await.unwrap()).unwrap();
    assert_eq!(truth["total"]["total_sales"], "9676036.65");
}
