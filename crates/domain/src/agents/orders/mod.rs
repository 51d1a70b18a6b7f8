//! Orders: which are risky and why, which are late.

mod decide;
mod facts;
mod history;
mod late;
mod risk;
mod spec;

pub use decide::decide;
pub use facts::{
    Facts, MEDIAN_DAYS, MIN_FOR_MEDIAN, Median, OrderFacts, ProviderRisk, median, paid_at,
};
pub use history::{History, PastOrder, rehearse};
pub use spec::SPEC;

use crate::ids::OrderId;

/// Tags that the agent gives; what carries one of them is not given it again.
pub const TAG_REVIEW: &str = "royal-review";
pub const TAG_LATE: &str = "royal-late";

/// Names our hold of an order.
#[must_use]
pub fn hold_handle(order: OrderId) -> String {
    format!("royal-risk-{order}")
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::money::Currency;
    use chrono::{DateTime, Utc};
    use std::collections::BTreeSet;

    pub(super) fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn eur() -> Currency {
        "EUR".parse().unwrap()
    }

    /// A first order of 600.00, paid and unsent since the start of 1 May.
    pub(super) fn order(id: i64) -> OrderFacts {
        OrderFacts {
            id: OrderId(id),
            name: format!("#{id}"),
            amount: 60_000,
            currency: eur(),
            created_at: at("2026-05-01T00:00:00Z"),
            paid_at: Some(at("2026-05-01T00:00:00Z")),
            financial_status: "paid".into(),
            fulfillment_status: "unfulfilled".into(),
            ships: true,
            tags: vec![],
            earlier_orders: Some(0),
            orders_in_24h: Some(1),
            country: Some("DE".into()),
            city: None,
            billing_country: None,
            billing_city: None,
            provider_risk: None,
            disposable_mail: None,
            holds: vec![],
        }
    }

    pub(super) fn facts(orders: Vec<OrderFacts>) -> Facts {
        Facts {
            currency: eur(),
            as_of: Some(at("2026-05-02T00:00:00Z")),
            orders,
            median: Some(Median {
                amount: 40_000,
                orders: 10,
            }),
            told: BTreeSet::new(),
            late_waits: false,
        }
    }
}
