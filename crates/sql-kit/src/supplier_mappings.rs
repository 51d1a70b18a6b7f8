//! Which variants of suppliers are the store's, as documents.

use crate::audit::record;
use crate::codec::json;
use crate::cursor::{Key, Paging};
use crate::{Backend, Cells, Database, Session, Sql, Writer};
use async_trait::async_trait;
use domain::audit::NewEntry;
use domain::ids::{StoreScope, SupplierMappingId, VariantId, WorkspaceId};
use domain::supplier::SupplierMapping;
use ports::supplier_book::{MappingFilter, SupplierMappings};
use ports::{Kind, Page, PageRequest, PortResult};

fn filtered(what: &str, scope: StoreScope, filter: &MappingFilter) -> Sql {
    let mut sql = Sql::new(format!(
        "SELECT {what} FROM supplier_mappings WHERE workspace = "
    ));
    sql.push_arg(scope.workspace)
        .push(" AND store = ")
        .push_arg(scope.store);
    if let Some(variant) = filter.variant {
        sql.push(" AND variant = ").push_arg(variant.0);
    }
    if let Some(product) = filter.product {
        sql.push(" AND product = ").push_arg(product.to_string());
    }
    if !filter.off_too {
        sql.push(" AND is_off = 0");
    }
    sql
}

fn insert(mapping: &SupplierMapping) -> Sql {
    Sql::new(
        "INSERT INTO supplier_mappings (workspace, store, id, variant, product, is_off, version, document) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING",
    )
    .bind(mapping.scope.workspace)
    .bind(mapping.scope.store)
    .bind(mapping.id.0)
    .bind(mapping.variant.0)
    .bind(mapping.product.to_string())
    .bind(mapping.off)
    .bind(mapping.version)
    .bind(json(mapping))
}

fn replace(mapping: &SupplierMapping) -> Sql {
    Sql::new(
        "UPDATE supplier_mappings SET is_off = $4, version = $5, document = $6 \
         WHERE workspace = $1 AND store = $2 AND id = $3 AND version = $5 - 1",
    )
    .bind(mapping.scope.workspace)
    .bind(mapping.scope.store)
    .bind(mapping.id.0)
    .bind(mapping.off)
    .bind(mapping.version)
    .bind(json(mapping))
}

#[async_trait]
impl<B: Backend> SupplierMappings for Database<B> {
    async fn save_mappings(
        &self,
        scope: StoreScope,
        mappings: &[SupplierMapping],
        entry: &NewEntry,
    ) -> PortResult<()> {
        let operation = "supplier_mappings.save";
        let mut tx = self.0.write(operation).await?;
        for mapping in mappings {
            let sql = match mapping.version {
                _ if mapping.scope != scope => continue,
                1 => insert(mapping),
                _ => replace(mapping),
            };
            if tx.run(sql).await? == 0 {
                tx.undo().await?;
                let detail = "a mapping was changed meanwhile; look at it again";
                return Err(Self::refuse(Kind::Conflict, operation, detail));
            }
        }
        record(&mut tx, std::slice::from_ref(entry)).await?;
        tx.commit().await
    }

    async fn mappings_of(
        &self,
        scope: StoreScope,
        variants: &[VariantId],
    ) -> PortResult<Vec<SupplierMapping>> {
        let sql = Sql::new(format!(
            "SELECT document FROM supplier_mappings \
             WHERE workspace = $1 AND store = $2 AND variant {} ORDER BY variant, id",
            B::in_list(3)
        ))
        .bind(scope.workspace)
        .bind(scope.store)
        .bind(variants.iter().map(|v| v.0).collect::<Vec<_>>());
        let rows = self.0.read("supplier_mappings.of").await?.rows(sql).await?;
        rows.iter().map(|row| Ok(Cells::of(row).json()?)).collect()
    }

    async fn mapping(
        &self,
        workspace: WorkspaceId,
        id: SupplierMappingId,
    ) -> PortResult<Option<SupplierMapping>> {
        let sql =
            Sql::new("SELECT document FROM supplier_mappings WHERE workspace = $1 AND id = $2")
                .bind(workspace)
                .bind(id.0);
        let operation = "supplier_mappings.find";
        let row = self.0.read(operation).await?.one(sql).await?;
        Ok(row.map(|row| Cells::of(&row).json()).transpose()?)
    }

    async fn list_mappings(
        &self,
        scope: StoreScope,
        filter: &MappingFilter,
        page: &PageRequest,
    ) -> PortResult<Page<SupplierMapping>> {
        let operation = "supplier_mappings.list";
        let paging = Paging::new::<B>(operation, &format!("{scope:?}{filter:?}"), page)?;
        let mut session = self.0.read(operation).await?;
        let total = match &paging.after {
            Some(cursor) => cursor.total,
            None => {
                let row = session.one(filtered("COUNT(*)", scope, filter)).await?;
                row.map_or(Ok(0), |row| Cells::of(&row).count())?
            }
        };
        let mut sql = filtered("document", scope, filter);
        if let Some(cursor) = &paging.after {
            sql.push(" AND (variant > ")
                .push_arg(cursor.sort.clone())
                .push(" OR (variant = ")
                .push_arg(cursor.sort.clone())
                .push(" AND id > ")
                .push_arg(cursor.id.clone())
                .push("))");
        }
        sql.push(" ORDER BY variant, id LIMIT ")
            .push_arg(paging.fetch());
        let rows = session.rows(sql).await?;
        let items = rows
            .iter()
            .map(|row| Cells::of(row).json())
            .collect::<Result<Vec<SupplierMapping>, _>>()?;
        Ok(paging.page(items, total, |last| {
            (Key::Int(last.variant.0), Key::Id(last.id.0))
        }))
    }
}
