//! Ad accounts, their days, and the runs that read them.

use super::store::numbered;
use super::{at, currency, day};
use domain::ads::{
    AccountState, AdAccount, AdLevel, AdPlatform, AdSyncRun, InsightDay, RawConversion, Series,
};
use domain::ids::{AdAccountId, AdSyncId, StoreScope};
use domain::reconciliation::Trigger;
use std::collections::BTreeSet;

/// In dollars and New York's days.
#[must_use]
pub fn ad_account(scope: StoreScope, number: u32) -> AdAccount {
    AdAccount {
        id: AdAccountId(numbered(21, number, 0)),
        scope,
        platform: AdPlatform::Meta,
        external_id: format!("100{number}"),
        name: format!("Account {number}"),
        base_url: "http://127.0.0.1:1/meta".to_owned(),
        api_version: "v26.0".to_owned(),
        login_account: None,
        is_sandbox: true,
        state: AccountState::Ok,
        state_reason: None,
        missing: vec![],
        series: vec![Series {
            from: None,
            currency: currency("USD"),
            zone: "America/New_York".to_owned(),
        }],
        final_through: None,
        read_through: None,
        conversion_kinds: BTreeSet::new(),
        created_at: at("2026-01-01T00:00:00Z"),
        last_synced_at: None,
        last_error: None,
        from_environment: false,
        version: 1,
    }
}

/// A day with one purchase, which two kinds tell; spend in millionths.
#[must_use]
pub fn insight(level: AdLevel, id: &str, on: &str, spend: i64) -> InsightDay {
    let conversion = |kind: &str| RawConversion {
        kind: kind.to_owned(),
        count: 1_000_000,
        value: Some(40_000_000),
    };
    InsightDay {
        level,
        id: id.to_owned(),
        day: day(on),
        spend,
        impressions: 1_000,
        clicks: 20,
        reach: Some(800),
        conversions: vec![conversion("omni_purchase"), conversion("purchase")],
        attribution: Some("7d_click_1d_view".to_owned()),
    }
}

#[must_use]
pub fn ad_sync_run(account: &AdAccount, number: u32) -> AdSyncRun {
    let id = AdSyncId(uuid::Uuid::new_v5(&account.id.0, &number.to_be_bytes()));
    let at = at("2026-03-01T00:00:00Z");
    let name = account.name.clone();
    AdSyncRun::queued(id, account.scope, account.id, name, Trigger::Request, at)
}
