//! Rows of supplier catalogues as products with their prices, and what each product was before.

use super::Imports;
use super::sinks::{before, replaced};
use domain::ids::SupplierProductId;
use domain::import::{Import, ImportCounts, ImportKind, is_whole, platform, stable_id};
use domain::supplier::{Heard, OfferRow, SupplierProduct, Teller};
use ports::imports::Replaced;
use ports::page::MAX_LIMIT;
use ports::suppliers::OfferFilter;
use ports::{PageRequest, PortResult};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

pub(super) const OFFER: &str = "offer";

/// What stood in a product's place.
#[derive(Serialize, Deserialize)]
struct Stood {
    id: SupplierProductId,
    product: Option<SupplierProduct>,
}

/// The same for all rows of an import, however often they are written.
fn heard(import: &Import) -> Heard {
    Heard {
        observed_at: import.created_at,
        by: Teller::File {
            import: import.id,
            sha256: import.file.sha256.clone(),
        },
    }
}

pub(super) fn are_offers(import: &Import) -> bool {
    let mapping = import.mapping.as_ref();
    mapping.is_some_and(|m| m.kind == ImportKind::SupplierOffers)
}

impl Imports {
    async fn journal_offers(
        &self,
        import: &Import,
        stood: impl Iterator<Item = (SupplierProductId, Option<SupplierProduct>)> + Send,
    ) -> PortResult<()> {
        let journal = stood.map(|(id, product)| {
            let number = stable_id(import.scope.store, OFFER, &id.to_string());
            replaced(OFFER, number, Some(&Stood { id, product }))
        });
        let journal = journal.collect::<PortResult<Vec<_>>>()?;
        self.ports
            .import_journal
            .record(import.scope, import.id, &journal)
            .await
    }

    /// A batch of rows, each put into its product.
    pub(super) async fn write_offers(
        &self,
        import: &Import,
        rows: &[OfferRow],
    ) -> PortResult<ImportCounts> {
        let mut counts = ImportCounts::default();
        if rows.is_empty() {
            return Ok(counts);
        }
        let (scope, heard) = (import.scope, heard(import));
        let mut ids: Vec<_> = rows.iter().map(|row| row.product_id(scope)).collect();
        ids.sort_unstable();
        ids.dedup();
        let stored = self.ports.suppliers.offers(scope, &ids).await?;
        let stored: BTreeMap<_, _> = stored.into_iter().map(|p| (p.id, p)).collect();
        let mut products = stored.clone();
        let mut prices = Vec::new();
        for row in rows {
            let id = row.product_id(scope);
            let fresh = || SupplierProduct::of(scope, row, &heard);
            let product = products.entry(id).or_insert_with(fresh);
            let was = product.clone();
            prices.extend(product.hear(row, &heard));
            if product.variants.len() > was.variants.len() {
                counts.created += 1;
            } else if product.says_the_same(&was) {
                counts.unchanged += 1;
            } else {
                counts.changed += 1;
            }
        }
        let stood = ids.iter().map(|id| (*id, stored.get(id).cloned()));
        self.journal_offers(import, stood).await?;
        let products: Vec<_> = products.into_values().collect();
        self.ports
            .suppliers
            .save_offers(scope, &products, &prices, &[])
            .await?;
        Ok(counts)
    }

    /// What a list that is whole did not name is out of stock. One with refused rows named more than could be read, and takes nothing away.
    pub(super) async fn miss_offers(&self, import: &Import) -> PortResult<()> {
        let Some(mapping) = import.mapping.as_ref().filter(|m| is_whole(m)) else {
            return Ok(());
        };
        if import.place.counts.refused > 0 {
            return Ok(());
        }
        let heard = heard(import);
        let filter = OfferFilter {
            platform: platform(mapping),
            ..OfferFilter::default()
        };
        let mut page = PageRequest::first(MAX_LIMIT);
        loop {
            let port = &self.ports.suppliers;
            let found = port.list_offers(import.scope, &filter, &page).await?;
            let missed = found.items.into_iter().filter_map(|product| {
                let mut now = product.clone();
                now.miss(&heard).then_some((product, now))
            });
            let (before, now): (Vec<_>, Vec<_>) = missed.unzip();
            if !now.is_empty() {
                let stood = before.into_iter().map(|p| (p.id, Some(p)));
                self.journal_offers(import, stood).await?;
                port.save_offers(import.scope, &now, &[], &[]).await?;
            }
            page.cursor = found.next_cursor;
            if page.cursor.is_none() {
                return Ok(());
            }
        }
    }

    pub(super) async fn take_back_offers(
        &self,
        import: &Import,
        entries: Vec<&Replaced>,
    ) -> PortResult<()> {
        let (mut back, mut gone) = (Vec::new(), Vec::new());
        for entry in entries {
            if let Some(stood) = before::<Stood>(entry)? {
                match stood.product {
                    Some(product) => back.push(product),
                    None => gone.push(stood.id),
                }
            }
        }
        self.ports
            .suppliers
            .take_back_offers(import.scope, import.id, &back, &gone)
            .await
    }
}
