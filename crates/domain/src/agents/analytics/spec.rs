//! The settings of the analyst.

use super::super::spec::{AgentSpec, Field, Unit};
use std::borrow::Cow;

pub static SPEC: AgentSpec = AgentSpec {
    id: Cow::Borrowed("analytics"),
    name: Cow::Borrowed("Analytics"),
    decides: Cow::Borrowed(
        "What the day before brought and why, which of its figures are unusual, and what is not known of it.",
    ),
    capabilities: &[
        "writes the brief of each day, once, into the Inbox and to those who want it by mail",
        "finds days on which a figure was unlike its own past, and says when they are usual again",
        "names what is not known of the day",
    ],
    // In the store's zone. It waits for the day to be read (`patience`).
    schedule: Cow::Borrowed("0 6 * * *"),
    triggers: Cow::Borrowed(&[]),
    time_limit_s: 300,
    fields: FIELDS,
};

const FIELDS: &[Field] = &[
    Field::new(
        "patience",
        "Wait for a sync until",
        "So many hours after midnight the brief is written although no sync of the new day succeeded; it says so, and nothing is called unusual.",
        Unit::Hours,
        10,
        (1, 23),
    ),
    Field::new(
        "again",
        "Days that are looked at again",
        "Figures of the newest days still move: refunds come, costs are told later. What is usual by then is closed.",
        Unit::Days,
        3,
        (1, 14),
    ),
];
