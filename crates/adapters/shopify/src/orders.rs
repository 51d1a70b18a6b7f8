//! From exported orders to facts: what bulk cannot carry is fetched, what it may have cut is read again.

use crate::bulk_checks::{order_is_whole, order_looks_cut};
use crate::client::Client;
use crate::documents::REFUND_LINES;
use crate::export::Out;
use crate::map;
use crate::nested;
use crate::notes::Notes;
use crate::wire::{Connection, Nodes, Order, Refund};
use ports::PortResult;
use ports::source::Fact;
use serde_json::json;
use std::collections::HashMap;

/// Refunds asked for in one call; Shopify takes at most 250 ids.
const REFUNDS_AT_ONCE: usize = 50;
/// Orders that wait for their refunds' lines at most.
const ORDERS_AT_ONCE: usize = 100;

/// Orders on their way out. Those with refunds wait until there are enough to ask for their lines in one call.
pub(crate) struct Deliveries<'a> {
    client: &'a Client,
    /// Only orders that prove to be whole are delivered.
    strict_about_wholeness: bool,
    waiting: Vec<Order>,
    refunds: usize,
}

impl<'a> Deliveries<'a> {
    #[must_use]
    pub(crate) fn new(client: &'a Client, partial: bool) -> Self {
        Self {
            client,
            strict_about_wholeness: partial,
            waiting: Vec::new(),
            refunds: 0,
        }
    }

    /// Returns how many facts went out.
    pub(crate) async fn push(&mut self, order: Order, out: &mut Out) -> PortResult<u64> {
        let refunds = order.refunds.iter().flatten().flatten().count();
        if refunds == 0 {
            return self.deliver(order, out).await;
        }
        self.refunds += refunds;
        self.waiting.push(order);
        if self.refunds >= REFUNDS_AT_ONCE || self.waiting.len() >= ORDERS_AT_ONCE {
            return self.flush(out).await;
        }
        Ok(0)
    }

    pub(crate) async fn flush(&mut self, out: &mut Out) -> PortResult<u64> {
        let mut orders = std::mem::take(&mut self.waiting);
        self.refunds = 0;
        attach_refund_lines(self.client, &mut orders, &mut out.notes).await?;
        let mut count = 0;
        for order in orders {
            count += self.deliver(order, out).await?;
        }
        Ok(count)
    }

    async fn deliver(&self, mut wire: Order, out: &mut Out) -> PortResult<u64> {
        let unreadable = |e| self.client.unreadable("orders.export", &e);
        let mut order = map::order(&wire, &mut out.notes).map_err(unreadable)?;
        if self.strict_about_wholeness && !order_is_whole(&order) {
            return Ok(0);
        }
        if order_looks_cut(&wire, &order) {
            nested::reread_order(self.client, &mut wire, &mut out.notes).await?;
            order = map::order(&wire, &mut out.notes).map_err(unreadable)?;
        }
        out.fact(Fact::Order(Box::new(order))).await?;
        Ok(1)
    }
}

/// Bulk queries carry no connection inside a list, so the lines of refunds are read by the refunds' ids.
async fn attach_refund_lines(
    client: &Client,
    orders: &mut [Order],
    notes: &mut Notes,
) -> PortResult<()> {
    let refunds = |order: &Order| -> Vec<String> {
        let refunds = order.refunds.iter().flatten().flatten();
        refunds.filter_map(|r| r.id.clone()).collect()
    };
    let ids: Vec<String> = orders.iter().flat_map(refunds).collect();
    let mut lines: HashMap<String, Connection<_>> = HashMap::new();
    for some in ids.chunks(REFUNDS_AT_ONCE) {
        let answer: Nodes<Refund> = client
            .read(&REFUND_LINES, json!({ "ids": some }), notes)
            .await?;
        for mut refund in answer.nodes.unwrap_or_default().into_iter().flatten() {
            nested::rest_of_refund(client, &mut refund, notes).await?;
            if let (Some(id), Some(found)) = (refund.id, refund.refund_line_items) {
                lines.insert(id, found);
            }
        }
    }
    for refund in orders
        .iter_mut()
        .flat_map(|o| o.refunds.iter_mut().flatten().flatten())
    {
        refund.refund_line_items = refund.id.as_ref().and_then(|id| lines.remove(id));
    }
    Ok(())
}
