//! The settings of the policy of stock.

use super::super::spec::{AgentSpec, Field, Unit};
use std::borrow::Cow;

pub static SPEC: AgentSpec = AgentSpec {
    id: Cow::Borrowed("inventory_forecasting"),
    name: Cow::Borrowed("Stock"),
    decides: Cow::Borrowed(
        "What to order of whom, from stock, forecasts, lead times and costs, and what to do where no order comes in time.",
    ),
    capabilities: &[
        "orders what is at its reorder point, by supplier, in packs and within a budget",
        "raises prices or sets tags where stock runs out before an order can come, when that is set",
        "corrects counts below nothing",
    ],
    schedule: Cow::Borrowed("0 6 * * *"),
    triggers: Cow::Borrowed(&[Cow::Borrowed("forecasts.finished")]),
    time_limit_s: 600,
    fields: FIELDS,
};

const FIELDS: &[Field] = &[
    Field::new(
        "review",
        "Looked at again after",
        "What of the same supplier reaches its reorder point within these days is ordered along.",
        Unit::Days,
        7,
        (1, 60),
    ),
    Field::new(
        "budget",
        "Money for one look",
        "All orders of one look cost at most this; 0: as much as they need. It goes to what is most urgent first.",
        Unit::Money,
        0,
        (0, 1_000_000_000_000),
    ),
    Field::new(
        "declined_rest",
        "Rest after a no",
        "So long what people did not want is not proposed again.",
        Unit::Days,
        3,
        (0, 90),
    ),
    Field::new(
        "raise",
        "Raise prices of what runs out",
        "By this share where stock ends before an order can come, within the limits of the store; 0: never.",
        Unit::Share,
        0,
        (0, 2_000),
    ),
    Field::new(
        "tags",
        "Tags for what runs out",
        "Set on products of which a variant has less than three days' stock and nothing coming; none: nothing is tagged.",
        Unit::Words,
        0,
        (0, 10),
    ),
    Field::new(
        "correct",
        "Correct impossible counts",
        "Where fewer than nothing lie at a place, the count is set to nothing.",
        Unit::Flag,
        1,
        (0, 1),
    ),
    Field::new(
        "valid",
        "A proposal is valid for",
        "Nobody's decision within this time is a no.",
        Unit::Hours,
        24,
        (1, 168),
    ),
];
