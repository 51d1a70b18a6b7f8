//! Transactions, and the balance and payouts of Shopify Payments.

use super::super::value::{Object, Value};
use super::{Context, id, time};
use crate::store::order::{Order, TxnKind, TxnStatus};
use crate::store::{Seconds, Store, ids};

pub(super) fn transaction<'a>(
    context: &'a Context<'a>,
    o: &'a Order,
    n: usize,
    field: &str,
) -> Value<'a> {
    let t = &o.transactions[n];
    let number = ids::child(ids::TRANSACTION, o.index, n);
    match field {
        "id" => id("OrderTransaction", number),
        "kind" => Value::text(kind(t.kind)),
        "status" => Value::text(match t.status {
            TxnStatus::Success => "SUCCESS",
            TxnStatus::Failure => "FAILURE",
            TxnStatus::Pending => "PENDING",
        }),
        "gateway" => Value::text(t.gateway),
        "formattedGateway" => Value::text(formatted(t.gateway)),
        "manualPaymentGateway" => Value::Bool(matches!(t.gateway, "manual" | "cash")),
        "amountSet" => Value::Object(Object::Bag(o, t.amount)),
        "amountRoundingSet" => Value::Null,
        "totalUnsettledSet" => Value::Object(Object::Bag(o, 0)),
        "createdAt" | "processedAt" => Value::text(time(t.at)),
        "test" => Value::Bool(o.test),
        "order" => Value::Object(Object::Order(o)),
        "parentTransaction" => t.parent.map_or(Value::Null, |p| {
            Value::Object(Object::Transaction(o, usize::from(p)))
        }),
        "errorCode" => {
            if t.status == TxnStatus::Failure {
                Value::text("CARD_DECLINED")
            } else {
                Value::Null
            }
        }
        "fees" => Value::List(if t.has_fees() {
            vec![fee(context, t, number)]
        } else {
            Vec::new()
        }),
        "multiCapturable" | "manuallyCapturable" => Value::Bool(false),
        "settlementCurrency" => {
            if t.has_fees() {
                Value::text(context.store.shop.currency)
            } else {
                Value::Null
            }
        }
        "settlementCurrencyRate" => {
            if t.has_fees() {
                Value::text("1.0")
            } else {
                Value::Null
            }
        }
        "paymentId" => Value::text(format!("{}.{}", o.name, n + 1)),
        "accountNumber" | "authorizationExpiresAt" | "maximumRefundableV2" | "receiptJson" => {
            Value::Null
        }
        _ => Value::Unknown,
    }
}

fn fee<'a>(context: &'a Context<'a>, t: &crate::store::Transaction, number: i64) -> Value<'a> {
    Value::made(
        "TransactionFee",
        vec![
            ("amount", context.money(t.fee)),
            ("flatFee", context.money(t.fee_flat)),
            ("flatFeeName", Value::text("Flat fee")),
            ("id", id("TransactionFee", number)),
            (
                "rate",
                Value::text(format!(
                    "{}.{:03}",
                    t.fee_ppm / 1_000_000,
                    t.fee_ppm % 1_000_000 / 1000
                )),
            ),
            ("rateName", Value::text("Card processing")),
            ("taxAmount", context.money(0)),
            ("type", Value::text("processing_fee")),
        ],
    )
}

pub(super) fn kind(kind: TxnKind) -> &'static str {
    match kind {
        TxnKind::Sale => "SALE",
        TxnKind::Authorization => "AUTHORIZATION",
        TxnKind::Capture => "CAPTURE",
        TxnKind::Refund => "REFUND",
        TxnKind::Void => "VOID",
    }
}

fn formatted(gateway: &'static str) -> &'static str {
    match gateway {
        "shopify_payments" => "Shopify Payments",
        "paypal" => "PayPal",
        "gift_card" => "Gift Card",
        "cash" => "Cash",
        "bogus" => "(for testing) Bogus Gateway",
        _ => "Manual",
    }
}

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

pub(super) fn account<'a>(context: &'a Context<'a>) -> Value<'a> {
    let store = context.store;
    let today = context.now.div_euclid(86_400);
    let mut all: Vec<Movement<'_>> = movements(store).collect();
    all.sort_by_key(|m| (m.order.transactions[m.txn].at, m.order.index));
    let mut days: std::collections::BTreeMap<i64, [i64; 4]> = std::collections::BTreeMap::new();
    for m in &all {
        let day = days.entry(m.payout).or_default();
        let (gross, fee) = if m.amount < 0 { (2, 3) } else { (0, 1) };
        day[gross] += m.amount;
        day[fee] += m.fee;
    }
    let waiting: i64 = days
        .range(today + 1..)
        .map(|(_, d)| d[0] + d[2] - d[1] - d[3])
        .sum();
    let payouts: Vec<Object<'a>> = days
        .range(..=today)
        .map(|(day, sums)| payout(context, *day, *sums))
        .collect();
    let movements: Vec<Object<'a>> = all.iter().map(|m| movement(context, m, today)).collect();
    Value::made(
        "ShopifyPaymentsAccount",
        vec![
            ("activated", Value::Bool(true)),
            ("balance", Value::List(vec![context.money(waiting)])),
            ("balanceTransactions", Value::connection(movements)),
            ("country", Value::text("US")),
            ("defaultCurrency", Value::text(store.shop.currency)),
            ("id", id("ShopifyPaymentsAccount", 57_000_001)),
            ("onboardable", Value::Bool(false)),
            ("payouts", Value::connection(payouts)),
        ],
    )
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
