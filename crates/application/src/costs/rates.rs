//! Costs in other currencies: the rates that convert them, and booking again when these change.

use super::Costs;
use crate::Ports;
use crate::ingest::calendar;
use crate::traces::asked;
use chrono::NaiveDate;
use domain::calendar::DayRange;
use domain::catalog::CostBook;
use domain::fx::RateTable;
use domain::ids::{OrderId, RecostId, WorkspaceId};
use domain::inputs::OrderInputs;
use domain::money::Currency;
use domain::order::Order;
use domain::recost::{RecostCause, RecostExtent, RecostRun};
use domain::store::Store;
use ports::PortResult;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// The rates that the costs of these orders ask for; none is read where everything is told in the orders' own currency.
pub(crate) async fn rates_for(
    ports: &Ports,
    store: &Store,
    costs: &CostBook,
    told: &BTreeMap<OrderId, OrderInputs>,
    orders: impl Iterator<Item = &Order> + Clone + Send,
) -> PortResult<RateTable> {
    let mut currencies: BTreeSet<Currency> = costs.currencies().clone();
    currencies.extend(told.values().flat_map(OrderInputs::currencies));
    currencies.extend(orders.clone().map(|o| o.currency));
    if currencies.len() < 2 {
        return Ok(RateTable::empty());
    }
    let Some(days) = days_of(store, orders)? else {
        return Ok(RateTable::empty());
    };
    super::rates_of_days(ports, store, currencies.into_iter().collect(), days).await
}

/// The days on which something of the orders was sold or paid.
fn days_of<'a>(
    store: &Store,
    orders: impl Iterator<Item = &'a Order>,
) -> PortResult<Option<DayRange>> {
    let calendar = calendar(store)?;
    let instants = orders.flat_map(|order| {
        let agreed = order.agreements.iter().map(|a| a.happened_at);
        let paid = order.transactions.iter().map(|t| t.processed_at);
        std::iter::once(order.processed_at)
            .chain(agreed)
            .chain(paid)
    });
    let days = instants.map(|at| calendar.day_of(at));
    let span = days.fold(None, |span: Option<DayRange>, day| {
        let span = span.unwrap_or(DayRange { from: day, to: day });
        Some(DayRange {
            from: span.from.min(day),
            to: span.to.max(day),
        })
    });
    Ok(span)
}

impl Costs {
    /// Opens a run for each store with costs in other currencies; `since` is the first day whose rate became another one, `None` for
    /// all days.
    pub async fn rates_changed(
        &self,
        workspace: WorkspaceId,
        since: Option<NaiveDate>,
    ) -> PortResult<()> {
        for store in self.stores_of(workspace).await? {
            let book = self.ports.catalog.cost_book(store.scope).await?;
            let foreign = book.currencies().iter().any(|c| *c != store.currency);
            if !foreign && !book.tells_orders {
                continue;
            }
            let span = self.ports.orders.span(store.scope).await?;
            if span.first_day.is_none() {
                continue;
            }
            let run = RecostRun {
                cause: RecostCause::Rates,
                ..RecostRun::new(
                    RecostId(Uuid::now_v7()),
                    store.scope,
                    RecostExtent::since_day(since),
                    "Exchange rates changed",
                    self.ports.clock.now(),
                )
            };
            asked(&self.ports, run.scope.workspace, run.id.0).await;
            self.ports.recosts.create(&run).await?;
            self.announce(&run, "recost.progress").await?;
            self.queued.notify_one();
        }
        Ok(())
    }

    async fn stores_of(&self, workspace: WorkspaceId) -> PortResult<Vec<Store>> {
        self.ports.connections.stores(workspace).await
    }
}
