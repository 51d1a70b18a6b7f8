//! What is seen of an order that is to be sent.

use super::{Unreadable, change::of, id};
use crate::wire::ShippableOrder;
use domain::changes::{Seen, SeenShipping};
use domain::ids::LineId;
use std::collections::{BTreeMap, BTreeSet};

/// Parts of which something may still be sent.
const OPEN: [&str; 4] = ["OPEN", "IN_PROGRESS", "SCHEDULED", "ON_HOLD"];

/// Of each line so many units are open as no parcel has and nobody took off or gave back.
///
/// # Errors
/// The order, the field and why.
pub fn shipping_seen(wire: &ShippableOrder) -> Result<Seen, Unreadable> {
    let of = of("order", wire.id.as_deref());
    let field = "fulfillmentOrders";
    let parts = of.need(field, wire.fulfillment_orders.as_ref())?;
    if parts.next().is_some() {
        return Err(of.refuse(field, "it is sent in more parts than can be looked at"));
    }
    let (mut open, mut kept) = (BTreeMap::<LineId, i64>::new(), BTreeMap::new());
    let mut is_held = false;
    for part in parts.iter() {
        let status = of.need("status", part.status.as_deref())?;
        if !OPEN.contains(&status) {
            continue;
        }
        let holds = part.fulfillment_holds.iter().flatten().next();
        is_held |= status == "ON_HOLD" || holds.is_some();
        let lines = of.need("lineItems", part.line_items.as_ref())?;
        if lines.next().is_some() {
            return Err(of.refuse("lineItems", "it has more lines than can be looked at"));
        }
        for line in lines.iter() {
            let sold = of.need("lineItem", line.line_item.as_ref())?;
            let number: LineId = id(&of, "lineItem.id", sold.id.as_deref())?;
            let left = of.need("remainingQuantity", line.remaining_quantity)?;
            *open.entry(number).or_default() += left;
            let current = of.need("currentQuantity", sold.current_quantity)?;
            kept.insert(number, current);
        }
    }
    let open = open.into_iter().map(|(line, left)| {
        let kept = kept.get(&line).copied().unwrap_or(0);
        (line, left.min(kept))
    });
    let sent = wire.fulfillments.iter().flatten();
    let sent = sent.filter(|f| f.status.as_deref() != Some("CANCELLED"));
    let numbers = sent.flat_map(|f| f.tracking_info.iter().flatten());
    let numbers: BTreeSet<String> = numbers.filter_map(|t| t.number.clone()).collect();
    let paid = of.need(
        "displayFinancialStatus",
        wire.display_financial_status.as_deref(),
    )?;
    Ok(Seen::Shipping(SeenShipping {
        is_cancelled: wire.cancelled_at.is_some(),
        is_paid: matches!(paid, "PAID" | "PARTIALLY_REFUNDED"),
        is_held,
        open: open.filter(|(_, left)| *left > 0).collect(),
        numbers,
    }))
}
