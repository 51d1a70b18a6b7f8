//! The settings of the policy of orders at suppliers.

use super::super::spec::{AgentSpec, Field, Unit};
use std::borrow::Cow;

pub static SPEC: AgentSpec = AgentSpec {
    id: Cow::Borrowed("supplier_ordering"),
    name: Cow::Borrowed("Orders at suppliers"),
    decides: Cow::Borrowed("Which paid orders are had of a supplier, from whom, and at what cost."),
    capabilities: &[
        "asks suppliers what each open order costs now, and proposes the best way",
        "tells which orders cannot be had, and why",
    ],
    schedule: Cow::Borrowed("50 1-23/2 * * *"),
    triggers: Cow::Borrowed(&[]),
    time_limit_s: 600,
    fields: FIELDS,
};

const FIELDS: &[Field] = &[
    Field::new(
        "least_left",
        "Least share that is left",
        "Of what the lines were sold for without tax, after goods and sending at the dearest that is approved. At 0 it may not lose money.",
        Unit::Share,
        0,
        (0, 9_500),
    ),
    Field::new(
        "most_days",
        "Longest delivery",
        "What may take longer is told and not proposed.",
        Unit::Days,
        30,
        (1, 180),
    ),
    Field::new(
        "tolerance",
        "Most that it may be dearer than quoted",
        "What is approved includes it, and nothing above it is paid.",
        Unit::Share,
        200,
        (0, 1_000),
    ),
    Field::new(
        "history",
        "Days back in which orders are looked for",
        "Older open orders are somebody's to look at.",
        Unit::Days,
        30,
        (1, 120),
    ),
    Field::new(
        "most_orders",
        "Orders a run",
        "Those that wait longest; each is asked about at suppliers, whose interfaces count calls.",
        Unit::Count,
        20,
        (1, 100),
    ),
    Field::new(
        "valid",
        "Proposals are valid for",
        "A quote is not kept for ever; the next run proposes it anew.",
        Unit::Hours,
        24,
        (1, 72),
    ),
];
