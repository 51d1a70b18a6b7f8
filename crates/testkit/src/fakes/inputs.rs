//! Inputs of profit, changed all together.

use super::database::{FakeDatabase, refuse};
use super::leased::WorkRow;
use super::paging;
use async_trait::async_trait;
use domain::audit::NewEntry;
use domain::calendar::DayRange;
use domain::ids::{OrderId, StoreScope};
use domain::inputs::{Expect, Input, InputChange, InputKey, InputKind, InputRecord, OrderInputs};
use domain::recost::RecostRun;
use ports::inputs::{Applied, InputQuery, InputStore, OnMismatch, SpendRow};
use ports::{Kind, Page, PageRequest, PortResult};
use std::collections::BTreeMap;

fn holds(expect: Expect, stands: Option<&InputRecord>) -> bool {
    match (expect, stands) {
        (Expect::Anything, _) | (Expect::Nothing, None) => true,
        (Expect::Revision(revision), Some(stands)) => stands.revision == revision,
        _ => false,
    }
}

#[async_trait]
impl InputStore for FakeDatabase {
    async fn apply(
        &self,
        scope: StoreScope,
        changes: &[InputChange],
        on_mismatch: OnMismatch,
        run: Option<&RecostRun>,
        entry: Option<&NewEntry>,
    ) -> PortResult<Applied> {
        let mut state = self.lock();
        let data = state.store(scope);
        let mut inputs = data.inputs.clone();
        let mut applied = Applied {
            revision: data.revision + 1,
            ..Applied::default()
        };
        let mut before: BTreeMap<InputKey, Option<InputRecord>> = BTreeMap::new();
        for change in changes {
            let stands = inputs.get(&change.key);
            if !holds(change.expect, stands) {
                if on_mismatch == OnMismatch::Refuse {
                    let detail = "it was changed meanwhile";
                    return Err(refuse(Kind::Conflict, "inputs.apply", detail));
                }
                applied.skipped.push(change.key.clone());
                continue;
            }
            before
                .entry(change.key.clone())
                .or_insert_with(|| stands.cloned());
            match change.to.clone() {
                Some((input, origin)) => {
                    let revision = applied.revision;
                    let record = InputRecord {
                        input,
                        origin,
                        revision,
                    };
                    inputs.insert(change.key.clone(), record);
                }
                None => {
                    inputs.remove(&change.key);
                }
            }
        }
        for (key, before) in &before {
            let there = inputs.contains_key(key);
            let inverse = InputChange::restore(key, before.as_ref(), there, applied.revision);
            applied.inverse.push(inverse);
        }
        data.inputs = inputs;
        data.revision = applied.revision;
        if let Some(run) = run {
            let run = run.clone().taken_back_by(&applied.inverse);
            data.recosts.insert(run.id, WorkRow::new(&run));
        }
        state.record(entry.map_or(&[], std::slice::from_ref));
        Ok(applied)
    }

    async fn revision(&self, scope: StoreScope) -> PortResult<i64> {
        Ok(self.lock().store(scope).revision)
    }

    async fn find(&self, scope: StoreScope, key: &InputKey) -> PortResult<Option<InputRecord>> {
        Ok(self.lock().store(scope).inputs.get(key).cloned())
    }

    async fn list(
        &self,
        scope: StoreScope,
        query: &InputQuery,
        page: &PageRequest,
    ) -> PortResult<Page<InputRecord>> {
        let within = |r: &&InputRecord| {
            r.input.kind() == query.kind
                && query.subject.is_none_or(|s| r.input.subject() == Some(s))
                && query
                    .days
                    .is_none_or(|days| r.input.day().is_some_and(|d| days.contains(d)))
        };
        let mut rows: Vec<_> = {
            let mut state = self.lock();
            let inputs = state.store(scope).inputs.values();
            inputs.filter(within).cloned().collect()
        };
        rows.sort_by_key(|r| r.input.key());
        if query.descending {
            rows.reverse();
        }
        // The place in the list is not stable against changes; pages of one moment are.
        let rows = (0_u64..).zip(rows).collect();
        paging::page(&format!("inputs.{query:?}"), "inputs.list", rows, page)
    }

    async fn all(&self, scope: StoreScope, kind: InputKind) -> PortResult<Vec<InputRecord>> {
        let mut state = self.lock();
        let inputs = state.store(scope).inputs.values();
        Ok(inputs.filter(|r| r.input.kind() == kind).cloned().collect())
    }

    async fn of_orders(
        &self,
        scope: StoreScope,
        orders: &[OrderId],
    ) -> PortResult<BTreeMap<OrderId, OrderInputs>> {
        let mut of: BTreeMap<OrderId, OrderInputs> = BTreeMap::new();
        for told in self.lock().store(scope).inputs.values() {
            if let Some(order) = OrderInputs::order_of(&told.input).filter(|o| orders.contains(o)) {
                of.entry(order).or_default().insert(told.input.clone());
            }
        }
        Ok(of)
    }

    async fn spend_by_day(&self, scope: StoreScope, range: DayRange) -> PortResult<Vec<SpendRow>> {
        let (mut sums, state) = (BTreeMap::new(), self.lock());
        let told = || {
            state
                .data
                .get(&scope)
                .into_iter()
                .flat_map(|d| d.inputs.values())
        };
        let by_accounts: std::collections::BTreeSet<_> = told()
            .filter_map(|record| match &record.input {
                Input::AdSpend(s) if s.account.is_some() => Some((s.day, s.channel.clone())),
                _ => None,
            })
            .collect();
        for told in told() {
            if let Input::AdSpend(spend) = &told.input
                && range.contains(spend.day)
                && (spend.account.is_some()
                    || !by_accounts.contains(&(spend.day, spend.channel.clone())))
            {
                *sums.entry((spend.day, spend.currency)).or_insert(0) += spend.amount;
            }
        }
        let row = |((day, currency), amount)| SpendRow {
            day,
            currency,
            amount,
        };
        Ok(sums.into_iter().map(row).collect())
    }
}
