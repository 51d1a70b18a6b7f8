//! Days of a store in a warehouse: what is stored, to the cent; what changed is loaded again, and nothing else.

use crate::world::{World, order, product};
use application::mirror::{CREDENTIALS, Mirror, MirrorError};
use application::people::People;
use chrono::Duration;
use domain::audit::Actor;
use domain::calendar::DayRange;
use domain::rollup::Dimension;
use domain::warehouse::{MirrorState, MirrorTable};
use ports::secrets::SecretName;
use rust_decimal::Decimal;
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::Arc;
use testkit::fakes::FakeWarehouse;

struct Mirrored {
    world: World,
    mirror: Mirror,
    warehouse: Arc<FakeWarehouse>,
}

async fn mirrored() -> Mirrored {
    let world = World::new().await;
    world.shop.put(product("4.00"));
    for id in 1..=30 {
        world.shop.put(order(id, id % 7));
    }
    world.synced().await;
    let name = SecretName {
        workspace: world.workspace,
        name: CREDENTIALS.to_owned(),
    };
    let ports = world.ports.clone();
    ports
        .vault
        .put(&name, &"{}".into(), world.now())
        .await
        .unwrap();
    let warehouse = Arc::new(FakeWarehouse::default());
    let own: Arc<dyn ports::warehouse::Warehouse> = warehouse.clone();
    let people = People::new(ports.clone());
    Mirrored {
        mirror: Mirror::new(ports, people, Some(own)),
        warehouse,
        world,
    }
}

impl Mirrored {
    async fn state(&self) -> domain::warehouse::MirrorRun {
        let told = self.mirror.standing(self.world.workspace).await.unwrap();
        told.stores[0].run.clone()
    }

    async fn now(&self) {
        let (workspace, store) = (self.world.workspace, self.world.scope().await.store);
        let run = self.mirror.run_now(workspace, Actor::system(), store);
        assert_eq!(run.await.unwrap().state, MirrorState::Waiting);
        assert!(self.mirror.work_once().await.unwrap());
    }

    /// A column of a table, summed up by day, in minor units.
    fn sums(&self, table: MirrorTable, column: &str) -> BTreeMap<String, i64> {
        let rows = self.warehouse.rows();
        let own = rows.iter().filter(|((of, _), _)| *of == table);
        let sum = |rows: &[Value]| -> i64 {
            let amounts = rows
                .iter()
                .map(|row| -> Decimal { row[column].as_str().unwrap().parse().unwrap() });
            let sum: Decimal = amounts.sum();
            (sum * Decimal::ONE_HUNDRED).try_into().unwrap()
        };
        own.map(|((_, day), rows)| (day.clone(), sum(rows)))
            .collect()
    }

    /// What our own books say of each day.
    async fn books(&self) -> (BTreeMap<String, i64>, BTreeMap<String, i64>) {
        let ports = &self.world.ports;
        let scope = self.world.scope().await;
        let mut entries: BTreeMap<String, i64> = BTreeMap::new();
        for stored in ports.orders.walk(scope, None, None, 500).await.unwrap() {
            for entry in stored.ledger.entries {
                *entries.entry(entry.day.to_string()).or_default() += entry.amount;
            }
        }
        let range = DayRange::new("2026-06-01".parse().unwrap(), "2026-07-31".parse().unwrap());
        let currency = ports
            .connections
            .stores(self.world.workspace)
            .await
            .unwrap()[0]
            .currency;
        let days = ports
            .reports
            .by_day(scope, currency, range.unwrap(), Dimension::Total, "");
        let days = days.await.unwrap().into_iter();
        let gross = days.map(|row| (row.day.to_string(), row.measures.gross_sales));
        (entries, gross.collect())
    }

    async fn is_equal(&self) {
        let (entries, gross) = self.books().await;
        assert_eq!(self.sums(MirrorTable::LedgerEntries, "amount"), entries);
        assert_eq!(self.sums(MirrorTable::ProfitDays, "gross_sales"), gross);
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_outside_is_what_is_stored_to_the_cent_and_only_changed_days_go_again() {
    let it = mirrored().await;
    assert!(it.mirror.work_once().await.unwrap());
    let run = it.state().await;
    assert_eq!(
        (run.state, run.last_error.clone()),
        (MirrorState::Done, None)
    );
    assert_eq!(run.days, Some(run.loaded));
    it.is_equal().await;
    let jobs = it.warehouse.jobs();
    assert_eq!(jobs as u64, run.loaded);
    let orders = it.warehouse.rows();
    let orders = orders
        .iter()
        .filter(|((table, _), _)| *table == MirrorTable::Orders);
    assert_eq!(orders.map(|(_, rows)| rows.len()).sum::<usize>(), 30);
    // Not due before a day has passed; and then there is nothing to load.
    assert!(!it.mirror.work_once().await.unwrap());
    it.now().await;
    assert_eq!(it.warehouse.jobs(), jobs);
    // One order is sold otherwise than it was: its days go again, and no other.
    it.world.clock.advance(Duration::hours(25));
    let mut changed = order(3, 3);
    if let ports::source::Fact::Order(order) = &mut changed {
        order.updated_at = it.world.now();
        order.channel = "pos".to_owned();
    }
    it.world.shop.put(changed);
    it.world.synced_again().await;
    assert!(it.mirror.work_once().await.unwrap());
    assert_eq!(
        it.warehouse.jobs(),
        jobs + 1,
        "the day of orders alone differs"
    );
    it.is_equal().await;
    let rows = it.warehouse.rows();
    let text = serde_json::to_string(&rows.values().collect::<Vec<_>>()).unwrap();
    assert!(
        !text.contains('@') && !text.contains('#'),
        "nothing of people"
    );
}

#[tokio::test(start_paused = true)]
async fn lost_answers_and_jobs_that_fail_are_gone_on_with() {
    let it = mirrored().await;
    it.warehouse.fail(1, 2);
    assert!(it.mirror.work_once().await.unwrap());
    let run = it.state().await;
    assert_eq!((run.state, run.tries), (MirrorState::Failed, 1));
    assert!(!it.mirror.work_once().await.unwrap(), "not at once");
    it.world.clock.advance(Duration::minutes(6));
    assert!(it.mirror.work_once().await.unwrap());
    assert_eq!(it.state().await.state, MirrorState::Done);
    it.is_equal().await;
}

#[tokio::test(start_paused = true)]
async fn a_worker_that_died_is_followed_by_another() {
    let it = mirrored().await;
    // It stops in the middle, as a killed process does.
    let died = tokio::time::timeout(std::time::Duration::ZERO, it.mirror.work_once()).await;
    drop(died);
    it.world.clock.advance(Duration::minutes(6));
    it.mirror.work_once().await.unwrap();
    assert_eq!(it.state().await.state, MirrorState::Done);
    it.is_equal().await;
}

#[tokio::test(start_paused = true)]
async fn without_credentials_a_run_says_so_and_another_workspace_has_none() {
    let it = mirrored().await;
    let name = SecretName {
        workspace: it.world.workspace,
        name: CREDENTIALS.to_owned(),
    };
    it.world.ports.vault.delete(&name).await.unwrap();
    it.mirror.work_once().await.unwrap();
    let run = it.state().await;
    assert!(run.last_error.unwrap().contains("BIGQUERY_CREDENTIALS"));
    let elsewhere = domain::ids::WorkspaceId(uuid::Uuid::from_u128(99));
    let told = it.mirror.standing(elsewhere).await;
    assert!(matches!(told, Err(MirrorError::Unset)));
}
