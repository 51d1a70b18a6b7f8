//! Answers of fields, one file per family of types. Everything comes from the store's records; a field that the schema
//! has and nothing here answers is a defect that tests look for.

mod catalog;
mod discount;
mod dispatch;
mod filter;
mod journey;
mod line;
mod order;
mod payments;
mod payouts;
mod people;
mod refund;
mod report;
mod risk;
mod root;
mod sale;
mod shop;

use std::cell::RefCell;

use chrono::DateTime;

use super::argument::Arguments;
use super::value::{Object, Value};
use crate::store::{Seconds, Store};

pub(crate) use dispatch::{fulfillment_object, hold_object};
pub(crate) use order::{financial_status, tags as order_tags};
pub(crate) use people::address_of;
pub(crate) use root::VERSIONS;
pub(crate) use shop::{UserError, bulk_object, subscription_object, user_errors};

/// What is known while one request is answered.
#[derive(Debug)]
pub struct Context<'a> {
    pub store: &'a Store,
    pub now: Seconds,
    pub scopes: &'a [String],
    /// Bulk operations and webhook subscriptions, newest last.
    pub bulk: Vec<Object<'a>>,
    pub subscriptions: Vec<Object<'a>>,
    /// Faults: share of nullable fields that are null, of enumerations with a member that nobody knows.
    pub null_rate: f64,
    pub strange_rate: f64,
    /// Whether each job of a cancellation is done.
    pub cancels: Vec<bool>,
    /// How often each discount was used, as it was told.
    pub discounts_used: i64,
    pub warnings: RefCell<Vec<serde_json::Value>>,
}

impl<'a> Context<'a> {
    pub fn money(&self, amount: i64) -> Value<'a> {
        Value::Object(Object::Money(amount, self.store.shop.currency))
    }

    /// Whether the fault strikes this field: the same for the same thing, so that a second look sees the same.
    pub fn nulls(&self, object: &Object<'a>, field: &str) -> bool {
        const WHOLE: [&str; 6] = [
            "orders",
            "products",
            "node",
            "order",
            "bulkOperation",
            "shopifyPaymentsAccount",
        ];
        self.null_rate > 0.0
            && !matches!(object, Object::Query | Object::Made(..))
            && !WHOLE.contains(&field)
            && dice(object, field, 1) < self.null_rate
    }

    pub fn strange(&self, object: &Object<'a>, field: &str) -> bool {
        let keep =
            matches!(object, Object::Made("BulkOperation" | "Count", _)) || field == "currencyCode";
        self.strange_rate > 0.0 && !keep && dice(object, field, 2) < self.strange_rate
    }
}

/// A number from 0 to 1 that depends on the thing and the field alone.
fn dice(object: &Object<'_>, field: &str, fault: u64) -> f64 {
    let number = match object {
        Object::Order(o)
        | Object::Line(o, _)
        | Object::Refund(o, _)
        | Object::Transaction(o, _)
        | Object::ShippingLine(o)
        | Object::Address(o, _) => u64::from(o.index),
        Object::Product(n) | Object::Variant(n) | Object::Item(n) | Object::Customer(n) => {
            u64::from(*n)
        }
        _ => 0,
    };
    let seed = field
        .bytes()
        .fold((number * 4 + fault).wrapping_mul(0x9e37_79b9), |h, b| {
            h.wrapping_mul(31).wrapping_add(u64::from(b))
        });
    let roll = crate::random::Random::new(seed).within(0, 9_999);
    f64::from(i32::try_from(roll).unwrap_or(0)) / 10_000.0
}

pub(crate) fn resolve<'a>(
    context: &'a Context<'a>,
    object: &Object<'a>,
    field: &str,
    arguments: &Arguments,
) -> Value<'a> {
    let store = context.store;
    match object {
        Object::Query => root::field(context, field, arguments),
        Object::Shop => shop::field(context, field),
        Object::Order(o) => order::field(context, o, field, arguments),
        Object::OrderAt(n) => order::field(context, &store.orders[*n as usize], field, arguments),
        Object::Part(n, part) => dispatch::part(context, &store.orders[*n as usize], *part, field),
        Object::Line(o, n) => line::field(store, o, *n, field, arguments),
        Object::TaxLine(o, n, amount) => line::tax(store, o, *n, *amount, field),
        Object::ShippingLine(o) => line::shipping(store, o, field),
        Object::Agreement(o, all, n) => sale::agreement(o, all, *n, field),
        Object::Sale(o, all, a, s) => sale::sale(store, o, all, *a, *s, field),
        Object::SaleTax(o, all, a, s, t) => sale::tax(o, all, *a, *s, *t, field),
        Object::Refund(o, n) => refund::refund(o, *n, field),
        Object::RefundLine(o, n, l) => refund::line(o, *n, *l, field),
        Object::Return(o, n) => refund::give_back(store, o, *n, field),
        Object::Transaction(o, n) => payments::transaction(context, o, *n, field),
        Object::Address(o, shipping) => people::address(store, o, *shipping, field),
        Object::Product(n) => catalog::product(context, *n, field),
        Object::Variant(n) => catalog::variant(context, *n, field),
        Object::Item(n) => catalog::item(context, *n, field, arguments),
        Object::Level(v, l) => catalog::level(context, *v, *l, field, arguments),
        Object::Location(n) => catalog::location(context, *n, field, arguments),
        Object::Account => payouts::account(context, field, arguments),
        Object::Customer(n) => people::customer(context, *n, field, arguments),
        Object::Bag(o, amount) => bag(store, o, *amount, field),
        Object::Money(amount, currency) => money(*amount, currency, field),
        Object::Made(_, fields) => fields
            .iter()
            .find(|(name, _)| *name == field)
            .map_or(Value::Unknown, |(_, value)| value.clone()),
    }
}

fn money<'a>(amount: i64, currency: &'static str, field: &str) -> Value<'a> {
    match field {
        "amount" => Value::text(crate::money::decimal(
            amount,
            crate::money::exponent(currency),
        )),
        "currencyCode" => Value::text(currency),
        _ => Value::Unknown,
    }
}

fn bag<'a>(store: &Store, order: &crate::store::Order, amount: i64, field: &str) -> Value<'a> {
    match field {
        "shopMoney" => Value::Object(Object::Money(amount, store.currency_of(order))),
        "presentmentMoney" => {
            let (amount, currency) = presented(store, order, amount);
            Value::Object(Object::Money(amount, currency))
        }
        _ => Value::Unknown,
    }
}

/// What the buyer saw for an amount of the shop.
pub(crate) fn presented(
    store: &Store,
    order: &crate::store::Order,
    amount: i64,
) -> (i64, &'static str) {
    let Some((currency, millionths)) = order.presentment.and_then(|_| store.place(order).money)
    else {
        return (amount, store.shop.currency);
    };
    let (from, to) = (store.shop.exponent, crate::money::exponent(currency));
    let (up, down) = (
        10i64.pow(to.saturating_sub(from)),
        10i64.pow(from.saturating_sub(to)),
    );
    let scaled = i128::from(amount) * i128::from(millionths) * i128::from(up);
    let whole = 1_000_000 * i128::from(down);
    let half = if scaled < 0 { -whole / 2 } else { whole / 2 };
    (
        i64::try_from((scaled + half) / whole).unwrap_or(0),
        currency,
    )
}

/// RFC 3339 in UTC, to the second.
pub(crate) fn time(at: Seconds) -> String {
    DateTime::from_timestamp(at, 0)
        .map_or_else(String::new, |t| t.format("%Y-%m-%dT%H:%M:%SZ").to_string())
}

pub(crate) fn id<'a>(kind: &str, number: i64) -> Value<'a> {
    Value::text(crate::store::ids::gid(kind, number))
}
