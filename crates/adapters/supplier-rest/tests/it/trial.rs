//! A trial shows what each pointer found, or why it found nothing.

use crate::shop;
use domain::supplier::{RestField, RestSample, RestTrial};
use ports::Kind;

fn read(trial: &RestTrial, field: RestField) -> Result<String, String> {
    let mut reads = trial.reads.iter();
    reads.find(|r| r.field == field).unwrap().read.clone()
}

fn sample(query: &str) -> RestSample {
    RestSample {
        query: query.to_owned(),
        product: None,
    }
}

#[tokio::test]
async fn each_field_of_the_first_product_is_shown_with_its_value_or_why_not() {
    let shop = shop().await;
    let mut contract = shop.contract();
    contract
        .map
        .insert(RestField::Sku, "/no/such/place".to_owned());
    contract
        .map
        .insert(RestField::Title, "/shipping".to_owned());
    let trial = shop
        .by(contract.clone())
        .trial(&sample("mug"))
        .await
        .unwrap();
    assert_eq!(trial.stopped, None);
    assert_eq!(trial.reads.len(), contract.map.len());
    let base = &contract.base_url;
    assert_eq!(trial.asked[0], format!("{base}/products?search=mug&page=1"));
    assert_eq!(trial.items, Some(10));
    assert_eq!(read(&trial, RestField::Items).unwrap(), "10 products");
    assert!(
        read(&trial, RestField::VariantCost)
            .unwrap()
            .ends_with(" USD")
    );
    assert_eq!(
        read(&trial, RestField::Sku).unwrap_err(),
        "it finds nothing"
    );
    assert_eq!(read(&trial, RestField::Title).unwrap_err(), "is no text");
    assert!(
        read(&trial, RestField::ShipDaysMin)
            .unwrap()
            .ends_with("days")
    );
    assert_eq!((shop.calls("list"), shop.calls("product")), (1, 1));
}

#[tokio::test]
async fn what_stops_it_is_told_in_it_and_a_wrong_key_is_an_error() {
    let shop = shop().await;
    let trial = shop.open().trial(&sample("nothing like it")).await.unwrap();
    assert!(trial.stopped.unwrap().contains("the list is empty"));
    shop.fault("rest_html", 1.0);
    let trial = shop.open().trial(&sample("mug")).await.unwrap();
    assert!(
        trial.stopped.as_ref().unwrap().contains("text/html"),
        "{trial:?}"
    );
    shop.fault("rest_html", 0.0);
    let mut contract = shop.contract();
    contract.map.insert(RestField::Items, "/data".to_owned());
    let trial = shop.by(contract).trial(&sample("mug")).await.unwrap();
    assert!(
        trial
            .stopped
            .unwrap()
            .contains("/data of items finds nothing")
    );
    let rest = shop.try_open(shop.contract(), "wrong", true).unwrap();
    assert_eq!(
        rest.trial(&sample("mug")).await.unwrap_err().kind,
        Kind::Unauthorized
    );
}

#[tokio::test]
async fn without_a_list_a_product_is_looked_at_by_its_id() {
    let shop = shop().await;
    let mut contract = shop.contract();
    contract.paths.search = None;
    let trial = shop.by(contract.clone()).trial(&sample("")).await.unwrap();
    assert!(
        trial
            .stopped
            .unwrap()
            .contains("the id of a product is needed")
    );
    let by_id = RestSample {
        query: String::new(),
        product: Some(shop.id()),
    };
    let trial = shop.by(contract).trial(&by_id).await.unwrap();
    assert_eq!(read(&trial, RestField::Id).unwrap(), shop.id());
}
