//! Whether a thing meets the conditions of a rule. What nobody knows is neither met nor not met.

use super::document::{Comparator, Condition, Conditions, Match, Operand};
use super::facts::{OrderThing, VariantThing};
use super::figure::Figure;
use crate::agents::orders::ProviderRisk;
use crate::money::Currency;
use chrono::{DateTime, NaiveDate, Utc};

/// What a figure is for a thing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Found {
    Number(i64),
    Flag(bool),
    Words(Vec<String>),
    Unknown,
}

impl From<Option<i64>> for Found {
    fn from(number: Option<i64>) -> Self {
        number.map_or(Self::Unknown, Self::Number)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    Yes,
    No,
    /// The figure that nobody knows and on which it hangs.
    Unknown(Figure),
}

pub(super) fn verdict(conditions: &Conditions, find: impl Fn(&Condition) -> Found) -> Verdict {
    let mut unknown = None;
    for condition in &conditions.conditions {
        match (holds(condition, &find(condition)), conditions.of) {
            (Some(true), Match::Any) => return Verdict::Yes,
            (Some(false), Match::All) => return Verdict::No,
            (None, _) => unknown = unknown.or(Some(condition.figure)),
            (Some(_), _) => {}
        }
    }
    match (unknown, conditions.of) {
        (Some(figure), _) => Verdict::Unknown(figure),
        (None, Match::All) => Verdict::Yes,
        (None, Match::Any) => Verdict::No,
    }
}

fn holds(condition: &Condition, found: &Found) -> Option<bool> {
    let same = |a: &str, b: &str| a.trim().to_lowercase() == b.trim().to_lowercase();
    match (found, &condition.value) {
        (Found::Number(found), Operand::Number(number)) => match condition.is {
            Comparator::AtLeast => Some(found >= number),
            Comparator::AtMost => Some(found <= number),
            Comparator::Above => Some(found > number),
            Comparator::Below => Some(found < number),
            Comparator::Equals => Some(found == number),
            Comparator::AnyOf | Comparator::NoneOf => None,
        },
        (Found::Flag(found), Operand::Flag(flag)) => Some(found == flag),
        (Found::Words(found), Operand::Words(words)) => {
            let any = found.iter().any(|f| words.iter().any(|w| same(f, w)));
            match condition.is {
                Comparator::AnyOf => Some(any),
                Comparator::NoneOf => Some(!any),
                _ => None,
            }
        }
        _ => None,
    }
}

pub(super) fn of_variant(
    thing: &VariantThing,
    until: NaiveDate,
    from: NaiveDate,
    condition: &Condition,
) -> Found {
    let days = condition.days.unwrap_or(1);
    let over = || thing.over(days, until);
    let word = |pick: fn(&super::facts::ProductFacts) -> &String| {
        let facts = thing.product_facts.as_ref();
        facts.map_or(Found::Unknown, |f| Found::Words(vec![pick(f).clone()]))
    };
    match condition.figure {
        Figure::Stock => thing.stock.into(),
        Figure::Price => thing.price.into(),
        Figure::CostKnown => Found::Flag(thing.cost.is_some()),
        Figure::UnitMargin => unit_margin(thing).into(),
        Figure::UnitsSold => Found::Number(over().units),
        Figure::NetSales => Found::Number(over().net),
        Figure::Contribution => {
            let sum = over();
            (sum.without_cost == 0).then_some(sum.contribution).into()
        }
        Figure::StockCover => {
            let units = over().units;
            let cover = thing.stock.filter(|_| units > 0);
            cover
                .and_then(|stock| stock.max(0).checked_mul(i64::from(days)))
                .map(|days| days / units)
                .into()
        }
        Figure::DaysWithoutSale => Found::Number(days_without_sale(thing, from, until)),
        Figure::DaysListed => Found::Number((until - thing.listed_on).num_days() + 1),
        Figure::ProductStatus => word(|f| &f.status),
        Figure::ProductType => word(|f| &f.product_type),
        Figure::Vendor => word(|f| &f.vendor),
        Figure::ProductTags => match &thing.product_facts {
            Some(facts) => Found::Words(facts.tags.clone()),
            None => Found::Unknown,
        },
        _ => Found::Unknown,
    }
}

/// In ten-thousandths of the price.
pub(super) fn unit_margin(thing: &VariantThing) -> Option<i64> {
    let price = i128::from(thing.price?);
    let left = (price - i128::from(thing.cost?)) * 10_000;
    (price > 0)
        .then(|| left.div_euclid(price))
        .and_then(|share| i64::try_from(share).ok())
}

/// Whole days since the last one with a sale; without any, those in which it could have been sold, as far back as is looked.
fn days_without_sale(thing: &VariantThing, from: NaiveDate, until: NaiveDate) -> i64 {
    let sold = thing.days.iter().filter(|d| d.units > 0 && d.day <= until);
    let last = sold.map(|d| d.day).max();
    match last {
        Some(day) => (until - day).num_days(),
        None => ((until - thing.listed_on.max(from)).num_days() + 1).max(0),
    }
}

pub(super) fn of_order(
    thing: &OrderThing,
    currency: Currency,
    now: DateTime<Utc>,
    condition: &Condition,
) -> Found {
    let order = &thing.order;
    let count = |n: Option<u64>| n.and_then(|n| i64::try_from(n).ok()).into();
    let word = |word: &str| Found::Words(vec![word.to_owned()]);
    let is_present = thing.is_present;
    match condition.figure {
        Figure::Total => (order.currency == currency).then_some(order.amount).into(),
        Figure::Risk => match order.provider_risk {
            Some(ProviderRisk::High) => word("high"),
            Some(ProviderRisk::Medium) => word("medium"),
            Some(ProviderRisk::Low) => word("low"),
            None => Found::Unknown,
        },
        Figure::AgeHours => Found::Number((now - order.created_at).num_hours()),
        Figure::PaidHours => order.paid_at.map(|at| (now - at).num_hours()).into(),
        Figure::PaymentState if is_present => word(&order.financial_status),
        Figure::FulfillmentState if is_present => word(&order.fulfillment_status),
        Figure::Country => order.country.as_deref().map_or(Found::Unknown, word),
        Figure::BilledElsewhere => match (&order.country, &order.billing_country) {
            (Some(to), Some(billed)) => Found::Flag(!to.eq_ignore_ascii_case(billed)),
            _ => Found::Unknown,
        },
        Figure::Ships => Found::Flag(order.ships),
        Figure::EarlierOrders => count(order.earlier_orders),
        Figure::OrdersInDay => count(order.orders_in_24h),
        Figure::OrderTags if is_present => Found::Words(order.tags.clone()),
        _ => Found::Unknown,
    }
}
