//! The settings of the policy of recommendations.

use super::super::spec::{AgentSpec, Field, Unit};
use std::borrow::Cow;

pub static SPEC: AgentSpec = AgentSpec {
    id: Cow::Borrowed("product_recommendation"),
    name: Cow::Borrowed("Recommendations"),
    decides: Cow::Borrowed(
        "Which products are bought together more often than chance would have it, and which of them to tag with each other.",
    ),
    capabilities: &[
        "finds pairs and bundles of three in the orders, with intervals and a guard against finds by chance",
        "tags products with what they go with",
    ],
    schedule: Cow::Borrowed("0 */6 * * *"),
    triggers: Cow::Borrowed(&[]),
    time_limit_s: 300,
    fields: FIELDS,
};

const FIELDS: &[Field] = &[
    Field::new(
        "history",
        "Days that are counted",
        "Orders of these days up to yesterday; a year has all seasons in it.",
        Unit::Days,
        365,
        (28, 1_095),
    ),
    Field::new(
        "minimum",
        "Orders together at least",
        "What stood in fewer orders together is not looked at.",
        Unit::Count,
        10,
        (5, 10_000),
    ),
    Field::new(
        "lift",
        "Lift at least",
        "The lower end of its 95 % interval: so many times as often together as chance would have it.",
        Unit::Ratio,
        12_000,
        (10_000, 1_000_000),
    ),
    Field::new(
        "false_share",
        "False ones at most",
        "The share of what is told that chance may have made, as it is expected over many looks (after Benjamini and Yekutieli).",
        Unit::Share,
        500,
        (1, 2_000),
    ),
    Field::new(
        "tags",
        "Propose tags",
        "On a product, one tag for each of those that go with it (goes-with: and its handle), which a theme or a search app can read.",
        Unit::Flag,
        1,
        (0, 1),
    ),
    Field::new(
        "partners",
        "Tags a product",
        "Those with most orders together beyond chance; tags that it has already count.",
        Unit::Count,
        3,
        (1, 10),
    ),
    Field::new(
        "most_proposals",
        "Proposals a run",
        "Those with most orders together beyond chance.",
        Unit::Count,
        20,
        (1, 200),
    ),
    Field::new(
        "declined_rest",
        "Rest after a no",
        "So long what people did not want is not proposed again.",
        Unit::Days,
        30,
        (0, 365),
    ),
    Field::new(
        "valid",
        "A proposal is valid for",
        "Nobody's decision within this time is a no.",
        Unit::Hours,
        72,
        (1, 168),
    ),
];
