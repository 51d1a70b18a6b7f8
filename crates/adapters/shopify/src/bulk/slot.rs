//! Getting an operation that works for us: the one of an earlier run, one that runs already, or a new one.

use super::kind::BulkKind;
use super::operation::{self, Standing, Start, is_same, poll, same_query, standing};
use super::token::Token;
use crate::client::Client;
use crate::documents::bulk_text;
use crate::export::Out;
use crate::notes::Notes;
use crate::wire::Operation;
use chrono::{TimeDelta, Utc};
use ports::source::ExportRequest;
use ports::{Kind, PortResult, Retry};
use serde_json::{Value, json};
use std::time::Duration;
use tokio::time::{Instant, sleep};

/// Shopify keeps results for seven days; a little less leaves time to download.
const KEPT: TimeDelta = TimeDelta::hours(6 * 24 + 12);
/// Each round closes at least one gate, and there are fewer gates than this.
const MAX_PROBES: usize = 12;

/// The operation of a token, when it can still be used.
pub(super) async fn adopt(
    client: &Client,
    kind: BulkKind,
    request: &ExportRequest,
    token: Option<&str>,
    notes: &mut Notes,
) -> PortResult<Option<Operation>> {
    let Some(token) = token.and_then(|t| Token::read(t, request)) else {
        return Ok(None);
    };
    let Some(operation) = poll(client, &token.operation, notes).await? else {
        return Ok(None);
    };
    let old = operation
        .completed_at
        .is_some_and(|at| Utc::now() - at > KEPT);
    let text = bulk_text(
        kind.document(),
        &client.memory.closed(),
        &kind.filter(request),
    );
    let usable = match standing(&operation, notes) {
        Standing::Running => operation.status.as_deref() != Some("CANCELING"),
        Standing::Completed => !old,
        Standing::Failed | Standing::Canceled | Standing::Expired => false,
    };
    if usable && is_same(&operation, &text) {
        tracing::info!(operation = %token.operation, "going on with a bulk operation");
        return Ok(Some(operation));
    }
    tracing::info!(operation = %token.operation, status = ?operation.status, "a bulk operation cannot be gone on with");
    Ok(None)
}

/// A new operation; waits while other programs hold all slots.
pub(super) async fn acquire(
    client: &Client,
    kind: BulkKind,
    request: &ExportRequest,
    out: &mut Out,
) -> PortResult<Operation> {
    let filter = kind.filter(request);
    let give_up = Instant::now() + client.config.slot_wait;
    let mut probes = 0;
    loop {
        match operation::start(client, kind, &filter, &mut out.notes).await? {
            Start::Started(operation) => return Ok(*operation),
            Start::Refused(why) => {
                probes += 1;
                if probes > MAX_PROBES || !probe(client, kind, &mut out.notes).await? {
                    return Err(refused(client, kind, &why));
                }
            }
            Start::Busy(message) => {
                let text = bulk_text(kind.document(), &client.memory.closed(), &filter);
                if let Some(own) = same_query(client, &text, &mut out.notes).await? {
                    return Ok(own);
                }
                let busy = busy_message(client, &message, &mut out.notes).await?;
                out.notes.add("bulk_slots_taken", busy.clone());
                out.tell_notes().await?;
                if Instant::now() + client.config.poll_longest >= give_up {
                    let wait = Retry::After(Duration::from_secs(60));
                    return Err(client.error(Kind::RateLimited, wait, "bulk.start", busy));
                }
                sleep(client.config.poll_longest).await;
            }
        }
    }
}

/// Asks for one record page by page, whose errors name the refused fields, and closes their gates. `false`: nothing was closed.
pub(super) async fn probe(client: &Client, kind: BulkKind, notes: &mut Notes) -> PortResult<bool> {
    let before = client.memory.closed();
    let (document, sort) = kind.probe();
    let mut variables = json!({ "first": 1, "after": null, "query": "" });
    if let Some(sort) = sort {
        variables["sort"] = json!(sort);
    }
    let denied = client.probe::<Value>(document, variables, notes).await?;
    client.close_gates(&denied, notes);
    Ok(client.memory.closed() != before)
}

fn refused(client: &Client, kind: BulkKind, why: &str) -> ports::PortError {
    let denied = why.to_ascii_lowercase().contains("access");
    client.error(
        if denied {
            Kind::Forbidden
        } else {
            Kind::Rejected
        },
        Retry::Never,
        kind.document().operation,
        format!(
            "{} refuses to export {}s: {why}",
            client.shop.domain,
            kind.root()
        ),
    )
}

async fn busy_message(client: &Client, message: &str, notes: &mut Notes) -> PortResult<String> {
    let mut running = operation::list(client, notes).await?;
    running.retain(|o| standing(o, notes) == Standing::Running);
    let named: Vec<String> = running
        .iter()
        .map(|o| {
            format!(
                "{} ({}, since {})",
                o.id.as_deref().unwrap_or("without id"),
                o.status.as_deref().unwrap_or("?"),
                o.created_at
                    .map_or_else(|| "?".to_owned(), crate::times::text)
            )
        })
        .collect();
    let listed = if named.is_empty() {
        message.to_owned()
    } else {
        named.join(", ")
    };
    Ok(format!(
        "All bulk slots of this app at {} are taken by other programs: {listed}. Waiting for one; stop the others if they hang.",
        client.shop.domain
    ))
}
