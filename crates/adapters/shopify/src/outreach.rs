//! Who may be written to, read when it is needed: how people can be reached with what they agreed to, and checkouts that were left behind.
//!
//! Nothing of it is kept. Where a shop does not show a field, nobody has agreed by it.

use crate::client::Client;
use crate::documents::{ABANDONED_CHECKOUTS, CONTACTS};
use crate::notes::Notes;
use crate::wire::{Connection, MoneyBag, Ref};
use chrono::{DateTime, SecondsFormat, Utc};
use domain::ids::CustomerId;
use domain::money::{Currency, parse_decimal, round_to_minor};
use domain::outreach::{Checkout, Consent, Contact, MarketingState, Reach};
use ports::PortResult;
use serde::Deserialize;
use serde_json::json;

/// People that are asked for at once.
const PEOPLE: usize = 100;
/// Pages of a hundred checkouts; a shop with more is told of the newest.
const MOST_PAGES: usize = 50;

#[derive(Deserialize)]
struct People {
    nodes: Option<Vec<Option<Person>>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Person {
    id: Option<String>,
    display_name: Option<String>,
    default_email_address: Option<Email>,
    default_phone_number: Option<Phone>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Email {
    email_address: Option<String>,
    marketing_state: Option<String>,
    marketing_updated_at: Option<DateTime<Utc>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Phone {
    phone_number: Option<String>,
    sms_marketing_consent: Option<Agreed>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Agreed {
    state: Option<String>,
    updated_at: Option<DateTime<Utc>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Left {
    abandoned_checkouts: Option<Connection<Cart>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Cart {
    id: Option<String>,
    created_at: Option<DateTime<Utc>>,
    updated_at: Option<DateTime<Utc>>,
    completed_at: Option<DateTime<Utc>>,
    abandoned_checkout_url: Option<String>,
    customer: Option<Ref>,
    total_price_set: Option<MoneyBag>,
}

fn state(word: Option<&str>) -> MarketingState {
    match word {
        Some("SUBSCRIBED") => MarketingState::Subscribed,
        Some("NOT_SUBSCRIBED" | "NEVER_SUBSCRIBED") => MarketingState::NotSubscribed,
        Some("PENDING") => MarketingState::Pending,
        Some("UNSUBSCRIBED") => MarketingState::Unsubscribed,
        _ => MarketingState::Other,
    }
}

fn reach(
    address: Option<String>,
    word: Option<&str>,
    since: Option<DateTime<Utc>>,
) -> Option<Reach> {
    Some(Reach {
        address: address.filter(|a| !a.is_empty())?,
        consent: Consent {
            state: state(word),
            since,
        },
    })
}

impl Person {
    fn told(self) -> Option<Contact> {
        let email = self.default_email_address.and_then(|e| {
            let word = e.marketing_state.as_deref();
            reach(e.email_address, word, e.marketing_updated_at)
        });
        let phone = self.default_phone_number.and_then(|p| {
            let agreed = p.sms_marketing_consent;
            let word = agreed.as_ref().and_then(|a| a.state.as_deref());
            let since = agreed.as_ref().and_then(|a| a.updated_at);
            reach(p.phone_number, word, since)
        });
        Some(Contact {
            customer: number(self.id.as_deref())?,
            name: self.display_name.filter(|n| !n.trim().is_empty()),
            email,
            phone,
        })
    }
}

/// Who is gone is left out.
pub(crate) async fn contacts(client: &Client, people: &[CustomerId]) -> PortResult<Vec<Contact>> {
    let mut notes = Notes::default();
    let mut found = Vec::with_capacity(people.len());
    for part in people.chunks(PEOPLE) {
        let ids = part.iter().map(|id| format!("gid://shopify/Customer/{id}"));
        let variables = json!({ "ids": ids.collect::<Vec<_>>() });
        let told: People = client.read(&CONTACTS, variables, &mut notes).await?;
        let told = told.nodes.into_iter().flatten().flatten();
        found.extend(told.filter_map(Person::told));
    }
    Ok(found)
}

/// With which something was done since.
pub(crate) async fn checkouts(client: &Client, since: DateTime<Utc>) -> PortResult<Vec<Checkout>> {
    let mut notes = Notes::default();
    let since_text = since.to_rfc3339_opts(SecondsFormat::Secs, true);
    let query = format!("updated_at:>='{since_text}'");
    let (mut all, mut after) = (Vec::new(), None::<String>);
    for _ in 0..MOST_PAGES {
        let variables = json!({ "after": after, "query": query });
        let page: Left = client
            .read(&ABANDONED_CHECKOUTS, variables, &mut notes)
            .await?;
        let Some(page) = page.abandoned_checkouts else {
            let needed = "read_orders, and the permission to manage abandoned checkouts";
            return Err(client.not_granted("checkouts.list", "abandoned checkouts", needed));
        };
        after = page.next();
        let carts = page.into_nodes().into_iter().filter_map(cart);
        // A filter that a version of the API does not know would let everything through.
        all.extend(carts.filter(|cart| cart.updated_at >= since));
        if after.is_none() {
            break;
        }
    }
    Ok(all)
}

/// `None` for one that says too little of itself to be spoken of.
fn cart(wire: Cart) -> Option<Checkout> {
    let money = wire.total_price_set?.shop_money?;
    let currency = Currency::parse(money.currency_code.as_deref()?).ok()?;
    let total = parse_decimal(money.amount.as_deref()?).ok()?;
    Some(Checkout {
        id: number(wire.id.as_deref())?,
        customer: wire.customer.and_then(|c| number(c.id.as_deref())),
        created_at: wire.created_at?,
        updated_at: wire.updated_at?,
        completed_at: wire.completed_at,
        total: round_to_minor(total, currency).ok()?,
        currency,
        url: wire.abandoned_checkout_url.filter(|u| !u.is_empty()),
    })
}

fn number<T: std::str::FromStr>(gid: Option<&str>) -> Option<T> {
    gid?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::ids::CheckoutId;

    #[test]
    fn only_a_clear_yes_is_one() {
        let words = ["SUBSCRIBED", "PENDING", "UNSUBSCRIBED", "REDACTED", "LATER"];
        let yes = words.map(|w| state(Some(w)) == MarketingState::Subscribed);
        assert_eq!(yes, [true, false, false, false, false]);
        assert_eq!(state(None), MarketingState::Other);
        assert_eq!(
            number::<CheckoutId>(Some("gid://shopify/AbandonedCheckout/7?key=x")),
            Some(CheckoutId(7))
        );
    }
}
