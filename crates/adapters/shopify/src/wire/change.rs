//! What changes are looked at and answered by.

use super::{Connection, Level, MoneyBag, UserError};
use chrono::{DateTime, Utc};
use serde::Deserialize;
use std::collections::BTreeMap;

/// The answer of a mutation: its payload under the field's own name.
#[derive(Debug, Deserialize)]
#[serde(transparent)]
pub struct Changed(BTreeMap<String, Option<Payload>>);

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Payload {
    /// Why the change was refused; `None` where nothing says what became of it.
    pub user_errors: Option<Vec<UserError>>,
    /// What goes on with it after the answer.
    pub job: Option<Job>,
    pub made: Option<Made>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Job {
    pub id: Option<String>,
    pub done: Option<bool>,
}

/// What a change made.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Made {
    pub id: Option<String>,
}

impl Changed {
    /// `None` when there is no payload at all.
    #[must_use]
    pub fn payload(self) -> Option<Payload> {
        self.0.into_values().flatten().next()
    }
}

/// What an order has come to.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct CancellableOrder {
    pub id: Option<String>,
    pub cancelled_at: Option<DateTime<Utc>>,
    pub display_fulfillment_status: Option<String>,
    pub current_total_price_set: Option<MoneyBag>,
}

/// A discount with the id under which it is changed.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct DiscountNode {
    pub id: Option<String>,
    pub discount: Option<DiscountRow>,
}

/// Empty for discounts of other sorts than ours.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct DiscountRow {
    pub status: Option<String>,
    pub starts_at: Option<DateTime<Utc>>,
    pub ends_at: Option<DateTime<Utc>>,
    pub async_usage_count: Option<i64>,
    pub customer_gets: Option<CustomerGets>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct CustomerGets {
    pub value: GetsValue,
    pub items: GetsItems,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct GetsValue {
    /// From 0 to 1.
    pub percentage: Option<serde_json::Number>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct GetsItems {
    pub all_items: Option<bool>,
    pub products: Option<Connection<Made>>,
    pub product_variants: Option<Connection<Made>>,
    pub collections: Option<Connection<Made>>,
}

/// The product of a handle.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct HandledProduct {
    pub id: Option<String>,
    pub title: Option<String>,
    pub status: Option<String>,
    pub published_at: Option<DateTime<Utc>>,
    pub variants: Option<Connection<HandledVariant>>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct HandledVariant {
    pub price: Option<String>,
    pub sku: Option<String>,
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
