//! Transactions.

use super::super::value::{Object, Value};
use super::{Context, id, time};
use crate::store::ids;
use crate::store::order::{Order, TxnKind, TxnStatus};

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
