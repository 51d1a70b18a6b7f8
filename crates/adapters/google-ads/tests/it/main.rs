//! The adapter over real HTTP, against the sandbox's Google Ads API and its faults.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot be set up has failed"
)]

use adapter_google_ads::GoogleAds;
use adapter_kit::{Registry, Settings};
use domain::ads::{AdLevel, AdPlatform, AdStatus, Budget, InsightDay};
use domain::calendar::DayRange;
use ports::Kind;
use ports::ad_platforms::{
    AdAuth, AdChange, AdSettings, AdSource as _, AdTarget, AdWriter as _, Mode, NewCampaign,
};
use sandbox::ads::{GOOGLE_ACCOUNT, GOOGLE_CLIENT_ID, GOOGLE_CLIENT_SECRET, GOOGLE_REFRESH_TOKEN};
use serde_json::json;
use std::time::Duration;

async fn shop() -> sandbox::Running {
    let now = "2026-11-27T18:00:00Z".parse::<chrono::DateTime<chrono::Utc>>();
    let options = sandbox::Options {
        orders: 400,
        days: 90,
        now: Some(now.unwrap().timestamp()),
        ..sandbox::Options::default()
    };
    sandbox::start(options).await.unwrap()
}

fn open(shop: &sandbox::Running) -> GoogleAds {
    open_with(shop, GOOGLE_REFRESH_TOKEN, Some(""))
}

/// The developer token is empty unless said otherwise: it must not be sent then.
fn open_with(shop: &sandbox::Running, refresh: &str, developer: Option<&str>) -> GoogleAds {
    let mut settings = Settings::default();
    settings.retry.base_transient = Duration::from_millis(1);
    settings.retry.base_throttle = Duration::from_millis(1);
    let ads = AdSettings {
        platform: AdPlatform::GoogleAds,
        external_id: "123-456-7890".to_owned(),
        login_account: None,
        base_url: Some(format!("{}/google-ads", shop.base_url)),
        api_version: None,
        auth: AdAuth::Refresh {
            client_id: GOOGLE_CLIENT_ID.to_owned(),
            client_secret: GOOGLE_CLIENT_SECRET.to_owned().into(),
            refresh_token: refresh.to_owned().into(),
            developer_token: developer.map(|d| d.to_owned().into()),
        },
    };
    let token_url = format!("{}/google-ads/token", shop.base_url);
    GoogleAds::new(&ads, Some(&token_url), &Registry::new(settings)).unwrap()
}

fn range(from: &str, to: &str) -> DayRange {
    DayRange::new(from.parse().unwrap(), to.parse().unwrap()).unwrap()
}

fn sorted(mut rows: Vec<InsightDay>) -> Vec<InsightDay> {
    rows.sort_by(|a, b| (a.day, &a.id).cmp(&(b.day, &b.id)));
    rows
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_its_campaigns_and_its_days_are_told() {
    let shop = shop().await;
    let google = open(&shop);
    let told = google.identify().await.unwrap();
    assert_eq!(told.external_id, GOOGLE_ACCOUNT);
    assert_eq!(
        (told.currency.code(), told.zone.as_str()),
        ("EUR", "Europe/Berlin")
    );
    let campaigns = google.structure(AdLevel::Campaign).await.unwrap();
    assert_eq!(campaigns.len(), 6);
    assert_eq!(campaigns[1].budget.as_ref().unwrap().minor, 6_000);
    let groups = google.structure(AdLevel::AdSet).await.unwrap();
    assert!(
        groups
            .iter()
            .all(|s| campaigns.iter().any(|c| s.parent.as_ref() == Some(&c.id)))
    );
    let days = range("2026-11-01", "2026-11-27");
    let whole = sorted(google.insights(AdLevel::Campaign, days).await.unwrap());
    let told = shop.ads_days("google_ads", days.from, days.to);
    let truth: i64 = told["rows"]
        .as_array()
        .unwrap()
        .iter()
        .map(|r| r["spend"].as_i64().unwrap())
        .sum();
    assert_eq!(whole.iter().map(|r| r.spend).sum::<i64>(), truth * 10_000);
    assert!(
        whole
            .iter()
            .any(|r| r.conversions.iter().any(|c| c.kind == "conversions"))
    );
    // Too large for one question: asked for in parts.
    shop.fault("ads_report_fail", 5.0).unwrap();
    assert_eq!(
        sorted(google.insights(AdLevel::Campaign, days).await.unwrap()),
        whole
    );
    let none = range("2020-01-01", "2020-01-02");
    shop.ads_change(&json!({ "platform": "google_ads", "campaigns": 0 }))
        .unwrap();
    assert_eq!(google.insights(AdLevel::Campaign, none).await.unwrap(), []);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_ended_is_fetched_anew_and_a_withdrawn_one_needs_a_person() {
    let shop = shop().await;
    let google = open(&shop);
    google.identify().await.unwrap();
    shop.ads_change(&json!({ "platform": "google_ads", "expire_tokens": true }))
        .unwrap();
    google.identify().await.unwrap();
    let error = open_with(&shop, "other", None)
        .identify()
        .await
        .unwrap_err();
    assert_eq!(error.kind, Kind::Unauthorized);
    assert!(error.detail.contains("Grant access again"), "{error}");
    shop.fault("ads_token", 1.0).unwrap();
    let error = open(&shop).identify().await.unwrap_err();
    assert_eq!(error.kind, Kind::Unauthorized, "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn throttling_and_missing_rights_are_told_apart() {
    let shop = shop().await;
    shop.fault("ads_throttle", 1.0).unwrap();
    let error = open(&shop).identify().await.unwrap_err();
    assert_eq!(error.kind, Kind::RateLimited);
    assert!(error.is_transient());
    shop.fault("ads_throttle", 0.0).unwrap();
    shop.fault("ads_permission", 1.0).unwrap();
    let error = open(&shop).identify().await.unwrap_err();
    assert_eq!(error.kind, Kind::Forbidden);
    assert!(
        error.detail.contains("GOOGLE_ADS_LOGIN_CUSTOMER_ID"),
        "{error}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pause_and_a_budget_are_seen_by_looking_again() {
    let shop = shop().await;
    let google = open_with(&shop, GOOGLE_REFRESH_TOKEN, None);
    let id = google
        .structure(AdLevel::Campaign)
        .await
        .unwrap()
        .swap_remove(0)
        .id;
    let target = AdTarget {
        level: AdLevel::Campaign,
        id,
    };
    let pause = AdChange::Status(AdStatus::Paused);
    google.change(&target, &pause, Mode::DryRun).await.unwrap();
    assert_eq!(google.look(&target).await.unwrap().status, AdStatus::Active);
    google.change(&target, &pause, Mode::Write).await.unwrap();
    let now = google.look(&target).await.unwrap();
    assert_eq!(now.status, AdStatus::Paused);
    let more = Budget {
        minor: 8_000,
        ..now.budget.unwrap()
    };
    google
        .change(&target, &AdChange::Budget(more.clone()), Mode::Write)
        .await
        .unwrap();
    assert_eq!(
        google.look(&target).await.unwrap().budget.unwrap().minor,
        8_000
    );
    let little = AdChange::Budget(Budget { minor: 10, ..more });
    let error = google
        .change(&target, &little, Mode::DryRun)
        .await
        .unwrap_err();
    assert_eq!(error.kind, Kind::Rejected);
    // A budget that others spend from is left alone.
    shop.ads_change(&json!({ "platform": "google_ads", "campaign": 0, "share_budget": true }))
        .unwrap();
    let shared = google.look(&target).await.unwrap().budget.unwrap();
    let error = google
        .change(&target, &AdChange::Budget(shared), Mode::Write)
        .await
        .unwrap_err();
    assert!(error.detail.contains("other campaigns"), "{error}");
    // A removed campaign is told as one.
    shop.ads_change(&json!({ "platform": "google_ads", "campaign": 0, "delete": true }))
        .unwrap();
    assert_eq!(
        google.look(&target).await.unwrap().status,
        AdStatus::Deleted
    );
    assert_eq!(google.structure(AdLevel::Campaign).await.unwrap().len(), 5);
}

#[tokio::test]
async fn ads_of_one_campaign_add_up_to_it() {
    let shop = shop().await;
    let google = open(&shop);
    let all = google.structure(AdLevel::Campaign).await.unwrap();
    let campaign = &all[0].id;
    let days = range("2026-10-01", "2026-10-31");
    let told = google.ads_of(campaign, days, 100).await.unwrap();
    assert_eq!((told.ads.len(), told.is_cut), (4, false));
    assert!(told.ads.iter().all(|ad| ad.parent.is_some()));
    let rows = google.insights(AdLevel::Campaign, days).await.unwrap();
    let own = rows.iter().filter(|r| r.id == *campaign);
    let spend: i64 = own.map(|r| r.spend).sum();
    assert!(spend > 0);
    assert_eq!(told.totals.iter().map(|r| r.spend).sum::<i64>(), spend);
    let few = google.ads_of(campaign, days, 3).await.unwrap();
    assert_eq!((few.ads.len(), few.is_cut), (3, true));
    let ids: Vec<&String> = few.ads.iter().map(|a| &a.id).collect();
    assert!(few.totals.iter().all(|r| ids.contains(&&r.id)));
    let wrong = google.ads_of("1 OR 2", days, 3).await.unwrap_err();
    assert_eq!(wrong.kind, Kind::NotFound, "{wrong}");
}

#[tokio::test]
async fn a_budget_below_the_least_is_refused_and_one_without_cents_is_whole() {
    let shop = shop().await;
    let google = open(&shop);
    let campaign = google.structure(AdLevel::Campaign).await.unwrap().remove(0);
    let target = AdTarget {
        level: AdLevel::Campaign,
        id: campaign.id,
    };
    let mut budget = campaign.budget.unwrap();
    budget.minor = 50;
    for mode in [Mode::DryRun, Mode::Write] {
        let change = AdChange::Budget(budget.clone());
        let error = google.change(&target, &change, mode).await.unwrap_err();
        assert_eq!(error.kind, Kind::Rejected, "{error}");
        assert!(error.detail.contains("too less"), "{error}");
    }
    let yen = json!({ "platform": "google_ads", "currency": "JPY" });
    shop.ads_change(&yen).unwrap();
    let google = open(&shop);
    budget.minor = 6_000;
    let change = AdChange::Budget(budget);
    google.change(&target, &change, Mode::Write).await.unwrap();
    let seen = google.look(&target).await.unwrap().budget.unwrap();
    assert_eq!(seen.minor, 6_000);
    let sent = shop.ads()["writes"].as_array().unwrap().last().cloned();
    assert_eq!(
        sent.unwrap()["fields"]["amountMicros"],
        json!("6000000000"),
        "yen are told in millionths as any other"
    );
}

#[tokio::test]
async fn a_campaign_is_made_paused_with_its_budget_found_by_its_name_and_removed() {
    let shop = shop().await;
    let google = open(&shop);
    let new = |name: &str, minor| NewCampaign {
        name: name.to_owned(),
        daily_budget: minor,
        currency: "EUR".parse().unwrap(),
    };
    for mode in [Mode::DryRun, Mode::Write] {
        let error = google.create(&new("Tents", 50), mode).await.unwrap_err();
        assert_eq!(error.kind, Kind::Rejected, "{error}");
        assert!(error.detail.contains("too less"), "{error}");
    }
    google
        .create(&new("Tents", 2_000), Mode::DryRun)
        .await
        .unwrap();
    assert_eq!(google.named("Tents").await.unwrap(), None);
    google
        .create(&new("Tents", 2_000), Mode::Write)
        .await
        .unwrap();
    let (number, state) = google.named("Tents").await.unwrap().unwrap();
    assert_eq!(state.status, AdStatus::Paused);
    assert_eq!(state.budget.unwrap().minor, 2_000);
    let taken = google
        .create(&new("Tents", 2_000), Mode::DryRun)
        .await
        .unwrap_err();
    assert_eq!(taken.kind, Kind::Rejected, "{taken}");
    google.retire(&number).await.unwrap();
    assert_eq!(google.named("Tents").await.unwrap(), None);
    let wrong = google.retire("1 OR 2").await.unwrap_err();
    assert_eq!(wrong.kind, Kind::Rejected, "{wrong}");
}
