//! What of an order is sent together, and what keeps it from being sent.

use std::collections::BTreeMap;

use super::order::{Line, LineKind, Order};
use super::{Store, ids};

/// So many holds one app may have on one part of an order.
pub(crate) const MOST_HOLDS: usize = 10;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hold {
    pub number: i64,
    pub handle: String,
    pub reason: String,
    pub notes: Option<String>,
}

/// Holds by order and part.
#[derive(Debug, Clone, Default)]
pub struct Holds {
    parts: BTreeMap<(u32, usize), Vec<Hold>>,
    last: i64,
}

impl Holds {
    pub fn of(&self, order: &Order, part: usize) -> &[Hold] {
        self.parts
            .get(&(order.index, part))
            .map_or(&[], Vec::as_slice)
    }

    /// The number of the hold.
    pub fn add(&mut self, order: u32, part: usize, mut hold: Hold) -> i64 {
        self.last += 1;
        hold.number = ids::HOLD + self.last;
        let number = hold.number;
        self.parts.entry((order, part)).or_default().push(hold);
        number
    }

    /// Those that are gone then.
    pub fn release(
        &mut self,
        order: u32,
        part: usize,
        chosen: impl Fn(&Hold) -> bool,
    ) -> Vec<Hold> {
        let Some(holds) = self.parts.get_mut(&(order, part)) else {
            return Vec::new();
        };
        let (gone, kept) = std::mem::take(holds).into_iter().partition(|h| chosen(h));
        *holds = kept;
        gone
    }
}

/// What was sent together.
#[derive(Debug, Clone)]
pub struct Fulfillment {
    pub number: i64,
    /// Position of the line, units.
    pub lines: Vec<(usize, i32)>,
    pub tracking: Vec<Tracking>,
}

#[derive(Debug, Clone)]
pub struct Tracking {
    pub number: String,
    pub company: Option<String>,
    pub url: Option<String>,
}

/// What clients sent, by order.
#[derive(Debug, Clone, Default)]
pub struct Sent {
    orders: BTreeMap<u32, Vec<Fulfillment>>,
    last: i64,
}

impl Sent {
    pub fn of(&self, order: &Order) -> &[Fulfillment] {
        self.orders.get(&order.index).map_or(&[], Vec::as_slice)
    }

    pub fn add(&mut self, order: u32, lines: Vec<(usize, i32)>, tracking: Vec<Tracking>) -> i64 {
        self.last += 1;
        let number = ids::FULFILLMENT + self.last;
        let one = Fulfillment {
            number,
            lines,
            tracking,
        };
        self.orders.entry(order).or_default().push(one);
        number
    }

    /// The order's number, and what was sent of it.
    pub fn find(&mut self, number: i64) -> Option<(u32, &mut Fulfillment)> {
        let all = self.orders.iter_mut();
        let mut all = all.flat_map(|(order, sent)| sent.iter_mut().map(move |f| (*order, f)));
        all.find(|(_, f)| f.number == number)
    }

    fn units(&self, order: &Order, line: usize) -> i32 {
        let lines = self.of(order).iter().flat_map(|f| &f.lines);
        lines.filter(|(l, _)| *l == line).map(|(_, n)| *n).sum()
    }
}

/// Units of a line that are neither sent nor taken off.
pub(crate) fn unsent(store: &Store, order: &Order, line: usize) -> i32 {
    if order.fulfilled {
        return 0;
    }
    (order.remaining(line) - store.sent.units(order, line)).max(0)
}

/// The lines of a part: with two of them, the first goods lie in one place and the others in the other.
pub(crate) fn lines_of(order: &Order, part: usize) -> Vec<usize> {
    let is_goods = |n: &usize| order.lines[*n].kind == LineKind::Product;
    let goods = (0..order.lines.len()).filter(is_goods);
    let goods: Vec<usize> = goods.collect();
    match (parts(order), part) {
        (1, _) => goods,
        (_, 0) => goods.into_iter().take(1).collect(),
        _ => goods.into_iter().skip(1).collect(),
    }
}

/// In how many parts it is sent: every fifth order with several goods lies in two places.
pub(crate) fn parts(order: &Order) -> usize {
    let goods = |l: &&Line| l.kind == LineKind::Product;
    match order.lines.iter().filter(goods).count() {
        0 => 0,
        1 => 1,
        _ if order.index.is_multiple_of(5) => 2,
        _ => 1,
    }
}

/// Whether nothing of the part is left to be sent.
fn is_sent(store: &Store, order: &Order, part: usize) -> bool {
    let mut lines = lines_of(order, part).into_iter();
    !store.sent.of(order).is_empty() && lines.all(|line| unsent(store, order, line) == 0)
}

pub(crate) fn status(store: &Store, order: &Order, part: usize) -> &'static str {
    if order.cancelled.is_some() {
        "CANCELLED"
    } else if order.fulfilled || is_sent(store, order, part) {
        "CLOSED"
    } else if store.holds.of(order, part).is_empty() {
        "OPEN"
    } else {
        "ON_HOLD"
    }
}

/// Whether all that could be sent is held.
pub(crate) fn is_held(store: &Store, order: &Order) -> bool {
    let parts = parts(order);
    parts > 0 && (0..parts).all(|p| status(store, order, p) == "ON_HOLD")
}
