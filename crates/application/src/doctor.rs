//! Proves that what is stored equals what the facts say: each ledger, and each rollup, is computed anew and compared.

use crate::Ports;
use crate::costs::rates_for;
use crate::ingest::calendar;
use domain::customers::{self, CustomerDays};
use domain::ids::{OrderId, WorkspaceId};
use domain::inputs::OrderInputs;
use domain::ledger::derive_told;
use domain::rollup::{self, Placement, Rollups};
use domain::store::Store;
use ports::orders::BookedOrder;
use ports::{PortError, PortResult};
use std::collections::{BTreeMap, BTreeSet};

const PAGE: u32 = 500;
/// So many examples are named; the rest is counted.
const EXAMPLES: usize = 20;

/// What was found in one store.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Findings {
    pub orders: u64,
    pub rollup_rows: u64,
    /// Orders whose stored entries are not those that their facts give.
    pub wrong_ledgers: u64,
    /// Rollup rows that are not the sum of the entries.
    pub wrong_rollups: u64,
    /// Days of customers that are not the sum of the entries.
    pub wrong_customer_days: u64,
    /// Orders whose entries do not add up to the provider's own total: no defect of ours, but worth a look.
    pub differs_from_provider: u64,
    /// Some of the orders and rows, in words.
    pub examples: Vec<String>,
    pub repaired: bool,
}

impl Findings {
    #[must_use]
    pub const fn is_sound(&self) -> bool {
        self.wrong_ledgers == 0 && self.wrong_rollups == 0 && self.wrong_customer_days == 0
    }

    fn example(&mut self, text: String) {
        if self.examples.len() < EXAMPLES {
            self.examples.push(text);
        }
    }
}

#[derive(Clone)]
pub struct Doctor {
    ports: Ports,
}

impl Doctor {
    #[must_use]
    pub fn new(ports: Ports) -> Self {
        Self { ports }
    }

    pub async fn stores(&self) -> PortResult<Vec<Store>> {
        let mut stores = Vec::new();
        for workspace in self.ports.accounts.workspaces().await? {
            stores.extend(self.ports.connections.stores(workspace.id).await?);
        }
        Ok(stores)
    }

    pub async fn stores_of(&self, workspace: WorkspaceId) -> PortResult<Vec<Store>> {
        self.ports.connections.stores(workspace).await
    }

    /// Computes everything anew; with `repair` wrong ledgers and rollups are replaced. `progress` hears the number of orders seen so far.
    pub async fn check(
        &self,
        store: &Store,
        repair: bool,
        mut progress: impl FnMut(u64) + Send,
    ) -> Result<Findings, PortError> {
        let (scope, calendar) = (store.scope, calendar(store)?);
        let costs = self.ports.catalog.cost_book(scope).await?;
        let mut findings = Findings::default();
        let mut expected = Rollups::new();
        let mut days = CustomerDays::new();
        let mut after: Option<OrderId> = None;
        loop {
            let page = self.ports.orders.walk(scope, after, None, PAGE).await?;
            let Some(last) = page.last() else { break };
            after = Some(last.order.id);
            let ids: Vec<OrderId> = page.iter().map(|o| o.order.id).collect();
            let told = if costs.tells_orders {
                self.ports.inputs.of_orders(scope, &ids).await?
            } else {
                BTreeMap::new()
            };
            let orders = page.iter().map(|stored| &stored.order);
            let rates = rates_for(&self.ports, store, &costs, &told, orders).await?;
            let (mut wrong, none) = (Vec::new(), OrderInputs::default());
            for stored in page {
                findings.orders += 1;
                let told = told.get(&stored.order.id).unwrap_or(&none);
                let ledger = derive_told(&stored.order, &calendar, &costs, told, &rates);
                if let Some(check) = ledger.check(&stored.order).filter(|c| c.difference() != 0) {
                    findings.differs_from_provider += 1;
                    findings.example(format!(
                        "order {}: the ledger says {}, the provider {}",
                        stored.order.name, check.ledger_total, check.provider_total
                    ));
                }
                let of_order = rollup::fold(&Placement::of(&stored.order), &ledger);
                for (key, sums) in customers::fold(stored.order.customer, &of_order) {
                    *days.entry(key).or_default() += sums;
                }
                for (key, measures) in of_order {
                    *expected.entry(key).or_default() += measures;
                }
                if ledger != stored.ledger {
                    findings.wrong_ledgers += 1;
                    findings.example(format!(
                        "order {}: its stored entries are not those of its facts",
                        stored.order.name
                    ));
                    wrong.push(BookedOrder {
                        order: stored.order,
                        ledger,
                    });
                }
            }
            if repair && !wrong.is_empty() {
                self.ports
                    .orders
                    .save(scope, &wrong, self.ports.clock.now())
                    .await?;
            }
            progress(findings.orders);
        }
        expected.retain(|_, m| !m.is_zero());
        days.retain(|_, d| !d.is_zero());
        let days_hold = self.compare_days(store, &days, &mut findings).await?;
        self.compare(store, expected, repair, &mut findings).await?;
        if repair && !days_hold {
            self.ports.customer_days.replace_days(scope, &days).await?;
            findings.repaired = true;
        }
        Ok(findings)
    }

    /// Answers whether they are right.
    async fn compare_days(
        &self,
        store: &Store,
        expected: &CustomerDays,
        findings: &mut Findings,
    ) -> PortResult<bool> {
        let stored = self.ports.customer_days.all_days(store.scope).await?;
        let keys: BTreeSet<_> = stored.keys().chain(expected.keys()).collect();
        for key in keys {
            if stored.get(key) != expected.get(key) {
                findings.wrong_customer_days += 1;
                findings.example(format!(
                    "customer {} on {}: not the sum of the entries",
                    key.customer, key.day
                ));
            }
        }
        Ok(findings.wrong_customer_days == 0)
    }

    async fn compare(
        &self,
        store: &Store,
        expected: Rollups,
        repair: bool,
        findings: &mut Findings,
    ) -> PortResult<()> {
        let stored = self.ports.reports.all(store.scope).await?;
        findings.rollup_rows = stored.len() as u64;
        let differences = rollup::difference(stored, expected.clone());
        findings.wrong_rollups = differences.len() as u64;
        for key in differences.keys() {
            findings.example(format!(
                "rollup {:?} {:?} of {} is not the sum of its entries",
                key.dimension, key.key, key.day
            ));
        }
        if repair && !findings.is_sound() {
            self.ports
                .reports
                .replace_all(store.scope, &expected)
                .await?;
            findings.repaired = true;
        }
        Ok(())
    }
}
