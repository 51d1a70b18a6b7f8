//! Figures about customers: not read off a row of sales, but off the customers of the days.

use super::{Covered, Definition, Role, Unit};

const BASE: Definition = Definition {
    name: "",
    title: "",
    unit: Unit::Money,
    words: "",
    symbols: "",
    inputs: &[],
    covered: &[],
    peers: &[],
    read: |_| None,
};

const LTV_COVERED: &[Covered] = &[Covered::Cost, Covered::Shipping, Covered::Fees];

const fn ltv(name: &'static str, title: &'static str, words: &'static str) -> Definition {
    Definition {
        name,
        title,
        words,
        symbols: "Σ CM2 of their orders up to that day ÷ customers who have been there that long",
        covered: LTV_COVERED,
        ..BASE
    }
}

pub(super) const FIGURES: &[Definition] = &[
    Definition {
        name: "new_customers",
        title: "New customers",
        unit: Unit::Count,
        words: "Customers whose first order falls on these days.",
        symbols: "number of first orders",
        ..BASE
    },
    Definition {
        name: "customers",
        title: "Customers",
        unit: Unit::Count,
        words: "Customers with at least one order on these days.",
        symbols: "number of customers who ordered",
        ..BASE
    },
    Definition {
        name: "returning_customers",
        title: "Returning customers",
        unit: Unit::Count,
        words: "Customers with an order on these days and at least two orders up to their end.",
        symbols: "number of customers who ordered again",
        ..BASE
    },
    Definition {
        name: "returning_customer_rate",
        title: "Returning customer rate",
        unit: Unit::Percent,
        words: "Returning customers in percent of the customers who ordered on these days, as Shopify counts them.",
        symbols: "returning_customers ÷ customers",
        inputs: &[
            (Role::Plus, "returning_customers"),
            (Role::Over, "customers"),
        ],
        ..BASE
    },
    Definition {
        name: "cac",
        title: "Customer acquisition cost, blended (CAC)",
        words: "Ad spend for each customer who ordered on the days for which a spend is told.",
        symbols: "ad_spend ÷ customers",
        inputs: &[(Role::Plus, "ad_spend"), (Role::Over, "customers")],
        covered: &[Covered::AdSpend],
        ..BASE
    },
    Definition {
        name: "ncac",
        title: "New customer acquisition cost (nCAC)",
        words: "Ad spend for each new customer of the days for which a spend is told.",
        symbols: "ad_spend ÷ new_customers",
        inputs: &[(Role::Plus, "ad_spend"), (Role::Over, "new_customers")],
        covered: &[Covered::AdSpend],
        ..BASE
    },
    ltv(
        "ltv_30",
        "LTV, 30 days",
        "CM2 that a customer brought up to the thirtieth day after the first order, on average over all who have been there that long.",
    ),
    ltv(
        "ltv_60",
        "LTV, 60 days",
        "CM2 that a customer brought up to the sixtieth day after the first order, on average over all who have been there that long.",
    ),
    ltv(
        "ltv_90",
        "LTV, 90 days",
        "CM2 that a customer brought up to the ninetieth day after the first order, on average over all who have been there that long.",
    ),
    ltv(
        "ltv_180",
        "LTV, 180 days",
        "CM2 that a customer brought up to the 180th day after the first order, on average over all who have been there that long.",
    ),
    ltv(
        "ltv_365",
        "LTV, 365 days",
        "CM2 that a customer brought up to the 365th day after the first order, on average over all who have been there that long.",
    ),
    Definition {
        name: "payback_day",
        title: "Payback day",
        unit: Unit::Days,
        words: "The first day after the first order on which LTV reaches nCAC.",
        symbols: "first day with LTV ≥ ncac",
        inputs: &[(Role::Plus, "ncac")],
        ..BASE
    },
];
