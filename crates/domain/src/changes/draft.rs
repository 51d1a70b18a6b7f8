//! A product that is prepared and not yet offered.

use super::action::{Seen, Verdict};
use crate::ids::OpportunityId;
use serde::{Deserialize, Serialize};

/// Made under its handle, which no other product has; nothing here publishes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProductDraft {
    /// Its place in addresses: small letters, digits and hyphens.
    pub handle: String,
    pub title: String,
    pub description_html: String,
    pub product_type: String,
    pub vendor: String,
    /// At most three; none for a product that is sold in one form only.
    pub options: Vec<DraftOption>,
    /// At least one.
    pub variants: Vec<DraftVariant>,
    pub images: Vec<DraftImage>,
    /// What it was found as; its offers are mapped to it once it is made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub opportunity: Option<OpportunityId>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DraftOption {
    /// `Size`
    pub name: String,
    /// In the order in which they are shown.
    pub values: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DraftVariant {
    /// One value for each option, in the order of the options.
    pub values: Vec<String>,
    pub price: i64,
    pub compare_at: Option<i64>,
    pub unit_cost: Option<i64>,
    pub sku: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DraftImage {
    /// From where the shop fetches it.
    pub url: String,
    /// What it shows, for those who do not see it.
    pub alt: String,
}

impl ProductDraft {
    /// What no other draft under its handle has.
    fn is(&self, title: &str, prices: &[i64]) -> bool {
        let own = self.variants.iter().map(|v| v.price);
        self.title == title && own.eq(prices.iter().copied())
    }

    pub(super) fn verdict(&self, seen: &Seen) -> Verdict {
        match seen {
            Seen::Gone => Verdict::Ready,
            Seen::Product {
                is_draft: true,
                title,
                prices,
                ..
            } if self.is(title, prices) => Verdict::Done,
            _ => Verdict::Drifted,
        }
    }

    /// Whether it may be removed again: only what is still a draft, and was never sold.
    pub(super) fn verdict_of_removal(&self, seen: &Seen) -> Verdict {
        match seen {
            Seen::Gone => Verdict::Done,
            Seen::Product {
                is_draft: true,
                was_offered: false,
                is_sold: false,
                ..
            } => Verdict::Ready,
            _ => Verdict::Drifted,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::ProductId;

    #[test]
    fn a_draft_is_removed_only_while_it_is_one_and_nobody_bought_it() {
        let draft = ProductDraft {
            handle: "blue-mug".into(),
            title: "Blue mug".into(),
            description_html: String::new(),
            product_type: String::new(),
            vendor: String::new(),
            options: vec![],
            variants: vec![DraftVariant {
                values: vec![],
                price: 1_900,
                compare_at: None,
                unit_cost: None,
                sku: None,
            }],
            images: vec![],
            opportunity: None,
        };
        let seen = |is_draft, was_offered, is_sold| Seen::Product {
            product: ProductId(1),
            is_draft,
            was_offered,
            is_sold,
            title: "Blue mug".into(),
            prices: vec![1_900],
        };
        assert_eq!(draft.verdict(&Seen::Gone), Verdict::Ready);
        assert_eq!(draft.verdict(&seen(true, false, false)), Verdict::Done);
        assert_eq!(draft.verdict(&seen(false, true, false)), Verdict::Drifted);
        let removal = |seen| draft.verdict_of_removal(&seen);
        assert_eq!(removal(Seen::Gone), Verdict::Done);
        assert_eq!(removal(seen(true, false, false)), Verdict::Ready);
        assert_eq!(removal(seen(true, false, true)), Verdict::Drifted);
        assert_eq!(removal(seen(true, true, false)), Verdict::Drifted);
        assert_eq!(removal(seen(false, false, false)), Verdict::Drifted);
    }
}
