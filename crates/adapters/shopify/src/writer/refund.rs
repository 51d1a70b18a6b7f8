//! Giving money back. Shopify takes a key for it, and how long it remembers keys it does not say; so ours is known again by the mark in its note,
//! too, and is sent once: what became of a lost answer is looked for.

use super::apply::stands;
use super::look::gid;
use super::{refused, send};
use crate::client::Client;
use crate::documents::{LOOK_REFUNDS, REFUND_CREATE, SUGGESTED_REFUND};
use crate::identity;
use crate::map;
use crate::notes::Notes;
use crate::wire::{RefundedOrder, SuggestedRefund, SuggestingOrder};
use domain::changes::{Action, Refund, RefundRestock, RefundTarget, Seen, SeenRefund, Verdict};
use domain::money::{Money, format_minor};
use ports::{Kind, PortError, PortResult, Retry};
use serde::Deserialize;
use serde_json::{Value, json};
use std::time::Duration;
use uuid::Uuid;

/// Before each look after an answer that was lost.
const LOOK_WAITS: [u64; 5] = [0, 250, 500, 1_000, 2_000];

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Answered<T> {
    order: Option<T>,
}

/// What is seen, and what the shop suggests where ours is not there.
async fn looked(
    client: &Client,
    what: &RefundTarget,
) -> PortResult<Option<(SeenRefund, SuggestedRefund)>> {
    let currency = identity::currency(client, &mut Notes::default()).await?;
    let order = gid("Order", what.order);
    let asked = client.read_whole(&LOOK_REFUNDS, json!({ "id": order }));
    let answered: Answered<RefundedOrder> = asked.await?;
    let Some(row) = answered.order else {
        return Ok(None);
    };
    let seen = map::refunded(&row, what.mark, currency);
    let seen = seen.map_err(|e| client.unreadable(LOOK_REFUNDS.operation, &e))?;
    // What is there is asked about no more: its units cannot be given back again.
    if seen.made.is_some() {
        return Ok(Some((seen, SuggestedRefund::default())));
    }
    let variables = json!({ "id": order, "lines": lines(what), "shipping": what.shipping });
    let answered: Answered<SuggestingOrder> =
        client.read_whole(&SUGGESTED_REFUND, variables).await?;
    let suggested = answered.order.and_then(|o| o.suggested_refund);
    let Some(suggested) = suggested else {
        return Ok(Some((seen, SuggestedRefund::default())));
    };
    let seen = map::suggested(seen, row.id.as_deref(), &suggested, currency);
    let seen = seen.map_err(|e| client.unreadable(SUGGESTED_REFUND.operation, &e))?;
    Ok(Some((seen, suggested)))
}

pub(super) async fn look(client: &Client, what: &RefundTarget) -> PortResult<Seen> {
    let looked = looked(client, what).await?;
    Ok(looked.map_or(Seen::Gone, |(seen, _)| Seen::Refund(seen)))
}

pub(super) async fn refund(
    client: &Client,
    action: &Action,
    refund: &Refund,
    key: Uuid,
) -> PortResult<()> {
    let looked = looked(client, &refund.what).await?;
    let (seen, suggested) = match looked {
        Some((seen, suggested)) => (Seen::Refund(seen), suggested),
        None => (Seen::Gone, SuggestedRefund::default()),
    };
    if !stands(client, &REFUND_CREATE, action, &seen)? {
        return Ok(());
    }
    let input = input(client, refund, &suggested)?;
    let variables = json!({ "input": input, "key": key });
    let payload = match send(client, &REFUND_CREATE, variables, false).await {
        Ok(payload) => payload,
        Err(error) if error.retry == Retry::Reconcile => {
            return came_through(client, action, refund, error).await;
        }
        Err(error) => return Err(error),
    };
    match payload.user_errors.iter().flatten().next() {
        Some(error) => Err(refused(client, &REFUND_CREATE, error)),
        None => Ok(()),
    }
}

/// What is seen within a few seconds decides; a look that fails says nothing.
async fn came_through(
    client: &Client,
    action: &Action,
    refund: &Refund,
    error: PortError,
) -> PortResult<()> {
    for wait in LOOK_WAITS {
        tokio::time::sleep(Duration::from_millis(wait)).await;
        let seen = look(client, &refund.what).await;
        if seen.is_ok_and(|seen| action.verdict(&seen) == Verdict::Done) {
            return Ok(());
        }
    }
    Err(error)
}

fn lines(what: &RefundTarget) -> Vec<Value> {
    let (restock, location) = match what.restock {
        RefundRestock::Nothing => ("NO_RESTOCK", None),
        RefundRestock::Unsent(at) => ("CANCEL", Some(gid("Location", at))),
        RefundRestock::Returned(at) => ("RETURN", Some(gid("Location", at))),
    };
    let lines = what.lines.iter().map(|(line, units)| {
        let mut row = json!({
            "lineItemId": gid("LineItem", line), "quantity": units, "restockType": restock,
        });
        if let Some(location) = &location {
            row["locationId"] = json!(location);
        }
        row
    });
    lines.collect()
}

/// The way of the money is the shop's suggestion; its sum is what was approved, or nothing is sent.
fn input(client: &Client, refund: &Refund, suggested: &SuggestedRefund) -> PortResult<Value> {
    let order = gid("Order", refund.what.order);
    let operation = REFUND_CREATE.operation;
    let (mut payments, mut sum) = (Vec::new(), 0_i64);
    for payment in suggested.suggested_transactions.iter().flatten() {
        let money = map::suggested_payment(Some(&order), payment);
        let money: Money = money.map_err(|e| client.unreadable(operation, &e))?;
        if money.minor == 0 {
            continue;
        }
        let Some(gateway) = payment.gateway.as_deref().filter(|g| !g.is_empty()) else {
            let detail = "The shop does not name the way on which the money would go back; refund it in the shop's admin.";
            return Err(client.error(Kind::Rejected, Retry::Never, operation, detail));
        };
        if money.currency == refund.paid_in.currency {
            sum = sum.saturating_add(money.minor);
        }
        payments.push(json!({
            "orderId": order,
            "parentId": payment.parent_transaction.as_ref().and_then(|p| p.id.clone()),
            "gateway": gateway,
            "kind": "REFUND",
            "amount": format_minor(money.minor, money.currency),
        }));
    }
    if sum != refund.paid_in.minor {
        let currency = refund.paid_in.currency;
        let detail = format!(
            "The shop would give back {} {currency} on the ways that it suggests; approved were {} {currency}.",
            format_minor(sum, currency),
            format_minor(refund.paid_in.minor, currency),
        );
        return Err(client.error(Kind::Conflict, Retry::Never, operation, detail));
    }
    let mut input = json!({
        "orderId": order,
        "note": refund.marked_note(),
        "notify": refund.notify_customer,
        "currency": refund.paid_in.currency.code(),
        "refundLineItems": lines(&refund.what),
        "transactions": payments,
    });
    if refund.what.shipping {
        input["shipping"] = json!({ "fullRefund": true });
    }
    Ok(input)
}
