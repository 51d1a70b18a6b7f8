//! What changes are looked at and answered by.

use super::{Connection, Level, UserError};
use serde::Deserialize;
use std::collections::BTreeMap;

/// The answer of a mutation: its payload under the field's own name.
#[derive(Debug, Deserialize)]
#[serde(transparent)]
pub struct Changed(BTreeMap<String, Option<Payload>>);

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Payload {
    user_errors: Option<Vec<UserError>>,
}

impl Changed {
    /// Why the change was refused; `None` when there is no payload that could say so.
    #[must_use]
    pub fn user_errors(self) -> Option<Vec<UserError>> {
        let payload = self.0.into_values().flatten().next()?;
        payload.user_errors
    }
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct StockedItem {
    pub id: Option<String>,
    /// Null where the item is not stocked.
    pub inventory_level: Option<Level>,
}

/// An order or a product.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct TaggedThing {
    pub id: Option<String>,
    pub tags: Option<Vec<String>>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct HeldOrder {
    pub id: Option<String>,
    pub fulfillment_orders: Option<Connection<FulfillmentOrder>>,
}

/// What of an order is sent together.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct FulfillmentOrder {
    pub id: Option<String>,
    pub fulfillment_holds: Option<Vec<FulfillmentHold>>,
    pub supported_actions: Option<Vec<SupportedAction>>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct FulfillmentHold {
    pub id: Option<String>,
    pub handle: Option<String>,
    pub held_by_requesting_app: Option<bool>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct SupportedAction {
    pub action: Option<String>,
}

impl FulfillmentOrder {
    /// Holds of this app.
    pub fn ours(&self) -> impl Iterator<Item = &FulfillmentHold> {
        let all = self.fulfillment_holds.iter().flatten();
        all.filter(|h| h.held_by_requesting_app == Some(true))
    }

    pub fn ours_of<'a>(&'a self, handle: &'a str) -> impl Iterator<Item = &'a FulfillmentHold> {
        self.ours()
            .filter(move |h| h.handle.as_deref() == Some(handle))
    }

    /// By the shop's own word: open, and also where others hold it already.
    #[must_use]
    pub fn can_be_held(&self) -> bool {
        let mut actions = self.supported_actions.iter().flatten();
        actions.any(|a| a.action.as_deref() == Some("HOLD"))
    }
}
