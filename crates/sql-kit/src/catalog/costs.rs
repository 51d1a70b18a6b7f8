//! The history of unit costs, row by row.

use crate::codec::word;
use crate::{Backend, Bulk, Cells, Session, Sql, SqlRow, Undecodable, Writer};
use domain::catalog::{CostRecord, UnitCost};
use domain::ids::{StoreScope, VariantId};
use domain::money::Currency;
use ports::PortResult;

/// In the order in which they were recorded; of some variants, or of all.
pub(super) async fn records<B: Backend, S: Session>(
    session: &mut S,
    scope: StoreScope,
    variants: Option<&[i64]>,
) -> PortResult<Vec<CostRecord>> {
    let mut sql = Sql::new(
        "SELECT variant_id, valid_from, amount, currency, source, observed_at FROM cost_records \
         WHERE workspace = $1 AND store = $2",
    )
    .bind(scope.workspace)
    .bind(scope.store);
    if let Some(variants) = variants {
        let n = sql.number(variants.to_vec());
        sql.push(&format!(" AND variant_id {}", B::in_list(n)));
    }
    sql.push(" ORDER BY id");
    let rows = session.rows(sql).await?;
    Ok(rows.iter().map(record).collect::<Result<_, _>>()?)
}

fn record<R: SqlRow>(row: &R) -> Result<CostRecord, Undecodable> {
    let mut c = Cells::of(row);
    let variant = VariantId(c.int()?);
    let valid_from = c.at_or_none()?;
    let amount = c.text_or_none()?;
    let currency = c.text_or_none()?;
    let cost = match (amount, currency) {
        (Some(amount), Some(currency)) => Some(UnitCost {
            amount: amount.parse().map_err(|e| c.bad(format!("{e}")))?,
            currency: Currency::parse(&currency).map_err(|e| c.bad(e.to_string()))?,
        }),
        _ => None,
    };
    Ok(CostRecord {
        variant,
        valid_from,
        cost,
        source: c.word()?,
        observed_at: c.at()?,
        origin: None,
    })
}

pub(super) async fn insert<W: Writer>(
    tx: &mut W,
    scope: StoreScope,
    records: &[CostRecord],
) -> PortResult<()> {
    let cost = |r: &CostRecord| r.cost;
    let bulk = Bulk::insert("cost_records", "")
        .same_id("workspace", scope.workspace.0)
        .same_id("store", scope.store.0)
        .ints("variant_id", records.iter().map(|r| r.variant.0))
        .ints(
            "valid_from",
            records.iter().map(|r| r.valid_from.map(crate::sql::micros)),
        )
        .texts(
            "amount",
            records
                .iter()
                .map(|r| cost(r).map(|c| c.amount.to_string())),
        )
        .texts(
            "currency",
            records
                .iter()
                .map(|r| cost(r).map(|c| c.currency.code().to_owned())),
        )
        .texts("source", records.iter().map(|r| word(&r.source)))
        .instants("observed_at", records.iter().map(|r| r.observed_at));
    tx.bulk(bulk).await?;
    Ok(())
}
