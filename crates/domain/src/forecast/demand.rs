//! Demand from what was sold: the days of a series of sales that say nothing about what people wanted.
//!
//! A day without a sale is a day without demand only while there was something to sell. What was out of stock is *censored*: its sales say how
//! much there was, not how much was wanted. Such days are taken out, to be bridged by whoever forecasts.

use super::Series;
use super::series::bridge;
use crate::inventory::StockMark;
use chrono::NaiveDate;
use std::collections::{BTreeMap, BTreeSet};

/// Stock of a variant at the end of a day, and whether it could be bought without stock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StockDay {
    pub on_hand: i64,
    pub sells_without_stock: bool,
}

/// What is known of the demand of a day.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Demand {
    /// That many units.
    Units(f64),
    /// At least that many: the stock ran out.
    AtLeast(f64),
}

impl Demand {
    /// What a forecast may learn from: NaN where the demand is not known.
    #[must_use]
    pub fn known(self) -> f64 {
        match self {
            Self::Units(units) => units,
            Self::AtLeast(_) => f64::NAN,
        }
    }
}

/// The demand of every day from the first to the last.
///
/// Units that were sold on a day count on that day; what came back later is no less demand, so returns are to be left out of `sold`. A day
/// without a row in `sold` had no sale. A day is censored when its stock at its end and at the end of the day before were both empty, or when
/// it sold and ended empty. Of a day without a known stock it is believed that there was some.
#[must_use]
pub fn of_sales(
    sold: &BTreeMap<NaiveDate, f64>,
    stock: &BTreeMap<NaiveDate, StockDay>,
    days: (NaiveDate, NaiveDate),
) -> Vec<Demand> {
    let empty = |day: NaiveDate| {
        let known = stock.get(&day);
        known.is_some_and(|s| s.on_hand <= 0 && !s.sells_without_stock)
    };
    let all = days.0.iter_days().take_while(|day| *day <= days.1);
    all.map(|day| {
        let units = sold.get(&day).copied().unwrap_or(0.0);
        let before = day.pred_opt().is_some_and(empty);
        if empty(day) && (before || units > 0.0) {
            Demand::AtLeast(units)
        } else {
            Demand::Units(units)
        }
    })
    .collect()
}

/// Stock of one item at the end of each day, over all its locations. Between two looks nobody knows; `looks` are the days on which somebody looked, `marks` what
/// was found, oldest first, where it was news.
///
/// What counts is what can be sold. Below 0 it is sold without stock, whatever the reason.
#[must_use]
pub fn stock_days(
    marks: &[StockMark],
    looks: &BTreeSet<NaiveDate>,
    days: (NaiveDate, NaiveDate),
) -> BTreeMap<NaiveDate, StockDay> {
    let mut known = BTreeMap::new();
    let mut at: BTreeMap<_, Option<i64>> = BTreeMap::new();
    let mut marks = marks.iter().peekable();
    for day in looks.range(..=days.1) {
        while let Some(mark) = marks.next_if(|mark| mark.day <= *day) {
            at.insert(mark.location, mark.available.or(mark.on_hand));
        }
        let counted: Option<Vec<i64>> = at.values().copied().collect();
        if let Some(counted) = counted.filter(|c| !c.is_empty() && *day >= days.0) {
            let on_hand = counted.iter().sum();
            let stock = StockDay {
                on_hand,
                sells_without_stock: counted.iter().any(|n| *n < 0),
            };
            known.insert(*day, stock);
        }
    }
    known
}

/// A demand that can be forecast.
#[derive(Debug, Clone, PartialEq)]
pub struct Past {
    pub start: NaiveDate,
    pub demand: Vec<Demand>,
    /// Days of which nobody knows what was wanted.
    pub censored: u32,
}

impl Past {
    #[must_use]
    pub fn of(start: NaiveDate, demand: Vec<Demand>) -> Self {
        let unknown = demand.iter().filter(|d| matches!(d, Demand::AtLeast(_)));
        let censored = u32::try_from(unknown.count()).unwrap_or(u32::MAX);
        Self {
            start,
            demand,
            censored,
        }
    }

    /// What was wanted on a day; `None` outside, and where nobody knows.
    #[must_use]
    pub fn on(&self, day: NaiveDate) -> Option<f64> {
        let at = usize::try_from((day - self.start).num_days()).ok()?;
        self.demand
            .get(at)
            .map(|d| d.known())
            .filter(|v| v.is_finite())
    }

    /// Days without stock are bridged from the same weekdays around them, but are never less than what was sold on them.
    #[must_use]
    pub fn series(&self, id: String) -> Series {
        let mut values: Vec<f64> = self.demand.iter().map(|d| d.known()).collect();
        bridge(&mut values);
        for (value, demand) in values.iter_mut().zip(&self.demand) {
            if let Demand::AtLeast(sold) = demand {
                *value = value.max(*sold);
            }
        }
        Series {
            id,
            start: self.start,
            values,
            regressors: Vec::new(),
        }
    }

    /// An estimate of what was not sold on the last so many days because there was none: what the same weekdays around them had, less what was sold.
    #[must_use]
    pub fn lost(&self, days: usize) -> f64 {
        let series = self.series(String::new());
        let all = series.values.iter().zip(&self.demand).rev().take(days);
        all.map(|(wanted, demand)| match demand {
            Demand::AtLeast(sold) => (wanted - sold).max(0.0),
            Demand::Units(_) => 0.0,
        })
        .sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(of_month: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 3, of_month).unwrap()
    }

    fn stock(on_hand: &[i64], sells_without_stock: bool) -> BTreeMap<NaiveDate, StockDay> {
        let days = (1..).map(day);
        let stock = on_hand.iter().map(|on_hand| StockDay {
            on_hand: *on_hand,
            sells_without_stock,
        });
        days.zip(stock).collect()
    }

    #[test]
    fn a_day_without_a_row_sold_nothing() {
        let sold = BTreeMap::from([(day(1), 2.0), (day(3), 1.0)]);
        let demand = of_sales(&sold, &BTreeMap::new(), (day(1), day(3)));
        let units = [2.0, 0.0, 1.0].map(Demand::Units);
        assert_eq!(demand, units);
    }

    #[test]
    fn what_ran_out_is_no_demand() {
        let sold = BTreeMap::from([(day(1), 2.0), (day(2), 3.0)]);
        let stock = stock(&[3, 0, 0, 5], false);
        let demand = of_sales(&sold, &stock, (day(1), day(4)));
        let expected = [
            Demand::Units(2.0),
            Demand::AtLeast(3.0),
            Demand::AtLeast(0.0),
            Demand::Units(0.0),
        ];
        assert_eq!(demand, expected);
        assert!(demand[2].known().is_nan());
    }

    fn mark(location: i64, on: u32, available: i64) -> StockMark {
        StockMark {
            item: crate::ids::InventoryItemId(1),
            location: crate::ids::LocationId(location),
            day: day(on),
            on_hand: Some(available),
            available: Some(available),
        }
    }

    #[test]
    fn stock_is_known_on_the_days_on_which_somebody_looked() {
        let marks = [mark(1, 2, 5), mark(2, 2, 1), mark(1, 4, 0)];
        let looks = [2, 3, 5].map(day).into();
        let known = stock_days(&marks, &looks, (day(1), day(9)));
        let left: Vec<_> = known.iter().map(|(d, s)| (*d, s.on_hand)).collect();
        assert_eq!(left, [(day(2), 6), (day(3), 6), (day(5), 1)]);
        let later = stock_days(&marks, &looks, (day(4), day(9)));
        assert_eq!(later.len(), 1);
        let oversold = stock_days(&[mark(1, 2, -1)], &looks, (day(1), day(2)));
        assert!(oversold[&day(2)].sells_without_stock);
    }

    #[test]
    fn what_was_out_of_stock_is_bridged_and_counts_as_lost() {
        let sold = (1..=14).map(|n| (day(n), 4.0));
        let mut sold: BTreeMap<_, _> = sold.collect();
        sold.insert(day(15), 1.0);
        let out = |on_hand| StockDay {
            on_hand,
            sells_without_stock: false,
        };
        let stock = BTreeMap::from([(day(15), out(0)), (day(16), out(0))]);
        let demand = of_sales(&sold, &stock, (day(1), day(16)));
        let past = Past::of(day(1), demand);
        assert_eq!(
            (past.censored, past.on(day(15)), past.on(day(14))),
            (2, None, Some(4.0))
        );
        assert_eq!(past.series("1".to_owned()).values[14..], [4.0, 4.0]);
        assert!((past.lost(28) - 7.0).abs() < 1e-9);
        assert!(past.lost(1) > 3.9);
    }

    #[test]
    fn what_is_sold_without_stock_is_never_out() {
        let sold = BTreeMap::from([(day(2), 1.0)]);
        let stock = stock(&[0, -1, -1], true);
        let demand = of_sales(&sold, &stock, (day(1), day(3)));
        assert!(demand.iter().all(|d| matches!(d, Demand::Units(_))));
    }
}
