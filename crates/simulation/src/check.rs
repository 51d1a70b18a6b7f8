//! What must hold, whatever happened: nothing lost, nothing doubled, the ledger adds up, no limit passed, the audit whole.

use crate::people::Scene;
use crate::tally::Moment;
use application::Ports;
use application::audit::Audit;
use domain::changes::{Action, ChangeSet, ChangeSetStatus, OperationState, Origin};
use domain::ids::{ChangeSetId, StoreScope};
use domain::rollup::{Placement, Rollups, fold};
use ports::PageRequest;
use ports::PortResult;
use ports::audit::AuditFilter;
use ports::changes::ChangeFilter;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// All sets, oldest first.
pub(crate) async fn sets(ports: &Ports, scope: StoreScope) -> PortResult<Vec<ChangeSet>> {
    let page = PageRequest::first(200);
    let filter = ChangeFilter::default();
    let listed = ports.changes.list(scope.workspace, &filter, &page).await?;
    let mut sets = listed.items;
    sets.reverse();
    Ok(sets)
}

/// Before the last sync: what was acknowledged has been applied by itself.
pub(crate) async fn acknowledged(
    ports: &Ports,
    scope: StoreScope,
    scene: &Scene<'_>,
    wrong: &mut Vec<String>,
) -> PortResult<()> {
    let told = scene.world.tally.lock().acknowledged.clone();
    for (id, at) in told {
        let stored = ports.orders.find(scope, id).await?;
        let is_there = stored.is_some_and(|s| s.order.updated_at.timestamp_micros() >= at);
        if !is_there {
            wrong.push(format!(
                "lost: a webhook about order {} was acknowledged and never applied",
                id.0
            ));
        }
    }
    let inbox = ports.inbox.state(None).await?;
    if inbox.pending + inbox.dead > 0 {
        wrong.push(format!(
            "lost: {} webhooks wait and {} were given up",
            inbox.pending, inbox.dead
        ));
    }
    Ok(())
}

/// After the last sync: our books say what the shop says, and the sums are those of the orders.
pub(crate) async fn books(
    ports: &Ports,
    scope: StoreScope,
    scene: &Scene<'_>,
    wrong: &mut Vec<String>,
) -> PortResult<()> {
    for (id, order) in &scene.orders {
        let stored = ports.orders.find(scope, *id).await?.map(|s| s.order);
        let same = stored.is_some_and(|stored| {
            stored.updated_at == order.updated_at && stored.totals == order.totals
        });
        if !same {
            wrong.push(format!("lost: order {} is not what the shop has", id.0));
        }
    }
    let mut sums = Rollups::new();
    for stored in ports.orders.walk(scope, None, None, 10_000).await? {
        for (key, measures) in fold(&Placement::of(&stored.order), &stored.ledger) {
            *sums.entry(key).or_default() += measures;
        }
    }
    sums.retain(|_, measures| !measures.is_zero());
    if ports.reports.all(scope).await? != sums {
        wrong.push("unbalanced: the rollups are not the sums of the orders".to_owned());
    }
    Ok(())
}

pub(crate) async fn changes(
    ports: &Ports,
    scope: StoreScope,
    scene: &Scene<'_>,
    limit: u32,
    wrong: &mut Vec<String>,
) -> PortResult<()> {
    let sets = sets(ports, scope).await?;
    ended(&sets, scene, wrong);
    told(&sets, scene, wrong);
    once(&sets, scene, wrong);
    stopped(scene, wrong);
    within(&sets, limit, wrong);
    audited(ports, scope, &sets, wrong).await
}

/// What was approved came to an end.
fn ended(sets: &[ChangeSet], scene: &Scene<'_>, wrong: &mut Vec<String>) {
    let by_id: BTreeMap<ChangeSetId, &ChangeSet> = sets.iter().map(|s| (s.id, s)).collect();
    for set in sets.iter().filter(|set| set.status.is_work()) {
        wrong.push(format!("lost: {:?} does not end", set.title));
    }
    for id in &scene.world.tally.lock().approved {
        let decided = by_id.get(id).is_some_and(|set| set.approval.is_some());
        if !decided {
            wrong.push("lost: an approval that was answered is not there".to_owned());
        }
    }
}

/// What was made at the shop is told as made or as not known, and what is told as made was sent.
fn told(sets: &[ChangeSet], scene: &Scene<'_>, wrong: &mut Vec<String>) {
    let effects = scene.world.writer.effects();
    let made: BTreeSet<Uuid> = effects.iter().map(|effect| effect.key).collect();
    let arrived: BTreeSet<Uuid> = {
        let noted = scene.world.tally.lock();
        noted.sent.iter().map(|sent| sent.key).collect()
    };
    for (set, operation) in operations(sets) {
        let state = operation.state;
        let may_be_made = matches!(
            state,
            OperationState::Applied | OperationState::Unknown | OperationState::Compensated
        );
        if made.contains(&operation.key) && !may_be_made {
            wrong.push(format!(
                "lost: operation {} of {:?} was made, and is told as {state:?}",
                operation.no, set.title
            ));
        }
        // Somebody else's write of the very same cannot be told from one's own whose process died before it was sent.
        let is_alike = || effects.iter().any(|e| e.action == operation.action);
        if state == OperationState::Applied && !arrived.contains(&operation.key) && !is_alike() {
            wrong.push(format!(
                "invented: operation {} of {:?} is told as made, and was never sent",
                operation.no, set.title
            ));
        }
    }
}

/// Nothing has its effect twice; what would do harm a second time is not even sent again.
fn once(sets: &[ChangeSet], scene: &Scene<'_>, wrong: &mut Vec<String>) {
    let mut effects: BTreeMap<Uuid, u32> = BTreeMap::new();
    for effect in scene.world.writer.effects() {
        *effects.entry(effect.key).or_default() += 1;
    }
    let mut sent: BTreeMap<Uuid, u32> = BTreeMap::new();
    for arrived in &scene.world.tally.lock().sent {
        if arrived.may_be_made && !arrived.action.is_harmless_again() {
            *sent.entry(arrived.key).or_default() += 1;
        }
    }
    for (set, operation) in operations(sets) {
        let count = |of: &BTreeMap<Uuid, u32>| of.get(&operation.key).copied().unwrap_or(0);
        if count(&effects) > 1 || count(&sent) > 1 {
            wrong.push(format!(
                "doubled: operation {} of {:?} was sent {} times",
                operation.no,
                set.title,
                count(&sent).max(count(&effects))
            ));
        }
    }
}

/// While a stop is on, no intent is stored.
fn stopped(scene: &Scene<'_>, wrong: &mut Vec<String>) {
    let mut is_on = false;
    for moment in &scene.world.tally.lock().moments {
        match moment {
            Moment::StopOn => is_on = true,
            Moment::StopOff => is_on = false,
            Moment::Intent(..) if is_on => {
                wrong.push("passed: a write was let through while a stop was on".to_owned());
            }
            Moment::Intent(..) => {}
        }
    }
}

/// What is in effect, and was not taken back, is not more than a day allows; no price moved further than one step.
fn within(sets: &[ChangeSet], limit: u32, wrong: &mut Vec<String>) {
    let of_people = sets
        .iter()
        .filter(|set| !matches!(set.origin, Origin::Undo { .. }))
        .filter(|set| set.status != ChangeSetStatus::Undone);
    let in_effect: Vec<&Action> = of_people
        .flat_map(|set| &set.operations)
        .filter(|operation| operation.state == OperationState::Applied)
        .map(|operation| &operation.action)
        .collect();
    if in_effect.len() > limit as usize {
        wrong.push(format!(
            "passed: {} changes within a day, and {limit} are allowed",
            in_effect.len()
        ));
    }
    for action in in_effect {
        if let Action::Price { before, after, .. } = action
            && (after - before).abs() * 10_000 > before * 2_000
        {
            wrong.push(format!("passed: a price went from {before} to {after}"));
        }
    }
}

/// The chain is whole, and says of every write what became of it.
async fn audited(
    ports: &Ports,
    scope: StoreScope,
    sets: &[ChangeSet],
    wrong: &mut Vec<String>,
) -> PortResult<()> {
    match Audit::new(ports.clone()).verify(scope.workspace).await {
        Ok(verdict) => {
            if let Some(broken) = verdict.broken {
                wrong.push(format!("audit: broken at entry {}", broken.seq));
            }
        }
        Err(error) => wrong.push(format!("audit: {error}")),
    }
    let mut page = PageRequest::first(200);
    let mut entries = Vec::new();
    loop {
        let listed = ports
            .audit
            .entries(scope.workspace, &AuditFilter::default(), &page)
            .await?;
        entries.extend(listed.items);
        match listed.next_cursor {
            Some(cursor) => page.cursor = Some(cursor),
            None => break,
        }
    }
    let count = |word: &str, id: &str, part: &str| {
        let of_set = entries.iter().map(|e| &e.entry).filter(|e| {
            e.action == word
                && e.target_id == id
                && e.after.as_ref().is_some_and(|after| after.contains(part))
        });
        of_set.count()
    };
    for set in sets {
        let id = set.id.to_string();
        if set.approval.is_some() && count("change_set.approve", &id, "") != 1 {
            wrong.push(format!(
                "audit: {:?} was approved, and that is not told once",
                set.title
            ));
        }
        for operation in &set.operations {
            let key = operation.key.to_string();
            let is_told = count("change_set.write", &id, &key) > 0;
            if operation.state == OperationState::Applied && !is_told {
                wrong.push(format!(
                    "audit: operation {} of {:?} was made, and is not told",
                    operation.no, set.title
                ));
            }
        }
    }
    Ok(())
}

fn operations(
    sets: &[ChangeSet],
) -> impl Iterator<Item = (&ChangeSet, &domain::changes::Operation)> {
    sets.iter()
        .flat_map(|set| set.operations.iter().map(move |operation| (set, operation)))
}
