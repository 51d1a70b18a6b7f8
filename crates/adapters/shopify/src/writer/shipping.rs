//! What of an order can be sent, telling the shop what was, and to whom it goes.

use super::apply::stands;
use super::look::gid;
use super::must;
use crate::client::Client;
use crate::documents::{FULFILLMENT_CREATE, LOOK_SHIPPING, RECIPIENT, TRACKING_UPDATE};
use crate::fetch::nodes;
use crate::map;
use crate::notes::Notes;
use crate::wire::{AddressedOrder, ShippableOrder};
use domain::changes::{Action, Seen, Shipment};
use domain::ids::{LineId, OrderId};
use domain::supplier::Recipient;
use ports::{Kind, PortResult, Retry};
use serde_json::{Value, json};
use std::collections::BTreeMap;

async fn row(client: &Client, order: OrderId) -> PortResult<Option<ShippableOrder>> {
    let ids = [gid("Order", order)];
    let notes = &mut Notes::default();
    let rows: Vec<Option<ShippableOrder>> =
        nodes(client, &LOOK_SHIPPING, &ids, &json!({}), 1, notes).await?;
    Ok(rows.into_iter().flatten().find(|o| o.id.is_some()))
}

fn seen(client: &Client, row: Option<&ShippableOrder>) -> PortResult<Seen> {
    let Some(row) = row else {
        return Ok(Seen::Gone);
    };
    let seen = map::shipping_seen(row);
    seen.map_err(|e| client.unreadable(LOOK_SHIPPING.operation, &e))
}

pub(super) async fn look(client: &Client, order: OrderId) -> PortResult<Seen> {
    seen(client, row(client, order).await?.as_ref())
}

/// Lines that are still to be sent go out with the parcels' numbers; where they went out already, only numbers are added. Either is looked
/// at first, so that a repeat does nothing.
pub(super) async fn ship(client: &Client, action: &Action, shipment: &Shipment) -> PortResult<()> {
    let row = row(client, shipment.order).await?;
    let document = match shipment.known.is_empty() {
        true => &FULFILLMENT_CREATE,
        false => &TRACKING_UPDATE,
    };
    if !stands(client, document, action, &seen(client, row.as_ref())?)? {
        return Ok(());
    }
    let row = row.unwrap_or_default();
    if shipment.known.is_empty() {
        let parts = parts(&row, shipment);
        let fulfillment = json!({
            "lineItemsByFulfillmentOrder": parts,
            "notifyCustomer": shipment.notify_customer,
            "trackingInfo": tracking(shipment),
        });
        return must(
            client,
            document,
            json!({ "fulfillment": fulfillment }),
            false,
        )
        .await;
    }
    let of_ours = row.fulfillments.into_iter().flatten().find(|f| {
        let told = f.tracking_info.iter().flatten();
        let mut numbers = told.filter_map(|t| t.number.as_ref());
        numbers.any(|n| shipment.known.contains(n))
    });
    let Some(id) = of_ours.and_then(|f| f.id) else {
        let detail = "The shop does not show what was sent before.";
        return Err(client.error(Kind::Conflict, Retry::Never, document.operation, detail));
    };
    let variables = json!({
        "id": id, "tracking": tracking(shipment), "notify": shipment.notify_customer,
    });
    must(client, document, variables, false).await
}

fn tracking(shipment: &Shipment) -> Value {
    let numbers = shipment.parcels.iter().map(|p| p.number.as_str());
    let mut tracking = json!({ "numbers": numbers.collect::<Vec<_>>() });
    let urls: Vec<&str> = shipment
        .parcels
        .iter()
        .filter_map(|p| p.url.as_deref())
        .collect();
    // Addresses belong to numbers by their place: where one has none, none is told.
    if urls.len() == shipment.parcels.len() {
        tracking["urls"] = json!(urls);
    }
    if let Some(carrier) = shipment.parcels.first().and_then(|p| p.carrier.as_deref()) {
        tracking["company"] = json!(carrier);
    }
    tracking
}

/// Units of lines taken from the parts in which they lie, in the order of the parts.
fn parts(row: &ShippableOrder, shipment: &Shipment) -> Vec<Value> {
    let mut left: BTreeMap<LineId, i64> = BTreeMap::new();
    for (line, units) in &shipment.units {
        *left.entry(*line).or_default() += units;
    }
    let mut parts = Vec::new();
    for part in row.fulfillment_orders.iter().flat_map(|p| p.iter()) {
        let mut lines = Vec::new();
        for line in part.line_items.iter().flat_map(|l| l.iter()) {
            let sold = line.line_item.as_ref().and_then(|l| l.id.as_deref());
            let sold = sold.and_then(|id| id.parse::<LineId>().ok());
            let Some(wanted) = sold.and_then(|sold| left.get_mut(&sold)) else {
                continue;
            };
            let taken = line.remaining_quantity.unwrap_or(0).min(*wanted);
            if taken > 0 {
                *wanted -= taken;
                lines.push(json!({ "id": line.id, "quantity": taken }));
            }
        }
        if !lines.is_empty() {
            parts
                .push(json!({ "fulfillmentOrderId": part.id, "fulfillmentOrderLineItems": lines }));
        }
    }
    parts
}

pub(super) async fn recipient(client: &Client, order: OrderId) -> PortResult<Option<Recipient>> {
    let ids = [gid("Order", order)];
    let notes = &mut Notes::default();
    let rows: Vec<Option<AddressedOrder>> =
        nodes(client, &RECIPIENT, &ids, &json!({}), 1, notes).await?;
    let row = rows.into_iter().flatten().find(|o| o.id.is_some());
    let Some(address) = row.and_then(|row| row.shipping_address) else {
        return Ok(None);
    };
    let told = |text: Option<String>| text.map(|t| t.trim().to_owned()).filter(|t| !t.is_empty());
    let street: Vec<String> = [address.company, address.address1, address.address2]
        .into_iter()
        .filter_map(told)
        .collect();
    let (name, city, country) = (
        told(address.name),
        told(address.city),
        told(address.country_code_v2),
    );
    let (Some(name), Some(city), Some(country), false) = (name, city, country, street.is_empty())
    else {
        let detail = format!(
            "{} tells no whole address of the order: name, street, city and country are needed. Shopify shows them only to apps with access to protected customer data.",
            client.shop.domain
        );
        return Err(client.error(Kind::Forbidden, Retry::Never, RECIPIENT.operation, detail));
    };
    Ok(Some(Recipient {
        name,
        country,
        province: told(address.province),
        province_code: told(address.province_code),
        city,
        street: street.join(", "),
        postcode: told(address.zip),
        phone: told(address.phone),
    }))
}
