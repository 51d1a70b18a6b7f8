//! What the policy of orders at suppliers is told: open orders that a supplier has, each planned with quotes of this moment.

use super::agent::{Agent, Gathering, Known};
use super::halt::Halt;
use super::orders::open;
use super::past::{open_subjects, rejected_since};
use super::pricing::zone;
use super::rehearse::{Unwanted, Watched};
use crate::supply::{Planner, SupplyError, SupplyWish};
use async_trait::async_trait;
use chrono::{DateTime, Duration, NaiveDate, Utc};
use domain::agents::supply::{Facts, History, OrderFacts, SPEC, decide};
use domain::agents::{AgentSpec, Decision, Rehearsal, Rehearser, Repeats, Values};
use domain::calendar::Calendar;
use domain::ids::VariantId;
use std::collections::BTreeSet;

/// The agent over orders at suppliers.
pub(super) struct Supplying;

#[async_trait]
impl Agent for Supplying {
    const KINDS: &'static [&'static str] = &["supply"];
    type Facts = Facts;
    type Past = History;

    fn spec() -> &'static AgentSpec {
        &SPEC
    }

    async fn gather(of: &Gathering) -> Result<Facts, Halt> {
        gather(of).await
    }

    fn decide(facts: &Facts, values: &Values, now: DateTime<Utc>, seed: u64) -> Decision {
        decide(facts, values, now, seed)
    }

    async fn past(
        of: &Gathering,
        _days: (NaiveDate, NaiveDate),
    ) -> Result<(History, String), Halt> {
        let now = gather(of).await?;
        let told = format!(
            "{} open orders that suppliers were asked about",
            now.orders.len()
        );
        let zone = zone(of)?;
        Ok((History { zone, now }, told))
    }

    fn rehearse(
        past: &History,
        values: &Values,
        (from, to): (NaiveDate, NaiveDate),
        seed: u64,
        watched: &Watched,
    ) -> Result<Rehearsal, Unwanted> {
        let calendar = Calendar::of(past.zone);
        domain::agents::rehearse(
            Rehearser::new(from, to, past.zone, Repeats::Never),
            History::RESTS_ON,
            |day, told| {
                watched.next()?;
                let end = calendar.start_of(day.succ_opt().unwrap_or(day));
                Ok(Facts {
                    told,
                    ..past.known_at(end)
                })
            },
            |facts, now| decide(facts, values, now, seed),
        )
    }
}

impl Known for Facts {
    fn as_of(&self) -> Option<DateTime<Utc>> {
        self.as_of
    }

    fn brought_up(&self) -> &BTreeSet<String> {
        &self.told
    }

    fn told(&self) -> String {
        let had = self.orders.iter().filter(|o| !o.plans.is_empty()).count();
        format!(
            "{} open orders of mapped goods, {had} of which can be had",
            self.orders.len()
        )
    }
}

async fn gather(of: &Gathering) -> Result<Facts, Halt> {
    let scope = of.store.scope;
    let open = open(of, of.number("history")).await?;
    let variants: BTreeSet<VariantId> = open.values().flat_map(|o| o.order.variants()).collect();
    let variants: Vec<_> = variants.into_iter().collect();
    let mappings = of.ports.supplier_mappings.mappings_of(scope, &variants);
    let mapped: BTreeSet<VariantId> = mappings
        .await?
        .into_iter()
        .filter(|m| !m.off)
        .map(|m| m.variant)
        .collect();
    // Somebody's no holds for as long as orders are looked for.
    let rest = Duration::days(of.number("history"));
    let mut told = open_subjects(of).await?;
    told.extend(rejected_since(of, of.now - rest).await?);
    let mut wanted: Vec<_> = open
        .values()
        .filter(|o| o.order.variants().iter().any(|v| mapped.contains(v)))
        .filter(|o| !told.contains(&format!("supply:{}", o.order.id)))
        .collect();
    wanted.sort_by_key(|o| (o.order.created_at, o.order.id));
    let most = usize::try_from(of.number("most_orders")).unwrap_or(1);
    let left = wanted.len().saturating_sub(most) as u64;
    wanted.truncate(most);
    of.progress.all(wanted.len() as u64);
    let planner = Planner {
        ports: of.ports.clone(),
        changes: of.changes.clone(),
    };
    let tolerance = u16::try_from(of.number("tolerance")).unwrap_or(0);
    let mut orders = Vec::with_capacity(wanted.len());
    for stored in wanted {
        let order = &stored.order;
        let wish = SupplyWish {
            lines: None,
            by: std::collections::BTreeMap::new(),
            tolerance,
            accepts_loss: false,
        };
        let (plans, why) = match planner.plans(&of.store, order.id, wish).await {
            Ok(plans) => (plans, None),
            Err(SupplyError::Port(error)) => return Err(error.into()),
            Err(SupplyError::Invalid(faults)) => {
                let told = faults
                    .into_iter()
                    .map(|f| format!("{} {}", f.field, f.message));
                (Vec::new(), Some(told.collect::<Vec<_>>().join("; ")))
            }
            Err(error) => (Vec::new(), Some(error.to_string())),
        };
        of.progress.more(1);
        orders.push(OrderFacts {
            id: order.id,
            name: order.name.clone(),
            placed_at: order.created_at,
            plans,
            why,
        });
    }
    orders.sort_by_key(|o| o.id);
    Ok(Facts {
        currency: of.store.currency,
        as_of: Some(of.now),
        orders,
        left,
        told,
    })
}
