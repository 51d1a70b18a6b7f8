//! How good a supplier is, by own orders only.
//!
//! Four factors, 0 to 100 points each, from the newest [`MOST`] orders that tell something; one that fewer than [`LEAST`] orders tell is left out with its reason,
//! and its weight is shared by the others ([`crate::scoring`]). Delivery: the share of orders that were whole on the day that was agreed, less 5 points a day of mean
//! delay. Quality: of the units ordered, the share that came and is not written down as damaged. Cost: 100, less 5 points for each percent that was charged above
//! what was agreed. Service: nothing that is written down tells it yet.

use super::{PurchaseOrder, PurchaseStatus};
use crate::scoring::{Figure, Points, Weighed, divide};
use chrono::NaiveDate;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive as _;

/// Newest orders that tell something.
const MOST: usize = 20;
/// A single one may be chance.
const LEAST: usize = 2;
/// Points for each day of delay, and for each percent above the agreed cost.
const STEP: i64 = 5;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum RatingFactor {
    Delivery,
    Quality,
    Cost,
    Service,
}

impl RatingFactor {
    /// Percent.
    #[must_use]
    pub const fn weight(self) -> u32 {
        match self {
            Self::Delivery => 40,
            Self::Quality => 30,
            Self::Cost => 20,
            Self::Service => 10,
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RatedFactor {
    pub name: RatingFactor,
    /// What was found, in words.
    pub found: Option<String>,
    pub points: Figure<Points>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SupplierRating {
    pub weighed: Weighed,
    pub factors: Vec<RatedFactor>,
}

/// Of one supplier's orders, each with the present day of its store.
#[must_use]
pub fn rate<'a>(
    orders: impl IntoIterator<Item = (&'a PurchaseOrder, NaiveDate)>,
) -> SupplierRating {
    let mut orders: Vec<_> = orders
        .into_iter()
        .filter_map(|(order, today)| Some((order.sent.as_ref()?.0.at, order, today)))
        .collect();
    orders.sort_by_key(|(at, order, _)| std::cmp::Reverse((*at, order.number)));
    let delays = newest(&orders, delay);
    let came = newest(&orders, |order, _| Came::of(order));
    let charged = newest(&orders, |order, _| above(order));
    let factors = vec![delivery(&delays), quality(&came), cost(&charged), service()];
    let weighed = factors.iter().map(|f| (f.name.weight(), f.points.value));
    SupplierRating {
        weighed: Weighed::of(weighed),
        factors,
    }
}

fn newest<At, T>(
    orders: &[(At, &PurchaseOrder, NaiveDate)],
    tells: impl Fn(&PurchaseOrder, NaiveDate) -> Option<T>,
) -> Vec<T> {
    let told = orders.iter().filter_map(|(_, o, today)| tells(o, *today));
    told.take(MOST).collect()
}

/// Days after the agreed one on which it was whole, or so far; 0 when it was in time, `None` where nothing can be said yet.
fn delay(order: &PurchaseOrder, today: NaiveDate) -> Option<i64> {
    let expected = order.expected_on?;
    let last = order.receipts.iter().map(|r| r.received_on).max();
    let day = match order.status {
        PurchaseStatus::Received | PurchaseStatus::Closed => last?,
        PurchaseStatus::Sent | PurchaseStatus::ReceivedPartly => {
            Some(today).filter(|t| *t > expected)?
        }
        PurchaseStatus::Draft | PurchaseStatus::Approved | PurchaseStatus::Cancelled => {
            return None;
        }
    };
    Some((day - expected).num_days().max(0))
}

/// Units of an order of which nothing more comes.
struct Came {
    ordered: i64,
    sound: i64,
    damaged: i64,
    /// Of which nobody said whether they are damaged.
    unseen: i64,
}

impl Came {
    fn of(order: &PurchaseOrder) -> Option<Self> {
        let is_over = matches!(
            order.status,
            PurchaseStatus::Received | PurchaseStatus::Closed
        );
        if !is_over {
            return None;
        }
        let mut came = Self {
            ordered: 0,
            sound: 0,
            damaged: 0,
            unseen: 0,
        };
        for (at, line) in order.lines.iter().enumerate() {
            let received = order.receipts.iter().flat_map(|r| &r.lines);
            let (mut sound, mut damaged) = (0_i64, 0_i64);
            for got in received.filter(|l| l.line == at) {
                sound = sound.saturating_add(got.sound());
                damaged = damaged.saturating_add(got.damaged.unwrap_or(0));
                if got.damaged.is_none() {
                    came.unseen = came.unseen.saturating_add(got.quantity);
                }
            }
            came.ordered = came.ordered.saturating_add(line.quantity);
            came.sound = came.sound.saturating_add(sound.min(line.quantity));
            came.damaged = came.damaged.saturating_add(damaged);
        }
        Some(came)
    }
}

/// Hundredths of a percent that were charged above what was agreed, over what somebody wrote down; below it is less than 0.
fn above(order: &PurchaseOrder) -> Option<i64> {
    let lines = order.receipts.iter().flat_map(|r| &r.lines);
    let (mut charged, mut agreed) = (Decimal::ZERO, Decimal::ZERO);
    for got in lines {
        let (Some(cost), Some(line)) = (got.charged, order.lines.get(got.line)) else {
            continue;
        };
        let units = Decimal::from(got.quantity);
        charged = charged.checked_add(cost.checked_mul(units)?)?;
        agreed = agreed.checked_add(line.unit_cost.checked_mul(units)?)?;
    }
    let share = charged.checked_sub(agreed)?.checked_div(agreed)?;
    share.checked_mul(Decimal::from(10_000))?.round().to_i64()
}

fn factor(name: RatingFactor, found: String, points: i64, source: String) -> RatedFactor {
    RatedFactor {
        name,
        found: Some(found),
        points: Figure::known(Points::sure(points.clamp(0, 100)), source),
    }
}

fn missing(name: RatingFactor, why: &str) -> RatedFactor {
    RatedFactor {
        name,
        found: None,
        points: Figure::unknown(why),
    }
}

fn count(of: usize) -> i64 {
    i64::try_from(of).unwrap_or(i64::MAX)
}

fn delivery(delays: &[i64]) -> RatedFactor {
    let name = RatingFactor::Delivery;
    if delays.len() < LEAST {
        return missing(
            name,
            "fewer than 2 orders with an agreed day have come or are late",
        );
    }
    let n = count(delays.len());
    let in_time = count(delays.iter().filter(|d| **d == 0).count());
    let late = delays.iter().fold(0_i64, |sum, d| sum.saturating_add(*d));
    let points = divide((100 * in_time).saturating_sub(late.saturating_mul(STEP)), n);
    let tenths = divide(late.saturating_mul(10), n);
    let found = format!(
        "{in_time} of {n} orders in time, {}.{} days late on average",
        tenths / 10,
        tenths % 10
    );
    factor(
        name,
        found,
        points,
        format!("{n} own orders with an agreed day"),
    )
}

fn quality(orders: &[Came]) -> RatedFactor {
    let name = RatingFactor::Quality;
    let sum = |of: fn(&Came) -> i64| orders.iter().fold(0_i64, |s, o| s.saturating_add(of(o)));
    let ordered = sum(|o| o.ordered);
    if orders.len() < LEAST || ordered == 0 {
        return missing(name, "fewer than 2 orders have come");
    }
    let (sound, damaged, unseen) = (sum(|o| o.sound), sum(|o| o.damaged), sum(|o| o.unseen));
    let mut found =
        format!("{sound} of {ordered} units came and can be sold, {damaged} came damaged");
    if unseen > 0 {
        found.push_str(&format!(
            "; of {unseen} nobody wrote down whether they were damaged"
        ));
    }
    let n = orders.len();
    let points = divide(sound.saturating_mul(100), ordered);
    factor(
        name,
        found,
        points,
        format!("{n} own orders that have come"),
    )
}

fn cost(above: &[i64]) -> RatedFactor {
    let name = RatingFactor::Cost;
    if above.len() < LEAST {
        return missing(
            name,
            "what was charged is written down of fewer than 2 orders",
        );
    }
    let n = count(above.len());
    let mean = divide(above.iter().fold(0_i64, |s, a| s.saturating_add(*a)), n);
    let points = 100_i64.saturating_sub(divide(mean.max(0).saturating_mul(STEP), 100));
    let tenths = divide(mean, 10).abs();
    let found = if tenths == 0 {
        "charged as agreed".to_owned()
    } else {
        let side = if mean > 0 { "above" } else { "below" };
        format!(
            "charged {}.{} % {side} what was agreed",
            tenths / 10,
            tenths % 10
        )
    };
    factor(name, found, points, format!("receipts of {n} own orders"))
}

fn service() -> RatedFactor {
    missing(
        RatingFactor::Service,
        "nothing is written down of how they answer and set right what was wrong",
    )
}
