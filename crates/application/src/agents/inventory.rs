//! What the policy of stock is told: what the inventory's own page rests on, with suppliers, costs and what was earned of late.

use super::agent::{Agent, Gathering, Known};
use super::halt::Halt;
use super::past::{declined_since, open_subjects};
use super::pricing::{cost_fact, fee_share, shipping_per_unit, zone};
use super::rehearse::{Unwanted, Watched};
use crate::forecasts::{Offer, title};
use crate::ingest::calendar;
use crate::inventory::{Coming, Place, Planning};
use async_trait::async_trait;
use chrono::{DateTime, Days, Duration, NaiveDate, Utc};
use domain::agents::inventory::{
    Earned, Facts, History, LeadFacts, LevelFacts, PastForecast, PastOrder, PastVariant, Record,
    SPEC, StepFacts, SupplierFacts, VariantFacts, decide,
};
use domain::agents::{AgentSpec, Decision, Rehearsal, Rehearser, Repeats, Values};
use domain::calendar::{Calendar, DayRange};
use domain::catalog::CostSource;
use domain::changes::Limits;
use domain::forecast::{StoredForecast, Target, TargetLevel};
use domain::ids::VariantId;
use domain::inventory_plan::PlanSettings;
use domain::purchase::{PurchaseOrder, PurchaseStatus};
use domain::rollup::Dimension;
use ports::PortResult;
use std::collections::{BTreeMap, BTreeSet};

/// Sales of so many days tell what a unit leaves.
const EARNED_DAYS: u64 = 90;
/// Forecasts of so many days are held against what followed.
const RECORD_DAYS: u64 = 28;
/// Forecasts that are read at once.
const WALKED: u32 = 2_000;

/// Orders that count or counted as coming.
const ORDERED: [PurchaseStatus; 6] = [
    PurchaseStatus::Approved,
    PurchaseStatus::Sent,
    PurchaseStatus::ReceivedPartly,
    PurchaseStatus::Received,
    PurchaseStatus::Closed,
    PurchaseStatus::Cancelled,
];

/// The agent over stock.
pub(super) struct Stock;

#[async_trait]
impl Agent for Stock {
    const KINDS: &'static [&'static str] = &["purchase", "stock", "price", "tag"];
    type Facts = Facts;
    type Past = History;

    fn spec() -> &'static AgentSpec {
        &SPEC
    }

    async fn gather(of: &Gathering) -> Result<Facts, Halt> {
        Ok(gather(of).await?.1)
    }

    fn decide(facts: &Facts, values: &Values, now: DateTime<Utc>, seed: u64) -> Decision {
        decide(facts, values, now, seed)
    }

    async fn past(of: &Gathering, days: (NaiveDate, NaiveDate)) -> Result<(History, String), Halt> {
        let past = past(of, days).await?;
        let forecasts: usize = past.variants.iter().map(|v| v.forecasts.len()).sum();
        let told = format!(
            "{} variants, with {forecasts} forecasts that are still kept",
            past.variants.len()
        );
        Ok((past, told))
    }

    fn rehearse(
        past: &History,
        values: &Values,
        days: (NaiveDate, NaiveDate),
        seed: u64,
        watched: &Watched,
    ) -> Result<Rehearsal, Unwanted> {
        let calendar = Calendar::of(past.zone);
        domain::agents::rehearse(
            Rehearser::new(days.0, days.1, past.zone, Repeats::AfterEffect),
            &past.rests_on(days),
            |day, told| {
                watched.next()?;
                let end = calendar.start_of(day.succ_opt().unwrap_or(day));
                Ok(Facts {
                    told,
                    ..past.known_at(day, end)
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
        let forecast = self.variants.iter().filter(|v| !v.steps.is_empty()).count();
        format!(
            "{} variants, {forecast} of them with a forecast, and {} suppliers",
            self.variants.len(),
            self.suppliers.len()
        )
    }
}

async fn gather(of: &Gathering) -> Result<(Planning, Facts), Halt> {
    let (ports, scope) = (&of.ports, of.store.scope);
    let planning = Planning::read(ports, of.store.clone()).await?;
    let range = DayRange {
        from: planning.history.range.to - Days::new(EARNED_DAYS - 1),
        to: planning.history.range.to,
    };
    let currency = of.store.currency;
    let by = |dimension| ports.reports.by_key(scope, currency, range, dimension);
    let total = by(Dimension::Total).await?;
    let total = total.first().map(|row| row.measures).unwrap_or_default();
    let rows = by(Dimension::Variant).await?.into_iter();
    let earned = rows.filter_map(|row| {
        let earned = Earned {
            units: row.measures.units,
            net: row.measures.net_sales(),
        };
        Some((row.key.parse::<VariantId>().ok()?, earned))
    });
    let earned: BTreeMap<VariantId, Earned> = earned.collect();
    let drafts = ports
        .purchases
        .purchases_in(scope, &[PurchaseStatus::Draft]);
    let drafts = drafts.await?;
    let suppliers = ports.purchases.suppliers(scope.workspace).await?;
    let offered = planning.history.offers.iter();
    // What is put together from others is ordered as those.
    let offered = offered
        .filter(|(id, offer)| offer.is_offered() && !planning.settings.bundles.contains_key(id));
    let variants = offered.map(|(id, offer)| VariantFacts {
        earned: earned.get(id).copied(),
        drafts: with(&drafts, *id).map(PurchaseOrder::name).collect(),
        ..variant(of, &planning, *id, offer)
    });
    let variants: Vec<VariantFacts> = variants.collect();
    of.progress.all(variants.len() as u64);
    let seen = planning.levels.values().flatten().map(|l| l.updated_at);
    let rest = Duration::days(of.number("declined_rest"));
    let mut told = open_subjects(of).await?;
    told.extend(declined_since(of, of.now - rest).await?);
    let limits = ports.guardrails.guardrails(scope).await?;
    let facts = Facts {
        currency,
        today: planning.today,
        as_of: seen.max().max(ports.orders.as_of(scope).await?),
        settings: PlanSettings {
            lead_time: None,
            vendors: BTreeMap::new(),
            variants: BTreeMap::new(),
            ..planning.settings.clone()
        },
        limits: limits.map_or_else(Limits::default, |set| set.limits),
        suppliers: suppliers
            .into_iter()
            .map(|s| SupplierFacts {
                id: s.id,
                name: s.name,
                currency: s.currency,
                archived: s.archived,
            })
            .collect(),
        fee_share: fee_share(&total),
        shipping_per_unit: shipping_per_unit(&total),
        record: record(of, planning.today).await?,
        variants,
        told,
    };
    Ok((planning, facts))
}

async fn record(of: &Gathering, today: NaiveDate) -> PortResult<Record> {
    let range = DayRange {
        from: today - Days::new(RECORD_DAYS),
        to: today - Days::new(1),
    };
    let mut record = Record::default();
    for day in of.ports.forecasts.scores(of.store.scope, range).await? {
        let sums = day.total(TargetLevel::Variant);
        record.days += sums.days;
        record.within += sums.within;
    }
    Ok(record)
}

/// Orders of a variant.
fn with(orders: &[PurchaseOrder], id: VariantId) -> impl Iterator<Item = &PurchaseOrder> {
    let holds = move |order: &&PurchaseOrder| order.lines.iter().any(|l| l.variant == id);
    orders.iter().filter(holds)
}

fn variant(of: &Gathering, planning: &Planning, id: VariantId, offer: &Offer) -> VariantFacts {
    let set = planning.settings.variant(id);
    let places = planning.places(offer);
    let forecast = planning.forecasts.get(&id);
    let coming = planning.coming.get(&id).map_or(&[][..], Vec::as_slice);
    let cost = cost_fact(&planning.costs, id, of.now);
    // A share of the price is no cost that goods can be ordered at.
    let cost = cost.filter(|c| c.source != CostSource::Default);
    let lead = planning.lead(id, offer);
    let position = planning.position(id, offer, &places);
    VariantFacts {
        product: offer.product.id,
        variant: id,
        label: title(offer),
        sku: offer.variant.sku.clone().filter(|sku| !sku.is_empty()),
        price: offer.variant.price,
        tags: offer.product.tags.clone(),
        supplier: set
            .supplier
            .or_else(|| planning.supplied_by.get(&id).copied()),
        tracked: offer.variant.tracked,
        position,
        arrivals: planning.arrivals(id, position.uncounted),
        under_way: coming.iter().map(|c: &Coming| c.order.id).collect(),
        drafts: Vec::new(),
        steps: forecast.map_or_else(Vec::new, |f| steps(f.from(planning.today))),
        spread: VariantFacts::spread_of(forecast.map_or(1.0, |f| f.spread)),
        history: forecast.map(|f| f.history),
        lead: lead.map(|lead| LeadFacts::of(lead.time, lead.source, lead.orders)),
        cost: cost.map(|c| c.cost),
        pack: set.pack,
        minimum: set.minimum,
        sold_28: planning.history.sold_within(id, 28),
        last_sold_on: planning.history.last_sold_on(id),
        offered_since: offer.since,
        earned: None,
        below_nothing: places.iter().filter_map(below_nothing).collect(),
    }
}

fn steps(of: &[domain::forecast::StoredStep]) -> Vec<StepFacts> {
    of.iter().map(StepFacts::of).collect()
}

/// Only where both are told.
fn below_nothing(place: &Place) -> Option<LevelFacts> {
    let level = &place.level;
    let (on_hand, available) = (level.on_hand?, level.available?);
    (on_hand < 0 || available < 0).then(|| LevelFacts {
        item: level.item,
        location: level.location,
        place: place.name.clone(),
        on_hand,
        available,
        committed: level.committed,
    })
}

/// Stock of the days on which somebody looked, forecasts that are still kept, and all orders.
async fn past(of: &Gathering, (from, _): (NaiveDate, NaiveDate)) -> Result<History, Halt> {
    let (planning, facts) = gather(of).await?;
    let (ports, scope) = (&of.ports, of.store.scope);
    let calendar = calendar(&of.store)?;
    let mut forecasts: BTreeMap<VariantId, Vec<PastForecast>> = BTreeMap::new();
    let (mut after, earliest) = (None, from - Days::new(RECORD_DAYS));
    loop {
        let told = ports
            .forecasts
            .walk_forecasts(scope, earliest, after, WALKED);
        let told = told.await?;
        let Some(last) = told.last() else { break };
        after = Some((last.target, last.first));
        for forecast in &told {
            if let Target::Variant(id) = forecast.target {
                forecasts.entry(id).or_default().push(kept(forecast));
            }
        }
    }
    let orders = ports.purchases.purchases_in(scope, &ORDERED).await?;
    let variants = facts.variants.iter().map(|v| {
        let mut forecasts = forecasts.remove(&v.variant).unwrap_or_default();
        forecasts.sort_by_key(|f| f.first);
        PastVariant {
            stock: planning.history.stock_of(v.variant),
            forecasts,
            orders: with(&orders, v.variant)
                .filter_map(|order| past_order(order, v.variant, &calendar))
                .collect(),
        }
    });
    Ok(History {
        zone: zone(of)?,
        variants: variants.collect(),
        now: facts,
    })
}

fn kept(forecast: &StoredForecast) -> PastForecast {
    PastForecast {
        first: forecast.first,
        steps: steps(&forecast.steps),
        spread: VariantFacts::spread_of(forecast.spread),
        history: forecast.history,
    }
}

/// `None`: it was never approved.
fn past_order(order: &PurchaseOrder, id: VariantId, calendar: &Calendar) -> Option<PastOrder> {
    let approved = order.approved.as_ref()?;
    let is_it = |line: usize| order.lines.get(line).is_some_and(|l| l.variant == id);
    let received = order.receipts.iter().flat_map(|receipt| {
        let lines = receipt.lines.iter().filter(|l| is_it(l.line));
        lines.map(|l| (receipt.received_on, l.quantity))
    });
    let own = order.lines.iter().filter(|l| l.variant == id);
    Some(PastOrder {
        id: order.id,
        approved_on: calendar.day_of(approved.at),
        ended_on: order.closed.as_ref().map(|c| calendar.day_of(c.at)),
        expected_on: order.expected_on,
        quantity: own.map(|l| l.quantity).sum(),
        received: received.collect(),
    })
}
