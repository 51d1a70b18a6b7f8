//! One variant, from what is known of it to what to do about it.

use super::cover::{Arrival, Cover, Outlook};
use super::num::{quantity, units};
use super::reorder::{Reorder, Terms, reorder};
use super::{LeadTime, PlanSettings};
use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Urgency {
    Out,
    Critical,
    High,
    Medium,
    Low,
    /// It is not counted, or not forecast.
    Unknown,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// No more is there or under way than the reorder point.
    Reorder,
    Overstock,
    Dead,
    Slow,
    Untracked,
}

/// What is there and what comes; `None` where nobody counts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Position {
    pub on_hand: Option<i64>,
    pub available: Option<i64>,
    pub committed: Option<i64>,
    /// As the provider has it.
    pub incoming: Option<i64>,
    /// Own purchase orders that are under way.
    pub on_order: i64,
    /// Received, and not counted by the shop yet.
    #[serde(default)]
    pub uncounted: i64,
}

impl Position {
    /// What can be sold as the shop counts it.
    #[must_use]
    pub fn there(&self) -> Option<i64> {
        self.available.or(self.on_hand)
    }

    /// What can be sold, and what comes.
    #[must_use]
    pub fn total(&self) -> Option<i64> {
        let there = self.there()?;
        Some(there + self.incoming.unwrap_or(0) + self.on_order + self.uncounted)
    }
}

#[derive(Debug, Clone)]
pub struct Facts<'a> {
    pub today: NaiveDate,
    /// Whether the provider counts it; `None`: it does not say.
    pub tracked: Option<bool>,
    /// It is put together from others: nothing is ordered of it, and nothing of it lies there.
    pub is_bundle: bool,
    pub position: Position,
    /// Own orders with a day, and what came and is not counted yet, today; what the provider has coming has none.
    pub arrivals: &'a [Arrival],
    pub outlook: Option<Outlook<'a>>,
    pub lead: Option<LeadTime>,
    /// In the store's currency, not minor units.
    pub unit_cost: Option<f64>,
    pub pack: Option<i64>,
    pub minimum: Option<i64>,
    pub sold_28: i64,
    pub last_sold_on: Option<NaiveDate>,
    /// Since when it could have sold.
    pub offered_since: NaiveDate,
    /// What an order costs, in the unit of `unit_cost`.
    pub order_cost: f64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Overstock {
    pub units: i64,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    pub cover: Option<Cover>,
    pub urgency: Urgency,
    pub reorder: Option<Reorder>,
    /// The last day on which an order comes before the expected stock-out.
    pub order_by: Option<NaiveDate>,
    pub overstock: Option<Overstock>,
    /// Of what was there within 28 days, the share that sold.
    pub sell_through: Option<f64>,
    pub states: Vec<State>,
    /// Figure → why it is not known.
    pub unknown: BTreeMap<&'static str, String>,
}

const SLOW_PER_DAY: f64 = 0.5;
const SLOW_FROM: i64 = 30;

#[must_use]
pub fn plan(facts: &Facts<'_>, settings: &PlanSettings) -> Plan {
    let mut unknown = BTreeMap::new();
    let stock = facts.position.available.or(facts.position.on_hand);
    if stock.is_none() {
        let why = match facts.tracked {
            Some(false) => "the provider does not count it",
            _ => "the provider tells no stock of it",
        };
        unknown.insert("stock", why.to_owned());
    }
    if facts.outlook.is_none() {
        unknown.insert(
            "demand",
            "there is no forecast of it: nothing was sold, or none was made yet".to_owned(),
        );
    }
    let cover = stock
        .zip(facts.outlook.as_ref())
        .map(|(stock, outlook)| outlook.cover(stock, facts.arrivals));
    let reorder = order(facts, settings, &mut unknown);
    let order_by = expected_out(cover.as_ref())
        .zip(facts.lead)
        .and_then(|(out, lead)| {
            let days = u64::try_from(quantity(lead.mean_days)).ok()?;
            out.checked_sub_days(Days::new(days))
        });
    let is_dead = is_dead(facts, settings);
    let overstock = overstock(facts, settings, is_dead);
    let per_day = facts.outlook.as_ref().map(Outlook::per_day);
    let on_hand = facts.position.on_hand.or(stock);
    let is_slow = per_day.is_some_and(|d| d < SLOW_PER_DAY) && on_hand > Some(SLOW_FROM);
    let needs = reorder
        .zip(facts.position.total())
        .is_some_and(|(r, total)| r.quantity > 0 && units(total) <= r.point);
    let states = [
        (State::Reorder, needs),
        (State::Overstock, overstock.is_some_and(|o| o.units > 0)),
        (State::Dead, is_dead),
        (State::Slow, is_slow),
        (State::Untracked, facts.tracked == Some(false)),
    ];
    Plan {
        urgency: urgency(stock, per_day, cover.as_ref()),
        cover,
        reorder,
        order_by,
        overstock,
        sell_through: on_hand.and_then(|on_hand| sell_through(facts.sold_28, on_hand)),
        states: states
            .into_iter()
            .filter_map(|(s, is)| is.then_some(s))
            .collect(),
        unknown,
    }
}

fn expected_out(cover: Option<&Cover>) -> Option<NaiveDate> {
    cover.and_then(|c| c.stock_out.expected)
}

fn order(
    facts: &Facts<'_>,
    settings: &PlanSettings,
    unknown: &mut BTreeMap<&'static str, String>,
) -> Option<Reorder> {
    if facts.is_bundle {
        let why = "it is put together from other variants; those are ordered";
        unknown.insert("reorder", why.to_owned());
        return None;
    }
    let Some(lead) = facts.lead else {
        let why = "no lead time is set for this variant, its vendor or the store, and no own order tells one";
        unknown.insert("lead_time", why.to_owned());
        unknown.insert("reorder", why.to_owned());
        return None;
    };
    let (Some(outlook), Some(position)) = (&facts.outlook, facts.position.total()) else {
        let why = "it needs a forecast and a count of the stock";
        unknown.insert("reorder", why.to_owned());
        return None;
    };
    if facts.unit_cost.is_none() {
        let why = "the cost of a unit is not known";
        unknown.insert("unit_cost", why.to_owned());
        unknown.insert("economic_quantity", why.to_owned());
    }
    Some(reorder(outlook, position, &terms(facts, lead), settings))
}

const fn terms(facts: &Facts<'_>, lead: LeadTime) -> Terms {
    Terms {
        lead,
        unit_cost: facts.unit_cost,
        pack: facts.pack,
        minimum: facts.minimum,
        order_cost: facts.order_cost,
    }
}

/// What would be ordered after so many days, with what is expected to be wanted until then gone; `None` where that is not known.
#[must_use]
pub fn reorder_after(facts: &Facts<'_>, settings: &PlanSettings, days: u32) -> Option<Reorder> {
    let (outlook, position) = (facts.outlook.as_ref()?, facts.position.total()?);
    let gone = quantity(outlook.over(f64::from(days)).mean);
    let left = position.saturating_sub(gone);
    Some(reorder(outlook, left, &terms(facts, facts.lead?), settings))
}

fn urgency(stock: Option<i64>, per_day: Option<f64>, cover: Option<&Cover>) -> Urgency {
    let (Some(stock), Some(per_day), Some(cover)) = (stock, per_day, cover) else {
        return Urgency::Unknown;
    };
    if per_day <= 0.0 {
        return Urgency::Low;
    }
    match cover.days {
        _ if stock <= 0 => Urgency::Out,
        Some(days) if days < 3.0 => Urgency::Critical,
        Some(days) if days < 7.0 => Urgency::High,
        Some(days) if days < 14.0 => Urgency::Medium,
        _ => Urgency::Low,
    }
}

/// It is there, and has not sold for as long as is set.
fn is_dead(facts: &Facts<'_>, settings: &PlanSettings) -> bool {
    let there = !facts.is_bundle && facts.position.on_hand.or(facts.position.available) > Some(0);
    let since = facts.last_sold_on.unwrap_or(facts.offered_since);
    let days = (facts.today - since).num_days();
    there && days >= i64::from(settings.dead_days)
}

fn overstock(facts: &Facts<'_>, settings: &PlanSettings, is_dead: bool) -> Option<Overstock> {
    if facts.is_bundle {
        return None;
    }
    let on_hand = facts.position.on_hand.or(facts.position.available)?.max(0);
    if is_dead {
        return Some(Overstock { units: on_hand });
    }
    let wanted = facts
        .outlook
        .as_ref()?
        .over(f64::from(settings.overstock_days))
        .mean;
    Some(Overstock {
        units: (on_hand - quantity(wanted)).max(0),
    })
}

fn sell_through(sold: i64, on_hand: i64) -> Option<f64> {
    let there = sold.max(0) + on_hand.max(0);
    (there > 0).then(|| units(sold.max(0)) / units(there))
}
