//! Rates that are kept wrongly.

use super::{caught, saboteur, sound};
use domain::audit::NewEntry;
use domain::calendar::DayRange;
use domain::ids::{ImportId, WorkspaceId};
use domain::money::Currency;
use ports::rates::{
    FeedState, MoneySettings, RateFilter, RateKey, RateSeries, RateStore, StoredRate, Undone,
};
use ports::{Page, PageRequest, PortResult};
use std::sync::Arc;
use testkit::Stores;
use testkit::fakes::FakeDatabase;
use testkit::laws::rates;

#[derive(Clone, Copy, PartialEq)]
enum Flaw {
    /// Nothing is said about what was there before.
    ForgetsTheOld,
    /// What an import replaced is put back over what came since.
    RestoresOverNewer,
    /// The last day is left out.
    OpenEnd,
    /// Everything belongs to one workspace.
    OneWorkspace,
}

struct Rates {
    db: Arc<FakeDatabase>,
    flaw: Flaw,
}

impl Rates {
    fn of(&self, workspace: WorkspaceId) -> WorkspaceId {
        match self.flaw {
            Flaw::OneWorkspace => WorkspaceId(uuid::Uuid::nil()),
            _ => workspace,
        }
    }
}

fn with(flaw: Flaw) -> Stores {
    let (db, stores) = sound();
    Stores {
        rates: Arc::new(Rates { db, flaw }),
        ..stores
    }
}

saboteur! {
    RateStore for Rates {
        async fn save(&self, workspace: WorkspaceId, rates: &[StoredRate], entry: Option<&NewEntry>) -> PortResult<Vec<StoredRate>> {
            let replaced = self.db.save(self.of(workspace), rates, entry).await?;
            Ok(if self.flaw == Flaw::ForgetsTheOld { Vec::new() } else { replaced })
        }

        async fn undo(&self, workspace: WorkspaceId, import: ImportId, replaced: &[StoredRate]) -> PortResult<Undone> {
            let undone = RateStore::undo(&*self.db, self.of(workspace), import, replaced).await?;
            if self.flaw == Flaw::RestoresOverNewer {
                self.db.save(workspace, replaced, None).await?;
            }
            Ok(undone)
        }

        async fn between(&self, workspace: WorkspaceId, currencies: &[Currency], days: DayRange) -> PortResult<Vec<StoredRate>> {
            let mut rates = self.db.between(self.of(workspace), currencies, days).await?;
            rates.retain(|r| self.flaw != Flaw::OpenEnd || r.rate.day < days.to);
            Ok(rates)
        }
    } else self {
        fn remove(workspace: WorkspaceId, key: RateKey, entry: &NewEntry) -> bool;
        fn list(workspace: WorkspaceId, filter: RateFilter, page: &PageRequest) -> Page<StoredRate>;
        fn series(workspace: WorkspaceId) -> Vec<RateSeries>;
        fn money_settings(workspace: WorkspaceId) -> MoneySettings;
        fn set_money_settings(workspace: WorkspaceId, settings: &MoneySettings, entry: &NewEntry) -> ();
        fn feed_state(workspace: WorkspaceId) -> Option<FeedState>;
        fn set_feed_state(workspace: WorkspaceId, state: &FeedState) -> ();
    }
}

#[tokio::test]
async fn a_save_that_forgets_the_old_is_caught() {
    caught(
        rates::saving_replaces_the_rate_of_the_same_key_and_answers_the_old_one(with(
            Flaw::ForgetsTheOld,
        )),
    )
    .await;
}

#[tokio::test]
async fn an_undo_over_newer_rates_is_caught() {
    caught(rates::undoing_leaves_what_was_replaced_since(with(
        Flaw::RestoresOverNewer,
    )))
    .await;
}

#[tokio::test]
async fn days_without_the_last_one_are_caught() {
    caught(rates::rates_between_days_by_quote_in_ascending_key(with(
        Flaw::OpenEnd,
    )))
    .await;
}

#[tokio::test]
async fn rates_for_all_workspaces_are_caught() {
    caught(rates::rates_of_another_workspace_are_not_seen_or_changed(
        with(Flaw::OneWorkspace),
    ))
    .await;
}
