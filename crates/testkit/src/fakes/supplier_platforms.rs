//! A supplier with an interface whose catalogue a test sets.

use super::FakeSupplierOrders;
use async_trait::async_trait;
use chrono::DateTime;
use domain::money::{Currency, Money};
use domain::supplier::{
    CannotDo, Capability, FoundPage, Glimpse, NoticeAbout, Offered, Platform, Quota, QuoteFor,
    RestContract, RestSample, RestTrial, Search, ShipQuote, SupplierIdentity, SupplierNotice,
    Tracked, VariantShelves,
};
use ports::supplier_platforms::{
    LoginBegun, SupplierAccess, SupplierPlatforms, SupplierSettings, SupplierSource,
};
use ports::{Kind, PortError, PortResult, Retry};
use secrecy::{ExposeSecret as _, SecretString};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

const PER_PAGE: usize = 2;

/// What the supplier tells now; a test changes it.
pub struct SupplierTold {
    /// Whose abilities it has.
    pub platform: Platform,
    /// By what contract it was opened last.
    pub rest: Option<RestContract>,
    pub products: BTreeMap<String, Offered>,
    pub stock: BTreeMap<String, Vec<VariantShelves>>,
    /// By the country that it goes to.
    pub quotes: BTreeMap<String, Vec<ShipQuote>>,
    pub parcels: BTreeMap<String, Tracked>,
    pub quota: Option<Quota>,
    /// Every question fails so.
    pub failing: Option<Kind>,
    /// So many questions are answered before the quota is used up.
    pub answers_left: Option<u32>,
    /// Every question, in its order.
    pub asked: Vec<String>,
}

/// Clones are the same supplier.
#[derive(Clone)]
pub struct FakeSupplierPlatforms {
    told: Arc<Mutex<SupplierTold>>,
    pub orders: Arc<FakeSupplierOrders>,
}

impl Default for FakeSupplierPlatforms {
    fn default() -> Self {
        Self::of(Platform::Cjdropshipping)
    }
}

impl FakeSupplierPlatforms {
    #[must_use]
    pub fn of(platform: Platform) -> Self {
        let total = Money::new(1_234, Currency::parse("USD").expect("a currency"));
        Self {
            told: Arc::new(Mutex::new(SupplierTold {
                platform,
                rest: None,
                products: BTreeMap::new(),
                stock: BTreeMap::new(),
                quotes: BTreeMap::new(),
                parcels: BTreeMap::new(),
                quota: None,
                failing: None,
                answers_left: None,
                asked: Vec::new(),
            })),
            orders: Arc::new(FakeSupplierOrders::costing(total)),
        }
    }

    pub fn told(&self) -> MutexGuard<'_, SupplierTold> {
        self.told.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn asked(
        &self,
        capability: Option<Capability>,
        question: String,
    ) -> PortResult<MutexGuard<'_, SupplierTold>> {
        let refuse =
            |kind, retry, detail: &str| PortError::new(kind, retry, "fake", "supplier", detail);
        let mut told = self.told();
        if let Some(capability) = capability
            && let platform = told.platform
            && let how = told.rest.as_ref().map_or_else(
                || platform.ability(capability),
                |rest| rest.ability(platform, capability),
            )
            && !how.is_by_interface()
        {
            let detail = CannotDo {
                platform,
                capability,
            }
            .to_string();
            return Err(refuse(Kind::Unsupported, Retry::Never, &detail));
        }
        if let Some(kind) = told.failing {
            return Err(refuse(kind, Retry::Never, "it fails"));
        }
        if told.answers_left == Some(0) {
            let wait = Retry::After(Duration::from_secs(3_600));
            return Err(refuse(Kind::RateLimited, wait, "the quota is used up"));
        }
        told.answers_left = told.answers_left.map(|left| left - 1);
        told.asked.push(question);
        Ok(told)
    }
}

#[async_trait]
impl SupplierSource for FakeSupplierPlatforms {
    async fn identify(&self) -> PortResult<SupplierIdentity> {
        let told = self.asked(None, "identify".to_owned())?;
        Ok(SupplierIdentity {
            platform: told.platform,
            currency: Currency::parse("USD").ok(),
            is_sandbox: true,
            per_second: Some(10),
            balance: None,
            off: Vec::new(),
        })
    }

    async fn search(&self, search: &Search) -> PortResult<FoundPage> {
        let question = format!("search {:?} {}", search.text, search.page);
        let told = self.asked(Some(Capability::Discover), question)?;
        let text = search.text.as_deref().unwrap_or_default().to_lowercase();
        let fits = |p: &&Offered| {
            let title = p.title.as_deref().unwrap_or_default();
            title.to_lowercase().contains(&text)
        };
        let found: Vec<_> = told.products.values().filter(fits).collect();
        let from = PER_PAGE * (search.page.max(1) as usize - 1);
        let items = found.iter().skip(from).take(PER_PAGE);
        Ok(FoundPage {
            items: items
                .map(|p| Glimpse {
                    external_id: p.external_id.clone(),
                    title: p.title.clone(),
                    price: None,
                })
                .collect(),
            has_more: found.len() > from + PER_PAGE,
        })
    }

    async fn product(&self, external_id: &str) -> PortResult<Option<Offered>> {
        let told = self.asked(Some(Capability::Price), format!("product {external_id}"))?;
        Ok(told.products.get(external_id).cloned())
    }

    async fn stock(&self, external_id: &str) -> PortResult<Option<Vec<VariantShelves>>> {
        let told = self.asked(Some(Capability::Stock), format!("stock {external_id}"))?;
        let stock = told.stock.get(external_id).cloned();
        Ok(told
            .products
            .get(external_id)
            .map(|_| stock.unwrap_or_default()))
    }

    async fn quotes(&self, of: &QuoteFor) -> PortResult<Vec<ShipQuote>> {
        let question = format!("quote {} {}", of.from, of.to);
        let told = self.asked(Some(Capability::Shipping), question)?;
        Ok(told.quotes.get(&of.to).cloned().unwrap_or_default())
    }

    async fn listen(&self, address: &str) -> PortResult<()> {
        self.asked(None, format!("listen {address}")).map(drop)
    }

    async fn notice(&self, signature: Option<&str>, body: &[u8]) -> PortResult<SupplierNotice> {
        let told = self.asked(None, "notice".to_owned())?;
        drop(told);
        if signature != Some("signed") {
            let detail = "it is not signed";
            return Err(PortError::new(
                Kind::Unauthorized,
                Retry::Never,
                "fake",
                "supplier",
                detail,
            ));
        }
        let product = String::from_utf8_lossy(body).into_owned();
        Ok(SupplierNotice {
            id: product.clone(),
            about: NoticeAbout::Product(product),
        })
    }

    async fn track(&self, number: &str) -> PortResult<Option<Tracked>> {
        let told = self.asked(Some(Capability::Tracking), format!("track {number}"))?;
        Ok(told.parcels.get(number).cloned())
    }

    fn quota(&self) -> Option<Quota> {
        let told = self.told();
        let left = told.answers_left?;
        Some(Quota {
            used: told.asked.len() as u64,
            left: left.into(),
            total: told.asked.len() as u64 + u64::from(left),
            told_at: DateTime::UNIX_EPOCH,
        })
    }
}

#[async_trait]
impl SupplierPlatforms for FakeSupplierPlatforms {
    async fn begin_login(
        &self,
        _platform: Platform,
        _base_url: Option<&str>,
    ) -> PortResult<LoginBegun> {
        Ok(LoginBegun {
            address: "https://supplier.test/login".to_owned(),
            kept: "kept".into(),
        })
    }

    async fn finish_login(
        &self,
        _platform: Platform,
        kept: &SecretString,
        came_to: &str,
    ) -> PortResult<SecretString> {
        if kept.expose_secret() == "kept" && came_to.contains("code=") {
            return Ok("granted".into());
        }
        let (kind, detail) = (Kind::Unauthorized, "there is no code in this address");
        Err(PortError::new(
            kind,
            Retry::Never,
            "fake",
            "supplier",
            detail,
        ))
    }

    fn open(&self, settings: &SupplierSettings) -> PortResult<SupplierAccess> {
        self.told().rest.clone_from(&settings.rest);
        Ok(SupplierAccess {
            source: Arc::new(self.clone()),
            orders: Arc::clone(&self.orders) as _,
        })
    }

    /// A contract of one's own finds what the fake tells.
    async fn try_contract(
        &self,
        _settings: &SupplierSettings,
        _sample: &RestSample,
    ) -> PortResult<RestTrial> {
        let told = self.asked(None, "trial".to_owned())?;
        Ok(RestTrial {
            items: Some(told.products.len()),
            ..RestTrial::default()
        })
    }

    fn contract_base(&self, _platform: Platform) -> Option<String> {
        None
    }

    fn default_base(&self, platform: Platform) -> Option<String> {
        (platform == self.told().platform).then(|| "http://supplier.test".to_owned())
    }
}
