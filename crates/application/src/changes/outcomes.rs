//! Measures what applied changes of prices and advertisements brought, as soon as the days that it takes are over.

use super::Changes;
use super::ad_outcomes::switched;
use chrono::{DateTime, Duration, NaiveDate, Utc};
use domain::audit::{Actor, NewEntry};
use domain::calendar::{Calendar, DayRange};
use domain::changes::outcome::{self, Compared, DayMargin, Outcome, WINDOWS};
use domain::changes::{Action, ChangeSet, ChangeSetStatus, OperationState};
use domain::ids::VariantId;
use domain::prices::PriceRecord;
use domain::rollup::{Dimension, Measures};
use domain::store::Store;
use ports::changes::ChangeFilter;
use ports::page::MAX_LIMIT;
use ports::{Kind, PageRequest, PortResult};
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};

/// Statuses of sets of which something was in effect for a while.
pub(crate) const MEASURED: [ChangeSetStatus; 3] = [
    ChangeSetStatus::Applied,
    ChangeSetStatus::PartlyApplied,
    ChangeSetStatus::Undone,
];
/// Older proposals have ended all their windows: the longest one, the time in which one could be approved, and days without this program.
const LOOK_BACK: Duration = Duration::days(120);
/// Of what was left alone, the best sellers: more would add days to read, and little to know.
const MOST_OTHERS: usize = 200;

/// The days that the store's orders tell of.
#[derive(Debug, Clone, Copy)]
struct Known {
    first: NaiveDate,
    /// The last one that is over.
    through: NaiveDate,
}

type Days = BTreeMap<(VariantId, NaiveDate), Measures>;

/// The price of a variant as a set changed it.
#[derive(Debug, Clone, Copy)]
struct Moved {
    variant: VariantId,
    before: i64,
    after: i64,
}

impl Changes {
    /// Measures all windows that are over and were not measured; answers how many.
    pub async fn measure_due(&self) -> PortResult<u64> {
        let mut count = 0;
        for workspace in self.ports.accounts.workspaces().await? {
            for store in self.stores.list(workspace.id).await? {
                count += self.measure_store(&store).await?;
            }
        }
        Ok(count)
    }

    async fn measure_store(&self, store: &Store) -> PortResult<u64> {
        let Ok(calendar) = store.calendar() else {
            return Ok(0);
        };
        let waiting = self.with_windows_left(store).await?;
        if waiting.is_empty() {
            return Ok(0);
        }
        let Some(known) = self.known_days(store, &calendar).await? else {
            return Ok(0);
        };
        let mut count = 0;
        for set in waiting {
            count += self.measure_set(store, &calendar, set, known).await?;
        }
        Ok(count)
    }

    /// Sets with a price or an advertisement in effect, of which a window is not measured.
    async fn with_windows_left(&self, store: &Store) -> PortResult<Vec<ChangeSet>> {
        let oldest = self.ports.clock.now() - LOOK_BACK;
        let mut found = Vec::new();
        for status in MEASURED {
            let filter = ChangeFilter {
                store: Some(store.scope.store),
                status: Some(status),
                ..ChangeFilter::default()
            };
            let mut page = PageRequest::first(MAX_LIMIT);
            loop {
                let sets = self.list(store.scope.workspace, &filter, &page).await?;
                let is_recent = |set: &ChangeSet| set.created_at >= oldest;
                let all_recent = sets.items.iter().all(is_recent);
                let left = sets.items.into_iter().filter(|set| {
                    is_recent(set) && set.outcomes.len() < WINDOWS.len() && is_measured(set)
                });
                found.extend(left);
                match sets.next_cursor.filter(|_| all_recent) {
                    Some(cursor) => page.cursor = Some(cursor),
                    None => break,
                }
            }
        }
        Ok(found)
    }

    /// A shop whose clock is ahead of ours, as a sandbox's may be, goes by its own orders.
    async fn known_days(&self, store: &Store, calendar: &Calendar) -> PortResult<Option<Known>> {
        let today = calendar.day_of(self.ports.clock.now());
        let span = self.ports.orders.span(store.scope).await?;
        let through = span
            .last_day
            .map_or(today, |last| last.max(today))
            .pred_opt();
        let known = span.first_day.zip(through);
        Ok(known.map(|(first, through)| Known { first, through }))
    }

    async fn measure_set(
        &self,
        store: &Store,
        calendar: &Calendar,
        mut set: ChangeSet,
        known: Known,
    ) -> PortResult<u64> {
        let Some(at) = set.finished_at else {
            return Ok(0);
        };
        let ended = self.taken_back(&set, calendar).await?;
        let mut measured = Vec::new();
        for window in WINDOWS {
            let is_done = set.outcomes.iter().any(|o| o.window_days == window);
            let spans = outcome::spans(calendar.day_of(at), window);
            let Some([before, after]) =
                spans.filter(|[_, after]| !is_done && after.1 <= known.through)
            else {
                continue;
            };
            let told = match ended.filter(|day| *day <= after.1) {
                Some(day) => Told::not(format!("it was taken back on {day}")),
                None if known.first > before.0 => {
                    let why = "the store's orders do not reach back four weeks before the change";
                    Told::not(why.to_owned())
                }
                None if moved(&set).is_empty() => {
                    match self.tell_ads(store, &set, at, window).await? {
                        Some(told) => told,
                        // The days are not read yet.
                        None => continue,
                    }
                }
                None => self.tell(store, calendar, &set, before, after).await?,
            };
            measured.push(Outcome {
                window_days: window,
                through: after.1,
                measured_at: self.ports.clock.now(),
                effect: told.effect.as_ref().ok().copied(),
                unknown: told.effect.err(),
                method: told.method,
            });
        }
        if measured.is_empty() {
            return Ok(0);
        }
        let count = measured.len() as u64;
        let entry = self.measured_entry(&set, &measured);
        set.outcomes.extend(measured);
        set.outcomes.sort_by_key(|o| o.window_days);
        match self.ports.changes.decide(&set, &entry).await {
            Ok(_) => self.hub.wake(),
            // It was taken back at this moment; the next look measures it as it is then.
            Err(error) if error.kind == Kind::Conflict => return Ok(0),
            Err(error) => return Err(error),
        }
        Ok(count)
    }

    fn measured_entry(&self, set: &ChangeSet, measured: &[Outcome]) -> NewEntry {
        let entry = self.entry(set, &Actor::system(), "change_set.measure");
        entry.after(&json!({ "outcomes": measured }))
    }

    /// The local day on which another set took it back.
    async fn taken_back(
        &self,
        set: &ChangeSet,
        calendar: &Calendar,
    ) -> PortResult<Option<NaiveDate>> {
        let Some(by) = set.undone_by else {
            return Ok(None);
        };
        let undo = self.find(set.scope.workspace, by).await?;
        let at: Option<DateTime<Utc>> = undo.and_then(|u| u.finished_at);
        Ok(at.map(|at| calendar.day_of(at)))
    }

    async fn tell(
        &self,
        store: &Store,
        calendar: &Calendar,
        set: &ChangeSet,
        before: (NaiveDate, NaiveDate),
        after: (NaiveDate, NaiveDate),
    ) -> PortResult<Told> {
        let moved = moved(set);
        let days = self.sold_by_day(store, (before.0, after.1)).await?;
        let records = self.records(store, &days, &moved).await?;
        let within = |record: &PriceRecord| {
            let day = calendar.day_of(record.seen_at);
            before.0 < day && day <= after.1
        };
        let touched: BTreeSet<VariantId> = records
            .iter()
            .filter(|r| within(r))
            .filter(|r| !moved.iter().any(|m| is_ours(m, r)))
            .map(|r| r.variant)
            .collect();
        if moved.iter().any(|m| touched.contains(&m.variant)) {
            let why = "another change of these prices lies in the days that are compared";
            return Ok(Told::not(why.to_owned()));
        }
        let own: BTreeSet<VariantId> = moved.iter().map(|m| m.variant).collect();
        let is_without_cost = |(key, m): (&(VariantId, NaiveDate), &Measures)| {
            own.contains(&key.0) && m.cost_missing != 0
        };
        if days.iter().any(is_without_cost) {
            return Ok(Told::not("the cost of what was sold is missing".to_owned()));
        }
        let others = best_sellers(&days, before, &own, &touched);
        let sum = |keys: &BTreeSet<VariantId>, span| by_day(&days, keys, span);
        let compared = Compared {
            before: sum(&own, before),
            after: sum(&own, after),
            others_before: sum(&others, before),
            others_after: sum(&others, after),
        };
        Ok(Told {
            effect: outcome::measure(&compared),
            method: format!(
                "four weeks before against the days after, next to {} variants whose prices did not change",
                others.len()
            ),
        })
    }

    async fn sold_by_day(&self, store: &Store, span: (NaiveDate, NaiveDate)) -> PortResult<Days> {
        let range = DayRange {
            from: span.0,
            to: span.1,
        };
        let reports = &self.ports.reports;
        let rows = reports.by_day_and_key(store.scope, store.currency, range, Dimension::Variant);
        let rows = rows.await?.into_iter();
        // Custom items have no variant.
        let keyed = rows.filter_map(|r| Some(((r.key.parse().ok()?, r.day), r.measures)));
        Ok(keyed.collect())
    }

    async fn records(
        &self,
        store: &Store,
        days: &Days,
        moved: &[Moved],
    ) -> PortResult<Vec<PriceRecord>> {
        let sold = days.keys().map(|(variant, _)| *variant);
        let variants: BTreeSet<VariantId> = sold.chain(moved.iter().map(|m| m.variant)).collect();
        let variants: Vec<_> = variants.into_iter().collect();
        let catalog = &self.ports.catalog;
        let mut records = catalog.price_history(store.scope, &variants).await?;
        // The first record of a variant says what was found, not that it changed.
        let mut known = BTreeSet::new();
        records.retain(|r| !known.insert(r.variant));
        Ok(records)
    }
}

pub(super) struct Told {
    pub(super) effect: Result<domain::changes::Effect, String>,
    pub(super) method: String,
}

impl Told {
    pub(super) fn not(why: String) -> Self {
        Self {
            effect: Err(why),
            method: String::new(),
        }
    }
}

/// What is of prices is measured by them, whatever else the set changed.
fn is_measured(set: &ChangeSet) -> bool {
    !moved(set).is_empty() || switched(set).next().is_some()
}

/// Prices that the set has, or had, in effect.
fn moved(set: &ChangeSet) -> Vec<Moved> {
    let in_effect = set.operations.iter();
    let in_effect = in_effect.filter(|o| o.state == OperationState::Applied);
    in_effect
        .filter_map(|o| match o.action {
            Action::Price {
                variant,
                before,
                after,
                ..
            } => Some(Moved {
                variant,
                before,
                after,
            }),
            _ => None,
        })
        .collect()
}

fn is_ours(moved: &Moved, record: &PriceRecord) -> bool {
    moved.variant == record.variant && (record.price == moved.after || record.price == moved.before)
}

/// Of what was neither changed by the set nor by anybody else.
fn best_sellers(
    days: &Days,
    span: (NaiveDate, NaiveDate),
    own: &BTreeSet<VariantId>,
    touched: &BTreeSet<VariantId>,
) -> BTreeSet<VariantId> {
    let mut units: BTreeMap<VariantId, i64> = BTreeMap::new();
    let mut without_cost = BTreeSet::new();
    for ((variant, day), measures) in days {
        if own.contains(variant) || touched.contains(variant) {
            continue;
        }
        if measures.cost_missing != 0 {
            without_cost.insert(*variant);
        }
        if span.0 <= *day && *day <= span.1 {
            *units.entry(*variant).or_default() += measures.units;
        }
    }
    let mut ranked: Vec<_> = units.into_iter().collect();
    ranked.retain(|(variant, _)| !without_cost.contains(variant));
    ranked.sort_by_key(|(variant, units)| (-units, *variant));
    ranked.truncate(MOST_OTHERS);
    ranked.into_iter().map(|(variant, _)| variant).collect()
}

fn by_day(
    days: &Days,
    variants: &BTreeSet<VariantId>,
    span: (NaiveDate, NaiveDate),
) -> Vec<DayMargin> {
    let mut sums: BTreeMap<NaiveDate, DayMargin> = span
        .0
        .iter_days()
        .take_while(|day| *day <= span.1)
        .map(|day| (day, DayMargin::default()))
        .collect();
    for ((variant, day), measures) in days {
        if variants.contains(variant)
            && let Some(sum) = sums.get_mut(day)
        {
            sum.units += measures.units;
            sum.margin += measures.net_sales() - measures.cost_of_goods;
        }
    }
    sums.into_values().collect()
}
