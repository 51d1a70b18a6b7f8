//! What the policy of prices is told: what is offered, at what cost, what was sold of it on which day, and what became of earlier changes.

mod past;
mod sums;

pub(super) use past::past;

use self::sums::{add_prices, add_sales};
pub(super) use self::sums::{fee_share, shipping_per_unit};
use super::agent::{Agent, Gathering, Known};
use super::halt::Halt;
use super::past::{decided_since, open_subjects};
use super::rehearse::{Unwanted, Watched};
use crate::changes::label;
use crate::ingest::calendar;
use async_trait::async_trait;
use chrono::{DateTime, Days, Duration, NaiveDate, Utc};
use domain::agents::pricing::{
    CostFact, DaySales, Declined, Facts, History, OurChange, SPEC, VariantFacts, decide,
};
use domain::agents::{AgentSpec, Decision, Rehearsal, Values};
use domain::calendar::{Calendar, DayRange};
use domain::catalog::{CostBook, Product};
use domain::changes::{Action, ChangeSet, ChangeSetStatus, OperationState};
use domain::ids::VariantId;
use domain::prices::PriceRecord;
use domain::rollup::Dimension;
use ports::catalog::{ProductQuery, StoredProduct};
use ports::page::MAX_LIMIT;
use ports::{Kind, PageRequest, PortError, PortResult, Retry};
use std::collections::{BTreeMap, BTreeSet};

/// What is offered to customers.
const OFFERED: &str = "active";
/// Our own changes of so many days are told: longer than any rest between two of them.
const OURS_DAYS: i64 = 31;
/// Days whose sales are asked for at once.
const PIECE_DAYS: u64 = 31;
/// Variants whose prices are asked for at once.
const AT_ONCE: usize = 500;

/// The agent over prices.
pub(super) struct Prices;

#[async_trait]
impl Agent for Prices {
    const KINDS: &'static [&'static str] = &["price"];
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

    async fn past(of: &Gathering, days: (NaiveDate, NaiveDate)) -> Result<(History, String), Halt> {
        let past = past::past(of, days, Some(OFFERED)).await?;
        let (count, from) = (past.variants.len(), past.from);
        let told = format!("{count} variants, with their sales since {from}");
        Ok((past, told))
    }

    fn rehearse(
        past: &History,
        values: &Values,
        days: (NaiveDate, NaiveDate),
        seed: u64,
        watched: &Watched,
    ) -> Result<Rehearsal, Unwanted> {
        past::rehearse(past, values, days, seed, watched)
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
        let (count, from, until) = (self.variants.len(), self.from, self.until);
        format!("{count} variants, with their sales from {from} to {until}")
    }
}

async fn gather(of: &Gathering) -> Result<Facts, Halt> {
    let (ports, store) = (&of.ports, &of.store);
    let calendar = calendar(store)?;
    let span = ports.orders.span(store.scope).await?;
    let range = range(of, &calendar, span.first_day)?;
    let products = products(of, Some(OFFERED)).await?;
    let variants: Vec<VariantId> = ids(&products);
    of.progress.all(variants.len() as u64);
    let (reports, currency) = (&ports.reports, store.currency);
    let total = reports
        .by_key(store.scope, currency, range, Dimension::Total)
        .await?;
    let total = total.first().map(|row| row.measures).unwrap_or_default();
    let mut sales = sales(of, range).await?;
    let book = ports.catalog.cost_book(store.scope).await?;
    let mut prices = price_histories(of, &variants).await?;
    let observed = products.iter().map(|p| p.observed_at).max();
    let mut told = Vec::with_capacity(variants.len());
    for stored in &products {
        let listed_on = Some(calendar.day_of(stored.product.created_at));
        for at in 0..stored.product.variants.len() {
            let id = stored.product.variants[at].id;
            let mut facts = variant(&stored.product, at, &book, of.now);
            facts.listed_on = listed_on.filter(|day| *day > range.from);
            facts.sales = sales.remove(&id).unwrap_or_default();
            facts.prices = prices.remove(&id).unwrap_or_default();
            told.push(facts);
        }
    }
    Ok(Facts {
        currency,
        zone: zone(of)?,
        as_of: observed.max(span.as_of),
        from: range.from,
        until: range.to,
        fee_share: fee_share(&total),
        shipping_per_unit: shipping_per_unit(&total),
        variants: told,
        ours: ours(of).await?,
        declined: declined(of).await?,
        told: open_subjects(of).await?,
    })
}

/// Whole days, as far back as is set and as anything was sold.
fn range(of: &Gathering, calendar: &Calendar, first: Option<NaiveDate>) -> PortResult<DayRange> {
    let today = calendar.day_of(of.now);
    let until = today - Days::new(1);
    let days = u64::try_from(of.number("history")).unwrap_or(1).max(1);
    let from = (until - Days::new(days - 1))
        .max(first.unwrap_or(until))
        .min(until);
    DayRange::new(from, until).map_err(|error| refused(error.to_string()))
}

/// Products of a status, all of them: the store's habits are read from what is left alone, too.
pub(super) async fn products(
    of: &Gathering,
    status: Option<&str>,
) -> PortResult<Vec<StoredProduct>> {
    let query = ProductQuery {
        status: status.map(str::to_owned),
        ..ProductQuery::default()
    };
    let (mut products, mut page) = (Vec::new(), PageRequest::first(MAX_LIMIT));
    loop {
        let found = of.ports.catalog.list(of.store.scope, &query, &page).await?;
        products.extend(found.items);
        page.cursor = found.next_cursor;
        if page.cursor.is_none() {
            break;
        }
    }
    // Facts are the same whatever order a database has.
    products.sort_by_key(|p| p.product.id);
    Ok(products)
}

fn ids(products: &[StoredProduct]) -> Vec<VariantId> {
    let variants = products.iter().flat_map(|p| &p.product.variants);
    variants.map(|v| v.id).collect()
}

fn variant(product: &Product, at: usize, book: &CostBook, now: DateTime<Utc>) -> VariantFacts {
    let variant = &product.variants[at];
    let is_counted = variant.tracked != Some(false);
    VariantFacts {
        product: product.id,
        variant: variant.id,
        label: label(product, variant),
        price: variant.price,
        compare_at_price: variant.compare_at_price,
        cost: cost_fact(book, variant.id, now),
        stock: variant.inventory_quantity.filter(|_| is_counted),
        tags: product.tags.clone(),
        listed_on: None,
        sales: Vec::new(),
        // No past of stocks is recorded, so that no such day is known.
        without_stock: Vec::new(),
        prices: Vec::new(),
    }
}

/// What a unit costs now.
pub(super) fn cost_fact(
    book: &CostBook,
    variant: VariantId,
    now: DateTime<Utc>,
) -> Option<CostFact> {
    let cost = book.cost_at(variant, now);
    cost.map(|(cost, source)| CostFact { cost, source })
}

/// Read in pieces, because a row of sums is much wider than what is kept of it.
async fn sales(of: &Gathering, range: DayRange) -> PortResult<BTreeMap<VariantId, Vec<DaySales>>> {
    let (reports, store) = (&of.ports.reports, &of.store);
    let (mut sales, mut from) = (BTreeMap::new(), range.from);
    while from <= range.to {
        let to = (from + Days::new(PIECE_DAYS - 1)).min(range.to);
        let piece = DayRange { from, to };
        let rows = reports.by_day_and_key(store.scope, store.currency, piece, Dimension::Variant);
        add_sales(&mut sales, rows.await?);
        from = to + Days::new(1);
    }
    let paid = of
        .ports
        .orders
        .paid_prices(store.scope, store.currency, range);
    add_prices(&mut sales, &paid.await?);
    Ok(sales)
}

async fn price_histories(
    of: &Gathering,
    variants: &[VariantId],
) -> PortResult<BTreeMap<VariantId, Vec<PriceRecord>>> {
    let mut histories: BTreeMap<VariantId, Vec<PriceRecord>> = BTreeMap::new();
    for some in variants.chunks(AT_ONCE) {
        let records = of.ports.catalog.price_history(of.store.scope, some).await?;
        for record in records {
            histories.entry(record.variant).or_default().push(record);
        }
        of.progress.more(some.len() as u64);
    }
    Ok(histories)
}

/// Prices that the agent itself has moved.
async fn ours(of: &Gathering) -> PortResult<Vec<OurChange>> {
    let since = of.now - Duration::days(OURS_DAYS);
    let intents = of.ports.changes.intents(of.store.scope, since).await?;
    let own = intents.into_iter();
    let own = own.filter(|i| i.agent.as_deref() == Some(of.spec.id.as_ref()));
    Ok(own
        .filter_map(|intent| match intent.action {
            Action::Price { variant, .. } => Some(OurChange {
                variant,
                at: intent.at,
            }),
            _ => None,
        })
        .collect())
}

/// Prices that people left as they were: by a no, or by no answer.
async fn declined(of: &Gathering) -> PortResult<Vec<Declined>> {
    let rest = Duration::days(of.number("declined_rest"));
    let since = of.now - rest - Duration::hours(of.number("valid"));
    let sets = decided_since(of, since).await?;
    Ok(sets.iter().flat_map(left_alone).collect())
}

fn left_alone(set: &ChangeSet) -> Vec<Declined> {
    let at = match set.status {
        ChangeSetStatus::Rejected => set.rejection.as_ref().map(|r| r.at),
        ChangeSetStatus::Expired => Some(set.expires_at),
        _ => set.approval.as_ref().map(|a| a.at),
    };
    let Some(at) = at else { return Vec::new() };
    let is_all = set.status == ChangeSetStatus::Expired;
    let refused = set.operations.iter();
    let refused = refused.filter(|o| is_all || o.state == OperationState::Rejected);
    refused
        .filter_map(|o| match o.action {
            Action::Price { variant, .. } => Some(Declined { variant, at }),
            _ => None,
        })
        .collect()
}

pub(super) fn zone<Z: std::str::FromStr>(of: &Gathering) -> PortResult<Z> {
    let name = &of.store.timezone;
    name.parse()
        .map_err(|_| refused(format!("{name} is no time zone")))
}

fn refused(detail: String) -> PortError {
    PortError::new(
        Kind::Configuration,
        Retry::Never,
        "royal",
        "agents.gather",
        detail,
    )
}
