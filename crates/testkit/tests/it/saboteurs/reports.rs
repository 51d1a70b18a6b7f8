//! Rollups that are read wrongly.

use super::{caught, saboteur, sound};
use domain::calendar::DayRange;
use domain::ids::StoreScope;
use domain::money::Currency;
use domain::rollup::{Dimension, Rollups, WHOLE_ORDER};
use ports::PortResult;
use ports::reports::{DayKeyRow, DayRow, KeyRow, ReportStore};
use std::collections::BTreeMap;
use std::sync::Arc;
use testkit::Stores;
use testkit::fakes::FakeDatabase;
use testkit::laws::{labels, reports};

#[derive(Clone, Copy, PartialEq)]
enum Flaw {
    /// The last day is left out.
    OpenEnd,
    /// Shipping and tips belong to nobody.
    LinesOnly,
    /// Keys as they come.
    Unsorted,
    /// Unknown keys are their own label.
    LabelsForAll,
    /// A repair adds to what is there.
    Adds,
}

struct Reports {
    db: Arc<FakeDatabase>,
    flaw: Flaw,
}

fn with(flaw: Flaw) -> Stores {
    let (db, stores) = sound();
    Stores {
        reports: Arc::new(Reports { db, flaw }),
        ..stores
    }
}

saboteur! {
    ReportStore for Reports {
        async fn by_day(
            &self,
            scope: StoreScope,
            currency: Currency,
            range: DayRange,
            dimension: Dimension,
            key: &str,
        ) -> PortResult<Vec<DayRow>> {
            let mut rows = self.db.by_day(scope, currency, range, dimension, key).await?;
            rows.retain(|row| self.flaw != Flaw::OpenEnd || row.day < range.to);
            Ok(rows)
        }

        async fn by_key(
            &self,
            scope: StoreScope,
            currency: Currency,
            range: DayRange,
            dimension: Dimension,
        ) -> PortResult<Vec<KeyRow>> {
            let mut rows = self.db.by_key(scope, currency, range, dimension).await?;
            rows.retain(|row| self.flaw != Flaw::LinesOnly || row.key != WHOLE_ORDER);
            if self.flaw == Flaw::Unsorted {
                rows.reverse();
            }
            Ok(rows)
        }

        async fn labels(
            &self,
            scope: StoreScope,
            dimension: Dimension,
            keys: &[String],
        ) -> PortResult<BTreeMap<String, String>> {
            let mut labels = self.db.labels(scope, dimension, keys).await?;
            for key in keys.iter().filter(|_| self.flaw == Flaw::LabelsForAll) {
                labels.entry(key.clone()).or_insert_with(|| key.clone());
            }
            Ok(labels)
        }

        async fn replace_all(&self, scope: StoreScope, rollups: &Rollups) -> PortResult<()> {
            let mut all = rollups.clone();
            if self.flaw == Flaw::Adds {
                all.extend(self.db.all(scope).await?);
            }
            self.db.replace_all(scope, &all).await
        }
    } else self {
        fn other_currencies(scope: StoreScope, currency: Currency) -> BTreeMap<String, i64>;
        fn by_day_and_key(scope: StoreScope, currency: Currency, range: DayRange, dimension: Dimension) -> Vec<DayKeyRow>;
        fn all(scope: StoreScope) -> Rollups;
    }
}

#[tokio::test]
async fn a_range_without_its_last_day_is_caught() {
    caught(reports::a_day_is_a_row_when_it_has_entries(with(
        Flaw::OpenEnd,
    )))
    .await;
}

#[tokio::test]
async fn rows_that_do_not_add_up_are_caught() {
    caught(reports::rows_by_key_add_up_to_the_total_of_the_range(with(
        Flaw::LinesOnly,
    )))
    .await;
}

#[tokio::test]
async fn days_and_keys_that_do_not_add_up_are_caught() {
    caught(reports::days_and_keys_add_up_to_the_keys(with(
        Flaw::LinesOnly,
    )))
    .await;
}

#[tokio::test]
async fn keys_in_any_order_are_caught() {
    caught(reports::keys_are_in_ascending_order(with(Flaw::Unsorted))).await;
}

#[tokio::test]
async fn labels_of_unknown_keys_are_caught() {
    caught(labels::unknown_keys_have_no_label(with(Flaw::LabelsForAll))).await;
}

#[tokio::test]
async fn a_repair_that_adds_is_caught() {
    caught(reports::replacing_replaces_all(with(Flaw::Adds))).await;
}
