//! From whom a line of an order is had: what it costs until it is there, how soon, and how well the supplier kept its word so far.

use super::ShipTime;
use crate::ids::{SupplierMappingId, SupplierProductId};
use crate::money::Money;
use serde::{Deserialize, Serialize};

/// One way of having a line. Money as the supplier quotes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Route {
    pub mapping: SupplierMappingId,
    pub product: SupplierProductId,
    pub supplier: String,
    /// ISO 3166-1 alpha-2 of the warehouse.
    pub ships_from: String,
    pub service: String,
    pub goods: Money,
    pub shipping: Money,
    /// Both, in minor units of the store's currency at today's rate; `None`: no rate is known.
    pub landed: Option<i64>,
    pub days: Option<ShipTime>,
    pub kept: ServiceScore,
    pub score: RouteScore,
}

/// From 0 to 10 000, with what it is made of; a factor that is not known is left out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct RouteScore {
    pub total: i64,
    pub cost: Option<i64>,
    pub time: Option<i64>,
    pub service: Option<i64>,
}

/// How many of the supplier's orders arrived when they were promised.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServiceScore {
    /// Ten-thousandths; `None` below [`ServiceScore::LEAST`] orders.
    pub share: Option<i64>,
    pub orders: u32,
}

/// Why nothing is had by a mapping.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoRoute {
    #[error("the supplier does not offer it any more")]
    Gone,
    #[error("{0} takes no orders by an interface")]
    NoInterface(&'static str),
    #[error("the supplier is not connected")]
    NotConnected,
    #[error("the supplier has no number to order it by")]
    NoNumber,
    #[error("it has no single price")]
    NoPrice,
    #[error("it is out of stock")]
    OutOfStock,
    #[error("nothing says from where it is sent")]
    NoWarehouse,
    #[error("it is not sent to {0}")]
    NotSent(String),
    #[error("the supplier did not answer: {0}")]
    NoAnswer(String),
}

impl ServiceScore {
    /// Fewer orders say nothing.
    pub const LEAST: u32 = 5;
}

/// Of orders that ended: whether each was there in time. What was cancelled by the supplier was not.
#[must_use]
pub fn service(ended: impl IntoIterator<Item = bool>) -> ServiceScore {
    let (mut orders, mut kept) = (0_u32, 0_i64);
    for in_time in ended {
        orders = orders.saturating_add(1);
        kept += i64::from(in_time);
    }
    ServiceScore {
        share: (orders >= ServiceScore::LEAST).then(|| kept * 10_000 / i64::from(orders)),
        orders,
    }
}

/// Parts of the score, in hundredths: what it costs, how soon it is there, how well the word is kept.
const WEIGHTS: [i64; 3] = [60, 25, 15];

/// The best first. A cost is worth the cheapest over itself, a time the shortest over itself; service is its own share. Weights of factors
/// that are not known are shared out among the others; what has no cost in the store's currency stands last. Equal ones stand by cost,
/// days and the mapping's number, so that the same routes have the same order.
#[must_use]
pub fn rank(mut routes: Vec<Route>) -> Vec<Route> {
    let days = |r: &Route| r.days.map(|d| i64::from(d.max_days.max(1)));
    let cheapest = routes.iter().filter_map(|r| r.landed).min();
    let fastest = routes.iter().filter_map(days).min();
    let of_best = |best: Option<i64>, own: Option<i64>| {
        let (best, own) = (best?, own?);
        Some(if own <= 0 {
            10_000
        } else {
            best.max(0) * 10_000 / own
        })
    };
    for route in &mut routes {
        let factors = [
            of_best(cheapest, route.landed),
            of_best(fastest, days(route)),
            route.kept.share,
        ];
        let known = factors.iter().zip(WEIGHTS);
        let (sum, weights) = known.fold((0, 0), |(sum, weights), (factor, weight)| match factor {
            Some(factor) => (sum + factor * weight, weights + weight),
            None => (sum, weights),
        });
        route.score = RouteScore {
            total: if weights == 0 { 0 } else { sum / weights },
            cost: factors[0],
            time: factors[1],
            service: factors[2],
        };
    }
    routes.sort_by_key(|r| {
        let landed = r.landed.unwrap_or(i64::MAX);
        let days = days(r).unwrap_or(i64::MAX);
        (r.landed.is_none(), -r.score.total, landed, days, r.mapping)
    });
    routes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::money::Currency;
    use uuid::Uuid;

    fn route(
        number: u128,
        landed: Option<i64>,
        max_days: Option<u32>,
        share: Option<i64>,
    ) -> Route {
        let usd = Currency::parse("USD").unwrap();
        Route {
            mapping: SupplierMappingId(Uuid::from_u128(number)),
            product: SupplierProductId(Uuid::from_u128(number)),
            supplier: "Acme".into(),
            ships_from: "US".into(),
            service: "Post".into(),
            goods: Money::new(100, usd),
            shipping: Money::new(50, usd),
            landed,
            days: max_days.map(|max_days| ShipTime {
                min_days: 1,
                max_days,
            }),
            kept: ServiceScore { share, orders: 9 },
            score: RouteScore::default(),
        }
    }

    fn order(routes: Vec<Route>) -> Vec<u128> {
        let ranked = rank(routes).into_iter();
        ranked.map(|r| r.mapping.0.as_u128()).collect()
    }

    #[test]
    fn the_cheaper_is_first_until_the_other_is_much_faster_and_better() {
        let cheap = route(1, Some(1_000), Some(10), None);
        assert_eq!(
            order(vec![route(2, Some(1_100), Some(10), None), cheap.clone()]),
            [1, 2]
        );
        let fast = route(3, Some(1_100), Some(3), Some(9_900));
        assert_eq!(order(vec![cheap, fast]), [3, 1]);
    }

    #[test]
    fn what_has_no_cost_here_is_last_and_missing_factors_are_left_out() {
        let unknown = route(1, None, Some(1), Some(10_000));
        assert_eq!(
            order(vec![unknown, route(2, Some(9_000), None, None)]),
            [2, 1]
        );
        let ranked = rank(vec![route(2, Some(9_000), None, None)]);
        assert_eq!(ranked[0].score.total, 10_000);
        assert_eq!(ranked[0].score.time, None);
    }

    #[test]
    fn few_orders_say_nothing_of_service() {
        assert_eq!(service([true; 4]).share, None);
        let five = service([true, true, true, true, false]);
        assert_eq!((five.share, five.orders), (Some(8_000), 5));
    }
}
