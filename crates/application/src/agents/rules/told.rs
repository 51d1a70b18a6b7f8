//! What a rule is told: the things that it is about, no more of their past than it asks for, and what became of its own changes.

use crate::agents::agent::Gathering;
use crate::agents::halt::Halt;
use crate::agents::orders::{all, placed_by};
use crate::agents::past::{decided_since, open_subjects};
use crate::agents::pricing::{cost_fact, past as past_prices, products};
use crate::changes::label;
use crate::ingest::calendar;
use chrono::{Days, Duration, NaiveDate};
use domain::agents::orders::OrderFacts;
use domain::agents::rules::{
    DayFigures, Facts, Figure, History, Operand, Operation, OrderThing, PastVariants, ProductFacts,
    Rule, Things, Touched, VariantThing,
};
use domain::calendar::DayRange;
use domain::catalog::Product;
use domain::changes::{Action, ChangeSet, ChangeSetStatus};
use domain::ids::{CustomerId, OrderId, VariantId};
use domain::report::Figures;
use domain::rollup::Dimension;
use ports::PortResult;
use ports::orders::OrderQuery;
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

/// Days whose sales are asked for at once.
const PIECE_DAYS: u64 = 31;
/// No condition asks further back.
const MOST_DAYS: u64 = 366;
/// Orders that were placed in the last so many days are looked at.
const ORDER_DAYS: u64 = 60;

pub(super) async fn variants(of: &Gathering, rule: &Rule) -> Result<Facts, Halt> {
    let (ports, store) = (&of.ports, &of.store);
    let calendar = calendar(store)?;
    let span = ports.orders.span(store.scope).await?;
    let until = calendar.day_of(of.now) - Days::new(1);
    let first = until - Days::new(days_back(rule) - 1);
    let from = first.max(span.first_day.unwrap_or(until)).min(until);
    let products = products(of, None).await?;
    of.progress.all(products.len() as u64);
    let mut days = daily(of, from, until).await?;
    let book = ports.catalog.cost_book(store.scope).await?;
    let observed = products.iter().map(|p| p.observed_at).max();
    let mut things = Vec::new();
    for stored in &products {
        let product = &stored.product;
        for variant in &product.variants {
            let is_counted = variant.tracked != Some(false);
            let cost = cost_fact(&book, variant.id, of.now);
            things.push(VariantThing {
                product: product.id,
                variant: variant.id,
                label: label(product, variant),
                title: product.title.clone(),
                price: Some(variant.price),
                cost: VariantThing::cost_of(cost, store.currency),
                stock: variant.inventory_quantity.filter(|_| is_counted),
                product_facts: Some(said(product)),
                listed_on: calendar.day_of(product.created_at),
                days: days.remove(&variant.id).unwrap_or_default(),
            });
        }
        of.progress.more(1);
    }
    Ok(Facts {
        currency: store.currency,
        as_of: observed.max(span.as_of),
        things: Things::Variants {
            from,
            until,
            variants: things,
        },
        ours: ours(of, rule).await?,
        declined: declined(of, rule).await?,
        told: open_subjects(of).await?,
    })
}

/// As many as the conditions ask for.
fn days_back(rule: &Rule) -> u64 {
    let asked = rule
        .given
        .conditions
        .iter()
        .map(|c| match (c.figure, &c.value) {
            (Figure::DaysWithoutSale, Operand::Number(days)) => days.unsigned_abs() + 1,
            _ => u64::from(c.days.unwrap_or(1)),
        });
    let told = match &rule.then {
        Operation::Signal { figures, .. } => figures.as_slice(),
        _ => &[],
    };
    let told = told.iter().map(|one| match one.figure {
        Figure::DaysWithoutSale => MOST_DAYS,
        _ => u64::from(one.days.unwrap_or(1)),
    });
    asked.chain(told).max().unwrap_or(1).clamp(1, MOST_DAYS)
}

fn said(product: &Product) -> ProductFacts {
    ProductFacts {
        status: product.status.clone(),
        product_type: product.product_type.clone(),
        vendor: product.vendor.clone(),
        tags: product.tags.clone(),
    }
}

/// Read in pieces, because a row of sums is much wider than what is kept of it.
async fn daily(
    of: &Gathering,
    first: NaiveDate,
    last: NaiveDate,
) -> PortResult<BTreeMap<VariantId, Vec<DayFigures>>> {
    let (reports, store) = (&of.ports.reports, &of.store);
    let (mut days, mut from) = (BTreeMap::<_, Vec<DayFigures>>::new(), first);
    while from <= last {
        let to = (from + Days::new(PIECE_DAYS - 1)).min(last);
        let piece = DayRange { from, to };
        let rows = reports.by_day_and_key(store.scope, store.currency, piece, Dimension::Variant);
        for row in rows.await? {
            let Ok(id) = row.key.parse::<VariantId>() else {
                continue;
            };
            let m = row.measures;
            days.entry(id).or_default().push(DayFigures {
                day: row.day,
                // What came back was ordered on another day.
                units: m.units + m.units_returned,
                net: m.net_sales(),
                contribution: Figures::of(m).cm2.unwrap_or(0),
                without_cost: m.cost_missing,
            });
        }
        from = to + Days::new(1);
    }
    for of_variant in days.values_mut() {
        of_variant.sort_unstable_by_key(|d| d.day);
    }
    Ok(days)
}

pub(super) async fn orders(of: &Gathering, rule: &Rule) -> Result<Facts, Halt> {
    let store = &of.store;
    let today = calendar(store)?.day_of(of.now);
    let query = OrderQuery {
        from: Some(today - Days::new(ORDER_DAYS)),
        ..OrderQuery::default()
    };
    let mut found = all(of, &query).await?;
    found.retain(|o| !o.order.test && o.order.cancelled_at.is_none());
    // Facts are the same whatever order a database has.
    found.sort_by_key(|o| o.order.id);
    of.progress.all(found.len() as u64);
    let asks = |figure| rule.given.conditions.iter().any(|c| c.figure == figure);
    let counts = asks(Figure::EarlierOrders) || asks(Figure::OrdersInDay);
    let mut held = holds(of).await?;
    let mut placed: BTreeMap<CustomerId, Vec<_>> = BTreeMap::new();
    let mut things = Vec::with_capacity(found.len());
    for stored in &found {
        let mut facts = OrderFacts::of(&stored.order);
        if let Some(customer) = stored.order.customer.filter(|_| counts) {
            if let Entry::Vacant(unknown) = placed.entry(customer) {
                unknown.insert(placed_by(of, customer).await?);
            }
            facts.count(placed.get(&customer).map_or(&[], Vec::as_slice));
        }
        let holds = held.remove(&facts.id).unwrap_or_default();
        facts.holds = holds.into_iter().collect();
        of.progress.more(1);
        things.push(OrderThing {
            order: facts,
            is_present: true,
        });
    }
    let as_of = of.ports.orders.as_of(store.scope).await?;
    Ok(Facts {
        currency: store.currency,
        as_of: as_of.max(found.iter().map(|o| o.observed_at).max()),
        things: Things::Orders(things),
        ours: ours(of, rule).await?,
        declined: declined(of, rule).await?,
        told: open_subjects(of).await?,
    })
}

/// Handles of holds that we asked for and did not take away again.
async fn holds(of: &Gathering) -> PortResult<BTreeMap<OrderId, BTreeSet<String>>> {
    let since = of.now - Duration::days(i64::try_from(ORDER_DAYS).unwrap_or(60));
    let intents = of.ports.changes.intents(of.store.scope, since).await?;
    let mut holds: BTreeMap<OrderId, BTreeSet<String>> = BTreeMap::new();
    for intent in intents {
        match intent.action {
            Action::HoldOrder { order, handle, .. } => {
                holds.entry(order).or_default().insert(handle);
            }
            Action::ReleaseOrder { order, handle, .. } => {
                holds.entry(order).or_default().remove(&handle);
            }
            _ => {}
        }
    }
    Ok(holds)
}

/// A day at least: what goes round is seen by how often it was changed within one.
fn rest(rule: &Rule) -> Duration {
    Duration::hours(i64::from(rule.limits.cool_down_hours.max(24)))
}

fn thing_of(action: &Action) -> Option<i64> {
    action.entity().rsplit(':').next()?.parse().ok()
}

/// What the rule itself has changed.
async fn ours(of: &Gathering, rule: &Rule) -> PortResult<Vec<Touched>> {
    let since = of.now - rest(rule);
    let intents = of.ports.changes.intents(of.store.scope, since).await?;
    let own = intents.into_iter();
    let own = own.filter(|i| i.agent.as_deref() == Some(of.spec.id.as_ref()));
    Ok(own
        .filter_map(|i| {
            Some(Touched {
                thing: thing_of(&i.action)?,
                at: i.at,
            })
        })
        .collect())
}

/// What people left as it was: by a no, or by no answer.
async fn declined(of: &Gathering, rule: &Rule) -> PortResult<Vec<Touched>> {
    let valid = Duration::hours(i64::from(rule.limits.valid_hours));
    let sets = decided_since(of, of.now - rest(rule) - valid).await?;
    Ok(sets.iter().flat_map(left_alone).collect())
}

fn left_alone(set: &ChangeSet) -> Vec<Touched> {
    let at = match set.status {
        ChangeSetStatus::Rejected => set.rejection.as_ref().map(|r| r.at),
        ChangeSetStatus::Expired => Some(set.expires_at),
        _ => None,
    };
    let things = set.operations.iter().filter_map(|o| thing_of(&o.action));
    things
        .filter_map(|thing| Some(Touched { thing, at: at? }))
        .collect()
}

pub(super) async fn past_variants(
    of: &Gathering,
    days: (NaiveDate, NaiveDate),
) -> Result<(History, String), Halt> {
    let prices = past_prices(of, days, None).await?;
    let (count, from) = (prices.variants.len(), prices.from);
    let products = products(of, None).await?.into_iter().map(|p| p.product);
    let past = PastVariants {
        days: daily(of, from, days.1).await?,
        products: products
            .map(|p| (p.id, (p.title.clone(), said(&p))))
            .collect(),
        prices,
    };
    let told = format!("{count} variants, with their sales since {from}");
    Ok((History::Variants(Box::new(past)), told))
}
