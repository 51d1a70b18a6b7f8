//! From a finished operation's file to facts: downloaded, counted, joined, mapped.

use super::operation::number;
use super::prepare::{self, Prepared, Unfit};
use super::run::{Run, SOON};
use super::spool::{Spool, SpoolError};
use crate::bulk_checks as partial;
use crate::export::Out;
use crate::map;
use crate::notes::Notes;
use crate::orders::Deliveries;
use crate::wire::{Operation, Product};
use adapter_kit::{Bytes, Request, StartAt, Url};
use ports::source::Fact;
use ports::{Kind, PortError, PortResult, Retry};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tokio::task::{JoinError, spawn_blocking};

/// Lines are handed to the disk in pieces of about this size.
const BATCH_BYTES: usize = 512 << 10;

impl Run<'_> {
    pub(super) async fn deliver(
        &self,
        id: &str,
        operation: &Operation,
        out: &mut Out,
    ) -> PortResult<()> {
        let objects = number(operation.object_count.as_deref());
        let roots = number(operation.root_object_count.as_deref());
        let Some(url) = &operation.url else {
            return if objects.unwrap_or(0) == 0 {
                Ok(())
            } else {
                let counted = objects.unwrap_or(0);
                Err(self.corrupt(&format!("counts {counted} records and offers no file")))
            };
        };
        let spool = self.download(id, url, operation, false).await?;
        for (what, counted, came) in [
            ("records", objects, spool.lines),
            ("top-level records", roots, spool.root_lines),
        ] {
            if counted.is_some_and(|n| n != came) {
                let counted = counted.unwrap_or(0);
                return Err(self.corrupt(&format!("counts {counted} {what} and holds {came}")));
            }
        }
        self.hand_out(spool, out).await.map(drop)
    }

    pub(super) async fn deliver_partial(
        &self,
        id: &str,
        url: &str,
        operation: &Operation,
        out: &mut Out,
    ) -> PortResult<u64> {
        let spool = self.download(id, url, operation, true).await?;
        self.hand_out(spool, out).await
    }

    async fn download(
        &self,
        id: &str,
        url: &str,
        operation: &Operation,
        lenient: bool,
    ) -> PortResult<Spool> {
        let address = Url::parse(url).map_err(|_| self.corrupt("has no usable address"))?;
        let request = Request::get_url(self.operation(), address);
        let download = self
            .client
            .files
            .download(request, StartAt::default())
            .await?;
        let mut lines = download.lines();
        let name = id.rsplit('/').next().unwrap_or("0");
        let name: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
        let size = number(operation.file_size.as_deref()).or_else(|| lines.total());
        let (base, kind, part) = (
            self.client.config.spool.clone(),
            self.kind,
            self.client.config.partition_bytes,
        );
        let made = move || Spool::create(&base, &name, kind, size, part).map_err(SpoolError::Disk);
        let mut spool = self.disk(made).await?;
        spool.lenient = lenient;
        let (mut batch, mut bytes): (Vec<Bytes>, usize) = (Vec::new(), 0);
        loop {
            let line = match lines.next().await {
                Ok(line) => line,
                // What arrived of a file that is incomplete anyway is taken.
                Err(e) if lenient => {
                    tracing::warn!(error = %e, "a partial result file broke off");
                    None
                }
                Err(e) => return Err(e),
            };
            let over = line.is_none();
            if let Some(line) = line {
                bytes += line.len();
                batch.push(line);
            }
            if over || bytes >= BATCH_BYTES {
                let full = std::mem::take(&mut batch);
                bytes = 0;
                spool = self
                    .disk(move || {
                        match spool.add(&full) {
                            Err(SpoolError::Corrupt(_)) if spool.lenient => Ok(()),
                            other => other,
                        }?;
                        Ok(spool)
                    })
                    .await?;
            }
            if over {
                return Ok(spool);
            }
        }
    }

    /// Joins and delivers; returns how many facts. The next part is read while one is delivered.
    async fn hand_out(&self, mut spool: Spool, out: &mut Out) -> PortResult<u64> {
        let lenient = spool.lenient;
        let (spool, parts) = self
            .disk(move || {
                let parts = spool.seal()?;
                Ok((Arc::new(spool), parts))
            })
            .await?;
        let kind = self.kind;
        let read = |path: PathBuf| {
            let spool = Arc::clone(&spool);
            spawn_blocking(move || prepare::part(&spool.load(&path)?, kind, lenient))
        };
        let mut parts = parts.into_iter();
        let mut next = parts.next().map(read);
        let mut deliveries = Deliveries::new(self.client, lenient);
        let mut count = 0;
        while let Some(reading) = next.take() {
            let prepared = self.prepared(reading.await)?;
            next = parts.next().map(read);
            match self.part(prepared, lenient, &mut deliveries, out).await {
                Ok(facts) => count += facts,
                Err(e) => {
                    if let Some(reading) = next {
                        // It holds the folder, which goes with the last who does.
                        reading.await.ok();
                    }
                    return Err(e);
                }
            }
        }
        count += deliveries.flush(out).await?;
        out.tell_notes().await?;
        Ok(count)
    }

    fn prepared(
        &self,
        read: Result<Result<(Vec<Prepared>, Notes), Unfit>, JoinError>,
    ) -> PortResult<(Vec<Prepared>, Notes)> {
        match read {
            Ok(Err(Unfit::Unreadable(e))) => Err(self.client.unreadable(self.operation(), &e)),
            Ok(Err(Unfit::Spool(e))) => Err(self.spool_error(e)),
            Ok(Ok(prepared)) => Ok(prepared),
            Err(e) => Err(self.broken_off(e)),
        }
    }

    async fn part(
        &self,
        (prepared, notes): (Vec<Prepared>, Notes),
        lenient: bool,
        deliveries: &mut Deliveries<'_>,
        out: &mut Out,
    ) -> PortResult<u64> {
        out.notes.absorb(notes);
        let mut count = 0;
        for one in prepared {
            count += match one {
                Prepared::Order(order) => {
                    out.fact(Fact::Order(order)).await?;
                    1
                }
                Prepared::Later(order) => deliveries.push(*order, out).await?,
                Prepared::Product(product) => self.product(*product, lenient, out).await?,
                Prepared::Fact(fact) => {
                    out.fact(fact).await?;
                    1
                }
            };
        }
        Ok(count)
    }

    async fn product(&self, mut product: Product, lenient: bool, out: &mut Out) -> PortResult<u64> {
        if partial::product_is_whole(&product) != Some(true) && lenient {
            return Ok(0);
        }
        if partial::product_is_whole(&product) == Some(false) {
            crate::nested::reread_variants(self.client, &mut product, &mut out.notes).await?;
        }
        let currency = crate::identity::currency(self.client, &mut out.notes).await?;
        let product = map::product(&product, currency)
            .map_err(|e| self.client.unreadable(self.operation(), &e))?;
        out.fact(Fact::Product(Box::new(product))).await?;
        Ok(1)
    }

    fn corrupt(&self, what: &str) -> PortError {
        self.error(
            Kind::Corrupt,
            SOON,
            format!(
                "The result file of an export at {} {what}. Nothing of it counts as complete; it is run again.",
                self.client.shop.domain
            ),
        )
    }

    /// Work with the disk, away from the threads that serve requests.
    async fn disk<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, SpoolError> + Send + 'static,
    ) -> PortResult<T> {
        match spawn_blocking(work).await {
            Ok(Ok(done)) => Ok(done),
            Ok(Err(e)) => Err(self.spool_error(e)),
            Err(e) => Err(self.broken_off(e)),
        }
    }

    fn spool_error(&self, e: SpoolError) -> PortError {
        match e {
            SpoolError::Corrupt(what) => self.corrupt(&what),
            SpoolError::Disk(e) => self.disk_error(e),
        }
    }

    fn broken_off(&self, e: JoinError) -> PortError {
        let detail = "Joining the export broke off.".to_owned();
        self.error(Kind::Unavailable, SOON, detail).with_source(e)
    }

    fn disk_error(&self, e: std::io::Error) -> PortError {
        let folder = self.client.config.spool.display();
        let full = matches!(
            e.kind(),
            std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded
        );
        let (kind, detail) = if full {
            (
                Kind::StorageFull,
                format!(
                    "There is no room left in {folder}, where exports are joined. Free some space; the export goes on by itself."
                ),
            )
        } else {
            (
                Kind::Configuration,
                format!(
                    "The folder {folder}, where exports are joined, cannot be used. Check that it exists and can be written to."
                ),
            )
        };
        self.error(kind, Retry::After(Duration::from_secs(60)), detail)
            .with_source(e)
    }
}
