//! Orders from the draft to the parcels.

use serde_json::{Value, json};

use super::catalogue::ways;
use super::model::{DELETED, Line, Order, Printer, text};
use super::{Asked, Refused, link, page};
use crate::app::{App, lock};
use crate::graphql::resolve::time;
use crate::store::Seconds;

fn bad(message: &str) -> Refused {
    Refused::new(400, message)
}

/// The template is one of the product's, by its number or by one of the merchant's.
fn template_fits(printer: &Printer, item: &Value, variant: u64) -> bool {
    let Some((product, _)) = printer.variant(variant) else {
        return false;
    };
    match &item["product_template_id"] {
        Value::Number(number) => number.as_u64() == Some(product.template()),
        Value::String(own) => own.starts_with('@'),
        _ => false,
    }
}

pub(super) fn create(app: &App, body: &Value) -> Result<Value, Refused> {
    let dearer = app.strikes("pf_dearer");
    let stuck = app.strikes("pf_calculating");
    let late = app.strikes("pf_late");
    let number = body["external_id"].as_str().unwrap_or_default().to_owned();
    if number.len() > 32 {
        return Err(bad("External ID is longer than 32 characters"));
    }
    let to = &body["recipient"];
    for needed in ["name", "address1", "city", "country_code"] {
        if to[needed].as_str().unwrap_or_default().is_empty() {
            return Err(bad(&format!("Recipient: {needed} is missing")));
        }
    }
    let country = to["country_code"].as_str().unwrap_or_default();
    if matches!(country, "US" | "CA" | "AU") && to["state_code"].is_null() {
        return Err(bad("Recipient: state_code is missing"));
    }
    let mut printer = lock(&app.printful);
    if !number.is_empty() && printer.standing().any(|o| o.number == number) {
        return Err(bad("Order with this External ID already exists"));
    }
    let (mut goods, mut pieces, mut lines) = (0, 0, Vec::new());
    for item in body["order_items"].as_array().into_iter().flatten() {
        let id = item["catalog_variant_id"].as_u64().unwrap_or(0);
        let quantity = item["quantity"].as_i64().unwrap_or(1).max(1);
        let Some((product, variant)) = printer.variant(id) else {
            return Err(bad("Variant not found"));
        };
        if product.delisted {
            return Err(bad("The product is discontinued"));
        }
        if item["source"] != json!("product_template") || !template_fits(&printer, item, id) {
            return Err(bad("The template does not fit the variant"));
        }
        goods += variant.price * quantity;
        pieces += quantity;
        let price = variant.price;
        let name = item["external_id"].as_str().map(str::to_owned);
        if name.as_ref().is_some_and(|n| n.len() > 32) {
            return Err(bad("Item external ID is longer than 32 characters"));
        }
        lines.push(Line {
            variant: id,
            name,
            quantity,
            price,
        });
    }
    if lines.is_empty() {
        return Err(bad("Order items are missing"));
    }
    let service = body["shipping"].as_str().unwrap_or("STANDARD").to_owned();
    let way = ways(country, pieces).into_iter().find(|w| w.0 == service);
    let (_, _, shipping, _) = way.ok_or_else(|| bad("Shipping method not found"))?;
    if dearer {
        goods += goods / 5;
    }
    let order = Order {
        id: 9_000_001 + printer.orders.len() as u64,
        number,
        state: "draft",
        goods,
        shipping,
        service,
        recipient: to.clone(),
        lines,
        made_at: app.now(),
        confirmed_at: None,
        uncounted: if stuck { u32::MAX } else { 1 },
        leaves_after: if late { 20 } else { 4 },
    };
    let told = json!({ "data": body_of(&order) });
    printer.orders.push(order);
    Ok(told)
}

fn costs(order: &Order) -> Value {
    let counted = order.uncounted == 0;
    let of = |cents: i64| {
        if counted {
            json!(text(cents))
        } else {
            Value::Null
        }
    };
    json!({"calculation_status": if counted { "done" } else { "calculating" }, "currency": if counted { json!("USD") } else { Value::Null },
        "subtotal": of(order.goods), "discount": of(0), "shipping": of(order.shipping), "digitization": of(0), "additional_fee": of(0),
        "fulfillment_fee": of(0), "retail_delivery_fee": of(0), "vat": of(0), "tax": of(0), "total": of(order.goods + order.shipping)})
}

fn body_of(order: &Order) -> Value {
    let to = |name: &str| {
        order.recipient[name]
            .as_str()
            .unwrap_or_default()
            .to_owned()
    };
    let names = [
        "name",
        "company",
        "address1",
        "address2",
        "city",
        "state_code",
        "state_name",
        "country_code",
        "country_name",
        "zip",
        "phone",
        "email",
        "tax_number",
    ];
    let recipient: serde_json::Map<String, Value> = names
        .iter()
        .map(|name| ((*name).to_owned(), json!(to(name))))
        .collect();
    let at = format!("orders/{}", order.id);
    let items: Vec<_> = (1..)
        .zip(&order.lines)
        .map(|(id, line)| {
            json!({"id": id, "type": "order_item", "source": "catalog", "catalog_variant_id": line.variant, "external_id": line.name,
                "quantity": line.quantity, "name": "", "price": text(line.price), "retail_price": "0.00", "currency": "USD", "retail_currency": "USD",
                "_links": {"self": link(&format!("{at}/order-items/{id}"))}})
        })
        .collect();
    json!({"id": order.id, "external_id": order.number, "store_id": 10, "shipping": order.service, "status": order.state,
        "created_at": time(order.made_at), "updated_at": time(order.made_at), "recipient": recipient, "costs": costs(order),
        "retail_costs": {"calculation_status": "done", "currency": "USD", "subtotal": "0.00", "discount": "0.00", "shipping": "0.00",
            "vat": "0.00", "tax": "0.00", "total": "0.00"},
        "order_items": items,
        "_links": {"self": link(&at), "order_confirmation": link(&format!("{at}/confirmation")), "order_invoices": link(&format!("{at}/invoices")),
            "order_items": link(&format!("{at}/order-items")), "shipments": link(&format!("{at}/shipments"))}})
}

/// A draft is gone with its number; what was charged stays.
pub(super) fn delete(app: &App, id: &str) -> Result<Value, Refused> {
    let mut printer = lock(&app.printful);
    let order = by_id(&mut printer, id)?;
    if !matches!(order.state, "draft" | "failed" | "canceled") || order.confirmed_at.is_some() {
        return Err(Refused::new(409, "The order cannot be deleted"));
    }
    order.state = DELETED;
    Ok(Value::Null)
}

/// By the supplier's number, or `@` and the buyer's.
fn by_id<'a>(printer: &'a mut Printer, id: &str) -> Result<&'a mut Order, Refused> {
    let own = id.strip_prefix('@');
    let mut there = printer.orders.iter_mut().filter(|o| o.state != DELETED);
    let found = there.find(|o| match own {
        Some(own) => o.number == own,
        None => o.id.to_string() == id,
    });
    found.ok_or_else(Refused::missing)
}

pub(super) fn show(app: &App, id: &str) -> Result<Value, Refused> {
    let mut printer = lock(&app.printful);
    let order = by_id(&mut printer, id)?;
    if order.uncounted < u32::MAX {
        order.uncounted = order.uncounted.saturating_sub(1);
    }
    Ok(json!({ "data": body_of(order) }))
}

pub(super) fn confirm(app: &App, id: &str) -> Result<Value, Refused> {
    let (poor, now) = (app.strikes("pf_poor"), app.now());
    let mut printer = lock(&app.printful);
    let order = by_id(&mut printer, id)?;
    if order.state != "draft" {
        return Err(bad("The order is no draft"));
    }
    if poor {
        return Err(bad("Your payment method was declined"));
    }
    order.state = "pending";
    order.confirmed_at = Some(now);
    let told = json!({"data": body_of(order), "_links": {"self": link(id), "order": link(id), "order_items": link(id), "shipments": link(id)}});
    let paid = (order.number.clone(), order.goods + order.shipping);
    printer.payments.push(paid);
    Ok(told)
}

/// One parcel a line: the first leaves first.
fn left(order: &Order, at: usize, now: Seconds) -> Option<Seconds> {
    let at = i64::try_from(at).ok()?.min(1);
    let leaves = order.confirmed_at? + (order.leaves_after + at) * 86_400;
    (leaves <= now).then_some(leaves)
}

pub(super) fn shipments(app: &App, id: &str, query: &Asked) -> Result<Value, Refused> {
    let (now, untold) = (app.now(), app.strikes("pf_no_items"));
    let mut printer = lock(&app.printful);
    let order = by_id(&mut printer, id)?;
    let mut all = Vec::new();
    for (at, line) in order.lines.iter().enumerate() {
        let shipped = left(order, at, now);
        let delivered = shipped.map(|s| s + 6 * 86_400).filter(|d| *d <= now);
        let number = shipped.map(|_| format!("PF{}{at}LV", order.id));
        let status = if shipped.is_some() {
            "shipped"
        } else {
            "pending"
        };
        let delivery = match (shipped, delivered) {
            (_, Some(_)) => "delivered",
            (Some(_), None) => "in_transit",
            _ => "unknown",
        };
        let url = number
            .as_ref()
            .map(|n| format!("https://track.example/{n}"));
        all.push(json!({"id": order.id * 10 + at as u64, "order_id": order.id, "order_external_id": order.number, "carrier": "DPD",
            "service": "Standard", "shipment_status": status, "shipped_at": shipped.map(time), "delivery_status": delivery,
            "delivered_at": delivered.map(time), "departure_address": {"country_name": "Latvia", "country_code": "LV", "state_code": ""},
            "is_reshipment": false, "tracking_number": number, "tracking_url": url.unwrap_or_default(), "tracking_events": [],
            "shipment_items": [{"id": 1, "order_item_id": at + 1, "order_item_external_id": if untold { &None } else { &line.name }, "order_item_name": "", "quantity": line.quantity,
                "_links": {"order_item": link("orders")}}],
            "_links": {"self": link(id), "order": link(id)}}));
    }
    let (data, paging) = page(all, query);
    Ok(json!({"data": data, "paging": paging, "_links": {"self": link(id)}}))
}
