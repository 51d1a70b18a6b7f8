//! The running sandbox: the store behind a lock, the clock, and what the servers share.

use std::path::PathBuf;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{
    Arc, Mutex, MutexGuard, OnceLock, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard,
};

use serde_json::{Value, json};

use crate::faults::Faults;
use crate::graphql::resolve::{Context, time};
use crate::graphql::value::Object;
use crate::options::Options;
use crate::random::Random;
use crate::shopify::bulk::Jobs;
use crate::shopify::change::Writes;
use crate::shopify::throttle::Bucket;
use crate::shopify::webhooks::Hub;
use crate::store::{Seconds, Store};

#[derive(Debug)]
pub struct App {
    pub options: Options,
    pub base_url: OnceLock<String>,
    pub store: RwLock<Store>,
    pub faults: Mutex<Faults>,
    pub scopes: RwLock<Vec<String>>,
    pub bucket: Mutex<Bucket>,
    pub jobs: Jobs,
    pub hub: Hub,
    pub random: Mutex<Random>,
    pub tokens: Mutex<Vec<String>>,
    pub folder: PathBuf,
    pub writes: Mutex<Writes>,
    /// The ad platforms beside the shop.
    pub(crate) ads: Mutex<crate::ads::Market>,
    /// The supplier beside the shop.
    pub(crate) cj: Mutex<crate::cj::Supplier>,
    /// The finder of products beside the shop.
    pub(crate) autods: Mutex<crate::autods::Finder>,
    /// The supplier with a contract of one's own beside the shop.
    pub(crate) rest_supplier: Mutex<crate::rest_supplier::Supplier>,
    /// The printer beside the shop.
    pub(crate) printful: Mutex<crate::printful::Printer>,
    /// The language models beside the shop.
    pub(crate) models: Mutex<crate::openai::Models>,
    /// The tracker beside the shop.
    pub(crate) github: Mutex<crate::github::Repository>,
    /// The warehouse beside the shop.
    pub(crate) warehouse: Mutex<crate::bigquery::Warehouse>,
    /// Whether each job of a cancellation is done, by its position.
    pub cancels: Mutex<Vec<bool>>,
    /// Until when the shop has traded; held while days pass, so that none passes twice.
    pub traded: Mutex<Option<Seconds>>,
    ledger: Mutex<Vec<Value>>,
    written: AtomicU64,
    /// Seconds to add to the real clock.
    shift: AtomicI64,
}

impl App {
    pub fn new(options: Options, store: Store, folder: PathBuf) -> Self {
        let shift = options.now.map_or(0, |now| now - real());
        Self {
            base_url: OnceLock::new(),
            faults: Mutex::new(options.faults.clone()),
            scopes: RwLock::new(options.scopes.clone()),
            bucket: Mutex::new(Bucket::new(options.bucket, options.restore)),
            jobs: Jobs::default(),
            hub: Hub::default(),
            random: Mutex::new(Random::new(options.seed ^ 0xfeed)),
            tokens: Mutex::new(vec!["shpat_sandbox".to_owned()]),
            folder,
            writes: Mutex::default(),
            ads: Mutex::new(crate::ads::Market::new(
                store.shop.currency,
                store.shop.zone,
            )),
            cj: Mutex::new(crate::cj::Supplier::new(options.seed)),
            autods: Mutex::new(crate::autods::Finder::new(options.seed)),
            rest_supplier: Mutex::new(crate::rest_supplier::Supplier::new(options.seed)),
            printful: Mutex::new(crate::printful::Printer::new(options.seed)),
            models: Mutex::default(),
            github: Mutex::default(),
            warehouse: Mutex::default(),
            cancels: Mutex::default(),
            traded: Mutex::default(),
            ledger: Mutex::new(Vec::new()),
            written: AtomicU64::new(0),
            shift: AtomicI64::new(shift),
            store: RwLock::new(store),
            options,
        }
    }

    /// The shop's time.
    pub fn now(&self) -> Seconds {
        real() + self.shift.load(Ordering::Relaxed)
    }

    pub fn set_now(&self, now: Seconds) {
        self.shift.store(now - real(), Ordering::Relaxed);
    }

    pub fn base(&self) -> &str {
        self.base_url.get().map_or("", String::as_str)
    }

    pub fn read(&self) -> RwLockReadGuard<'_, Store> {
        self.store.read().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn write(&self) -> RwLockWriteGuard<'_, Store> {
        self.store.write().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn scopes(&self) -> Vec<String> {
        self.scopes
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    pub fn strikes(&self, fault: &str) -> bool {
        lock(&self.faults).strikes(fault)
    }

    pub fn rate(&self, fault: &str) -> f64 {
        lock(&self.faults).rate(fault)
    }

    /// Removes the files of bulk operations: the folder holds nothing else.
    pub(crate) fn clear(&self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }

    /// Notes a write that took effect.
    pub fn note(&self, kind: &str, key: Option<&str>, detail: Value) {
        let sequence = self.written.fetch_add(1, Ordering::Relaxed) + 1;
        let entry = json!({"sequence": sequence, "at": time(self.now()), "provider": "shopify", "kind": kind, "key": key, "detail": detail});
        lock(&self.ledger).push(entry);
    }

    pub fn ledger(&self) -> Vec<Value> {
        lock(&self.ledger).clone()
    }

    pub fn context<'a>(&self, store: &'a Store, scopes: &'a [String]) -> Context<'a> {
        let bulk: Vec<Object<'a>> = self.jobs.all().iter().map(|job| job.object(self)).collect();
        let subscriptions = self
            .hub
            .all()
            .iter()
            .map(crate::graphql::resolve::subscription_object)
            .collect();
        Context {
            store,
            now: self.now(),
            scopes,
            bulk,
            subscriptions,
            null_rate: self.rate("null_fields"),
            strange_rate: self.rate("unknown_enum"),
            cancels: lock(&self.cancels).clone(),
            discounts_used: self.rate("discounts_used") as i64,
            warnings: std::cell::RefCell::default(),
        }
    }
}

/// The lock of a value that stays usable whatever happened to its last holder.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn real() -> Seconds {
    chrono::Utc::now().timestamp()
}

pub(crate) type Shared = Arc<App>;
