//! Reading a whole export into the store, in batches, with progress, in a way that a crash does not undo.

use super::run::{Runner, Session};
use super::saving::Saving;
use crate::queue::Stop;
use domain::sync::SyncWarning;
use futures::StreamExt as _;
use ports::source::{ExportItem, ExportRequest, Fact};
use ports::{Kind, PortError, PortResult, Retry};
use serde_json::{Value, json};
use std::time::Duration;

/// Facts of one transaction: as many as keep a batch of large orders in a few megabytes.
const BATCH: usize = 2_000;
/// How often a run says that it is alive, however quiet the provider is.
const BEAT_EVERY: Duration = Duration::from_millis(500);
/// An export that fails for a passing reason is begun again this often.
const TRIES: u32 = 4;
const LONGEST_WAIT: Duration = Duration::from_secs(60);

impl Runner {
    /// Stores everything that the export delivers; answers how many facts. `base` is what earlier pieces delivered.
    pub(super) async fn export(
        &mut self,
        session: &Session,
        request: ExportRequest,
        base: u64,
    ) -> Result<u64, Stop> {
        let mut tries = 0;
        loop {
            tries += 1;
            let outcome = self.export_once(session, &request, base).await;
            let Err(Stop::Failed(error)) = &outcome else {
                return outcome;
            };
            let Retry::After(wait) = error.retry else {
                return outcome;
            };
            if tries >= TRIES {
                return outcome;
            }
            let message = format!("{} (tried again, {tries} of {TRIES})", error.detail);
            self.warn(SyncWarning {
                code: "export_retried".to_owned(),
                message,
            });
            self.pause(
                wait.max(Duration::from_secs(1) * 2_u32.pow(tries - 1))
                    .min(LONGEST_WAIT),
            )
            .await?;
        }
    }

    async fn export_once(
        &mut self,
        session: &Session,
        request: &ExportRequest,
        base: u64,
    ) -> Result<u64, Stop> {
        let name = format!("{}.export", request.kind.as_str());
        let token = self.saved_token(session, &name, request).await?;
        let mut stream = session.source.export(request.clone(), token.clone());
        let mut current = token;
        let mut batch: Vec<Fact> = Vec::with_capacity(BATCH);
        let mut saving = Saving::default();
        let mut beat = tokio::time::interval(BEAT_EVERY);
        beat.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            let item = tokio::select! {
                biased;
                _ = beat.tick() => {
                    if let Err(stop) = self.beat().await {
                        drop(stream);
                        saving.done().await?;
                        return Err(self.put_down(session, &name, current, stop).await);
                    }
                    continue;
                }
                item = stream.next() => item,
            };
            match item {
                Some(Ok(ExportItem::Token(token))) => {
                    saving.done().await?;
                    self.keep(&name, &saved(request, &token)).await?;
                    current = Some(token);
                }
                Some(Ok(ExportItem::Preparing { records })) => self.preparing(request, records),
                Some(Ok(ExportItem::Warning(warning))) => self.warn(warning),
                Some(Ok(ExportItem::Fact(fact))) => {
                    batch.push(fact);
                    if batch.len() == BATCH {
                        self.save(session, &mut batch, &mut saving).await?;
                        self.progress(request, base + saving.stored);
                    }
                }
                Some(Ok(ExportItem::End { .. })) => {
                    self.save(session, &mut batch, &mut saving).await?;
                    saving.done().await?;
                    self.progress(request, base + saving.stored);
                    self.syncs
                        .ports
                        .syncs
                        .set_checkpoint(session.connection.id, &name, None)
                        .await?;
                    return Ok(saving.stored);
                }
                Some(Err(error)) => {
                    // What came before the failure is good.
                    self.save(session, &mut batch, &mut saving).await?;
                    saving.done().await?;
                    if !error.is_transient() {
                        self.syncs
                            .ports
                            .syncs
                            .set_checkpoint(session.connection.id, &name, None)
                            .await?;
                    }
                    return Err(error.into());
                }
                None => {
                    saving.done().await?;
                    return Err(stopped_short().into());
                }
            }
        }
    }

    /// Stores the batch beside what goes on.
    async fn save(
        &mut self,
        session: &Session,
        batch: &mut Vec<Fact>,
        saving: &mut Saving,
    ) -> PortResult<()> {
        let facts = std::mem::replace(batch, Vec::with_capacity(BATCH));
        saving
            .begin(
                &self.syncs.ingest,
                &session.store,
                facts,
                Vec::new(),
                self.now(),
            )
            .await
    }

    fn progress(&mut self, request: &ExportRequest, done: u64) {
        if let Some(step) = self.lease.run.step_mut(request.kind) {
            step.done = done;
            step.reason = None;
        }
    }

    fn preparing(&mut self, request: &ExportRequest, records: u64) {
        if let Some(step) = self.lease.run.step_mut(request.kind) {
            step.reason = Some(format!(
                "the store is preparing the export: {records} records so far"
            ));
        }
    }

    /// The token of an export of the very same request.
    async fn saved_token(
        &self,
        session: &Session,
        name: &str,
        request: &ExportRequest,
    ) -> PortResult<Option<String>> {
        let saved_value = self
            .syncs
            .ports
            .syncs
            .checkpoint(session.connection.id, name)
            .await?;
        Ok(saved_value.and_then(|value| {
            let token = value.get("token")?.as_str()?.to_owned();
            (value == saved(request, &token)).then_some(token)
        }))
    }

    /// Cancelled: the provider may stop. Shut down: it goes on preparing what we shall take up again.
    async fn put_down(
        &mut self,
        session: &Session,
        name: &str,
        token: Option<String>,
        stop: Stop,
    ) -> Stop {
        if let (Stop::Cancelled, Some(token)) = (&stop, token) {
            let abandoned = session.source.abandon(&token).await;
            let forgotten = self
                .syncs
                .ports
                .syncs
                .set_checkpoint(session.connection.id, name, None)
                .await;
            if let Err(error) = abandoned.and(forgotten) {
                tracing::warn!(%error, "a cancelled export could not be given up at the provider");
            }
        }
        stop
    }

    /// Waits, but stays alive and can be stopped.
    pub(super) async fn pause(&mut self, wait: Duration) -> Result<(), Stop> {
        let until = tokio::time::Instant::now() + wait;
        while tokio::time::Instant::now() < until {
            self.beat().await?;
            let left = until.saturating_duration_since(tokio::time::Instant::now());
            tokio::time::sleep(left.min(BEAT_EVERY)).await;
        }
        Ok(())
    }
}

fn saved(request: &ExportRequest, token: &str) -> Value {
    json!({ "from": request.from, "until": request.until, "token": token })
}

fn stopped_short() -> PortError {
    let retry = Retry::After(Duration::from_secs(1));
    PortError::new(
        Kind::Corrupt,
        retry,
        "royal",
        "sync.export",
        "the export ended without saying that it was complete",
    )
}
