//! From net revenue down to net profit, cost by cost.

use super::peers::{LIFETIMELY, TRIPLE_WHALE, TRUEPROFIT};
use super::{Covered, Definition, Peer, Role, Unit, Value};
use crate::report::Figures;

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

pub(super) const FIGURES: &[Definition] = &[
    Definition {
        name: "cost_of_goods",
        title: "Cost of goods",
        words: "The unit cost that was valid at the time of the sale times the quantity, less the cost of goods that came back into stock.",
        symbols: "Σ unit cost × quantity − Σ unit cost × restocked quantity",
        covered: &[Covered::Cost],
        read: |f| f.cost_of_goods.map(Value::Money),
        ..BASE
    },
    Definition {
        name: "cm1",
        title: "CM1 (gross profit)",
        words: "Net revenue whose cost is known, less the cost of goods.",
        symbols: "net_revenue − net_revenue_without_cost − cost_of_goods",
        inputs: &[
            (Role::Plus, "net_revenue"),
            (Role::Minus, "net_revenue_without_cost"),
            (Role::Minus, "cost_of_goods"),
        ],
        covered: &[Covered::Cost],
        peers: &[
            Peer {
                who: "Shopify",
                calls_it: "Gross profit",
                formula: "net sales of variants with a cost − their cost",
                so: "Lower than here by shipping charged and tips.",
                source: "Shopify Help Center, profit reports",
            },
            Peer {
                who: "TrueProfit",
                calls_it: "Gross profit",
                formula: "revenue + tips + gift card sales − cost of goods − shipping cost − transaction fees − handling fees",
                so: "Already without fees and shipping cost: compare it with CM2.",
                source: TRUEPROFIT,
            },
            Peer {
                who: "Lifetimely",
                calls_it: "Gross profit",
                formula: "revenue − product, shipping, handling and transaction costs",
                so: "Already without fees and shipping cost: compare it with CM2.",
                source: "Lifetimely help, The Profit dashboard metrics explained",
            },
        ],
        read: |f| f.cm1.map(Value::Money),
        ..BASE
    },
    Definition {
        name: "shipping_cost",
        title: "Shipping cost",
        words: "What you pay to ship and fulfil the orders.",
        symbols: "Σ shipping cost of orders",
        covered: &[Covered::Shipping],
        read: |f| f.shipping_cost.map(Value::Money),
        ..BASE
    },
    Definition {
        name: "payment_fees",
        title: "Payment fees",
        words: "Fees of payment gateways and the platform. A fee that is not given back on a refund stays a cost.",
        symbols: "Σ fees of transactions",
        covered: &[Covered::Fees],
        read: |f| Some(Value::Money(f.measures.payment_fees)),
        ..BASE
    },
    Definition {
        name: "payment_fees_without_cost",
        title: "Payment fees on revenue without cost",
        words: "The part of the payment fees that lies on revenue whose product cost is unknown: set apart with it, part of no profit.",
        symbols: "Σ fees on lines without a unit cost",
        covered: &[Covered::Cost, Covered::Fees],
        read: |f| Some(Value::Money(f.measures.payment_fees_without_cost)),
        ..BASE
    },
    Definition {
        name: "shipping_cost_without_cost",
        title: "Shipping cost on revenue without cost",
        words: "The part of the shipping cost that lies on revenue whose product cost is unknown: set apart with it, part of no profit.",
        symbols: "Σ shipping cost on lines without a unit cost",
        covered: &[Covered::Cost, Covered::Shipping],
        read: |f| Some(Value::Money(f.measures.shipping_cost_without_cost)),
        ..BASE
    },
    Definition {
        name: "cm2",
        title: "CM2",
        words: "CM1 less the shipping cost and the payment fees on what is covered.",
        symbols: "cm1 − shipping_cost + shipping_cost_without_cost − payment_fees + payment_fees_without_cost",
        inputs: &[
            (Role::Plus, "cm1"),
            (Role::Minus, "shipping_cost"),
            (Role::Plus, "shipping_cost_without_cost"),
            (Role::Minus, "payment_fees"),
            (Role::Plus, "payment_fees_without_cost"),
        ],
        covered: &[Covered::Cost, Covered::Shipping, Covered::Fees],
        read: |f| f.cm2.map(Value::Money),
        ..BASE
    },
    Definition {
        name: "ad_spend",
        title: "Ad spend",
        words: "What was spent on advertising on these days, over all channels.",
        symbols: "Σ spend by day",
        covered: &[Covered::AdSpend],
        read: |f| f.ad_spend.map(Value::Money),
        ..BASE
    },
    Definition {
        name: "cm3",
        title: "CM3 (contribution margin)",
        words: "CM2 less ad spend.",
        symbols: "cm2 − ad_spend",
        inputs: &[(Role::Plus, "cm2"), (Role::Minus, "ad_spend")],
        covered: &[
            Covered::Cost,
            Covered::Shipping,
            Covered::Fees,
            Covered::AdSpend,
        ],
        read: |f| f.cm3.map(Value::Money),
        ..BASE
    },
    Definition {
        name: "fixed_costs",
        title: "Fixed costs",
        words: "Fixed and custom costs of the period, spread over its days.",
        symbols: "Σ fixed costs by day",
        read: |f| f.fixed_costs.map(Value::Money),
        ..BASE
    },
    Definition {
        name: "net_profit",
        title: "Net profit",
        words: "What is left: CM3 less fixed costs. It speaks of the sales whose cost is known; a cost that nobody recorded is not in it, and the list of what it leaves out stands beside it.",
        symbols: "cm3 − fixed_costs",
        inputs: &[(Role::Plus, "cm3"), (Role::Minus, "fixed_costs")],
        covered: &[
            Covered::Cost,
            Covered::Shipping,
            Covered::Fees,
            Covered::AdSpend,
        ],
        peers: NET_PROFIT,
        read: net_profit,
        ..BASE
    },
];

const NET_PROFIT: &[Peer] = &[
    Peer {
        who: "Triple Whale",
        calls_it: "Net profit",
        formula: "total sales − blended ad spend − costs (goods, shipping, handling, gateways, taxes, custom)",
        so: "The same idea, over total sales.",
        source: TRIPLE_WHALE,
    },
    Peer {
        who: "TrueProfit",
        calls_it: "Net profit",
        formula: "revenue + tips + gift card sales − total cost − taxes collected",
        so: "Sold gift cards are profit there; here they are a liability.",
        source: TRUEPROFIT,
    },
    Peer {
        who: "Lifetimely",
        calls_it: "Net profit",
        formula: "sales after discounts − refunds, taxes, cost of goods, marketing and operating expenses",
        so: "The same idea.",
        source: LIFETIMELY,
    },
];

fn net_profit(f: &Figures) -> Option<Value> {
    f.net_profit.map(Value::Money)
}
