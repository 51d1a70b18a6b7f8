//! What the policy of recommendations is told: how often products stood in the same orders. And what its last run found, for the page.

use super::agent::{Agent, Gathering, Known};
use super::facts::{read, text};
use super::halt::Halt;
use super::past::{declined_since, open_subjects};
use super::pricing::{products, zone};
use super::rehearse::{Unwanted, Watched};
use super::run::decided;
use super::{AgentError, Agents};
use crate::ingest::calendar;
use async_trait::async_trait;
use chrono::{DateTime, Days, Duration, NaiveDate, Utc};
use domain::agents::recommendation::{
    Basket, Counter, Facts, Found, History, ProductFacts, SPEC, decide, find, known_at,
};
use domain::agents::{AgentRun, AgentSpec, Decision, Rehearsal, Rehearser, Repeats, Values};
use domain::calendar::DayRange;
use domain::ids::{ProductId, VariantId};
use domain::store::Store;
use ports::catalog::StoredProduct;
use ports::runs::RunFilter;
use ports::{Kind, PageRequest, PortError, PortResult, Retry};
use std::collections::{BTreeMap, BTreeSet};

/// What buyers can see.
const OFFERED: &str = "active";
/// Days whose orders are asked for at once.
const PIECE_DAYS: u64 = 31;
/// Runs back in which one whose facts are kept is looked for.
const RUNS_BACK: u32 = 50;

/// The agent over what is bought together.
pub(super) struct Recommendations;

#[async_trait]
impl Agent for Recommendations {
    const KINDS: &'static [&'static str] = &["together"];
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
        let told = format!("{} orders of the past", past.baskets.len());
        Ok((past, told))
    }

    fn rehearse(
        past: &History,
        values: &Values,
        days: (NaiveDate, NaiveDate),
        seed: u64,
        watched: &Watched,
    ) -> Result<Rehearsal, Unwanted> {
        let mut window = known_at(past);
        domain::agents::rehearse(
            Rehearser::new(days.0, days.1, past.zone, Repeats::Never),
            &past.rests_on(),
            |day, told| {
                watched.next()?;
                Ok(window.facts(day, told))
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
        format!(
            "{} orders from {} to {}, with {} products of which {} pairs stood together often enough",
            self.counted.baskets,
            self.from,
            self.until,
            self.counted.products.len(),
            self.counted.pairs.len()
        )
    }
}

async fn gather(of: &Gathering) -> Result<Facts, Halt> {
    let (ports, store) = (&of.ports, &of.store);
    let today = calendar(store)?.day_of(of.now);
    let until = today - Days::new(1);
    let range = range(until - Days::new(window(of) - 1), until)?;
    let mut counter = Counter::default();
    of.progress.all(days_of(range));
    for piece in pieces(range) {
        for basket in ports.orders.baskets(store.scope, piece).await? {
            counter.add(&basket.products);
        }
        of.progress.more(days_of(piece));
    }
    let counted = counter.counted(minimum(of));
    let wanted: BTreeSet<_> = counted.products.iter().map(|(p, _)| *p).collect();
    let (products, bundled, observed) = catalogue(of, &wanted).await?;
    let since =
        of.now - Duration::days(of.number("declined_rest")) - Duration::hours(of.number("valid"));
    let mut told = open_subjects(of).await?;
    if of.number("declined_rest") > 0 {
        told.extend(declined_since(of, since).await?);
    }
    Ok(Facts {
        as_of: ports.orders.as_of(store.scope).await?.max(observed),
        from: range.from,
        until: range.to,
        counted,
        products,
        bundled,
        told,
    })
}

async fn past(of: &Gathering, (from, to): (NaiveDate, NaiveDate)) -> Result<History, Halt> {
    let window = window(of);
    let range = range(from - Days::new(window - 1), to)?;
    of.progress.all(days_of(range));
    let mut baskets: Vec<Basket> = Vec::new();
    for piece in pieces(range) {
        baskets.extend(of.ports.orders.baskets(of.store.scope, piece).await?);
        of.progress.more(days_of(piece));
    }
    let wanted: BTreeSet<_> = baskets.iter().flat_map(|b| b.products.clone()).collect();
    let (products, bundled, _) = catalogue(of, &wanted).await?;
    Ok(History {
        zone: zone(of)?,
        baskets,
        products,
        bundled,
        window,
        minimum: minimum(of),
    })
}

fn window(of: &Gathering) -> u64 {
    u64::try_from(of.number("history")).unwrap_or(1).max(1)
}

fn minimum(of: &Gathering) -> u64 {
    u64::try_from(of.number("minimum")).unwrap_or(1)
}

fn days_of(range: DayRange) -> u64 {
    (range.to - range.from).num_days().unsigned_abs() + 1
}

fn range(from: NaiveDate, to: NaiveDate) -> PortResult<DayRange> {
    DayRange::new(from, to).map_err(|error| {
        PortError::new(
            Kind::Configuration,
            Retry::Never,
            "royal",
            "agents.gather",
            error.to_string(),
        )
    })
}

/// One after the other, because a year of orders is more than is held at once.
fn pieces(range: DayRange) -> impl Iterator<Item = DayRange> {
    let mut from = range.from;
    std::iter::from_fn(move || {
        let piece = (from <= range.to).then(|| DayRange {
            from,
            to: (from + Days::new(PIECE_DAYS - 1)).min(range.to),
        })?;
        from = piece.to + Days::new(1);
        Some(piece)
    })
}

type Catalogue = (
    Vec<ProductFacts>,
    BTreeSet<[ProductId; 2]>,
    Option<DateTime<Utc>>,
);

/// Products that were counted, and which of them are parts of one bundle anyway.
async fn catalogue(of: &Gathering, wanted: &BTreeSet<ProductId>) -> PortResult<Catalogue> {
    let stored = products(of, None).await?;
    let observed = stored.iter().map(|p| p.observed_at).max();
    let owner: BTreeMap<VariantId, ProductId> = stored
        .iter()
        .flat_map(|p| p.product.variants.iter().map(|v| (v.id, p.product.id)))
        .collect();
    let settings = &of.ports.inventory_settings;
    let settings = settings.inventory_settings(of.store.scope).await?;
    let mut bundled = BTreeSet::new();
    for (bundle, parts) in settings.iter().flat_map(|s| &s.settings.bundles) {
        // A shop may list a bundle's parts beside it in the order.
        let all = parts.keys().chain([bundle]);
        let all: BTreeSet<_> = all.filter_map(|v| owner.get(v).copied()).collect();
        for a in &all {
            bundled.extend(all.range(*a..).skip(1).map(|b| [*a, *b]));
        }
    }
    let facts = stored.iter().filter(|p| wanted.contains(&p.product.id));
    Ok((facts.map(product).collect(), bundled, observed))
}

fn product(stored: &StoredProduct) -> ProductFacts {
    let of = &stored.product;
    ProductFacts {
        id: of.id,
        title: of.title.clone(),
        handle: of.handle.clone(),
        tags: of.tags.clone(),
        offered: of.status == OFFERED,
        variant: match of.variants.as_slice() {
            [only] => Some(only.id),
            _ => None,
        },
    }
}

/// What the last run that decided found, with the settings that it had.
#[derive(Debug, Clone)]
pub struct Recommended {
    pub run: AgentRun,
    pub facts: Facts,
    pub found: Found,
}

impl Agents {
    /// `None`: no run has decided yet, or what it decided on is not kept any more.
    pub async fn recommended(&self, store: &Store) -> Result<Option<Recommended>, AgentError> {
        let filter = RunFilter {
            store: Some(store.scope.store),
            agent: Some(SPEC.id.to_string()),
            status: None,
            kind: Some("decide"),
        };
        let (workspace, page) = (store.scope.workspace, PageRequest::first(RUNS_BACK));
        let runs = self.ports.runs.list(workspace, &filter, &page).await?;
        for run in runs.items {
            if decided(&run).is_none() {
                continue;
            }
            let Some(stored) = self.ports.runs.facts(workspace, run.id).await? else {
                continue;
            };
            // What an earlier version wrote may not be read any more.
            let Ok((_, values, facts)) = read::<Recommendations>(&text(stored)?) else {
                continue;
            };
            let work = tokio::task::spawn_blocking(move || {
                let found = find(&facts, &values);
                (facts, found)
            });
            let broke = |error| {
                PortError::new(
                    Kind::Corrupt,
                    Retry::Never,
                    "royal",
                    "agents.recommended",
                    "the search broke off",
                )
                .with_source(error)
            };
            let (facts, found) = work.await.map_err(broke)?;
            return Ok(Some(Recommended { run, facts, found }));
        }
        Ok(None)
    }
}
