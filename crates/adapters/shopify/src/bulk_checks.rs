//! Which things of a file that broke off are whole: an order without some of its sales would look like another order.

use crate::wire::{Order, Product};
use domain::order::Order as Mapped;
use std::collections::HashSet;

/// Whether the sales add up to what the order is worth now, and each names a line that is there.
#[must_use]
pub(crate) fn order_is_whole(order: &Mapped) -> bool {
    let lines: HashSet<_> = order.lines.iter().map(|l| l.id).collect();
    let mut sales = order.agreements.iter().flat_map(|a| &a.sales);
    let sum: i64 = sales.clone().map(|s| s.amount).sum();
    let known = sales.all(|s| s.line.is_none_or(|line| lines.contains(&line)));
    known && sum == order.totals.current_total
}

/// Rows from which on a nested connection may have been cut: exports were seen to stop near 100 below one parent.
const CUT_FROM: usize = 100;

/// Whether a whole file may still have lost rows of this order.
#[must_use]
pub(crate) fn order_looks_cut(wire: &Order, order: &Mapped) -> bool {
    let long = |n: usize| n >= CUT_FROM;
    let lists = [
        wire.line_items
            .as_ref()
            .map_or(0, crate::wire::Connection::count),
        wire.shipping_lines
            .as_ref()
            .map_or(0, crate::wire::Connection::count),
        wire.agreements
            .as_ref()
            .map_or(0, crate::wire::Connection::count),
    ];
    let mut agreements = wire.agreements.iter().flat_map(|c| c.iter());
    let sales =
        agreements.any(|a| long(a.sales.as_ref().map_or(0, crate::wire::Connection::count)));
    (sales || lists.into_iter().any(long)) && !order_is_whole(order)
}

/// Whether as many variants came as the shop counts; a count that is not told proves nothing.
#[must_use]
pub(crate) fn product_is_whole(product: &Product) -> Option<bool> {
    let counted = product.variants_count.as_ref()?.exact()?;
    let came = product
        .variants
        .as_ref()
        .map_or(0, crate::wire::Connection::count);
    Some(u64::try_from(came).is_ok_and(|n| n >= counted))
}
