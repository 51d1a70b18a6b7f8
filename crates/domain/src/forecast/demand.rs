//! Demand from what was sold: the days of a series of sales that say nothing about what people wanted.
//!
//! A day without a sale is a day without demand only while there was something to sell. What was out of stock is *censored*: its sales say how
//! much there was, not how much was wanted. Such days are taken out, to be bridged by whoever forecasts.

use chrono::NaiveDate;
use std::collections::BTreeMap;

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

    #[test]
    fn what_is_sold_without_stock_is_never_out() {
        let sold = BTreeMap::from([(day(2), 1.0)]);
        let stock = stock(&[0, -1, -1], true);
        let demand = of_sales(&sold, &stock, (day(1), day(3)));
        assert!(demand.iter().all(|d| matches!(d, Demand::Units(_))));
    }
}
