//! How people are reached, what they agreed to, and the checkouts that were left behind, from a store that speaks Shopify's protocol.

use crate::sandbox_store::store;
use crate::support::{all, export, open};
use chrono::{TimeDelta, Utc};
use domain::ids::CustomerId;
use domain::outreach::{LeftOut, MarketingState, OutreachChannel};
use domain::sync::FactKind;
use ports::source::Fact;

#[tokio::test]
async fn who_agreed_is_told_with_since_when_and_who_is_gone_is_left_out() {
    let shop = store(60).await;
    let opened = open(&shop.base_url);
    let told = export(&*opened.source, all(FactKind::Customers), None)
        .await
        .whole();
    let mut ids: Vec<CustomerId> = told
        .facts
        .iter()
        .filter_map(|fact| match fact {
            Fact::Customer(customer) => Some(customer.id),
            _ => None,
        })
        .collect();
    assert!(ids.len() > 10);
    ids.push(CustomerId(1));
    let contacts = opened.source.contacts(&ids).await.unwrap();
    assert_eq!(contacts.len(), ids.len() - 1);
    let agreed = contacts
        .iter()
        .filter(|c| c.reach(OutreachChannel::Email).is_ok());
    let agreed = agreed.count();
    assert!(agreed > 0 && agreed < contacts.len(), "{agreed}");
    for contact in &contacts {
        let email = contact.email.as_ref().unwrap();
        assert!(email.address.contains('@') && email.consent.since.is_some());
        let is_yes = email.consent.state == MarketingState::Subscribed;
        assert_eq!(contact.reach(OutreachChannel::Email).is_ok(), is_yes);
        if contact.phone.is_none() {
            let sms = contact.reach(OutreachChannel::Sms);
            assert_eq!(sms.unwrap_err(), LeftOut::NoAddress);
        }
    }
}

#[tokio::test]
async fn checkouts_that_were_left_behind_are_told_since_a_time() {
    let shop = store(400).await;
    let opened = open(&shop.base_url);
    let month = Utc::now() - TimeDelta::days(30);
    let told = opened.source.checkouts(month).await.unwrap();
    assert!(told.len() > 3, "{}", told.len());
    assert!(told.iter().any(|c| c.completed_at.is_some()) || told.len() < 5);
    for checkout in &told {
        assert!(checkout.updated_at >= month && checkout.customer.is_some());
        assert!(checkout.total > 0 && checkout.currency.code() == "USD");
        assert!(checkout.url.as_ref().unwrap().starts_with("https://"));
    }
    let since = Utc::now() - TimeDelta::days(5);
    let fewer = opened.source.checkouts(since).await.unwrap();
    assert!(fewer.len() < told.len() && fewer.iter().all(|c| c.updated_at >= since));
}
