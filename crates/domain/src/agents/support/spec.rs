//! The settings of the policy of tickets.

use super::super::spec::{AgentSpec, Field, Unit};
use crate::agents::settings::Values;
use crate::support::Hours;
use std::borrow::Cow;

pub static SPEC: AgentSpec = AgentSpec {
    id: Cow::Borrowed("customer_support"),
    name: Cow::Borrowed("Support"),
    decides: Cow::Borrowed(
        "Which buyers wait for an answer too long, and which orders to hold because their buyer wants them changed or cancelled.",
    ),
    capabilities: &[
        "tells which answers are late",
        "holds orders that are to be changed or cancelled before they are sent",
    ],
    schedule: Cow::Borrowed("*/30 * * * *"),
    triggers: Cow::Borrowed(&[]),
    time_limit_s: 60,
    fields: FIELDS,
};

const FIELDS: &[Field] = &[
    Field::new(
        "urgent_hours",
        "Answer what is urgent within",
        "Damaged goods, orders to be changed or cancelled, and words that sound like trouble.",
        Unit::Hours,
        4,
        (1, 168),
    ),
    Field::new(
        "normal_hours",
        "Answer what is usual within",
        "From the buyer's first message that is not answered.",
        Unit::Hours,
        24,
        (1, 336),
    ),
    Field::new(
        "low_hours",
        "Answer what is not pressing within",
        "Thanks and feedback.",
        Unit::Hours,
        72,
        (1, 720),
    ),
    Field::new(
        "hold",
        "Propose holds",
        "Of orders that are not sent yet, when their buyer wants them cancelled or changed.",
        Unit::Flag,
        1,
        (0, 1),
    ),
    Field::new(
        "most_proposals",
        "Proposals a run",
        "What is owed the longest first.",
        Unit::Count,
        50,
        (1, 200),
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

/// Within which an answer is owed, as it is set.
#[must_use]
pub fn hours(values: &Values) -> Hours {
    Hours {
        urgent: SPEC.number(values, "urgent_hours"),
        normal: SPEC.number(values, "normal_hours"),
        low: SPEC.number(values, "low_hours"),
    }
}
