//! From facts to stored orders with their ledger. The one way in, for backfills, changes and webhooks alike.

use crate::Ports;
use crate::costs::rates_for;
use crate::events::EventHub;
use crate::imports::GivingWay;
use chrono::{DateTime, Duration, Utc};
use domain::calendar::Calendar;
use domain::catalog::{CostBook, CostRecord};
use domain::ids::{CustomerId, OrderId, StoreScope, VariantId};
use domain::inputs::OrderInputs;
use domain::ledger::derive_told;
use domain::order::Order;
use domain::store::Store;
use ports::orders::{BookedOrder, OrderQuery};
use ports::source::{Fact, FactRef};
use ports::{Kind, PageRequest, PortError, PortResult, Retry};
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex};

/// Another replica may have recorded a cost; after this long we look again.
const COST_BOOK_AGE: Duration = Duration::seconds(60);
const RECOST_PAGE: u32 = 200;

/// When it was read, and at which revision of the inputs.
type CachedBook = (DateTime<Utc>, i64, Arc<CostBook>);

#[derive(Clone)]
pub(crate) struct Ingest {
    ports: Ports,
    hub: EventHub,
    books: Arc<Mutex<HashMap<StoreScope, CachedBook>>>,
    giving_way: GivingWay,
}

impl Ingest {
    pub(crate) fn new(ports: Ports, hub: EventHub) -> Self {
        Self {
            ports,
            hub,
            books: Arc::default(),
            giving_way: GivingWay::default(),
        }
    }

    /// Stores facts of one store, products before orders, so that an order finds its costs.
    pub(crate) async fn store(&self, store: &Store, facts: Vec<Fact>) -> PortResult<()> {
        let (scope, now) = (store.scope, self.ports.clock.now());
        let mut by_kind = Sorted::default();
        for fact in facts {
            by_kind.push(fact);
        }
        by_kind.keep_newest();
        if !by_kind.locations.is_empty() {
            self.ports
                .facts
                .save_locations(scope, &by_kind.locations, now)
                .await?;
        }
        self.giving_way
            .make(&self.ports, scope, &by_kind.orders, &by_kind.products)
            .await?;
        if !by_kind.products.is_empty() {
            let report = self
                .ports
                .catalog
                .save(scope, &by_kind.products, now)
                .await?;
            if !report.costs.is_empty() {
                self.forget_book(scope);
                self.recost(store, &report.costs).await?;
            }
        }
        if !by_kind.orders.is_empty() {
            self.book(store, by_kind.orders).await?;
        }
        if !by_kind.levels.is_empty() {
            self.ports
                .facts
                .save_levels(scope, &by_kind.levels, now)
                .await?;
        }
        if !by_kind.customers.is_empty() {
            self.ports
                .facts
                .save_customers(scope, &by_kind.customers, now)
                .await?;
        }
        if !by_kind.payouts.is_empty() {
            self.ports
                .facts
                .save_payouts(scope, &by_kind.payouts, now)
                .await?;
        }
        self.hub.wake();
        Ok(())
    }

    pub(crate) async fn remove(
        &self,
        store: &Store,
        refs: &[FactRef],
        at: DateTime<Utc>,
    ) -> PortResult<()> {
        let orders: Vec<_> = refs
            .iter()
            .filter_map(|r| {
                if let FactRef::Order(id) = r {
                    Some(*id)
                } else {
                    None
                }
            })
            .collect();
        let products: Vec<_> = refs
            .iter()
            .filter_map(|r| {
                if let FactRef::Product(id) = r {
                    Some(*id)
                } else {
                    None
                }
            })
            .collect();
        let customers: Vec<_> = refs
            .iter()
            .filter_map(|r| {
                if let FactRef::Customer(id) = r {
                    Some(*id)
                } else {
                    None
                }
            })
            .collect();
        if !customers.is_empty() {
            self.ports
                .facts
                .remove_customers(store.scope, &customers)
                .await?;
        }
        if !orders.is_empty() {
            self.ports.orders.remove(store.scope, &orders, at).await?;
        }
        if !products.is_empty() {
            self.ports
                .catalog
                .remove(store.scope, &products, at)
                .await?;
        }
        self.hub.wake();
        Ok(())
    }

    /// Books orders as they may be kept: of the customer who is left after merges, without words of a buyer who is forgotten. What was
    /// forgotten while they were saved is looked after. Answers how many orders were written.
    pub(crate) async fn book(&self, store: &Store, orders: Vec<Order>) -> PortResult<u64> {
        let customers: Vec<CustomerId> = orders.iter().filter_map(|o| o.customer).collect();
        let ids: Vec<OrderId> = orders.iter().map(|o| o.id).collect();
        let identities = || self.ports.privacy.identities(store.scope, &customers, &ids);
        let before = identities().await?;
        let orders = if before.is_empty() {
            orders
        } else {
            orders.into_iter().map(|o| before.applied(o)).collect()
        };
        let written = self.book_known(store, orders).await?;
        if identities().await? != before {
            Box::pin(self.rebook(store, &ids)).await?;
        }
        Ok(written)
    }

    /// Books stored orders again.
    pub(crate) async fn rebook(&self, store: &Store, ids: &[OrderId]) -> PortResult<()> {
        let mut orders = Vec::new();
        for id in ids {
            let stored = self.ports.orders.find(store.scope, *id).await?;
            orders.extend(stored.map(|s| s.order));
        }
        if orders.is_empty() {
            return Ok(());
        }
        self.book(store, orders).await?;
        Ok(())
    }

    /// Books all orders of a customer again, who may be another one or forgotten by now.
    pub(crate) async fn rebook_customer(&self, store: &Store, id: CustomerId) -> PortResult<()> {
        let orders = self.orders_of(store.scope, id).await?;
        for page in orders.chunks(RECOST_PAGE as usize) {
            self.rebook(store, page).await?;
        }
        Ok(())
    }

    pub(crate) async fn orders_of(
        &self,
        scope: StoreScope,
        customer: CustomerId,
    ) -> PortResult<Vec<OrderId>> {
        let query = OrderQuery {
            customer: Some(customer),
            ..OrderQuery::default()
        };
        let mut page = PageRequest {
            cursor: None,
            limit: RECOST_PAGE,
        };
        let mut ids = Vec::new();
        loop {
            let got = self.ports.orders.list(scope, &query, &page).await?;
            ids.extend(got.items.iter().map(|o| o.order.id));
            match got.next_cursor {
                Some(cursor) => page.cursor = Some(cursor),
                None => return Ok(ids),
            }
        }
    }

    /// Derives the ledger of each order and saves both; does it again when a cost or a rate was recorded meanwhile, so that no order
    /// keeps a cost that was no longer true when it was saved. Answers how many orders were written.
    async fn book_known(&self, store: &Store, orders: Vec<Order>) -> PortResult<u64> {
        let calendar = calendar(store)?;
        let mut written = 0;
        let mut orders = orders;
        loop {
            let costs = self.cost_book(store.scope).await?;
            let told = self.told(store.scope, &costs, &orders).await?;
            let rates = rates_for(&self.ports, store, &costs, &told, orders.iter()).await?;
            let none = OrderInputs::default();
            let booked: Vec<_> = orders
                .into_iter()
                .map(|order| BookedOrder {
                    ledger: derive_told(
                        &order,
                        &calendar,
                        &costs,
                        told.get(&order.id).unwrap_or(&none),
                        &rates,
                    ),
                    order,
                })
                .collect();
            let saved = self
                .ports
                .orders
                .save(store.scope, &booked, self.ports.clock.now())
                .await?;
            written = written.max(saved.created.len() + saved.changed.len());
            orders = booked.into_iter().map(|b| b.order).collect();
            let same = Arc::ptr_eq(&costs, &self.cost_book(store.scope).await?)
                && rates == rates_for(&self.ports, store, &costs, &told, orders.iter()).await?;
            if same {
                return Ok(written as u64);
            }
        }
    }

    /// What is told of single orders, asked for only where something is.
    pub(crate) async fn told(
        &self,
        scope: StoreScope,
        costs: &CostBook,
        orders: &[Order],
    ) -> PortResult<BTreeMap<OrderId, OrderInputs>> {
        if !costs.tells_orders {
            return Ok(BTreeMap::new());
        }
        let ids: Vec<OrderId> = orders.iter().map(|o| o.id).collect();
        self.ports.inputs.of_orders(scope, &ids).await
    }

    /// A cost that reaches back changes what earlier orders earned; one that is valid from now on does not.
    async fn recost(&self, store: &Store, costs: &[CostRecord]) -> PortResult<()> {
        let variants: Vec<VariantId> = costs
            .iter()
            .filter(|c| c.valid_from.is_none())
            .map(|c| c.variant)
            .collect();
        if variants.is_empty() {
            return Ok(());
        }
        let mut after = None;
        loop {
            let page = self
                .ports
                .orders
                .walk(store.scope, after, Some(&variants), RECOST_PAGE)
                .await?;
            let Some(last) = page.last() else {
                return Ok(());
            };
            after = Some(last.order.id);
            self.book(store, page.into_iter().map(|stored| stored.order).collect())
                .await?;
        }
    }

    /// The book as of the present revision of the inputs, whoever changed them; costs that the store shows may be a minute old.
    pub(crate) async fn cost_book(&self, scope: StoreScope) -> PortResult<Arc<CostBook>> {
        let now = self.ports.clock.now();
        let revision = self.ports.inputs.revision(scope).await?;
        if let Some((at, of, book)) = self.lock_books().get(&scope)
            && now - *at < COST_BOOK_AGE
            && *of == revision
        {
            return Ok(Arc::clone(book));
        }
        let read = self.ports.catalog.cost_book(scope).await?;
        let mut books = self.lock_books();
        let book = match books.get(&scope) {
            Some((_, _, known)) if **known == read => Arc::clone(known),
            _ => Arc::new(read),
        };
        books.insert(scope, (now, revision, Arc::clone(&book)));
        Ok(book)
    }

    pub(crate) fn forget_book(&self, scope: StoreScope) {
        // What it said is kept for comparison; it is read again before it is used.
        if let Some((at, ..)) = self.lock_books().get_mut(&scope) {
            *at = DateTime::UNIX_EPOCH;
        }
    }

    fn lock_books(&self) -> std::sync::MutexGuard<'_, HashMap<StoreScope, CachedBook>> {
        // The map holds no half-made state, so a panic elsewhere does not spoil it.
        self.books
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

#[derive(Default)]
struct Sorted {
    orders: Vec<Order>,
    products: Vec<domain::catalog::Product>,
    customers: Vec<domain::customer::Customer>,
    locations: Vec<domain::inventory::Location>,
    levels: Vec<domain::inventory::InventoryLevel>,
    payouts: Vec<domain::payout::Payout>,
}

impl Sorted {
    fn push(&mut self, fact: Fact) {
        match fact {
            Fact::Order(order) => self.orders.push(*order),
            Fact::Product(product) => self.products.push(*product),
            Fact::Customer(customer) => self.customers.push(customer),
            Fact::Location(location) => self.locations.push(location),
            Fact::Level(level) => self.levels.push(level),
            Fact::Payout(payout) => self.payouts.push(payout),
        }
    }

    /// Several pages or a page and its repetition may tell of the same thing: what is newest counts, once.
    fn keep_newest(&mut self) {
        newest(&mut self.orders, |o| o.id, |o| o.updated_at);
        newest(&mut self.products, |p| p.id, |p| p.updated_at);
        newest(&mut self.customers, |c| c.id, |c| c.updated_at);
        newest(&mut self.levels, |l| (l.item, l.location), |l| l.updated_at);
        newest(&mut self.locations, |l| l.id, |_| ());
        newest(&mut self.payouts, |p| p.id, |_| ());
    }
}

/// Of equal keys the newest stays, and of equally new ones the last.
fn newest<T, K: Ord + Copy, V: Ord>(
    all: &mut Vec<T>,
    key: impl Fn(&T) -> K,
    version: impl Fn(&T) -> V,
) {
    all.sort_by_key(|a| (key(a), version(a)));
    // The sort is stable: the last of a run of equal keys is the one to keep.
    all.reverse();
    all.dedup_by_key(|thing| key(thing));
    all.reverse();
}

pub(crate) fn calendar(store: &Store) -> PortResult<Calendar> {
    store.calendar().map_err(|e| {
        PortError::new(
            Kind::Configuration,
            Retry::Never,
            "royal",
            "store.calendar",
            e.to_string(),
        )
        .with_source(e)
    })
}

#[cfg(test)]
mod tests {
    use super::newest;

    #[test]
    fn of_the_same_thing_the_newest_is_kept_and_of_equals_the_last() {
        let mut all = vec![(2, 5, "a"), (1, 7, "new"), (1, 3, "old"), (2, 5, "b")];
        newest(&mut all, |t| t.0, |t| t.1);
        assert_eq!(all, [(1, 7, "new"), (2, 5, "b")]);
    }
}
