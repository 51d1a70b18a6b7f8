//! What models used, and how much of it a person has for a day.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive as _;
use serde::{Deserialize, Serialize};

/// What the models of a person used on a day (UTC).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spend {
    /// Tokens that were read and said.
    pub tokens: u64,
    /// Of these, the ones that no provider counted: a token for every three bytes.
    pub estimated: u64,
    /// Millionths of the currency that prices are told in. Models without a price add nothing.
    pub micros: u64,
}

impl Spend {
    /// As many tokens as a text has at most, in every usual vocabulary but for rare letters.
    #[must_use]
    pub const fn guess(bytes: usize) -> u64 {
        (bytes as u64).div_ceil(3)
    }

    #[must_use]
    pub const fn and(self, more: Self) -> Self {
        Self {
            tokens: self.tokens.saturating_add(more.tokens),
            estimated: self.estimated.saturating_add(more.estimated),
            micros: self.micros.saturating_add(more.micros),
        }
    }
}

/// Of a million tokens, in one currency for all models.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Price {
    pub prompt: Decimal,
    pub reply: Decimal,
}

impl Price {
    /// A price of a million tokens is the price of one in millionths. Rounded up.
    #[must_use]
    pub fn micros(&self, prompt: u64, reply: u64) -> u64 {
        let sum = self.prompt * Decimal::from(prompt) + self.reply * Decimal::from(reply);
        sum.ceil().to_u64().unwrap_or(u64::MAX)
    }
}

/// Of one person and day (UTC). `None`: no limit.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Budget {
    pub tokens: Option<u64>,
    pub micros: Option<u64>,
}

impl Budget {
    /// Whether nothing more may be asked. What is under way is not broken off, so a day may end a little above.
    #[must_use]
    pub fn is_used_up(&self, spent: &Spend) -> bool {
        self.tokens.is_some_and(|most| spent.tokens >= most)
            || self.micros.is_some_and(|most| spent.micros >= most)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prices_are_of_a_million_tokens() {
        let price = Price {
            prompt: Decimal::new(125, 2),
            reply: Decimal::TEN,
        };
        assert_eq!(price.micros(1_000_000, 0), 1_250_000);
        assert_eq!(price.micros(1, 0), 2);
        assert_eq!(price.micros(0, 3), 30);
    }

    #[test]
    fn a_budget_is_used_up_when_it_is_reached() {
        let budget = Budget {
            tokens: Some(10),
            micros: None,
        };
        let spent = |tokens| Spend {
            tokens,
            ..Spend::default()
        };
        assert!(!budget.is_used_up(&spent(9)) && budget.is_used_up(&spent(10)));
        assert!(!Budget::default().is_used_up(&spent(u64::MAX)));
        assert_eq!(Spend::guess(7), 3);
    }
}
