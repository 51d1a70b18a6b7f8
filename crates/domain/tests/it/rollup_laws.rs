use crate::history::{plans, tell};
use domain::calendar::Calendar;
use domain::ids::OrderId;
use domain::ledger::derive;
use domain::rollup::{Dimension, Measures, Placement, Rollups, difference, fold};
use proptest::prelude::*;
use std::collections::BTreeMap;

fn add(into: &mut Rollups, delta: Rollups) {
    for (key, measures) in delta {
        *into.entry(key).or_default() += measures;
    }
    into.retain(|_, m| !m.is_zero());
}

proptest! {
    /// Σ products = Σ variants = Σ channels = Σ countries = total, day by day.
    #[test]
    fn every_split_adds_up_to_the_total(plans in prop::collection::vec(plans(), 1..4)) {
        let calendar = Calendar::parse("Europe/London").unwrap();
        let mut rollups = Rollups::new();
        for plan in &plans {
            let told = tell(plan);
            add(&mut rollups, fold(&Placement::of(&told.order), &derive(&told.order, &calendar, &told.costs)));
        }
        let by_day = |dimension| {
            let mut days: BTreeMap<_, Measures> = BTreeMap::new();
            for (key, measures) in rollups.iter().filter(|(k, _)| k.dimension == dimension) {
                *days.entry((key.day, key.currency.code().to_owned())).or_default() += *measures;
            }
            for measures in days.values_mut() {
                measures.orders_containing = 0;
            }
            days.retain(|_, m| !m.is_zero());
            days
        };
        let total = by_day(Dimension::Total);
        for dimension in Dimension::ALL {
            prop_assert_eq!(&by_day(dimension), &total, "{:?}", dimension);
        }
        // An order whose visits were not read is under no source, and under everything else as before.
        let mut unread = tell(&plans[0]).order;
        unread.journey = None;
        let told = tell(&plans[0]);
        let ledger = derive(&told.order, &calendar, &told.costs);
        let (all, some) = (fold(&Placement::of(&told.order), &ledger), fold(&Placement::of(&unread), &ledger));
        let is_touch = |d| matches!(d, Dimension::FirstTouch | Dimension::LastTouch);
        prop_assert!(some.keys().all(|k| !is_touch(k.dimension)));
        prop_assert!(all.iter().filter(|(k, _)| !is_touch(k.dimension)).eq(some.iter()));
    }

    /// Whatever came before, what is stored is the sum over the orders as they are now.
    #[test]
    fn differences_lead_from_any_state_to_any_other(steps in prop::collection::vec((0_i64..3, plans()), 1..10)) {
        let calendar = Calendar::parse("Asia/Tokyo").unwrap();
        let mut stored = Rollups::new();
        let mut orders: BTreeMap<i64, Rollups> = BTreeMap::new();
        for (id, plan) in steps {
            let mut told = tell(&plan);
            told.order.id = OrderId(id);
            let new = fold(&Placement::of(&told.order), &derive(&told.order, &calendar, &told.costs));
            let old = orders.insert(id, new.clone()).unwrap_or_default();
            add(&mut stored, difference(old, new));
        }
        let mut expected = Rollups::new();
        for rollups in orders.into_values() {
            add(&mut expected, rollups);
        }
        prop_assert_eq!(stored, expected);
    }

    #[test]
    fn what_does_not_change_needs_no_difference(plan in plans()) {
        let calendar = Calendar::parse("UTC").unwrap();
        let told = tell(&plan);
        let rollups = fold(&Placement::of(&told.order), &derive(&told.order, &calendar, &told.costs));
        prop_assert!(difference(rollups.clone(), rollups).is_empty());
    }
}
