//! What every figure is: its name, its formula, what it is made of, how others define it, and how it is read off a row.
//!
//! One list for reports, command line and passports, so that a name cannot mean two things. Values come from the same
//! [`Figures`] that a report shows: a passport computes nothing anew.

mod customers;
mod peers;
mod profit;
mod ratios;
mod sales;

pub use peers::Peer;

use crate::report::Figures;
use rust_decimal::{Decimal, RoundingStrategy};

/// In what a figure is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    Money,
    Count,
    /// A plain quotient: 3.41.
    Ratio,
    /// A quotient of 0.1234 is 12.34 %.
    Percent,
    Days,
}

impl Unit {
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Money => "money",
            Self::Count => "count",
            Self::Ratio => "ratio",
            Self::Percent => "percent",
            Self::Days => "days",
        }
    }
}

/// How an input enters the formula.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    Plus,
    Minus,
    Over,
}

impl Role {
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Plus => "plus",
            Self::Minus => "minus",
            Self::Over => "divided_by",
        }
    }
}

/// Which share of sales has to be known for the figure to speak for all of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Covered {
    Cost,
    Shipping,
    Fees,
    AdSpend,
}

/// A value read off a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Value {
    /// Minor units.
    Money(i64),
    Count(i64),
    /// Four decimals; of a percentage 0.1234 is 12.34 %.
    Quotient(Decimal),
}

/// One figure.
#[derive(Debug, Clone, Copy)]
pub struct Definition {
    /// As in answers and addresses.
    pub name: &'static str,
    pub title: &'static str,
    pub unit: Unit,
    /// The formula in words.
    pub words: &'static str,
    /// The formula in symbols; names of inputs are names of figures.
    pub symbols: &'static str,
    pub inputs: &'static [(Role, &'static str)],
    pub covered: &'static [Covered],
    pub peers: &'static [Peer],
    /// `None` when it is not known for this row.
    pub read: fn(&Figures) -> Option<Value>,
}

impl Definition {
    /// Where and how the figure is rounded.
    #[must_use]
    pub const fn rounding(&self) -> &'static str {
        match self.unit {
            Unit::Money if self.inputs.is_empty() => {
                "Not rounded: a sum of whole minor units. In another currency: each store's day is converted by the rate of that day and rounded once, half away from zero."
            }
            Unit::Money => {
                "Not rounded beyond its inputs; a quotient is rounded once to the minor unit, half away from zero."
            }
            Unit::Count | Unit::Days => "Whole numbers.",
            Unit::Ratio | Unit::Percent => "Rounded once, to four decimals, half away from zero.",
        }
    }
}

/// All figures, in the order in which they build on each other.
pub fn all() -> impl Iterator<Item = &'static Definition> {
    [
        sales::FIGURES,
        profit::FIGURES,
        ratios::FIGURES,
        customers::FIGURES,
    ]
    .into_iter()
    .flatten()
}

#[must_use]
pub fn find(name: &str) -> Option<&'static Definition> {
    all().find(|d| d.name == name)
}

/// A quotient with four decimals; `None` when there is nothing to divide by.
#[must_use]
pub fn quotient(part: i64, whole: i64) -> Option<Decimal> {
    let value = Decimal::from(part).checked_div(Decimal::from(whole))?;
    Some(value.round_dp_with_strategy(4, RoundingStrategy::MidpointAwayFromZero))
}

/// An amount for each of so many, in minor units, half away from zero.
#[must_use]
pub fn each(amount: i64, count: i64) -> Option<i64> {
    let value = Decimal::from(amount).checked_div(Decimal::from(count))?;
    let value = value.round_dp_with_strategy(0, RoundingStrategy::MidpointAwayFromZero);
    i64::try_from(value).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rollup::Measures;
    use std::collections::BTreeSet;

    #[test]
    fn names_are_unique_and_inputs_stand_before_what_they_build() {
        let mut seen = BTreeSet::new();
        for figure in all() {
            for (_, input) in figure.inputs {
                assert!(
                    seen.contains(input),
                    "{}: {input} comes later or never",
                    figure.name
                );
                assert!(
                    figure.symbols.contains(input),
                    "{}: {} does not name {input}",
                    figure.name,
                    figure.symbols
                );
            }
            assert!(seen.insert(figure.name), "{} twice", figure.name);
            assert!(!figure.words.is_empty() && !figure.title.is_empty());
        }
        assert_eq!(find("net_sales").map(|d| d.title), Some("Net sales"));
        assert!(find("nonsense").is_none());
    }

    /// A formula of sums is what its inputs say, whatever the numbers are.
    #[test]
    fn formulas_of_sums_hold_over_their_inputs() {
        let mut values = [0; Measures::NAMES.len()];
        for (at, value) in values.iter_mut().enumerate() {
            *value = 1000 + i64::try_from(at * at * 7).unwrap();
        }
        let figures = Figures::of(Measures::from_values(values));
        let minor = |d: &Definition| match (d.read)(&figures) {
            Some(Value::Money(minor)) => Some(minor),
            _ => None,
        };
        let mut checked = 0;
        for figure in all().filter(|d| d.unit == Unit::Money && !d.inputs.is_empty()) {
            if figure.inputs.iter().any(|(role, _)| *role == Role::Over) {
                continue;
            }
            let Some(value) = minor(figure) else { continue };
            let sum: i64 = figure
                .inputs
                .iter()
                .filter_map(|(role, name)| {
                    let amount = minor(find(name)?)?;
                    Some(if *role == Role::Minus {
                        -amount
                    } else {
                        amount
                    })
                })
                .sum();
            assert_eq!(value, sum, "{}", figure.name);
            checked += 1;
        }
        assert!(checked >= 6, "only {checked}");
    }

    #[test]
    fn nothing_is_divided_by_nothing() {
        assert_eq!(quotient(1, 0), None);
        assert_eq!(each(1, 0), None);
        assert_eq!(quotient(1, 3), Some(Decimal::new(3333, 4)));
        assert_eq!((each(5, 2), each(-5, 2)), (Some(3), Some(-3)));
    }
}
