//! Who answers, what is granted, and how much there is.

use crate::client::Client;
use crate::documents::{Document, IDENTITY, TOTAL_CUSTOMERS, TOTAL_ORDERS, TOTAL_PRODUCTS};
use crate::notes::Notes;
use crate::scopes;
use crate::wire::{self, Connection, Count};
use chrono::{DateTime, Utc};
use domain::money::Currency;
use ports::source::{SourceIdentity, SourceTotals};
use ports::{Kind, PortError, PortResult, Retry};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::json;

pub(crate) async fn identify(client: &Client) -> PortResult<SourceIdentity> {
    // A deliberate look: what was refused may work by now.
    client.http.credentials_renewed();
    client.memory.reopen();
    let mut notes = Notes::default();
    let (shop, granted) = ask(client, &mut notes).await?;
    let lacks = |field: &str| lacking(client, field);
    let domain = shop
        .myshopify_domain
        .ok_or_else(|| lacks("myshopifyDomain"))?;
    let asked = &client.shop.domain;
    if client.shop.is_shopify() && domain != *asked {
        notes.add(
            "shop_alias",
            format!("{asked} is another name of {domain}; the permanent name is used from now on."),
        );
    }
    let code = shop.currency_code.ok_or_else(|| lacks("currencyCode"))?;
    let granted = granted.unwrap_or_default();
    client.memory.set_granted(granted.clone());
    let scopes = scopes::compare(granted);
    // What only changes need is no news for somebody who reads.
    for missing in scopes.missing.iter().filter(|m| !m.for_changes) {
        let message = format!("{} is not granted. {}", missing.scope, missing.costs);
        notes.add("scope_missing", message);
    }
    Ok(SourceIdentity {
        name: shop.name.unwrap_or_else(|| domain.clone()),
        currency: parse_currency(client, &code)?,
        timezone: shop.iana_timezone.ok_or_else(|| lacks("ianaTimezone"))?,
        scopes,
        api_version: client
            .memory
            .answered()
            .unwrap_or_else(|| client.version.clone()),
        is_sandbox: !client.shop.is_shopify(),
        warnings: notes.take(),
        domain,
    })
}

async fn ask(
    client: &Client,
    notes: &mut Notes,
) -> PortResult<(wire::ShopRow, Option<Vec<String>>)> {
    let answer: wire::Identity = client.read(&IDENTITY, json!({}), notes).await?;
    let shop = answer.shop.ok_or_else(|| lacking(client, "shop"))?;
    let scopes = answer
        .current_app_installation
        .and_then(|i| i.access_scopes);
    let handles = scopes.map(|all| all.into_iter().filter_map(|s| s.handle).collect());
    Ok((shop, handles))
}

fn lacking(client: &Client, field: &str) -> PortError {
    let detail = format!("{} does not tell its {field}.", client.shop.domain);
    client.error(Kind::Corrupt, Retry::Never, "store.identify", detail)
}

fn parse_currency(client: &Client, code: &str) -> PortResult<Currency> {
    let parsed = Currency::parse(code).map_err(|e| {
        let detail = format!(
            "{} sells in a currency that cannot be read: {e}.",
            client.shop.domain
        );
        client.error(Kind::Corrupt, Retry::Never, "store.identify", detail)
    })?;
    client.memory.set_currency(parsed);
    Ok(parsed)
}

/// The shop's currency, in which bare prices are.
pub(crate) async fn currency(client: &Client, notes: &mut Notes) -> PortResult<Currency> {
    if let Some(known) = client.memory.currency() {
        return Ok(known);
    }
    let (shop, _) = ask(client, notes).await?;
    let code = shop
        .currency_code
        .ok_or_else(|| lacking(client, "currencyCode"))?;
    parse_currency(client, &code)
}

/// Whether orders of any age can be read; asked once.
pub(crate) async fn sees_all_orders(client: &Client, notes: &mut Notes) -> PortResult<bool> {
    let granted = match client.memory.granted() {
        Some(granted) => granted,
        None => {
            let (_, granted) = ask(client, notes).await?;
            let granted = granted.unwrap_or_default();
            client.memory.set_granted(granted.clone());
            granted
        }
    };
    Ok(scopes::grants(&granted, scopes::ALL_ORDERS))
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Totals {
    orders_count: Option<Count>,
    products_count: Option<Count>,
    customers_count: Option<Count>,
    orders: Option<Connection<Dated>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Dated {
    created_at: Option<DateTime<Utc>>,
}

pub(crate) async fn totals(client: &Client) -> PortResult<SourceTotals> {
    let mut notes = Notes::default();
    let orders: Totals = unless_forbidden(client, &TOTAL_ORDERS, &mut notes).await?;
    let products: Totals = unless_forbidden(client, &TOTAL_PRODUCTS, &mut notes).await?;
    let customers: Totals = unless_forbidden(client, &TOTAL_CUSTOMERS, &mut notes).await?;
    let exact = |count: Option<Count>| count.and_then(|c| c.exact());
    Ok(SourceTotals {
        orders: exact(orders.orders_count),
        products: exact(products.products_count),
        customers: exact(customers.customers_count),
        oldest_order: orders
            .orders
            .and_then(|c| c.into_nodes().first()?.created_at),
    })
}

/// What is not granted is not counted.
async fn unless_forbidden<T: DeserializeOwned + Default>(
    client: &Client,
    document: &Document,
    notes: &mut Notes,
) -> PortResult<T> {
    match client.read(document, json!({}), notes).await {
        Err(e) if e.kind == Kind::Forbidden => Ok(T::default()),
        other => other,
    }
}
