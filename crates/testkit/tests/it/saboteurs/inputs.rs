//! Inputs that are changed by halves, or not given back.

use super::{caught, let_others_in, saboteur, sound};
use domain::audit::NewEntry;
use domain::calendar::DayRange;
use domain::ids::{OrderId, StoreScope};
use domain::inputs::{Expect, InputChange, InputKey, InputKind, InputRecord, OrderInputs};
use domain::recost::RecostRun;
use ports::inputs::{Applied, InputQuery, InputStore, OnMismatch, SpendRow};
use ports::{Page, PageRequest, PortResult};
use std::collections::BTreeMap;
use std::sync::Arc;
use testkit::Stores;
use testkit::fakes::FakeDatabase;
use testkit::laws::inputs;

#[derive(Clone, Copy, PartialEq)]
enum Flaw {
    /// Each change in a transaction of its own.
    ByHalves,
    /// What is expected is looked at before, and then forgotten.
    LooksFirst,
    /// The inverse takes away where it should put back.
    Forgets,
}

struct Inputs {
    db: Arc<FakeDatabase>,
    flaw: Flaw,
}

fn with(flaw: Flaw) -> Stores {
    let (db, stores) = sound();
    Stores {
        inputs: Arc::new(Inputs { db, flaw }),
        ..stores
    }
}

saboteur! {
    InputStore for Inputs {
        async fn apply(
            &self,
            scope: StoreScope,
            changes: &[InputChange],
            on_mismatch: OnMismatch,
            run: Option<&RecostRun>,
            entry: Option<&NewEntry>,
        ) -> PortResult<Applied> {
            let mut sum = Applied::default();
            match self.flaw {
                Flaw::ByHalves => {
                    for change in changes {
                        let one = std::slice::from_ref(change);
                        let applied = self.db.apply(scope, one, on_mismatch, run, entry).await?;
                        sum.revision = applied.revision;
                        sum.inverse.extend(applied.inverse);
                        sum.skipped.extend(applied.skipped);
                    }
                }
                Flaw::LooksFirst => {
                    let mut blind = changes.to_vec();
                    for change in &mut blind {
                        let stands = InputStore::find(&*self.db, scope, &change.key).await?;
                        let revision = stands.map(|r| r.revision);
                        if matches!(change.expect, Expect::Revision(r) if Some(r) == revision) {
                            change.expect = Expect::Anything;
                        }
                    }
                    let_others_in().await;
                    sum = self.db.apply(scope, &blind, on_mismatch, run, entry).await?;
                }
                Flaw::Forgets => {
                    sum = self.db.apply(scope, changes, on_mismatch, run, entry).await?;
                    for change in &mut sum.inverse {
                        change.to = None;
                    }
                }
            }
            Ok(sum)
        }
    } else self {
        fn revision(scope: StoreScope) -> i64;
        fn find(scope: StoreScope, key: &InputKey) -> Option<InputRecord>;
        fn list(scope: StoreScope, query: &InputQuery, page: &PageRequest) -> Page<InputRecord>;
        fn all(scope: StoreScope, kind: InputKind) -> Vec<InputRecord>;
        fn of_orders(scope: StoreScope, orders: &[OrderId]) -> BTreeMap<OrderId, OrderInputs>;
        fn spend_by_day(scope: StoreScope, range: DayRange) -> Vec<SpendRow>;
    }
}

#[tokio::test]
async fn a_list_that_is_made_by_halves_is_caught() {
    caught(inputs::a_list_of_changes_is_made_whole_or_not_at_all(with(
        Flaw::ByHalves,
    )))
    .await;
}

#[tokio::test]
async fn an_expectation_that_is_checked_too_early_is_caught() {
    caught(inputs::of_many_that_edit_the_same_row_one_wins(with(
        Flaw::LooksFirst,
    )))
    .await;
}

#[tokio::test]
async fn an_inverse_that_forgets_is_caught() {
    caught(inputs::the_inverse_restores_exactly_what_stood_there(with(
        Flaw::Forgets,
    )))
    .await;
}
