//! Series of how much is looked for something: documents.

use crate::audit::record;
use crate::codec::json;
use crate::{Backend, Cells, Database, Session, Sql, Writer};
use domain::audit::NewEntry;
use domain::ids::{StoreScope, TrendSeriesId};
use domain::opportunity::TrendSeries;
use ports::{Kind, PortResult};

pub(crate) async fn all<B: Backend>(
    db: &Database<B>,
    scope: StoreScope,
) -> PortResult<Vec<TrendSeries>> {
    let sql = Sql::new(
        "SELECT document FROM trend_series WHERE workspace = $1 AND store = $2 ORDER BY id",
    )
    .bind(scope.workspace)
    .bind(scope.store);
    let rows = db.0.read("opportunities.trends").await?.rows(sql).await?;
    rows.iter().map(|row| Ok(Cells::of(row).json()?)).collect()
}

pub(crate) async fn save<B: Backend>(
    db: &Database<B>,
    scope: StoreScope,
    series: &[TrendSeries],
    entry: &NewEntry,
) -> PortResult<()> {
    let mut tx = db.0.write("opportunities.save_trends").await?;
    for one in series.iter().filter(|one| one.scope == scope) {
        let sql = Sql::new(
            "INSERT INTO trend_series (workspace, store, id, document) VALUES ($1, $2, $3, $4) \
             ON CONFLICT (workspace, store, id) DO UPDATE SET document = excluded.document",
        )
        .bind(scope.workspace)
        .bind(scope.store)
        .bind(one.id.0)
        .bind(json(one));
        tx.run(sql).await?;
    }
    record(&mut tx, std::slice::from_ref(entry)).await?;
    tx.commit().await
}

pub(crate) async fn forget<B: Backend>(
    db: &Database<B>,
    scope: StoreScope,
    id: TrendSeriesId,
    entry: &NewEntry,
) -> PortResult<()> {
    let operation = "opportunities.forget_trend";
    let mut tx = db.0.write(operation).await?;
    let sql = Sql::new("DELETE FROM trend_series WHERE workspace = $1 AND store = $2 AND id = $3")
        .bind(scope.workspace)
        .bind(scope.store)
        .bind(id.0);
    if tx.run(sql).await? == 0 {
        tx.undo().await?;
        let detail = "there is no such series";
        return Err(Database::<B>::refuse(Kind::NotFound, operation, detail));
    }
    record(&mut tx, std::slice::from_ref(entry)).await?;
    tx.commit().await
}
