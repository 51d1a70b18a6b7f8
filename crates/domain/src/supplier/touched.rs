//! What another price or stock at a supplier means for a variant that the store sells.
//!
//! Amounts are minor units of the store's currency, for one unit of the store's; shares are ten-thousandths. What is not known is no reason for an
//! alert but one of its own.

use crate::agents::pricing::Endings;
use crate::money::Currency;
use serde::{Deserialize, Serialize};

/// A mapped variant as it is sold, and as the supplier has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sold {
    /// For which it is sold.
    pub price: i64,
    /// Pieces and sending them, as far as that is told; at the dearest.
    pub cost: Option<i64>,
    /// The pieces alone, now and before they last became another.
    pub goods: Option<i64>,
    pub goods_before: Option<i64>,
    /// What the payment costs; `None`: no source tells it.
    pub fee: Option<i64>,
    pub is_gone: bool,
    pub is_out: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Alert {
    /// The supplier does not offer it any more.
    Gone,
    OutOfStock,
    /// It costs more than it is sold for; `left` is below nothing.
    Loses {
        left: i64,
    },
    /// Less of the price is left than is asked for.
    Thin {
        margin: i64,
    },
    /// The supplier asks more than before, by so much of it.
    Dearer {
        by: i64,
    },
    /// Nobody tells what it costs, or only a range, or no rate is known.
    CostUnknown,
}

/// An increase below it is told by nobody.
const LEAST_INCREASE: i64 = 200;

/// What is left of the price for one unit; `None` where its cost is not known.
#[must_use]
pub fn left(of: &Sold) -> Option<i64> {
    Some(of.price - of.cost? - of.fee.unwrap_or(0))
}

/// The most urgent first; `least` is the smallest share of the price that should be left.
#[must_use]
pub fn alerts(of: &Sold, least: i64) -> Vec<Alert> {
    let mut found = Vec::new();
    if of.is_gone {
        found.push(Alert::Gone);
    } else if of.is_out {
        found.push(Alert::OutOfStock);
    }
    match left(of) {
        None => found.push(Alert::CostUnknown),
        Some(left) if left < 0 => found.push(Alert::Loses { left }),
        Some(left) if of.price > 0 => {
            let margin = left.saturating_mul(10_000) / of.price;
            if margin < least {
                found.push(Alert::Thin { margin });
            }
        }
        // What is given away is no business of a supplier's.
        Some(_) => {}
    }
    if let (Some(now), Some(before)) = (of.goods, of.goods_before)
        && before > 0
    {
        let by = (now - before).saturating_mul(10_000) / before;
        if by >= LEAST_INCREASE {
            found.push(Alert::Dearer { by });
        }
    }
    found
}

/// The lowest price that leaves `least` of itself after a cost, a share of itself and a fixed sum; `None` where no price does.
#[must_use]
pub fn price_for(cost: i64, (share, fixed): (i64, i64), least: i64) -> Option<i64> {
    let kept = 10_000 - share - least;
    if kept <= 0 || cost < 0 {
        return None;
    }
    let whole = i128::from(cost + fixed) * 10_000;
    let kept = i128::from(kept);
    i64::try_from((whole + kept - 1) / kept).ok()
}

/// How far above a computed price one with the store's ending may lie, in percent.
const ENDING_ROOM: i64 = 10;

/// With the ending that most of the store's prices have, where that is near.
#[must_use]
pub fn with_ending(bare: i64, currency: Currency, prices: &[i64]) -> i64 {
    let most = bare + bare * ENDING_ROOM / 100;
    let endings = Endings::of(currency, prices.iter().copied());
    endings.first(bare, most).unwrap_or(bare)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn lamp() -> Sold {
        Sold {
            price: 2_000,
            cost: Some(1_000),
            goods: Some(800),
            goods_before: Some(800),
            fee: Some(60),
            is_gone: false,
            is_out: false,
        }
    }

    #[track_caller]
    fn check(change: impl FnOnce(&mut Sold), expected: &[Alert]) {
        let mut lamp = lamp();
        change(&mut lamp);
        assert_eq!(alerts(&lamp, 3_000), expected);
    }

    #[test]
    fn only_what_matters_is_told_and_what_is_not_known_is_no_loss() {
        check(|_| {}, &[]);
        check(|l| l.is_out = true, &[Alert::OutOfStock]);
        check(|l| (l.is_gone, l.is_out) = (true, true), &[Alert::Gone]);
        check(|l| l.cost = Some(1_990), &[Alert::Loses { left: -50 }]);
        check(|l| l.cost = Some(1_500), &[Alert::Thin { margin: 2_200 }]);
        check(|l| l.goods = Some(815), &[]);
        check(|l| l.goods = Some(880), &[Alert::Dearer { by: 1_000 }]);
        check(|l| l.cost = None, &[Alert::CostUnknown]);
        check(|l| l.goods_before = None, &[]);
        check(|l| (l.price, l.cost, l.fee) = (0, Some(0), None), &[]);
    }

    #[test]
    fn no_price_leaves_what_cannot_be_left() {
        assert_eq!(price_for(1_000, (300, 30), 9_700), None);
        assert_eq!(price_for(1_000, (0, 0), 5_000), Some(2_000));
    }

    proptest! {
        #[test]
        fn the_price_is_the_lowest_that_leaves_enough(
            cost in 0_i64..1_000_000, share in 0_i64..1_000, fixed in 0_i64..100, least in 0_i64..8_000,
        ) {
            let price = price_for(cost, (share, fixed), least).unwrap();
            let enough = |p: i64| (p * (10_000 - share)) - (cost + fixed) * 10_000 >= p * least;
            prop_assert!(enough(price));
            prop_assert!(price == 0 || !enough(price - 1));
        }
    }
}
