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

pub(crate) fn status(store: &Store, order: &Order, part: usize) -> &'static str {
    if order.cancelled.is_some() {
        "CANCELLED"
    } else if order.fulfilled {
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
