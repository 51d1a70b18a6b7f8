//! What no write may pass, whoever approved it. Asked in the transaction of the intent, so that of many writes at once each is
//! held against all that were let through before.

use super::action::Action;
use super::ad;
use super::alone::{self, Alone};
use super::budget::{self, Spend};
use super::discount::Discount;
use super::limits::Limits;
use super::set::Origin;
use crate::ids::{ChangeSetId, ConnectionId};
use chrono::{DateTime, Duration, Utc};
use rust_decimal::Decimal;

/// The day of the limits: twenty-four hours back from the write, so that no midnight makes room.
pub const DAY: Duration = Duration::days(1);

/// The write that is asked for.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    pub set: ChangeSetId,
    pub no: u32,
    pub connection: ConnectionId,
    pub origin: &'a Origin,
    pub action: &'a Action,
    pub at: DateTime<Utc>,
    /// Of an agent's write; `None` for a person's.
    pub spend: Option<Spend>,
    /// Who stands alone behind it; `None`: two people do.
    pub alone: Option<Alone<'a>>,
}

/// A write of the same store that was let through before.
#[derive(Debug, Clone, Copy)]
pub struct Earlier<'a> {
    pub set: ChangeSetId,
    pub no: u32,
    pub action: &'a Action,
    pub at: DateTime<Utc>,
    /// Whose proposal it was; `None` for a person's.
    pub agent: Option<&'a str>,
    /// What its change-set means in money, as far as anybody can tell.
    pub stake: Option<i64>,
    /// Calls of the provider.
    pub calls: u32,
    /// Whether it is known to have had no effect, or to have been taken back.
    pub is_void: bool,
    /// Who stood alone behind it, where it gave money back.
    pub alone: Option<&'a str>,
}

/// Which writes a stop holds back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Held<'a> {
    All,
    Agent(&'a str),
    /// A connection's id.
    Connection(&'a str),
}

/// A stop that is on.
#[derive(Debug, Clone, Copy)]
pub struct StopSign<'a> {
    pub held: Held<'a>,
    pub reason: &'a str,
}

/// What is known of the thing that is changed. Amounts are minor units of the store's currency.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Facts<'a> {
    /// Of the variant whose price is changed; `None`: nobody told it.
    pub unit_cost: Option<i64>,
    /// The variants of the products that a discount names.
    pub discounted: &'a [Priced],
}

/// A variant as it is sold now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Priced {
    pub price: i64,
    /// `None`: nobody told it.
    pub unit_cost: Option<i64>,
}

/// Whether the write may be made.
///
/// # Errors
/// Why not, as a sentence.
pub fn check(
    limits: &Limits,
    asked: &Asked<'_>,
    earlier: &[Earlier<'_>],
    stops: &[StopSign<'_>],
    facts: Facts<'_>,
) -> Result<(), String> {
    stopped(asked.origin, asked.connection, stops)?;
    // Taking back restores what stood there; only a stop holds it.
    if matches!(asked.origin, Origin::Undo { .. }) {
        return Ok(());
    }
    // A write that is sent again is let through again, and is not its own predecessor.
    let all = || {
        let earlier = earlier.iter();
        earlier.filter(|e| (e.set, e.no) != (asked.set, asked.no))
    };
    let others = || all().filter(|e| !e.is_void);
    let day = || others().filter(|e| asked.at - e.at < DAY);
    if day().count() >= limits.operations_day as usize {
        return Err(format!(
            "more than {} changes within a day are not made in one store",
            limits.operations_day
        ));
    }
    if let Action::Price { before, after, .. } = asked.action {
        step(limits, asked.action)?;
        let entity = asked.action.entity();
        let same = day().filter(|e| e.action.entity() == entity);
        let moves = same.filter_map(|e| match e.action {
            Action::Price { before, after, .. } => Some((*before, *after)),
            _ => None,
        });
        if !is_within(limits.price_day, moves.chain([(*before, *after)])) {
            return Err(format!(
                "all changes of this price within a day would move it by more than {}",
                percent(limits.price_day)
            ));
        }
    }
    ad::check(limits, asked, day())?;
    alone::check(&limits.refunds, asked, day())?;
    if let Action::Discount(discount) = asked.action {
        step(limits, asked.action)?;
        if discount.terms.ends_at.is_some_and(|end| end <= asked.at) {
            return Err("its last day is over already".to_owned());
        }
    }
    match asked.origin {
        Origin::Agent { agent, .. } => {
            by_agent(limits, asked, others(), facts)?;
            let own = all().filter(|e| e.agent == Some(agent) && asked.at - e.at < DAY);
            asked
                .spend
                .map_or(Ok(()), |spend| budget::check(asked, &spend, own))
        }
        Origin::Person | Origin::Undo { .. } => Ok(()),
    }
}

/// Whether any stop holds back writes of this origin over this connection.
///
/// # Errors
/// The stop with its reason, as a sentence.
pub fn stopped(
    origin: &Origin,
    connection: ConnectionId,
    stops: &[StopSign<'_>],
) -> Result<(), String> {
    let connection = connection.to_string();
    for stop in stops {
        let what = match (stop.held, origin) {
            (Held::All, _) => "the emergency stop is on".to_owned(),
            (Held::Agent(name), Origin::Agent { agent, .. }) if name == agent => {
                format!("the agent {name} is stopped")
            }
            (Held::Connection(id), _) if id == connection => {
                "this connection is stopped".to_owned()
            }
            _ => continue,
        };
        return Err(format!("{what}: {}", stop.reason));
    }
    Ok(())
}

/// Whether one action moves a price, or raises a budget, too far; what was free has no share to move by.
///
/// # Errors
/// As [`check`].
pub fn step(limits: &Limits, action: &Action) -> Result<(), String> {
    let (before, after) = match action {
        Action::Price { before, after, .. } => (before, after),
        Action::Discount(discount) if discount.terms.share > limits.price_step => {
            let most = percent(limits.price_step);
            return Err(format!("one discount takes at most {most} off a price"));
        }
        Action::AdBudget(budget) => return ad::step(limits, budget),
        _ => return Ok(()),
    };
    let (before, after) = (i128::from(*before), i128::from(*after));
    let moved = (after - before).abs() * 10_000;
    if before != 0 && moved > before.abs() * i128::from(limits.price_step) {
        return Err(format!(
            "one change moves a price by at most {}",
            percent(limits.price_step)
        ));
    }
    Ok(())
}

fn by_agent<'a>(
    limits: &Limits,
    asked: &Asked<'_>,
    others: impl Iterator<Item = &'a Earlier<'a>>,
    facts: Facts<'_>,
) -> Result<(), String> {
    let entity = asked.action.entity();
    // What belongs together is in one set.
    let mut recent = others.filter(|e| e.set != asked.set && asked.at - e.at < limits.cool_down());
    if recent.any(|e| e.action.entity() == entity) {
        let hours = limits.cool_down;
        return Err(format!(
            "an agent leaves a thing alone for {hours} hours after it was changed"
        ));
    }
    let (before, after) = match asked.action {
        Action::Price { before, after, .. } => (before, after),
        Action::Discount(discount) => return discount_by_agent(limits, discount, facts.discounted),
        _ => return Ok(()),
    };
    if *before == 0 {
        return Err("an agent gives no price to what was free".to_owned());
    }
    let Some(cost) = facts.unit_cost else {
        return Err("an agent changes no price of something whose cost is unknown".to_owned());
    };
    match is_above_margin(limits, *after, cost) {
        true => Ok(()),
        false => Err(format!(
            "an agent's price leaves at least {} after the cost of the unit",
            percent(limits.margin)
        )),
    }
}

/// What a discount leaves of the margin can be told only of products that it names.
fn discount_by_agent(
    limits: &Limits,
    discount: &Discount,
    discounted: &[Priced],
) -> Result<(), String> {
    if discount.products().is_none() || discounted.is_empty() {
        return Err("an agent gives a discount only on products that it names".to_owned());
    }
    let after = |priced: &Priced| discount.terms.price(priced.price);
    for priced in discounted {
        let Some(cost) = priced.unit_cost else {
            return Err("an agent gives no discount on something whose cost is unknown".to_owned());
        };
        if !is_above_margin(limits, after(priced), cost) {
            return Err(format!(
                "an agent's discount leaves at least {} after the cost of the unit",
                percent(limits.margin)
            ));
        }
    }
    Ok(())
}

/// Whether a price leaves the least margin after its cost.
#[must_use]
pub fn is_above_margin(limits: &Limits, price: i64, cost: i64) -> bool {
    let left = (i128::from(price) - i128::from(cost)) * 10_000;
    price > 0 && left >= i128::from(price) * i128::from(limits.margin)
}

/// Whether the moves, one after the other, end within the share of where they began. A move from nothing has no share.
fn is_within(share: i64, moves: impl Iterator<Item = (i64, i64)>) -> bool {
    moved(moves).is_some_and(|moved| moved.abs() <= Decimal::new(share, 4))
}

/// As [`is_within`], upwards only.
pub(super) fn is_raised_within(share: i64, moves: impl Iterator<Item = (i64, i64)>) -> bool {
    moved(moves).is_some_and(|moved| moved <= Decimal::new(share, 4))
}

/// `None`: further than can be counted.
fn moved(moves: impl Iterator<Item = (i64, i64)>) -> Option<Decimal> {
    let mut ratio = Decimal::ONE;
    for (before, after) in moves.filter(|(before, _)| *before != 0) {
        let factor = Decimal::from(after).checked_div(Decimal::from(before));
        // Too large a number is too far a move.
        ratio = factor.and_then(|factor| ratio.checked_mul(factor))?;
    }
    // Thirds and the like end in the last places.
    Some((ratio - Decimal::ONE).round_dp(12))
}

/// `2000` is `20 %`.
#[must_use]
pub fn percent(ten_thousandths: i64) -> String {
    format!("{} %", Decimal::new(ten_thousandths, 2).normalize())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::changes::{DiscountKey, DiscountScope, Tagged, Terms};
    use crate::ids::{OrderId, ProductId, RunId, VariantId};
    use proptest::prelude::*;
    use uuid::Uuid;

    /// Of a person.
    const EARLIER: Earlier<'static> = Earlier {
        set: ChangeSetId(Uuid::nil()),
        no: 0,
        action: &Action::AddTags {
            target: Tagged::Order(OrderId(0)),
            tags: Vec::new(),
        },
        at: DateTime::UNIX_EPOCH,
        agent: None,
        stake: None,
        calls: 0,
        is_void: false,
        alone: None,
    };
    const CONNECTION: ConnectionId = ConnectionId(Uuid::from_u128(7));

    fn price(before: i64, after: i64) -> Action {
        Action::Price {
            product: ProductId(1),
            variant: VariantId(2),
            before,
            after,
        }
    }

    fn at(minutes: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_780_000_000 + minutes * 60, 0).unwrap()
    }

    fn agent() -> Origin {
        Origin::Agent {
            agent: "pricing".into(),
            run: RunId(Uuid::from_u128(3)),
        }
    }

    fn id(n: usize) -> ChangeSetId {
        ChangeSetId(Uuid::from_u128(n as u128))
    }

    /// Each write is a set of its own, the last being asked for.
    fn ask(
        origin: &Origin,
        past: &[(Action, i64)],
        (action, minutes): (&Action, i64),
        facts: Facts<'_>,
    ) -> Result<(), String> {
        let earlier: Vec<_> = past
            .iter()
            .enumerate()
            .map(|(n, (action, minutes))| Earlier {
                set: id(n),
                no: 1,
                action,
                at: at(*minutes),
                ..EARLIER
            })
            .collect();
        let asked = Asked {
            set: id(past.len()),
            no: 1,
            connection: CONNECTION,
            origin,
            action,
            at: at(minutes),
            spend: None,
            alone: None,
        };
        check(&Limits::default(), &asked, &earlier, &[], facts)
    }

    #[track_caller]
    fn refused(outcome: Result<(), String>, why: &str) {
        let said = outcome.unwrap_err();
        assert!(said.contains(why), "{said}");
    }

    #[test]
    fn one_step_is_at_most_a_fifth() {
        let alone = |before, after| {
            let action = price(before, after);
            ask(&Origin::Person, &[], (&action, 0), Facts::default())
        };
        assert_eq!(alone(1000, 1200), Ok(()));
        assert_eq!(alone(1000, 800), Ok(()));
        refused(alone(1000, 1201), "at most 20 %");
        refused(alone(1000, 0), "at most 20 %");
        // A slip of a digit.
        refused(alone(1999, 19_990), "at most 20 %");
        assert_eq!(alone(0, 500), Ok(()));
    }

    #[test]
    fn small_steps_add_up_over_a_day_and_a_way_back_makes_room() {
        let ask = |past: &[(Action, i64)], action: Action, minutes| {
            ask(&Origin::Person, past, (&action, minutes), Facts::default())
        };
        let up = [(price(1000, 1150), 0)];
        assert_eq!(ask(&up, price(1150, 1250), 60), Ok(()));
        refused(ask(&up, price(1150, 1251), 60), "more than 25 %");
        assert_eq!(ask(&up, price(1150, 1300), 24 * 60), Ok(()));
        let back = [(price(1000, 1150), 0), (price(1150, 1000), 5)];
        assert_eq!(ask(&back, price(1000, 1200), 60), Ok(()));
        // Another thing is not held by it.
        let other = Action::Price {
            product: ProductId(1),
            variant: VariantId(3),
            before: 1150,
            after: 1300,
        };
        assert_eq!(ask(&up, other, 60), Ok(()));
    }

    #[test]
    fn a_store_has_a_hundred_writes_a_day() {
        let tag = |n: i64| Action::AddTags {
            target: Tagged::Order(OrderId(n)),
            tags: vec!["a".into()],
        };
        let past: Vec<_> = (0..100).map(|n| (tag(n), n)).collect();
        let next = tag(1000);
        let ask = |minutes| ask(&Origin::Person, &past, (&next, minutes), Facts::default());
        refused(ask(200), "more than 100 changes");
        assert_eq!(ask(24 * 60), Ok(()), "the first is a day old");
    }

    #[test]
    fn agents_know_costs_leave_a_margin_and_wait() {
        let cost = |unit_cost| Facts {
            unit_cost,
            ..Facts::default()
        };
        let ask = |past: &[(Action, i64)], after, minutes, facts| {
            let action = price(1000, after);
            ask(&agent(), past, (&action, minutes), facts)
        };
        assert_eq!(ask(&[], 1000, 0, cost(Some(850))), Ok(()));
        refused(ask(&[], 1000, 0, cost(Some(851))), "at least 15 %");
        refused(ask(&[], 1000, 0, cost(None)), "cost is unknown");
        let past = [(price(1000, 1000), 0)];
        refused(ask(&past, 1010, 239, cost(Some(1))), "for 4 hours");
        assert_eq!(ask(&past, 1010, 240, cost(Some(1))), Ok(()));
        // A person is warned when the change is planned.
        let action = price(1000, 1010);
        let person = super::tests::ask(&Origin::Person, &past, (&action, 1), cost(None));
        assert_eq!(person, Ok(()));
    }

    #[test]
    fn a_discount_is_a_step_and_an_agent_s_leaves_a_margin() {
        let discount = |share, on| {
            Action::Discount(Discount {
                title: "Spring".into(),
                key: DiscountKey::Code("SPRING".into()),
                terms: Terms {
                    share,
                    starts_at: at(0),
                    ends_at: Some(at(60)),
                    on,
                },
            })
        };
        let named = || DiscountScope::Products([ProductId(1)].into());
        let ask = |origin: &Origin, action: Action, minutes, discounted: &[Priced]| {
            let facts = Facts {
                discounted,
                ..Facts::default()
            };
            super::tests::ask(origin, &[], (&action, minutes), facts)
        };
        let person = Origin::Person;
        assert_eq!(
            ask(&person, discount(2_000, DiscountScope::All), 0, &[]),
            Ok(())
        );
        refused(
            ask(&person, discount(2_001, named()), 0, &[]),
            "at most 20 %",
        );
        refused(ask(&person, discount(500, named()), 60, &[]), "is over");
        let cost = |unit_cost| {
            [Priced {
                price: 1_000,
                unit_cost,
            }]
        };
        let agent = agent();
        let by_agent = |on, known: &[Priced]| ask(&agent, discount(1_000, on), 0, known);
        assert_eq!(by_agent(named(), &cost(Some(765))), Ok(()));
        refused(by_agent(named(), &cost(Some(766))), "at least 15 %");
        refused(by_agent(named(), &cost(None)), "cost is unknown");
        refused(by_agent(named(), &[]), "that it names");
        refused(
            by_agent(DiscountScope::All, &cost(Some(1))),
            "that it names",
        );
    }

    #[test]
    fn a_stop_holds_what_it_names_and_an_undo_is_held_by_nothing_else() {
        let undo = Origin::Undo { of: id(9) };
        let ask = |origin: &Origin, held| {
            let action = price(1000, 5000);
            let asked = Asked {
                set: id(1),
                no: 1,
                connection: CONNECTION,
                origin,
                action: &action,
                at: at(0),
                spend: None,
                alone: None,
            };
            let reason = "a test";
            let stops = [StopSign { held, reason }];
            check(&Limits::default(), &asked, &[], &stops, Facts::default())
        };
        let (here, elsewhere) = (CONNECTION.to_string(), Uuid::nil().to_string());
        assert_eq!(ask(&undo, Held::Agent("pricing")), Ok(()));
        assert_eq!(ask(&undo, Held::Connection(&elsewhere)), Ok(()));
        refused(ask(&undo, Held::All), "the emergency stop is on: a test");
        refused(ask(&undo, Held::Connection(&here)), "connection is stopped");
        refused(ask(&agent(), Held::Agent("pricing")), "agent pricing is");
        refused(ask(&agent(), Held::Agent("other")), "at most 20 %");
    }

    #[test]
    fn a_write_that_is_sent_again_is_not_its_own_predecessor() {
        let action = price(1000, 1200);
        let earlier = [Earlier {
            set: id(1),
            no: 1,
            action: &action,
            at: at(0),
            ..EARLIER
        }];
        let asked = Asked {
            set: id(1),
            no: 1,
            connection: CONNECTION,
            origin: &Origin::Person,
            action: &action,
            at: at(1),
            spend: None,
            alone: None,
        };
        let ask = |asked: &Asked<'_>| {
            let limits = Limits::default();
            check(&limits, asked, &earlier, &[], Facts::default())
        };
        assert_eq!(ask(&asked), Ok(()));
        refused(ask(&Asked { no: 2, ..asked }), "more than 25 %");
    }

    proptest! {
        /// Whatever is tried, and in how small steps: no write leaves a price further than the limit from what it was a day before.
        #[test]
        fn many_small_steps_do_not_pass_the_limit_of_the_day(
            steps in prop::collection::vec((-1_500_i64..=1_500, 1_i64..400), 1..120),
        ) {
            let (mut now, mut price_now) = (0, 100_000_i64);
            let mut made: Vec<(Action, i64)> = Vec::new();
            for (share, minutes) in steps {
                now += minutes;
                let action = price(price_now, price_now + price_now * share / 10_000);
                if ask(&Origin::Person, &made, (&action, now), Facts::default()).is_err() {
                    continue;
                }
                let of = |action: &Action| match action {
                    Action::Price { before, after, .. } => (*before, *after),
                    _ => unreachable!("only prices are changed here"),
                };
                price_now = of(&action).1;
                made.push((action, now));
                let oldest = made.iter().find(|(_, at)| now - at < 24 * 60);
                let a_day_before = oldest.map_or(price_now, |(action, _)| of(action).0);
                let moved = (price_now - a_day_before).abs() * 10_000;
                prop_assert!(moved <= a_day_before * 2_500, "{a_day_before} to {price_now}");
            }
        }
    }
}
