//! Cancelling an order: the shop answers with a job, and goes on.

use super::apply::is_ready;
use super::look::{gid, look};
use super::{refused, send};
use crate::client::Client;
use crate::documents::{JOB, ORDER_CANCEL};
use crate::wire::Job;
use domain::changes::{Action, CancelReason, Cancellation, Verdict};
use ports::{Kind, PortError, PortResult, Retry};
use serde::Deserialize;
use serde_json::json;
use std::time::Duration;

/// Between one look at the job and the next, in milliseconds; half a minute in all.
const JOB_WAITS: [u64; 9] = [100, 250, 500, 1_000, 2_000, 4_000, 6_000, 8_000, 8_000];
/// Before each look at the order.
const LOOK_WAITS: [u64; 5] = [0, 250, 500, 1_000, 2_000];

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct JobAnswer {
    job: Option<Job>,
}

pub(super) async fn cancel(
    client: &Client,
    action: &Action,
    cancellation: &Cancellation,
) -> PortResult<()> {
    if !is_ready(client, &ORDER_CANCEL, action).await? {
        return Ok(());
    }
    let note = Some(&cancellation.note).filter(|n| !n.is_empty());
    let variables = json!({
        "order": gid("Order", cancellation.order),
        "reason": reason_word(cancellation.reason),
        "restock": cancellation.restock,
        "refund": { "originalPaymentMethodsRefund": cancellation.refund },
        "notify": cancellation.notify_customer,
        "note": note,
    });
    let payload = match send(client, &ORDER_CANCEL, variables, false).await {
        Ok(payload) => payload,
        Err(error) if error.retry == Retry::Reconcile => {
            return came_through(client, action, error).await;
        }
        Err(error) => return Err(error),
    };
    if let Some(error) = payload.user_errors.iter().flatten().next() {
        return Err(refused(client, &ORDER_CANCEL, error));
    }
    let job = payload.job.unwrap_or_default();
    if job.done != Some(true) {
        wait_for(client, job.id.as_deref()).await?;
    }
    // From here on the cancellation is out: whatever is seen or not, it is not turned away any more.
    let detail = format!(
        "{} took the cancellation, and the order does not show it; look at it in the shop's admin.",
        client.shop.domain
    );
    came_through(client, action, unsure(client, detail)).await
}

/// Nobody can tell what became of it.
fn unsure(client: &Client, detail: String) -> PortError {
    let (kind, retry) = (Kind::Unavailable, Retry::Reconcile);
    client.error(kind, retry, ORDER_CANCEL.operation, detail)
}

/// Until the shop is done with it; nobody can tell what becomes of a job that does not end.
async fn wait_for(client: &Client, job: Option<&str>) -> PortResult<()> {
    let shop = &client.shop.domain;
    let Some(id) = job else {
        let detail = format!("{shop} took the cancellation and named no job.");
        return Err(unsure(client, detail));
    };
    for wait in JOB_WAITS {
        tokio::time::sleep(Duration::from_millis(wait)).await;
        // The write is out already: a look that fails is no failure of it.
        let asked: PortResult<JobAnswer> = client.read_whole(&JOB, json!({ "id": id })).await;
        match asked.map(|answer| answer.job) {
            Ok(Some(job)) if job.done == Some(true) => return Ok(()),
            Ok(None) => return Ok(()),
            Ok(Some(_)) | Err(_) => {}
        }
    }
    let detail = format!("{shop} is still at the cancellation after half a minute.");
    Err(unsure(client, detail))
}

/// What is seen within a few seconds decides; a look that fails says nothing.
async fn came_through(client: &Client, action: &Action, error: PortError) -> PortResult<()> {
    for wait in LOOK_WAITS {
        tokio::time::sleep(Duration::from_millis(wait)).await;
        if let Ok(true) = is_cancelled(client, action).await {
            return Ok(());
        }
    }
    Err(error)
}

async fn is_cancelled(client: &Client, action: &Action) -> PortResult<bool> {
    let seen = look(client, &[action.target()]).await?;
    let mut verdicts = seen.iter().map(|seen| action.verdict(seen));
    Ok(verdicts.any(|verdict| verdict == Verdict::Done))
}

const fn reason_word(reason: CancelReason) -> &'static str {
    match reason {
        CancelReason::Customer => "CUSTOMER",
        CancelReason::Declined => "DECLINED",
        CancelReason::Fraud => "FRAUD",
        CancelReason::Inventory => "INVENTORY",
        CancelReason::Staff => "STAFF",
        CancelReason::Other => "OTHER",
    }
}
