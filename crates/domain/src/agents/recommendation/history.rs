//! The policy over days that are past: the orders up to each of them.

use super::basket::{Basket, Counter};
use super::facts::{Facts, ProductFacts};
use crate::calendar::Calendar;
use crate::ids::ProductId;
use chrono::{Days, NaiveDate};
use chrono_tz::Tz;
use std::collections::BTreeSet;

#[derive(Debug, Clone)]
pub struct History {
    pub zone: Tz,
    /// By day.
    pub baskets: Vec<Basket>,
    /// As they are now.
    pub products: Vec<ProductFacts>,
    /// As they are now.
    pub bundled: BTreeSet<[ProductId; 2]>,
    /// Days that are counted.
    pub window: u64,
    /// As [`super::Counted::minimum`].
    pub minimum: u64,
}

/// A window that goes forward over the days of a history.
#[derive(Debug)]
pub struct Window<'a> {
    of: &'a History,
    counter: Counter,
    /// The first basket that is in, and the first that is not in yet.
    first: usize,
    next: usize,
}

/// What was known at the end of each day, asked in ascending order.
#[must_use]
pub fn known_at(of: &History) -> Window<'_> {
    Window {
        of,
        counter: Counter::default(),
        first: 0,
        next: 0,
    }
}

impl Window<'_> {
    /// `day` is not before the one that was asked last.
    pub fn facts(&mut self, day: NaiveDate, told: BTreeSet<String>) -> Facts {
        let from = day
            .checked_sub_days(Days::new(self.of.window.saturating_sub(1)))
            .unwrap_or(day);
        let baskets = &self.of.baskets;
        while let Some(basket) = baskets.get(self.next).filter(|b| b.day <= day) {
            self.counter.add(&basket.products);
            self.next += 1;
        }
        while let Some(basket) = baskets[self.first..self.next].first() {
            if basket.day >= from {
                break;
            }
            self.counter.remove(&basket.products);
            self.first += 1;
        }
        let counted = self.counter.counted(self.of.minimum);
        let end = Calendar::of(self.of.zone).start_of(day.succ_opt().unwrap_or(day));
        Facts {
            as_of: Some(end),
            from,
            until: day,
            counted,
            products: self.of.products.clone(),
            bundled: self.of.bundled.clone(),
            told,
        }
    }
}

impl History {
    /// What a rehearsal over it rests on, as a sentence.
    #[must_use]
    pub fn rests_on(&self) -> String {
        format!(
            "Orders are counted up to each day; what was cancelled since does not count. Products, their tags and bundles are those of now. {} orders are \
             known.",
            self.baskets.len()
        )
    }
}
