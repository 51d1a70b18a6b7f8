//! What Shopify answers, field by field. Everything may be null, also where the schema says that it never is: what a null
//! means is decided where the fact is made, not here.

mod answer;
mod bulk;
mod catalog;
mod change;
mod oracle;
mod order;
mod people;
mod refund;
mod shipping;
mod stock;

pub use answer::{Cost, Envelope, ErrorCode, Extensions, GraphError, SearchNote, Throttle};
pub use bulk::{BulkList, BulkPoll, BulkStart, Operation, UserError};
pub use catalog::{Count, ItemRow, Product, UnitCost, Variant};
pub use change::{
    CancellableOrder, Changed, DiscountNode, DiscountRow, FulfillmentHold, FulfillmentOrder,
    GetsItems, HandledProduct, HeldOrder, Job, Made, Payload, StockedItem, TaggedThing,
};
pub use oracle::{OrderHead, SalesReport};
pub use order::{
    Address, Agreement, App, Assessment, Attribution, DiscountAllocation, Fee, JourneySummary,
    LineItem, Order, Refund, RefundLine, Risk, Sale, ShippingLine, TaxLine, Transaction, Visit,
};
pub use people::{Customer, Identity, Shop as ShopRow, Subscription, Webhooks};
pub use refund::{RefundedOrder, SuggestedPayment, SuggestedRefund, SuggestingOrder};
pub use shipping::{AddressedOrder, ShippableOrder};
pub use stock::{Level, Location, Payout, Summary};

use serde::Deserialize;

/// A global id and nothing else.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Ref {
    pub id: Option<String>,
}

/// A decimal string in any scale, and its currency.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Money {
    pub amount: Option<String>,
    pub currency_code: Option<String>,
}

/// The shop's side of an amount; what the buyer saw is not read.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MoneyBag {
    pub shop_money: Option<Money>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PageInfo {
    pub has_next_page: bool,
    pub end_cursor: Option<String>,
}

/// One page of a connection.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Connection<T> {
    pub nodes: Option<Vec<Option<T>>>,
    #[serde(default)]
    pub page_info: Option<PageInfo>,
}

impl<T> Connection<T> {
    /// A connection that was read to its end.
    #[must_use]
    pub fn whole(nodes: Vec<T>) -> Self {
        Self {
            nodes: Some(nodes.into_iter().map(Some).collect()),
            page_info: None,
        }
    }

    #[must_use]
    pub fn into_nodes(self) -> Vec<T> {
        self.nodes
            .unwrap_or_default()
            .into_iter()
            .flatten()
            .collect()
    }

    pub fn iter(&self) -> impl Iterator<Item = &T> {
        self.nodes.iter().flatten().flatten()
    }

    pub fn iter_mut(&mut self) -> impl Iterator<Item = &mut T> {
        self.nodes.iter_mut().flatten().flatten()
    }

    pub fn push_all(&mut self, more: Vec<T>) {
        self.nodes
            .get_or_insert_default()
            .extend(more.into_iter().map(Some));
    }

    /// Where the next page begins; `None` at the end.
    #[must_use]
    pub fn next(&self) -> Option<String> {
        let info = self.page_info.as_ref().filter(|p| p.has_next_page)?;
        info.end_cursor.clone()
    }

    #[must_use]
    pub fn count(&self) -> usize {
        self.iter().count()
    }
}

/// `nodes(ids:)`: in the order of the ids, null for what is gone.
#[derive(Debug, Deserialize)]
pub struct Nodes<T> {
    pub nodes: Option<Vec<Option<T>>>,
}

/// `node(id:) { items: … }`.
#[derive(Debug, Deserialize)]
pub struct Rest<T> {
    pub node: Option<RestNode<T>>,
}

#[derive(Debug, Deserialize)]
pub struct RestNode<T> {
    pub items: Option<Connection<T>>,
}
