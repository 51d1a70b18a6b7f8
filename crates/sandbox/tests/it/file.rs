//! A store from a file of invoices.

use std::io::Write;

use serde_json::{Value, json};

use crate::client::{Shop, small};

const LINES: &str = "Invoice,StockCode,Description,Quantity,InvoiceDate,Price,Customer ID,Country
500001,85048,GLASS BALL LIGHTS,12,2010-03-01 07:45:00,6.95,13085,United Kingdom
500001,POST,POSTAGE,1,2010-03-01 07:45:00,18.0,13085,United Kingdom
500001,PADS,PADS,1,2010-03-01 07:46:00,0.001,13085,United Kingdom
500002,79323P,\"PINK, \"\"CHERRY\"\"\",3,2010-07-01 23:30:00,2.1,,France
500002,PADS,PADS,7,2010-07-01 23:30:00,0.001,,France
C500003,85048,GLASS BALL LIGHTS,-2,2010-07-02 09:00:00,6.95,13085,United Kingdom
C500003,D,Discount,-1,2010-07-02 09:00:00,5.5,13085,United Kingdom
C500003,POST,POSTAGE,-1,2010-07-02 09:00:00,3.0,13085,United Kingdom
C500003,AMAZONFEE,AMAZON FEE,-1,2010-07-02 09:00:00,1.25,13085,United Kingdom
500004,85048,damaged,-4,2010-07-03 09:00:00,0,,United Kingdom
A500005,B,Adjust bad debt,1,2010-07-03 09:00:00,-1000,,United Kingdom
";

#[tokio::test]
async fn total_sales_are_the_sum_of_the_lines_to_the_penny() {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(LINES.as_bytes()).unwrap();
    let shop = Shop::open(sandbox::Options {
        file: Some(file.path().to_owned()),
        ..small()
    })
    .await;
    // 83.40 + 18 + 6.30 − 13.90 − 5.50 − 3 − 1.25 + 0.008 → 84.058 → 84.06
    let truth = shop.get("/__truth").await;
    assert_eq!(
        (
            &truth["total"]["total_sales"],
            &truth["currency"],
            &truth["timezone"]
        ),
        (&json!("84.06"), &json!("GBP"), &json!("Europe/London"))
    );
    assert_eq!(
        (
            &truth["total"]["discounts"],
            &truth["total"]["shipping"],
            &truth["total"]["returns"]
        ),
        (&json!("5.50"), &json!("15.00"), &json!("15.15"))
    );
    let orders = shop.data("{ orders(first: 10) { nodes { name createdAt currentTotalPriceSet { shopMoney { amount } } shippingAddress { countryCodeV2 } billingAddress { countryCodeV2 } customer { id } } } }").await;
    let orders = orders["orders"]["nodes"].as_array().unwrap();
    let names: Vec<_> = orders.iter().map(|o| o["name"].as_str().unwrap()).collect();
    assert_eq!(
        names,
        ["500001", "500002", "C500003", "500004"],
        "A… invoices are left out"
    );
    assert_eq!(
        orders[0]["createdAt"], "2010-03-01T07:45:00Z",
        "winter time is UTC"
    );
    assert_eq!(
        orders[1]["createdAt"], "2010-07-01T22:30:00Z",
        "summer time is an hour ahead"
    );
    assert_eq!(
        orders[2]["currentTotalPriceSet"]["shopMoney"]["amount"],
        "-23.65"
    );
    assert_eq!(orders[1]["customer"], Value::Null);
    assert_eq!(orders[1]["billingAddress"]["countryCodeV2"], "FR");
    let products = shop.data("{ products(first: 10) { nodes { title variants(first: 1) { nodes { sku inventoryItem { unitCost { amount } } } } } } }").await;
    assert_eq!(
        products["products"]["nodes"][1]["title"],
        "PINK, \"CHERRY\""
    );
    assert_eq!(
        products["products"]["nodes"].as_array().unwrap().len(),
        2,
        "codes that are no stock codes are no products"
    );
}

#[tokio::test]
async fn a_line_that_cannot_be_read_is_named() {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(LINES.replace("0.001,,France", "cheap,,France").as_bytes())
        .unwrap();
    let problem = sandbox::start(sandbox::Options {
        file: Some(file.path().to_owned()),
        ..small()
    })
    .await
    .unwrap_err();
    let text = format!("{problem:#}");
    assert!(text.contains("line 6") && text.contains("cheap"), "{text}");
}
