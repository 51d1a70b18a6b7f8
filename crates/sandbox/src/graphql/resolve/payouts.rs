//! The balance and the payouts of Shopify Payments, derived from the transactions that went through it.

use std::collections::BTreeMap;

use super::super::argument::Arguments;
use super::super::search::Search;
use super::super::value::{Connection, Node, Object, Value};
use super::{Context, id, time};
use crate::store::order::{Order, TxnKind};
use crate::store::{Seconds, Store, ids};

/// One movement on the balance.
struct Movement<'a> {
    order: &'a Order,
    txn: usize,
    amount: i64,
    fee: i64,
    payout: i64,
}

/// Payouts go out daily, two days after the money came in (UTC days since 1970).
fn movements(store: &Store) -> impl Iterator<Item = Movement<'_>> {
    store.live_orders().filter(|o| !o.test).flat_map(|order| {
        let mine = order
            .transactions
            .iter()
            .enumerate()
            .filter(|(_, t)| t.moved() && t.gateway == "shopify_payments");
        mine.map(move |(txn, t)| {
            let refund = t.kind == TxnKind::Refund;
            let amount = if refund { -t.amount } else { t.amount };
            Movement {
                order,
                txn,
                amount,
                fee: t.fee,
                payout: t.at.div_euclid(86_400) + 2,
            }
        })
    })
}

/// Null where nothing was ever paid through Shopify Payments.
pub(super) fn open<'a>(context: &'a Context<'a>) -> Value<'a> {
    let used = movements(context.store).next().is_some();
    if used {
        Value::Object(Object::Account)
    } else {
        Value::Null
    }
}

pub(super) fn account<'a>(
    context: &'a Context<'a>,
    field: &str,
    arguments: &Arguments,
) -> Value<'a> {
    match field {
        "activated" => Value::Bool(true),
        "balance" => Value::List(vec![context.money(waiting(context))]),
        "balanceTransactions" => balance(context, arguments),
        "country" => Value::text("US"),
        "defaultCurrency" => Value::text(context.store.shop.currency),
        "id" => id("ShopifyPaymentsAccount", 57_000_001),
        "onboardable" => Value::Bool(false),
        "payouts" => payouts(context, arguments),
        _ => Value::Unknown,
    }
}

fn today(context: &Context<'_>) -> i64 {
    context.now.div_euclid(86_400)
}

/// Charges, their fees, refunds and their fees, by the day of the payout.
fn days(store: &Store) -> BTreeMap<i64, [i64; 4]> {
    let mut days: BTreeMap<i64, [i64; 4]> = BTreeMap::new();
    for m in movements(store) {
        let day = days.entry(m.payout).or_default();
        let (gross, fee) = if m.amount < 0 { (2, 3) } else { (0, 1) };
        day[gross] += m.amount;
        day[fee] += m.fee;
    }
    days
}

fn waiting(context: &Context<'_>) -> i64 {
    let days = days(context.store);
    days.range(today(context) + 1..)
        .map(|(_, d)| d[0] + d[2] - d[1] - d[3])
        .sum()
}

fn search(context: &Context<'_>, field: &str, arguments: &Arguments, known: &[&str]) -> Search {
    let query = arguments.text("query").unwrap_or_default();
    let search = Search::parse(query);
    let knows = |f: &str| f.is_empty() || known.contains(&f);
    context
        .warnings
        .borrow_mut()
        .extend(search.warnings(field, query, &knows));
    search
}

fn payouts<'a>(context: &'a Context<'a>, arguments: &Arguments) -> Value<'a> {
    let search = search(
        context,
        "payouts",
        arguments,
        &["id", "issued_at", "status"],
    );
    let zone = context.store.shop.zone;
    let days = days(context.store);
    let paid = days.range(..=today(context)).filter(|(day, _)| {
        search.matches(&|t| match t.field.as_str() {
            "issued_at" => Some(t.time(**day * 86_400, zone)),
            "id" => Some(t.number(ids::PAYOUT + **day)),
            "status" => Some(t.word("paid")),
            _ => None,
        })
    });
    let nodes = paid.map(|(day, sums)| Node {
        key: (*day, 0),
        object: payout(context, *day, *sums),
    });
    Value::Connection(Connection {
        nodes: nodes.collect(),
    })
}

fn balance<'a>(context: &'a Context<'a>, arguments: &Arguments) -> Value<'a> {
    let known = [
        "id",
        "payout_date",
        "payout_status",
        "payments_transfer_id",
        "processed_at",
        "transaction_type",
    ];
    let search = search(context, "balanceTransactions", arguments, &known);
    let (zone, today) = (context.store.shop.zone, today(context));
    let wanted = movements(context.store).filter(|m| {
        let txn = &m.order.transactions[m.txn];
        search.matches(&|t| match t.field.as_str() {
            "processed_at" => Some(t.time(txn.at, zone)),
            "payout_date" => Some(t.time(m.payout * 86_400, zone)),
            "payout_status" => Some(t.word(if m.payout <= today { "paid" } else { "pending" })),
            "payments_transfer_id" => Some(t.number(ids::PAYOUT + m.payout)),
            "transaction_type" => Some(t.word(if m.amount < 0 { "refund" } else { "charge" })),
            "id" => Some(t.number(ids::child(ids::BALANCE, m.order.index, m.txn))),
            _ => None,
        })
    });
    let mut nodes: Vec<Node<'a>> = wanted
        .map(|m| {
            let number = ids::child(ids::BALANCE, m.order.index, m.txn);
            Node {
                key: (m.order.transactions[m.txn].at, number),
                object: movement(context, &m, today),
            }
        })
        .collect();
    nodes.sort_by_key(|n| n.key);
    Value::Connection(Connection { nodes })
}

fn payout<'a>(
    context: &'a Context<'a>,
    day: i64,
    [charges, charge_fees, refunds, refund_fees]: [i64; 4],
) -> Object<'a> {
    let money = |amount| context.money(amount);
    let net = charges + refunds - charge_fees - refund_fees;
    let zero: Vec<(&'static str, Value<'a>)> = [
        "adjustmentsFee",
        "adjustmentsGross",
        "advanceFees",
        "advanceGross",
        "reservedFundsFee",
        "reservedFundsGross",
        "retriedPayoutsFee",
        "retriedPayoutsGross",
        "usdcRebateCreditAmount",
    ]
    .map(|name| (name, money(0)))
    .into();
    let sums = vec![
        ("chargesFee", money(charge_fees)),
        ("chargesGross", money(charges)),
        ("refundsFee", money(refund_fees)),
        ("refundsFeeGross", money(refunds)),
    ];
    let number = ids::PAYOUT + day;
    let issued: Seconds = day * 86_400;
    Object::Made(
        "ShopifyPaymentsPayout",
        std::sync::Arc::new(vec![
            ("externalTraceId", Value::Null),
            ("id", id("ShopifyPaymentsPayout", number)),
            ("issuedAt", Value::text(time(issued))),
            ("legacyResourceId", Value::text(number.to_string())),
            ("net", money(net)),
            ("status", Value::text("PAID")),
            (
                "summary",
                Value::made(
                    "ShopifyPaymentsPayoutSummary",
                    zero.into_iter().chain(sums).collect(),
                ),
            ),
            (
                "transactionType",
                Value::text(if net < 0 { "WITHDRAWAL" } else { "DEPOSIT" }),
            ),
        ]),
    )
}

fn movement<'a>(context: &'a Context<'a>, m: &Movement<'a>, today: i64) -> Object<'a> {
    let t = &m.order.transactions[m.txn];
    let number = ids::child(ids::BALANCE, m.order.index, m.txn);
    let order = vec![
        ("id", id("Order", ids::ORDER + i64::from(m.order.index))),
        ("name", Value::text(&*m.order.name)),
    ];
    let paid = m.payout <= today;
    let payout = vec![
        (
            "id",
            if paid {
                id("ShopifyPaymentsPayout", ids::PAYOUT + m.payout)
            } else {
                Value::Null
            },
        ),
        ("status", Value::text(if paid { "PAID" } else { "PENDING" })),
    ];
    let refund = m.amount < 0;
    Object::Made(
        "ShopifyPaymentsBalanceTransaction",
        std::sync::Arc::new(vec![
            ("adjustmentReason", Value::Null),
            ("amount", context.money(m.amount)),
            (
                "associatedOrder",
                Value::made("ShopifyPaymentsAssociatedOrder", order),
            ),
            (
                "associatedPayout",
                Value::made("ShopifyPaymentsBalanceTransactionAssociatedPayout", payout),
            ),
            ("fee", context.money(m.fee)),
            ("id", id("ShopifyPaymentsBalanceTransaction", number)),
            ("net", context.money(m.amount - m.fee)),
            ("sourceId", Value::text(number.to_string())),
            (
                "sourceOrderTransactionId",
                Value::text(ids::child(ids::TRANSACTION, m.order.index, m.txn).to_string()),
            ),
            (
                "sourceType",
                Value::text(if refund { "REFUND" } else { "CHARGE" }),
            ),
            ("test", Value::Bool(false)),
            ("transactionDate", Value::text(time(t.at))),
            (
                "type",
                Value::text(if refund { "REFUND" } else { "CHARGE" }),
            ),
        ]),
    )
}
