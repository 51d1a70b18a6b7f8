//! Lists by number, by cursor and by address, and those that go round or lead elsewhere.

use crate::shop;
use domain::supplier::Search;
use ports::Kind;
use ports::supplier_platforms::SupplierSource as _;
use testkit::laws::supplier_platforms as laws;

const BY_CURSOR: &str = "/feed?search={query}&after={cursor}";
const BY_ADDRESS: &str = "/linked?search={query}";

fn page(page: u32) -> Search {
    Search {
        text: Some("mug".to_owned()),
        ships_from: None,
        page,
    }
}

#[tokio::test]
async fn each_way_of_paging_finds_everything_once() {
    let shop = shop().await;
    for path in [BY_CURSOR, BY_ADDRESS] {
        let mut contract = shop.contract();
        contract.paths.search = Some(path.to_owned());
        let rest = shop.by(contract.clone());
        laws::each_product_is_found_once_over_all_pages(&rest, &Search::default()).await;
        // Another process goes on in the middle.
        let third = Search {
            page: 3,
            ..Search::default()
        };
        let found = shop.by(contract).search(&third).await.unwrap();
        assert_eq!((found.items.len(), found.has_more), (20, false), "{path}");
    }
    let found = shop.open().search(&page(1)).await.unwrap();
    assert_eq!(found.items.len(), 10);
    assert!(
        found
            .items
            .iter()
            .all(|hit| hit.title.as_ref().unwrap().contains("Mug"))
    );
}

#[tokio::test]
async fn a_list_without_a_pointer_to_the_next_page_ends_with_an_empty_one() {
    let shop = shop().await;
    let contract = crate::without(shop.contract(), &[domain::supplier::RestField::NextPage]);
    let rest = shop.by(contract);
    laws::each_product_is_found_once_over_all_pages(&rest, &Search::default()).await;
}

#[tokio::test]
async fn a_page_that_repeats_itself_is_an_error_and_no_loop() {
    let shop = shop().await;
    shop.fault("rest_repeat", 1.0);
    for path in ["/products?page={page}", BY_CURSOR, BY_ADDRESS] {
        let mut contract = shop.contract();
        contract.paths.search = Some(path.to_owned());
        let rest = shop.by(contract);
        let mut number = 1;
        let error = loop {
            let search = Search {
                page: number,
                ..Search::default()
            };
            match rest.search(&search).await {
                Ok(_) => number += 1,
                Err(error) => break error,
            }
            assert!(number < 4, "{path} goes round");
        };
        assert_eq!(error.kind, Kind::Corrupt);
        assert!(error.detail.contains("does not end"), "{error}");
    }
}

#[tokio::test]
async fn a_next_page_on_another_host_is_not_asked_for() {
    let shop = shop().await;
    shop.fault("rest_elsewhere", 1.0);
    let mut contract = shop.contract();
    contract.paths.search = Some(BY_ADDRESS.to_owned());
    let error = shop
        .by(contract)
        .search(&Search::default())
        .await
        .unwrap_err();
    assert_eq!(error.kind, Kind::Corrupt);
    assert!(
        error.detail.contains("another host, elsewhere.example"),
        "{error}"
    );
}
