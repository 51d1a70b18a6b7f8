//! Customers and addresses. Names and mail addresses are made up.

use super::super::argument::Arguments;
use super::super::search::Search;
use super::super::value::{Node, Object, Value};
use super::{Context, filter, id, time};
use crate::store::{Customer, Order, Store, ids};

pub(super) fn email<'a>(store: &Store, customer: Option<u32>) -> Value<'a> {
    Value::maybe(address_of(store, customer))
}

/// The mail address of a customer.
pub(crate) fn address_of(store: &Store, customer: Option<u32>) -> Option<String> {
    let n = customer?;
    let c = &store.customers[n as usize];
    // Customers of an imported file have numbers and no names.
    (!c.first.is_empty()).then(|| {
        format!(
            "{}.{}.{n}@{}",
            c.first.to_lowercase(),
            c.last.to_lowercase().replace('í', "i"),
            c.mail
        )
    })
}

/// Six in ten agreed; one took it back, one did not confirm it.
pub(crate) const fn agreed_to_mail(n: u32) -> &'static str {
    match n % 10 {
        0..=5 => "SUBSCRIBED",
        6 => "UNSUBSCRIBED",
        7 => "PENDING",
        _ => "NOT_SUBSCRIBED",
    }
}

/// One in so many customers left a checkout behind within the last twenty days, and one in five of these came back to it.
const LEAVES: u32 = 23;

pub(super) fn checkouts<'a>(context: &'a Context<'a>, arguments: &Arguments) -> Value<'a> {
    let query = arguments.text("query").unwrap_or_default();
    let search = Search::parse(query);
    let known = [
        "",
        "id",
        "created_at",
        "updated_at",
        "status",
        "recovery_state",
    ];
    let warnings = search.warnings("abandonedCheckouts", query, &|f| known.contains(&f));
    context.warnings.borrow_mut().extend(warnings);
    let (store, zone) = (context.store, context.store.shop.zone);
    let mut nodes = Vec::new();
    for (n, c) in store.customers.iter().enumerate() {
        let n = u32::try_from(n).unwrap_or(u32::MAX);
        if c.gone || n % LEAVES != 5 {
            continue;
        }
        let midnight = context.now - context.now.rem_euclid(86_400);
        let updated = midnight - i64::from(n / LEAVES % 20) * 86_400 - 7 * 3_600;
        let number = ids::CHECKOUT + i64::from(n);
        let is_there = search.matches(&|t| {
            Some(match t.field.as_str() {
                "" => true,
                "id" => t.number(number),
                "updated_at" => t.time(updated, zone),
                "created_at" => t.time(updated - 600, zone),
                _ => return None,
            })
        });
        if !is_there {
            continue;
        }
        let came_back = n / LEAVES % 5 == 4;
        let total = context.money(2_000 + i64::from(n % 97) * 150);
        let fields = vec![
            ("id", id("AbandonedCheckout", number)),
            ("name", Value::text(format!("#{number}"))),
            (
                "abandonedCheckoutUrl",
                Value::text(format!(
                    "https://sandbox.example/checkouts/{number}/recover"
                )),
            ),
            ("createdAt", Value::text(time(updated - 600))),
            ("updatedAt", Value::text(time(updated))),
            (
                "completedAt",
                if came_back {
                    Value::text(time(updated))
                } else {
                    Value::Null
                },
            ),
            ("customer", Value::Object(Object::Customer(n))),
            (
                "totalPriceSet",
                Value::made(
                    "MoneyBag",
                    vec![("shopMoney", total.clone()), ("presentmentMoney", total)],
                ),
            ),
        ];
        nodes.push(Node {
            key: (updated, number),
            object: Object::Made("AbandonedCheckout", std::sync::Arc::new(fields)),
        });
    }
    filter::sorted(nodes.into_iter())
}

pub(super) fn customer<'a>(
    context: &'a Context<'a>,
    n: u32,
    field: &str,
    arguments: &Arguments,
) -> Value<'a> {
    let store = context.store;
    let c = &store.customers[n as usize];
    let number = ids::CUSTOMER + i64::from(n);
    let named = |text: String| {
        if c.first.is_empty() {
            Value::Null
        } else {
            Value::text(text)
        }
    };
    match field {
        "id" => id("Customer", number),
        "legacyResourceId" => Value::text(number.to_string()),
        "firstName" => named(c.first.to_owned()),
        "lastName" => named(c.last.to_owned()),
        "displayName" => Value::text(if c.first.is_empty() {
            format!("Customer {n}")
        } else {
            format!("{} {}", c.first, c.last)
        }),
        "email" => email(store, Some(n)),
        "defaultEmailAddress" => match address_of(store, Some(n)) {
            Some(mail) => Value::made(
                "CustomerEmailAddress",
                vec![
                    ("emailAddress", Value::text(mail)),
                    ("marketingState", Value::text(agreed_to_mail(n))),
                    ("marketingUpdatedAt", Value::text(time(c.created))),
                ],
            ),
            None => Value::Null,
        },
        "defaultPhoneNumber" if n.is_multiple_of(3) && !c.first.is_empty() => {
            let agreed = vec![
                (
                    "state",
                    Value::text(if n.is_multiple_of(2) {
                        "SUBSCRIBED"
                    } else {
                        "UNSUBSCRIBED"
                    }),
                ),
                ("updatedAt", Value::text(time(c.created))),
            ];
            let fields = vec![
                ("phoneNumber", Value::text(format!("+1555{n:07}"))),
                (
                    "smsMarketingConsent",
                    Value::made("CustomerSmsMarketingConsent", agreed),
                ),
            ];
            Value::made("CustomerPhoneNumber", fields)
        }
        "defaultPhoneNumber" => Value::Null,
        "createdAt" => Value::text(time(c.created)),
        "updatedAt" => Value::text(time(c.updated)),
        "numberOfOrders" => Value::text(c.orders.to_string()),
        "amountSpent" => context.money(c.spent),
        "lastOrder" => match c
            .last_order
            .map(|o| &store.orders[o as usize])
            .filter(|o| o.deleted.is_none())
        {
            Some(order) => Value::Object(Object::Order(order)),
            None => Value::Null,
        },
        "orders" => filter::orders_of(context, n, arguments),
        "state" => Value::text("DISABLED"),
        "locale" => Value::text("en"),
        "tags" => Value::List(Vec::new()),
        "canDelete" | "dataSaleOptOut" | "taxExempt" => Value::Bool(false),
        "verifiedEmail" => Value::Bool(true),
        "defaultAddress" => home(store, c, number),
        "multipassIdentifier" | "note" | "phone" => Value::Null,
        _ => Value::Unknown,
    }
}

fn home<'a>(store: &Store, c: &Customer, number: i64) -> Value<'a> {
    let place = &store.places[usize::from(c.place)];
    let text = |t: &'static str| {
        if t.is_empty() {
            Value::Null
        } else {
            Value::text(t)
        }
    };
    let nothing = [
        "address1",
        "address2",
        "company",
        "latitude",
        "longitude",
        "phone",
        "timeZone",
    ];
    let mut fields: Vec<(&'static str, Value<'a>)> = nothing.map(|name| (name, Value::Null)).into();
    fields.extend([
        ("id", id("MailingAddress", number)),
        ("city", text(place.city)),
        ("province", text(place.province)),
        ("provinceCode", text(place.province_code)),
        ("country", text(place.country)),
        ("countryCodeV2", text(place.country_code)),
        ("zip", text(place.zip)),
        ("formattedArea", text(place.country)),
        ("firstName", text(c.first)),
        ("lastName", text(c.last)),
        (
            "name",
            if c.first.is_empty() {
                Value::Null
            } else {
                Value::text(format!("{} {}", c.first, c.last))
            },
        ),
        ("coordinatesValidated", Value::Bool(false)),
    ]);
    Value::made("MailingAddress", fields)
}

pub(super) fn address<'a>(
    store: &'a Store,
    o: &'a Order,
    shipping: bool,
    field: &str,
) -> Value<'a> {
    let (bill, goods) = (store.billing_place(o), o.place);
    let place = &store.places[usize::from(if shipping { goods } else { bill })];
    // One record as long as both are the same.
    let record = if shipping || bill == goods { 1 } else { 2 };
    let buyer = o
        .customer
        .map(|n| &store.customers[n as usize])
        .filter(|c| !c.first.is_empty());
    let text = |t: &'static str| {
        if t.is_empty() {
            Value::Null
        } else {
            Value::text(t)
        }
    };
    match field {
        "id" => id(
            "MailingAddress",
            ids::child(ids::SHIPPING_LINE, o.index, record),
        ),
        "city" => text(place.city),
        "province" => text(place.province),
        "provinceCode" => text(place.province_code),
        "country" => text(place.country),
        "countryCodeV2" => text(place.country_code),
        "zip" => text(place.zip),
        "formattedArea" => {
            if place.city.is_empty() {
                Value::text(place.country)
            } else {
                Value::text(format!("{}, {}", place.city, place.country))
            }
        }
        "firstName" => buyer.map_or(Value::Null, |c| Value::text(c.first)),
        "lastName" => buyer.map_or(Value::Null, |c| Value::text(c.last)),
        "name" => buyer.map_or(Value::Null, |c| {
            Value::text(format!("{} {}", c.first, c.last))
        }),
        "coordinatesValidated" => Value::Bool(false),
        // Whoever has a name lives somewhere.
        "address1" => buyer.map_or(Value::Null, |c| {
            Value::text(format!("{} {} Street", 1 + o.index % 200, c.last))
        }),
        "phone" => buyer.map_or(Value::Null, |_| {
            Value::text(format!("+1555{:07}", o.index % 10_000_000))
        }),
        "address2" | "company" | "latitude" | "longitude" | "timeZone" => Value::Null,
        _ => Value::Unknown,
    }
}
