//! Locations and payouts: few enough to be read page by page.

use crate::client::Client;
use crate::documents::{LOCATIONS, PAYOUTS};
use crate::notes::Notes;
use crate::wire::{Connection, Location, Payout};
use ports::{Kind, PortResult, Retry};
use serde::Deserialize;
use serde_json::json;

#[derive(Deserialize)]
struct Locations {
    locations: Option<Connection<Location>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Payouts {
    shopify_payments_account: Option<Account>,
}

#[derive(Deserialize)]
struct Account {
    payouts: Option<Connection<Payout>>,
}

pub(crate) async fn locations(client: &Client, notes: &mut Notes) -> PortResult<Vec<Location>> {
    let mut all = Vec::new();
    let mut after: Option<String> = None;
    loop {
        let page: Locations = client
            .read(&LOCATIONS, json!({ "after": after }), notes)
            .await?;
        let Some(page) = page.locations else {
            return Err(client.not_granted("locations.list", "locations", "read_locations"));
        };
        after = page.next();
        all.extend(page.into_nodes());
        if after.is_none() {
            return Ok(all);
        }
    }
}

/// `since`: a filter on the day of issue, as Shopify's search writes it.
pub(crate) async fn payouts_page(
    client: &Client,
    since: Option<&str>,
    after: Option<&str>,
    notes: &mut Notes,
) -> PortResult<Connection<Payout>> {
    let variables = json!({ "first": 100, "after": after, "query": since.unwrap_or_default() });
    let answer: Payouts = client.read(&PAYOUTS, variables, notes).await?;
    let account = answer.shopify_payments_account.ok_or_else(|| {
        client.error(
            Kind::Forbidden,
            Retry::Never,
            "payouts.list",
            format!(
                "{} shows no payouts: the store is not on Shopify Payments, or the scope read_shopify_payments_payouts is not granted.",
                client.shop.domain
            ),
        )
    })?;
    Ok(account
        .payouts
        .unwrap_or_else(|| Connection::whole(Vec::new())))
}
