//! Figures that set one figure against another.

use super::peers::{SHOPIFY_GLOSSARY, TRIPLE_WHALE, TRUEPROFIT};
use super::{Covered, Definition, Peer, Role, Unit, Value, each, quotient};
use crate::report::Figures;

/// Net revenue whose cost is known: what profit is a part of.
const fn covered(f: &Figures) -> i64 {
    f.net_revenue - f.net_revenue_without_cost
}

fn over(part: Option<i64>, whole: Option<i64>) -> Option<Value> {
    let whole = whole.filter(|w| *w > 0)?;
    quotient(part?, whole).map(Value::Quotient)
}

const RATIO: Definition = Definition {
    name: "",
    title: "",
    unit: Unit::Ratio,
    words: "",
    symbols: "",
    inputs: &[],
    covered: &[],
    peers: &[],
    read: |_| None,
};

const PERCENT: Definition = Definition {
    unit: Unit::Percent,
    ..RATIO
};

pub(super) const FIGURES: &[Definition] = &[
    Definition {
        name: "average_order_value",
        title: "Average order value (AOV)",
        unit: Unit::Money,
        words: "Gross sales less discounts, for each order. Returns do not lower it.",
        symbols: "(gross_sales − discounts) ÷ orders",
        inputs: &[
            (Role::Plus, "gross_sales"),
            (Role::Minus, "discounts"),
            (Role::Over, "orders"),
        ],
        peers: &[
            Peer {
                who: "Shopify",
                calls_it: "Average order value",
                formula: "(gross sales − discounts) ÷ orders, without changes after the order",
                so: "The same, but for orders that were edited later: here the edit counts.",
                source: SHOPIFY_GLOSSARY,
            },
            Peer {
                who: "TrueProfit",
                calls_it: "Average order value",
                formula: "revenue ÷ orders",
                so: "Higher than here by shipping and taxes, lower by returns.",
                source: "TrueProfit help, Metrics explained",
            },
        ],
        read: |f| {
            let m = &f.measures;
            each(m.gross_sales - m.discounts, m.orders).map(Value::Money)
        },
        ..RATIO
    },
    Definition {
        name: "gross_margin",
        title: "Gross margin",
        words: "CM1 in percent of the net revenue whose cost is known.",
        symbols: "cm1 ÷ (net_revenue − net_revenue_without_cost)",
        inputs: &[
            (Role::Plus, "cm1"),
            (Role::Over, "net_revenue"),
            (Role::Minus, "net_revenue_without_cost"),
        ],
        covered: &[Covered::Cost],
        peers: &[Peer {
            who: "TrueProfit",
            calls_it: "Gross profit margin",
            formula: "gross profit ÷ revenue",
            so: "Its gross profit is without fees and shipping cost, its revenue with taxes: usually lower.",
            source: TRUEPROFIT,
        }],
        read: |f| over(f.cm1, Some(covered(f))),
        ..PERCENT
    },
    Definition {
        name: "profit_margin",
        title: "Net profit margin",
        words: "Net profit in percent of the net revenue whose cost is known.",
        symbols: "net_profit ÷ (net_revenue − net_revenue_without_cost)",
        inputs: &[
            (Role::Plus, "net_profit"),
            (Role::Over, "net_revenue"),
            (Role::Minus, "net_revenue_without_cost"),
        ],
        covered: &[
            Covered::Cost,
            Covered::Shipping,
            Covered::Fees,
            Covered::AdSpend,
        ],
        peers: &[
            Peer {
                who: "Triple Whale",
                calls_it: "Net margin",
                formula: "net profit ÷ sales",
                so: "Divided by sales with taxes: usually lower.",
                source: TRIPLE_WHALE,
            },
            Peer {
                who: "TrueProfit",
                calls_it: "Net profit margin",
                formula: "net profit ÷ revenue",
                so: "Divided by revenue with taxes: usually lower.",
                source: TRUEPROFIT,
            },
        ],
        read: |f| over(f.net_profit, Some(covered(f))),
        ..PERCENT
    },
    Definition {
        name: "refund_rate",
        title: "Refund rate, by day of the refund",
        words: "Returns of these days in percent of what was sold on them, whenever the returned goods were sold.",
        symbols: "returns ÷ (gross_sales − discounts)",
        inputs: &[
            (Role::Plus, "returns"),
            (Role::Over, "gross_sales"),
            (Role::Minus, "discounts"),
        ],
        read: |f| {
            let m = &f.measures;
            over(Some(m.returns), Some(m.gross_sales - m.discounts))
        },
        ..PERCENT
    },
    Definition {
        name: "mer",
        title: "Marketing efficiency ratio (MER)",
        words: "Net revenue for each unit of money spent on advertising.",
        symbols: "net_revenue ÷ ad_spend",
        inputs: &[(Role::Plus, "net_revenue"), (Role::Over, "ad_spend")],
        covered: &[Covered::AdSpend],
        peers: &[
            Peer {
                who: "Triple Whale",
                calls_it: "MER",
                formula: "(ad spend + custom ad spend) ÷ order revenue",
                so: "The inverse: a percentage of sales. Compare it with the ad spend ratio here.",
                source: TRIPLE_WHALE,
            },
            Peer {
                who: "Triple Whale",
                calls_it: "Blended ROAS",
                formula: "order revenue ÷ blended ad spend",
                so: "This is the one to compare with MER here.",
                source: TRIPLE_WHALE,
            },
        ],
        read: |f| over(Some(f.net_revenue), f.ad_spend),
        ..RATIO
    },
    Definition {
        name: "ad_spend_ratio",
        title: "Ad spend ratio (inverse of MER)",
        words: "Ad spend in percent of net revenue. Some publish this under the name of MER.",
        symbols: "ad_spend ÷ net_revenue",
        inputs: &[(Role::Plus, "ad_spend"), (Role::Over, "net_revenue")],
        covered: &[Covered::AdSpend],
        peers: &[Peer {
            who: "Triple Whale",
            calls_it: "MER",
            formula: "(ad spend + custom ad spend) ÷ order revenue",
            so: "The same direction; its revenue holds taxes.",
            source: TRIPLE_WHALE,
        }],
        read: |f| over(f.ad_spend, Some(f.net_revenue)),
        ..PERCENT
    },
    Definition {
        name: "poas",
        title: "Profit on ad spend (POAS)",
        words: "CM2 for each unit of money spent on advertising. At 1.00 advertising pays for itself.",
        symbols: "cm2 ÷ ad_spend",
        inputs: &[(Role::Plus, "cm2"), (Role::Over, "ad_spend")],
        covered: &[
            Covered::Cost,
            Covered::Shipping,
            Covered::Fees,
            Covered::AdSpend,
        ],
        read: |f| over(f.cm2, f.ad_spend),
        ..RATIO
    },
    Definition {
        name: "roas",
        title: "Return on ad spend (ROAS)",
        words: "The revenue that an ad account attributes to its ads, for each unit of money spent there. It needs the account's own attribution.",
        symbols: "attributed revenue ÷ ad_spend",
        inputs: &[(Role::Over, "ad_spend")],
        covered: &[Covered::AdSpend],
        peers: &[Peer {
            who: "Triple Whale",
            calls_it: "Blended ROAS",
            formula: "order revenue ÷ blended ad spend",
            so: "Not attributed: compare it with MER here.",
            source: TRIPLE_WHALE,
        }],
        ..RATIO
    },
];
