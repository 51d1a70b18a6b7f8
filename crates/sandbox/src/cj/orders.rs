//! Orders from their creation to the parcel.

use serde_json::{Value, json};
use std::collections::HashMap;

use super::Refused;
use super::catalogue::ways;
use super::model::{Order, Supplier, amount};
use crate::app::{App, lock};
use crate::store::Seconds;

fn missing() -> Refused {
    Refused::new(1_603_100, "Order not found")
}

pub(super) fn create(app: &App, body: &Value) -> Result<Value, Refused> {
    let dearer = app.strikes("cj_dearer");
    let held = app.strikes("cj_intercept");
    let now = app.now();
    let text = |name: &str| body[name].as_str().unwrap_or_default().to_owned();
    for needed in [
        "orderNumber",
        "shippingCountryCode",
        "shippingCountry",
        "shippingProvince",
        "shippingCity",
        "shippingCustomerName",
        "shippingAddress",
        "logisticName",
        "fromCountryCode",
    ] {
        if text(needed).is_empty() {
            return Err(Refused::new(1_600_100, format!("Param error: {needed}")));
        }
    }
    let number = text("orderNumber");
    if number.len() > 50 || body["payType"] != json!(3) {
        return Err(Refused::new(1_600_300, "Illegal parameter"));
    }
    let mut cj = lock(&app.cj);
    if cj.orders.iter().any(|o| o.number == number) {
        return Err(Refused::new(1_603_003, "order already exists"));
    }
    let (mut goods, mut grams, mut lines) = (0, 0, Vec::new());
    for line in body["products"].as_array().into_iter().flatten() {
        let vid = line["vid"].as_str().unwrap_or_default();
        let quantity = line["quantity"].as_i64().unwrap_or(0).max(1);
        let found = cj.variant(vid);
        let (product, variant) =
            found.ok_or_else(|| Refused::new(1_602_000, "Variant not found"))?;
        if product.delisted {
            return Err(Refused::new(1_603_000, "Product is off the shelf"));
        }
        goods += variant.price * quantity;
        grams += variant.weight * quantity;
        lines.push((vid.to_owned(), quantity));
    }
    let (from, country, service) = (
        text("fromCountryCode"),
        text("shippingCountryCode"),
        text("logisticName"),
    );
    let way = ways(&from, &country, grams);
    let way = way.into_iter().find(|(name, ..)| *name == service);
    let (_, postage, _) = way.ok_or_else(|| Refused::new(1_605_000, "Logistic not found"))?;
    if dearer {
        goods += goods / 5;
    }
    let order = Order {
        id: format!("SD25111102132{:08}", cj.orders.len() + 1),
        number,
        state: "CREATED",
        goods,
        postage,
        country,
        service,
        from,
        lines,
        made_at: now,
        paid_at: None,
    };
    let reasons = if held {
        json!([{"code": 1001, "message": "The address cannot be delivered to"}])
    } else {
        json!([])
    };
    let told = json!({"orderNumber": order.number, "orderId": order.id, "shipmentOrderId": "", "productAmount": amount(goods).to_string(),
        "postageAmount": amount(postage), "orderAmount": amount(goods + postage).to_string(), "actualPayment": "", "cjPayUrl": "",
        "logisticsMiss": false, "orderStatus": order.state, "productInfoList": [], "interceptOrderReasons": reasons});
    cj.orders.push(order);
    Ok(told)
}

fn by_id<'a>(cj: &'a mut Supplier, id: &str) -> Result<&'a mut Order, Refused> {
    let found = cj.orders.iter_mut().find(|o| o.id == id || o.number == id);
    found.ok_or_else(missing)
}

pub(super) fn advance(
    app: &App,
    body: &Value,
    from: &'static str,
    to: &'static str,
) -> Result<Value, Refused> {
    let mut cj = lock(&app.cj);
    for id in body["cjOrderIdList"].as_array().into_iter().flatten() {
        let order = by_id(&mut cj, id.as_str().unwrap_or_default())?;
        if order.state != from {
            return Err(Refused::new(1_603_001, format!("order is {}", order.state)));
        }
        order.state = to;
    }
    Ok(json!({"successCount": 1, "addSuccessOrders": body["cjOrderIdList"]}))
}

pub(super) fn pay(app: &App, body: &Value) -> Result<Value, Refused> {
    let now = app.now();
    let mut cj = lock(&app.cj);
    let balance = cj.balance;
    let order = by_id(&mut cj, body["orderId"].as_str().unwrap_or_default())?;
    if order.state != "UNPAID" {
        return Err(Refused::new(1_603_101, format!("order is {}", order.state)));
    }
    let total = order.goods + order.postage;
    if total > balance {
        return Err(Refused::new(1_604_000, "Balance is insufficient"));
    }
    order.state = "UNSHIPPED";
    order.paid_at = Some(now);
    let number = order.number.clone();
    cj.balance -= total;
    cj.payments.push((number, total));
    Ok(json!(true))
}

/// Of what is not paid; its number stays taken.
pub(super) fn delete(app: &App, query: &HashMap<String, String>) -> Result<Value, Refused> {
    let refuses = app.strikes("cj_undeleted");
    let mut cj = lock(&app.cj);
    let id = query.get("orderId").cloned().unwrap_or_default();
    let order = by_id(&mut cj, &id)?;
    if refuses || !matches!(order.state, "CREATED" | "IN_CART" | "UNPAID") {
        let message = format!("order delete failed, it is {}", order.state);
        return Err(Refused::new(1_603_002, message));
    }
    order.state = "CANCELLED";
    Ok(json!(order.id))
}

/// Without a zone, eight hours before Greenwich.
fn local(at: Seconds) -> Option<String> {
    let at = chrono::DateTime::from_timestamp(at + 8 * 3600, 0)?;
    Some(at.format("%Y-%m-%d %H:%M:%S").to_string())
}

pub(super) fn detail(app: &App, query: &HashMap<String, String>) -> Result<Value, Refused> {
    let mut cj = lock(&app.cj);
    let id = query.get("orderId").cloned().unwrap_or_default();
    let order = by_id(&mut cj, &id)?;
    let lines = order.lines.iter();
    let lines: Vec<Value> = lines
        .map(|(vid, quantity)| json!({"vid": vid, "quantity": quantity}))
        .collect();
    let tracking = order.tracking();
    let url = tracking
        .as_ref()
        .map(|t| format!("https://track.example/{t}"));
    Ok(
        json!({"orderId": order.id, "orderNum": order.number, "cjOrderId": null, "shippingCountryCode": order.country, "orderStatus": order.state,
        "orderAmount": amount(order.goods + order.postage), "productAmount": amount(order.goods), "postageAmount": amount(order.postage),
        "logisticName": order.service, "trackNumber": tracking, "trackingUrl": url, "createDate": local(order.made_at),
        "paymentDate": order.paid_at.and_then(local), "fromCountryCode": order.from, "productList": lines}),
    )
}

pub(super) fn track(app: &App, query: &HashMap<String, String>) -> Result<Value, Refused> {
    let cj = lock(&app.cj);
    let number = query.get("trackNumber").cloned().unwrap_or_default();
    let order = cj
        .orders
        .iter()
        .find(|o| o.tracking().as_ref() == Some(&number));
    let order = order.ok_or_else(|| Refused::new(1_605_000, "Logistic not found"))?;
    let said = if order.state == "DELIVERED" {
        "Delivered"
    } else {
        "In transit"
    };
    Ok(
        json!([{"trackingNumber": number, "logisticName": order.service, "trackingFrom": order.from, "trackingTo": order.country,
        "deliveryDay": "13", "deliveryTime": null, "trackingStatus": said, "lastMileCarrier": order.service, "lastTrackNumber": null}]),
    )
}
