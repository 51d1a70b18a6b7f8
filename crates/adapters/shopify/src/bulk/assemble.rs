//! From a root's lines to one thing with its connections filled in.

use super::row::Head;
use super::spool::Group;
use crate::map::Unreadable;
use crate::wire::{
    Agreement, Connection, Customer, Level, LineItem, Order, Product, Ref, Sale, ShippingLine,
    Variant,
};
use serde::de::DeserializeOwned;
use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

fn read<T: DeserializeOwned>(what: &str, text: &str) -> Result<T, Unreadable> {
    serde_json::from_str(text).map_err(|e| {
        let id = serde_json::from_str::<Ref>(text).ok().and_then(|r| r.id);
        let id = id.as_deref().unwrap_or("without id");
        // The place only: the message of the parser may quote personal data.
        Unreadable(format!(
            "{what} {id}: the row has another shape than the schema's (column {})",
            e.column()
        ))
    })
}

/// Rows below a root, each id once: what Shopify repeats counts once.
fn each<'a>(group: &Group<'a>) -> Result<Vec<(Head<'a>, &'a str)>, Unreadable> {
    let mut seen: HashSet<(Cow<'a, str>, Cow<'a, str>)> = HashSet::new();
    let mut rows = Vec::with_capacity(group.below.len());
    for text in group.below.iter().copied() {
        let head: Head<'_> = serde_json::from_str(text)
            .map_err(|_| Unreadable("a row without a readable head".to_owned()))?;
        // Borrowed from the row: nothing is copied.
        let typename = head.typename.clone().unwrap_or_default();
        let id = head.id.clone();
        if id.is_none_or(|id| seen.insert((typename, id))) {
            rows.push((head, text));
        }
    }
    Ok(rows)
}

pub(super) fn order(group: &Group<'_>) -> Result<Order, Unreadable> {
    let mut order: Order = read("order", group.root)?;
    let (mut lines, mut shipping, mut agreements) = (Vec::new(), Vec::new(), Vec::new());
    let mut sales: HashMap<String, Vec<Sale>> = HashMap::new();
    for (head, text) in each(group)? {
        let typename = head.typename.as_deref().unwrap_or_default();
        match typename {
            "LineItem" => lines.push(read::<LineItem>("line", text)?),
            "ShippingLine" => shipping.push(read::<ShippingLine>("shipping line", text)?),
            _ if typename.ends_with("Agreement") => {
                agreements.push(read::<Agreement>("agreement", text)?);
            }
            _ if typename.ends_with("Sale") => {
                let parent = head.parent.unwrap_or_default().into_owned();
                sales.entry(parent).or_default().push(read("sale", text)?);
            }
            other => {
                return Err(Unreadable(format!(
                    "order {}: a row of the unexpected type {other:?}",
                    order.id.as_deref().unwrap_or_default()
                )));
            }
        }
    }
    for agreement in &mut agreements {
        let own = agreement.id.as_ref().and_then(|id| sales.remove(id));
        agreement.sales = Some(Connection::whole(own.unwrap_or_default()));
    }
    shipping.sort_by(|a, b| a.id.cmp(&b.id));
    order.line_items = Some(Connection::whole(lines));
    order.shipping_lines = Some(Connection::whole(shipping));
    order.agreements = Some(Connection::whole(agreements));
    Ok(order)
}

pub(super) fn product(group: &Group<'_>) -> Result<Product, Unreadable> {
    let mut product: Product = read("product", group.root)?;
    let rows = each(group)?;
    let variants: Result<Vec<Variant>, _> = rows.iter().map(|r| read("variant", r.1)).collect();
    product.variants = Some(Connection::whole(variants?));
    Ok(product)
}

pub(super) fn customer(group: &Group<'_>) -> Result<Customer, Unreadable> {
    read("customer", group.root)
}

/// The id of the item, and its levels.
pub(super) fn levels(group: &Group<'_>) -> Result<(String, Vec<Level>), Unreadable> {
    let item: Ref = read("inventory item", group.root)?;
    let rows = each(group)?;
    let levels: Result<Vec<Level>, _> = rows.iter().map(|r| read("inventory level", r.1)).collect();
    Ok((item.id.unwrap_or_default(), levels?))
}
