//! `tagsAdd` and `tagsRemove` for orders and products.

use serde_json::json;

use super::{Change, Outcome, order_at, product_at, product_object};
use crate::graphql::errors::access_denied;
use crate::graphql::plan::holds;
use crate::graphql::resolve::order_tags;
use crate::graphql::value::{Object, Value};
use crate::store::Store;

/// What carries the tags.
#[derive(Clone, Copy)]
enum Thing {
    Order(usize),
    Product(u32),
}

pub(super) fn change(change: &mut Change<'_>, add: bool) -> Outcome {
    let arguments = &change.field.arguments;
    let gid = arguments.text("id").unwrap_or_default().to_owned();
    // One text may hold several, with commas between them.
    let wanted: Vec<String> = arguments
        .list("tags")
        .into_iter()
        .flat_map(|t| t.split(','))
        .map(|t| t.trim().to_owned())
        .filter(|t| !t.is_empty())
        .collect();
    let mut store = change.app.write();
    let thing = order_at(&store, &gid)
        .map(Thing::Order)
        .or_else(|| product_at(&store, &gid).map(Thing::Product));
    let Some(thing) = thing else {
        return change.failed("invalid id", "RESOURCE_NOT_FOUND");
    };
    let scope = match thing {
        Thing::Order(_) => "write_orders",
        Thing::Product(_) => "write_products",
    };
    if !holds(change.scopes, scope) {
        let path = std::slice::from_ref(&change.field.key);
        return Outcome {
            value: Value::Null,
            error: Some(access_denied(change.kind, scope, path)),
        };
    }
    let before = tags(&store, thing);
    let mut after = before.clone();
    for tag in &wanted {
        match (add, after.iter().position(|t| same(t, tag))) {
            (true, None) => after.push(tag.clone()),
            (false, Some(there)) => drop(after.remove(there)),
            _ => {}
        }
    }
    after.sort_by_key(|t| t.to_lowercase());
    change.note(None, (&gid, "tags"), json!(before), json!(after));
    let node = match thing {
        Thing::Order(order) => {
            let number = store.orders[order].index;
            store.tags.insert(number, after);
            change.touch_order(&mut store, order);
            Value::Object(Object::OrderAt(number))
        }
        Thing::Product(product) => {
            store.products[product as usize].tags = after;
            change.touch_product(&mut store, product);
            product_object(product)
        }
    };
    change.outcome(vec![("node", node)], Vec::new())
}

fn tags(store: &Store, thing: Thing) -> Vec<String> {
    match thing {
        Thing::Order(order) => {
            let tags = order_tags(store, &store.orders[order]);
            tags.into_iter().map(Into::into).collect()
        }
        Thing::Product(product) => store.product(product).tags.clone(),
    }
}

fn same(one: &str, other: &str) -> bool {
    one.trim().to_lowercase() == other.trim().to_lowercase()
}
