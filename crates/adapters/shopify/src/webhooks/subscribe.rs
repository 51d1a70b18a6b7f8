//! Subscriptions: looked at, and created again where they are missing. Shopify deletes them after repeated failures.

use super::topics::{OPTIONAL, SUBSCRIBED};
use crate::client::Client;
use crate::documents::{WEBHOOK_CREATE, WEBHOOKS_LIST};
use crate::notes::Notes;
use crate::shop::is_loopback;
use crate::wire::{Subscription, UserError, Webhooks};
use adapter_kit::Url;
use domain::connection::WebhookState;
use ports::{Kind, PortResult, Retry};
use serde::Deserialize;
use serde_json::json;
use std::collections::BTreeSet;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Created {
    webhook_subscription_create: Option<Payload>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Payload {
    user_errors: Option<Vec<UserError>>,
}

pub(crate) async fn subscribe(client: &Client, callback: &str) -> PortResult<WebhookState> {
    if let Some(why) = unreachable(client, callback) {
        return Ok(WebhookState::Unsupported(why));
    }
    let mut notes = Notes::default();
    let there = ours(client, callback, &mut notes).await?;
    let mut refused = Vec::new();
    for topic in SUBSCRIBED.iter().filter(|t| !there.contains(**t)) {
        if let Err(why) = create(client, topic, callback, &mut notes).await?
            && !OPTIONAL.contains(topic)
        {
            refused.push(format!("{topic}: {why}"));
        }
    }
    Ok(if refused.is_empty() {
        WebhookState::Ok
    } else {
        let list = refused.join("; ");
        WebhookState::Missing(format!(
            "{} does not send everything: {list}. What is missing is read by the regular runs.",
            client.shop.domain
        ))
    })
}

/// Why nobody could deliver there. A sandbox on this machine can deliver to this machine.
fn unreachable(client: &Client, callback: &str) -> Option<String> {
    let url = Url::parse(callback).ok();
    let Some(url) = url.filter(|u| u.host_str().is_some()) else {
        return Some(format!(
            "{callback:?} is not an address that webhooks could be sent to."
        ));
    };
    if client.shop.is_loopback() {
        return None;
    }
    if is_loopback(&url) {
        return Some("This server has no public address that Shopify could reach; changes are read by the regular runs. Set the public URL to receive webhooks.".to_owned());
    }
    (url.scheme() != "https").then(|| {
        "Shopify delivers webhooks only to https addresses; changes are read by the regular runs.".to_owned()
    })
}

/// Topics that are subscribed to this very address.
async fn ours(client: &Client, callback: &str, notes: &mut Notes) -> PortResult<BTreeSet<String>> {
    let mut topics = BTreeSet::new();
    let mut after: Option<String> = None;
    loop {
        let page: Webhooks = client
            .read(&WEBHOOKS_LIST, json!({ "after": after }), notes)
            .await?;
        let Some(page) = page.webhook_subscriptions else {
            return Ok(topics);
        };
        after = page.next();
        let here = |s: &&Subscription| s.uri.as_deref() == Some(callback);
        topics.extend(page.iter().filter(here).filter_map(|s| s.topic.clone()));
        if after.is_none() {
            return Ok(topics);
        }
    }
}

/// `Err`: the shop's reason. A lost answer is looked up by the next check, which finds the subscription or creates it.
async fn create(
    client: &Client,
    topic: &str,
    callback: &str,
    notes: &mut Notes,
) -> PortResult<Result<(), String>> {
    let variables = json!({ "topic": topic, "uri": callback });
    let answer: PortResult<Created> = client.write(&WEBHOOK_CREATE, variables, notes).await;
    match answer {
        Ok(answer) => {
            let payload = answer.webhook_subscription_create.unwrap_or_default();
            let errors = payload.user_errors.unwrap_or_default();
            let taken = |e: &&UserError| e.message.contains("already been taken");
            let error = errors.iter().find(|e| !taken(e));
            Ok(error.map_or(Ok(()), |e| Err(e.message.clone())))
        }
        Err(e)
            if matches!(
                e.kind,
                Kind::Forbidden | Kind::Rejected | Kind::Configuration
            ) =>
        {
            Ok(Err(e.detail))
        }
        Err(e) if e.retry == Retry::Reconcile => {
            if ours(client, callback, notes).await?.contains(topic) {
                Ok(Ok(()))
            } else {
                Ok(Err(e.detail))
            }
        }
        Err(e) => Err(e),
    }
}
