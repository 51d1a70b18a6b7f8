//! The figures that two sides are compared by.

use crate::rollup::Measures;
use serde::{Deserialize, Serialize};

/// Sales of a day or of an order, in minor units, by the provider's own definitions; what is taken off is positive. What a
/// source does not tell is `None`, and stays so in every sum.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sales {
    pub orders: Option<i64>,
    pub gross_sales: Option<i64>,
    pub discounts: Option<i64>,
    pub reversals: Option<i64>,
    pub net_sales: Option<i64>,
    pub shipping: Option<i64>,
    pub taxes: Option<i64>,
    pub total_sales: i64,
}

impl Sales {
    pub const ZERO: Self = Self {
        orders: Some(0),
        gross_sales: Some(0),
        discounts: Some(0),
        reversals: Some(0),
        net_sales: Some(0),
        shipping: Some(0),
        taxes: Some(0),
        total_sales: 0,
    };

    /// Nothing but a total is known.
    #[must_use]
    pub const fn total_only(total_sales: i64) -> Self {
        Self {
            orders: None,
            gross_sales: None,
            discounts: None,
            reversals: None,
            net_sales: None,
            shipping: None,
            taxes: None,
            total_sales,
        }
    }

    #[must_use]
    pub const fn of(m: &Measures) -> Self {
        Self {
            orders: Some(m.orders),
            gross_sales: Some(m.gross_sales),
            discounts: Some(m.discounts),
            reversals: Some(m.returns),
            net_sales: Some(m.net_sales()),
            shipping: Some(m.shipping),
            taxes: Some(m.taxes),
            total_sales: m.total_sales(),
        }
    }

    fn with(self, other: Self, combine: impl Fn(i64, i64) -> i64) -> Self {
        let known = |a: Option<i64>, b: Option<i64>| Some(combine(a?, b?));
        Self {
            orders: known(self.orders, other.orders),
            gross_sales: known(self.gross_sales, other.gross_sales),
            discounts: known(self.discounts, other.discounts),
            reversals: known(self.reversals, other.reversals),
            net_sales: known(self.net_sales, other.net_sales),
            shipping: known(self.shipping, other.shipping),
            taxes: known(self.taxes, other.taxes),
            total_sales: combine(self.total_sales, other.total_sales),
        }
    }

    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        self.with(other, |a, b| a + b)
    }

    #[must_use]
    pub fn minus(self, other: Self) -> Self {
        self.with(other, |a, b| a - b)
    }

    /// Whether a difference is none: net sales, shipping, taxes and the total are the same as far as they are known. How gross sales,
    /// discounts and reversals share net sales, and to which day an edit adds its order, is not held against anybody: providers
    /// tell edits in more than one way.
    #[must_use]
    pub fn is_none(&self) -> bool {
        let same = |amount: Option<i64>| amount.unwrap_or(0) == 0;
        self.total_sales == 0 && same(self.net_sales) && same(self.shipping) && same(self.taxes)
    }
}

impl std::iter::Sum for Sales {
    fn sum<I: Iterator<Item = Self>>(all: I) -> Self {
        all.fold(Self::ZERO, Self::plus)
    }
}
