//! What the policy of orders is told: the orders that are open, what is known of their customers' other orders, and what was said before.

use super::agent::{Agent, Gathering, Known};
use super::halt::Halt;
use super::past::{brought_up, open_subjects};
use super::pricing::zone;
use super::rehearse::{Unwanted, Watched};
use crate::ingest::calendar;
use async_trait::async_trait;
use chrono::{DateTime, Days, Duration, NaiveDate, Utc};
use domain::agents::orders::{
    Facts, History, MEDIAN_DAYS, Median, OrderFacts, PastOrder, SPEC, decide, median,
};
use domain::agents::{AgentSpec, Decision, Rehearsal, Rehearser, Repeats, Values};
use domain::ids::{CustomerId, OrderId};
use ports::orders::{OrderQuery, OrderSort, StoredOrder};
use ports::page::MAX_LIMIT;
use ports::{PageRequest, PortResult};
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

/// Words of the provider for orders of which something is still to be sent.
const UNSENT: [&str; 8] = [
    "unfulfilled",
    "partially_fulfilled",
    "partial",
    "scheduled",
    "on_hold",
    "open",
    "in_progress",
    "pending_fulfillment",
];

/// Orders that are read at once.
const WALKED: u32 = 500;

/// The agent over orders.
pub(super) struct Orders;

#[async_trait]
impl Agent for Orders {
    const KINDS: &'static [&'static str] = &["hold", "review", "late"];
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
        let past = past(of, days).await?;
        let told = format!("{} orders of the past", past.orders.len());
        Ok((past, told))
    }

    fn rehearse(
        past: &History,
        values: &Values,
        days: (NaiveDate, NaiveDate),
        seed: u64,
        watched: &Watched,
    ) -> Result<Rehearsal, Unwanted> {
        rehearse(past, values, days, seed, watched)
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
        format!("{} open orders", self.orders.len())
    }
}

async fn gather(of: &Gathering) -> Result<Facts, Halt> {
    let days = of.number("history").max(1);
    let open = open(of, days).await?;
    of.progress.all(open.len() as u64);
    let as_of = of.ports.orders.as_of(of.store.scope).await?;
    let observed = open.values().map(|o| o.observed_at).max();
    let mut placed: BTreeMap<CustomerId, Vec<DateTime<Utc>>> = BTreeMap::new();
    let mut orders = Vec::with_capacity(open.len());
    for stored in open.values() {
        let mut facts = OrderFacts::of(&stored.order);
        if let Some(customer) = stored.order.customer {
            let times = match placed.entry(customer) {
                Entry::Occupied(known) => known.into_mut(),
                Entry::Vacant(unknown) => unknown.insert(placed_by(of, customer).await?),
            };
            facts.count(times);
        }
        of.progress.more(1);
        orders.push(facts);
    }
    let since = of.now - Duration::days(days) - Duration::hours(of.number("valid"));
    let mut told = brought_up(of, since).await?;
    // Of what is not open any more nothing is said anyway.
    told.retain(|subject| {
        let number = subject.rsplit(':').next().and_then(|n| n.parse().ok());
        number.is_some_and(|id| open.contains_key(&OrderId(id)))
    });
    let waiting = open_subjects(of).await?;
    Ok(Facts {
        currency: of.store.currency,
        as_of: as_of.max(observed),
        orders,
        median: usual(of).await?,
        told,
        late_waits: waiting.iter().any(|subject| subject.starts_with("late:")),
    })
}

/// All orders up to the end of the days: those before tell which customers came back.
pub(super) async fn past(of: &Gathering, (_, to): (NaiveDate, NaiveDate)) -> Result<History, Halt> {
    let store = &of.store;
    let end = calendar(store)?.start_of(to + Days::new(1));
    of.progress.all(of.ports.orders.count(store.scope).await?);
    let (mut orders, mut after) = (Vec::new(), None);
    loop {
        let walked = of
            .ports
            .orders
            .walk(store.scope, after, None, WALKED)
            .await?;
        let Some(last) = walked.last() else { break };
        after = Some(last.order.id);
        of.progress.more(walked.len() as u64);
        let counted = walked.iter().map(|o| &o.order);
        let counted = counted.filter(|o| !o.test && o.created_at < end);
        orders.extend(counted.map(PastOrder::of));
    }
    Ok(History {
        currency: store.currency,
        zone: zone(of)?,
        // The provider tells that an order was sent, and not when.
        knows_fulfilment: false,
        orders,
    })
}

fn rehearse(
    past: &History,
    values: &Values,
    (from, to): (NaiveDate, NaiveDate),
    seed: u64,
    watched: &Watched,
) -> Result<Rehearsal, Unwanted> {
    domain::agents::rehearse(
        Rehearser::new(from, to, past.zone, Repeats::Never),
        past.rests_on(),
        |day, told| {
            watched.next()?;
            Ok(Facts {
                told,
                ..past.known_at(day)
            })
        },
        |facts, now| decide(facts, values, now, seed),
    )
}

/// In ascending id, so that facts are the same whatever order a database has.
pub(super) async fn open(of: &Gathering, days: i64) -> PortResult<BTreeMap<OrderId, StoredOrder>> {
    let today = calendar(&of.store)?.day_of(of.now);
    let from = today - Days::new(days.unsigned_abs());
    let mut open = BTreeMap::new();
    for word in UNSENT {
        let query = OrderQuery {
            from: Some(from),
            fulfillment_status: Some(word.to_owned()),
            ..OrderQuery::default()
        };
        let found = all(of, &query).await?.into_iter();
        let found = found.filter(|o| OrderFacts::is_open(&o.order));
        open.extend(found.map(|o| (o.order.id, o)));
    }
    Ok(open)
}

pub(super) async fn all(of: &Gathering, query: &OrderQuery) -> PortResult<Vec<StoredOrder>> {
    let (mut orders, mut page) = (Vec::new(), PageRequest::first(MAX_LIMIT));
    loop {
        let found = of.ports.orders.list(of.store.scope, query, &page).await?;
        orders.extend(found.items);
        page.cursor = found.next_cursor;
        if page.cursor.is_none() {
            return Ok(orders);
        }
    }
}

/// When a customer placed orders, in ascending order; test orders are none.
pub(super) async fn placed_by(
    of: &Gathering,
    customer: CustomerId,
) -> PortResult<Vec<DateTime<Utc>>> {
    let query = OrderQuery {
        customer: Some(customer),
        sort: OrderSort::OldestFirst,
        ..OrderQuery::default()
    };
    let orders = all(of, &query).await?;
    let real = orders.iter().filter(|o| !o.order.test);
    let mut times: Vec<_> = real.map(|o| o.order.created_at).collect();
    times.sort_unstable();
    Ok(times)
}

/// The store's middle order, where the policy weighs amounts by it.
async fn usual(of: &Gathering) -> PortResult<Option<Median>> {
    if !of.spec.flag(&of.values, "relative_amounts") {
        return Ok(None);
    }
    let today = calendar(&of.store)?.day_of(of.now);
    let query = OrderQuery {
        from: Some(today - Days::new(MEDIAN_DAYS.unsigned_abs())),
        ..OrderQuery::default()
    };
    let (mut amounts, mut page) = (Vec::new(), PageRequest::first(MAX_LIMIT));
    loop {
        let found = of.ports.orders.list(of.store.scope, &query, &page).await?;
        let orders = found.items.iter().map(|o| &o.order);
        let counted = orders
            .filter(|o| !o.test && o.cancelled_at.is_none() && o.currency == of.store.currency);
        amounts.extend(counted.map(|o| o.totals.total));
        page.cursor = found.next_cursor;
        if page.cursor.is_none() {
            return Ok(median(amounts));
        }
    }
}
