//! What Shopify finds about an order: a level, the facts behind it, and what it recommends.

use super::Store;
use super::order::Order;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    High,
    Medium,
    Low,
    /// Nothing was assessed.
    None,
}

impl Level {
    pub fn name(self) -> &'static str {
        match self {
            Self::High => "HIGH",
            Self::Medium => "MEDIUM",
            Self::Low => "LOW",
            Self::None => "NONE",
        }
    }

    pub fn recommendation(self) -> &'static str {
        match self {
            Self::High => "CANCEL",
            Self::Medium => "INVESTIGATE",
            Self::Low => "ACCEPT",
            Self::None => "NONE",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sentiment {
    Negative,
    Neutral,
    Positive,
}

impl Sentiment {
    pub fn name(self) -> &'static str {
        match self {
            Self::Negative => "NEGATIVE",
            Self::Neutral => "NEUTRAL",
            Self::Positive => "POSITIVE",
        }
    }
}

pub(crate) type Fact = (Sentiment, &'static str);

#[derive(Debug, Clone)]
pub struct Risk {
    pub level: Level,
    pub facts: Vec<Fact>,
    /// Where the card's owner lives, when it is not where the goods go.
    pub billing: Option<u16>,
}

/// Of orders that nothing speaks against.
const ORDINARY: [Fact; 3] = [
    (
        Sentiment::Positive,
        "Card Verification Value (CVV) is correct",
    ),
    (
        Sentiment::Positive,
        "Billing street address matches credit card's registered address",
    ),
    (
        Sentiment::Neutral,
        "Characteristics of this order are similar to non-fraudulent orders observed in the past",
    ),
];

impl Store {
    /// Only payments by card in the online channels are assessed.
    pub fn risk_of(&self, order: &Order) -> (Level, &[Fact]) {
        if let Some(risk) = self.risks.get(&order.index) {
            return (risk.level, &risk.facts);
        }
        let mut paid = order.transactions.iter();
        if !order.test && paid.any(|t| t.gateway == "shopify_payments") {
            (Level::Low, &ORDINARY)
        } else {
            (Level::None, &[])
        }
    }

    /// Position of the place that the bill goes to.
    pub fn billing_place(&self, order: &Order) -> u16 {
        let other = self.risks.get(&order.index).and_then(|r| r.billing);
        other.unwrap_or(order.place)
    }
}
