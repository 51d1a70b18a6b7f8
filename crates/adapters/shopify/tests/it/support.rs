//! What the tests share: opening sources, collecting exports.

use adapter_kit::{Registry, Settings};
use adapter_shopify::{Config, ShopifySources};
use domain::connection::Provider;
use domain::order::Order;
use domain::sync::{FactKind, SyncWarning};
use futures::StreamExt as _;
use ports::source::{
    ExportItem, ExportRequest, Fact, SourceAuth, SourceSettings, StoreSource, StoreSources as _,
};
use ports::{PortError, PortResult};
use secrecy::SecretString;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

pub(crate) fn token(text: &str) -> SourceAuth {
    SourceAuth::AccessToken(SecretString::from(text))
}

/// Short waits and a folder of the test's own.
pub(crate) fn config(spool: &Path) -> Config {
    Config {
        spool: spool.to_owned(),
        poll_first: Duration::from_millis(10),
        poll_longest: Duration::from_millis(50),
        ..Config::default()
    }
}

pub(crate) fn quick() -> Settings {
    let mut settings = Settings::default();
    settings.retry.base_transient = Duration::from_millis(1);
    settings.retry.base_throttle = Duration::from_millis(5);
    settings.breaker.failure_threshold = 1_000;
    settings.breaker.min_outcomes = 1_000;
    settings
}

pub(crate) fn settings(base: &str, auth: SourceAuth) -> SourceSettings {
    SourceSettings {
        provider: Provider::Shopify,
        shop: "acme".to_owned(),
        base_url: Some(base.to_owned()),
        api_version: None,
        auth,
        account: "acme.myshopify.com".to_owned(),
    }
}

/// A source with its folder, which lives as long as the test.
pub(crate) struct Opened {
    pub(crate) source: Arc<dyn StoreSource>,
    pub(crate) sources: ShopifySources,
    pub(crate) folder: tempfile::TempDir,
}

pub(crate) fn open(base: &str) -> Opened {
    open_with(base, token("shpat_sandbox"), |_| {})
}

pub(crate) fn open_with(base: &str, auth: SourceAuth, change: impl FnOnce(&mut Config)) -> Opened {
    let folder = tempfile::tempdir().unwrap();
    let mut config = config(folder.path());
    change(&mut config);
    let sources = ShopifySources::new(Registry::new(quick()), config);
    let source = sources.open(settings(base, auth)).unwrap();
    Opened {
        source,
        sources,
        folder,
    }
}

/// What an export delivered, and how it ended.
#[derive(Debug, Default)]
pub(crate) struct Exported {
    pub(crate) facts: Vec<Fact>,
    pub(crate) tokens: Vec<String>,
    pub(crate) warnings: Vec<SyncWarning>,
    pub(crate) prepared: u64,
    pub(crate) end: Option<u64>,
    pub(crate) error: Option<PortError>,
}

impl Exported {
    #[track_caller]
    pub(crate) fn whole(self) -> Self {
        assert!(self.error.is_none(), "{:?}", self.error);
        assert_eq!(self.end, Some(self.facts.len() as u64));
        self
    }

    pub(crate) fn orders(&self) -> Vec<Order> {
        let mut orders: Vec<Order> = self
            .facts
            .iter()
            .filter_map(|f| match f {
                Fact::Order(order) => Some((**order).clone()),
                _ => None,
            })
            .collect();
        orders.sort_by_key(|o| o.id);
        orders
    }
}

pub(crate) fn all(kind: FactKind) -> ExportRequest {
    ExportRequest {
        kind,
        from: None,
        until: None,
    }
}

pub(crate) async fn export(
    source: &dyn StoreSource,
    request: ExportRequest,
    token: Option<String>,
) -> Exported {
    let mut items = source.export(request, token);
    let mut seen = Exported::default();
    while let Some(item) = items.next().await {
        take(&mut seen, item);
    }
    seen
}

fn take(seen: &mut Exported, item: PortResult<ExportItem>) {
    assert!(
        seen.end.is_none() && seen.error.is_none(),
        "nothing comes after the end"
    );
    match item {
        Ok(ExportItem::Fact(fact)) => seen.facts.push(fact),
        Ok(ExportItem::Token(token)) => seen.tokens.push(token),
        Ok(ExportItem::Warning(warning)) => seen.warnings.push(warning),
        Ok(ExportItem::Preparing { records }) => seen.prepared = records,
        Ok(ExportItem::End { facts }) => seen.end = Some(facts),
        Err(e) => seen.error = Some(e),
    }
}
