//! What was seen on the pictures of suppliers' products, and which are to be looked at.

use crate::{Backend, Cells, Database, Session, Sql, SqlRow, Undecodable, Writer};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::ids::{StoreScope, SupplierProductId};
use domain::supplier::{PictureHash, PictureNote, PictureSeen, PictureSums};
use ports::PortResult;
use ports::pictures::{DuePicture, PictureNotes};
use uuid::Uuid;

const MOST_REASONS: usize = 5;
/// What is known of pictures that products have now.
const CURRENT: &str = "FROM supplier_pictures s JOIN supplier_products p \
     ON p.workspace = s.workspace AND p.store = s.store AND p.id = s.product AND p.image = s.url \
     WHERE s.workspace = $1 AND s.store = $2";
const DUE: &str = "SELECT p.id, p.image, CASE WHEN s.url = p.image THEN s.failures ELSE 0 END \
     FROM supplier_products p LEFT JOIN supplier_pictures s \
     ON s.workspace = p.workspace AND s.store = p.store AND s.product = p.id \
     WHERE p.workspace = $1 AND p.store = $2 AND p.image IS NOT NULL \
     AND (s.product IS NULL OR s.url <> p.image OR s.again_at <= $3) ORDER BY p.id LIMIT $4";
/// Who comes second finds it claimed.
const CLAIM: &str = "INSERT INTO supplier_pictures \
     (workspace, store, product, url, state, failures, again_at) \
     VALUES ($1, $2, $3, $4, 'claimed', $5, $6) \
     ON CONFLICT (workspace, store, product) DO UPDATE SET url = excluded.url, \
     state = excluded.state, hash = NULL, reason = NULL, failures = excluded.failures, \
     again_at = excluded.again_at \
     WHERE supplier_pictures.url <> excluded.url OR supplier_pictures.again_at <= $7";
const SAVE: &str = "INSERT INTO supplier_pictures \
     (workspace, store, product, url, state, hash, reason, failures, looked_at, again_at) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) \
     ON CONFLICT (workspace, store, product) DO UPDATE SET url = excluded.url, \
     state = excluded.state, hash = excluded.hash, reason = excluded.reason, \
     failures = excluded.failures, looked_at = excluded.looked_at, again_at = excluded.again_at";

fn product<R: SqlRow>(c: &mut Cells<'_, R>) -> Result<SupplierProductId, Undecodable> {
    c.parsed::<Uuid>().map(SupplierProductId)
}

fn due<R: SqlRow>(row: &R) -> Result<DuePicture, Undecodable> {
    let mut c = Cells::of(row);
    Ok(DuePicture {
        product: product(&mut c)?,
        url: c.text()?,
        failures: failures(&mut c)?,
    })
}

fn failures<R: SqlRow>(c: &mut Cells<'_, R>) -> Result<u32, Undecodable> {
    Ok(u32::try_from(c.count()?).unwrap_or(u32::MAX))
}

fn note<R: SqlRow>(row: &R) -> Result<PictureNote, Undecodable> {
    let mut c = Cells::of(row);
    let (product, url, state) = (product(&mut c)?, c.text()?, c.text()?);
    let hash = c.text_or_none()?.and_then(|text| text.parse().ok());
    let reason = c.text_or_none()?;
    let seen = match (hash, state.as_str()) {
        (Some(hash), _) => PictureSeen::Hashed(hash),
        (None, "plain") => PictureSeen::Plain,
        (None, _) => PictureSeen::Failed {
            reason: reason.unwrap_or_default(),
        },
    };
    Ok(PictureNote {
        product,
        url,
        seen,
        failures: failures(&mut c)?,
        looked_at: c.at()?,
    })
}

fn save(scope: StoreScope, note: &PictureNote) -> Sql {
    let (state, hash, reason) = match &note.seen {
        PictureSeen::Hashed(hash) => ("hashed", Some(hash.to_string()), None),
        PictureSeen::Plain => ("plain", None, None),
        PictureSeen::Failed { reason } => ("failed", None, Some(reason.clone())),
    };
    Sql::new(SAVE)
        .bind(scope.workspace)
        .bind(scope.store)
        .bind(note.product.to_string())
        .bind(note.url.as_str())
        .bind(state)
        .bind(hash)
        .bind(reason)
        .bind(note.failures)
        .bind(note.looked_at)
        .bind(note.again_at())
}

#[async_trait]
impl<B: Backend> PictureNotes for Database<B> {
    async fn claim_pictures(
        &self,
        scope: StoreScope,
        now: DateTime<Utc>,
        until: DateTime<Utc>,
        limit: u32,
    ) -> PortResult<Vec<DuePicture>> {
        let operation = "pictures.claim";
        let sql = Sql::new(DUE)
            .bind(scope.workspace)
            .bind(scope.store)
            .bind(now)
            .bind(limit);
        // Mostly nothing is due, and the one writer of an embedded database is not kept for that.
        let rows = self.0.read(operation).await?.rows(sql).await?;
        let found = rows.iter().map(due).collect::<Result<Vec<_>, _>>()?;
        if found.is_empty() {
            return Ok(found);
        }
        let (mut tx, mut claimed) = (self.0.write(operation).await?, Vec::new());
        for one in found {
            let sql = Sql::new(CLAIM)
                .bind(scope.workspace)
                .bind(scope.store)
                .bind(one.product.to_string())
                .bind(one.url.as_str())
                .bind(one.failures)
                .bind(until)
                .bind(now);
            if tx.run(sql).await? == 1 {
                claimed.push(one);
            }
        }
        tx.commit().await?;
        Ok(claimed)
    }

    async fn save_pictures(&self, scope: StoreScope, notes: &[PictureNote]) -> PortResult<()> {
        if notes.is_empty() {
            return Ok(());
        }
        let mut tx = self.0.write("pictures.save").await?;
        for note in notes {
            tx.run(save(scope, note)).await?;
        }
        tx.commit().await
    }

    async fn pictures(
        &self,
        scope: StoreScope,
        products: &[SupplierProductId],
    ) -> PortResult<Vec<PictureNote>> {
        let ids: Vec<_> = products.iter().map(ToString::to_string).collect();
        let sql = Sql::new(format!(
            "SELECT s.product, s.url, s.state, s.hash, s.reason, s.failures, s.looked_at {CURRENT} \
             AND s.state <> 'claimed' AND s.product {} ORDER BY s.product",
            B::in_list(3)
        ))
        .bind(scope.workspace)
        .bind(scope.store)
        .bind(ids);
        let rows = self.0.read("pictures.find").await?.rows(sql).await?;
        Ok(rows.iter().map(note).collect::<Result<_, _>>()?)
    }

    async fn picture_hashes(
        &self,
        scope: StoreScope,
    ) -> PortResult<Vec<(SupplierProductId, PictureHash)>> {
        let sql = Sql::new(format!(
            "SELECT s.product, s.hash {CURRENT} AND s.hash IS NOT NULL ORDER BY s.product"
        ))
        .bind(scope.workspace)
        .bind(scope.store);
        let rows = self.0.read("pictures.hashes").await?.rows(sql).await?;
        let all = rows.iter().map(|row| {
            let mut c = Cells::of(row);
            Ok((product(&mut c)?, c.parsed()?))
        });
        Ok(all.collect::<Result<_, Undecodable>>()?)
    }

    async fn picture_sums(&self, scope: StoreScope) -> PortResult<PictureSums> {
        let mut session = self.0.read("pictures.sums").await?;
        let all = "SELECT COUNT(*) FROM supplier_products \
             WHERE workspace = $1 AND store = $2 AND image IS NOT NULL";
        let all = Sql::new(all).bind(scope.workspace).bind(scope.store);
        let row = session.one(all).await?;
        let mut sums = PictureSums {
            pictures: row.map_or(Ok(0), |row| Cells::of(&row).count())?,
            ..PictureSums::default()
        };
        let seen = Sql::new(format!(
            "SELECT s.state, s.reason, COUNT(*) {CURRENT} AND s.state <> 'claimed' \
             GROUP BY s.state, s.reason"
        ))
        .bind(scope.workspace)
        .bind(scope.store);
        for row in session.rows(seen).await? {
            let mut c = Cells::of(&row);
            let (state, reason, count) = (c.text()?, c.text_or_none()?, c.count()?);
            match (state.as_str(), reason) {
                ("hashed", _) => sums.hashed += count,
                ("plain", _) => sums.plain += count,
                (_, reason) => {
                    sums.failed += count;
                    sums.reasons.push((reason.unwrap_or_default(), count));
                }
            }
        }
        sums.reasons
            .sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        sums.reasons.truncate(MOST_REASONS);
        Ok(sums)
    }
}
