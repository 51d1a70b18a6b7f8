//! A discount of a percentage: with a code, or by itself.

use super::action::{Seen, Verdict};
use crate::ids::{CollectionId, ProductId};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Discount {
    pub title: String,
    pub key: DiscountKey,
    pub terms: Terms,
}

/// What names it among others.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DiscountKey {
    /// What buyers type in, in capitals. No two discounts have the same.
    Code(String),
    /// Of one that applies by itself, and has nothing else that no other one has.
    Tag(String),
}

/// What buyers get, and when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Terms {
    /// In ten-thousandths of the price.
    pub share: i64,
    /// To the second.
    pub starts_at: DateTime<Utc>,
    /// `None`: until somebody ends it.
    pub ends_at: Option<DateTime<Utc>>,
    pub on: DiscountScope,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", content = "ids", rename_all = "snake_case")]
pub enum DiscountScope {
    /// Everything that is sold.
    All,
    Products(BTreeSet<ProductId>),
    Collections(BTreeSet<CollectionId>),
}

impl DiscountKey {
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Code(text) | Self::Tag(text) => text,
        }
    }

    #[must_use]
    pub const fn is_code(&self) -> bool {
        matches!(self, Self::Code(_))
    }
}

impl Discount {
    /// Whether it is there with these terms. One of the same code with others, or one that has ended, is another discount.
    pub(super) fn verdict(&self, seen: &Seen) -> Verdict {
        match seen {
            Seen::Gone => Verdict::Ready,
            Seen::Discount {
                terms: Some(terms),
                has_ended: false,
                ..
            } if *terms == self.terms => Verdict::Done,
            _ => Verdict::Drifted,
        }
    }

    /// Whether it is over: removed, or ended. One that others set to other terms is theirs.
    pub(super) fn verdict_of_end(&self, seen: &Seen) -> Verdict {
        match seen {
            Seen::Gone
            | Seen::Discount {
                has_ended: true, ..
            } => Verdict::Done,
            Seen::Discount {
                terms: Some(terms), ..
            } if *terms == self.terms => Verdict::Ready,
            _ => Verdict::Drifted,
        }
    }

    /// The products that it names; none where it is on more than these.
    #[must_use]
    pub fn products(&self) -> Option<&BTreeSet<ProductId>> {
        match &self.terms.on {
            DiscountScope::Products(products) => Some(products),
            DiscountScope::All | DiscountScope::Collections(_) => None,
        }
    }
}

impl Terms {
    /// A price after it, rounded down: no buyer pays more than the shop asks for.
    #[must_use]
    pub fn price(&self, before: i64) -> i64 {
        let after = i128::from(before) * i128::from(10_000 - self.share) / 10_000;
        i64::try_from(after).unwrap_or(before)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn discount() -> Discount {
        Discount {
            title: "Spring".into(),
            key: DiscountKey::Code("SPRING10".into()),
            terms: Terms {
                share: 1_000,
                starts_at: DateTime::UNIX_EPOCH,
                ends_at: None,
                on: DiscountScope::Products(BTreeSet::from([ProductId(7)])),
            },
        }
    }

    #[test]
    fn a_code_that_is_there_with_other_terms_is_not_ours() {
        let discount = discount();
        let seen = |terms, has_ended| Seen::Discount {
            terms,
            has_ended,
            is_used: false,
        };
        assert_eq!(discount.verdict(&Seen::Gone), Verdict::Ready);
        let same = seen(Some(discount.terms.clone()), false);
        assert_eq!(discount.verdict(&same), Verdict::Done);
        let mut other = discount.terms.clone();
        other.on = DiscountScope::All;
        let changed = seen(Some(other), false);
        assert_eq!(discount.verdict(&changed), Verdict::Drifted);
        assert_eq!(discount.verdict_of_end(&changed), Verdict::Drifted);
        assert_eq!(discount.verdict(&seen(None, false)), Verdict::Drifted);
        let ended = seen(Some(discount.terms.clone()), true);
        assert_eq!(discount.verdict(&ended), Verdict::Drifted);
        assert_eq!(discount.verdict_of_end(&ended), Verdict::Done);
        assert_eq!(discount.verdict_of_end(&same), Verdict::Ready);
        assert_eq!(discount.verdict_of_end(&Seen::Gone), Verdict::Done);
    }

    #[test]
    fn a_price_after_a_discount_is_rounded_for_the_buyer() {
        assert_eq!(discount().terms.price(1_999), 1_799);
        assert_eq!(discount().terms.price(0), 0);
    }
}
