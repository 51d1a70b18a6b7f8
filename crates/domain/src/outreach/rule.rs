//! Who belongs to a segment, and for what.

use super::{Checkout, OutreachLimits};
use crate::customers::{CustomerSettings, FixedSegment, Standing};
use crate::ids::{CheckoutId, CustomerId, ProductId};
use crate::money::Currency;
use chrono::{DateTime, Days, Duration, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use std::fmt;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SegmentRule {
    /// One order so far, within the days of the settings.
    New,
    /// At least two orders.
    Repeat,
    /// No order for more days than the customer settings say.
    Lapsed,
    /// More lifetime net revenue than the customer settings say.
    HighValue,
    /// An order with the product that was not taken back whole.
    Bought(ProductId),
    /// Left a checkout behind.
    AbandonedCheckout,
}

/// Why somebody is written to; equal for the same reason. It names days, numbers of orders and things, never a person.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Cause(pub String);

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Somebody in a segment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    pub customer: CustomerId,
    pub cause: Cause,
    /// Of an abandoned one.
    pub checkout: Option<Checkout>,
}

/// What segments are told apart by, on one day.
#[derive(Debug, Clone, Copy)]
pub struct Thresholds {
    pub today: NaiveDate,
    pub currency: Currency,
    pub customers: CustomerSettings,
    pub limits: OutreachLimits,
}

impl SegmentRule {
    /// Without the product of [`Self::Bought`].
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Repeat => "repeat",
            Self::Lapsed => "lapsed",
            Self::HighValue => "high_value",
            Self::Bought(_) => "bought",
            Self::AbandonedCheckout => "abandoned_checkout",
        }
    }

    /// With the product.
    #[must_use]
    pub fn word(self) -> String {
        match self {
            Self::Bought(product) => format!("{}:{product}", self.as_str()),
            _ => self.as_str().to_owned(),
        }
    }

    /// Reads what [`Self::word`] wrote.
    #[must_use]
    pub fn of_word(word: &str) -> Option<Self> {
        Some(match word.split_once(':') {
            Some(("bought", product)) => Self::Bought(product.parse().ok()?),
            Some(_) => return None,
            None => match word {
                "new" => Self::New,
                "repeat" => Self::Repeat,
                "lapsed" => Self::Lapsed,
                "high_value" => Self::HighValue,
                "abandoned_checkout" => Self::AbandonedCheckout,
                _ => return None,
            },
        })
    }

    /// For what somebody with these orders is in it; `None`: they are not, or it goes by something else than orders as a whole.
    #[must_use]
    pub fn cause(self, of: &Standing, by: &Thresholds) -> Option<Cause> {
        let fixed = |segment: FixedSegment| segment.holds(of, &by.customers, by.currency, by.today);
        let cause = match self {
            Self::New => {
                let since = by.today - Days::new(u64::from(by.limits.new_days));
                (of.orders == 1 && of.first_day > since).then(|| format!("new:{}", of.first_day))
            }
            // Each further order is a reason of its own.
            Self::Repeat => (of.orders >= 2).then(|| format!("repeat:{}", of.orders)),
            Self::Lapsed => fixed(FixedSegment::Lapsing).then(|| format!("lapsed:{}", of.last_day)),
            Self::HighValue => {
                fixed(FixedSegment::Vip).then(|| format!("high_value:{}", by.customers.vip_above))
            }
            Self::Bought(_) | Self::AbandonedCheckout => None,
        };
        cause.map(Cause)
    }

    /// Of somebody who bought it last on this day.
    #[must_use]
    pub fn bought(product: ProductId, last: NaiveDate) -> Cause {
        Cause(format!("bought:{product}:{last}"))
    }

    #[must_use]
    pub fn checkout(id: CheckoutId) -> Cause {
        Cause(format!("checkout:{id}"))
    }
}

impl Checkout {
    /// Whether somebody is to be reminded of it: long enough left alone, not too long ago, and nothing bought since. `last_order`: the
    /// day of the customer's last order, `day`: that of the checkout.
    #[must_use]
    pub fn is_abandoned(
        &self,
        now: DateTime<Utc>,
        limits: &OutreachLimits,
        day: NaiveDate,
        last_order: Option<NaiveDate>,
    ) -> bool {
        let age = now - self.updated_at;
        self.completed_at.is_none()
            && age >= Duration::hours(i64::from(limits.checkout_hours))
            && age <= Duration::days(i64::from(limits.checkout_days))
            && last_order.is_none_or(|last| last < day)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_segment_is_read_back_from_its_word() {
        for rule in [
            SegmentRule::New,
            SegmentRule::Repeat,
            SegmentRule::Lapsed,
            SegmentRule::HighValue,
            SegmentRule::Bought(ProductId(42)),
            SegmentRule::AbandonedCheckout,
        ] {
            assert_eq!(SegmentRule::of_word(&rule.word()), Some(rule));
        }
        for word in ["", "bought", "bought:", "new:1", "friends"] {
            assert_eq!(SegmentRule::of_word(word), None, "{word}");
        }
    }

    fn by() -> Thresholds {
        Thresholds {
            today: day("2026-11-29"),
            currency: "EUR".parse().unwrap(),
            customers: CustomerSettings::default(),
            limits: OutreachLimits::default(),
        }
    }

    fn standing(first: &str, last: &str, orders: i64, net_revenue: i64) -> Standing {
        Standing {
            customer: CustomerId(7),
            first_day: day(first),
            last_day: day(last),
            orders,
            net_revenue,
            net_revenue_without_cost: 0,
            cm2: 0,
        }
    }

    #[track_caller]
    fn check(rule: SegmentRule, of: &Standing, cause: Option<&str>) {
        let found = rule.cause(of, &by());
        assert_eq!(found.map(|c| c.0).as_deref(), cause);
    }

    #[test]
    fn a_cause_changes_when_its_reason_does_and_not_before() {
        let new = standing("2026-11-20", "2026-11-20", 1, 5_000);
        check(SegmentRule::New, &new, Some("new:2026-11-20"));
        check(SegmentRule::Repeat, &new, None);
        check(
            SegmentRule::New,
            &standing("2026-10-30", "2026-10-30", 1, 0),
            None,
        );
        let repeat = standing("2026-01-20", "2026-11-20", 3, 100_001);
        check(SegmentRule::New, &repeat, None);
        check(SegmentRule::Repeat, &repeat, Some("repeat:3"));
        check(SegmentRule::HighValue, &repeat, Some("high_value:1000"));
        check(SegmentRule::Lapsed, &repeat, None);
        let gone = standing("2026-01-20", "2026-08-30", 3, 100_000);
        check(SegmentRule::HighValue, &gone, None);
        check(SegmentRule::Lapsed, &gone, Some("lapsed:2026-08-30"));
    }

    #[test]
    fn a_checkout_waits_and_is_forgotten_and_an_order_ends_it() {
        let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
        let mut checkout = Checkout {
            id: CheckoutId(1),
            customer: Some(CustomerId(7)),
            created_at: at("2026-11-27T09:00:00Z"),
            updated_at: at("2026-11-27T10:00:00Z"),
            completed_at: None,
            total: 5_000,
            currency: "EUR".parse().unwrap(),
            url: None,
        };
        let limits = OutreachLimits::default();
        let asked = |of: &Checkout, now: &str, last: Option<&str>| {
            of.is_abandoned(at(now), &limits, day("2026-11-27"), last.map(day))
        };
        assert!(!asked(&checkout, "2026-11-27T13:59:59Z", None));
        assert!(asked(&checkout, "2026-11-27T14:00:00Z", None));
        assert!(asked(&checkout, "2026-12-11T10:00:00Z", Some("2026-11-26")));
        assert!(!asked(&checkout, "2026-12-11T10:00:01Z", None));
        assert!(!asked(
            &checkout,
            "2026-11-28T10:00:00Z",
            Some("2026-11-27")
        ));
        checkout.completed_at = Some(checkout.updated_at);
        assert!(!asked(&checkout, "2026-11-28T10:00:00Z", None));
    }
}
