//! `productVariantsBulkUpdate`: price and compare-at price.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use serde_json::{Value as Json, json};

use super::{Change, Outcome, Problem, position, product_at, product_object};
use crate::app::Shared;
use crate::graphql::plan::PlanField;
use crate::graphql::value::{Object, Value};
use crate::money::fixed;
use crate::store::{Store, ids};

/// What a row wants of its variant.
struct Wish {
    variant: u32,
    price: Option<i64>,
    compare_at: Option<Option<i64>>,
}

pub(super) fn update(change: &mut Change<'_>) -> Outcome {
    let arguments = &change.field.arguments;
    let mut store = change.app.write();
    let product = product_at(&store, arguments.text("productId").unwrap_or_default());
    let Some(product) = product else {
        let code = Some("PRODUCT_DOES_NOT_EXIST");
        let problem = Problem::new(&["productId"], "Product does not exist", code);
        return change.refused(vec![problem]);
    };
    let rows = arguments.get("variants").and_then(Json::as_array);
    let (mut wishes, mut problems) = (Vec::new(), Vec::new());
    for (n, row) in rows.into_iter().flatten().enumerate() {
        match wish(&store, product, n, row) {
            Ok(wish) => wishes.push(wish),
            Err(found) => problems.extend(found),
        }
    }
    if !problems.is_empty() && !arguments.flag("allowPartialUpdates") {
        return change.refused(problems);
    }
    for wish in &wishes {
        grant(change, &mut store, wish);
    }
    if !wishes.is_empty() {
        change.touch_product(&mut store, product);
    }
    let variants = wishes.iter().map(|w| Object::Variant(w.variant));
    let fields = vec![
        ("product", product_object(product)),
        ("productVariants", Value::list(variants)),
    ];
    change.outcome(fields, problems)
}

fn wish(store: &Store, product: u32, n: usize, row: &Json) -> Result<Wish, Vec<Problem>> {
    let n = n.to_string();
    let at = |field: &'static str| ["variants".to_owned(), n.clone(), field.to_owned()].into();
    let problem = |field: &'static str, message: &str, code| Problem {
        field: at(field),
        message: message.to_owned(),
        code: Some(code),
    };
    let Some(gid) = row.get("id").and_then(Json::as_str) else {
        let message = "Product variant is missing ID attribute";
        return Err(vec![problem("id", message, "PRODUCT_VARIANT_ID_MISSING")]);
    };
    let variant = position(gid, "ProductVariant", ids::VARIANT, store.variants.len())
        .and_then(|v| u32::try_from(v).ok())
        .filter(|v| store.variant(*v).product == product);
    let Some(variant) = variant else {
        let code = "PRODUCT_VARIANT_DOES_NOT_EXIST";
        return Err(vec![problem("id", "Product variant does not exist", code)]);
    };
    let mut problems = Vec::new();
    let compare_at = row.get("compareAtPrice").map(|v| amount(store, v));
    if matches!(compare_at, Some(Err(()))) {
        let message = "must be greater than or equal to 0";
        problems.push(problem("compareAtPrice", message, "INVALID_INPUT"));
    }
    let price = row.get("price").map(|v| amount(store, v));
    match price {
        Some(Err(())) => problems.push(problem(
            "price",
            "Price must be greater than or equal to 0",
            "GREATER_THAN_OR_EQUAL_TO",
        )),
        Some(Ok(None)) => problems.push(problem("price", "Price can't be blank", "BLANK")),
        _ => {}
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    Ok(Wish {
        variant,
        price: price.and_then(Result::ok).flatten(),
        compare_at: compare_at.and_then(Result::ok),
    })
}

/// Minor units; more digits than the currency has are rounded off.
pub(super) fn amount(store: &Store, value: &Json) -> Result<Option<i64>, ()> {
    let text = match value {
        Json::Null => return Ok(None),
        Json::String(text) => text.clone(),
        other => other.to_string(),
    };
    let amount: Decimal = text.parse().map_err(|_| ())?;
    let scaled = amount * Decimal::from(10i64.pow(store.shop.exponent));
    let minor = scaled.round().to_i64().filter(|m| *m >= 0);
    minor.map(Some).ok_or(())
}

fn grant(change: &mut Change<'_>, store: &mut Store, wish: &Wish) {
    let exponent = store.shop.exponent;
    let text = |minor: Option<i64>| json!(minor.map(|m| fixed(m, exponent)));
    let gid = ids::gid("ProductVariant", ids::VARIANT + i64::from(wish.variant));
    let now = change.app.now();
    let variant = &mut store.variants[wish.variant as usize];
    variant.updated = now.max(variant.updated + 1);
    if let Some(price) = wish.price {
        let before = variant.reprice(now, price);
        change.note(None, (&gid, "price"), text(Some(before)), text(Some(price)));
    }
    if let Some(price) = wish.compare_at {
        let before = std::mem::replace(&mut variant.compare_at, price);
        change.note(None, (&gid, "compareAtPrice"), text(before), text(price));
    }
}

/// The shop's own staff asks for a little more for each variant whose price was just set.
pub(super) fn overtake(app: &Shared, field: &PlanField) {
    let rows = field.arguments.get("variants").and_then(Json::as_array);
    let mut store = app.write();
    let now = app.now();
    for row in rows.into_iter().flatten() {
        let gid = row["id"].as_str().unwrap_or_default();
        let found = position(gid, "ProductVariant", ids::VARIANT, store.variants.len());
        if let Some(variant) = found.map(|n| &mut store.variants[n]) {
            variant.updated = now.max(variant.updated + 1);
            variant.reprice(now, variant.price + OVERTAKEN_BY);
        }
    }
}

const OVERTAKEN_BY: i64 = 7;
