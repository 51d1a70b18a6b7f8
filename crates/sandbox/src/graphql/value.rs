//! What a field can give.

use std::borrow::Cow;
use std::sync::Arc;

use crate::store::Order;
use crate::store::ledger::Agreement;

/// A thing with fields, as a reference into the store.
#[derive(Debug, Clone)]
pub enum Object<'a> {
    Query,
    Shop,
    Order(&'a Order),
    /// An order by its position, in answers that outlive a look at the store.
    OrderAt(u32),
    /// What of the order at that position is sent together.
    Part(u32, usize),
    Line(&'a Order, usize),
    Agreement(&'a Order, Arc<Vec<Agreement>>, usize),
    Sale(&'a Order, Arc<Vec<Agreement>>, usize, usize),
    SaleTax(&'a Order, Arc<Vec<Agreement>>, usize, usize, usize),
    TaxLine(&'a Order, usize, i64),
    ShippingLine(&'a Order),
    Refund(&'a Order, usize),
    RefundLine(&'a Order, usize, usize),
    Return(&'a Order, usize),
    Transaction(&'a Order, usize),
    Address(&'a Order, bool),
    Product(u32),
    Variant(u32),
    Item(u32),
    Level(u32, usize),
    Location(usize),
    Customer(u32),
    /// The shop's account at Shopify Payments.
    Account,
    /// An amount of the shop with its order, for the buyer's currency.
    Bag(&'a Order, i64),
    Money(i64, &'static str),
    /// A small object made on the spot: its type and all of its fields.
    Made(&'static str, Arc<Vec<(&'static str, Value<'a>)>>),
}

#[derive(Debug, Clone)]
pub enum Value<'a> {
    Null,
    Bool(bool),
    Int(i64),
    Text(Cow<'a, str>),
    /// JSON that is ready.
    Raw(String),
    Object(Object<'a>),
    List(Vec<Value<'a>>),
    Connection(Connection<'a>),
    /// The schema has the field, this type of object does not resolve it: a defect.
    Unknown,
}

/// All nodes of a connection in ascending order of their keys; paging happens when it is written.
#[derive(Debug, Clone)]
pub struct Connection<'a> {
    pub nodes: Vec<Node<'a>>,
}

#[derive(Debug, Clone)]
pub struct Node<'a> {
    pub key: (i64, i64),
    pub object: Object<'a>,
}

impl<'a> Value<'a> {
    pub fn text(text: impl Into<Cow<'a, str>>) -> Self {
        Self::Text(text.into())
    }

    pub fn maybe(text: Option<String>) -> Self {
        text.map_or(Self::Null, Self::text)
    }

    pub fn made(ty: &'static str, fields: Vec<(&'static str, Value<'a>)>) -> Self {
        Self::Object(Object::Made(ty, Arc::new(fields)))
    }

    pub fn list(objects: impl IntoIterator<Item = Object<'a>>) -> Self {
        Self::List(objects.into_iter().map(Value::Object).collect())
    }

    /// A connection whose order is the given one.
    pub fn connection(objects: impl IntoIterator<Item = Object<'a>>) -> Self {
        let nodes = objects.into_iter().enumerate().map(|(n, object)| Node {
            key: (n as i64, 0),
            object,
        });
        Self::Connection(Connection {
            nodes: nodes.collect(),
        })
    }
}

impl Object<'_> {
    pub fn type_name(&self) -> &'static str {
        use crate::store::ledger::Reason;
        match self {
            Self::Query => "QueryRoot",
            Self::Shop => "Shop",
            Self::Order(_) | Self::OrderAt(_) => "Order",
            Self::Part(..) => "FulfillmentOrder",
            Self::Line(..) => "LineItem",
            Self::Agreement(_, all, n) => match all[*n].reason {
                Reason::Order => "OrderAgreement",
                Reason::Edit => "OrderEditAgreement",
                Reason::Refund => "RefundAgreement",
                Reason::Return => "ReturnAgreement",
            },
            Self::Sale(_, all, a, s) => match all[*a].sales[*s].line_type {
                "PRODUCT" => "ProductSale",
                "GIFT_CARD" => "GiftCardSale",
                "TIP" => "TipSale",
                "SHIPPING" => "ShippingLineSale",
                "FEE" => "FeeSale",
                "ADJUSTMENT" => "AdjustmentSale",
                _ => "UnknownSale",
            },
            Self::SaleTax(..) => "SaleTax",
            Self::TaxLine(..) => "TaxLine",
            Self::ShippingLine(_) => "ShippingLine",
            Self::Refund(..) => "Refund",
            Self::RefundLine(..) => "RefundLineItem",
            Self::Return(..) => "Return",
            Self::Transaction(..) => "OrderTransaction",
            Self::Address(..) => "MailingAddress",
            Self::Product(_) => "Product",
            Self::Variant(_) => "ProductVariant",
            Self::Item(_) => "InventoryItem",
            Self::Level(..) => "InventoryLevel",
            Self::Location(_) => "Location",
            Self::Customer(_) => "Customer",
            Self::Account => "ShopifyPaymentsAccount",
            Self::Bag(..) => "MoneyBag",
            Self::Money(..) => "MoneyV2",
            Self::Made(ty, _) => ty,
        }
    }
}
