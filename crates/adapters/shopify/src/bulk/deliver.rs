//! From a finished operation's file to facts: downloaded, counted, joined, mapped.

use super::assemble;
use super::kind::BulkKind;
use super::operation::number;
use super::run::{Run, SOON};
use super::spool::{Group, Spool, SpoolError};
use crate::bulk_checks as partial;
use crate::export::Out;
use crate::map;
use crate::orders::Deliveries;
use crate::wire::Operation;
use adapter_kit::{Bytes, Request, StartAt, Url};
use ports::source::Fact;
use ports::{Kind, PortError, PortResult, Retry};
use std::time::Duration;

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

    /// Joins and delivers; returns how many facts.
    async fn hand_out(&self, mut spool: Spool, out: &mut Out) -> PortResult<u64> {
        let lenient = spool.lenient;
        let (mut spool, parts) = self
            .disk(move || {
                let parts = spool.seal()?;
                Ok((spool, parts))
            })
            .await?;
        let mut deliveries = Deliveries::new(self.client, lenient);
        let mut count = 0;
        for part in parts {
            let groups;
            (spool, groups) = self
                .disk(move || {
                    let groups = spool.load(&part)?;
                    Ok((spool, groups))
                })
                .await?;
            for group in groups {
                count += self.one(&group, lenient, &mut deliveries, out).await?;
            }
        }
        count += deliveries.flush(out).await?;
        out.tell_notes().await?;
        Ok(count)
    }

    async fn one(
        &self,
        group: &Group,
        lenient: bool,
        deliveries: &mut Deliveries<'_>,
        out: &mut Out,
    ) -> PortResult<u64> {
        let unreadable = |e| self.client.unreadable(self.operation(), &e);
        match self.kind {
            BulkKind::Orders => {
                let order = assemble::order(group).map_err(unreadable)?;
                deliveries.push(order, out).await
            }
            BulkKind::Products => {
                let mut product = assemble::product(group).map_err(unreadable)?;
                if partial::product_is_whole(&product) != Some(true) && lenient {
                    return Ok(0);
                }
                if partial::product_is_whole(&product) == Some(false) {
                    crate::nested::reread_variants(self.client, &mut product, &mut out.notes)
                        .await?;
                }
                let currency = crate::identity::currency(self.client, &mut out.notes).await?;
                let product = map::product(&product, currency).map_err(unreadable)?;
                out.fact(Fact::Product(Box::new(product))).await?;
                Ok(1)
            }
            BulkKind::Customers => {
                let customer = assemble::customer(group).map_err(unreadable)?;
                let customer = map::customer(&customer).map_err(unreadable)?;
                out.fact(Fact::Customer(customer)).await?;
                Ok(1)
            }
            BulkKind::Inventory => {
                let (item, levels) = assemble::levels(group).map_err(unreadable)?;
                for level in &levels {
                    let level = map::level(level, Some(&item)).map_err(unreadable)?;
                    out.fact(Fact::Level(level)).await?;
                }
                Ok(levels.len() as u64)
            }
        }
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
        match tokio::task::spawn_blocking(work).await {
            Ok(Ok(done)) => Ok(done),
            Ok(Err(SpoolError::Corrupt(what))) => Err(self.corrupt(&what)),
            Ok(Err(SpoolError::Disk(e))) => Err(self.disk_error(e)),
            Err(e) => Err(self
                .error(
                    Kind::Unavailable,
                    SOON,
                    "Joining the export broke off.".to_owned(),
                )
                .with_source(e)),
        }
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
