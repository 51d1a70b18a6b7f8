//! Locations, stock, customers, payouts: rows that a newer or equally old one replaces.

use crate::codec::{json, search_text, word};
use crate::privacy::{drop_profiles, forgotten, merged};
use crate::sql::micros;
use crate::stored::lock_name;
use crate::{Backend, Bulk, Cells, Database, Session, Sql, Writer};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::customer::Customer;
use domain::ids::{CustomerId, InventoryItemId, StoreScope};
use domain::inventory::{InventoryLevel, Location};
use domain::payout::Payout;
use domain::sync::FactKind;
use ports::PortResult;
use ports::store_facts::{FactCount, StoreFacts};
use std::collections::BTreeMap;

/// A row of `facts`: what it is, when it was so, and its document.
struct Fact {
    /// 0 but for stock, where it is the location.
    part: i64,
    id: i64,
    /// The provider's time of the last change, where it tells one.
    updated_at: Option<i64>,
    /// What age is compared by.
    age: i64,
    document: String,
}

/// Counts in the order of the port.
const COUNTED: [FactKind; 6] = [
    FactKind::Locations,
    FactKind::Products,
    FactKind::Orders,
    FactKind::Inventory,
    FactKind::Customers,
    FactKind::Payouts,
];

impl<B: Backend> Database<B> {
    async fn save_facts(
        &self,
        operation: &'static str,
        kind: FactKind,
        scope: StoreScope,
        batch: impl Iterator<Item = Fact> + Send,
        observed_at: DateTime<Utc>,
    ) -> PortResult<()> {
        // Of several about the same thing the newest, the last one of equally old ones.
        let mut newest: BTreeMap<(i64, i64), Fact> = BTreeMap::new();
        for fact in batch {
            let place = newest.get(&(fact.id, fact.part));
            if place.is_none_or(|known| known.age <= fact.age) {
                newest.insert((fact.id, fact.part), fact);
            }
        }
        let facts: Vec<Fact> = newest.into_values().collect();
        let mut tx = self.0.write(operation).await?;
        write_facts(&mut tx, kind, scope, facts, observed_at).await?;
        tx.commit().await
    }
}

async fn write_facts<W: Writer>(
    tx: &mut W,
    kind: FactKind,
    scope: StoreScope,
    facts: Vec<Fact>,
    observed_at: DateTime<Utc>,
) -> PortResult<()> {
    let bulk = Bulk::insert(
        "facts",
        "ON CONFLICT (workspace, store, kind, id, part) DO UPDATE SET \
         updated_at = excluded.updated_at, age = excluded.age, \
         document = excluded.document, observed_at = excluded.observed_at \
         WHERE facts.age <= excluded.age",
    )
    .same_id("workspace", scope.workspace.0)
    .same_id("store", scope.store.0)
    .texts("kind", facts.iter().map(|_| kind.as_str().to_owned()))
    .ints("id", facts.iter().map(|f| f.id))
    .ints("part", facts.iter().map(|f| f.part))
    .ints("updated_at", facts.iter().map(|f| f.updated_at))
    .ints("age", facts.iter().map(|f| f.age))
    .texts("document", facts.iter().map(|f| f.document.clone()))
    .same_int("observed_at", micros(observed_at));
    tx.bulk(bulk).await?;
    Ok(())
}

/// What a search for a person looks into; as old as the fact itself.
async fn write_profiles<W: Writer>(
    tx: &mut W,
    scope: StoreScope,
    customers: &[Customer],
) -> PortResult<()> {
    let text = |c: &Customer| {
        let parts = [c.display_name.as_deref(), c.email.as_deref()];
        search_text(parts.into_iter().flatten())
    };
    let bulk = Bulk::insert(
        "customer_profiles",
        "ON CONFLICT (workspace, store, id) DO UPDATE SET \
         search = excluded.search, age = excluded.age \
         WHERE customer_profiles.age <= excluded.age",
    )
    .same_id("workspace", scope.workspace.0)
    .same_id("store", scope.store.0)
    .ints("id", customers.iter().map(|c| c.id.0))
    .texts("search", customers.iter().map(text))
    .instants("age", customers.iter().map(|c| c.updated_at));
    tx.bulk(bulk).await?;
    Ok(())
}

#[async_trait]
impl<B: Backend> StoreFacts for Database<B> {
    async fn save_locations(
        &self,
        scope: StoreScope,
        batch: &[Location],
        observed_at: DateTime<Utc>,
    ) -> PortResult<()> {
        let facts = batch.iter().map(|l| Fact {
            part: 0,
            id: l.id.0,
            updated_at: None,
            age: micros(observed_at),
            document: json(l),
        });
        let operation = "facts.save_locations";
        self.save_facts(operation, FactKind::Locations, scope, facts, observed_at)
            .await
    }

    async fn save_levels(
        &self,
        scope: StoreScope,
        batch: &[InventoryLevel],
        observed_at: DateTime<Utc>,
    ) -> PortResult<()> {
        let facts = batch.iter().map(|l| Fact {
            part: l.location.0,
            id: l.item.0,
            updated_at: Some(micros(l.updated_at)),
            age: micros(l.updated_at),
            document: json(l),
        });
        let operation = "facts.save_levels";
        self.save_facts(operation, FactKind::Inventory, scope, facts, observed_at)
            .await
    }

    async fn save_customers(
        &self,
        scope: StoreScope,
        batch: &[Customer],
        observed_at: DateTime<Utc>,
    ) -> PortResult<()> {
        // One row a customer: of equally old copies the last.
        let mut newest: BTreeMap<i64, Customer> = BTreeMap::new();
        for customer in batch {
            let place = newest.get(&customer.id.0);
            if place.is_none_or(|known| known.updated_at <= customer.updated_at) {
                newest.insert(customer.id.0, customer.clone());
            }
        }
        let ids: Vec<i64> = newest.keys().copied().collect();
        let mut tx = self.0.write("facts.save_customers").await?;
        tx.lock(&lock_name(scope)).await?;
        for id in forgotten::<B, _>(&mut tx, scope, "customer", &ids).await? {
            newest.remove(&id);
        }
        for (gone, _) in merged::<B, _>(&mut tx, scope, &ids).await? {
            newest.remove(&gone);
        }
        let customers: Vec<Customer> = newest.into_values().collect();
        let facts = customers.iter().map(|c| Fact {
            part: 0,
            id: c.id.0,
            updated_at: Some(micros(c.updated_at)),
            age: micros(c.updated_at),
            document: json(c),
        });
        write_facts(
            &mut tx,
            FactKind::Customers,
            scope,
            facts.collect(),
            observed_at,
        )
        .await?;
        write_profiles(&mut tx, scope, &customers).await?;
        tx.commit().await
    }

    async fn remove_customers(&self, scope: StoreScope, ids: &[CustomerId]) -> PortResult<()> {
        let ids: Vec<i64> = ids.iter().map(|c| c.0).collect();
        let mut tx = self.0.write("facts.remove_customers").await?;
        drop_profiles::<B, _>(&mut tx, scope, &ids).await?;
        tx.commit().await
    }

    async fn save_payouts(
        &self,
        scope: StoreScope,
        batch: &[Payout],
        observed_at: DateTime<Utc>,
    ) -> PortResult<()> {
        // A payout changes its status after it was issued, and has no time of its own for that.
        let facts = batch.iter().map(|p| Fact {
            part: 0,
            id: p.id.0,
            updated_at: Some(micros(p.issued_at)),
            age: micros(observed_at),
            document: json(p),
        });
        let operation = "facts.save_payouts";
        self.save_facts(operation, FactKind::Payouts, scope, facts, observed_at)
            .await
    }

    async fn customer(&self, scope: StoreScope, id: CustomerId) -> PortResult<Option<Customer>> {
        let sql = Sql::new(
            "SELECT document FROM facts \
             WHERE workspace = $1 AND store = $2 AND kind = $3 AND id = $4",
        )
        .bind(scope.workspace)
        .bind(scope.store)
        .bind(word(&FactKind::Customers))
        .bind(id);
        let row = self.0.read("facts.customer").await?.one(sql).await?;
        Ok(row.map(|row| Cells::of(&row).json()).transpose()?)
    }

    async fn has_named_customer(&self, scope: StoreScope) -> PortResult<Option<bool>> {
        let sql = Sql::new(
            "SELECT (SELECT COUNT(*) FROM (SELECT 1 FROM customer_profiles \
             WHERE workspace = $1 AND store = $2 AND search <> '' LIMIT 1) named), \
             (SELECT COUNT(*) FROM (SELECT 1 FROM customer_profiles \
             WHERE workspace = $1 AND store = $2 LIMIT 1) anybody)",
        )
        .bind(scope.workspace)
        .bind(scope.store);
        let mut session = self.0.read("facts.has_named_customer").await?;
        let Some(row) = session.one(sql).await? else {
            return Ok(None);
        };
        let mut c = Cells::of(&row);
        let (named, anybody) = (c.bool()?, c.bool()?);
        Ok(anybody.then_some(named))
    }

    async fn levels(
        &self,
        scope: StoreScope,
        items: &[InventoryItemId],
    ) -> PortResult<Vec<InventoryLevel>> {
        let sql = Sql::new(format!(
            "SELECT document FROM facts WHERE workspace = $1 AND store = $2 AND kind = $3 \
             AND id {} ORDER BY id, part",
            B::in_list(4)
        ))
        .bind(scope.workspace)
        .bind(scope.store)
        .bind(word(&FactKind::Inventory))
        .bind(items.iter().map(|i| i.0).collect::<Vec<_>>());
        let rows = self.0.read("facts.levels").await?.rows(sql).await?;
        rows.iter().map(|row| Ok(Cells::of(row).json()?)).collect()
    }

    async fn counts(&self, scope: StoreScope) -> PortResult<Vec<FactCount>> {
        let sql = Sql::new(
            "SELECT kind, COUNT(*), MAX(updated_at) FROM facts \
             WHERE workspace = $1 AND store = $2 GROUP BY kind \
             UNION ALL SELECT 'products', COUNT(*), MAX(updated_at) FROM products \
             WHERE workspace = $1 AND store = $2 \
             UNION ALL SELECT 'orders', COUNT(*), MAX(updated_at) FROM orders \
             WHERE workspace = $1 AND store = $2",
        )
        .bind(scope.workspace)
        .bind(scope.store);
        let rows = self.0.read("facts.counts").await?.rows(sql).await?;
        let mut known = Vec::with_capacity(rows.len());
        for row in &rows {
            let mut c = Cells::of(row);
            known.push(FactCount {
                kind: c.word()?,
                count: c.count()?,
                newest_at: c.at_or_none()?,
            });
        }
        let of = |kind| {
            let found = known.iter().find(|f: &&FactCount| f.kind == kind).cloned();
            found.unwrap_or(FactCount {
                kind,
                count: 0,
                newest_at: None,
            })
        };
        Ok(COUNTED.map(of).to_vec())
    }
}
