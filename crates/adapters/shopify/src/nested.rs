//! Nested connections, read to their end. Without this an order with many lines would look like a smaller one.

use crate::client::Client;
use crate::documents::{
    Document, ORDER_AGREEMENTS, ORDER_LINES, ORDER_SHIPPING, PRODUCT_VARIANTS, REFUND_LINES_REST,
};
use crate::notes::Notes;
use crate::wire::{Agreement, Connection, Order, PageInfo, Product, Refund, Rest};
use ports::{Kind, PortResult, Retry};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::json;
use std::time::Duration;

/// Everything after the first page.
async fn rest<T: DeserializeOwned>(
    client: &Client,
    document: &Document,
    id: Option<&str>,
    connection: &mut Option<Connection<T>>,
    notes: &mut Notes,
) -> PortResult<()> {
    let (Some(id), Some(held)) = (id, connection) else {
        return Ok(());
    };
    let mut after = held.next();
    while let Some(cursor) = after {
        let page = page_after(client, document, id, Some(&cursor), notes).await?;
        after = page.next();
        held.push_all(page.into_nodes());
    }
    held.page_info = None;
    Ok(())
}

/// The whole connection, from its first page on.
async fn all<T: DeserializeOwned>(
    client: &Client,
    document: &Document,
    id: &str,
    notes: &mut Notes,
) -> PortResult<Connection<T>> {
    let first = page_after(client, document, id, None, notes).await?;
    let mut held = Some(first);
    rest(client, document, Some(id), &mut held, notes).await?;
    Ok(held.unwrap_or_else(|| Connection::whole(Vec::new())))
}

async fn page_after<T: DeserializeOwned>(
    client: &Client,
    document: &Document,
    id: &str,
    after: Option<&str>,
    notes: &mut Notes,
) -> PortResult<Connection<T>> {
    let variables = json!({ "id": id, "after": after });
    let answer: Rest<T> = client.read(document, variables, notes).await?;
    answer.node.and_then(|n| n.items).ok_or_else(|| {
        client.error(
            Kind::Unavailable,
            Retry::After(Duration::from_secs(5)),
            document.operation,
            format!(
                "{id} disappeared at {} while it was being read.",
                client.shop.domain
            ),
        )
    })
}

pub(crate) async fn rest_of_refund(
    client: &Client,
    refund: &mut Refund,
    notes: &mut Notes,
) -> PortResult<()> {
    let id = refund.id.clone();
    let lines = &mut refund.refund_line_items;
    rest(client, &REFUND_LINES_REST, id.as_deref(), lines, notes).await
}

pub(crate) async fn rest_of_product(
    client: &Client,
    product: &mut Product,
    notes: &mut Notes,
) -> PortResult<()> {
    let id = product.id.clone();
    let variants = &mut product.variants;
    rest(client, &PRODUCT_VARIANTS, id.as_deref(), variants, notes).await
}

/// All variants from the beginning, for a product whose export brought fewer than the shop counts.
pub(crate) async fn reread_variants(
    client: &Client,
    product: &mut Product,
    notes: &mut Notes,
) -> PortResult<()> {
    if let Some(id) = product.id.clone() {
        product.variants = Some(all(client, &PRODUCT_VARIANTS, &id, notes).await?);
    }
    Ok(())
}

/// Follows every connection of an order to its end.
pub(crate) async fn rest_of_order(
    client: &Client,
    order: &mut Order,
    notes: &mut Notes,
) -> PortResult<()> {
    let id = order.id.clone();
    let of = id.as_deref();
    rest(client, &ORDER_LINES, of, &mut order.line_items, notes).await?;
    rest(
        client,
        &ORDER_SHIPPING,
        of,
        &mut order.shipping_lines,
        notes,
    )
    .await?;
    for refund in order.refunds.iter_mut().flatten().flatten() {
        rest_of_refund(client, refund, notes).await?;
    }
    let cut = order.agreements.as_ref().is_some_and(|agreements| {
        let sales_go_on = |a: &Agreement| a.sales.as_ref().is_some_and(|s| s.next().is_some());
        agreements.next().is_some() || agreements.iter().any(sales_go_on)
    });
    if cut && let Some(id) = of {
        order.agreements = Some(agreements(client, id, notes).await?);
    }
    Ok(())
}

/// All connections from the beginning, for an order whose export may have been cut.
pub(crate) async fn reread_order(
    client: &Client,
    order: &mut Order,
    notes: &mut Notes,
) -> PortResult<()> {
    let Some(id) = order.id.clone() else {
        return Ok(());
    };
    order.line_items = Some(all(client, &ORDER_LINES, &id, notes).await?);
    order.shipping_lines = Some(all(client, &ORDER_SHIPPING, &id, notes).await?);
    order.agreements = Some(agreements(client, &id, notes).await?);
    Ok(())
}

#[derive(Deserialize)]
struct Step {
    node: Option<StepNode>,
}

#[derive(Deserialize)]
struct StepNode {
    agreements: Option<Connection<Agreement>>,
}

/// An agreement is no node of its own: it is read one at a time, and its sales page by page at that place.
async fn agreements(
    client: &Client,
    id: &str,
    notes: &mut Notes,
) -> PortResult<Connection<Agreement>> {
    let mut all: Vec<Agreement> = Vec::new();
    let (mut place, mut sale): (Option<String>, Option<String>) = (None, None);
    loop {
        let variables = json!({ "id": id, "agreement": place, "sale": sale });
        let answer: Step = client.read(&ORDER_AGREEMENTS, variables, notes).await?;
        let Some(page) = answer.node.and_then(|n| n.agreements) else {
            break;
        };
        let info = page.page_info.clone().unwrap_or_default();
        let Some(mut agreement) = page.into_nodes().pop() else {
            break;
        };
        let more = agreement.sales.as_ref().and_then(Connection::next);
        match (sale.take(), all.last_mut().and_then(|a| a.sales.as_mut())) {
            (Some(_), Some(held)) => {
                let sales = agreement.sales.take().map(Connection::into_nodes);
                held.push_all(sales.unwrap_or_default());
            }
            _ => all.push(agreement),
        }
        sale = more;
        if sale.is_none() {
            match info {
                PageInfo {
                    has_next_page: true,
                    end_cursor: Some(cursor),
                } => place = Some(cursor),
                _ => break,
            }
        }
    }
    Ok(Connection::whole(all))
}
