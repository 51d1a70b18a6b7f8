//! Rules over facts: what is proposed, what is left alone and why, and which rules cannot stand.

use super::facts::ProductFacts;
use super::*;
use crate::agents::decision::{Decision, Handling};
use crate::agents::orders::{OrderFacts, ProviderRisk};
use crate::changes::Action;
use crate::ids::{OrderId, ProductId, VariantId};
use chrono::{DateTime, Duration, NaiveDate, Utc};
use serde_json::{Value, json};
use std::collections::BTreeSet;

fn rule(about: &str, given: &Value, then: &Value) -> Rule {
    serde_json::from_value(json!({
        "name": "A rule", "about": about,
        "when": { "by": "schedule", "schedule": "0 6 * * *" },
        "if": { "match": "all", "conditions": given },
        "then": then,
    }))
    .unwrap()
}

fn named(name: &str, mut rule: Rule) -> Rule {
    name.clone_into(&mut rule.name);
    rule
}

fn slow() -> Value {
    json!([
        { "figure": "stock", "is": "above", "value": 10 },
        { "figure": "units_sold", "days": 30, "is": "at_most", "value": 1 },
    ])
}

fn lower() -> Value {
    json!({ "do": "price_percent", "percent": -1000, "rounding": "exact" })
}

fn day(d: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 5, d).unwrap()
}

fn now() -> DateTime<Utc> {
    "2026-06-01T06:00:00Z".parse().unwrap()
}

/// At 20.00 with a cost of 8.00 and twenty in stock; one was sold on 3 May.
fn variant(id: i64) -> VariantThing {
    VariantThing {
        product: ProductId(id * 10),
        variant: VariantId(id),
        label: format!("Mug {id}"),
        title: format!("Mug {id}"),
        price: Some(2_000),
        cost: Some(800),
        stock: Some(20),
        product_facts: Some(ProductFacts {
            status: "active".into(),
            product_type: "Mug".into(),
            vendor: "Us".into(),
            tags: vec!["Sale".into()],
        }),
        listed_on: day(1),
        days: vec![DayFigures {
            day: day(3),
            units: 1,
            net: 2_000,
            contribution: 1_100,
            without_cost: 0,
        }],
    }
}

fn facts(things: Things) -> Facts {
    Facts {
        currency: "EUR".parse().unwrap(),
        as_of: Some(now()),
        things,
        ours: vec![],
        declined: vec![],
        told: BTreeSet::new(),
    }
}

fn variants(variants: Vec<VariantThing>) -> Facts {
    facts(Things::Variants {
        from: day(1),
        until: day(31),
        variants,
    })
}

fn order(id: i64, amount: i64) -> OrderThing {
    OrderThing {
        order: OrderFacts {
            id: OrderId(id),
            name: format!("#{id}"),
            amount,
            currency: "EUR".parse().unwrap(),
            created_at: now() - Duration::hours(30),
            paid_at: None,
            financial_status: "paid".into(),
            fulfillment_status: "unfulfilled".into(),
            ships: true,
            tags: vec![],
            earlier_orders: None,
            orders_in_24h: None,
            country: Some("DE".into()),
            city: None,
            billing_country: Some("FR".into()),
            billing_city: None,
            provider_risk: Some(ProviderRisk::High),
            disposable_mail: None,
            holds: vec![],
        },
        is_present: true,
    }
}

fn titles(decision: &Decision) -> Vec<&str> {
    let titles = decision.proposals.iter();
    titles.map(|p| p.title.as_str()).collect()
}

fn notes(decision: &Decision) -> String {
    let notes = decision.notes.iter();
    let notes: Vec<_> = notes.map(|n| format!("{}: {}", n.about, n.text)).collect();
    notes.join("\n")
}

#[test]
fn what_meets_all_conditions_gets_the_operation_and_people_look_at_prices() {
    let busy = VariantThing {
        days: vec![DayFigures {
            units: 9,
            ..variant(2).days[0]
        }],
        ..variant(2)
    };
    let decision = decide(
        &rule("variants", &slow(), &lower()),
        &variants(vec![variant(1), busy]),
        now(),
    );
    assert_eq!(
        titles(&decision),
        ["Lower Mug 1 from 20.00 EUR to 18.00 EUR"]
    );
    let proposal = &decision.proposals[0];
    assert_eq!(proposal.handling, Handling::Ask);
    assert_eq!(proposal.subject, "rule:1");
    assert_eq!(
        proposal.reason,
        "stock 20, units sold in 30 days 1, price 20.00 EUR, new price 18.00 EUR, unit margin after 55.55 %"
    );
    assert_eq!(decision.looked_at, 2);
}

#[test]
fn what_nobody_knows_is_neither_met_nor_not_met() {
    let uncounted = VariantThing {
        stock: None,
        ..variant(1)
    };
    let rule_all = rule("variants", &slow(), &lower());
    let decision = decide(&rule_all, &variants(vec![uncounted.clone()]), now());
    assert!(decision.proposals.is_empty());
    assert_eq!(
        notes(&decision),
        "Not known: 1 of 1 could not be judged: stock is not counted"
    );
    let mut any = rule_all;
    any.given.of = Match::Any;
    assert_eq!(
        decide(&any, &variants(vec![uncounted]), now())
            .proposals
            .len(),
        1
    );
}

#[test]
fn a_price_is_left_alone_where_no_agent_may_move_it() {
    let dear = VariantThing {
        cost: Some(1_600),
        ..variant(1)
    };
    let unknown = VariantThing {
        cost: None,
        ..variant(2)
    };
    let decision = decide(
        &rule("variants", &slow(), &lower()),
        &variants(vec![dear, unknown]),
        now(),
    );
    assert!(decision.proposals.is_empty());
    assert_eq!(
        notes(&decision),
        "Left alone: Mug 2: its unit cost is not known\n\
         Left alone: Mug 1: the new price would leave less than every agent's least margin"
    );
}

#[track_caller]
fn priced(then: &Value, price: i64, expected: Option<i64>) {
    let any = json!([{ "figure": "price", "is": "above", "value": 0 }]);
    let thing = VariantThing {
        price: Some(price),
        ..variant(1)
    };
    let decision = decide(&rule("variants", &any, then), &variants(vec![thing]), now());
    let after = decision
        .proposals
        .first()
        .map(|p| match p.wanted[0].action {
            Action::Price { after, .. } => after,
            _ => 0,
        });
    assert_eq!(after, expected, "{then} from {price}: {}", notes(&decision));
}

#[test]
fn prices_end_as_it_is_set_and_settle_at_their_margin() {
    let percent = |percent, rounding: &str| json!({ "do": "price_percent", "percent": percent, "rounding": rounding });
    priced(&percent(500, "exact"), 2_000, Some(2_100));
    priced(&percent(500, "ending99"), 2_000, Some(2_099));
    priced(&percent(-1_000, "whole"), 2_050, Some(1_800));
    // The other prices of the store end in 00, this one does too.
    priced(&percent(700, "store"), 2_000, Some(2_100));
    priced(&percent(100, "whole"), 2_000, Some(2_100));
    let margin = |margin, rounding: &str| json!({ "do": "price_to_margin", "margin": margin, "rounding": rounding });
    // 8.00 of cost are a half of 16.00.
    priced(&margin(5_000, "exact"), 1_500, Some(1_600));
    priced(&margin(5_000, "exact"), 1_600, None);
    priced(&margin(5_000, "exact"), 1_700, Some(1_600));
    priced(&margin(5_000, "ending99"), 1_599, Some(1_699));
    priced(&margin(5_000, "ending99"), 1_699, None);
    priced(&margin(5_000, "exact"), 1_000, None);
}

#[test]
fn a_product_is_tagged_once_and_not_again() {
    let any = json!([{ "figure": "product_status", "is": "any_of", "value": ["Active"] }]);
    let tag = |tags: &[&str]| rule("variants", &any, &json!({ "do": "add_tags", "tags": tags }));
    let twin = VariantThing {
        variant: VariantId(7),
        ..variant(1)
    };
    let both = || variants(vec![variant(1), twin.clone()]);
    let decision = decide(&tag(&["slow", "SALE"]), &both(), now());
    assert_eq!(titles(&decision), ["Tag Mug 1: slow"]);
    assert_eq!(decision.proposals[0].handling, Handling::Apply);
    assert!(decide(&tag(&["sale"]), &both(), now()).proposals.is_empty());
    let untag = rule(
        "variants",
        &any,
        &json!({ "do": "remove_tags", "tags": ["sale", "other"] }),
    );
    assert_eq!(
        titles(&decide(&untag, &both(), now())),
        ["Untag Mug 1: sale"]
    );
}

#[test]
fn orders_are_held_and_released_by_what_is_known_of_them() {
    let risky = json!([
        { "figure": "total", "is": "at_least", "value": 50_000 },
        { "figure": "risk", "is": "any_of", "value": ["high"] },
        { "figure": "age_hours", "is": "below", "value": 48 },
        { "figure": "billed_elsewhere", "is": "equals", "value": true },
    ]);
    let hold = json!({ "do": "hold_order", "reason": "other", "note": "" });
    let held = |id| OrderThing {
        order: OrderFacts {
            holds: vec![format!("royal-rule-{id}")],
            ..order(id, 60_000).order
        },
        ..order(id, 60_000)
    };
    let orders = || {
        facts(Things::Orders(vec![
            order(1, 60_000),
            order(2, 100),
            held(3),
        ]))
    };
    let decision = decide(&rule("orders", &risky, &hold), &orders(), now());
    assert_eq!(titles(&decision), ["Hold order #1"]);
    let release = rule("orders", &risky, &json!({ "do": "release_order" }));
    assert_eq!(
        titles(&decide(&release, &orders(), now())),
        ["Release order #3"]
    );
}

#[test]
fn a_thing_rests_after_a_change_and_what_goes_round_is_left_with_its_reason() {
    let mut rule = rule("variants", &slow(), &lower());
    rule.limits.cool_down_hours = 48;
    let touched = |hours| Touched {
        thing: 1,
        at: now() - Duration::hours(hours),
    };
    let ours = |hours: &[i64]| Facts {
        ours: hours.iter().map(|h| touched(*h)).collect(),
        ..variants(vec![variant(1)])
    };
    assert_eq!(decide(&rule, &ours(&[49]), now()).proposals.len(), 1);
    let decision = decide(&rule, &ours(&[47]), now());
    assert!(decision.proposals.is_empty());
    assert!(notes(&decision).contains("within the last 48 hours"));
    rule.limits.cool_down_hours = 0;
    let decision = decide(&rule, &ours(&[1, 2, 3]), now());
    assert!(decision.proposals.is_empty());
    assert!(notes(&decision).contains("it does not go round any further"));
    let declined = Facts {
        declined: vec![touched(23)],
        ..variants(vec![variant(1)])
    };
    assert!(notes(&decide(&rule, &declined, now())).contains("people did not want it"));
    let waits = Facts {
        told: BTreeSet::from(["rule:1".to_owned()]),
        ..variants(vec![variant(1)])
    };
    assert!(decide(&rule, &waits, now()).proposals.is_empty());
}

#[test]
fn a_run_proposes_no_more_than_it_may() {
    let mut rule = rule("variants", &slow(), &lower());
    rule.limits.per_run = 2;
    let decision = decide(&rule, &variants((1..=5).map(variant).collect()), now());
    assert_eq!(decision.proposals.len(), 2);
    assert!(notes(&decision).contains("3 more meet the conditions"));
}

#[track_caller]
fn faults(rule: &Rule, expected: &[&str]) {
    let found: Vec<_> = check(rule).into_iter().map(|f| f.key).collect();
    assert_eq!(found, expected);
}

#[test]
fn everything_that_is_wrong_is_named_at_its_place() {
    let fine = rule("variants", &slow(), &lower());
    faults(&fine, &[]);
    let mut wrong = fine.clone();
    wrong.name = " ".into();
    wrong.when = When::Schedule {
        schedule: "every morning".into(),
    };
    wrong.given.conditions[0].value = Operand::Flag(true);
    wrong.given.conditions[1].days = Some(0);
    wrong.then = Operation::PricePercent {
        percent: 2_001,
        rounding: Rounding::Exact,
    };
    wrong.limits.per_run = 0;
    faults(
        &wrong,
        &[
            "name",
            "when.schedule",
            "if.conditions.0.value",
            "if.conditions.1.days",
            "then.percent",
            "limits.per_run",
        ],
    );
    let other = rule("orders", &slow(), &lower());
    faults(
        &other,
        &[
            "if.conditions.0.figure",
            "if.conditions.1.figure",
            "then.do",
        ],
    );
    let compared = json!([{ "figure": "cost_known", "is": "above", "value": true }]);
    faults(
        &rule("variants", &compared, &lower()),
        &["if.conditions.0.is"],
    );
    let none = rule("variants", &json!([]), &json!({ "do": "notify" }));
    faults(&none, &["if.conditions"]);
    let comma = json!({ "do": "add_tags", "tags": ["a,b"] });
    faults(&rule("variants", &slow(), &comma), &["then.tags"]);
}

#[test]
fn a_rule_that_would_find_its_own_change_is_refused() {
    let mut moving = rule("variants", &slow(), &lower());
    moving.when = When::Event {
        event: "products.changed".into(),
    };
    moving.limits.cool_down_hours = 23;
    faults(&moving, &["limits.cool_down_hours"]);
    moving.limits.cool_down_hours = 24;
    faults(&moving, &[]);
    // What settles may look again at once.
    moving.then = Operation::PriceToMargin {
        margin: 3_000,
        rounding: Rounding::Exact,
    };
    moving.limits.cool_down_hours = 0;
    faults(&moving, &[]);
}

fn tagging(figure: &Value, verb: &str) -> Rule {
    rule("variants", figure, &json!({ "do": verb, "tags": ["Low"] }))
}

#[test]
fn two_rules_that_undo_each_other_are_named_unless_nothing_meets_both() {
    let stock = |is: &str, value: i64| json!([{ "figure": "stock", "is": is, "value": value }]);
    let add = tagging(&stock("below", 10), "add_tags");
    let meets = tagging(&stock("at_most", 10), "remove_tags");
    let why = undoes(&named("Untag", meets.clone()), &add);
    assert_eq!(undoes(&add, &add), None);
    assert!(why.is_some_and(|why| why.contains("“A rule”") && why.contains("the tag low")));
    assert_eq!(
        undoes(&add, &tagging(&stock("at_least", 10), "remove_tags")),
        None
    );
    // The tag itself is no reason: it is what they change.
    let has = |is: &str| json!([{ "figure": "product_tags", "is": is, "value": ["low"] }]);
    let gives = tagging(&has("none_of"), "add_tags");
    let takes = tagging(&has("any_of"), "remove_tags");
    assert!(undoes(&gives, &takes).is_some());
    let other = |is: &str| json!([{ "figure": "product_tags", "is": is, "value": ["other"] }]);
    assert_eq!(
        undoes(
            &tagging(&other("none_of"), "add_tags"),
            &tagging(&other("any_of"), "remove_tags")
        ),
        None
    );
    let mut loose = tagging(&stock("at_least", 10), "remove_tags");
    loose.given.conditions.extend(meets.given.conditions);
    loose.given.of = Match::Any;
    assert!(undoes(&add, &loose).is_some());
}

#[test]
fn prices_and_holds_that_pull_both_ways_are_named() {
    let price = |percent: i64, is: &str| {
        let then = json!({ "do": "price_percent", "percent": percent, "rounding": "exact" });
        let given = json!([{ "figure": "price", "is": is, "value": 2_000 }]);
        rule("variants", &given, &then)
    };
    assert!(undoes(&price(500, "below"), &price(-500, "above")).is_some());
    assert_eq!(undoes(&price(500, "below"), &price(700, "above")), None);
    let order = |then: Value| {
        let given = json!([{ "figure": "country", "is": "any_of", "value": ["DE"] }]);
        rule("orders", &given, &then)
    };
    let hold = order(json!({ "do": "hold_order", "reason": "other", "note": "" }));
    let release = order(json!({ "do": "release_order" }));
    assert!(undoes(&hold, &release).is_some());
    assert!(undoes(&release, &hold).is_some());
}

#[test]
fn a_rule_is_an_agent_that_starts_as_it_says() {
    let mut rule = rule("variants", &slow(), &lower());
    let agent = spec("rule:1", &rule);
    assert_eq!((&*agent.id, &*agent.name), ("rule:1", "A rule"));
    assert_eq!(&*agent.schedule, "0 6 * * *");
    assert_eq!(
        &*agent.decides,
        "On the schedule 0 6 * * *: lower the price by 10 % of variants with stock above 10 and units sold in 30 days at most 1."
    );
    rule.when = When::Event {
        event: "orders.changed".into(),
    };
    let agent = spec("rule:1", &rule);
    assert!(agent.schedule.is_empty() && agent.wants("orders.changed"));
    assert_eq!(of(&values(rule.clone())), Some(&rule));
}

mod laws {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// Who tells where figures lie apart must not err: a value that meets both would go round.
        #[test]
        fn rules_that_are_let_stand_beside_each_other_share_no_thing(
            a in 0_i64..20, b in 0_i64..20, one in 0_usize..5, two in 0_usize..5, stock in 0_i64..20
        ) {
            let words = ["at_least", "at_most", "above", "below", "equals"];
            let given = |is: usize, value: i64| json!([{ "figure": "stock", "is": words[is], "value": value }]);
            let (add, remove) = (tagging(&given(one, a), "add_tags"), tagging(&given(two, b), "remove_tags"));
            if undoes(&add, &remove).is_none() {
                let mut thing = VariantThing { stock: Some(stock), ..variant(1) };
                let without = variants(vec![thing.clone()]);
                if let Some(facts) = &mut thing.product_facts {
                    facts.tags.push("low".into());
                }
                let with = variants(vec![thing]);
                let hits = |rule: &Rule, facts: &Facts| decide(rule, facts, now()).proposals.len();
                prop_assert!(hits(&add, &without) + hits(&remove, &with) <= 1);
            }
        }

        #[test]
        fn the_same_facts_give_the_same_proposals_bit_for_bit(stock in 0_i64..40, per_run in 1_u32..4) {
            let mut rule = rule("variants", &slow(), &lower());
            rule.limits.per_run = per_run;
            let things = (1..=5).map(|id| VariantThing { stock: Some(stock), ..variant(id) });
            let facts = variants(things.collect());
            let written = serde_json::to_string(&facts).unwrap();
            let read: Facts = serde_json::from_str(&written).unwrap();
            prop_assert_eq!(decide(&rule, &facts, now()).digest(), decide(&rule, &read, now()).digest());
        }
    }
}

#[test]
fn a_signal_tells_what_the_rule_names_and_rests_after_it() {
    let then = json!({ "do": "signal", "event": "slow_mug", "figures": [
        { "figure": "price" }, { "figure": "unit_margin" }, { "figure": "units_sold", "days": 30 },
        { "figure": "stock_cover", "days": 7 }, { "figure": "product_tags" }, { "figure": "product_status" },
    ] });
    let rule = rule("variants", &slow(), &then);
    assert_eq!(check(&rule), vec![]);
    let decision = decide(&rule, &variants(vec![variant(1)]), now());
    assert_eq!(titles(&decision), ["Signal slow_mug: Mug 1"]);
    let proposal = &decision.proposals[0];
    assert_eq!(proposal.handling, Handling::Apply);
    let Action::Signal(signal) = &proposal.wanted[0].action else {
        panic!("{:?}", proposal.wanted);
    };
    assert_eq!(
        (signal.event.as_str(), signal.thing.as_str()),
        ("slow_mug", "variant:1")
    );
    let told = json!({
        "price": "20.00", "unit_margin": "0.6000", "units_sold_30d": 1, "stock_cover_7d": null,
        "product_tags": ["Sale"], "product_status": "active",
    });
    assert_eq!(signal.payload["figures"], told);
    assert_eq!(
        (&signal.payload["id"], &signal.payload["currency"]),
        (&json!("1"), &json!("EUR"))
    );
    assert!(signal.payload.as_object().unwrap().len() <= 10);
    let resting = Facts {
        ours: vec![Touched {
            thing: 1,
            at: now() - Duration::hours(23),
        }],
        ..variants(vec![variant(1)])
    };
    assert!(decide(&rule, &resting, now()).proposals.is_empty());

    let faults = |then: Value, rest: u32| {
        let mut rule = super::tests::rule("variants", &slow(), &then);
        rule.limits.cool_down_hours = rest;
        let faults = check(&rule).into_iter();
        faults.map(|f| f.key).collect::<Vec<_>>()
    };
    let wrong = json!({ "do": "signal", "event": " ", "figures": [
        { "figure": "total" }, { "figure": "net_sales" }, { "figure": "price", "days": 3 }, { "figure": "price", "days": 3 },
    ] });
    assert_eq!(
        faults(wrong, 1),
        [
            "then.event",
            "then.figures.0.figure",
            "then.figures.1.days",
            "then.figures.2.days",
            "then.figures.3.days",
            "then.figures.3.figure",
            "limits.cool_down_hours",
        ]
    );
}
