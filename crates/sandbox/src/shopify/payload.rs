//! Bodies of webhooks: REST-shaped, snake_case, numeric ids, times with the shop's offset.

use chrono::TimeZone;
use serde_json::{Value, json};

use crate::generate::people::{CHANNELS, CODES};
use crate::graphql::resolve::{financial_status, order_tags, presented};
use crate::money::fixed;
use crate::store::order::{Line, LineKind, Order, StepKind, TxnKind, TxnStatus};
use crate::store::totals::totals;
use crate::store::{Seconds, Store, ids};

fn local(store: &Store, at: Seconds) -> Value {
    let at = store.shop.zone.timestamp_opt(at, 0).earliest();
    at.map_or(Value::Null, |t| {
        Value::from(t.format("%Y-%m-%dT%H:%M:%S%:z").to_string())
    })
}

fn amount(store: &Store, minor: i64) -> String {
    fixed(minor, store.shop.exponent)
}

fn set(store: &Store, o: &Order, minor: i64) -> Value {
    let (shown, currency) = presented(store, o, minor);
    json!({
        "shop_money": {"amount": amount(store, minor), "currency_code": store.shop.currency},
        "presentment_money": {"amount": fixed(shown, crate::money::exponent(currency)), "currency_code": currency},
    })
}

fn taxes(store: &Store, o: &Order, amounts: [i64; 2]) -> Value {
    let rows = store
        .place(o)
        .taxes
        .iter()
        .zip(amounts)
        .filter(|(_, a)| *a != 0);
    rows.map(|((title, ppm), a)| {
        json!({"title": title, "rate": f64::from(*ppm) / 1_000_000.0, "price": amount(store, a), "price_set": set(store, o, a), "channel_liable": false})
    })
    .collect()
}

/// An order as `orders/create`, `orders/updated` and their like carry it.
pub(crate) fn order(store: &Store, o: &Order) -> Value {
    let t = totals(o);
    let number = ids::ORDER + i64::from(o.index);
    let text = |minor: i64| amount(store, minor);
    let mut body = json!({
        "id": number,
        "admin_graphql_api_id": ids::gid("Order", number),
        "name": &*o.name,
        "number": i64::from(o.index) + 1,
        "order_number": i64::from(o.index) + 1001,
        "created_at": local(store, o.placed),
        "processed_at": local(store, o.placed),
        "updated_at": local(store, o.updated),
        "cancelled_at": o.cancelled.map_or(Value::Null, |at| local(store, at)),
        "closed_at": null,
        "currency": store.shop.currency,
        "presentment_currency": presented(store, o, 0).1,
        "test": o.test,
        "taxes_included": o.taxes_included,
        "confirmed": true,
        "source_name": CHANNELS[usize::from(o.channel)].0,
        "financial_status": financial_status(o).to_lowercase(),
        "fulfillment_status": if o.fulfilled { Value::from("fulfilled") } else { Value::Null },
        "total_price": text(t.total), "current_total_price": text(t.current),
        "subtotal_price": text(t.subtotal), "current_subtotal_price": text(t.current_subtotal),
        "total_tax": text(t.tax), "current_total_tax": text(t.current_tax),
        "total_discounts": text(t.discounts), "current_total_discounts": text(t.current_discounts),
        "total_tip_received": text(t.tips),
        "total_outstanding": text((t.current - t.received + t.refunded).max(0)),
        "tags": order_tags(store, o).join(", "), "note": null, "email": "", "phone": null,
        "discount_codes": o.code.map(|c| json!([{"code": CODES[usize::from(c)].0, "amount": text(o.code_share), "type": "percentage"}])).unwrap_or_else(|| json!([])),
    });
    for (name, minor) in [
        ("total_price_set", t.total),
        ("current_total_price_set", t.current),
        ("subtotal_price_set", t.subtotal),
        ("current_subtotal_price_set", t.current_subtotal),
        ("total_tax_set", t.tax),
        ("current_total_tax_set", t.current_tax),
        ("total_discounts_set", t.discounts),
        ("current_total_discounts_set", t.current_discounts),
        ("total_shipping_price_set", t.shipping),
        ("current_shipping_price_set", t.current_shipping),
    ] {
        body[name] = set(store, o, minor);
    }
    body["tax_lines"] = taxes(store, o, t.taxes);
    body["line_items"] = o
        .lines
        .iter()
        .enumerate()
        .map(|(n, l)| line(store, o, n, l))
        .collect();
    body["shipping_lines"] = o.ship.iter().map(|s| json!({
        "id": ids::child(ids::SHIPPING_LINE, o.index, 0), "title": s.title, "code": s.title, "price": text(s.price), "price_set": set(store, o, s.price),
        "discounted_price": text(s.price - s.discount), "discounted_price_set": set(store, o, s.price - s.discount), "tax_lines": taxes(store, o, s.taxes),
    })).collect();
    body["refunds"] = (0..o.steps.len())
        .filter(|n| matches!(o.steps[*n].kind, StepKind::Refund { .. }))
        .map(|n| refund(store, o, n))
        .collect();
    body["shipping_address"] = address(store, o.place);
    body["billing_address"] = address(store, store.billing_place(o));
    body["customer"] = o.customer.map_or(Value::Null, |c| {
        let number = ids::CUSTOMER + i64::from(c);
        json!({"id": number, "admin_graphql_api_id": ids::gid("Customer", number)})
    });
    body
}

fn address(store: &Store, place: u16) -> Value {
    let p = &store.places[usize::from(place)];
    json!({"city": p.city, "province": p.province, "province_code": p.province_code, "country": p.country, "country_code": p.country_code, "zip": p.zip})
}

fn line(store: &Store, o: &Order, n: usize, l: &Line) -> Value {
    let number = ids::child(ids::LINE, o.index, n);
    let variant = l.variant().map(|v| (v, store.variant(v)));
    let title = variant.map_or_else(
        || {
            store
                .texts
                .get(l.what as usize)
                .map_or_else(String::new, |t| t.0.clone())
        },
        |(_, v)| store.product(v.product).title.clone(),
    );
    let allocations: Vec<Value> = [l.line_discount, l.order_discount]
        .into_iter()
        .enumerate()
        .filter(|(_, a)| *a != 0)
        .map(|(i, a)| json!({"amount": amount(store, a), "amount_set": set(store, o, a), "discount_application_index": i}))
        .collect();
    json!({
        "id": number,
        "admin_graphql_api_id": ids::gid("LineItem", number),
        "title": title, "name": title,
        "quantity": l.quantity, "current_quantity": l.quantity - l.removed,
        "price": amount(store, l.price), "price_set": set(store, o, l.price),
        "total_discount": amount(store, l.line_discount), "total_discount_set": set(store, o, l.line_discount),
        "discount_allocations": allocations,
        "gift_card": l.kind == LineKind::GiftCard,
        "taxable": l.kind == LineKind::Product,
        "requires_shipping": l.kind == LineKind::Product,
        "sku": variant.map_or("", |(_, v)| v.sku.as_str()),
        "variant_id": variant.map(|(n, _)| ids::VARIANT + i64::from(n)),
        "variant_title": variant.map(|(_, v)| v.title.as_str()),
        "product_id": variant.map(|(_, v)| ids::PRODUCT + i64::from(v.product)),
        "tax_lines": taxes(store, o, l.taxes),
    })
}

/// A refund as `refunds/create` carries it.
pub(crate) fn refund(store: &Store, o: &Order, n: usize) -> Value {
    let number = ids::child(ids::REFUND, o.index, n);
    let step = &o.steps[n];
    let lines: Vec<Value> = step.returned().iter().enumerate().map(|(i, back)| json!({
        "id": ids::child(ids::REFUND_LINE, o.index, n * 64 + i),
        "line_item_id": ids::child(ids::LINE, o.index, back.line),
        "quantity": back.quantity,
        "restock_type": back.restock.name().to_lowercase(),
        "subtotal": amount(store, back.gross - back.discount), "subtotal_set": set(store, o, back.gross - back.discount),
        "total_tax": amount(store, back.tax()), "total_tax_set": set(store, o, back.tax()),
    })).collect();
    let transactions: Vec<Value> = o
        .transactions
        .iter()
        .enumerate()
        .filter(|(_, t)| t.kind == TxnKind::Refund && t.step.map(usize::from) == Some(n))
        .map(|(i, _)| transaction(store, o, i))
        .collect();
    json!({
        "id": number,
        "admin_graphql_api_id": ids::gid("Refund", number),
        "order_id": ids::ORDER + i64::from(o.index),
        "created_at": local(store, step.at), "processed_at": local(store, step.at),
        "note": null, "restock": true, "refund_line_items": lines, "transactions": transactions, "order_adjustments": [],
    })
}

pub(crate) fn transaction(store: &Store, o: &Order, n: usize) -> Value {
    let t = &o.transactions[n];
    let number = ids::child(ids::TRANSACTION, o.index, n);
    let kind = match t.kind {
        TxnKind::Sale => "sale",
        TxnKind::Authorization => "authorization",
        TxnKind::Capture => "capture",
        TxnKind::Refund => "refund",
        TxnKind::Void => "void",
    };
    let status = match t.status {
        TxnStatus::Success => "success",
        TxnStatus::Failure => "failure",
        TxnStatus::Pending => "pending",
    };
    json!({
        "id": number, "admin_graphql_api_id": ids::gid("OrderTransaction", number), "order_id": ids::ORDER + i64::from(o.index),
        "kind": kind, "status": status, "gateway": t.gateway, "amount": amount(store, t.amount), "currency": store.shop.currency,
        "created_at": local(store, t.at), "processed_at": local(store, t.at), "test": o.test,
        "parent_id": t.parent.map(|p| ids::child(ids::TRANSACTION, o.index, usize::from(p))),
    })
}

/// A product as `products/update` carries it.
pub(crate) fn product(store: &Store, n: u32) -> Value {
    let p = store.product(n);
    let number = ids::PRODUCT + i64::from(n);
    let variants: Vec<Value> = p.variants.clone().map(|v| {
        let variant = store.variant(v);
        let id = ids::VARIANT + i64::from(v);
        json!({
            "id": id, "admin_graphql_api_id": ids::gid("ProductVariant", id), "product_id": number, "title": variant.title, "sku": variant.sku,
            "price": amount(store, variant.price), "compare_at_price": variant.compare_at.map(|p| amount(store, p)), "inventory_item_id": ids::ITEM + i64::from(v),
            "inventory_quantity": variant.stock.iter().sum::<i32>(), "updated_at": local(store, variant.updated),
        })
    }).collect();
    json!({
        "id": number, "admin_graphql_api_id": ids::gid("Product", number), "title": p.title, "handle": p.handle, "vendor": p.vendor,
        "product_type": p.kind, "status": p.status.to_lowercase(), "tags": p.tags.join(", "), "body_html": null,
        "created_at": local(store, p.created), "updated_at": local(store, p.updated), "published_at": local(store, p.created), "variants": variants,
    })
}

/// An inventory item as `inventory_items/update` carries it.
pub(crate) fn item(store: &Store, v: u32) -> Value {
    let variant = store.variant(v);
    let number = ids::ITEM + i64::from(v);
    json!({
        "id": number, "admin_graphql_api_id": ids::gid("InventoryItem", number), "sku": variant.sku, "tracked": variant.tracked,
        "cost": variant.cost().map(|c| amount(store, c)), "created_at": local(store, store.product(variant.product).created),
        "updated_at": local(store, variant.updated), "requires_shipping": variant.tracked,
    })
}

/// A quantity as `inventory_levels/update` carries it.
pub(crate) fn level(store: &Store, v: u32, location: usize) -> Value {
    let variant = store.variant(v);
    let item = ids::ITEM + i64::from(v);
    let number = ids::LOCATION * 10 + (location as i64) * 1_000_000 + i64::from(v);
    json!({
        "admin_graphql_api_id": format!("gid://shopify/InventoryLevel/{number}?inventory_item_id={item}"),
        "inventory_item_id": item, "location_id": ids::LOCATION + location as i64,
        "available": variant.stock[location], "updated_at": local(store, variant.updated),
    })
}
