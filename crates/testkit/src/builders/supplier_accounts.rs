//! Accounts at suppliers with an interface, and the runs that read them.

use super::at;
use super::store::numbered;
use domain::ads::AccountState;
use domain::ids::{StoreScope, SupplierAccountId, SupplierSyncId};
use domain::reconciliation::Trigger;
use domain::supplier::{Platform, SupplierAccount, SupplierSyncRun, Watchlist};

/// Looks for camping things.
#[must_use]
pub fn supplier_account(scope: StoreScope, number: u32, platform: Platform) -> SupplierAccount {
    SupplierAccount {
        id: SupplierAccountId(numbered(22, number, 0)),
        scope,
        platform,
        base_url: "http://127.0.0.1:1/cj".to_owned(),
        is_sandbox: true,
        state: AccountState::Ok,
        state_reason: None,
        per_second: Some(10),
        balance: None,
        quota: None,
        off: Vec::new(),
        watch: Watchlist {
            texts: vec!["camping".to_owned()],
            ships_from: None,
            most_products: 100,
            designs: Vec::new(),
        },
        rest: None,
        created_at: at("2026-01-01T00:00:00Z") + chrono::Duration::seconds(number.into()),
        last_synced_at: None,
        last_error: None,
        version: 1,
    }
}

#[must_use]
pub fn supplier_sync_run(account: &SupplierAccount, number: u32) -> SupplierSyncRun {
    let id = SupplierSyncId(uuid::Uuid::new_v5(&account.id.0, &number.to_be_bytes()));
    let at = at("2026-03-01T00:00:00Z");
    let name = account.platform.name().to_owned();
    SupplierSyncRun::queued(id, account.scope, account.id, name, Trigger::Request, at)
}
