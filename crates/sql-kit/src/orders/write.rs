//! The rows of orders, in bulk.

use super::bit;
use super::save::Draft;
use crate::age::Write;
use crate::codec::search_text;
use crate::sql::micros;
use crate::stored::delete;
use crate::{Backend, Bulk, Writer};
use chrono::{DateTime, Utc};
use domain::ids::StoreScope;
use domain::order::Order;
use ports::PortResult;
use ports::orders::OrderFlag;
use std::collections::BTreeSet;

type Orders<'a> = [Write<Draft<'a>>];

fn flags(order: &Order) -> i64 {
    [
        (OrderFlag::Refunded, !order.refunds.is_empty()),
        (OrderFlag::Cancelled, order.cancelled_at.is_some()),
        (OrderFlag::Edited, order.edited),
        (OrderFlag::Test, order.test),
    ]
    .into_iter()
    .filter(|(_, is)| *is)
    .map(|(flag, _)| bit(flag))
    .sum()
}

fn search(order: &Order) -> String {
    let lines = order
        .lines
        .iter()
        .flat_map(|l| [l.sku.as_deref().unwrap_or(""), l.title.as_str()]);
    search_text([order.name.as_str()].into_iter().chain(lines))
}

pub(super) async fn orders<W: Writer>(
    tx: &mut W,
    scope: StoreScope,
    writes: &Orders<'_>,
    observed_at: DateTime<Utc>,
) -> PortResult<()> {
    let facts = || writes.iter().map(|w| &w.item.booked.order);
    let bulk = Bulk::insert(
        "orders",
        "ON CONFLICT (workspace, store, id) DO UPDATE SET name = excluded.name, \
         search = excluded.search, currency = excluded.currency, total = excluded.total, \
         processed_at = excluded.processed_at, updated_at = excluded.updated_at, \
         day = excluded.day, financial_status = excluded.financial_status, \
         fulfillment_status = excluded.fulfillment_status, channel = excluded.channel, \
         country = excluded.country, customer = excluded.customer, flags = excluded.flags, content = excluded.content, \
         version = excluded.version, observed_at = excluded.observed_at",
    )
    .same_id("workspace", scope.workspace.0)
    .same_id("store", scope.store.0)
    .ints("id", writes.iter().map(|w| w.id))
    .texts("name", facts().map(|o| o.name.clone()))
    .texts("search", facts().map(search))
    .texts("currency", facts().map(|o| o.currency.code().to_owned()))
    .ints("total", facts().map(|o| o.totals.current_total))
    .instants("processed_at", facts().map(|o| o.processed_at))
    .ints("updated_at", writes.iter().map(|w| w.updated_at))
    .texts(
        "day",
        writes.iter().map(|w| w.item.booked.ledger.day.to_string()),
    )
    .texts(
        "financial_status",
        facts().map(|o| o.financial_status.clone()),
    )
    .texts(
        "fulfillment_status",
        facts().map(|o| o.fulfillment_status.clone()),
    )
    .texts("channel", facts().map(|o| o.channel.clone()))
    .texts("country", facts().map(|o| o.country.clone()))
    .ints("customer", facts().map(|o| o.customer.map(|c| c.0)))
    .ints("flags", facts().map(flags))
    .bytes("content", writes.iter().map(|w| w.content.clone()))
    .ints("version", writes.iter().map(|w| w.version))
    .same_int("observed_at", micros(observed_at));
    tx.bulk(bulk).await?;

    let documents = Bulk::insert(
        "order_documents",
        "ON CONFLICT (workspace, store, id) \
         DO UPDATE SET facts = excluded.facts, ledger = excluded.ledger",
    )
    .same_id("workspace", scope.workspace.0)
    .same_id("store", scope.store.0)
    .ints("id", writes.iter().map(|w| w.id))
    .texts("facts", writes.iter().map(|w| w.item.facts.clone()))
    .texts("ledger", writes.iter().map(|w| w.item.ledger.clone()));
    tx.bulk(documents).await?;
    Ok(())
}

/// What was sold, each product and variant of an order once.
pub(super) async fn items<B: Backend, W: Writer>(
    tx: &mut W,
    scope: StoreScope,
    writes: &Orders<'_>,
    replaced: &[i64],
) -> PortResult<()> {
    delete::<B, _>(tx, "order_items", "order_id", scope, replaced).await?;
    let mut items = Vec::new();
    for write in writes {
        let order = &write.item.booked.order;
        let mut seen = BTreeSet::new();
        for line in &order.lines {
            let known = line.product.is_some() || line.variant.is_some();
            if known && seen.insert((line.product, line.variant)) {
                items.push((order, seen.len(), line));
            }
        }
    }
    let bulk = Bulk::insert("order_items", "")
        .same_id("workspace", scope.workspace.0)
        .same_id("store", scope.store.0)
        .ints("order_id", items.iter().map(|(o, _, _)| o.id.0))
        .ints("position", items.iter().map(|(_, n, _)| *n as i64))
        .ints(
            "product_id",
            items.iter().map(|(_, _, l)| l.product.map(|p| p.0)),
        )
        .ints(
            "variant_id",
            items.iter().map(|(_, _, l)| l.variant.map(|v| v.0)),
        )
        .instants("sold_at", items.iter().map(|(o, _, _)| o.processed_at))
        .texts("title", items.iter().map(|(_, _, l)| l.title.clone()))
        .texts(
            "variant_title",
            items.iter().map(|(_, _, l)| l.variant_title.clone()),
        )
        .ints(
            "unit_price",
            items.iter().map(|(o, _, l)| o.price_of(l.variant?)),
        );
    tx.bulk(bulk).await?;
    Ok(())
}
