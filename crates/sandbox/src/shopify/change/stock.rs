//! `inventorySetQuantities` with the rules of 2026: a key, and the quantity that each change starts from.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::{Value as Json, json};

use super::writes::Known;
use super::{Change, Outcome, Problem, position};
use crate::graphql::resolve::{id, time};
use crate::graphql::value::{Object, Value};
use crate::shopify::payload;
use crate::store::{Store, ids};

const REASONS: [&str; 17] = [
    "correction",
    "cycle_count_available",
    "damaged",
    "movement_canceled",
    "movement_created",
    "movement_received",
    "movement_updated",
    "other",
    "promotion",
    "quality_control",
    "received",
    "reservation_created",
    "reservation_deleted",
    "reservation_updated",
    "restock",
    "safety_stock",
    "shrinkage",
];
const MOST: i64 = 1_000_000_000;

/// One quantity as it shall be.
struct Row {
    variant: usize,
    location: usize,
    quantity: i32,
}

pub(super) fn set(change: &mut Change<'_>) -> Outcome {
    let arguments = &change.field.arguments;
    let Some(key) = change.field.key_of_write.clone() else {
        let message =
            "The @idempotent directive is required for this mutation but was not provided.";
        return change.failed(message, "BAD_REQUEST");
    };
    let asked = arguments.fingerprint();
    match change.writes.known(change.kind, &key, &asked) {
        Known::Answer(value) => return Outcome { value, error: None },
        Known::Other => {
            let message =
                "The same idempotency key cannot be used with different operation parameters.";
            let code = Some("IDEMPOTENCY_KEY_PARAMETER_MISMATCH");
            return change.refused(vec![Problem::new(&["idempotencyKey"], message, code)]);
        }
        Known::Nothing => {}
    }
    let input = arguments.get("input").cloned().unwrap_or_default();
    let quantities = input["quantities"].as_array().cloned().unwrap_or_default();
    if quantities
        .iter()
        .any(|q| q.get("changeFromQuantity").is_none())
    {
        let message =
            "InventoryQuantityInput must include the following argument: changeFromQuantity.";
        return change.failed(message, "INVALID_FIELD_ARGUMENTS");
    }
    let outcome = make(change, &key, &input, &quantities);
    change.writes.keep(&key, asked, outcome.value.clone());
    outcome
}

fn make(change: &mut Change<'_>, key: &str, input: &Json, quantities: &[Json]) -> Outcome {
    let mut store = change.app.write();
    let (rows, problems) = check(&store, input, quantities);
    if !problems.is_empty() {
        return change.refused(problems);
    }
    let now = change.app.now();
    for row in &rows {
        let variant = &mut store.variants[row.variant];
        variant.updated = now.max(variant.updated + 1);
        let before = std::mem::replace(&mut variant.stock[row.location], row.quantity);
        let item = ids::gid("InventoryItem", ids::ITEM + row.variant as i64);
        let at = ids::LOCATION + row.location as i64;
        let target = format!("{item}@{at}");
        change.note(
            Some(key),
            (&target, "available"),
            json!(before),
            json!(row.quantity),
        );
        let about = (
            "x-shopify-inventory-item-id",
            ids::ITEM + row.variant as i64,
        );
        let number = u32::try_from(row.variant).unwrap_or(u32::MAX);
        let body = payload::level(&store, number, row.location);
        change.news.push(("INVENTORY_LEVELS_UPDATE", body, about));
    }
    let number = ids::ADJUSTMENT + now;
    let reference = input["referenceDocumentUri"].as_str().map(str::to_owned);
    let group = vec![
        ("createdAt", Value::text(time(now))),
        ("id", id("InventoryAdjustmentGroup", number)),
        ("reason", Value::text(word(input, "reason").to_owned())),
        ("referenceDocumentUri", Value::maybe(reference)),
    ];
    let group = Object::Made("InventoryAdjustmentGroup", Arc::new(group));
    change.outcome(
        vec![("inventoryAdjustmentGroup", Value::Object(group))],
        Vec::new(),
    )
}

fn word<'a>(input: &'a Json, name: &str) -> &'a str {
    input[name].as_str().unwrap_or_default()
}

/// All rows, or what is wrong with them: one that cannot be made keeps the others from being made.
fn check(store: &Store, input: &Json, quantities: &[Json]) -> (Vec<Row>, Vec<Problem>) {
    let (mut rows, mut problems) = (Vec::new(), Vec::new());
    let name = word(input, "name");
    if !matches!(name, "available" | "on_hand") {
        let message = "The quantity name must be either 'available' or 'on_hand'.";
        problems.push(Problem::new(
            &["input", "name"],
            message,
            Some("INVALID_NAME"),
        ));
    }
    if !REASONS.contains(&word(input, "reason")) {
        let message = format!(
            "The specified reason is invalid. Valid values are: {}.",
            REASONS.join(", ")
        );
        let code = Some("INVALID_REASON");
        problems.push(Problem::new(&["input", "reason"], &message, code));
    }
    let mut seen = BTreeSet::new();
    for (n, row) in quantities.iter().enumerate() {
        match check_row(store, name, row) {
            Ok(row) if seen.insert((row.variant, row.location)) => rows.push(row),
            Ok(_) => {
                let message = "The combination of inventoryItemId and locationId must be unique.";
                let code = Some("NO_DUPLICATE_INVENTORY_ITEM_ID_GROUP_ID_PAIR");
                let at = ["input", "quantities", &n.to_string(), "inventoryItemId"];
                problems.push(Problem::new(&at, message, code));
            }
            Err((field, message, code)) => {
                let at = ["input", "quantities", &n.to_string(), field];
                problems.push(Problem::new(&at, message, Some(code)));
            }
        }
    }
    (rows, problems)
}

fn check_row(
    store: &Store,
    name: &str,
    row: &Json,
) -> Result<Row, (&'static str, &'static str, &'static str)> {
    let text = |name: &str| row[name].as_str().unwrap_or_default();
    let item = text("inventoryItemId");
    let variant = position(item, "InventoryItem", ids::ITEM, store.variants.len()).ok_or((
        "inventoryItemId",
        "The specified inventory item could not be found.",
        "INVALID_INVENTORY_ITEM",
    ))?;
    let place = text("locationId");
    let location = position(place, "Location", ids::LOCATION, store.locations.len()).ok_or((
        "locationId",
        "The specified location could not be found.",
        "INVALID_LOCATION",
    ))?;
    let quantity = row["quantity"].as_i64().unwrap_or_default();
    let refused = |message, code| Err(("quantity", message, code));
    match quantity {
        ..0 if name == "on_hand" => {
            return refused(
                "The quantity can't be negative.",
                "INVALID_QUANTITY_NEGATIVE",
            );
        }
        ..-1_000_000_000 => {
            return refused(
                "The quantity can't be lower than -1,000,000,000.",
                "INVALID_QUANTITY_TOO_LOW",
            );
        }
        _ if quantity > MOST => {
            return refused(
                "The quantity can't be higher than 1,000,000,000.",
                "INVALID_QUANTITY_TOO_HIGH",
            );
        }
        _ => {}
    }
    let there = i64::from(store.variants[variant].stock[location]);
    if row["changeFromQuantity"]
        .as_i64()
        .is_some_and(|from| from != there)
    {
        return Err((
            "changeFromQuantity",
            "The changeFromQuantity argument no longer matches the persisted quantity.",
            "CHANGE_FROM_QUANTITY_STALE",
        ));
    }
    Ok(Row {
        variant,
        location,
        quantity: i32::try_from(quantity).unwrap_or_default(),
    })
}
