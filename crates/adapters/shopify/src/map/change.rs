//! What is seen of things that are to be changed.

use super::amounts::{Amounts, Of};
use super::{Unreadable, id};
use crate::wire;
use domain::changes::{Cancellation, Seen};
use domain::money::Currency;

pub(super) fn of<'a>(what: &'static str, id: Option<&'a str>) -> Of<'a> {
    Of {
        what,
        name: "",
        id: id.unwrap_or("without id"),
    }
}

/// `currency`: the shop's, in which bare prices are.
///
/// # Errors
/// The variant, the field and why.
pub fn variant_seen(wire: &wire::Variant, currency: Currency) -> Result<Seen, Unreadable> {
    let of = of("variant", wire.id.as_deref());
    let amounts = Amounts { of, currency };
    let price = of.need("price", wire.price.as_deref())?;
    let compare_at = wire.compare_at_price.as_deref();
    Ok(Seen::Variant {
        price: amounts.text("price", price)?,
        compare_at: compare_at
            .map(|p| amounts.text("compareAtPrice", p))
            .transpose()?,
    })
}

/// # Errors
/// The item, the field and why.
pub fn stock_seen(wire: &wire::StockedItem) -> Result<Seen, Unreadable> {
    let of = of("inventory item", wire.id.as_deref());
    let Some(level) = &wire.inventory_level else {
        return Ok(Seen::Gone);
    };
    let mut named = level.quantities.iter().flatten();
    let available = named.find(|q| q.name.as_deref() == Some("available"));
    Ok(Seen::Stock {
        available: of.need("available", available.and_then(|q| q.quantity))?,
    })
}

/// # Errors
/// The thing, the field and why.
pub fn tags_seen(wire: &wire::TaggedThing) -> Result<Seen, Unreadable> {
    let of = of("tags of", wire.id.as_deref());
    Ok(Seen::Tags {
        tags: of.need("tags", wire.tags.clone())?,
    })
}

/// # Errors
/// The order, and why.
pub fn holds_seen(wire: &wire::HeldOrder) -> Result<Seen, Unreadable> {
    let of = of("order", wire.id.as_deref());
    let field = "fulfillmentOrders";
    let parts = of.need(field, wire.fulfillment_orders.as_ref())?;
    if parts.next().is_some() {
        let why = "it is sent in more parts than can be looked at; hold it in the shop's admin";
        return Err(of.refuse(field, why));
    }
    let ours = parts.iter().flat_map(wire::FulfillmentOrder::ours);
    let mut handles: Vec<String> = ours.filter_map(|h| h.handle.clone()).collect();
    handles.sort();
    handles.dedup();
    let mut open = parts.iter().filter(|f| f.can_be_held());
    Ok(Seen::Holds {
        can_hold: open.any(|f| f.ours().next().is_none()),
        handles,
    })
}

/// `currency`: the shop's, in which orders that can be cancelled here are.
///
/// # Errors
/// The order, the field and why.
pub fn order_seen(wire: &wire::CancellableOrder, currency: Currency) -> Result<Seen, Unreadable> {
    let of = of("order", wire.id.as_deref());
    let amounts = Amounts { of, currency };
    let field = "displayFulfillmentStatus";
    let status = of.need(field, wire.display_fulfillment_status.as_deref())?;
    Ok(Seen::Order {
        is_cancelled: wire.cancelled_at.is_some(),
        is_sent: Cancellation::is_sent(status),
        total: amounts.need(
            "currentTotalPriceSet",
            wire.current_total_price_set.as_ref(),
        )?,
    })
}

/// `is_sold`: whether an order has it.
///
/// # Errors
/// The product, the field and why.
pub fn product_seen(
    wire: &wire::HandledProduct,
    currency: Currency,
    is_sold: bool,
) -> Result<Seen, Unreadable> {
    let of = of("product", wire.id.as_deref());
    let amounts = Amounts { of, currency };
    let is_draft = of.need("status", wire.status.as_deref())? == "DRAFT";
    let variants = of.need("variants", wire.variants.as_ref())?;
    let prices = variants.iter().map(|v| {
        let price = of.need("price", v.price.as_deref())?;
        amounts.text("price", price)
    });
    Ok(Seen::Product {
        product: id(&of, "id", wire.id.as_deref())?,
        is_draft,
        was_offered: wire.published_at.is_some() || !is_draft,
        is_sold,
        title: of.need("title", wire.title.clone())?,
        prices: prices.collect::<Result<_, _>>()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn seen(parts: serde_json::Value) -> Result<Seen, Unreadable> {
        let order = json!({ "id": "gid://shopify/Order/1", "fulfillmentOrders": parts });
        holds_seen(&serde_json::from_value(order).unwrap())
    }

    fn part(holds: &[(&str, bool)], actions: &[&str]) -> serde_json::Value {
        let holds: Vec<_> = holds
            .iter()
            .map(|(handle, ours)| json!({ "handle": handle, "heldByRequestingApp": ours }))
            .collect();
        let actions: Vec<_> = actions.iter().map(|a| json!({ "action": a })).collect();
        json!({ "fulfillmentHolds": holds, "supportedActions": actions })
    }

    #[test]
    fn an_order_is_held_when_nothing_is_left_that_could_be_sent() {
        let both = |one, other| seen(json!({ "nodes": [one, other] })).unwrap();
        let holds = |handles: &[&str], can_hold| Seen::Holds {
            handles: handles.iter().map(|h| (*h).to_owned()).collect(),
            can_hold,
        };
        let open = || part(&[], &["CREATE_FULFILLMENT", "HOLD"]);
        let held = || part(&[("h", true)], &["RELEASE_HOLD", "HOLD"]);
        let sent = || part(&[], &[]);
        let foreign = part(&[("f", false)], &["RELEASE_HOLD", "HOLD"]);
        assert_eq!(both(open(), open()), holds(&[], true));
        assert_eq!(both(open(), held()), holds(&["h"], true));
        assert_eq!(both(held(), held()), holds(&["h"], false));
        assert_eq!(both(held(), sent()), holds(&["h"], false));
        assert_eq!(both(sent(), sent()), holds(&[], false));
        assert_eq!(both(sent(), foreign), holds(&[], true));
    }

    #[test]
    fn parts_that_cannot_be_seen_are_no_answer() {
        let page = json!({ "nodes": [], "pageInfo": { "hasNextPage": true, "endCursor": "x" } });
        assert!(seen(page).is_err());
        assert!(seen(json!(null)).is_err());
    }
}
