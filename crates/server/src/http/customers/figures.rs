//! Values that several answers about customers share.

use crate::http::amounts::{amount, optional_amount, share};
use application::customers::Visibility;
use chrono::NaiveDate;
use domain::customers::{Estimate, HorizonValue, MIN_FOR_INTERVAL, SegmentSums, Standing, Unknown};
use domain::money::Currency;
use serde::Serialize;
use utoipa::ToSchema;

/// Whether names and mail addresses are there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = PersonalData)]
pub(crate) enum PersonalData {
    Granted,
    /// The connection lacks `read_customers`.
    NoScope,
    /// Granted, but names and mail addresses come empty: access to protected customer data is not approved.
    Withheld,
}

impl From<Visibility> for PersonalData {
    fn from(visibility: Visibility) -> Self {
        match visibility {
            Visibility::Granted => Self::Granted,
            Visibility::NoScope => Self::NoScope,
            Visibility::Withheld => Self::Withheld,
        }
    }
}

/// A part of a whole from 0 to 1; `None` of nothing.
pub(crate) fn ratio(part: u64, whole: u64) -> Option<f64> {
    let (part, whole) = (u128::from(part), u128::from(whole));
    if whole == 0 {
        return None;
    }
    let scaled = (part * 20_000 + whole) / (whole * 2);
    Some(share(i64::try_from(scaled).unwrap_or(i64::MAX)))
}

/// The part of net revenue whose product cost is known; `None` without revenue.
pub(crate) fn coverage(net_revenue: i64, without_cost: i64) -> Option<f64> {
    let whole = u64::try_from(net_revenue).ok().filter(|n| *n > 0)?;
    let part = u64::try_from(net_revenue - without_cost).unwrap_or(0);
    ratio(part.min(whole), whole)
}

/// Contribution margin (CM2) of what is covered; `None` when nothing is.
pub(crate) fn margin(cm2: i64, net_revenue: i64, without_cost: i64) -> Option<i64> {
    let nothing_known = without_cost != 0 && without_cost == net_revenue;
    (!nothing_known).then_some(cm2)
}

/// A mean over customers with its 95 % interval.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Estimate)]
pub(crate) struct EstimateBody {
    value: String,
    /// Null with fewer than thirty customers.
    low: Option<String>,
    high: Option<String>,
    customers: u64,
}

impl EstimateBody {
    pub(crate) fn of(estimate: &Estimate, currency: Currency) -> Self {
        Self {
            value: amount(estimate.mean, currency),
            low: optional_amount(estimate.low, currency),
            high: optional_amount(estimate.high, currency),
            customers: estimate.customers,
        }
    }
}

/// Contribution margin per customer up to a day after the first order.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = HorizonValue)]
pub(crate) struct HorizonBody {
    days: u32,
    /// Only of customers who have been there that long.
    observed: Option<EstimateBody>,
    /// An estimate of what is not observed yet, always with its interval.
    projected: Option<EstimateBody>,
    /// Up to which day the projection is observed.
    projected_from_day: Option<u32>,
    /// Why nothing is observed.
    reason: Option<String>,
    /// Part of the revenue behind the observed value whose product cost is known.
    coverage: Option<f64>,
}

impl HorizonBody {
    pub(crate) fn of(value: &HorizonValue, currency: Currency) -> Self {
        Self {
            days: value.days,
            observed: value.observed.map(|e| EstimateBody::of(&e, currency)),
            projected: value.projected.map(|e| EstimateBody::of(&e, currency)),
            projected_from_day: value.projected_from,
            reason: value.unknown.map(|u| reason(u, value.days)),
            coverage: coverage(value.net_revenue, value.net_revenue_without_cost),
        }
    }
}

fn reason(unknown: Unknown, days: u32) -> String {
    match unknown {
        Unknown::TooYoung { observed_days } => {
            format!("{observed_days} of {days} days observed")
        }
        Unknown::NoCosts => "no product cost is known for anything that was bought".to_owned(),
        Unknown::Nobody => "nobody has ordered yet".to_owned(),
    }
}

/// Why a mean has no interval.
pub(crate) fn interval_note(estimate: Option<&Estimate>) -> Option<String> {
    let estimate = estimate.filter(|e| e.low.is_none())?;
    Some(format!(
        "an interval needs at least {MIN_FOR_INTERVAL} customers; there are {}",
        estimate.customers
    ))
}

/// Sums over customers.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = CustomerSums)]
pub(crate) struct SumsBody {
    pub(crate) customers: u64,
    orders: i64,
    net_revenue: String,
    /// CM2 of what is covered; null when no cost is known.
    margin: Option<String>,
    coverage: Option<f64>,
}

impl SumsBody {
    pub(crate) fn of(sums: &SegmentSums, currency: Currency) -> Self {
        let (revenue, without) = (sums.net_revenue, sums.net_revenue_without_cost);
        Self {
            customers: sums.customers,
            orders: sums.orders,
            net_revenue: amount(revenue, currency),
            margin: optional_amount(margin(sums.cm2, revenue, without), currency),
            coverage: coverage(revenue, without),
        }
    }
}

/// What a customer has brought so far.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = CustomerStanding)]
pub(crate) struct StandingBody {
    first_order_on: NaiveDate,
    last_order_on: NaiveDate,
    orders: i64,
    net_revenue: String,
    /// Lifetime value so far: CM2 of what is covered; null when no cost is known.
    margin: Option<String>,
    coverage: Option<f64>,
}

impl StandingBody {
    pub(crate) fn of(of: &Standing, currency: Currency) -> Self {
        let (revenue, without) = (of.net_revenue, of.net_revenue_without_cost);
        Self {
            first_order_on: of.first_day,
            last_order_on: of.last_day,
            orders: of.orders,
            net_revenue: amount(revenue, currency),
            margin: optional_amount(margin(of.cm2, revenue, without), currency),
            coverage: coverage(revenue, without),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_rounded_and_nothing_has_no_parts() {
        assert_eq!(ratio(1, 3), Some(0.3333));
        assert_eq!(ratio(2, 3), Some(0.6667));
        assert_eq!(ratio(0, 0), None);
        assert_eq!(coverage(-5, 0), None);
        assert_eq!(margin(0, 100, 100), None);
        assert_eq!(margin(40, 100, 10), Some(40));
    }
}
