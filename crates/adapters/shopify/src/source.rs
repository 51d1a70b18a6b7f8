//! The ports, wired to the files that do the work.

use crate::bundles;
use crate::changes;
use crate::client::{Client, PROVIDER};
use crate::config::{API_VERSION, Config};
use crate::export;
use crate::fetch;
use crate::identity;
use crate::memory::{Memory, lock};
use crate::notes::Notes;
use crate::oracle;
use crate::outreach;
use crate::shop::Shop;
use crate::webhooks;
use crate::writer::Writer;
use adapter_kit::{HttpClient, Outcome, Registry, Response, Snapshot, Verdict, status_outcome};
use async_trait::async_trait;
use chrono::{DateTime, NaiveDate, Utc};
use domain::calendar::DayRange;
use domain::connection::WebhookState;
use domain::ids::{CustomerId, OrderId};
use domain::money::Currency;
use domain::outreach::{Checkout, Contact};
use domain::reconciliation::{Presence, Sales};
use domain::sync::FactKind;
use futures::stream::BoxStream;
use ports::oracle::{HeadPage, SalesOracle};
use ports::source::{
    ChangeCursor, ChangePage, ExportItem, ExportRequest, FactRef, Fetched, LinkState,
    NotificationReader, SourceAuth, SourceBundle, SourceIdentity, SourceSettings, SourceTotals,
    StoreSource, StoreSources,
};
use ports::writer::StoreWriter;
use ports::{Kind, PortError, PortResult, Retry};
use secrecy::ExposeSecret as _;
use sha2::{Digest as _, Sha256};
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex};

/// Makes sources for Shopify shops. One for the whole process: what is learned about an account outlives its sources.
pub struct ShopifySources {
    registry: Registry,
    config: Config,
    accounts: Mutex<HashMap<String, Account>>,
}

/// What is known of an account, as long as its credentials stay the same.
struct Account {
    credentials: Vec<u8>,
    memory: Arc<Memory>,
}

impl ShopifySources {
    /// Sweeps what earlier runs left in the spool folder.
    #[must_use]
    pub fn new(registry: Registry, config: Config) -> Self {
        crate::bulk::sweep(&config.spool);
        Self {
            registry,
            config,
            accounts: Mutex::default(),
        }
    }

    fn memory(&self, account: &str, shop: &Shop, auth: &SourceAuth) -> Arc<Memory> {
        let credentials = fingerprint(shop, auth);
        let mut accounts = lock(&self.accounts);
        match accounts.get(account) {
            Some(known) if known.credentials == credentials => Arc::clone(&known.memory),
            known => {
                if known.is_some() {
                    self.registry.credentials_renewed(PROVIDER, account);
                }
                let memory = Arc::new(Memory::default());
                let kept = Account {
                    credentials,
                    memory: Arc::clone(&memory),
                };
                accounts.insert(account.to_owned(), kept);
                memory
            }
        }
    }

    /// The way to a shop, as reading and changing share it.
    fn client(&self, settings: SourceSettings) -> PortResult<Arc<Client>> {
        let shop = Shop::parse(&settings.shop, settings.base_url.as_deref())?;
        let version = settings
            .api_version
            .unwrap_or_else(|| API_VERSION.to_owned());
        if !is_version(&version) {
            let detail = format!(
                "{version:?} is not a version of the Admin API: they look like {API_VERSION}."
            );
            return Err(PortError::new(
                Kind::Configuration,
                Retry::Never,
                PROVIDER,
                "store.open",
                detail,
            ));
        }
        let account = settings.account;
        let client = |account: String| {
            HttpClient::builder(PROVIDER, account, shop.base.clone(), &self.registry)
        };
        let memory = self.memory(&account, &shop, &settings.auth);
        let client = Client {
            tokens: client(format!("{account}/token")).build()?,
            files: client(format!("{account}/files"))
                .classify(file_verdict)
                .build()?,
            http: client(account).build()?,
            memory,
            auth: settings.auth,
            config: self.config.clone(),
            shop: shop.clone(),
            version,
        };
        Ok(Arc::new(client))
    }
}

/// Not the secret itself: only whether it changed.
fn fingerprint(shop: &Shop, auth: &SourceAuth) -> Vec<u8> {
    let parts = match auth {
        SourceAuth::AccessToken(token) => ["token", token.expose_secret(), ""],
        SourceAuth::ClientCredentials {
            client_id,
            client_secret,
        } => ["client", client_id, client_secret.expose_secret()],
    };
    let mut hash = Sha256::new();
    for part in [shop.base.as_str(), &shop.domain].into_iter().chain(parts) {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    hash.finalize().to_vec()
}

/// A file store's refusal says nothing about the shop's credentials.
fn file_verdict(response: &Response) -> Verdict {
    match status_outcome(response.status, &response.headers) {
        Outcome::CredentialsBroken => Outcome::Success.into(),
        other => other.into(),
    }
}

impl StoreSources for ShopifySources {
    fn open(&self, settings: SourceSettings) -> PortResult<Arc<dyn StoreSource>> {
        Ok(Arc::new(Source(self.client(settings)?)))
    }

    fn writer(&self, settings: &SourceSettings) -> PortResult<Arc<dyn StoreWriter>> {
        Ok(Arc::new(Writer(self.client(settings.clone())?)))
    }

    fn resolve(&self, shop: &str, base_url: Option<&str>) -> PortResult<(String, String)> {
        let shop = Shop::parse(shop, base_url)?;
        let base = shop.base_text();
        Ok((shop.domain, base))
    }

    fn reader(&self) -> Arc<dyn NotificationReader> {
        Arc::new(webhooks::Reader)
    }

    fn links(&self) -> Vec<LinkState> {
        let snapshots = self.registry.snapshot().into_iter();
        snapshots
            .filter(|s| s.key.provider == PROVIDER)
            .map(Snapshot::link)
            .collect()
    }

    fn default_api_version(&self) -> &'static str {
        API_VERSION
    }
}

/// `2026-10`, or `unstable` for those who know what they do.
fn is_version(text: &str) -> bool {
    let dated = text.len() == 7
        && text.bytes().enumerate().all(|(n, b)| {
            if n == 4 {
                b == b'-'
            } else {
                b.is_ascii_digit()
            }
        });
    dated || text == "unstable"
}

/// One shop under one set of credentials.
struct Source(Arc<Client>);

#[async_trait]
impl StoreSource for Source {
    async fn identify(&self) -> PortResult<SourceIdentity> {
        identity::identify(&self.0).await
    }

    async fn totals(&self) -> PortResult<SourceTotals> {
        identity::totals(&self.0).await
    }

    fn export(
        &self,
        request: ExportRequest,
        token: Option<String>,
    ) -> BoxStream<'_, PortResult<ExportItem>> {
        export::export(Arc::clone(&self.0), request, token)
    }

    async fn abandon(&self, token: &str) -> PortResult<()> {
        match serde_json::from_str::<crate::bulk::Token>(token) {
            Ok(token) => crate::bulk::cancel(&self.0, &token.operation).await,
            // Nothing that could be given up.
            Err(_) => Ok(()),
        }
    }

    async fn changes(&self, kind: FactKind, cursor: &ChangeCursor) -> PortResult<ChangePage> {
        changes::changes(&self.0, kind, cursor).await
    }

    async fn fetch(&self, refs: &[FactRef]) -> PortResult<Vec<Fetched>> {
        let mut notes = Notes::default();
        let found = fetch::fetch(&self.0, refs, &mut notes).await?;
        for warning in notes.take() {
            tracing::warn!(code = warning.code, "{}", warning.message);
        }
        Ok(found)
    }

    async fn bundles(&self) -> PortResult<Vec<SourceBundle>> {
        bundles::bundles(&self.0).await
    }

    async fn contacts(&self, people: &[CustomerId]) -> PortResult<Vec<Contact>> {
        outreach::contacts(&self.0, people).await
    }

    async fn checkouts(&self, since: DateTime<Utc>) -> PortResult<Vec<Checkout>> {
        outreach::checkouts(&self.0, since).await
    }

    async fn subscribe(&self, callback: &str) -> PortResult<WebhookState> {
        webhooks::subscribe(&self.0, callback).await
    }
}

#[async_trait]
impl SalesOracle for Source {
    async fn sales_by_day(
        &self,
        range: DayRange,
        currency: Currency,
    ) -> PortResult<BTreeMap<NaiveDate, Sales>> {
        oracle::sales_by_day(&self.0, range, currency).await
    }

    async fn sales_by_order(
        &self,
        day: NaiveDate,
        currency: Currency,
    ) -> PortResult<BTreeMap<OrderId, Sales>> {
        oracle::sales_by_order(&self.0, day, currency).await
    }

    async fn heads(
        &self,
        from: DateTime<Utc>,
        until: DateTime<Utc>,
        page: Option<&str>,
    ) -> PortResult<HeadPage> {
        oracle::heads(&self.0, from, until, page).await
    }

    async fn look_up(&self, ids: &[OrderId]) -> PortResult<BTreeMap<OrderId, Presence>> {
        oracle::look_up(&self.0, ids).await
    }
}
