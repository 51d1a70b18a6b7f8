//! What was sold, taken back and charged.

use super::peers::{LIFETIMELY, SHOPIFY_GLOSSARY, TRUEPROFIT};
use super::{Covered, Definition, Peer, Role, Unit, Value};

const fn sum(
    name: &'static str,
    title: &'static str,
    words: &'static str,
    symbols: &'static str,
    read: fn(&crate::report::Figures) -> Option<Value>,
) -> Definition {
    Definition {
        name,
        title,
        unit: Unit::Money,
        words,
        symbols,
        inputs: &[],
        covered: &[],
        peers: &[],
        read,
    }
}

const SHOPIFY_NET_SALES: Peer = Peer {
    who: "Shopify",
    calls_it: "Net sales",
    formula: "gross sales − discounts − returns",
    so: "The same. Returns count on the day of the return in both.",
    source: SHOPIFY_GLOSSARY,
};

pub(super) const FIGURES: &[Definition] = &[
    Definition {
        unit: Unit::Count,
        peers: &[Peer {
            who: "Shopify",
            calls_it: "Orders",
            formula: "orders placed on the day; test and deleted orders are left out",
            so: "The same: each order once, on the day of its sale.",
            source: SHOPIFY_GLOSSARY,
        }],
        ..sum(
            "orders",
            "Orders",
            "Each order once, on the store's day of its sale. Test orders never count.",
            "number of orders",
            |f| Some(Value::Count(f.measures.orders)),
        )
    },
    Definition {
        unit: Unit::Count,
        ..sum(
            "orders_containing",
            "Orders containing it",
            "Orders with at least one line of this product or variant. Only by product and variant: an order with three products is in three rows.",
            "number of orders with such a line",
            |f| {
                Some(Value::Count(f.measures.orders_containing))
                    .filter(|_| f.measures.orders_containing != 0)
            },
        )
    },
    Definition {
        unit: Unit::Count,
        ..sum(
            "units",
            "Units",
            "Units sold less units taken back.",
            "units sold − units returned",
            |f| Some(Value::Count(f.measures.units)),
        )
    },
    Definition {
        peers: &[Peer {
            who: "Shopify",
            calls_it: "Gross sales",
            formula: "product price × quantity, before taxes, shipping, discounts and returns",
            so: "The same.",
            source: SHOPIFY_GLOSSARY,
        }],
        ..sum(
            "gross_sales",
            "Gross sales",
            "Unit price times quantity, before discounts, taxes and shipping, on the day of the sale.",
            "Σ unit price × quantity",
            |f| Some(Value::Money(f.measures.gross_sales)),
        )
    },
    Definition {
        peers: &[Peer {
            who: "Shopify",
            calls_it: "Discounts",
            formula: "line discounts and the share of order discounts",
            so: "The same; here they are positive and taken off.",
            source: SHOPIFY_GLOSSARY,
        }],
        ..sum(
            "discounts",
            "Discounts",
            "Discounts of lines and of whole orders, allocated to the lines. Positive; taken off.",
            "Σ line discounts + Σ order discounts",
            |f| Some(Value::Money(f.measures.discounts)),
        )
    },
    Definition {
        peers: &[Peer {
            who: "Shopify",
            calls_it: "Returns",
            formula: "the value of goods returned by customers, on the day of the return",
            so: "The same; here they are positive and taken off. Refunds that belong to no line are in it.",
            source: SHOPIFY_GLOSSARY,
        }],
        ..sum(
            "returns",
            "Returns",
            "The value of returned lines, net of their discounts, on the day of the return, and refunds that belong to no line. Positive; taken off.",
            "Σ value of returned lines + Σ refund adjustments",
            |f| Some(Value::Money(f.measures.returns)),
        )
    },
    Definition {
        inputs: &[
            (Role::Plus, "gross_sales"),
            (Role::Minus, "discounts"),
            (Role::Minus, "returns"),
        ],
        peers: &[
            SHOPIFY_NET_SALES,
            Peer {
                who: "Lifetimely",
                calls_it: "Net sales",
                formula: "product revenue + shipping charged − discounts − refunds − taxes",
                so: "Higher than here by the shipping that customers paid: compare it with net revenue.",
                source: LIFETIMELY,
            },
        ],
        ..sum(
            "net_sales",
            "Net sales",
            "What goods were sold for, less discounts and returns.",
            "gross_sales − discounts − returns",
            |f| Some(Value::Money(f.net_sales)),
        )
    },
    sum(
        "shipping",
        "Shipping charged",
        "What customers paid for shipping, less what of it was refunded.",
        "Σ shipping lines − Σ refunded shipping",
        |f| Some(Value::Money(f.measures.shipping)),
    ),
    sum(
        "taxes",
        "Taxes",
        "Taxes on the orders; a liability, part of no profit.",
        "Σ taxes",
        |f| Some(Value::Money(f.measures.taxes)),
    ),
    sum(
        "duties",
        "Duties",
        "Duties on the orders; a liability, part of no profit.",
        "Σ duties",
        |f| Some(Value::Money(f.measures.duties)),
    ),
    sum(
        "fees_charged",
        "Additional fees",
        "Fees that customers paid beside goods, shipping, taxes and duties.",
        "Σ additional fees",
        |f| Some(Value::Money(f.measures.fees_charged)),
    ),
    sum(
        "tips",
        "Tips",
        "What customers gave on top.",
        "Σ tips",
        |f| Some(Value::Money(f.measures.tips)),
    ),
    Definition {
        inputs: &[
            (Role::Plus, "net_sales"),
            (Role::Plus, "shipping"),
            (Role::Plus, "duties"),
            (Role::Plus, "taxes"),
            (Role::Plus, "fees_charged"),
        ],
        peers: &[
            Peer {
                who: "Shopify",
                calls_it: "Total sales",
                formula: "gross sales − discounts − returns + taxes + duties + shipping charges + fees",
                so: "The same.",
                source: SHOPIFY_GLOSSARY,
            },
            Peer {
                who: "TrueProfit",
                calls_it: "Revenue",
                formula: "gross sales − discounts − returns + taxes collected + shipping charged",
                so: "TrueProfit's revenue holds the taxes: compare it with total sales, not with net revenue.",
                source: TRUEPROFIT,
            },
        ],
        ..sum(
            "total_sales",
            "Total sales",
            "What customers were charged for goods, shipping, duties, taxes and fees, less discounts and returns.",
            "net_sales + shipping + duties + taxes + fees_charged",
            |f| Some(Value::Money(f.total_sales)),
        )
    },
    Definition {
        inputs: &[
            (Role::Plus, "net_sales"),
            (Role::Plus, "shipping"),
            (Role::Plus, "tips"),
        ],
        peers: &[
            Peer {
                who: "Lifetimely",
                calls_it: "Revenue",
                formula: "sales less discounts and refunds, with shipping charged, minus taxes",
                so: "Close to here, without tips.",
                source: "Lifetimely help, The Profit dashboard metrics explained",
            },
            Peer {
                who: "TrueProfit",
                calls_it: "Revenue",
                formula: "gross sales − discounts − returns + taxes collected + shipping charged",
                so: "Higher than here by the taxes.",
                source: TRUEPROFIT,
            },
        ],
        ..sum(
            "net_revenue",
            "Net revenue",
            "What the business keeps of its sales before any cost: net sales, shipping charged and tips, without taxes and duties. Selling a gift card is a liability; using one is revenue.",
            "net_sales + shipping + tips",
            |f| Some(Value::Money(f.net_revenue)),
        )
    },
    Definition {
        covered: &[Covered::Cost],
        peers: &[Peer {
            who: "Shopify",
            calls_it: "Net sales without cost recorded",
            formula: "net sales of variants that had no cost when they were sold",
            so: "The same idea: Shopify's gross profit leaves these sales out, too.",
            source: "Shopify Help Center, profit reports",
        }],
        ..sum(
            "net_revenue_without_cost",
            "Net revenue without cost",
            "The part of net revenue whose product cost is unknown: shown apart, part of no profit.",
            "Σ net sales of lines without a unit cost",
            |f| Some(Value::Money(f.net_revenue_without_cost)),
        )
    },
    Definition {
        peers: &[Peer {
            who: "TrueProfit",
            calls_it: "Gift card sales",
            formula: "added to revenue in net profit",
            so: "Here a sold gift card is a liability and earns nothing until it is used.",
            source: TRUEPROFIT,
        }],
        ..sum(
            "gift_cards",
            "Gift cards sold",
            "Gift cards that were sold: money that is owed, not a sale.",
            "Σ gift card lines",
            |f| Some(Value::Money(f.measures.gift_cards)),
        )
    },
];
