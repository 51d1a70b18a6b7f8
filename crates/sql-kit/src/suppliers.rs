//! What suppliers offer: products as documents with what is looked for in columns beside them, and prices as they changed.

use crate::audit::record;
use crate::codec::{json, needle, search_text};
use crate::cursor::{Key, Paging};
use crate::{Backend, Bulk, Cells, Database, Session, Sql, Writer};
use async_trait::async_trait;
use domain::audit::NewEntry;
use domain::ids::{ImportId, StoreScope, SupplierProductId};
use domain::supplier::{OfferChange, OfferMatch, PricePoint, SupplierProduct, Verdict};
use ports::suppliers::{ChangeFilter, OfferFilter, SupplierCatalog};
use ports::{Page, PageRequest, PortResult};
use std::collections::BTreeMap;

const SET: &str = "ON CONFLICT (workspace, store, id) DO UPDATE SET platform = excluded.platform, \
     supplier = excluded.supplier, search = excluded.search, image = excluded.image, \
     document = excluded.document";
const SET_CHANGE: &str = "ON CONFLICT (workspace, store, id) DO UPDATE SET \
     created_at = excluded.created_at, document = excluded.document";
const SET_PRICE: &str = "ON CONFLICT (workspace, store, product, variant, import) DO UPDATE SET \
     observed_at = excluded.observed_at, document = excluded.document";
/// What a driver encodes at once.
const PIECE: usize = 1 << 20;

fn texts(ids: &[SupplierProductId]) -> Vec<String> {
    ids.iter().map(ToString::to_string).collect()
}

fn search(product: &SupplierProduct) -> String {
    let own = [&product.title, &product.external_id];
    let skus = product.variants.iter().map(|v| &v.sku);
    search_text(own.into_iter().chain(skus).flatten().map(String::as_str))
}

fn name(supplier: Option<&str>) -> String {
    supplier.unwrap_or_default().trim().to_lowercase()
}

/// The last of each id, as one statement writes no row twice.
fn insert(scope: StoreScope, products: &[SupplierProduct]) -> Bulk {
    let last: BTreeMap<_, _> = products.iter().map(|p| (p.id, p)).collect();
    Bulk::insert("supplier_products", SET)
        .same_id("workspace", scope.workspace.0)
        .same_id("store", scope.store.0)
        .texts("id", last.keys().map(ToString::to_string))
        .texts(
            "platform",
            last.values().map(|p| p.platform.as_str().to_owned()),
        )
        .texts(
            "supplier",
            last.values().map(|p| name(p.supplier.as_deref())),
        )
        .texts("search", last.values().map(|p| search(p)))
        .texts("image", last.values().map(|p| p.image.clone()))
        .texts("document", last.values().map(|p| json(*p)))
}

fn insert_prices(scope: StoreScope, prices: &[PricePoint]) -> Bulk {
    let last: BTreeMap<_, _> = prices
        .iter()
        .map(|p| ((p.product, &p.variant, p.heard.by.id()), p))
        .collect();
    Bulk::insert("supplier_prices", SET_PRICE)
        .same_id("workspace", scope.workspace.0)
        .same_id("store", scope.store.0)
        .texts("product", last.values().map(|p| p.product.to_string()))
        .texts("variant", last.values().map(|p| p.variant.clone()))
        .texts("import", last.values().map(|p| p.heard.by.id()))
        .instants("observed_at", last.values().map(|p| p.heard.observed_at))
        .texts("document", last.values().map(|p| json(*p)))
}

fn insert_changes(scope: StoreScope, changes: &[OfferChange]) -> Bulk {
    let last: BTreeMap<_, _> = changes.iter().map(|c| (c.id(), c)).collect();
    Bulk::insert("supplier_changes", SET_CHANGE)
        .same_id("workspace", scope.workspace.0)
        .same_id("store", scope.store.0)
        .ids("id", last.keys().copied())
        .texts("product", last.values().map(|c| c.product.to_string()))
        .texts("kind", last.values().map(|c| c.news.kind().to_owned()))
        .texts("told_by", last.values().map(|c| c.heard.by.id()))
        .instants("created_at", last.values().map(|c| c.heard.observed_at))
        .texts("document", last.values().map(|c| json(*c)))
}

fn changed(what: &str, scope: StoreScope, filter: &ChangeFilter) -> Sql {
    let mut sql = Sql::new(format!(
        "SELECT {what} FROM supplier_changes WHERE workspace = "
    ));
    sql.push_arg(scope.workspace)
        .push(" AND store = ")
        .push_arg(scope.store);
    if let Some(product) = filter.product {
        sql.push(" AND product = ").push_arg(product.to_string());
    }
    if let Some(kind) = &filter.kind {
        sql.push(" AND kind = ").push_arg(kind.as_str());
    }
    sql
}

fn set_match(one: &OfferMatch) -> Sql {
    let is_open = one.verdict == Verdict::Open;
    let sql = Sql::new(if is_open {
        "DELETE FROM offer_matches WHERE workspace = $1 AND store = $2 AND one = $3 AND other = $4"
    } else {
        "INSERT INTO offer_matches (workspace, store, one, other, document) \
         VALUES ($1, $2, $3, $4, $5) \
         ON CONFLICT (workspace, store, one, other) DO UPDATE SET document = excluded.document"
    })
    .bind(one.scope.workspace)
    .bind(one.scope.store)
    .bind(one.pair.one.to_string())
    .bind(one.pair.other.to_string());
    if is_open { sql } else { sql.bind(json(one)) }
}

async fn write<W: Writer>(tx: &mut W, bulk: Bulk) -> PortResult<()> {
    if bulk.rows == 0 {
        return Ok(());
    }
    for piece in bulk.pieces(PIECE) {
        tx.bulk(piece).await?;
    }
    Ok(())
}

fn filtered<B: Backend>(what: &str, scope: StoreScope, filter: &OfferFilter) -> Sql {
    let mut sql = Sql::new(format!(
        "SELECT {what} FROM supplier_products WHERE workspace = "
    ));
    sql.push_arg(scope.workspace)
        .push(" AND store = ")
        .push_arg(scope.store);
    if let Some(platform) = filter.platform {
        sql.push(" AND platform = ").push_arg(platform.as_str());
    }
    if let Some(supplier) = &filter.supplier {
        sql.push(" AND supplier = ").push_arg(name(Some(supplier)));
    }
    if let Some(text) = needle(filter.text.as_deref()) {
        let n = sql.number(text);
        sql.push(" AND ").push(&B::contains("search", n));
    }
    sql
}

#[async_trait]
impl<B: Backend> SupplierCatalog for Database<B> {
    async fn offers(
        &self,
        scope: StoreScope,
        ids: &[SupplierProductId],
    ) -> PortResult<Vec<SupplierProduct>> {
        let sql = Sql::new(format!(
            "SELECT document FROM supplier_products \
             WHERE workspace = $1 AND store = $2 AND id {} ORDER BY id",
            B::in_list(3)
        ))
        .bind(scope.workspace)
        .bind(scope.store)
        .bind(texts(ids));
        let rows = self.0.read("offers.find").await?.rows(sql).await?;
        rows.iter().map(|row| Ok(Cells::of(row).json()?)).collect()
    }

    async fn save_offers(
        &self,
        scope: StoreScope,
        products: &[SupplierProduct],
        prices: &[PricePoint],
        changes: &[OfferChange],
    ) -> PortResult<()> {
        let mut tx = self.0.write("offers.save").await?;
        write(&mut tx, insert(scope, products)).await?;
        write(&mut tx, insert_prices(scope, prices)).await?;
        write(&mut tx, insert_changes(scope, changes)).await?;
        tx.commit().await
    }

    async fn take_back_offers(
        &self,
        scope: StoreScope,
        import: ImportId,
        back: &[SupplierProduct],
        gone: &[SupplierProductId],
    ) -> PortResult<()> {
        let mut tx = self.0.write("offers.take_back").await?;
        for (table, by) in [
            ("supplier_prices", "import"),
            ("supplier_changes", "told_by"),
        ] {
            let told = Sql::new(format!(
                "DELETE FROM {table} WHERE workspace = $1 AND store = $2 AND {by} = $3"
            ))
            .bind(scope.workspace)
            .bind(scope.store)
            .bind(import.to_string());
            tx.run(told).await?;
        }
        for (table, id) in [
            ("supplier_products", "id"),
            ("supplier_prices", "product"),
            ("supplier_changes", "product"),
            ("supplier_pictures", "product"),
        ] {
            let sql = Sql::new(format!(
                "DELETE FROM {table} WHERE workspace = $1 AND store = $2 AND {id} {}",
                B::in_list(3)
            ))
            .bind(scope.workspace)
            .bind(scope.store)
            .bind(texts(gone));
            tx.run(sql).await?;
        }
        write(&mut tx, insert(scope, back)).await?;
        tx.commit().await
    }

    async fn list_offers(
        &self,
        scope: StoreScope,
        filter: &OfferFilter,
        page: &PageRequest,
    ) -> PortResult<Page<SupplierProduct>> {
        let operation = "offers.list";
        let paging = Paging::new::<B>(operation, &format!("{scope:?}{filter:?}"), page)?;
        let mut session = self.0.read(operation).await?;
        let total = match &paging.after {
            Some(cursor) => cursor.total,
            None => {
                let row = session
                    .one(filtered::<B>("COUNT(*)", scope, filter))
                    .await?;
                row.map_or(Ok(0), |row| Cells::of(&row).count())?
            }
        };
        let mut sql = filtered::<B>("document", scope, filter);
        if let Some(cursor) = &paging.after {
            sql.push(" AND id > ").push_arg(cursor.id.clone());
        }
        sql.push(" ORDER BY id LIMIT ").push_arg(paging.fetch());
        let rows = session.rows(sql).await?;
        let items = rows
            .iter()
            .map(|row| Cells::of(row).json())
            .collect::<Result<Vec<SupplierProduct>, _>>()?;
        Ok(paging.page(items, total, |last| {
            (Key::Int(0), Key::Text(last.id.to_string()))
        }))
    }

    async fn offer_changes(
        &self,
        scope: StoreScope,
        filter: &ChangeFilter,
        page: &PageRequest,
    ) -> PortResult<Page<OfferChange>> {
        let operation = "offers.changes";
        let paging = Paging::new::<B>(operation, &format!("{scope:?}{filter:?}"), page)?;
        let mut session = self.0.read(operation).await?;
        let total = match &paging.after {
            Some(cursor) => cursor.total,
            None => {
                let row = session.one(changed("COUNT(*)", scope, filter)).await?;
                row.map_or(Ok(0), |row| Cells::of(&row).count())?
            }
        };
        let mut sql = changed("document", scope, filter);
        paging.newest_first(&mut sql);
        let rows = session.rows(sql).await?;
        let items = rows
            .iter()
            .map(|row| Cells::of(row).json())
            .collect::<Result<Vec<OfferChange>, _>>()?;
        Ok(paging.page(items, total, |last| {
            let created = Key::Int(last.heard.observed_at.timestamp_micros());
            (created, Key::Id(last.id()))
        }))
    }

    async fn offer_prices(
        &self,
        scope: StoreScope,
        product: SupplierProductId,
    ) -> PortResult<Vec<PricePoint>> {
        let sql = Sql::new(
            "SELECT document FROM supplier_prices \
             WHERE workspace = $1 AND store = $2 AND product = $3 \
             ORDER BY observed_at DESC, variant, import",
        )
        .bind(scope.workspace)
        .bind(scope.store)
        .bind(product.to_string());
        let rows = self.0.read("offers.prices").await?.rows(sql).await?;
        rows.iter().map(|row| Ok(Cells::of(row).json()?)).collect()
    }

    async fn offer_matches(&self, scope: StoreScope) -> PortResult<Vec<OfferMatch>> {
        let sql = Sql::new(
            "SELECT document FROM offer_matches \
             WHERE workspace = $1 AND store = $2 ORDER BY one, other",
        )
        .bind(scope.workspace)
        .bind(scope.store);
        let rows = self.0.read("offers.matches").await?.rows(sql).await?;
        rows.iter().map(|row| Ok(Cells::of(row).json()?)).collect()
    }

    async fn set_offer_matches(
        &self,
        scope: StoreScope,
        matches: &[OfferMatch],
        entry: &NewEntry,
    ) -> PortResult<()> {
        let mut tx = self.0.write("offers.set_matches").await?;
        for one in matches.iter().filter(|m| m.scope == scope) {
            tx.run(set_match(one)).await?;
        }
        record(&mut tx, std::slice::from_ref(entry)).await?;
        tx.commit().await
    }
}
