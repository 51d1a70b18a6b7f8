//! The settings of the policy of research.

use super::super::spec::{AgentSpec, Field, Unit};
use std::borrow::Cow;

pub static SPEC: AgentSpec = AgentSpec {
    id: Cow::Borrowed("product_research"),
    name: Cow::Borrowed("Product research"),
    decides: Cow::Borrowed(
        "Which products of suppliers are worth a draft in the shop, and which to watch.",
    ),
    capabilities: &[
        "proposes drafts of products that score well, each with its costs and sources",
        "keeps a watch list of those that are nearly there, with what is missing",
        "learns from what was accepted, rejected and sold",
    ],
    schedule: Cow::Borrowed("20 */6 * * *"),
    triggers: Cow::Borrowed(&[]),
    time_limit_s: 300,
    fields: FIELDS,
};

const FIELDS: &[Field] = &[
    Field::new(
        "least_score",
        "Least score of a draft",
        "Of 100, with what was learned added; from 75 on a potential is usually called high.",
        Unit::Points,
        75,
        (0, 100),
    ),
    Field::new(
        "least_known",
        "Least share of the score that is known",
        "Weights of factors with a source; the others may turn out either way.",
        Unit::Share,
        6_000,
        (0, 10_000),
    ),
    Field::new(
        "minimum_margin",
        "Minimum margin",
        "At the dearest it may cost, after payment, shipping and advertisements as far as they are known.",
        Unit::Share,
        3_000,
        (0, 9_500),
    ),
    Field::new(
        "watch_from",
        "Watched from a score of",
        "What lies between this and the least score of a draft, or lacks something else, is on the watch list.",
        Unit::Points,
        60,
        (0, 100),
    ),
    Field::new(
        "most_proposals",
        "Proposals a run",
        "The best first; the others wait for the next run.",
        Unit::Count,
        20,
        (1, 100),
    ),
    Field::new(
        "weight_learned",
        "Most points for what was learned",
        "So much a kind of goods or a supplier that was always accepted and sold is raised above the usual, or lowered that never was.",
        Unit::Points,
        15,
        (0, 50),
    ),
    Field::new(
        "hit_days",
        "Days in which a draft has to sell",
        "From the day on which it was made; the hit rate counts drafts whose days are over.",
        Unit::Days,
        60,
        (7, 180),
    ),
    Field::new(
        "hit_units",
        "Units that make a hit",
        "Sold in those days, refunds taken off.",
        Unit::Count,
        1,
        (1, 10_000),
    ),
    Field::new(
        "declined_rest",
        "Days after a no",
        "In which the same thing is not proposed again.",
        Unit::Days,
        60,
        (1, 365),
    ),
    Field::new(
        "valid",
        "Proposals are valid for",
        "After that nobody can approve them any more; the next run may propose them anew.",
        Unit::Hours,
        72,
        (1, 168),
    ),
];
