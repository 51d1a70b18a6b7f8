//! The settings of the policy of orders.

use super::super::spec::{AgentSpec, Field, Unit};

pub const SPEC: AgentSpec = AgentSpec {
    id: "order_management",
    name: "Orders",
    decides: "Which orders to hold, to review or to hurry, from what is known of their risk and their age.",
    capabilities: &[
        "scores the risk of open orders and says why",
        "holds orders of high risk until a person has looked",
        "tags orders to review and orders that are late",
    ],
    schedule: "*/15 * * * *",
    triggers: &["orders/create", "orders/paid", "orders.changed"],
    time_limit_s: 600,
    fields: FIELDS,
};

const SCALE: &str = "Points of 100.";
/// Amounts are minor units of whichever currency the store has: the defaults are meant for two decimals.
const AMOUNT: &str =
    "Amount of the order. The default is meant for a currency of about the worth of a dollar.";
const TIMES: &str = "As a multiple of the store's own middle order.";

const FIELDS: &[Field] = &[
    points(
        "hold_from",
        "Hold from",
        "Orders with at least this many points of 100 are held and reviewed.",
        80,
    ),
    points(
        "review_from",
        "Review from",
        "Orders with at least this many points of 100 are tagged for review.",
        60,
    ),
    points(
        "watch_from",
        "Watch from",
        "Orders with at least this many points of 100 are told of.",
        30,
    ),
    points("first_order", "First order", SCALE, 20),
    points("few_orders", "Few earlier orders", SCALE, 10),
    Field::new(
        "few_below",
        "Few are fewer than",
        "Earlier orders of the customer.",
        Unit::Count,
        3,
        (1, 100),
    ),
    Field::new(
        "regular",
        "Regular customer",
        "Points of 100 that are added; negative ones lower the score.",
        Unit::Points,
        -5,
        (-100, 0),
    ),
    Field::new(
        "regular_above",
        "Regular are more than",
        "Earlier orders of the customer.",
        Unit::Count,
        20,
        (1, 1_000),
    ),
    Field::new(
        "relative_amounts",
        "Weigh amounts by the store's own",
        "Compares an order with the store's middle order instead of with fixed amounts.",
        Unit::Flag,
        0,
        (0, 1),
    ),
    points("large", "Large order", SCALE, 25),
    points("larger", "Larger order", SCALE, 15),
    points("some", "Order of some size", SCALE, 5),
    money("large_above", "Large is above", 50_000),
    money("larger_above", "Larger is above", 20_000),
    money("some_above", "Of some size is above", 10_000),
    times("large_times", "Large is above", 50_000),
    times("larger_times", "Larger is above", 20_000),
    times("some_times", "Of some size is above", 10_000),
    points("other_country", "Billed to another country", SCALE, 30),
    points(
        "other_city",
        "Billed to another city",
        "Points of 100; within one country.",
        15,
    ),
    points("burst", "Many orders within a day", SCALE, 30),
    Field::new(
        "burst_above",
        "Many are more than",
        "Orders of one customer in 24 hours.",
        Unit::Count,
        5,
        (1, 1_000),
    ),
    points("disposable_mail", "Throw-away mail address", SCALE, 45),
    points("provider_high", "High risk by the provider", SCALE, 30),
    points("provider_medium", "Medium risk by the provider", SCALE, 15),
    Field::new(
        "apply_from",
        "Apply from this confidence",
        "The share of all factors that were known; below it people are asked before an order is held or tagged.",
        Unit::Share,
        8_500,
        (0, 10_000),
    ),
    Field::new(
        "late_after",
        "Late after",
        "Days since payment in which nothing was sent.",
        Unit::Days,
        3,
        (1, 60),
    ),
    Field::new(
        "late_at_once",
        "Late orders in one proposal",
        "So many are looked at together; the rest is a proposal of its own.",
        Unit::Count,
        50,
        (1, 50),
    ),
    Field::new(
        "history",
        "Orders that are looked at",
        "Days back from now.",
        Unit::Days,
        60,
        (1, 365),
    ),
    Field::new(
        "excluded_tags",
        "Orders left alone",
        "Orders with one of these tags.",
        Unit::Words,
        0,
        (0, 100),
    ),
    Field::new(
        "most_proposals",
        "Proposals a run",
        "The riskiest come first.",
        Unit::Count,
        20,
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

const fn points(key: &'static str, label: &'static str, help: &'static str, default: i64) -> Field {
    Field::new(key, label, help, Unit::Points, default, (0, 100))
}

const fn money(key: &'static str, label: &'static str, default: i64) -> Field {
    let bounds = (0, 1_000_000_000_000);
    Field::new(key, label, AMOUNT, Unit::Money, default, bounds)
}

const fn times(key: &'static str, label: &'static str, default: i64) -> Field {
    Field::new(key, label, TIMES, Unit::Ratio, default, (0, 10_000_000))
}
