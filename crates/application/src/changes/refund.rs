//! The wish to give money back for lines of an order. How much it is the shop computes; what it says is what people approve.

use super::Changes;
use super::edits::{Outcome, wrong};
use domain::changes::plan::Wanted;
use domain::changes::{
    Action, LONGEST_REFUND_NOTE, Refund, RefundRestock, RefundTarget, Seen, Target,
};
use domain::ids::{LineId, LocationId, OrderId};
use domain::store::Store;
use ports::PortResult;
use std::collections::BTreeSet;

/// Lines of one refund.
const MOST_LINES: usize = 100;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefundEdit {
    pub order: OrderId,
    /// Units of lines; none: only what sending cost.
    pub lines: Vec<(LineId, i64)>,
    pub restock: RestockWish,
    pub shipping: bool,
    pub notify_customer: bool,
    pub note: String,
}

/// What becomes of the goods; without a place at the store's only one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RestockWish {
    Nothing,
    /// They were never sent.
    Unsent(Option<LocationId>),
    /// They came back.
    Returned(Option<LocationId>),
}

impl Changes {
    pub(super) async fn refund(&self, store: &Store, edit: &RefundEdit) -> PortResult<Outcome> {
        let Some(found) = self.ports.orders.find(store.scope, edit.order).await? else {
            return Ok(wrong("order_id", "is not known in this store"));
        };
        let order = found.order;
        if order.currency != store.currency {
            let message = format!("is in {}; refund it in the shop's admin", order.currency);
            return Ok(wrong("order_id", message));
        }
        if edit.note.chars().count() > LONGEST_REFUND_NOTE {
            let message = format!("has at most {LONGEST_REFUND_NOTE} characters");
            return Ok(wrong("note", message));
        }
        if edit.lines.len() > MOST_LINES || (edit.lines.is_empty() && !edit.shipping) {
            let message =
                format!("has from 1 to {MOST_LINES} lines, or none where shipping is given back");
            return Ok(wrong("lines", message));
        }
        let (mut once, mut titles) = (BTreeSet::new(), Vec::new());
        for (line, units) in &edit.lines {
            let known = order.lines.iter().find(|l| l.id == *line);
            let Some(known) = known.filter(|_| once.insert(*line)) else {
                let message = format!("name {line}, which is no line of this order, or twice");
                return Ok(wrong("lines", message));
            };
            if *units < 1 || *units > known.current_quantity {
                let message = format!(
                    "name {units} of {}: from 1 to {} are left of it",
                    known.title, known.current_quantity
                );
                return Ok(wrong("lines", message));
            }
            titles.push((known.title.clone(), *units));
        }
        let restock = match self.restock(store, edit.restock).await? {
            Ok(restock) => restock,
            Err(message) => return Ok(wrong("location_id", message)),
        };
        let what = RefundTarget {
            order: order.id,
            lines: edit.lines.clone(),
            restock,
            shipping: edit.shipping,
            mark: None,
        };
        let Some(shown) = self.computed(store, &what).await? else {
            return Ok(wrong("order_id", "is not known in the shop any more"));
        };
        let (Some(amount), Some(paid_in)) = (shown.amount.filter(|a| *a > 0), shown.paid_in) else {
            let message = "come to nothing that the shop would give back: nothing was paid, or it was given back already";
            return Ok(wrong("lines", message));
        };
        if amount > shown.most {
            let message = "come to more than can be given back of the order";
            return Ok(wrong("lines", message));
        }
        Ok(Ok(Wanted {
            action: Action::RefundOrder(Refund {
                what,
                notify_customer: edit.notify_customer,
                note: edit.note.trim().to_owned(),
                amount,
                paid_in,
                refunded: shown.refunded,
                titles,
            }),
            label: order.name,
        }))
    }

    async fn restock(
        &self,
        store: &Store,
        wish: RestockWish,
    ) -> PortResult<Result<RefundRestock, &'static str>> {
        let (RestockWish::Unsent(named) | RestockWish::Returned(named)) = wish else {
            return Ok(Ok(RefundRestock::Nothing));
        };
        let known = self.ports.stock.locations(store.scope).await?;
        let mut used = known.iter().filter(|l| l.active).map(|l| l.id);
        let place = match named {
            Some(named) => match used.any(|place| place == named) {
                true => named,
                false => return Ok(Err("is no place of this store that is in use")),
            },
            None => match (used.next(), used.next()) {
                (Some(only), None) => only,
                _ => return Ok(Err("is needed: where it is counted again")),
            },
        };
        Ok(Ok(match wish {
            RestockWish::Returned(_) => RefundRestock::Returned(place),
            _ => RefundRestock::Unsent(place),
        }))
    }

    /// What the shop would give back now.
    async fn computed(
        &self,
        store: &Store,
        what: &RefundTarget,
    ) -> PortResult<Option<domain::changes::SeenRefund>> {
        let connections = &self.ports.connections;
        let found = connections.find(store.scope.workspace, store.connection);
        let Some(connection) = found.await? else {
            return Ok(None);
        };
        let writer = self.connections.pool.writer(&connection).await?;
        let seen = writer.look(&[Target::Refund(what.clone())]).await?;
        Ok(seen.into_iter().find_map(|seen| match seen {
            Seen::Refund(seen) => Some(seen),
            _ => None,
        }))
    }
}
