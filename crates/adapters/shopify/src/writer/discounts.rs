//! Discounts. A code is its own name; one that applies by itself is found by its tag.

use super::apply::{is_ready, stands};
use super::look::gid;
use super::{must, refused, send};
use crate::client::Client;
use crate::documents::{
    DISCOUNT_AUTOMATIC_CREATE, DISCOUNT_AUTOMATIC_DELETE, DISCOUNT_AUTOMATIC_END,
    DISCOUNT_CODE_CREATE, DISCOUNT_CODE_DELETE, DISCOUNT_CODE_END, LOOK_AUTOMATIC, LOOK_CODE,
    LOOK_TAGGED,
};
use crate::map;
use crate::times;
use crate::wire::{Connection, DiscountNode};
use domain::changes::{Action, Discount, DiscountKey, DiscountScope, Seen};
use ports::PortResult;
use rust_decimal::Decimal;
use serde::Deserialize;
use serde_json::{Number, Value, json};
use std::str::FromStr as _;

const TAKEN: &str = "TAKEN";

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct OfCode {
    code_discount_node_by_code: Option<DiscountNode>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct OfTag {
    discount_nodes: Option<Connection<DiscountNode>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct OfId {
    node: Option<DiscountNode>,
}

pub(super) async fn create(
    client: &Client,
    action: &Action,
    discount: &Discount,
) -> PortResult<()> {
    let document = match discount.key {
        DiscountKey::Code(_) => &DISCOUNT_CODE_CREATE,
        DiscountKey::Tag(_) => &DISCOUNT_AUTOMATIC_CREATE,
    };
    if !is_ready(client, document, action).await? {
        return Ok(());
    }
    let variables = json!({ "input": input(discount) });
    let payload = send(client, document, variables, false).await?;
    if let Some(error) = payload.user_errors.iter().flatten().next() {
        // A code that is taken may be ours, of a try whose answer was lost.
        if error.code.as_deref() == Some(TAKEN) && !is_ready(client, document, action).await? {
            return Ok(());
        }
        return Err(refused(client, document, error));
    }
    let made = payload.made.and_then(|made| made.id);
    if let (DiscountKey::Tag(tag), Some(id)) = (&discount.key, made) {
        client.memory.set_discount(tag, &id);
    }
    Ok(())
}

/// One that nobody used leaves nothing behind; one that was used stays in the shop's reports.
pub(super) async fn end(client: &Client, action: &Action, discount: &Discount) -> PortResult<()> {
    let is_code = discount.key.is_code();
    let document = if is_code {
        &DISCOUNT_CODE_END
    } else {
        &DISCOUNT_AUTOMATIC_END
    };
    let found = find(client, &discount.key).await?;
    let seen = seen(client, found.as_ref())?;
    if !stands(client, document, action, &seen)? {
        return Ok(());
    }
    let is_used = matches!(seen, Seen::Discount { is_used: true, .. });
    let document = match (is_used, is_code) {
        (true, _) => document,
        (false, true) => &DISCOUNT_CODE_DELETE,
        (false, false) => &DISCOUNT_AUTOMATIC_DELETE,
    };
    let id = found.and_then(|node| node.id).unwrap_or_default();
    must(client, document, json!({ "id": id }), false).await
}

pub(super) async fn look(client: &Client, key: &DiscountKey) -> PortResult<Seen> {
    let found = find(client, key).await?;
    seen(client, found.as_ref())
}

fn seen(client: &Client, found: Option<&DiscountNode>) -> PortResult<Seen> {
    match found {
        None => Ok(Seen::Gone),
        Some(node) => {
            map::discount_seen(node).map_err(|e| client.unreadable(LOOK_CODE.operation, &e))
        }
    }
}

async fn find(client: &Client, key: &DiscountKey) -> PortResult<Option<DiscountNode>> {
    let found = match key {
        DiscountKey::Code(code) => {
            let variables = json!({ "code": code });
            let answer: OfCode = client.read_whole(&LOOK_CODE, variables).await?;
            answer.code_discount_node_by_code
        }
        DiscountKey::Tag(tag) => find_automatic(client, tag).await?,
    };
    Ok(found.filter(|node| node.id.is_some()))
}

/// By the id that a write was answered with, because the search index shows it only after a while; else by its tag.
async fn find_automatic(client: &Client, tag: &str) -> PortResult<Option<DiscountNode>> {
    if let Some(id) = client.memory.discount(tag) {
        let answer: OfId = client
            .read_whole(&LOOK_AUTOMATIC, json!({ "id": id }))
            .await?;
        return Ok(answer.node);
    }
    let variables = json!({ "query": format!("method:automatic AND tag:'{tag}'") });
    let answer: OfTag = client.read_whole(&LOOK_TAGGED, variables).await?;
    let found = answer.discount_nodes.map(Connection::into_nodes);
    let first = found.unwrap_or_default().into_iter().next();
    Ok(first.map(|mut node| {
        // The list names it by its number as a discount of any sort; writes want it as an automatic one.
        let number = node.id.as_deref().and_then(|id| id.rsplit('/').next());
        node.id = number.map(|number| gid("DiscountAutomaticNode", number));
        node
    }))
}

fn input(discount: &Discount) -> Value {
    let terms = &discount.terms;
    let items = match &terms.on {
        DiscountScope::All => json!({ "all": true }),
        DiscountScope::Products(ids) => {
            let ids: Vec<_> = ids.iter().map(|id| gid("Product", id)).collect();
            json!({ "products": { "productsToAdd": ids } })
        }
        DiscountScope::Collections(ids) => {
            let ids: Vec<_> = ids.iter().map(|id| gid("Collection", id)).collect();
            json!({ "collections": { "add": ids } })
        }
    };
    let mut input = json!({
        "title": discount.title,
        "startsAt": times::text(terms.starts_at),
        "endsAt": terms.ends_at.map(times::text),
        "context": { "all": "ALL" },
        "customerGets": { "value": { "percentage": part(terms.share) }, "items": items },
    });
    match &discount.key {
        DiscountKey::Code(code) => input["code"] = json!(code),
        DiscountKey::Tag(tag) => input["tags"] = json!([tag]),
    }
    input
}

/// 1250 ten-thousandths are `0.125`.
fn part(share: i64) -> Value {
    let part = Decimal::new(share, 4).normalize().to_string();
    Number::from_str(&part).map_or(Value::Null, Value::Number)
}
