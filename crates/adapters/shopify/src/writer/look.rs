//! Looking at what is to be changed: by id, so that a write that was answered is seen, many things a call.

use super::{discounts, drafts, refund, shipping};
use crate::client::Client;
use crate::documents::{Document, LOOK_HOLDS, LOOK_ORDERS, LOOK_STOCK, LOOK_TAGS, LOOK_VARIANTS};
use crate::fetch::nodes;
use crate::identity;
use crate::map::{self, Unreadable};
use crate::notes::Notes;
use crate::wire::{CancellableOrder, HeldOrder, StockedItem, TaggedThing, Variant};
use domain::changes::{Seen, Tagged, Target};
use domain::ids::LocationId;
use ports::PortResult;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// Targets with the ids under which they are asked for.
type Wanted = Vec<(Target, String)>;

pub(super) async fn look(client: &Client, targets: &[Target]) -> PortResult<Vec<Seen>> {
    let mut looked = Looked {
        client,
        notes: Notes::default(),
        seen: BTreeMap::new(),
    };
    let (mut variants, mut tags, mut holds) = (Wanted::new(), Wanted::new(), Wanted::new());
    let mut stock: BTreeMap<LocationId, Wanted> = BTreeMap::new();
    let mut orders = Wanted::new();
    let once: BTreeSet<&Target> = targets.iter().collect();
    for target in once {
        let wanted = |gid: String| (target.clone(), gid);
        match target {
            Target::Variant(_, id) => variants.push(wanted(gid("ProductVariant", id))),
            Target::Tags(tagged) => tags.push(wanted(tagged_gid(*tagged))),
            Target::Holds(id) => holds.push(wanted(gid("Order", id))),
            Target::Order(id) => orders.push(wanted(gid("Order", id))),
            Target::Stock(item, location) => {
                let at = stock.entry(*location).or_default();
                at.push(wanted(gid("InventoryItem", item)));
            }
            // Neither has an id before it is made.
            Target::Discount(key) => {
                let seen = discounts::look(client, key).await?;
                looked.seen.insert(target.clone(), seen);
            }
            Target::Handle(handle) => {
                let seen = drafts::look(client, handle).await?;
                looked.seen.insert(target.clone(), seen);
            }
            Target::Shipping(id) => {
                let seen = shipping::look(client, *id).await?;
                looked.seen.insert(target.clone(), seen);
            }
            Target::Refund(what) => {
                let seen = refund::look(client, what).await?;
                looked.seen.insert(target.clone(), seen);
            }
            // Orders of goods, of suppliers, advertisements and signals are none of the shop's.
            Target::Purchase(_)
            | Target::Ad(_)
            | Target::NewAd(_)
            | Target::Supply(_)
            | Target::Signal(_) => {}
        }
    }
    if !variants.is_empty() {
        let currency = identity::currency(client, &mut looked.notes).await?;
        let map = |v: &Variant| v.id.as_ref().map(|_| map::variant_seen(v, currency));
        looked
            .rows(&LOOK_VARIANTS, variants, json!({}), 100, map)
            .await?;
    }
    if !orders.is_empty() {
        let currency = identity::currency(client, &mut looked.notes).await?;
        let map = |o: &CancellableOrder| o.id.as_ref().map(|_| map::order_seen(o, currency));
        looked
            .rows(&LOOK_ORDERS, orders, json!({}), 50, map)
            .await?;
    }
    for (location, wanted) in stock {
        let more = json!({ "location": gid("Location", location) });
        let map = |i: &StockedItem| i.id.as_ref().map(|_| map::stock_seen(i));
        looked.rows(&LOOK_STOCK, wanted, more, 100, map).await?;
    }
    let map = |t: &TaggedThing| t.id.as_ref().map(|_| map::tags_seen(t));
    looked.rows(&LOOK_TAGS, tags, json!({}), 100, map).await?;
    let map = |o: &HeldOrder| o.id.as_ref().map(|_| map::holds_seen(o));
    looked.rows(&LOOK_HOLDS, holds, json!({}), 10, map).await?;
    for warning in looked.notes.take() {
        tracing::warn!(code = warning.code, "{}", warning.message);
    }
    let seen = |target: &Target| looked.seen.get(target).cloned().unwrap_or(Seen::Gone);
    Ok(targets.iter().map(seen).collect())
}

pub(super) fn gid(kind: &str, id: impl std::fmt::Display) -> String {
    format!("gid://shopify/{kind}/{id}")
}

pub(super) fn tagged_gid(tagged: Tagged) -> String {
    match tagged {
        Tagged::Order(id) => gid("Order", id),
        Tagged::Product(id) => gid("Product", id),
    }
}

struct Looked<'a> {
    client: &'a Client,
    notes: Notes,
    seen: BTreeMap<Target, Seen>,
}

impl Looked<'_> {
    /// `map` answers `None` for a row without an id: a node of another type.
    async fn rows<T: DeserializeOwned>(
        &mut self,
        document: &Document,
        wanted: Wanted,
        more: Value,
        usual: u32,
        map: impl Fn(&T) -> Option<Result<Seen, Unreadable>>,
    ) -> PortResult<()> {
        let (targets, ids): (Vec<_>, Vec<_>) = wanted.into_iter().unzip();
        let rows: Vec<Option<T>> =
            nodes(self.client, document, &ids, &more, usual, &mut self.notes).await?;
        for (target, row) in targets.into_iter().zip(rows) {
            let seen = match row.as_ref().and_then(&map) {
                Some(seen) => seen.map_err(|e| self.client.unreadable(document.operation, &e))?,
                None => Seen::Gone,
            };
            self.seen.insert(target, seen);
        }
        Ok(())
    }
}
