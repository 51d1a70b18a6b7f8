//! What the policy of research is told: what scores well and could be made, and what became of everything that was decided about.

use super::Agents;
use super::agent::{Agent, Gathering, Known};
use super::facts::{self, read};
use super::halt::Halt;
use super::past::{declined_since, open_subjects};
use super::pricing::zone;
use super::rehearse::{Unwanted, Watched};
use super::run::decided;
use crate::changes::tidy_draft;
use crate::ingest::calendar;
use crate::opportunities::{Approval, OpportunityError, draft};
use async_trait::async_trait;
use chrono::{DateTime, Days, Duration, NaiveDate, Utc};
use domain::agents::research::{
    Candidate, FactorFacts, Facts, History, OfferFacts, Outcome, Record, SPEC, decide, watch_list,
};
use domain::agents::{AgentRun, AgentSpec, Decision, Rehearsal, Rehearser, Repeats, Values};
use domain::calendar::{Calendar, DayRange};
use domain::changes::{Action, ChangeSet, ChangeSetStatus, OperationState, ProductDraft, Seen};
use domain::ids::{OpportunityId, ProductId, SupplierProductId};
use domain::opportunity::{FactorName, Lead, SameBy, Watch, title_key, words};
use domain::rollup::Dimension;
use domain::store::Store;
use domain::supplier::Presence;
use ports::catalog::ProductQuery;
use ports::opportunities::OpportunityFilter;
use ports::page::MAX_LIMIT;
use ports::runs::RunFilter;
use ports::supplier_book::MappingFilter;
use ports::{PageRequest, PortResult};
use std::collections::{BTreeMap, BTreeSet};

/// Things that are looked at in a run, the best first.
const MOST_CANDIDATES: usize = 1_000;
/// Drafts that are tried for each that a run may propose.
const TRIED: usize = 3;
/// Decisions that are learned from, those about the best things first.
const MOST_OUTCOMES: usize = 2_000;
/// Offers of a thing that a proposal shows.
const MOST_OFFERS: usize = 10;
/// Runs back in which one with facts is looked for.
const RUNS_BACK: u32 = 20;
/// After a draft was made its sales are followed for as long as any setting may ask for.
const FOLLOWED: u64 = 180;

/// The agent over what suppliers offer.
pub(super) struct Research;

#[async_trait]
impl Agent for Research {
    const KINDS: &'static [&'static str] = &["draft"];
    type Facts = Facts;
    type Past = History;

    fn spec() -> &'static AgentSpec {
        &SPEC
    }

    async fn gather(of: &Gathering) -> Result<Facts, Halt> {
        gather(of, &[Watch::Proposed, Watch::Snoozed]).await
    }

    fn decide(facts: &Facts, values: &Values, now: DateTime<Utc>, seed: u64) -> Decision {
        decide(facts, values, now, seed)
    }

    async fn past(
        of: &Gathering,
        _days: (NaiveDate, NaiveDate),
    ) -> Result<(History, String), Halt> {
        let now = gather(of, &Watch::ALL).await?;
        let told = format!(
            "{} things that suppliers offer, with {} decisions",
            now.candidates.len(),
            now.outcomes.len()
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
        format!(
            "{} things that score well, and {} decisions",
            self.candidates.len(),
            self.outcomes.len()
        )
    }
}

/// What the shop has.
#[derive(Default)]
struct Own {
    handles: BTreeSet<String>,
    /// Titles by their words.
    titles: BTreeMap<Vec<String>, String>,
    /// Products of suppliers that own variants are had of, with the variant's title.
    mapped: BTreeMap<SupplierProductId, String>,
}

fn key_of(title: &str) -> Option<Vec<String>> {
    let key = title_key(title)?;
    Some(words(&key).into_iter().map(str::to_owned).collect())
}

impl Own {
    async fn read(of: &Gathering) -> PortResult<Self> {
        let mut own = Self::default();
        let (query, mut page) = (ProductQuery::default(), PageRequest::first(MAX_LIMIT));
        loop {
            let found = of.ports.catalog.list(of.store.scope, &query, &page).await?;
            for product in found.items.into_iter().map(|stored| stored.product) {
                if let Some(key) = key_of(&product.title) {
                    own.titles.insert(key, product.title);
                }
                own.handles.insert(product.handle);
            }
            page.cursor = found.next_cursor;
            if page.cursor.is_none() {
                break;
            }
        }
        let (filter, mut page) = (MappingFilter::default(), PageRequest::first(MAX_LIMIT));
        loop {
            let port = &of.ports.supplier_mappings;
            let found = port.list_mappings(of.store.scope, &filter, &page).await?;
            own.mapped
                .extend(found.items.into_iter().map(|m| (m.product, m.title)));
            page.cursor = found.next_cursor;
            if page.cursor.is_none() {
                return Ok(own);
            }
        }
    }

    /// As what it is sold already.
    fn owned(&self, of: &domain::opportunity::Opportunity) -> Option<String> {
        let mapped = of.leads.iter().find_map(|l| self.mapped.get(&l.product));
        let titled = || self.titles.get(&key_of(&of.title)?);
        mapped.or_else(titled).cloned()
    }
}

/// Everything of these kinds, the best first.
async fn listed(
    of: &Gathering,
    watch: Watch,
    score: Option<i64>,
    most: usize,
) -> PortResult<Vec<domain::opportunity::Watched>> {
    let filter = OpportunityFilter {
        watch: Some(watch),
        score,
        ..OpportunityFilter::default()
    };
    let (mut all, mut page) = (Vec::new(), PageRequest::first(MAX_LIMIT));
    loop {
        let port = &of.ports.opportunities;
        let found = port
            .opportunities(of.store.scope, &filter, of.now, &page)
            .await?;
        all.extend(found.items);
        page.cursor = found.next_cursor;
        if page.cursor.is_none() || all.len() >= most {
            all.truncate(most);
            return Ok(all);
        }
    }
}

async fn gather(of: &Gathering, kinds: &[Watch]) -> Result<Facts, Halt> {
    let today = calendar(&of.store)?.day_of(of.now);
    let own = Own::read(of).await?;
    let least = of.number("watch_from").min(of.number("least_score")) * 100;
    let lean = of.number("weight_learned") * 100;
    let mut found = Vec::new();
    for kind in kinds {
        // What was learned may lift what lies below.
        found.extend(listed(of, *kind, Some(least - lean), MOST_CANDIDATES).await?);
    }
    found.retain(|w| !w.gone);
    of.progress.all(found.len() as u64);
    let room = usize::try_from(of.number("most_proposals")).unwrap_or(1) * TRIED;
    let mut tried = 0;
    let mut candidates = Vec::with_capacity(found.len());
    for watched in &found {
        let is_past = kinds.len() > 2;
        let waits = matches!(watched.watch(of.now), Watch::Proposed | Watch::Snoozed);
        let mut candidate = candidate(of, watched);
        if waits {
            candidate.owned = own.owned(&watched.opportunity);
        }
        let may = is_draftable(of, &candidate, lean);
        if candidate.owned.is_none() && may && (tried < room || is_past) {
            tried += 1;
            match made(of, watched, (&own, waits)).await? {
                Ok(draft) => candidate.draft = Some(draft),
                Err(why) => candidate.no_draft = Some(why),
            }
        }
        of.progress.more(1);
        candidates.push(candidate);
    }
    candidates.sort_by_key(|c| c.id);
    candidates.dedup_by_key(|c| c.id);
    let as_of = found.iter().map(|w| w.opportunity.computed_at).max();
    let mut told = open_subjects(of).await?;
    let rest = Duration::days(of.number("declined_rest"));
    told.extend(declined_since(of, of.now - rest).await?);
    Ok(Facts {
        currency: of.store.currency,
        today,
        as_of,
        candidates,
        outcomes: outcomes(of, today).await?,
        told,
    })
}

/// Whether it may come to a draft, whatever was learned.
fn is_draftable(of: &Gathering, candidate: &Candidate, lean: i64) -> bool {
    let is_high = candidate.score + lean >= of.number("least_score") * 100;
    let is_known = candidate.known >= of.number("least_known");
    let margin = of.number("minimum_margin");
    is_high && is_known && candidate.margin.is_some_and(|m| m >= margin)
}

/// As the shop would get it; else why not.
async fn made(
    of: &Gathering,
    watched: &domain::opportunity::Watched,
    (own, is_new): (&Own, bool),
) -> Result<Result<ProductDraft, String>, Halt> {
    let wish = Approval {
        version: watched.version,
        ..Approval::default()
    };
    let draft = match draft(&of.ports, &of.store, &watched.opportunity, &wish).await {
        Ok(draft) => draft,
        Err(OpportunityError::Port(error)) => return Err(error.into()),
        Err(OpportunityError::Invalid(faults)) => {
            let told = faults.iter().map(|f| format!("{} {}", f.field, f.message));
            return Ok(Err(told.collect::<Vec<_>>().join("; ")));
        }
        Err(error) => return Ok(Err(error.to_string())),
    };
    let tidy = tidy_draft(&draft).map_err(|(field, message)| format!("{field} {message}"));
    Ok(tidy.and_then(|draft| {
        if is_new && own.handles.contains(&draft.handle) {
            return Err(format!(
                "the handle {:?} is that of another product",
                draft.handle
            ));
        }
        Ok(draft)
    }))
}

fn candidate(of: &Gathering, watched: &domain::opportunity::Watched) -> Candidate {
    let o = &watched.opportunity;
    let until = match watched.watch(of.now) {
        Watch::Snoozed => watched.decision.as_ref().and_then(|d| d.until),
        _ => None,
    };
    let titles: BTreeMap<SupplierProductId, String> =
        o.leads.iter().map(|l| (l.product, named(l))).collect();
    Candidate {
        id: o.id,
        title: o.title.clone(),
        category: o.category.clone(),
        supplier: o.leads.first().map(named),
        discovered_at: watched.discovered_at,
        score: o.score.unwrap_or(0),
        low: o.interval.low,
        high: o.interval.high,
        known: o.completeness * 100,
        margin: o.margin.value.map(|m| m.low),
        margin_why: o.margin.why.clone(),
        price: o.price.value,
        landed: o.landed.value.map(|l| l.high),
        break_even: o.break_even.value,
        factors: o
            .factors
            .iter()
            .map(|f| FactorFacts {
                name: factor(f.name).to_owned(),
                weight: f.weight,
                points: f.points.value.map(|p| p.value),
                why: f.points.why.clone(),
            })
            .collect(),
        offers: o
            .leads
            .iter()
            .take(MOST_OFFERS)
            .map(|l| OfferFacts {
                supplier: named(l),
                paid: l.paid().map(|p| p.high),
                is_out: l.presence == Presence::Out,
                same: same(l, &titles),
            })
            .collect(),
        owned: None,
        until,
        draft: None,
        no_draft: None,
    }
}

fn named(lead: &Lead) -> String {
    let own = lead.supplier.clone();
    own.unwrap_or_else(|| lead.platform.name().to_owned())
}

const fn factor(name: FactorName) -> &'static str {
    match name {
        FactorName::Margin => "Margin",
        FactorName::Trend => "Trend",
        FactorName::Viability => "Viability",
        FactorName::Reliability => "Reliability",
        FactorName::Shipping => "Shipping",
    }
}

/// By what it is taken for one of the others.
fn same(lead: &Lead, titles: &BTreeMap<SupplierProductId, String>) -> Option<String> {
    let same = lead.same.first()?;
    let other = titles.get(&same.product).map_or("another", String::as_str);
    Some(match &same.by {
        SameBy::Person => format!("said to be the same as that of {other}"),
        SameBy::Barcode { code } => format!("has the barcode {code} like that of {other}"),
        SameBy::Title => format!("has the words of the title of that of {other}"),
        SameBy::NearTitle { share } => {
            format!("shares {} % of the words with that of {other}", share / 100)
        }
        SameBy::Image { share, .. } => format!(
            "has nearly the picture of that of {other}, and {} % of its words",
            share / 100
        ),
    })
}

/// What was decided about, and what its draft sold.
async fn outcomes(of: &Gathering, today: NaiveDate) -> PortResult<Vec<Outcome>> {
    let mut all = Vec::new();
    for watch in [Watch::Approved, Watch::Rejected] {
        for watched in listed(of, watch, None, MOST_OUTCOMES).await? {
            let Some(decision) = &watched.decision else {
                continue;
            };
            let o = &watched.opportunity;
            let (made_on, sold) = match decision.change_set {
                Some(set) => sales(of, set, today).await?,
                None => (None, Vec::new()),
            };
            all.push(Outcome {
                id: o.id,
                title: o.title.clone(),
                category: o.category.clone(),
                supplier: o.leads.first().map(named),
                accepted: watch == Watch::Approved,
                at: decision.at,
                reason: decision.reason.clone(),
                made_on,
                sold,
            });
        }
    }
    all.sort_by_key(|o| o.id);
    all.dedup_by_key(|o| o.id);
    Ok(all)
}

/// The product that a set made, and on which day; nothing of one that was taken back.
fn product_of(set: &ChangeSet) -> Option<(ProductId, DateTime<Utc>)> {
    if set.status == ChangeSetStatus::Undone {
        return None;
    }
    set.operations
        .iter()
        .find_map(|o| match (&o.action, &o.seen, o.state) {
            (
                Action::ProductDraft(_),
                Some(Seen::Product { product, .. }),
                OperationState::Applied | OperationState::Already,
            ) => Some((*product, o.ended_at?)),
            _ => None,
        })
}

async fn sales(
    of: &Gathering,
    set: domain::ids::ChangeSetId,
    today: NaiveDate,
) -> PortResult<(Option<NaiveDate>, Vec<(NaiveDate, i64)>)> {
    let set = of.ports.changes.find(of.store.scope.workspace, set).await?;
    let Some((product, at)) = set.as_ref().and_then(product_of) else {
        return Ok((None, Vec::new()));
    };
    let made_on = calendar(&of.store)?.day_of(at);
    let range = DayRange {
        from: made_on,
        to: today.min(made_on + Days::new(FOLLOWED)).max(made_on),
    };
    let (reports, key) = (&of.ports.reports, product.to_string());
    let rows = reports
        .by_day(
            of.store.scope,
            of.store.currency,
            range,
            Dimension::Product,
            &key,
        )
        .await?;
    let sold = rows.into_iter().map(|row| (row.day, row.measures.units));
    Ok((
        Some(made_on),
        sold.filter(|(_, units)| *units != 0).collect(),
    ))
}

/// Something on the watch list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WatchEntry {
    pub id: OpportunityId,
    pub title: String,
    pub score: i64,
    pub why: String,
}

/// What the newest look came to.
#[derive(Debug, Clone)]
pub struct ResearchTold {
    /// `None`: there was none, or its facts are not kept any more.
    pub run: Option<AgentRun>,
    pub record: Record,
    pub watch_list: Vec<WatchEntry>,
}

impl Agents {
    /// The watch list and the record as of the newest run that came to a decision, from the facts that it wrote down.
    pub async fn research(&self, store: &Store) -> PortResult<ResearchTold> {
        let filter = RunFilter {
            store: Some(store.scope.store),
            agent: Some(SPEC.id.to_string()),
            status: None,
            kind: Some("decide"),
        };
        let (workspace, page) = (store.scope.workspace, PageRequest::first(RUNS_BACK));
        let runs = self.ports.runs.list(workspace, &filter, &page).await?;
        let mut runs = runs.items.into_iter();
        let found = runs.find(|run| decided(run).is_some());
        let stored = match &found {
            Some(run) => self.ports.runs.facts(workspace, run.id).await?,
            None => None,
        };
        let Some(text) = stored.map(facts::text).transpose()? else {
            return Ok(ResearchTold {
                run: None,
                record: Record::default(),
                watch_list: Vec::new(),
            });
        };
        let (now, values, facts) = read::<Research>(&text)?;
        let watched = watch_list(&facts, &values, now).into_iter();
        let watched = watched.map(|(candidate, why)| WatchEntry {
            id: candidate.id,
            title: candidate.title.clone(),
            score: candidate.score,
            why: why.to_string(),
        });
        Ok(ResearchTold {
            run: found,
            record: Record::of(&facts, &values),
            watch_list: watched.collect(),
        })
    }
}
