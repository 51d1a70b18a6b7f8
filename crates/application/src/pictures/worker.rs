//! Looks at pictures that nobody looked at, few at a time.

use super::PictureDesk;
use chrono::TimeDelta;
use domain::store::Store;
use domain::supplier::{PictureNote, PictureSeen};
use futures::StreamExt as _;
use ports::PortResult;
use ports::pictures::DuePicture;
use std::sync::PoisonError;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// Of a store in one go, and how many of them beside each other.
const BATCH: u32 = 6;
const BESIDE: usize = 2;
/// Whoever claimed some and died is waited for so long.
const CLAIM: TimeDelta = TimeDelta::minutes(5);
/// Suppliers' hosts are left alone for a while between two of them.
const PAUSE: Duration = Duration::from_secs(1);
/// Between two looks where nothing is due.
const LOOK_EVERY: Duration = Duration::from_secs(10);
/// What is new on pictures is compared once all are looked at, or after so long.
const COMPARE_AFTER: TimeDelta = TimeDelta::minutes(15);

impl PictureDesk {
    /// Until cancelled. What is under way then is looked at again by whoever comes next.
    pub async fn run_worker(&self, stop: CancellationToken) {
        while !stop.is_cancelled() {
            let wait = tokio::select! {
                () = stop.cancelled() => return,
                looked = self.look_at_some() => match looked {
                    Ok(0) => LOOK_EVERY,
                    Ok(_) => PAUSE,
                    Err(error) => {
                        tracing::warn!(%error, "pictures of suppliers could not be looked at");
                        LOOK_EVERY
                    }
                },
            };
            tokio::select! {
                () = stop.cancelled() => {}
                () = tokio::time::sleep(wait) => {}
            }
        }
    }

    /// A few of each store; answers how many. A store that has no more of them is scored, where anything new was seen.
    pub async fn look_at_some(&self) -> PortResult<usize> {
        let mut looked = 0;
        for workspace in self.ports.accounts.workspaces().await? {
            for store in self.stores.list(workspace.id).await? {
                looked += self.look_at(&store).await?;
            }
        }
        Ok(looked)
    }

    async fn look_at(&self, store: &Store) -> PortResult<usize> {
        let (now, notes) = (self.ports.clock.now(), &self.ports.picture_notes);
        let claimed = notes.claim_pictures(store.scope, now, now + CLAIM, BATCH);
        let claimed = claimed.await?;
        let count = claimed.len();
        let looked = futures::stream::iter(claimed).map(|due| self.look(due));
        let looked: Vec<PictureNote> = looked.buffer_unordered(BESIDE).collect().await;
        notes.save_pictures(store.scope, &looked).await?;
        let is_news = looked
            .iter()
            .any(|note| matches!(note.seen, PictureSeen::Hashed(_)));
        self.compare(store, is_news, count < BATCH as usize).await?;
        Ok(count)
    }

    async fn look(&self, due: DuePicture) -> PictureNote {
        let found = self.ports.pictures.picture(&due.url).await;
        let (seen, failures) = match found {
            Ok(picture) => {
                let hash = picture.hash;
                (hash.map_or(PictureSeen::Plain, PictureSeen::Hashed), 0)
            }
            Err(error) => {
                let reason = error.detail;
                (
                    PictureSeen::Failed { reason },
                    due.failures.saturating_add(1),
                )
            }
        };
        PictureNote {
            product: due.product,
            url: due.url,
            seen,
            looked_at: self.ports.clock.now(),
            failures,
        }
    }

    /// Scores the store with what is new, once it is through or it takes long.
    async fn compare(&self, store: &Store, is_news: bool, is_through: bool) -> PortResult<()> {
        let (id, now) = (store.scope.store, self.ports.clock.now());
        let since = {
            let uncompared = self.uncompared.lock();
            let mut uncompared = uncompared.unwrap_or_else(PoisonError::into_inner);
            if is_news {
                uncompared.entry(id).or_insert(now);
            }
            let since = uncompared.get(&id).copied();
            since.filter(|since| is_through || now - *since >= COMPARE_AFTER)
        };
        if since.is_none() {
            return Ok(());
        }
        self.scoring.rescore(store).await?;
        let uncompared = self.uncompared.lock();
        let mut uncompared = uncompared.unwrap_or_else(PoisonError::into_inner);
        uncompared.remove(&id);
        Ok(())
    }
}
