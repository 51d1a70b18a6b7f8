//! Why costs are unknown, order by order.

use super::{Costs, Gap, GapKind, rates_for};
use crate::ingest::calendar;
use domain::calendar::DayRange;
use domain::catalog::CostBook;
use domain::ids::OrderId;
use domain::inputs::OrderInputs;
use domain::ledger::{Basis, CostPart, CostsKnown, Unknown, explain};
use domain::order::Order;
use domain::rollup::UNKNOWN;
use domain::store::Store;
use ports::orders::{OrderQuery, OrderSort, StoredOrder};
use ports::page::MAX_LIMIT;
use ports::{PageRequest, PortResult};
use std::collections::{BTreeMap, BTreeSet};

/// So many of the worst countries are looked at one by one, where the newest orders tell nothing of them.
const COUNTRIES: usize = 10;
const OF_A_COUNTRY: u32 = 20;

/// Reasons by what is missing: a variant, a country, a channel.
pub(super) struct Reasons {
    found: BTreeMap<(GapKind, String), BTreeSet<Unknown>>,
    /// Gateways whose fee nobody tells.
    pub(super) gateways: BTreeSet<String>,
}

impl Costs {
    /// What of an order's costs is not known and why, and what was converted.
    pub async fn known_of(&self, store: &Store, order: &Order) -> PortResult<CostsKnown> {
        let book = self.ingest.cost_book(store.scope).await?;
        let known = self
            .explained(store, &book, std::slice::from_ref(order))
            .await?;
        Ok(known.into_iter().next().unwrap_or_default())
    }

    async fn explained(
        &self,
        store: &Store,
        book: &CostBook,
        orders: &[Order],
    ) -> PortResult<Vec<CostsKnown>> {
        let calendar = calendar(store)?;
        let told = self.ingest.told(store.scope, book, orders).await?;
        let rates = rates_for(&self.ports, store, book, &told, orders.iter()).await?;
        let none = OrderInputs::default();
        let of = |order: &Order| {
            let told = told.get(&order.id).unwrap_or(&none);
            explain(order, &calendar, book, told, &rates)
        };
        Ok(orders.iter().map(of).collect())
    }

    /// Off the newest orders of the range; of the worst countries that these say nothing about, off their own newest ones.
    pub(super) async fn reasons(
        &self,
        store: &Store,
        range: DayRange,
        shipping: &[Gap],
    ) -> PortResult<Reasons> {
        let book = self.ingest.cost_book(store.scope).await?;
        let mut reasons = Reasons {
            found: BTreeMap::new(),
            gateways: BTreeSet::new(),
        };
        let mut seen = BTreeSet::new();
        let newest = OrderQuery {
            from: Some(range.from),
            to: Some(range.to),
            sort: OrderSort::NewestFirst,
            ..OrderQuery::default()
        };
        self.look(
            store,
            &book,
            (&newest, MAX_LIMIT),
            (&mut seen, &mut reasons),
        )
        .await?;
        for gap in shipping.iter().filter(|g| g.key != UNKNOWN).take(COUNTRIES) {
            if reasons.of(GapKind::Shipping, &gap.key).is_empty() {
                let query = OrderQuery {
                    country: Some(gap.key.clone()),
                    ..newest.clone()
                };
                self.look(
                    store,
                    &book,
                    (&query, OF_A_COUNTRY),
                    (&mut seen, &mut reasons),
                )
                .await?;
            }
        }
        Ok(reasons)
    }

    async fn look(
        &self,
        store: &Store,
        book: &CostBook,
        (query, limit): (&OrderQuery, u32),
        (seen, reasons): (&mut BTreeSet<OrderId>, &mut Reasons),
    ) -> PortResult<()> {
        let page = PageRequest::first(limit);
        let found = self.ports.orders.list(store.scope, query, &page).await?;
        let lacking = found.items.into_iter().filter(lacks_something);
        let orders: Vec<Order> = lacking
            .map(|stored| stored.order)
            .filter(|order| seen.insert(order.id))
            .collect();
        let known = self.explained(store, book, &orders).await?;
        for (order, known) in orders.iter().zip(known) {
            reasons.see(order, known);
        }
        Ok(())
    }
}

fn lacks_something(stored: &StoredOrder) -> bool {
    let ledger = &stored.ledger;
    ledger.fees == Basis::Missing
        || ledger.shipping == Some(Basis::Missing)
        || ledger.entries.iter().any(|e| e.cost == Basis::Missing)
}

impl Reasons {
    fn see(&mut self, order: &Order, known: CostsKnown) {
        let or_unknown = |key: &Option<String>| key.clone().unwrap_or_else(|| UNKNOWN.to_owned());
        for gap in known.gaps {
            let place = match gap.of {
                CostPart::Goods(line) => {
                    let variant = order.line(line).and_then(|l| l.variant);
                    let Some(variant) = variant else { continue };
                    (GapKind::Cost, variant.to_string())
                }
                CostPart::Shipping => (GapKind::Shipping, or_unknown(&order.country)),
                CostPart::Fees(gateway) => {
                    self.gateways.insert(gateway);
                    (GapKind::Fees, order.channel.clone())
                }
            };
            self.found.entry(place).or_default().insert(gap.why);
        }
    }

    /// One of a kind: the latest day stands for all days without a rate.
    pub(super) fn of(&self, kind: GapKind, key: &str) -> Vec<Unknown> {
        let found = self.found.get(&(kind, key.to_owned()));
        let mut kept: Vec<Unknown> = Vec::new();
        for why in found.into_iter().flatten().rev() {
            let same = |k: &Unknown| match (k, why) {
                (Unknown::NoRate(a), Unknown::NoRate(b)) => (a.from, a.to) == (b.from, b.to),
                (a, b) => a == b,
            };
            if !kept.iter().any(same) {
                kept.push(*why);
            }
        }
        kept
    }
}
