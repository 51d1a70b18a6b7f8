//! The adapter over real HTTP, against the sandbox's API 2.0 and its faults.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot be set up has failed"
)]

mod catalogue;
mod messages;
mod orders;
mod tokens;

use adapter_cjdropshipping::Cj;
use adapter_kit::{Registry, Settings};
use chrono::{DateTime, Utc};
use domain::ids::{SupplierAccountId, WorkspaceId};
use domain::supplier::Platform;
use ports::clock::Clock as _;
use ports::supplier_platforms::{Purpose, SupplierSettings};
use sandbox::cj::CJ_API_KEY;
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Duration;
use testkit::fakes::{ManualClock, PlainVault};
use uuid::Uuid;

pub(crate) struct Shop {
    pub(crate) sandbox: sandbox::Running,
    pub(crate) clock: ManualClock,
    pub(crate) vault: Arc<PlainVault>,
}

pub(crate) async fn shop() -> Shop {
    let now: DateTime<Utc> = "2026-11-27T18:00:00Z".parse().unwrap();
    let options = sandbox::Options {
        orders: 5,
        days: 5,
        now: Some(now.timestamp()),
        ..sandbox::Options::default()
    };
    Shop {
        sandbox: sandbox::start(options).await.unwrap(),
        clock: ManualClock::at(now),
        vault: Arc::default(),
    }
}

impl Shop {
    pub(crate) fn open(&self) -> Cj {
        self.open_with(CJ_API_KEY, Purpose::Catalogue)
    }

    /// As another process would: with nothing but the vault.
    pub(crate) fn open_with(&self, key: &str, purpose: Purpose) -> Cj {
        self.open_at(key, purpose, Some(10_000))
    }

    pub(crate) fn open_at(&self, key: &str, purpose: Purpose, per_second: Option<u32>) -> Cj {
        let mut settings = Settings::default();
        settings.retry.base_transient = Duration::from_millis(1);
        settings.retry.base_throttle = Duration::from_millis(1);
        let account = SupplierSettings {
            platform: Platform::Cjdropshipping,
            account: SupplierAccountId(Uuid::from_u128(7)),
            workspace: WorkspaceId(Uuid::from_u128(1)),
            base_url: Some(format!("{}/cj", self.sandbox.base_url)),
            api_key: key.into(),
            per_second,
            purpose,
            designs: Vec::new(),
            rest: None,
        };
        let registry = Registry::new(settings);
        let vault = Arc::clone(&self.vault) as _;
        Cj::new(&account, vault, Arc::new(self.clock.clone()), &registry).unwrap()
    }

    pub(crate) fn fault(&self, name: &str, rate: f64) {
        self.sandbox.fault(name, rate).unwrap();
    }

    pub(crate) fn change(&self, body: Value) {
        self.sandbox.cj_change(&body).unwrap();
    }

    pub(crate) fn told(&self) -> Value {
        self.sandbox.cj()
    }

    /// Both clocks go on.
    pub(crate) fn pass(&self, time: chrono::Duration) {
        self.clock.advance(time);
        self.sandbox.set_now(self.clock.now().timestamp());
    }

    /// The first product as the sandbox keeps it.
    pub(crate) fn product(&self) -> Value {
        self.told()["products"][0].clone()
    }

    pub(crate) fn pid(&self) -> String {
        self.product()["pid"].as_str().unwrap().to_owned()
    }

    pub(crate) fn points(&self, left: u64) {
        self.change(json!({ "points_left": left }));
    }
}
