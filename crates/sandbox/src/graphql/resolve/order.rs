//! Orders.

use std::borrow::Cow;
use std::sync::Arc;

use super::super::argument::Arguments;
use super::super::value::{Object, Value};
use super::{Context, id, presented, time};
use crate::generate::people::{CHANNELS, CODES};
use crate::store::order::{Order, StepKind, TxnKind, TxnStatus};
use crate::store::totals::{Totals, totals};
use crate::store::{Line, Store, dispatch, ids, ledger};

pub(super) fn field<'a>(
    context: &'a Context<'a>,
    o: &'a Order,
    field: &str,
    arguments: &Arguments,
) -> Value<'a> {
    match field {
        "id" => id("Order", number(o)),
        "legacyResourceId" => Value::text(number(o).to_string()),
        "name" => Value::text(&*o.name),
        "number" => Value::Int(digits(o)),
        "createdAt" | "processedAt" => Value::text(time(o.placed)),
        "updatedAt" => Value::text(time(o.updated)),
        "fulfillmentOrders" => {
            Value::connection((0..dispatch::parts(o)).map(|part| Object::Part(o.index, part)))
        }
        "fulfillments" => {
            let sent = context.store.sent.of(o).iter();
            Value::list(limited(
                sent.map(|f| super::dispatch::fulfillment_object(o, f)),
                arguments,
            ))
        }
        "lineItems" => Value::connection((0..o.lines.len()).map(|n| Object::Line(o, n))),
        "agreements" => {
            let mut all = ledger::agreements(context.store, o);
            if context.store.plants.withheld.contains(&o.index) {
                all.retain(|a| a.step.is_none());
            }
            let all = Arc::new(all);
            Value::connection((0..all.len()).map(|n| Object::Agreement(o, Arc::clone(&all), n)))
        }
        "refunds" => Value::list(limited(refunds(o), arguments)),
        "suggestedRefund" => super::refund::suggested(o, arguments),
        "returns" => Value::connection(
            steps(o, |k| matches!(k, StepKind::Return { .. })).map(|n| Object::Return(o, n)),
        ),
        "transactions" => Value::list(limited(
            (0..o.transactions.len()).map(|n| Object::Transaction(o, n)),
            arguments,
        )),
        "shippingLines" => Value::connection(o.ship.iter().map(|_| Object::ShippingLine(o))),
        "shippingLine" => o
            .ship
            .as_ref()
            .map_or(Value::Null, |_| Value::Object(Object::ShippingLine(o))),
        "customer" => o
            .customer
            .map_or(Value::Null, |c| Value::Object(Object::Customer(c))),
        "shippingAddress" => address(context.store, o, true),
        "billingAddress" => address(context.store, o, false),
        "risk" => super::risk::summary(context.store, o),
        "customerJourneySummary" => super::journey::summary(o),
        _ => money(o, field).unwrap_or_else(|| plain(context, o, field)),
    }
}

fn number(o: &Order) -> i64 {
    ids::ORDER + i64::from(o.index)
}

fn digits(o: &Order) -> i64 {
    let digits: String = o.name.chars().filter(char::is_ascii_digit).collect();
    digits.parse().unwrap_or(0)
}

fn limited<'a>(
    objects: impl Iterator<Item = Object<'a>>,
    arguments: &Arguments,
) -> Vec<Object<'a>> {
    let first = arguments
        .number("first")
        .and_then(|n| usize::try_from(n).ok())
        .unwrap_or(usize::MAX);
    objects.take(first).collect()
}

fn steps(o: &Order, wanted: impl Fn(&StepKind) -> bool) -> impl Iterator<Item = usize> {
    o.steps
        .iter()
        .enumerate()
        .filter(move |(_, s)| wanted(&s.kind))
        .map(|(n, _)| n)
        .collect::<Vec<_>>()
        .into_iter()
}

/// Refunds proper, and the money that edits and returns gave back: those have no lines of their own.
pub(super) fn refunds<'a>(o: &'a Order) -> impl Iterator<Item = Object<'a>> {
    let paid_back = |n: usize| {
        o.transactions
            .iter()
            .any(|t| t.kind == TxnKind::Refund && t.step.map(usize::from) == Some(n))
    };
    let chosen = o
        .steps
        .iter()
        .enumerate()
        .filter(move |(n, s)| matches!(s.kind, StepKind::Refund { .. }) || paid_back(*n));
    chosen.map(|(n, _)| Object::Refund(o, n))
}

fn address<'a>(store: &Store, o: &'a Order, shipping: bool) -> Value<'a> {
    if store.place(o).country.is_empty() || (shipping && o.ship.is_none()) {
        Value::Null
    } else {
        Value::Object(Object::Address(o, shipping))
    }
}

/// The money sets; `None` when the field is none.
fn money<'a>(o: &'a Order, field: &str) -> Option<Value<'a>> {
    if matches!(field, "totalCashRoundingAdjustment") {
        let zero = || Value::Object(Object::Bag(o, 0));
        return Some(Value::made(
            "CashRoundingAdjustment",
            vec![("paymentSet", zero()), ("refundSet", zero())],
        ));
    }
    let choose: fn(&Totals) -> i64 = match field {
        "originalTotalPriceSet" => |t| t.original,
        "totalPriceSet" => |t| t.total,
        "currentTotalPriceSet" => |t| t.current,
        "subtotalPriceSet" => |t| t.subtotal,
        "currentSubtotalPriceSet" => |t| t.current_subtotal,
        "totalDiscountsSet" => |t| t.discounts,
        "currentTotalDiscountsSet" => |t| t.current_discounts,
        "totalShippingPriceSet" => |t| t.shipping,
        "currentShippingPriceSet" => |t| t.current_shipping,
        "totalTaxSet" => |t| t.tax,
        "currentTotalTaxSet" => |t| t.current_tax,
        "totalTipReceivedSet" => |t| t.tips,
        "totalReceivedSet" => |t| t.received,
        "totalRefundedSet" => |t| t.refunded,
        "totalRefundedShippingSet" => |t| t.refunded_shipping,
        "netPaymentSet" => |t| t.received - t.refunded,
        "totalOutstandingSet" => |t| (t.current - (t.received - t.refunded)).max(0),
        "refundDiscrepancySet" => |t| -t.discrepancy,
        "totalCapturableSet" => |_| 0,
        "cartDiscountAmountSet" | "currentCartDiscountAmountSet" => {
            return Some(Value::Object(Object::Bag(o, o.code_share)));
        }
        "currentTotalDutiesSet"
        | "originalTotalDutiesSet"
        | "currentTotalAdditionalFeesSet"
        | "originalTotalAdditionalFeesSet" => {
            return Some(Value::Null);
        }
        _ => return None,
    };
    Some(Value::Object(Object::Bag(o, choose(&totals(o)))))
}

fn plain<'a>(context: &'a Context<'a>, o: &'a Order, field: &str) -> Value<'a> {
    let store = context.store;
    let (source, channel, _) = CHANNELS[usize::from(o.channel).min(CHANNELS.len() - 1)];
    match field {
        "currencyCode" => Value::text(store.currency_of(o)),
        "presentmentCurrencyCode" => Value::text(presented(store, o, 0).1),
        "taxesIncluded" => Value::Bool(o.taxes_included),
        "test" => Value::Bool(o.test),
        "cancelledAt" => Value::maybe(o.cancelled.map(time)),
        "cancelReason" => o.cancelled.map_or(Value::Null, |at| {
            Value::text(["CUSTOMER", "INVENTORY", "OTHER"][(at % 3).unsigned_abs() as usize])
        }),
        "closed" => Value::Bool(closed(context, o).is_some()),
        "closedAt" => Value::maybe(closed(context, o).map(time)),
        "edited" => Value::Bool(
            o.steps
                .iter()
                .any(|s| matches!(s.kind, StepKind::Edit { .. })),
        ),
        "displayFinancialStatus" => Value::text(financial_status(o)),
        "displayFulfillmentStatus" => Value::text(fulfillment_status(store, o)),
        "returnStatus" => Value::text(return_status(o)),
        "sourceName" => Value::text(source),
        "sourceIdentifier" | "poNumber" | "phone" | "note" | "clientIp" => Value::Null,
        "app" => Value::made(
            "OrderApp",
            vec![("id", id("App", app(o))), ("name", Value::text(channel))],
        ),
        "attribution" => {
            let (handle, icon) = (Value::text(source.replace('_', "-")), Value::Null);
            Value::made(
                "OrderAttribution",
                vec![
                    ("displayName", Value::text(channel)),
                    ("handle", handle),
                    ("icon", icon),
                ],
            )
        }
        "channelInformation" => channel_information(o, source, channel),
        "tags" => Value::List(tags(store, o).into_iter().map(Value::text).collect()),
        "discountCode" => o
            .code
            .map_or(Value::Null, |c| Value::text(CODES[usize::from(c)].0)),
        "discountCodes" => Value::List(
            o.code
                .iter()
                .map(|c| Value::text(CODES[usize::from(*c)].0))
                .collect(),
        ),
        "discountApplications" => {
            Value::connection(super::line::applications(o, store.shop.currency))
        }
        "taxLines" => tax_lines(store, o, totals(o).taxes),
        "currentTaxLines" => tax_lines(store, o, totals(o).current_taxes),
        "paymentGatewayNames" => gateways(o),
        "transactionsCount" => super::root::count(o.transactions.len(), None),
        "email" => super::people::email(store, o.customer),
        "customerLocale" => Value::text("en"),
        "confirmationNumber" => Value::text(format!("RE{:07}", o.index)),
        "subtotalLineItemsQuantity" => Value::Int(totals(o).quantity),
        "currentSubtotalLineItemsQuantity" => Value::Int(totals(o).current_quantity),
        "currentTotalWeight" | "totalWeight" => Value::text("0"),
        "additionalFees" | "customAttributes" => Value::List(Vec::new()),
        "confirmed" => Value::Bool(true),
        "billingAddressMatchesShippingAddress" => Value::Bool(store.billing_place(o) == o.place),
        "customerAcceptsMarketing" | "dutiesIncluded" | "estimatedTaxes" | "taxExempt" => {
            Value::Bool(false)
        }
        "fullyPaid" => Value::Bool(matches!(
            financial_status(o),
            "PAID" | "PARTIALLY_REFUNDED" | "REFUNDED"
        )),
        "unpaid" => Value::Bool(!o.transactions.iter().any(|t| t.moved())),
        "refundable" => Value::Bool(totals(o).received > totals(o).refunded),
        "restockable" => Value::Bool((0..o.lines.len()).any(|n| o.remaining(n) > 0)),
        "requiresShipping" => Value::Bool(o.ship.is_some()),
        _ => Value::Unknown,
    }
}

fn app(o: &Order) -> i64 {
    [580_111, 129_785, 2_329_312, 3_890_849, 2_775_569, 1_354_745][usize::from(o.channel).min(5)]
}

fn channel_information<'a>(o: &Order, source: &'static str, channel: &'static str) -> Value<'a> {
    let app_object = Value::made(
        "App",
        vec![
            ("handle", Value::text(source)),
            ("id", id("App", app(o))),
            ("title", Value::text(channel)),
        ],
    );
    let definition = Value::made(
        "ChannelDefinition",
        vec![
            ("channelName", Value::text(channel)),
            ("handle", Value::text(source)),
            ("id", id("ChannelDefinition", app(o))),
        ],
    );
    Value::made(
        "ChannelInformation",
        vec![
            ("app", app_object),
            ("channelDefinition", definition),
            ("channelId", id("Channel", app(o))),
            ("displayName", Value::text(channel)),
            ("id", id("ChannelInformation", i64::from(o.index) + 1)),
        ],
    )
}

pub(crate) fn tags<'a>(store: &'a Store, o: &Order) -> Vec<Cow<'a, str>> {
    if let Some(changed) = store.tags.get(&o.index) {
        return changed.iter().map(|t| Cow::from(t.as_str())).collect();
    }
    let mut tags = Vec::new();
    if o.presentment.is_some() {
        tags.push(Cow::from("international"));
    }
    if o.code.is_some_and(|c| CODES[usize::from(c)].0 == "VIP25") {
        tags.push(Cow::from("vip"));
    }
    tags
}

fn gateways<'a>(o: &Order) -> Value<'a> {
    let mut names: Vec<&'static str> = Vec::new();
    for txn in &o.transactions {
        if !names.contains(&txn.gateway) {
            names.push(txn.gateway);
        }
    }
    Value::List(names.into_iter().map(Value::text).collect())
}

fn tax_lines<'a>(store: &Store, o: &'a Order, amounts: [i64; 2]) -> Value<'a> {
    let count = if amounts == [0, 0] {
        0
    } else {
        store.place(o).taxes.len()
    };
    Value::list((0..count.min(2)).map(|n| Object::TaxLine(o, n, amounts[n])))
}

/// Orders are archived a month after their last change.
fn closed(context: &Context<'_>, o: &Order) -> Option<i64> {
    let at = o.updated + 30 * 86_400;
    (o.cancelled.is_some())
        .then_some(o.updated)
        .or((at <= context.now && o.fulfilled).then_some(at))
}

pub(super) fn is_closed(context: &Context<'_>, o: &Order) -> bool {
    closed(context, o).is_some()
}

pub(crate) fn financial_status(o: &Order) -> &'static str {
    let t = totals(o);
    let authorised = o
        .transactions
        .iter()
        .any(|x| x.kind == TxnKind::Authorization && x.status == TxnStatus::Success);
    match () {
        () if t.received == 0 && authorised => "AUTHORIZED",
        () if t.received == 0 && o.cancelled.is_some() && t.total > 0 => "VOIDED",
        () if t.received == 0 && t.current > 0 => "PENDING",
        () if t.refunded > 0 && t.refunded >= t.received => "REFUNDED",
        () if t.refunded > 0 => "PARTIALLY_REFUNDED",
        () if t.received < t.current => "PARTIALLY_PAID",
        () => "PAID",
    }
}

pub(super) fn fulfillment_status(store: &Store, o: &Order) -> &'static str {
    if o.fulfilled
        && o.steps
            .last()
            .is_some_and(|s| matches!(s.kind, StepKind::Edit { .. }))
        && o.lines.iter().any(|l| l.added_by.is_some())
    {
        "PARTIALLY_FULFILLED"
    } else if o.fulfilled {
        "FULFILLED"
    } else if !store.sent.of(o).is_empty() {
        "PARTIALLY_FULFILLED"
    } else if dispatch::is_held(store, o) {
        "ON_HOLD"
    } else {
        "UNFULFILLED"
    }
}

pub(super) fn return_status(o: &Order) -> &'static str {
    let returned = o
        .steps
        .iter()
        .any(|s| matches!(s.kind, StepKind::Return { .. }))
        && !o.lines.iter().any(Line::only_taken_back);
    if returned { "RETURNED" } else { "NO_RETURN" }
}
