//! What the shop's own sales report says of an order: the truth, but for what was planted.

use std::collections::BTreeMap;

use super::{Day, tally::of_order};
use crate::store::order::StepKind;
use crate::store::{Order, Store};

const A_DAY: i64 = 86_400;

/// By day; nothing for what does not count.
pub(crate) fn report_of(store: &Store, order: &Order) -> BTreeMap<String, Day> {
    let plants = &store.plants;
    if order.deleted.is_some() || (order.test && !plants.tests.contains(&order.index)) {
        return BTreeMap::new();
    }
    let zone = if plants.zone.contains(&order.index) {
        chrono_tz::UTC
    } else {
        store.shop.zone
    };
    if !plants.late.contains(&order.index) {
        return of_order(store, order, zone);
    }
    let mut late = order.clone();
    for step in &mut late.steps {
        if matches!(step.kind, StepKind::Refund { .. }) {
            step.at += A_DAY;
        }
    }
    of_order(store, &late, zone)
}
