//! Refunds and returns.

use super::super::argument::Arguments;
use super::super::value::{Object, Value};
use super::{id, time};
use crate::generate::actions::{self, Wish};
use crate::shopify::change::refund::line_of;
use crate::store::order::{Restock, StepKind, TxnKind};
use crate::store::totals::totals;
use crate::store::{Order, Store, ids};

/// What would be given back, and how; nothing where it cannot be.
pub(super) fn suggested<'a>(o: &'a Order, arguments: &Arguments) -> Value<'a> {
    let rows = arguments
        .get("refundLineItems")
        .cloned()
        .unwrap_or_default();
    let rows = rows.as_array().cloned().unwrap_or_default();
    let lines: Option<Vec<(usize, i32)>> = rows
        .iter()
        .map(|row| {
            let line = line_of(o, row["lineItemId"].as_str()?)?;
            Some((line, i32::try_from(row["quantity"].as_i64()?).ok()?))
        })
        .collect();
    let wish = lines.map(|lines| Wish {
        lines,
        restock: Restock::Nothing,
        shipping: arguments.flag("refundShipping"),
        note: String::new(),
    });
    let Some(amount) = wish.and_then(|wish| actions::suggested(o, o.updated, &wish)) else {
        return Value::Null;
    };
    let bag = |amount| Value::Object(Object::Bag(o, amount));
    let now = totals(o);
    let paid = o.transactions.iter().enumerate().rev();
    let parent = paid
        .filter(|(_, t)| t.moved() && t.kind != TxnKind::Refund)
        .map(|(n, _)| n)
        .next();
    let ways = parent.filter(|_| amount > 0).map(|n| {
        let fields = vec![
            ("gateway", Value::text(o.transactions[n].gateway)),
            ("kind", Value::text("SUGGESTED_REFUND")),
            ("amountSet", bag(amount)),
            (
                "parentTransaction",
                Value::Object(Object::Transaction(o, n)),
            ),
        ];
        Object::Made("SuggestedOrderTransaction", std::sync::Arc::new(fields))
    });
    let fields = vec![
        ("amountSet", bag(amount)),
        ("maximumRefundableSet", bag(now.received - now.refunded)),
        ("suggestedTransactions", Value::list(ways)),
    ];
    Value::made("SuggestedRefund", fields)
}

fn transactions<'a>(o: &'a Order, n: usize) -> impl Iterator<Item = Object<'a>> {
    let mine = o
        .transactions
        .iter()
        .enumerate()
        .filter(move |(_, t)| t.kind == TxnKind::Refund && t.step.map(usize::from) == Some(n));
    mine.map(|(i, _)| Object::Transaction(o, i))
}

pub(super) fn refund<'a>(o: &'a Order, n: usize, field: &str) -> Value<'a> {
    let (step, number) = (&o.steps[n], ids::child(ids::REFUND, o.index, n));
    let own = matches!(step.kind, StepKind::Refund { .. });
    let bag = |amount| Value::Object(Object::Bag(o, amount));
    match field {
        "id" => id("Refund", number),
        "legacyResourceId" => Value::text(number.to_string()),
        "createdAt" | "processedAt" | "updatedAt" => Value::text(time(step.at)),
        "note" => match &step.kind {
            StepKind::Refund { note, .. } if !note.is_empty() => Value::text(&**note),
            _ => Value::Null,
        },
        "order" => Value::Object(Object::Order(o)),
        "duties" => Value::List(Vec::new()),
        "return" => {
            if matches!(step.kind, StepKind::Return { .. }) {
                Value::Object(Object::Return(o, n))
            } else {
                Value::Null
            }
        }
        "totalRefundedSet" => {
            let paid = o.transactions.iter().filter(|t| {
                t.moved() && t.kind == TxnKind::Refund && t.step.map(usize::from) == Some(n)
            });
            bag(paid.map(|t| t.amount).sum())
        }
        "transactions" => Value::connection(transactions(o, n)),
        "refundLineItems" => Value::connection(
            (0..if own { step.returned().len() } else { 0 }).map(|l| Object::RefundLine(o, n, l)),
        ),
        "refundShippingLines" => match &step.kind {
            StepKind::Refund {
                shipping,
                shipping_taxes,
                ..
            } if *shipping != 0 => {
                let line = Object::Made(
                    "RefundShippingLine",
                    std::sync::Arc::new(vec![
                        ("id", id("RefundShippingLine", number)),
                        ("shippingLine", Value::Object(Object::ShippingLine(o))),
                        ("subtotalAmountSet", bag(*shipping)),
                        ("taxAmountSet", bag(shipping_taxes.iter().sum())),
                    ]),
                );
                Value::connection([line])
            }
            _ => Value::connection([]),
        },
        "orderAdjustments" => match &step.kind {
            StepKind::Refund { extra, .. } if *extra != 0 => {
                let fields = vec![
                    ("amountSet", bag(-*extra)),
                    ("id", id("OrderAdjustment", number)),
                    ("reason", Value::text("REFUND_DISCREPANCY")),
                    ("taxAmountSet", bag(0)),
                ];
                Value::connection([Object::Made("OrderAdjustment", std::sync::Arc::new(fields))])
            }
            _ => Value::connection([]),
        },
        _ => Value::Unknown,
    }
}

pub(super) fn line<'a>(o: &'a Order, n: usize, l: usize, field: &str) -> Value<'a> {
    let back = &o.steps[n].returned()[l];
    let bag = |amount| Value::Object(Object::Bag(o, amount));
    match field {
        "id" => id(
            "RefundLineItem",
            ids::child(ids::REFUND_LINE, o.index, n * 64 + l),
        ),
        "lineItem" => Value::Object(Object::Line(o, back.line)),
        "quantity" => Value::Int(i64::from(back.quantity)),
        "restockType" => Value::text(back.restock.name()),
        "restocked" => Value::Bool(back.restock != Restock::Nothing),
        "location" => {
            if back.restock == Restock::Nothing {
                Value::Null
            } else {
                Value::Object(Object::Location(0))
            }
        }
        "priceSet" => bag(o.lines[back.line].price),
        "subtotalSet" => bag(back.gross - back.discount),
        "totalTaxSet" => bag(back.tax()),
        _ => Value::Unknown,
    }
}

pub(super) fn give_back<'a>(store: &'a Store, o: &'a Order, n: usize, field: &str) -> Value<'a> {
    let step = &o.steps[n];
    let number = ids::child(ids::RETURN, o.index, n);
    let StepKind::Return { lines, fee, .. } = &step.kind else {
        return Value::Null;
    };
    let bag = |amount| Value::Object(Object::Bag(o, amount));
    match field {
        "id" => id("Return", number),
        "name" => Value::text(format!("{}-R{}", o.name, n + 1)),
        "createdAt" | "closedAt" => Value::text(time(step.at)),
        "status" => Value::text("CLOSED"),
        "order" => Value::Object(Object::Order(o)),
        "totalQuantity" => Value::Int(lines.iter().map(|l| i64::from(l.quantity)).sum()),
        "refunds" => Value::connection(transactions(o, n).take(1).map(|_| Object::Refund(o, n))),
        "returnShippingFees" if *fee == 0 => Value::List(Vec::new()),
        "returnShippingFees" => Value::List(vec![Value::made(
            "ReturnShippingFee",
            vec![
                ("amountSet", bag(*fee)),
                ("id", id("ReturnShippingFee", number)),
            ],
        )]),
        "returnLineItems" => Value::connection(lines.iter().enumerate().map(|(i, back)| {
            let quantity = || Value::Int(i64::from(back.quantity));
            let fields = vec![
                ("customerNote", Value::Null),
                (
                    "id",
                    id(
                        "ReturnLineItem",
                        ids::child(ids::RETURN_LINE, o.index, n * 64 + i),
                    ),
                ),
                ("quantity", quantity()),
                ("processedQuantity", quantity()),
                ("unprocessedQuantity", Value::Int(0)),
                ("refundableQuantity", Value::Int(0)),
                ("refundedQuantity", quantity()),
                ("returnReasonNote", Value::text("")),
                (
                    "withCodeDiscountedTotalPriceSet",
                    bag(back.gross - back.discount),
                ),
            ];
            Object::Made("ReturnLineItem", std::sync::Arc::new(fields))
        })),
        "exchangeLineItems" => Value::connection(o.added_in(n).map(|(i, line)| {
            let variant = line.variant().map(|v| (v, store.variant(v)));
            let fields = vec![
                (
                    "id",
                    id(
                        "ExchangeLineItem",
                        ids::child(ids::RETURN_LINE, o.index, 2048 + n * 16 + i),
                    ),
                ),
                ("lineItems", Value::list([Object::Line(o, i)])),
                ("quantity", Value::Int(i64::from(line.quantity))),
                (
                    "title",
                    variant.map_or(Value::Null, |(_, v)| {
                        Value::text(store.product(v.product).title.as_str())
                    }),
                ),
                (
                    "variantId",
                    variant.map_or(Value::Null, |(n, _)| {
                        id("ProductVariant", ids::VARIANT + i64::from(n))
                    }),
                ),
                (
                    "productId",
                    variant.map_or(Value::Null, |(_, v)| {
                        id("Product", ids::PRODUCT + i64::from(v.product))
                    }),
                ),
                (
                    "variantSku",
                    variant.map_or(Value::Null, |(_, v)| Value::text(v.sku.as_str())),
                ),
                (
                    "variantTitle",
                    variant.map_or(Value::Null, |(_, v)| Value::text(v.title.as_str())),
                ),
            ];
            Object::Made("ExchangeLineItem", std::sync::Arc::new(fields))
        })),
        _ => Value::Unknown,
    }
}
