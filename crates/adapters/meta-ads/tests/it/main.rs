//! The adapter over real HTTP, against the sandbox's Marketing API and its faults.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot be set up has failed"
)]

use adapter_kit::{Registry, Settings};
use adapter_meta_ads::{MetaAds, ReportLimits};
use domain::ads::{AdLevel, AdPlatform, AdStatus, Budget, BudgetSpan, InsightDay};
use domain::calendar::DayRange;
use ports::Kind;
use ports::ad_platforms::{
    AdAuth, AdChange, AdSettings, AdSource as _, AdTarget, AdWriter as _, Mode, NewCampaign,
};
use sandbox::ads::{META_ACCOUNT, META_TOKEN};
use serde_json::{Value, json};
use std::time::Duration;

struct Shop {
    sandbox: sandbox::Running,
}

async fn shop() -> Shop {
    let now = "2026-11-27T18:00:00Z".parse::<chrono::DateTime<chrono::Utc>>();
    let options = sandbox::Options {
        orders: 400,
        days: 90,
        now: Some(now.unwrap().timestamp()),
        ..sandbox::Options::default()
    };
    Shop {
        sandbox: sandbox::start(options).await.unwrap(),
    }
}

impl Shop {
    fn open(&self) -> MetaAds {
        self.open_with(META_TOKEN)
    }

    fn open_with(&self, token: &str) -> MetaAds {
        let mut settings = Settings::default();
        settings.retry.base_transient = Duration::from_millis(1);
        settings.retry.base_throttle = Duration::from_millis(1);
        let reports = ReportLimits {
            start: Duration::from_millis(200),
            finish: Duration::from_millis(200),
            poll: Duration::from_millis(1),
        };
        let ads = AdSettings {
            platform: AdPlatform::Meta,
            external_id: format!("act_{META_ACCOUNT}"),
            login_account: None,
            base_url: Some(format!("{}/meta", self.sandbox.base_url)),
            api_version: None,
            auth: AdAuth::Token {
                token: token.to_owned().into(),
                app_secret: None,
            },
        };
        MetaAds::new(&ads, reports, &Registry::new(settings)).unwrap()
    }

    fn fault(&self, name: &str, rate: f64) {
        self.sandbox.fault(name, rate).unwrap();
    }

    fn change(&self, body: Value) {
        self.sandbox.ads_change(&body).unwrap();
    }
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
    let meta = shop.open();
    let told = meta.identify().await.unwrap();
    assert_eq!(told.external_id, META_ACCOUNT);
    assert_eq!(
        (told.currency.code(), told.zone.as_str()),
        ("USD", "America/New_York")
    );
    assert!(told.missing.is_empty() && told.is_sandbox);
    let campaigns = meta.structure(AdLevel::Campaign).await.unwrap();
    assert_eq!(campaigns.len(), 6);
    assert_eq!(campaigns[0].budget.as_ref().unwrap().minor, 5_000);
    let sets = meta.structure(AdLevel::AdSet).await.unwrap();
    assert!(
        sets.iter()
            .all(|s| campaigns.iter().any(|c| s.parent.as_ref() == Some(&c.id)))
    );
    assert_eq!(
        sets.iter()
            .filter(|s| s.delivery.as_deref() == Some("CAMPAIGN_PAUSED"))
            .count(),
        2
    );
    // Ad sets add up to their campaigns, whether asked for at once or as a job.
    let days = range("2026-11-20", "2026-11-24");
    let whole = meta.insights(AdLevel::Campaign, days).await.unwrap();
    let parts = meta.insights(AdLevel::AdSet, days).await.unwrap();
    let spend = |rows: &[InsightDay]| rows.iter().map(|r| r.spend).sum::<i64>();
    assert!(spend(&whole) > 0);
    assert_eq!(spend(&whole), spend(&parts));
    let told = shop.sandbox.ads_days("meta", days.from, days.to);
    let truth: i64 = told["rows"]
        .as_array()
        .unwrap()
        .iter()
        .map(|r| r["spend"].as_i64().unwrap())
        .sum();
    assert_eq!(spend(&whole), truth * 10_000);
    let row = whole.iter().find(|r| r.conversions.len() > 1).unwrap();
    assert!(
        row.conversions
            .iter()
            .any(|c| c.kind == "omni_purchase" && c.value.is_some())
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn small_pages_halved_pages_and_split_jobs_tell_the_same_rows() {
    let shop = shop().await;
    let meta = shop.open();
    shop.change(json!({ "platform": "meta", "campaigns": 40, "groups": 3 }));
    let days = range("2026-10-28", "2026-11-27");
    let whole = sorted(meta.insights(AdLevel::AdSet, days).await.unwrap());
    assert!(whole.len() > 3_000);
    shop.fault("ads_too_much", 60.0);
    assert_eq!(
        sorted(meta.insights(AdLevel::AdSet, days).await.unwrap()),
        whole
    );
    shop.fault("ads_report_fail", 10.0);
    assert_eq!(
        sorted(meta.insights(AdLevel::AdSet, days).await.unwrap()),
        whole
    );
    assert_eq!(meta.structure(AdLevel::AdSet).await.unwrap().len(), 120);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_that_never_ends_is_given_up_and_says_so() {
    let shop = shop().await;
    shop.fault("ads_report_stall", 1.0);
    let days = range("2026-11-01", "2026-11-02");
    let error = shop
        .open()
        .insights(AdLevel::AdSet, days)
        .await
        .unwrap_err();
    assert_eq!(error.kind, Kind::Unavailable);
    assert!(error.is_transient());
    assert!(error.detail.contains("stood at 10 %"), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_ended_needs_a_person_and_throttling_does_not() {
    let shop = shop().await;
    let error = shop.open_with("wrong").identify().await.unwrap_err();
    assert_eq!(error.kind, Kind::Unauthorized);
    assert!(
        error.detail.contains("190") && !error.detail.contains("wrong"),
        "{error}"
    );
    shop.fault("ads_throttle", 1.0);
    let error = shop.open().identify().await.unwrap_err();
    assert_eq!(error.kind, Kind::RateLimited);
    assert!(error.is_transient());
    shop.fault("ads_throttle", 0.0);
    shop.fault("ads_permission", 1.0);
    let error = shop.open().identify().await.unwrap_err();
    assert_eq!(error.kind, Kind::Forbidden);
    assert!(error.detail.contains("ads_read"), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn used_up_limits_stop_the_next_call_before_meta_refuses_it() {
    let shop = shop().await;
    let meta = shop.open();
    shop.fault("ads_usage", 96.0);
    meta.structure(AdLevel::Campaign).await.unwrap_err();
    let error = meta.identify().await.unwrap_err();
    assert_eq!(error.kind, Kind::RateLimited);
    assert!(error.detail.contains("used up"), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_granted_is_named() {
    let shop = shop().await;
    shop.change(json!({ "platform": "meta", "permissions": ["ads_read"] }));
    let told = shop.open().identify().await.unwrap();
    assert_eq!(told.missing.len(), 1);
    assert!(!told.missing[0].required);
    shop.change(json!({ "platform": "meta", "permissions": [] }));
    let told = shop.open().identify().await.unwrap();
    assert!(
        told.missing
            .iter()
            .any(|m| m.required && m.scope == "ads_read")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pause_is_seen_by_looking_again_and_a_dry_run_changes_nothing() {
    let shop = shop().await;
    let meta = shop.open();
    let id = meta
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
    meta.change(&target, &pause, Mode::DryRun).await.unwrap();
    assert_eq!(meta.look(&target).await.unwrap().status, AdStatus::Active);
    // Success is said, and nothing happens.
    shop.fault("ads_silent_write", 1.0);
    meta.change(&target, &pause, Mode::Write).await.unwrap();
    assert_eq!(meta.look(&target).await.unwrap().status, AdStatus::Active);
    shop.fault("ads_silent_write", 0.0);
    meta.change(&target, &pause, Mode::Write).await.unwrap();
    assert_eq!(meta.look(&target).await.unwrap().status, AdStatus::Paused);
    meta.change(&target, &AdChange::Status(AdStatus::Active), Mode::Write)
        .await
        .unwrap();
    assert_eq!(meta.look(&target).await.unwrap().status, AdStatus::Active);
    let budget = |minor| {
        AdChange::Budget(Budget {
            span: BudgetSpan::Day,
            minor,
            resource: None,
            is_shared: false,
        })
    };
    meta.change(&target, &budget(7_500), Mode::Write)
        .await
        .unwrap();
    assert_eq!(
        meta.look(&target).await.unwrap().budget.unwrap().minor,
        7_500
    );
    let error = meta
        .change(&target, &budget(50), Mode::DryRun)
        .await
        .unwrap_err();
    assert_eq!(error.kind, Kind::Rejected);
    assert!(error.detail.contains("too low"), "{error}");
    let nobody = AdTarget {
        level: AdLevel::Campaign,
        id: "5".to_owned(),
    };
    assert_eq!(meta.look(&nobody).await.unwrap_err().kind, Kind::NotFound);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_without_cents_is_told_in_whole_units() {
    let shop = shop().await;
    shop.change(json!({ "platform": "meta", "currency": "JPY", "zone": "Asia/Tokyo" }));
    let meta = shop.open();
    let campaigns = meta.structure(AdLevel::Campaign).await.unwrap();
    assert_eq!(campaigns[0].budget.as_ref().unwrap().minor, 5_000);
    let days = range("2026-11-20", "2026-11-20");
    let rows = meta.insights(AdLevel::Campaign, days).await.unwrap();
    assert!(rows.iter().all(|r| r.spend % 1_000_000 == 0));
    let told = shop.sandbox.ads_days("meta", days.from, days.to);
    let truth: i64 = told["rows"]
        .as_array()
        .unwrap()
        .iter()
        .map(|r| r["spend"].as_i64().unwrap())
        .sum();
    assert_eq!(rows.iter().map(|r| r.spend).sum::<i64>(), truth * 1_000_000);
}

#[tokio::test]
async fn ads_of_one_campaign_add_up_to_it() {
    let shop = shop().await;
    let meta = shop.open();
    let all = meta.structure(AdLevel::Campaign).await.unwrap();
    let campaign = &all[0].id;
    let days = range("2026-10-01", "2026-10-31");
    let told = meta.ads_of(campaign, days, 100).await.unwrap();
    assert_eq!((told.ads.len(), told.is_cut), (4, false));
    let sets = meta.structure(AdLevel::AdSet).await.unwrap();
    for ad in &told.ads {
        let set = sets.iter().find(|s| Some(&s.id) == ad.parent.as_ref());
        assert_eq!(set.unwrap().parent.as_ref(), Some(campaign), "{ad:?}");
    }
    let rows = meta.insights(AdLevel::Campaign, days).await.unwrap();
    let own = rows.iter().filter(|r| r.id == *campaign);
    let (spend, clicks) = own.fold((0, 0), |(s, c), r| (s + r.spend, c + r.clicks));
    assert!(spend > 0);
    let sum = |of: fn(&InsightDay) -> i64| told.totals.iter().map(of).sum::<i64>();
    assert_eq!((sum(|r| r.spend), sum(|r| r.clicks)), (spend, clicks));
    assert!(told.totals.iter().all(|r| r.day == days.from));
    // Fewer than there are: only their figures are asked for.
    let few = meta.ads_of(campaign, days, 3).await.unwrap();
    assert_eq!((few.ads.len(), few.is_cut), (3, true));
    let ids: Vec<&String> = few.ads.iter().map(|a| &a.id).collect();
    assert!(few.totals.iter().all(|r| ids.contains(&&r.id)));
    // What is no number never becomes part of an address.
    for wrong in ["", "1/insights", "999"] {
        let error = meta.ads_of(wrong, days, 3).await.unwrap_err();
        assert_eq!(error.kind, Kind::NotFound, "{wrong}: {error}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_campaign_is_made_paused_found_by_its_name_and_archived() {
    let shop = shop().await;
    let meta = shop.open();
    let new = |minor| NewCampaign {
        name: "Winter tents".to_owned(),
        daily_budget: minor,
        currency: "USD".parse().unwrap(),
    };
    let little = meta.create(&new(50), Mode::DryRun).await.unwrap_err();
    assert_eq!(little.kind, Kind::Rejected);
    assert!(little.detail.contains("too low"), "{little}");
    meta.create(&new(2_000), Mode::DryRun).await.unwrap();
    assert_eq!(meta.named("Winter tents").await.unwrap(), None);
    // It says which one it made, and made none.
    shop.fault("ads_silent_write", 1.0);
    meta.create(&new(2_000), Mode::Write).await.unwrap();
    assert_eq!(meta.named("Winter tents").await.unwrap(), None);
    shop.fault("ads_silent_write", 0.0);
    meta.create(&new(2_000), Mode::Write).await.unwrap();
    let (number, state) = meta.named("Winter tents").await.unwrap().unwrap();
    assert_eq!(state.status, AdStatus::Paused);
    assert_eq!(state.budget.unwrap().minor, 2_000);
    let sent = shop.sandbox.ads()["writes"]
        .as_array()
        .unwrap()
        .last()
        .cloned();
    let fields = sent.unwrap()["fields"].clone();
    assert_eq!(fields["status"], "PAUSED");
    assert_eq!(fields["special_ad_categories"], "[]");
    meta.retire(&number).await.unwrap();
    assert_eq!(meta.named("Winter tents").await.unwrap(), None);

    // Whole units where there are no cents.
    shop.change(json!({ "platform": "meta", "currency": "JPY", "zone": "Asia/Tokyo" }));
    let yen = NewCampaign {
        name: "Tokyo".to_owned(),
        daily_budget: 5_000,
        currency: "JPY".parse().unwrap(),
    };
    meta.create(&yen, Mode::Write).await.unwrap();
    let (_, state) = meta.named("Tokyo").await.unwrap().unwrap();
    assert_eq!(state.budget.unwrap().minor, 5_000);
    // Forints have cents here and none there.
    let forint = NewCampaign {
        daily_budget: 900_050,
        currency: "HUF".parse().unwrap(),
        ..yen
    };
    let error = meta.create(&forint, Mode::DryRun).await.unwrap_err();
    assert_eq!(error.kind, Kind::Rejected, "{error}");
    // Without the right to write.
    shop.change(json!({ "platform": "meta", "permissions": ["ads_read"] }));
    let error = meta.create(&new(2_000), Mode::DryRun).await.unwrap_err();
    assert_eq!(error.kind, Kind::Forbidden, "{error}");
}
