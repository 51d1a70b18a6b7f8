//! What was given back of an order, and what would be.

use super::{Connection, Money, MoneyBag, Ref};
use serde::Deserialize;

/// What was given back of an order so far.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct RefundedOrder {
    pub id: Option<String>,
    pub total_refunded_set: Option<MoneyBag>,
    pub refunds: Option<Vec<NotedRefund>>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct NotedRefund {
    pub note: Option<String>,
    pub transactions: Option<Connection<RefundPayment>>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct RefundPayment {
    pub kind: Option<String>,
    pub status: Option<String>,
    pub amount_set: Option<MoneyBag>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct SuggestingOrder {
    pub id: Option<String>,
    /// Null where the shop suggests nothing.
    pub suggested_refund: Option<SuggestedRefund>,
}

/// What the shop would give back.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct SuggestedRefund {
    pub amount_set: Option<BothMoney>,
    pub maximum_refundable_set: Option<MoneyBag>,
    pub suggested_transactions: Option<Vec<SuggestedPayment>>,
}

/// One way on which money goes back.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct SuggestedPayment {
    pub gateway: Option<String>,
    pub amount_set: Option<BothMoney>,
    pub parent_transaction: Option<Ref>,
}

/// An amount in the shop's currency and in the buyer's.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct BothMoney {
    pub shop_money: Option<Money>,
    pub presentment_money: Option<Money>,
}
