//! The wish to give a discount.

use super::Changes;
use super::edits::{Outcome, wrong};
use super::evidence::unit_cost;
use chrono::{DateTime, Duration, DurationRound, Utc};
use domain::changes::guardrails::{self, Priced};
use domain::changes::plan::Wanted;
use domain::changes::{Action, Discount, DiscountKey, DiscountScope, Limits, Terms};
use domain::ids::ProductId;
use domain::store::Store;
use ports::PortResult;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

const LONGEST_TITLE: usize = 120;
const LONGEST_CODE: usize = 64;
/// So many products or collections one discount names: what it came to is read back whole.
const MOST_NAMED: usize = 100;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DiscountEdit {
    /// The code when left out.
    pub title: Option<String>,
    /// `None`: it applies by itself.
    pub code: Option<String>,
    /// In ten-thousandths.
    pub share: i64,
    /// Now when left out.
    pub starts_at: Option<DateTime<Utc>>,
    pub ends_at: Option<DateTime<Utc>>,
    pub on: DiscountScope,
}

/// Variants of products that discounts name.
pub(super) type Discounted = BTreeMap<ProductId, Vec<Priced>>;

impl Changes {
    pub(super) async fn discount(
        &self,
        store: &Store,
        limits: &Limits,
        edit: &DiscountEdit,
    ) -> PortResult<Outcome> {
        let discount = match plan(edit, self.ports.clock.now()) {
            Ok(discount) => discount,
            Err(wrong) => return Ok(Err(wrong)),
        };
        for product in discount.products().into_iter().flatten() {
            if self
                .ports
                .catalog
                .find(store.scope, *product)
                .await?
                .is_none()
            {
                let message = format!("names {product}, which is not known in this store");
                return Ok(wrong("product_ids", message));
            }
        }
        let label = match &discount.key {
            DiscountKey::Code(code) => code.clone(),
            DiscountKey::Tag(_) => discount.title.clone(),
        };
        let action = Action::Discount(discount);
        Ok(match guardrails::step(limits, &action) {
            Ok(()) => Ok(Wanted { action, label }),
            Err(sentence) => wrong("percent", sentence),
        })
    }

    /// What is sold under the discounts among these actions, as far as they name it.
    pub(super) async fn discounted(
        &self,
        store: &Store,
        actions: impl Iterator<Item = &Action>,
    ) -> PortResult<Discounted> {
        let mut products: BTreeSet<ProductId> = BTreeSet::new();
        for action in actions {
            if let Action::Discount(discount) = action {
                products.extend(discount.products().into_iter().flatten());
            }
        }
        let mut found = Discounted::new();
        if products.is_empty() {
            return Ok(found);
        }
        let book = self.ports.catalog.cost_book(store.scope).await?;
        let now = self.ports.clock.now();
        for id in products {
            let Some(stored) = self.ports.catalog.find(store.scope, id).await? else {
                continue;
            };
            let variants = stored.product.variants.iter().map(|variant| Priced {
                price: variant.price,
                unit_cost: unit_cost(&book, variant.id, store.currency, now),
            });
            found.insert(id, variants.collect());
        }
        Ok(found)
    }
}

/// The variants that a discount is on; none unless all of its products are known.
pub(super) fn priced(discounted: &Discounted, discount: &Discount) -> Vec<Priced> {
    let Some(named) = discount.products() else {
        return Vec::new();
    };
    let known: Option<Vec<_>> = named.iter().map(|id| discounted.get(id)).collect();
    known.into_iter().flatten().flatten().copied().collect()
}

fn plan(edit: &DiscountEdit, now: DateTime<Utc>) -> Result<Discount, (&'static str, String)> {
    let key = match &edit.code {
        Some(code) => DiscountKey::Code(code_of(code)?),
        None => DiscountKey::Tag(format!("royal-{}", Uuid::now_v7().simple())),
    };
    let title = edit.title.as_deref().unwrap_or_default().trim();
    let title = match (title, &key) {
        ("", DiscountKey::Code(code)) => code.clone(),
        ("", DiscountKey::Tag(_)) => {
            return Err(("title", "is what buyers see: it cannot be empty".to_owned()));
        }
        (title, _) if title.chars().count() > LONGEST_TITLE => {
            return Err(("title", format!("has at most {LONGEST_TITLE} characters")));
        }
        (title, _) => title.to_owned(),
    };
    if !(1..10_000).contains(&edit.share) {
        let message = "lies above 0 and below 100".to_owned();
        return Err(("percent", message));
    }
    // The provider's times have whole seconds.
    let whole = |at: DateTime<Utc>| at.duration_trunc(Duration::seconds(1)).unwrap_or(at);
    let starts_at = whole(edit.starts_at.unwrap_or(now));
    let ends_at = edit.ends_at.map(whole);
    if ends_at.is_some_and(|end| end <= starts_at || end <= now) {
        return Err(("ends_at", "lies after its start and after now".to_owned()));
    }
    let named = match &edit.on {
        DiscountScope::All => 1,
        DiscountScope::Products(ids) => ids.len(),
        DiscountScope::Collections(ids) => ids.len(),
    };
    if !(1..=MOST_NAMED).contains(&named) {
        let field = match edit.on {
            DiscountScope::Collections(_) => "collection_ids",
            DiscountScope::All | DiscountScope::Products(_) => "product_ids",
        };
        return Err((field, format!("names from 1 to {MOST_NAMED}")));
    }
    Ok(Discount {
        title,
        key,
        terms: Terms {
            share: edit.share,
            starts_at,
            ends_at,
            on: edit.on.clone(),
        },
    })
}

/// The provider takes small and capital letters for the same.
fn code_of(text: &str) -> Result<String, (&'static str, String)> {
    let code = text.trim().to_uppercase();
    let is_sound = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    if code.is_empty() || code.len() > LONGEST_CODE || !code.chars().all(is_sound) {
        let message = format!("has from 1 to {LONGEST_CODE} letters, digits, - and _");
        return Err(("code", message));
    }
    Ok(code)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edit() -> DiscountEdit {
        DiscountEdit {
            title: None,
            code: Some(" spring-10 ".into()),
            share: 1_000,
            starts_at: None,
            ends_at: None,
            on: DiscountScope::All,
        }
    }

    #[test]
    fn a_code_is_in_capitals_and_times_have_whole_seconds() {
        let now = DateTime::from_timestamp_millis(1_780_000_000_250).unwrap();
        let planned = plan(&edit(), now).unwrap();
        assert_eq!(planned.key, DiscountKey::Code("SPRING-10".into()));
        assert_eq!(planned.title, "SPRING-10");
        assert_eq!(planned.terms.starts_at.timestamp_subsec_millis(), 0);
        let wrong = |change: fn(&mut DiscountEdit)| {
            let mut edit = edit();
            change(&mut edit);
            plan(&edit, now).unwrap_err().0
        };
        assert_eq!(wrong(|e| e.code = Some("a b".into())), "code");
        assert_eq!(wrong(|e| e.code = None), "title");
        assert_eq!(wrong(|e| e.share = 10_000), "percent");
        assert_eq!(wrong(|e| e.ends_at = Some(DateTime::UNIX_EPOCH)), "ends_at");
        let none = |e: &mut DiscountEdit| e.on = DiscountScope::Products(BTreeSet::new());
        assert_eq!(wrong(none), "product_ids");
    }
}
