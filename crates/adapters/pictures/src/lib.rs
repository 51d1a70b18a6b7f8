//! Suppliers' pictures over HTTP, scaled down and kept in a folder.
//!
//! Where a picture is, a supplier says, so it may point anywhere: only public addresses are spoken to (`adapter_kit::reach`), every redirect is
//! looked at like the first address, and of an answer no more is read than a picture may have. What comes is known by its first bytes, decoded
//! within bounds of size and memory, and encoded anew: no byte of the file itself is handed on.
//!
//! What is kept lies in a folder of this process with a bound on its bytes, the oldest go first. It is no part of what is stored: each replica may
//! make it again, a backup does without it, and its marks are of the bytes, so that they are the same at every replica.

mod fetch;
mod folder;
mod look;

use adapter_kit::reach::{Hosts, Public};
use async_trait::async_trait;
use chrono::{DateTime, Duration as Span, Utc};
use fetch::{Fetched, Known};
use folder::{Folder, Kept};
use ports::clock::Clock;
use ports::pictures::{Picture, Pictures};
use ports::{Kind, PortError, PortResult, Retry};
use reqwest::redirect::Policy;
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::Semaphore;
use url::Url;

pub(crate) const PROVIDER: &str = "pictures";
pub(crate) const HOW_TO_ALLOW: &str =
    "an operator can list its host in SUPPLIER_IMAGE_ALLOWED_HOSTS";
const MEDIA_TYPE: &str = "image/jpeg";
const CONNECT: Duration = Duration::from_secs(3);
/// Fetched at once; others wait for their turn within the time of a call.
const FETCHES: usize = 6;
/// Decoded at once: each may take [`look::MOST_MEMORY`].
const DECODES: usize = 2;
/// A kept picture is asked for again after so long.
const FRESH: Span = Span::hours(24);
/// What there is none of, or what is no picture, is not asked for again for so long; a host that did not answer, for a shorter time.
const REFUSED_FOR: Span = Span::minutes(30);
const AWAY_FOR: Span = Span::seconds(30);
/// Failures that are remembered.
const MOST_FAILURES: usize = 2_000;
/// Addresses that are fetched at the same time take their turns by these.
const TURNS: usize = 64;

#[derive(Debug, Clone)]
pub struct PictureSettings {
    pub folder: PathBuf,
    /// Hosts that may have private addresses.
    pub allowed_hosts: Vec<String>,
    /// Of a whole fetch, its redirects and its turn among others included.
    pub timeout: Duration,
    /// Of one picture as it comes.
    pub most_bytes: u64,
    /// Of the folder.
    pub most_kept: u64,
}

pub struct SupplierPictures {
    hosts: Arc<Hosts>,
    http: reqwest::Client,
    folder: Folder,
    clock: Arc<dyn Clock>,
    timeout: Duration,
    most_bytes: u64,
    fetches: Semaphore,
    decodes: Arc<Semaphore>,
    turns: Vec<tokio::sync::Mutex<()>>,
    failures: Mutex<BTreeMap<String, Failure>>,
}

/// Why nothing came of an address, and until when that is believed.
struct Failure {
    until: DateTime<Utc>,
    kind: Kind,
    retry: Retry,
    detail: String,
}

pub(crate) fn error(kind: Kind, detail: impl Into<String>) -> PortError {
    let retry = match kind {
        Kind::Unavailable | Kind::RateLimited => Retry::After(Duration::ZERO),
        _ => Retry::Never,
    };
    PortError::new(kind, retry, PROVIDER, "pictures.fetch", detail)
}

impl SupplierPictures {
    /// # Errors
    /// `Configuration` when there is no TLS to speak.
    pub fn new(settings: &PictureSettings, clock: Arc<dyn Clock>) -> PortResult<Self> {
        let hosts = Arc::new(Hosts::new(&settings.allowed_hosts, HOW_TO_ALLOW));
        let http = reqwest::Client::builder()
            .user_agent("royal-equips/1 (+pictures)")
            // Each is looked at before it is followed.
            .redirect(Policy::none())
            // What a proxy connects to, nobody here looks at.
            .no_proxy()
            .no_gzip()
            .referer(false)
            .dns_resolver(Public::new(Arc::clone(&hosts)))
            .connect_timeout(CONNECT)
            .build()
            .map_err(|e| {
                let detail = format!("pictures cannot be fetched: {e}");
                error(Kind::Configuration, detail)
            })?;
        Ok(Self {
            hosts,
            http,
            folder: Folder::new(settings.folder.clone(), settings.most_kept),
            clock,
            timeout: settings.timeout,
            most_bytes: settings.most_bytes,
            fetches: Semaphore::new(FETCHES),
            decodes: Arc::new(Semaphore::new(DECODES)),
            turns: (0..TURNS).map(|_| tokio::sync::Mutex::default()).collect(),
            failures: Mutex::default(),
        })
    }

    fn remembered(&self, key: &str) -> Option<PortError> {
        let now = self.clock.now();
        let failures = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
        let failure = failures.get(key).filter(|f| now < f.until)?;
        Some(PortError::new(
            failure.kind,
            failure.retry,
            PROVIDER,
            "pictures.fetch",
            failure.detail.clone(),
        ))
    }

    fn remember(&self, key: &str, error: &PortError) {
        let now = self.clock.now();
        let wait = match error.kind {
            Kind::NotFound | Kind::Rejected => REFUSED_FOR,
            _ => AWAY_FOR,
        };
        let mut failures = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
        if failures.len() >= MOST_FAILURES {
            failures.retain(|_, failure| now < failure.until);
        }
        if failures.len() < MOST_FAILURES {
            let failure = Failure {
                until: now + wait,
                kind: error.kind,
                retry: error.retry,
                detail: error.detail.clone(),
            };
            failures.insert(key.to_owned(), failure);
        }
    }

    /// Asks for it, again where something is kept; what is kept stands in for a host that does not answer.
    async fn renewed(&self, url: Url, key: &str, kept: Option<Kept>) -> PortResult<Picture> {
        let known = kept.as_ref().map(|kept| kept.known.clone());
        let fetching = async {
            let turn = self.fetches.acquire().await;
            let _turn = turn.map_err(|e| error(Kind::Cancelled, e.to_string()))?;
            let known = known.unwrap_or_default();
            fetch::fetch(&self.http, &self.hosts, url, &known, self.most_bytes).await
        };
        let fetched = tokio::time::timeout(self.timeout, fetching).await;
        let fetched = fetched.unwrap_or_else(|_| {
            let detail = "the supplier's host did not answer in time";
            Err(error(Kind::Unavailable, detail))
        });
        let now = self.clock.now();
        let fresh = match (fetched, kept) {
            (Ok(Fetched::Same), Some(kept)) => Kept { at: now, ..kept },
            (Ok(Fetched::Same), None) => {
                let detail = "the supplier's host says that nothing changed of what was never seen";
                return Err(error(Kind::Unavailable, detail));
            }
            (Ok(Fetched::New { bytes, known }), _) => {
                let looked = self.look(bytes).await?;
                Kept {
                    at: now,
                    known,
                    hash: looked.hash,
                    bytes: looked.bytes.into(),
                }
            }
            (Err(failed), Some(kept)) if failed.kind == Kind::Unavailable => {
                tracing::debug!(%failed, "a kept picture stands in for one that cannot be fetched");
                // Asked for again soon, and not by each who looks.
                let at = now - FRESH + AWAY_FOR;
                Kept { at, ..kept }
            }
            (Err(failed), _) => return Err(failed),
        };
        if let Err(failed) = self.folder.keep(key, &fresh).await {
            tracing::warn!(%failed, "a picture could not be kept");
        }
        Ok(shown(fresh))
    }

    async fn look(&self, bytes: Vec<u8>) -> PortResult<look::Looked> {
        let turn = Arc::clone(&self.decodes).acquire_owned().await;
        let turn = turn.map_err(|e| error(Kind::Cancelled, e.to_string()))?;
        let work = tokio::task::spawn_blocking(move || {
            let _turn = turn;
            look::look(&bytes)
        });
        let looked = work.await.map_err(|e| {
            let detail = format!("what came cannot be looked at: {e}");
            error(Kind::Rejected, detail)
        })?;
        looked.map_err(|why| error(Kind::Rejected, why))
    }
}

fn shown(kept: Kept) -> Picture {
    let mark = hex::encode(&Sha256::digest(&kept.bytes)[..16]);
    Picture {
        mark,
        media_type: MEDIA_TYPE,
        hash: kept.hash,
        bytes: kept.bytes,
    }
}

#[async_trait]
impl Pictures for SupplierPictures {
    async fn picture(&self, url: &str) -> PortResult<Picture> {
        let url = fetch::parse(&self.hosts, url)?;
        let digest = Sha256::digest(url.as_str().as_bytes());
        let key = hex::encode(digest);
        let is_fresh = |kept: &Kept| self.clock.now() - kept.at < FRESH;
        if let Some(kept) = self.folder.find(&key).await.filter(is_fresh) {
            return Ok(shown(kept));
        }
        if let Some(failed) = self.remembered(&key) {
            return Err(failed);
        }
        let _turn = self.turns[usize::from(digest[0]) % TURNS].lock().await;
        // Whoever had the turn before may have fetched it.
        let kept = self.folder.find(&key).await;
        if let Some(kept) = kept.clone().filter(is_fresh) {
            return Ok(shown(kept));
        }
        if let Some(failed) = self.remembered(&key) {
            return Err(failed);
        }
        let renewed = self.renewed(url, &key, kept).await;
        if let Err(failed) = &renewed {
            self.remember(&key, failed);
        }
        renewed
    }
}

impl std::fmt::Debug for SupplierPictures {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SupplierPictures").finish_non_exhaustive()
    }
}

impl Known {
    /// Whether the host gave anything to ask with whether it changed.
    fn is_empty(&self) -> bool {
        self.etag.is_none() && self.modified.is_none()
    }
}
