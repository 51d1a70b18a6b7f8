//! One score of an order's risk, with its reasons. What is not known is left out, and how much that is is said.

use super::SPEC;
use super::facts::{Facts, OrderFacts, ProviderRisk};
use crate::agents::settings::Values;

/// What has a say in the score.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Factor {
    Customer,
    Amount,
    Address,
    City,
    Burst,
    Mail,
    Provider,
}

impl Factor {
    pub(super) const fn label(self) -> &'static str {
        match self {
            Self::Customer => "the customer's earlier orders",
            Self::Amount => "the amount beside others",
            Self::Address => "the billing country",
            Self::City => "the billing city",
            Self::Burst => "the customer's orders within a day",
            Self::Mail => "the kind of mail address",
            Self::Provider => "the provider's own assessment",
        }
    }
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Score {
    /// 0 to 100.
    pub points: i64,
    /// What added to it, or took from it.
    pub reasons: Vec<(String, i64)>,
    pub missing: Vec<Factor>,
    /// The most points that factors could give of which the facts are known, and all factors together.
    known: i64,
    all: i64,
}

impl Score {
    /// In thousandths: the share of all points that could be given whose facts are known. What is unknown could only add points, so that
    /// the score found is a lower bound; how low is what this says.
    pub(super) fn confidence(&self) -> u32 {
        if self.all == 0 {
            return 1_000;
        }
        u32::try_from(self.known * 1_000 / self.all).unwrap_or(0)
    }

    fn weigh(&mut self, factor: Factor, most: i64, found: Option<Option<(String, i64)>>) {
        self.all += most;
        match found {
            None => self.missing.push(factor),
            Some(reason) => {
                self.known += most;
                self.reasons
                    .extend(reason.filter(|(_, points)| *points != 0));
            }
        }
    }
}

pub(super) fn score(order: &OrderFacts, facts: &Facts, values: &Values) -> Score {
    let n = |key: &str| SPEC.number(values, key);
    let mut score = Score::default();
    let customer = order.earlier_orders.map(|earlier| customer(earlier, &n));
    let most = n("first_order").max(n("few_orders"));
    score.weigh(Factor::Customer, most, customer);
    let most = n("large").max(n("larger")).max(n("some"));
    score.weigh(Factor::Amount, most, amount(order, facts, values));
    address(&mut score, order, &n);
    let burst = order.orders_in_24h.map(|count| {
        let many = whole(count) > n("burst_above");
        many.then(|| (format!("{count} orders within 24 hours"), n("burst")))
    });
    score.weigh(Factor::Burst, n("burst"), burst);
    let mail = order.disposable_mail.map(|throw_away| {
        throw_away.then(|| ("throw-away mail address".to_owned(), n("disposable_mail")))
    });
    score.weigh(Factor::Mail, n("disposable_mail"), mail);
    let provider = order.provider_risk.map(|risk| {
        let (word, points) = match risk {
            ProviderRisk::Low => return None,
            ProviderRisk::Medium => ("medium", n("provider_medium")),
            ProviderRisk::High => ("high", n("provider_high")),
        };
        Some((format!("the provider calls the risk {word}"), points))
    });
    let most = n("provider_high").max(n("provider_medium"));
    score.weigh(Factor::Provider, most, provider);
    let sum: i64 = score.reasons.iter().map(|(_, points)| points).sum();
    score.points = sum.clamp(0, 100);
    score
}

fn customer(earlier: u64, n: &impl Fn(&str) -> i64) -> Option<(String, i64)> {
    match whole(earlier) {
        0 => Some(("the customer's first order".to_owned(), n("first_order"))),
        few if few < n("few_below") => Some((
            format!("only {few} earlier orders of the customer"),
            n("few_orders"),
        )),
        many if many > n("regular_above") => Some((
            format!("{many} earlier orders of the customer"),
            n("regular"),
        )),
        _ => None,
    }
}

/// `None`: there is nothing to compare it with.
fn amount(order: &OrderFacts, facts: &Facts, values: &Values) -> Option<Option<(String, i64)>> {
    let n = |key: &str| SPEC.number(values, key);
    if order.currency != facts.currency {
        return None;
    }
    let steps = if SPEC.flag(values, "relative_amounts") {
        let median = i128::from(facts.median?.amount);
        let times = |key| (median * i128::from(n(key))).div_euclid(10_000);
        [
            (times("large_times"), n("large")),
            (times("larger_times"), n("larger")),
            (times("some_times"), n("some")),
        ]
    } else {
        let fixed = |key| i128::from(n(key));
        [
            (fixed("large_above"), n("large")),
            (fixed("larger_above"), n("larger")),
            (fixed("some_above"), n("some")),
        ]
    };
    let shown = |minor: i128| {
        let minor = i64::try_from(minor).unwrap_or(i64::MAX);
        crate::money::Money::new(minor, facts.currency).to_string()
    };
    let above = steps
        .into_iter()
        .find(|(limit, _)| i128::from(order.amount) > *limit);
    Some(above.map(|(limit, points)| {
        let text = format!("more than {} {}", shown(limit), facts.currency);
        (text, points)
    }))
}

/// Another country, else another city. Where only the countries are known, the city's points are unknown.
fn address(score: &mut Score, order: &OrderFacts, n: &impl Fn(&str) -> i64) {
    let (country, city) = (n("other_country"), n("other_city"));
    let differ = |a: &Option<String>, b: &Option<String>| {
        let (a, b) = (a.as_deref()?.trim(), b.as_deref()?.trim());
        Some(a.to_lowercase() != b.to_lowercase())
    };
    match differ(&order.country, &order.billing_country) {
        None => score.weigh(Factor::Address, country.max(city), None),
        Some(true) => {
            let reason = ("billed to another country".to_owned(), country);
            score.weigh(Factor::Address, country, Some(Some(reason)));
        }
        Some(false) => {
            score.weigh(Factor::Address, (country - city).max(0), Some(None));
            let found = differ(&order.city, &order.billing_city)
                .map(|differs| differs.then(|| ("billed to another city".to_owned(), city)));
            score.weigh(Factor::City, city, found);
        }
    }
}

fn whole(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::super::tests::{facts, order};
    use super::*;
    use crate::agents::settings::Value;

    #[track_caller]
    fn check(order: &OrderFacts, values: &Values, points: i64, confidence: u32) {
        let score = score(order, &facts(vec![]), values);
        assert_eq!((score.points, score.confidence()), (points, confidence));
    }

    #[test]
    fn a_first_large_order_has_what_both_add() {
        // Known: 20 of the customer, 25 of the amount, 30 of the burst; unknown: 30 address, 45 mail, 30 provider.
        check(&order(1), &Values::new(), 45, 75 * 1000 / 180);
    }

    #[test]
    fn a_customer_nobody_knows_adds_nothing_and_lowers_the_confidence() {
        let mut one = order(1);
        (one.earlier_orders, one.orders_in_24h) = (None, None);
        check(&one, &Values::new(), 25, 25 * 1000 / 180);
    }

    #[test]
    fn everything_known_and_everything_bad_is_a_hundred_at_most() {
        let mut one = order(1);
        one.orders_in_24h = Some(6);
        one.billing_country = Some("FR".into());
        one.disposable_mail = Some(true);
        one.provider_risk = Some(ProviderRisk::High);
        check(&one, &Values::new(), 100, 1000);
    }

    #[test]
    fn limits_are_passed_only_above_them() {
        let mut one = order(1);
        one.earlier_orders = Some(5);
        for (amount, points) in [(10_000, 0), (10_001, 5), (20_001, 15), (50_001, 25)] {
            one.amount = amount;
            check(&one, &Values::new(), points, 416);
        }
        one.amount = 0;
        one.orders_in_24h = Some(5);
        check(&one, &Values::new(), 0, 416);
        one.earlier_orders = Some(2);
        check(&one, &Values::new(), 10, 416);
        one.earlier_orders = Some(21);
        check(&one, &Values::new(), 0, 416);
    }

    #[test]
    fn cities_count_within_one_country() {
        let mut one = order(1);
        one.amount = 0;
        one.billing_country = Some("de".into());
        check(&one, &Values::new(), 20, (75 + 15) * 1000 / 180);
        one.city = Some("Ulm".into());
        one.billing_city = Some("Kiel".into());
        check(&one, &Values::new(), 35, (75 + 30) * 1000 / 180);
    }

    #[test]
    fn amounts_are_weighed_by_the_store_s_own_where_that_is_set() {
        let relative = Values::from([("relative_amounts".to_owned(), Value::Flag(true))]);
        // The middle order of the facts is 400.00: 600.00 is above it, yet not twice as much.
        check(&order(1), &relative, 25, 416);
        let mut without = facts(vec![]);
        without.median = None;
        let score = score(&order(1), &without, &relative);
        assert_eq!(score.points, 20);
        assert!(score.missing.contains(&Factor::Amount));
    }

    #[test]
    fn an_amount_in_another_currency_is_not_weighed() {
        let mut one = order(1);
        one.currency = "JPY".parse().unwrap();
        check(&one, &Values::new(), 20, 50 * 1000 / 180);
    }

    #[test]
    fn settings_at_their_bounds_do_no_harm() {
        let bounds: [fn(&crate::agents::Field) -> i64; 2] = [|f| f.min, |f| f.max];
        for bound in bounds {
            let values: Values = SPEC
                .fields
                .iter()
                .filter(|f| f.unit != crate::agents::Unit::Words)
                .map(|f| (f.key.to_owned(), Value::Number(bound(f))))
                .collect();
            let score = score(&order(1), &facts(vec![]), &values);
            assert!((0..=100).contains(&score.points));
            assert!(score.confidence() <= 1_000);
        }
    }
}
