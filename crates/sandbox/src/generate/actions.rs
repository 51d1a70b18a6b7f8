//! What can happen to an order after it was placed. Each action checks that it is possible, records what it did with its
//! amounts, moves the money and touches `updated`; it says whether it happened.

use super::sale::{charge, goods, payment, tax_lines};
use crate::money::share;
use crate::random::Random;
use crate::store::totals::totals;
use crate::store::{
    LineKind, Order, Restock, Returned, Seconds, Step, StepKind, Store, TxnKind, TxnStatus,
};

/// Takes `quantity` units off a line and gives the amounts that go with them.
fn take(order: &mut Order, line: usize, quantity: i32, restock: Restock) -> Returned {
    let l = &mut order.lines[line];
    let (from, to, whole) = (
        i64::from(l.removed),
        i64::from(l.removed + quantity),
        i64::from(l.quantity),
    );
    let cut = |total: i64| share(total, to, whole) - share(total, from, whole);
    let back = Returned {
        line,
        quantity,
        restock,
        gross: cut(l.gross),
        discount: cut(l.discount()),
        taxes: l.taxes.map(cut),
    };
    l.removed += quantity;
    back
}

fn goods_left(order: &Order) -> Vec<usize> {
    (0..order.lines.len())
        .filter(|i| order.lines[*i].kind == LineKind::Product && order.remaining(*i) > 0)
        .collect()
}

fn closed(order: &Order, at: Seconds) -> bool {
    order.cancelled.is_some()
        || order.deleted.is_some()
        || order.steps.last().is_some_and(|s| s.at >= at)
        || order.steps.len() > 200
}

fn record(order: &mut Order, at: Seconds, kind: StepKind) -> usize {
    order.steps.push(Step { at, kind });
    order.updated = order.updated.max(at);
    order.steps.len() - 1
}

/// Gives back what was paid beyond what the order is now worth.
fn give_back(order: &mut Order, at: Seconds, step: usize, status: TxnStatus) {
    let now = totals(order);
    let over = now.received - now.refunded - now.current.max(0);
    let paid = order
        .transactions
        .iter()
        .enumerate()
        .rev()
        .find(|(_, t)| t.moved() && t.kind != TxnKind::Refund);
    let Some((parent, gateway)) = paid.map(|(i, t)| (i, t.gateway)) else {
        return;
    };
    if over > 0 {
        let mut txn = payment(at, TxnKind::Refund, status, gateway, over);
        (txn.parent, txn.step) = (u8::try_from(parent).ok(), u8::try_from(step).ok());
        order.transactions.push(txn);
    }
}

/// Some units of one line come back, all of the order, or money alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refund {
    Partial,
    Full,
    AmountOnly,
}

pub(crate) fn refund(
    store: &mut Store,
    random: &mut Random,
    order: usize,
    at: Seconds,
    how: Refund,
) -> bool {
    let order = &mut store.orders[order];
    let left = goods_left(order);
    let before = totals(order);
    let worth = before.received - before.refunded;
    if closed(order, at) || worth <= 0 || left.is_empty() {
        return false;
    }
    let restock = if random.chance(300) {
        Restock::Nothing
    } else {
        Restock::Return
    };
    let (mut lines, mut shipping, mut shipping_taxes, mut extra) = (Vec::new(), 0, [0, 0], 0);
    match how {
        Refund::Partial => {
            let line = *random.pick(&left);
            let most = order.remaining(line);
            let quantity = i32::try_from(random.within(1, i64::from(most))).unwrap_or(1);
            lines.push(take(order, line, quantity, restock));
        }
        Refund::Full => {
            lines = left
                .iter()
                .map(|&i| take(order, i, order.remaining(i), restock))
                .collect();
            if random.chance(600) && before.refunded_shipping == 0 {
                (shipping, shipping_taxes) = shipping_of(order);
            }
        }
        Refund::AmountOnly => extra = share(worth, random.within(5, 20), 100).max(1).min(worth),
    }
    let note = ["", "Damaged in transit", "Wrong size", "Changed their mind"][random.index(4)];
    let step = record(
        order,
        at,
        StepKind::Refund {
            lines,
            shipping,
            shipping_taxes,
            extra,
            cancel: false,
            note: note.into(),
        },
    );
    let status = if random.chance(20) {
        TxnStatus::Pending
    } else {
        TxnStatus::Success
    };
    give_back(order, at, step, status);
    true
}

/// A refund as somebody asks for it.
#[derive(Debug, Clone)]
pub(crate) struct Wish {
    /// Positions of lines with units.
    pub(crate) lines: Vec<(usize, i32)>,
    pub(crate) restock: Restock,
    /// Whether what sending cost is given back, too.
    pub(crate) shipping: bool,
    pub(crate) note: String,
}

/// What would be given back; `None`: it cannot be refunded so.
pub(crate) fn suggested(order: &Order, at: Seconds, wish: &Wish) -> Option<i64> {
    let mut after = order.clone();
    let before = totals(order).refunded;
    refund_so(&mut after, at, wish, true)?;
    Some(totals(&after).refunded - before)
}

/// Takes off what is wished, and gives the money back where `pays`; answers the step.
pub(crate) fn refund_so(order: &mut Order, at: Seconds, wish: &Wish, pays: bool) -> Option<usize> {
    let after_last = order.steps.last().map_or(at, |s| at.max(s.at + 1));
    let fits = wish.lines.iter().all(|&(line, units)| {
        order.lines.get(line).is_some_and(|l| !l.only_taken_back())
            && units > 0
            && units <= order.remaining(line)
    });
    if closed(order, after_last) || !fits || (wish.lines.is_empty() && !wish.shipping) {
        return None;
    }
    let lines = wish.lines.iter();
    let lines = lines
        .map(|&(line, units)| take(order, line, units, wish.restock))
        .collect();
    let (shipping, shipping_taxes) = if wish.shipping && totals(order).refunded_shipping == 0 {
        shipping_of(order)
    } else {
        (0, [0, 0])
    };
    let kind = StepKind::Refund {
        lines,
        shipping,
        shipping_taxes,
        extra: 0,
        cancel: false,
        note: wish.note.as_str().into(),
    };
    let step = record(order, after_last, kind);
    if pays {
        give_back(order, after_last, step, TxnStatus::Success);
    }
    Some(step)
}

fn shipping_of(order: &Order) -> (i64, [i64; 2]) {
    order
        .ship
        .as_ref()
        .map_or((0, [0, 0]), |s| (s.price - s.discount, s.taxes))
}

pub(crate) fn cancel(store: &mut Store, order: usize, at: Seconds) -> bool {
    store.orders[order].steps.is_empty() && call_off(store, order, at, Restock::Cancel, true)
}

/// As a person does it: what was bought may come back on the shelf, what was paid to the buyer.
pub(crate) fn call_off(
    store: &mut Store,
    order: usize,
    at: Seconds,
    restock: Restock,
    refund: bool,
) -> bool {
    let order = &mut store.orders[order];
    if closed(order, at) {
        return false;
    }
    let all: Vec<usize> = (0..order.lines.len())
        .filter(|i| order.remaining(*i) > 0)
        .collect();
    let lines = all
        .iter()
        .map(|&i| take(order, i, order.remaining(i), restock))
        .collect();
    let (shipping, shipping_taxes) = if totals(order).refunded_shipping == 0 {
        shipping_of(order)
    } else {
        (0, [0, 0])
    };
    let step = record(
        order,
        at,
        StepKind::Refund {
            lines,
            shipping,
            shipping_taxes,
            extra: 0,
            cancel: true,
            note: "".into(),
        },
    );
    order.cancelled = Some(at);
    order.fulfilled = false;
    let now = totals(order);
    if refund && now.received > now.refunded {
        give_back(order, at, step, TxnStatus::Success);
    }
    true
}

/// An edit after the sale: a line more, or units less.
pub(crate) fn edit(
    store: &mut Store,
    random: &mut Random,
    order: usize,
    at: Seconds,
    add: bool,
) -> bool {
    if closed(&store.orders[order], at) {
        return false;
    }
    let step = u8::try_from(store.orders[order].steps.len()).unwrap_or(u8::MAX);
    let left = goods_left(&store.orders[order]);
    let mut removed = Vec::new();
    if add {
        add_line(store, random, order, (step, at), 1);
    } else {
        if left.is_empty() {
            return false;
        }
        let line = *random.pick(&left);
        removed.push(take(&mut store.orders[order], line, 1, Restock::Cancel));
    }
    record(&mut store.orders[order], at, StepKind::Edit { removed });
    settle(store, order, at, usize::from(step));
    true
}

fn add_line(
    store: &mut Store,
    random: &mut Random,
    order: usize,
    (step, at): (u8, Seconds),
    quantity: i32,
) {
    let mut variant = random.weighted(&store.wanted(at));
    if store.products[store.variants[variant].product as usize].gift_card {
        variant = 0;
    }
    let mut line = goods(store, u32::try_from(variant).unwrap_or(0), quantity, at);
    line.added_by = Some(step);
    let mut changed = store.orders[order].clone();
    let first = changed.lines.len();
    changed.lines.push(line);
    tax_lines(store, &mut changed, first);
    store.orders[order] = changed;
}

/// After a change of the order's worth: the difference is charged, or given back.
fn settle(store: &mut Store, order: usize, at: Seconds, step: usize) {
    let foreign = store.place(&store.orders[order]).country_code != "US";
    let order = &mut store.orders[order];
    let now = totals(order);
    let due = now.current - (now.received - now.refunded);
    let gateway = order
        .transactions
        .iter()
        .find(|t| t.moved())
        .map(|t| t.gateway);
    match gateway {
        Some(gateway) if due > 0 => {
            order
                .transactions
                .push(charge(at, TxnKind::Sale, gateway, due, foreign))
        }
        Some(_) if due < 0 => give_back(order, at, step, TxnStatus::Success),
        _ => {}
    }
}

/// Goods come back through a return; with `exchange` something else goes out, else the shop keeps a fee.
pub(crate) fn take_return(
    store: &mut Store,
    random: &mut Random,
    order: usize,
    at: Seconds,
    exchange: bool,
) -> bool {
    let left = goods_left(&store.orders[order]);
    if closed(&store.orders[order], at)
        || left.is_empty()
        || totals(&store.orders[order]).received == 0
    {
        return false;
    }
    let step = u8::try_from(store.orders[order].steps.len()).unwrap_or(u8::MAX);
    let line = *random.pick(&left);
    let back = take(&mut store.orders[order], line, 1, Restock::Return);
    let fee = if exchange {
        0
    } else {
        500.min(back.gross - back.discount)
    };
    if exchange {
        add_line(store, random, order, (step, at), 1);
    }
    record(
        &mut store.orders[order],
        at,
        StepKind::Return {
            lines: vec![back],
            shipping: 0,
            fee,
        },
    );
    settle(store, order, at, usize::from(step));
    true
}

/// The order vanishes as if it had never been.
pub(crate) fn delete(store: &mut Store, order: usize, at: Seconds) -> bool {
    let order = &mut store.orders[order];
    if order.deleted.is_some() {
        return false;
    }
    order.deleted = Some(at);
    let gone = crate::store::Deletion {
        at,
        kind: "ORDER",
        number: crate::store::ids::ORDER + i64::from(order.index),
        title: order.name.to_string(),
    };
    store.deletions.push(gone);
    true
}
