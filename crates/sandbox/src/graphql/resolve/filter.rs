//! Lists with their search filters and sort keys.

use super::super::argument::Arguments;
use super::super::search::{Search, Term};
use super::super::value::{Connection, Node, Object, Value};
use super::{Context, order};
use crate::generate::people::{CHANNELS, CODES};
use crate::store::totals::totals;
use crate::store::{Order, Store, ids};

/// Without the scope for all orders only the last two months are seen.
pub(super) fn visible(context: &Context<'_>, o: &Order) -> bool {
    o.placed >= context.now - 60 * 86_400 || context.scopes.iter().any(|s| s == "read_all_orders")
}

const ORDER_FILTERS: [&str; 36] = [
    "cart_token",
    "channel",
    "chargeback_status",
    "checkout_token",
    "confirmation_number",
    "created_at",
    "current_total_price",
    "customer_id",
    "delivery_method",
    "discount_code",
    "email",
    "financial_status",
    "fraud_protection_level",
    "fulfillment_location_id",
    "fulfillment_status",
    "gateway",
    "id",
    "location_id",
    "name",
    "payment_id",
    "po_number",
    "processed_at",
    "return_status",
    "risk_level",
    "sales_channel",
    "sku",
    "source_identifier",
    "source_name",
    "status",
    "tag",
    "tag_not",
    "test",
    "total_weight",
    "updated_at",
    "credit_card_last4",
    "metafields",
];

fn order_matches(context: &Context<'_>, o: &Order, t: &Term) -> Option<bool> {
    let store = context.store;
    let zone = store.shop.zone;
    let (source, channel, _) = CHANNELS[usize::from(o.channel).min(CHANNELS.len() - 1)];
    Some(match t.field.as_str() {
        "" => t.word(&o.name) || t.word(o.name.trim_start_matches('#')),
        "created_at" | "processed_at" => t.time(o.placed, zone),
        "updated_at" => t.time(o.updated, zone),
        "id" => t.number(ids::ORDER + i64::from(o.index)),
        "name" => t.word(&o.name) || t.word(o.name.trim_start_matches('#')),
        "status" => match t.value.to_lowercase().as_str() {
            "any" => true,
            "open" => o.cancelled.is_none() && !order::is_closed(context, o),
            "closed" => o.cancelled.is_none() && order::is_closed(context, o),
            "cancelled" => o.cancelled.is_some(),
            "not_closed" => !order::is_closed(context, o),
            _ => false,
        },
        "financial_status" => t.value == "any" || t.word(order::financial_status(o)),
        "fulfillment_status" => match t.value.to_lowercase().as_str() {
            "any" => true,
            "shipped" | "fulfilled" => o.fulfilled,
            "unshipped" | "unfulfilled" => !o.fulfilled,
            _ => false,
        },
        "return_status" => t.word(order::return_status(o)),
        "tag" => order::tags(store, o).iter().any(|tag| t.word(tag)),
        "tag_not" => !order::tags(store, o).iter().any(|tag| t.word(tag)),
        "sku" => o.lines.iter().any(|l| {
            l.variant().map_or_else(
                || {
                    store
                        .texts
                        .get(l.what as usize)
                        .is_some_and(|x| t.word(&x.1))
                },
                |v| t.word(&store.variant(v).sku),
            )
        }),
        "test" => t.flag(o.test),
        "customer_id" => o
            .customer
            .is_some_and(|c| t.number(ids::CUSTOMER + i64::from(c))),
        "email" => super::people::address_of(store, o.customer).is_some_and(|e| t.word(&e)),
        "risk_level" => t.word(store.risk_of(o).0.name()),
        "channel" | "sales_channel" => t.word(channel) || t.word(source),
        "source_name" => t.word(source),
        "gateway" => o.transactions.iter().any(|x| t.word(x.gateway)),
        "discount_code" => o.code.is_some_and(|c| t.word(CODES[usize::from(c)].0)),
        "current_total_price" => {
            let amount: Option<rust_decimal::Decimal> = t.value.parse().ok();
            let now = rust_decimal::Decimal::new(totals(o).current, store.shop.exponent);
            amount.is_some_and(|a| {
                Term {
                    value: "0".to_owned(),
                    ..t.clone()
                }
                .number(if now == a {
                    0
                } else if now > a {
                    1
                } else {
                    -1
                })
            })
        }
        known if ORDER_FILTERS.contains(&known) => false,
        _ => return None,
    })
}

pub(super) fn order_list<'a>(
    context: &'a Context<'a>,
    field: &str,
    arguments: &Arguments,
) -> Vec<&'a Order> {
    let query = arguments.text("query").unwrap_or_default();
    let search = Search::parse(query);
    let known = |f: &str| f.is_empty() || ORDER_FILTERS.contains(&f);
    context
        .warnings
        .borrow_mut()
        .extend(search.warnings(field, query, &known));
    let hidden = |o: &&Order| query.contains("updated_at") && context.store.plants.hides(o);
    let readable = context
        .store
        .live_orders()
        .filter(|o| visible(context, o) && !hidden(o));
    readable
        .filter(|o| search.matches(&|t| order_matches(context, o, t)))
        .collect()
}

pub(super) fn orders<'a>(context: &'a Context<'a>, arguments: &Arguments) -> Value<'a> {
    sorted_orders(order_list(context, "orders", arguments), arguments)
}

/// The orders of one customer.
pub(super) fn orders_of<'a>(
    context: &'a Context<'a>,
    customer: u32,
    arguments: &Arguments,
) -> Value<'a> {
    let mine = order_list(context, "orders", arguments)
        .into_iter()
        .filter(|o| o.customer == Some(customer));
    sorted_orders(mine.collect(), arguments)
}

fn sorted_orders<'a>(orders: Vec<&'a Order>, arguments: &Arguments) -> Value<'a> {
    let key: fn(&Order) -> i64 = match arguments.text("sortKey").unwrap_or("PROCESSED_AT") {
        "ID" | "ORDER_NUMBER" => |o| i64::from(o.index),
        "UPDATED_AT" => |o| o.updated,
        "TOTAL_PRICE" => |o| totals(o).total,
        "CURRENT_TOTAL_PRICE" => |o| totals(o).current,
        "TOTAL_ITEMS_QUANTITY" => |o| totals(o).quantity,
        "CUSTOMER_NAME" => |o| o.customer.map_or(-1, i64::from),
        "DESTINATION" => |o| i64::from(o.place),
        "FINANCIAL_STATUS" => |o| order::financial_status(o).len() as i64,
        "FULFILLMENT_STATUS" => |o| i64::from(o.fulfilled),
        _ => |o| o.placed,
    };
    sorted(orders.into_iter().map(|o| Node {
        key: (key(o), i64::from(o.index)),
        object: Object::Order(o),
    }))
}

pub(super) fn sorted<'a>(nodes: impl Iterator<Item = Node<'a>>) -> Value<'a> {
    let mut nodes: Vec<Node<'a>> = nodes.collect();
    nodes.sort_by_key(|n| n.key);
    Value::Connection(Connection { nodes })
}

const PRODUCT_FILTERS: [&str; 12] = [
    "created_at",
    "updated_at",
    "published_at",
    "id",
    "title",
    "status",
    "vendor",
    "product_type",
    "tag",
    "handle",
    "sku",
    "gift_card",
];

fn product_matches(store: &Store, n: u32, t: &Term) -> Option<bool> {
    let p = store.product(n);
    let zone = store.shop.zone;
    Some(match t.field.as_str() {
        "" | "title" => p
            .title
            .to_lowercase()
            .contains(&t.value.trim_end_matches('*').to_lowercase()),
        "created_at" | "published_at" => t.time(p.created, zone),
        "updated_at" => t.time(p.updated, zone),
        "id" => t.number(ids::PRODUCT + i64::from(n)),
        "status" => t.value.split(',').any(|s| s.eq_ignore_ascii_case(p.status)),
        "vendor" => t.word(&p.vendor),
        "product_type" => t.word(&p.kind),
        "tag" => p.tags.iter().any(|tag| t.word(tag)),
        "handle" => t.word(&p.handle),
        "sku" => p.variants.clone().any(|v| t.word(&store.variant(v).sku)),
        "gift_card" => t.flag(p.gift_card),
        _ => return None,
    })
}

pub(super) fn product_list(context: &Context<'_>, field: &str, arguments: &Arguments) -> Vec<u32> {
    let query = arguments.text("query").unwrap_or_default();
    let search = Search::parse(query);
    context
        .warnings
        .borrow_mut()
        .extend(search.warnings(field, query, &|f| {
            f.is_empty() || PRODUCT_FILTERS.contains(&f)
        }));
    let store = context.store;
    let all = (0u32..)
        .take(store.products.len())
        .filter(|n| store.product(*n).deleted.is_none());
    all.filter(|n| search.matches(&|t| product_matches(store, *n, t)))
        .collect()
}

pub(super) fn products<'a>(context: &'a Context<'a>, arguments: &Arguments) -> Value<'a> {
    let store = context.store;
    let mut found = product_list(context, "products", arguments);
    let sort = arguments.text("sortKey").unwrap_or("ID");
    let by_text = matches!(sort, "TITLE" | "VENDOR" | "PRODUCT_TYPE");
    if by_text {
        let text = |p: &crate::store::Product| match sort {
            "VENDOR" => p.vendor.clone(),
            "PRODUCT_TYPE" => p.kind.clone(),
            _ => p.title.clone(),
        };
        found.sort_by_key(|n| text(store.product(*n)));
    }
    let key = |position: usize, n: u32| match sort {
        _ if by_text => position as i64,
        "UPDATED_AT" => store.product(n).updated,
        "CREATED_AT" | "PUBLISHED_AT" => store.product(n).created,
        _ => i64::from(n),
    };
    sorted(found.iter().enumerate().map(|(position, n)| Node {
        key: (key(position, *n), i64::from(*n)),
        object: Object::Product(*n),
    }))
}

const VARIANT_FILTERS: [&str; 10] = [
    "created_at",
    "updated_at",
    "id",
    "sku",
    "title",
    "product_id",
    "vendor",
    "product_type",
    "tag",
    "requires_components",
];

/// Variants whose product still exists.
pub(super) fn variants(store: &Store) -> impl Iterator<Item = u32> {
    (0u32..)
        .take(store.variants.len())
        .filter(|v| store.product(store.variant(*v).product).deleted.is_none())
}

/// Variants, or their inventory items.
pub(super) fn variant_list<'a>(
    context: &'a Context<'a>,
    field: &str,
    arguments: &Arguments,
    object: fn(u32) -> Object<'a>,
) -> Value<'a> {
    let query = arguments.text("query").unwrap_or_default();
    let search = Search::parse(query);
    context
        .warnings
        .borrow_mut()
        .extend(search.warnings(field, query, &|f| {
            f.is_empty() || VARIANT_FILTERS.contains(&f)
        }));
    let store = context.store;
    let zone = store.shop.zone;
    let base = if field == "inventoryItems" {
        ids::ITEM
    } else {
        ids::VARIANT
    };
    let matches = |n: u32, t: &Term| {
        let v = store.variant(n);
        let p = store.product(v.product);
        Some(match t.field.as_str() {
            "" | "title" => v.title.to_lowercase().contains(&t.value.to_lowercase()),
            "created_at" => t.time(p.created, zone),
            "updated_at" => t.time(v.updated, zone),
            "id" => t.number(base + i64::from(n)),
            "sku" => t.word(&v.sku),
            "product_id" => t.number(ids::PRODUCT + i64::from(v.product)),
            "vendor" => t.word(&p.vendor),
            "product_type" => t.word(&p.kind),
            "tag" => p.tags.iter().any(|tag| t.word(tag)),
            "requires_components" => t.flag(!store.components(n).is_empty()),
            _ => return None,
        })
    };
    let found = variants(store).filter(|n| search.matches(&|t| matches(*n, t)));
    sorted(found.map(|n| Node {
        key: (i64::from(n), 0),
        object: object(n),
    }))
}

pub(super) fn customers<'a>(context: &'a Context<'a>, arguments: &Arguments) -> Value<'a> {
    let query = arguments.text("query").unwrap_or_default();
    let search = Search::parse(query);
    const KNOWN: [&str; 6] = [
        "",
        "id",
        "updated_at",
        "created_at",
        "orders_count",
        "email",
    ];
    context
        .warnings
        .borrow_mut()
        .extend(search.warnings("customers", query, &|f| KNOWN.contains(&f)));
    let store = context.store;
    let zone = store.shop.zone;
    let by_update = arguments.text("sortKey") == Some("UPDATED_AT");
    let there = store.customers.iter().enumerate().filter(|(_, c)| !c.gone);
    let found = there.filter(|(n, c)| {
        search.matches(&|t| {
            Some(match t.field.as_str() {
                "" => true,
                "id" => t.number(ids::CUSTOMER + *n as i64),
                "updated_at" => t.time(c.updated, zone),
                "created_at" => t.time(c.created, zone),
                "orders_count" => t.number(i64::from(c.orders)),
                "email" => super::people::address_of(store, u32::try_from(*n).ok())
                    .is_some_and(|e| t.word(&e)),
                _ => return None,
            })
        })
    });
    sorted(found.map(|(n, c)| {
        let key = if by_update { c.updated } else { n as i64 };
        Node {
            key: (key, n as i64),
            object: Object::Customer(u32::try_from(n).unwrap_or(u32::MAX)),
        }
    }))
}
