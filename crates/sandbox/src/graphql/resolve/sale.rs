//! Sales agreements and their sales.

use std::sync::Arc;

use super::super::value::{Object, Value};
use super::{id, time};
use crate::store::ledger::{Agreement, Reason, Target};
use crate::store::{Order, Store, ids};

pub(super) fn agreement<'a>(
    o: &'a Order,
    all: &Arc<Vec<Agreement>>,
    n: usize,
    field: &str,
) -> Value<'a> {
    let a = &all[n];
    match field {
        "id" => id("SalesAgreement", ids::child(ids::AGREEMENT, o.index, n)),
        "happenedAt" => Value::text(time(a.at)),
        "reason" => Value::text(match a.reason {
            Reason::Order => "ORDER",
            Reason::Edit => "ORDER_EDIT",
            Reason::Refund => "REFUND",
            Reason::Return => "RETURN",
        }),
        "sales" => {
            Value::connection((0..a.sales.len()).map(|s| Object::Sale(o, Arc::clone(all), n, s)))
        }
        "app" => Value::Null,
        "order" => Value::Object(Object::Order(o)),
        "refund" => a
            .step
            .map_or(Value::Null, |s| Value::Object(Object::Refund(o, s))),
        "return" => a
            .step
            .map_or(Value::Null, |s| Value::Object(Object::Return(o, s))),
        _ => Value::Unknown,
    }
}

pub(super) fn sale<'a>(
    store: &'a Store,
    o: &'a Order,
    all: &Arc<Vec<Agreement>>,
    a: usize,
    s: usize,
    field: &str,
) -> Value<'a> {
    let sale = &all[a].sales[s];
    let bag = |amount| Value::Object(Object::Bag(o, amount));
    match field {
        // Sales count through the order: up to 64 agreements of up to 1024 sales fit the id's bits with room.
        "id" => id(
            "Sale",
            ids::SALE + (i64::from(o.index) << 18) + ((a as i64) << 12) + s as i64,
        ),
        "actionType" => Value::text(sale.action),
        "lineType" => Value::text(sale.line_type),
        "quantity" => sale
            .quantity
            .map_or(Value::Null, |q| Value::Int(i64::from(q))),
        "totalAmount" => bag(sale.total),
        "totalTaxAmount" => bag(sale.tax()),
        "totalDiscountAmountBeforeTaxes" => bag(sale.discount_before_taxes),
        "totalDiscountAmountAfterTaxes" => bag(sale.discount_after_taxes),
        "taxes" => {
            let count = if sale.taxes == [0, 0] {
                0
            } else {
                store.place(o).taxes.len().min(2)
            };
            Value::list((0..count).map(|t| Object::SaleTax(o, Arc::clone(all), a, s, t)))
        }
        "lineItem" => match sale.target {
            Target::Line(n) => Value::Object(Object::Line(o, n)),
            _ => Value::Null,
        },
        "shippingLine" => o
            .ship
            .as_ref()
            .map_or(Value::Null, |_| Value::Object(Object::ShippingLine(o))),
        "fee" => Value::made(
            "ReturnShippingFee",
            vec![
                ("amountSet", bag(sale.total)),
                (
                    "id",
                    id("ReturnShippingFee", ids::child(ids::RETURN, o.index, a)),
                ),
            ],
        ),
        _ => Value::Unknown,
    }
}

pub(super) fn tax<'a>(
    o: &'a Order,
    all: &Arc<Vec<Agreement>>,
    a: usize,
    s: usize,
    t: usize,
    field: &str,
) -> Value<'a> {
    let amount = all[a].sales[s].taxes[t];
    match field {
        "amount" => Value::Object(Object::Bag(o, amount)),
        "id" => id(
            "SaleTax",
            ids::SALE + (i64::from(o.index) << 18) + ((a as i64) << 13) + 2 * s as i64 + t as i64,
        ),
        "taxLine" => Value::Object(Object::TaxLine(o, t, amount)),
        _ => Value::Unknown,
    }
}
