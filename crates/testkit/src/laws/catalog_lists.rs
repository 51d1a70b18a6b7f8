//! Laws of [`ports::catalog::CatalogStore::list`].

use super::tools::{connected, refused};
use crate::Stores;
use crate::builders::{ProductBuilder, VariantBuilder, at};
use chrono::Duration;
use domain::ids::{ProductId, StoreScope};
use ports::catalog::{ProductQuery, ProductSort, StoredProduct};
use ports::{Kind, PageRequest};

async fn save(stores: &Stores, scope: StoreScope, products: Vec<ProductBuilder>) {
    let batch: Vec<_> = products.into_iter().map(ProductBuilder::build).collect();
    let saved = stores.catalog.save(scope, &batch, at("2026-02-01")).await;
    saved.expect("saved");
}

async fn pages(
    stores: &Stores,
    scope: StoreScope,
    query: &ProductQuery,
    limit: u32,
) -> Vec<StoredProduct> {
    let mut request = PageRequest::first(limit);
    let (mut all, mut totals) = (Vec::new(), Vec::new());
    loop {
        let page = stores
            .catalog
            .list(scope, query, &request)
            .await
            .expect("a page");
        assert!(page.items.len() <= limit as usize, "a page keeps its limit");
        all.extend(page.items);
        totals.extend(page.total);
        assert!(all.len() < 1000, "paging ends");
        match page.next_cursor {
            Some(cursor) => request.cursor = Some(cursor),
            None => break,
        }
    }
    for total in totals {
        assert_eq!(total, all.len() as u64, "the total is over all pages");
    }
    all
}

async fn found(stores: &Stores, scope: StoreScope, query: ProductQuery) -> Vec<i64> {
    let all = pages(stores, scope, &query, 50).await;
    let mut numbers: Vec<_> = all.iter().map(|p| p.product.id.0).collect();
    numbers.sort_unstable();
    let asked = stores.catalog.numbers(scope, &query).await;
    let mut of_all: Vec<_> = asked.expect("asked").iter().map(|id| id.0).collect();
    of_all.sort_unstable();
    assert_eq!(of_all, numbers, "the numbers are those of the list");
    numbers
}

async fn many_with_ties(stores: &Stores, scope: StoreScope) {
    let titles = ["beta", "Alpha", "Gamma", "alpha"];
    let products = titles.iter().cycle().zip(1..=22_i64).map(|(title, id)| {
        let created_at = at("2026-01-01") + Duration::hours(id % 3);
        ProductBuilder::new(id).titled(title).created_at(created_at)
    });
    save(stores, scope, products.collect()).await;
}

pub async fn every_product_is_on_exactly_one_page_in_every_sort(stores: Stores) {
    let scope = connected(&stores, 1, 1).await;
    many_with_ties(&stores, scope).await;
    for sort in [ProductSort::Title, ProductSort::NewestFirst] {
        for limit in [1, 5, 22, 50] {
            let query = ProductQuery {
                sort,
                ..ProductQuery::default()
            };
            let all = pages(&stores, scope, &query, limit).await;
            let mut numbers: Vec<_> = all.iter().map(|p| p.product.id.0).collect();
            numbers.sort_unstable();
            assert_eq!(numbers, (1..=22).collect::<Vec<_>>(), "{sort:?} by {limit}");
            let sorted = match sort {
                ProductSort::Title => {
                    all.is_sorted_by_key(|p| p.product.title.to_ascii_lowercase())
                }
                ProductSort::NewestFirst => {
                    all.is_sorted_by(|a, b| a.product.created_at >= b.product.created_at)
                }
            };
            assert!(sorted, "{sort:?} by {limit}");
        }
    }
}

pub async fn a_cursor_of_another_sort_is_refused(stores: Stores) {
    let scope = connected(&stores, 1, 1).await;
    many_with_ties(&stores, scope).await;
    let by_title = ProductQuery::default();
    let page = stores
        .catalog
        .list(scope, &by_title, &PageRequest::first(5))
        .await;
    let cursor = page.expect("a page").next_cursor;
    assert!(cursor.is_some(), "there are more");
    let newest = ProductQuery {
        sort: ProductSort::NewestFirst,
        ..ProductQuery::default()
    };
    let request = PageRequest { cursor, limit: 5 };
    refused(
        stores.catalog.list(scope, &newest, &request).await,
        Kind::Rejected,
    );
    let nonsense = PageRequest {
        cursor: Some("nonsense".to_owned()),
        limit: 5,
    };
    refused(
        stores.catalog.list(scope, &by_title, &nonsense).await,
        Kind::Rejected,
    );
}

pub async fn text_finds_titles_vendors_types_skus_and_numbers(stores: Stores) {
    let scope = connected(&stores, 1, 1).await;
    let plain = |id| {
        ProductBuilder::new(id)
            .titled("x")
            .vendor("x")
            .product_type("x")
    };
    save(
        &stores,
        scope,
        vec![
            plain(9_001_000_100_010_001).titled("Linen Shirt"),
            plain(2)
                .vendor("SHIRTMAKER")
                .variant(VariantBuilder::new(20, 1).sku("LIN-100%")),
            plain(3)
                .product_type("T-shirt")
                .variant(VariantBuilder::new(30, 1).sku("a_b")),
            plain(4)
                .variant(VariantBuilder::new(40, 1))
                .variant(VariantBuilder::new(41, 1).sku("aXb")),
        ],
    )
    .await;
    let find = async |text: &str| {
        let query = ProductQuery {
            text: Some(text.to_owned()),
            ..ProductQuery::default()
        };
        found(&stores, scope, query).await
    };
    assert_eq!(find("shirt").await, [2, 3, 9_001_000_100_010_001]);
    assert_eq!(find("lin").await, [2, 9_001_000_100_010_001]);
    assert_eq!(find("100%").await, [2]);
    assert_eq!(find("A_B").await, [3]);
    assert_eq!(find("sku-4").await, [4]);
    assert_eq!(find("9001000100010001").await, [9_001_000_100_010_001]);
    assert!(find("nothing").await.is_empty());
}

pub async fn filters_are_joined_by_and(stores: Stores) {
    let scope = connected(&stores, 1, 1).await;
    let with = |id: i64, costs: &[Option<&str>]| {
        let variants = costs.iter().zip(id * 10..).map(|(cost, number)| {
            let variant = VariantBuilder::new(number, 100);
            cost.map_or(variant.clone(), |cost| variant.cost(cost, "USD"))
        });
        variants.fold(ProductBuilder::new(id), ProductBuilder::variant)
    };
    save(
        &stores,
        scope,
        vec![
            with(1, &[Some("1"), Some("0")]),
            with(2, &[Some("1"), None]).status("draft"),
            with(3, &[None]),
            with(4, &[]).status("draft"),
        ],
    )
    .await;
    type Set = fn(&mut ProductQuery);
    let draft: Set = |q| q.status = Some("draft".to_owned());
    let lacking: Set = |q| q.cost_missing = Some(true);
    let complete: Set = |q| q.cost_missing = Some(false);
    let some: Set = |q| q.ids = Some([3, 1, 9].map(ProductId).into());
    let cases: [(&[Set], &[i64]); 7] = [
        (&[draft], &[2, 4]),
        (&[lacking], &[2, 3]),
        (&[complete], &[1, 4]),
        (&[some], &[1, 3]),
        (&[|q| q.ids = Some(Vec::new())], &[]),
        (&[draft, lacking], &[2]),
        (&[draft, some], &[]),
    ];
    for (filters, expected) in cases {
        let mut query = ProductQuery::default();
        filters.iter().for_each(|set| set(&mut query));
        assert_eq!(
            found(&stores, scope, query.clone()).await,
            expected,
            "{query:?}"
        );
    }
}

pub async fn deleted_products_are_not_listed(stores: Stores) {
    let scope = connected(&stores, 1, 1).await;
    save(&stores, scope, (1..=3).map(ProductBuilder::new).collect()).await;
    let removed = stores
        .catalog
        .remove(scope, &[ProductId(2)], at("2026-02-02"))
        .await;
    assert_eq!(removed.expect("removed"), 1);
    assert_eq!(found(&stores, scope, ProductQuery::default()).await, [1, 3]);
}
