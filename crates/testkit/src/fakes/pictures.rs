//! Pictures in memory: what hosts of suppliers have, and what was seen on it.

use super::database::FakeDatabase;
use async_trait::async_trait;
use bytes::Bytes;
use chrono::{DateTime, Utc};
use domain::ids::{StoreScope, SupplierProductId};
use domain::supplier::{PictureHash, PictureNote, PictureSeen, PictureSums};
use ports::pictures::{DuePicture, Picture, PictureNotes, Pictures};
use ports::{Kind, PortError, PortResult, Retry};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

/// What is at an address: a picture with its hash, or why there is none.
pub type PictureAt = Result<Option<PictureHash>, (Kind, &'static str)>;

/// Hosts of suppliers. Clones are the same hosts.
#[derive(Debug, Clone, Default)]
pub struct FakePictures(Arc<Mutex<Hosts>>);

#[derive(Debug, Default)]
struct Hosts {
    there: BTreeMap<String, PictureAt>,
    asked: Vec<String>,
}

impl FakePictures {
    /// From now on it is there.
    pub fn put(&self, url: &str, at: PictureAt) {
        let mut hosts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        hosts.there.insert(url.to_owned(), at);
    }

    /// What was asked for, in this order.
    #[must_use]
    pub fn asked(&self) -> Vec<String> {
        let hosts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        hosts.asked.clone()
    }
}

#[async_trait]
impl Pictures for FakePictures {
    async fn picture(&self, url: &str) -> PortResult<Picture> {
        let mut hosts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        hosts.asked.push(url.to_owned());
        let missing = Err((Kind::NotFound, "the supplier's host answers 404 Not Found"));
        match hosts.there.get(url).cloned().unwrap_or(missing) {
            Ok(hash) => Ok(Picture {
                bytes: Bytes::copy_from_slice(url.as_bytes()),
                media_type: "image/jpeg",
                mark: url.to_owned(),
                hash,
            }),
            Err((kind, detail)) => {
                let retry = Retry::Never;
                Err(PortError::new(
                    kind,
                    retry,
                    "fake",
                    "pictures.fetch",
                    detail,
                ))
            }
        }
    }
}

#[derive(Default)]
pub(super) struct PictureState {
    notes: BTreeMap<(StoreScope, SupplierProductId), PictureNote>,
    /// Until when nobody else gets them, at which address, after how many failures.
    claims: BTreeMap<(StoreScope, SupplierProductId), (DateTime<Utc>, String, u32)>,
}

impl PictureState {
    pub(super) fn purge(&mut self, scope: StoreScope) {
        self.notes.retain(|(of, _), _| *of != scope);
        self.claims.retain(|(of, _), _| *of != scope);
    }

    pub(super) fn forget(&mut self, scope: StoreScope, gone: &[SupplierProductId]) {
        self.notes
            .retain(|(of, id), _| *of != scope || !gone.contains(id));
        self.claims
            .retain(|(of, id), _| *of != scope || !gone.contains(id));
    }

    /// `None`: it is not to be looked at; else how often that failed.
    fn is_due(
        &self,
        key: (StoreScope, SupplierProductId),
        url: &str,
        now: DateTime<Utc>,
    ) -> Option<u32> {
        if let Some((until, at, failures)) = self.claims.get(&key)
            && at == url
        {
            return (*until <= now).then_some(*failures);
        }
        let note = self.notes.get(&key).filter(|note| note.url == url);
        match note {
            None => Some(0),
            Some(note) => note
                .again_at()
                .is_some_and(|at| at <= now)
                .then_some(note.failures),
        }
    }
}

impl FakeDatabase {
    fn current_pictures(&self, scope: StoreScope) -> Vec<PictureNote> {
        let state = self.lock();
        let notes = state.pictures.notes.iter();
        let mine = notes.filter(|(key, note)| {
            let url = state.suppliers.picture_of(**key);
            key.0 == scope && url.as_deref() == Some(&note.url)
        });
        let open = mine.filter(|(key, note)| {
            let claim = state.pictures.claims.get(key);
            claim.is_none_or(|(_, url, _)| *url != note.url)
        });
        open.map(|(_, note)| note.clone()).collect()
    }
}

#[async_trait]
impl PictureNotes for FakeDatabase {
    async fn claim_pictures(
        &self,
        scope: StoreScope,
        now: DateTime<Utc>,
        until: DateTime<Utc>,
        limit: u32,
    ) -> PortResult<Vec<DuePicture>> {
        let mut state = self.lock();
        let all = state.suppliers.pictured(scope).into_iter();
        let due = all.filter_map(|(product, url)| {
            let failures = state.pictures.is_due((scope, product), &url, now)?;
            Some(DuePicture {
                product,
                url,
                failures,
            })
        });
        let due: Vec<_> = due.take(limit as usize).collect();
        for one in &due {
            let claim = (until, one.url.clone(), one.failures);
            state.pictures.claims.insert((scope, one.product), claim);
        }
        Ok(due)
    }

    async fn save_pictures(&self, scope: StoreScope, notes: &[PictureNote]) -> PortResult<()> {
        let mut state = self.lock();
        for note in notes {
            let key = (scope, note.product);
            state.pictures.claims.remove(&key);
            state.pictures.notes.insert(key, note.clone());
        }
        Ok(())
    }

    async fn pictures(
        &self,
        scope: StoreScope,
        products: &[SupplierProductId],
    ) -> PortResult<Vec<PictureNote>> {
        let mut notes = self.current_pictures(scope);
        notes.retain(|note| products.contains(&note.product));
        Ok(notes)
    }

    async fn picture_hashes(
        &self,
        scope: StoreScope,
    ) -> PortResult<Vec<(SupplierProductId, PictureHash)>> {
        let notes = self.current_pictures(scope).into_iter();
        let hashes = notes.filter_map(|note| match note.seen {
            PictureSeen::Hashed(hash) => Some((note.product, hash)),
            _ => None,
        });
        Ok(hashes.collect())
    }

    async fn picture_sums(&self, scope: StoreScope) -> PortResult<PictureSums> {
        let pictures = self.lock().suppliers.pictured(scope).len() as u64;
        let mut sums = PictureSums {
            pictures,
            ..PictureSums::default()
        };
        let mut reasons: BTreeMap<String, u64> = BTreeMap::new();
        for note in self.current_pictures(scope) {
            match note.seen {
                PictureSeen::Hashed(_) => sums.hashed += 1,
                PictureSeen::Plain => sums.plain += 1,
                PictureSeen::Failed { reason } => {
                    sums.failed += 1;
                    *reasons.entry(reason).or_default() += 1;
                }
            }
        }
        sums.reasons = reasons.into_iter().collect();
        sums.reasons
            .sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        sums.reasons.truncate(5);
        Ok(sums)
    }
}
