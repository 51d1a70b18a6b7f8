//! The settings of the policy of prices.

use super::super::spec::{AgentSpec, Field, Unit};
use std::borrow::Cow;

/// The longest past that can be asked for, in days.
const LONGEST_PAST: i64 = 730;

pub static SPEC: AgentSpec = AgentSpec {
    id: Cow::Borrowed("pricing_optimizer"),
    name: Cow::Borrowed("Prices"),
    decides: Cow::Borrowed(
        "Which prices to change, from costs, the least margin and how demand answered to earlier changes of price.",
    ),
    capabilities: &[
        "raises prices that leave less than the least margin",
        "moves prices towards more contribution margin where demand has been seen to answer to price",
        "keeps to the store's price endings",
    ],
    schedule: Cow::Borrowed("0 */2 * * *"),
    triggers: Cow::Borrowed(&[]),
    time_limit_s: 300,
    fields: FIELDS,
};

const FIELDS: &[Field] = &[
    share(
        "apply_from",
        "Apply from this confidence",
        "A change of which the probability to raise the contribution margin is at least this may be applied without asking.",
        8_500,
        (5_000, 10_000),
    ),
    share(
        "apply_increase",
        "Largest increase without asking",
        "As a share of the price.",
        1_000,
        (0, 2_000),
    ),
    share(
        "apply_decrease",
        "Largest decrease without asking",
        "As a share of the price.",
        2_000,
        (0, 2_000),
    ),
    count(
        "apply_per_day",
        "Changes a day without asking",
        "Of one price, within 24 hours.",
        2,
        (0, 24),
    ),
    hours(
        "apply_cool_down",
        "Rest before a change without asking",
        "Since our last change of the same price.",
        4,
        (0, 720),
    ),
    Field {
        key: "largest_effect",
        label: "Largest effect without asking",
        help: "What a change may mean at most, for better or worse, to be applied without asking. The default is meant for a currency of about \
               the worth of a dollar.",
        unit: Unit::Money,
        default: 1_000_000,
        min: 0,
        max: 1_000_000_000_000,
    },
    count(
        "apply_changes",
        "Changes of price seen before any is applied without asking",
        "In the whole store: one of them may have had another cause.",
        3,
        (1, 1_000),
    ),
    share(
        "ask_from",
        "Ask from this confidence",
        "A change that is less sure is only told of.",
        6_500,
        (5_000, 10_000),
    ),
    share(
        "ask_increase",
        "Largest increase that is asked for",
        "As a share of the price; no change is larger than the largest one of all.",
        1_500,
        (0, 5_000),
    ),
    share(
        "ask_decrease",
        "Largest decrease that is asked for",
        "As a share of the price; no change is larger than the largest one of all.",
        2_500,
        (0, 5_000),
    ),
    count(
        "ask_per_day",
        "Changes a day that are asked for",
        "Of one price, within 24 hours.",
        3,
        (0, 24),
    ),
    hours(
        "ask_cool_down",
        "Rest before a change is asked for",
        "Since our last change of the same price.",
        6,
        (0, 720),
    ),
    share(
        "notify_from",
        "Tell from this confidence",
        "What is less sure is left out.",
        4_000,
        (0, 10_000),
    ),
    share(
        "minimum_margin",
        "Least margin",
        "The share of a price that has to be left after the cost of the unit. A price below is asked to be raised; no price is moved below.",
        1_500,
        (0, 9_000),
    ),
    share(
        "smallest_change",
        "Smallest change",
        "Smaller ones are not worth the unrest.",
        200,
        (1, 2_000),
    ),
    share(
        "largest_change",
        "Largest change of all",
        "Up or down, whatever else is set.",
        2_000,
        (100, 5_000),
    ),
    Field {
        key: "lowest_price",
        label: "Lowest price",
        help: "No price is moved below; 0: none is set.",
        unit: Unit::Money,
        default: 0,
        min: 0,
        max: 1_000_000_000_000,
    },
    Field {
        key: "highest_price",
        label: "Highest price",
        help: "No price is moved above; 0: none is set.",
        unit: Unit::Money,
        default: 0,
        min: 0,
        max: 1_000_000_000_000,
    },
    count(
        "most_proposals",
        "Proposals a run",
        "Those that promise most come first.",
        20,
        (1, 200),
    ),
    hours(
        "active_from",
        "Changes without asking from",
        "Hour of the store's day; outside of the hours people are asked instead.",
        0,
        (0, 23),
    ),
    hours(
        "active_until",
        "Changes without asking until",
        "Hour of the store's day; 24 is its end.",
        24,
        (1, 24),
    ),
    Field {
        key: "excluded_tags",
        label: "Products left alone",
        help: "Products with one of these tags.",
        unit: Unit::Words,
        default: 0,
        min: 0,
        max: 100,
    },
    hours(
        "valid",
        "A proposal is valid for",
        "Nobody's decision within this time is a no.",
        24,
        (1, 168),
    ),
    days(
        "declined_rest",
        "Rest after a no",
        "A price that people left as it is is not proposed again for this long.",
        7,
        (0, 365),
    ),
    days(
        "history",
        "Past that is looked at",
        "Days of sales and of prices from which demand is learned.",
        365,
        (28, LONGEST_PAST),
    ),
    days(
        "compared",
        "Days compared",
        "At most this many days before and after a change of price, in whole weeks.",
        84,
        (7, 91),
    ),
    Field {
        key: "spread",
        label: "Least spread between products",
        help: "How differently products are taken to answer to price at least (standard deviation of the elasticity), because few changes of price \
               cannot show it. Chosen with care, not learned.",
        unit: Unit::Ratio,
        default: 5_000,
        min: 1_000,
        max: 50_000,
    },
];

const fn share(
    key: &'static str,
    label: &'static str,
    help: &'static str,
    default: i64,
    bounds: (i64, i64),
) -> Field {
    Field::new(key, label, help, Unit::Share, default, bounds)
}

const fn count(
    key: &'static str,
    label: &'static str,
    help: &'static str,
    default: i64,
    bounds: (i64, i64),
) -> Field {
    Field::new(key, label, help, Unit::Count, default, bounds)
}

const fn hours(
    key: &'static str,
    label: &'static str,
    help: &'static str,
    default: i64,
    bounds: (i64, i64),
) -> Field {
    Field::new(key, label, help, Unit::Hours, default, bounds)
}

const fn days(
    key: &'static str,
    label: &'static str,
    help: &'static str,
    default: i64,
    bounds: (i64, i64),
) -> Field {
    Field::new(key, label, help, Unit::Days, default, bounds)
}
