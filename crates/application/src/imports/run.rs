//! One piece of work from claim to end: a check, an import, a rollback, an undo.

use super::Imports;
use super::catalogue::Catalogue;
use super::offers::are_offers;
use super::sinks::add;
use super::survey::{Reading, survey, things};
use super::tally::{Tally, is_read_wrongly};
use super::things::{Found, Outcome, Thing};
use crate::queue::{Beat, Beating, Stop};
use chrono::{DateTime, Utc};
use domain::import::{
    CheckReport, Import, ImportFailure, ImportKind, ImportStatus, Layout, Place, RowProblem,
    Styles, TableRow, offer_questions,
};
use domain::store::Store;
use ports::imports::ImportLease;
use ports::{Kind, PortError, PortResult, Retry};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tokio_util::sync::CancellationToken;

const BEAT_EVERY: Duration = Duration::from_millis(500);
/// More problems than this are counted, not kept.
const MAX_PROBLEMS: u64 = 10_000;
const UNDO_BATCH: u32 = 200;

pub(super) struct Runner {
    imports: Imports,
    lease: ImportLease,
    stop: CancellationToken,
}

impl Runner {
    pub(super) fn new(imports: Imports, lease: ImportLease, stop: CancellationToken) -> Self {
        Self {
            imports,
            lease,
            stop,
        }
    }

    pub(super) async fn run(mut self) {
        let id = self.lease.import.id;
        tracing::info!(import = %id, status = self.lease.import.status.as_str(), "import work begins");
        let outcome = self.work().await;
        if let Err(error) = self.end(outcome).await {
            tracing::warn!(import = %id, %error, "the end of an import's work could not be recorded");
        }
    }

    async fn work(&mut self) -> Result<(), Stop> {
        let now = self.now();
        self.import().started_at.get_or_insert(now);
        match self.lease.import.status {
            ImportStatus::Checking => self.check().await,
            ImportStatus::Importing => match self.import_rows().await {
                Err(Stop::Cancelled) => self.roll_back().await,
                Err(Stop::Failed(error)) if !error.is_transient() && is_final(&error) => {
                    self.import().error = Some(failure(&error));
                    self.import().status = ImportStatus::Cancelling;
                    self.roll_back().await
                }
                other => other,
            },
            ImportStatus::Cancelling | ImportStatus::Undoing => self.roll_back().await,
            _ => Ok(()),
        }
    }

    fn import(&mut self) -> &mut Import {
        &mut self.lease.import
    }

    fn now(&self) -> DateTime<Utc> {
        self.imports.ports.clock.now()
    }

    /// Records what was done, stays alive, and hears whether to stop.
    async fn beat(&mut self) -> Result<(), Stop> {
        if self.stop.is_cancelled() {
            return Err(Stop::Shutdown);
        }
        let ports = &self.imports.ports;
        let advanced = ports
            .imports
            .advance(&self.lease, ports.clock.now(), self.imports.lease)
            .await
            .map_err(|error| match error.kind {
                Kind::Conflict => Stop::LostLease,
                _ => Stop::Failed(error),
            })?;
        let cancelled = advanced.status == ImportStatus::Cancelling
            && self.lease.import.status == ImportStatus::Importing;
        self.lease.import = advanced;
        if cancelled {
            Err(Stop::Cancelled)
        } else {
            Ok(())
        }
    }

    /// As [`Self::beat`], and those who watch are told.
    async fn beat_aloud(&mut self) -> Result<(), Stop> {
        self.beat().await?;
        Ok(self.imports.announce(&self.lease.import).await?)
    }

    async fn reading(&mut self, layout: Layout) -> Result<Reading, Stop> {
        let import = &self.lease.import;
        let store = self.imports.store_of(import).await.map_err(|e| {
            PortError::new(
                Kind::NotFound,
                Retry::Never,
                "royal",
                "imports.store",
                e.to_string(),
            )
        })?;
        Ok(Reading {
            calendar: crate::ingest::calendar(&store)?,
            catalogue: Arc::new(Catalogue::read(&self.imports.ports, import.scope).await?),
            store,
            layout: Arc::new(layout),
        })
    }

    fn layout(&self, styles: Styles) -> Result<Layout, Stop> {
        let import = &self.lease.import;
        let mapping = import.mapping.as_ref().ok_or_else(|| {
            PortError::new(
                Kind::Rejected,
                Retry::Never,
                "royal",
                "imports.check",
                "no columns are chosen",
            )
        })?;
        Ok(Layout::new(mapping, &import.file.headers, styles))
    }

    async fn check(&mut self) -> Result<(), Stop> {
        let id = self.lease.import.id;
        self.imports.ports.import_notes.clear_problems(id).await?;
        self.import().progress = domain::import::Progress::default();
        let layout = self.layout(Styles::default())?;
        let evidence = self.survey(layout.clone()).await?;
        self.import().progress.rows_total = Some(evidence.rows);
        let (styles, mut questions) = evidence.decide(&layout);
        if are_offers(&self.lease.import) {
            let own = self.reading_store().await?.currency;
            questions.extend(offer_questions(&layout, own));
        }
        let mut report = CheckReport {
            rows: evidence.rows,
            questions,
            ..CheckReport::default()
        };
        if evidence.rows == 0 {
            report
                .notes
                .push("The file has a header and no rows.".to_owned());
        } else if report.questions.is_empty() {
            self.import().styles = styles.clone();
            let layout = self.layout(styles)?;
            let reading = self.reading(layout).await?;
            self.dry_run(reading, &mut report).await?;
        }
        let is_wrong = are_offers(&self.lease.import) && is_read_wrongly(&mut report);
        let open = !report.questions.is_empty();
        let now = self.now();
        let import = self.import();
        import.status = if (report.good == 0 && !open) || is_wrong {
            ImportStatus::Refused
        } else {
            ImportStatus::Checked
        };
        import.progress.rows_done = report.rows;
        import.report = Some(report);
        import.finished_at = Some(now);
        Ok(())
    }

    async fn survey(&mut self, layout: Layout) -> Result<domain::import::Evidence, Stop> {
        let seen = Arc::new(AtomicU64::new(0));
        let ports = self.imports.ports.clone();
        let work = survey(&ports, self.lease.import.id, layout, Arc::clone(&seen));
        tokio::pin!(work);
        let mut beat = timer();
        loop {
            tokio::select! {
                biased;
                _ = beat.tick() => {
                    self.import().progress.rows_done = seen.load(Ordering::Relaxed);
                    self.beat_aloud().await?;
                }
                evidence = &mut work => return Ok(evidence?),
            }
        }
    }

    async fn dry_run(&mut self, reading: Reading, report: &mut CheckReport) -> Result<(), Stop> {
        let mut tally = Tally::default();
        let mut batches = things(&self.imports.ports, &self.lease.import, reading.clone(), 0);
        let mut beat = timer();
        loop {
            let batch = tokio::select! {
                biased;
                _ = beat.tick() => { self.beat_aloud().await?; continue }
                batch = batches.recv() => batch,
            };
            let Some(batch) = batch else { break };
            let mut problems = Vec::new();
            for found in batch? {
                self.import().progress.rows_done = found.last_row;
                let found = self.acquainted(found, &reading).await?;
                tally.count(found, report, &mut problems);
            }
            let room = MAX_PROBLEMS.saturating_sub(tally.kept);
            problems.truncate(usize::try_from(room).unwrap_or(usize::MAX));
            tally.kept += problems.len() as u64;
            let id = self.lease.import.id;
            self.imports
                .ports
                .import_notes
                .add_problems(id, &problems)
                .await?;
        }
        tally.finish(report, &reading);
        Ok(())
    }

    /// A cost of something that the store has never sold and does not know is a mistake in the file.
    async fn acquainted(&self, mut found: Found, reading: &Reading) -> PortResult<Found> {
        let Outcome::Good(Thing::Row(TableRow::Cost(row)), _) = &found.outcome else {
            return Ok(found);
        };
        let catalogue = &reading.catalogue;
        let sku = row.sku.as_deref();
        let variant = row
            .variant
            .or_else(|| sku.and_then(|s| catalogue.variant_of_sku(s)));
        let known = match variant {
            Some(variant) if catalogue.variants.contains(&variant) => true,
            _ => {
                let variant = catalogue.link(sku, sku.unwrap_or_default()).1;
                let asked: Vec<_> = row.variant.or(variant).into_iter().collect();
                let orders = &self.imports.ports.orders;
                !orders
                    .walk(reading.store.scope, None, Some(&asked), 1)
                    .await?
                    .is_empty()
            }
        };
        if !known {
            let field = if row.sku.is_some() {
                "sku"
            } else {
                "variant_id"
            };
            let value = row.sku.clone().or(row.variant.map(|v| v.to_string()));
            let problem = RowProblem {
                row: found.last_row,
                line: found.last_row,
                column: reading.layout.header(field).map(str::to_owned),
                value,
                reason: "is not in the store's catalogue, nor in any of its orders".to_owned(),
                severity: domain::import::Severity::Refused,
            };
            found.outcome = Outcome::Refused(vec![problem]);
        }
        Ok(found)
    }

    async fn import_rows(&mut self) -> Result<(), Stop> {
        let layout = self.layout(self.lease.import.styles.clone())?;
        let reading = self.reading(layout).await?;
        let after = self.lease.import.place.row;
        let mut batches = things(
            &self.imports.ports,
            &self.lease.import,
            reading.clone(),
            after,
        );
        let mut beat = timer();
        loop {
            let batch = tokio::select! {
                biased;
                _ = beat.tick() => { self.beat_aloud().await?; continue }
                batch = batches.recv() => batch,
            };
            let Some(batch) = batch else { break };
            let mut place = self.lease.import.place;
            let mut good = Vec::new();
            for found in batch? {
                place.row = found.last_row;
                let found = self.acquainted(found, &reading).await?;
                match found.outcome {
                    Outcome::Good(thing, _) => good.push(thing),
                    Outcome::Repeated(_) => place.counts.unchanged += 1,
                    Outcome::Refused(_) => place.counts.refused += 1,
                }
            }
            let counts = self
                .imports
                .write(&self.lease.import, &reading, good)
                .await?;
            add(&mut place.counts, counts);
            self.go_on(place).await?;
        }
        self.rates_moved().await?;
        self.offers_moved(&reading.store, true).await?;
        let now = self.now();
        let import = self.import();
        import.status = ImportStatus::Done;
        import.finished_at = Some(now);
        Ok(())
    }

    /// The place is saved after its rows are written; a crash between the two writes the same rows again, which changes nothing.
    async fn go_on(&mut self, place: Place) -> Result<(), Stop> {
        let import = self.import();
        import.place = place;
        import.progress.rows_done = place.row;
        self.beat().await
    }

    /// Everything that the journal knows goes back to what it was.
    async fn roll_back(&mut self) -> Result<(), Stop> {
        let undoing = self.lease.import.status == ImportStatus::Undoing;
        let (scope, id) = (self.lease.import.scope, self.lease.import.id);
        let store = self.reading_store().await?;
        if !undoing {
            self.import().status = ImportStatus::Cancelling;
        }
        let journal = Arc::clone(&self.imports.ports.import_journal);
        loop {
            let entries = journal.open(scope, id, UNDO_BATCH).await?;
            if entries.is_empty() {
                break;
            }
            self.imports
                .take_back(&self.lease.import, &store, &entries)
                .await?;
            let settled: Vec<_> = entries.into_iter().map(|e| e.replaced).collect();
            journal.settle(scope, id, &settled).await?;
            self.import().undone += settled.len() as u64;
            self.beat().await?;
        }
        self.rates_moved().await?;
        self.offers_moved(&store, false).await?;
        let now = self.now();
        let import = self.import();
        import.status = match (undoing, &import.error) {
            (true, _) => ImportStatus::Undone,
            (false, Some(_)) => ImportStatus::Failed,
            (false, None) => ImportStatus::Cancelled,
        };
        import.finished_at = Some(now);
        Ok(())
    }

    /// A file of exchange rates has come or gone: costs in other currencies are converted by others now.
    async fn rates_moved(&self) -> Result<(), Stop> {
        let import = &self.lease.import;
        let of_rates = |m: &domain::import::Mapping| m.kind == ImportKind::ExchangeRates;
        if import.mapping.as_ref().is_some_and(of_rates) {
            let costs = &self.imports.costs;
            costs.rates_changed(import.scope.workspace, None).await?;
        }
        Ok(())
    }

    /// What a whole list does not name is missed after its last row; then everything that is offered is scored.
    async fn offers_moved(&mut self, store: &Store, after_rows: bool) -> Result<(), Stop> {
        if !are_offers(&self.lease.import) {
            return Ok(());
        }
        let (imports, import) = (self.imports.clone(), self.lease.import.clone());
        let store = store.clone();
        let work = async move {
            if after_rows {
                imports.miss_offers(&import).await?;
            }
            imports.scoring.rescore(&store).await
        };
        let mut work = Beating::start(work, self.imports.lease);
        let ended = loop {
            match work.next(&self.stop).await {
                Beat::Done(done) => return done,
                Beat::Leave => break Stop::Shutdown,
                Beat::Due => {
                    if let Err(stop) = self.beat_aloud().await {
                        break stop;
                    }
                }
            }
        };
        work.put_down().await;
        Err(ended)
    }

    async fn reading_store(&self) -> Result<domain::store::Store, Stop> {
        self.imports
            .store_of(&self.lease.import)
            .await
            .map_err(|e| {
                let detail = e.to_string();
                Stop::Failed(PortError::new(
                    Kind::NotFound,
                    Retry::Never,
                    "royal",
                    "imports.store",
                    detail,
                ))
            })
    }

    async fn end(&mut self, outcome: Result<(), Stop>) -> PortResult<()> {
        match outcome {
            Ok(()) => {}
            // Given back at once, so that the next start need not wait for the lease to end.
            Err(Stop::Shutdown) => {
                let ports = &self.imports.ports;
                ports
                    .imports
                    .advance(&self.lease, ports.clock.now(), chrono::Duration::zero())
                    .await?;
                return Ok(());
            }
            Err(Stop::LostLease | Stop::Cancelled) => return Ok(()),
            Err(Stop::Failed(error)) if error.is_transient() || !is_final(&error) => {
                // The lease ends, and somebody tries again.
                tracing::warn!(import = %self.lease.import.id, %error, "import work is put off");
                return Ok(());
            }
            Err(Stop::Failed(error)) => {
                tracing::warn!(import = %self.lease.import.id, %error, "import failed");
                let now = self.now();
                let import = self.import();
                import.error = Some(failure(&error));
                import.status = ImportStatus::Failed;
                import.finished_at = Some(now);
            }
        }
        let ports = &self.imports.ports;
        let now = ports.clock.now();
        let import = ports
            .imports
            .advance(&self.lease, now, self.imports.lease)
            .await?;
        if import.status.is_over() && import.status != ImportStatus::Refused {
            // It holds names and addresses that nothing needs any more.
            ports.import_files.remove(import.id).await?;
        }
        self.imports.announce(&import).await
    }
}

/// Whether trying again cannot help.
fn is_final(error: &PortError) -> bool {
    !matches!(
        error.kind,
        Kind::Unavailable | Kind::CircuitOpen | Kind::RateLimited | Kind::Cancelled
    ) || error.provider == "files"
}

fn failure(error: &PortError) -> ImportFailure {
    let remedy = match error.kind {
        Kind::StorageFull => "Make room on the disk of DATA_DIR, then import the file again.",
        Kind::NotFound => "Upload the file again.",
        Kind::Rejected => "Mend the file and upload it again.",
        _ => "Nothing of the file was kept. Try again; the log has the reason.",
    };
    ImportFailure {
        message: error.detail.clone(),
        remedy: remedy.to_owned(),
    }
}

fn timer() -> tokio::time::Interval {
    let mut beat = tokio::time::interval(BEAT_EVERY);
    beat.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    beat
}
