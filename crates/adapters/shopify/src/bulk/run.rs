//! An export from the start of its operation to the last fact.

use super::assemble;
use super::kind::BulkKind;
use super::operation::{Standing, cancel, number, poll, standing};
use super::slot;
use super::spool::{Group, Spool, SpoolError};
use super::token::Token;
use crate::bulk_checks as partial;
use crate::client::Client;
use crate::export::Out;
use crate::map;
use crate::orders::Deliveries;
use crate::wire::Operation;
use adapter_kit::{Bytes, Request, StartAt, Url};
use ports::source::{ExportItem, ExportRequest, Fact};
use ports::{Kind, PortError, PortResult, Retry};
use std::time::Duration;
use tokio::time::{Instant, sleep};

const SOON: Retry = Retry::After(Duration::from_secs(5));
/// Lines are handed to the disk in pieces of about this size.
const BATCH_BYTES: usize = 512 << 10;
/// New operations in place of ones that cannot be used; each closes a gate or replaces an expired one.
const MAX_RESTARTS: usize = 12;

pub(crate) async fn export(
    client: &Client,
    kind: BulkKind,
    request: &ExportRequest,
    token: Option<&str>,
    out: &mut Out,
) -> PortResult<()> {
    let mut adopted = slot::adopt(client, kind, request, token, &mut out.notes).await?;
    for _ in 0..MAX_RESTARTS {
        let operation = match adopted.take() {
            Some(operation) => operation,
            None => slot::acquire(client, kind, request, out).await?,
        };
        let id = operation.id.clone().unwrap_or_default();
        out.item(ExportItem::Token(Token::of(&id, request).text()))
            .await?;
        out.tell_notes().await?;
        let run = Run {
            client,
            kind,
            request,
        };
        match run.follow(&id, operation, out).await? {
            Next::Done => return Ok(()),
            Next::Again => {}
        }
    }
    Err(client.error(
        Kind::Unavailable,
        SOON,
        kind.document().operation,
        format!(
            "{} lets every export expire or refuses it.",
            client.shop.domain
        ),
    ))
}

enum Next {
    Done,
    /// Another operation is needed.
    Again,
}

struct Run<'a> {
    client: &'a Client,
    kind: BulkKind,
    request: &'a ExportRequest,
}

impl Run<'_> {
    fn operation(&self) -> &'static str {
        self.kind.document().operation
    }

    fn error(&self, kind: Kind, retry: Retry, detail: String) -> PortError {
        self.client.error(kind, retry, self.operation(), detail)
    }

    /// Waits for the operation, then delivers what it prepared.
    async fn follow(&self, id: &str, first: Operation, out: &mut Out) -> PortResult<Next> {
        let operation = self.wait(id, first, out).await?;
        let Some(operation) = operation else {
            return Ok(Next::Again);
        };
        match standing(&operation, &mut out.notes) {
            Standing::Completed => match self.deliver(id, &operation, out).await {
                Ok(()) => Ok(Next::Done),
                // The file store does not give the file any more.
                Err(e) if matches!(e.kind, Kind::NotFound | Kind::Rejected) => Ok(Next::Again),
                Err(e) => Err(e),
            },
            Standing::Failed => self.failed(id, &operation, out).await,
            Standing::Canceled => Err(self.error(
                Kind::Unavailable,
                SOON,
                format!(
                    "Somebody cancelled the export {id} at {}. It is started again by itself.",
                    self.client.shop.domain
                ),
            )),
            Standing::Expired | Standing::Running => Ok(Next::Again),
        }
    }

    /// Looks at the operation until it is over. `None`: Shopify does not know it any more.
    async fn wait(
        &self,
        id: &str,
        first: Operation,
        out: &mut Out,
    ) -> PortResult<Option<Operation>> {
        let config = &self.client.config;
        let deadline = Instant::now() + config.bulk_deadline;
        let mut stalled = Instant::now() + config.stalled_after;
        let (mut pause, mut seen, mut operation) = (config.poll_first, None, first);
        loop {
            let records = number(operation.object_count.as_deref()).unwrap_or(0);
            if seen != Some(records) {
                seen = Some(records);
                stalled = Instant::now() + config.stalled_after;
                out.item(ExportItem::Preparing { records }).await?;
            }
            if standing(&operation, &mut out.notes) != Standing::Running {
                return Ok(Some(operation));
            }
            let now = Instant::now();
            if now >= deadline.min(stalled) {
                return Err(self.give_up(id, records).await);
            }
            sleep(pause.min(deadline.min(stalled) - now)).await;
            pause = (pause * 3 / 2).min(config.poll_longest);
            match poll(self.client, id, &mut out.notes).await? {
                Some(next) => operation = next,
                None => return Ok(None),
            }
        }
    }

    async fn give_up(&self, id: &str, records: u64) -> PortError {
        if let Err(e) = cancel(self.client, id).await {
            tracing::warn!(operation = id, error = %e, "the stuck export could not be cancelled");
        }
        let window = match (self.request.from, self.request.until) {
            (None, None) => String::new(),
            (from, until) => {
                let day = |at: Option<_>| at.map_or_else(|| "…".to_owned(), crate::times::text);
                format!(" of {} to {}", day(from), day(until))
            }
        };
        self.error(
            Kind::Cancelled,
            SOON,
            format!(
                "The export {id}{window} at {} did not get on ({records} records prepared) and was cancelled. A shorter window is tried.",
                self.client.shop.domain
            ),
        )
    }

    async fn failed(&self, id: &str, operation: &Operation, out: &mut Out) -> PortResult<Next> {
        let code = operation.error_code.as_deref().unwrap_or("no error code");
        if code == "ACCESS_DENIED" {
            if slot::probe(self.client, self.kind, &mut out.notes).await? {
                out.tell_notes().await?;
                return Ok(Next::Again);
            }
            return Err(self.client.not_granted(
                self.operation(),
                self.kind.root(),
                "an access scope for all of its fields",
            ));
        }
        let mut kept = 0;
        if let Some(url) = &operation.partial_data_url {
            kept = self.deliver_partial(id, url, operation, out).await?;
        }
        Err(self.error(
            Kind::Unavailable,
            SOON,
            format!(
                "The export {id} at {} failed half way ({code}); {kept} whole records of it were taken over. It is run again, nothing is skipped.",
                self.client.shop.domain
            ),
        ))
    }

    async fn deliver(&self, id: &str, operation: &Operation, out: &mut Out) -> PortResult<()> {
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

    async fn deliver_partial(
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
