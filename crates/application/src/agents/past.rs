//! What an agent brought up before, and what became of it.

use super::agent::Gathering;
use super::facts::text;
use super::run::decided;
use crate::changes::set_id;
use chrono::{DateTime, Duration, Utc};
use domain::agents::{AgentRun, Handling, StepState, subjects};
use domain::changes::{ChangeSet, ChangeSetStatus};
use ports::changes::ChangeFilter;
use ports::page::MAX_LIMIT;
use ports::runs::RunFilter;
use ports::{PageRequest, PortResult};
use std::collections::BTreeSet;

const LONGEST_WAIT: Duration = Duration::days(7);
/// Runs back in which one that told its findings is looked for.
const RUNS_BACK: u32 = 20;

/// What a set is about, found again from its operations: its id follows from its run and the first of these.
fn subjects_of(kinds: &[&str], set: &ChangeSet) -> BTreeSet<String> {
    let found = subject_of(kinds, set);
    let actions = || set.operations.iter().map(|o| &o.action);
    found.map_or_else(BTreeSet::new, |subject| subjects(&subject, actions()))
}

fn subject_of(kinds: &[&str], set: &ChangeSet) -> Option<String> {
    let (_, run) = set.origin.agent()?;
    let things = set.operations.iter().map(|o| o.action.entity());
    let mut subjects = things.flat_map(|entity| {
        let number = entity.rsplit(':').next().unwrap_or_default().to_owned();
        let kinds = kinds.iter();
        kinds.map(move |kind| format!("{kind}:{number}"))
    });
    subjects.find(|subject| set_id(run, subject) == set.id)
}

/// Subjects that wait for a decision, or are being written.
pub async fn open_subjects(of: &Gathering) -> PortResult<BTreeSet<String>> {
    let mut subjects = BTreeSet::new();
    for status in [
        ChangeSetStatus::Proposed,
        ChangeSetStatus::Approved,
        ChangeSetStatus::Applying,
    ] {
        let sets = sets(of, Some(status), None).await?;
        let kinds = of.entry.policy.kinds();
        subjects.extend(sets.iter().flat_map(|set| subjects_of(kinds, set)));
    }
    Ok(subjects)
}

/// Sets that were proposed since and do not wait any more, newest first.
pub(super) async fn decided_since(
    of: &Gathering,
    since: DateTime<Utc>,
) -> PortResult<Vec<ChangeSet>> {
    let mut sets = sets(of, None, Some(since)).await?;
    sets.retain(|s| s.status != ChangeSetStatus::Proposed);
    Ok(sets)
}

/// Subjects that people said no to since, or left without an answer.
pub(super) async fn declined_since(
    of: &Gathering,
    since: DateTime<Utc>,
) -> PortResult<BTreeSet<String>> {
    let kinds = of.entry.policy.kinds();
    // A set lives for a week at most before it is decided on.
    let sets = sets(of, None, Some(since - LONGEST_WAIT)).await?;
    let declined = sets.iter().filter(|set| {
        let at = match set.status {
            ChangeSetStatus::Rejected => set.rejection.as_ref().map(|r| r.at),
            ChangeSetStatus::Expired => Some(set.expires_at),
            // Somebody took it back.
            ChangeSetStatus::Undone => set.finished_at,
            _ => None,
        };
        at.is_some_and(|at| at >= since)
    });
    Ok(declined.flat_map(|set| subjects_of(kinds, set)).collect())
}

/// Subjects that people said no to since; what nobody answered may be brought up anew.
pub(super) async fn rejected_since(
    of: &Gathering,
    since: DateTime<Utc>,
) -> PortResult<BTreeSet<String>> {
    let kinds = of.entry.policy.kinds();
    let sets = sets(
        of,
        Some(ChangeSetStatus::Rejected),
        Some(since - LONGEST_WAIT),
    )
    .await?;
    let said = |set: &&ChangeSet| set.rejection.as_ref().is_some_and(|no| no.at >= since);
    let subjects = sets.iter().filter(said);
    Ok(subjects.flat_map(|set| subjects_of(kinds, set)).collect())
}

async fn sets(
    of: &Gathering,
    status: Option<ChangeSetStatus>,
    since: Option<DateTime<Utc>>,
) -> PortResult<Vec<ChangeSet>> {
    let filter = ChangeFilter {
        store: Some(of.store.scope.store),
        status,
        agent: Some(of.spec.id.to_string()),
        ..ChangeFilter::default()
    };
    let is_old = |set: &ChangeSet| since.is_some_and(|since| set.created_at < since);
    let (mut sets, mut page) = (Vec::new(), PageRequest::first(MAX_LIMIT));
    loop {
        let workspace = of.store.scope.workspace;
        let found = of.ports.changes.list(workspace, &filter, &page).await?;
        let is_end = found.items.last().is_none_or(is_old);
        sets.extend(found.items.into_iter().filter(|s| !is_old(s)));
        page.cursor = found.next_cursor;
        if is_end || page.cursor.is_none() {
            return Ok(sets);
        }
    }
}

/// Subjects that were brought up since and are not to be brought up again: what waits, what was decided on (by a yes, a no, or no answer),
/// and findings that were told. What could not be written may be proposed anew.
pub async fn brought_up(of: &Gathering, since: DateTime<Utc>) -> PortResult<BTreeSet<String>> {
    let sets = sets(of, None, Some(since)).await?;
    let (mut answered, mut all) = (BTreeSet::new(), BTreeSet::new());
    for set in &sets {
        let subjects = subjects_of(of.entry.policy.kinds(), set);
        if set.status != ChangeSetStatus::Failed {
            answered.extend(subjects.iter().cloned());
        }
        all.extend(subjects);
    }
    answered.extend(findings(of).await?.difference(&all).cloned());
    Ok(answered)
}

/// What the last run that came to its end told, and what had been told before it. It is decided again on its own facts, because only
/// these are kept.
async fn findings(of: &Gathering) -> PortResult<BTreeSet<String>> {
    let filter = RunFilter {
        store: Some(of.store.scope.store),
        agent: Some(of.spec.id.to_string()),
        status: None,
        kind: Some("decide"),
    };
    let (workspace, page) = (of.store.scope.workspace, PageRequest::first(RUNS_BACK));
    let runs = of.ports.runs.list(workspace, &filter, &page).await?;
    let has_told = |run: &&AgentRun| {
        let mut steps = run.steps.iter();
        let is_through =
            |s: &domain::agents::Step| s.name == "propose" && s.state == StepState::Done;
        run.id != of.run && decided(run).is_some() && steps.any(is_through)
    };
    let Some(last) = runs.items.iter().find(has_told) else {
        return Ok(BTreeSet::new());
    };
    let Some(stored) = of.ports.runs.facts(workspace, last.id).await? else {
        return Ok(BTreeSet::new());
    };
    // A version of the program that cannot read what an earlier one wrote tells its findings once more.
    let Some(written) = text(stored)
        .ok()
        .and_then(|text| of.entry.policy.read(&text).ok())
    else {
        return Ok(BTreeSet::new());
    };
    let mut told = written.facts.brought_up().clone();
    let decision = written.decide(last.seed);
    let told_now = decision.proposals.into_iter();
    told.extend(
        told_now
            .filter(|p| p.handling == Handling::Notify)
            .map(|p| p.subject),
    );
    Ok(told)
}
