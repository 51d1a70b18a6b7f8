//! Ad accounts that the environment names: connected once there is a store, read, shown without their credentials, renewed by a restart.

use crate::support::{Client, sandbox, server, until};
use domain::people::Role;
use serde_json::{Value, json};

/// Both accounts, once each was read to an end.
async fn both(client: &Client) -> Vec<Value> {
    until(|| async {
        let told = client.read("/v1/ad-accounts").await;
        let accounts = told["ad_accounts"].as_array()?.clone();
        let is_read = |account: &Value| {
            let status = account["last_sync"]["status"].as_str();
            status.is_some_and(|s| !["queued", "running"].contains(&s))
        };
        (accounts.len() == 2 && accounts.iter().all(is_read)).then_some(accounts)
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn accounts_of_the_environment_are_connected_read_and_renewed_by_a_restart() {
    let sandbox = sandbox(60).await;
    let (meta, google) = (
        format!("{}/meta", sandbox.base_url),
        format!("{}/google-ads", sandbox.base_url),
    );
    let tokens = format!("{google}/token");
    // Numbers as people copy them from the platforms' pages.
    let number = format!("act_{}", sandbox::ads::META_ACCOUNT);
    let settings = |token: &'static str| {
        [
            ("SANDBOX_URL", sandbox.base_url.clone()),
            ("RATE_LIMIT_REQUESTS", "0".to_owned()),
            ("META_BASE_URL", meta.clone()),
            ("META_AD_ACCOUNT_ID", number.clone()),
            ("META_ACCESS_TOKEN", token.to_owned()),
            ("GOOGLE_ADS_BASE_URL", google.clone()),
            ("GOOGLE_ADS_TOKEN_URL", tokens.clone()),
            ("GOOGLE_ADS_CUSTOMER_ID", "123-456-7890".to_owned()),
            (
                "GOOGLE_ADS_CLIENT_ID",
                sandbox::ads::GOOGLE_CLIENT_ID.to_owned(),
            ),
            (
                "GOOGLE_ADS_CLIENT_SECRET",
                sandbox::ads::GOOGLE_CLIENT_SECRET.to_owned(),
            ),
            (
                "GOOGLE_ADS_REFRESH_TOKEN",
                sandbox::ads::GOOGLE_REFRESH_TOKEN.to_owned(),
            ),
        ]
    };
    let given = settings(sandbox::ads::META_TOKEN);
    let given: Vec<(&str, &str)> = given.iter().map(|(n, v)| (*n, v.as_str())).collect();
    let server = server(&given).await;
    let owner = server.owner().await;
    // Without a store there is nothing to which their spend belongs.
    assert_eq!(owner.read("/v1/ad-accounts").await["total"], 0);
    owner.connect_sandbox().await;
    let accounts = both(&owner).await;
    for account in &accounts {
        assert_eq!(account["from_environment"], true, "{account}");
        assert_eq!(account["state"], "ok", "{account}");
        assert_eq!(account["last_sync"]["status"], "succeeded", "{account}");
        let told = account.to_string();
        for secret in [
            sandbox::ads::META_TOKEN,
            sandbox::ads::GOOGLE_CLIENT_SECRET,
            sandbox::ads::GOOGLE_REFRESH_TOKEN,
        ] {
            assert!(!told.contains(secret), "{told}");
        }
    }
    let mut numbers: Vec<&Value> = accounts.iter().map(|a| &a["number"]).collect();
    numbers.sort_by_key(|n| n.to_string());
    assert_eq!(
        numbers,
        [
            &json!(sandbox::ads::GOOGLE_ACCOUNT),
            &json!(sandbox::ads::META_ACCOUNT)
        ]
    );
    assert_eq!(owner.read("/v1/campaigns").await["total"], 12);

    // A token that is not accepted stops the account with a sentence (code 190), and connects nothing a second time.
    let ended = settings("a-token-that-ended");
    let ended: Vec<(&str, &str)> = ended.iter().map(|(n, v)| (*n, v.as_str())).collect();
    let server = server.restarted(&ended).await;
    let admin = server.script(Role::Admin).await;
    let meta = accounts.iter().find(|a| a["platform"] == "meta").unwrap();
    let id = meta["id"].as_str().unwrap();
    let read = async |client: &Client, state: &'static str| {
        until(|| async {
            // The restart renews the credentials in its own time.
            let sync = format!("/v1/ad-accounts/{id}/sync");
            client.post(&sync, &json!({})).await;
            let account = client.read(&format!("/v1/ad-accounts/{id}")).await;
            (account["state"] == state).then_some(account)
        })
        .await
    };
    let stopped = read(&admin, "reauthorize").await;
    let why = stopped["state_reason"].as_str().unwrap();
    assert!(why.contains("190"), "{stopped}");
    assert!(!why.contains("a-token-that-ended"), "{stopped}");

    let server = server.restarted(&given).await;
    let admin = server.script(Role::Admin).await;
    read(&admin, "ok").await;
    assert_eq!(admin.read("/v1/ad-accounts").await["total"], 2);
    server.running.stop().await;
}
