//! One bulk operation: started, looked at, cancelled.

use super::kind::BulkKind;
use crate::client::Client;
use crate::documents::{BULK_CANCEL, BULK_LIST, BULK_POLL, BULK_START, bulk_text};
use crate::notes::Notes;
use crate::wire::{BulkList, BulkPoll, BulkStart, Connection, Operation};
use ports::{Kind, PortError, PortResult, Retry};
use serde_json::{Value, json};
use std::time::Duration;

/// Where an operation stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    Running,
    Completed,
    Failed,
    Canceled,
    /// Its result is not kept any more.
    Expired,
}

pub(super) fn standing(operation: &Operation, notes: &mut Notes) -> Standing {
    match operation.status.as_deref().unwrap_or_default() {
        "CREATED" | "RUNNING" | "CANCELING" => Standing::Running,
        "COMPLETED" => Standing::Completed,
        "FAILED" => Standing::Failed,
        "CANCELED" => Standing::Canceled,
        "EXPIRED" => Standing::Expired,
        other => {
            notes.add(
                "unknown_enum",
                format!("BulkOperationStatus has a member {other} that this version does not know: it counts as still running."),
            );
            Standing::Running
        }
    }
}

/// A 64-bit number that comes as a string.
pub(super) fn number(text: Option<&str>) -> Option<u64> {
    text.and_then(|t| t.parse().ok())
}

pub(super) async fn poll(
    client: &Client,
    id: &str,
    notes: &mut Notes,
) -> PortResult<Option<Operation>> {
    let answer: PortResult<BulkPoll> = client.read(&BULK_POLL, json!({ "id": id }), notes).await;
    match answer {
        Ok(answer) => Ok(answer.bulk_operation),
        Err(e) if e.kind == Kind::NotFound => Ok(None),
        Err(e) => Err(e),
    }
}

/// The app's latest operations, newest first.
pub(super) async fn list(client: &Client, notes: &mut Notes) -> PortResult<Vec<Operation>> {
    let answer: BulkList = client.read(&BULK_LIST, json!({}), notes).await?;
    Ok(answer
        .bulk_operations
        .map(Connection::into_nodes)
        .unwrap_or_default())
}

/// How an attempt to start ended.
#[derive(Debug)]
pub(super) enum Start {
    Started(Box<Operation>),
    /// All slots of this app and shop are taken; the sentence names by whom.
    Busy(String),
    /// The query was refused: because of a scope, or a field that this version does not have.
    Refused(String),
}

/// Starts the export's query. When the answer is lost, the operation that it may have started is looked up, never started twice.
pub(super) async fn start(
    client: &Client,
    kind: BulkKind,
    filter: &str,
    notes: &mut Notes,
) -> PortResult<Start> {
    let text = bulk_text(kind.document(), &client.memory.closed(), filter);
    let variables = json!({ "query": text });
    let answer: PortResult<BulkStart> = client.write(&BULK_START, variables, notes).await;
    let answer = match answer {
        Ok(answer) => answer,
        Err(e) if e.kind == Kind::Forbidden => return Ok(Start::Refused(e.detail)),
        Err(e) if e.retry == Retry::Reconcile => {
            return match same_query(client, &text, notes).await? {
                Some(operation) => Ok(Start::Started(Box::new(operation))),
                None => Err(again(client, &e)),
            };
        }
        Err(e) => return Err(e),
    };
    let started = answer.bulk_operation_run_query;
    let errors = started
        .as_ref()
        .and_then(|s| s.user_errors.clone())
        .unwrap_or_default();
    if let Some(error) = errors.first() {
        let busy = error.code.as_deref() == Some("OPERATION_IN_PROGRESS")
            || error.message.contains("already in progress");
        return Ok(if busy {
            Start::Busy(error.message.clone())
        } else {
            Start::Refused(error.message.clone())
        });
    }
    match started
        .and_then(|s| s.bulk_operation)
        .filter(|o| o.id.is_some())
    {
        Some(operation) => Ok(Start::Started(Box::new(operation))),
        None => Err(client.error(
            Kind::Corrupt,
            Retry::After(Duration::from_secs(5)),
            "bulk.start",
            format!(
                "{} started a bulk operation without naming it.",
                client.shop.domain
            ),
        )),
    }
}

/// Nothing runs, so the lost call did not start anything: it may be made again.
fn again(client: &Client, e: &PortError) -> PortError {
    client.error(
        e.kind,
        Retry::After(Duration::from_secs(1)),
        "bulk.start",
        e.detail.clone(),
    )
}

/// An operation of the same query that still runs.
pub(super) async fn same_query(
    client: &Client,
    text: &str,
    notes: &mut Notes,
) -> PortResult<Option<Operation>> {
    let mut running = list(client, notes).await?;
    running.retain(|o| standing(o, notes) == Standing::Running);
    let same = |o: &Operation| {
        o.query.as_deref().map(normal) == Some(normal(text))
            && o.status.as_deref() != Some("CANCELING")
    };
    Ok(running.into_iter().find(same))
}

/// Shopify may lay out a query anew; only its words count.
fn normal(query: &str) -> String {
    query.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether an operation was started with this very text.
pub(super) fn is_same(operation: &Operation, text: &str) -> bool {
    operation
        .query
        .as_deref()
        .is_none_or(|q| normal(q) == normal(text))
}

/// Asks the provider to stop working on it; one that is over already is no error.
pub(crate) async fn cancel(client: &Client, id: &str) -> PortResult<()> {
    let mut notes = Notes::default();
    let asked: PortResult<Value> = client
        .write(&BULK_CANCEL, json!({ "id": id }), &mut notes)
        .await;
    match asked {
        Ok(_) => Ok(()),
        Err(e) if e.kind == Kind::NotFound => Ok(()),
        Err(e) if e.retry == Retry::Reconcile => match poll(client, id, &mut notes).await? {
            Some(operation)
                if standing(&operation, &mut notes) == Standing::Running
                    && operation.status.as_deref() != Some("CANCELING") =>
            {
                Err(again(client, &e))
            }
            _ => Ok(()),
        },
        Err(e) => Err(e),
    }
}
