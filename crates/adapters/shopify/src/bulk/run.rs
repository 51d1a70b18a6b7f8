//! An export from the start of its operation to the last fact.

use super::kind::BulkKind;
use super::operation::{Standing, cancel, number, poll, standing};
use super::slot;
use super::token::Token;
use crate::client::Client;
use crate::export::Out;
use crate::wire::Operation;
use ports::source::{ExportItem, ExportRequest};
use ports::{Kind, PortError, PortResult, Retry};
use std::time::Duration;
use tokio::time::{Instant, sleep};

pub(super) const SOON: Retry = Retry::After(Duration::from_secs(5));
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

/// One export under way.
pub(super) struct Run<'a> {
    pub(super) client: &'a Client,
    pub(super) kind: BulkKind,
    pub(super) request: &'a ExportRequest,
}

impl Run<'_> {
    pub(super) fn operation(&self) -> &'static str {
        self.kind.document().operation
    }

    pub(super) fn error(&self, kind: Kind, retry: Retry, detail: String) -> PortError {
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
}
