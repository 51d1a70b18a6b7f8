//! Holding an order back and releasing it: an order may be sent in parts, and each of them is held.

use super::apply::stands;
use super::look::gid;
use super::{must, mutate, refused};
use crate::client::Client;
use crate::documents::{HOLD, LOOK_HOLDS, RELEASE_HOLD};
use crate::fetch::nodes;
use crate::map;
use crate::notes::Notes;
use crate::wire::{FulfillmentOrder, HeldOrder};
use domain::changes::{Action, HoldReason, Seen};
use domain::ids::OrderId;
use ports::{PortError, PortResult, Retry};
use serde_json::json;

const DUPLICATE: &str = "DUPLICATE_FULFILLMENT_HOLD_HANDLE";

/// All parts that can be held, or none: what this call held is released again when another part is refused.
pub(super) async fn hold(
    client: &Client,
    action: &Action,
    order: OrderId,
    (handle, reason, note): (&str, HoldReason, &str),
) -> PortResult<()> {
    let (seen, parts) = parts(client, order).await?;
    if !stands(client, &HOLD, action, &seen)? {
        return Ok(());
    }
    let hold = json!({
        "handle": handle,
        "reason": reason_word(reason),
        "reasonNotes": note,
        "notifyMerchant": false,
    });
    let open = parts
        .iter()
        .filter(|p| p.can_be_held() && p.ours_of(handle).next().is_none());
    let mut made = Vec::new();
    for part in open {
        let variables = json!({ "id": part.id, "hold": hold });
        let error = match mutate(client, &HOLD, variables, false).await {
            Ok(errors) => errors
                .iter()
                .find(|e| e.code.as_deref() != Some(DUPLICATE))
                .map(|e| refused(client, &HOLD, e)),
            Err(e) => Some(e),
        };
        match error {
            None => made.extend(part.id.clone()),
            // Whoever looks next sees which parts are held.
            Some(e) if e.retry == Retry::Reconcile || made.is_empty() => return Err(e),
            Some(e) => return Err(take_back(client, order, handle, &made, e).await),
        }
    }
    Ok(())
}

/// The error that ended it, or `Reconcile` when a part is still held.
async fn take_back(
    client: &Client,
    order: OrderId,
    handle: &str,
    made: &[String],
    mut error: PortError,
) -> PortError {
    if release_parts(client, order, handle, Some(made))
        .await
        .is_err()
    {
        error.retry = Retry::Reconcile;
        error.detail.push_str(" A part of the order is held.");
    }
    error
}

/// Takes our holds of that handle away, and no others.
pub(super) async fn release(
    client: &Client,
    action: &Action,
    order: OrderId,
    handle: &str,
) -> PortResult<()> {
    let (seen, _) = parts(client, order).await?;
    if stands(client, &RELEASE_HOLD, action, &seen)? {
        release_parts(client, order, handle, None).await?;
    }
    Ok(())
}

/// `only`: parts by id; all without.
async fn release_parts(
    client: &Client,
    order: OrderId,
    handle: &str,
    only: Option<&[String]>,
) -> PortResult<()> {
    let (_, parts) = parts(client, order).await?;
    for part in &parts {
        let Some(id) = &part.id else { continue };
        let holds: Vec<_> = part.ours_of(handle).filter_map(|h| h.id.clone()).collect();
        if holds.is_empty() || only.is_some_and(|only| !only.contains(id)) {
            continue;
        }
        let variables = json!({ "id": id, "holds": holds });
        must(client, &RELEASE_HOLD, variables, false).await?;
    }
    Ok(())
}

/// What is seen of the order, and the parts that it is sent in.
async fn parts(client: &Client, order: OrderId) -> PortResult<(Seen, Vec<FulfillmentOrder>)> {
    let ids = [gid("Order", order)];
    let notes = &mut Notes::default();
    let rows: Vec<Option<HeldOrder>> =
        nodes(client, &LOOK_HOLDS, &ids, &json!({}), 1, notes).await?;
    let row = rows.into_iter().flatten().find(|o| o.id.is_some());
    let Some(row) = row else {
        return Ok((Seen::Gone, Vec::new()));
    };
    let seen = map::holds_seen(&row).map_err(|e| client.unreadable(LOOK_HOLDS.operation, &e))?;
    let parts = row.fulfillment_orders.map(|p| p.into_nodes());
    Ok((seen, parts.unwrap_or_default()))
}

const fn reason_word(reason: HoldReason) -> &'static str {
    match reason {
        HoldReason::HighRiskOfFraud => "HIGH_RISK_OF_FRAUD",
        HoldReason::IncorrectAddress => "INCORRECT_ADDRESS",
        HoldReason::InventoryOutOfStock => "INVENTORY_OUT_OF_STOCK",
        HoldReason::AwaitingPayment => "AWAITING_PAYMENT",
        HoldReason::Other => "OTHER",
    }
}
