//! Reading things by id: immediate, unlike the search index.

use crate::client::Client;
use crate::documents::{CUSTOMERS_BY_ID, Document, ORDERS_BY_ID, PRODUCTS_BY_ID};
use crate::identity;
use crate::map;
use crate::nested;
use crate::notes::Notes;
use crate::wire::{Customer, Nodes, Order, Product};
use ports::source::{Fact, FactRef, Fetched};
use ports::{Kind, PortError, PortResult, Retry};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::time::Duration;

pub(crate) async fn fetch(
    client: &Client,
    refs: &[FactRef],
    notes: &mut Notes,
) -> PortResult<Vec<Fetched>> {
    let once: BTreeSet<FactRef> = refs.iter().copied().collect();
    let mut found = Vec::with_capacity(once.len());
    let of = |wanted: fn(&FactRef) -> bool| once.iter().copied().filter(wanted).collect::<Vec<_>>();
    let orders = of(|r| matches!(r, FactRef::Order(_)));
    let products = of(|r| matches!(r, FactRef::Product(_)));
    let customers = of(|r| matches!(r, FactRef::Customer(_)));
    fetch_orders(client, &orders, &mut found, notes).await?;
    fetch_products(client, &products, &mut found, notes).await?;
    fetch_customers(client, &customers, &mut found, notes).await?;
    Ok(found)
}

fn gid(reference: FactRef) -> String {
    match reference {
        FactRef::Order(id) => format!("gid://shopify/Order/{id}"),
        FactRef::Product(id) => format!("gid://shopify/Product/{id}"),
        FactRef::Customer(id) => format!("gid://shopify/Customer/{id}"),
    }
}

async fn rows<T: DeserializeOwned>(
    client: &Client,
    document: &Document,
    refs: &[FactRef],
    usual: u32,
    notes: &mut Notes,
) -> PortResult<Vec<Option<T>>> {
    let ids: Vec<String> = refs.iter().copied().map(gid).collect();
    nodes(client, document, &ids, &json!({}), usual, notes).await
}

/// Rows in the order of the ids; fewer ids a call when the shop finds so many too heavy. `more`: the document's other variables.
pub(crate) async fn nodes<T: DeserializeOwned>(
    client: &Client,
    document: &Document,
    wanted: &[String],
    more: &Value,
    usual: u32,
    notes: &mut Notes,
) -> PortResult<Vec<Option<T>>> {
    let mut rows = Vec::with_capacity(wanted.len());
    while rows.len() < wanted.len() {
        let size = client.memory.page(document.operation, usual).max(1);
        let until = wanted.len().min(rows.len() + size as usize);
        let ids = &wanted[rows.len()..until];
        let mut variables = more.clone();
        variables["ids"] = json!(ids);
        let asked: PortResult<Nodes<T>> = client.read(document, variables, notes).await;
        let answer = match asked {
            Ok(answer) => answer,
            Err(e) if size > 1 && crate::changes::too_heavy(&e) => {
                client.memory.set_page(document.operation, size / 2);
                continue;
            }
            Err(e) => return Err(e),
        };
        let nodes = answer.nodes.unwrap_or_default();
        if nodes.len() != ids.len() {
            return Err(client.error(
                Kind::Corrupt,
                Retry::After(Duration::from_secs(5)),
                document.operation,
                format!(
                    "{} answered {} things for {} ids.",
                    client.shop.domain,
                    nodes.len(),
                    ids.len()
                ),
            ));
        }
        rows.extend(nodes);
    }
    Ok(rows)
}

/// Whether a row stands behind the id; `{}` is a node of another type.
fn there<T>(row: Option<T>, id: impl Fn(&T) -> bool) -> Option<T> {
    row.filter(id)
}

async fn fetch_orders(
    client: &Client,
    refs: &[FactRef],
    found: &mut Vec<Fetched>,
    notes: &mut Notes,
) -> PortResult<()> {
    let rows: Vec<Option<Order>> = rows(client, &ORDERS_BY_ID, refs, 5, notes).await?;
    for (reference, row) in refs.iter().zip(rows) {
        match there(row, |o| o.id.is_some()) {
            Some(mut order) => {
                nested::rest_of_order(client, &mut order, notes).await?;
                let order = map::order(&order, notes)
                    .map_err(|e| client.unreadable("orders.fetch", &e))?;
                found.push(Fetched::Found(Fact::Order(Box::new(order))));
            }
            None if identity::sees_all_orders(client, notes).await? => {
                found.push(Fetched::Gone(*reference));
            }
            // Orders older than 60 days are invisible without the scope: null does not prove that it was deleted.
            None => notes.add(
                "scope_missing",
                format!("read_all_orders is not granted: {reference:?} may be older than 60 days and cannot be read."),
            ),
        }
    }
    Ok(())
}

async fn fetch_products(
    client: &Client,
    refs: &[FactRef],
    found: &mut Vec<Fetched>,
    notes: &mut Notes,
) -> PortResult<()> {
    let rows: Vec<Option<Product>> = rows(client, &PRODUCTS_BY_ID, refs, 10, notes).await?;
    for (reference, row) in refs.iter().zip(rows) {
        match there(row, |p| p.id.is_some()) {
            Some(mut product) => {
                nested::rest_of_product(client, &mut product, notes).await?;
                let fact = product_fact(client, &product, notes).await?;
                found.push(Fetched::Found(fact));
            }
            None => found.push(Fetched::Gone(*reference)),
        }
    }
    Ok(())
}

pub(crate) async fn product_fact(
    client: &Client,
    product: &Product,
    notes: &mut Notes,
) -> Result<Fact, PortError> {
    let currency = identity::currency(client, notes).await?;
    let product =
        map::product(product, currency).map_err(|e| client.unreadable("products.read", &e))?;
    Ok(Fact::Product(Box::new(product)))
}

async fn fetch_customers(
    client: &Client,
    refs: &[FactRef],
    found: &mut Vec<Fetched>,
    notes: &mut Notes,
) -> PortResult<()> {
    let rows: Vec<Option<Customer>> = rows(client, &CUSTOMERS_BY_ID, refs, 50, notes).await?;
    for (reference, row) in refs.iter().zip(rows) {
        match there(row, |c| c.id.is_some()) {
            Some(customer) => {
                let customer = map::customer(&customer)
                    .map_err(|e| client.unreadable("customers.fetch", &e))?;
                found.push(Fetched::Found(Fact::Customer(customer)));
            }
            None => found.push(Fetched::Gone(*reference)),
        }
    }
    Ok(())
}
