//! `productSet` for products that are new, and `productDelete`.

use serde_json::{Value as Json, json};

use super::prices::amount;
use super::{Change, Outcome, Problem, product_at, product_object};
use crate::graphql::value::Value;
use crate::store::{Deletion, Product, Store, Variant, ids};

type Fault = (&'static [&'static str], String, &'static str);

pub(super) fn set(change: &mut Change<'_>) -> Outcome {
    let arguments = &change.field.arguments;
    if arguments.get("identifier").is_some() {
        let message = "the sandbox makes products and does not change them";
        return change.failed(message, "INTERNAL_SERVER_ERROR");
    }
    let input = arguments.get("input").cloned().unwrap_or_default();
    let mut store = change.app.write();
    let (product, variants) = match read(&store, &input, change.app.now()) {
        Ok(read) => read,
        Err((field, message, code)) => {
            return change.refused(vec![Problem::new(field, &message, Some(code))]);
        }
    };
    let n = u32::try_from(store.products.len()).unwrap_or(u32::MAX);
    let number = ids::PRODUCT + i64::from(n);
    let gid = ids::gid("Product", number);
    let after = json!({
        "handle": product.handle, "status": product.status, "variants": variants.len(), "files": input["files"],
    });
    // Nobody asks for it by himself; what it would sell for is not known.
    let wanted = store.popularity.last().copied().unwrap_or_default();
    store.popularity.extend(variants.iter().map(|_| wanted));
    store
        .demand
        .references
        .extend(variants.iter().map(|v| v.price));
    store.demand.elasticities.push(None);
    store.products.push(product);
    store.variants.extend(variants);
    change.note(None, (&gid, "product"), Json::Null, after);
    change.touch_product(&mut store, n);
    change.outcome(vec![("product", product_object(n))], Vec::new())
}

fn read(store: &Store, input: &Json, now: i64) -> Result<(Product, Vec<Variant>), Fault> {
    let text = |name: &str| input[name].as_str().unwrap_or_default().trim().to_owned();
    let (title, handle) = (text("title"), text("handle"));
    if title.is_empty() {
        let message = "Title can't be blank".to_owned();
        return Err((&["input", "title"], message, "INVALID_PRODUCT"));
    }
    let is_taken = |p: &Product| p.deleted.is_none() && p.handle == handle;
    if store.products.iter().any(is_taken) {
        let message = format!("Handle '{handle}' already in use. Please provide a new handle.");
        return Err((&["input", "handle"], message, "HANDLE_NOT_UNIQUE"));
    }
    let options = named(&input["productOptions"]);
    let rows = input["variants"].as_array().cloned().unwrap_or_default();
    if rows.is_empty() || options.is_empty() {
        let message = "Product options and variants are needed".to_owned();
        return Err((&["input", "variants"], message, "VARIANTS_INPUT_MISSING"));
    }
    let product = u32::try_from(store.products.len()).unwrap_or(u32::MAX);
    let mut variants = Vec::new();
    for row in &rows {
        variants.push(variant(store, row, (product, options.len(), now))?);
    }
    let first = u32::try_from(store.variants.len()).unwrap_or(u32::MAX);
    let status = match input["status"].as_str() {
        Some("DRAFT") => "DRAFT",
        Some("ARCHIVED") => "ARCHIVED",
        _ => "ACTIVE",
    };
    let made = Product {
        title,
        handle,
        vendor: text("vendor"),
        kind: text("productType"),
        description: text("descriptionHtml"),
        options,
        tags: Vec::new(),
        status,
        gift_card: false,
        created: now,
        updated: now,
        deleted: None,
        variants: first..first + u32::try_from(variants.len()).unwrap_or_default(),
    };
    Ok((made, variants))
}

fn named(list: &Json) -> Vec<String> {
    let rows = list.as_array().into_iter().flatten();
    rows.filter_map(|row| row["name"].as_str())
        .map(str::to_owned)
        .collect()
}

fn variant(
    store: &Store,
    row: &Json,
    (product, options, now): (u32, usize, i64),
) -> Result<Variant, Fault> {
    let values = named(&row["optionValues"]);
    if values.len() != options {
        let message = "Option values are missing".to_owned();
        return Err((&["input", "variants"], message, "OPTION_VALUES_MISSING"));
    }
    let money = |value: &Json| {
        let message = "Price must be greater than or equal to 0".to_owned();
        amount(store, value).map_err(|()| (&["input", "variants"][..], message, "INVALID_VARIANT"))
    };
    let item = &row["inventoryItem"];
    let sku = item["sku"].as_str().or_else(|| row["sku"].as_str());
    Ok(Variant {
        product,
        title: values.join(" / "),
        sku: sku.unwrap_or_default().to_owned(),
        price: money(&row["price"])?.unwrap_or_default(),
        earlier: Vec::new(),
        compare_at: money(&row["compareAtPrice"])?,
        costs: vec![(0, money(&item["cost"])?)],
        tracked: item["tracked"] == true,
        stock: [0; 2],
        updated: now,
    })
}

pub(super) fn delete(change: &mut Change<'_>) -> Outcome {
    let input = change.field.arguments.get("input").cloned();
    let gid = input.unwrap_or_default()["id"]
        .as_str()
        .unwrap_or_default()
        .to_owned();
    let mut store = change.app.write();
    let Some(product) = product_at(&store, &gid) else {
        let problem = Problem::new(&["id"], "Product does not exist", None);
        return change.refused(vec![problem]);
    };
    let at = change.app.now();
    let there = &mut store.products[product as usize];
    there.deleted = Some(at);
    let number = ids::PRODUCT + i64::from(product);
    let gone = Deletion {
        at,
        kind: "PRODUCT",
        number,
        title: there.title.clone(),
    };
    store.deletions.push(gone);
    change.note(None, (&gid, "product"), json!("there"), json!("deleted"));
    let about = ("x-shopify-product-id", number);
    change
        .news
        .push(("PRODUCTS_DELETE", json!({ "id": number }), about));
    change.outcome(vec![("deletedProductId", Value::text(gid))], Vec::new())
}
