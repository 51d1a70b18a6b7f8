//! Products that are written or listed wrongly.

use super::{caught, saboteur, sound};
use chrono::{DateTime, Utc};
use domain::catalog::{CostBook, CostRecord, Product};
use domain::ids::{ProductId, StoreScope, VariantId};
use domain::prices::PriceRecord;
use ports::catalog::{CatalogReport, CatalogStore, ProductQuery, StoredProduct};
use ports::{Page, PageRequest, PortResult};
use std::sync::Arc;
use testkit::Stores;
use testkit::fakes::FakeDatabase;
use testkit::laws::{catalog, catalog_lists};

#[derive(Clone, Copy, PartialEq)]
enum Flaw {
    LastWriteWins,
    /// The first cost counts only from when it was seen.
    NotCarriedBack,
    /// A price is recorded whenever it is seen.
    EveryPrice,
    /// Numbers of all products, whatever was asked.
    AllNumbers,
    /// A full page is the last one.
    OnePage,
    /// Case matters in text.
    Case,
}

struct Catalog {
    db: Arc<FakeDatabase>,
    flaw: Flaw,
}

fn with(flaw: Flaw) -> Stores {
    let (db, stores) = sound();
    Stores {
        catalog: Arc::new(Catalog { db, flaw }),
        ..stores
    }
}

saboteur! {
    CatalogStore for Catalog {
        async fn save(
            &self,
            scope: StoreScope,
            batch: &[Product],
            observed_at: DateTime<Utc>,
        ) -> PortResult<CatalogReport> {
            if self.flaw == Flaw::LastWriteWins {
                let ids: Vec<_> = batch.iter().map(|p| p.id).collect();
                CatalogStore::remove(&*self.db, scope, &ids, DateTime::UNIX_EPOCH).await?;
            }
            CatalogStore::save(&*self.db, scope, batch, observed_at).await
        }

        async fn cost_history(
            &self,
            scope: StoreScope,
            variant: VariantId,
        ) -> PortResult<Vec<CostRecord>> {
            let mut history = self.db.cost_history(scope, variant).await?;
            for record in history.iter_mut().filter(|_| self.flaw == Flaw::NotCarriedBack) {
                record.valid_from = Some(record.observed_at);
            }
            Ok(history)
        }

        async fn price_history(
            &self,
            scope: StoreScope,
            variants: &[VariantId],
        ) -> PortResult<Vec<PriceRecord>> {
            let mut history = self.db.price_history(scope, variants).await?;
            if self.flaw == Flaw::EveryPrice {
                history.extend(history.last().cloned());
            }
            Ok(history)
        }

        async fn numbers(
            &self,
            scope: StoreScope,
            query: &ProductQuery,
        ) -> PortResult<Vec<ProductId>> {
            let query = if self.flaw == Flaw::AllNumbers {
                &ProductQuery::default()
            } else {
                query
            };
            self.db.numbers(scope, query).await
        }

        async fn list(
            &self,
            scope: StoreScope,
            query: &ProductQuery,
            page: &PageRequest,
        ) -> PortResult<Page<StoredProduct>> {
            let mut found = CatalogStore::list(&*self.db, scope, query, page).await?;
            if self.flaw == Flaw::OnePage {
                found.next_cursor = None;
            }
            if let (Flaw::Case, Some(text)) = (self.flaw, &query.text) {
                found.items.retain(|p| p.product.title.contains(text));
                found.total = None;
            }
            Ok(found)
        }
    } else self {
        fn remove(scope: StoreScope, ids: &[ProductId], at: DateTime<Utc>) -> u64;
        fn find(scope: StoreScope, id: ProductId) -> Option<StoredProduct>;
        fn cost_book(scope: StoreScope) -> CostBook;
    }
}

#[tokio::test]
async fn last_write_wins_is_caught() {
    caught(catalog::a_newer_copy_replaces_an_older_one_is_stale(with(
        Flaw::LastWriteWins,
    )))
    .await;
    caught(catalog::a_stale_or_equal_product_records_no_cost(with(
        Flaw::LastWriteWins,
    )))
    .await;
}

#[tokio::test]
async fn a_first_cost_that_is_not_carried_back_is_caught() {
    let stores = with(Flaw::NotCarriedBack);
    caught(catalog::a_first_cost_is_carried_back_and_a_change_counts_from_then_on(stores)).await;
}

#[tokio::test]
async fn a_list_that_ends_early_is_caught() {
    let stores = with(Flaw::OnePage);
    caught(catalog_lists::every_product_is_on_exactly_one_page_in_every_sort(stores)).await;
}

#[tokio::test]
async fn text_with_regard_to_case_is_caught() {
    let stores = with(Flaw::Case);
    caught(catalog_lists::text_finds_titles_vendors_types_skus_and_numbers(stores)).await;
}

#[tokio::test]
async fn a_price_that_is_no_news_is_caught() {
    let stores = with(Flaw::EveryPrice);
    caught(catalog::a_price_is_recorded_when_it_is_another(stores)).await;
}

#[tokio::test]
async fn numbers_that_were_not_asked_for_are_caught() {
    let stores = with(Flaw::AllNumbers);
    caught(catalog_lists::filters_are_joined_by_and(stores)).await;
}
