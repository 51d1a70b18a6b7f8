//! Locations, inventory levels, payouts.

use super::amounts::{Amounts, Of};
use super::order::word as lower;
use super::{Unreadable, id};
use crate::notes::Notes;
use crate::wire;
use domain::inventory::{InventoryLevel, Location};
use domain::payout::Payout;

/// # Errors
/// The location, the field and why.
pub fn location(wire: &wire::Location) -> Result<Location, Unreadable> {
    let of = Of {
        what: "location",
        name: wire.name.as_deref().unwrap_or_default(),
        id: wire.id.as_deref().unwrap_or("without id"),
    };
    let country = wire.address.as_ref().and_then(|a| a.country_code.as_ref());
    Ok(Location {
        id: id(&of, "id", wire.id.as_deref())?,
        name: wire.name.clone().unwrap_or_default(),
        country: country.map(|c| c.to_uppercase()),
        active: wire.is_active.unwrap_or(true),
    })
}

/// `item`: the id of the inventory item, where the row itself does not carry it.
///
/// # Errors
/// The level, the field and why.
pub fn level(wire: &wire::Level, item: Option<&str>) -> Result<InventoryLevel, Unreadable> {
    let of = Of {
        what: "inventory level",
        name: "",
        id: wire.id.as_deref().unwrap_or("without id"),
    };
    let own = wire.item.as_ref().and_then(|i| i.id.as_deref());
    let place = wire.location.as_ref().and_then(|l| l.id.as_deref());
    let named = |name: &str| {
        let quantities = wire.quantities.iter().flatten();
        let mut found = quantities.filter(|q| q.name.as_deref() == Some(name));
        found.next().and_then(|q| q.quantity)
    };
    Ok(InventoryLevel {
        item: id(&of, "item", own.or(item))?,
        location: id(&of, "location", place)?,
        available: named("available"),
        on_hand: named("on_hand"),
        committed: named("committed"),
        incoming: named("incoming"),
        updated_at: of.need("updatedAt", wire.updated_at)?,
    })
}

/// # Errors
/// The payout, the field and why.
pub fn payout(wire: &wire::Payout, notes: &mut Notes) -> Result<Payout, Unreadable> {
    let of = Of {
        what: "payout",
        name: "",
        id: wire.id.as_deref().unwrap_or("without id"),
    };
    let net = wire.net.as_ref();
    let code = net.and_then(|m| m.currency_code.as_deref());
    let amounts = Amounts {
        of,
        currency: of.currency("net", code)?,
    };
    let amount = amounts.money("net", net)?;
    // Shopify gives the size and the direction apart.
    let withdrawn = wire.transaction_type.as_deref() == Some("WITHDRAWAL");
    if let Some(word) = wire.status.as_deref()
        && !["CANCELED", "FAILED", "IN_TRANSIT", "PAID", "SCHEDULED"].contains(&word)
    {
        super::order::unknown(notes, "ShopifyPaymentsPayoutStatus", word);
    }
    Ok(Payout {
        id: id(&of, "id", wire.id.as_deref())?,
        issued_at: of.need("issuedAt", wire.issued_at)?,
        status: lower(wire.status.as_deref()),
        currency: amounts.currency,
        net: if withdrawn { -amount.abs() } else { amount },
        fees: wire
            .summary
            .as_ref()
            .map(|s| fees(s, &amounts))
            .transpose()?,
    })
}

fn fees(summary: &crate::wire::Summary, amounts: &Amounts<'_>) -> Result<i64, Unreadable> {
    let parts = [
        summary.charges_fee.as_ref(),
        summary.refunds_fee.as_ref(),
        summary.adjustments_fee.as_ref(),
    ];
    let mut sum = 0;
    for part in parts.into_iter().flatten() {
        sum += amounts.money("summary", Some(part))?;
    }
    Ok(sum)
}
