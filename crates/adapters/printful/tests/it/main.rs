//! The adapter over real HTTP, against the sandbox's API v2 and its faults.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot be set up has failed"
)]

mod catalogue;
mod messages;
mod orders;

use adapter_kit::{Registry, Settings};
use adapter_printful::Printful;
use chrono::{DateTime, Utc};
use domain::ids::{SupplierAccountId, WorkspaceId};
use domain::supplier::{Design, Platform};
use ports::clock::Clock as _;
use ports::supplier_platforms::{Purpose, SupplierSettings};
use sandbox::printful::PRINTFUL_TOKEN;
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
    pub(crate) fn open(&self) -> Printful {
        self.open_with(PRINTFUL_TOKEN)
    }

    /// As another process would: with nothing but the vault.
    pub(crate) fn open_with(&self, token: &str) -> Printful {
        let mut settings = Settings::default();
        settings.retry.base_transient = Duration::from_millis(1);
        settings.retry.base_throttle = Duration::from_millis(1);
        let account = SupplierSettings {
            platform: Platform::Printful,
            account: SupplierAccountId(Uuid::from_u128(7)),
            workspace: WorkspaceId(Uuid::from_u128(1)),
            base_url: Some(format!("{}/printful", self.sandbox.base_url)),
            api_key: token.into(),
            per_second: None,
            purpose: Purpose::Catalogue,
            designs: vec![self.design()],
            rest: None,
        };
        let registry = Registry::new(settings);
        let vault = Arc::clone(&self.vault) as _;
        Printful::new(&account, vault, Arc::new(self.clock.clone()), &registry).unwrap()
    }

    pub(crate) fn fault(&self, name: &str, rate: f64) {
        self.sandbox.fault(name, rate).unwrap();
    }

    pub(crate) fn change(&self, body: Value) {
        self.sandbox.printful_change(&body).unwrap();
    }

    pub(crate) fn told(&self) -> Value {
        self.sandbox.printful()
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

    pub(crate) fn id(&self) -> String {
        self.product()["id"].to_string()
    }

    /// The template that the sandbox keeps of its first product.
    pub(crate) fn design(&self) -> Design {
        Design {
            name: "wolf".to_owned(),
            product: self.id(),
            template: self.product()["template"].to_string(),
        }
    }

    pub(crate) fn change_product(&self, mut body: Value) {
        body["product"] = self.product()["id"].clone();
        self.change(body);
    }

    pub(crate) fn variant(&self) -> String {
        self.product()["variants"][0]["id"].to_string()
    }
}

pub(crate) fn no_orders(shop: &Shop) {
    assert_eq!(shop.told()["orders"], json!([]));
}
