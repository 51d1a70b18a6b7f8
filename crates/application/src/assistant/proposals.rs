//! What an assistant may have changed: it proposes, and a person decides. Nothing here writes outside, approves or takes back.
//!
//! Things are named as people name them, and looked up whole: a name that fits two things, or none, proposes nothing. What was proposed of the
//! same question with the same arguments is answered again and not proposed twice.

use super::tools::{ToolError, read};
use super::{Analyst, AnswerError};
use crate::ads::Campaigns;
use crate::changes::{AdEdit, AdWish, ChangeError, Edit, NewChangeSet, label};
use domain::ads::AdLevel;
use domain::assistant::answer::{Answer, Outcome};
use domain::audit::{Actor, ActorKind};
use domain::changes::{ChangeSet, ChangeSetStatus, Tagged};
use domain::ids::{ChangeSetId, OrderId, VariantId, WorkspaceId};
use domain::money::{Currency, Money};
use domain::people::{Role, User};
use domain::store::Store;
use ports::catalog::ProductQuery;
use ports::orders::OrderQuery;
use ports::page::MAX_LIMIT;
use ports::{PageRequest, PortResult};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;
use uuid::Uuid;

/// Of the reason that is given, in characters.
const LONGEST_REASON: usize = 600;

/// In whose name something is proposed, and of what question.
#[derive(Debug, Clone)]
pub struct Wisher {
    actor: Actor,
    /// Ids of what is proposed follow from it.
    seed: Uuid,
}

impl Wisher {
    /// `None`: this person may not propose changes.
    #[must_use]
    pub fn of(user: &User, seed: Uuid) -> Option<Self> {
        (user.role >= Role::Operator).then(|| Self {
            actor: Actor::new(
                ActorKind::System,
                Some("assistant".to_owned()),
                &format!("the assistant, asked by {}", user.email.as_str()),
                None,
            ),
            seed,
        })
    }
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Price {
    /// SKU, or the product's title; of a product with several variants "title · variant".
    variant: String,
    /// The new price in the store's currency, e.g. "12.50".
    price: String,
    /// Why, in a sentence.
    reason: String,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Hold {
    /// The order's name, e.g. "#1001".
    order: String,
    /// Why, in a sentence.
    reason: String,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Tags {
    /// The order's name, e.g. "#1001".
    order: String,
    /// Tags to add.
    tags: Vec<String>,
    /// Why, in a sentence.
    reason: String,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Pause {
    /// The campaign's name.
    campaign: String,
    /// Why, in a sentence.
    reason: String,
}

super::tools::tools! { PROPOSALS
    "propose_price" "Propose a price" Price: "Proposes a new price of one variant. Nothing changes before a person approves it."
    "propose_hold" "Propose to hold an order" Hold: "Proposes to hold back an order from being sent. Nothing changes before a person approves it."
    "propose_tags" "Propose tags of an order" Tags: "Proposes tags for an order. Nothing changes before a person approves it."
    "propose_pause" "Propose to pause a campaign" Pause: "Proposes to pause an advertising campaign. Nothing changes before a person approves it."
}

fn unknown(what: &str, name: &str) -> ToolError {
    ToolError::Arguments(format!("there is no {what} {name:?}"))
}

fn several(what: &str, name: &str) -> ToolError {
    ToolError::Arguments(format!(
        "more than one {what} is called {name:?}: say it more exactly"
    ))
}

/// The only one, or what is wrong.
fn only<T>(mut found: Vec<T>, what: &str, name: &str) -> Result<T, ToolError> {
    match (found.pop(), found.is_empty()) {
        (Some(one), true) => Ok(one),
        (Some(_), false) => Err(several(what, name)),
        (None, _) => Err(unknown(what, name)),
    }
}

fn same(one: &str, other: &str) -> bool {
    one.trim().eq_ignore_ascii_case(other.trim())
}

fn told(error: ChangeError) -> ToolError {
    match error {
        ChangeError::Invalid(faults) => {
            let faults = faults.iter().map(|f| f.message.clone());
            let faults: Vec<String> = faults.collect();
            ToolError::Arguments(format!("this cannot be proposed: {}", faults.join("; ")))
        }
        ChangeError::Store(error) => ToolError::Answer(error.into()),
        ChangeError::Port(error) => ToolError::Answer(error.into()),
        other => ToolError::Arguments(other.to_string()),
    }
}

fn port<T>(result: PortResult<T>) -> Result<T, ToolError> {
    result.map_err(|error| ToolError::Answer(AnswerError::Port(error)))
}

impl Analyst {
    /// Calls a tool by its name. `wisher`: who may propose; `None` has none of [`PROPOSALS`].
    pub async fn act(
        &self,
        workspace: WorkspaceId,
        wisher: Option<&Wisher>,
        name: &str,
        arguments: Value,
    ) -> Result<Answer, ToolError> {
        match wisher {
            Some(wisher) if PROPOSALS.iter().any(|tool| tool.name == name) => {
                self.propose(workspace, wisher, name, arguments).await
            }
            _ => self.call(workspace, name, arguments).await,
        }
    }

    async fn propose(
        &self,
        workspace: WorkspaceId,
        wisher: &Wisher,
        name: &str,
        arguments: Value,
    ) -> Result<Answer, ToolError> {
        let seed = format!("{name} {arguments}");
        let id = ChangeSetId(Uuid::new_v5(&wisher.seed, seed.as_bytes()));
        let stores = self.stores.list(workspace).await;
        let stores = stores.map_err(|error| ToolError::Answer(error.into()))?;
        let (store, edit, reason) = match name {
            "propose_price" => {
                let asked: Price = read(arguments)?;
                let (store, variant) = self.variant(&stores, &asked.variant).await?;
                let after = minor(&asked.price, store.currency)?;
                (store, Edit::Price { variant, after }, asked.reason)
            }
            "propose_hold" => {
                let asked: Hold = read(arguments)?;
                let (store, order) = self.order(&stores, &asked.order).await?;
                let note = "held by the assistant's proposal".to_owned();
                (store, Edit::HoldOrder { order, note }, asked.reason)
            }
            "propose_tags" => {
                let asked: Tags = read(arguments)?;
                let (store, order) = self.order(&stores, &asked.order).await?;
                let target = Tagged::Order(order);
                let tags = asked.tags;
                (store, Edit::AddTags { target, tags }, asked.reason)
            }
            _ => {
                let asked: Pause = read(arguments)?;
                let (store, edit) = self.campaign(&stores, &asked.campaign).await?;
                (store, Edit::Ad(edit), asked.reason)
            }
        };
        let reason: String = reason.chars().take(LONGEST_REASON).collect();
        let new = NewChangeSet {
            title: None,
            reason: format!("Proposed in a conversation: {reason}"),
            edits: vec![edit],
            proposed_by: wisher.actor.clone(),
        };
        let set = self.desk.changes.propose_as(id, &store, new).await;
        Ok(proposed(&set.map_err(told)?))
    }

    async fn variant(&self, stores: &[Store], name: &str) -> Result<(Store, VariantId), ToolError> {
        let title = name.split(" · ").next().unwrap_or(name).trim().to_owned();
        let mut found = Vec::new();
        for store in stores {
            let query = ProductQuery {
                text: Some(title.clone()),
                ..ProductQuery::default()
            };
            let mut page = PageRequest::first(MAX_LIMIT);
            loop {
                let products = port(self.ports.catalog.list(store.scope, &query, &page).await)?;
                for stored in products.items {
                    let product = stored.product;
                    let is_one = product.variants.len() == 1;
                    for variant in &product.variants {
                        let is_meant = variant.sku.as_deref().is_some_and(|sku| same(sku, name))
                            || same(&label(&product, variant), name)
                            || (is_one && same(&product.title, name));
                        if is_meant {
                            found.push((store.clone(), variant.id));
                        }
                    }
                }
                page.cursor = products.next_cursor;
                if page.cursor.is_none() {
                    break;
                }
            }
        }
        only(found, "variant", name)
    }

    async fn order(&self, stores: &[Store], name: &str) -> Result<(Store, OrderId), ToolError> {
        let bare = name.trim().trim_start_matches('#');
        let mut found = Vec::new();
        for store in stores {
            let query = OrderQuery {
                text: Some(bare.to_owned()),
                ..OrderQuery::default()
            };
            let page = PageRequest::first(MAX_LIMIT);
            let orders = port(self.ports.orders.list(store.scope, &query, &page).await)?;
            let orders = orders.items.into_iter().map(|stored| stored.order);
            let meant = orders.filter(|o| same(o.name.trim_start_matches('#'), bare));
            found.extend(meant.map(|order| (store.clone(), order.id)));
        }
        only(found, "order", name)
    }

    async fn campaign(&self, stores: &[Store], name: &str) -> Result<(Store, AdEdit), ToolError> {
        let mut found = Vec::new();
        for store in stores {
            let asked = Campaigns {
                workspace: store.scope.workspace,
                store: Some(store.scope.store),
                range: None,
            };
            let view = self.desk.ads.campaigns(&asked).await;
            let view = view.map_err(|error| ToolError::Answer(error.into()))?;
            for row in view.rows {
                if same(&row.stored.entity.name, name) {
                    let edit = AdEdit {
                        account: row.account,
                        level: AdLevel::Campaign,
                        id: row.stored.entity.id.clone(),
                        wish: AdWish::Pause,
                    };
                    found.push((store.clone(), edit));
                }
            }
        }
        only(found, "campaign", name)
    }
}

fn minor(text: &str, currency: Currency) -> Result<i64, ToolError> {
    let parsed = Money::parse(text.trim(), currency);
    let parsed = parsed.map_err(|error| ToolError::Arguments(format!("price: {error}")))?;
    Ok(parsed.minor)
}

fn proposed(set: &ChangeSet) -> Answer {
    if set.status != ChangeSetStatus::Proposed {
        let text = format!(
            "{} was proposed before; it is {} by now.",
            set.title,
            set.status.as_str()
        );
        let link = format!("/change-sets/{}", set.id);
        return Answer::of(Outcome::Answered, text).link("The proposal", link);
    }
    let text = format!(
        "Proposed: {}. Nothing has changed: a person has to approve it first. It stands in the inbox until {} UTC.",
        set.title,
        set.expires_at.format("%Y-%m-%d %H:%M")
    );
    Answer::of(Outcome::Answered, text)
        .link("The proposal", format!("/change-sets/{}", set.id))
        .link("Inbox", "/inbox")
}
