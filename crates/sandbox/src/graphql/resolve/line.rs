//! Lines of an order, their taxes and discounts, and shipping lines.

use super::super::argument::Arguments;
use super::super::value::{Object, Value};
use super::id;
use crate::generate::people::CODES;
use crate::money::share;
use crate::store::order::{LineKind, Order};
use crate::store::totals::totals;
use crate::store::{Line, Store, ids};

pub(super) fn field<'a>(
    store: &'a Store,
    o: &'a Order,
    n: usize,
    field: &str,
    arguments: &Arguments,
) -> Value<'a> {
    let l = &o.lines[n];
    let bag = |amount| Value::Object(Object::Bag(o, amount));
    let (sold, left) = quantities(l);
    match field {
        "id" => id("LineItem", ids::child(ids::LINE, o.index, n)),
        "quantity" => Value::Int(sold),
        "currentQuantity" => Value::Int(left),
        "refundableQuantity" => Value::Int(left.max(0)),
        "nonFulfillableQuantity" => Value::Int(if o.fulfilled { left.max(0) } else { 0 }),
        "unfulfilledQuantity" => Value::Int(if o.fulfilled { 0 } else { left.max(0) }),
        "originalUnitPriceSet" => bag(l.price),
        "originalTotalSet" => bag(if sold == 0 { 0 } else { l.gross }),
        "totalDiscountSet" => bag(l.line_discount),
        "discountedTotalSet" => bag(if sold == 0 {
            0
        } else {
            l.gross
                - l.line_discount
                - if arguments.flag("withCodeDiscounts") {
                    l.order_discount
                } else {
                    0
                }
        }),
        "discountedUnitPriceSet" => bag(share(
            l.gross - l.line_discount,
            1,
            i64::from(l.quantity.max(1)),
        )),
        "discountedUnitPriceAfterAllDiscountsSet" => bag(share(
            l.gross - l.discount(),
            1,
            i64::from(l.quantity.max(1)),
        )),
        "discountAllocations" => allocations(o, l, store.shop.currency),
        "taxLines" => Value::list(
            if l.taxes == [0, 0] {
                0..0
            } else {
                0..store.place(o).taxes.len().min(2)
            }
            .map(|t| Object::TaxLine(o, t, l.taxes[t])),
        ),
        "duties" | "customAttributes" => Value::List(Vec::new()),
        "isGiftCard" => Value::Bool(l.kind == LineKind::GiftCard),
        "taxable" => Value::Bool(l.kind == LineKind::Product),
        "requiresShipping" => {
            Value::Bool(matches!(l.kind, LineKind::Product | LineKind::TakenBack))
        }
        "restockable" => Value::Bool(left > 0),
        "merchantEditable" => Value::Bool(o.cancelled.is_none() && left > 0),
        "variant" => alive(store, l).map_or(Value::Null, |v| Value::Object(Object::Variant(v))),
        "product" => alive(store, l).map_or(Value::Null, |v| {
            Value::Object(Object::Product(store.variant(v).product))
        }),
        _ => words(store, l, field),
    }
}

/// How many were sold on this order, and how many of them are left.
fn quantities(l: &Line) -> (i64, i64) {
    match l.kind {
        LineKind::TakenBack | LineKind::CustomTakenBack => (0, -i64::from(l.quantity)),
        LineKind::Discount => (0, 0),
        _ => (i64::from(l.quantity), i64::from(l.quantity - l.removed)),
    }
}

fn alive(store: &Store, l: &Line) -> Option<u32> {
    l.variant()
        .filter(|v| store.product(store.variant(*v).product).deleted.is_none())
}

fn words<'a>(store: &'a Store, l: &'a Line, field: &str) -> Value<'a> {
    let (title, option, sku, vendor) = match l.variant() {
        Some(v) => {
            let (variant, product) = (store.variant(v), store.product(store.variant(v).product));
            let option = Some(variant.title.as_str()).filter(|t| *t != "Default Title");
            (
                product.title.as_str(),
                option,
                variant.sku.as_str(),
                Some(product.vendor.as_str()),
            )
        }
        None => {
            let (title, sku) = store
                .texts
                .get(l.what as usize)
                .map_or(("Custom item", ""), |(t, s)| (t.as_str(), s.as_str()));
            (title, None, sku, None)
        }
    };
    match field {
        "title" => Value::text(title),
        "name" => {
            Value::text(option.map_or_else(|| title.to_owned(), |o| format!("{title} - {o}")))
        }
        "variantTitle" => option.map_or(Value::Null, Value::text),
        "sku" => {
            if sku.is_empty() {
                Value::Null
            } else {
                Value::text(sku)
            }
        }
        "vendor" => vendor.map_or(Value::Null, Value::text),
        _ => Value::Unknown,
    }
}

/// Line discounts stand first, the order's code after them, as in [`applications`].
fn allocations<'a>(o: &'a Order, l: &'a Line, currency: &'static str) -> Value<'a> {
    let all = applications(o, currency);
    let automatic = all
        .iter()
        .find(|a| a.type_name() == "AutomaticDiscountApplication");
    let code = all
        .iter()
        .find(|a| a.type_name() == "DiscountCodeApplication");
    let pairs = [(l.line_discount, automatic), (l.order_discount, code)];
    let made = pairs
        .into_iter()
        .filter(|(amount, _)| *amount != 0)
        .filter_map(|(amount, application)| {
            let application = application?.clone();
            Some(Value::made(
                "DiscountAllocation",
                vec![
                    (
                        "allocatedAmount",
                        Value::Object(Object::Money(amount, currency)),
                    ),
                    ("allocatedAmountSet", Value::Object(Object::Bag(o, amount))),
                    ("discountApplication", Value::Object(application)),
                ],
            ))
        });
    Value::List(made.collect())
}

/// What reduced the order: an automatic discount on single lines, a code on all, or on the shipping.
pub(super) fn applications<'a>(o: &Order, currency: &'static str) -> Vec<Object<'a>> {
    let mut all = Vec::new();
    let by_line: i64 = o.lines.iter().map(|l| l.line_discount).sum();
    let value = |amount: i64| Value::Object(Object::Money(amount, currency));
    let mut push = |ty: &'static str,
                    method: &'static str,
                    selection: &'static str,
                    target: &'static str,
                    value: Value<'a>,
                    name: (&'static str, &'static str)| {
        let index = Value::Int(all.len() as i64);
        let fields = vec![
            ("allocationMethod", Value::text(method)),
            ("index", index),
            ("targetSelection", Value::text(selection)),
            ("targetType", Value::text(target)),
            ("value", value),
            (name.0, Value::text(name.1)),
        ];
        all.push(Object::Made(ty, std::sync::Arc::new(fields)));
    };
    if by_line > 0 {
        push(
            "AutomaticDiscountApplication",
            "EACH",
            "ENTITLED",
            "LINE_ITEM",
            value(by_line),
            ("title", "Season sale"),
        );
    }
    if let Some((name, percent, _)) = o
        .code
        .map(|c| (CODES[usize::from(c)].0, CODES[usize::from(c)].1, ()))
    {
        if percent == 0 {
            let off = Value::made(
                "PricingPercentageValue",
                vec![("percentage", Value::Raw("100.0".to_owned()))],
            );
            push(
                "DiscountCodeApplication",
                "EACH",
                "ALL",
                "SHIPPING_LINE",
                off,
                ("code", name),
            );
        } else {
            let off = Value::made(
                "PricingPercentageValue",
                vec![("percentage", Value::Raw(format!("{percent}.0")))],
            );
            push(
                "DiscountCodeApplication",
                "ACROSS",
                "ALL",
                "LINE_ITEM",
                off,
                ("code", name),
            );
        }
    }
    if o.ship
        .as_ref()
        .is_some_and(|s| s.discount > 0 && s.discount < s.price)
    {
        let off = o.ship.as_ref().map_or(0, |s| s.discount);
        push(
            "AutomaticDiscountApplication",
            "EACH",
            "ALL",
            "SHIPPING_LINE",
            value(off),
            ("title", "Shipping for less"),
        );
    }
    all
}

pub(super) fn tax<'a>(
    store: &'a Store,
    o: &'a Order,
    n: usize,
    amount: i64,
    field: &str,
) -> Value<'a> {
    let (title, ppm) = store.place(o).taxes.get(n).copied().unwrap_or(("Tax", 0));
    match field {
        "title" => Value::text(title),
        "priceSet" => Value::Object(Object::Bag(o, amount)),
        "price" => Value::text(crate::money::fixed(amount, store.shop.exponent)),
        "rate" => Value::Raw(format!("{}", f64::from(ppm) / 1_000_000.0)),
        "ratePercentage" => Value::Raw(format!("{}", f64::from(ppm) / 10_000.0)),
        "channelLiable" => Value::Bool(false),
        "source" => Value::Null,
        _ => Value::Unknown,
    }
}

pub(super) fn shipping<'a>(store: &'a Store, o: &'a Order, field: &str) -> Value<'a> {
    let Some(s) = &o.ship else { return Value::Null };
    let bag = |amount| Value::Object(Object::Bag(o, amount));
    match field {
        "id" => id("ShippingLine", ids::child(ids::SHIPPING_LINE, o.index, 0)),
        "title" | "code" => Value::text(s.title),
        "originalPriceSet" => bag(s.price),
        "discountedPriceSet" => bag(s.price - s.discount),
        "currentDiscountedPriceSet" => bag(totals(o).current_shipping),
        "taxLines" => Value::list(
            if s.taxes == [0, 0] {
                0..0
            } else {
                0..store.place(o).taxes.len().min(2)
            }
            .map(|t| Object::TaxLine(o, t, s.taxes[t])),
        ),
        "discountAllocations" => {
            let application = applications(o, store.shop.currency).into_iter().next_back();
            let made = application.filter(|_| s.discount != 0).map(|a| {
                Value::made(
                    "DiscountAllocation",
                    vec![
                        (
                            "allocatedAmount",
                            Value::Object(Object::Money(s.discount, store.shop.currency)),
                        ),
                        ("allocatedAmountSet", bag(s.discount)),
                        ("discountApplication", Value::Object(a)),
                    ],
                )
            });
            Value::List(made.into_iter().collect())
        }
        "source" => Value::text("shopify"),
        "custom" | "isRemoved" => Value::Bool(false),
        "carrierIdentifier" | "deliveryCategory" | "phone" | "shippingRateHandle" => Value::Null,
        _ => Value::Unknown,
    }
}
