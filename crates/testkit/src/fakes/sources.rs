//! Providers by the domains of their shops.

use super::reader::FakeReader;
use super::source::FakeSource;
use super::writer::FakeWriter;
use ports::source::{LinkState, NotificationReader, SourceSettings, StoreSource, StoreSources};
use ports::writer::StoreWriter;
use ports::{Kind, PortError, PortResult, Retry};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

pub(super) const API_VERSION: &str = "2026-10";

/// Shops that a test has opened; `acme` is `acme.example`.
#[derive(Default)]
pub struct FakeSources {
    shops: Mutex<BTreeMap<String, Arc<FakeSource>>>,
    writers: Mutex<BTreeMap<String, Arc<FakeWriter>>>,
    opened: Mutex<Vec<SourceSettings>>,
}

impl FakeSources {
    /// Opens a shop under its domain.
    pub fn add(&self, domain: &str, source: Arc<FakeSource>) {
        let mut shops = self.shops.lock().unwrap_or_else(PoisonError::into_inner);
        shops.insert(domain.to_owned(), source);
    }

    /// What is changed in the shop of this domain is changed there.
    pub fn add_writer(&self, domain: &str, writer: Arc<FakeWriter>) {
        let mut writers = self.writers.lock().unwrap_or_else(PoisonError::into_inner);
        writers.insert(domain.to_owned(), writer);
    }

    /// Settings of all sources that were asked for, oldest first.
    #[must_use]
    pub fn opened(&self) -> Vec<SourceSettings> {
        let opened = self.opened.lock().unwrap_or_else(PoisonError::into_inner);
        opened.clone()
    }
}

impl StoreSources for FakeSources {
    fn open(&self, settings: SourceSettings) -> PortResult<Arc<dyn StoreSource>> {
        let (domain, _) = self.resolve(&settings.shop, settings.base_url.as_deref())?;
        let mut opened = self.opened.lock().unwrap_or_else(PoisonError::into_inner);
        opened.push(settings);
        let shops = self.shops.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(shop) = shops.get(&domain) {
            return Ok(shop.clone());
        }
        // That a shop does not exist is found out by asking, not by opening.
        let nobody = FakeSource::shop(&domain);
        let operation = super::source::SourceOperation::Identify;
        nobody.fail_next(operation, Kind::Configuration, Retry::Never);
        Ok(Arc::new(nobody))
    }

    fn writer(&self, settings: &SourceSettings) -> PortResult<Arc<dyn StoreWriter>> {
        let (domain, _) = self.resolve(&settings.shop, settings.base_url.as_deref())?;
        let mut writers = self.writers.lock().unwrap_or_else(PoisonError::into_inner);
        // A shop in which nothing is known: everything is gone.
        Ok(writers.entry(domain).or_default().clone())
    }

    fn resolve(&self, shop: &str, base_url: Option<&str>) -> PortResult<(String, String)> {
        let name = shop
            .trim()
            .trim_start_matches("https://")
            .trim_end_matches('/');
        let sound = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.');
        if name.is_empty() || !name.chars().all(sound) {
            let detail = format!("{shop:?} is not the name of a shop");
            let kind = Kind::Configuration;
            return Err(PortError::new(
                kind,
                Retry::Never,
                "fake",
                "resolve",
                detail,
            ));
        }
        let mut domain = name.to_ascii_lowercase();
        if !domain.contains('.') {
            domain.push_str(".example");
        }
        let own = format!("https://{domain}");
        let base_url = base_url.map_or(own, |url| url.trim_end_matches('/').to_owned());
        Ok((domain, base_url))
    }

    fn reader(&self) -> Arc<dyn NotificationReader> {
        Arc::new(FakeReader)
    }

    fn links(&self) -> Vec<LinkState> {
        Vec::new()
    }

    fn default_api_version(&self) -> &'static str {
        API_VERSION
    }
}
