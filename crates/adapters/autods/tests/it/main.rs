//! The adapter over real HTTP, against the sandbox's MCP server and its server of tokens.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot be set up has failed"
)]

mod catalogue;
mod login;

use adapter_autods::Autods;
use adapter_kit::{HttpClient, Registry, Request, Settings, Url};
use chrono::{DateTime, Utc};
use domain::ids::{SupplierAccountId, WorkspaceId};
use domain::supplier::Platform;
use ports::clock::Clock as _;
use ports::supplier_platforms::{Purpose, SupplierSettings};
use secrecy::SecretString;
use serde_json::Value;
use std::sync::Arc;
use std::time::Duration;
use testkit::fakes::{ManualClock, PlainVault};
use uuid::Uuid;

pub(crate) struct Shop {
    pub(crate) sandbox: sandbox::Running,
    pub(crate) clock: ManualClock,
    pub(crate) vault: Arc<PlainVault>,
    key: SecretString,
}

pub(crate) fn registry() -> Registry {
    let mut settings = Settings::default();
    settings.retry.base_transient = Duration::from_millis(1);
    settings.retry.base_throttle = Duration::from_millis(1);
    Registry::new(settings)
}

/// Where the browser of a person ends who logs in.
pub(crate) async fn browser(address: &str) -> String {
    let url = Url::parse(address).unwrap();
    let http = HttpClient::builder("browser", "person", url.clone(), &registry())
        .build()
        .unwrap();
    let answer = http.send(&Request::get_url("login", url)).await.unwrap();
    answer.header("location").unwrap().to_owned()
}

pub(crate) async fn shop() -> Shop {
    let now: DateTime<Utc> = "2026-11-27T18:00:00Z".parse().unwrap();
    let options = sandbox::Options {
        orders: 5,
        days: 5,
        now: Some(now.timestamp()),
        ..sandbox::Options::default()
    };
    let sandbox = sandbox::start(options).await.unwrap();
    let base = format!("{}/autods/mcp", sandbox.base_url);
    let login = adapter_autods::begin(&base, &registry()).await.unwrap();
    let came_to = browser(&login.address).await;
    let key = adapter_autods::finish(&login.kept, &came_to, &registry())
        .await
        .unwrap();
    Shop {
        sandbox,
        clock: ManualClock::at(now),
        vault: Arc::default(),
        key,
    }
}

impl Shop {
    pub(crate) fn base(&self) -> String {
        format!("{}/autods/mcp", self.sandbox.base_url)
    }

    /// As another process would: with nothing but the vault.
    pub(crate) fn open(&self) -> Autods {
        let account = SupplierSettings {
            platform: Platform::Autods,
            account: SupplierAccountId(Uuid::from_u128(7)),
            workspace: WorkspaceId(Uuid::from_u128(1)),
            base_url: Some(self.base()),
            api_key: self.key.clone(),
            per_second: None,
            purpose: Purpose::Catalogue,
            designs: Vec::new(),
            rest: None,
        };
        let vault = Arc::clone(&self.vault) as _;
        Autods::new(&account, vault, Arc::new(self.clock.clone()), &registry()).unwrap()
    }

    pub(crate) fn fault(&self, name: &str, rate: f64) {
        self.sandbox.fault(name, rate).unwrap();
    }

    pub(crate) fn change(&self, body: Value) {
        self.sandbox.autods_change(&body).unwrap();
    }

    pub(crate) fn told(&self) -> Value {
        self.sandbox.autods()
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
        self.product()["id"].as_str().unwrap().to_owned()
    }

    pub(crate) fn change_product(&self, mut body: Value) {
        body["product"] = self.product()["id"].clone();
        self.change(body);
    }

    pub(crate) fn calls(&self, tool: &str) -> u64 {
        self.told()["calls"][tool].as_u64().unwrap_or(0)
    }
}
