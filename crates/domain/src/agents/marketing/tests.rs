use super::*;
use crate::ads::{AdPlatform, AdStatus, Budget, BudgetSpan};
use crate::agents::decision::{Decision, Handling};
use crate::agents::settings::{Value, Values};
use crate::changes::{Action, Limits};
use crate::ids::AdAccountId;
use chrono::{DateTime, Days, NaiveDate, Utc};
use proptest::prelude::*;
use std::collections::BTreeSet;
use uuid::Uuid;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn today() -> NaiveDate {
    day("2026-06-30")
}

fn now() -> DateTime<Utc> {
    "2026-06-30T08:00:00Z".parse().unwrap()
}

/// The last final day of Meta.
fn settled() -> NaiveDate {
    today() - Days::new(29)
}

fn account() -> AccountFacts {
    AccountFacts {
        id: AdAccountId(Uuid::from_u128(1)),
        name: "Shop".into(),
        platform: AdPlatform::Meta,
        currency: "USD".parse().unwrap(),
        rate: Some(1_000_000),
        final_through: Some(settled()),
        read_through: Some(today()),
        margin: Some(500_000),
        margin_unknown: None,
        closed: None,
    }
}

fn budget(minor: i64) -> Budget {
    Budget {
        span: BudgetSpan::Day,
        minor,
        resource: None,
        is_shared: false,
    }
}

/// Ten a day, claimed to sell `roas` hundredths of it, more or less by a tenth.
fn campaign(id: &str, roas: i64) -> CampaignFacts {
    let first = today() - Days::new(90);
    let days = first.iter_days().take_while(|d| *d < today());
    let days = days.enumerate().map(|(no, day)| {
        let wave = if no % 2 == 0 { 110 } else { 90 };
        AdDayFacts {
            day,
            spend: 10_000_000,
            revenue: 10_000_000 * roas / 100 * wave / 100,
            purchases: 1_000_000,
            impressions: 1_000,
            clicks: 20,
        }
    });
    CampaignFacts {
        account: account().id,
        id: id.to_owned(),
        name: format!("Campaign {id}"),
        status: AdStatus::Active,
        budget: Some(budget(1_000)),
        sets: Vec::new(),
        first_day: Some(first),
        days: days.collect(),
        goods: None,
    }
}

fn facts(campaigns: Vec<CampaignFacts>) -> Facts {
    Facts {
        currency: "USD".parse().unwrap(),
        today: today(),
        as_of: Some(now()),
        limits: Limits::default(),
        accounts: vec![account()],
        campaigns,
        month_spent: Some(30_000),
        order_margin: Some(2_000),
        told: BTreeSet::new(),
    }
}

fn set(values: &[(&str, i64)]) -> Values {
    let one = |(key, number): &(&str, i64)| ((*key).to_owned(), Value::Number(*number));
    values.iter().map(one).collect()
}

fn run(facts: &Facts, values: &Values) -> Decision {
    decide(facts, values, now(), 1)
}

fn titles(decision: &Decision) -> Vec<&str> {
    let proposals = decision.proposals.iter();
    proposals.map(|p| p.title.as_str()).collect()
}

#[test]
fn a_campaign_is_judged_by_the_profit_of_its_final_days() {
    // At a margin of one half: POAS 0.5, 0.9, 1.5 and 2.5.
    let all = [
        campaign("1", 100),
        campaign("2", 180),
        campaign("3", 300),
        campaign("4", 500),
    ];
    let decision = run(&facts(all.to_vec()), &Values::new());
    assert_eq!(
        titles(&decision),
        [
            "Pause Campaign 1 at Meta",
            "Lower the budget of Campaign 2 by 25 %",
            "Raise the budget of Campaign 4 by 20 %"
        ]
    );
    let pause = &decision.proposals[0];
    // 28 days of ten that leave five.
    assert_eq!(pause.effect.map(|e| (e.days, e.mean)), Some((28, 14_000)));
    assert_eq!(pause.handling, Handling::Apply);
    assert!(pause.reason.contains("a POAS of 0.5"), "{}", pause.reason);
    let row = |label: &str| {
        let rows = &pause.evidence[0].rows;
        rows.iter()
            .find(|r| r.label == label)
            .unwrap()
            .value
            .clone()
    };
    assert_eq!(row("Spent"), "280.00 USD");
    assert_eq!(
        (row("ROAS"), row("Break-even ROAS")),
        ("1".into(), "2".into())
    );
    let moved = |no: usize| match &decision.proposals[no].wanted[0].action {
        Action::AdBudget(budget) => (budget.before.minor, budget.after),
        other => panic!("{other:?}"),
    };
    assert_eq!((moved(1), moved(2)), ((1_000, 750), (1_000, 1_200)));
    assert_eq!(decision.proposals[2].handling, Handling::Ask);
    assert_eq!(decision.proposals[2].effect, None);
}

#[test]
fn days_that_still_move_have_no_say() {
    let mut one = campaign("1", 300);
    for fresh in one.days.iter_mut().filter(|d| d.day > settled()) {
        (fresh.revenue, fresh.purchases) = (0, 0);
    }
    assert_eq!(
        titles(&run(&facts(vec![one.clone()]), &Values::new())),
        [""; 0]
    );
    // Until somebody sets a stop-loss: 26 days without a sale, and 2 000 a usual order.
    let spent = set(&[("stop_loss", 120_000)]);
    let decision = run(&facts(vec![one.clone()]), &spent);
    assert_eq!(titles(&decision), ["Pause Campaign 1 at Meta"]);
    let proposal = &decision.proposals[0];
    assert!(
        proposal.reason.contains("may still move"),
        "{}",
        proposal.reason
    );
    assert_eq!((proposal.effect, proposal.handling), (None, Handling::Ask));
    let more = set(&[("stop_loss", 131_000)]);
    assert_eq!(titles(&run(&facts(vec![one.clone()]), &more)), [""; 0]);
    // The other way round: a loss on final days is one, whatever the fresh ones claim.
    let mut two = campaign("2", 100);
    for fresh in two.days.iter_mut().filter(|d| d.day > settled()) {
        fresh.revenue = 900_000_000;
    }
    assert_eq!(
        titles(&run(&facts(vec![two]), &Values::new())),
        ["Pause Campaign 2 at Meta"]
    );
}

#[test]
fn too_little_spend_too_few_sales_too_young_or_chance_say_nothing() {
    let silent = |change: fn(&mut CampaignFacts), values: &Values, why: &str| {
        let mut one = campaign("1", 100);
        change(&mut one);
        let decision = run(&facts(vec![one]), values);
        assert_eq!(titles(&decision), [""; 0]);
        let told = decision.notes.iter().any(|n| n.text.contains(why));
        assert!(told, "{why}: {:?}", decision.notes);
    };
    let none = Values::new();
    silent(
        |_| {},
        &set(&[("least_spend", 28_001)]),
        "less than 280.01 USD",
    );
    silent(|_| {}, &set(&[("least_purchases", 29)]), "fewer than 29");
    silent(
        |c| c.first_day = Some(settled() - Days::new(13)),
        &none,
        "less than 14 days",
    );
    silent(
        |c| {
            for (no, day) in c.days.iter_mut().enumerate() {
                day.revenue = if no % 14 == 0 { 130_000_000 } else { 0 };
            }
        },
        &none,
        "chance",
    );
    let mut unknown = facts(vec![campaign("1", 100)]);
    unknown.accounts[0].margin = None;
    unknown.accounts[0].margin_unknown = Some("costs are missing".into());
    let decision = run(&unknown, &none);
    assert_eq!(titles(&decision), [""; 0]);
    assert!(decision.notes[0].text.contains("costs are missing"));
}

#[test]
fn budgets_of_ad_sets_move_together_and_shared_ones_are_left_to_people() {
    let mut one = campaign("1", 180);
    one.budget = None;
    let set_of = |id: &str, status, minor| SetFacts {
        id: id.into(),
        name: format!("Set {id}"),
        status,
        budget: Some(budget(minor)),
    };
    one.sets = vec![
        set_of("12", AdStatus::Active, 600),
        set_of("11", AdStatus::Active, 400),
        set_of("13", AdStatus::Paused, 400),
    ];
    let decision = run(&facts(vec![one.clone()]), &Values::new());
    let proposal = &decision.proposals[0];
    let labels: Vec<_> = proposal.wanted.iter().map(|w| w.label.as_str()).collect();
    assert_eq!(labels, ["Set 11", "Set 12"]);
    // It is found again by the first thing that is changed.
    assert_eq!(proposal.subject, format!("budget:{}/11", account().id));
    assert!(
        proposal
            .subjects()
            .contains(&format!("budget:{}/12", account().id))
    );
    let mut told = facts(vec![one.clone()]);
    told.told.insert(proposal.subject.clone());
    assert_eq!(titles(&run(&told, &Values::new())), [""; 0]);
    one.budget = Some(Budget {
        is_shared: true,
        ..budget(1_000)
    });
    let decision = run(&facts(vec![one]), &Values::new());
    assert_eq!(titles(&decision), [""; 0]);
    assert!(decision.notes[0].text.contains("shared"));
}

#[test]
fn a_month_has_an_end() {
    let all = vec![campaign("1", 300), campaign("2", 500)];
    // One day is left: 300.00 are spent and 20.00 may be.
    let roomy = run(&facts(all.clone()), &set(&[("month_budget", 32_200)]));
    assert_eq!(titles(&roomy), ["Raise the budget of Campaign 2 by 20 %"]);
    let tight = run(&facts(all.clone()), &set(&[("month_budget", 32_199)]));
    assert_eq!(titles(&tight), [""; 0]);
    assert!(tight.notes[0].text.contains("no room"));
    // Over: what earns least gives, and no more than is needed.
    let over = run(&facts(all.clone()), &set(&[("month_budget", 31_800)]));
    assert_eq!(titles(&over), ["Lower the budget of Campaign 1 by 25 %"]);
    let more = run(&facts(all), &set(&[("month_budget", 31_700)]));
    assert_eq!(titles(&more).len(), 2);
}

#[test]
fn without_a_month_s_budget_a_raise_takes_nothing_from_the_others() {
    let all = vec![campaign("1", 500), campaign("2", 600), campaign("3", 300)];
    let decision = run(&facts(all), &Values::new());
    assert_eq!(
        titles(&decision),
        [
            "Raise the budget of Campaign 1 by 20 %",
            "Raise the budget of Campaign 2 by 20 %"
        ]
    );
}

#[test]
fn a_budget_that_is_not_spent_is_not_raised_and_no_step_passes_the_limit() {
    let mut one = campaign("1", 500);
    one.budget = Some(budget(1_200));
    let decision = run(&facts(vec![one]), &Values::new());
    assert_eq!(titles(&decision), [""; 0]);
    assert!(
        decision.notes[0].text.contains("83.33 %"),
        "{:?}",
        decision.notes
    );
    let mut all = facts(vec![campaign("1", 500)]);
    all.limits.ad_budget = 1_000;
    let decision = run(&all, &Values::new());
    assert_eq!(
        titles(&decision),
        ["Raise the budget of Campaign 1 by 10 %"]
    );
}

#[test]
fn goods_that_are_gone_and_advertisements_that_tire_are_told() {
    let mut one = campaign("1", 300);
    one.goods = Some(GoodsFacts {
        units: 10,
        gone: 5,
        titles: vec!["Tent".into()],
    });
    let decision = run(&facts(vec![one.clone()]), &Values::new());
    assert_eq!(titles(&decision), ["Pause Campaign 1 at Meta"]);
    assert!(decision.proposals[0].reason.contains("Tent"));
    one.goods.as_mut().unwrap().gone = 4;
    assert_eq!(
        titles(&run(&facts(vec![one.clone()]), &Values::new())),
        [""; 0]
    );
    let late = today() - Days::new(14);
    for fresh in one.days.iter_mut().filter(|d| d.day >= late) {
        fresh.clicks = 12;
    }
    let decision = run(&facts(vec![one]), &Values::new());
    assert_eq!(titles(&decision), ["Campaign 1 needs new advertisements"]);
    let proposal = &decision.proposals[0];
    assert!(proposal.wanted.is_empty() && proposal.handling == Handling::Notify);
    assert!(
        proposal.reason.contains("from 2.00 % to 1.20 %"),
        "{}",
        proposal.reason
    );
}

#[test]
fn money_of_another_currency_is_the_store_s() {
    let mut all = facts(vec![campaign("1", 100)]);
    all.accounts[0].currency = "EUR".parse().unwrap();
    all.accounts[0].rate = Some(1_200_000);
    let decision = run(&all, &Values::new());
    assert_eq!(decision.proposals[0].effect.map(|e| e.mean), Some(16_800));
    all.accounts[0].rate = None;
    let decision = run(&all, &Values::new());
    assert!(decision.notes[0].text.contains("no exchange rate"));
}

fn past(campaigns: Vec<CampaignFacts>) -> History {
    let days = day("2026-01-01").iter_days().take(365);
    History {
        zone: chrono_tz::UTC,
        margins: days.map(|d| ((d, AdPlatform::Meta), Ok(500_000))).collect(),
        campaigns: campaigns
            .iter()
            .map(|c| PastCampaign {
                account: c.account,
                id: c.id.clone(),
                name: c.name.clone(),
                days: c.days.clone(),
            })
            .collect(),
        now: facts(campaigns),
    }
}

#[test]
fn a_rehearsal_tells_what_followed_in_fact() {
    // It loses for a while, and earns from the end of April on.
    let turn = day("2026-05-01");
    let mut one = campaign("1", 100);
    one.days = day("2026-01-01")
        .iter_days()
        .take(180)
        .map(|day| AdDayFacts {
            day,
            revenue: if day < turn { 10_000_000 } else { 40_000_000 },
            ..one.days[0]
        })
        .collect();
    let history = past(vec![one]);
    let at = |text: &str| {
        let mut decision = run(&history.known_at(day(text), now()), &Values::new());
        let mut told = Rehearsed::default();
        history.follow(day(text), &mut decision, &mut told);
        (titles(&decision).len(), told)
    };
    let (count, told) = at("2026-03-20");
    assert_eq!(
        (count, told.right, told.wrong, told.saved),
        (1, 1, 0, 28 * 500)
    );
    // Judged by days that were final then, it still loses; what follows earns.
    let (count, told) = at("2026-05-02");
    assert_eq!(
        (count, told.right, told.wrong, told.lost),
        (1, 0, 1, 28 * 1_000)
    );
    // June is not final.
    let (_, told) = at("2026-05-20");
    assert_eq!((told.pauses, told.untold), (1, 1));
    let text = history.rests_on(&told);
    assert!(text.contains("1 pause would"), "{text}");
}

proptest! {
    /// Whatever is told of days that are not final at the end of a day, or that come after it, decides nothing of pauses and budgets.
    #[test]
    fn what_is_told_later_changes_nothing(
        revenue in prop::collection::vec(0_i64..60_000_000, 60),
        roas in 50_i64..600,
    ) {
        let one = campaign("1", roas);
        let mut other = one.clone();
        let last = day("2026-06-10");
        let settled = last - Days::new(29);
        for (fresh, revenue) in other.days.iter_mut().filter(|d| d.day > settled).zip(revenue) {
            (fresh.revenue, fresh.purchases) = (revenue, 0);
        }
        let seen = |c: &CampaignFacts| run(&past(vec![c.clone()]).known_at(last, now()), &Values::new());
        prop_assert_eq!(seen(&one), seen(&other));
    }

    #[test]
    fn the_order_of_facts_does_not_matter(order in Just((0..6_usize).collect::<Vec<_>>()).prop_shuffle()) {
        let all: Vec<_> = (0..6).map(|n| campaign(&n.to_string(), 60 + 90 * n)).collect();
        let shuffled = order.iter().map(|n| all[*n].clone()).collect();
        let one = run(&facts(all), &Values::new());
        prop_assert_eq!(one.digest(), run(&facts(shuffled), &Values::new()).digest());
    }
}

#[test]
fn facts_are_the_same_when_they_are_read_again() {
    let all = facts(vec![campaign("1", 100)]);
    let read: Facts = serde_json::from_str(&serde_json::to_string(&all).unwrap()).unwrap();
    assert_eq!(read, all);
}
