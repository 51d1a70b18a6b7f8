//! Where things go, one place for each kind: written after the journal knows what was there, and taken back by it.

use super::Imports;
use super::giving_way::taken_back_at;
use super::inputs::{INPUT, inputs_of, told_cost};
use super::offers::OFFER;
use super::survey::Reading;
use super::things::Thing;
use domain::calendar::DayRange;
use domain::catalog::Product;
use domain::fx::{Rate, RateSource};
use domain::ids::{OrderId, ProductId};
use domain::import::{IMPORTED_AT, Import, ImportCounts, ImportKind, RateRow, TableRow, stable_id};
use domain::order::Order;
use domain::store::Store;
use ports::imports::{Replaced, Undoable};
use ports::orders::OrderQuery;
use ports::rates::StoredRate;
use ports::{Kind, PageRequest, PortError, PortResult, Retry};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;

const ORDER: &str = "order";
const PRODUCT: &str = "product";
const RATE: &str = "rate";

pub(super) fn corrupt(error: &serde_json::Error) -> PortError {
    let detail = format!("what an import replaced cannot be read: {error}");
    PortError::new(
        Kind::Corrupt,
        Retry::Never,
        "royal",
        "imports.journal",
        detail,
    )
}

pub(super) fn replaced<T: Serialize>(
    kind: &str,
    id: i64,
    before: Option<&T>,
) -> PortResult<Replaced> {
    let before = before
        .map(serde_json::to_value)
        .transpose()
        .map_err(|e| corrupt(&e))?;
    Ok(Replaced {
        kind: kind.to_owned(),
        id,
        before,
    })
}

pub(super) fn before<T: DeserializeOwned>(entry: &Replaced) -> PortResult<Option<T>> {
    let before = entry.before.clone().map(serde_json::from_value).transpose();
    before.map_err(|e| corrupt(&e))
}

impl Imports {
    /// Writes a batch; doing it again changes nothing more.
    pub(super) async fn write(
        &self,
        import: &Import,
        reading: &Reading,
        things: Vec<Thing>,
    ) -> PortResult<ImportCounts> {
        let (mut orders, mut products, mut rows) = (Vec::new(), Vec::new(), Vec::new());
        for thing in things {
            match thing {
                Thing::Order(order) => orders.push(*order),
                Thing::Product(product) => products.push(*product),
                Thing::Row(row) => rows.push(row),
            }
        }
        let mut counts = ImportCounts::default();
        if !orders.is_empty() {
            add(
                &mut counts,
                self.write_orders(import, &reading.store, orders).await?,
            );
        }
        if !products.is_empty() {
            add(
                &mut counts,
                self.write_products(import, &reading.store, products)
                    .await?,
            );
        }
        if !rows.is_empty() {
            add(&mut counts, self.write_rows(import, reading, rows).await?);
        }
        Ok(counts)
    }

    async fn write_rows(
        &self,
        import: &Import,
        reading: &Reading,
        rows: Vec<TableRow>,
    ) -> PortResult<ImportCounts> {
        let (mut rates, mut inputs, mut offers) = (Vec::new(), Vec::new(), Vec::new());
        for row in rows {
            match row {
                TableRow::Rate(rate) => rates.push(rate),
                TableRow::Offer(offer) => offers.push(*offer),
                row => inputs.extend(inputs_of(row, reading)),
            }
        }
        let mut counts = self.write_rates(import, &rates).await?;
        add(&mut counts, self.write_offers(import, &offers).await?);
        add(
            &mut counts,
            self.write_inputs(import, &reading.store, inputs).await?,
        );
        Ok(counts)
    }

    async fn write_orders(
        &self,
        import: &Import,
        store: &Store,
        orders: Vec<Order>,
    ) -> PortResult<ImportCounts> {
        let scope = import.scope;
        let connected = self.is_connected(store).await?;
        let mut counts = ImportCounts::default();
        let (mut journal, mut fresh) = (Vec::new(), Vec::new());
        for order in orders {
            let stored = self.ports.orders.find(scope, order.id).await?;
            match &stored {
                Some(stored) if stored.order.updated_at > IMPORTED_AT => {
                    counts.kept += 1;
                    continue;
                }
                None if connected && order.id.0 < 0 && self.has_namesake(store, &order).await? => {
                    counts.kept += 1;
                    continue;
                }
                Some(stored) if stored.order == order => counts.unchanged += 1,
                Some(_) => counts.changed += 1,
                None => counts.created += 1,
            }
            journal.push(replaced(
                ORDER,
                order.id.0,
                stored.as_ref().map(|s| &s.order),
            )?);
            fresh.push(order);
        }
        self.ports
            .import_journal
            .record(scope, import.id, &journal)
            .await?;
        if !fresh.is_empty() {
            self.ingest.book(store, fresh).await?;
        }
        Ok(counts)
    }

    async fn is_connected(&self, store: &Store) -> PortResult<bool> {
        let all = self
            .ports
            .connections
            .list(Some(store.scope.workspace))
            .await?;
        Ok(all.iter().any(|c| c.id == store.connection))
    }

    /// Whether the provider has told an order of this name from about this time.
    async fn has_namesake(&self, store: &Store, order: &Order) -> PortResult<bool> {
        let day = crate::ingest::calendar(store)?.day_of(order.processed_at);
        let query = OrderQuery {
            text: Some(order.name.clone()),
            from: day.pred_opt(),
            to: day.succ_opt(),
            ..OrderQuery::default()
        };
        let page = PageRequest::first(20);
        let found = self.ports.orders.list(store.scope, &query, &page).await?;
        let same = |name: &str| name.trim_start_matches('#') == order.name.trim_start_matches('#');
        Ok(found
            .items
            .iter()
            .any(|s| s.order.id.0 > 0 && same(&s.order.name)))
    }

    /// Costs of a products file are told like those of a cost sheet, so that an undo takes them back.
    async fn write_products(
        &self,
        import: &Import,
        store: &Store,
        products: Vec<Product>,
    ) -> PortResult<ImportCounts> {
        let scope = import.scope;
        let mut counts = ImportCounts::default();
        let (mut journal, mut fresh, mut costs) = (Vec::new(), Vec::new(), Vec::new());
        for mut product in products {
            costs.extend(product.variants.iter_mut().filter_map(told_cost));
            let stored = self.ports.catalog.find(scope, product.id).await?;
            match &stored {
                Some(stored) if stored.product == product => counts.unchanged += 1,
                Some(_) => counts.changed += 1,
                None => counts.created += 1,
            }
            journal.push(replaced(
                PRODUCT,
                product.id.0,
                stored.as_ref().map(|s| &s.product),
            )?);
            fresh.push(product);
        }
        self.ports
            .import_journal
            .record(scope, import.id, &journal)
            .await?;
        self.ports
            .catalog
            .save(scope, &fresh, self.ports.clock.now())
            .await?;
        self.write_inputs(import, store, costs).await?;
        Ok(counts)
    }

    async fn write_rates(&self, import: &Import, rows: &[RateRow]) -> PortResult<ImportCounts> {
        let workspace = import.scope.workspace;
        let now = self.ports.clock.now();
        let mut fresh = BTreeMap::new();
        for row in rows {
            let rate = Rate::new(row.day, row.base, row.quote, row.rate, RateSource::Imported)
                .map_err(|e| {
                    PortError::new(
                        Kind::Rejected,
                        Retry::Never,
                        "royal",
                        "imports.rates",
                        e.to_string(),
                    )
                })?;
            let stored = StoredRate {
                rate,
                origin: import.file.name.clone(),
                import: Some(import.id),
                observed_at: now,
            };
            fresh.insert((row.day, row.base, row.quote), stored);
        }
        let days = (
            fresh.keys().map(|k| k.0).min(),
            fresh.keys().map(|k| k.0).max(),
        );
        let (Some(first), Some(last)) = days else {
            return Ok(ImportCounts::default());
        };
        let range = DayRange {
            from: first,
            to: last,
        };
        let quotes: Vec<_> = fresh.keys().map(|k| k.2).collect();
        let known = self.ports.rates.between(workspace, &quotes, range).await?;
        let known: BTreeMap<_, _> = known
            .into_iter()
            .filter(|r| r.rate.source == RateSource::Imported)
            .map(|r| ((r.rate.day, r.rate.base, r.rate.quote), r))
            .collect();
        let mut counts = ImportCounts::default();
        let mut journal = Vec::new();
        for (key, rate) in &fresh {
            let before = known.get(key);
            match before {
                Some(b) if b.rate == rate.rate => counts.unchanged += 1,
                Some(_) => counts.changed += 1,
                None => counts.created += 1,
            }
            let name = format!("{} {} {}", key.0, key.1, key.2);
            journal.push(replaced(
                RATE,
                stable_id(import.scope.store, RATE, &name),
                before,
            )?);
        }
        self.ports
            .import_journal
            .record(import.scope, import.id, &journal)
            .await?;
        let fresh: Vec<_> = fresh.into_values().collect();
        self.ports.rates.save(workspace, &fresh, None).await?;
        Ok(counts)
    }

    /// Puts back what some entries replaced, where it is still this import's.
    pub(super) async fn take_back(
        &self,
        import: &Import,
        store: &Store,
        entries: &[Undoable],
    ) -> PortResult<()> {
        let own = |kind: &str| {
            let of = entries.iter().filter(move |e| !e.overwritten);
            let kind = kind.to_owned();
            of.filter(move |e| e.replaced.kind == kind)
                .map(|e| &e.replaced)
        };
        self.take_back_orders(store, own(ORDER).collect()).await?;
        self.take_back_products(store, own(PRODUCT).collect())
            .await?;
        self.take_back_inputs(import, store, own(INPUT).collect())
            .await?;
        if super::offers::are_offers(import) {
            self.take_back_offers(import, own(OFFER).collect()).await?;
        }
        if import
            .mapping
            .as_ref()
            .is_some_and(|m| m.kind == ImportKind::ExchangeRates)
        {
            let mut rates: Vec<StoredRate> = Vec::new();
            for entry in own(RATE) {
                rates.extend(before(entry)?);
            }
            let workspace = import.scope.workspace;
            self.ports.rates.undo(workspace, import.id, &rates).await?;
        }
        self.hub.wake();
        Ok(())
    }

    async fn take_back_orders(&self, store: &Store, entries: Vec<&Replaced>) -> PortResult<()> {
        let (mut gone, mut back) = (Vec::new(), Vec::new());
        for entry in entries {
            let id = OrderId(entry.id);
            let stored = self.ports.orders.find(store.scope, id).await?;
            if stored.is_some_and(|s| s.order.updated_at > IMPORTED_AT) {
                continue;
            }
            match before::<Order>(entry)? {
                Some(order) => back.push(order),
                None => gone.push(id),
            }
        }
        if !gone.is_empty() {
            self.ports
                .orders
                .remove(store.scope, &gone, taken_back_at())
                .await?;
        }
        if !back.is_empty() {
            self.ingest.book(store, back).await?;
        }
        Ok(())
    }

    async fn take_back_products(&self, store: &Store, entries: Vec<&Replaced>) -> PortResult<()> {
        let (mut gone, mut back) = (Vec::new(), Vec::new());
        for entry in entries {
            match before::<Product>(entry)? {
                Some(product) => back.push(product),
                None => gone.push(ProductId(entry.id)),
            }
        }
        if !gone.is_empty() {
            self.ports
                .catalog
                .remove(store.scope, &gone, taken_back_at())
                .await?;
        }
        if !back.is_empty() {
            let now = self.ports.clock.now();
            self.ports.catalog.save(store.scope, &back, now).await?;
        }
        Ok(())
    }
}

pub(super) fn add(sum: &mut ImportCounts, more: ImportCounts) {
    sum.created += more.created;
    sum.changed += more.changed;
    sum.unchanged += more.unchanged;
    sum.kept += more.kept;
    sum.refused += more.refused;
}
